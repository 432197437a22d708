-- What models are being asked at this moment, by the hash that the answer will be kept under, and for which run or question: whoever wants
-- to ask the same waits for that answer instead of paying for another. A row whose run or question nobody works on any more counts for nothing.
create table model_asks (
    input_hash text primary key,
    -- a run's or a question's id
    work_id uuid not null,
    asked_at timestamptz not null default now()
);
