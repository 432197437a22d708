-- Which way of extracting made an extract (domain::extract::VERSION), so that a newer program makes those of older ones again. Not
-- part of the key: the program before goes on finding and writing them by it.
alter table extracts add column version text not null default '';
