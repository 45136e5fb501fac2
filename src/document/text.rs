//! Strings: how they are written to JSON and read from it.

use std::fmt::Write as _;

/// Writes a JSON string: `"`, `\` and control characters are escaped, in their short form if they have one.
pub(super) fn write_string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = first_special(rest.as_bytes()) {
        out.push_str(&rest[..at]);
        match rest.as_bytes()[at] {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            8 => out.push_str("\\b"),
            12 => out.push_str("\\f"),
            control => {
                let _ = write!(out, "\\u{control:04x}");
            }
        }
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out.push('"');
}

/// The position of the first byte that must be escaped in a JSON string.
///
/// Nearly all text has none, and most of what is read and written is text. So eight bytes are compared at a time.
pub(super) fn first_special(bytes: &[u8]) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let found = special_bytes(u64::from_le_bytes(*word));
        if found != 0 {
            return Some(8 * index + found.trailing_zeros() as usize / 8);
        }
    }
    let is_special = |byte: &u8| *byte < b' ' || *byte == b'"' || *byte == b'\\';
    rest.iter().position(is_special).map(|at| 8 * words.len() + at)
}

/// The high bit of each byte that must be escaped is set. Bits above the lowest one that is set mean nothing.
fn special_bytes(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let is_zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    let quote = is_zero(word ^ (ONES * b'"' as u64));
    let backslash = is_zero(word ^ (ONES * b'\\' as u64));
    (control | quote | backslash) & (ONES << 7)
}

/// How many bytes a text takes between the quotes of a JSON string.
pub(super) fn escaped_bytes(text: &[u8]) -> usize {
    let mut bytes = text.len();
    let mut rest = text;
    while let Some(at) = first_special(rest) {
        bytes += match rest[at] {
            b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 1,
            _ => 5,
        };
        rest = &rest[at + 1..];
    }
    bytes
}
