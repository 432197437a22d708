//! What browsers are told to allow: the Content-Security-Policy of pages and of everything else, and the other headers.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// The policy of a page whose inline scripts carry `nonce`. Nothing is allowed but what is named, each with its reason.
pub fn of_page(nonce: &str) -> String {
    [
        "default-src 'none'",
        // Our scripts carry the nonce; what they import is trusted through them; wasm has to be compiled.
        &format!("script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'"),
        // One stylesheet of ours; no style attributes anywhere.
        "style-src 'self'",
        // Thumbnails come through us; icons are inline SVG elements.
        "img-src 'self'",
        "font-src 'self'",
        // Server functions, events, the wasm itself.
        "connect-src 'self'",
        // The player, on click only.
        "frame-src https://www.youtube-nocookie.com",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    .join("; ")
}

/// The policy of everything that is no page.
const OF_THE_REST: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Adds the headers that every answer has; a page has set its own policy already.
pub fn add_headers(headers: &mut HeaderMap, over_tls: bool) {
    let mut default = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    default(header::CONTENT_SECURITY_POLICY, OF_THE_REST);
    // What we call text is not to be taken for a script.
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // YouTube's player refuses to play for pages that send no referrer at all.
    default(header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    // Pages that open ours, or that ours opens, get no hold of its window.
    default(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    // Other sites can't load our pictures and data, not even to measure them.
    default(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    // Nothing here needs them, so nothing that is embedded here gets them.
    default(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    );
    // Answers are somebody's private reading; static files have said otherwise already.
    default(header::CACHE_CONTROL, "no-store");
    // For two years browsers come over TLS only. Without TLS it would mean nothing.
    if over_tls {
        default(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
}
