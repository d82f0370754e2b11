-- What a run was before a message that came in moved it, and what was counted for it: a correction goes back to that.
create table enrollment_before (
    bucket integer not null,
    enrollment_id uuid not null,
    ordinal integer not null,
    message_id uuid not null,
    at timestamptz not null,
    signal text not null,
    made text not null,
    moved boolean not null,
    layers jsonb not null,
    counted_step uuid, counted_outcome text,
    undone_at timestamptz,
    primary key (bucket, enrollment_id, ordinal)
);
create index enrollment_before_message on enrollment_before (message_id);

-- Which message a mark came from, and the mark that it replaced.
alter table suppression add column message_id uuid;
alter table suppression add column earlier_reason text;
alter table suppression add column earlier_source text;
create index suppression_message on suppression (message_id) where message_id is not null;

-- The class that a message was first read as, once a person has corrected it.
alter table inbound_message add column read_as text;
alter table inbound_message add column corrected_at timestamptz;
alter table inbound_message add column corrected_by text;
