-- What a run was before a message that came in moved it, and what was counted for it: a correction goes back to that.
create table enrollment_before (
    bucket integer not null,
    enrollment_id blob not null,
    ordinal integer not null,
    message_id blob not null,
    at integer not null,
    signal text not null,
    made text not null,
    moved integer not null,
    layers text not null,
    counted_step blob, counted_outcome text,
    undone_at integer,
    primary key (bucket, enrollment_id, ordinal)
) strict;
create index enrollment_before_message on enrollment_before (message_id);

-- Which message a mark came from, and the mark that it replaced.
alter table suppression add column message_id blob;
alter table suppression add column earlier_reason text;
alter table suppression add column earlier_source text;
create index suppression_message on suppression (message_id) where message_id is not null;

-- The class that a message was first read as, once a person has corrected it.
alter table inbound_message add column read_as text;
alter table inbound_message add column corrected_at integer;
alter table inbound_message add column corrected_by text;
