//! Inline Markdown as elements.

use leptos::prelude::*;

use crate::{
    erased::{Erase, Erased},
    markdown::Inline,
};

/// Makes elements of the pieces of a line.
pub(crate) fn elements(line: Vec<Inline>) -> Vec<Erased> {
    line.into_iter().map(element).collect()
}

/// Makes an element of one piece.
pub(crate) fn element(inline: Inline) -> Erased {
    match inline {
        Inline::Text(text) => text.erase(),
        Inline::Emphasis(text) => view! { <em>{text}</em> }.erase(),
        Inline::Strong(text) => view! { <strong>{text}</strong> }.erase(),
        Inline::Code(text) => view! { <code>{text}</code> }.erase(),
    }
}
