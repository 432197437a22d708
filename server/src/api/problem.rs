//! Errors of the API as RFC 9457 problem documents: the one place where they become HTTP.

use axum::{
    Json,
    extract::{
        FromRequest, FromRequestParts,
        rejection::{JsonRejection, QueryRejection},
    },
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use backend::{
    questions::AskError,
    services::{ListError, Rejected, StoreError},
    youtube::YouTubeError,
};
use domain::fault::Whose;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::streams::Refused;

/// After how many seconds a refused event stream may be asked for again.
const STREAMS_AGAIN: HeaderValue = HeaderValue::from_static("30");

/// What went wrong with a call.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// No such thing.
    #[error("there is no {0} with this id")]
    NotFound(&'static str),
    /// It is not in a state for this.
    #[error("{0}")]
    Conflict(&'static str),
    /// Too many event streams are open.
    #[error(transparent)]
    Streams(#[from] Refused),
    /// The body is not what was asked for.
    #[error("{0}")]
    Invalid(String),
    /// The request as a whole can't be served: an unknown model, a length that can't be.
    #[error("{} {}", .0.input, .0.message)]
    Rejected(Rejected),
    /// The question was not taken.
    #[error("{0}")]
    Ask(AskError),
    /// YouTube would not.
    #[error("{} {}", .0, .0.hint())]
    YouTube(#[from] YouTubeError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The parameters of an address; what does not read is a problem document like every other error.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(ApiError))]
pub struct Query<T>(pub T);

/// A JSON body; the same of it.
#[derive(Debug, FromRequest)]
#[from_request(via(axum::Json), rejection(ApiError))]
pub struct Body<T>(pub T);

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> Self {
        Self::Invalid(rejection.body_text())
    }
}

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> Self {
        Self::Invalid(rejection.body_text())
    }
}

impl From<ListError> for ApiError {
    fn from(error: ListError) -> Self {
        match error {
            ListError::YouTube(error) => Self::YouTube(error),
            ListError::Store(error) => Self::Store(error),
        }
    }
}

impl From<AskError> for ApiError {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Store(error) => Self::Store(error),
            error => Self::Ask(error),
        }
    }
}

/// A problem document.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the title says it.
    #[serde(rename = "type")]
    kind: &'static str,
    title: String,
    status: u16,
    detail: String,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Streams(Refused::YouHaveMany) => StatusCode::TOO_MANY_REQUESTS,
            Self::Streams(Refused::AllAreTaken) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::Ask(AskError::Unknown) => StatusCode::NOT_FOUND,
            Self::Ask(AskError::TooMany) => StatusCode::TOO_MANY_REQUESTS,
            Self::Rejected(_) | Self::Ask(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::YouTube(error) if error.whose() == Whose::Input => StatusCode::NOT_FOUND,
            Self::YouTube(_) => StatusCode::BAD_GATEWAY,
            Self::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
        };
        let detail = match &self {
            // What the database said is for the log.
            Self::Store(error) => {
                tracing::error!(%error, "a call of the API could not be served");
                "This server's database did not answer as it should. Nothing was changed; please try again.".to_owned()
            }
            other => other.to_string(),
        };
        let mut answer = problem(status, detail);
        if matches!(self, Self::Streams(_)) {
            answer.headers_mut().insert(header::RETRY_AFTER, STREAMS_AGAIN);
        }
        answer
    }
}

/// A problem document as an answer.
pub fn problem(status: StatusCode, detail: String) -> Response {
    let problem = Problem {
        kind: "about:blank",
        title: status.canonical_reason().unwrap_or("Error").to_owned(),
        status: status.as_u16(),
        detail,
    };
    (
        status,
        [(header::CONTENT_TYPE, "application/problem+json")],
        Json(problem),
    )
        .into_response()
}
