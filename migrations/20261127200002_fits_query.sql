-- As before, but the passages of the one transcript are read and then looked at. The planner, which does not know the phrase, would else also
-- ask the index of all passages for it, for each summary anew: a minute for a phrase of common words among 10,000 summaries.
create or replace function fits_query(
    terms tsvector, of_transcript bigint, readings text[], phrase_of bigint[], phrases text[], phrase_wanted boolean[]
) returns boolean language sql stable as $$
    select exists (
        select from unnest(readings) with ordinality as reading (words, number)
        where fits_query.terms @@ reading.words::tsquery and not exists (
            select from unnest(phrase_of, phrases, phrase_wanted) as phrase (of, words, wanted)
            where phrase.of = reading.number
              and (fits_query.terms @@ phrase.words::tsquery
                   or exists (select from (select p.terms from passages p where p.transcript_id = of_transcript offset 0) as said
                              where said.terms @@ phrase.words::tsquery)) <> phrase.wanted))
$$;
