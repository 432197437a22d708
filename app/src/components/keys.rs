//! What single keys do on every page; a summary's page adds its own through [`ReaderKeys`].

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::{
    browser::{
        clipboard, document,
        keys::{self, Action},
    },
    components::{
        help::HELP,
        questions::ASK,
        reader::{Reader, Version},
        search_field::SEARCH,
        toast::{Toast, Toaster},
        versions,
    },
};

/// The keys of every page.
#[component]
pub(crate) fn Keys() -> impl IntoView {
    let navigate = use_navigate();
    Effect::new(move |_| {
        let navigate = navigate.clone();
        let handle = keys::listen(move |action| match action {
            Action::Go(place) => {
                navigate(place, NavigateOptions::default());
                true
            }
            Action::Help => {
                document::toggle_dialog(HELP);
                true
            }
            Action::Search => document::focus("find") || document::focus(SEARCH),
            Action::Next => document::step(document::ROWS, true),
            Action::Previous => document::step(document::ROWS, false),
            Action::Tick => document::tick_row(),
            _ => false,
        });
        let escape = keys::listen_for_escape();
        on_cleanup(move || {
            handle.remove();
            escape.remove();
        });
    });
}

/// The keys of a summary's page.
#[component]
pub(crate) fn ReaderKeys() -> impl IntoView {
    let reader = Reader::current();
    let toaster = expect_context::<Toaster>();
    let kept = expect_context::<StoredValue<[f64; 2]>>();
    Effect::new(move |_| {
        let handle = keys::listen(move |action| act(reader, toaster, kept, action));
        on_cleanup(move || handle.remove());
    });
}

fn act(reader: Reader, toaster: Toaster, kept: StoredValue<[f64; 2]>, action: Action) -> bool {
    match action {
        Action::Next => return document::step(document::CLAIMS, true),
        Action::Previous => return document::step(document::CLAIMS, false),
        Action::PlayPause => return reader.play_pause(),
        Action::Jump(by) => return reader.jump(by),
        Action::Ask => return document::focus(ASK),
        Action::Transcript => document::bring("transcript"),
        Action::Chapters => document::bring_first(".version:not([inert]) .chapter"),
        Action::Version => {
            if !untrack(|| reader.has_model()) {
                return false;
            }
            let other = match reader.shown.get_untracked() {
                Version::Extract => Version::Model,
                Version::Model => Version::Extract,
            };
            versions::show(reader, kept, other);
        }
        Action::CopyLink => {
            let address = clipboard::page_address(reader.position.get_untracked().or(reader.start));
            spawn_local(async move {
                let words = if clipboard::copy(&address).await {
                    "Link copied."
                } else {
                    "This browser did not allow copying."
                };
                toaster.show(Toast::words(words));
            });
        }
        Action::Go(_) | Action::Help | Action::Search | Action::Tick => return false,
    }
    true
}
