//! The pages: Leptos routes with what they need by context, the 404 page, and `/videos/{id}`.

use std::sync::{Arc, LazyLock};

use app::{
    App, OverTls,
    access_view::NewToken,
    assets::Assets,
    capture::{Choices, capture_document},
    flash::{Flash, PromptDraft, QuestionDraft},
    settings_view::{SettingsForm, SettingsForms},
    shell,
    shell::InTheClear,
};
use axum::{
    Router,
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse, Redirect, Response},
};
use backend::{
    access::{Access, Granted},
    services::Services,
};
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list};

use crate::{access::gate, app_state::AppState, csp, page_cache};

/// What pages there are. Found out once: meanwhile Leptos lets nothing in the whole process load, and what was asked for in that moment
/// stays without an answer for ever (`suppress_resource_load`).
pub static LISTED: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));

/// Routes of all pages and server functions.
pub fn routes(state: &AppState) -> Router<AppState> {
    let context = context(state, Left::Nothing);
    Router::new()
        .leptos_routes_with_context(state, LISTED.clone(), context, page)
        .layer(middleware::from_fn_with_state(state.clone(), page_cache::library))
}

/// What was done just before leaves this behind for the page that answers it.
#[derive(Clone)]
enum Left {
    Nothing,
    Flash(Flash),
    Token(NewToken),
    Settings(SettingsForm),
}

/// The access settings as the answer to the making of a token, which is shown this once.
pub async fn access_with(state: AppState, token: NewToken, granted: Granted, visitor: &HeaderMap) -> Response {
    render(&state, "/settings/access", visitor, Some(granted), Left::Token(token)).await
}

/// The home page as the answer to a submission that was not accepted whole. Rendered under the address that the browser
/// shows, or hydration would find another page.
pub async fn home_with(state: AppState, flash: Flash, granted: Granted, visitor: &HeaderMap) -> Response {
    let status = if flash.accepted.is_empty() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let mut response = render(&state, "/submit", visitor, Some(granted), Left::Flash(flash)).await;
    *response.status_mut() = status;
    response
}

/// The page of prompts as the answer to one that was not kept.
pub async fn prompts_with(state: AppState, draft: PromptDraft, granted: Granted, visitor: &HeaderMap) -> Response {
    let flash = Flash {
        prompt: Some(draft),
        ..Flash::default()
    };
    let mut response = render(&state, "/settings/prompts", visitor, Some(granted), Left::Flash(flash)).await;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    response
}

/// The page with the field as the answer to a question that was not taken.
pub async fn question_with(
    state: AppState,
    draft: QuestionDraft,
    status: StatusCode,
    granted: Granted,
    visitor: &HeaderMap,
) -> Response {
    let flash = Flash {
        question: Some(Box::new(draft)),
        ..Flash::default()
    };
    let mut response = render(&state, "/questions", visitor, Some(granted), Left::Flash(flash)).await;
    *response.status_mut() = status;
    response
}

/// A page of settings as the answer to some that were not kept.
pub async fn settings_with(
    state: AppState,
    page: &str,
    form: SettingsForm,
    granted: Granted,
    visitor: &HeaderMap,
) -> Response {
    let mut response = render(&state, page, visitor, Some(granted), Left::Settings(form)).await;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    response
}

/// Whatever has no route: a static file, or a page that helps the person on, with status 404.
pub async fn not_found(State(state): State<AppState>, request: Request) -> Response {
    let path = request.uri().path();
    if let Some(file) = state.site.answer(path, request.method(), request.headers()) {
        return file;
    }
    let mut response = render(
        &state,
        path,
        request.headers(),
        request.extensions().get().cloned(),
        Left::Nothing,
    )
    .await;
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// `GET /videos/{id}`: the pinned or newest summary of a video, at the second that `?t=` names.
pub async fn main_of_video(State(state): State<AppState>, Path(id): Path<String>, request: Request) -> Response {
    match state.services.main_summary_of(&id).await {
        Ok(Some(summary)) => {
            let query = request
                .uri()
                .query()
                .map_or_else(String::new, |query| format!("?{query}"));
            Redirect::to(&format!("/summaries/{summary}{query}")).into_response()
        }
        _ => not_found(State(state), request).await,
    }
}

/// `GET /capture`: what the bookmarklet brings is shown by a page that has no wasm.
pub async fn capture(State(state): State<AppState>, request: Request) -> Response {
    let choices = Choices::of(&state.services).await;
    let around = context(&state, Left::Nothing);
    let context = move || {
        around();
        provide_context(choices.clone());
    };
    let handler = leptos_axum::render_app_async_with_context(context, || {
        add_policy();
        capture_document()
    });
    handler(request).await.into_response()
}

async fn render(state: &AppState, path: &str, visitor: &HeaderMap, granted: Option<Granted>, left: Left) -> Response {
    let context = context(state, left);
    let handler = leptos_axum::render_app_async_with_context(context, page);
    let mut request = Request::builder().uri(path);
    // The theme is in a cookie.
    if let Some(cookie) = visitor.get(header::COOKIE) {
        request = request.header(header::COOKIE, cookie);
    }
    // Server functions ask for it again.
    if let Some(granted) = granted {
        if gate::shows_banner(state, granted.address, visitor) {
            request = request.extension(InTheClear);
        }
        request = request.extension(granted);
    }
    match request.body(Body::empty()) {
        Ok(request) => handler(request).await.into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

fn context(state: &AppState, left: Left) -> impl Fn() + Clone + Send + Sync + use<> {
    let services: Services = state.services.clone();
    let access: Access = state.access.clone();
    let assets: Assets = state.assets.clone();
    let settings = state.settings.clone();
    let theme = settings.clone();
    let over_tls = OverTls(state.door.over_tls);
    let forms = SettingsForms(Arc::new(move |path, granted| settings.form_at(path, granted)));
    move || {
        provide_context(theme.theme());
        provide_context(over_tls);
        provide_context(forms.clone());
        provide_context(services.clone());
        provide_context(access.clone());
        provide_context(assets.clone());
        match &left {
            Left::Nothing => {}
            Left::Flash(flash) => provide_context(flash.clone()),
            Left::Token(token) => provide_context(token.clone()),
            Left::Settings(form) => provide_context(form.clone()),
        }
    }
}

/// A page with its policy.
fn page() -> impl leptos::IntoView {
    add_policy();
    shell()
}

/// The policy of the page that is being made: the nonce is new each time.
fn add_policy() {
    if let (Some(nonce), Some(response)) = (leptos::nonce::use_nonce(), use_context::<ResponseOptions>())
        && let Ok(policy) = HeaderValue::from_str(&csp::of_page(&nonce))
    {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}
