-- Which words stand side by side, each two as a number: what a phrase is looked up by. An index of single words finds all that have them
-- anywhere, and each of these must be read: seconds for a phrase of common words, and for every Chinese word, among 100,000 summaries.
-- Of a million numbers some stand for several pairs, so what is found is compared with the phrase itself. The indexes keep only the numbers.
create function word_pairs(terms tsvector) returns int[] language sql immutable parallel safe cost 1000 as $$
    select coalesce(array_agg(distinct hashtext(lexeme || ' ' || next) & 1048575), '{}')
    from (select lexeme, position, lead(lexeme) over places as next, lead(position) over places as next_position
          from unnest(terms) as term, unnest(positions) as position window places as (order by position)) as word
    where next_position = position + 1
$$;

create index passages_pairs on passages using gin (word_pairs(terms));
create index summaries_pairs on summaries using gin (word_pairs(terms)) where deleted_at is null;

-- From a passage to the summaries of its transcript.
create index summaries_transcript on summaries (transcript_id) where deleted_at is null;
