-- Words that people put on summaries, as domain::library::tag writes them.
create table summary_tags (
    summary_id uuid not null references summaries (id) on delete cascade,
    tag text not null,
    primary key (summary_id, tag)
);
create index summary_tags_tag on summary_tags (tag, summary_id);

-- The library by title.
create index summaries_title on summaries (lower(title), id) where deleted_at is null;
