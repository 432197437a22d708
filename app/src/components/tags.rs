//! The tags of a summary: plain forms, whose answer is this page.

use leptos::prelude::*;

use crate::{
    components::{flow::live, reader::Reader},
    erased::{Erase, Erased},
};

/// The tags, each with a way to take it off, and a field for another.
#[component]
pub(crate) fn Tags() -> impl IntoView {
    let reader = Reader::current();
    live(move || {
        let (id, tags) = reader.page.with(|page| {
            let id = page.summary.as_ref().map(|summary| summary.id.clone());
            (id, page.shelf.tags.clone())
        });
        let action = format!("/summaries/{}/shelf", id?);
        let tags: Vec<Erased> = tags
            .into_iter()
            .map(|tag| {
                view! {
                    <form class="chip tag" method="post" action=action.clone()>
                        <input type="hidden" name="deed" value="untag" />
                        <input type="hidden" name="tag" value=tag.clone() />
                        <a href=tag_page(&tag)><bdi>{tag.clone()}</bdi></a>
                        <button aria-label=format!("Take the tag {tag} off") title="Take it off">
                            "×"
                        </button>
                    </form>
                }
                .erase()
            })
            .collect();
        Some(
            view! {
                <section id="tags" class="tags" aria-label="Tags">
                    {tags}
                    <form method="post" action=action>
                        <input type="hidden" name="deed" value="tag" />
                        <input type="text" name="tag" maxlength="40" required placeholder="Tag" aria-label="A tag for this summary" autocomplete="off" />
                        <button class="button small">"Add tag"</button>
                    </form>
                </section>
            }
            .erase(),
        )
    })
}

/// Where all with a tag are.
pub(crate) fn tag_page(tag: &str) -> String {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    format!("/library?tag={}", utf8_percent_encode(tag, NON_ALPHANUMERIC))
}
