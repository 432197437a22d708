//! Whether a server has cut the prompt without a word, as Ollama does with what does not fit into its window: it then
//! counts far fewer tokens than the prompt has.

use super::Prompt;

/// Shorter prompts fit everywhere, and estimates of them are rough.
pub(super) const LEAST: u64 = 1000;

/// No server has a smaller window: whatever counted less than this, it was not the prompt.
const SMALLEST_WINDOW: u64 = 512;

/// Where fewer than so many of a hundred estimated tokens were counted, the rest was not read.
const PERCENT: u64 = 70;

/// The window that the server must have, where its count says that it has cut the prompt.
pub(super) fn window(prompt: &Prompt, counted: Option<u64>) -> Option<u32> {
    let counted = counted.filter(|counted| *counted >= SMALLEST_WINDOW)?;
    let estimate = estimate(prompt);
    if estimate < LEAST || counted.saturating_mul(100) >= estimate.saturating_mul(PERCENT) {
        return None;
    }
    u32::try_from(counted).ok()
}

/// Tokens of a prompt, rather too few than too many, unlike the estimate that prompts are planned by: a false alarm
/// here would cut texts into parts that fit whole.
pub(super) fn estimate(prompt: &Prompt) -> u64 {
    estimate_of(&prompt.system) + estimate_of(&prompt.user)
}

/// Tokens of a text, likewise.
pub(super) fn estimate_of(text: &str) -> u64 {
    // In hundredths of a token. Vocabularies of late take some 4.6 Latin letters for one token, four letters of other
    // alphabets, and two Chinese or Japanese signs or Korean syllables.
    let hundredths: u64 = text
        .chars()
        .map(|c| match c {
            '\0'..='\u{24f}' | '\u{2010}'..='\u{203a}' => 21,
            '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'.. => 50,
            _ => 25,
        })
        .sum();
    hundredths / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt(letters: usize) -> Prompt {
        Prompt {
            system: String::new(),
            user: "a".repeat(letters),
            max_tokens: 1,
        }
    }

    #[test]
    fn only_a_count_far_below_the_estimate_tells() {
        let long = prompt(100_000);
        assert_eq!(estimate(&long), 21_000);
        assert_eq!(window(&long, Some(4096)), Some(4096));
        assert_eq!(window(&long, Some(14_700)), None);
        assert_eq!(window(&long, Some(14_699)), Some(14_699));
        assert_eq!(window(&long, Some(30_000)), None);
        // Who does not count, or counts next to nothing, tells nothing.
        assert_eq!(window(&long, None), None);
        assert_eq!(window(&long, Some(0)), None);
        assert_eq!(window(&long, Some(31)), None);
        assert_eq!(window(&long, Some(512)), Some(512));
        assert_eq!(window(&prompt(4000), Some(10)), None);
    }
}
