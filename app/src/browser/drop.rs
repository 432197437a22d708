//! Files dropped anywhere on the page go into the form's own file input, so that sending stays plain HTML.

use leptos::{ev, leptos_dom::helpers::WindowListenerHandle, prelude::window_event_listener};
use web_sys::{HtmlFormElement, HtmlInputElement};

/// Listens until the handles are removed. `on_files` is told after files were put into `input()`.
pub(crate) fn listen(
    input: impl Fn() -> Option<HtmlInputElement> + 'static,
    on_files: impl Fn() + 'static,
) -> [WindowListenerHandle; 2] {
    let over = window_event_listener(ev::dragover, |event| {
        if carries_files(&event) {
            event.prevent_default();
        }
    });
    let drop = window_event_listener(ev::drop, move |event| {
        let files = event.data_transfer().and_then(|data| data.files());
        if let (Some(files), Some(input)) = (files.filter(|files| files.length() > 0), input()) {
            event.prevent_default();
            input.set_files(Some(&files));
            on_files();
        }
    });
    [over, drop]
}

/// The names of the files that are chosen.
pub(crate) fn names(input: &HtmlInputElement) -> Vec<String> {
    let files = input.files();
    files.map_or_else(Vec::new, |files| {
        (0..files.length())
            .filter_map(|at| Some(files.item(at)?.name()))
            .collect()
    })
}

/// Sends the form that an element belongs to, as its button would.
pub(crate) fn submit(form: &HtmlFormElement) {
    // Fails where the form is not valid, which the browser itself says beside the field.
    drop(form.request_submit());
}

fn carries_files(event: &web_sys::DragEvent) -> bool {
    event
        .data_transfer()
        .is_some_and(|data| data.types().includes(&wasm_bindgen::JsValue::from_str("Files"), 0))
}
