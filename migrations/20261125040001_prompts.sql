-- Prompts that people wrote, by name; chosen like a style. Deleted ones stay for a day, so that deleting can be undone.
create table prompts (
    id uuid primary key,
    name text not null,
    text text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);

create unique index prompts_name on prompts (lower(name)) where deleted_at is null;

-- Every text that such a prompt ever had, under the first digits of its SHA-256: requests name it by them, so that a run
-- that waits, and a summary that is written again, keep the words they were asked for with.
create table prompt_texts (
    hash text primary key,
    text text not null,
    created_at timestamptz not null default now()
);
