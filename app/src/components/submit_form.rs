//! The field that everything starts with: links, several lines, a transcript, files. Plain HTML that posts to `/submit`;
//! script adds what each line is, dropping files anywhere, and Ctrl+Enter.

use domain::{
    input::{self, Input, Line},
    prompt::{self, STYLES},
};
use leptos::{ev, html, prelude::*};

use crate::{
    browser::drop,
    erased::{Erase, Erased},
    server_functions::ModelChoice,
    times::counted,
    words::{self, LANGUAGES, LENGTHS},
};

/// The form, with `text` in its field.
#[component]
pub(crate) fn SubmitForm(
    text: String,
    models: Vec<ModelChoice>,
    default_model: String,
    prompts: Vec<String>,
    /// The title of the video whose transcript is to be pasted; empty where it has none yet.
    paste: Option<String>,
) -> impl IntoView {
    let focus = paste.is_some();
    let paste = paste.map(|title| paste_note(&title));
    let form = NodeRef::<html::Form>::new();
    let field = NodeRef::<html::Textarea>::new();
    let files = NodeRef::<html::Input>::new();
    let names = RwSignal::new(Vec::<String>::new());
    let content = as_content(&text);
    let typed = RwSignal::new(text);
    let sending = RwSignal::new(false);
    let name_files = move || {
        if let Some(files) = files.get_untracked() {
            names.set(drop::names(&files));
        }
    };
    Effect::new(move |_| {
        // What was typed or chosen before there was script.
        if let Some(field) = field.get_untracked() {
            let value = field.value();
            if typed.with_untracked(|typed| *typed != value) {
                typed.set(value);
            }
        }
        name_files();
        let drops = drop::listen(move || files.get_untracked(), name_files);
        // A page that comes back from the browser's cache is not sending any more.
        let back = window_event_listener(ev::pageshow, move |_| sending.set(false));
        on_cleanup(move || {
            back.remove();
            for handle in drops {
                handle.remove();
            }
        });
    });
    view! {
        <form
            class="submit"
            method="post"
            action="/submit"
            enctype="multipart/form-data"
            node_ref=form
            on:submit=move |_| sending.set(true)
        >
            <label for="input" class="field-label">
                "Paste YouTube links or a transcript"
            </label>
            {paste}
            <textarea
                id="input"
                name="input"
                node_ref=field
                autofocus=focus
                rows="3"
                spellcheck="false"
                dir="auto"
                placeholder="https://www.youtube.com/watch?v=…"
                aria-describedby="feedback"
                inner_html=content
                on:input:target=move |event| typed.set(event.target().value())
                on:keydown=move |event| {
                    if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                        event.prevent_default();
                        if let Some(form) = form.get_untracked() {
                            drop::submit(&form);
                        }
                    }
                }
            ></textarea>
            <Feedback typed names />
            <div class="send">
                <Options models default_model prompts />
                <label class="button file">
                    "File"
                    <input
                        type="file"
                        name="files"
                        multiple
                        node_ref=files
                        accept=".srt,.vtt,.json3,.json,.srv1,.srv3,.xml,.txt,text/plain,text/vtt"
                        on:change=move |_| name_files()
                    />
                </label>
                <button class="button primary" aria-disabled=move || sending.get().to_string() class:loading=move || sending.get()>
                    <span class="slot" aria-hidden="true"></span>
                    "Summarise"
                </button>
            </div>
        </form>
    }
    .erase()
}

/// What is to be pasted, and the title that it gets.
fn paste_note(title: &str) -> Erased {
    let title: String = title.trim().chars().take(200).collect();
    let how = "On YouTube: More, Show transcript; select all of it and copy. Or choose a file: SRT, WebVTT, text.";
    if title.is_empty() {
        return view! { <p class="quiet small">{how}</p> }.erase();
    }
    view! {
        <p class="quiet small">
            "The transcript of “"<bdi>{title.clone()}</bdi>"”. " {how}
            <input type="hidden" name="title" value=title />
        </p>
    }
    .erase()
}

/// What each line is, at once; which files are chosen.
#[component]
fn Feedback(typed: RwSignal<String>, names: RwSignal<Vec<String>>) -> impl IntoView {
    let lines = Memo::new(move |_| typed.with(|typed| feedback(typed)));
    view! {
        <p id="feedback" class="feedback quiet">
            {move || {
                lines
                    .get()
                    .into_iter()
                    .map(|(words, good)| view! { <span class="item" class:bad=!good>{words}</span> })
                    .collect_view()
            }}
            {move || {
                names
                    .get()
                    .into_iter()
                    .map(|name| view! { <span class="item">"File: "<bdi>{name}</bdi></span> })
                    .collect_view()
            }}
        </p>
    }
    .erase()
}

/// Model, style, language and length behind one disclosure.
#[component]
pub(crate) fn Options(
    models: Vec<ModelChoice>,
    default_model: String,
    /// The names of the prompts that people wrote.
    #[prop(optional)]
    prompts: Vec<String>,
    /// Where the model stands that is chosen, for those who want to know.
    #[prop(optional)]
    chosen: Option<RwSignal<String>>,
) -> impl IntoView {
    let style = RwSignal::new(STYLES[0].0.to_owned());
    let model = chosen.unwrap_or_else(|| RwSignal::new(default_model.clone()));
    let language = RwSignal::new(String::new());
    let length = Length::default();
    let named = move |all: &'static [(&'static str, &'static str)], value: String| {
        all.iter()
            .find(|(known, _)| *known == value)
            .map_or("", |(_, name)| *name)
    };
    let models = model_options(models, &default_model);
    view! {
        <details class="options">
            <summary>
                <span class="item" title=move || model.with(|model| words::model_hint(model))>
                    {move || model.with(|model| words::model(model).to_owned())}
                </span>
                <span class="item">{move || style.with(|style| prompt::title(style).to_owned())}</span>
                <span class="item">{move || named(&LANGUAGES, language.get())}</span>
                <span class="item">{move || length.words()}</span>
            </summary>
            <div class="choices">
                <label>
                    "Model"
                    <select name="model" on:change:target=move |event| model.set(event.target().value())>
                        {models}
                    </select>
                </label>
                <label>
                    "Style"
                    <select name="style" on:change:target=move |event| style.set(event.target().value())>
                        {style_options(STYLES[0].0, prompts)}
                    </select>
                </label>
                <label>
                    "Language"
                    <select name="language" on:change:target=move |event| language.set(event.target().value())>
                        {language_options("")}
                    </select>
                </label>
                {length_fields(length, None)}
                <a href="/settings/prompts">"Prompts of your own"</a>
            </div>
        </details>
    }
    .erase()
}

/// The length that is chosen, as the two fields for it have it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Length {
    /// One of [`LENGTHS`].
    named: RwSignal<String>,
    /// In words; it wins.
    typed: RwSignal<String>,
}

impl Length {
    /// What will be used: "long", "at most 60 words".
    fn words(self) -> String {
        let typed = self.typed.get();
        if typed.trim().is_empty() {
            let named = self.named.get();
            let known = LENGTHS.iter().find(|(value, _)| *value == named);
            return known.map_or_else(String::new, |(_, name)| (*name).to_owned());
        }
        format!("at most {} words", typed.trim())
    }
}

/// The two fields for the length. `before`: how many words the summary had that is written again, which stays so unless one chooses.
pub(crate) fn length_fields(length: Length, before: Option<u32>) -> Erased {
    let option = |value: String, name: String, chosen: bool| {
        view! { <option value=value selected=chosen>{name}</option> }.erase()
    };
    let options: Vec<Erased> = before
        .map(|words| option(words.to_string(), format!("at most {words} words, as before"), true))
        .into_iter()
        .chain(LENGTHS.map(|(value, name)| {
            let chosen = before.is_none() && value.is_empty();
            option(value.to_owned(), name.to_owned(), chosen)
        }))
        .collect();
    view! {
        <label>
            "Length"
            <select name="words" on:change:target=move |event| length.named.set(event.target().value())>
                {options}
            </select>
        </label>
        <label>
            "Or at most so many words"
            <input
                type="number"
                name="words"
                min="20"
                max="3000"
                step="1"
                inputmode="numeric"
                on:input:target=move |event| length.typed.set(event.target().value())
            />
        </label>
    }
    .erase()
}

/// The models as options, by who runs them. `chosen` may be one that is not on offer.
pub(crate) fn model_options(mut models: Vec<ModelChoice>, chosen: &str) -> Vec<Erased> {
    if !models.iter().any(|choice| choice.name == chosen) {
        let unlisted = ModelChoice {
            name: chosen.to_owned(),
            provider: String::new(),
            note: String::new(),
            price: None,
        };
        models.insert(0, unlisted);
    }
    models
        .chunk_by(|one, next| one.provider == next.provider)
        .map(|group| {
            let options: Vec<Erased> = group
                .iter()
                .map(|choice| {
                    let selected = choice.name == chosen;
                    let words = model_words(choice, &models);
                    view! { <option value=choice.name.clone() selected=selected>{words}</option> }.erase()
                })
                .collect();
            view! { <optgroup label=group[0].provider.clone()>{options}</optgroup> }.erase()
        })
        .collect()
}

/// A model as an option: the whole of its name only where another one would be called the same.
fn model_words(choice: &ModelChoice, all: &[ModelChoice]) -> String {
    let short = words::model(&choice.name);
    let same = all.iter().filter(|other| words::model(&other.name) == short).count();
    let name = if same > 1 {
        words::whole_model(&choice.name)
    } else {
        short
    };
    if choice.note.is_empty() {
        name.to_owned()
    } else {
        format!("{name}, {}", choice.note)
    }
}

/// The styles as options, then the prompts that people wrote. `chosen` may be one that is not on offer any more.
pub(crate) fn style_options(chosen: &str, prompts: Vec<String>) -> Vec<Erased> {
    let option = |value: String, name: String| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{name}</option> }.erase()
    };
    let known = STYLES.iter().any(|(name, ..)| *name == chosen);
    let kept = (!known).then(|| option(chosen.to_owned(), prompt::title(chosen).to_owned()));
    kept.into_iter()
        .chain(STYLES.map(|(name, title, _)| option(name.to_owned(), title.to_owned())))
        .chain(prompts.into_iter().map(|name| option(name.clone(), name)))
        .collect()
}

/// The languages as options, as spoken first. `chosen` may be one that is not on offer.
pub(crate) fn language_options(chosen: &str) -> Vec<Erased> {
    let option = |code: &str, name: &str| {
        let selected = code == chosen;
        view! { <option value=code.to_owned() selected=selected>{name.to_owned()}</option> }.erase()
    };
    let known = LANGUAGES.iter().any(|(code, _)| *code == chosen);
    let kept = (!known).then(|| option(chosen, chosen));
    kept.into_iter()
        .chain(LANGUAGES.iter().map(|(code, name)| option(code, name)))
        .collect()
}

/// What the field holds, part by part, and whether each is good.
fn feedback(text: &str) -> Vec<(String, bool)> {
    const SHOWN: usize = 8;
    match input::read(text) {
        Input::Empty => Vec::new(),
        Input::Transcript => {
            let words = u64::try_from(text.split_whitespace().count()).unwrap_or(u64::MAX);
            vec![(format!("A transcript, {}", counted(words, "word")), true)]
        }
        Input::Lines(lines) => {
            let more = lines.len().saturating_sub(SHOWN);
            let mut parts: Vec<(String, bool)> = lines.iter().take(SHOWN).map(line).collect();
            if more > 0 {
                let bad = lines[SHOWN..].iter().filter(|line| line.link.is_err()).count();
                let words = if bad == 0 {
                    format!("{more} more")
                } else {
                    format!("{more} more, {bad} of them not good")
                };
                parts.push((words, bad == 0));
            }
            parts
        }
    }
}

fn line(line: &Line) -> (String, bool) {
    let is_list = line.link.as_ref().is_ok_and(|link| link.preview().is_some());
    let then = if is_list { ": choose next" } else { "" };
    (format!("{} {}{then}", line.number, line.words()), line.link.is_ok())
}

/// A text as the content of a textarea, which swallows the first line break.
pub(crate) fn as_content(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("\n{}", text.replace('&', "&amp;").replace('<', "&lt;"))
}

#[cfg(test)]
mod tests {
    use domain::link::{Link, LinkError};

    use super::*;

    #[test]
    fn the_length_that_will_be_used_is_said() {
        Owner::new().with(|| {
            let length = Length::default();
            assert_eq!(length.words(), "medium");
            length.named.set("600".to_owned());
            assert_eq!(length.words(), "long");
            length.typed.set("60".to_owned());
            assert_eq!(length.words(), "at most 60 words");
        });
    }

    #[test]
    fn a_text_can_not_leave_its_field() {
        assert_eq!(as_content("</textarea><script>"), "\n&lt;/textarea>&lt;script>");
        assert_eq!(as_content(""), "");
    }

    #[test]
    fn models_in_two_folders_are_told_apart() {
        let choice = |name: &str, note: &str| ModelChoice {
            name: name.to_owned(),
            provider: "llama.cpp".to_owned(),
            note: note.to_owned(),
            price: None,
        };
        let all = [
            choice("/a/tiny.gguf", ""),
            choice("/b/tiny.gguf", ""),
            choice("/b/large.gguf", "until 2027-01-14"),
        ];
        let words: Vec<String> = all.iter().map(|choice| model_words(choice, &all)).collect();
        assert_eq!(words, ["/a/tiny.gguf", "/b/tiny.gguf", "large, until 2027-01-14"]);
    }

    #[test]
    fn a_line_says_what_it_is() {
        let bad = Line {
            number: 3,
            text: "htps:/…".to_owned(),
            link: Err(LinkError::Invalid),
        };
        assert_eq!(line(&bad), ("3 not a YouTube link".to_owned(), false));
        let good = Line {
            number: 1,
            link: Ok(Link::Video {
                id: "dQw4w9WgXcQ".to_owned(),
                list: None,
                start: None,
            }),
            ..bad
        };
        assert_eq!(line(&good), ("1 video".to_owned(), true));
    }
}
