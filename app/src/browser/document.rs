//! The document: scrolling, focus, looks, the clock.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventInit, HtmlElement, HtmlInputElement, ScrollIntoViewOptions, ScrollLogicalPosition};

use crate::preferences::Theme;

/// About as high as a line of text, in CSS pixels.
const LINE: f64 = 32.0;

/// Whether a click on a link is a plain one, which we take over; with a key held it opens a tab or a window.
pub(crate) fn is_plain_click(event: &web_sys::MouseEvent) -> bool {
    let plain = !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
    if plain {
        event.prevent_default();
    }
    plain
}

/// Shows a theme now; the cookie is the server's to write.
pub(crate) fn set_theme(theme: Theme) {
    if let Some(root) = document().document_element() {
        // Fails only for names that are not names.
        drop(match theme {
            Theme::Auto => root.remove_attribute("data-theme"),
            theme => root.set_attribute("data-theme", theme.as_str()),
        });
    }
}

/// Turns single keys on or off now.
pub(crate) fn set_keys(on: bool) {
    if let Some(root) = document().document_element() {
        drop(root.set_attribute("data-keys", if on { "on" } else { "off" }));
    }
}

/// Whether single keys are on.
pub(crate) fn keys_on() -> bool {
    document()
        .document_element()
        .and_then(|root| root.get_attribute("data-keys"))
        .is_none_or(|value| value != "off")
}

/// Whether the window has room for two columns (the same width as in layout.css).
pub(crate) fn is_wide() -> bool {
    matches("(min-width: 64rem)")
}

/// Scrolls an element into view, as little as needed.
pub(crate) fn reveal(id: &str) {
    scroll(id, ScrollLogicalPosition::Nearest);
}

/// Scrolls an element to the middle of the view.
pub(crate) fn bring(id: &str) {
    scroll(id, ScrollLogicalPosition::Center);
}

/// Scrolls the first element that a selector finds to the middle of the view.
pub(crate) fn bring_first(selector: &str) {
    if let Ok(Some(element)) = document().query_selector(selector) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Center);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Whether an element below a line ends outside the window, or under the bar at its lower edge, and has room above the line.
pub(crate) fn hangs_out(id: &str) -> bool {
    let Some(element) = document().get_element_by_id(id) else {
        return false;
    };
    let height = window()
        .inner_height()
        .ok()
        .and_then(|height| height.as_f64())
        .unwrap_or(f64::MAX);
    let bar = document().query_selector(".jumps").ok().flatten();
    let bar = bar.map_or(0.0, |bar| bar.get_bounding_client_rect().height());
    let place = element.get_bounding_client_rect();
    place.bottom() > height - bar && place.top() - place.height() > 2.0 * LINE
}

/// Focuses an element, where it is there and visible.
pub(crate) fn focus(id: &str) -> bool {
    let element = document()
        .get_element_by_id(id)
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    element.is_some_and(|element| element.focus().is_ok())
}

/// What stands in an input field.
pub(crate) fn typed(id: &str) -> Option<String> {
    let field = document().get_element_by_id(id)?.dyn_into::<HtmlInputElement>().ok()?;
    Some(field.value())
}

/// The claims of the version that is shown.
pub(crate) const CLAIMS: &str = ".version:not([inert]) .claim";
/// The rows of the page's lists.
pub(crate) const ROWS: &str = "main .rows > li";

/// Moves focus to the next or previous one of what a selector finds; its first link, button or field gets it. `false`
/// where there is none.
pub(crate) fn step(selector: &str, forward: bool) -> bool {
    let Ok(found) = document().query_selector_all(selector) else {
        return false;
    };
    let all: Vec<Element> = (0..found.length())
        .filter_map(|at| found.item(at)?.dyn_into().ok())
        .collect();
    let focused = document().active_element();
    let here = focused.and_then(|focused| all.iter().position(|one| one.contains(Some(&focused))));
    let next = match (here, forward) {
        (None, true) => Some(0),
        (None, false) => all.len().checked_sub(1),
        (Some(at), true) => Some(at + 1),
        (Some(at), false) => at.checked_sub(1),
    };
    if let Some(one) = next.and_then(|at| all.get(at)) {
        let target = one.query_selector("a, button").ok().flatten();
        let target = target.or_else(|| one.query_selector("input").ok().flatten());
        let target = target.unwrap_or_else(|| one.clone());
        if let Ok(target) = target.dyn_into::<HtmlElement>() {
            drop(target.focus());
        }
    }
    !all.is_empty()
}

/// Ticks the box of the row that has focus, or takes the tick away; `false` where there is none.
pub(crate) fn tick_row() -> bool {
    let row = document()
        .active_element()
        .and_then(|focused| focused.closest(ROWS).ok().flatten());
    let tick = row.and_then(|row| row.query_selector("input[type=checkbox]:enabled").ok().flatten());
    let tick = tick.and_then(|tick| tick.dyn_into::<HtmlElement>().ok());
    tick.inspect(HtmlElement::click).is_some()
}

/// Empties a search field in which something is typed, as some browsers do by themselves.
pub(crate) fn clear_search(field: &HtmlElement) -> bool {
    let field = field.dyn_ref::<HtmlInputElement>();
    let Some(field) = field.filter(|field| field.type_() == "search" && !field.value().is_empty()) else {
        return false;
    };
    field.set_value("");
    let init = EventInit::new();
    init.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict("input", &init) {
        drop(field.dispatch_event(&event));
    }
    true
}

/// Closes the menu or choice that is open, and gives its button the focus; `false` where none is.
pub(crate) fn close_details() -> bool {
    let open = document().query_selector(".confirm[open], .menu[open]").ok().flatten();
    let Some(open) = open else {
        return false;
    };
    drop(open.remove_attribute("open"));
    let button = open.query_selector("summary").ok().flatten();
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        drop(button.focus());
    }
    true
}

/// Opens what an element is folded away in; not every browser does so where a link leads to it.
pub(crate) fn unfold(id: &str) {
    let element = document().get_element_by_id(id);
    let around = element.and_then(|element| element.closest("details").ok().flatten());
    if let Some(around) = around {
        drop(around.set_attribute("open", ""));
    }
}

/// How far the page is scrolled down, in CSS pixels.
pub(crate) fn scrolled() -> f64 {
    window().scroll_y().unwrap_or(0.0)
}

/// Scrolls the page.
pub(crate) fn scroll_page(y: f64) {
    window().scroll_to_with_x_and_y(0.0, y);
}

/// Whether the tab is in front.
pub(crate) fn is_visible() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}

/// Whether some text is selected.
pub(crate) fn has_selection() -> bool {
    let selection = window().get_selection().ok().flatten();
    selection.is_some_and(|selection| !selection.is_collapsed())
}

/// Seconds since 1970, by this browser's clock.
pub(crate) fn now() -> f64 {
    js_sys::Date::now() / 1000.0
}

/// "14:20", by this browser's clock and time zone.
pub(crate) fn local_time(unix: i64) -> String {
    let date = js_sys::Date::new_0();
    // A time stamp of ours fits into a double by far.
    #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are small")]
    date.set_time(unix as f64 * 1000.0);
    format!("{}:{:02}", date.get_hours(), date.get_minutes())
}

/// Seconds by which this browser's time zone was, is or will be ahead of UTC at a moment.
pub(crate) fn zone_offset(unix: i64) -> i64 {
    let date = js_sys::Date::new_0();
    // A time stamp of ours fits into a double by far.
    #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are small")]
    date.set_time(unix as f64 * 1000.0);
    // Minutes, and UTC less the zone's time.
    #[expect(clippy::cast_possible_truncation, reason = "less than a day")]
    let behind = date.get_timezone_offset() as i64;
    -60 * behind
}

/// Opens a `<dialog>` over the page, or closes it where it is open.
pub(crate) fn toggle_dialog(id: &str) {
    let dialog = document()
        .get_element_by_id(id)
        .and_then(|element| element.dyn_into::<web_sys::HtmlDialogElement>().ok());
    if let Some(dialog) = dialog {
        if dialog.open() {
            dialog.close();
        } else {
            drop(dialog.show_modal());
        }
    }
}

fn scroll(id: &str, block: ScrollLogicalPosition) {
    if let Some(element) = document().get_element_by_id(id) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(block);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

fn matches(query: &str) -> bool {
    let list = window().match_media(query).ok().flatten();
    list.is_some_and(|list| list.matches())
}
