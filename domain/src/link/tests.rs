//! Every shape of link that we know, and what must hold for any text.

use proptest::prelude::*;

use super::*;

const LIST: &str = "PLFgquLnL59alCl_2TQvOiD5Vgm1hCaGSI";
const CHANNEL: &str = "UC2_KI6RB__jGdlnK6dvFEZA";

fn video() -> Link {
    Link::Video {
        id: "dQw4w9WgXcQ".to_owned(),
        list: None,
        start: None,
    }
}

fn in_list(list: &str) -> Link {
    Link::Video {
        id: "dQw4w9WgXcQ".to_owned(),
        list: Some(list.to_owned()),
        start: None,
    }
}

fn from(second: u32) -> Link {
    Link::Video {
        id: "dQw4w9WgXcQ".to_owned(),
        list: None,
        start: Some(second),
    }
}

fn playlist(id: &str) -> Link {
    Link::Playlist { id: id.to_owned() }
}

fn channel() -> Link {
    Link::Channel { id: CHANNEL.to_owned() }
}

fn handle(id: &str) -> Link {
    Link::Handle { id: id.to_owned() }
}

fn named(id: &str) -> Link {
    Link::ChannelUrl { id: id.to_owned() }
}

#[test]
fn knows_every_address_of_a_video() {
    for input in [
        "dQw4w9WgXcQ",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "HTTPS://WWW.YouTube.COM/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com:443/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/watch%3Fv%3DdQw4w9WgXcQ",
        "https://www.youtube.com/watch?v%3DdQw4w9WgXcQ",
        "https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DdQw4w9WgXcQ",
        "https://www.youtube.com/signin?next=%2Fwatch%3Fv%3DdQw4w9WgXcQ",
        "https://www.youtube.com/verify_age?next_url=/watch%3Fv%3DdQw4w9WgXcQ",
        "//www.youtube.com/watch?v=dQw4w9WgXcQ",
        "www.youtube.com/watch?v=dQw4w9WgXcQ",
        "m.youtube.com/watch?v=dQw4w9WgXcQ",
        "music.youtube.com/watch?v=dQw4w9WgXcQ&si=x",
        "https://gaming.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtubekids.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/watch/?v=dQw4w9WgXcQ",
        "https://www.youtube.com/watch/dQw4w9WgXcQ",
        "https://www.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ&pp=ygUE",
        "https://www.youtube.com/?v=dQw4w9WgXcQ",
        "https://www.youtube.com?v=dQw4w9WgXcQ",
        "https://www.youtube.com/#/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/watch_popup?v=dQw4w9WgXcQ",
        "https://www.youtube.com/v/dQw4w9WgXcQ?version=3&autohide=1",
        "https://www.youtube.com/e/dQw4w9WgXcQ",
        "https://www.youtube.com/w/dQw4w9WgXcQ",
        "https://www.youtube.com/embed/dQw4w9WgXcQ?rel=0",
        "https://www.youtube.com/live/dQw4w9WgXcQ?feature=shared",
        "https://youtube-nocookie.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
        "https://youtube.googleapis.com/v/dQw4w9WgXcQ",
        "https://www.youtube.com/shorts/dQw4w9WgXcQ",
        "https://youtube.com/shorts/dQw4w9WgXcQ?feature=share",
        "http://youtu.be/dQw4w9WgXcQ/",
        "youtu.be/dQw4w9WgXcQ",
        "youtu.be/dQw4w9WgXcQ&feature=youtu.be",
        "https://www.youtu.be/dQw4w9WgXcQ",
        "https://youtu.be/watch?v=dQw4w9WgXcQ",
        "https://y2u.be/dQw4w9WgXcQ",
        "https://www.youtube.com/attribution_link?a=JdfC0C9V6ZI&u=%2Fwatch%3Fv%3DdQw4w9WgXcQ%26feature%3Dshare",
        "https://www.youtube.com/oembed?url=https%3A//www.youtube.com/watch%3Fv%3DdQw4w9WgXcQ&format=json",
        "https://consent.youtube.com/m?continue=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DdQw4w9WgXcQ&gl=NL",
        "vnd.youtube:dQw4w9WgXcQ",
        "vnd.youtube://dQw4w9WgXcQ?vndapp=youtube",
        "vnd.youtube://www.youtube.com/watch?v=dQw4w9WgXcQ",
        // With junk behind the id: its first 11 characters count.
        "https://www.youtube.com/watch?v=dQw4w9WgXcQxyz",
        "https://youtu.be/dQw4w9WgXcQ)and",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ%20",
        // With something around it.
        "  https://www.youtube.com/watch?v=dQw4w9WgXcQ  ",
        "<https://youtu.be/dQw4w9WgXcQ>",
        "(\"https://youtu.be/dQw4w9WgXcQ\").",
        "“https://youtu.be/dQw4w9WgXcQ”,",
        "\u{feff}https://youtu.be/dQw4w9WgXcQ\u{200b}",
    ] {
        assert_eq!(Link::parse(input), Ok(video()), "{input}");
    }
}

#[test]
fn keeps_the_playlist_beside_a_video() {
    for input in [
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PLFgquLnL59alCl_2TQvOiD5Vgm1hCaGSI&index=3",
        "https://youtu.be/dQw4w9WgXcQ?list=PLFgquLnL59alCl_2TQvOiD5Vgm1hCaGSI",
        "https://www.youtube.com/watch?list=PLFgquLnL59alCl_2TQvOiD5Vgm1hCaGSI&v=dQw4w9WgXcQ",
    ] {
        assert_eq!(Link::parse(input), Ok(in_list(LIST)), "{input}");
    }
    assert_eq!(
        Link::parse("https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=RDdQw4w9WgXcQ&start_radio=1"),
        Ok(in_list("RDdQw4w9WgXcQ"))
    );
    assert_eq!(Link::parse("https://youtu.be/dQw4w9WgXcQ?list=nonsense"), Ok(video()));
}

#[test]
fn keeps_the_second_it_starts_at() {
    for (input, second) in [
        ("https://youtu.be/dQw4w9WgXcQ?si=AbCdEfGhIjK&t=43", 43),
        ("https://youtu.be/dQw4w9WgXcQ?t=1h2m3s", 3723),
        ("https://youtu.be/dQw4w9WgXcQ&t=90s", 90),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&amp;t=10", 10),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ#t=1m30s", 90),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ?t=5", 5),
        ("https://www.youtube.com/embed/dQw4w9WgXcQ?start=7", 7),
        ("https://youtu.be/dQw4w9WgXcQ?t=12.7", 12),
        ("https://youtu.be/dQw4w9WgXcQ?t=2:05", 125),
    ] {
        assert_eq!(Link::parse(input), Ok(from(second)), "{input}");
    }
    for start in ["0", "0s", "", "soon", "99999999999", "99999999999h", "h"] {
        let input = format!("https://youtu.be/dQw4w9WgXcQ?t={start}");
        assert_eq!(Link::parse(&input), Ok(video()), "{input}");
    }
}

#[test]
fn knows_playlists_and_channels() {
    for (input, link) in [
        (
            "https://www.youtube.com/playlist?list=PLFgquLnL59alCl_2TQvOiD5Vgm1hCaGSI",
            playlist(LIST),
        ),
        (
            "https://www.youtube.com/watch?list=PLFgquLnL59alCl_2TQvOiD5Vgm1hCaGSI",
            playlist(LIST),
        ),
        (
            "https://www.youtube.com/embed/videoseries?list=PLFgquLnL59alCl_2TQvOiD5Vgm1hCaGSI",
            playlist(LIST),
        ),
        (
            "https://www.youtube.com/embed?listType=playlist&list=PLFgquLnL59alCl_2TQvOiD5Vgm1hCaGSI",
            playlist(LIST),
        ),
        (
            "https://www.youtube.com/feeds/videos.xml?playlist_id=PLFgquLnL59alCl_2TQvOiD5Vgm1hCaGSI",
            playlist(LIST),
        ),
        ("PLFgquLnL59alCl_2TQvOiD5Vgm1hCaGSI", playlist(LIST)),
        ("https://www.youtube.com/playlist?list=WL", playlist("WL")),
        (
            "https://www.youtube.com/embed/live_stream?channel=UC2_KI6RB__jGdlnK6dvFEZA",
            channel(),
        ),
        ("https://www.youtube.com/channel/UC2_KI6RB__jGdlnK6dvFEZA", channel()),
        (
            "https://www.youtube.com/channel/UC2_KI6RB__jGdlnK6dvFEZA/videos",
            channel(),
        ),
        (
            "https://www.youtube.com/feeds/videos.xml?channel_id=UC2_KI6RB__jGdlnK6dvFEZA",
            channel(),
        ),
        ("UC2_KI6RB__jGdlnK6dvFEZA", channel()),
        ("https://www.youtube.com/@handle", handle("@handle")),
        ("https://www.youtube.com/@handle/videos", handle("@handle")),
        ("https://www.youtube.com/@handle/live", handle("@handle")),
        ("https://www.youtube.com/@handle?si=x", handle("@handle")),
        ("https://www.youtube.com/%40handle", handle("@handle")),
        ("@handle", handle("@handle")),
        ("@handle.", handle("@handle")),
        (
            "https://www.youtube.com/@%E3%83%86%E3%82%B9%E3%83%88",
            handle("@テスト"),
        ),
        ("https://www.youtube.com/@प्रोग्रामिंग", handle("@प्रोग्रामिंग")),
        ("@日本", handle("@日本")),
        ("https://www.youtube.com/c/CustomName", named("/c/CustomName")),
        ("https://www.youtube.com/c/M%C3%BCller/about", named("/c/Müller")),
        ("https://www.youtube.com/user/username", named("/user/username")),
        (
            "https://www.youtube.com/feeds/videos.xml?user=username",
            named("/user/username"),
        ),
    ] {
        assert_eq!(Link::parse(input), Ok(link), "{input}");
    }
}

#[test]
fn refuses_what_is_not_youtubes() {
    for input in [
        "",
        "   ",
        "hello",
        "https://www.youtube.com/watch",
        "https://www.youtube.com/",
        "https://www.youtube.com/playlist?list=",
        "https://www.youtube.com/shorts/",
        "https://www.youtube.com/channel/UCshort",
        "https://www.youtube.com/@",
        "https://www.youtube.com/redirect?q=https%3A%2F%2Fexample.com&v=dQw4w9WgXcQ",
        "https://www.youtube.com.evil.com/watch?v=dQw4w9WgXcQ",
        "http://169.254.169.254/watch?v=dQw4w9WgXcQ",
        "http://localhost/watch?v=dQw4w9WgXcQ",
        "http://[::1]/watch?v=dQw4w9WgXcQ",
        "file:///watch?v=dQw4w9WgXcQ",
        "file://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://evil.com/?u=https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com@evil.com/watch?v=dQw4w9WgXcQ",
        "https://user:pass@www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://evil.com\\@www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com:8080/watch?v=dQw4w9WgXcQ",
        "https://wwwxyoutube.com/watch?v=dQw4w9WgXcQ",
        "https://piped.video/watch?v=dQw4w9WgXcQ",
        "https://yewtu.be/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/oembed?url=https%3A%2F%2Fevil.com%2Fwatch%3Fv%3DdQw4w9WgXcQ",
        "https://www.youtube.com/attribution_link?u=%2F%2Fevil.com%2Fwatch%3Fv%3DdQw4w9WgXcQ",
        "ftp://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "htps:/youtu.be/dQw4w9WgXcQ",
        "javascript:alert(1)",
        "https://youtu.be/dQw4w9WgXcQ and more",
        // 11 characters, but no ids: the last one of an id is one of sixteen, and words are words.
        "dQw4w9WgXcZ",
        "information",
        "transcripts",
        "Transcripts",
        "20240101120",
        "@me",
    ] {
        assert_eq!(Link::parse(input), Err(LinkError::Invalid), "{input}");
    }
}

#[test]
fn says_what_is_wrong_with_a_link_of_youtubes() {
    for input in [
        "https://www.youtube.com/watch?v=dQw4w9WgXc",
        "https://youtu.be/dQw4w9",
        "https://www.youtube.com/shorts/dQw4w9WgXc?x=1",
        "vnd.youtube:dQw4w9",
    ] {
        assert_eq!(Link::parse(input), Err(LinkError::Truncated), "{input}");
    }
    for (input, what) in [
        (
            "https://www.youtube.com/clip/UgytZKpehg-hEMBSn3F4AaABCQ",
            "YouTube clip",
        ),
        ("https://www.youtube.com/results?search_query=rust", "YouTube search"),
        ("https://www.youtube.com/playlist?list=RDdQw4w9WgXcQ", "YouTube mix"),
    ] {
        let what = what.to_owned();
        assert_eq!(Link::parse(input), Err(LinkError::Unsupported { what }), "{input}");
    }
}

#[test]
fn does_not_follow_links_within_links_for_ever() {
    let mut input = "https://youtu.be/dQw4w9WgXcQ".to_owned();
    for _ in 0..6 {
        let inner: String = utf8_percent_encode(&input, NON_ALPHANUMERIC).collect();
        input = format!("https://consent.youtube.com/m?continue={inner}");
    }
    assert_eq!(Link::parse(&input), Err(LinkError::Invalid));
    let input = format!("https://www.youtube.com/{}watch?v=dQw4w9WgXcQ", "#/".repeat(1000));
    assert_eq!(Link::parse(&input), Err(LinkError::Invalid));
}

/// Texts that come near to links, to reach further into the parser than chance would.
fn link_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("https://"),
        Just("//"),
        Just("www.youtube.com"),
        Just("youtu.be"),
        Just("consent.youtube.com"),
        Just("vnd.youtube:"),
        Just("/watch?v="),
        Just("/embed/"),
        Just("/channel/"),
        Just("/c/"),
        Just("/user/"),
        Just("/playlist"),
        Just("/#/"),
        Just("/@"),
        Just("@"),
        Just("?list="),
        Just("&list="),
        Just("&t="),
        Just("1h2m"),
        Just("%40"),
        Just("%E3%81%82"),
        Just("%"),
        Just("&amp;"),
        Just("."),
        Just("-_"),
        Just("é·日本"),
        Just("dQw4w9WgXcQ"),
        Just("RDMM"),
        Just(LIST),
        Just(CHANNEL),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        let _ = Link::parse(&text);
    }

    #[test]
    fn the_canonical_form_reads_back(text in link_like()) {
        if let Ok(link) = Link::parse(&text) {
            prop_assert_eq!(Link::parse(&link.canonical()), Ok(link));
        }
    }

    #[test]
    fn a_video_reads_back_with_list_and_start(
        id in "[A-Za-z0-9_-]{11}",
        list in prop::option::of("(PL|OLAK5uy_|RD)[A-Za-z0-9_-]{10,34}"),
        start in prop::option::of(1u32..),
    ) {
        let link = Link::Video { id, list, start };
        prop_assert_eq!(Link::parse(&link.canonical()), Ok(link));
    }
}

#[test]
fn a_list_has_a_preview_that_leads_back_to_it() {
    for link in [
        "https://www.youtube.com/playlist?list=PLLanternWalks000000000001",
        "https://www.youtube.com/channel/UCuAXFkgsw1L7xaCfnd5JJOw",
        "https://www.youtube.com/@Lantern.Works",
        "https://www.youtube.com/@灯台あるき",
        "https://www.youtube.com/c/LanternWorks",
    ] {
        let link = Link::parse(link).ok();
        let preview = link.as_ref().and_then(Link::preview);
        assert_eq!(preview.as_deref().and_then(Link::from_preview), link);
        assert!(link.is_some());
    }
    let video = Link::parse("https://youtu.be/dQw4w9WgXcQ");
    assert!(video.is_ok_and(|video| video.preview().is_none()));
    for path in [
        "/channels/watch?v=dQw4w9WgXcQ",
        "/playlists/../x",
        "/else/x",
        "/playlists",
    ] {
        assert_eq!(Link::from_preview(path), None, "{path}");
    }
}
