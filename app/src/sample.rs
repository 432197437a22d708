//! A summary for tests.

use domain::{
    run::Request,
    summary::{Provenance, Summary},
};

/// One without words, that the model `m` was asked for.
pub(crate) fn summary() -> Summary {
    Summary {
        id: String::new(),
        video_id: String::new(),
        title: String::new(),
        request: Request {
            model: "m".to_owned(),
            style: "briefing".to_owned(),
            language: None,
            words: 250,
            span: None,
        },
        body: String::new(),
        claims: Vec::new(),
        provenance: Provenance::default(),
        created_at: 0,
    }
}
