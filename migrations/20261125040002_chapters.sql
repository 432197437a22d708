-- Who says where a video's chapters are: creator or you_tube.
alter table videos add column chapter_source text not null default 'creator';

-- Chapters found from the words, where nobody named any; null while nobody has looked.
alter table transcripts add column chapters jsonb;
