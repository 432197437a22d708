//! "YouTube work is paused": said wherever somebody might wonder why nothing goes on.

use domain::youtube_health::Pause;
use leptos::prelude::*;

use crate::{
    components::moment::Moment,
    erased::{Erase, Erased},
    times::counted,
};

/// Until when, why, what waits, and where to see more.
pub(crate) fn pause_notice(pause: Pause) -> Erased {
    let more = view! {
        <div class="ways">
            <a class="button small" href="/capture" rel="external">
                "Use my browser’s captions"
            </a>
            <a class="button small" href="/settings/youtube">
                "YouTube settings"
            </a>
        </div>
    };
    view! { <div class="fault" role="status">{pause_words(pause)} {more}</div> }.erase()
}

/// Until when, why, and what waits.
pub(crate) fn pause_words(pause: Pause) -> Erased {
    let Pause { until, kind, waiting } = pause;
    let why = match kind.as_str() {
        "rate_limited" => "YouTube asked this server to slow down",
        "request_blocked" => "YouTube takes this server for a bot",
        _ => "YouTube refuses this server's address",
    };
    let waiting = match waiting {
        0 => "Nothing is lost.".to_owned(),
        1 => "1 video waits; nothing is lost.".to_owned(),
        many => format!("{} wait; nothing is lost.", counted(many.into(), "video")),
    };
    view! {
        <p>
            <b>"YouTube work is paused."</b>
            {format!(" {why}. It starts again ")}
            <Moment unix=until />
            {format!(". {waiting}")}
        </p>
    }
    .erase()
}
