-- Who says where a video's chapters are: creator or you_tube.
alter table videos add column chapter_source text not null default 'creator';

-- Chapters found from the words, where nobody named any; null while nobody has looked.
alter table transcripts add column chapters jsonb;

-- An extract has a form (points, chapters, three sentences, prose) beside its length.
alter table extracts add column form text not null default 'points';
alter table extracts drop constraint extracts_pkey;
alter table extracts add primary key (transcript_id, words, form);
