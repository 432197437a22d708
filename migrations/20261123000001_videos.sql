-- A video, or an uploaded text that stands in for one. `id` is YouTube's id, or `upload-` and 16 hex digits of the
-- text's hash: the same text pasted twice is the same upload. Nothing here is fetched again unless somebody asks.
create table videos (
    id text primary key,
    youtube_id text unique,
    title text not null,
    channel text,
    duration_s integer,
    description text not null default '',
    -- [{"title","span":{"start_ms","end_ms"}}]
    chapters jsonb not null default '[]',
    created_at timestamptz not null default now(),
    fetched_at timestamptz not null default now()
);
