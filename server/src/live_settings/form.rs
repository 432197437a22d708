//! The forms of the settings: what they show, and what comes back.

use std::collections::BTreeMap;

use app::settings_view::{Field, FieldKind, SettingsForm, State as FieldState};
use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use backend::{
    access::{Attempt, Granted, LoginCode, SignInError, Who, login_code},
    models::Secret,
    settings::{Change, KeepError},
};

use super::{
    LiveSettings,
    layers::{self, is_open},
    list::{Kind, LIVE, LiveSetting, Page},
};
use crate::{
    access::login,
    app_state::AppState,
    config::{Problem, boolean},
    pages,
};

/// Nothing that is set is longer.
const LONGEST: usize = 2000;

/// What the form of the login asks for, beside what is asked for at its address.
pub const LOGIN: &str = "login";

/// The code that is in force, typed again.
const CURRENT: &str = "current_code";
/// A new one, typed again.
const AGAIN: &str = "LOGIN_CODE_again";

/// What came back. Its `Debug` must not be printed: it holds keys.
pub type Typed = BTreeMap<String, String>;

/// `POST /settings/summaries`
pub async fn change_models(
    State(state): State<AppState>,
    Extension(granted): Extension<Granted>,
    visitor: HeaderMap,
    Form(typed): Form<Typed>,
) -> Response {
    change(state, Page::Models, granted, &visitor, &typed).await
}

/// `POST /settings/youtube`
pub async fn change_youtube(
    State(state): State<AppState>,
    Extension(granted): Extension<Granted>,
    visitor: HeaderMap,
    Form(typed): Form<Typed>,
) -> Response {
    change(state, Page::YouTube, granted, &visitor, &typed).await
}

/// `POST /settings/appearance`
pub async fn change_appearance(
    State(state): State<AppState>,
    Extension(granted): Extension<Granted>,
    visitor: HeaderMap,
    Form(typed): Form<Typed>,
) -> Response {
    change(state, Page::Appearance, granted, &visitor, &typed).await
}

/// `POST /settings/access` with `do=login`
pub async fn change_login(state: AppState, granted: Granted, visitor: &HeaderMap, typed: &Typed) -> Response {
    change(state, Page::Login, granted, visitor, typed).await
}

async fn change(state: AppState, page: Page, granted: Granted, visitor: &HeaderMap, typed: &Typed) -> Response {
    if !may_change(&granted) {
        return (StatusCode::FORBIDDEN, format!("{NOT_FROM_HERE}\n")).into_response();
    }
    let problems = match state.settings.carry_out(page, &granted, visitor, typed).await {
        Ok(problems) if problems.is_empty() => return Redirect::to(address(page)).into_response(),
        Ok(problems) => problems,
        Err(KeepError::NoKey) => vec![Problem {
            name: String::new(),
            message: KeepError::NoKey.to_string(),
        }],
        Err(KeepError::Store(error)) => {
            tracing::error!(%error, "settings could not be kept");
            return (
                StatusCode::SERVICE_UNAVAILABLE,
                "This server's database did not answer as it should. Go back and try again.\n",
            )
                .into_response();
        }
    };
    let form = state.settings.form(page, &granted, Some(typed), &problems);
    pages::settings_with(state, address(page), form, granted, visitor).await
}

const NOT_FROM_HERE: &str = "Without a login, settings can be changed from this server's own machine alone, at its own address (http://localhost). Set LOGIN_ENABLED=true and LOGIN_CODE to change them from anywhere.";

/// Where nobody signs in, the owner is whoever sits at the machine: a stranger could send keys to an address of theirs.
fn may_change(granted: &Granted) -> bool {
    !matches!(granted.who, Who::Anybody)
}

fn address(page: Page) -> &'static str {
    match page {
        Page::Models => "/settings/summaries",
        Page::YouTube => "/settings/youtube",
        Page::Login => "/settings/access",
        Page::Appearance => "/settings/appearance",
    }
}

impl LiveSettings {
    /// The form of the page at this address, as it is now.
    pub fn form_at(&self, path: &str, granted: &Granted) -> Option<SettingsForm> {
        let page = [Page::Models, Page::YouTube, Page::Login, Page::Appearance]
            .into_iter()
            .find(|page| address(*page) == path)?;
        Some(self.form(page, granted, None, &self.applied().problems))
    }

    /// The form with what was typed in it; secrets are never shown again.
    fn form(&self, page: Page, granted: &Granted, typed: Option<&Typed>, problems: &[Problem]) -> SettingsForm {
        let kept = self.applied().kept;
        let mut given = self.inner.given.clone();
        let on_page = || LIVE.iter().filter(|setting| setting.page == page);
        let fields = on_page().map(|setting| {
            let environment = (setting.field)(&mut given).clone();
            let is_given = !is_open(environment.as_ref());
            let value = kept.values.get(setting.name).map_or("", Secret::expose);
            let value = typed.map_or(value, |typed| typed.get(setting.name).map_or("", String::as_str));
            let is_secret = setting.kind == Kind::Secret;
            Field {
                name: setting.name,
                label: setting.label,
                hint: setting.hint,
                kind: match setting.kind {
                    Kind::Text => FieldKind::Text,
                    Kind::Secret => FieldKind::Secret,
                    Kind::Switch => FieldKind::Switch,
                    Kind::Choice(choices) => FieldKind::Choice(choices),
                },
                state: if is_given {
                    FieldState::Given
                } else if is_secret && kept.unreadable.contains(setting.name) {
                    FieldState::Unreadable
                } else if is_secret && !self.inner.store.takes_secrets() {
                    FieldState::NoKey
                } else if kept.values.contains_key(setting.name) {
                    FieldState::Set
                } else {
                    FieldState::Unset
                },
                value: match setting.kind {
                    Kind::Secret => String::new(),
                    Kind::Text if is_given => String::new(),
                    Kind::Switch | Kind::Choice(_) if is_given => shown(environment.as_deref().unwrap_or_default()),
                    Kind::Text | Kind::Switch | Kind::Choice(_) => value.to_owned(),
                },
                problem: problem_of(problems, setting.name),
            }
        });
        let mut fields: Vec<Field> = fields.collect();
        if page == Page::Login {
            self.add_codes(&mut fields, problems);
        }
        let others = problems
            .iter()
            .filter(|problem| !fields.iter().any(|field| field.name == problem.name));
        let others: Vec<String> = others
            .filter(|_| typed.is_some())
            .map(|problem| format!("{} {}", problem.name, problem.message).trim().to_owned())
            .collect();
        SettingsForm {
            action: address(page),
            what: (page == Page::Login).then_some(LOGIN),
            fields,
            problems: others,
            closed: (!may_change(granted)).then_some(NOT_FROM_HERE),
        }
    }

    /// Keeps what was typed and puts it in force; what is wrong with it, where nothing was kept.
    async fn carry_out(
        &self,
        page: Page,
        by: &Granted,
        visitor: &HeaderMap,
        typed: &Typed,
    ) -> Result<Vec<Problem>, KeepError> {
        let kept = self.inner.store.read().await?;
        let mut given = self.inner.given.clone();
        let mut problems = Vec::new();
        let mut changes = Vec::new();
        for setting in LIVE.iter().filter(|setting| setting.page == page) {
            if !is_open((setting.field)(&mut given).as_ref()) {
                continue;
            }
            let before = kept.values.get(setting.name).map(Secret::expose);
            if let Some(value) = wanted(setting, typed, before) {
                if let Some(message) = value.as_deref().and_then(|value| unfit(setting, value)) {
                    problems.push(Problem {
                        name: setting.name.to_owned(),
                        message: message.to_owned(),
                    });
                }
                changes.push(Change {
                    name: setting.name,
                    is_secret: setting.kind == Kind::Secret,
                    value: value.map(Secret::new),
                });
            }
        }
        if let Some(problem) = stray_key(&kept.values, &changes, !is_open(given.models.openai_api_key.as_ref())) {
            problems.push(problem);
        }
        if page == Page::Login {
            problems.extend(seal_code(&mut changes, typed).await);
        }
        let mut values = kept.values;
        for change in &changes {
            match &change.value {
                Some(value) => values.insert(change.name.to_owned(), value.clone()),
                None => values.remove(change.name),
            };
        }
        if problems.is_empty() {
            let config = layers::with(&self.inner.given, &values, |_| true).validate(&mut problems);
            if problems.is_empty() {
                // What is good as text can still be nothing that a client can be made of.
                let made = match page {
                    Page::Models => super::models_of(&config, &self.inner.pool)
                        .err()
                        .map(|why| ("OPENAI_BASE_URL", why)),
                    Page::YouTube => super::youtube_of(&config, &self.inner.pool)
                        .err()
                        .map(|why| ("YOUTUBE_PROXY_URL", why)),
                    Page::Login | Page::Appearance => None,
                };
                problems.extend(made.map(|(name, message)| Problem {
                    name: name.to_owned(),
                    message,
                }));
            }
        }
        if problems.is_empty() && page == Page::Login && !changes.is_empty() {
            problems.extend(self.proof_missing(by, visitor, typed).await?);
        }
        if problems.is_empty() {
            self.inner.store.change(by, &changes).await?;
            self.refresh().await?;
            // A lockout is no reason to sign anybody out; another code, or none, is.
            if changes.iter().any(|change| change.name.starts_with("LOGIN_")) {
                self.inner.access.end_all_devices(by).await?;
            }
        }
        Ok(problems)
    }

    /// Whoever finds a browser that is signed in must not be able to keep its owner out: the code is asked for again, and counts as
    /// an attempt to sign in does.
    async fn proof_missing(
        &self,
        by: &Granted,
        visitor: &HeaderMap,
        typed: &Typed,
    ) -> Result<Option<Problem>, KeepError> {
        if !self.inner.access.is_locked() {
            return Ok(None);
        }
        let code = Secret::new(typed.get(CURRENT).cloned().unwrap_or_default());
        if code.expose().is_empty() {
            return Ok(Some(problem(CURRENT, "is needed to change any of this")));
        }
        let attempt = self.inner.access.sign_in(by.address, code, login::agent(visitor)).await;
        let message = match attempt {
            Ok(Attempt::Right) | Err(SignInError::NoCode) => return Ok(None),
            Ok(Attempt::Wrong { remaining: 0 }) => "is another, and that was the last attempt for now".to_owned(),
            Ok(Attempt::Wrong { remaining: 1 }) => "is another; 1 attempt remains".to_owned(),
            Ok(Attempt::Wrong { remaining }) => format!("is another; {remaining} attempts remain"),
            Ok(Attempt::LockedOut { until } | Attempt::Slowed { until }) => format!(
                "was not looked at, after too many wrong ones; try again in {}",
                login::time_until(until)
            ),
            Err(SignInError::Busy | SignInError::Shut) => "could not be looked at; try again in a moment".to_owned(),
            Err(SignInError::Store(error)) => return Err(KeepError::Store(error)),
        };
        Ok(Some(problem(CURRENT, &message)))
    }

    /// What is typed again: a new code, against slips, and the one that is in force.
    fn add_codes(&self, fields: &mut Vec<Field>, problems: &[Problem]) {
        let typed_again = |name, label, hint, kind, state| Field {
            name,
            label,
            hint,
            kind,
            state,
            value: String::new(),
            problem: problem_of(problems, name),
        };
        if let Some(code) = fields.iter().position(|field| field.name == "LOGIN_CODE")
            && !matches!(fields[code].state, FieldState::Given | FieldState::NoKey)
        {
            let again = typed_again(AGAIN, "The new code again", "", FieldKind::Secret, FieldState::Unset);
            fields.insert(code + 1, again);
        }
        let is_open = fields.iter().any(|field| field.state != FieldState::Given);
        if is_open && self.inner.access.is_locked() {
            fields.push(typed_again(
                CURRENT,
                "The code that is in force",
                "Asked for again before any of this changes.",
                FieldKind::Proof,
                FieldState::Unset,
            ));
        }
    }
}

/// Looks at a new code, and puts its stored form in its place: it is never kept in clear, not even sealed.
async fn seal_code(changes: &mut [Change], typed: &Typed) -> Option<Problem> {
    let change = changes.iter_mut().find(|change| change.name == "LOGIN_CODE")?;
    let code = change.value.clone()?;
    if typed.get(AGAIN).is_none_or(|again| again != code.expose()) {
        return Some(problem(AGAIN, "is not the same"));
    }
    // Not for the threads of a runtime.
    let stored = tokio::task::spawn_blocking(move || {
        if login_code::is_stored(&code) {
            return LoginCode::new(&code).map(|_| code);
        }
        login_code::store(&code).map(Secret::new)
    });
    match stored.await {
        Ok(Ok(stored)) => change.value = Some(stored),
        Ok(Err(error)) => return Some(problem("LOGIN_CODE", &error.to_string())),
        Err(_) => return Some(problem("LOGIN_CODE", "could not be stored")),
    }
    None
}

/// What a setting is to become, where it is to become another.
#[expect(clippy::option_option, reason = "no change, a removal, a value")]
fn wanted(setting: &LiveSetting, typed: &Typed, before: Option<&str>) -> Option<Option<String>> {
    // A code may begin or end with a space.
    let is_code = setting.name == "LOGIN_CODE";
    let value = typed
        .get(setting.name)
        .map(|value| if is_code { value } else { value.trim() });
    let value = value.map(str::to_owned);
    let value = value.filter(|value| !value.is_empty());
    if setting.kind == Kind::Secret {
        let removed = typed.contains_key(&format!("remove_{}", setting.name));
        return match value {
            Some(value) => Some(Some(value)),
            None if removed => Some(None),
            None => None,
        };
    }
    (value.as_deref() != before).then_some(value)
}

/// What the environment says of a switch or a choice, as the form has it.
fn shown(given: &str) -> String {
    match boolean(given.trim()) {
        Ok(on) => on.to_string(),
        Err(_) => given.trim().to_owned(),
    }
}

/// What no check of the environment looks for: whoever writes the environment pastes no page into it.
fn unfit(setting: &LiveSetting, value: &str) -> Option<&'static str> {
    if value.len() > LONGEST {
        Some("is too long")
    } else if setting.kind == Kind::Secret
        && setting.page == Page::Models
        && !value.bytes().all(|b| b.is_ascii_graphic())
    {
        Some("has characters that no key has; copy it again")
    } else if leads_to_secrets_of_the_machine(value) {
        Some("leads to where clouds keep a machine’s own secrets; nothing else is there")
    } else if value.chars().any(char::is_control) {
        Some("has line breaks or other characters that can't be meant")
    } else {
        None
    }
}

/// Whether an address is that of a cloud's metadata. Whoever writes the environment could read that anyway; whoever is signed in here
/// need not be the same.
fn leads_to_secrets_of_the_machine(value: &str) -> bool {
    let Ok(url) = url::Url::parse(value) else {
        return false;
    };
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_link_local() || address.octets() == [100, 100, 100, 200],
        Some(url::Host::Ipv6(address)) => match address.to_ipv4_mapped() {
            Some(address) => address.is_link_local(),
            None => address.is_unicast_link_local() || address.segments()[..2] == [0xfd00, 0xec2],
        },
        Some(url::Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "metadata" || name.starts_with("metadata.") || name.starts_with("instance-data")
        }
        None => false,
    }
}

/// A key that nobody can read must not be sent to an address that somebody types in: with the address the key is entered again.
fn stray_key(kept: &BTreeMap<String, Secret>, changes: &[Change], is_given: bool) -> Option<Problem> {
    let moved = changes.iter().any(|change| change.name == "OPENAI_BASE_URL");
    let renewed = changes.iter().any(|change| change.name == "OPENAI_API_KEY");
    let message = if !moved {
        return None;
    } else if is_given {
        "can't be changed here, since OPENAI_API_KEY is set in the environment and would be sent there"
    } else if kept.contains_key("OPENAI_API_KEY") && !renewed {
        "is another; enter the key for it again, or remove that"
    } else {
        return None;
    };
    Some(Problem {
        name: "OPENAI_BASE_URL".to_owned(),
        message: message.to_owned(),
    })
}

fn problem(name: &str, message: &str) -> Problem {
    Problem {
        name: name.to_owned(),
        message: message.to_owned(),
    }
}

fn problem_of(problems: &[Problem], name: &str) -> Option<String> {
    problems
        .iter()
        .find(|problem| problem.name == name)
        .map(|problem| problem.message.clone())
}
