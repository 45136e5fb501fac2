//! Finds known secrets anywhere in a text: as they are, as JSON writes them, percent-encoded, or in base64, also as a
//! part of what is encoded.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use foldhash::fast::FixedState;

use crate::document::Value;

/// How many first bytes of a secret are used for the look-up. A shorter secret counts only as a whole word.
const KEY: usize = 6;

/// A shorter secret may occur in a text by chance.
const SURE: usize = 8;

/// Shorter ones are words that have other uses.
const SHORTEST: usize = 4;

/// A number with fewer digits may be a part of another number, such as an id, and counts only as a whole word.
const DIGITS: usize = 16;

/// A text is searched once for each of them.
const MOST_WORDS: usize = 256;

/// Enough for the signatures of all requests that may be in flight, with up to two for each: some can be reused for
/// hours.
const RECENT: usize = 2048;

/// Secrets that may occur in a text.
///
/// They are looked up by their first bytes, so that a search takes the same time for any number of them: there may be
/// thousands of known signatures, and every answer of a broadcast is searched.
#[derive(Clone, Default)]
pub(super) struct SecretValues {
    // Each window of a text is looked up here, and no other program chooses the keys: a quick hash is enough.
    long: HashMap<[u8; KEY], Vec<SecretPattern>, FixedState>,
    words: Vec<Box<str>>,
    /// The latest signatures.
    recent: VecDeque<Box<str>>,
}

/// One pattern to search for.
#[derive(Clone, PartialEq, Eq)]
struct SecretPattern {
    text: Box<str>,
    /// Whether it is the middle of a base64 text, all of which is hidden.
    is_base64: bool,
    /// Whether it never occurs by chance.
    is_sure: bool,
}

impl SecretValues {
    /// Searches for a secret from now on.
    pub(super) fn cover(&mut self, secret: &str) {
        let secret = secret.trim();
        let quoted = Value::from(secret).to_compact();
        let mut forms = vec![secret.to_owned(), quoted[1..quoted.len() - 1].to_owned()];
        // As forms encode it.
        forms.push(secret.replace(' ', "+"));
        forms.dedup();
        let is_sure = is_long(secret, SURE);
        for form in forms {
            if is_long(secret, KEY) {
                self.add(SecretPattern { text: form.into(), is_base64: false, is_sure });
            } else if secret.chars().count() >= SHORTEST {
                self.add_word(&form);
            }
        }
        for lead in 0..3 {
            for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
                let all = engine.encode([&[0; 2][..lead], secret.as_bytes()].concat());
                // The characters that depend only on the secret, whatever is before and after it.
                let (from, to) = ((8 * lead).div_ceil(6), 8 * (lead + secret.len()) / 6);
                if secret.len() >= KEY {
                    self.add(SecretPattern {
                        text: all[from..to].into(),
                        is_base64: true,
                        is_sure,
                    });
                }
            }
        }
    }

    /// Searches for a signature from now on. It is forgotten after [`RECENT`] others.
    pub(super) fn cover_for_now(&mut self, signature: &str) {
        if signature.len() < KEY {
            return;
        }
        let pattern = SecretPattern { text: signature.into(), is_base64: false, is_sure: true };
        if self.has(&pattern) {
            return;
        }
        if self.recent.len() >= RECENT
            && let Some(oldest) = self.recent.pop_back()
        {
            self.remove(&oldest);
        }
        self.recent.push_front(signature.into());
        self.add(pattern);
    }

    /// Whether there is nothing to search for.
    pub(super) fn is_empty(&self) -> bool {
        self.long.is_empty() && self.words.is_empty()
    }

    /// The places of secrets in a text, in any order.
    pub(super) fn find(&self, text: &str, found: &mut Vec<Range<usize>>) {
        if self.is_empty() {
            return;
        }
        let decoded = text.contains('%').then(|| percent_decoded(text)).flatten();
        let Some((decoded, places)) = decoded else { return self.find_plain(text, found) };
        let mut inside = Vec::new();
        self.find_plain(&decoded, &mut inside);
        found.extend(inside.into_iter().map(|range| places[range.start]..places[range.end]));
        // A secret itself can contain a percent sign.
        self.find_long(text.as_bytes(), false, found);
    }

    /// Whether a text contains none of them.
    pub(super) fn is_free_of(&self, text: &str) -> bool {
        let mut found = Vec::new();
        self.find(text, &mut found);
        found.is_empty()
    }

    /// Whether a text contains a secret that does not occur by chance.
    pub(super) fn has_sure(&self, text: &str) -> bool {
        let sure = |start: usize, one: &SecretPattern| {
            one.is_sure && text.as_bytes()[start..].starts_with(one.text.as_bytes())
        };
        let windows = text.as_bytes().array_windows::<KEY>().enumerate();
        let mut known = windows.filter_map(|(start, key)| Some((start, self.long.get(key)?)));
        known.any(|(start, patterns)| patterns.iter().any(|one| sure(start, one)))
    }

    fn find_plain(&self, text: &str, found: &mut Vec<Range<usize>>) {
        self.find_long(text.as_bytes(), true, found);
        self.words.iter().for_each(|word| Self::find_word(word, text, found));
    }

    /// Where a text contains a word as a whole, even a very short one.
    pub(super) fn find_word(word: &str, text: &str, found: &mut Vec<Range<usize>>) {
        if word.is_empty() {
            return;
        }
        found.extend(text.match_indices(word).filter_map(|(start, word)| {
            let end = start + word.len();
            let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let is_part = is_letter(text[..start].chars().next_back())
                || is_letter(text[end..].chars().next());
            (!is_part).then_some(start..end)
        }));
    }

    fn find_long(&self, text: &[u8], with_base64: bool, found: &mut Vec<Range<usize>>) {
        if self.long.is_empty() {
            return;
        }
        // One base64 run is measured once, even if a secret occurs in it several times.
        let mut base64_end = 0;
        for (start, key) in text.array_windows::<KEY>().enumerate() {
            let Some(patterns) = self.long.get(key) else { continue };
            let here = |one: &&SecretPattern| text[start..].starts_with(one.text.as_bytes());
            for pattern in patterns.iter().filter(here) {
                let end = start + pattern.text.len();
                if !pattern.is_base64 {
                    found.push(start..end);
                } else if with_base64 && start >= base64_end {
                    let around = base64_around(text, start..end);
                    base64_end = around.end;
                    found.push(around);
                }
            }
        }
    }

    fn has(&self, pattern: &SecretPattern) -> bool {
        let patterns = key_of(&pattern.text).and_then(|key| self.long.get(&key));
        patterns.is_some_and(|patterns| patterns.contains(pattern))
    }

    fn add(&mut self, pattern: SecretPattern) {
        if let Some(key) = key_of(&pattern.text) {
            let patterns = self.long.entry(key).or_default();
            if !patterns.contains(&pattern) {
                patterns.push(pattern);
            }
        }
    }

    fn remove(&mut self, text: &str) {
        let Some(key) = key_of(text) else { return };
        if let Some(patterns) = self.long.get_mut(&key) {
            patterns.retain(|pattern| pattern.is_base64 || *pattern.text != *text);
            if patterns.is_empty() {
                self.long.remove(&key);
            }
        }
    }

    /// Adds the secrets of `other`. Its signatures would be kept permanently here, so it must have none.
    pub(super) fn add_all(&mut self, other: Self) {
        other.long.into_values().flatten().for_each(|pattern| self.add(pattern));
        other.words.iter().for_each(|word| self.add_word(word));
    }

    fn add_word(&mut self, word: &str) {
        if self.words.len() < MOST_WORDS && !self.words.iter().any(|known| **known == *word) {
            self.words.push(word.into());
        }
    }
}

/// Whether a secret has this number of characters. If it has only digits, it must have more.
fn is_long(secret: &str, least: usize) -> bool {
    let is_number = secret.bytes().all(|byte| byte.is_ascii_digit());
    secret.len() >= if is_number { DIGITS } else { least }
}

fn key_of(text: &str) -> Option<[u8; KEY]> {
    text.as_bytes().first_chunk().copied()
}

/// The base64 run, of either alphabet, around one part of it.
fn base64_around(text: &[u8], part: Range<usize>) -> Range<usize> {
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
    let before = text[..part.start].iter().rev().take_while(|byte| is_base64(byte)).count();
    let rest = &text[part.end..];
    let after = rest.iter().take_while(|byte| is_base64(byte)).count();
    let padding = rest[after..].iter().take_while(|byte| **byte == b'=').count();
    part.start - before..part.end + after + padding
}

/// A percent-decoded text, and where each of its bytes and its end are in the encoded text. `None` if nothing is
/// encoded, or if the result is not text.
pub(super) fn percent_decoded(text: &str) -> Option<(String, Vec<usize>)> {
    let (bytes, mut decoded, mut places) = (text.as_bytes(), Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = text.get(at + 1..at + 3).filter(|hex| hex.bytes().all(|c| c.is_ascii_hexdigit()));
        let code = hex.filter(|_| *byte == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        decoded.push(code.unwrap_or(*byte));
        places.push(at);
        at += if code.is_some() { 3 } else { 1 };
    }
    places.push(at);
    let decoded = String::from_utf8(decoded).ok()?;
    (decoded.len() < text.len()).then_some((decoded, places))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};
    use proptest::prelude::*;

    fn hidden(values: &SecretValues, text: &str) -> String {
        super::super::hidden_at(text, {
            let mut found = Vec::new();
            values.find(text, &mut found);
            found
        })
    }

    fn known(secrets: &[&str]) -> SecretValues {
        let mut values = SecretValues::default();
        secrets.iter().for_each(|secret| values.cover(secret));
        values
    }

    #[test]
    fn secrets_are_found_wherever_they_stand_and_ordinary_words_are_not() {
        let values = known(&[
            "secret99",
            "secret99-longer",
            "abc",
            "pass",
            "s3cret",
            "123456",
            "a\"b\\c d\n\u{e9}",
        ]);
        for (text, wanted) in [
            ("Bearer secret99-longer, secret99!", "Bearer ***, ***!"),
            ("xsecret99x", "x***x"),
            ("key: s3cret, xs3cret1, MTIzczNjcmV0", "key: ***, x***1, ***"),
            ("secret9 secret 99", "secret9 secret 99"),
            ("abc is a word", "abc is a word"),
            ("pass: passport, by-pass", "***: passport, by-***"),
            ("id 9123456789, code 123456.", "id 9123456789, code ***."),
            (r#"{"v":"a\"b\\c d\né"}"#, r#"{"v":"***"}"#),
            ("v=a%22b%5Cc%20d%0A%c3%a9&w", "v=***&w"),
            ("v=a\"b\\c+d\né", "v=***"),
            ("secret%39%39", "***"),
            ("100% of secret99", "100% of ***"),
            ("", ""),
        ] {
            assert_eq!(hidden(&values, text), wanted, "{text}");
        }
    }

    #[test]
    fn signatures_of_what_is_under_way_are_found_as_well() {
        let mut values = SecretValues::default();
        for number in 0..RECENT + 10 {
            values.cover_for_now(&format!("signature-{number:04}"));
        }
        for (text, wanted) in [
            ("sign: signature-2057", "sign: ***"),
            ("signature-0001 is long over", "signature-0001 is long over"),
        ] {
            assert_eq!(hidden(&values, text), wanted);
        }
        assert_eq!(values.recent.len(), RECENT);
        assert_eq!(values.long.values().map(Vec::len).sum::<usize>(), RECENT);
    }

    proptest! {
        #[test]
        fn a_secret_is_found_in_base64_whatever_stands_around_it(
            secret in "[a-zA-Z][a-zA-Z0-9é你/+]{5,30}",
            before in "[ -~]{0,8}",
            after in "[ -~]{0,8}",
        ) {
            let values = known(&[&secret]);
            let whole = format!("{before}{secret}{after}");
            let forms = [STANDARD.encode(&whole), STANDARD_NO_PAD.encode(&whole), URL_SAFE.encode(&whole), URL_SAFE_NO_PAD.encode(&whole)];
            for form in forms {
                prop_assert_eq!(hidden(&values, &format!("Basic {form}, no")), "Basic ***, no");
                let percent = crate::wire::percent_encode(&form);
                prop_assert_eq!(hidden(&values, &format!("a=Basic%20{percent}&b=1")), "a=Basic%20***&b=1");
            }
        }

        #[test]
        fn no_text_is_too_strange_to_be_looked_through(text in "(%[0-9a-f]{0,2}|secret99|你|[ -~]){0,40}") {
            let shown = hidden(&known(&["secret99", "%41b c", "word"]), &text);
            prop_assert!(!shown.contains("secret99"));
        }
    }
}
