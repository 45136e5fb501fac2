//! The guard against test texts in broadcasts.

use std::fmt;
use std::ops::Range;

use super::texts::{keys, texts};
use super::{GuardInput, NeededAnswer, Objection};
use crate::account::Mode;
use crate::contract::Operation;
use crate::document::{At, Document, Trail};

/// Words of test texts. They count only where no letter is directly before or after them.
const WORDS: [&str; 2] = ["test", "lorem"];

/// Signs of a test text, or of a template without values. They count everywhere.
const SIGNS: [&str; 4] = ["测试", "測試", BRACES[0], BRACES[1]];

/// The braces around a variable.
const BRACES: [&str; 2] = ["{{", "}}"];

/// The number of characters before and after the sign that an excerpt shows.
const EXCERPT_CONTEXT: usize = 20;

/// Objects to a broadcast of a live profile whose text looks like a test.
pub(super) fn test_content(input: &GuardInput<'_>) -> Option<Objection> {
    if input.profile.guards.mode != Mode::Live || !input.is_broadcast() {
        return None;
    }
    let found =
        input.action.requests.iter().find_map(|request| found(request.operation, request.body))?;
    Some(Objection {
        saw: format!("{found}, and `{}` is live: {}", input.profile.name, found.excerpt),
        proceed: "change the text".to_owned(),
        answer: NeededAnswer::None,
    })
}

/// Whether a text of a payload looks like a test.
pub fn looks_like_test(operation: &Operation, body: &Document) -> bool {
    found(operation, body).is_some()
}

/// Whether a text of a payload has this part, which is in lower case.
pub fn says(operation: &Operation, body: &Document, part: &str) -> bool {
    let trail = Trail::new(body);
    let texts = texts(operation, trail.root());
    texts.iter().filter_map(|at| at.as_str()).any(|text| text.to_lowercase().contains(part))
}

/// A text or key that looks like a test.
struct TestContent {
    what: &'static str,
    pointer: String,
    excerpt: String,
}

impl fmt::Display for TestContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} at {} looks like a test", self.what, self.pointer)
    }
}

/// The first text of a payload that looks like a test, or the first key with a variable in it.
fn found(operation: &Operation, body: &Document) -> Option<TestContent> {
    let trail = Trail::new(body);
    let told = |what: &'static str, at: At<'_>, text: &str, sign: &Range<usize>| {
        let place = at.place();
        let inner = place.inner_pointer.map(|inner| format!(" (inside: {inner})"));
        let pointer = format!("{}{}", place.pointer, inner.unwrap_or_default());
        TestContent { what, pointer, excerpt: excerpt(text, sign) }
    };
    let text = |at: At<'_>| {
        let text = at.as_str()?;
        Some(told("text", at, text, &sign_of_a_test(text)?))
    };
    texts(operation, trail.root()).into_iter().find_map(text).or_else(|| {
        // People do not see keys, so words in a key do not count. Braces do: a value for the variable is missing.
        keys(trail.root()).into_iter().find_map(|(key, at)| {
            let places = BRACES.iter().filter_map(|sign| Some((key.find(sign)?, sign.len())));
            let (from, length) = places.min()?;
            Some(told("key", at, key, &(from..from + length)))
        })
    })
}

/// The first place where a text looks like a test.
fn sign_of_a_test(text: &str) -> Option<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let hosts = hosts(text);
    let words = WORDS.iter().flat_map(|word| {
        let alone = |at: &usize| {
            let before = text[..*at].chars().next_back();
            let behind = text[at + word.len()..].chars().next();
            !before.is_some_and(is_letter) && !behind.is_some_and(is_letter)
        };
        lower.match_indices(word).map(|(at, _)| at).filter(alone).map(|at| at..at + word.len())
    });
    let signs =
        SIGNS.iter().flat_map(|sign| text.match_indices(sign).map(|(at, _)| at..at + sign.len()));
    let in_a_host = |at: &Range<usize>| hosts.iter().any(|host| host.contains(&at.start));
    words.chain(signs).filter(|at| !in_a_host(at)).min_by_key(|at| at.start)
}

/// Whether a character is a letter of a script with spaces between words. Chinese characters stand directly beside words.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() && c < '\u{2e80}'
}

/// The host names of the URLs in a text. Test words in a host name do not count.
fn hosts(text: &str) -> Vec<Range<usize>> {
    let ends = |c: char| !c.is_ascii() || c.is_ascii_whitespace() || "/?#\"'<>()".contains(c);
    text.match_indices("://")
        .map(|(at, sign)| {
            let from = at + sign.len();
            from..text[from..].find(ends).map_or(text.len(), |length| from + length)
        })
        .collect()
}

/// The sign with the text around it, in quotes.
fn excerpt(text: &str, at: &Range<usize>) -> String {
    let from =
        text[..at.start].char_indices().rev().nth(EXCERPT_CONTEXT - 1).map_or(0, |(from, _)| from);
    let behind = &text[at.end..];
    let to = behind.char_indices().nth(EXCERPT_CONTEXT).map_or(text.len(), |(to, _)| at.end + to);
    let mark = |is_cut: bool| if is_cut { "…" } else { "" };
    format!("\"{}{}{}\"", mark(from > 0), &text[from..to], mark(to < text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_counts_where_it_stands_alone() {
        for (text, found) in [
            ("test", Some("test")),
            ("This is a Test.", Some("Test")),
            ("[TEST] hello", Some("TEST")),
            ("test123", Some("test")),
            ("3test", Some("test")),
            ("unit_test", Some("test")),
            ("这是test消息", Some("test")),
            ("第一条测试消息", Some("测试")),
            ("測試", Some("測試")),
            ("Lorem ipsum", Some("Lorem")),
            ("Dear {{name}}", Some("{{")),
            ("Dear name}}", Some("}}")),
            ("a test: 测试", Some("test")),
            ("latest contest", None),
            ("the latest test", Some("test")),
            ("tests testing tested", None),
            ("protést", None),
            ("Florem", None),
            ("{ braces }", None),
            ("考试", None),
            ("", None),
            ("see https://test.example.com/x", None),
            ("see https://a.test:8080", None),
            ("见https://test.cn。test", Some("test")),
            ("see https://example.com/test", Some("test")),
            ("//test", Some("test")),
        ] {
            let at = sign_of_a_test(text);
            assert_eq!(at.map(|at| &text[at]), found, "{text}");
        }
    }

    #[test]
    fn an_excerpt_shows_a_little_around_the_place() {
        let shown = |text: &str| excerpt(text, &sign_of_a_test(text).expect("a sign"));
        assert_eq!(shown("test"), "\"test\"");
        let long = format!("{} 测试 {}", "前".repeat(40), "b".repeat(40));
        assert_eq!(shown(&long), format!("\"…{} 测试 {}…\"", "前".repeat(19), "b".repeat(19)));
    }
}
