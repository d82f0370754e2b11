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
