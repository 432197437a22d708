-- Who may ask YouTube when, one row for each way out to it: the pace that all replicas keep together, and the pause that
-- they all keep once YouTube refuses the address. backend::youtube::gate decides; this only remembers.
create table youtube_gates (
    -- The way out, in words and without secrets: "directly", "through the proxy at …"
    egress text primary key,
    -- When the next request may be made, if all turns are kept
    next_turn timestamptz not null,
    -- Refusals since YouTube last answered, and the last of them
    refusals integer not null default 0,
    refusal_kind text,
    refused_at timestamptz,
    -- While this lies ahead, nobody asks; once it has passed, one asks for all
    paused_until timestamptz,
    pause_seconds integer not null default 0,
    -- Until when the one that asks for all is given time
    probe_until timestamptz
);

-- How each InnerTube client (and the few addresses that are none) fared: what the settings page shows.
create table youtube_clients (
    client text primary key,
    successes bigint not null default 0,
    failures bigint not null default 0,
    last_success_at timestamptz,
    last_failure_at timestamptz,
    last_failure_kind text
);
