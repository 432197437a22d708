//! A page that could not be filled: what happened and the ways out.

use leptos::prelude::*;

use crate::{
    components::fault::ways_of_list,
    erased::{Erase, Erased},
    pages::not_found::NotFound,
    server_functions::PageError,
};

/// Says it, once, and offers to try again.
pub(crate) fn failure(error: &PageError) -> Erased {
    if *error == PageError::NotFound {
        return view! { <NotFound /> }.erase();
    }
    let ways = match error {
        PageError::Upstream(fault) => ways_of_list(&fault.kind),
        _ => Vec::new(),
    };
    view! {
        <div class="fault" role="alert">
            <p>
                <b>{error.to_string()}</b>
            </p>
            <p class="ways">
                <a class="button" href="" rel="external">
                    "Try again"
                </a>
                {ways}
            </p>
        </div>
    }
    .erase()
}
