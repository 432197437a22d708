//! Views behind one type, so that what handles views is compiled once instead of once for each of them.
//!
//! On the server this is Leptos' own [`AnyView`]. In the browser its price is too high: it compiles an asynchronous
//! hydration for every view, which only lazily loaded routes need, and makes every attribute a shared one. There
//! [`browser::Erased`] takes its place, which hydrates the same HTML.
//!
//! [`AnyView`]: leptos::prelude::AnyView

use leptos::prelude::RenderHtml;

#[cfg(not(feature = "ssr"))]
mod browser;

/// A view whose type nobody needs to know.
#[cfg(feature = "ssr")]
pub(crate) type Erased = leptos::prelude::AnyView;
#[cfg(not(feature = "ssr"))]
pub(crate) use browser::Erased;

/// Forgets a view's type.
pub(crate) trait Erase {
    /// The view behind [`Erased`]. Attributes can't be spread onto it any more.
    fn erase(self) -> Erased;
}

impl<T: RenderHtml + 'static> Erase for T {
    fn erase(self) -> Erased {
        // Both erasures hydrate the same HTML only for views that leave something in it.
        const { assert!(T::EXISTS, "a view that is nothing can't be erased") };
        #[cfg(feature = "ssr")]
        return leptos::prelude::IntoAny::into_any(self);
        #[cfg(not(feature = "ssr"))]
        Erased::new(self)
    }
}
