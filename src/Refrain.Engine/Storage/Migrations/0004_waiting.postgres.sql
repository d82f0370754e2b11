-- PostgreSQL sees by itself that its queries imply the conditions of these indexes; the same shape as on SQLite, so that one page describes both.
drop index if exists enrollment_waits;
create index enrollment_waits on enrollment (bucket, mailbox_id, waits_for, delay_ends) where waits_for is not null;
