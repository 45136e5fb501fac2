//! The line of a fault with a caret below it. The values of keys that hold credentials, or look as if they did, are
//! hidden, and so is a text that no key names: it may be a secret that was typed in the wrong place.

use std::ops::Range;

use unicode_width::UnicodeWidthStr as _;

use super::text::SOURCES;
use crate::near::nearest;
use crate::text::escape;

const HIDDEN: &str = "***";

/// Parts of names that only credentials have.
const SECRETIVE: [&str; 6] = ["secret", "token", "pass", "pwd", "credential", "private"];

/// Which keys hold credentials.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CredentialNames<'a> {
    /// Keys whose values are secrets.
    pub(crate) secret: &'a [&'a str],
    /// Keys that look like one, as `app_key`, and whose values are not secrets.
    pub(crate) public: &'a [&'a str],
}

impl CredentialNames<'_> {
    /// Whether the value of a key, which may be several joined by dots, is hidden: one of them is a secret's, or the last
    /// has a name like a secret's.
    fn hides(&self, path: &str) -> bool {
        let key = path.rsplit('.').next().unwrap_or(path);
        if path.split('.').any(|key| self.secret.contains(&key)) {
            return true;
        }
        if self.public.contains(&key) {
            return false;
        }
        let name = key.to_lowercase();
        SECRETIVE.iter().any(|part| name.contains(part))
            || name.ends_with("key")
            || nearest(key, self.secret.iter().copied()).is_some()
    }
}

/// `line:column` of a span, and its first line with a caret.
#[cfg(test)]
fn show(text: &str, span: &Range<usize>) -> (String, String) {
    show_next(text, span, CredentialNames::default(), &mut MaskedLine::default())
}

/// A line as it is shown, kept for the next fault in it: a file can be one long line with many faults.
#[derive(Default)]
pub(super) struct MaskedLine(Option<(usize, ShownExcerpt)>);

/// `line:column` of a span, and its first line with a caret, after another fault of the same text.
pub(super) fn show_next(
    text: &str,
    span: &Range<usize>,
    names: CredentialNames<'_>,
    last_line: &mut MaskedLine,
) -> (String, String) {
    let start = floor(text, span.start);
    let begin = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let line = text[begin..end].trim_end_matches('\r');
    let number = 1 + text[..begin].matches('\n').count();
    let column = 1 + text[begin..start].chars().count();

    if last_line.0.as_ref().is_none_or(|(known, _)| *known != begin) {
        let shown = if inside_long_string(&text[..begin]) {
            ShownExcerpt { text: HIDDEN.to_owned(), at: vec![0; line.len() + 1] }
        } else {
            mask(line, names)
        };
        last_line.0 = Some((begin, shown));
    }
    let (_, shown) = last_line.0.as_ref().expect("it was just set");
    let from = shown.at[(start - begin).min(line.len())];
    let last = floor(text, span.end).saturating_sub(begin).min(line.len());
    let upto = shown.at[last].max(from);
    let LineWindow { before, marked, after } = LineWindow::of(&shown.text, from..upto);
    let gutter = " ".repeat(number.to_string().len());
    let indent = " ".repeat(before.width());
    let place = format!("{number}:{column}");
    let excerpt = format!(
        " {gutter} |\n {number} | {before}{marked}{after}\n {gutter} | {indent}{}",
        "^".repeat(marked.width().max(1))
    );
    (place, excerpt)
}

/// How many bytes of a line are shown before and after the fault, and of the fault itself: if a file is one long line,
/// each of its faults must not show the whole file.
const AROUND: usize = 80;

/// Stands for the omitted part of a line.
const CUT: &str = "...";

/// The part of a line around a fault.
struct LineWindow {
    before: String,
    marked: String,
    after: String,
}

impl LineWindow {
    fn of(text: &str, fault: Range<usize>) -> Self {
        let (before, rest) = text.split_at(fault.start);
        let (marked, after) = rest.split_at(fault.len());
        Self { before: last_of(before), marked: first_of(marked), after: first_of(after) }
    }
}

fn first_of(text: &str) -> String {
    if text.len() <= AROUND {
        return text.to_owned();
    }
    format!("{}{CUT}", &text[..floor(text, AROUND)])
}

fn last_of(text: &str) -> String {
    if text.len() <= AROUND {
        return text.to_owned();
    }
    format!("{CUT}{}", &text[floor(text, text.len() - AROUND)..])
}

/// A line with some parts hidden, and the position of each original byte in what is shown.
struct ShownExcerpt {
    text: String,
    /// For every byte of the line, and for its end, its position in the text.
    at: Vec<usize>,
}

impl ShownExcerpt {
    fn keep(&mut self, part: &str) {
        for c in part.chars() {
            self.at.extend(std::iter::repeat_n(self.text.len(), c.len_utf8()));
            match c {
                '\t' => self.text.push(' '),
                c => self.text += &escape(c.encode_utf8(&mut [0; 4])),
            }
        }
    }

    /// Hides a part. All of its bytes map to the start of the stars, so that a caret below marks the stars as a whole.
    fn hide(&mut self, part: &str) {
        self.at.extend(std::iter::repeat_n(self.text.len(), part.len()));
        self.text += HIDDEN;
    }
}

/// One line of TOML without the values of keys that hold credentials.
fn mask(line: &str, names: CredentialNames<'_>) -> ShownExcerpt {
    let mut shown = ShownExcerpt { text: String::new(), at: Vec::new() };
    let mut rest = line;
    // The name of a section is not a value.
    let mut visible = rest.trim_start().starts_with('[');
    let mut in_key = true;
    let mut depth = 0_usize;
    // The depth at which a key with a hidden value stands: below it only the names of sources are shown.
    let mut hidden_from = None;
    let mut key = String::new();
    while let Some(c) = rest.chars().next() {
        if c == '#' {
            break;
        }
        let (token, behind) = rest.split_at(token_length(rest, c));
        let is_value = matches!(c, '"' | '\'') || is_word(c);
        match c {
            '=' => {
                in_key = false;
                hidden_from = hidden_from.filter(|from| depth > *from);
                let hides = hidden_from.is_some() || names.hides(&key);
                if hides {
                    hidden_from.get_or_insert(depth);
                }
                visible = !key.is_empty()
                    && (!hides || SOURCES.contains(&key.rsplit('.').next().unwrap_or_default()));
            }
            '{' => {
                depth += 1;
                in_key = true;
            }
            '}' => depth = depth.saturating_sub(1),
            // After a comma in a list, the value still belongs to the key before.
            ',' if depth > 0 && begins_with_key(behind) => in_key = true,
            _ => {}
        }
        let is_key = in_key && is_value && is_followed_by_equals(behind);
        if is_key {
            key = token.trim_matches(['"', '\'']).to_owned();
        }
        let harmless = visible && !(token.contains("://") && token.contains('@'));
        if is_value && !is_key && !harmless {
            shown.hide(token)
        } else {
            shown.keep(token)
        }
        rest = behind;
    }
    shown.at.resize(line.len() + 1, shown.text.len());
    shown
}

/// A bare key with its dots, a number, a word.
fn is_word(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '=' | '{' | '}' | '[' | ']' | ',' | '"' | '\'' | '#')
}

fn is_followed_by_equals(rest: &str) -> bool {
    rest.trim_start().starts_with('=')
}

fn begins_with_key(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.chars().next().is_some_and(|c| is_followed_by_equals(&rest[token_length(rest, c)..]))
}

/// The length of the string, word or character at the start of a text.
fn token_length(text: &str, first: char) -> usize {
    match first {
        '"' | '\'' => string_length(text, first),
        c if is_word(c) => text.find(|c| !is_word(c)).unwrap_or(text.len()),
        c => c.len_utf8(),
    }
}

/// The length of a string with its quotes; a string that does not end takes the rest.
fn string_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Whether a text ends inside a multi-line string. It counts and does not parse, because the text may be broken.
fn inside_long_string(text: &str) -> bool {
    ["\"\"\"", "'''"].iter().any(|quotes| text.matches(quotes).count() % 2 == 1)
}

fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(line: &str) -> String {
        mask(line, CredentialNames { secret: &["secret", "master_secret"], public: &["app_key"] })
            .text
    }

    #[test]
    fn the_values_of_credentials_are_hidden_and_no_others() {
        for (line, shown) in [
            ("[profiles.live]", "[profiles.live]"),
            ("provider = \"acme\"", "provider = \"acme\""),
            ("profiles.live.mode = 'test'", "profiles.live.mode = 'test'"),
            ("secret = \"hunter2\"", "secret = ***"),
            ("secert = \"hunter2\"", "secert = ***"),
            ("mastersecret = \"hunter2\"", "mastersecret = ***"),
            ("api_key = \"hunter2\"", "api_key = ***"),
            ("accessToken = \"hunter2\"", "accessToken = ***"),
            ("app_key = \"uwd1\"", "app_key = \"uwd1\""),
            ("as = \"jpush-v3\"", "as = \"jpush-v3\""),
            ("zone = \"CST\"", "zone = \"CST\""),
            (
                "x = { secret = { evn = \"R\" }, as = \"x\" }",
                "x = { secret = { evn = *** }, as = \"x\" }",
            ),
            ("secret = hunter2", "secret = ***"),
            ("secret = hunter2=", "secret = ***="),
            ("secret = \"hunter2", "secret = ***"),
            ("secret = \"hun\\\"ter2\" # was hunter1", "secret = *** "),
            ("secret = 'hunter\\' 2", "secret = *** ***"),
            ("secret = [\"hunter2\", \"hunter3\"]", "secret = [***, ***]"),
            ("secret = { env = \"RONG\" }", "secret = { env = \"RONG\" }"),
            (
                "secret = { command = [\"pass\", \"rong\"] }",
                "secret = { command = [\"pass\", \"rong\"] }",
            ),
            ("secret = { evn = \"RONG\" }", "secret = { evn = *** }"),
            (
                "x = { provider = \"acme\", secret = \"hunter2\" }",
                "x = { provider = \"acme\", secret = *** }",
            ),
            (
                "x = { provider = \"acme\", \"secret\" = \"hunter2\" }",
                "x = { provider = \"acme\", \"secret\" = *** }",
            ),
            ("secret \"hunter2\"", "*** ***"),
            ("hunter2", "***"),
            ("provider = \"http://me:hunter2@host\"", "provider = ***"),
            ("provider = \"a\u{1b}[2J\"", "provider = \"a\\u{1b}[2J\""),
        ] {
            assert_eq!(masked(line), shown, "{line}");
        }
    }

    #[test]
    fn nothing_is_shown_of_a_line_inside_a_long_string() {
        let text = "secret = \"\"\"\nprovider = hunter2\n\"\"\"";
        let at = text.find("provider").expect("it is there");
        let (place, excerpt) = show(text, &(at..at + 3));
        assert_eq!(place, "2:1");
        assert!(!excerpt.contains("hunter2"), "{excerpt}");
    }

    #[test]
    fn of_a_long_line_a_window_around_the_fault_is_shown() {
        let keys = "provider = \"微信\", ".repeat(50_000);
        let text = format!("a = {{ {keys}secret = \"hunter2\", {keys} }}");
        let at = text.find("secret").expect("it is there");
        let (place, excerpt) = show(&text, &(at..at + 6));
        assert_eq!(place, format!("1:{}", 1 + text[..at].chars().count()));
        let lines: Vec<&str> = excerpt.lines().collect();
        assert!(lines[1].contains("...") && lines[1].contains("secret = ***"), "{excerpt}");
        assert!(excerpt.len() < 8 * AROUND && !excerpt.contains("hunter2"), "{excerpt}");
        let caret = lines[2].find('^').expect("a caret");
        assert_eq!(caret, lines[1][..lines[1].find("secret").expect("there")].width());
        // If the window begins inside a value, that value stays hidden.
        let text = format!("secret = \"{}\" x", "hunter2 ".repeat(50_000));
        let (_, excerpt) = show(&text, &(text.len() - 1..text.len()));
        assert!(!excerpt.contains("hunter"), "{excerpt}");
        let (_, excerpt) = show(&text, &(200..201));
        assert!(!excerpt.contains("hunter"), "{excerpt}");
    }

    #[test]
    fn the_caret_stands_under_the_fault_behind_wide_characters_and_stars() {
        let text = "a = { provider = \"微信\", secret = \"hunter2\" }";
        let at = text.find("secret").expect("it is there");
        let (place, excerpt) = show(text, &(at..at + 6));
        assert_eq!(place, "1:24");
        assert_eq!(
            excerpt,
            "   |\n 1 | a = { provider = \"微信\", secret = *** }\n   |                          ^^^^^^"
        );
    }
}
