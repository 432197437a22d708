//! `/settings/prompts`: the prompts that people wrote, each a form; a form for a new one. Plain posts; `?deleted=ID` offers
//! to take a deletion back.

use domain::prompt::{LONGEST_NAME, LONGEST_TEXT, OwnPrompt, STYLES};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{flow::loaded, settings_nav::SettingsNav, submit_form::as_content},
    erased::{Erase, Erased},
    flash::PromptDraft,
    server_functions::{Ask, Data, PromptsData},
    times::date,
};

/// The page.
#[component]
pub(crate) fn PromptsPage() -> impl IntoView {
    let page = loaded(
        || (Ask::Prompts, 0),
        |data| match data {
            Data::Prompts(data) => Some(prompts_view(data)),
            _ => None,
        },
    );
    let query = use_query_map().get_untracked();
    let deleted = query.get("deleted").map(|id| {
        view! {
            <form class="notice" method="post" action="/settings/prompts/restore">
                <span>"The prompt was deleted."</span>
                <input type="hidden" name="id" value=id />
                <button class="button small">"Undo"</button>
            </form>
        }
    });
    let notice = match (query.get("kept"), query.get("late")) {
        (Some(_), _) => Some("Saved."),
        (None, Some(_)) => Some("It could not be taken back: too late, or another prompt has its name by now."),
        (None, None) => None,
    };
    view! {
        <Title text="Prompts" />
        <section class="narrow">
            <SettingsNav />
            <h1>"Prompts"</h1>
            {notice.map(|words| view! { <p class="notice" role="status">{words}</p> })}
            {deleted}
            <p class="quiet">
                "Say in your own words what a summary is to be like; choose it by its name where styles are chosen. "
                "What every summary needs (marks that lead to the transcript, language, length) is added by itself, and "
                "every point is checked as always. A summary keeps the words it was made with."
            </p>
            {page}
            <h2>"Styles that come with it"</h2>
            <dl class="details">
                {STYLES.map(|(_, title, gives)| view! { <dt>{title}</dt><dd>{gives}</dd> }).collect_view()}
            </dl>
        </section>
    }
    .erase()
}

fn prompts_view(data: PromptsData) -> Erased {
    let PromptsData { prompts, draft } = data;
    let drafted = |id: &str| draft.clone().filter(|draft| draft.id == id);
    let own: Vec<Erased> = prompts
        .iter()
        .map(|prompt| prompt_view(prompt, drafted(&prompt.id)))
        .collect();
    // A draft of one that is gone becomes a new one.
    let new = draft
        .clone()
        .filter(|draft| prompts.iter().all(|prompt| prompt.id != draft.id));
    let is_open = new.is_some() || prompts.is_empty();
    let new = form(
        &OwnPrompt::default(),
        new.map(|draft| PromptDraft {
            id: String::new(),
            ..draft
        }),
    );
    view! {
        <div class="prompts">
            {own}
            <details class="prompt" open=is_open>
                <summary>"New prompt"</summary>
                {new}
            </details>
        </div>
    }
    .erase()
}

fn prompt_view(prompt: &OwnPrompt, draft: Option<PromptDraft>) -> Erased {
    let is_open = draft.is_some();
    let (id, name, changed) = (prompt.id.clone(), prompt.name.clone(), date(prompt.updated_at));
    view! {
        <details class="prompt" open=is_open>
            <summary>
                <bdi>{name}</bdi>
                <span class="quiet small">{format!(" changed {changed}")}</span>
            </summary>
            {form(prompt, draft)}
            <form method="post" action="/settings/prompts/delete">
                <input type="hidden" name="id" value=id />
                <button class="button danger">"Delete"</button>
            </form>
        </details>
    }
    .erase()
}

/// The fields, with what was typed where it was not kept.
fn form(prompt: &OwnPrompt, draft: Option<PromptDraft>) -> Erased {
    let (name, text, message) = match draft {
        Some(draft) => (draft.name, draft.text, Some(draft.message)),
        None => (prompt.name.clone(), prompt.text.clone(), None),
    };
    let content = as_content(&text);
    let fault = message.map(|message| view! { <p class="fault" role="alert">{message}</p> });
    view! {
        <form class="settings" method="post" action="/settings/prompts">
            {fault}
            <input type="hidden" name="id" value=prompt.id.clone() />
            <label>
                "Name"
                <input type="text" name="name" required maxlength=LONGEST_NAME.to_string() value=name dir="auto" />
            </label>
            <label>
                "What to write"
                <textarea name="text" rows="8" required maxlength=LONGEST_TEXT.to_string() dir="auto" inner_html=content></textarea>
            </label>
            <p class="ways">
                <button class="button primary">"Save"</button>
            </p>
        </form>
    }
    .erase()
}
