//! `POST /questions`: the form below a summary and on `/ask`, plain, with script or without. Answers with a redirect to where
//! the answer will stand, or with a page that says why the question was not taken and keeps it. Script that stays on its page asks
//! for JSON and gets nothing but the status.

use app::flash::QuestionDraft;
use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, StatusCode, header::ACCEPT},
    response::{IntoResponse, Redirect, Response},
};
use backend::{
    access::Granted,
    questions::{AskError, Asked},
};
use serde::Deserialize;

use crate::{app_state::AppState, pages};

/// The form's fields.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    question: String,
    model: String,
    video: String,
    run: String,
    thread: String,
}

/// `POST /questions`
pub async fn ask(
    State(state): State<AppState>,
    Extension(granted): Extension<Granted>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    let stays = headers.get(ACCEPT).is_some_and(|accept| accept == "application/json");
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    let typed = fields.clone();
    let run = given(fields.run).filter(|run| run.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    let asked = Asked {
        video_id: given(fields.video),
        run: run.clone(),
        thread: given(fields.thread),
        text: fields.question,
        model: given(fields.model),
    };
    let error = match state.services.ask(asked).await {
        Ok(_) if stays => return StatusCode::NO_CONTENT.into_response(),
        Ok(question) => {
            let page = match (&question.video_id, run) {
                (None, _) => format!("/ask?thread={}", question.thread),
                (Some(_), Some(run)) => format!("/summaries/{run}?asked={}", question.id),
                (Some(video), None) => format!("/videos/{video}?asked={}", question.id),
            };
            return Redirect::to(&format!("{page}#q-{}", question.id)).into_response();
        }
        Err(error) => error,
    };
    let status = match &error {
        AskError::Store(error) => {
            tracing::error!(%error, "a question could not be taken");
            let words = "This server's database did not answer as it should. Please ask again.\n";
            return (StatusCode::SERVICE_UNAVAILABLE, words).into_response();
        }
        AskError::Unknown => StatusCode::NOT_FOUND,
        AskError::TooMany => StatusCode::TOO_MANY_REQUESTS,
        AskError::Empty | AskError::TooLong | AskError::Model(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    if stays {
        return (status, format!("{error}\n")).into_response();
    }
    let draft = QuestionDraft {
        text: typed.question,
        model: typed.model,
        video: typed.video,
        run: run.unwrap_or_default(),
        thread: typed.thread,
        message: error.to_string(),
    };
    pages::question_with(state, draft, status, granted, &headers).await
}
