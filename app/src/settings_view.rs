//! The forms of the settings that can be changed in the app. Made by the server and handed to the pages as HTML, so that browsers
//! download no code for them: they are plain forms.

use leptos::prelude::*;

use crate::erased::{Erase, Erased};

/// A form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsForm {
    /// Where it goes, and the page that it is on.
    pub action: &'static str,
    /// What is asked for there, where there is more than one thing.
    pub what: Option<&'static str>,
    /// Its fields.
    pub fields: Vec<Field>,
    /// What is wrong and belongs to no field.
    pub problems: Vec<String>,
    /// Why nothing can be changed, where that is so.
    pub closed: Option<&'static str>,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its variable.
    pub name: &'static str,
    /// What people read.
    pub label: &'static str,
    /// What is meant.
    pub hint: &'static str,
    /// How it is entered.
    pub kind: FieldKind,
    /// Whether it is set, and by whom.
    pub state: State,
    /// What is set; empty for secrets.
    pub value: String,
    /// What is wrong with it.
    pub problem: Option<String>,
}

/// How a field is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// As text.
    Text,
    /// Written, never shown.
    Secret,
    /// A secret that is known already, typed to show that it is.
    Proof,
    /// Yes or no.
    Switch,
    /// One of these: a value, and what people read.
    Choice(&'static [(&'static str, &'static str)]),
}

/// Whether a field is set, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// By the environment, which wins.
    Given,
    /// Here.
    Set,
    /// Not at all.
    Unset,
    /// Here, and it can't be decrypted any more.
    Unreadable,
    /// It can't be, since there is nothing to encrypt it with.
    NoKey,
}

/// The form of the page at an address, for whoever asks; `None` where the page has none.
type FormOfPage = dyn Fn(&str, &backend::access::Granted) -> Option<SettingsForm> + Send + Sync;

/// Tells the form of a page, by its address, for the request that is being answered.
#[derive(Clone)]
pub struct SettingsForms(pub std::sync::Arc<FormOfPage>);

/// The form as HTML.
pub(crate) fn html(form: SettingsForm) -> String {
    Owner::new().with(|| form_view(form).to_html())
}

/// The form as a view.
pub(crate) fn form_view(form: SettingsForm) -> Erased {
    let closed = form.closed;
    let problems: Vec<Erased> = form
        .problems
        .into_iter()
        .map(|problem| view! { <p class="fault" role="alert">{problem}</p> }.erase())
        .collect();
    let wrong = form.fields.iter().filter(|field| field.problem.is_some()).count();
    let wrong = (wrong > 0).then(|| {
        view! { <p class="fault" role="alert">"Not saved. What is wrong stands below the field."</p> }.erase()
    });
    let has_keys = form.fields.iter().any(|field| field.kind == FieldKind::Secret);
    let keys = if has_keys {
        " Keys and codes are kept encrypted, are in no backup, and are not shown again."
    } else {
        ""
    };
    let fields: Vec<Erased> = form
        .fields
        .into_iter()
        .map(|field| field_view(field, closed.is_some()))
        .collect();
    let what = form
        .what
        .map(|what| view! { <input r#type="hidden" name="do" value=what /> }.erase());
    let foot = match closed {
        Some(why) => view! { <p class="quiet small">{why}</p> }.erase(),
        None => view! {
            <p class="ways">
                <button class="button">"Save"</button>
            </p>
            <p class="quiet small">
                "In force at once, without a restart." {keys}
            </p>
        }
        .erase(),
    };
    view! {
        <form class="settings" method="post" action=form.action autocomplete="off">
            {what} {wrong} {problems} {fields} {foot}
        </form>
    }
    .erase()
}

fn field_view(field: Field, is_closed: bool) -> Erased {
    let Field {
        name,
        label,
        hint,
        kind,
        state,
        value,
        problem,
    } = field;
    let locked = is_closed || matches!(state, State::Given | State::NoKey);
    let told = match (state, kind) {
        (State::Given, _) => format!("Set by {name}."),
        (State::Set, FieldKind::Secret) => format!("Set. Another one replaces it. {hint}"),
        (State::Unreadable, _) => {
            "Can’t be read any more, since SESSION_SECRET_KEY is another than it was kept with. Enter it again."
                .to_owned()
        }
        (State::NoKey, _) => "Can’t be kept here: SESSION_SECRET_KEY is not set.".to_owned(),
        _ => hint.to_owned(),
    };
    let (hint_id, problem_id) = (format!("{name}-hint"), format!("{name}-problem"));
    let described = match &problem {
        Some(_) => format!("{problem_id} {hint_id}"),
        None => hint_id.clone(),
    };
    let invalid = problem.is_some().then_some("true");
    let control = match kind {
        FieldKind::Switch => {
            let on = value == "true";
            view! {
                <select id=name name=name disabled=locked aria-describedby=described aria-invalid=invalid>
                    <option value="">"No"</option>
                    <option value="true" selected=on>
                        "Yes"
                    </option>
                </select>
            }
            .erase()
        }
        FieldKind::Choice(choices) => {
            let options: Vec<Erased> = choices
                .iter()
                .map(|(choice, words)| {
                    view! {
                        <option value=*choice selected=value == *choice>
                            {*words}
                        </option>
                    }
                    .erase()
                })
                .collect();
            view! {
                <select id=name name=name disabled=locked aria-describedby=described aria-invalid=invalid>
                    {options}
                </select>
            }
            .erase()
        }
        FieldKind::Text => view! {
            <input
                id=name
                r#type="text"
                name=name
                value=value
                maxlength="2000"
                spellcheck="false"
                disabled=locked
                aria-describedby=described
                aria-invalid=invalid
            />
        }
        .erase(),
        FieldKind::Secret | FieldKind::Proof => view! {
            <input
                id=name
                r#type="password"
                name=name
                maxlength="2000"
                autocomplete=if kind == FieldKind::Proof { "current-password" } else { "new-password" }
                disabled=locked
                aria-describedby=described
                aria-invalid=invalid
            />
        }
        .erase(),
    };
    let can_go = kind == FieldKind::Secret && matches!(state, State::Set | State::Unreadable) && !locked;
    let remove = can_go.then(|| {
        let (remove, words) = (format!("remove_{name}"), format!("Remove {label}"));
        view! {
            <label class="choice">
                <input r#type="checkbox" name=remove value="1" />
                {words}
            </label>
        }
        .erase()
    });
    let problem = problem.map(|problem| {
        view! {
            <p class="fault small" id=problem_id>
                {format!("{label} {problem}.")}
            </p>
        }
        .erase()
    });
    view! {
        <div class="setting">
            <label for=name>{label}</label>
            {control}
            {problem}
            <p class="quiet small" id=hint_id>
                {told}
            </p>
            {remove}
        </div>
    }
    .erase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(field: Field) -> String {
        html(SettingsForm {
            action: "/settings/summaries",
            what: None,
            fields: vec![field],
            problems: Vec::new(),
            closed: None,
        })
    }

    fn field(kind: FieldKind, state: State) -> Field {
        Field {
            name: "OPENAI_API_KEY",
            label: "OpenAI’s key",
            hint: "",
            kind,
            state,
            value: String::new(),
            problem: None,
        }
    }

    #[test]
    fn what_the_environment_sets_is_locked_and_says_so() {
        let html = form(field(FieldKind::Secret, State::Given));
        assert!(
            html.contains("Set by OPENAI_API_KEY.") && html.contains("disabled"),
            "{html}"
        );
        assert!(!html.contains("remove_"), "{html}");
    }

    #[test]
    fn a_secret_is_replaced_or_removed_and_never_shown() {
        let html = form(field(FieldKind::Secret, State::Set));
        assert!(
            html.contains("remove_OPENAI_API_KEY") && !html.contains("value=\"sk"),
            "{html}"
        );
    }

    #[test]
    fn what_was_typed_stays_text() {
        let hostile = "\"><script>alert(1)</script>";
        let html = form(Field {
            value: hostile.to_owned(),
            problem: Some(format!("is {hostile}")),
            ..field(FieldKind::Text, State::Set)
        });
        assert!(!html.contains("<script"), "{html}");
    }
}
