//! Single keys: which mean what (ui.md §6), and listening to them.

use leptos::{ev, leptos_dom::helpers::WindowListenerHandle, prelude::window_event_listener};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::browser::document;

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Go to an address of ours.
    Go(&'static str),
    /// Focus the field that searches.
    Search,
    /// Focus the next claim, or row of a list.
    Next,
    /// Focus the previous one.
    Previous,
    /// Play or pause.
    PlayPause,
    /// Jump by so many seconds.
    Jump(i8),
    /// Go to the transcript.
    Transcript,
    /// Go to the chapters.
    Chapters,
    /// Show the other version.
    Version,
    /// Copy the link of this place.
    CopyLink,
    /// Go to the field for questions.
    Ask,
    /// Tick the row that has focus.
    Tick,
    /// Show the keys.
    Help,
}

/// What `key` asks for after `before`, the key pressed just before it.
pub(crate) fn action(before: Option<&str>, key: &str) -> Option<Action> {
    if before == Some("g") {
        return match key {
            "h" => Some(Action::Go("/")),
            "l" => Some(Action::Go("/library")),
            "a" => Some(Action::Go("/activity")),
            "s" => Some(Action::Go("/settings/appearance")),
            _ => None,
        };
    }
    Some(match key {
        "/" => Action::Search,
        "n" => Action::Go("/"),
        "j" => Action::Next,
        "k" => Action::Previous,
        "p" => Action::PlayPause,
        "ArrowLeft" => Action::Jump(-5),
        "ArrowRight" => Action::Jump(5),
        "a" => Action::Ask,
        "t" => Action::Transcript,
        "c" => Action::Chapters,
        "v" => Action::Version,
        "y" => Action::CopyLink,
        "x" => Action::Tick,
        "?" => Action::Help,
        _ => return None,
    })
}

/// Listens until the handle is removed. `act` tells whether it did something; only then the key does nothing else.
pub(crate) fn listen(act: impl Fn(Action) -> bool + 'static) -> WindowListenerHandle {
    let before = std::cell::RefCell::new(None::<(String, f64)>);
    window_event_listener(ev::keydown, move |event| {
        if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key() || in_field(&event) {
            return;
        }
        if !document::keys_on() {
            return;
        }
        let key = event.key();
        // `g` waits for its second key for a second.
        let prefix = before.take().filter(|(_, at)| document::now() - at < 1.0);
        if let Some(action) = action(prefix.as_ref().map(|(key, _)| key.as_str()), &key)
            && act(action)
        {
            event.prevent_default();
        }
        *before.borrow_mut() = Some((key, document::now()));
    })
}

/// Makes Esc do what people expect of it, until the handle is removed: it clears a search, leaves a field, closes what
/// is open. It writes nothing, so it is not turned off with the other keys.
pub(crate) fn listen_for_escape() -> WindowListenerHandle {
    window_event_listener(ev::keydown, |event| {
        // Esc may end the composing of a character, and dialogs close by themselves.
        if event.key() != "Escape" || event.default_prevented() || event.is_composing() {
            return;
        }
        let Some(target) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) else {
            return;
        };
        if target.closest("dialog[open]").is_ok_and(|dialog| dialog.is_some()) {
            return;
        }
        let done = if target.matches("input, textarea").unwrap_or(false) {
            document::clear_search(&target) || target.blur().is_ok()
        } else {
            document::close_details()
        };
        if done {
            event.prevent_default();
        }
    })
}

/// Whether keys belong to what has focus.
fn in_field(event: &web_sys::KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| {
        target
            // A dialog that has just closed keeps the focus until the next frame.
            .closest("input, textarea, select, [contenteditable], dialog[open]")
            .ok()
            .flatten()
            .is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g_makes_the_next_key_a_place() {
        assert_eq!(action(Some("g"), "l"), Some(Action::Go("/library")));
        assert_eq!(action(Some("g"), "j"), None);
        assert_eq!(action(Some("j"), "l"), None);
        assert_eq!(action(None, "j"), Some(Action::Next));
    }
}
