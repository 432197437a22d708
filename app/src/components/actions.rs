//! What can be done with a finished summary: copy, write it again, delete it.

use domain::{export, run::RunPage, summary::UNKNOWN_MODEL};
use leptos::{prelude::*, server_fn::ServerFn, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::{
    browser::clipboard,
    components::{
        export::Export,
        flow::{live, loaded, when},
        post_form::{Answer, PostForm},
        reader::Reader,
        submit_form::{Length, language_options, length_fields, model_options, style_options},
        tags::Tags,
        toast::{Toast, Toaster},
    },
    erased::{Erase, Erased},
    server_functions::{Ask, Data, DeleteSummary},
};

/// The id of the form that asks for another version.
pub(crate) const REWRITE: &str = "rewrite";

/// The row below the text.
#[component]
pub(crate) fn Actions() -> impl IntoView {
    let reader = Reader::current();
    let toaster = expect_context::<Toaster>();
    let done = Signal::derive(move || reader.page.with(|page| page.summary.is_some()));
    let copy = move |_| {
        // The Markdown of the export, but for its front matter: a claim that was not found must not become one that nobody doubts.
        let text = untrack(|| reader.with_shown(|shown| shown.map(export::summary_markdown)));
        if let Some(text) = text {
            spawn_local(async move {
                let words = if clipboard::copy(&text).await {
                    "Copied."
                } else {
                    "This browser did not allow copying."
                };
                toaster.show(Toast::words(words));
            });
        }
    };
    view! {
        {when(done, move || view! { <div class="actions">
                <button type="button" class="button script" on:click=copy>
                    "Copy"
                </button>
                <Export />
                <Rewrite />
                <Compare />
                <Delete />
            </div>
            <Tags /> }.erase())}
    }
    .erase()
}

/// Leads to the other summaries of the video.
#[component]
fn Compare() -> impl IntoView {
    let reader = Reader::current();
    live(move || {
        let (video, versions) = reader.page.with(|page| {
            let video = page.summary.as_ref().map(|summary| summary.video_id.clone());
            (video, page.shelf.versions)
        });
        let href = format!("/videos/{}/versions", video?);
        (versions > 1)
            .then(|| view! { <a class="button" href=href>{format!("Compare {versions} versions")}</a> }.erase())
    })
}

/// Asks for another version: another model, style, language or length of what is kept here already, or the same once more.
#[component]
fn Rewrite() -> impl IntoView {
    let reader = Reader::current();
    live(move || {
        let (run_id, request) = reader.run.with(|run| (run.id.clone(), run.request.clone()));
        let span = request.span.map(|span| format!("{}-{}", span.start_ms, span.end_ms));
        let model = Some(request.model).filter(|model| model != UNKNOWN_MODEL);
        let prompts = reader.page.with_untracked(|page| page.prompts.clone());
        let languages = language_options(&request.language.unwrap_or_default());
        Some(
            view! {
                <details class="confirm rewrite" name="actions">
                    <summary class="button">"Rewrite"</summary>
                    <form id=REWRITE class="confirm-box" method="post" action="/submit" enctype="multipart/form-data">
                        <input type="hidden" name="again" value=run_id />
                        <input type="hidden" name="fresh" value="1" />
                        {span.map(|span| view! { <input type="hidden" name="span" value=span /> })}
                        {model_choice(model)}
                        <label>
                            "Style"
                            <select name="style">{style_options(&request.style, prompts)}</select>
                        </label>
                        <label>
                            "Language"
                            <select name="language">{languages}</select>
                        </label>
                        {length_fields(Length::default(), Some(request.words))}
                        <button class="button primary">"Write a new version"</button>
                    </form>
                </details>
            }
            .erase(),
        )
    })
}

/// The field that chooses the model: at first the one that was asked for before, else the usual one.
fn model_choice(asked: Option<String>) -> Erased {
    loaded(
        || (Ask::Choices, 0),
        move |data| match data {
            Data::Choices(choices) => {
                let chosen = asked.clone().unwrap_or(choices.default_model);
                let options = model_options(choices.models, &chosen);
                Some(view! { <label>"Model" <select name="model">{options}</select></label> }.erase())
            }
            _ => None,
        },
    )
}

#[component]
fn Delete() -> impl IntoView {
    let reader = Reader::current();
    let toaster = expect_context::<Toaster>();
    let navigate = use_navigate();
    let id = Signal::derive(move || {
        let id = |page: &RunPage| page.summary.as_ref().map(|summary| summary.id.clone());
        reader.page.with(id).unwrap_or_default()
    });
    let done = Callback::new(move |(id, answer): (String, Answer)| match answer {
        Ok(title) => {
            toaster.show(Toast::deleted(&title.unwrap_or_default(), id));
            navigate("/library", NavigateOptions::default());
        }
        Err(error) => toaster.show(Toast::words(&error.to_string())),
    });
    view! {
        <details class="confirm" name="actions">
            <summary class="button">"Delete"</summary>
            <div class="confirm-box">
                <p>"Delete this summary? It can be taken back for some time."</p>
                <PostForm action=DeleteSummary::PATH id done>
                    <button class="button danger">"Delete the summary"</button>
                </PostForm>
            </div>
        </details>
    }
    .erase()
}
