//! Sends what a plain form would send, in the background.

use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

use crate::server_functions::PageError;

/// Posts an id to a server function; the text it returns, where it returns one.
pub(crate) async fn send(address: &str, id: &str) -> Result<Option<String>, PageError> {
    let (ok, body) = exchange(address, &[("id", id)])
        .await
        .map_err(|error| PageError::Transport(format!("{error:?}")))?;
    let unreadable = |error: serde_json::Error| PageError::Transport(error.to_string());
    if ok {
        serde_json::from_str(&body).map_err(unreadable)
    } else {
        Err(serde_json::from_str(&body).unwrap_or_else(unreadable))
    }
}

/// Posts a form's fields; whether they were taken.
pub(crate) async fn is_taken(address: &str, fields: &[(&str, &str)]) -> bool {
    matches!(exchange(address, fields).await, Ok((true, _)))
}

/// The text at an address of ours; `None` where there is none.
pub(crate) async fn text_at(address: &str) -> Option<String> {
    let response = JsFuture::from(window().fetch_with_str(address)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

async fn exchange(address: &str, fields: &[(&str, &str)]) -> Result<(bool, String), JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", "application/x-www-form-urlencoded")?;
    headers.set("accept", "application/json")?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    let encoded: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", String::from(js_sys::encode_uri_component(value))))
        .collect();
    request.set_body(&JsValue::from_str(&encoded.join("&")));
    let response = JsFuture::from(window().fetch_with_str_and_init(address, &request)).await?;
    let response: Response = response.dyn_into()?;
    let body = JsFuture::from(response.text()?).await?;
    Ok((response.ok(), body.as_string().unwrap_or_default()))
}
