//! A channel's feed: the newest fifteen videos, without lengths. It has been missing for days at a time, so that a 404
//! says nothing about the channel.

use domain::video_list::{ItemState, ListItem, VideoList};
use quick_xml::{Reader, events::Event};

use super::{
    error::YouTubeError,
    fetch::{Deadline, Fetch},
    json::MAX_TITLE,
};

const HOST: &str = "www.youtube.com";
/// At most so many bytes are read.
const CAP: usize = 2 * 1024 * 1024;
/// Feeds have fifteen.
const MOST: usize = 100;

/// Asks for the feed of a channel.
pub(super) async fn ask(
    fetch: &Fetch,
    channel_id: &str,
    user_agent: &str,
    deadline: &Deadline,
) -> Result<VideoList, YouTubeError> {
    let mut url = fetch.address(HOST, "/feeds/videos.xml")?;
    url.query_pairs_mut().append_pair("channel_id", channel_id);
    let request = fetch.http.get(url).header("User-Agent", user_agent);
    let body = fetch.body(request, CAP, deadline).await?;
    let list = read(&String::from_utf8_lossy(&body)).ok_or_else(|| YouTubeError::unparsable("feed"));
    fetch.with_sample(list, &body).await
}

/// Reads a feed; `None` where it is none. Entities of its own making are not expanded.
fn read(xml: &str) -> Option<VideoList> {
    let mut reader = Reader::from_str(xml);
    let mut list = VideoList {
        is_cut: true,
        ..VideoList::default()
    };
    let mut path: Vec<String> = Vec::new();
    let (mut id, mut title) = (String::new(), String::new());
    let mut is_feed = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                path.push(tag.name().as_ref().to_owned());
                is_feed |= path == ["feed"];
                // Deeper than any feed.
                if path.len() > 20 {
                    return None;
                }
            }
            Event::End(_) => {
                if path.len() == 2 && path[1] == "entry" && list.items.len() < MOST && super::check_id(&id).is_ok() {
                    list.items.push(ListItem {
                        video_id: std::mem::take(&mut id),
                        title: clean(&std::mem::take(&mut title)),
                        duration_s: None,
                        state: ItemState::Open,
                        summary: None,
                        captions: None,
                    });
                }
                path.pop();
            }
            Event::Text(text) => {
                add(&path, &text.xml10_content(), &mut list.title, &mut id, &mut title);
            }
            Event::CData(text) => {
                add(&path, &text.xml10_content(), &mut list.title, &mut id, &mut title);
            }
            Event::GeneralRef(name) => {
                let known = match name.resolve_char_ref().ok()? {
                    Some(c) => Some(c.to_string()),
                    None => quick_xml::escape::resolve_predefined_entity(&name.xml10_content()).map(str::to_owned),
                };
                add(&path, &known.unwrap_or_default(), &mut list.title, &mut id, &mut title);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    list.title = clean(&list.title);
    is_feed.then_some(list)
}

fn add(path: &[String], text: &str, feed_title: &mut String, id: &mut String, title: &mut String) {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    match names.as_slice() {
        ["feed", "title"] => feed_title.push_str(text),
        ["feed", "entry", "yt:videoId"] => id.push_str(text.trim()),
        ["feed", "entry", "title"] => title.push_str(text),
        _ => {}
    }
}

fn clean(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .join(" ")
        .chars()
        .filter(|c| !c.is_control())
        .take(MAX_TITLE)
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn entries_become_items() {
        let list = read(
            "<?xml version=\"1.0\"?><feed xmlns:yt=\"x\"><yt:channelId>abc</yt:channelId><title>The &amp; Channel</title>\
             <entry><id>yt:video:aaaaaaaaaa0</id><yt:videoId>aaaaaaaaaa0</yt:videoId><title>One &#39;two&#39; &lt;3</title>\
             <media:group><media:title>other</media:title></media:group></entry>\
             <entry><yt:videoId>no id</yt:videoId><title>Bad</title></entry></feed>",
        )
        .unwrap();
        assert_eq!(list.title, "The & Channel");
        assert_eq!(list.items.len(), 1);
        assert_eq!(list.items[0].title, "One 'two' <3");
        assert!(list.is_cut, "older videos are not in it");
    }

    #[test]
    fn what_is_no_feed_is_none() {
        let bomb = "<!DOCTYPE f [<!ENTITY a \"aaaa\">]><feed><title>&a;&a;</title></feed>";
        assert_eq!(read(bomb).unwrap().title, "", "its own entities are left out");
        assert!(read("<html>Not Found</html>").is_none());
        assert!(read("<feed><title>").is_some_and(|list| list.items.is_empty()));
        assert!(read(&"<a>".repeat(50)).is_none());
    }
}
