-- Captions may also come from a person's own browser (`captured`), or be the video's description where there are none.
alter table transcripts drop constraint if exists transcripts_source_check;
alter table transcripts add constraint transcripts_source_check
    check (source in ('manual', 'automatic', 'uploaded', 'speech_to_text', 'captured', 'description'));
