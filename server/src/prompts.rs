//! `POST /settings/prompts`, `…/delete`, `…/restore`: the forms of prompts that people write. Plain posts that come back to
//! the page, with script or without.

use app::flash::PromptDraft;
use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use backend::{
    access::Granted,
    services::{KeepPromptError, StoreError},
};
use serde::Deserialize;

use crate::{app_state::AppState, pages};

/// Where the prompts are.
const PAGE: &str = "/settings/prompts";

/// A prompt as it was typed.
#[derive(Debug, Deserialize)]
pub struct Typed {
    #[serde(default)]
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    text: String,
}

/// One of them.
#[derive(Debug, Deserialize)]
pub struct Named {
    id: String,
}

/// Keeps a prompt, new or changed.
pub async fn keep(
    State(state): State<AppState>,
    Extension(granted): Extension<Granted>,
    visitor: HeaderMap,
    Form(typed): Form<Typed>,
) -> Response {
    match state.services.keep_prompt(&typed.id, &typed.name, &typed.text).await {
        Ok(id) => Redirect::to(&format!("{PAGE}?kept={id}")).into_response(),
        Err(KeepPromptError::Store(error)) => unavailable(&error),
        Err(error) => {
            let (id, message) = match error {
                KeepPromptError::Gone => (
                    String::new(),
                    "This prompt was deleted meanwhile. Saving again makes a new one.".to_owned(),
                ),
                error => (typed.id, error.to_string()),
            };
            let draft = PromptDraft {
                id,
                name: typed.name,
                text: typed.text,
                message,
            };
            pages::prompts_with(state, draft, granted, &visitor).await
        }
    }
}

/// Deletes one; the page offers to take it back.
pub async fn delete(State(state): State<AppState>, Form(named): Form<Named>) -> Response {
    match state.services.delete_prompt(&named.id).await {
        Ok(Some(_)) => Redirect::to(&format!("{PAGE}?deleted={}", named.id)).into_response(),
        Ok(None) => Redirect::to(PAGE).into_response(),
        Err(error) => unavailable(&error),
    }
}

/// Takes a deletion back.
pub async fn restore(State(state): State<AppState>, Form(named): Form<Named>) -> Response {
    match state.services.restore_prompt(&named.id).await {
        Ok(true) => Redirect::to(PAGE).into_response(),
        Ok(false) => Redirect::to(&format!("{PAGE}?late=1")).into_response(),
        Err(error) => unavailable(&error),
    }
}

fn unavailable(error: &StoreError) -> Response {
    tracing::error!(%error, "prompts could not be reached");
    (
        StatusCode::SERVICE_UNAVAILABLE,
        "This server's database did not answer as it should. Nothing was changed; please send it again.\n",
    )
        .into_response()
}
