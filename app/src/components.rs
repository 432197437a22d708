//! What pages are made of, one file a thing.

pub(crate) mod actions;
pub(crate) mod failure;
pub(crate) mod fault;
pub(crate) mod flow;
pub(crate) mod help;
pub(crate) mod inline;
pub(crate) mod keys;
pub(crate) mod lead;
pub(crate) mod library_row;
pub(crate) mod live;
pub(crate) mod moment;
pub(crate) mod parts;
pub(crate) mod player;
pub(crate) mod point;
pub(crate) mod post_form;
pub(crate) mod provenance;
pub(crate) mod reader;
pub(crate) mod search_field;
pub(crate) mod search_results;
pub(crate) mod stages;
pub(crate) mod strip;
pub(crate) mod submit_form;
pub(crate) mod toast;
pub(crate) mod top_bar;
pub(crate) mod transcript;
pub(crate) mod versions;
