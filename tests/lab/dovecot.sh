# Sourced by maillab: one Dovecot for IMAP, for delivery (LMTP with Sieve and quota) and for the passwords of both Postfixes.
# Every address has the one password; mail arrives only for those whom the mx knows.

write_dovecot() {
  : >"$dir/dovecot/locked-out"
  chmod 666 "$dir/dovecot/locked-out"
  cat >"$dir/dovecot/away.sieve" <<'M'
require ["envelope", "vacation"];
if envelope :localpart :matches "to" "away*" {
  vacation :days 1 :subject "Out of office" "I am out of the office until 4 January with no access to email. For urgent matters contact lead1@acme.test.";
}
M
  # An introspection endpoint (RFC 7662) is hosted by the test that wants XOAUTH2.
  cat >"$dir/dovecot/oauth2.conf" <<M
introspection_mode = post
introspection_url = http://127.0.0.1:$introspection/introspect
username_attribute = username
active_attribute = active
active_value = true
M
  { dovecot_server; dovecot_users; dovecot_plugins; dovecot_listeners; } >"$dir/dovecot/dovecot.conf"
  sievec -c "$dir/dovecot/dovecot.conf" "$dir/dovecot/away.sieve" >"$dir/dovecot/sievec.log" 2>&1
}

dovecot_server() {
  cat <<M
protocols = imap lmtp
listen = 127.0.0.1
base_dir = $dir/dovecot/run
state_dir = $dir/dovecot/state
instance_name = ${dir##*/}
log_path = $dir/dovecot/dovecot.log
ssl = yes
ssl_cert = <$dir/tls/cert.pem
ssl_key = <$dir/tls/key.pem
hostname = mx.leads.test
postmaster_address = postmaster@leads.test
submission_host = 127.0.0.1:$mx
imap_idle_notify_interval = 10s
M
}

dovecot_users() {
  cat <<M
auth_verbose = yes
auth_failure_delay = 0
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
passdb {
  driver = passwd-file
  deny = yes
  args = username_format=%u $dir/dovecot/locked-out
}
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = $dir/dovecot/oauth2.conf
}
passdb {
  driver = static
  mechanisms = plain login
  args = password=$password
}
userdb {
  driver = static
  args = uid=mail gid=mail home=$dir/mail/%d/%n allow_all_users=yes
}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~/Maildir
lda_mailbox_autocreate = yes
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    auto = subscribe
    special_use = \Sent
  }
  mailbox Junk {
    auto = subscribe
    special_use = \Junk
  }
}
M
}

dovecot_plugins() {
  cat <<M
mail_plugins = quota
plugin {
  quota = maildir:User quota
  quota_rule = *:storage=%{if;%n;*;full*;1B;1G}
  quota_grace = 0%%
  sieve = file:$dir/dovecot/sieve;active=$dir/dovecot/sieve/%u.sieve
  sieve_before = $dir/dovecot/away.sieve
  sieve_vacation_min_period = 1s
}
protocol lmtp {
  mail_plugins = \$mail_plugins sieve
}
protocol imap {
  mail_max_userip_connections = 500
}
M
}

dovecot_listeners() {
  cat <<M
service auth {
  unix_listener sasl {
    mode = 0666
  }
}
service lmtp {
  unix_listener lmtp {
    mode = 0666
  }
}
# No growing delay for an address from which wrong passwords came: everybody here has the same.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
# One login process serves many connections; the default keeps one for each TLS connection, a hundred at most.
service imap-login {
  service_count = 0
  process_min_avail = 1
  inet_listener imap {
    port = $imap
  }
  inet_listener imaps {
    port = $imaps
    ssl = yes
  }
}
service stats {
  unix_listener stats-reader {
    mode = 0666
  }
  unix_listener stats-writer {
    mode = 0666
  }
}
M
}
