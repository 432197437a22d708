-- What a summary is found by, as domain's own tokens: its title (weight A), its text (B), and every word of its transcript,
-- without places. Where in the transcript they stand is asked of `passages`, for the few that are shown.
alter table summaries add column terms tsvector not null default '';

update summaries s
set terms = setweight(to_tsvector('simple', s.title), 'A')
         || setweight(to_tsvector('simple', s.body), 'B')
         || coalesce((select array_to_tsvector(array_agg(distinct word.lexeme))
                      from passages p, unnest(p.terms) as word
                      where p.transcript_id = s.transcript_id), '');

create index summaries_terms on summaries using gin (terms) where deleted_at is null;

-- Whether what a summary is found by fits a query's alternatives (`readings`: words that must all occur anywhere) with
-- their phrases, which must occur, or must not, in the title, the summary or a passage.
create function fits_query(
    terms tsvector, of_transcript bigint, readings text[], phrase_of bigint[], phrases text[], phrase_wanted boolean[]
) returns boolean language sql stable as $$
    select exists (
        select from unnest(readings) with ordinality as reading (words, number)
        where fits_query.terms @@ reading.words::tsquery and not exists (
            select from unnest(phrase_of, phrases, phrase_wanted) as phrase (of, words, wanted)
            where phrase.of = reading.number
              and (fits_query.terms @@ phrase.words::tsquery
                   or exists (select from passages p
                              where p.transcript_id = of_transcript and p.terms @@ phrase.words::tsquery)) <> phrase.wanted))
$$;
