-- What has become known of models while a run or a question is worked on, so that whoever goes on after a crash goes on in the same way
-- and repeats no call: the window that its prompts were planned with, a prompt that a model would not answer, a model that gave way
-- to another. Removed after a month.
create table model_notes (
    -- a run's or a question's id
    work_id uuid not null,
    -- what it is about: a window and a model, the hash of a prompt, …
    about text not null,
    note jsonb not null,
    created_at timestamptz not null default now(),
    primary key (work_id, about)
);

create index model_notes_created on model_notes (created_at);
