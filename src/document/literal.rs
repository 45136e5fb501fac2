//! Where the bytes of a decoded string are in the source text around it.

use super::Span;

/// How many decoded bytes lie between two marks.
const STRIDE: usize = 512;

/// A string as written, with marks in it: a place far into a long string is found without reading from its start.
#[derive(Debug)]
pub(crate) struct Literal<'t> {
    around: &'t str,
    span: Span,
    /// Pairs of a decoded length and the byte offset in the source at which it ends.
    marks: Vec<(usize, usize)>,
}

impl<'t> Literal<'t> {
    /// The string at `span` of a text, quotes included.
    pub(crate) fn new(around: &'t str, span: Span) -> Self {
        let mut literal = Self { around, span, marks: Vec::new() };
        let begin = span.start + usize::from(literal.source(span.start).starts_with('"'));
        literal.marks.push((0, begin));
        let (mut decoded, mut at) = (0, begin);
        while at < span.end {
            let rest = literal.source(at);
            if rest.is_empty() {
                break;
            }
            if decoded >= literal.marks.len() * STRIDE {
                literal.marks.push((decoded, at));
            }
            let (c, used) = unit(rest);
            decoded += c.len_utf8();
            at += used;
        }
        literal
    }

    /// Whether it is the string at these bytes of a text.
    pub(super) fn is(&self, around: &str, span: Span) -> bool {
        std::ptr::eq(self.around, around) && self.span == span
    }

    /// Where the bytes `inside` of the decoded string are in the text.
    pub(crate) fn outside(&self, inside: Span) -> Span {
        let start = self.find(inside.start).unwrap_or(self.span.start);
        let end = self.find(inside.end).unwrap_or(self.span.end);
        Span::new(start, end.max(start))
    }

    /// The byte offset in the text after which `wanted` bytes are decoded.
    fn find(&self, wanted: usize) -> Option<usize> {
        let behind = self.marks.partition_point(|(decoded, _)| *decoded <= wanted);
        let (mut decoded, mut at) = *self.marks.get(behind.saturating_sub(1))?;
        loop {
            let rest = self.source(at);
            if rest.is_empty() {
                return None;
            }
            if decoded >= wanted {
                return Some(at);
            }
            let (c, used) = unit(rest);
            decoded += c.len_utf8();
            at += used;
        }
    }

    fn source(&self, from: usize) -> &'t str {
        self.around.get(from..self.span.end).unwrap_or_default()
    }
}

/// The first character of a string's source text, and how many bytes it takes there. The source is known to be valid.
fn unit(source: &str) -> (char, usize) {
    let hex =
        |at: usize| source.get(at..at + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let mut chars = source.chars();
    match chars.next() {
        Some('\\') => match chars.next() {
            Some('u') => {
                let high = hex(2).unwrap_or_default();
                if (0xd800..0xdc00).contains(&high)
                    && let Some(low) = hex(8)
                {
                    let code = 0x10000 + ((high - 0xd800) << 10) + low.saturating_sub(0xdc00);
                    return (char::from_u32(code).unwrap_or('\u{fffd}'), 12);
                }
                (char::from_u32(high).unwrap_or('\u{fffd}'), 6)
            }
            Some(c) => (c, 1 + c.len_utf8()),
            None => ('\\', 1),
        },
        Some(c) => (c, c.len_utf8()),
        None => ('"', 1),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::Document;

    proptest! {
        #[test]
        fn each_character_stands_where_it_is_written(
            pieces in proptest::collection::vec(proptest::sample::select(vec!["a", "你", "\\n", "\\\"", "\\u4f60", "\\ud83d\\ude00", "\\\\", "👋"]), 0..1500),
            blanks in "[ ]{0,4}",
        ) {
            let source = format!("{blanks}\"{}\"", pieces.concat());
            let document = Document::parse(source.as_str()).expect("JSON");
            let text = document.root().value.as_str().expect("a string").to_owned();
            let literal = Literal::new(document.text(), document.root().span);
            let mut at = blanks.len() + 1;
            for ((from, c), piece) in text.char_indices().zip(&pieces) {
                let span = literal.outside(Span::new(from, from + c.len_utf8()));
                prop_assert_eq!(span, Span::new(at, at + piece.len()));
                at += piece.len();
            }
            let all = literal.outside(Span::new(0, text.len()));
            prop_assert_eq!(all, Span::new(blanks.len() + 1, source.len() - 1));
            let stride = text.len() / STRIDE + 1;
            prop_assert!(literal.marks.len().abs_diff(stride) <= 1 + stride / 64);
        }
    }
}
