//! `POST /settings/access`: ends devices, makes and revokes tokens, changes the login. Plain forms; the page itself is among the others.

use app::access_view::NewToken;
use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use backend::{
    access::{Granted, one_line},
    services::StoreError,
};
use uuid::Uuid;

use crate::{
    app_state::AppState,
    live_settings::{self, Typed},
    pages,
};

/// The page.
const PAGE: &str = "/settings/access";
/// Characters of a token's name.
const LONGEST_NAME: usize = 60;

/// What is wanted.
#[derive(Debug)]
struct Wanted {
    /// `end`, `end_all`, `create` or `revoke`.
    what: String,
    /// The device or token.
    id: Option<Uuid>,
    /// A new token's name,
    name: String,
    /// whether it may change anything (`full`),
    scope: String,
    /// and for how many days; 0 for good.
    days: u16,
}

impl Wanted {
    fn of(typed: &Typed) -> Result<Self, StatusCode> {
        let text = |name: &str| typed.get(name).cloned().unwrap_or_default();
        let wrong = |_| StatusCode::UNPROCESSABLE_ENTITY;
        Ok(Self {
            what: text("do"),
            id: typed
                .get("id")
                .map(|id| id.parse())
                .transpose()
                .map_err(|_| StatusCode::UNPROCESSABLE_ENTITY)?,
            name: text("name"),
            scope: text("scope"),
            days: typed.get("days").map_or(Ok(0), |days| days.parse().map_err(wrong))?,
        })
    }
}

/// `POST /settings/access`
pub async fn change(
    State(state): State<AppState>,
    Extension(granted): Extension<Granted>,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Response {
    if typed.get("do").is_some_and(|what| what == live_settings::LOGIN) {
        return live_settings::change_login(state, granted, &headers, &typed).await;
    }
    let wanted = match Wanted::of(&typed) {
        Ok(wanted) => wanted,
        Err(status) => return status.into_response(),
    };
    match carry_out(&state, &granted, &wanted).await {
        Ok(Some(token)) => pages::access_with(state, token, granted, &headers).await,
        Ok(None) => Redirect::to(PAGE).into_response(),
        Err(error) => {
            tracing::error!(%error, "a change of the access settings failed");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "This server's database did not answer as it should. Go back and try again.\n",
            )
                .into_response()
        }
    }
}

async fn carry_out(state: &AppState, granted: &Granted, wanted: &Wanted) -> Result<Option<NewToken>, StoreError> {
    // Without a login there are no devices, and a token would open nothing that is not open.
    if !state.access.is_locked() {
        return Ok(None);
    }
    match (wanted.what.as_str(), wanted.id) {
        ("end", Some(number)) => drop(state.access.end_device(granted, number).await?),
        ("end_all", _) => state.access.end_all_devices(granted).await?,
        ("revoke", Some(id)) => drop(state.access.revoke_token(granted, id).await?),
        ("create", _) => {
            let name = one_line(wanted.name.trim(), LONGEST_NAME);
            let name = if name.is_empty() { "unnamed".to_owned() } else { name };
            let read_only = wanted.scope != "full";
            let token = state
                .access
                .create_token(granted, &name, read_only, wanted.days)
                .await?;
            return Ok(Some(NewToken {
                name,
                token: token.expose().to_owned(),
            }));
        }
        _ => {}
    }
    Ok(None)
}
