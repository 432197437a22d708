//! Conditions, repetitions and waiting for views, each compiled once.
//!
//! Leptos' own `Show`, `For` and `Suspense` are made anew for every use, and the browser downloads each copy. Here each way
//! in boxes its closures and hands them to a function without type parameters, which is the point: what stands in a generic
//! function, closures too, is compiled for every caller. For the same reason the components hand [`Signal`]s to views
//! where closures would do.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    components::failure::failure,
    erased::{Erase, Erased},
    server_functions::{Ask, Data, load},
};

/// Shows what `view` makes, which may be nothing, and makes it anew when something changes that it has read.
pub(crate) fn live(view: impl Fn() -> Option<Erased> + Send + 'static) -> Erased {
    live_boxed(Box::new(view))
}

fn live_boxed(view: Box<dyn Fn() -> Option<Erased> + Send>) -> Erased {
    (move || view()).erase()
}

/// Shows a view while `is` holds; it is made anew only when that changes.
pub(crate) fn when(is: impl Into<Signal<bool>>, view: impl Fn() -> Erased + Send + 'static) -> Erased {
    when_boxed(is.into(), Box::new(view))
}

fn when_boxed(is: Signal<bool>, view: Box<dyn Fn() -> Erased + Send>) -> Erased {
    let is = Memo::new(move |_| is.get());
    live_boxed(Box::new(move || is.get().then(&view)))
}

/// Repeats a view for 0 to `count`; what stands at a place stays while the count grows.
pub(crate) fn each(count: Signal<usize>, view: impl Fn(usize) -> Erased + Send + Sync + 'static) -> Erased {
    each_boxed(count, Arc::new(view))
}

fn each_boxed(count: Signal<usize>, view: Arc<dyn Fn(usize) -> Erased + Send + Sync>) -> Erased {
    view! { <For each=move || 0..count.get() key=|at| *at children=move |at| view(at) /> }.erase()
}

/// Shows a page once its data is there, and keeps showing it while new data is on its way. `ask` may also count up to
/// ask for the same again; `view` is given the data that was asked for.
pub(crate) fn loaded(
    ask: impl Fn() -> (Ask, u32) + Send + Sync + 'static,
    view: impl Fn(Data) -> Option<Erased> + Send + Sync + 'static,
) -> Erased {
    loaded_boxed(Box::new(ask), Arc::new(view))
}

/// The form of the settings page at this address. The server makes it.
pub(crate) fn settings_form(path: &'static str) -> Erased {
    loaded(
        move || (Ask::Settings(path.to_owned()), 0),
        |data| match data {
            Data::Settings(html) => Some(view! { <div inner_html=html></div> }.erase()),
            _ => None,
        },
    )
}

type AskFor = Box<dyn Fn() -> (Ask, u32) + Send + Sync>;
type ViewOf = Arc<dyn Fn(Data) -> Option<Erased> + Send + Sync>;

fn loaded_boxed(ask: AskFor, view: ViewOf) -> Erased {
    let data = Resource::new(ask, |(ask, _)| load(ask.to_string()));
    let page = move || {
        let view = Arc::clone(&view);
        Suspend::new(async move {
            match data.await {
                Ok(data) => view(data),
                Err(error) => Some(failure(&error)),
            }
        })
    };
    view! { <Transition>{page}</Transition> }.erase()
}
