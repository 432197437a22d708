//! Conditions, repetitions and waiting for views, each compiled once.
//!
//! Leptos' own `Show`, `For` and `Suspense` are made anew for every use, and the browser downloads each copy; these take
//! boxed closures instead. For the same reason the components hand [`Signal`]s to views where closures would do.

use std::{future::Future, pin::Pin, sync::Arc};

use leptos::prelude::*;

use crate::whole::Whole;

/// Shows its children while `is` holds; they are made anew only when that changes.
#[component]
pub(crate) fn When(
    /// The condition.
    #[prop(into)]
    is: Signal<bool>,
    /// What it shows.
    children: ChildrenFn,
) -> impl IntoView {
    let is = Memo::new(move |_| is.get());
    move || is.get().then(|| children())
}

/// Makes the view of the item at a place.
pub(crate) type Item = Arc<dyn Fn(usize) -> AnyView + Send + Sync>;

/// Repeats a view for 0 to `count`; what stands at a place stays while the count grows.
#[component]
pub(crate) fn Each(
    /// How many.
    #[prop(into)]
    count: Signal<usize>,
    /// The view at a place.
    item: Item,
) -> impl IntoView {
    view! { <For each=move || 0..count.get() key=|at| *at children=move |at| item(at) /> }.whole()
}

/// A view that is on its way.
pub(crate) type Coming = Pin<Box<dyn Future<Output = AnyView> + Send>>;

/// Shows what `load` brings, and keeps showing it while the next is on its way.
#[component]
pub(crate) fn Loaded(
    /// Called again whenever something changes that it has read.
    load: Arc<dyn Fn() -> Coming + Send + Sync>,
) -> impl IntoView {
    view! { <Transition>{move || Suspend::new(load())}</Transition> }.whole()
}
