-- What the owner has set in the app, by name. The environment wins over what stands here.
create table settings (
    name text primary key,
    value jsonb not null,
    updated_at timestamptz not null default now()
);
