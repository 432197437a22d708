//! Who asks a server function, whether they may, and what their answer's status is. On the server.

use backend::{
    access::{Access, Granted},
    services::{Services, StoreError},
};
use domain::{fault::Whose, question::Question};
use http::{HeaderValue, Method, StatusCode, Uri, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::PageError;
use crate::preferences::OverTls;

/// Too late where it came to nothing.
pub(super) fn some(count: Option<usize>) -> Result<(), PageError> {
    match count {
        None => Err(refuse(PageError::NotFound)),
        Some(0) => Err(refuse(PageError::TooLate)),
        Some(_) => Ok(()),
    }
}

/// Everything goes through here, and nobody gets it whom the gate has not let in: it says so once more, inside.
pub(super) fn services() -> Result<Services, PageError> {
    granted()?;
    provided()
}

/// Who asks, as the gate found.
pub(super) fn granted() -> Result<Granted, PageError> {
    use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<Granted>().cloned())
        .ok_or_else(|| refuse(PageError::SignIn))
}

pub(super) async fn write_down(kind: &str, detail: &str) -> Result<(), PageError> {
    let granted = granted()?;
    provided::<Access>()?
        .write_down(kind, &granted, detail)
        .await
        .map_err(store)
}

pub(super) fn provided<T: Clone + 'static>() -> Result<T, PageError> {
    use_context().ok_or_else(|| {
        tracing::error!("something was not provided to the pages");
        refuse(PageError::Store)
    })
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
pub(super) fn store(error: StoreError) -> PageError {
    tracing::error!(%error, "a page could not be filled");
    refuse(PageError::Store)
}

/// Gives the answer the status that its error means; otherwise every one of them would be a 500. A plain form keeps
/// the redirect to where it came from, which a status would undo.
pub(super) fn refuse(error: PageError) -> PageError {
    if is_plain_form() {
        return error;
    }
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(match &error {
            PageError::SignIn => StatusCode::UNAUTHORIZED,
            PageError::NotFound => StatusCode::NOT_FOUND,
            PageError::TooLate => StatusCode::CONFLICT,
            PageError::Store => StatusCode::SERVICE_UNAVAILABLE,
            PageError::Upstream(fault) if fault.whose == Whose::Input => StatusCode::NOT_FOUND,
            PageError::Upstream(_) | PageError::Transport(_) => StatusCode::BAD_GATEWAY,
        });
    }
    error
}

/// Whether a text can be an id, and thus stand in an address that somebody is led to.
pub(super) fn is_id(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Whether a browser without script sent this: it wants a page for an answer.
pub(super) fn is_plain_form() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        let accept = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
        parts.method == Method::POST && accept.is_some_and(|accept| accept.contains("text/html"))
    })
}

/// The page on which a question stands, and what its next parameter begins with. A video has several: the one that a form of it
/// was sent from.
pub(super) fn page_of(question: &Question) -> (String, char) {
    let Some(video) = &question.video_id else {
        return (format!("/ask?thread={}", question.thread), '&');
    };
    let from = use_context::<Parts>().and_then(|parts| {
        let referer = parts.headers.get(header::REFERER)?.to_str().ok()?;
        let path = referer.parse::<Uri>().ok()?.path().to_owned();
        path.starts_with("/summaries/").then_some(path)
    });
    (from.unwrap_or_else(|| format!("/videos/{video}")), '?')
}

/// `name` and `value` are words of ours.
pub(super) fn set_cookie(name: &str, value: &str) {
    let secure = if use_context::<OverTls>().is_some_and(|over| over.0) {
        "; Secure"
    } else {
        ""
    };
    let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly{secure}");
    if let (Some(response), Ok(cookie)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie)) {
        response.append_header(header::SET_COOKIE, cookie);
    }
}
