//! A summary in a list: picture, title, channel, who wrote it and in which style and language, its first point.

use domain::{
    library::LibraryItem,
    prompt::{self, STYLES},
    timecode::length,
};
use leptos::prelude::*;

use crate::{
    components::tags::tag_page,
    erased::{Erase, Erased},
    markdown,
    times::part,
    words,
};

/// The row's content; lists put it into their own item.
#[component]
pub(crate) fn LibraryRow(item: LibraryItem) -> impl IntoView {
    let href = format!("/summaries/{}", item.id);
    let hours = item.duration_s.is_some_and(|seconds| seconds >= 3600);
    let tags: Vec<Erased> = item
        .tags
        .iter()
        .map(|tag| view! { <span class="item"><a href=tag_page(tag)><bdi>{format!("#{tag}")}</bdi></a></span> }.erase())
        .collect();
    // What most have goes without saying; what differs tells versions of one video apart.
    let style = (item.style != STYLES[0].0).then(|| prompt::title(&item.style).to_owned());
    let language = item.asked_language().map(|code| words::language(code).to_owned());
    let meta = [
        item.span.map(|span| part(span, hours)),
        item.channel,
        item.duration_s.map(length),
    ]
    .into_iter()
    .flatten()
    .filter(|part| !part.is_empty())
    .map(|part| view! { <span class="item"><bdi>{part}</bdi></span> })
    .collect_view();
    let wishes = [style, language]
        .into_iter()
        .flatten()
        .map(|part| view! { <span class="item"><bdi>{part}</bdi></span> })
        .collect_view();
    let (model, whole) = (words::model(&item.model).to_owned(), words::model_hint(&item.model));
    view! {
        <div class="row">
            <div class="thumb" aria-hidden="true">
                {match item.youtube_id {
                    Some(id) => {
                        view! { <img src=format!("/thumbnails/{id}.jpg") alt="" width="128" height="72" loading="lazy" /> }
                            .erase()
                    }
                    None => view! { <span class="thumb-text">"Transcript"</span> }.erase(),
                }}
            </div>
            <div class="row-text">
                <h3 dir="auto">
                    <a href=href>{item.title}</a>
                </h3>
                <p class="quiet meta">
                    {meta}
                    <span class="item" title=whole>
                        <bdi>{model}</bdi>
                    </span>
                    {wishes}
                    {tags}
                </p>
                <p class="first-point" dir="auto">
                    {markdown::plain(&item.first_point)}
                </p>
            </div>
        </div>
    }
    .erase()
}
