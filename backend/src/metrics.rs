//! Names and labels of the metrics, and the buckets of the histograms. Values are counted where things happen.

use std::{collections::BTreeSet, sync::Mutex};

use domain::{fault::Fault, summary::Claim};
use metrics::counter;

use crate::models::EXTRACTIVE;

/// Buckets, in seconds, for work that takes from milliseconds (an extract) to many minutes (a model on a long video).
pub const WORK_SECONDS: &[f64] = &[
    0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 300.0, 600.0, 900.0, 1800.0,
];

/// Buckets, in seconds, for HTTP requests (OpenTelemetry's advice).
pub const HTTP_SECONDS: &[f64] = &[
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
];

/// Lets the counters begin at 0 for what is known beforehand. A counter that first appears with 1 looks to Prometheus as if it had always
/// been 1, so that the first of each kind would be missed by every rate and every alert.
pub fn begin() {
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
    for outcome in ["ok", "wrong", "locked"] {
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
