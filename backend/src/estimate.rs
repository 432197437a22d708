//! How long work will take, from how long such work took here lately. Where nothing is known, nothing is said.

use std::collections::HashMap;

use domain::{
    library::Batch,
    run::{Run, RunState},
};

/// What has been seen.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Seconds from taking a run up to its end, by model: half took less.
    pub typical: HashMap<String, f64>,
    /// Seconds for which a run has been worked on, by its id.
    pub elapsed: HashMap<String, f64>,
}

impl Seen {
    /// Seconds that a run which is being worked on still takes; `None` where it already takes longer than usual.
    #[must_use]
    pub fn left_of(&self, run: &Run) -> Option<u32> {
        if run.state != RunState::Working {
            return None;
        }
        let left = self.typical.get(&run.request.model)? - self.elapsed.get(&run.id)?;
        (left >= 1.0).then(|| whole(left))
    }

    /// Seconds until the last run of a batch ends, if as many are worked on at a time as now. `None` where one of them
    /// waits for something else than its turn.
    #[must_use]
    pub fn left_of_batch(&self, batch: &Batch) -> Option<u32> {
        let mut seconds = 0.0;
        for run in batch.runs.iter().filter(|run| run.state.is_open()) {
            if run.state == RunState::Waiting {
                return None;
            }
            let typical = self.typical.get(&run.request.model)?;
            seconds += (typical - self.elapsed.get(&run.id).copied().unwrap_or(0.0)).max(0.0);
        }
        let at_a_time = self.elapsed.len().max(1);
        let left = seconds / f64::from(u32::try_from(at_a_time).unwrap_or(u32::MAX));
        (left >= 1.0).then(|| whole(left))
    }
}

fn whole(seconds: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to what fits"
    )]
    let whole = seconds.round().clamp(0.0, 4e9) as u32;
    whole
}

#[cfg(test)]
mod tests {
    use domain::run::Request;

    use super::*;

    fn run(id: &str, state: RunState, model: &str) -> Run {
        Run {
            id: id.to_owned(),
            state,
            stage: None,
            progress: None,
            chapter: None,
            request: Request {
                model: model.to_owned(),
                style: "briefing".to_owned(),
                language: None,
                words: 250,
                span: None,
            },
            label: String::new(),
            playlist: None,
            video_id: None,
            summary_id: None,
            fault: None,
            created_at: 0,
        }
    }

    fn seen(elapsed: &[(&str, f64)]) -> Seen {
        Seen {
            typical: HashMap::from([("quick".to_owned(), 10.0), ("slow".to_owned(), 60.0)]),
            elapsed: elapsed.iter().map(|(id, s)| ((*id).to_owned(), *s)).collect(),
        }
    }

    #[test]
    fn a_run_takes_as_long_as_half_of_them_did() {
        let seen = seen(&[("a", 15.0), ("b", 90.0)]);
        assert_eq!(seen.left_of(&run("a", RunState::Working, "slow")), Some(45));
        assert_eq!(
            seen.left_of(&run("b", RunState::Working, "slow")),
            None,
            "longer than usual"
        );
        assert_eq!(seen.left_of(&run("a", RunState::Working, "new")), None, "never seen");
        assert_eq!(seen.left_of(&run("c", RunState::Queued, "slow")), None);
    }

    #[test]
    fn a_batch_takes_the_sum_shared_among_those_at_work() {
        let batch = |runs: Vec<Run>| Batch {
            id: String::new(),
            label: String::new(),
            created_at: 0,
            runs,
            seconds_left: None,
        };
        let seen = seen(&[("a", 4.0), ("b", 30.0)]);
        let open = vec![
            run("a", RunState::Working, "quick"),
            run("b", RunState::Working, "slow"),
            run("c", RunState::Queued, "slow"),
            run("d", RunState::Done, "slow"),
        ];
        assert_eq!(seen.left_of_batch(&batch(open.clone())), Some((6 + 30 + 60) / 2));
        let mut waits = open.clone();
        waits.push(run("e", RunState::Waiting, "slow"));
        assert_eq!(seen.left_of_batch(&batch(waits)), None);
        let mut unknown = open;
        unknown.push(run("e", RunState::Queued, "new"));
        assert_eq!(seen.left_of_batch(&batch(unknown)), None);
        assert_eq!(seen.left_of_batch(&batch(Vec::new())), None);
    }
}
