//! `SESSION_SECRET_KEY`: where it comes from, and the keys that are made from it.
//!
//! Sessions need no signature, their ids are random. The key makes marks (of the login code) and encrypts what is kept of others'
//! keys, so that the database alone is worth nothing.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use rand::RngCore;
use ring::{aead, hkdf, hmac};

use crate::models::Secret;

/// Below this many characters a key is not taken.
pub const SHORTEST: usize = 32;

const FILE: &str = "secret.key";

/// The key.
#[derive(Clone)]
pub struct SecretKey(hkdf::Prk);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl SecretKey {
    /// Takes a text of at least [`SHORTEST`] characters.
    #[must_use]
    pub fn new(text: &Secret) -> Self {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"youtube-summarizer");
        Self(salt.extract(text.expose().as_bytes()))
    }

    /// The key in a folder for files; where there is none it is made, for our eyes only.
    ///
    /// # Errors
    /// Where it can't be read or written, or is too short to be one.
    pub fn of_folder(folder: &Path) -> io::Result<Self> {
        let path = folder.join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut bytes = [0; 48];
                rand::rng().fill_bytes(&mut bytes);
                let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes);
                write_for_us(&path, &text)?;
                text
            }
            Err(error) => return Err(error),
        };
        if text.trim().len() < SHORTEST {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{} is damaged: it is too short to be a key", path.display()),
            ));
        }
        Ok(Self::new(&Secret::new(text.trim().to_owned())))
    }

    /// The key in a folder for files, where there is one.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Option<Self> {
        let text = fs::read_to_string(folder.join(FILE)).ok()?;
        (text.trim().len() >= SHORTEST).then(|| Self::new(&Secret::new(text.trim().to_owned())))
    }

    /// A mark of `bytes` that nobody without the key can make or check.
    #[must_use]
    pub fn mark(&self, purpose: &str, bytes: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.derive(purpose));
        hex(hmac::sign(&key, bytes).as_ref())
    }

    /// Encrypts `text` for the place `name`: what is moved to another place can't be read there. ChaCha20-Poly1305 under a random nonce.
    ///
    /// # Errors
    /// [`Unreadable`], which does not happen for texts of less than 2^38 bytes.
    pub fn seal(&self, name: &str, text: &str) -> Result<Vec<u8>, Unreadable> {
        let mut nonce = [0; aead::NONCE_LEN];
        rand::rng().fill_bytes(&mut nonce);
        let mut sealed = text.as_bytes().to_vec();
        self.box_key()?
            .seal_in_place_append_tag(
                aead::Nonce::assume_unique_for_key(nonce),
                aead::Aad::from(name.as_bytes()),
                &mut sealed,
            )
            .map_err(|_| Unreadable)?;
        let mut whole = nonce.to_vec();
        whole.append(&mut sealed);
        Ok(whole)
    }

    /// Decrypts what [`seal`](Self::seal) made.
    ///
    /// # Errors
    /// [`Unreadable`] where another key made it, for another place, or it is damaged.
    pub fn open(&self, name: &str, sealed: &[u8]) -> Result<Secret, Unreadable> {
        let (nonce, rest) = sealed.split_at_checked(aead::NONCE_LEN).ok_or(Unreadable)?;
        let nonce = aead::Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unreadable)?;
        let mut rest = rest.to_vec();
        let text = self
            .box_key()?
            .open_in_place(nonce, aead::Aad::from(name.as_bytes()), &mut rest)
            .map_err(|_| Unreadable)?;
        String::from_utf8(text.to_vec())
            .map(Secret::new)
            .map_err(|_| Unreadable)
    }

    fn box_key(&self) -> Result<aead::LessSafeKey, Unreadable> {
        let key = aead::UnboundKey::new(&aead::CHACHA20_POLY1305, &self.derive("settings")).map_err(|_| Unreadable)?;
        Ok(aead::LessSafeKey::new(key))
    }

    fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut key = [0; 32];
        // It fails only for lengths that are none of ours.
        let info = [purpose.as_bytes()];
        if let Ok(okm) = self.0.expand(&info, hkdf::HKDF_SHA256) {
            let _ = okm.fill(&mut key);
        }
        key
    }
}

/// Something that was encrypted can't be read: the key is another, or it is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it can't be decrypted: SESSION_SECRET_KEY is not the one it was kept with")]
pub struct Unreadable;

/// Writes a new file that nobody else may read, whole or not at all.
fn write_for_us(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn key(text: &str) -> SecretKey {
        SecretKey::new(&Secret::new(text.to_owned()))
    }

    #[test]
    fn what_is_sealed_opens_with_the_same_key_in_the_same_place_alone() {
        let key_a = key("a-key-that-is-long-enough-to-be-one");
        let sealed = key_a.seal("google", "AIza-secret").unwrap();
        assert!(!String::from_utf8_lossy(&sealed).contains("AIza"));
        assert_eq!(key_a.open("google", &sealed).unwrap().expose(), "AIza-secret");
        assert_eq!(key_a.open("openai", &sealed), Err(Unreadable));
        assert_eq!(key("another").open("google", &sealed), Err(Unreadable));
        let mut damaged = sealed.clone();
        *damaged.last_mut().unwrap() ^= 1;
        assert_eq!(key_a.open("google", &damaged), Err(Unreadable));
        assert_eq!(key_a.open("google", b"short"), Err(Unreadable));
        assert_ne!(sealed, key_a.seal("google", "AIza-secret").unwrap());
    }

    #[test]
    fn a_mark_depends_on_key_purpose_and_text() {
        let mark = key("one").mark("code", b"x");
        assert_eq!(mark, key("one").mark("code", b"x"));
        for other in [
            key("two").mark("code", b"x"),
            key("one").mark("other", b"x"),
            key("one").mark("code", b"y"),
        ] {
            assert_ne!(mark, other);
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_key_of_a_folder_is_made_once_and_for_us_alone() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        assert!(SecretKey::in_folder(folder.path()).is_none());
        let first = SecretKey::of_folder(folder.path()).unwrap();
        let found = SecretKey::in_folder(folder.path()).unwrap();
        assert_eq!(first.mark("p", b"x"), found.mark("p", b"x"));
        let again = SecretKey::of_folder(folder.path()).unwrap();
        assert_eq!(first.mark("p", b"x"), again.mark("p", b"x"));
        let path = folder.path().join(FILE);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&path, "short").unwrap();
        assert!(SecretKey::of_folder(folder.path()).is_err());
        assert!(SecretKey::in_folder(folder.path()).is_none());
    }
}
