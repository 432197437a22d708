-- What was said in a video, as it was fetched or uploaded. A video has several when its captions changed or another
-- language was asked for; the content hash tells them apart and keeps an equal one from being stored twice.
create table transcripts (
    id bigint generated always as identity primary key,
    video_id text not null references videos (id) on delete cascade,
    content_hash text not null,
    -- BCP 47
    language text not null,
    source text not null check (source in ('manual', 'automatic', 'uploaded', 'speech_to_text')),
    -- The track's or file's name, for the provenance line.
    track text,
    -- [{"span":{"start_ms","end_ms"} or null,"text"}]
    cues jsonb not null,
    created_at timestamptz not null default now(),
    unique (video_id, content_hash)
);

-- Numbered stretches of a transcript: what is cited, searched and given to models. `terms` is made from domain's own
-- tokens (configuration `simple`), so that searching, ranking and checking see the same words in every script.
create table passages (
    transcript_id bigint not null references transcripts (id) on delete cascade,
    ordinal integer not null,
    start_ms bigint,
    end_ms bigint,
    -- [{"text","span"}]
    sentences jsonb not null,
    terms tsvector not null,
    primary key (transcript_id, ordinal)
);

create index passages_terms on passages using gin (terms);
