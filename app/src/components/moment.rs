//! A moment in the near future, in the reader's own time once there is script, by UTC before.

use leptos::prelude::*;

use crate::{browser::document, erased::Erase, times};

/// "at 14:20 UTC", then "in 12 min (14:20)".
#[component]
pub(crate) fn Moment(unix: i64) -> impl IntoView {
    let words = RwSignal::new(format!("at {}", times::time_of_day(unix)));
    // The server can't know the reader's time zone, so the first rendering is the same on both sides.
    Effect::new(move |_| {
        let tell = move || {
            // Both are seconds since 1970, far within what a double holds.
            #[expect(clippy::cast_possible_truncation, reason = "seconds since 1970 are small")]
            let now = document::now() as i64;
            words.set(until(unix - now, &document::local_time(unix)));
        };
        tell();
        if let Ok(ticking) = set_interval_with_handle(tell, std::time::Duration::from_secs(20)) {
            on_cleanup(move || ticking.clear());
        }
    });
    view! { <time datetime=times::iso(unix)>{move || words.get()}</time> }.erase()
}

fn until(seconds: i64, clock: &str) -> String {
    match seconds {
        ..=0 => "now".to_owned(),
        1..=89 => format!("in {seconds} s ({clock})"),
        90..=5399 => format!("in {} min ({clock})", (seconds + 30) / 60),
        _ => format!("in {} h ({clock})", (seconds + 1800) / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_is_rounded() {
        assert_eq!(until(-5, "14:20"), "now");
        assert_eq!(until(12, "14:20"), "in 12 s (14:20)");
        assert_eq!(until(720, "14:20"), "in 12 min (14:20)");
        assert_eq!(until(7200, "14:20"), "in 2 h (14:20)");
    }
}
