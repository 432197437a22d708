-- runs, questions: `held_at` is when the worker that has it last said so. The queue gives a job to another worker when the first one
-- lost its connection to Postgres, although it still works and waits for an answer that is paid for; as long as it says so,
-- nobody takes the run away from it.
alter table runs add column held_at timestamptz;
alter table questions add column held_at timestamptz;
