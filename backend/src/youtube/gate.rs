//! Before YouTube is asked: a pace that all replicas keep together, and a pause for all of them once it refuses the address.
//!
//! The pace is a token bucket, written as the time of the next turn (the generic cell rate algorithm): a turn moves it on by
//! one step, and may be taken ahead of it by as much as a full bucket holds. The pause is a circuit breaker: some refusals in a
//! row open it; when its time is over, one request goes ahead for all; an answer closes it, another refusal doubles the time.
//! Both are remembered in Postgres where there is one, and in this process where there is none (a command).

use std::{
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgPool;

use super::error::YouTubeError;
use crate::database::{StoreError, youtube_gates, youtube_gates::Gate as State};

/// Requests that may be made at once after a rest.
const BURST: u32 = 20;
/// Refusals in a row that begin a pause.
const REFUSALS: i32 = 3;
/// The first pause.
const PAUSE: TimeDelta = TimeDelta::minutes(15);
/// The longest, however often it was doubled.
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(4);
/// Time for the one that asks for all; one that says nothing in this time has died.
const PROBE: TimeDelta = TimeDelta::minutes(2);

/// What stands between us and YouTube.
#[derive(Clone)]
pub(super) struct Gate {
    egress: Arc<str>,
    per_minute: Option<NonZeroU32>,
    keeper: Keeper,
}

/// Who remembers.
#[derive(Clone)]
enum Keeper {
    /// This process, for itself.
    Process(Arc<Mutex<State>>),
    /// Postgres, for all replicas.
    Shared(PgPool),
}

impl Gate {
    pub(super) fn new(egress: Arc<str>, per_minute: Option<NonZeroU32>) -> Self {
        Self {
            egress,
            per_minute,
            keeper: Keeper::Process(Arc::new(Mutex::new(State {
                next_turn: DateTime::UNIX_EPOCH,
                refusals: 0,
                refusal_kind: None,
                refused_at: None,
                paused_until: None,
                pause_seconds: 0,
                probe_until: None,
            }))),
        }
    }

    /// The same, shared with all who use this database.
    pub(super) fn shared(self, pool: PgPool) -> Self {
        Self {
            keeper: Keeper::Shared(pool),
            ..self
        }
    }

    pub(super) fn egress(&self) -> &str {
        &self.egress
    }

    pub(super) fn per_minute(&self) -> Option<NonZeroU32> {
        self.per_minute
    }

    /// Waits for this request's turn; how long it waited.
    pub(super) async fn turn(&self) -> Duration {
        let Some(per_minute) = self.per_minute else {
            return Duration::ZERO;
        };
        let step = Duration::from_secs(60) / per_minute.get();
        let wait = self.change(|state, now| turn(state, now, step)).await;
        let Some(wait) = wait.filter(|wait| !wait.is_zero()) else {
            return Duration::ZERO;
        };
        // Not all at the same instant.
        let wait = wait + step.mul_f64(rand::random_range(0.0..0.25));
        tokio::time::sleep(wait).await;
        wait
    }

    /// Whether work on YouTube may begin.
    pub(super) async fn admit(&self) -> Result<(), YouTubeError> {
        match self.change(admit).await {
            Some(Some(until)) => Err(YouTubeError::Paused {
                until: until.timestamp(),
            }),
            // Where the database does not answer, the caller will notice by itself.
            Some(None) | None => Ok(()),
        }
    }

    /// Takes note of how the work ended.
    pub(super) async fn note<T>(&self, outcome: &Result<T, YouTubeError>) {
        self.change(|state, now| note(state, now, outcome.as_ref().err())).await;
    }

    /// Counts a request by client.
    pub(super) async fn count<T>(&self, client: &str, outcome: &Result<T, YouTubeError>) {
        let failure = outcome.as_ref().err().map(YouTubeError::kind);
        let label = failure.unwrap_or("ok");
        metrics::counter!("ytsum_youtube_requests_total", "client" => client.to_owned(), "outcome" => label)
            .increment(1);
        if let Keeper::Shared(pool) = &self.keeper {
            warn(youtube_gates::count(pool, client, failure).await);
        }
    }

    /// `None` where the database did not answer.
    async fn change<T>(&self, change: impl FnOnce(&mut State, DateTime<Utc>) -> T) -> Option<T> {
        match &self.keeper {
            Keeper::Process(state) => {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                Some(change(&mut state, Utc::now()))
            }
            Keeper::Shared(pool) => warn(youtube_gates::change(pool, &self.egress, change).await),
        }
    }
}

fn warn<T>(outcome: Result<T, StoreError>) -> Option<T> {
    outcome
        .inspect_err(|error| tracing::warn!(%error, "what is known of YouTube could not be read or written"))
        .ok()
}

/// Takes a turn: how long to wait for it.
fn turn(state: &mut State, now: DateTime<Utc>, step: Duration) -> Duration {
    let step = TimeDelta::from_std(step).unwrap_or(TimeDelta::zero());
    state.next_turn = state.next_turn.max(now) + step;
    let ahead = state.next_turn - step * i32::try_from(BURST).unwrap_or(i32::MAX) - now;
    ahead.to_std().unwrap_or(Duration::ZERO)
}

/// Until when work is to wait; `None` where it may begin now. Whoever comes first after a pause asks for all.
fn admit(state: &mut State, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let until = state.paused_until?;
    if until > now {
        return Some(until);
    }
    if let Some(probe) = state.probe_until.filter(|probe| *probe > now) {
        return Some(probe);
    }
    state.probe_until = Some(now + PROBE);
    None
}

fn note(state: &mut State, now: DateTime<Utc>, failure: Option<&YouTubeError>) {
    let Some(error) = failure.filter(|error| error.is_block()) else {
        if failure.is_none_or(YouTubeError::is_answer) {
            (state.refusals, state.paused_until, state.pause_seconds) = (0, None, 0);
        }
        // What proves nothing lets the next one try.
        state.probe_until = None;
        return;
    };
    state.refusals = state.refusals.saturating_add(1);
    state.refusal_kind = Some(error.kind().to_owned());
    state.refused_at = Some(now);
    let pause = match state.paused_until {
        // It was under way when the pause began.
        Some(until) if until > now => return,
        Some(_) => (TimeDelta::seconds(i64::from(state.pause_seconds)) * 2).clamp(PAUSE, LONGEST_PAUSE),
        None if state.refusals < REFUSALS => return,
        None => PAUSE,
    };
    let asked = error.asked_to_wait().and_then(|wait| TimeDelta::from_std(wait).ok());
    state.pause_seconds = i32::try_from(pause.num_seconds()).unwrap_or(i32::MAX);
    state.paused_until = Some(now + asked.map_or(pause, |asked| asked.max(pause)));
    state.probe_until = None;
    tracing::warn!(
        kind = error.kind(),
        until = ?state.paused_until,
        "YouTube refuses this address; its work is paused"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFUSED: YouTubeError = YouTubeError::RequestBlocked;
    const MINUTE: TimeDelta = TimeDelta::minutes(1);

    fn fresh() -> State {
        State {
            next_turn: DateTime::UNIX_EPOCH,
            refusals: 0,
            refusal_kind: None,
            refused_at: None,
            paused_until: None,
            pause_seconds: 0,
            probe_until: None,
        }
    }

    fn paused(now: DateTime<Utc>) -> State {
        let mut state = fresh();
        for _ in 0..REFUSALS {
            note(&mut state, now, Some(&REFUSED));
        }
        state
    }

    #[test]
    fn a_full_bucket_goes_at_once_and_the_rest_at_the_pace() {
        let (mut state, now, step) = (fresh(), Utc::now(), Duration::from_secs(2));
        let waits: Vec<u64> = (0..BURST + 3).map(|_| turn(&mut state, now, step).as_secs()).collect();
        let (at_once, paced) = waits.split_at(BURST as usize);
        assert!(at_once.iter().all(|wait| *wait == 0));
        assert_eq!(paced, [2, 4, 6]);
        // An hour later the bucket is full and no fuller.
        let later = now + TimeDelta::hours(1);
        let waits: Vec<u64> = (0..=BURST).map(|_| turn(&mut state, later, step).as_secs()).collect();
        assert_eq!(waits.iter().sum::<u64>(), 2);
    }

    #[test]
    fn refusals_in_a_row_pause_everything_and_an_answer_between_them_does_not() {
        let now = Utc::now();
        let mut state = fresh();
        for outcome in [Some(&REFUSED), Some(&REFUSED), None, Some(&REFUSED), Some(&REFUSED)] {
            note(&mut state, now, outcome);
            assert_eq!(admit(&mut state, now), None);
        }
        note(&mut state, now, Some(&YouTubeError::Timeout));
        note(&mut state, now, Some(&REFUSED));
        assert_eq!(admit(&mut state, now), Some(now + PAUSE), "a time-out proves nothing");
    }

    #[test]
    fn after_the_pause_one_asks_for_all() {
        let now = Utc::now();
        let mut state = paused(now);
        let later = now + PAUSE;
        assert_eq!(admit(&mut state, later), None, "the first goes ahead");
        assert_eq!(admit(&mut state, later), Some(later + PROBE), "the others wait for it");
        assert_eq!(admit(&mut state, later + PROBE), None, "it has died: the next one goes");
        note(&mut state, later + PROBE, Some(&YouTubeError::Private));
        assert_eq!(
            admit(&mut state, later + PROBE),
            None,
            "any answer about a video ends the pause"
        );
        assert_eq!(admit(&mut state, later + PROBE), None);
    }

    #[test]
    fn a_refusal_after_the_pause_doubles_it_to_four_hours() {
        let mut now = Utc::now();
        let mut state = paused(now);
        for minutes in [15, 30, 60, 120, 240, 240] {
            assert_eq!(admit(&mut state, now), Some(now + MINUTE * minutes));
            now += MINUTE * minutes;
            assert_eq!(admit(&mut state, now), None);
            note(&mut state, now, Some(&REFUSED));
        }
    }

    #[test]
    fn what_was_under_way_when_the_pause_began_makes_it_no_longer() {
        let now = Utc::now();
        let mut state = paused(now);
        note(&mut state, now + MINUTE, Some(&REFUSED));
        assert_eq!(admit(&mut state, now + MINUTE), Some(now + PAUSE));
    }

    #[test]
    fn a_longer_wait_that_youtube_asks_for_is_kept() {
        let now = Utc::now();
        let mut state = fresh();
        let asked = YouTubeError::IpBlocked {
            retry_after: Some(Duration::from_secs(3600)),
        };
        for _ in 0..REFUSALS {
            note(&mut state, now, Some(&asked));
        }
        assert_eq!(admit(&mut state, now), Some(now + TimeDelta::hours(1)));
    }
}
