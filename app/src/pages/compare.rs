//! `/compare?a=ID&b=ID`: two summaries side by side.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::flow::loaded,
    erased::{Erase, Erased},
    server_functions::{Ask, Data, Side},
};

/// The page.
#[component]
pub(crate) fn ComparePage() -> impl IntoView {
    let query = use_query_map();
    let ids = Memo::new(move |_| {
        let id = |name: &str| query.with(|query| query.get(name).unwrap_or_default());
        (id("a"), id("b"))
    });
    let page = loaded(
        move || {
            let (one, other) = ids.get();
            (Ask::Compare(one, other), 0)
        },
        |data| match data {
            Data::Compare(sides) => Some(compare_view(sides)),
            _ => None,
        },
    );
    view! {
        <Title text="Compare" />
        {page}
    }
    .erase()
}

fn compare_view(sides: Vec<Side>) -> Erased {
    let first = sides.first().cloned().unwrap_or_default();
    let versions = format!("/videos/{}/versions", first.video_id);
    let one_video = sides.iter().all(|side| side.video_id == first.video_id);
    let title = if one_video {
        first.title
    } else {
        "Two summaries".to_owned()
    };
    let is_one = sides.windows(2).all(|two| two[0].id == two[1].id);
    let sides: Vec<Erased> = sides
        .into_iter()
        .take(if is_one { 1 } else { 2 })
        .map(|side| side_view(side, one_video))
        .collect();
    view! {
        <section class="compare">
            <header>
                <h1 dir="auto">{title}</h1>
                <p class="quiet">
                    <a href=versions>"All versions"</a>
                </p>
                {is_one.then(|| view! { <p>"This is one version. Choose two that differ to compare them."</p> })}
            </header>
            <div class="sides">{sides}</div>
        </section>
    }
    .erase()
}

fn side_view(side: Side, one_video: bool) -> Erased {
    let Side {
        id,
        title,
        facts,
        checked,
        language,
        html,
        ..
    } = side;
    let name = if one_video {
        facts.first().cloned().unwrap_or_default()
    } else {
        title
    };
    let facts: Vec<Erased> = facts
        .into_iter()
        .skip(usize::from(one_video))
        .map(|fact| view! { <span class="item"><bdi>{fact}</bdi></span> }.erase())
        .collect();
    view! {
        <article class="side">
            <h2 dir="auto">
                <a href=format!("/summaries/{id}")>{name}</a>
            </h2>
            <p class="quiet meta">{facts}</p>
            <p class="trust">{checked}</p>
            <div class="version" lang=language inner_html=html></div>
        </article>
    }
    .erase()
}
