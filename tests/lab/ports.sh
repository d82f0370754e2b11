# Sourced by the lab scripts: free TCP ports on loopback, and waiting for one to open.

port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_ports N: prints the first of N neighbouring ports that nothing listens on. They lie below the range from which the
# kernel takes ports for outgoing connections, so that nobody is given one between this look and our bind.
free_ports() {
  local count=$1 first port attempt
  for attempt in $(seq 200); do
    first=$((12000 + (RANDOM * 32768 + RANDOM) % 20000))
    for ((port = first; port < first + count; port++)); do
      if port_answers "$port"; then continue 2; fi
    done
    echo "$first"
    return 0
  done
  echo "no $count free ports next to each other after $attempt attempts" >&2
  return 1
}

wait_for_port() {
  local attempt
  for attempt in $(seq 200); do
    if port_answers "$1"; then return 0; fi
    sleep 0.05
  done
  echo "port $1 did not open" >&2
  return 1
}

# stop_after PID SCRIPT DIR: runs `SCRIPT stop DIR` when PID is gone, however it ended (kill -9 runs no trap).
stop_after() {
  setsid bash -c 'while kill -0 "$1" 2>/dev/null; do sleep 1; done; "$2" stop "$3"' _ "$@" </dev/null >/dev/null 2>&1 &
}
