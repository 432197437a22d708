//! `/ask`: a question to all videos; `?thread=ID` goes on with a conversation. Also answers a question that was not taken, at
//! `/questions`.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        flow::loaded,
        questions::{conversation, field},
        submit_form::model_options,
        toast::Toaster,
    },
    erased::{Erase, Erased},
    flash::QuestionDraft,
    server_functions::{Ask, Conversation, Data},
};

/// The page.
#[component]
pub(crate) fn AskPage() -> impl IntoView {
    let query = use_query_map();
    let thread = Memo::new(move |_| query.with(|query| query.get("thread").unwrap_or_default()));
    let changes = RwSignal::new(0_u32);
    let toaster = expect_context::<Toaster>();
    let page = loaded(
        move || {
            (
                Ask::Conversation(thread.get()),
                changes.get().wrapping_add(toaster.restored()),
            )
        },
        move |data| match data {
            Data::Questions(mut data) => Some(match data.draft.take() {
                Some(draft) if !draft.video.is_empty() => of_video(*data, draft),
                Some(draft) => of_library(*data, draft, changes),
                None => {
                    let draft = QuestionDraft {
                        thread: thread.get_untracked(),
                        ..QuestionDraft::default()
                    };
                    of_library(*data, draft, changes)
                }
            }),
            _ => None,
        },
    );
    view! { <section class="narrow">{page}</section> }.erase()
}

/// The question to a video that was not taken. The model can be chosen here: it may be what could not be asked.
fn of_video(data: Conversation, draft: QuestionDraft) -> Erased {
    let is_listed = data.models.iter().any(|model| model.name == draft.model);
    let chosen = if is_listed { &draft.model } else { &data.default_model };
    let models = model_options(data.models.clone(), chosen);
    let back = if draft.run.is_empty() {
        format!("/videos/{}", draft.video)
    } else {
        format!("/summaries/{}", draft.run)
    };
    view! {
        <Title text="Ask this video" />
        <h1>"Ask this video"</h1>
        <div class="questions">
            {message(&draft)}
            <form class="ask" method="post" action="/questions">
                <input type="hidden" name="video" value=draft.video />
                <input type="hidden" name="run" value=draft.run />
                {field("Ask this video", draft.text)}
                <label class="model">"Model " <select name="model">{models}</select></label>
            </form>
            <p><a href=back rel="external">"Back to the summary"</a></p>
        </div>
    }
    .erase()
}

fn of_library(data: Conversation, draft: QuestionDraft, changes: RwSignal<u32>) -> Erased {
    let others: Vec<Erased> = data
        .threads
        .into_iter()
        .filter(|(id, _)| *id != draft.thread)
        .map(|(id, text)| view! { <li dir="auto"><a href=format!("/ask?thread={id}")>{text}</a></li> }.erase())
        .collect();
    // A conversation goes on with the model that was asked last.
    let last = data.questions.last().map(|question| question.model.clone());
    let chosen = Some(draft.model.clone()).filter(|model| !model.is_empty()).or(last);
    let models = model_options(data.models, &chosen.unwrap_or(data.default_model));
    let goes_on = !data.questions.is_empty();
    let message = message(&draft);
    let form = if data.is_empty {
        view! {
            <p>"Your library is empty, so there is nothing to ask yet."</p>
            <p class="ways"><a class="button" href="/">"Summarise a video"</a></p>
        }
        .erase()
    } else {
        view! {
            {message}
            <form class="ask" method="post" action="/questions">
                <input type="hidden" name="thread" value=draft.thread />
                {field("Ask all videos", draft.text)}
                <label class="model">"Model " <select name="model">{models}</select></label>
            </form>
            <p class="quiet">"The answer is made from the transcripts of the videos in your library, and says where each sentence was said."</p>
        }
        .erase()
    };
    view! {
        <Title text="Ask all videos" />
        <h1>"Ask all videos"</h1>
        <div class="questions">
            {conversation(data.questions, changes)}
            {form}
            {goes_on.then(|| view! { <p><a href="/ask">"Begin a new conversation"</a></p> })}
            {(!others.is_empty()).then(|| view! { <h2>"Earlier"</h2> <ul class="threads">{others}</ul> })}
        </div>
    }
    .erase()
}

/// Why a question was not taken.
fn message(draft: &QuestionDraft) -> Option<Erased> {
    let message = Some(draft.message.clone()).filter(|message| !message.is_empty())?;
    Some(view! { <p class="fault" role="alert">{message}</p> }.erase())
}
