-- What was before belongs to its run, and lies where the run lies: runs that were given to somebody else had left it behind.
update enrollment_before set bucket = (select e.bucket from enrollment e where e.bucket in (select number from bucket) and e.id = enrollment_before.enrollment_id)
where not exists (select 1 from enrollment e where e.bucket = enrollment_before.bucket and e.id = enrollment_before.enrollment_id)
    and exists (select 1 from enrollment e where e.bucket in (select number from bucket) and e.id = enrollment_before.enrollment_id);

-- Why an address is suppressed, a row for each message and each person that said so: a correction takes one of them away, and what is left decides.
create table suppression_ground (
    workspace_id blob not null references workspace,
    value text not null,
    reason text not null check (reason in ('opted_out', 'bounced', 'complained', 'manual')),
    source text not null,
    created_at integer not null,
    message_id blob
) strict;
create unique index suppression_ground_said on suppression_ground (workspace_id, value, reason, message_id) where message_id is not null;
create unique index suppression_ground_done on suppression_ground (workspace_id, value, reason) where message_id is null;
create index suppression_ground_message on suppression_ground (message_id) where message_id is not null;

-- What is known of those that stand: messages that closed runs or were told to them, links that were used, letters without ids, and the mark itself.
insert into suppression_ground
select distinct s.workspace_id, s.value, case when b.signal = 'hard_bounced' then 'bounced' when s.reason = 'complained' then 'complained' else 'opted_out' end,
    case when b.signal = 'hard_bounced' and s.reason <> 'bounced' then coalesce(s.earlier_source, 'bounce') else s.source end, s.created_at, b.message_id
from suppression s join contact c on c.workspace_id = s.workspace_id and c.email = s.value join enrollment e on e.contact_id = c.id
    join enrollment_before b on b.bucket = e.bucket and b.enrollment_id = e.id
where b.undone_at is null and (b.signal = 'hard_bounced' or b.signal = 'opted_out' and s.reason in ('opted_out', 'complained'))
on conflict do nothing;
insert into suppression_ground
select distinct s.workspace_id, s.value, 'opted_out', s.source, s.created_at, null
from suppression s join contact c on c.workspace_id = s.workspace_id and c.email = s.value join enrollment e on e.contact_id = c.id
    join enrollment_event v on v.bucket = e.bucket and v.enrollment_id = e.id
where v.signal = 'opted_out' and v.message_id is null and s.reason in ('opted_out', 'complained')
on conflict do nothing;
insert into suppression_ground
select s.workspace_id, s.value, case m.class when 'complaint' then 'complained' else 'opted_out' end, 'reply', m.received_at, m.id
from suppression s join inbound_message m on m.workspace_id = s.workspace_id and m.from_address = s.value
where m.class in ('unsubscribe', 'complaint') and s.reason in ('opted_out', 'complained')
on conflict do nothing;
insert into suppression_ground
select workspace_id, value, reason, source, created_at, message_id from suppression where true
on conflict do nothing;
insert into suppression_ground
select s.workspace_id, s.value, s.earlier_reason, s.earlier_source, s.created_at, null from suppression s
where s.earlier_reason is not null
    and not exists (select 1 from suppression_ground g where g.workspace_id = s.workspace_id and g.value = s.value and g.reason = s.earlier_reason)
on conflict do nothing;

drop index suppression_message;
alter table suppression drop column message_id;
alter table suppression drop column earlier_reason;
alter table suppression drop column earlier_source;

-- What is known of the absences of people, a row for each answer that told of one.
create table absence_ground (
    contact_id blob not null references contact,
    message_id blob not null,
    at integer not null,
    until integer,
    dated integer not null,
    primary key (contact_id, message_id)
) strict, without rowid;
create index absence_ground_message on absence_ground (message_id);

-- An absence without an end was stored as one that had ended in 1970, and so was one of which nothing was known.
update contact set away_until = null where away_until = 0 and exists (
    select 1 from enrollment e join enrollment_before b on b.bucket = e.bucket and b.enrollment_id = e.id
    where e.contact_id = contact.id and b.signal = 'absence_started' and b.at = contact.away_since and b.undone_at is null);
update contact set away_since = null, away_until = null, away_dated = 0 where away_until = 0;
insert into absence_ground
select c.id, b.message_id, c.away_since, c.away_until, c.away_dated
from contact c join enrollment e on e.contact_id = c.id join enrollment_before b on b.bucket = e.bucket and b.enrollment_id = e.id
where b.signal = 'absence_started' and b.at = c.away_since and b.undone_at is null
on conflict do nothing;
insert into absence_ground
select c.id, m.id, c.away_since, c.away_until, c.away_dated
from contact c join inbound_message m on m.workspace_id = c.workspace_id and m.from_address = c.email
where m.class = 'out_of_office' and m.received_at = (select max(n.received_at) from inbound_message n
        where n.workspace_id = c.workspace_id and n.from_address = c.email and n.class = 'out_of_office' and n.received_at <= c.away_since)
    and not exists (select 1 from absence_ground g where g.contact_id = c.id)
on conflict do nothing;
