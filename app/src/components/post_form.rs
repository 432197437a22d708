//! A form that does one thing with one run or summary: plain HTML, which comes back to its page; with script it is sent
//! in the background instead.

use leptos::{prelude::*, task::spawn_local};

use crate::{browser::post, erased::Erase, server_functions::PageError};

/// What a post brought: the text that the server function returned, where it returns one.
pub(crate) type Answer = Result<Option<String>, PageError>;

/// The form around a button.
#[component]
pub(crate) fn PostForm(
    /// The server function's address.
    action: &'static str,
    /// What it is done with.
    #[prop(into)]
    id: Signal<String>,
    /// Told how it went, with the id; only where there is script.
    done: Callback<(String, Answer)>,
    /// The button, and what stands around it.
    children: Children,
) -> impl IntoView {
    let sending = RwSignal::new(false);
    view! {
        <form
            class="inline"
            method="post"
            action=action
            on:submit=move |event| {
                event.prevent_default();
                if sending.get_untracked() {
                    return;
                }
                sending.set(true);
                let id = id.get_untracked();
                spawn_local(async move {
                    let answer = post::send(action, &id).await;
                    // The form may be gone by now, for instance with the row it stood in.
                    sending.try_set(false);
                    done.try_run((id, answer));
                });
            }
        >
            <input type="hidden" name="id" value=id />
            {children()}
        </form>
    }
    .erase()
}
