-- What a search finds also changes with a summary's words and with the version that stands for its video; `library_counts` counts these
-- changes too, so that what was found can be shown again until something has changed.
create trigger library_counts_found after update on summaries
    for each row when ((old.pinned, old.span_start_ms, old.transcript_id, old.terms)
                       is distinct from (new.pinned, new.span_start_ms, new.transcript_id, new.terms))
    execute function count_change();
