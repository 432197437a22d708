//! What `/settings/access` shows: devices, tokens, the trail. Made by the server and handed to the page as HTML, so that
//! browsers download no code for it: it is plain forms.

use backend::access::{AccessPage, AuditLine, DeviceLine, TokenLine};
use leptos::prelude::*;

use crate::{
    erased::{Erase, Erased},
    settings_view::{SettingsForm, form_view},
    times::{date, iso, time_of_day},
};

/// Where the forms go.
const ACTION: &str = "/settings/access";

/// A token that was just made; this is the only time that it is shown.
#[derive(Clone)]
pub struct NewToken {
    /// What the owner calls it.
    pub name: String,
    /// The token.
    pub token: String,
}

/// The page below its heading.
pub(crate) fn html(page: AccessPage, made: Option<NewToken>, login: Option<SettingsForm>) -> String {
    Owner::new().with(|| everything(page, made, login).to_html())
}

fn everything(page: AccessPage, made: Option<NewToken>, login: Option<SettingsForm>) -> Erased {
    let AccessPage {
        is_locked,
        devices,
        tokens,
        trail,
    } = page;
    let trail = trail_view(trail);
    let login = login.map(|form| {
        let form = form_view(form);
        view! {
            <h2>"Login"</h2>
            {form}
        }
        .erase()
    });
    if !is_locked {
        return view! {
            <p>"There is no login: whoever reaches this server can use it."</p>
            {login}
            {trail}
        }
        .erase();
    }
    view! { {devices_view(devices)} {login} {tokens_view(tokens, made)} {trail} }.erase()
}

fn devices_view(devices: Vec<DeviceLine>) -> Erased {
    let rows: Vec<Erased> = devices.into_iter().map(device_row).collect();
    view! {
        <h2>"Devices"</h2>
        <div class="table">
            <table>
                <caption class="visually-hidden">"Devices that are signed in"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Device"</th>
                        <th scope="col">"From"</th>
                        <th scope="col">"Signed in"</th>
                        <th scope="col">"Last seen"</th>
                        <td></td>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <form class="inline" method="post" action=ACTION>
            <input r#type="hidden" name="do" value="end_all" />
            <button class="button danger">"Sign out everywhere"</button>
        </form>
        <p class="quiet small">
            "A device that is not used for 14 days is signed out, and every device after 30. A new login code signs out all."
        </p>
    }
    .erase()
}

fn device_row(device: DeviceLine) -> Erased {
    let button = if device.is_this {
        view! {
            <form class="inline" method="post" action="/logout">
                <button class="button small">"Sign out"</button>
            </form>
        }
        .erase()
    } else {
        let label = format!("End the session of {}", device.name);
        view! {
            <form class="inline" method="post" action=ACTION>
                <input r#type="hidden" name="do" value="end" />
                <input r#type="hidden" name="id" value=device.number.to_string() />
                <button class="button small" aria-label=label>
                    "End"
                </button>
            </form>
        }
        .erase()
    };
    let this = device.is_this.then(|| view! { <b>" · this device"</b> }.erase());
    view! {
        <tr>
            <th scope="row">{device.name} {this}</th>
            <td>{device.address}</td>
            <td>{when(device.since)}</td>
            <td>{when(device.last_seen)}</td>
            <td>{button}</td>
        </tr>
    }
    .erase()
}

fn tokens_view(tokens: Vec<TokenLine>, made: Option<NewToken>) -> Erased {
    let made = made.map(|made| {
        view! {
            <div class="notice" role="status">
                <p>
                    "The token “" {made.name} "”. Copy it now: it is not shown again."
                </p>
                <p>
                    <code class="token">{made.token}</code>
                </p>
            </div>
        }
        .erase()
    });
    let list = (!tokens.is_empty()).then(|| {
        let rows: Vec<Erased> = tokens.into_iter().map(token_row).collect();
        view! {
            <div class="table">
                <table>
                    <caption class="visually-hidden">"Tokens"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Token"</th>
                            <th scope="col">"May"</th>
                            <th scope="col">"Ends"</th>
                            <th scope="col">"Last used"</th>
                            <td></td>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .erase()
    });
    view! {
        <h2>"API tokens"</h2>
        <p class="quiet small">
            "For scripts: they send " <code>"Authorization: Bearer …"</code> " to /api/v1. Tokens open nothing else."
        </p>
        {made}
        {list}
        <form class="settings" method="post" action=ACTION>
            <input r#type="hidden" name="do" value="create" />
            <label>
                "Name" <input r#type="text" name="name" maxlength="60" required autocomplete="off" />
            </label>
            <fieldset>
                <legend>"May"</legend>
                <label class="choice">
                    <input r#type="radio" name="scope" value="read" checked />
                    "Only look"
                </label>
                <label class="choice">
                    <input r#type="radio" name="scope" value="full" />
                    "Also summarise and delete"
                </label>
            </fieldset>
            <label>
                "Ends"
                <select name="days">
                    <option value="30">"In 30 days"</option>
                    <option value="90" selected>
                        "In 90 days"
                    </option>
                    <option value="365">"In a year"</option>
                    <option value="0">"Never"</option>
                </select>
            </label>
            <p class="ways">
                <button class="button">"Make a token"</button>
            </p>
        </form>
    }
    .erase()
}

fn token_row(token: TokenLine) -> Erased {
    let ends = match (token.expires, token.has_expired) {
        (None, _) => view! { <span>"never"</span> }.erase(),
        (Some(_), true) => view! { <b>"has ended"</b> }.erase(),
        (Some(end), false) => when(end),
    };
    let used = match token.last_used {
        Some(used) => when(used),
        None => view! { <span>"never"</span> }.erase(),
    };
    let label = format!("Revoke {}", token.name);
    view! {
        <tr>
            <th scope="row">{token.name}</th>
            <td>{if token.read_only { "only look" } else { "everything" }}</td>
            <td>{ends}</td>
            <td>{used}</td>
            <td>
                <form class="inline" method="post" action=ACTION>
                    <input r#type="hidden" name="do" value="revoke" />
                    <input r#type="hidden" name="id" value=token.id.to_string() />
                    <button class="button small" aria-label=label>
                        "Revoke"
                    </button>
                </form>
            </td>
        </tr>
    }
    .erase()
}

fn trail_view(trail: Vec<AuditLine>) -> Erased {
    if trail.is_empty() {
        return view! {
            <h2>"What was done"</h2>
            <p class="quiet">"Nothing yet."</p>
        }
        .erase();
    }
    let rows: Vec<Erased> = trail.into_iter().map(trail_row).collect();
    view! {
        <h2>"What was done"</h2>
        <div class="table">
            <table>
                <caption class="visually-hidden">"What was done, newest first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"When"</th>
                        <th scope="col">"What"</th>
                        <th scope="col">"By"</th>
                        <th scope="col">"From"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .erase()
}

fn trail_row(line: AuditLine) -> Erased {
    let what = match (words(&line.kind), line.detail.is_empty()) {
        (words, true) => words.to_owned(),
        (words, false) => format!("{words}: {}", line.detail),
    };
    view! {
        <tr>
            <td>{when(line.at)}</td>
            <td>{what}</td>
            <td>{line.who}</td>
            <td>{line.address.unwrap_or_default()}</td>
        </tr>
    }
    .erase()
}

fn words(kind: &str) -> &str {
    match kind {
        "signed_in" => "Signed in",
        "sign_in_failed" => "Wrong code",
        "locked_out" => "Wrong code, locked out",
        "unlocked" => "Unlocked",
        "signed_out" => "Signed out",
        "signed_out_everywhere" => "Signed out everywhere",
        "device_ended" => "Device signed out",
        "token_created" => "Token made",
        "token_revoked" => "Token revoked",
        "summary_deleted" => "Summary deleted",
        "summary_restored" => "Summary restored",
        "question_deleted" => "Question deleted",
        "question_restored" => "Question restored",
        "settings_changed" => "Settings changed",
        other => other,
    }
}

fn when(unix: i64) -> Erased {
    view! { <time datetime=iso(unix)>{format!("{}, {}", date(unix), time_of_day(unix))}</time> }.erase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strangers_call_themselves_stays_text() {
        let line = AuditLine {
            at: 0,
            kind: "sign_in_failed".to_owned(),
            who: "<script>alert(1)</script>".to_owned(),
            address: Some("\"><img src=x>".to_owned()),
            detail: "<b onmouseover=alert(1)>".to_owned(),
        };
        let page = AccessPage {
            is_locked: true,
            trail: vec![line],
            ..AccessPage::default()
        };
        let html = html(page, None, None);
        for hostile in ["<script", "<img", "<b onmouseover"] {
            assert!(!html.contains(hostile), "{html}");
        }
        assert!(html.contains("&lt;script"));
    }
}
