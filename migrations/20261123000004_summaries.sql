-- A finished summary; its id is the id of the run that made it, so that one run can never keep two. `key` is what makes
-- two requests equal once the transcript is known (transcript hash, model, style, language, length, prompt version);
-- `fresh` runs add a version beside the older one. Extracts that stand in for a model that could not answer have no key:
-- they are never mistaken for that model's work. Deleted ones stay for a while, so that deleting can be undone.
create table summaries (
    id uuid primary key,
    key text,
    video_id text not null references videos (id),
    transcript_id bigint not null references transcripts (id),
    model text not null,
    style text not null,
    language text,
    words integer not null,
    prompt_version text,
    title text not null,
    body text not null,
    first_point text not null,
    -- domain::summary::Provenance
    provenance jsonb not null,
    created_at timestamptz not null default now(),
    deleted_at timestamptz
);

create index summaries_newest on summaries (created_at desc, id desc) where deleted_at is null;
create index summaries_key on summaries (key, created_at desc) where deleted_at is null;
create index summaries_video on summaries (video_id, created_at desc) where deleted_at is null;

-- The claims of a summary, in order, each with what the check found and the passages it leads to.
create table claims (
    summary_id uuid not null references summaries (id) on delete cascade,
    ordinal integer not null,
    text text not null,
    verdict text not null check (verdict in ('verbatim', 'matched', 'quote_found', 'check', 'not_found')),
    detail text,
    -- [{"passage","start_ms","end_ms","text","quote"}]
    citations jsonb not null,
    primary key (summary_id, ordinal)
);

-- The extractive summary of a transcript at a length: shown before any model has answered. Made again at will.
create table extracts (
    transcript_id bigint not null references transcripts (id) on delete cascade,
    words integer not null,
    body text not null,
    -- domain::summary::Claim, in order
    claims jsonb not null,
    primary key (transcript_id, words)
);
