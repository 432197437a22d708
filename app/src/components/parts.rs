//! The body of a summary. Nodes are kept by their place, so that focus and selection survive what changes in them.

use leptos::prelude::*;

use crate::{
    components::point::PointView,
    markdown,
    outline::{Heading, Part, Point},
};

/// What kind of node a part is; the node is made anew only when this changes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Heading(u8),
    Paragraph,
    List,
}

/// The parts of a body, in order.
#[component]
pub(crate) fn Parts(parts: Memo<Vec<Part>>) -> impl IntoView {
    view! {
        <For each=move || 0..parts.with(Vec::len) key=|at| *at let:at>
            <PartView part=Memo::new(move |_| parts.with(|parts| parts.get(at).cloned())) first=at == 0 />
        </For>
    }
}

#[component]
fn PartView(part: Memo<Option<Part>>, first: bool) -> impl IntoView {
    let kind = Memo::new(move |_| {
        part.with(|part| match part {
            Some(Part::Heading(heading)) => Kind::Heading(heading.level),
            Some(Part::List(_)) => Kind::List,
            Some(Part::Paragraph(_)) | None => Kind::Paragraph,
        })
    });
    move || match kind.get() {
        Kind::Heading(level) => {
            let heading = Memo::new(move |_| match part.get() {
                Some(Part::Heading(heading)) => heading,
                _ => Heading::default(),
            });
            view! { <HeadingView heading level /> }.into_any()
        }
        Kind::Paragraph => {
            let points = Memo::new(move |_| match part.get() {
                Some(Part::Paragraph(points)) => points,
                _ => Vec::new(),
            });
            view! {
                <p class:answer=first dir="auto">
                    <Points points />
                </p>
            }
            .into_any()
        }
        Kind::List => {
            let items = Memo::new(move |_| match part.get() {
                Some(Part::List(items)) => items,
                _ => Vec::new(),
            });
            view! {
                <ul>
                    <For each=move || 0..items.with(Vec::len) key=|at| *at let:at>
                        <li dir="auto">
                            <Points points=Memo::new(move |_| {
                                items.with(|items| items.get(at).cloned().unwrap_or_default())
                            }) />
                        </li>
                    </For>
                </ul>
            }
            .into_any()
        }
    }
}

/// A heading with the stretch it covers. Below the page's own headings; lead-ins ("Key points:") are smaller.
#[component]
fn HeadingView(heading: Memo<Heading>, level: u8) -> impl IntoView {
    let words = move || heading.with(|heading| markdown::plain(&heading.text));
    let span = move || heading.with(|heading| heading.span.clone());
    let content = move || {
        view! {
            <span dir="auto">{words}</span>
            " "
            <span class="span">{span}</span>
        }
    };
    if level > 3 {
        view! { <h4 class="lead-in">{content()}</h4> }.into_any()
    } else {
        view! { <h3 class="chapter">{content()}</h3> }.into_any()
    }
}

#[component]
fn Points(points: Memo<Vec<Point>>) -> impl IntoView {
    view! {
        <For each=move || 0..points.with(Vec::len) key=|at| *at let:at>
            <PointView point=Memo::new(move |_| {
                points.with(|points| points.get(at).cloned().unwrap_or_default())
            }) />
        </For>
    }
}
