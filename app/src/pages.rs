//! The pages, one file each.

pub(crate) mod access;
pub(crate) mod activity;
pub(crate) mod appearance;
pub(crate) mod ask;
pub(crate) mod compare;
pub(crate) mod home;
pub(crate) mod library;
pub(crate) mod models;
pub(crate) mod not_found;
pub(crate) mod prompts;
pub(crate) mod summary;
pub(crate) mod video_list;
pub(crate) mod video_versions;
pub(crate) mod youtube;
