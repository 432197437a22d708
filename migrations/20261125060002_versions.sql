-- Of the summaries of a video one can be pinned: the video's own address leads to it.
alter table summaries add column pinned boolean not null default false;
create unique index summaries_pinned on summaries (video_id) where pinned and deleted_at is null;
