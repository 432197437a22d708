-- Playlists and channels as they were last read, under the canonical address: a preview is looked at, ticked and sent
-- within minutes, and YouTube need not be asked each time.
create table video_lists (
    address text primary key,
    -- domain::video_list::VideoList
    list jsonb not null,
    fetched_at timestamptz not null default now()
);
