-- Questions to a video, or to the whole library where no video is named, each with its answer. Like runs: a job of the
-- queue carries only the id, and every write of a worker names the `attempt` it works for.
create table questions (
    id uuid primary key,
    -- The first question of the conversation; a video has one conversation.
    thread uuid not null,
    video_id text references videos (id) on delete cascade,
    transcript_id bigint references transcripts (id) on delete cascade,
    question text not null,
    model text not null,
    state text not null check (state in ('queued', 'working', 'waiting', 'done', 'failed', 'cancelled')),
    -- backend::questions::Evidence: where the answer was looked for. Kept before a model is asked, so that another try
    -- asks the same and finds the kept answer.
    evidence jsonb,
    outcome text check (outcome in ('answered', 'quoted', 'not_here')),
    body text not null default '',
    -- domain::summary::Claim, in order; passages are numbered through all sources of the evidence
    claims jsonb not null default '[]',
    -- domain::summary::Provenance
    provenance jsonb,
    -- Why it waits or failed, or why no model answered: {"kind","whose","message","hint","retry_at"}
    fault jsonb,
    attempt integer not null default 0,
    crashes integer not null default 0,
    retries integer not null default 0,
    cancel_requested boolean not null default false,
    created_at timestamptz not null default now(),
    ended_at timestamptz
);

create index questions_of_video on questions (video_id, created_at);
create index questions_of_thread on questions (thread, created_at);
create index questions_of_library on questions (created_at desc) where video_id is null;
create index questions_open on questions (created_at) where state in ('queued', 'working', 'waiting');

-- What happened to a question, for those who watch, as in run_events. Removed some time after the end.
create table question_events (
    seq bigint generated always as identity primary key,
    question_id uuid not null references questions (id) on delete cascade,
    -- domain::run::Event
    event jsonb not null,
    created_at timestamptz not null default now()
);

create index question_events_of_question on question_events (question_id, seq);
