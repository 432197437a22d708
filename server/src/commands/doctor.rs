//! `doctor`: what works here and now. Tries each YouTube client on one video and looks at the database and the models.

use std::process::ExitCode;

use backend::{
    database,
    models::Models,
    youtube::{Examined, YouTube},
};
use domain::link::Link;
use serde_json::json;

use super::upstream::say;
use crate::{
    cli::{Doctor, DoctorFormat},
    live_settings::{Layered, Origin},
};

/// Prints what was found; fails where no client can get captions, or the configured database does not answer.
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the output of a command")]
pub async fn run(arguments: &Doctor, layered: Layered) -> ExitCode {
    let Layered {
        config,
        origins,
        trouble,
    } = layered;
    let Ok(Link::Video { id, .. }) = Link::parse(&arguments.video) else {
        eprintln!("youtube-summarizer: {} is not the link of a video.", arguments.video);
        return ExitCode::FAILURE;
    };
    let samples = config.storage.data_dir.join("samples");
    let youtube = match YouTube::new(config.youtube.clone()) {
        Ok(youtube) => youtube,
        Err(why) => {
            eprintln!("youtube-summarizer: {why}");
            return ExitCode::FAILURE;
        }
    };
    say("Asking YouTube as each client …");
    let clients = youtube.examine(&id).await;
    let works = clients.iter().any(Examined::works);
    let database = match &config.storage.database_url {
        Some(url) => Some(
            database::connect(url, 1)
                .await
                .map(drop)
                .map_err(|error| error.to_string()),
        ),
        None => None,
    };
    let (models, providers) = match Models::new(config.models.clone()) {
        Ok(models) => {
            let names: Vec<String> = models.list().await.into_iter().map(|model| model.name).collect();
            let status = models.status().await.unwrap_or_default();
            (names, status.providers)
        }
        Err(why) => (vec![format!("none: {why}")], Vec::new()),
    };
    let unlisted: Vec<_> = providers
        .iter()
        .filter_map(|provider| Some((provider, provider.error.as_ref()?)))
        .collect();
    match arguments.format {
        DoctorFormat::Text => {
            println!("Way out to YouTube: {}", youtube.egress());
            println!("Behind our own clients: {}", youtube.yt_dlp().await);
            println!("Video: {id}\n");
            for client in &clients {
                println!("{}", line(client));
            }
            println!();
            println!("{}", verdict(works));
            for sample in youtube.samples() {
                println!(
                    "An answer that could not be read is kept: {}/{sample}",
                    samples.display()
                );
            }
            match &database {
                None => println!("Database: the server starts its own."),
                Some(Ok(())) => println!("Database: answers."),
                Some(Err(error)) => println!("Database: {error}"),
            }
            if let Some(why) = &trouble {
                println!("What was set in the app could not be looked at: {why}");
            }
            for (name, origin) in &origins {
                println!("{}", from_where(name, *origin));
            }
            println!("Models: {}", models.join(", "));
            for (provider, why) in unlisted {
                println!("{} did not list its models: {why}", provider.label);
            }
        }
        DoctorFormat::Json => {
            let clients: Vec<_> = clients.iter().map(as_json).collect();
            let database = database.as_ref().map(Result::is_ok);
            let errors: serde_json::Map<_, _> = unlisted
                .iter()
                .map(|(provider, why)| (provider.name.clone(), json!(why)))
                .collect();
            let settings: serde_json::Map<_, _> = origins
                .iter()
                .map(|(name, origin)| ((*name).to_owned(), json!(origin.as_str())))
                .collect();
            println!(
                "{}",
                json!({"settings": settings, "egress": youtube.egress(), "video_id": id, "works": works, "clients": clients, "database": database, "models": models, "model_errors": errors, "samples": youtube.samples(), "yt_dlp": youtube.yt_dlp().await})
            );
        }
    }
    if works && !matches!(database, Some(Err(_))) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Where a value comes from; never the value.
fn from_where(name: &str, origin: Origin) -> String {
    match origin {
        Origin::Environment => format!("{name}: from the environment"),
        Origin::Settings => format!("{name}: from the settings in the app"),
        Origin::Unreadable => {
            format!("{name}: set in the app, but it can't be read with this SESSION_SECRET_KEY")
        }
        Origin::Refused => format!("{name}: set in the app, but it is not good and not used"),
    }
}

fn line(client: &Examined) -> String {
    let player = match &client.tracks {
        Ok(count) => format!("{count} tracks"),
        Err(error) => error.kind().to_owned(),
    };
    let captions = match &client.cues {
        Some(Ok(count)) => format!("{count} cues"),
        Some(Err(error)) => error.kind().to_owned(),
        None => "-".to_owned(),
    };
    let name = format!("{} {}", client.client, client.version);
    format!(
        "{name:<28} player: {player:<20} captions: {captions:<20} {:>6} ms",
        client.took.as_millis()
    )
}

fn as_json(client: &Examined) -> serde_json::Value {
    let kind = |error: &backend::youtube::YouTubeError| error.kind();
    json!({
        "client": client.client,
        "version": client.version,
        "works": client.works(),
        "tracks": client.tracks.as_ref().ok(),
        "cues": client.cues.as_ref().and_then(|cues| cues.as_ref().ok()),
        "error": client.tracks.as_ref().err().or_else(|| client.cues.as_ref()?.as_ref().err()).map(kind),
        "ms": u64::try_from(client.took.as_millis()).unwrap_or(u64::MAX),
    })
}

fn verdict(works: bool) -> &'static str {
    if works {
        "Captions can be had."
    } else {
        "No client can get captions. If all are refused, YouTube does not like this address: set a proxy \
         (YOUTUBE_PROXY_URL or WEBSHARE_PROXY_*). If all are rejected, update this program, or list newer clients in CONFIG_FILE."
    }
}
