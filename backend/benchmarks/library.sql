-- Fills an empty database with as many summaries as `load.summaries` says: set it in the same session, before this. A transcript of ten
-- passages of 25 words each, a finished run and a summary with five claims each; a video each, but one in ten summaries is a second
-- version of the video before it. One transcript in a thousand is of two hours (240 passages). One summary in ten has the tag `common`,
-- one in a thousand `rare`.
--
-- Words by a law like Zipf's: `w1` nearly everywhere, `w20000` nearly nowhere; the same with `t` that only titles have, with `s` that only
-- summaries have. One transcript in ten is in German, one in twenty in Russian (`ж`), one in twenty in Chinese, where each character is a
-- word to the index. The same numbers each time, but for the plans that Postgres chooses.
select setseed(0.5);

-- `salt` is new for each row, so that Postgres asks again.
create function pg_temp.words(salt bigint, n bigint, letter text default 'w') returns text language sql volatile as $$
    select string_agg(letter || floor(exp(random() * ln(20000)))::int, ' ') from generate_series(1, n + salt * 0)
$$;

create function pg_temp.characters(salt bigint, n bigint) returns text language sql volatile as $$
    select string_agg(chr(19967 + floor(exp(random() * ln(3000)))::int), '') from generate_series(1, n + salt * 0)
$$;

create function pg_temp.language(n bigint) returns text language sql immutable as $$
    select case when n % 20 = 1 then 'zh' when n % 20 = 2 then 'ru' when n % 10 = 3 then 'de' else 'en' end
$$;

create function pg_temp.said(salt bigint, n bigint, language text) returns text language sql volatile as $$
    select case language when 'zh' then pg_temp.characters(salt, n * 2) when 'ru' then pg_temp.words(salt, n, 'ж')
                         else pg_temp.words(salt, n) end
$$;

create function pg_temp.terms(said text, language text) returns tsvector language sql immutable as $$
    select to_tsvector('simple', case language when 'zh' then regexp_replace(said, '([^ -~])', '\1 ', 'g') else said end)
$$;

create function pg_temp.video(n bigint) returns text language sql immutable as $$
    select 'v' || n - (n % 10 = 9)::int
$$;

create function pg_temp.summaries() returns bigint language sql stable as $$
    select current_setting('load.summaries')::bigint
$$;

insert into videos (id, youtube_id, title, channel, duration_s)
select 'v' || n, 'v' || n,
       pg_temp.said(n, 4, pg_temp.language(n)) || ' ' || pg_temp.words(n, 2, 't'), 'Channel ' || n % 500, case when n % 1000 = 0 then 7200 else 300 end
from generate_series(1, pg_temp.summaries()) n where n % 10 <> 9;

insert into transcripts (id, video_id, content_hash, language, source, cues)
overriding system value
select n, pg_temp.video(n), n::text, pg_temp.language(n), 'manual', '[]' from generate_series(1, pg_temp.summaries()) n;

-- What is added by others goes on counting from there.
select setval(pg_get_serial_sequence('transcripts', 'id'), pg_temp.summaries());

insert into passages (transcript_id, ordinal, start_ms, end_ms, sentences, terms)
select n, p, p * 30000, p * 30000 + 29000,
       jsonb_build_array(jsonb_build_object('text', said, 'span', null)), pg_temp.terms(said, pg_temp.language(n))
from generate_series(1, pg_temp.summaries()) n, generate_series(1, case when n % 1000 = 0 then 240 else 10 end) p,
     lateral (select pg_temp.said(n + p, 25, pg_temp.language(n)) as said) words;

analyze videos, transcripts, passages;

-- Every other passage of the first ten, each with a word of its own.
insert into summaries (id, video_id, transcript_id, model, style, words, title, body, first_point, provenance, created_at, terms)
select gen_random_uuid(), v.id, t.id, 'extractive', 'briefing', 250, v.title, body, first,
       jsonb_build_object('source', 'manual', 'transcript_language', t.language, 'model', 'extractive', 'calls', 0, 'reused_calls', 0,
                          'seconds', 0.1, 'coverage', 0.5),
       now() - t.id * interval '1 minute',
       setweight(pg_temp.terms(v.title, t.language), 'A') || setweight(pg_temp.terms(words, t.language), 'B') || heard
from transcripts t join videos v on v.id = t.video_id,
     lateral (select string_agg('- ' || text || ' [' || ordinal || ']', E'\n' order by ordinal) as body,
                     string_agg(text, ' ' order by ordinal) as words, min(text) filter (where ordinal = 1) as first
              from (select ordinal, (sentences->0->>'text') || ' ' || pg_temp.words(t.id, 1, 's') as text from passages
                    where transcript_id = t.id and ordinal in (1, 3, 5, 7, 9)) point) written,
     lateral (select array_to_tsvector(array_agg(distinct word.lexeme)) as heard
              from passages p, unnest(p.terms) as word where p.transcript_id = t.id) said;

analyze summaries;

insert into claims (summary_id, ordinal, text, verdict, citations)
select id, (ordinal - 1) / 2, substring(line from 3 for length(line) - 6), 'matched',
       jsonb_build_array(jsonb_build_object('passage', ordinal, 'start_ms', ordinal * 30000, 'end_ms', ordinal * 30000 + 29000,
                                            'text', '', 'quote', null))
from summaries, unnest(array[1, 3, 5, 7, 9], string_to_array(body, E'\n')) as point (ordinal, line);

insert into runs (id, state, request_key, label, video_id, transcript_id, model, style, words, fresh, refetch, summary_id,
                  created_at, started_at, ended_at)
select id, 'done', id::text, title, video_id, transcript_id, model, style, words, false, false, id, created_at, created_at, created_at
from summaries;

insert into summary_tags (summary_id, tag)
select id, 'common' from summaries where transcript_id % 10 = 0
union all select id, 'rare' from summaries where transcript_id % 1000 = 0;
