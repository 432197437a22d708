-- A summary that the predecessor of this program wrote has a transcript of the source `imported`, in which there is nothing: the
-- predecessor kept no words, so there is nothing to cite and nothing that its summary could be checked against.
alter table transcripts drop constraint if exists transcripts_source_check;
alter table transcripts add constraint transcripts_source_check
    check (source in ('manual', 'automatic', 'uploaded', 'speech_to_text', 'captured', 'description', 'imported'));

-- Files of sound in DATA_DIR/audio, named by their content: `<hash>.<format>`.
create table audio (
    -- SHA-256 of the file, in hex
    hash text primary key,
    -- mp3
    format text not null,
    bytes bigint not null,
    -- How long it plays; null where nobody measured it
    seconds real,
    -- Whose voice; null where it is not known
    voice text,
    -- What is read out
    summary_id uuid references summaries (id) on delete set null,
    created_at timestamptz not null default now()
);
create index audio_summary on audio (summary_id);
