# Sourced by maillab: two Postfix instances.
#   out  the provider of the senders: submission with AUTH, a queue, the delivery reports
#   mx   where the mail of every recipient arrives

write_postfix() {
  { common_main out mail.ours.test; cat <<M
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = $dir/dovecot/run/sasl
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access regexp:$dir/out/etc/refusals, permit
relay_domains =
transport_maps = inline:{ {*=smtp:[127.0.0.1]:$mx} }
M
  } >"$dir/out/etc/main.cf"
  # What the provider itself says, while our client still listens.
  cat >"$dir/out/etc/refusals" <<'M'
/^refused[^@]*@/  550 5.1.1 The address that you tried to reach does not exist
/^deferred[^@]*@/ 451 4.3.0 Temporary local problem, please try again later
/^spammy[^@]*@/   554 5.7.1 Message refused: it looks like spam
M
  { cat <<M
127.0.0.1:$smtp inet n - n - - smtpd -o smtpd_tls_security_level=none -o smtpd_tls_auth_only=no
127.0.0.1:$submission inet n - n - - smtpd -o smtpd_tls_security_level=encrypt -o smtpd_tls_auth_only=yes
127.0.0.1:$submissions inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
M
  common_master; } >"$dir/out/etc/master.cf"

  { common_main mx mx.leads.test; cat <<M
virtual_mailbox_domains = ours.test acme.test globex.test
virtual_mailbox_maps = regexp:$dir/mx/etc/mailboxes
virtual_transport = lmtp:unix:$dir/dovecot/run/lmtp
transport_maps = regexp:$dir/mx/etc/transports
smtpd_relay_restrictions = permit_auth_destination, reject
smtpd_recipient_restrictions = check_recipient_access regexp:$dir/mx/etc/verdicts, reject_unlisted_recipient, permit
M
  } >"$dir/mx/etc/main.cf"
  # Users by pattern, so that a test takes a fresh address without telling anyone. Everybody else is unknown: 550 5.1.1.
  cat >"$dir/mx/etc/mailboxes" <<'M'
/^(lead|sender|user|u[0-9]|away|full|gone)[^@]*@(acme|globex)\.test$/ OK
if !/^nobody/
/@ours\.test$/ OK
endif
M
  # Accepted, and bounced later by this host.
  echo '/^gone[^@]*@/ error:5.1.1 The mailbox no longer exists' >"$dir/mx/etc/transports"
  cat >"$dir/mx/etc/verdicts" <<'M'
/^policy[^@]*@/    550 5.7.1 Message rejected due to content policy (spam score 9.1)
/^blocked[^@]*@/   554 5.7.1 Service unavailable; Client host [127.0.0.1] blocked using zen.example.test
/^moved[^@]*@/     551 5.1.6 User has moved; please try <new@acme.test>
/^disabled[^@]*@/  550 5.2.1 The email account that you tried to reach is disabled
/^grey[^@]*@/      451 4.7.1 Greylisted, please try again in 300 seconds
/^ratelimit[^@]*@/ 421 4.7.28 Our system has detected an unusual rate of mail
/^softfull[^@]*@/  452 4.2.2 The recipient's inbox is out of storage space
M
  { echo "127.0.0.1:$mx inet n - n - - smtpd -o smtpd_tls_security_level=none"; common_master; } >"$dir/mx/etc/master.cf"
}

# Queue times are shortened: "delayed" after 3 s, "expired" after 12 s.
common_main() { # instance hostname
  cat <<M
compatibility_level = 3.6
myhostname = $2
mydomain = ${2#*.}
myorigin = $2
mydestination =
queue_directory = $dir/$1/spool
data_directory = $dir/$1/data
maillog_file = $dir/$1/mail.log
maillog_file_prefixes = $dir
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtp_dns_support_level = disabled
smtp_host_lookup = native
alias_maps =
alias_database =
local_recipient_maps =
mynetworks = 127.0.0.0/8
smtpd_peername_lookup = no
smtpd_tls_cert_file = $dir/tls/cert.pem
smtpd_tls_key_file = $dir/tls/key.pem
smtpd_tls_security_level = may
smtp_tls_security_level = none
message_size_limit = 20000000
notify_classes =
minimal_backoff_time = 2s
maximal_backoff_time = 2s
queue_run_delay = 2s
delay_warning_time = 3s
maximal_queue_lifetime = 12s
bounce_queue_lifetime = 12s
in_flow_delay = 0
smtpd_error_sleep_time = 0
smtpd_hard_error_limit = 1000
smtpd_client_connection_count_limit = 0
# One recipient that is answered 421 must not stop the queue for all the others.
default_destination_concurrency_failed_cohort_limit = 0
M
}

common_master() {
  cat <<'M'
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp      unix  - - n - - smtp
relay     unix  - - n - - smtp
showq     unix  n - n - - showq
error     unix  - - n - - error
retry     unix  - - n - - error
discard   unix  - - n - - discard
lmtp      unix  - - n - - lmtp
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
M
}
