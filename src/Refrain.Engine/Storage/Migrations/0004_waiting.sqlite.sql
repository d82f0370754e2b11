-- A partial index serves a query only where SQLite sees that the query implies its condition: "not frozen" in both, word for word,
-- and "is not null", which any comparison implies. The conditions of 0001 were implied by no query, and each turn read every row.
drop index if exists enrollment_due;
create index enrollment_due on enrollment (bucket, next_at) where next_at is not null and not frozen;
drop index if exists enrollment_waits;
create index enrollment_waits on enrollment (bucket, mailbox_id, waits_for, delay_ends) where waits_for is not null;
