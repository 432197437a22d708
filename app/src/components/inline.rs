//! Inline Markdown as elements.

use leptos::prelude::*;

use crate::markdown::Inline;
use crate::whole::Whole;

/// Makes elements of the pieces of a line.
pub(crate) fn elements(line: Vec<Inline>) -> Vec<AnyView> {
    line.into_iter().map(element).collect()
}

/// Makes an element of one piece.
pub(crate) fn element(inline: Inline) -> AnyView {
    match inline {
        Inline::Text(text) => text.whole(),
        Inline::Emphasis(text) => view! { <em>{text}</em> }.whole(),
        Inline::Strong(text) => view! { <strong>{text}</strong> }.whole(),
        Inline::Code(text) => view! { <code>{text}</code> }.whole(),
    }
}
