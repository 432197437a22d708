//! The envelope of YouTube's own API: which client asks, for what, and what became of it. No key, no cookie jar.

use serde_json::{Map, Value, json};

use super::{
    ClientProfile, clients,
    error::YouTubeError,
    fetch::{Deadline, Fetch, is_captcha},
};

/// Where the API lies.
const HOST: &str = "www.youtube.com";
/// At most so many bytes of an answer are read.
const CAP: usize = 5 * 1024 * 1024;

/// Asks `endpoint` (`player`, `next`) as `client` for a video.
pub(super) async fn ask(
    fetch: &Fetch,
    client: &ClientProfile,
    endpoint: &str,
    video_id: &str,
    deadline: &Deadline,
) -> Result<Value, YouTubeError> {
    let fields = json!({"videoId": video_id, "contentCheckOk": true, "racyCheckOk": true});
    call(fetch, client, endpoint, fields, deadline).await
}

/// Posts `fields` to `endpoint` as `client`.
pub(super) async fn call(
    fetch: &Fetch,
    client: &ClientProfile,
    endpoint: &str,
    fields: Value,
    deadline: &Deadline,
) -> Result<Value, YouTubeError> {
    let mut url = fetch.address(HOST, &format!("/youtubei/v1/{endpoint}"))?;
    url.set_query(Some("prettyPrint=false"));
    let visitor = fetch.visitors.of(client);
    let mut request = fetch
        .http
        .post(url)
        .header("User-Agent", &client.user_agent)
        .header("Accept-Language", "en-US")
        .json(&envelope(client, visitor.as_deref(), fields));
    if let Some(visitor) = &visitor {
        request = request.header("X-Goog-Visitor-Id", visitor);
    }
    if clients::is_web(client) {
        // The cookie is the answer to the consent page. X-YouTube-Client-* is left out: with a stale version it means HTTP 400.
        request = request
            .header("Origin", "https://www.youtube.com")
            .header("Cookie", "SOCS=CAI");
    }
    let body = match fetch.body(request, CAP, deadline).await {
        Err(YouTubeError::UpstreamFailed { status: Some(400), .. }) => {
            tracing::warn!(client = %client.name, version = %client.version, endpoint, "YouTube rejects this client");
            return Err(YouTubeError::ClientRejected);
        }
        other => other?,
    };
    let answer = serde_json::from_slice(&body).map_err(|_| {
        if is_captcha(&body) {
            YouTubeError::IpBlocked { retry_after: None }
        } else {
            YouTubeError::unparsable(endpoint)
        }
    });
    let answer = fetch.with_sample(answer, &body).await?;
    fetch.visitors.learn(client, &answer);
    Ok(answer)
}

fn envelope(client: &ClientProfile, visitor: Option<&str>, mut fields: Value) -> Value {
    let mut about: Map<String, Value> = Map::new();
    about.insert("gl".to_owned(), json!("US"));
    about.insert("timeZone".to_owned(), json!("UTC"));
    about.insert("utcOffsetMinutes".to_owned(), json!(0));
    about.extend(client.extra.clone());
    about.insert("clientName".to_owned(), json!(client.name));
    about.insert("clientVersion".to_owned(), json!(client.version));
    // English, so that the reasons of refusals can be told apart.
    about.insert("hl".to_owned(), json!("en"));
    if let Some(visitor) = visitor {
        about.insert("visitorData".to_owned(), json!(visitor));
    }
    let mut context = json!({
        "client": about,
        "request": {"internalExperimentFlags": [], "useSsl": true},
        "user": {"lockedSafetyMode": false},
    });
    if clients::is_embedded(client) {
        context["thirdParty"] = json!({"embedUrl": "https://www.example.org/"});
    }
    fields["context"] = context;
    fields
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn the_envelope_names_the_client_and_forces_english() {
        let client = ClientProfile {
            name: "WEB_EMBEDDED_PLAYER".to_owned(),
            version: "2.1".to_owned(),
            user_agent: String::new(),
            extra: json!({"hl": "de", "gl": "CH", "osName": "X", "clientName": "other"})
                .as_object()
                .unwrap()
                .clone(),
        };
        let sent = envelope(&client, Some("guest"), json!({"videoId": "jNQXAC9IVRw"}));
        let about = &sent["context"]["client"];
        assert_eq!(
            *about,
            json!({"clientName": "WEB_EMBEDDED_PLAYER", "clientVersion": "2.1", "hl": "en", "gl": "CH", "osName": "X",
                "timeZone": "UTC", "utcOffsetMinutes": 0, "visitorData": "guest"})
        );
        assert!(sent["context"]["thirdParty"]["embedUrl"].is_string());
        assert_eq!(sent["videoId"], "jNQXAC9IVRw");
    }
}
