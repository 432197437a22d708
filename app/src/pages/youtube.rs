//! `/settings/youtube`: how this server reaches YouTube, how YouTube treats it, and a button to try.

use domain::youtube_health::{ClientHealth, YouTubeHealth};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

use crate::{
    components::{
        flow::{loaded, settings_form},
        pause::pause_words,
        post_form::PostForm,
        settings_nav::SettingsNav,
    },
    erased::{Erase, Erased},
    server_functions::{Ask, Data, TestYouTube},
    times::{date, iso, time_of_day},
};

/// The page.
#[component]
pub(crate) fn YouTubePage() -> impl IntoView {
    let look = RwSignal::new(0_u32);
    let tested = Callback::new(move |_| look.update(|look| *look = look.wrapping_add(1)));
    let page = loaded(
        move || (Ask::YouTube, look.get()),
        move |data| match data {
            Data::YouTube(health) => Some(health_view(*health)),
            _ => None,
        },
    );
    view! {
        <Title text="YouTube" />
        <section class="narrow">
            <SettingsNav />
            <h1>"YouTube"</h1>
            {page}
            <PostForm action=TestYouTube::PATH id=Signal::stored(String::new()) done=tested>
                <button class="button">"Test now"</button>
            </PostForm>
            <p class="quiet small">
                "Asks for the captions of a well-known video as each client in turn. Where one gets them, what waits goes on. "
                "The same on the command line: youtube-summarizer doctor."
            </p>
            <h2>"Captions and the way out"</h2>
            {settings_form("/settings/youtube")}
        </section>
    }
    .erase()
}

fn health_view(health: YouTubeHealth) -> Erased {
    let YouTubeHealth {
        egress,
        per_minute,
        pause,
        clients,
        samples,
        yt_dlp,
    } = health;
    let pace = per_minute.map_or_else(
        || "without limit".to_owned(),
        |n| format!("at most {n} requests a minute"),
    );
    let is_paused = pause.is_some();
    view! {
        {pause.map(|pause| view! { <div class="fault">{pause_words(pause)}</div> })}
        <dl class="details">
            <dt>"Way out"</dt>
            <dd>{egress}</dd>
            <dt>"Pace"</dt>
            <dd>{pace}</dd>
            <dt>"Behind our own clients"</dt>
            <dd>{yt_dlp}</dd>
            {(!is_paused)
                .then(|| {
                    view! {
                        <dt>"State"</dt>
                        <dd>"asked whenever there is work"</dd>
                    }
                })}
        </dl>
        {clients_view(clients)}
        {(!samples.is_empty()).then(|| samples_view(samples))}
        <section class="group" aria-labelledby="proxy">
            <h2 id="proxy">"Where YouTube refuses this server"</h2>
            <p>"YouTube refuses many addresses of data centres, and any that asks too much. There are two ways around it:"</p>
            <ul class="bullets">
                <li>
                    <b>"Your own browser. "</b>
                    "YouTube shows you captions that it keeps from this server. "
                    <a href="/capture" rel="external">
                        "Use my browser’s captions"
                    </a>
                </li>
                <li>
                    <b>"A proxy. "</b>
                    "One of yours, or Webshare’s rotating addresses: enter it below. Only YouTube is asked through it, never a model."
                </li>
            </ul>
        </section>
    }
    .erase()
}

/// Answers that nobody could read: what to send with a report.
fn samples_view(samples: Vec<String>) -> Erased {
    let names: Vec<Erased> = samples
        .into_iter()
        .map(|name| view! { <li><code>{name}</code></li> }.erase())
        .collect();
    view! {
        <h2>"Answers that could not be read"</h2>
        <p class="quiet small">"Kept without tokens and keys, in DATA_DIR/samples. Please report them: YouTube may have changed."</p>
        <ul class="samples">{names}</ul>
    }
    .erase()
}

fn clients_view(clients: Vec<ClientHealth>) -> Erased {
    if clients.is_empty() {
        return view! { <p>"YouTube has not been asked yet."</p> }.erase();
    }
    let rows: Vec<Erased> = clients.into_iter().map(client_row).collect();
    view! {
        <div class="table">
            <table>
                <caption class="visually-hidden">"What YouTube answered, by client"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Asked as"</th>
                        <th scope="col">"Answered"</th>
                        <th scope="col">"Last"</th>
                        <th scope="col">"Refused or failed"</th>
                        <th scope="col">"Last"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .erase()
}

fn client_row(client: ClientHealth) -> Erased {
    let kind = client
        .last_failure_kind
        .map(|kind| view! { " " <code>{kind}</code> }.erase());
    view! {
        <tr>
            <th scope="row">{client.client}</th>
            <td>{client.successes}</td>
            <td>{client.last_success_at.map(when)}</td>
            <td>{client.failures}</td>
            <td>{client.last_failure_at.map(when)} {kind}</td>
        </tr>
    }
    .erase()
}

fn when(unix: i64) -> Erased {
    view! { <time datetime=iso(unix)>{format!("{}, {}", date(unix), time_of_day(unix))}</time> }.erase()
}
