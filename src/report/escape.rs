//! Foreign text made safe for a terminal.

/// Control characters, line breaks and bidirectional overrides as visible escapes; everything else as it is.
///
/// For text from files and vendors in everything meant for people: a reply must not be able to clear the screen, forge a
/// line or turn an id around.
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

/// The visible escape of a character that needs one.
pub(super) fn escape_char(c: char) -> Option<String> {
    match c {
        '\n' => Some("\\n".to_owned()),
        '\r' => Some("\\r".to_owned()),
        '\t' => Some("\\t".to_owned()),
        c if c.is_control() || is_bidi(c) => Some(c.escape_unicode().to_string()),
        _ => None,
    }
}

/// Marks, embeddings, overrides and isolates of the bidirectional algorithm, and the two line separators of Unicode.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_moves_the_cursor_or_turns_text_around_gets_through() {
        assert_eq!(escape("a\u{1b}[2Jb"), "a\\u{1b}[2Jb");
        assert_eq!(escape("one\ntwo\r\t"), "one\\ntwo\\r\\t");
        assert_eq!(escape("u\u{202e}1"), "u\\u{202e}1");
        assert_eq!(escape("你好 👋"), "你好 👋");
    }
}
