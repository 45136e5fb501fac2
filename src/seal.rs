//! Seals: they show that the writer of a plan or of a job had the app's secret, and that nothing was changed since.
//!
//! A seal is an HMAC-SHA-256. Its key is derived from the lasting secret of an account, the provider and the app:
//! another app or another secret gives another key. A seal does not say who the writer was, nor that a person has read
//! what is sealed. Every part is written with its length, so that no bytes can move from one part to the next.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// Bytes of a seal.
pub const SEAL_BYTES: usize = 32;

/// Bytes of a short seal, because there may be millions of them.
pub const SHORT_SEAL_BYTES: usize = 16;

/// A short seal.
pub type ShortSeal = [u8; SHORT_SEAL_BYTES];

/// The prefix of a key derivation. A different derivation needs a different prefix.
const DERIVATION: &[u8] = b"herald seal 1";

/// The key of an app's seals. It cannot be printed.
#[derive(Clone)]
pub struct SealKey(Hmac<Sha256>);

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealKey(***)")
    }
}

impl SealKey {
    /// The key of an app, from its lasting secrets by name. `None` if there are no secrets, or only empty ones.
    pub fn derive<'a>(
        secrets: impl IntoIterator<Item = (&'a str, &'a str)>,
        provider: &str,
        app: &str,
    ) -> Option<Self> {
        let mut material = Vec::new();
        for (name, secret) in secrets.into_iter().filter(|(_, secret)| !secret.is_empty()) {
            for part in [name, secret] {
                material.extend((part.len() as u64).to_be_bytes());
                material.extend(part.as_bytes());
            }
        }
        if material.is_empty() {
            return None;
        }
        let mut derived = keyed(&material);
        derived.update(DERIVATION);
        for part in [provider, app] {
            derived.update(&(part.len() as u64).to_be_bytes());
            derived.update(part.as_bytes());
        }
        Some(Self(keyed(&derived.finalize().into_bytes())))
    }

    /// Begins a seal. A seal made for one purpose is never valid for another.
    pub fn begin(&self, purpose: &str) -> SealWriter {
        let mut writer = SealWriter(self.0.clone());
        writer.text(purpose);
        writer
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("an HMAC takes a key of any length")
}

/// A seal that is being made: the sealed parts are written to it in order.
pub struct SealWriter(Hmac<Sha256>);

impl SealWriter {
    /// Bytes, with their length.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.update(&(bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
        self
    }

    /// A text, with its length.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    /// A text that may be missing: an empty text differs from a missing one.
    pub fn maybe(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.number(1).text(text),
            None => self.number(0),
        }
    }

    /// A number.
    pub fn number(&mut self, number: i64) -> &mut Self {
        self.0.update(&number.to_be_bytes());
        self
    }

    /// The last part, in pieces of any size. No other part may follow.
    pub fn rest(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The seal.
    pub fn finish(self) -> [u8; SEAL_BYTES] {
        self.0.finalize().into_bytes().into()
    }

    /// The short seal.
    pub fn finish_short(self) -> ShortSeal {
        let whole = self.finish();
        std::array::from_fn(|at| whole[at])
    }

    /// Whether this is the seal. The comparison takes constant time.
    pub fn is(self, seal: &[u8]) -> bool {
        self.0.verify_slice(seal).is_ok()
    }

    /// Whether this is the short seal. The comparison takes constant time.
    pub fn is_short(self, seal: &[u8]) -> bool {
        seal.len() == SHORT_SEAL_BYTES && self.0.verify_truncated_left(seal).is_ok()
    }
}

/// Whether data that was read has its seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealCheck {
    /// It has: nothing was changed.
    Intact,
    /// It has a different seal.
    Broken,
    /// It has no seal: an older herald wrote it, or an account without a lasting secret.
    Missing,
    /// There is no key to check it with.
    NoKey,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(secret: &str, provider: &str, app: &str) -> SealKey {
        SealKey::derive([("secret", secret)], provider, app).expect("a key")
    }

    fn of(key: &SealKey, parts: &[&str]) -> [u8; SEAL_BYTES] {
        let mut writer = key.begin("test");
        for part in parts {
            writer.text(part);
        }
        writer.finish()
    }

    #[test]
    fn secret_provider_and_app_make_the_key() {
        let own = of(&key("s", "acme", "app"), &["x"]);
        assert_eq!(of(&key("s", "acme", "app"), &["x"]), own);
        for other in [
            key("t", "acme", "app"),
            key("s", "acmf", "app"),
            key("s", "acme", "apq"),
            key("s", "acmea", "pp"),
            SealKey::derive([("secre", "ts")], "acme", "app").expect("a key"),
            SealKey::derive([("secret", "s"), ("more", "t")], "acme", "app").expect("a key"),
        ] {
            assert_ne!(of(&other, &["x"]), own);
        }
        assert!(SealKey::derive([], "acme", "app").is_none());
        assert!(SealKey::derive([("secret", "")], "acme", "app").is_none());
        assert_eq!(format!("{:?}", key("s", "acme", "app")), "SealKey(***)");
    }

    #[test]
    fn a_key_stays_what_it_is() {
        // Plans and ledgers keep seals, so a later herald must compute the same ones.
        let seal = crate::wire::lower_hex(&of(&key("s", "acme", "app"), &["x", ""]));
        assert_eq!(seal, KNOWN);
    }

    /// Computed independently of this code, with Python's `hmac`.
    const KNOWN: &str = "03f8c6172a763d28f571627fa655b0004018ed9bd74ade066d0de93e3078781f";

    #[test]
    fn no_part_moves_into_its_neighbour() {
        let key = key("s", "acme", "app");
        let all = [
            of(&key, &["ab", "c"]),
            of(&key, &["a", "bc"]),
            of(&key, &["abc"]),
            of(&key, &["abc", ""]),
            key.begin("other").finish(),
            {
                let mut writer = key.begin("test");
                writer.maybe(None);
                writer.finish()
            },
            {
                let mut writer = key.begin("test");
                writer.maybe(Some(""));
                writer.finish()
            },
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(!all[..at].contains(one), "{at}");
        }
    }

    #[test]
    fn only_a_whole_seal_is_one() {
        let key = key("s", "acme", "app");
        let seal = key.begin("test").finish();
        let short = key.begin("test").finish_short();
        assert!(key.begin("test").is(&seal) && key.begin("test").is_short(&short));
        assert_eq!(short[..], seal[..SHORT_SEAL_BYTES]);
        for cut in 0..SEAL_BYTES {
            assert!(!key.begin("test").is(&seal[..cut]), "{cut}");
            let is_short = key.begin("test").is_short(&seal[..cut]);
            assert_eq!(is_short, cut == SHORT_SEAL_BYTES, "{cut}");
        }
        for at in 0..SEAL_BYTES {
            let mut other = seal;
            other[at] ^= 1;
            assert!(!key.begin("test").is(&other), "{at}");
        }
    }
}
