//! What people see: pages, components and the server functions that feed them.
//!
//! Compiled twice: under `ssr` into the server, where pages become HTML, and under `hydrate` into the browser's wasm.
//! Every page works without script; script adds speed. The browser is touched in [`mod@browser`] alone, the backend in
//! [`server_functions`] alone.

// Views are deep types; the default limit is too low for pages of this size.
#![recursion_limit = "256"]
#![expect(unreachable_pub, reason = "#[component] writes `pub` before every component")]

#[cfg(feature = "ssr")]
pub mod access_view;
pub mod assets;
#[cfg(feature = "ssr")]
pub mod away;
mod browser;
#[cfg(feature = "ssr")]
pub mod capture;
mod components;
mod erased;
pub mod flash;
mod json_text;
#[cfg(feature = "ssr")]
pub mod login;
mod markdown;
mod outline;
mod pages;
pub mod preferences;
pub mod routes;
#[cfg(test)]
mod sample;
pub mod server_functions;
#[cfg(feature = "ssr")]
pub mod settings_view;
pub mod shell;
mod times;
mod words;

pub use browser::reload::show_reload_bar;
#[cfg(feature = "ssr")]
pub use preferences::OverTls;
pub use preferences::Theme;
pub use routes::App;
pub use shell::shell;
