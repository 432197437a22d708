//! The dialog that lists the keys.

use leptos::prelude::*;

use crate::erased::Erase;

/// The dialog's id.
pub(crate) const HELP: &str = "keys-help";

const KEYS: [(&str, &str); 15] = [
    ("n", "new summary"),
    (
        "g h, g l, g a, g s",
        "go home, to the library, to activity, to settings",
    ),
    ("j, k", "next and previous point, or row of a list"),
    ("x", "tick the row, where rows have boxes"),
    ("Enter", "play there"),
    ("p", "play or pause"),
    ("← →", "5 seconds back, ahead"),
    ("t, /", "transcript; find in it"),
    ("a", "ask the video"),
    ("c", "chapters"),
    ("v", "the other version"),
    ("y", "copy the link of this place"),
    ("Ctrl+Enter", "send the form"),
    ("Esc", "clear or leave a field, close what is open"),
    ("?", "these keys"),
];

/// Closed until `?` is pressed.
#[component]
pub(crate) fn Help() -> impl IntoView {
    view! {
        <dialog id=HELP class="dialog" aria-labelledby="keys-title">
            <h2 id="keys-title">"Keys"</h2>
            <dl class="details">
                {KEYS.map(|(key, what)| view! { <dt><kbd>{key}</kbd></dt><dd>{what}</dd> }).collect_view()}
            </dl>
            <form method="dialog" class="ways">
                <button class="button">"Close"</button>
                <a href="/settings/appearance">"Turn keys off"</a>
            </form>
        </dialog>
    }
    .erase()
}
