//! What the parts of a summary's page share: the run as it is known now, the text that streams, the place in the video.

use domain::{
    coverage,
    passages::Passage,
    run::{Run, RunPage, Stage},
    summary::Summary,
    transcript::Span,
    video::Video,
};
use leptos::prelude::*;

use crate::{
    browser::{
        document,
        player::{News, Player},
    },
    outline::Lead,
    words::EXTRACTIVE,
};

/// The two texts of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// Sentences from the transcript.
    Extract,
    /// The model's text.
    Model,
}

/// So many words must be there before the model's text takes the extract's place.
const WORDS_TO_SHOW: usize = 40;

/// The page's state. A handle: copies share it.
#[derive(Clone, Copy)]
pub(crate) struct Reader {
    /// Everything the server told.
    pub(crate) page: RwSignal<RunPage>,
    /// What the model has written so far.
    pub(crate) text: RwSignal<String>,
    /// The last event that is contained in the above.
    pub(crate) seq: StoredValue<i64>,
    /// Which text is shown.
    pub(crate) shown: RwSignal<Version>,
    /// Whether the change of text is to be faded.
    pub(crate) fading: RwSignal<bool>,
    /// Whether a person has begun to read, so that nothing may move under their eyes.
    pub(crate) touched: RwSignal<bool>,
    /// Whether the connection is lost.
    pub(crate) lost: RwSignal<bool>,
    /// The second the player was opened at; `None` while only its picture is there.
    pub(crate) opened: RwSignal<Option<u32>>,
    /// The second that `?t=` names, where play begins.
    pub(crate) start: Option<u32>,
    /// Where the player is, in seconds.
    pub(crate) position: RwSignal<Option<u32>>,
    /// Whether it plays.
    pub(crate) playing: RwSignal<bool>,
    /// The player.
    pub(crate) player: Player,
    /// The passage that is lit: the one pressed last, or the one that is playing.
    pub(crate) lit: RwSignal<Option<u32>>,
    /// The place of a claim that was pressed last, whose quoted words are marked.
    pub(crate) cited: RwSignal<Option<Lead>>,
    /// Whether the transcript follows the player.
    pub(crate) follow: RwSignal<bool>,
    /// What the transcript is searched for.
    pub(crate) find: RwSignal<String>,
    /// The run alone.
    pub(crate) run: Memo<Run>,
    /// The video alone.
    pub(crate) video: Memo<Option<Video>>,
    /// The passages alone.
    pub(crate) passages: Memo<Vec<Passage>>,
    /// Whether times are written with hours.
    pub(crate) hours: Memo<bool>,
    /// What the shown text says nothing of, once it is finished.
    pub(crate) gaps: Memo<Vec<Span>>,
}

impl Reader {
    /// Begins with what the server told and what the address asks for: `?text=`, `?t=`.
    pub(crate) fn new(page: RunPage, asked: Option<Version>, start: Option<u32>) -> Self {
        let shown = asked.unwrap_or_else(|| first_shown(&page));
        let (seq, text) = (page.last_event, page.text.clone());
        let page = RwSignal::new(page);
        let video = Memo::new(move |_| page.with(|page| page.video.clone()));
        let passages = Memo::new(move |_| page.with(|page| page.passages.clone()));
        let hours = Memo::new(move |_| {
            let said = video.with(|video| video.as_ref().and_then(|video| video.duration_s));
            let last = passages.with(|passages| passages.last().and_then(|passage| passage.span));
            said.is_some_and(|s| s >= 3600) || last.is_some_and(|span| span.end_ms >= 3_600_000)
        });
        let shown = RwSignal::new(shown);
        let gaps = Memo::new(move |_| {
            let shown = shown.get();
            page.with(
                |page| match shown_summary(page, shown).filter(|_| !page.run.state.is_open()) {
                    Some(summary) => {
                        coverage::gaps(&summary.claims, &coverage::within(&page.passages, summary.request.span))
                    }
                    None => Vec::new(),
                },
            )
        });
        let lit = passages.with_untracked(|passages| start.and_then(|start| passage_at(passages, start)));
        Self {
            page,
            text: RwSignal::new(text),
            seq: StoredValue::new(seq),
            shown,
            fading: RwSignal::new(false),
            touched: RwSignal::new(asked.is_some()),
            lost: RwSignal::new(false),
            opened: RwSignal::new(None),
            start,
            position: RwSignal::new(None),
            playing: RwSignal::new(false),
            player: Player::new(),
            lit: RwSignal::new(lit),
            cited: RwSignal::new(None),
            follow: RwSignal::new(false),
            find: RwSignal::new(String::new()),
            run: Memo::new(move |_| page.with(|page| page.run.clone())),
            video,
            passages,
            hours,
            gaps,
        }
    }

    /// The reader of the page that is being built.
    pub(crate) fn current() -> Self {
        expect_context()
    }

    /// YouTube's id, where there is a video to play.
    pub(crate) fn youtube_id(self) -> Option<String> {
        self.video
            .with(|video| video.as_ref().and_then(|video| video.youtube_id.clone()))
    }

    /// What it is called.
    pub(crate) fn title(self) -> String {
        self.page.with(|page| {
            let title = page.video.as_ref().map(|video| video.title.as_str());
            let label = page.run.label.trim_start_matches("https://www.");
            title.filter(|title| !title.is_empty()).unwrap_or(label).to_owned()
        })
    }

    /// Looks at the finished summary whose text is shown, where there is one.
    pub(crate) fn with_shown<T>(self, look: impl FnOnce(Option<&Summary>) -> T) -> T {
        let shown = self.shown.get();
        self.page.with(|page| look(shown_summary(page, shown)))
    }

    /// What the section of chapters and gaps is called; `None` where there are neither.
    pub(crate) fn outline_name(self) -> Option<&'static str> {
        let has_chapters = self
            .video
            .with(|video| video.as_ref().is_some_and(|video| !video.chapters.is_empty()));
        let timed = self
            .passages
            .with(|passages| passages.first().is_some_and(|passage| passage.span.is_some()));
        match has_chapters {
            _ if !timed => None,
            true => Some("Chapters"),
            false => self.gaps.with(|gaps| !gaps.is_empty()).then_some("Coverage"),
        }
    }

    /// Whether there is something to read, or will be without anybody's help.
    pub(crate) fn has_text(self) -> bool {
        let hopeful = self.run.with(|run| run.fault.is_none() && run.state.is_open());
        hopeful
            || self
                .page
                .with(|page| page.extract.is_some() || page.summary.is_some() || !page.text.is_empty())
    }

    /// Whether a model was asked, so that there are two texts.
    pub(crate) fn has_model(self) -> bool {
        self.run.with(|run| run.request.model != EXTRACTIVE)
    }

    /// Whether the summary came from the predecessor, so that there is no transcript and no other text.
    pub(crate) fn is_imported(self) -> bool {
        self.page
            .with(|page| page.summary.as_ref().is_some_and(Summary::is_imported))
    }

    /// Whether the model still writes.
    pub(crate) fn is_writing(self) -> bool {
        self.run
            .with(|run| run.state.is_open() && run.stage.is_none_or(|stage| stage <= Stage::Write))
    }

    /// Whether the model's text is long enough to be shown unasked.
    pub(crate) fn model_has_begun(self) -> bool {
        self.page.with(|page| page.summary.is_some()) || self.text.with(|text| enough(text))
    }

    /// Where a passage leads without script.
    pub(crate) fn href(self, passage: u32, start_ms: Option<u64>) -> String {
        match start_ms {
            Some(ms) if self.youtube_id().is_some() => format!("?t={}#player", ms / 1000),
            _ => format!("#p{passage}"),
        }
    }

    /// Goes to the place of a claim, and marks the words that it quotes there.
    pub(crate) fn cite(self, lead: Lead) {
        let (passage, start_ms) = (lead.passage, lead.start_ms);
        self.cited.set(Some(lead));
        self.go(passage, start_ms);
    }

    /// The words of a passage that are marked.
    pub(crate) fn quoted(self, passage: u32) -> Option<String> {
        self.cited.with(|cited| {
            let cited = cited.as_ref().filter(|lead| lead.passage == passage)?;
            cited.quote.clone()
        })
    }

    /// Goes to a place: plays it where there is a video, else shows it in the transcript.
    pub(crate) fn go(self, passage: u32, start_ms: Option<u64>) {
        self.touched.set(true);
        self.lit.set(Some(passage));
        match start_ms.filter(|_| self.youtube_id().is_some()) {
            Some(ms) => {
                self.play_from(u32::try_from(ms / 1000).unwrap_or(u32::MAX));
                if document::is_wide() {
                    document::reveal(&format!("p{passage}"));
                }
            }
            None => document::bring(&format!("p{passage}")),
        }
    }

    /// Plays from a second, opening the player where it is not open.
    pub(crate) fn play_from(self, seconds: u32) {
        self.touched.set(true);
        self.position.set(Some(seconds));
        self.playing.set(true);
        if self.opened.get_untracked().is_none() {
            self.opened.set(Some(seconds));
        } else {
            self.player.seek(seconds);
        }
    }

    /// Plays or pauses; `false` where there is nothing to play.
    pub(crate) fn play_pause(self) -> bool {
        if untrack(|| self.youtube_id()).is_none() {
            return false;
        }
        if self.opened.get_untracked().is_none() {
            self.play_from(self.start.unwrap_or(0));
        } else {
            let playing = !self.playing.get_untracked();
            self.player.set_playing(playing);
            self.playing.set(playing);
        }
        true
    }

    /// Jumps by some seconds; `false` where nothing is open.
    pub(crate) fn jump(self, by: i8) -> bool {
        let here = self
            .position
            .get_untracked()
            .filter(|_| self.opened.get_untracked().is_some());
        if let Some(here) = here {
            self.play_from(here.saturating_add_signed(by.into()));
        }
        here.is_some()
    }

    /// Takes in what the player tells: lights the passage that is playing.
    pub(crate) fn follow_player(self, news: News) {
        if news.ready {
            self.player.is_ready();
        }
        if let Some(playing) = news.playing {
            self.playing.set(playing);
        }
        let Some(seconds) = news.seconds.filter(|s| self.position.get_untracked() != Some(*s)) else {
            return;
        };
        self.position.set(Some(seconds));
        let lit = self.passages.with_untracked(|passages| passage_at(passages, seconds));
        if lit.is_some() && lit != self.lit.get_untracked() {
            self.lit.set(lit);
            if let Some(passage) = lit.filter(|_| self.follow.get_untracked()) {
                document::reveal(&format!("p{passage}"));
            }
        }
    }
}

/// The finished summary behind one of the texts.
fn shown_summary(page: &RunPage, shown: Version) -> Option<&Summary> {
    match shown {
        Version::Extract => page.extract.as_ref().or(page.summary.as_ref()),
        Version::Model => page.summary.as_ref(),
    }
}

/// The text that a page begins with: the model's, unless nothing of it was found.
fn first_shown(page: &RunPage) -> Version {
    if page.extract.is_some() && page.summary.as_ref().is_some_and(Summary::is_unfounded) {
        return Version::Extract;
    }
    let asked = page.run.request.model != EXTRACTIVE;
    let written = page.summary.is_some() || enough(&page.text) || (!page.run.state.is_open() && !page.text.is_empty());
    if asked && written {
        Version::Model
    } else {
        Version::Extract
    }
}

fn enough(text: &str) -> bool {
    text.split_whitespace().nth(WORDS_TO_SHOW - 1).is_some()
}

/// The passage that is said at a second.
fn passage_at(passages: &[Passage], seconds: u32) -> Option<u32> {
    let ms = u64::from(seconds) * 1000 + 999;
    let after = passages.partition_point(|passage| passage.span.is_none_or(|span| span.start_ms <= ms));
    let passage = passages.get(after.checked_sub(1)?)?;
    passage.span.map(|_| passage.ordinal)
}

#[cfg(test)]
mod tests {
    use domain::transcript::Span;

    use super::*;

    fn passage(ordinal: u32, start_ms: Option<u64>) -> Passage {
        Passage {
            ordinal,
            span: start_ms.map(|start_ms| Span {
                start_ms,
                end_ms: start_ms + 1,
            }),
            sentences: Vec::new(),
        }
    }

    #[test]
    fn a_second_belongs_to_the_passage_begun_last() {
        let passages = [
            passage(1, Some(2_000)),
            passage(2, Some(20_500)),
            passage(3, Some(40_000)),
        ];
        assert_eq!(passage_at(&passages, 0), None);
        assert_eq!(passage_at(&passages, 19), Some(1));
        assert_eq!(passage_at(&passages, 20), Some(2));
        assert_eq!(passage_at(&passages, 9_999), Some(3));
    }

    #[test]
    fn a_text_without_times_has_no_place_for_a_second() {
        assert_eq!(passage_at(&[passage(1, None), passage(2, None)], 5), None);
        assert_eq!(passage_at(&[], 5), None);
    }
}
