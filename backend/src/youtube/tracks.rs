//! Caption tracks: reading the list, and choosing for wanted languages. Several tracks may share a language; all are kept.

use serde_json::Value;

use super::{
    Track,
    json::{at, items, line, number},
};

/// At most so many tracks of a video are read.
pub(super) const MAX_TRACKS: usize = 500;
/// At most so many tracks are named in a message.
const MAX_NAMED: usize = 40;

/// Reads `playerCaptionsTracklistRenderer` as `client` got it: the tracks, and which of them belongs to the sound the
/// video plays with.
pub(super) fn read(list: &Value, client: &str) -> (Vec<Track>, Option<usize>) {
    let audio = number(at(list, "/defaultAudioTrackIndex")).unwrap_or(0);
    let default = number(at(list, &format!("/audioTracks/{audio}/defaultCaptionTrackIndex")));
    let mut tracks = Vec::new();
    let mut default_track = None;
    for (index, item) in (0_u64..).zip(items(at(list, "/captionTracks")).iter().take(MAX_TRACKS)) {
        let Some(track) = read_track(item, client) else {
            continue;
        };
        if default == Some(index) {
            default_track = Some(tracks.len());
        }
        tracks.push(track);
    }
    (tracks, default_track)
}

fn read_track(item: &Value, client: &str) -> Option<Track> {
    let url = at(item, "/baseUrl").as_str().filter(|url| !url.is_empty())?;
    let code = at(item, "/languageCode").as_str().filter(|code| is_code(code))?;
    let is_generated = at(item, "/kind") == "asr";
    Some(Track {
        id: line(at(item, "/vssId")).unwrap_or_else(|| format!("{}.{code}", if is_generated { "a" } else { "" })),
        language_code: code.to_owned(),
        name: line(at(item, "/name")).unwrap_or_else(|| code.to_owned()),
        is_generated,
        is_translatable: at(item, "/isTranslatable") == true,
        is_variant: line(at(item, "/trackName")).is_some(),
        url: url.to_owned(),
        client: client.to_owned(),
    })
}

/// Whether it could be a BCP 47 code.
pub(super) fn is_code(code: &str) -> bool {
    (2..=35).contains(&code.len()) && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// The tracks that will do, best first. For each wanted language in turn: written by a person in exactly this language, in
/// another form of it (`en-GB` for `en`), then the same two from speech recognition. No languages means the video's own.
pub(super) fn choose<'a>(tracks: &'a [Track], default_track: Option<usize>, languages: &[String]) -> Vec<&'a Track> {
    if languages.is_empty() {
        let own = own_language(tracks, default_track);
        let languages: Vec<String> = own.iter().map(|&code| code.to_owned()).collect();
        let mut chosen = in_languages(tracks, &languages);
        // What YouTube names comes first among the tracks of its kind: the order of the list says nothing.
        if let Some(default) = default_track.and_then(|index| tracks.get(index)) {
            chosen.sort_by_key(|track| (track.is_generated, track.id != default.id));
        }
        return chosen;
    }
    in_languages(tracks, languages)
}

/// The tracks that will do where nobody asks for any, best first: those in the `preferred` languages, then in the video's own.
pub(super) fn preferred<'a>(tracks: &'a [Track], default_track: Option<usize>, preferred: &[String]) -> Vec<&'a Track> {
    let mut chosen = in_languages(tracks, preferred);
    for track in choose(tracks, default_track, &[]) {
        if !chosen.iter().any(|&other| std::ptr::eq(other, track)) {
            chosen.push(track);
        }
    }
    chosen
}

/// The tracks there are, for people: `en (English)`. No more than a person would read.
pub(super) fn describe(tracks: &[Track]) -> Vec<String> {
    let (named, rest) = tracks.split_at(tracks.len().min(MAX_NAMED));
    let mut words: Vec<String> = named
        .iter()
        .map(|track| format!("{} ({})", track.language_code, track.name))
        .collect();
    if !rest.is_empty() {
        words.push(format!("{} more", rest.len()));
    }
    words
}

/// The language a video is in, as far as its tracks tell.
fn own_language(tracks: &[Track], default_track: Option<usize>) -> Option<&str> {
    default_track
        .and_then(|index| tracks.get(index))
        .or_else(|| tracks.iter().find(|track| track.is_generated))
        .or_else(|| tracks.first())
        .map(|track| track.language_code.as_str())
}

fn in_languages<'a>(tracks: &'a [Track], languages: &[String]) -> Vec<&'a Track> {
    let mut chosen: Vec<&Track> = Vec::new();
    for wanted in languages {
        let mut fitting: Vec<(u8, &Track)> = tracks
            .iter()
            .filter_map(|track| Some((rank(track, wanted)?, track)))
            .collect();
        fitting.sort_by_key(|(rank, track)| (*rank, track.is_variant));
        for (_, track) in fitting {
            if !chosen.iter().any(|&other| std::ptr::eq(other, track)) {
                chosen.push(track);
            }
        }
    }
    chosen
}

/// 0 is best; `None` is another language.
fn rank(track: &Track, wanted: &str) -> Option<u8> {
    let (has, wanted) = (today(&track.language_code), today(wanted));
    let form = if has == wanted {
        0
    } else if has.split('-').next() == wanted.split('-').next() {
        1
    } else {
        return None;
    };
    Some(if track.is_generated { form + 2 } else { form })
}

/// A code in lower case, with the codes that YouTube still uses as they are written today.
fn today(code: &str) -> String {
    let code = code.trim().to_lowercase().replace('_', "-");
    let (base, rest) = code.split_at(code.find('-').unwrap_or(code.len()));
    let base = match base {
        "iw" => "he",
        "in" => "id",
        "ji" => "yi",
        base => base,
    };
    format!("{base}{rest}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Tracks written as their ids: `.en`, `a.en`, `.de.named`.
    fn tracks(ids: &[&str]) -> Vec<Track> {
        let list: Vec<Value> = ids
            .iter()
            .map(|id| {
                let mut parts = id.split('.');
                let kind = if parts.next() == Some("a") { "asr" } else { "" };
                json!({
                    "baseUrl": "/api/timedtext",
                    "vssId": id,
                    "languageCode": parts.next(),
                    "kind": kind,
                    "trackName": parts.next().unwrap_or_default(),
                })
            })
            .collect();
        read(&json!({"captionTracks": list}), "TEST").0
    }

    fn chosen(ids: &[&str], default: Option<usize>, languages: &[&str]) -> Vec<String> {
        let languages: Vec<String> = languages.iter().map(|&code| code.to_owned()).collect();
        choose(&tracks(ids), default, &languages)
            .iter()
            .map(|track| track.id.clone())
            .collect()
    }

    #[test]
    fn exact_comes_before_base_and_people_before_machines() {
        let ids = ["a.en-US", "a.en", ".en-GB", ".en", ".de"];
        assert_eq!(chosen(&ids, None, &["en"]), [".en", ".en-GB", "a.en", "a.en-US"]);
        assert_eq!(chosen(&ids, None, &["en-GB"]), [".en-GB", ".en", "a.en-US", "a.en"]);
    }

    #[test]
    fn languages_are_tried_in_their_order_and_no_other_is_taken() {
        let ids = [".en", "a.de", ".fr"];
        assert_eq!(chosen(&ids, None, &["de", "EN"]), ["a.de", ".en"]);
        assert_eq!(chosen(&ids, None, &["ja"]), Vec::<String>::new());
    }

    #[test]
    fn of_two_tracks_in_a_language_the_one_without_a_name_of_its_own_comes_first() {
        assert_eq!(chosen(&[".de.signs", ".de"], None, &["de"]), [".de", ".de.signs"]);
    }

    #[test]
    fn preferred_languages_come_first_and_the_videos_own_is_never_given_up() {
        let preferred = |ids: &[&str], languages: &[&str]| -> Vec<String> {
            let languages: Vec<String> = languages.iter().map(|&code| code.to_owned()).collect();
            let tracks = tracks(ids);
            super::preferred(&tracks, None, &languages)
                .iter()
                .map(|track| track.id.clone())
                .collect()
        };
        let ids = [".ja", "a.en", ".en", ".de"];
        assert_eq!(preferred(&ids, &["de", "en"]), [".de", ".en", "a.en"]);
        assert_eq!(preferred(&ids, &["fr"]), [".en", "a.en"]);
        assert_eq!(preferred(&ids, &[]), [".en", "a.en"]);
    }

    #[test]
    fn hebrew_is_found_under_its_old_code() {
        assert_eq!(chosen(&[".en", ".iw"], None, &["he"]), [".iw"]);
    }

    #[test]
    fn without_a_wish_the_default_track_decides() {
        assert_eq!(chosen(&[".ar", ".ja", "a.en"], Some(1), &[]), [".ja"]);
        assert_eq!(
            chosen(&[".ja", ".ja.song", "a.ja"], Some(1), &[]),
            [".ja.song", ".ja", "a.ja"]
        );
    }

    #[test]
    fn without_a_default_the_language_that_was_recognised_decides_and_people_come_first() {
        assert_eq!(chosen(&[".ar", ".ja", "a.ja"], None, &[]), [".ja", "a.ja"]);
        assert_eq!(chosen(&[".ar", "a.ja"], None, &[]), ["a.ja"]);
    }

    #[test]
    fn without_either_the_first_track_decides() {
        assert_eq!(chosen(&[".ar", ".ja"], None, &[]), [".ar"]);
        assert_eq!(chosen(&[], Some(3), &[]), Vec::<String>::new());
    }

    #[test]
    fn tracks_are_read_in_any_shape_and_broken_ones_left_out() {
        let track = |more: Value| {
            let mut track = json!({"baseUrl": "/api/timedtext?lang=x", "languageCode": "en"});
            if let (Some(track), Some(more)) = (track.as_object_mut(), more.as_object()) {
                track.extend(more.clone());
            }
            track
        };
        let list = json!({
            "captionTracks": [
                {"languageCode": "en"},
                track(json!({"languageCode": "<script>"})),
                track(json!({"name": {"simpleText": "English"}, "vssId": ".en"})),
                track(json!({"name": {"runs": [{"text": "English "}, {"text": "(auto)"}]}, "vssId": "a.en", "kind": "asr"})),
                track(json!({"vssId": ".en.x", "trackName": "Signs"})),
                "nonsense",
            ],
            "audioTracks": [{}, {"defaultCaptionTrackIndex": 3}],
            "defaultAudioTrackIndex": 1,
        });
        let (tracks, default) = read(&list, "IOS");
        let read: Vec<_> = tracks
            .iter()
            .map(|track| {
                (
                    track.id.as_str(),
                    track.name.as_str(),
                    track.is_generated,
                    track.is_variant,
                )
            })
            .collect();
        assert_eq!(
            read,
            [
                (".en", "English", false, false),
                ("a.en", "English (auto)", true, false),
                (".en.x", "en", false, true),
            ]
        );
        assert_eq!(
            default,
            Some(1),
            "the fourth of the list, the second that could be read"
        );
        assert!(tracks.iter().all(|track| track.client == "IOS"));
    }

    #[test]
    fn no_more_than_500_tracks_are_read() {
        let many: Vec<Value> = (0..600)
            .map(|_| json!({"baseUrl": "x", "languageCode": "en"}))
            .collect();
        let (tracks, _) = read(&json!({"captionTracks": many}), "IOS");
        assert_eq!(tracks.len(), 500);
        assert_eq!(describe(&tracks).last().map(String::as_str), Some("460 more"));
    }
}
