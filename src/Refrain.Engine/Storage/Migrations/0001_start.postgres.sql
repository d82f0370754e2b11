create table bucket (
    number integer primary key,
    epoch bigint not null default 0
);
insert into bucket (number) select generate_series(0, 63);

create table node (
    id text primary key,
    seen_at timestamptz not null
);

create table setting (name text primary key, value text not null);
create table data_protection_key (id text primary key, xml text not null);

create table workspace (id uuid primary key, name text not null, created_at timestamptz not null);

create table member (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    bucket integer not null references bucket,
    email text not null,
    name text not null,
    role text not null check (role in ('viewer', 'member', 'manager', 'admin')),
    daily_cap integer check (daily_cap between 1 and 1000),
    active boolean not null default true,
    created_at timestamptz not null,
    unique (workspace_id, email)
);

create table api_key (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    member_id uuid not null references member,
    name text not null,
    hash text not null unique,
    created_at timestamptz not null,
    revoked_at timestamptz
);

create table mailbox (
    bucket integer not null references bucket,
    id uuid not null,
    workspace_id uuid not null references workspace,
    member_id uuid not null references member,
    name text not null,
    address text not null,
    smtp_host text not null, smtp_port integer not null, smtp_security text not null, smtp_user text not null, smtp_secret text not null, smtp_sign_in text not null,
    imap_host text not null, imap_port integer not null, imap_security text not null, imap_user text not null, imap_secret text not null, imap_sign_in text not null,
    allow_invalid_certificate boolean not null default false,
    save_to_sent text not null check (save_to_sent in ('auto', 'always', 'never')),
    daily_cap integer check (daily_cap between 1 and 10000),
    hourly_cap integer check (hourly_cap between 1 and 10000),
    minimum_gap_seconds integer not null default 0 check (minimum_gap_seconds between 0 and 86400),
    health text not null default 'checking' check (health in ('checking', 'healthy', 'unhealthy')),
    health_reason text,
    health_since timestamptz not null,
    unread_since timestamptz,
    read_at timestamptz,
    slots_next_at timestamptz,
    gap_next_at timestamptz,
    uid_validity bigint, last_uid bigint,
    revision integer not null default 1,
    created_at timestamptz not null,
    deleted_at timestamptz,
    primary key (bucket, id),
    check (hourly_cap is null or daily_cap is null or hourly_cap <= daily_cap)
);
create unique index mailbox_address on mailbox (workspace_id, address) where deleted_at is null;
create index mailbox_slots on mailbox (bucket, slots_next_at) where slots_next_at is not null;

create table mailbox_use (
    bucket integer not null,
    mailbox_id uuid not null,
    minute bigint not null,
    accepted integer not null,
    primary key (bucket, mailbox_id, minute)
);

create table contact (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    email text not null,
    first_name text, last_name text, company text, title text, phone text,
    time_zone text,
    fields jsonb not null default '{}',
    away_since timestamptz, away_until timestamptz, away_dated boolean not null default false,
    created_at timestamptz not null,
    deleted_at timestamptz
);
create unique index contact_email on contact (workspace_id, email) where deleted_at is null;

create table suppression (
    workspace_id uuid not null references workspace,
    id uuid not null,
    value text not null,
    reason text not null check (reason in ('opted_out', 'bounced', 'complained', 'manual')),
    source text not null,
    created_at timestamptz not null,
    primary key (workspace_id, value),
    unique (workspace_id, id)
);

create table sequence (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    member_id uuid not null references member,
    name text not null,
    access text not null default 'public' check (access in ('private', 'read_only', 'public')),
    version integer not null default 0,
    draft jsonb not null,
    draft_revision integer not null default 1,
    paused_at timestamptz,
    created_at timestamptz not null
);
create index sequence_list on sequence (workspace_id, id);

create table sequence_version (
    sequence_id uuid not null references sequence,
    version integer not null,
    definition jsonb not null,
    published_at timestamptz not null,
    primary key (sequence_id, version)
);

create table enrollment (
    bucket integer not null references bucket,
    id uuid not null,
    workspace_id uuid not null,
    member_id uuid not null,
    sequence_id uuid not null,
    sequence_version integer not null,
    contact_id uuid not null,
    mailbox_id uuid,
    state text not null check (state in ('active', 'pending', 'paused', 'paused_o3', 'failed', 'finished_bounced', 'finished_replied',
        'finished_no_reply', 'finished_opt_out', 'finished', 'unsubscribed', 'already_enrolled', 'other_enrolled', 'finished_unenrolled')),
    rejected boolean not null default false,
    next_at timestamptz,
    waits_for text check (waits_for in ('outcome', 'slot', 'person', 'retry', 'sender', 'resume')),
    frozen boolean not null default false,
    phase text not null check (phase in ('waiting', 'sending', 'capped', 'at_task')),
    step_id uuid,
    step_number integer,
    delay_ends timestamptz,
    step_next_at timestamptz,
    remaining bigint,
    attempts integer not null default 0,
    cap_name text, cap_used integer, cap_limit integer, release_at timestamptz,
    task_id uuid,
    due_at timestamptz, approved boolean not null default false,
    pause_since timestamptz, pause_until timestamptz,
    absence_since timestamptz, absence_until timestamptz, absence_dated boolean not null default false,
    failure_cause text, failure_detail text, failure_since timestamptz,
    emails_sent integer not null default 0,
    why_code text not null, why_sentence text not null, why_arguments jsonb not null,
    since timestamptz not null,
    enrolled_at timestamptz not null,
    revision integer not null,
    primary key (bucket, id),
    check ((state in ('active', 'pending', 'paused', 'paused_o3', 'failed')) = (next_at is not null or waits_for is not null)),
    check (next_at is null or waits_for is null),
    check (not rejected or state in ('finished_opt_out', 'finished_bounced', 'already_enrolled', 'other_enrolled', 'finished_unenrolled')),
    check (not rejected or emails_sent = 0)
) with (fillfactor = 80);
create index enrollment_due on enrollment (bucket, next_at) where next_at is not null and not frozen;
create index enrollment_waits on enrollment (bucket, mailbox_id, waits_for, delay_ends) where waits_for in ('slot', 'sender');
create index enrollment_contact on enrollment (contact_id, sequence_id);
create index enrollment_sequence on enrollment (sequence_id, state, id);

create table enrollment_guard_hit (
    bucket integer not null,
    enrollment_id uuid not null,
    ordinal integer not null,
    guard text not null,
    state text not null,
    why_code text not null, why_sentence text not null, why_arguments jsonb not null,
    primary key (bucket, enrollment_id, ordinal)
);

create table enrollment_event (
    bucket integer not null,
    enrollment_id uuid not null,
    ordinal integer not null,
    at timestamptz not null,
    signal text not null,
    from_state text,
    to_state text not null,
    why_code text not null, why_sentence text not null, why_arguments jsonb not null,
    actor text not null,
    message_id uuid,
    primary key (bucket, enrollment_id, ordinal)
);

create table enrollment_count (
    bucket integer not null,
    sequence_id uuid not null,
    state text not null,
    amount bigint not null,
    primary key (bucket, sequence_id, state)
);

create table step_count (
    bucket integer not null,
    sequence_id uuid not null,
    step_id uuid not null,
    outcome text not null check (outcome in ('sent', 'bounced', 'replied', 'unsubscribed')),
    amount bigint not null,
    primary key (bucket, sequence_id, step_id, outcome)
);

create table outbound_message (
    bucket integer not null,
    enrollment_id uuid not null,
    step_id uuid not null,
    incarnation integer not null,
    id uuid not null,
    workspace_id uuid not null,
    mailbox_id uuid not null,
    manual boolean not null,
    header text not null,
    references_headers text not null,
    to_name text not null, to_address text not null,
    subject text not null, body_text text not null, body_html text,
    unsubscribe_url text, unsubscribe_footer boolean not null, list_unsubscribe boolean not null,
    status text not null check (status in ('intended', 'handed', 'accepted', 'deferred', 'refused', 'withdrawn', 'bounced', 'unknown')),
    intended_at timestamptz not null,
    handed_at timestamptz, epoch bigint, node text,
    outcome_at timestamptz,
    answer text,
    sent_copy text not null default 'none' check (sent_copy in ('none', 'wanted', 'kept')),
    primary key (bucket, enrollment_id, step_id, incarnation),
    check ((status in ('handed', 'accepted', 'refused', 'bounced', 'unknown')) <= (handed_at is not null))
);
create index outbound_message_id on outbound_message (id);
create index outbound_message_header on outbound_message (header);
create index outbound_message_queue on outbound_message (bucket, mailbox_id, intended_at) where status = 'intended';
create index outbound_message_handed on outbound_message (bucket, mailbox_id, handed_at) where status = 'handed';
create index outbound_message_unknown on outbound_message (bucket, mailbox_id) where status = 'unknown';
create index outbound_message_copies on outbound_message (bucket, mailbox_id) where sent_copy = 'wanted';
create index outbound_message_to on outbound_message (mailbox_id, to_address);

create table inbound_message (
    bucket integer not null,
    id uuid not null,
    workspace_id uuid not null,
    mailbox_id uuid not null,
    uid_validity bigint not null,
    uid bigint not null,
    header text,
    from_address text,
    subject text,
    received_at timestamptz not null,
    class text not null,
    rule text not null,
    return_date text,
    new_text text,
    raw bytea not null,
    primary key (bucket, id),
    unique (bucket, mailbox_id, uid_validity, uid)
);
create index inbound_message_id on inbound_message (id);
create index inbound_message_header on inbound_message (bucket, mailbox_id, header);

create table task (
    bucket integer not null,
    id uuid not null,
    workspace_id uuid not null,
    member_id uuid not null,
    enrollment_id uuid not null,
    contact_id uuid not null,
    sequence_id uuid not null,
    step_id uuid not null,
    kind text not null check (kind in ('manual_email', 'call', 'todo', 'reminder', 'stale')),
    title text not null,
    note text,
    channel text,
    due_at timestamptz not null,
    draft_subject text, draft_text text, draft_revision integer not null default 1,
    status text not null check (status in ('open', 'done', 'skipped', 'withdrawn', 'closed')),
    outcome text,
    ended_at timestamptz,
    primary key (bucket, id),
    check ((status = 'open') = (ended_at is null))
);
create index task_id on task (id);
create index task_queue on task (workspace_id, due_at, id) where status = 'open';
create index task_enrollment on task (bucket, enrollment_id) where status = 'open';

create table idempotency (
    workspace_id uuid not null,
    key text not null,
    request_hash text not null,
    response text not null,
    created_at timestamptz not null,
    primary key (workspace_id, key)
);
