-- A request for a summary, from queued to done: the truth about it. A job of the queue carries only a run's id and is
-- enqueued in the transaction that writes the run. Every write of a worker names the `attempt` it works for, so that a
-- worker that was given up for dead and comes back changes nothing.
create table runs (
    id uuid primary key,
    state text not null check (state in ('queued', 'working', 'waiting', 'done', 'failed', 'cancelled')),
    stage text,
    parts_done integer,
    parts_total integer,
    -- SHA-256 of what makes two requests equal before the transcript is known.
    request_key text not null,
    -- What it is called until the title is known.
    label text not null,
    -- The video, from the start: links name it, uploads have made it.
    video_id text not null,
    -- Set for uploads from the start, for videos once the captions are there.
    transcript_id bigint references transcripts (id) on delete set null,
    model text not null,
    style text not null,
    language text,
    words integer not null,
    fresh boolean not null,
    refetch boolean not null,
    -- This run's own summary, or the equal one that was there already. No foreign key: summaries are purged, runs stay.
    summary_id uuid,
    -- Why it waits or failed: {"kind","whose","message","hint","retry_at"}
    fault jsonb,
    attempt integer not null default 0,
    -- Times a worker died on it; three fail the run, or a transcript that kills the process would loop for ever.
    crashes integer not null default 0,
    -- Times it went back to wait for a neighbour.
    retries integer not null default 0,
    cancel_requested boolean not null default false,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    ended_at timestamptz
);

-- Equal open requests share one run.
create unique index runs_open_request on runs (request_key) where state in ('queued', 'working', 'waiting');
create index runs_open on runs (created_at) where state in ('queued', 'working', 'waiting');
create index runs_ended on runs (ended_at desc) where state in ('done', 'failed', 'cancelled');

-- What happened to a run, for those who watch: stages, and the model's text in chunks. Removed some time after the end.
create table run_events (
    seq bigint generated always as identity primary key,
    run_id uuid not null references runs (id) on delete cascade,
    -- domain::run::Event
    event jsonb not null,
    created_at timestamptz not null default now()
);

create index run_events_of_run on run_events (run_id, seq);
