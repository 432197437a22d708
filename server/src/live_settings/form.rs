//! The forms of `/settings/summaries` and `/settings/youtube`: what they show, and what comes back.

use std::collections::BTreeMap;

use app::settings_view::{Field, FieldKind, SettingsForm, State as FieldState};
use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use backend::{
    access::{Granted, Who},
    models::Secret,
    settings::{Change, KeepError},
};

use super::{
    LiveSettings, is_open,
    list::{Kind, LIVE, LiveSetting, Page},
};
use crate::{app_state::AppState, config::Problem, pages};

/// Nothing that is set is longer.
const LONGEST: usize = 2000;

type Typed = BTreeMap<String, String>;

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

async fn change(state: AppState, page: Page, granted: Granted, visitor: &HeaderMap, typed: &Typed) -> Response {
    if !may_change(&granted) {
        return (StatusCode::FORBIDDEN, format!("{NOT_FROM_HERE}\n")).into_response();
    }
    let problems = match state.settings.carry_out(page, &granted, typed).await {
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

const NOT_FROM_HERE: &str = "Without a login, settings can be changed from this server's own machine alone. Set LOGIN_ENABLED=true and LOGIN_CODE to change them from anywhere.";

/// Where nobody signs in, the owner is whoever sits at the machine: a stranger could send keys to an address of theirs.
fn may_change(granted: &Granted) -> bool {
    !matches!(granted.who, Who::Anybody) || granted.address.to_canonical().is_loopback()
}

fn address(page: Page) -> &'static str {
    match page {
        Page::Models => "/settings/summaries",
        Page::YouTube => "/settings/youtube",
    }
}

impl LiveSettings {
    /// The form of the page at this address, as it is now.
    pub fn form_at(&self, path: &str, granted: &Granted) -> Option<SettingsForm> {
        let page = [Page::Models, Page::YouTube]
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
            let is_given = !is_open((setting.field)(&mut given).as_ref());
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
                value: if is_secret || is_given {
                    String::new()
                } else {
                    value.to_owned()
                },
                problem: problem_of(problems, setting.name),
            }
        });
        let fields: Vec<Field> = fields.collect();
        let others = problems
            .iter()
            .filter(|problem| !on_page().any(|setting| setting.name == problem.name));
        let others: Vec<String> = others
            .filter(|_| typed.is_some())
            .map(|problem| format!("{} {}", problem.name, problem.message).trim().to_owned())
            .collect();
        SettingsForm {
            action: address(page),
            fields,
            problems: others,
            closed: (!may_change(granted)).then_some(NOT_FROM_HERE),
        }
    }

    /// Keeps what was typed and puts it in force; what is wrong with it, where nothing was kept.
    async fn carry_out(&self, page: Page, by: &Granted, typed: &Typed) -> Result<Vec<Problem>, KeepError> {
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
        let mut values = kept.values;
        for change in &changes {
            match &change.value {
                Some(value) => values.insert(change.name.to_owned(), value.clone()),
                None => values.remove(change.name),
            };
        }
        if problems.is_empty() {
            let config = self.with(&values, |_| true).validate(&mut problems);
            if problems.is_empty() {
                // What is good as text can still be nothing that a client can be made of.
                let made = match page {
                    Page::Models => super::models_of(&config, &self.inner.pool)
                        .err()
                        .map(|why| ("OPENAI_BASE_URL", why)),
                    Page::YouTube => super::youtube_of(&config, &self.inner.pool)
                        .err()
                        .map(|why| ("YOUTUBE_PROXY_URL", why)),
                };
                problems.extend(made.map(|(name, message)| Problem {
                    name: name.to_owned(),
                    message,
                }));
            }
        }
        if problems.is_empty() {
            self.inner.store.change(by, &changes).await?;
            self.refresh().await?;
        }
        Ok(problems)
    }
}

/// What a setting is to become, where it is to become another.
#[expect(clippy::option_option, reason = "no change, a removal, a value")]
fn wanted(setting: &LiveSetting, typed: &Typed, before: Option<&str>) -> Option<Option<String>> {
    let value = typed.get(setting.name).map(|value| value.trim().to_owned());
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

/// What no check of the environment looks for: whoever writes the environment pastes no page into it.
fn unfit(setting: &LiveSetting, value: &str) -> Option<&'static str> {
    if value.len() > LONGEST {
        Some("is too long")
    } else if setting.kind == Kind::Secret
        && setting.page == Page::Models
        && !value.bytes().all(|b| b.is_ascii_graphic())
    {
        Some("has characters that no key has; copy it again")
    } else if value.chars().any(char::is_control) {
        Some("has line breaks or other characters that can't be meant")
    } else {
        None
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

fn problem_of(problems: &[Problem], name: &str) -> Option<String> {
    problems
        .iter()
        .find(|problem| problem.name == name)
        .map(|problem| problem.message.clone())
}
