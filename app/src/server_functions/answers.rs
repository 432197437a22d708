//! How pages are filled, on the server.

use backend::{
    access::{Access, Granted},
    models::ModelInfo,
    services::{ListError, Services},
};
use domain::{
    library::{self, Activity, Compared, FoundPage, Shown, Sort, VersionItem},
    link::Link,
    models::ModelsStatus,
    prompt,
    question::Question,
    run::Request,
    youtube_health::YouTubeHealth,
};
use http::StatusCode;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::{
    Choices, Conversation, Data, DeletedSummary, HomeData, LibraryData, ListData, ModelChoice, NEWEST, PER_PAGE,
    PageError, PromptsData, Side,
    request::{granted, provided, refuse, services, store},
};
use crate::{
    flash::Flash,
    settings_view::{self, SettingsForm, SettingsForms},
    times, words,
};

pub(super) async fn home() -> Result<HomeData, PageError> {
    let services = services()?;
    let newest = services.library(1, NEWEST).await.map_err(store)?;
    Ok(HomeData {
        newest: newest.items,
        models: models(&services).await,
        default_model: services.default_model(),
        unlisted: services.unlisted(),
        flash: use_context::<Flash>(),
        pause: services.youtube_pause().await.map_err(store)?,
        prompts: prompt_names(&services).await?,
    })
}

async fn prompt_names(services: &Services) -> Result<Vec<String>, PageError> {
    let prompts = services.prompts().await.map_err(store)?;
    Ok(prompts.into_iter().map(|prompt| prompt.name).collect())
}

pub(super) async fn prompts() -> Result<PromptsData, PageError> {
    Ok(PromptsData {
        prompts: services()?.prompts().await.map_err(store)?,
        draft: use_context::<Flash>().and_then(|flash| flash.prompt),
    })
}

pub(crate) async fn models(services: &Services) -> Vec<ModelChoice> {
    services.models().await.into_iter().map(choice).collect()
}

pub(super) async fn choices() -> Result<Choices, PageError> {
    let services = services()?;
    Ok(Choices {
        models: services.models_soon().await.into_iter().map(choice).collect(),
        default_model: services.default_model(),
    })
}

fn choice(model: ModelInfo) -> ModelChoice {
    ModelChoice {
        name: model.name,
        provider: model.provider,
        note: model.shutdown.map_or_else(String::new, |day| format!("until {day}")),
        price: model.price,
    }
}

pub(super) async fn list(again: bool, path: &str) -> Result<ListData, PageError> {
    let services = services()?;
    let link = Link::from_preview(path).ok_or_else(|| refuse(PageError::NotFound))?;
    match services.list(&link, again).await {
        Ok(list) => Ok(ListData {
            address: link.canonical(),
            list,
            models: models(&services).await,
            default_model: services.default_model(),
            prompts: prompt_names(&services).await?,
            seconds: services
                .typical_seconds()
                .await
                .map_err(store)?
                .into_iter()
                .map(|(model, seconds)| (model, crate::times::whole(seconds)))
                .collect(),
        }),
        Err(ListError::YouTube(error)) => Err(refuse(PageError::Upstream(Box::new(error.fault())))),
        Err(ListError::Store(error)) => Err(store(error)),
    }
}

pub(super) async fn run(id: &str) -> Result<Data, PageError> {
    let services = services()?;
    let page = services.run_page(id).await.map_err(store)?;
    let page = page.ok_or_else(|| refuse(PageError::NotFound))?;
    let (Some(gone), None) = (&page.run.summary_id, &page.summary) else {
        return Ok(Data::Run(Box::new(page)));
    };
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::GONE);
    }
    let can_undo = services.is_deleted_summary(gone).await.map_err(store)?;
    let mut others = None;
    if let Some(video) = page.run.video_id.clone() {
        let versions = services.versions(&video).await.map_err(store)?;
        others = Some(video).filter(|_| !versions.is_empty());
    }
    Ok(Data::Deleted(DeletedSummary {
        title: page.run.label,
        undo: Some(gone.clone()).filter(|_| can_undo),
        video_id: others,
    }))
}

pub(super) async fn library(page: u32, sort: Sort, tag: Option<String>) -> Result<LibraryData, PageError> {
    let services = services()?;
    let shown = Shown {
        page: page.max(1),
        per_page: PER_PAGE,
        sort,
        tag: tag.as_deref().and_then(library::tag),
    };
    Ok(LibraryData {
        page: services.library_of(&shown).await.map_err(store)?,
        tags: services.tags().await.map_err(store)?,
    })
}

pub(super) async fn versions(video: &str) -> Result<Vec<VersionItem>, PageError> {
    let versions = services()?.versions(video).await.map_err(store)?;
    if versions.is_empty() {
        return Err(refuse(PageError::NotFound));
    }
    Ok(versions)
}

pub(super) async fn compare(ids: [&str; 2]) -> Result<Vec<Side>, PageError> {
    let services = services()?;
    let mut sides = Vec::new();
    for id in ids {
        let found = services.compared(id).await.map_err(store)?;
        sides.push(side(found.ok_or_else(|| refuse(PageError::NotFound))?));
    }
    Ok(sides)
}

fn side(Compared { summary, video, html }: Compared) -> Side {
    let Request { style, words, span, .. } = &summary.request;
    let written_in = summary.written_in();
    let hours = video.duration_s.is_some_and(|seconds| seconds >= 3600);
    let facts = [
        Some(words::model(&summary.provenance.model).to_owned()),
        Some(prompt::title(style).to_owned()),
        Some(words::language(written_in).to_owned()),
        Some(format!("at most {words} words")),
        span.map(|span| times::part(span, hours)),
        Some(times::moment(summary.created_at)),
    ];
    Side {
        facts: facts.into_iter().flatten().filter(|fact| !fact.is_empty()).collect(),
        checked: summary.checked(),
        language: Some(written_in.to_owned()).filter(|code| !code.is_empty()),
        id: summary.id,
        video_id: summary.video_id,
        title: summary.title,
        html,
    }
}

pub(super) async fn search(page: u32, typed: &str) -> Result<FoundPage, PageError> {
    services()?.search(typed, page).await.map_err(store)
}

pub(super) async fn search_in(video: &str, typed: &str) -> Result<FoundPage, PageError> {
    services()?.search_in(typed, video).await.map_err(store)
}

pub(super) async fn activity() -> Result<Activity, PageError> {
    services()?.activity().await.map_err(store)
}

pub(super) async fn questions(video: &str) -> Result<Conversation, PageError> {
    Ok(Conversation {
        questions: services()?.questions_of(video).await.map_err(store)?,
        ..Conversation::default()
    })
}

pub(super) async fn conversation(thread: &str) -> Result<Conversation, PageError> {
    let services = services()?;
    let draft = use_context::<Flash>().and_then(|flash| flash.question.map(|draft| *draft));
    let thread = draft.as_ref().map_or(thread, |draft| draft.thread.as_str());
    Ok(Conversation {
        questions: services.conversation(thread).await.map_err(store)?,
        threads: services.conversations().await.map_err(store)?,
        models: models(&services).await,
        default_model: services.default_model(),
        is_empty: services.library(1, 1).await.map_err(store)?.items.is_empty(),
        draft,
    })
}

pub(super) async fn question(id: &str) -> Result<Question, PageError> {
    let question = services()?.question(id).await.map_err(store)?;
    question.ok_or_else(|| refuse(PageError::NotFound))
}

pub(super) async fn youtube() -> Result<YouTubeHealth, PageError> {
    services()?.youtube_health().await.map_err(store)
}

pub(super) async fn models_status() -> Result<ModelsStatus, PageError> {
    services()?.models_status().await.map_err(store)
}

pub(super) async fn access_page() -> Result<String, PageError> {
    let granted = granted()?;
    let page = provided::<Access>()?.page(&granted).await.map_err(store)?;
    let login = form_of("/settings/access", &granted)?;
    Ok(crate::access_view::html(page, use_context(), login))
}

pub(super) fn settings_form(path: &str) -> Result<String, PageError> {
    let form = form_of(path, &granted()?)?;
    form.map(settings_view::html).ok_or_else(|| refuse(PageError::NotFound))
}

fn form_of(path: &str, granted: &Granted) -> Result<Option<SettingsForm>, PageError> {
    // One that was not good stands as it was typed.
    if let Some(form) = use_context::<SettingsForm>().filter(|form| form.action == path) {
        return Ok(Some(form));
    }
    Ok((provided::<SettingsForms>()?.0)(path, granted))
}
