//! `POST /questions`: the form below a summary and on `/ask`, plain, with script or without. Answers with a redirect to where
//! the answer will stand, or with the reason why the question was not taken. Script that stays on its page asks for JSON and gets
//! nothing but the status.

use axum::{
    Form,
    extract::State,
    http::{HeaderMap, StatusCode, header::ACCEPT},
    response::{IntoResponse, Redirect, Response},
};
use backend::questions::{AskError, Asked};
use serde::Deserialize;

use crate::app_state::AppState;

/// The form's fields.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    question: String,
    model: String,
    video: String,
    run: String,
    thread: String,
}

/// `POST /questions`
pub async fn ask(State(state): State<AppState>, headers: HeaderMap, Form(fields): Form<Fields>) -> Response {
    let stays = headers.get(ACCEPT).is_some_and(|accept| accept == "application/json");
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    let run = given(fields.run).filter(|run| run.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    let asked = Asked {
        video_id: given(fields.video),
        run: run.clone(),
        thread: given(fields.thread),
        text: fields.question,
        model: given(fields.model),
    };
    match state.services.ask(asked).await {
        Ok(_) if stays => StatusCode::NO_CONTENT.into_response(),
        Ok(question) => {
            let page = match (&question.video_id, run) {
                (None, _) => format!("/ask?thread={}", question.thread),
                (Some(_), Some(run)) => format!("/summaries/{run}?asked={}", question.id),
                (Some(video), None) => format!("/videos/{video}?asked={}", question.id),
            };
            Redirect::to(&format!("{page}#q-{}", question.id)).into_response()
        }
        Err(error) => {
            let status = match &error {
                AskError::Store(error) => {
                    tracing::error!(%error, "a question could not be taken");
                    StatusCode::SERVICE_UNAVAILABLE
                }
                AskError::Unknown => StatusCode::NOT_FOUND,
                AskError::TooMany => StatusCode::TOO_MANY_REQUESTS,
                AskError::Empty | AskError::TooLong | AskError::Model(_) => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let words = match error {
                AskError::Store(_) => {
                    "This server's database did not answer as it should. Please ask again.".to_owned()
                }
                error => error.to_string(),
            };
            (status, format!("{words}\nGo back to change the question.\n")).into_response()
        }
    }
}
