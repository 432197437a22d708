//! YouTube's embedded player, driven by messages alone: no script of YouTube's runs in our page.

use leptos::{leptos_dom::helpers::WindowListenerHandle, prelude::window_event_listener};
use serde_json::Value;
use web_sys::HtmlIFrameElement;

/// Where the player is embedded from.
pub(crate) const ORIGIN: &str = "https://www.youtube-nocookie.com";

/// What the player tells.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct News {
    /// Where it is, in whole seconds.
    pub(crate) seconds: Option<u32>,
    /// Whether it plays.
    pub(crate) playing: Option<bool>,
}

/// The address of the player for a video from a second on.
pub(crate) fn address(youtube_id: &str, seconds: u32, autoplay: bool) -> String {
    let autoplay = u8::from(autoplay);
    format!("{ORIGIN}/embed/{youtube_id}?enablejsapi=1&rel=0&start={seconds}&autoplay={autoplay}")
}

/// Asks the player to tell where it is; to be called once it has loaded.
pub(crate) fn subscribe(frame: &HtmlIFrameElement) {
    post(frame, r#"{"event":"listening","id":1,"channel":"widget"}"#);
}

/// Jumps to a second and plays.
pub(crate) fn seek(frame: &HtmlIFrameElement, seconds: u32) {
    post(frame, &command("seekTo", &format!("[{seconds},true]")));
    post(frame, &command("playVideo", "[]"));
}

/// Plays or pauses.
pub(crate) fn set_playing(frame: &HtmlIFrameElement, playing: bool) {
    post(frame, &command(if playing { "playVideo" } else { "pauseVideo" }, "[]"));
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

fn post(frame: &HtmlIFrameElement, message: &str) {
    if let Some(window) = frame.content_window() {
        // Fails only while the frame is still empty; then there is nobody to tell.
        drop(window.post_message(&message.into(), ORIGIN));
    }
}

/// Reads what the player sends; `None` where it tells nothing of use.
fn read(data: &str) -> Option<News> {
    let message: Value = serde_json::from_str(data).ok()?;
    let info = message.get("info")?;
    let seconds = info.get("currentTime").and_then(Value::as_f64);
    let news = News {
        // The range is checked, so that the cast only cuts off the fraction.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked above")]
        seconds: seconds.filter(|s| (0.0..4e9).contains(s)).map(|s| s as u32),
        playing: info.get("playerState").and_then(Value::as_i64).map(|state| state == 1),
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
        };
        assert_eq!(read(told), Some(news));
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
