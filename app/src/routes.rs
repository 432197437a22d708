//! Which address leads to which page, and what stands around all of them.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

use crate::{
    components::{
        help::Help,
        keys::Keys,
        toast::{Toaster, Toasts},
        top_bar::TopBar,
    },
    pages::{
        access::AccessPage, activity::ActivityPage, appearance::AppearancePage, ask::AskPage, compare::ComparePage,
        home::HomePage, library::LibraryPage, models::ModelsPage, not_found::NotFound, prompts::PromptsPage,
        summary::SummaryPage, video_list::VideoListPage, video_versions::VideoVersionsPage, youtube::YouTubePage,
    },
};

/// The application. Pages whose status or title depends on data are rendered whole before the first byte goes out.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(Toaster::default());
    view! {
        <Title formatter=|title: String| {
            let title = if title.is_empty() {
                "YouTube Summarizer".to_owned()
            } else {
                format!("{title} · YouTube Summarizer")
            };
            // leptos_meta writes it into the page as it is.
            if cfg!(feature = "ssr") { escaped(&title) } else { title }
        } />
        <Router>
            <TopBar />
            <main id="main" tabindex="-1">
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async />
                    // The server answers a submission that was not accepted whole with the home page, at this address.
                    <Route path=path!("/submit") view=HomePage ssr=SsrMode::Async />
                    <Route path=path!("/summaries/:id") view=SummaryPage ssr=SsrMode::Async />
                    <Route path=path!("/ask") view=AskPage ssr=SsrMode::Async />
                    // A question that was not taken is answered with this page, at this address.
                    <Route path=path!("/questions") view=AskPage ssr=SsrMode::Async />
                    <Route path=path!("/videos/:id/versions") view=VideoVersionsPage ssr=SsrMode::Async />
                    <Route path=path!("/compare") view=ComparePage ssr=SsrMode::Async />
                    <Route path=path!("/library") view=LibraryPage ssr=SsrMode::Async />
                    <Route path=path!("/playlists/:id") view=VideoListPage ssr=SsrMode::Async />
                    <Route path=path!("/channels/*id") view=VideoListPage ssr=SsrMode::Async />
                    <Route path=path!("/activity") view=ActivityPage ssr=SsrMode::Async />
                    <Route path=path!("/settings/appearance") view=AppearancePage ssr=SsrMode::Async />
                    <Route path=path!("/settings/access") view=AccessPage ssr=SsrMode::Async />
                    <Route path=path!("/settings/summaries") view=ModelsPage ssr=SsrMode::Async />
                    <Route path=path!("/settings/youtube") view=YouTubePage ssr=SsrMode::Async />
                    <Route path=path!("/settings/prompts") view=PromptsPage ssr=SsrMode::Async />
                </Routes>
            </main>
            <Toasts />
            <Help />
            <Keys />
        </Router>
    }
}

/// Text as it stands within an element.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_ends_no_element() {
        assert_eq!(
            escaped("a </title><script>alert(1)</script> & b"),
            "a &lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; b"
        );
    }
}
