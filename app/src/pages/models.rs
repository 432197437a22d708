//! `/settings/summaries`: who can write, by which key, what it may cost, and what was spent today.

use domain::models::{KnownModel, ModelsStatus, ProviderStatus, Spent, dollars};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::{
        flow::{loaded, settings_form},
        settings_nav::SettingsNav,
    },
    erased::{Erase, Erased},
    server_functions::{Ask, Data},
    times::{counted, date, iso, time_of_day},
    words,
};

/// The page.
#[component]
pub(crate) fn ModelsPage() -> impl IntoView {
    let page = loaded(
        || (Ask::Models, 0),
        |data| match data {
            Data::Models(status) => Some(status_view(*status)),
            _ => None,
        },
    );
    view! {
        <Title text="Models" />
        <section class="narrow">
            <SettingsNav />
            <h1>"Models"</h1>
            {page}
            <h2>"Keys and limits"</h2>
            {settings_form("/settings/summaries")}
            <p class="quiet small">
                "More providers, prices and the order to fall back on stand in CONFIG_FILE."
            </p>
        </section>
    }
    .erase()
}

fn status_view(status: ModelsStatus) -> Erased {
    let ModelsStatus {
        providers,
        default_model,
        fallback,
        spent,
    } = status;
    let nobody = providers.is_empty();
    let providers: Vec<Erased> = providers.into_iter().map(provider_view).collect();
    let fallback = if fallback.is_empty() {
        "sentences from the transcript".to_owned()
    } else {
        format!("{}, then sentences from the transcript", fallback.join(", then "))
    };
    view! {
        <dl class="details">
            <dt>"Used where nobody chooses"</dt>
            <dd>{words::whole_model(&default_model).to_owned()}</dd>
            <dt>"Where a model can't answer"</dt>
            <dd>{fallback}</dd>
        </dl>
        {spent_view(&spent)}
        {nobody
            .then(|| {
                view! { <p>"No model is set up, so summaries are sentences from the transcript."</p> }
            })}
        {providers}
    }
    .erase()
}

fn spent_view(spent: &Spent) -> Erased {
    let of = |limit: Option<String>| limit.map_or_else(String::new, |limit| format!(" of {limit}"));
    let tokens = format!(
        "{}{}",
        spent.tokens,
        of(spent.token_limit.map(|limit| limit.to_string()))
    );
    let cost = format!("{}{}", dollars(spent.cost), of(spent.cost_limit.map(dollars)));
    // Without a price there is nothing to say, rather than that it was free.
    let priced = spent.cost > 0.0 || spent.cost_limit.is_some();
    let unpriced =
        (spent.unpriced_calls > 0).then(|| format!("{} without a known price", counted(spent.unpriced_calls, "call")));
    let resets_at = spent.resets_at;
    view! {
        <h2>"Today"</h2>
        <dl class="details">
            <dt>"Calls"</dt>
            <dd>{spent.calls}</dd>
            <dt>"Tokens"</dt>
            <dd>{tokens}</dd>
            {priced
                .then(|| {
                    view! {
                        <dt>"Cost"</dt>
                        <dd>{cost}</dd>
                    }
                })}
            {unpriced
                .map(|words| {
                    view! {
                        <dt>"Not counted as cost"</dt>
                        <dd>{words}</dd>
                    }
                })}
            <dt>"New day"</dt>
            <dd>
                <time datetime=iso(resets_at)>{format!("{}, {}", date(resets_at), time_of_day(resets_at))}</time>
            </dd>
        </dl>
    }
    .erase()
}

fn provider_view(provider: ProviderStatus) -> Erased {
    let key = if provider.has_key {
        format!("Set by {}", provider.key_from)
    } else {
        "None".to_owned()
    };
    let error = provider
        .error
        .map(|why| view! { <p class="fault" role="status">{format!("Its models could not be listed. {why}")}</p> });
    let rows: Vec<Erased> = provider.models.into_iter().map(model_row).collect();
    let table = (!rows.is_empty()).then(|| {
        view! {
            <details>
                <summary>{counted(u64::try_from(rows.len()).unwrap_or(u64::MAX), "model")}</summary>
                <div class="table">
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">"Model"</th>
                                <th scope="col">"Takes"</th>
                                <th scope="col">"A million tokens"</th>
                                <th scope="col">"Until"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </details>
        }
    });
    view! {
        <h2>{provider.label}</h2>
        <dl class="details">
            <dt>"Address"</dt>
            <dd>{provider.address}</dd>
            <dt>"Key"</dt>
            <dd>{key}</dd>
            <dt>"At a time"</dt>
            <dd>{counted(u64::from(provider.concurrency), "call")}</dd>
        </dl>
        {error}
        {table}
    }
    .erase()
}

fn model_row(model: KnownModel) -> Erased {
    let price = model
        .price
        .map(|price| format!("{} in, {} out", dollars(price.input), dollars(price.output)));
    view! {
        <tr>
            <th scope="row">{model.name}</th>
            <td>{model.context_tokens.map(|tokens| format!("{tokens} tokens"))}</td>
            <td>{price}</td>
            <td>{model.shutdown}</td>
        </tr>
    }
    .erase()
}
