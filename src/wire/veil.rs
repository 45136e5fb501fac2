//! Hides in what comes back what must not be shown: some servers and proxies repeat the request that they refuse, its
//! secrets included, and what they say is shown, and kept in the ledger.

use std::collections::VecDeque;

use super::{Body, HIDDEN, Request, Written};

/// Shorter ones are words that a vendor may use for something else.
const SHORTEST: usize = 6;

/// The header that is the same for many requests.
const LASTING: &str = "authorization";

/// As many as the signatures of the requests that may be under way, each of which may have two: some can be used again for
/// hours.
const RECENT: usize = 2048;

/// Secrets that may stand in what comes back.
#[derive(Clone, Default)]
pub struct Veil {
    lasting: Vec<Box<str>>,
    /// The latest signatures.
    recent: VecDeque<String>,
}

impl Veil {
    /// Hides a secret from now on.
    pub fn cover(&mut self, secret: &str) {
        if secret.len() >= SHORTEST && !self.lasting.iter().any(|known| **known == *secret) {
            self.lasting.push(secret.into());
            // What holds another one goes first.
            self.lasting.sort_by_key(|known| std::cmp::Reverse(known.len()));
        }
    }

    /// Hides what a request proves with who sends it.
    pub fn cover_request(&mut self, request: &Request) {
        let body = match &request.body {
            Body::Text { text, .. } => Some(("", text)),
            Body::None | Body::Multipart(_) | Body::File { .. } => None,
        };
        let headers = request.headers.iter().map(|header| (header.name, &header.value));
        for (name, written) in headers.chain(body).chain([("", &request.path)]) {
            for piece in Written::pieces(written).filter(|piece| piece.secret) {
                if name.eq_ignore_ascii_case(LASTING) {
                    self.cover(&piece.text);
                } else if piece.text.len() >= SHORTEST {
                    self.recent.truncate(RECENT - 1);
                    self.recent.push_front(piece.text.clone());
                }
            }
        }
    }

    /// Puts `***` into the place of each secret in a text.
    pub fn hide(&self, text: &mut String) {
        let lasting = self.lasting.iter().map(|secret| &**secret);
        for secret in lasting.chain(self.recent.iter().map(String::as_str)) {
            if text.contains(secret) {
                *text = text.replace(secret, HIDDEN);
            }
        }
    }
}

impl std::fmt::Debug for Veil {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Veil").field(&self.lasting.len()).finish()
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

    #[test]
    fn signatures_of_what_is_under_way_are_hidden_as_well() {
        let mut veil = Veil::default();
        for number in 0..RECENT + 10 {
            let value = Written::secret(format!("signature-{number:04}"));
            let code = Written::plain("code=").then_secret(format!("verified-{number:04}"));
            veil.cover_request(&Request {
                method: crate::wire::Method::Post,
                base: "http://127.0.0.1".to_owned(),
                path: Written::plain("/"),
                headers: vec![crate::wire::Header { name: "sign", value }],
                body: Body::Text { media: "text/plain", text: code },
                carries_secret: false,
            });
        }
        for (text, hidden) in [
            ("sign: signature-2057, code=verified-1100", "sign: ***, code=***"),
            ("signature-0001 is long over", "signature-0001 is long over"),
        ] {
            let mut shown = text.to_owned();
            veil.hide(&mut shown);
            assert_eq!(shown, hidden);
        }
        assert_eq!(veil.recent.len(), RECENT);
    }
}
