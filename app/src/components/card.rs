//! A card that hangs below its line, or stands above it where the window ends.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::prelude::*;

use crate::{
    browser::document,
    erased::{Erase, Erased},
};

/// An id for a card, so that its link can be described by it. Only cards that are open stand in the page, and only script opens
/// them: the server's numbers are never compared with the browser's.
pub(crate) fn card_id() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("card-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The card.
pub(crate) fn card(id: String, role: &'static str, content: Erased) -> Erased {
    let above = RwSignal::new(false);
    let measured = id.clone();
    Effect::new(move |_| above.set(document::hangs_out(&measured)));
    view! {
        <span id=id class="card" class:above=above role=role>
            {content}
        </span>
    }
    .erase()
}
