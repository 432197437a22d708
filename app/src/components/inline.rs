//! Inline Markdown as elements.

use leptos::prelude::*;

use crate::markdown::Inline;

/// Makes elements of the pieces of a line.
pub(crate) fn elements(line: Vec<Inline>) -> Vec<AnyView> {
    line.into_iter().map(element).collect()
}

/// Makes an element of one piece.
pub(crate) fn element(inline: Inline) -> AnyView {
    match inline {
        Inline::Text(text) => text.into_any(),
        Inline::Emphasis(text) => view! { <em>{text}</em> }.into_any(),
        Inline::Strong(text) => view! { <strong>{text}</strong> }.into_any(),
        Inline::Code(text) => view! { <code>{text}</code> }.into_any(),
    }
}
