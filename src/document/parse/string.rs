//! Strings, decoded where they are not written as they are.

use super::fault::fault;
use super::{FaultKind, JsonReader, ParseFault};
use crate::document::text::first_special;

/// The characters of a string.
pub(super) struct Characters {
    /// The text of the tape that holds them.
    pub(super) text: u8,
    pub(super) from: usize,
    pub(super) to: usize,
}

impl JsonReader<'_> {
    #[inline]
    pub(super) fn string(&mut self) -> Result<Characters, Box<ParseFault>> {
        let start = self.at;
        self.at += 1;
        let rest = &self.text.as_bytes()[self.at..];
        self.at += first_special(rest).unwrap_or(rest.len());
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(Characters { text: self.level, from: start + 1, to: self.at - 1 });
        }
        self.escaped_string(start)
    }

    /// The same for a string that is not written as it is. Up to here it is.
    fn escaped_string(&mut self, start: usize) -> Result<Characters, Box<ParseFault>> {
        let text = self.level + 1;
        let mut decoded = std::mem::take(self.tape.text_mut(text));
        let from = decoded.len();
        let read = self.decode(start, &mut decoded);
        let to = decoded.len();
        *self.tape.text_mut(text) = decoded;
        read.map(|()| Characters { text, from, to })
    }

    fn decode(&mut self, start: usize, decoded: &mut String) -> Result<(), Box<ParseFault>> {
        let mut piece = start + 1;
        loop {
            decoded.push_str(&self.text[piece..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => decoded.push(self.escape()?),
                Some(_) => {
                    let message = format!("{} inside a string", self.found());
                    return Err(self.here(message, Some("write it escaped: \\n, \\t, \\u00XX")));
                }
                None => {
                    let line = self.text[start..].lines().next().map_or(1, str::len).max(1);
                    let span = start..start + line;
                    return Err(fault(FaultKind::Syntax, span, "the string is not closed", None));
                }
            }
            piece = self.at;
            let rest = &self.text.as_bytes()[self.at..];
            self.at += first_special(rest).unwrap_or(rest.len());
        }
    }

    fn escape(&mut self) -> Result<char, Box<ParseFault>> {
        let start = self.at;
        let c = match self.text.as_bytes().get(self.at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(start),
            _ => {
                let len = self.text[start..].chars().take(2).map(char::len_utf8).sum::<usize>();
                let help = "a backslash itself is written \\\\";
                let span = start..start + len;
                return Err(fault(
                    FaultKind::Syntax,
                    span,
                    "unknown escape in a string",
                    Some(help),
                ));
            }
        };
        self.at += 2;
        Ok(c)
    }

    fn unicode(&mut self, start: usize) -> Result<char, Box<ParseFault>> {
        let high = self.hex(start)?;
        if !(0xd800..0xe000).contains(&high) {
            return Ok(char::from_u32(high)
                .expect("below and above the surrogates all codes are characters"));
        }
        let low = match self.text[self.at..].starts_with("\\u") {
            true if high < 0xdc00 => self.hex(start)?,
            _ => 0,
        };
        if (0xdc00..0xe000).contains(&low) {
            let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
            return Ok(char::from_u32(code).expect("a surrogate pair is a character"));
        }
        let message = "half a surrogate pair is no character";
        Err(fault(FaultKind::Syntax, start..self.at, message, None))
    }

    /// Parses `\uXXXX` and returns the number.
    fn hex(&mut self, start: usize) -> Result<u32, Box<ParseFault>> {
        let digits = self.text.get(self.at + 2..self.at + 6);
        let code = digits
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let Some(code) = code else {
            let end = (self.at + 2).min(self.text.len());
            let message = "four hexadecimal digits are expected after \\u";
            return Err(fault(FaultKind::Syntax, start..end, message, None));
        };
        self.at += 6;
        Ok(code)
    }
}
