//! Keeps a page up to date while its run is open: the stream of events, the change from extract to model, announcements.

use domain::run::{Event, RunState};
use leptos::{ev, leptos_dom::helpers::WindowListenerHandle, prelude::*, task::spawn_local};

use crate::{
    browser::{
        document,
        events::{News, Stream},
    },
    components::{
        flow::when,
        reader::{Reader, Version},
    },
    erased::Erase,
    server_functions::{Ask, Data, load},
    times::counted,
};

/// Seconds between two announcements; the last one is always made.
const QUIET_SECONDS: f64 = 10.0;

/// Follows the run while it is open and the tab is in front; speaks its stages to those who hear the page.
#[component]
pub(crate) fn Live() -> impl IntoView {
    let reader = Reader::current();
    follow_events(reader);
    change_over(reader);
    let spoken = announcements(reader);
    view! {
        <p class="visually-hidden" role="status">
            {spoken}
        </p>
        {when(reader.lost, move || view! { <p class="toast lost" role="status">"Connection lost. The work goes on; this page will catch up."</p> }.erase())}
    }
    .erase()
}

fn follow_events(reader: Reader) {
    let visible = RwSignal::new(true);
    // Counts connections that were refused, so that another is tried.
    let refused = RwSignal::new(0_u32);
    let open = Memo::new(move |_| reader.run.with(|run| run.state.is_open()));
    Effect::new(move |before: Option<Option<Stream>>| {
        // Dropping the stream closes it; leaving the page drops the effect with its last one.
        drop(before);
        refused.track();
        if !(open.get() && visible.get()) {
            reader.lost.set(false);
            return None;
        }
        let id = reader.run.with_untracked(|run| run.id.clone());
        Stream::open(&format!("runs/{id}"), reader.seq.get_value(), move |news| {
            hear(reader, refused, news);
        })
    });
    Effect::new(move |_| {
        let handle = window_event_listener_untyped("visibilitychange", move |_| visible.set(document::is_visible()));
        on_cleanup(move || handle.remove());
    });
}

fn hear(reader: Reader, refused: RwSignal<u32>, news: News) {
    match news {
        News::Open => reader.lost.set(false),
        News::Lost => reader.lost.set(true),
        News::Closed => {
            reader.lost.set(true);
            refresh(reader);
            set_timeout(
                move || {
                    if let Some(count) = refused.try_get_untracked() {
                        refused.try_set(count.wrapping_add(1));
                    }
                },
                std::time::Duration::from_secs(5),
            );
        }
        News::Event(seq, event) => {
            if seq > reader.seq.get_value() {
                reader.seq.set_value(seq);
                take(reader, event);
            }
        }
    }
}

fn take(reader: Reader, event: Event) {
    match event {
        Event::Stage {
            stage,
            progress,
            chapter,
        } => reader.page.update(|page| {
            page.run.state = RunState::Working;
            page.run.stage = Some(stage);
            page.run.progress = progress;
            page.run.chapter = chapter;
            page.run.fault = None;
        }),
        Event::Ready => refresh(reader),
        Event::Restart => reader.text.set(String::new()),
        Event::Text { text } => reader.text.update(|all| all.push_str(&text)),
        Event::State { state } => {
            // An ended run is shown as ended once its summary or fault is there, in one go.
            if state.is_open() {
                reader.page.update(|page| page.run.state = state);
            }
            refresh(reader);
        }
    }
}

/// Asks the server for the page again. Nothing that was shown goes away meanwhile.
pub(crate) fn refresh(reader: Reader) {
    let id = reader.run.with_untracked(|run| run.id.clone());
    spawn_local(async move {
        let Ok(Data::Run(page)) = load(Ask::Run(id).to_string()).await else {
            return;
        };
        // The page may have been left while the answer was on its way.
        let Some(seq) = reader.seq.try_get_value() else {
            return;
        };
        if page.last_event >= seq {
            reader.seq.set_value(page.last_event);
            if reader.text.with_untracked(|text| *text != page.text) {
                reader.text.set(page.text.clone());
            }
        }
        reader.page.set(*page);
    });
}

/// Changes from the extract to the model's text once, and only if nobody is reading yet.
fn change_over(reader: Reader) {
    Effect::new(move |_| {
        let watched: [WindowListenerHandle; 3] = [
            window_event_listener(ev::scroll, move |_| {
                if document::scrolled() > 40.0 {
                    reader.touched.set(true);
                }
            }),
            window_event_listener(ev::pointerup, move |_| {
                if document::has_selection() {
                    reader.touched.set(true);
                }
            }),
            window_event_listener(ev::focusin, move |_| reader.touched.set(true)),
        ];
        on_cleanup(move || {
            for handle in watched {
                handle.remove();
            }
        });
    });
    let begun = Memo::new(move |_| reader.has_model() && reader.model_has_begun());
    Effect::new(move |before: Option<bool>| {
        let now = begun.get();
        let change = before == Some(false) && now;
        if change && !reader.touched.get_untracked() && reader.shown.get_untracked() == Version::Extract {
            reader.fading.set(true);
            reader.shown.set(Version::Model);
        }
        now
    });
}

/// What is to be spoken now.
fn announcements(reader: Reader) -> RwSignal<String> {
    let spoken = RwSignal::new(String::new());
    let last = StoredValue::new(0.0_f64);
    let news = Memo::new(move |_| words(reader));
    Effect::new(move |before: Option<Option<(String, bool)>>| {
        let now = news.get();
        // The state that the page came with is not news.
        if let (Some(before), Some((words, urgent))) = (before, &now)
            && before != now
            && (*urgent || document::now() - last.get_value() >= QUIET_SECONDS)
        {
            last.set_value(document::now());
            spoken.set(words.clone());
        }
        now
    });
    spoken
}

/// The state in a sentence, and whether it must not be left out.
fn words(reader: Reader) -> Option<(String, bool)> {
    let state = reader.run.with(|run| run.state);
    reader.page.with(|page| match (state, &page.summary, &page.extract) {
        (RunState::Done, Some(summary), _) => {
            let tally = summary.checked().replace(" · ", ", ");
            Some((format!("Summary ready: {tally}."), true))
        }
        (RunState::Failed, ..) => Some(("The summary could not be made.".to_owned(), true)),
        (RunState::Cancelled, ..) => Some(("Cancelled.".to_owned(), true)),
        (_, None, Some(extract)) if reader.model_has_begun() && reader.shown.get() == Version::Model => Some((
            format!(
                "The model's text is shown. {} from the transcript stand in the other tab.",
                sentences(extract)
            ),
            false,
        )),
        (_, None, Some(extract)) => Some((format!("First summary ready, {}.", sentences(extract)), false)),
        _ => None,
    })
}

fn sentences(extract: &domain::summary::Summary) -> String {
    counted(u64::try_from(extract.claims.len()).unwrap_or(u64::MAX), "sentence")
}
