//! One short message at a time, at the bottom: that something was copied, or deleted with the offer to take it back.

use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    components::{
        flow::live,
        post_form::{Answer, PostForm},
    },
    erased::{Erase, Erased},
    server_functions::{RestoreQuestion, RestoreSummary},
};

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Toast {
    words: String,
    /// What Undo sends: where, and of which summary or question.
    undo: Option<(&'static str, String)>,
}

impl Toast {
    /// Words alone.
    pub(crate) fn words(words: &str) -> Self {
        Self {
            words: words.to_owned(),
            undo: None,
        }
    }

    /// A summary was deleted.
    pub(crate) fn deleted(title: &str, id: String) -> Self {
        Self {
            words: format!("Deleted “{title}”."),
            undo: Some((RestoreSummary::PATH, id)),
        }
    }

    /// A question was deleted.
    pub(crate) fn deleted_question(text: &str, id: String) -> Self {
        Self {
            words: format!("Deleted “{text}”."),
            undo: Some((RestoreQuestion::PATH, id)),
        }
    }
}

/// Shows toasts. A handle, provided to all pages.
#[derive(Clone, Copy, Default)]
pub(crate) struct Toaster {
    toast: RwSignal<Option<Toast>>,
    /// Counts toasts, so that a timer only ends its own.
    turn: RwSignal<u32>,
    /// Counts restorations, so that lists know to ask again.
    restored: RwSignal<u32>,
    held: RwSignal<bool>,
}

impl Toaster {
    /// Shows a toast in place of the one before, for 8 s, with Undo for 20 s.
    pub(crate) fn show(self, toast: Toast) {
        let seconds = if toast.undo.is_some() { 20 } else { 8 };
        self.toast.set(Some(toast));
        self.turn.update(|turn| *turn = turn.wrapping_add(1));
        self.end_after(seconds, self.turn.get_untracked());
    }

    /// Changes when a deletion was taken back.
    pub(crate) fn restored(self) -> u32 {
        self.restored.get()
    }

    /// Says how a restoration went.
    pub(crate) fn undone(self, answer: Answer) {
        match answer {
            Ok(_) => {
                self.restored.update(|n| *n = n.wrapping_add(1));
                self.show(Toast::words("Restored."));
            }
            Err(error) => self.show(Toast::words(&error.to_string())),
        }
    }

    fn end_after(self, seconds: u64, turn: u32) {
        set_timeout(
            move || {
                if self.turn.try_get_untracked() != Some(turn) {
                    return;
                }
                if self.held.get_untracked() {
                    self.end_after(2, turn);
                } else {
                    self.toast.set(None);
                }
            },
            std::time::Duration::from_secs(seconds),
        );
    }
}

/// Where toasts appear.
#[component]
pub(crate) fn Toasts() -> impl IntoView {
    let toaster = expect_context::<Toaster>();
    let done = Callback::new(move |(_, answer): (String, Answer)| toaster.undone(answer));
    let shown = live(move || toaster.toast.get().map(|toast| toast_view(toaster, toast, done)));
    view! {
        <div class="toasts" role="status">
            {shown}
        </div>
    }
    .erase()
}

fn toast_view(toaster: Toaster, toast: Toast, done: Callback<(String, Answer)>) -> Erased {
    let undo = toast.undo.map(|(action, id)| {
        view! {
            <PostForm action id=Signal::stored(id) done>
                <button class="button small">"Undo"</button>
            </PostForm>
        }
    });
    view! {
        <div
            class="toast"
            on:mouseenter=move |_| toaster.held.set(true)
            on:mouseleave=move |_| toaster.held.set(false)
            on:focusin=move |_| toaster.held.set(true)
            on:focusout=move |_| toaster.held.set(false)
        >
            <span dir="auto">{toast.words}</span>
            {undo}
        </div>
    }
    .erase()
}
