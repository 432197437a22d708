//! Names and labels of the metrics, and the buckets of the histograms. Values are counted where things happen.

use std::{collections::BTreeSet, sync::Mutex};

use domain::{fault::Fault, summary::Claim};
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge};

use crate::models::EXTRACTIVE;

/// Buckets, in seconds, for work that takes from milliseconds (an extract) to many minutes (a model on a long video).
pub const WORK_SECONDS: &[f64] = &[
    0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 300.0, 600.0, 900.0, 1800.0,
];

/// Buckets, in seconds, for HTTP requests (OpenTelemetry's advice).
pub const HTTP_SECONDS: &[f64] = &[
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
];

/// What each of them means, for whoever reads `/metrics`.
const COUNTERS: [(&str, &str); 13] = [
    ("summary_requests_total", "Summaries that ended, by model and how."),
    (
        "cache_hits_total",
        "Summaries and transcripts that were looked up, by whether they were there.",
    ),
    ("ytsum_citations_total", "Claims of summaries, by what the check found."),
    ("ytsum_errors_total", "Faults that somebody was told of, by kind."),
    (
        "ytsum_llm_calls_total",
        "Calls of models, by provider, purpose and outcome.",
    ),
    (
        "ytsum_llm_cost_microdollars_total",
        "What models cost, in millionths of a dollar, as far as prices are known.",
    ),
    (
        "ytsum_llm_retries_total",
        "Calls of models that were made again, by why.",
    ),
    ("ytsum_llm_tokens_total", "Tokens sent to models and received."),
    (
        "ytsum_log_lines_lost_total",
        "Lines that could not be written to LOG_DIR; they are on standard error.",
    ),
    ("ytsum_login_attempts_total", "Sign-ins that were tried, by outcome."),
    ("ytsum_questions_total", "Questions that were answered, by outcome."),
    (
        "ytsum_rate_limited_total",
        "Requests that were refused for the number of those before them.",
    ),
    (
        "ytsum_youtube_requests_total",
        "Requests to YouTube, by client and outcome.",
    ),
];
const HISTOGRAMS: [(&str, &str); 4] = [
    (
        "summary_duration_seconds",
        "From the submission of a summary to its end.",
    ),
    (
        "ytsum_http_request_duration_seconds",
        "HTTP requests, by method, route and status.",
    ),
    (
        "ytsum_llm_request_duration_seconds",
        "Calls of models, by provider and outcome.",
    ),
    (
        "ytsum_llm_time_to_first_token_seconds",
        "From a call of a model to the first words of its answer.",
    ),
];
const GAUGES: [(&str, &str); 15] = [
    (
        "ytsum_backup_last_success_timestamp_seconds",
        "When the last backup succeeded; 0 where none has.",
    ),
    (
        "ytsum_budget_used_ratio",
        "How much of today's budget for models is used.",
    ),
    ("ytsum_build_info", "1, with the version and commit that run."),
    ("ytsum_database_size_bytes", "The size of the database."),
    ("ytsum_database_up", "1 while the database answers."),
    (
        "ytsum_db_pool_connections",
        "Connections to the database: idle, open, and the most there may be.",
    ),
    (
        "ytsum_disk_free_bytes",
        "What is free on the disk of a folder: for data, logs, backups.",
    ),
    ("ytsum_disk_size_bytes", "The size of that disk."),
    ("ytsum_event_streams", "Event streams that are open."),
    (
        "ytsum_http_requests_in_flight",
        "HTTP requests that are being answered.",
    ),
    (
        "ytsum_job_oldest_queued_age_seconds",
        "How long the oldest run has waited to begin.",
    ),
    ("ytsum_jobs", "Runs that have not ended, by state."),
    (
        "ytsum_llm_today_dollars",
        "What models cost since midnight UTC, as far as prices are known.",
    ),
    ("ytsum_llm_today_tokens", "Tokens since midnight UTC."),
    ("ytsum_youtube_paused", "1 while YouTube refuses this server's address."),
];

/// Lets the counters begin at 0 for what is known beforehand. A counter that first appears with 1 looks to Prometheus as if it had always
/// been 1, so that the first of each kind would be missed by every rate and every alert.
pub fn begin() {
    for (name, help) in COUNTERS {
        describe_counter!(name, help);
    }
    for (name, help) in HISTOGRAMS {
        describe_histogram!(name, help);
    }
    for (name, help) in GAUGES {
        describe_gauge!(name, help);
    }
    counter!("ytsum_log_lines_lost_total").absolute(0);
    // Where nobody has come yet there is none.
    gauge!("ytsum_event_streams").set(0.0);
    for status in ["success", "cached", "fallback", "retry", "error", "cancelled"] {
        counter!("summary_requests_total", "model" => EXTRACTIVE, "status" => status).absolute(0);
    }
    for status in ["hit", "miss"] {
        counter!("cache_hits_total", "type" => "summary", "status" => status).absolute(0);
        counter!("cache_hits_total", "type" => "transcript", "status" => status).absolute(0);
    }
    for verdict in ["verbatim", "matched", "quote_found", "check", "not_found"] {
        counter!("ytsum_citations_total", "verdict" => verdict).absolute(0);
    }
    for outcome in ["right", "wrong", "locked"] {
        counter!("ytsum_login_attempts_total", "outcome" => outcome).absolute(0);
    }
    for limiter in ["costly_calls", "event_streams", "questions", "sign_ins"] {
        counter!("ytsum_rate_limited_total", "limiter" => limiter).absolute(0);
    }
}

/// Counts what the check found.
pub fn count_claims(claims: &[Claim]) {
    for claim in claims {
        counter!("ytsum_citations_total", "verdict" => claim.verdict.as_str()).increment(1);
    }
}

/// Counts a request that was refused for the number of those before it.
pub fn count_limited(limiter: &'static str) {
    counter!("ytsum_rate_limited_total", "limiter" => limiter).increment(1);
}

/// Counts a fault that somebody was told of, by its kind, of which there are a few dozen.
pub fn count_fault(fault: &Fault) {
    counter!("ytsum_errors_total", "kind" => fault.kind.clone()).increment(1);
}

/// Models that have answered since the start. People can type any name; only these become labels.
static KNOWN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
const MOST_KNOWN: usize = 50;

/// Notes that a model of this name exists.
pub fn know_model(model: &str) {
    let mut known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if known.len() < MOST_KNOWN {
        known.insert(model.to_owned());
    }
}

/// The label for a model's name: the name itself where it is known to exist, else `other`.
#[must_use]
pub fn model_label(model: &str) -> String {
    let known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if model == EXTRACTIVE || known.contains(model) {
        model.to_owned()
    } else {
        "other".to_owned()
    }
}
