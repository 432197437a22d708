//! What is asked for: of us, of the bare handler, of the stand-in for the predecessor.

use std::sync::Arc;

use anyhow::{Result, ensure};

use crate::{attack::Target, house::Data};

/// What people look for: words that nearly all summaries have, that many have, few, nobody, two, a phrase.
const WORDS: [&str; 6] = ["w1", "w60", "w9000", "zyzzyva", "w40 w300", "w3"];
const PHRASE: &str = "%22w3+w5%22";
/// Summaries, and open runs, that are asked for in turn.
const MANY: u32 = 200;

/// The bare handler's one address.
pub fn bare() -> Target {
    target("bare handler", vec!["/".to_owned()])
}

/// Everything of ours, on `data`, which gets an open run to be watched.
pub fn ours(data: &Data, summaries: u32) -> Result<Vec<Target>> {
    let ids = data.sql(&format!(
        "select id from summaries where transcript_id % {} = 0 order by transcript_id limit {MANY}",
        (summaries / MANY).max(1)
    ))?;
    let ids: Vec<&str> = ids.lines().collect();
    ensure!(!ids.is_empty(), "there are no summaries");
    let run = &open_runs(data, 1)?[0];
    // Most people look at the first pages.
    let last = (summaries / 24).max(1);
    let pages = [1, 1, 1, 1, 1, 2, 2, 3, last / 2, last].map(|page| page.max(1));
    let found = WORDS.map(|words| words.replace(' ', "+"));
    let found = || found.iter().map(String::as_str).chain([PHRASE]);
    Ok(vec![
        livez(),
        target("/health", vec!["/health".to_owned()]),
        home(),
        target("library", pages.map(|page| format!("/library?page={page}")).to_vec()),
        target("library, last page", vec![format!("/library?page={last}")]),
        // More addresses than are kept: each is rendered.
        target(
            "rendered library",
            (0..5000).map(|n| format!("/library?page=1&n={n}")).collect(),
        ),
        target("search", found().map(|words| format!("/library?q={words}")).collect()),
        target("summary", ids.iter().map(|id| format!("/summaries/{id}")).collect()),
        target(
            "API list",
            pages
                .map(|page| format!("/api/v1/summaries?page={page}&per_page=24"))
                .to_vec(),
        ),
        target(
            "API search",
            found().map(|words| format!("/api/v1/search?q={words}")).collect(),
        ),
        Target {
            first_piece: true,
            ..target("first event", vec![format!("/api/v1/runs/{run}/events")])
        },
    ])
}

/// The stand-in's addresses of the same kinds.
pub fn peer() -> Vec<Target> {
    vec![
        target("predecessor: home", vec!["/".to_owned()]),
        target(
            "predecessor: library",
            [1, 1, 1, 1, 1, 2, 2, 3, 208, 416]
                .map(|page| format!("/get_cached_summaries?page={page}&per_page=24"))
                .to_vec(),
        ),
        target(
            "predecessor: library page",
            vec!["/library?page=1".to_owned(), "/library?page=2".to_owned()],
        ),
        target(
            "predecessor: search",
            WORDS
                .map(|words| words.replace(' ', "+"))
                .iter()
                .map(String::as_str)
                .chain(["w3+w5"])
                .map(|words| format!("/search_summaries?q={words}"))
                .collect(),
        ),
    ]
}

/// Runs that wait for longer than any attack lasts, with an event each; their ids.
pub fn open_runs(data: &Data, count: usize) -> Result<Vec<String>> {
    let ids = data.sql(&format!(
        "insert into runs (id, state, request_key, label, video_id, model, style, words, fresh, refetch, fault)
         select gen_random_uuid(), 'waiting', 'load ' || n, 'Watched', 'v1', 'extractive', 'briefing', 250, false, false,
                jsonb_build_object('kind', 'rate_limited', 'whose', 'upstream', 'message', 'It waits.', 'hint', 'Wait.',
                                   'retry_at', extract(epoch from now() + interval '10 days')::bigint)
         from generate_series(1, {count}) n
         on conflict (request_key) where state in ('queued', 'working', 'waiting') do nothing;
         insert into run_events (run_id, event)
         select id, '{{\"type\": \"state\", \"state\": \"waiting\"}}' from runs
         where request_key like 'load %' and not exists (select from run_events where run_id = runs.id);
         select id from runs where request_key like 'load %' limit {count};"
    ))?;
    let ids: Vec<String> = ids.lines().map(str::to_owned).collect();
    ensure!(ids.len() == count, "{} runs wait, not {count}", ids.len());
    Ok(ids)
}

fn target(name: &str, paths: Vec<String>) -> Target {
    Target {
        name: name.to_owned(),
        paths: Arc::new(paths),
        first_piece: false,
        weight: 1,
    }
}

/// What a load balancer asks for.
pub fn livez() -> Target {
    target("/livez", vec!["/livez".to_owned()])
}

/// The first page.
pub fn home() -> Target {
    target("home", vec!["/".to_owned()])
}
