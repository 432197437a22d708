//! What is left to do when the wasm has panicked: say so.

/// Makes the bar visible that asks for a reload. It stands in every page; the stylesheet hides it until then.
pub fn show_reload_bar() {
    if let Some(root) = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.document_element())
    {
        // There is nobody left to tell that it failed.
        drop(root.set_attribute("data-broken", ""));
    }
}
