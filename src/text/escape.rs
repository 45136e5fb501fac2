//! Makes untrusted text safe for a terminal.

use std::fmt::Write as _;

use super::is_invisible;

/// Control characters, line breaks and [invisible characters](is_invisible) as visible escapes; all others unchanged.
///
/// For text from files and vendors in all output for people: a reply must not be able to clear the screen, forge a
/// line, reverse an id or hide a difference between two. Escapes that are already in the text stay unchanged.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match escape_char(c) {
            Some(escaped) => out.push_str(&escaped),
            None => out.push(c),
        }
    }
    out
}

/// The same line by line: line feeds stay.
pub fn escape_lines(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(escape).collect();
    lines.join("\n")
}

/// A JSON text in which the hidden characters of strings are visible: it stays the same JSON.
pub fn escape_json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) || c.is_control() && c != '\n' {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// The visible escape of a character that needs one.
pub fn escape_char(c: char) -> Option<String> {
    match c {
        '\n' => Some("\\n".to_owned()),
        '\r' => Some("\\r".to_owned()),
        '\t' => Some("\\t".to_owned()),
        c if c.is_control() || is_invisible(c) => Some(c.escape_unicode().to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_moves_the_cursor_or_turns_text_around_gets_through() {
        assert_eq!(escape("a\u{1b}[2Jb"), "a\\u{1b}[2Jb");
        assert_eq!(escape("one\ntwo\r\t"), "one\\ntwo\\r\\t");
        assert_eq!(escape("u\u{202e}1"), "u\\u{202e}1");
        assert_eq!(escape("b\u{200b}ob\u{e0041}"), "b\\u{200b}ob\\u{e0041}");
        assert_eq!(escape("你好 👋"), "你好 👋");
        let escaped = escape("\u{1b}\u{200d}\n");
        assert_eq!(escape(&escaped), escaped, "twice is as good as once");
    }

    #[test]
    fn json_for_people_shows_what_hides_and_stays_the_same() {
        let text = "{\n  \"a\": \"b\u{200b}\u{e0041}👋\"\n}";
        let shown = escape_json(text);
        assert_eq!(shown, "{\n  \"a\": \"b\\u200b\\udb40\\udc41👋\"\n}");
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
        assert_eq!(read(&shown), read(text));
    }
}
