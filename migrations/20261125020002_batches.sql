-- What was asked for at once: the ticked videos of a list, or several links. Each item is a run of its own.
create table batches (
    id uuid primary key,
    -- The list's title; empty for pasted links.
    label text not null,
    created_at timestamptz not null default now()
);

create index batches_newest on batches (created_at desc);

-- Which runs belong to a batch, in the order they were asked for. Equal open requests share one run, so a run may belong
-- to several.
create table batch_runs (
    batch_id uuid not null references batches (id) on delete cascade,
    run_id uuid not null references runs (id) on delete cascade,
    ordinal integer not null,
    primary key (batch_id, run_id)
);

create index batch_runs_of_run on batch_runs (run_id);
