-- An extract has a form (points, chapters, three sentences, prose) beside its length and its part of the video.
alter table extracts
    add column form text not null default 'points',
    drop constraint extracts_pkey,
    add primary key (transcript_id, words, form, span_start_ms, span_end_ms);
