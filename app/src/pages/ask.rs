//! `/ask`: a question to all videos; `?thread=ID` goes on with a conversation.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        flow::loaded,
        questions::{conversation, field},
        submit_form::model_options,
    },
    erased::{Erase, Erased},
    server_functions::{Ask, Conversation, Data},
};

/// The page.
#[component]
pub(crate) fn AskPage() -> impl IntoView {
    let query = use_query_map();
    let thread = Memo::new(move |_| query.with(|query| query.get("thread").unwrap_or_default()));
    let changes = RwSignal::new(0_u32);
    let page = loaded(
        move || (Ask::Conversation(thread.get()), changes.get()),
        move |data| match data {
            Data::Questions(data) => Some(page_view(*data, thread.get_untracked(), changes)),
            _ => None,
        },
    );
    view! {
        <Title text="Ask all videos" />
        <section class="narrow">
            <h1>"Ask all videos"</h1>
            <div class="questions">{page}</div>
        </section>
    }
    .erase()
}

fn page_view(data: Conversation, thread: String, changes: RwSignal<u32>) -> Erased {
    let others: Vec<Erased> = data
        .threads
        .into_iter()
        .filter(|(id, _)| *id != thread)
        .map(|(id, text)| view! { <li dir="auto"><a href=format!("/ask?thread={id}")>{text}</a></li> }.erase())
        .collect();
    let models = model_options(data.models, &data.default_model);
    let goes_on = !data.questions.is_empty();
    view! {
        {conversation(data.questions, changes)}
        <form class="ask" method="post" action="/questions">
            <input type="hidden" name="thread" value=thread />
            {field("Ask all videos")}
            <label class="model">"Model " <select name="model">{models}</select></label>
        </form>
        <p class="quiet">"The answer is made from the transcripts of the videos in your library, and says where each sentence was said."</p>
        {goes_on.then(|| view! { <p><a href="/ask">"Begin a new conversation"</a></p> })}
        {(!others.is_empty()).then(|| view! { <h2>"Earlier"</h2> <ul class="threads">{others}</ul> })}
    }
    .erase()
}
