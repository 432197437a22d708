//! The stream of a run's events: one `EventSource`, closed when dropped.

use domain::run::Event;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

/// What the stream tells.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum News {
    /// It is connected (again).
    Open,
    /// Something happened; with its sequence number.
    Event(i64, Event),
    /// The connection is lost; the browser tries again by itself.
    Lost,
    /// The connection is refused; the browser does not try again.
    Closed,
}

/// A connection.
pub(crate) struct Stream {
    source: EventSource,
    _on_open: Closure<dyn Fn()>,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn()>,
}

impl Stream {
    /// Follows a run (`runs/{id}`) or a question (`questions/{id}`) from the event after `after` on. `None` where the browser refuses.
    pub(crate) fn open(path: &str, after: i64, tell: impl Fn(News) + Clone + 'static) -> Option<Self> {
        let source = EventSource::new(&format!("/api/v1/{path}/events?after={after}")).ok()?;
        let on_open = Closure::new({
            let tell = tell.clone();
            move || tell(News::Open)
        });
        let on_message = Closure::new({
            let tell = tell.clone();
            move |message: MessageEvent| {
                if let Some((seq, event)) = read(
                    &message.last_event_id(),
                    &message.data().as_string().unwrap_or_default(),
                ) {
                    tell(News::Event(seq, event));
                }
            }
        });
        let on_error = Closure::new({
            let source = source.clone();
            move || {
                tell(if source.ready_state() == EventSource::CLOSED {
                    News::Closed
                } else {
                    News::Lost
                });
            }
        });
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Some(Self {
            source,
            _on_open: on_open,
            _on_message: on_message,
            _on_error: on_error,
        })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.set_onopen(None);
        self.source.set_onmessage(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}

/// Reads a message; `None` for one this version does not know.
fn read(id: &str, data: &str) -> Option<(i64, Event)> {
    Some((id.parse().ok()?, serde_json::from_str(data).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_an_event_and_its_number() {
        assert_eq!(
            read("7", r#"{"type":"text","text":"The tides"}"#),
            Some((
                7,
                Event::Text {
                    text: "The tides".to_owned()
                }
            ))
        );
    }

    #[test]
    fn what_this_version_does_not_know_is_skipped() {
        assert_eq!(read("7", r#"{"type":"spoken"}"#), None);
        assert_eq!(read("", r#"{"type":"ready"}"#), None);
    }
}
