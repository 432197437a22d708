//! The browser: the only place that touches `web_sys`. Call these from event handlers and effects only, which never run
//! on the server.

pub(crate) mod clipboard;
pub(crate) mod document;
pub(crate) mod drop;
pub(crate) mod events;
pub(crate) mod keys;
pub(crate) mod player;
pub(crate) mod post;
pub mod reload;
