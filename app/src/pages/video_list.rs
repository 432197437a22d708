//! `/playlists/{id}` and `/channels/{id}`: the videos of a list with tick boxes, and one button for those that are ticked.
//! A plain form; script adds that the foot counts along.

use domain::{
    models::{Price, dollars},
    timecode::length,
    video_list::{ItemState, ListItem, SUMMARY_TOKENS, VideoList, estimated_tokens},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_query_map};

use crate::{
    components::{flow::loaded, submit_form::Options},
    erased::Erase,
    server_functions::{Ask, Data, ListData},
    times::{counted, date},
    words::{self, EXTRACTIVE},
};

/// Which videos are ticked at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Selection {
    All,
    Nothing,
    New,
}

/// The page; `?select=all`, `none` or `new`, where new is the default.
#[component]
pub(crate) fn VideoListPage() -> impl IntoView {
    let path = use_location().pathname;
    let query = use_query_map();
    let selection = Memo::new(move |_| {
        query.with(|query| match query.get("select").as_deref() {
            Some("all") => Selection::All,
            Some("none") => Selection::Nothing,
            _ => Selection::New,
        })
    });
    let again = Memo::new(move |_| query.with(|query| query.get("again").is_some()));
    let page = loaded(
        move || (Ask::List(again.get(), path.get()), 0),
        move |data| match data {
            Data::List(data) => Some(view! { <Preview data=*data selection=selection.get() /> }.erase()),
            _ => None,
        },
    );
    view! { <section class="library">{page}</section> }.erase()
}

#[component]
fn Preview(data: ListData, selection: Selection) -> impl IntoView {
    let ListData {
        address,
        list,
        models,
        default_model,
        prompts,
        seconds,
    } = data;
    let VideoList {
        title,
        owner,
        items,
        is_cut,
    } = list;
    let title = if title.is_empty() { address.clone() } else { title };
    let count = u64::try_from(items.len()).unwrap_or(u64::MAX);
    let facts = [
        owner,
        Some(if is_cut {
            format!("the first {}", counted(count, "video"))
        } else {
            counted(count, "video")
        }),
    ];
    let facts = facts
        .into_iter()
        .flatten()
        .map(|fact| view! { <span class="item"><bdi>{fact}</bdi></span> })
        .collect_view();
    let items = StoredValue::new(items);
    let seconds = StoredValue::new(seconds);
    let prices: Vec<(String, Price)> = models
        .iter()
        .filter_map(|choice| Some((choice.name.clone(), choice.price?)))
        .collect();
    let prices = StoredValue::new(prices);
    let model = RwSignal::new(default_model.clone());
    let ticked = RwSignal::new(
        items.with_value(|items| items.iter().map(|item| is_ticked(item, selection)).collect::<Vec<_>>()),
    );
    let rows = items.with_value(|items| {
        items
            .iter()
            .cloned()
            .enumerate()
            .map(|(at, item)| view! { <Row at item ticked /> })
            .collect_view()
    });
    let choose = |name: &'static str, value: &'static str, own: Selection| {
        let current = (own == selection).then_some("true");
        view! {
            <a class="button small" href=format!("?select={value}") aria-current=current>
                {name}
            </a>
        }
        .erase()
    };
    view! {
        <Title text=title.clone() />
        <h1 dir="auto">{title.clone()}</h1>
        <p class="quiet meta">
            {facts}
            <span class="item">
                <a href=address rel="noreferrer">
                    "On YouTube"
                </a>
            </span>
        </p>
        <div class="ways choose" role="group" aria-label="Which to tick">
            {choose("All", "all", Selection::All)}
            {choose("None", "none", Selection::Nothing)}
            {choose("New", "new", Selection::New)}
            <a class="button small quiet-button" href="?again=1" rel="external">
                "Ask YouTube again"
            </a>
        </div>
        <form class="preview" method="post" action="/submit" enctype="multipart/form-data">
            <input type="hidden" name="batch" value=title.clone() />
            <ul class="rows">{rows}</ul>
            <div class="preview-foot">
                <p class="quiet" role="status">
                    {move || {
                        let model = model.get();
                        let each = seconds
                            .with_value(|all| all.iter().find(|(name, _)| *name == model).map(|(_, each)| *each));
                        let price = prices
                            .with_value(|all| all.iter().find(|(name, _)| *name == model).map(|(_, price)| *price));
                        ticked.with(|ticked| items.with_value(|items| foot(items, ticked, &model, price, each)))
                    }}
                </p>
                <div class="send">
                    <Options models default_model prompts chosen=model />
                    <button class="button primary">
                        {move || {
                            let count = ticked.with(|ticked| ticked.iter().filter(|is| **is).count());
                            if count == 0 { "Summarise".to_owned() } else { format!("Summarise {count}") }
                        }}
                    </button>
                </div>
            </div>
        </form>
    }
    .erase()
}

#[component]
fn Row(at: usize, item: ListItem, ticked: RwSignal<Vec<bool>>) -> impl IntoView {
    let obstacle = item.state.obstacle();
    let checked = ticked.with_untracked(|ticked| ticked[at]);
    let title = match item.state {
        _ if !item.title.is_empty() => item.title,
        ItemState::Private => "A private video".to_owned(),
        ItemState::Deleted => "A deleted video".to_owned(),
        _ => item.video_id.clone(),
    };
    let captions = item
        .captions
        .as_ref()
        .map(|(code, source)| words::captions(code, source));
    let facts = [item.duration_s.map(length), captions, obstacle.map(str::to_owned)];
    let facts = facts
        .into_iter()
        .flatten()
        .map(|fact| view! { <span class="item">{fact}</span> })
        .collect_view();
    let done = item.summary.map(|(id, made)| {
        view! {
            <span class="item">
                <a href=format!("/summaries/{id}")>{format!("summarised {}", date(made))}</a>
            </span>
        }
    });
    view! {
        <li>
            <label class="tick">
                <input
                    type="checkbox"
                    name="video"
                    value=format!("https://youtu.be/{}", item.video_id)
                    checked=checked
                    disabled=obstacle.is_some()
                    on:change:target=move |event| {
                        let is = event.target().checked();
                        ticked.update(|ticked| ticked[at] = is);
                    }
                />
                <span class="row-text">
                    <span dir="auto">{title}</span>
                </span>
            </label>
            <span class="quiet meta">{facts} {done}</span>
        </li>
    }
    .erase()
}

fn is_ticked(item: &ListItem, selection: Selection) -> bool {
    item.state.obstacle().is_none()
        && match selection {
            Selection::All => true,
            Selection::Nothing => false,
            Selection::New => item.summary.is_none(),
        }
}

/// "24 of 31 · 6 h 12 min · ~100,000 tokens, ~$0.05 · ~8 min": what is ticked, how long it is, what the model has to read, and how
/// long that takes if each takes as long as they usually do.
fn foot(items: &[ListItem], ticked: &[bool], model: &str, price: Option<Price>, each: Option<u32>) -> String {
    let chosen = || items.iter().zip(ticked).filter(|(_, is)| **is).map(|(item, _)| item);
    let seconds = chosen()
        .filter_map(|item| item.duration_s)
        .fold(0_u32, u32::saturating_add);
    let unknown = chosen().filter(|item| item.duration_s.is_none()).count();
    let count = chosen().count();
    let mut words = format!("{count} of {}", items.len());
    if seconds > 0 {
        words.push_str(&format!(" · {}", length(seconds)));
        if model != EXTRACTIVE {
            let tokens = estimated_tokens(seconds);
            words.push_str(&format!(" · ~{},000 tokens", tokens.div_ceil(1000)));
            if let Some(price) = price {
                let written = SUMMARY_TOKENS * u64::try_from(count).unwrap_or(u64::MAX);
                words.push_str(&format!(", ~{}", dollars(price.of(tokens, written))));
            }
        }
    }
    if let Some(each) = each.filter(|each| *each > 0 && count > 0) {
        let all = each.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX));
        words.push_str(&format!(" · ~{}", length(all)));
    }
    if unknown > 0 && seconds > 0 {
        words.push_str(&format!(" · and {unknown} of unknown length"));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_foot_adds_up_what_is_ticked() {
        let item = |duration_s: Option<u32>| ListItem {
            video_id: "dQw4w9WgXcQ".to_owned(),
            title: String::new(),
            duration_s,
            state: ItemState::Open,
            summary: None,
            captions: None,
        };
        let items = [item(Some(3600)), item(Some(600)), item(None)];
        assert_eq!(
            foot(&items, &[true, false, false], "m", None, None),
            "1 of 3 · 1 h · ~12,000 tokens"
        );
        assert_eq!(
            foot(&items, &[false, true, true], "m", None, Some(40)),
            "2 of 3 · 10 min · ~2,000 tokens · ~1 min · and 1 of unknown length"
        );
        assert_eq!(
            foot(&items, &[true, true, false], EXTRACTIVE, None, None),
            "2 of 3 · 1 h 10 min"
        );
        assert_eq!(foot(&items, &[false; 3], "m", None, Some(40)), "0 of 3");
        let price = Price {
            input: 2.0,
            output: 10.0,
        };
        assert_eq!(
            foot(&items, &[true, false, false], "m", Some(price), None),
            "1 of 3 · 1 h · ~12,000 tokens, ~$0.03"
        );
    }
}
