//! The video: its picture until it is pressed, then YouTube's player without cookies. Without script, a link.

use leptos::prelude::*;

use crate::{
    browser::{document, player},
    components::{
        flow::{live, when},
        lead::around_quote,
        reader::Reader,
        strip::Strip,
        transcript::with_quote,
    },
    erased::Erase,
    times::spoken,
};

/// Words that stand before a quote where there is little room.
const WORDS_BEFORE: usize = 5;

/// The player with the strip below it. Renders nothing for uploads.
#[component]
pub(crate) fn Player() -> impl IntoView {
    let reader = Reader::current();
    let id = Memo::new(move |_| reader.youtube_id().filter(|id| is_youtube_id(id)));
    let open = Signal::derive(move || reader.opened.get().is_some());
    let has_words = Signal::derive(move || reader.passages.with(|passages| !passages.is_empty()));
    Effect::new(move |_| {
        let handle = player::listen(move |news| reader.follow_player(news));
        on_cleanup(move || handle.remove());
    });
    live(move || {
        id.get().map(|id| {
            view! {
                <section id="player" class="player" class:open=open aria-label="Video">
                    <div class="stage-box">
                        {live(move || Some(match reader.opened.get() {
                            None => view! { <Poster id=id.clone() /> }.erase(),
                            Some(seconds) => view! { <Frame id=id.clone() seconds /> }.erase(),
                        }))}
                    </div>
                    {when(has_words, || view! { <Strip /> }.erase())}
                    <Playing />
                </section>
            }
            .erase()
        })
    })
}

/// The picture. Its link is YouTube's own, so that it works without script.
#[component]
fn Poster(id: String) -> impl IntoView {
    let reader = Reader::current();
    let seconds = reader.start.unwrap_or(0);
    let name = if seconds == 0 {
        "Play the video".to_owned()
    } else {
        format!("Play from {}", spoken(u64::from(seconds) * 1000))
    };
    // Without script a pressed time comes back here: the player, at that second. The id is checked, the rest is ours.
    let without_script = reader.start.map(|seconds| {
        let address = player::address(&id, seconds, false).replace('&', "&amp;");
        format!(
            "<iframe src=\"{address}\" title=\"Video\" allow=\"fullscreen\" \
             referrerpolicy=\"strict-origin-when-cross-origin\"></iframe>"
        )
    });
    view! {
        <a
            class="poster"
            href=format!("https://www.youtube.com/watch?v={id}&t={seconds}s")
            rel="noreferrer"
            on:click=move |event| {
                if document::is_plain_click(&event) {
                    reader.play_from(seconds);
                }
            }
        >
            <img src=format!("/thumbnails/{id}.jpg") alt="" width="480" height="270" />
            <span class="play">
                <svg viewBox="0 0 12 12" aria-hidden="true">
                    <path d="M3 1.5v9l7-4.5z" />
                </svg>
                {name}
            </span>
        </a>
        {without_script.map(|html| view! { <noscript inner_html=html></noscript> })}
    }
    .erase()
}

#[component]
fn Frame(id: String, seconds: u32) -> impl IntoView {
    let reader = Reader::current();
    view! {
        <iframe
            node_ref=reader.player.frame
            src=player::address(&id, seconds, true)
            title="Video"
            allow="autoplay; encrypted-media; fullscreen; picture-in-picture"
            referrerpolicy="strict-origin-when-cross-origin"
            on:load=move |_| reader.player.loaded()
        ></iframe>
    }
    .erase()
}

/// What is being said, beneath the player; on phones, where the transcript is far away.
#[component]
fn Playing() -> impl IntoView {
    let reader = Reader::current();
    let passage = Memo::new(move |_| {
        let lit = reader.lit.get().filter(|_| reader.opened.get().is_some());
        reader.passages.with(|passages| {
            let passage = passages.iter().find(|passage| Some(passage.ordinal) == lit)?;
            let quote = reader.quoted(passage.ordinal);
            let text = passage.script();
            Some((passage.ordinal, from_near_quote(&text, quote.as_deref()), quote))
        })
    });
    live(move || {
        passage.get().map(|(ordinal, text, quote)| {
            view! {
                <div class="said">
                    <p dir="auto">{with_quote(&text, quote.as_deref())}</p>
                    <a
                        href=format!("#p{ordinal}")
                        on:click=move |event| {
                            event.prevent_default();
                            document::bring(&format!("p{ordinal}"));
                        }
                    >
                        "In the transcript"
                    </a>
                </div>
            }
            .erase()
        })
    })
}

/// A text from a few words before its quote on, so that the quote is seen where there is room for three lines only.
fn from_near_quote(text: &str, quote: Option<&str>) -> String {
    let (before, quote, after) = around_quote(text, quote);
    let words = before.match_indices(char::is_whitespace).map(|(at, _)| at);
    let cut = words.rev().nth(WORDS_BEFORE).filter(|_| !quote.is_empty());
    cut.map_or_else(|| text.to_owned(), |cut| format!("…{}{quote}{after}", &before[cut..]))
}

/// Whether an id can be put into an address as it is.
fn is_youtube_id(id: &str) -> bool {
    id.len() == 11 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_deep_in_a_passage_is_within_the_first_lines() {
        let text = "one two three four five six seven eight nine ten eleven";
        assert_eq!(
            from_near_quote(text, Some("nine ten")),
            "… four five six seven eight nine ten eleven"
        );
        assert_eq!(from_near_quote(text, Some("three four")), text);
        assert_eq!(from_near_quote(text, Some("twelve")), text);
        assert_eq!(from_near_quote(text, None), text);
    }

    #[test]
    fn only_an_id_of_youtubes_shape_reaches_an_address() {
        assert!(is_youtube_id("dQw4w9WgXcQ"));
        for bad in [
            "",
            "dQw4w9WgXc",
            "\"><script>x",
            "dQw4w9WgX/.",
            "upload-0123456789abcdef",
        ] {
            assert!(!is_youtube_id(bad), "{bad}");
        }
    }
}
