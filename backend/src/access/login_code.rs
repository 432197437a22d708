//! The login code: what is taken for one, and how one is compared. Kept as Argon2id, also in memory.

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash};
use unicode_normalization::UnicodeNormalization;

use crate::models::Secret;

/// Shorter codes are refused (ASVS 6.2.1).
pub const SHORTEST: usize = 8;
/// Shorter codes are warned about (NIST 800-63B-4).
pub const ADVISED: usize = 15;
/// Longer ones are not taken.
pub const LONGEST: usize = 256;

/// OWASP's least for Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// How a stored code begins.
const STORED: &str = "$argon2";

/// Codes that are tried first, beside those that [`is_plain`] finds; in lower case and without digits at the end.
const COMMON: &str = include_str!("common_codes.txt");

/// A code that can be compared.
#[derive(Clone)]
pub struct LoginCode {
    hash: String,
    identity: Secret,
}

impl std::fmt::Debug for LoginCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LoginCode(***)")
    }
}

/// Why a text is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginCodeError {
    /// Too short.
    #[error("has fewer than {SHORTEST} characters; {ADVISED} or more are advised, a few random words for instance")]
    Short,
    /// Too long.
    #[error("has more than {LONGEST} characters")]
    Long,
    /// Among the first that anybody would try.
    #[error("is among the first that anybody would try; a few random words are better, with or without spaces")]
    Common,
    /// Looks stored and is not.
    #[error("begins as a stored code does, but is none; `youtube-summarizer hash-code` makes one")]
    NotStored,
    /// Stored with too little work.
    #[error(
        "is stored with less than Argon2id at 19 MiB and 2 passes; `youtube-summarizer hash-code` makes a better one"
    )]
    Weak,
}

impl LoginCode {
    /// Takes a code as it was set: in clear, or as `hash-code` printed it. Slow for a code in clear: it is hashed.
    ///
    /// # Errors
    /// [`LoginCodeError`]
    pub fn new(set: &Secret) -> Result<Self, LoginCodeError> {
        let hash = if is_stored(set) {
            check_stored(set.expose())?;
            set.expose().to_owned()
        } else {
            store(set)?
        };
        Ok(Self {
            hash,
            identity: set.clone(),
        })
    }

    /// What tells this code from another: as it was set.
    pub(super) fn identity(&self) -> &str {
        self.identity.expose()
    }

    /// Compares, in a time that depends on neither. Takes 19 MiB and some 20 ms: not for the threads of a runtime.
    #[must_use]
    pub fn is(&self, typed: &Secret) -> bool {
        self.is_by(&argon2(), typed)
    }
}

impl LoginCode {
    /// Whatever is typed goes through the whole derivation once: no length, no character and no likeness is a way around it.
    fn is_by(&self, verifier: &impl PasswordVerifier<PasswordHash>, typed: &Secret) -> bool {
        PasswordHash::new(&self.hash).is_ok_and(|hash| {
            verifier
                .verify_password(normal(typed.expose()).as_bytes(), &hash)
                .is_ok()
        })
    }
}

/// The stored form of a code, for `LOGIN_CODE`.
///
/// # Errors
/// [`LoginCodeError`]
pub fn store(code: &Secret) -> Result<String, LoginCodeError> {
    check(code.expose())?;
    argon2()
        .hash_password(normal(code.expose()).as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|_| LoginCodeError::NotStored)
}

/// Whether it is the stored form of a code, or means to be.
#[must_use]
pub fn is_stored(set: &Secret) -> bool {
    set.expose().starts_with(STORED)
}

/// Whether a code is good but shorter than is advised.
#[must_use]
pub fn is_shorter_than_advised(set: &Secret) -> bool {
    !is_stored(set) && set.expose().chars().count() < ADVISED
}

fn argon2() -> Argon2<'static> {
    // These are the defaults, which can't be wrong.
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The same characters are the same, however a keyboard composes them.
fn normal(code: &str) -> String {
    code.nfkc().collect()
}

fn check(code: &str) -> Result<(), LoginCodeError> {
    let length = code.chars().count();
    if length < SHORTEST {
        Err(LoginCodeError::Short)
    } else if length > LONGEST {
        Err(LoginCodeError::Long)
    } else if is_plain(code) {
        Err(LoginCodeError::Common)
    } else {
        Ok(())
    }
}

fn check_stored(set: &str) -> Result<(), LoginCodeError> {
    let hash = PasswordHash::new(set).map_err(|_| LoginCodeError::NotStored)?;
    let params = Params::try_from(&hash).map_err(|_| LoginCodeError::NotStored)?;
    if hash.hash.is_none() || hash.salt.is_none() {
        return Err(LoginCodeError::NotStored);
    }
    if hash.algorithm != Algorithm::Argon2id.ident() || params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES {
        return Err(LoginCodeError::Weak);
    }
    Ok(())
}

/// Whether a code is common, a walk over the keyboard, a count, or a short piece again and again.
fn is_plain(code: &str) -> bool {
    let lower = code.to_lowercase();
    let word = lower.trim_end_matches(|c: char| !c.is_alphabetic());
    let squeezed: String = word
        .chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            other => other,
        })
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_' | '.'))
        .collect();
    let common = COMMON
        .lines()
        .any(|known| !known.is_empty() && (known == lower || known == word || known == squeezed));
    common || is_walk(&lower) || is_repeated(&lower)
}

fn is_walk(code: &str) -> bool {
    const ROWS: [&str; 6] = [
        "01234567890123456789",
        "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiopasdfghjklzxcvbnm",
        "qwertzuiopasdfghjklyxcvbnm",
        "azertyuiopqsdfghjklmwxcvbn",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    ];
    let backwards: String = code.chars().rev().collect();
    ROWS.iter().any(|row| row.contains(code) || row.contains(&backwards))
}

fn is_repeated(code: &str) -> bool {
    let characters: Vec<char> = code.chars().collect();
    (1..=4).any(|length| {
        characters
            .iter()
            .zip(characters.iter().skip(length))
            .all(|(a, b)| a == b)
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[test]
    fn weak_codes_are_refused() {
        for (code, error) in [
            ("", LoginCodeError::Short),
            ("hunter2", LoginCodeError::Short),
            ("password", LoginCodeError::Common),
            ("Passw0rd!", LoginCodeError::Common),
            ("password2026", LoginCodeError::Common),
            ("iloveyou", LoginCodeError::Common),
            ("12345678", LoginCodeError::Common),
            ("87654321", LoginCodeError::Common),
            ("qwertyuiop", LoginCodeError::Common),
            ("aaaaaaaaaaaa", LoginCodeError::Common),
            ("abcabcabcabc", LoginCodeError::Common),
            ("YouTube Summarizer", LoginCodeError::Common),
            ("your_login_code", LoginCodeError::Common),
        ] {
            assert_eq!(check(code), Err(error), "{code}");
        }
        assert_eq!(check(&"x1".repeat(129)), Err(LoginCodeError::Long));
    }

    /// Counts what is derived.
    struct Counting(std::cell::RefCell<Vec<(usize, String)>>);

    impl PasswordVerifier<PasswordHash> for Counting {
        fn verify_password(&self, typed: &[u8], hash: &PasswordHash) -> argon2::password_hash::Result<()> {
            self.0.borrow_mut().push((typed.len(), hash.to_string()));
            argon2().verify_password(typed, hash)
        }
    }

    /// A clock would only say how busy the machine is.
    #[test]
    fn the_same_work_is_done_whatever_is_typed() {
        let code = LoginCode::new(&secret("correct horse battery")).unwrap();
        let long = "x".repeat(LONGEST * 4);
        for typed in [
            "correct horse battery",
            "correct horse batterx",
            "correct horse batter",
            "",
            "\0",
            long.as_str(),
            code.hash.as_str(),
        ] {
            let counting = Counting(std::cell::RefCell::default());
            let is_right = code.is_by(&counting, &secret(typed));
            assert_eq!(is_right, typed == "correct horse battery");
            assert_eq!(
                counting.0.into_inner(),
                [(typed.len(), code.hash.clone())],
                "{typed:.30}"
            );
        }
    }

    #[test]
    fn any_characters_make_a_code() {
        for code in [
            "correct horse battery",
            "<&\"'> \\ %00",
            "пароль пароль моря",
            "🦊🦊🌲🌲🏔🏔🌊🌊x",
            "Tr0ub4dor&3xyz",
        ] {
            assert_eq!(check(code), Ok(()), "{code}");
            let code = LoginCode::new(&secret(code)).unwrap();
            assert!(code.is(&secret(code.identity())));
            assert!(!code.is(&secret("something else")));
            assert!(!format!("{code:?}").contains(code.identity()));
        }
    }

    #[test]
    fn composed_and_decomposed_are_the_same() {
        let code = LoginCode::new(&secret("Gr\u{fc}\u{df}e aus K\u{f6}ln")).unwrap();
        assert!(code.is(&secret("Gru\u{308}\u{df}e aus Ko\u{308}ln")));
    }

    #[test]
    fn a_stored_code_is_as_good_as_the_code() {
        let stored = store(&secret("correct horse battery")).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let code = LoginCode::new(&secret(&stored)).unwrap();
        assert!(code.is(&secret("correct horse battery")));
        assert!(!code.is(&secret(&stored)), "the stored form opens nothing");
    }

    #[test]
    fn a_stored_code_that_is_broken_or_cheap_is_refused() {
        let stored = store(&secret("correct horse battery")).unwrap();
        let cheap = stored.replace("m=19456", "m=4096");
        assert_eq!(LoginCode::new(&secret(&cheap)).unwrap_err(), LoginCodeError::Weak);
        for broken in ["$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ"] {
            assert_eq!(
                LoginCode::new(&secret(broken)).unwrap_err(),
                LoginCodeError::NotStored,
                "{broken}"
            );
        }
    }
}
