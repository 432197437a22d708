//! The `next` call, what stands around the player: chapters, and once more title, channel and description.

use domain::{chapters::Chapter, transcript::Span};
use serde_json::Value;

use super::{
    ClientProfile,
    error::YouTubeError,
    fetch::{Deadline, Fetch},
    innertube,
    json::{at, items, line, lines, number, seconds_as_ms},
};

/// At most so many chapters are read.
const MAX_CHAPTERS: usize = 500;

/// What the page around the player tells; any of it may be missing.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    pub(super) title: Option<String>,
    pub(super) channel: Option<String>,
    pub(super) description: String,
    /// Chapters that the creator wrote.
    pub(super) chapters: Vec<Chapter>,
    /// Chapters that YouTube made up.
    pub(super) automatic_chapters: Vec<Chapter>,
}

/// Asks for what stands around a video of `duration_s`.
pub(super) async fn ask(
    fetch: &Fetch,
    client: &ClientProfile,
    video_id: &str,
    duration_s: Option<u32>,
    deadline: &Deadline,
) -> Result<Surroundings, YouTubeError> {
    let answer = innertube::ask(fetch, client, "next", video_id, deadline).await;
    fetch.gate.count(&client.name, &answer).await;
    Ok(read(&answer?, duration_s))
}

fn read(answer: &Value, duration_s: Option<u32>) -> Surroundings {
    let mut found = Surroundings::default();
    for part in items(at(
        answer,
        "/contents/twoColumnWatchNextResults/results/results/contents",
    )) {
        let primary = at(part, "/videoPrimaryInfoRenderer");
        let secondary = at(part, "/videoSecondaryInfoRenderer");
        found.title = found.title.or_else(|| line(at(primary, "/title")));
        found.channel = found
            .channel
            .or_else(|| line(at(secondary, "/owner/videoOwnerRenderer/title")));
        if found.description.is_empty() {
            found.description = lines(at(secondary, "/attributedDescription"));
        }
    }
    found.chapters = chapters(answer, "DESCRIPTION_CHAPTERS", "description-chapters", duration_s);
    found.automatic_chapters = chapters(answer, "AUTO_CHAPTERS", "auto-chapters", duration_s);
    found
}

/// Chapters of one kind: from the player's bar, else from the panel beside it.
fn chapters(answer: &Value, key: &str, panel: &str, duration_s: Option<u32>) -> Vec<Chapter> {
    let starts = from_bar(answer, key);
    with_ends(
        if starts.is_empty() {
            from_panel(answer, panel)
        } else {
            starts
        },
        duration_s,
    )
}

fn from_bar(answer: &Value, key: &str) -> Vec<(u64, String)> {
    const BAR: &str = "/playerOverlays/playerOverlayRenderer/decoratedPlayerBarRenderer/decoratedPlayerBarRenderer\
                       /playerBar/multiMarkersPlayerBarRenderer/markersMap";
    items(at(answer, BAR))
        .iter()
        .filter(|marker| at(marker, "/key") == key)
        .flat_map(|marker| items(at(marker, "/value/chapters")))
        .filter_map(|chapter| {
            let chapter = at(chapter, "/chapterRenderer");
            Some((
                number(at(chapter, "/timeRangeStartMillis"))?,
                line(at(chapter, "/title"))?,
            ))
        })
        .take(MAX_CHAPTERS)
        .collect()
}

fn from_panel(answer: &Value, name: &str) -> Vec<(u64, String)> {
    items(at(answer, "/engagementPanels"))
        .iter()
        .map(|panel| at(panel, "/engagementPanelSectionListRenderer"))
        .filter(|panel| {
            let id = at(panel, "/panelIdentifier").as_str().unwrap_or_default();
            id.strip_prefix("engagement-panel-macro-markers-") == Some(name)
        })
        .flat_map(|panel| items(at(panel, "/content/macroMarkersListRenderer/contents")))
        .filter_map(|item| {
            let item = at(item, "/macroMarkersListItemRenderer");
            let start_ms = seconds_as_ms(at(item, "/onTap/watchEndpoint/startTimeSeconds"))?;
            Some((start_ms, line(at(item, "/title"))?))
        })
        .take(MAX_CHAPTERS)
        .collect()
}

/// A chapter ends where the next begins, the last with the video.
fn with_ends(mut starts: Vec<(u64, String)>, duration_s: Option<u32>) -> Vec<Chapter> {
    let duration_ms = duration_s.map(|seconds| u64::from(seconds) * 1000);
    starts.retain(|(start, _)| duration_ms.is_none_or(|end| *start < end));
    starts.sort_by_key(|(start, _)| *start);
    starts.dedup_by_key(|(start, _)| *start);
    let ends: Vec<u64> = starts
        .iter()
        .skip(1)
        .map(|(start, _)| *start)
        .chain(starts.last().map(|(start, _)| duration_ms.unwrap_or(*start)))
        .collect();
    starts
        .into_iter()
        .zip(ends)
        .map(|((start_ms, title), end_ms)| Chapter {
            title,
            span: Span { start_ms, end_ms },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn bar(key: &str, chapters: &[(u64, &str)]) -> Value {
        let chapters: Vec<Value> = chapters
            .iter()
            .map(|(start, title)| {
                json!({"chapterRenderer": {"title": {"simpleText": title}, "timeRangeStartMillis": start}})
            })
            .collect();
        json!({"playerOverlays": {"playerOverlayRenderer": {"decoratedPlayerBarRenderer": {"decoratedPlayerBarRenderer":
        {"playerBar": {"multiMarkersPlayerBarRenderer": {"markersMap": [
            {"key": "HEATSEEKER"}, {"key": key, "value": {"chapters": chapters}}
        ]}}}}}}})
    }

    fn told(chapters: &[Chapter]) -> Vec<(&str, u64, u64)> {
        chapters
            .iter()
            .map(|chapter| (chapter.title.as_str(), chapter.span.start_ms, chapter.span.end_ms))
            .collect()
    }

    #[test]
    fn the_creators_chapters_are_told_from_youtubes_own() {
        let starts = [(0, "Start"), (60_000, "Middle"), (90_000, "End")];
        let expected = [
            ("Start", 0, 60_000),
            ("Middle", 60_000, 90_000),
            ("End", 90_000, 120_000),
        ];
        let found = read(&bar("DESCRIPTION_CHAPTERS", &starts), Some(120));
        assert_eq!(told(&found.chapters), expected);
        assert_eq!(found.automatic_chapters, []);
        let found = read(&bar("AUTO_CHAPTERS", &starts), Some(120));
        assert_eq!(found.chapters, []);
        assert_eq!(told(&found.automatic_chapters), expected);
    }

    #[test]
    fn a_panel_will_do_where_the_bar_has_none() {
        let item = |title: &str, second: f64| {
            json!({"macroMarkersListItemRenderer":
                {"title": {"simpleText": title}, "onTap": {"watchEndpoint": {"startTimeSeconds": second}}}})
        };
        let answer = json!({"engagementPanels": [
            {"engagementPanelSectionListRenderer": {"panelIdentifier": "comments-section"}},
            {"engagementPanelSectionListRenderer": {
                "panelIdentifier": "engagement-panel-macro-markers-auto-chapters",
                "content": {"macroMarkersListRenderer": {"contents": [
                    {"macroMarkersInfoItemRenderer": {}}, item("Later", 80.0), item("First", 39.16)
                ]}}
            }}
        ]});
        let found = read(&answer, None);
        assert_eq!(
            told(&found.automatic_chapters),
            [("First", 39_160, 80_000), ("Later", 80_000, 80_000)]
        );
    }

    #[test]
    fn hostile_chapters_are_put_in_order_and_within_the_video() {
        let starts = [(60_000, "Second"), (0, "First"), (60_000, "Again"), (u64::MAX, "Never")];
        let found = read(&bar("DESCRIPTION_CHAPTERS", &starts), Some(120));
        assert_eq!(
            told(&found.chapters),
            [("First", 0, 60_000), ("Second", 60_000, 120_000)]
        );
    }

    #[test]
    fn title_channel_and_description_are_found_in_their_renderers() {
        let answer = json!({"contents": {"twoColumnWatchNextResults": {"results": {"results": {"contents": [
            {"videoPrimaryInfoRenderer": {"title": {"runs": [{"text": "A "}, {"text": "title"}]}}},
            {"videoSecondaryInfoRenderer": {
                "owner": {"videoOwnerRenderer": {"title": {"runs": [{"text": "A channel"}]}}},
                "attributedDescription": {"content": "One\r\nTwo"},
            }},
        ]}}}}});
        let found = read(&answer, None);
        assert_eq!(found.title.as_deref(), Some("A title"));
        assert_eq!(found.channel.as_deref(), Some("A channel"));
        assert_eq!(found.description, "One\nTwo");
    }

    #[test]
    fn anything_else_has_nothing_around_it() {
        for answer in [json!(null), json!([]), json!({"contents": 7, "engagementPanels": {}})] {
            let found = read(&answer, Some(1));
            assert_eq!(found.title, None);
            assert_eq!(found.chapters, []);
        }
    }
}
