-- What is removed for good is looked for every minute, and there is hardly ever any: not by reading all summaries.
create index summaries_deleted on summaries (deleted_at) where deleted_at is not null;
