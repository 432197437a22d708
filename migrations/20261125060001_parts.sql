-- A run and its summary may be about a part of a video: from when to when, in milliseconds. Null for the whole.
alter table runs
    add column span_start_ms bigint,
    add column span_end_ms bigint,
    add constraint runs_span check ((span_start_ms is null) = (span_end_ms is null) and span_start_ms < span_end_ms);
alter table summaries
    add column span_start_ms bigint,
    add column span_end_ms bigint,
    add constraint summaries_span check ((span_start_ms is null) = (span_end_ms is null) and span_start_ms < span_end_ms);

-- Extracts of parts stand beside the one of the whole, which is 0 to 0.
alter table extracts
    add column span_start_ms bigint not null default 0,
    add column span_end_ms bigint not null default 0,
    drop constraint extracts_pkey,
    add primary key (transcript_id, words, span_start_ms, span_end_ms);
