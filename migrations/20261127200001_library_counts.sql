-- How many summaries the library shows, in all (the tag '') and with each tag: kept by the triggers below, so that no page counts.
-- Deleted summaries do not count. The row '' also counts the changes of all that the library shows, so that a page which was rendered can be
-- shown again until something changes. Whoever changes several rows here begins with ''. Not backed up: the triggers count again as rows
-- come in.
create table library_counts (
    tag text primary key,
    summaries bigint not null,
    changes bigint not null default 0
);

insert into library_counts (tag, summaries)
select '', count(*) from summaries where deleted_at is null
union all
select t.tag, count(*) from summary_tags t join summaries s on s.id = t.summary_id where s.deleted_at is null group by t.tag;

-- New summaries have no tags yet. Once a statement, since thousands may come in at once.
create function count_new_summaries() returns trigger language plpgsql as $$
begin
    update library_counts
    set summaries = summaries + (select count(*) from added where deleted_at is null), changes = changes + 1
    where tag = '';
    return null;
end $$;

create trigger library_counts_new after insert on summaries
    referencing new table as added for each statement execute function count_new_summaries();

-- A summary comes back, or goes: its tags with it.
create function count_summary(summary uuid, by bigint) returns void language sql as $$
    update library_counts set summaries = summaries + by, changes = changes + 1 where tag = '';
    update library_counts set summaries = summaries + by
    where tag in (select tag from summary_tags where summary_id = summary);
$$;

create function count_deletion() returns trigger language plpgsql as $$
begin
    perform count_summary(new.id, case when new.deleted_at is null then 1 else -1 end);
    return null;
end $$;

create trigger library_counts_deletion after update of deleted_at on summaries
    for each row when ((old.deleted_at is null) <> (new.deleted_at is null)) execute function count_deletion();

create function count_removal() returns trigger language plpgsql as $$
begin
    perform count_summary(old.id, -1);
    return old;
end $$;

-- Before, since its tags are removed with it.
create trigger library_counts_removal before delete on summaries
    for each row when (old.deleted_at is null) execute function count_removal();

-- A tag counts while its summary is shown. The lock makes us wait for whoever deletes the summary at this moment.
create function count_tag() returns trigger language plpgsql as $$
begin
    perform from summaries where id = new.summary_id and deleted_at is null for share;
    if found then
        update library_counts set changes = changes + 1 where tag = '';
        insert into library_counts (tag, summaries) values (new.tag, 1)
        on conflict (tag) do update set summaries = library_counts.summaries + 1;
    end if;
    return null;
end $$;

create trigger library_counts_tag after insert on summary_tags for each row execute function count_tag();

create function count_tag_removal() returns trigger language plpgsql as $$
begin
    -- Where the summary itself was removed, its tags have been counted out.
    perform from summaries where id = old.summary_id and deleted_at is null for share;
    if found then
        update library_counts set changes = changes + 1 where tag = '';
        update library_counts set summaries = summaries - 1 where tag = old.tag;
    end if;
    return null;
end $$;

create trigger library_counts_tag_removal after delete on summary_tags for each row execute function count_tag_removal();

-- What the library shows of videos and summaries beside their being there.
create function count_change() returns trigger language plpgsql as $$
begin
    update library_counts set changes = changes + 1 where tag = '';
    return null;
end $$;

create trigger library_counts_video after update on videos
    for each row when ((old.title, old.channel, old.duration_s, old.youtube_id)
                       is distinct from (new.title, new.channel, new.duration_s, new.youtube_id))
    execute function count_change();
create trigger library_counts_summary after update on summaries
    for each row when ((old.title, old.first_point, old.model, old.style, old.language, old.provenance, old.created_at, old.video_id)
                       is distinct from (new.title, new.first_point, new.model, new.style, new.language, new.provenance, new.created_at,
                                         new.video_id))
    execute function count_change();
