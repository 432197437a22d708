//! The body of a summary. Nodes are kept by their place, so that focus and selection survive what changes in them.
//!
//! A long one shows the first point of each chapter; the rest is folded, yet found by the browser's own search.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::{
    components::{
        flow::{each, when},
        point::PointView,
    },
    erased::{Erase, Erased},
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
    let is_long = Signal::derive(move || folds.with(|folds| folds.iter().any(|fold| fold.more > 0)));
    let open_all = move |_| {
        folding
            .open
            .set(folds.with_untracked(|folds| folds.iter().map(|fold| fold.chapter).collect()));
    };
    let item = move |at: usize| {
        let part = Memo::new(move |_| parts.with(|parts| parts.get(at).cloned()));
        let fold = Signal::derive(move || folds.with(|folds| folds.get(at).copied()));
        part_view(part, fold, at == 0)
    };
    view! {
        {when(is_long, move || view! { <p class="open-all script">
                <button type="button" class="link" on:click=open_all>
                    "Open all chapters"
                </button>
            </p> }.erase())}
        {each(Signal::derive(move || parts.with(Vec::len)), item)}
    }
    .erase()
}

fn part_view(part: Memo<Option<Part>>, fold: Signal<Option<Fold>>, first: bool) -> Erased {
    let folding = expect_context::<Folding>();
    let kind = Memo::new(move |_| {
        part.with(|part| match part {
            Some(Part::Heading(heading)) => Kind::Heading(heading.level),
            Some(Part::List(_)) => Kind::List,
            Some(Part::Paragraph(_)) | None => Kind::Paragraph,
        })
    });
    let is_folded = Signal::derive(move || {
        fold.get()
            .is_some_and(|fold| fold.chapter > 0 && !folding.is_open(fold.chapter))
    });
    // Of the part that leads its chapter the first item stays; of the others nothing.
    let away = move |stays: bool| {
        Signal::derive(move || {
            let leads = fold.get().is_some_and(|fold| fold.leads);
            (is_folded.get() && !(leads && stays)).then_some("until-found")
        })
    };
    let view = move || match kind.get() {
        Kind::Heading(level) => {
            let heading = Signal::derive(move || match part.get() {
                Some(Part::Heading(heading)) => heading,
                _ => Heading::default(),
            });
            heading_view(heading, level)
        }
        Kind::Paragraph => {
            let points = Signal::derive(move || match part.get() {
                Some(Part::Paragraph(points)) => points,
                _ => Vec::new(),
            });
            view! {
                <p class:answer=first dir="auto" hidden=away(true)>
                    {points_view(points)}
                </p>
            }
            .erase()
        }
        Kind::List => {
            let items = Signal::derive(move || match part.get() {
                Some(Part::List(items)) => items,
                _ => Vec::new(),
            });
            let item = move |at: usize| {
                let points = Signal::derive(move || items.with(|items| items.get(at).cloned().unwrap_or_default()));
                view! {
                    <li dir="auto" hidden=away(at == 0)>
                        {points_view(points)}
                    </li>
                }
                .erase()
            };
            view! {
                <ul>
                    {each(Signal::derive(move || items.with(Vec::len)), item)}
                </ul>
            }
            .erase()
        }
    };
    view! {
        {view}
        {fold_button(fold, is_folded)}
    }
    .erase()
}

/// Opens and folds the rest of a chapter; stands below the part that leads it, where the rest begins.
fn fold_button(fold: Signal<Option<Fold>>, is_folded: Signal<bool>) -> Erased {
    let folding = expect_context::<Folding>();
    let more = move || fold.get().map_or(0, |fold| fold.more);
    let label = Signal::derive(move || {
        if is_folded.get() {
            counted(u64::try_from(more()).unwrap_or(u64::MAX), "more point")
        } else {
            "Fold".to_owned()
        }
    });
    when(Signal::derive(move || more() > 0), move || {
        view! {
            <p class="more-points script">
                <button
                    type="button"
                    class="link"
                    aria-expanded=Signal::derive(move || (!is_folded.get()).to_string())
                    on:click=move |_| {
                        if let Some(fold) = fold.get_untracked() {
                            folding.toggle(fold.chapter);
                        }
                    }
                >
                    {label}
                </button>
            </p>
        }
        .erase()
    })
}

/// A heading with the stretch it covers. Below the page's own headings; lead-ins ("Key points:") are smaller.
fn heading_view(heading: Signal<Heading>, level: u8) -> Erased {
    let words = Signal::derive(move || heading.with(|heading| markdown::plain(&heading.text)));
    let span = Signal::derive(move || heading.with(|heading| heading.span.clone()));
    if level > 3 {
        return view! {
            <h4 class="lead-in" dir="auto">
                {words}
            </h4>
        }
        .erase();
    }
    view! {
        <div class="chapter">
            <h3 dir="auto">{words}</h3>
            <span class="span">{span}</span>
        </div>
    }
    .erase()
}

fn points_view(points: Signal<Vec<Point>>) -> Erased {
    let item = move |at: usize| {
        let point = Memo::new(move |_| points.with(|points| points.get(at).cloned().unwrap_or_default()));
        view! { <PointView point=point.into() /> }.erase()
    };
    each(Signal::derive(move || points.with(Vec::len)), item)
}
