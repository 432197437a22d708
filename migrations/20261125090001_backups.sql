-- Backups that were made or tried: when the next is due, and what the metric and the alert of their age are read from.
create table backups (
    id bigint generated always as identity primary key,
    started_at timestamptz not null default now(),
    -- Both null while it is being made, or where whoever made it was killed.
    ended_at timestamptz,
    -- Why there is none
    error text,
    -- The archive's name in the folder or bucket
    name text,
    bytes bigint,
    rows bigint
);

create index backups_newest on backups (started_at desc);
