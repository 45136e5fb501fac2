//! Faults of texts that are not JSON, and keys that repeat.

use super::super::value::Span;

/// Why a text is not a valid document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseFault {
    /// What sort of fault it is.
    pub kind: FaultKind,
    /// The bytes that are wrong.
    pub span: Span,
    /// What is wrong, in one sentence without its place.
    pub message: String,
    /// What to do about it, if that is known.
    pub help: Option<&'static str>,
    /// RFC 6901 pointer to the value, if it is known (repeated keys).
    pub pointer: String,
}

/// The sorts of [`ParseFault`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Not JSON.
    Syntax,
    /// Not UTF-8, or with a byte order mark.
    Encoding,
    /// Nested deeper than [`MAX_DEPTH`](super::MAX_DEPTH).
    Depth,
    /// A key that its object already has.
    DuplicateKey,
}

/// The bytes of a file as text.
pub(in crate::document) fn decode(bytes: Vec<u8>) -> Result<Box<str>, ParseFault> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(*fault(
            FaultKind::Encoding,
            0..3,
            "the file begins with a byte order mark",
            Some("save it as UTF-8 without BOM"),
        ));
    }
    if let Some((name, width)) = wide_encoding(&bytes) {
        return Err(*fault(
            FaultKind::Encoding,
            0..width,
            format!("the file is {name}, not UTF-8"),
            Some("save it as UTF-8 without BOM"),
        ));
    }
    String::from_utf8(bytes).map(String::into_boxed_str).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let len = error.utf8_error().error_len().unwrap_or(1);
        *fault(
            FaultKind::Encoding,
            at..at + len,
            format!("byte 0x{:02x} is not UTF-8", error.as_bytes()[at]),
            Some("save the file as UTF-8 (a GBK file has to be converted)"),
        )
    })
}

/// The name of an encoding whose characters have two or four bytes, and how many. A mark tells it; without one, the zeros
/// beside the first characters of JSON, which are ASCII (RFC 4627, section 3).
fn wide_encoding(bytes: &[u8]) -> Option<(&'static str, usize)> {
    let first: [u8; 4] = bytes.get(..4).and_then(|first| first.try_into().ok()).unwrap_or_default();
    match (first, bytes) {
        ([0xff, 0xfe, 0, 0] | [0, 0, 0xfe, 0xff], _) => Some(("UTF-32", 4)),
        ([1..=255, 0, 0, 0] | [0, 0, 0, 1..=255], _) => Some(("UTF-32", 4)),
        (_, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) => Some(("UTF-16", 2)),
        ([1..=255, 0, 1..=255, 0] | [0, 1..=255, 0, 1..=255], _) => Some(("UTF-16", 2)),
        _ => None,
    }
}

/// A fault in a box, so that a result without one is passed in a register.
pub(super) fn fault(
    kind: FaultKind,
    span: std::ops::Range<usize>,
    message: impl Into<String>,
    help: Option<&'static str>,
) -> Box<ParseFault> {
    let span = Span::new(span.start, span.end);
    Box::new(ParseFault { kind, span, message: message.into(), help, pointer: String::new() })
}

impl ParseFault {
    /// The fault of a key that its object has already.
    pub(crate) fn repeated_key(key: &str, span: Span, pointer: String) -> Self {
        let message = format!("the key `{key}` is there already");
        let help = Some("parsers differ in which one they take; keep one");
        Self { kind: FaultKind::DuplicateKey, span, message, help, pointer }
    }
}

/// The most bytes of the pointers to repeated keys, if not all are reported: each repeats all keys of its path.
const MAX_POINTERS: usize = 16 << 20;

/// Repeated keys.
pub(super) struct Repeated {
    pub(super) told: Vec<ParseFault>,
    /// How many are reported; `usize::MAX` means all.
    most: usize,
    /// How many bytes their pointers have.
    bytes: usize,
    pub(super) more: usize,
}

impl Repeated {
    pub(super) fn new(most: usize) -> Self {
        Self { told: Vec::new(), most, bytes: 0, more: 0 }
    }

    /// Another repeated key; `pointer` makes the pointer to it.
    pub(super) fn add(&mut self, key: &str, span: Span, pointer: impl FnOnce() -> String) {
        let is_bounded = self.most < usize::MAX;
        if is_bounded && (self.told.len() >= self.most || self.bytes > MAX_POINTERS) {
            self.more += 1;
            return;
        }
        let pointer = pointer();
        self.bytes += pointer.len();
        self.told.push(ParseFault::repeated_key(key, span, pointer));
    }
}
