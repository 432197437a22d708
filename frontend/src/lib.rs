//! The wasm entry: starts the application in a page that the server has rendered.

// Views are deep types.
#![recursion_limit = "256"]

use wasm_bindgen::prelude::wasm_bindgen;

/// Hydrates the page. Called once by the script in the document's head.
#[wasm_bindgen]
pub fn hydrate() {
    // A panic ends the application silently: the console says why, and a bar asks for a reload.
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        app::show_reload_bar();
    }));
    leptos::mount::hydrate_body(app::App);
}
