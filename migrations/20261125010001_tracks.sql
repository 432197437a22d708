-- The caption tracks that a video has, as YouTube last told. Their addresses are not kept: they are good for some hours.
create table tracks (
    video_id text not null references videos (id) on delete cascade,
    ordinal integer not null,
    -- YouTube's vssId: `.en`, `a.en`; two tracks may share a language
    track_id text not null,
    -- BCP 47
    language text not null,
    name text not null,
    is_generated boolean not null,
    -- Whether YouTube offers to translate it; we never ask
    is_translatable boolean not null,
    primary key (video_id, ordinal)
);

-- Which track a transcript came from, and whether only somebody's own wish brought it here: then nobody else gets it unasked.
alter table transcripts add column track_id text;
alter table transcripts add column chosen boolean not null default false;
alter table transcripts drop constraint transcripts_source_check;
alter table transcripts add constraint transcripts_source_check
    check (source in ('manual', 'automatic', 'uploaded', 'speech_to_text', 'description'));

-- Which text a run is to summarise, where a person chose: a track's id, or `description`. Null means the best captions.
alter table runs add column text_from text;
