//! Questions and their answers: the conversation about a video below its summary, and the one with the whole library.
//!
//! The field is a plain form; script adds that answers grow while they are written.

use domain::{
    question::{NOT_ANSWERED, Outcome, Question},
    run::{Event, RunState},
    summary::{Claim, EXTRACTIVE, Tally},
};
use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn, task::spawn_local};
use leptos_router::hooks::use_query_map;
use wasm_bindgen::JsCast;
use web_sys::HtmlFormElement;

use crate::{
    browser::{
        document,
        events::{News, Stream},
        post,
    },
    components::{
        fault::fault_words,
        flow::{live, loaded},
        library_answer::library_answer,
        parts::Parts,
        post_form::{Answer, PostForm},
        reader::Reader,
        refresh::refresh_tag,
        toast::{Toast, Toaster},
    },
    erased::{Erase, Erased},
    outline,
    server_functions::{Ask, Data, DeleteQuestion, RestoreQuestion, StopQuestion, load},
    words,
};

/// The field's id.
pub(crate) const ASK: &str = "ask";

/// The conversation about the page's video, once there is a transcript to answer from.
#[component]
pub(crate) fn Questions() -> impl IntoView {
    let reader = Reader::current();
    let video = Memo::new(move |_| {
        let is_read = reader.passages.with(|passages| !passages.is_empty());
        reader.run.with(|run| run.video_id.clone()).filter(|_| is_read)
    });
    live(move || video.get().map(of_video))
}

fn of_video(video: String) -> Erased {
    let reader = Reader::current();
    let (run, model) = reader
        .run
        .with_untracked(|run| (run.id.clone(), run.request.model.clone()));
    let changes = RwSignal::new(0_u32);
    let toaster = expect_context::<Toaster>();
    let asked = video.clone();
    let conversation = loaded(
        move || {
            (
                Ask::Questions(asked.clone()),
                changes.get().wrapping_add(toaster.restored()),
            )
        },
        move |data| match data {
            Data::Questions(data) => Some(conversation(data.questions, changes)),
            _ => None,
        },
    );
    let fields = [video.clone(), run.clone(), model.clone()];
    let ask = move |event: SubmitEvent| {
        event.prevent_default();
        let form = event.target().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        if let Some(form) = form {
            in_place(form, fields.clone(), changes);
        }
    };
    view! {
        <section class="questions" id="questions" aria-labelledby="questions-title">
            <h2 id="questions-title">"Ask"</h2>
            {conversation}
            <form class="ask" method="post" action="/questions" on:submit=ask>
                <input type="hidden" name="video" value=video />
                <input type="hidden" name="run" value=run />
                <input type="hidden" name="model" value=model />
                {field("Ask this video", String::new())}
            </form>
        </section>
    }
    .erase()
}

/// Asks without leaving the page, so that what plays goes on. Where that is refused, the form is sent as it is: the server's
/// page says why.
fn in_place(form: HtmlFormElement, [video, run, model]: [String; 3], changes: RwSignal<u32>) {
    let Some(question) = document::typed(ASK).filter(|_| form.get_attribute("data-sent").is_none()) else {
        return;
    };
    // Nobody asks twice by pressing Enter twice.
    drop(form.set_attribute("data-sent", ""));
    spawn_local(async move {
        let fields = [
            ("video", &*video),
            ("run", &*run),
            ("model", &*model),
            ("question", &*question),
        ];
        if post::is_taken("/questions", &fields).await {
            drop(form.remove_attribute("data-sent"));
            form.reset();
            changes.try_update(|n| *n = n.wrapping_add(1));
        } else {
            drop(form.submit());
        }
    });
}

/// The field and its button.
pub(crate) fn field(label: &'static str, typed: String) -> Erased {
    view! {
        <label class="visually-hidden" for=ASK>{label}</label>
        <input id=ASK type="text" name="question" value=typed maxlength="500" required dir="auto" autocomplete="off" placeholder=label />
        <button class="button">"Ask"</button>
    }
    .erase()
}

/// Questions with their answers, oldest first.
pub(crate) fn conversation(questions: Vec<Question>, changes: RwSignal<u32>) -> Erased {
    let is_open = questions.iter().any(|question| question.state.is_open());
    let refresh = is_open.then(|| view! { <noscript inner_html=refresh_tag()></noscript> });
    let undo = undo(&questions, changes);
    let questions: Vec<Erased> = questions
        .into_iter()
        .map(|question| question_view(question, changes))
        .collect();
    view! {
        {refresh}
        {undo}
        <ol class="conversation">{questions}</ol>
    }
    .erase()
}

/// Takes back what a plain form deleted, as long as it is not there.
fn undo(questions: &[Question], changes: RwSignal<u32>) -> Option<Erased> {
    let toaster = expect_context::<Toaster>();
    let id = use_query_map().with_untracked(|query| query.get("deleted"))?;
    if questions.iter().any(|question| question.id == id) {
        return None;
    }
    let done = Callback::new(move |(_, answer): (String, Answer)| {
        changes.update(|n| *n = n.wrapping_add(1));
        toaster.undone(answer);
    });
    Some(
        view! {
            <div class="notice" role="status">
                <span>"The question was deleted."</span>
                <PostForm action=RestoreQuestion::PATH id=Signal::stored(id) done>
                    <button class="button small">"Undo"</button>
                </PostForm>
            </div>
        }
        .erase(),
    )
}

fn question_view(question: Question, changes: RwSignal<u32>) -> Erased {
    let toaster = expect_context::<Toaster>();
    let (id, text) = (question.id.clone(), question.text.clone());
    let name = Signal::stored(format!("Delete: {text}"));
    let element = format!("q-{id}");
    let asked = StoredValue::new(text.clone());
    let id = Signal::stored(id);
    let question = RwSignal::new(question);
    follow(question);
    let is_open = Memo::new(move |_| question.with(|question| question.state.is_open()));
    let done = Callback::new(move |(_, answer): (String, Answer)| match answer {
        Ok(_) => changes.update(|n| *n = n.wrapping_add(1)),
        Err(error) => toaster.show(Toast::words(&error.to_string())),
    });
    let deleted = Callback::new(move |(id, answer): (String, Answer)| {
        if answer.is_ok() {
            toaster.show(Toast::deleted_question(&asked.get_value(), id.clone()));
        }
        done.run((id, answer));
    });
    let spoken = RwSignal::new(String::new());
    Effect::new(move |before: Option<bool>| {
        let open = is_open.get();
        if before == Some(true) && !open {
            spoken.set(question.with_untracked(standing));
        }
        open
    });
    view! {
        <li id=element>
            <h3 dir="auto">{text}</h3>
            {answer_view(question)}
            <p class="visually-hidden" role="status">{spoken}</p>
            {live(move || Some(if is_open.get() {
                view! { <PostForm action=StopQuestion::PATH id done>
                    <button class="link">"Stop"</button>
                </PostForm> }.erase()
            } else {
                view! { <PostForm action=DeleteQuestion::PATH id done=deleted>
                    <button class="link" aria-label=name>"Delete"</button>
                </PostForm> }.erase()
            }))}
        </li>
    }
    .erase()
}

fn answer_view(question: RwSignal<Question>) -> Erased {
    let text = match use_context::<Reader>() {
        Some(reader) => {
            let parts = Memo::new(move |_| {
                question.with(|question| {
                    reader.passages.with(|passages| {
                        let hours = reader.hours.get();
                        match question.state {
                            RunState::Done => outline::of_checked(&question.body, &claims_of(question), hours),
                            _ => outline::of_draft(written(question), passages, true),
                        }
                    })
                })
            });
            view! { <Parts parts finished=false /> }.erase()
        }
        None => live(move || Some(question.with(library_answer))),
    };
    let note = Memo::new(move |_| question.with(standing));
    let note = Signal::derive(move || note.get());
    let fault = Memo::new(move |_| question.with(|question| question.fault.clone()));
    view! {
        <p class="quiet standing">{note}</p>
        {live(move || fault.get().map(|fault| view! { <div class="fault">{fault_words(&fault)}</div> }.erase()))}
        <div class="answer-text">{text}</div>
    }
    .erase()
}

/// What the check found, said of an answer: its words are those of a summary's check.
pub(crate) fn claims_of(question: &Question) -> Vec<Claim> {
    let mut claims = question.claims.clone();
    for detail in claims.iter_mut().filter_map(|claim| claim.detail.as_mut()) {
        *detail = detail.replace("the summary says", "the answer says");
    }
    claims
}

/// What is written of an answer so far, unless it says that there is none.
pub(crate) fn written(question: &Question) -> &str {
    let text = outline::whole_words(&question.body);
    let start = text.trim();
    if start.starts_with(NOT_ANSWERED) || NOT_ANSWERED.starts_with(start) {
        ""
    } else {
        text
    }
}

/// Where a question stands, or what its answer is.
fn standing(question: &Question) -> String {
    let here = if question.video_id.is_some() {
        "this video"
    } else {
        "your library"
    };
    match (question.state, question.outcome) {
        (RunState::Queued | RunState::Working, _) if question.body.is_empty() => "Looking for passages".to_owned(),
        (RunState::Queued | RunState::Working, _) => "Writing; not checked yet".to_owned(),
        (RunState::Waiting, _) => "Waiting".to_owned(),
        (RunState::Failed, _) => "No answer".to_owned(),
        (RunState::Cancelled, _) => "You stopped this.".to_owned(),
        (RunState::Done, Some(Outcome::Answered)) => {
            let provenance = question.provenance.as_ref();
            let model = provenance.map_or("", |provenance| words::model(&provenance.model));
            let instead = match provenance.and_then(|provenance| provenance.fallback.as_ref()) {
                Some(_) => ", asked instead",
                None => "",
            };
            format!("{} · {model}{instead}", Tally::of(&question.claims).words())
        }
        (RunState::Done, Some(Outcome::NotHere)) => {
            let model = question.provenance.as_ref().map(|provenance| provenance.model.as_str());
            let by = match model {
                None | Some("" | EXTRACTIVE) => "going by its words".to_owned(),
                Some(model) => format!("says {}", words::model(model)),
            };
            let closest = match question.claims.is_empty() {
                true => "",
                false => " These passages come closest, word for word:",
            };
            format!("Not in {here}, {by}.{closest}")
        }
        (RunState::Done, _) => "Passages that fit, word for word. No model wrote this.".to_owned(),
    }
}

/// Follows a question while it is open.
fn follow(question: RwSignal<Question>) {
    let open = Memo::new(move |_| question.with(|question| question.state.is_open()));
    // Counts connections that were refused, so that another is tried.
    let refused = RwSignal::new(0_u32);
    Effect::new(move |before: Option<Option<Stream>>| {
        // Dropping the stream closes it; leaving the page drops the effect with its last one.
        drop(before);
        refused.track();
        if !open.get() {
            return None;
        }
        let (path, after) =
            question.with_untracked(|question| (format!("questions/{}", question.id), question.last_event));
        Stream::open(&path, after, move |news| hear(question, refused, news))
    });
}

fn hear(question: RwSignal<Question>, refused: RwSignal<u32>, news: News) {
    match news {
        News::Open | News::Lost => {}
        News::Closed => {
            refresh(question);
            let again = move || {
                if let Some(count) = refused.try_get_untracked() {
                    refused.try_set(count.wrapping_add(1));
                }
            };
            set_timeout(again, std::time::Duration::from_secs(5));
        }
        News::Event(seq, event) => {
            if seq <= question.with_untracked(|question| question.last_event) {
                return;
            }
            question.update(|question| {
                question.last_event = seq;
                match &event {
                    Event::Restart => question.body.clear(),
                    Event::Text { text } => question.body.push_str(text),
                    _ => {}
                }
            });
            if matches!(event, Event::State { .. }) {
                refresh(question);
            }
        }
    }
}

/// Asks the server for the question again. Nothing that was shown goes away meanwhile.
fn refresh(question: RwSignal<Question>) {
    let id = question.with_untracked(|question| question.id.clone());
    spawn_local(async move {
        let Ok(Data::Question(now)) = load(Ask::Question(id).to_string()).await else {
            return;
        };
        // The page may have been left while the answer was on its way.
        let Some(seq) = question.try_with_untracked(|question| question.last_event) else {
            return;
        };
        if !now.state.is_open() || now.last_event >= seq {
            question.set(*now);
        }
    });
}

#[cfg(test)]
mod tests {
    use domain::summary::Provenance;

    use super::*;

    fn question(state: RunState, outcome: Option<Outcome>, body: &str) -> Question {
        Question {
            id: String::new(),
            thread: String::new(),
            video_id: None,
            text: String::new(),
            model: String::new(),
            state,
            outcome,
            body: body.to_owned(),
            claims: Vec::new(),
            sources: Vec::new(),
            provenance: None,
            fault: None,
            last_event: 0,
            created_at: 0,
        }
    }

    #[test]
    fn the_fixed_words_of_a_model_are_never_shown() {
        for body in ["NOT", "NOT ANS", "NOT ANSWERED", "NOT ANSWERED \n"] {
            assert_eq!(written(&question(RunState::Working, None, body)), "", "{body}");
        }
        assert_eq!(
            written(&question(RunState::Working, None, "Nothing was sa")),
            "Nothing was"
        );
    }

    #[test]
    fn what_is_not_there_is_said_of_the_place_that_was_asked() {
        let mut asked = question(RunState::Done, Some(Outcome::NotHere), "");
        assert_eq!(standing(&asked), "Not in your library, going by its words.");
        asked.video_id = Some("v".to_owned());
        assert_eq!(standing(&asked), "Not in this video, going by its words.");
        asked.provenance = Some(Provenance {
            model: "a-model".to_owned(),
            ..Provenance::default()
        });
        assert_eq!(standing(&asked), "Not in this video, says a-model.");
    }
}
