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
/// Nearly all text has none, and most of what is read and written is text. So it is searched in blocks, because the
/// processor can compare many bytes at a time.
pub(super) fn first_special(bytes: &[u8]) -> Option<usize> {
    const STRETCH: usize = 64;
    let is_special = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    let with_one = bytes
        .chunks(STRETCH)
        .position(|stretch| stretch.iter().fold(false, |found, byte| found | is_special(*byte)))?;
    let start = with_one * STRETCH;
    bytes[start..].iter().position(|byte| is_special(*byte)).map(|at| start + at)
}
