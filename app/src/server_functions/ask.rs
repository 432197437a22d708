//! What a page needs, and how that is written in an address.

use std::{fmt, str::FromStr};

use domain::library::Sort;

use super::PageError;

/// What a page needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The home page's data.
    Home,
    /// The page of a run and summary, by its id.
    Run(String),
    /// A page of the library, from 1: all, or those with a tag.
    Library(u32, Sort, Option<String>),
    /// The summaries of a video.
    Versions(String),
    /// Two summaries side by side.
    Compare(String, String),
    /// A page of what is found, from 1, and what was typed.
    Search(u32, String),
    /// What is found in one video, by its id, and what was typed.
    SearchIn(String, String),
    /// The videos of the list at this address of ours; whether YouTube is asked even where it was a moment ago.
    List(bool, String),
    /// What is being worked on.
    Activity,
    /// What this browser remembers about looks and keys.
    Preferences,
    /// How YouTube treats this server.
    YouTube,
    /// Who may come in.
    Access,
    /// The form of the settings page at this address.
    Settings(String),
    /// The providers of models, and what was spent today.
    Models,
    /// The models that can be chosen, where nobody may have to wait for them.
    Choices,
    /// The prompts that people wrote.
    Prompts,
    /// The questions to a video, by its id.
    Questions(String),
    /// The questions of a conversation with the library, by its id; empty for a new one.
    Conversation(String),
    /// A question, by its id.
    Question(String),
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Home => f.write_str("home"),
            Self::Run(id) => write!(f, "run/{id}"),
            Self::Library(page, sort, tag) => {
                write!(f, "library/{page}/{}/{}", sort.as_str(), tag.as_deref().unwrap_or(""))
            }
            Self::Versions(video) => write!(f, "versions/{video}"),
            Self::Compare(one, other) => write!(f, "compare/{one}/{other}"),
            Self::Search(page, typed) => write!(f, "search/{page}/{typed}"),
            Self::SearchIn(video, typed) => write!(f, "search-in/{video}/{typed}"),
            Self::List(again, path) => write!(f, "{}{path}", if *again { "list-again" } else { "list" }),
            Self::Activity => f.write_str("activity"),
            Self::Preferences => f.write_str("preferences"),
            Self::YouTube => f.write_str("youtube"),
            Self::Access => f.write_str("access"),
            Self::Settings(path) => write!(f, "form{path}"),
            Self::Models => f.write_str("models"),
            Self::Choices => f.write_str("choices"),
            Self::Prompts => f.write_str("prompts"),
            Self::Questions(video) => write!(f, "questions/{video}"),
            Self::Conversation(thread) => write!(f, "conversation/{thread}"),
            Self::Question(id) => write!(f, "question/{id}"),
        }
    }
}

impl FromStr for Ask {
    type Err = PageError;

    fn from_str(text: &str) -> Result<Self, PageError> {
        Ok(match text.split_once('/') {
            None if text == "home" => Self::Home,
            None if text == "activity" => Self::Activity,
            None if text == "preferences" => Self::Preferences,
            None if text == "youtube" => Self::YouTube,
            None if text == "access" => Self::Access,
            None if text == "models" => Self::Models,
            None if text == "choices" => Self::Choices,
            None if text == "prompts" => Self::Prompts,
            Some(("form", path)) => Self::Settings(format!("/{path}")),
            Some(("run", id)) => Self::Run(id.to_owned()),
            Some(("questions", video)) => Self::Questions(video.to_owned()),
            Some(("conversation", thread)) => Self::Conversation(thread.to_owned()),
            Some(("question", id)) => Self::Question(id.to_owned()),
            Some(("library", rest)) => {
                let (page, rest) = rest.split_once('/').ok_or(PageError::NotFound)?;
                let (sort, tag) = rest.split_once('/').ok_or(PageError::NotFound)?;
                let tag = Some(tag.to_owned()).filter(|tag| !tag.is_empty());
                Self::Library(number(page)?, Sort::from_name(sort), tag)
            }
            Some(("versions", video)) => Self::Versions(video.to_owned()),
            Some(("compare", rest)) => {
                let (one, other) = rest.split_once('/').ok_or(PageError::NotFound)?;
                Self::Compare(one.to_owned(), other.to_owned())
            }
            Some(("list", path)) => Self::List(false, format!("/{path}")),
            Some(("list-again", path)) => Self::List(true, format!("/{path}")),
            Some(("search", rest)) => {
                let (page, typed) = rest.split_once('/').ok_or(PageError::NotFound)?;
                Self::Search(number(page)?, typed.to_owned())
            }
            Some(("search-in", rest)) => {
                let (video, typed) = rest.split_once('/').ok_or(PageError::NotFound)?;
                Self::SearchIn(video.to_owned(), typed.to_owned())
            }
            _ => return Err(PageError::NotFound),
        })
    }
}

fn number(text: &str) -> Result<u32, PageError> {
    text.parse().map_err(|_| PageError::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_survives_the_way() {
        for ask in [
            Ask::Home,
            Ask::Models,
            Ask::Choices,
            Ask::Run("a/b".to_owned()),
            Ask::Library(3, Sort::Newest, None),
            Ask::Library(3, Sort::Title, Some("a/b tag".to_owned())),
            Ask::List(true, "/channels/@x".to_owned()),
            Ask::Search(2, "a/b \"c d\" -e".to_owned()),
            Ask::SearchIn("upload-1".to_owned(), "a/b c".to_owned()),
            Ask::Activity,
            Ask::Preferences,
            Ask::YouTube,
            Ask::Questions("upload-1".to_owned()),
            Ask::Conversation(String::new()),
            Ask::Question("x".to_owned()),
        ] {
            assert_eq!(ask.to_string().parse(), Ok(ask));
        }
        for bad in [
            "",
            "home/",
            "library/x",
            "library/-1",
            "search/a",
            "search/x/a",
            "search-in/a",
            "else",
        ] {
            assert_eq!(bad.parse::<Ask>(), Err(PageError::NotFound), "{bad}");
        }
    }
}
