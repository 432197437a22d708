//! A summary's body and its checked claims put together: what the page, the exports and the terminal show.

use serde::{Deserialize, Serialize};

use crate::{
    citations::{Block, Draft, blocks},
    summary::Claim,
};

/// A part of a summary as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// A heading.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its words; inline Markdown is kept.
        text: String,
    },
    /// A paragraph: one or more claims.
    Paragraph(Vec<Claim>),
    /// A list item: one or more claims.
    Item(Vec<Claim>),
}

/// Puts stored claims into the structure of the body they were read from. Where they do not belong together (the body
/// was read by another version of this program), nothing is lost: all claims follow as one list.
#[must_use]
pub fn layout(body: &str, claims: &[Claim]) -> Vec<Section> {
    let mut rest = claims;
    let mut sections = Vec::new();
    for block in blocks(body, false) {
        let section = match block {
            Block::Heading { level, text } => Some(Section::Heading { level, text }),
            Block::Paragraph(drafts) => take(&mut rest, &drafts).map(Section::Paragraph),
            Block::Item(drafts) => take(&mut rest, &drafts).map(Section::Item),
        };
        match section {
            Some(section) => sections.push(section),
            None => return list(claims),
        }
    }
    if rest.is_empty() { sections } else { list(claims) }
}

/// The claims of a block; `None` where the next ones are others.
fn take(rest: &mut &[Claim], drafts: &[Draft]) -> Option<Vec<Claim>> {
    let (own, after) = rest.split_at_checked(drafts.len())?;
    *rest = after;
    let fits = own.iter().zip(drafts).all(|(claim, draft)| claim.text == draft.text);
    fits.then(|| own.to_vec())
}

fn list(claims: &[Claim]) -> Vec<Section> {
    claims.iter().map(|claim| Section::Item(vec![claim.clone()])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summary::Verdict;

    const BODY: &str = "# Title\n\nOne [1 \"a b\"]. Two [2].\n\n- Three [3]\n- Four";

    fn claims(texts: &[&str]) -> Vec<Claim> {
        let claim = |text: &&str| Claim {
            text: (*text).to_owned(),
            verdict: Verdict::NotFound,
            detail: None,
            citations: Vec::new(),
        };
        texts.iter().map(claim).collect()
    }

    #[test]
    fn follows_the_body() {
        let all = claims(&["One.", "Two.", "Three", "Four"]);
        assert_eq!(
            layout(BODY, &all),
            [
                Section::Heading {
                    level: 1,
                    text: "Title".to_owned()
                },
                Section::Paragraph(all[..2].to_vec()),
                Section::Item(all[2..3].to_vec()),
                Section::Item(all[3..].to_vec()),
            ]
        );
    }

    #[test]
    fn loses_no_claim_where_they_do_not_fit() {
        for texts in [
            &["One.", "Two."][..],
            &["One.", "Two.", "Three", "Four", "Five"],
            &["One.", "Two.", "Other", "Four"],
            &[],
        ] {
            let claims = claims(texts);
            let shown = layout(BODY, &claims);
            assert_eq!(shown.len(), claims.len());
            assert!(
                shown
                    .iter()
                    .all(|section| matches!(section, Section::Item(own) if own.len() == 1))
            );
        }
    }
}
