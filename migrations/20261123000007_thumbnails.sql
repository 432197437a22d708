-- Pictures of videos, fetched once from YouTube and served by us: the pages load nothing from anybody else.
create table thumbnails (
    youtube_id text primary key,
    content_type text not null,
    bytes bytea not null,
    fetched_at timestamptz not null default now()
);
