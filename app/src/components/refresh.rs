//! The page asks again by itself where there is no script.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What stands within `<noscript>`. It names the page without what follows `#`: a browser that is told to go to where it is,
/// with a `#`, only scrolls.
pub(crate) fn refresh_tag() -> String {
    let location = use_location();
    let (path, query) = (location.pathname.get_untracked(), location.search.get_untracked());
    tag(&path, query.trim_start_matches('?'))
}

fn tag(path: &str, query: &str) -> String {
    let query = match query {
        "" => String::new(),
        query => format!("?{query}"),
    };
    let address = format!("{path}{query}")
        .replace('&', "&amp;")
        .replace('"', "%22")
        .replace('<', "%3C");
    format!("<meta http-equiv=\"refresh\" content=\"4; url={address}\">")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stays_within_its_attribute() {
        assert_eq!(
            tag("/summaries/1", "asked=2&t=\"><script>"),
            "<meta http-equiv=\"refresh\" content=\"4; url=/summaries/1?asked=2&amp;t=%22>%3Cscript>\">"
        );
        assert_eq!(tag("/ask", ""), "<meta http-equiv=\"refresh\" content=\"4; url=/ask\">");
    }
}
