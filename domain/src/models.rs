//! What is known of models and of what they cost: for the settings page, previews and choices.

use serde::{Deserialize, Serialize};

/// Dollars for a million tokens.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Price {
    /// Of what is sent.
    pub input: f64,
    /// Of what is received, thoughts included.
    pub output: f64,
}

impl Price {
    /// Dollars for so many tokens.
    #[must_use]
    pub fn of(self, input_tokens: u64, output_tokens: u64) -> f64 {
        (count(input_tokens) * self.input + count(output_tokens) * self.output) / 1e6
    }
}

/// Whole numbers beyond 2^53 are no counts of tokens.
#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53")]
fn count(tokens: u64) -> f64 {
    tokens as f64
}

/// Dollars in words: `$0.05`, `$12.30`, and `under $0.01` for what is less.
#[must_use]
pub fn dollars(amount: f64) -> String {
    if amount > 0.0 && amount < 0.01 {
        "under $0.01".to_owned()
    } else {
        format!("${amount:.2}")
    }
}

/// Which providers there are, and what was spent today: what the settings page shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModelsStatus {
    /// In the order in which they are asked.
    pub providers: Vec<ProviderStatus>,
    /// The model that is used where nobody chooses.
    pub default_model: String,
    /// Models that are tried in order where one can't answer.
    pub fallback: Vec<String>,
    /// What was spent today.
    pub spent: Spent,
}

/// One provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProviderStatus {
    /// What people read.
    pub label: String,
    /// What stands before the slash where two providers have a model of one name.
    pub name: String,
    /// Where it is: the address without user names and passwords.
    pub address: String,
    /// Whether there is a key.
    pub has_key: bool,
    /// Where the key stands: a variable, or a place in CONFIG_FILE.
    pub key_from: String,
    /// Calls to it at a time.
    pub concurrency: u32,
    /// Its models.
    pub models: Vec<KnownModel>,
    /// Why they could not be listed when that was tried last.
    pub error: Option<String>,
}

/// A model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KnownModel {
    /// What it is asked by.
    pub name: String,
    /// Tokens that fit into a request, where known.
    pub context_tokens: Option<u32>,
    /// What it costs, where known.
    pub price: Option<Price>,
    /// The day it is shut down, where told.
    pub shutdown: Option<String>,
}

/// What was spent since midnight UTC, and what may be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spent {
    /// Calls that were made.
    pub calls: u64,
    /// Tokens sent and received; those of calls under way as estimated.
    pub tokens: u64,
    /// Dollars, as far as prices are known.
    pub cost: f64,
    /// Calls whose price is not known: their cost is not in `cost`.
    pub unpriced_calls: u64,
    /// Tokens a day.
    pub token_limit: Option<u64>,
    /// Dollars a day.
    pub cost_limit: Option<f64>,
    /// When a new day begins: seconds since 1970.
    pub resets_at: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_add_up() {
        let price = Price {
            input: 0.25,
            output: 2.0,
        };
        assert!((price.of(1_000_000, 500_000) - 1.25).abs() < 1e-9);
        assert!(price.of(0, 0).abs() < 1e-9);
    }

    #[test]
    fn small_amounts_are_not_told_as_nothing() {
        assert_eq!(dollars(0.0), "$0.00");
        assert_eq!(dollars(0.0004), "under $0.01");
        assert_eq!(dollars(1.005), "$1.00");
        assert_eq!(dollars(12.3), "$12.30");
    }
}
