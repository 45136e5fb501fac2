//! Text of a request, and which parts of it must not be shown.

use std::ops::Range;

/// Text with some parts that must not be shown.
///
/// What is sent and what `--dry-run` prints are the same value, shown in two ways.
#[derive(Clone, Default)]
pub struct Written {
    /// Nearly all texts are one piece, which needs no list.
    first: WrittenPiece,
    more: Vec<WrittenPiece>,
}

#[derive(Clone, Default)]
struct WrittenPiece {
    text: String,
    secret: bool,
}

impl std::fmt::Debug for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.pieces()).finish()
    }
}

impl std::fmt::Debug for WrittenPiece {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.secret { HIDDEN } else { &self.text })
    }
}

/// The replacement for a secret or a signature.
pub const HIDDEN: &str = "***";

impl WrittenPiece {
    fn show(&self, show: Show) -> &str {
        if self.secret && show == Show::Redacted { HIDDEN } else { &self.text }
    }
}

/// Whether secrets and signatures are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// They are replaced by `***`.
    Redacted,
    /// They are shown, as sent.
    Secrets,
}

impl Written {
    /// Text without secrets.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { first: WrittenPiece { text: text.into(), secret: false }, more: Vec::new() }
    }

    /// A text that is one secret.
    pub fn secret(text: impl Into<String>) -> Self {
        Self { first: WrittenPiece { text: text.into(), secret: true }, more: Vec::new() }
    }

    /// The same with more text after it.
    #[must_use]
    pub fn then(mut self, text: impl Into<String>) -> Self {
        self.more.push(WrittenPiece { text: text.into(), secret: false });
        self
    }

    /// The same with a secret after it.
    #[must_use]
    pub fn then_secret(mut self, text: impl Into<String>) -> Self {
        self.more.push(WrittenPiece { text: text.into(), secret: true });
        self
    }

    /// Appends another text.
    pub fn append(&mut self, mut other: Self) {
        self.more.push(other.first);
        self.more.append(&mut other.more);
    }

    fn pieces(&self) -> impl Iterator<Item = &WrittenPiece> {
        std::iter::once(&self.first).chain(&self.more)
    }

    /// Whether the text as it is sent has such a byte.
    pub fn has_byte(&self, is_wanted: fn(u8) -> bool) -> bool {
        self.pieces().any(|piece| piece.text.bytes().any(is_wanted))
    }

    /// The text, with or without its secrets.
    pub fn show(&self, show: Show) -> String {
        let mut text = self.first.show(show).to_owned();
        self.more.iter().for_each(|piece| text.push_str(piece.show(show)));
        text
    }

    /// The text as it is sent; not copied if it is one piece.
    pub fn into_text(self) -> String {
        if self.more.is_empty() { self.first.text } else { self.show(Show::Secrets) }
    }

    /// Whether it equals a text, secrets included.
    pub(super) fn is(&self, text: &str) -> bool {
        let mut rest = Some(text);
        for piece in self.pieces() {
            rest = rest.and_then(|rest| rest.strip_prefix(&*piece.text));
        }
        rest == Some("")
    }

    /// Whether any part of it must not be shown.
    pub fn has_secret(&self) -> bool {
        self.pieces().any(|piece| piece.secret)
    }

    /// The parts that must not be shown.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        self.pieces().filter(|piece| piece.secret).map(|piece| piece.text.as_str())
    }

    /// Hides more of it: the bytes at these places of [`Show::Secrets`], which are in order and do not overlap.
    pub fn mark(&mut self, places: &[Range<usize>]) {
        if places.is_empty() {
            return;
        }
        let mut marked = Self::default();
        let mut start = 0;
        for piece in self.pieces() {
            let end = start + piece.text.len();
            let mut at = start;
            for place in places.iter().filter(|_| !piece.secret) {
                let (from, to) = (place.start.clamp(at, end), place.end.clamp(at, end));
                if from < to {
                    marked.push(&piece.text[at - start..from - start], false);
                    marked.push(&piece.text[from - start..to - start], true);
                    at = to;
                }
            }
            marked.push(&piece.text[at - start..], piece.secret);
            start = end;
        }
        *self = marked;
    }

    fn push(&mut self, text: &str, secret: bool) {
        if !text.is_empty() {
            self.more.push(WrittenPiece { text: text.to_owned(), secret });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_hide_more_and_change_nothing_that_is_sent() {
        let text = || Written::plain("ab").then_secret("cd").then("ef");
        let all: [(&[(usize, usize)], &str); 6] = [
            (&[], "ab***ef"),
            (&[(0, 1)], "***b***ef"),
            (&[(1, 5)], "a*********f"),
            (&[(0, 6)], "*********"),
            (&[(2, 4)], "ab***ef"),
            (&[(4, 5), (5, 6)], "ab*********"),
        ];
        for (places, shown) in all {
            let places: Vec<_> = places.iter().map(|(start, end)| *start..*end).collect();
            let mut marked = text();
            marked.mark(&places);
            assert_eq!(marked.show(Show::Redacted), shown, "{places:?}");
            assert_eq!(marked.show(Show::Secrets), "abcdef", "{places:?}");
        }
    }
}
