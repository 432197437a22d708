//! Copying.

use leptos::prelude::window;

/// Puts a text on the clipboard. Browsers refuse on pages that are not secure (plain http from another machine).
pub(crate) async fn copy(text: &str) -> bool {
    if !window().is_secure_context() {
        return false;
    }
    let promise = window().navigator().clipboard().write_text(text);
    wasm_bindgen_futures::JsFuture::from(promise).await.is_ok()
}

/// The address of this page, with the second `?t=` where there is one.
pub(crate) fn page_address(seconds: Option<u32>) -> String {
    let location = window().location();
    let address = format!(
        "{}{}",
        location.origin().unwrap_or_default(),
        location.pathname().unwrap_or_default()
    );
    match seconds {
        Some(seconds) => format!("{address}?t={seconds}"),
        None => address,
    }
}
