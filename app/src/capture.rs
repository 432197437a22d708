//! `/capture`: explains the bookmarklet, offers it, and shows what it brought. Made on the server alone, with
//! `public/capture.js` instead of the wasm: what the bookmarklet packs is unpacked by the browser itself, and nobody else
//! has to download how.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::Router;

use crate::{
    assets::Assets,
    components::{submit_form::Options, top_bar::TopBar},
    erased::Erase,
    server_functions::{ModelChoice, model_choices},
    shell::document,
};

/// The models on offer; the server provides them by context.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    models: Vec<ModelChoice>,
    default_model: String,
}

impl Choices {
    /// Those of this house.
    pub async fn of(services: &backend::services::Services) -> Self {
        Self {
            models: model_choices(services).await,
            default_model: services.default_model(),
        }
    }
}

/// The whole document.
#[must_use]
pub fn capture_document() -> impl IntoView {
    provide_meta_context();
    let assets = Assets::current();
    let script = view! { <script src=assets.lookup("capture.js") nonce=use_nonce() defer></script> };
    let source = assets.lookup("bookmarklet.js");
    let body = view! {
        <Title text="Use your browser’s captions · YouTube Summarizer" />
        <Router>
            <TopBar />
            <main id="main" tabindex="-1">
                <Broken />
                <Preview />
                <Help source />
            </main>
        </Router>
    };
    document(script.erase(), body.erase())
}

#[component]
fn Broken() -> impl IntoView {
    view! {
        <div id="broken" class="fault" role="alert" hidden>
            <p>
                <b>"These captions can’t be used."</b>
                " The address was cut short, or something else than the button wrote it. Go back to the video and press the button again."
            </p>
            <div class="ways">
                <a class="button" href="/">
                    "Paste the transcript"
                </a>
            </div>
        </div>
    }
}

#[component]
fn Preview() -> impl IntoView {
    let Choices { models, default_model } = use_context().unwrap_or_default();
    view! {
        <section id="preview" class="narrow captured" hidden>
            <h1>"Captions from your browser"</h1>
            <div>
                <h2 id="captured-title" dir="auto"></h2>
                <p id="captured-facts" class="quiet meta"></p>
            </div>
            <div>
                <ol id="captured-cues"></ol>
                <p id="captured-more" class="quiet small"></p>
            </div>
            <form method="post" action="/submit" enctype="multipart/form-data">
                <input type="hidden" id="captured" name="captured" />
                <div class="send">
                    <Options models default_model />
                    <button class="button primary">"Save and summarise"</button>
                </div>
            </form>
            <p class="quiet small">
                "Nothing is kept before you press Save. Then they are kept as this video’s captions, marked as read in your browser."
            </p>
        </section>
    }
}

#[component]
fn Help(source: String) -> impl IntoView {
    view! {
        <section id="help" class="narrow capture-help">
            <h1>"Use your browser’s captions"</h1>
            <p>
                "Where YouTube refuses this server, it still shows captions to you. A button among your bookmarks reads the captions of the video that you have open, signed in as you are there, and brings them here."
            </p>
            <ol class="steps">
                <li>
                    <span>"Drag this to your bookmarks bar:"</span>
                    <a id="bookmarklet" class="button" data-source=source.clone()>
                        "Summarise this video"
                    </a>
                    <p id="drag" class="quiet small" role="status" hidden>
                        "Drag it with the mouse; pressed here it does nothing. If there is no bookmarks bar, Ctrl+Shift+B shows it (on a Mac ⌘+Shift+B)."
                    </p>
                    <noscript>
                        <p class="quiet">
                            "To make the button, and to unpack what it brings, this page needs JavaScript. Without it: on YouTube choose More, Show transcript, copy it, and paste it on the "
                            <a href="/">"home page"</a> "."
                        </p>
                    </noscript>
                </li>
                <li>"Open the video on YouTube, signed in if it asks you to."</li>
                <li>"Press the bookmark. A new tab shows the captions, and you save them there."</li>
            </ol>
            <details>
                <summary>"On a phone, or without a bookmarks bar"</summary>
                <p>
                    "Bookmark any page, then edit the bookmark: give it a short name and put this in the place of its address. With the video open, type that name into the address bar and choose the bookmark."
                </p>
                <label class="visually-hidden" for="bookmarklet-code">
                    "The bookmark’s address"
                </label>
                <textarea id="bookmarklet-code" rows="4" readonly spellcheck="false"></textarea>
            </details>
            <details>
                <summary>"What the button does"</summary>
                <p>
                    "It asks YouTube, in your browser, for the captions of the open video: the track you are showing, else one written by hand in the video’s language, else the automatic one. Where YouTube withholds that file, it reads the transcript that YouTube shows beside the video. It packs them behind the # of an address of this server, which browsers do not send, and opens that address. It reads nothing else and changes nothing. "
                    <a href=source>"Read its source"</a> "."
                </p>
            </details>
        </section>
    }
}
