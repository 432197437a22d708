//! `/login` and `/logout`: a form that works without script. Signing in always means a new session.

use std::net::IpAddr;

use app::login::{LoginPage, Way, login_page};
use axum::{
    Extension, Form,
    body::Bytes,
    extract::{FromRequest, Query, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use backend::{
    access::{Attempt, Granted, SignInError, Who, one_line},
    models::Secret,
};
use chrono::{DateTime, Utc};
use leptos::nonce::Nonce;
use serde::Deserialize;
use tower_sessions::Session;
use url::Url;

use super::{SIGNED_IN, SignedIn, gate::Client};
use crate::{app_state::AppState, csp, legacy};

/// Where somebody was going.
#[derive(Debug, Deserialize)]
pub struct Going {
    #[serde(default)]
    next: String,
}

/// What was typed. Its `Debug` must not be: it holds the code.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

/// `GET /login`
pub async fn show(
    State(state): State<AppState>,
    Extension(Client(address)): Extension<Client>,
    granted: Option<Extension<Granted>>,
    Query(going): Query<Going>,
    headers: HeaderMap,
) -> Response {
    let next = local(&going.next);
    if granted.is_some() {
        return Redirect::to(&next).into_response();
    }
    let way = state.door.way(address, &headers);
    let Ok(standing) = state.access.standing(address).await else {
        let said = Said::of(StatusCode::SERVICE_UNAVAILABLE, NO_DATABASE);
        return page(&state, &headers, next, said, way);
    };
    let said = match standing {
        Attempt::Wrong { remaining } if remaining == state.access.max_attempts() => Said {
            status: StatusCode::OK,
            message: None,
            hint: None,
        },
        Attempt::Wrong { remaining } => Said {
            status: StatusCode::OK,
            message: None,
            hint: Some(remain(remaining)),
        },
        other => Said::about(other, &state),
    };
    page(&state, &headers, next, said, way)
}

/// `POST /login`: the page's form, or JSON as the predecessor's scripts send it.
pub async fn sign_in(
    State(state): State<AppState>,
    Extension(Client(address)): Extension<Client>,
    session: Session,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    if legacy::is_json(&headers) {
        let body = match Bytes::from_request(request, &state).await {
            Ok(body) => body,
            Err(rejection) => return rejection.into_response(),
        };
        return match legacy::typed(&body) {
            Ok(code) => {
                let opened = open(&state, address, &session, &headers, code).await;
                legacy::signed_in(&opened, state.access.lockout())
            }
            Err(error) => legacy::not_typed(error),
        };
    }
    let Form(typed) = match Form::<Typed>::from_request(request, &state).await {
        Ok(form) => form,
        Err(rejection) => return rejection.into_response(),
    };
    let next = local(&typed.next);
    let said = match open(&state, address, &session, &headers, typed.code).await {
        Opened::Tried(Attempt::Right) | Opened::NoCode => return Redirect::to(&next).into_response(),
        Opened::Tried(attempt) => Said::about(attempt, &state),
        Opened::Refused => Said::of(StatusCode::FORBIDDEN, IN_THE_CLEAR),
        Opened::Shut => Said::of(StatusCode::SERVICE_UNAVAILABLE, SHUT),
        Opened::Busy => Said::of(StatusCode::SERVICE_UNAVAILABLE, BUSY),
        Opened::Down => Said::of(StatusCode::SERVICE_UNAVAILABLE, NO_DATABASE),
    };
    page(&state, &headers, next, said, state.door.way(address, &headers))
}

/// What became of a code that was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// It was looked at, or not: the attempt tells. A right one has opened a session.
    Tried(Attempt),
    /// There is no login.
    NoCode,
    /// It could be read on the way, so it is not looked at.
    Refused,
    /// There is to be a code, and it can't be had.
    Shut,
    /// Others are being looked at.
    Busy,
    /// The database failed.
    Down,
}

/// Looks at a code, and opens a session where it is right.
async fn open(state: &AppState, address: IpAddr, session: &Session, headers: &HeaderMap, code: String) -> Opened {
    let agent = agent(headers);
    if state.access.is_locked() && state.door.way(address, headers) == Way::Refused {
        return Opened::Refused;
    }
    let attempt = match state.access.sign_in(address, Secret::new(code), agent).await {
        Ok(attempt) => attempt,
        Err(SignInError::NoCode) => return Opened::NoCode,
        Err(SignInError::Shut) => return Opened::Shut,
        Err(SignInError::Busy) => return Opened::Busy,
        Err(SignInError::Store(error)) => {
            tracing::error!(%error, "an attempt to sign in could not be made");
            return Opened::Down;
        }
    };
    if attempt != Attempt::Right {
        return Opened::Tried(attempt);
    }
    let signed_in = SignedIn {
        code: state.access.mark_of_code().unwrap_or_default(),
        device: device(agent),
        address: address.to_string(),
    };
    let opened = async {
        // A new id, whatever the browser came with.
        session.clear().await;
        session.cycle_id().await?;
        session.insert(SIGNED_IN, &signed_in).await?;
        session.save().await
    };
    if let Err(error) = opened.await {
        tracing::error!(%error, "a session could not be opened");
        return Opened::Down;
    }
    let by = Granted {
        who: Who::Device {
            number: uuid::Uuid::nil(),
            name: signed_in.device,
        },
        address,
    };
    if let Err(error) = state.access.write_down("signed_in", &by, "").await {
        tracing::error!(%error, "a sign-in could not be written down");
    }
    Opened::Tried(Attempt::Right)
}

/// `POST /logout`
pub async fn sign_out(
    State(state): State<AppState>,
    session: Session,
    Extension(granted): Extension<Granted>,
    headers: HeaderMap,
) -> Response {
    if let Who::Device { number, .. } = granted.who {
        if let Err(error) = state.access.end_device(&granted, number).await {
            tracing::error!(%error, "a session could not be ended");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
        if let Err(error) = session.flush().await {
            tracing::error!(%error, "a session could not be ended");
        }
    }
    if !legacy::wants_page(&headers) {
        return legacy::signed_out(state.access.is_locked());
    }
    Redirect::to("/login").into_response()
}

/// What a browser calls itself.
pub fn agent(headers: &HeaderMap) -> &str {
    headers
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or("")
}

/// `/login` that leads back to `next`.
pub fn address_with(next: &str) -> String {
    if next == "/" {
        return "/login".to_owned();
    }
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("next", next);
    format!("/login?{}", query.finish())
}

/// A path of ours, or else the home page: nobody is led away from here.
fn local(next: &str) -> String {
    const HERE: &str = "http://here.invalid";
    let home = || "/".to_owned();
    let is_path = next.starts_with('/') && !next.contains(['\\', '\r', '\n', '\t']) && next.len() <= 2000;
    let Some(url) = Url::parse(HERE)
        .ok()
        .filter(|_| is_path)
        .and_then(|here| here.join(next).ok())
    else {
        return home();
    };
    let path = url.as_str().strip_prefix(HERE).unwrap_or("/");
    if !path.starts_with('/') || path.starts_with("//") || path.starts_with("/login") {
        return home();
    }
    path.to_owned()
}

/// Said where too many codes are looked at.
pub const BUSY: &str = "Many are signing in at once. Try again in a moment.";

/// Said where a code could be read on the way.
pub const IN_THE_CLEAR: &str = "Sign-ins over plain http are refused, since others on the way could read the code: set PUBLIC_URL to \
                                an address with https, or ALLOW_PLAIN_HTTP=true.";

/// Said where the code can't be had.
pub const SHUT: &str = "The login code that was kept in the settings can't be read, so nobody can sign in. Whoever runs this server: \
                        restore SESSION_SECRET_KEY, or set LOGIN_ENABLED and LOGIN_CODE, and restart.";

/// Said where the database failed.
pub const NO_DATABASE: &str = "This server's database did not answer as it should. Try again in a moment.";

/// What the page says above its field.
struct Said {
    status: StatusCode,
    message: Option<String>,
    hint: Option<String>,
}

impl Said {
    fn of(status: StatusCode, message: &str) -> Self {
        Self {
            status,
            message: Some(message.to_owned()),
            hint: None,
        }
    }

    fn about(attempt: Attempt, state: &AppState) -> Self {
        match attempt {
            Attempt::Right => Self::of(StatusCode::OK, ""),
            Attempt::Wrong { remaining: 0 } => Self::of(
                StatusCode::TOO_MANY_REQUESTS,
                &format!(
                    "That is not the code, and it was the last attempt. Try again in {}.",
                    minutes(state.access.lockout().as_secs())
                ),
            ),
            Attempt::Wrong { remaining } => Self {
                status: StatusCode::UNAUTHORIZED,
                message: Some("That is not the code.".to_owned()),
                hint: Some(remain(remaining)),
            },
            Attempt::LockedOut { until } => Self::of(
                StatusCode::TOO_MANY_REQUESTS,
                &format!(
                    "Too many wrong codes from your address. Try again in {}.",
                    time_until(until)
                ),
            ),
            Attempt::Slowed { until } => Self::of(
                StatusCode::TOO_MANY_REQUESTS,
                &format!(
                    "Too many wrong codes from everywhere, so new addresses have to wait: try again in {}. \
                     Devices that are signed in are not affected.",
                    time_until(until)
                ),
            ),
        }
    }
}

fn remain(attempts: u32) -> String {
    match attempts {
        1 => "1 attempt remains.".to_owned(),
        more => format!("{more} attempts remain."),
    }
}

/// The time that is left, in words.
pub fn time_until(until: DateTime<Utc>) -> String {
    minutes(u64::try_from((until - Utc::now()).num_seconds()).unwrap_or(0))
}

/// A time in words.
pub fn minutes(seconds: u64) -> String {
    match seconds {
        0..=60 => "a minute".to_owned(),
        more => format!("{} minutes", more.div_ceil(60)),
    }
}

/// What a browser is called in the list of devices: "Firefox on Linux", from words that anybody may write.
fn device(agent: &str) -> String {
    let find = |names: &[(&'static str, &'static str)]| {
        names
            .iter()
            .find(|(mark, _)| agent.contains(mark))
            .map(|(_, name)| *name)
    };
    let browser = find(&[
        ("Firefox/", "Firefox"),
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = find(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) if agent.trim().is_empty() => "unknown".to_owned(),
        (None, None) => one_line(agent, 40).trim_end().to_owned(),
    }
}

fn page(state: &AppState, visitor: &HeaderMap, next: String, said: Said, way: Way) -> Response {
    let nonce = Nonce::new().to_string();
    let cookies: Vec<&str> = visitor
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let page = LoginPage {
        next,
        message: said.message,
        hint: said.hint,
        way,
        nonce: nonce.clone(),
        cookies: cookies.join("; "),
        theme: state.settings.theme(),
    };
    let mut answer = (said.status, Html(login_page(page, state.assets.clone()))).into_response();
    if let Ok(policy) = HeaderValue::from_str(&csp::of_page(&nonce)) {
        answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_away() {
        for (next, safe) in [
            ("/library?q=tea&page=2", "/library?q=tea&page=2"),
            ("/summaries/1#p3", "/summaries/1#p3"),
            ("", "/"),
            ("https://evil.example/", "/"),
            ("//evil.example/", "/"),
            ("/\\evil.example/", "/"),
            ("\\\\evil.example", "/"),
            ("/\t/evil.example", "/"),
            ("/..//evil.example", "/"),
            ("/./\t/evil.example", "/"),
            ("javascript:alert(1)", "/"),
            ("/library\r\nSet-Cookie: x=y", "/"),
            ("/login?next=/login", "/"),
            ("library", "/"),
        ] {
            assert_eq!(local(next), safe, "{next:?}");
        }
    }

    #[test]
    fn a_device_has_a_name_that_can_be_recognised() {
        for (agent, name) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Linux",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            ("curl/8.5.0", "curl"),
            ("", "unknown"),
            (
                "<script>alert(1)</script>\u{202e}and more words than anybody wants to read",
                "<script>alert(1)</script>and more words",
            ),
        ] {
            assert_eq!(device(agent), name);
        }
    }
}
