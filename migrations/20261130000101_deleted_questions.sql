-- Questions: one that is deleted stays for a day, so that it can be taken back, as summaries do.
alter table questions add column deleted_at timestamptz;

-- What is removed for good is looked for every minute, and there is hardly ever any.
create index questions_deleted on questions (deleted_at) where deleted_at is not null;
