//! The body of a summary. Nodes are kept by their place, so that focus and selection survive what changes in them.
//!
//! A long one shows the first point of each chapter; the rest is folded, yet found by the browser's own search.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::{
    components::point::PointView,
    markdown,
    outline::{self, Fold, Heading, Part, Point},
    times::counted,
};

/// What kind of node a part is; the node is made anew only when this changes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Heading(u8),
    Paragraph,
    List,
}

/// Which chapters of a long summary are open.
#[derive(Clone, Copy)]
struct Folding {
    open: RwSignal<BTreeSet<usize>>,
}

impl Folding {
    fn is_open(self, chapter: usize) -> bool {
        self.open.with(|open| open.contains(&chapter))
    }

    fn toggle(self, chapter: usize) {
        self.open.update(|open| {
            if !open.remove(&chapter) {
                open.insert(chapter);
            }
        });
    }
}

/// The parts of a body, in order.
#[component]
pub(crate) fn Parts(
    /// The body.
    parts: Memo<Vec<Part>>,
    /// Whether it is finished: only then it may be folded.
    #[prop(into)]
    finished: Signal<bool>,
) -> impl IntoView {
    let folds = Memo::new(move |_| {
        if finished.get() {
            parts.with(|parts| outline::folds(parts))
        } else {
            Vec::new()
        }
    });
    let folding = Folding {
        open: RwSignal::new(BTreeSet::new()),
    };
    provide_context(folding);
    let is_long = move || !folds.with(Vec::is_empty);
    let open_all = move |_| {
        folding
            .open
            .set(folds.with_untracked(|folds| folds.iter().map(|fold| fold.chapter).collect()));
    };
    view! {
        <Show when=is_long>
            <p class="open-all script">
                <button type="button" class="link" on:click=open_all>
                    "Open all chapters"
                </button>
            </p>
        </Show>
        <For each=move || 0..parts.with(Vec::len) key=|at| *at let:at>
            <PartView
                part=Memo::new(move |_| parts.with(|parts| parts.get(at).cloned()))
                fold=Memo::new(move |_| folds.with(|folds| folds.get(at).copied()))
                first={at == 0}
            />
        </For>
    }
    .into_any()
}

#[component]
fn PartView(part: Memo<Option<Part>>, fold: Memo<Option<Fold>>, first: bool) -> impl IntoView {
    let folding = expect_context::<Folding>();
    let kind = Memo::new(move |_| {
        part.with(|part| match part {
            Some(Part::Heading(heading)) => Kind::Heading(heading.level),
            Some(Part::List(_)) => Kind::List,
            Some(Part::Paragraph(_)) | None => Kind::Paragraph,
        })
    });
    // Of the part that leads its chapter the first item stays; of the others nothing.
    let is_folded = Memo::new(move |_| {
        fold.get()
            .is_some_and(|fold| fold.chapter > 0 && !folding.is_open(fold.chapter))
    });
    let away = move |stays: bool| {
        move || {
            let leads = fold.get().is_some_and(|fold| fold.leads);
            (is_folded.get() && !(leads && stays)).then_some("until-found")
        }
    };
    move || match kind.get() {
        Kind::Heading(level) => {
            let heading = Memo::new(move |_| match part.get() {
                Some(Part::Heading(heading)) => heading,
                _ => Heading::default(),
            });
            view! { <HeadingView heading level fold is_folded /> }.into_any()
        }
        Kind::Paragraph => {
            let points = Memo::new(move |_| match part.get() {
                Some(Part::Paragraph(points)) => points,
                _ => Vec::new(),
            });
            view! {
                <p class:answer=first dir="auto" hidden=away(true)>
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
                        <li dir="auto" hidden={away(at == 0)}>
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
fn HeadingView(heading: Memo<Heading>, level: u8, fold: Memo<Option<Fold>>, is_folded: Memo<bool>) -> impl IntoView {
    let folding = expect_context::<Folding>();
    let words = move || heading.with(|heading| markdown::plain(&heading.text));
    let span = move || heading.with(|heading| heading.span.clone());
    if level > 3 {
        return view! {
            <h4 class="lead-in" dir="auto">
                {words}
            </h4>
        }
        .into_any();
    }
    let more = move || fold.get().map_or(0, |fold| fold.more);
    let has_more = move || more() > 0;
    let label = move || {
        if is_folded.get() {
            counted(u64::try_from(more()).unwrap_or(u64::MAX), "more point")
        } else {
            "Fold".to_owned()
        }
    };
    view! {
        <div class="chapter">
            <h3 dir="auto">{words}</h3>
            <span class="span">{span}</span>
            <Show when=move || has_more()>
                <button
                    type="button"
                    class="link script"
                    aria-expanded=move || (!is_folded.get()).to_string()
                    on:click=move |_| {
                        if let Some(fold) = fold.get_untracked() {
                            folding.toggle(fold.chapter);
                        }
                    }
                >
                    {label}
                </button>
            </Show>
        </div>
    }
    .into_any()
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
    .into_any()
}
