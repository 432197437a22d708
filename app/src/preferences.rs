//! What a browser remembers about looks and keys, in cookies: the server reads them to write the first byte right.

use serde::{Deserialize, Serialize};

/// The theme's cookie.
pub(crate) const THEME_COOKIE: &str = "theme";
/// The keys' cookie.
pub(crate) const KEYS_COOKIE: &str = "keys";

/// Light, dark, or as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system says.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// The name it is kept under.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads a name; whatever is not one means [`Theme::Auto`].
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }
}

/// Whether browsers come over TLS: what they keep for us is then sent over nothing else.
#[cfg(feature = "ssr")]
#[derive(Clone, Copy, Debug)]
pub struct OverTls(pub bool);

/// What a browser remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// Its theme.
    pub theme: Theme,
    /// Whether single keys do things.
    pub keys: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            theme: Theme::Auto,
            keys: true,
        }
    }
}

impl Preferences {
    /// Reads the value of a `Cookie` header; where it says nothing of a theme, it is `theme`.
    #[must_use]
    pub fn from_cookies(header: &str, theme: Theme) -> Self {
        let mut preferences = Self { theme, keys: true };
        for (name, value) in header.split(';').filter_map(|pair| pair.trim().split_once('=')) {
            match name {
                THEME_COOKIE => preferences.theme = Theme::from_name(value),
                KEYS_COOKIE => preferences.keys = value != "off",
                _ => {}
            }
        }
        preferences
    }

    /// What the request that is being answered says.
    #[cfg(feature = "ssr")]
    pub(crate) fn of_request() -> Self {
        let parts = leptos::prelude::use_context::<http::request::Parts>();
        let theme = leptos::prelude::use_context::<Theme>().unwrap_or_default();
        parts.map_or(Self { theme, keys: true }, |parts| {
            let cookies: Vec<&str> = parts
                .headers
                .get_all(http::header::COOKIE)
                .iter()
                .filter_map(|value| value.to_str().ok())
                .collect();
            Self::from_cookies(&cookies.join("; "), theme)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_read_among_others() {
        let read = Preferences::from_cookies("session=x; theme=dark;keys=off", Theme::Light);
        assert_eq!(read.theme, Theme::Dark);
        assert!(!read.keys);
    }

    #[test]
    fn the_owner_chooses_for_who_has_chosen_nothing() {
        assert_eq!(Preferences::from_cookies("keys=off", Theme::Dark).theme, Theme::Dark);
        assert_eq!(Preferences::from_cookies("theme=auto", Theme::Dark).theme, Theme::Auto);
    }

    #[test]
    fn nonsense_means_the_default() {
        assert_eq!(
            Preferences::from_cookies("theme=\"><script>; keys", Theme::Auto),
            Preferences::default()
        );
    }
}
