create table job (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    member_id uuid not null references member,
    kind text not null check (kind in ('enroll', 'move')),
    sequence_id uuid not null references sequence,
    sequence_version integer,
    mailbox_id uuid,
    start_at_step integer,
    total integer not null,
    done integer not null default 0,
    refused integer not null default 0,
    epoch bigint not null default 0,
    leased_until timestamptz not null,
    created_at timestamptz not null,
    finished_at timestamptz,
    check (refused <= done and done <= total),
    check (finished_at is null or done = total),
    check ((kind = 'enroll') = (start_at_step is not null)),
    check ((kind = 'move') = (sequence_version is not null))
);
create index job_open on job (leased_until, id) where finished_at is null;
create index job_list on job (workspace_id, id);

create table job_row (
    job_id uuid not null references job on delete cascade,
    ordinal integer not null,
    status text not null default 'left' check (status in ('left', 'done', 'refused')),
    contact_id uuid,
    email text,
    enrollment_id uuid,
    state text,
    code text, message text,
    primary key (job_id, ordinal),
    check ((status = 'done') = (state is not null)),
    check ((status = 'refused') = (code is not null)),
    check (status <> 'done' or enrollment_id is not null)
);
create index job_row_left on job_row (job_id, ordinal) where status = 'left';
create index job_row_refused on job_row (job_id, ordinal) where status = 'refused';

create table webhook (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    url text not null,
    secret text not null,
    events text not null,
    created_at timestamptz not null,
    disabled_at timestamptz,
    deleted_at timestamptz
);
create index webhook_list on webhook (workspace_id, id) where deleted_at is null;

create table webhook_delivery (
    webhook_id uuid not null references webhook,
    enrollment_id uuid not null,
    ordinal integer not null,
    id uuid not null,
    event text not null check (event in ('state_changed', 'noted')),
    status text not null default 'waiting' check (status in ('waiting', 'delivered', 'failed')),
    attempts integer not null default 0,
    answer text,
    created_at timestamptz not null,
    next_at timestamptz,
    primary key (webhook_id, enrollment_id, ordinal),
    check ((status = 'waiting') = (next_at is not null))
);
create index webhook_delivery_due on webhook_delivery (next_at) where status = 'waiting';
create index webhook_delivery_list on webhook_delivery (webhook_id, id);
create index webhook_delivery_age on webhook_delivery (created_at);
