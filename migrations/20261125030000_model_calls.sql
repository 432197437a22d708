-- Every question to a model: what the budget of a day is counted from. A row is written before the question, with an
-- estimate of its tokens, and completed after the answer. One that a crash cut off stays as it was estimated: it was paid for.
create table model_calls (
    id bigint generated always as identity primary key,
    asked_at timestamptz not null default now(),
    -- null: under way, or cut off
    ended_at timestamptz,
    -- as configured: gemini, openai, anthropic, or the name in CONFIG_FILE
    provider text not null,
    model text not null,
    -- what it was asked for: summary, …
    purpose text not null,
    -- No foreign key: what was spent on a run outlives it.
    run_id uuid,
    -- ok, or the kind of the error
    outcome text,
    input_tokens bigint not null,
    output_tokens bigint not null default 0,
    -- dollars; null where the price is not known
    cost double precision
);

create index model_calls_asked on model_calls (asked_at);
