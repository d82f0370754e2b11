create table job (
    id blob primary key,
    workspace_id blob not null references workspace,
    member_id blob not null references member,
    kind text not null check (kind in ('enroll', 'move')),
    sequence_id blob not null references sequence,
    sequence_version integer,
    mailbox_id blob,
    start_at_step integer,
    total integer not null,
    done integer not null default 0,
    refused integer not null default 0,
    epoch integer not null default 0,
    leased_until integer not null,
    created_at integer not null,
    finished_at integer,
    check (refused <= done and done <= total),
    check (finished_at is null or done = total),
    check ((kind = 'enroll') = (start_at_step is not null)),
    check ((kind = 'move') = (sequence_version is not null))
) strict;
create index job_open on job (leased_until, id) where finished_at is null;
create index job_list on job (workspace_id, id);

create table job_row (
    job_id blob not null references job on delete cascade,
    ordinal integer not null,
    status text not null default 'left' check (status in ('left', 'done', 'refused')),
    contact_id blob,
    email text,
    enrollment_id blob,
    state text,
    code text, message text,
    primary key (job_id, ordinal),
    check ((status = 'done') = (state is not null)),
    check ((status = 'refused') = (code is not null)),
    check (status <> 'done' or enrollment_id is not null)
) strict;
create index job_row_left on job_row (job_id, ordinal) where status = 'left';
create index job_row_refused on job_row (job_id, ordinal) where status = 'refused';

create table webhook (
    id blob primary key,
    workspace_id blob not null references workspace,
    url text not null,
    secret text not null,
    events text not null,
    created_at integer not null,
    disabled_at integer,
    deleted_at integer
) strict;
create index webhook_list on webhook (workspace_id, id) where deleted_at is null;

create table webhook_delivery (
    webhook_id blob not null references webhook,
    enrollment_id blob not null,
    ordinal integer not null,
    id blob not null,
    event text not null check (event in ('state_changed', 'noted')),
    status text not null default 'waiting' check (status in ('waiting', 'delivered', 'failed')),
    attempts integer not null default 0,
    answer text,
    created_at integer not null,
    next_at integer,
    primary key (webhook_id, enrollment_id, ordinal),
    check ((status = 'waiting') = (next_at is not null))
) strict;
create index webhook_delivery_due on webhook_delivery (next_at) where status = 'waiting';
create index webhook_delivery_list on webhook_delivery (webhook_id, id);
create index webhook_delivery_age on webhook_delivery (created_at);
