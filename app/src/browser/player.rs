//! YouTube's embedded player, driven by messages alone: no script of YouTube's runs in our page.

use leptos::{html, leptos_dom::helpers::WindowListenerHandle, prelude::*};
use serde_json::Value;

/// Where the player is embedded from.
pub(crate) const ORIGIN: &str = "https://www.youtube-nocookie.com";

/// What the player tells.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct News {
    /// Where it is, in whole seconds.
    pub(crate) seconds: Option<u32>,
    /// Whether it plays.
    pub(crate) playing: Option<bool>,
    /// Whether it says that it takes commands from now on.
    pub(crate) ready: bool,
}

/// The player's frame and what was said to it. A handle: copies share it.
#[derive(Clone, Copy)]
pub(crate) struct Player {
    /// The frame, once the player is open.
    pub(crate) frame: NodeRef<html::Iframe>,
    /// Said before the player was ready: until its frame has loaded nobody hears it, and from then on perhaps.
    early: StoredValue<Vec<String>>,
    ready: StoredValue<bool>,
}

impl Player {
    pub(crate) fn new() -> Self {
        Self {
            frame: NodeRef::new(),
            early: StoredValue::new(Vec::new()),
            ready: StoredValue::new(false),
        }
    }

    /// Jumps to a second and plays.
    pub(crate) fn seek(self, seconds: u32) {
        self.say(command("seekTo", &format!("[{seconds},true]")));
        self.say(command("playVideo", "[]"));
    }

    /// Plays or pauses.
    pub(crate) fn set_playing(self, playing: bool) {
        self.say(command(if playing { "playVideo" } else { "pauseVideo" }, "[]"));
    }

    /// To be called once the frame has loaded: asks the player to tell where it is, and repeats what it has missed.
    pub(crate) fn loaded(self) {
        self.post(r#"{"event":"listening","id":1,"channel":"widget"}"#);
        self.repeat();
    }

    /// To be called once the player says that it is ready: it may have loaded and yet have ignored commands.
    pub(crate) fn is_ready(self) {
        self.repeat();
        self.ready.set_value(true);
        self.early.set_value(Vec::new());
    }

    fn repeat(self) {
        self.early
            .with_value(|early| early.iter().for_each(|message| self.post(message)));
    }

    fn say(self, message: String) {
        self.post(&message);
        if !self.ready.get_value() {
            self.early.update_value(|early| early.push(message));
        }
    }

    fn post(self, message: &str) {
        if let Some(window) = self.frame.get_untracked().and_then(|frame| frame.content_window()) {
            // Fails only while the frame is still empty; then there is nobody to tell.
            drop(window.post_message(&message.into(), ORIGIN));
        }
    }
}

/// The address of the player for a video from a second on.
pub(crate) fn address(youtube_id: &str, seconds: u32, autoplay: bool) -> String {
    let autoplay = u8::from(autoplay);
    format!("{ORIGIN}/embed/{youtube_id}?enablejsapi=1&rel=0&start={seconds}&autoplay={autoplay}")
}

/// Listens to the player until the handle is removed.
pub(crate) fn listen(on_news: impl Fn(News) + 'static) -> WindowListenerHandle {
    window_event_listener(leptos::ev::message, move |message| {
        if message.origin() != ORIGIN {
            return;
        }
        if let Some(news) = message.data().as_string().and_then(|data| read(&data)) {
            on_news(news);
        }
    })
}

fn command(function: &str, arguments: &str) -> String {
    format!(r#"{{"event":"command","func":"{function}","args":{arguments}}}"#)
}

/// Reads what the player sends; `None` where it tells nothing of use.
fn read(data: &str) -> Option<News> {
    let message: Value = serde_json::from_str(data).ok()?;
    let seconds = message.pointer("/info/currentTime").and_then(Value::as_f64);
    let news = News {
        // The range is checked, so that the cast only cuts off the fraction.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked above")]
        seconds: seconds.filter(|s| (0.0..4e9).contains(s)).map(|s| s as u32),
        playing: message
            .pointer("/info/playerState")
            .and_then(Value::as_i64)
            .map(|state| state == 1),
        ready: message.get("event").and_then(Value::as_str) == Some("onReady"),
    };
    (news != News::default()).then_some(news)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_player_is_is_read() {
        let told = r#"{"event":"infoDelivery","info":{"currentTime":12.9,"playerState":1}}"#;
        let news = News {
            seconds: Some(12),
            playing: Some(true),
            ready: false,
        };
        assert_eq!(read(told), Some(news));
    }

    #[test]
    fn a_player_says_when_it_takes_commands() {
        let told = r#"{"event":"onReady","info":null,"id":1}"#;
        assert!(read(told).is_some_and(|news| news.ready));
    }

    #[test]
    fn nonsense_is_not() {
        for told in [
            "",
            "[]",
            r#"{"info":{"currentTime":-1}}"#,
            r#"{"info":{"currentTime":1e300}}"#,
            r#"{"info":3}"#,
        ] {
            assert_eq!(read(told), None, "{told}");
        }
    }

    #[test]
    fn a_command_is_json() {
        let command = command("seekTo", "[754,true]");
        let read: Value = serde_json::from_str(&command).unwrap_or_default();
        assert_eq!(read["args"][0], 754);
    }
}
