-- Keys and passwords that the owner has set in the app, by name: encrypted, with a key that is not in this database. In a table
-- of their own, which no backup holds.
create table setting_secrets (
    name text primary key,
    sealed bytea not null,
    updated_at timestamptz not null default now()
);
