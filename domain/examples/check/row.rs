//! A line of a table: how many claims of a kind there are, and what the check says of them.

use domain::summary::{Claim, Verdict};

/// How often each verdict came.
#[derive(Default)]
pub struct Row {
    accepted: u32,
    pub verbatim: u32,
    check: u32,
    not_found: u32,
    was_accepted: u32,
    caught_of_accepted: u32,
}

impl Row {
    /// Counts a claim; `was_accepted`: whether its true form was.
    pub fn add(&mut self, claim: &Claim, was_accepted: bool) {
        match claim.verdict {
            Verdict::Check => self.check += 1,
            Verdict::NotFound => self.not_found += 1,
            _ => self.accepted += 1,
        }
        self.verbatim += u32::from(claim.verdict == Verdict::Verbatim);
        self.was_accepted += u32::from(was_accepted);
        self.caught_of_accepted += u32::from(was_accepted && !is_accepted(claim));
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all = self.accepted + self.check + self.not_found;
        let share = |part: u32, whole: u32| f64::from(part) * 100.0 / f64::from(whole.max(1));
        let caught = share(self.check + self.not_found, all);
        let of_accepted = share(self.caught_of_accepted, self.was_accepted);
        let Self {
            accepted,
            check,
            not_found,
            ..
        } = self;
        write!(
            f,
            "{all:>7}{accepted:>10}{check:>8}{not_found:>11}{caught:>7.1} %{of_accepted:>24.1} %"
        )
    }
}

/// Whether the check lets a claim pass.
pub fn is_accepted(claim: &Claim) -> bool {
    matches!(
        claim.verdict,
        Verdict::Verbatim | Verdict::Matched | Verdict::QuoteFound
    )
}
