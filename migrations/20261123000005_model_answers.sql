-- Every completed answer of a model, under the hash of what was asked: no completed call is ever paid for twice, however
-- often the process is killed between the answer and the summary.
create table model_answers (
    input_hash text primary key,
    model text not null,
    text text not null,
    input_tokens bigint,
    output_tokens bigint,
    truncated boolean not null,
    created_at timestamptz not null default now()
);
