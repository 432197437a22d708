//! The videos, playlists and channels that this upstream knows: `catalogue/*.json`, with the words beside them in
//! `catalogue/text`. Everything is read once and held in memory; what a test asks of it is documented in README.md.

use std::{borrow::Cow, sync::LazyLock};

use serde::Deserialize;

use crate::{captions::Cue, script::Script};

/// What stands between a visitor and the video.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Gate {
    #[default]
    Open,
    Private,
    Age,
    /// Age-restricted, but the client of embedded players may see it.
    AgeEmbeddable,
    Unavailable,
    BotCheck,
    Live,
    Upcoming,
    Members,
    Country,
    /// YouTube serves a different video than the one asked for, as it does to addresses it distrusts.
    WrongVideo,
}

/// How captions that exist are kept back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Withheld {
    /// The track's address asks for a token (`exp=xpe`) on ANDROID and IOS; other clients get a clean one.
    Mobile,
    /// Addresses look clean and answer 200 with nothing.
    Body,
}

/// A caption track.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Track {
    /// BCP 47 code.
    pub(crate) lang: String,
    pub(crate) name: String,
    /// `trackName`, which tells two tracks of one language apart.
    #[serde(default)]
    pub(crate) track: String,
    /// Whether speech recognition wrote it.
    #[serde(default)]
    pub(crate) auto: bool,
    /// A file's name in `catalogue/text`.
    text: String,
}

impl Track {
    /// YouTube's id of the track: unique within a video.
    pub(crate) fn vss_id(&self) -> String {
        let kind = if self.auto { "a" } else { "" };
        let nth = if self.track.is_empty() { "" } else { ".CcQ45jRV4-E" };
        format!("{kind}.{}{nth}", self.lang)
    }
}

/// A video.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Video {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) channel: String,
    pub(crate) seconds: u32,
    /// `2026-02-03`
    #[serde(default = "long_ago")]
    pub(crate) published: String,
    #[serde(default)]
    pub(crate) views: u64,
    #[serde(default)]
    description: String,
    #[serde(default)]
    pub(crate) gate: Gate,
    #[serde(default)]
    pub(crate) withheld: Option<Withheld>,
    #[serde(default, rename = "captions")]
    pub(crate) tracks: Vec<Track>,
    /// Whether YouTube has found the chapters by itself: the description does not list them.
    #[serde(default)]
    pub(crate) automatic_chapters: bool,
    /// For copies, what tells them apart.
    #[serde(skip)]
    copy: Option<String>,
}

/// A chapter as its creator, or YouTube, named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chapter {
    pub(crate) start_ms: u64,
    pub(crate) title: String,
}

impl Video {
    /// The cues of one of its tracks, spread over the whole length of the video. A copy says which one it is at the end.
    pub(crate) fn cues(&self, track: &Track) -> Vec<Cue> {
        let mut cues = Script::read(&words_of(&track.text))
            .spread(self.milliseconds(), track.auto)
            .0;
        if let (Some(copy), Some(last)) = (&self.copy, cues.last()) {
            let start_ms = last.start_ms + last.duration_ms;
            let text = if track.auto {
                format!("this is copy {copy}")
            } else {
                format!("This is copy {copy}.")
            };
            cues.push(Cue {
                start_ms,
                duration_ms: 2_000,
                text,
            });
        }
        cues
    }

    /// Its chapters: the headings of its first track.
    pub(crate) fn chapters(&self) -> Vec<Chapter> {
        self.tracks.first().map_or_else(Vec::new, |track| {
            Script::read(&words_of(&track.text))
                .spread(self.milliseconds(), track.auto)
                .1
        })
    }

    /// The description, with a line for each chapter as creators write them, where one of them did.
    pub(crate) fn description(&self) -> String {
        let chapters = self.chapters();
        if chapters.is_empty() || self.automatic_chapters {
            return self.description.clone();
        }
        let lines: Vec<String> = chapters
            .iter()
            .map(|chapter| format!("{} {}", clock(chapter.start_ms / 1000), chapter.title))
            .collect();
        format!("{}\n\n{}", self.description, lines.join("\n"))
    }

    fn milliseconds(&self) -> u64 {
        u64::from(self.seconds) * 1000
    }
}

/// A channel and its videos, newest first.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Channel {
    pub(crate) id: String,
    pub(crate) handle: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) videos: Vec<String>,
}

/// A playlist in its owner's order.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Playlist {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) channel: String,
    pub(crate) videos: Vec<String>,
}

#[derive(Deserialize)]
struct Lists {
    channels: Vec<Channel>,
    playlists: Vec<Playlist>,
}

static VIDEOS: LazyLock<Vec<Video>> = LazyLock::new(|| read(include_str!("../catalogue/videos.json")));
static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let mut lists: Lists = read(include_str!("../catalogue/lists.json"));
    // One as long as people have them.
    lists.playlists.push(Playlist {
        id: "PLThreeHundredKettles00001".to_owned(),
        title: "Three hundred kettles".to_owned(),
        channel: "UCLanternWorks000000000A".to_owned(),
        videos: (0..300).map(|n| format!("TeaKetZ{n:03}4")).collect(),
    });
    lists
});

/// YouTube's first video.
const WELL_KNOWN: &str = "jNQXAC9IVRw";

/// The video of that id. A known id whose seventh to tenth characters are replaced by digits and capitals is a copy of
/// that video, with a title and last words of its own, so that tests need not share a transcript.
///
/// The best-known video of all, which self-tests ask for, is the tea kettle under another id.
pub(crate) fn video(id: &str) -> Option<Cow<'static, Video>> {
    if id == WELL_KNOWN {
        let mut like = video("TeaKettle04")?.into_owned();
        WELL_KNOWN.clone_into(&mut like.id);
        return Some(Cow::Owned(like));
    }
    if let Some(video) = VIDEOS.iter().find(|video| video.id == id) {
        return Some(Cow::Borrowed(video));
    }
    let (like, copy, last) = (id.get(..6)?, id.get(6..10)?, id.get(10..)?);
    let is_copy = copy.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    let original = VIDEOS
        .iter()
        .find(|video| is_copy && video.id.starts_with(like) && video.id.ends_with(last))?;
    Some(Cow::Owned(Video {
        id: id.to_owned(),
        title: format!("{} · {copy}", original.title),
        copy: Some(copy.to_owned()),
        ..original.clone()
    }))
}

/// The channel with that id, handle (`@name`) or name.
pub(crate) fn channel(key: &str) -> Option<&'static Channel> {
    LISTS
        .channels
        .iter()
        .find(|channel| channel.id == key || channel.handle == key || channel.name == key)
}

/// The playlist of that id.
pub(crate) fn playlist(id: &str) -> Option<&'static Playlist> {
    LISTS.playlists.iter().find(|playlist| playlist.id == id)
}

/// The id of a channel by its name; names without an entry get one made from their letters.
pub(crate) fn channel_id(name: &str) -> String {
    if let Some(channel) = channel(name) {
        return channel.id.clone();
    }
    let mut id: String = name.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
    while id.len() < 21 {
        id.push('0');
    }
    format!("UC{id}A")
}

/// `1:02:03` or `4:05`.
pub(crate) fn clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

fn long_ago() -> String {
    "2020-01-01".to_owned()
}

#[expect(clippy::panic, reason = "the files are part of the program; a test reads them all")]
fn read<T: for<'de> Deserialize<'de>>(json: &str) -> T {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("the catalogue cannot be read: {error}"))
}

/// The words of a track, with the stations of the long film filled in.
fn words_of(file: &str) -> String {
    let text = text(file);
    let mut parts = text.split("@stations");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for (chapter, part) in parts.enumerate() {
        whole.push_str(&crate::lighthouses::stations(chapter).join("\n\n"));
        whole.push_str(part);
    }
    whole
}

fn text(file: &str) -> &'static str {
    macro_rules! texts {
        ($($name:literal)*) => {
            match file {
                $($name => include_str!(concat!("../catalogue/text/", $name)),)*
                _ => panic!("there is no text called {file}"),
            }
        };
    }
    texts! {
        "bees.en.txt" "bread.es.txt" "bridge.de.txt" "bridge.en.auto.txt" "bridge.en.described.txt" "bridge.en.txt"
        "ferry.en.txt" "hostile.en.txt" "kettle.en.txt" "lighthouses.en.txt" "mill.en.txt" "paper.ja.txt"
        "snacks.en.txt" "stars.ar.txt" "sundial.en.txt" "tides.en.txt"
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn every_entry_can_be_told() {
        for video in VIDEOS.iter() {
            assert_eq!(video.id.len(), 11, "{}", video.id);
            assert!(video.id.ends_with(|c| "AEIMQUYcgkosw048".contains(c)), "{}", video.id);
            for track in &video.tracks {
                let cues = video.cues(track);
                assert!(!cues.is_empty(), "{}", video.id);
                assert!(
                    cues.windows(2).all(|pair| pair[0].start_ms <= pair[1].start_ms),
                    "{}",
                    video.id
                );
                let end = cues.last().unwrap().start_ms;
                assert!(end < u64::from(video.seconds) * 1000, "{}", video.id);
            }
        }
        for list in LISTS
            .channels
            .iter()
            .map(|list| &list.videos)
            .chain(LISTS.playlists.iter().map(|list| &list.videos))
        {
            assert!(list.iter().all(|id| video(id).is_some()));
        }
    }

    #[test]
    fn the_long_one_is_long_and_has_chapters() {
        let long = video("LightHouseA").unwrap();
        let words: usize = long
            .cues(&long.tracks[0])
            .iter()
            .map(|cue| cue.text.split_whitespace().count())
            .sum();
        assert!(words > 8_000, "{words}");
        let chapters = long.chapters();
        assert_eq!(chapters.len(), 12);
        assert_eq!(chapters[0].start_ms, 0);
        assert!(long.description().contains("\n0:00 Why walk to every lighthouse\n"));
    }

    #[test]
    fn copies_differ_in_their_last_words() {
        let (kettle, copy) = (video("TeaKettle04").unwrap(), video("TeaKetA01Z4").unwrap());
        assert_eq!(copy.title, "Why a Kettle Sings Before It Boils · A01Z");
        let cues = copy.cues(&copy.tracks[0]);
        assert_eq!(cues.last().unwrap().text, "This is copy A01Z.");
        assert_eq!(cues[..cues.len() - 1], kettle.cues(&kettle.tracks[0]));
        assert!(video("TeaKetA01ZA").is_none() && video("TeaKeta01z4").is_none());
    }

    #[test]
    fn the_title_for_layouts_has_a_hundred_characters() {
        assert_eq!(video("Emoji100ch0").unwrap().title.chars().count(), 100);
    }
}
