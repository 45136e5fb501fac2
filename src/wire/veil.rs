//! Hides in what comes back what must not be shown: some servers and proxies repeat the request that they refuse, its
//! secrets included, and what they say is shown, and kept in the ledger.

use super::{HIDDEN, Request, Written};

/// Shorter ones are words that a vendor may use for something else.
const SHORTEST: usize = 6;

/// The header that is the same for many requests. Signatures are made anew for each, and are no use to anybody for long.
const LASTING: &str = "authorization";

/// Secrets that may stand in what comes back.
#[derive(Clone, Default)]
pub struct Veil(Vec<Box<str>>);

impl Veil {
    /// Hides a secret from now on.
    pub fn cover(&mut self, secret: &str) {
        if secret.len() >= SHORTEST && !self.0.iter().any(|known| **known == *secret) {
            self.0.push(secret.into());
            // What holds another one goes first.
            self.0.sort_by_key(|known| std::cmp::Reverse(known.len()));
        }
    }

    /// Hides what a request proves with who sends it.
    pub fn cover_request(&mut self, request: &Request) {
        let pieces = request.header(LASTING).into_iter().flat_map(Written::pieces);
        pieces.filter(|piece| piece.secret).for_each(|piece| self.cover(&piece.text));
    }

    /// Puts `***` into the place of each secret in a text.
    pub fn hide(&self, text: &mut String) {
        for secret in &self.0 {
            if text.contains(&**secret) {
                *text = text.replace(&**secret, HIDDEN);
            }
        }
    }
}

impl std::fmt::Debug for Veil {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Veil").field(&self.0.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_wherever_they_stand_and_ordinary_words_are_not() {
        let mut veil = Veil::default();
        for secret in ["secret99", "secret99-longer", "abc", "secret99"] {
            veil.cover(secret);
        }
        for (text, hidden) in [
            ("Bearer secret99-longer, secret99!", "Bearer ***, ***!"),
            ("abc is a word", "abc is a word"),
            ("", ""),
        ] {
            let mut shown = text.to_owned();
            veil.hide(&mut shown);
            assert_eq!(shown, hidden);
        }
        assert!(!format!("{veil:?}").contains("secret"));
    }
}
