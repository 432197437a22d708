//! What a video says about itself, in place of what is said in it: title, description and chapters as a text. It has no times
//! of its own, and none are made up; those of chapters are written in their lines.

use crate::{
    timecode,
    transcript::{Cue, Source, Transcript},
    video::Video,
};

/// What such a summary is called everywhere.
pub const LABEL: &str = "title, description and chapters";

/// The text; `None` where there is nothing beside the title.
#[must_use]
pub fn transcript(video: &Video) -> Option<Transcript> {
    let description = video.description.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut lines: Vec<String> = description.map(str::to_owned).collect();
    for chapter in &video.chapters {
        let line = format!(
            "{} {}",
            timecode::clock(chapter.span.start_ms, chapter.span.start_ms >= 3_600_000),
            chapter.title
        );
        // Creators write their chapters into the description.
        if !lines.iter().any(|known| known.contains(&chapter.title)) {
            lines.push(line);
        }
    }
    if lines.is_empty() {
        return None;
    }
    lines.insert(0, video.title.clone());
    let cues = lines
        .into_iter()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|text| !text.is_empty())
        .map(|text| Cue { span: None, text })
        .collect();
    Some(Transcript {
        cues,
        language: None,
        source: Source::Description,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{chapters::Chapter, transcript::Span};

    #[test]
    fn says_what_there_is_and_makes_no_times() {
        let mut video = Video {
            title: "Tea".to_owned(),
            description: "How to  make it.\n\n0:00 Water".to_owned(),
            chapters: [("Water", 0), ("Leaves", 65_000)]
                .map(|(title, start_ms)| Chapter {
                    title: title.to_owned(),
                    span: Span {
                        start_ms,
                        end_ms: start_ms + 1000,
                    },
                })
                .to_vec(),
            ..Video::default()
        };
        let text = transcript(&video).map(|transcript| (transcript.text(), transcript.is_timed()));
        assert_eq!(
            text,
            Some(("Tea\nHow to make it.\n0:00 Water\n1:05 Leaves".to_owned(), false))
        );
        video.description = " \n".to_owned();
        video.chapters.clear();
        assert_eq!(transcript(&video), None, "a title is no text");
    }
}
