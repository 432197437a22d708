//! Inline Markdown in claims, as data: the components make elements of it.

pub(crate) use domain::markdown::{Inline, inlines, plain, split_last_word};
