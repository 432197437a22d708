-- Every attempt to sign in, so that the limits hold across replicas and restarts.
create table login_attempts (
    id bigint generated always as identity primary key,
    -- The address it came from; of IPv6 the first 64 bits, which is what one household has
    network text not null,
    at timestamptz not null default clock_timestamp(),
    -- 'failed' also while the code is being compared: attempts made at the same moment count at once.
    -- 'refused' was not compared at all. 'pardoned' is the command `unlock`; its network may be '*'.
    outcome text not null check (outcome in ('failed', 'succeeded', 'refused', 'pardoned')),
    -- Refusals in a row are one row
    times integer not null default 1,
    user_agent text not null default ''
);
create index login_attempts_network on login_attempts (network, at);
create index login_attempts_at on login_attempts (at);

-- Who is signed in. What the browser has to show is not in here, only its SHA-256.
create table sessions (
    id_hash bytea primary key,
    -- What the owner ends a device by
    number uuid not null unique default gen_random_uuid(),
    data jsonb not null,
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index sessions_expires_at on sessions (expires_at);

-- Tokens for scripts; only their SHA-256.
create table api_tokens (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    token_hash bytea not null unique,
    -- May it change anything?
    read_only boolean not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
);

-- What was done by whom, for the owner to read.
create table audit (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    kind text not null,
    -- The device, the token or the command
    who text not null,
    -- Where from; null on the command line
    address text,
    detail text not null default ''
);
create index audit_at on audit (at);

-- Token buckets of calls that cost money or somebody's patience; worth nothing after a crash, hence unlogged.
create unlogged table rate_buckets (
    key text primary key,
    tokens double precision not null,
    at timestamptz not null
);
