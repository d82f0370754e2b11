alter table mailbox add column gap_jitter_seconds integer not null default 0 check (gap_jitter_seconds between 0 and 86400);
alter table mailbox add column domain_daily_cap integer check (domain_daily_cap between 1 and 10000);
alter table mailbox add column ramp_starts_on text;
alter table mailbox add column ramp_first integer check (ramp_first between 1 and 10000);
alter table mailbox add column ramp_per_day integer check (ramp_per_day between 1 and 10000);
alter table mailbox add column ramp_time_zone text;

-- A lane is what applies to all who wait in it alike; a slot is a time that was promised, and holds while it is the run's own next time.
alter table enrollment add column lane text;
alter table enrollment add column slot_at integer;
create index enrollment_lane on enrollment (bucket, mailbox_id, lane, due_at, id) where waits_for = 'slot' and frozen = 0;
create index enrollment_sequence_lane on enrollment (sequence_id, lane) where waits_for = 'slot' and frozen = 0;
create index enrollment_slot on enrollment (bucket, mailbox_id, slot_at) where slot_at = step_next_at and state = 'active' and phase = 'waiting';
create index enrollment_sequence_slot on enrollment (sequence_id, state, phase, emails_sent) where slot_at = step_next_at and state = 'active' and phase = 'waiting';
create index enrollment_live on enrollment (sequence_id, state, emails_sent) where emails_sent > 0;

create table limit_use (
    scope text not null,
    minute integer not null,
    accepted integer not null,
    primary key (scope, minute)
) strict, without rowid;

create table limit_pace (scope text primary key, until integer not null) strict, without rowid;

create table fair_queue (member_id blob primary key references member, turns text not null) strict;

create table provider_pace (
    bucket integer not null,
    mailbox_id blob not null,
    domain text not null,
    strikes integer not null,
    since integer not null,
    until integer not null,
    answer text not null,
    primary key (bucket, mailbox_id, domain)
) strict;
