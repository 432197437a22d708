//! A moment in the future, in the reader's own time once there is script, by UTC before.

use leptos::prelude::*;

use crate::{browser::document, erased::Erase, times};

/// Seconds of a day: beyond them a count of hours says nothing.
const DAY: i64 = 86_400;

/// "on 28 Nov 2026, 14:20 UTC", then "in 12 min (14:20)", or "on 28 Nov 2026, 14:20" where that is a day off or more.
#[component]
pub(crate) fn Moment(unix: i64) -> impl IntoView {
    let words = RwSignal::new(format!("on {}", times::moment(unix)));
    // The server can't know the reader's time zone, so the first rendering is the same on both sides.
    Effect::new(move |_| {
        let tell = move || {
            // Both are seconds since 1970, far within what a double holds.
            #[expect(clippy::cast_possible_truncation, reason = "seconds since 1970 are small")]
            let now = document::now() as i64;
            let day = times::date(unix + document::zone_offset(unix));
            words.set(until(unix - now, &day, &document::local_time(unix)));
        };
        tell();
        if let Ok(ticking) = set_interval_with_handle(tell, std::time::Duration::from_secs(20)) {
            on_cleanup(move || ticking.clear());
        }
    });
    view! { <time datetime=times::iso(unix)>{move || words.get()}</time> }.erase()
}

fn until(seconds: i64, day: &str, clock: &str) -> String {
    match seconds {
        ..=0 => "now".to_owned(),
        1..=89 => format!("in {seconds} s ({clock})"),
        90..=5399 => format!("in {} min ({clock})", (seconds + 30) / 60),
        5400..DAY => format!("in {} h ({clock})", (seconds + 1800) / 3600),
        DAY.. => format!("on {day}, {clock}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_is_rounded() {
        let wait = |seconds| until(seconds, "31 Dec 2030", "14:20");
        assert_eq!(wait(-5), "now");
        assert_eq!(wait(12), "in 12 s (14:20)");
        assert_eq!(wait(720), "in 12 min (14:20)");
        assert_eq!(wait(7200), "in 2 h (14:20)");
        assert_eq!(wait(DAY - 1), "in 24 h (14:20)");
    }

    #[test]
    fn from_a_day_on_the_date_is_said() {
        for seconds in [DAY, 35_843 * 3600] {
            assert_eq!(until(seconds, "31 Dec 2030", "23:00"), "on 31 Dec 2030, 23:00");
        }
    }
}
