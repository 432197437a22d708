-- Fills an empty database with as many summaries as `load.summaries` says: set it in the same session, before this. A video, a
-- transcript of ten passages, a finished run and a summary with five claims each. Words by a law like Zipf's: `w1` nearly
-- everywhere, `w20000` nearly nowhere. One summary in ten has the tag `common`, one in a thousand `rare`.
create function pg_temp.words(salt bigint, n bigint) returns text language sql volatile as $$
    select string_agg('w' || floor(exp(random() * ln(20000)))::int, ' ') from generate_series(1, n + salt * 0)
$$;

create function pg_temp.summaries() returns bigint language sql stable as $$
    select current_setting('load.summaries')::bigint
$$;

insert into videos (id, youtube_id, title, channel, duration_s)
select 'v' || n, 'v' || n, pg_temp.words(n, 6), 'Channel ' || n % 500, 1200 from generate_series(1, pg_temp.summaries()) n;

insert into transcripts (id, video_id, content_hash, language, source, cues)
overriding system value
select n, 'v' || n, n::text, 'en', 'manual', '[]' from generate_series(1, pg_temp.summaries()) n;

-- What is added by others goes on counting from there.
select setval(pg_get_serial_sequence('transcripts', 'id'), pg_temp.summaries());

insert into passages (transcript_id, ordinal, start_ms, end_ms, sentences, terms)
select n, p, p * 20000, p * 20000 + 19000,
       jsonb_build_array(jsonb_build_object('text', said, 'span', null)), to_tsvector('simple', said)
from generate_series(1, pg_temp.summaries()) n, generate_series(1, 10) p,
     lateral (select pg_temp.words(n + p, 25) as said) words;

analyze videos, transcripts, passages;

insert into summaries (id, video_id, transcript_id, model, style, words, title, body, first_point, provenance, created_at, terms)
select gen_random_uuid(), v.id, t.id, 'extractive', 'briefing', 250, v.title, said.body, said.first,
       '{"source": "manual", "transcript_language": "en", "model": "extractive", "calls": 0, "reused_calls": 0, "seconds": 0.1,
         "coverage": 0.5}',
       now() - t.id * interval '1 minute',
       setweight(to_tsvector('simple', v.title), 'A') || setweight(to_tsvector('simple', said.words), 'B') || said.heard
from transcripts t join videos v on v.id = t.video_id,
     lateral (select string_agg('- ' || (sentences->0->>'text') || ' [' || ordinal || ']', E'\n' order by ordinal)
                         filter (where ordinal % 2 = 1) as body,
                     string_agg(sentences->0->>'text', ' ') filter (where ordinal % 2 = 1) as words,
                     min(sentences->0->>'text') filter (where ordinal = 1) as first,
                     (select array_to_tsvector(array_agg(distinct word.lexeme))
                      from passages p, unnest(p.terms) as word where p.transcript_id = t.id) as heard
              from passages where transcript_id = t.id) said;

analyze summaries;

insert into claims (summary_id, ordinal, text, verdict, citations)
select s.id, (p.ordinal - 1) / 2, p.sentences->0->>'text', 'matched',
       jsonb_build_array(jsonb_build_object('passage', p.ordinal, 'start_ms', p.start_ms, 'end_ms', p.end_ms,
                                            'text', p.sentences->0->>'text', 'quote', null))
from summaries s join passages p on p.transcript_id = s.transcript_id where p.ordinal % 2 = 1;

insert into runs (id, state, request_key, label, video_id, transcript_id, model, style, words, fresh, refetch, summary_id,
                  created_at, started_at, ended_at)
select id, 'done', id::text, title, video_id, transcript_id, model, style, words, false, false, id, created_at, created_at, created_at
from summaries;

insert into summary_tags (summary_id, tag)
select id, 'common' from summaries where transcript_id % 10 = 0
union all select id, 'rare' from summaries where transcript_id % 1000 = 0;
