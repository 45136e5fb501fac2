//! A strict JSON parser that keeps spans, and says where and why a text is not JSON.

use std::collections::HashSet;

use smol_str::SmolStr;

use super::text::first_special;
use super::value::{Member, Node, Object, Span, Str, Value};

/// How deep lists and objects may nest, the same as in serde_json; no vendor's payload comes near it.
pub const MAX_DEPTH: usize = 128;

/// Up to this number, keys are compared one by one, which is faster than a set.
const FEW_KEYS: usize = 16;

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
    /// Nested deeper than [`MAX_DEPTH`].
    Depth,
    /// A key that its object already has.
    DuplicateKey,
}

/// A step on the way to a value.
enum ParseStep {
    Key(SmolStr),
    Place(usize),
}

impl ParseStep {
    /// In the form of a pointer, with its slash.
    fn written(&self) -> String {
        match self {
            Self::Key(key) => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Self::Place(place) => format!("/{place}"),
        }
    }
}

/// The bytes of a file as text.
pub(super) fn decode(bytes: Vec<u8>) -> Result<Box<str>, ParseFault> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(fault(
            FaultKind::Encoding,
            0..3,
            "the file begins with a byte order mark",
            Some("save it as UTF-8 without BOM"),
        ));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(fault(
            FaultKind::Encoding,
            0..2,
            "the file is UTF-16, not UTF-8",
            Some("save it as UTF-8 without BOM"),
        ));
    }
    String::from_utf8(bytes).map(String::into_boxed_str).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let len = error.utf8_error().error_len().unwrap_or(1);
        fault(
            FaultKind::Encoding,
            at..at + len,
            format!("byte 0x{:02x} is not UTF-8", error.as_bytes()[at]),
            Some("save the file as UTF-8 (a GBK file has to be converted)"),
        )
    })
}

/// The content of a text.
pub(super) struct Parsed {
    pub(super) root: Node,
    /// Repeated keys, the first ones.
    pub(super) repeated: Vec<ParseFault>,
    /// How many more keys are repeated.
    pub(super) more_repeated: usize,
}

/// Parses a text. The first `most` repeated keys are reported.
pub(super) fn parse(text: &str, most: usize) -> Result<Parsed, ParseFault> {
    let repeated = Repeated { told: Vec::new(), most, bytes: 0, more: 0 };
    let mut reader = JsonReader { text, at: 0, depth: 0, path: Vec::new(), repeated };
    reader.blanks();
    if reader.at == text.len() {
        return Err(fault(
            FaultKind::Syntax,
            0..0,
            "the text is empty where JSON is expected",
            None,
        ));
    }
    let root = reader.value()?;
    reader.blanks();
    if reader.at < text.len() {
        let help = "one payload a file; several go into a list or an .ndjson file";
        return Err(reader.here("there is more text after the end of the JSON value", Some(help)));
    }
    let Repeated { told, more, .. } = reader.repeated;
    Ok(Parsed { root, repeated: told, more_repeated: more })
}

struct JsonReader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    path: Vec<ParseStep>,
    repeated: Repeated,
}

/// The most bytes of the pointers to repeated keys, if not all are reported: each repeats all keys of its path.
const MAX_POINTERS: usize = 16 << 20;

/// Repeated keys.
struct Repeated {
    told: Vec<ParseFault>,
    /// How many are reported; `usize::MAX` means all.
    most: usize,
    /// How many bytes their pointers have.
    bytes: usize,
    more: usize,
}

impl Repeated {
    fn add(&mut self, key: &str, span: Span, path: &[ParseStep]) {
        let is_bounded = self.most < usize::MAX;
        if is_bounded && (self.told.len() >= self.most || self.bytes > MAX_POINTERS) {
            self.more += 1;
            return;
        }
        let pointer: String = path.iter().map(ParseStep::written).collect();
        self.bytes += pointer.len();
        self.told.push(ParseFault {
            kind: FaultKind::DuplicateKey,
            span,
            message: format!("the key `{key}` is there already"),
            help: Some("parsers differ in which one they take; keep one"),
            pointer,
        });
    }
}

impl JsonReader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// A fault at the character that the parser reads next.
    fn here(&self, message: impl Into<String>, help: Option<&'static str>) -> ParseFault {
        let len = self.text[self.at..].chars().next().map_or(0, char::len_utf8);
        fault(FaultKind::Syntax, self.at..self.at + len, message, help)
    }

    /// The next character, for messages.
    fn found(&self) -> String {
        match self.text[self.at..].chars().next() {
            None => "the text ends".to_owned(),
            Some(c) if c.is_control() => format!("there is {}", c.escape_default()),
            Some(c) => format!("there is `{c}`"),
        }
    }

    fn value(&mut self) -> Result<Node, ParseFault> {
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.nested(Self::object)?,
            Some(b'[') => self.nested(Self::array)?,
            Some(b'"') => Value::String(Str::new(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            Some(b'\'') => return Err(self.here("strings are in double quotes", None)),
            Some(b'/') => {
                return Err(self.here("comments are not JSON", Some("take the comment out")));
            }
            _ => {
                let message = format!("a value is due, but {}", self.found());
                return Err(self.here(message, None));
            }
        };
        Ok(Node { span: Span::new(start, self.at), value })
    }

    fn nested(
        &mut self,
        read: fn(&mut Self) -> Result<Value, ParseFault>,
    ) -> Result<Value, ParseFault> {
        if self.depth == MAX_DEPTH {
            return Err(fault(
                FaultKind::Depth,
                self.at..self.at + 1,
                format!("nested deeper than {MAX_DEPTH} levels"),
                None,
            ));
        }
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, ParseFault> {
        let rest = &self.text[self.at..];
        let len = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        if &rest[..len] != word {
            let message = format!("`{}` is no JSON value", &rest[..len]);
            let help = "only true, false and null stand without quotes";
            return Err(fault(FaultKind::Syntax, self.at..self.at + len, message, Some(help)));
        }
        self.at += len;
        Ok(value)
    }

    fn number(&mut self) -> Result<Value, ParseFault> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits(),
            _ => return Err(self.here("a digit is expected after the minus sign", None)),
        }
        if matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(
                self.here("numbers have no leading zeros", Some("put it in quotes if it is an id"))
            );
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.some_digits("after the decimal point")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.some_digits("in the exponent")?;
        }
        Ok(Value::number(&self.text[start..self.at]))
    }

    fn digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }

    fn some_digits(&mut self, place: &str) -> Result<(), ParseFault> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.here(format!("a digit is expected {place}"), None));
        }
        self.digits();
        Ok(())
    }

    fn string(&mut self) -> Result<SmolStr, ParseFault> {
        let start = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = first_special(rest.as_bytes()).unwrap_or(rest.len());
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    if out.is_empty() {
                        return Ok(rest[..plain].into());
                    }
                    out.push_str(&rest[..plain]);
                    return Ok(out.into());
                }
                _ => out.push_str(&rest[..plain]),
            }
            match self.peek() {
                Some(b'\\') => out.push(self.escape()?),
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
        }
    }

    fn escape(&mut self) -> Result<char, ParseFault> {
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

    fn unicode(&mut self, start: usize) -> Result<char, ParseFault> {
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
    fn hex(&mut self, start: usize) -> Result<u32, ParseFault> {
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

    fn array(&mut self) -> Result<Value, ParseFault> {
        let open = self.at;
        let mut items = Vec::new();
        self.at += 1;
        self.blanks();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(items));
        }
        loop {
            self.path.push(ParseStep::Place(items.len()));
            items.push(self.value()?);
            self.path.pop();
            if self.more(b']', open)? {
                return Ok(Value::Array(items));
            }
        }
    }

    fn object(&mut self) -> Result<Value, ParseFault> {
        let open = self.at;
        let mut object = Object::default();
        let mut keys = HashSet::new();
        self.at += 1;
        self.blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(object));
        }
        loop {
            if self.peek() != Some(b'"') {
                let message = format!("a key in double quotes is expected, but {}", self.found());
                return Err(self.here(message, None));
            }
            let start = self.at;
            let key = self.string()?;
            let key_span = Span::new(start, self.at);
            self.path.push(ParseStep::Key(key.clone()));
            let is_known = if object.len() < FEW_KEYS {
                object.get(&key).is_some()
            } else {
                if keys.is_empty() {
                    keys.extend(object.iter().map(|member| member.key.clone()));
                }
                !keys.insert(key.clone())
            };
            if is_known {
                self.repeated.add(&key, key_span, &self.path);
            }
            self.blanks();
            if self.peek() != Some(b':') {
                let message =
                    format!("a colon is expected after the key `{key}`, but {}", self.found());
                return Err(self.here(message, None));
            }
            self.at += 1;
            self.blanks();
            let node = self.value()?;
            self.path.pop();
            object.push(Member { key, key_span, node });
            if self.more(b'}', open)? {
                return Ok(Value::Object(object));
            }
        }
    }

    /// After an item or a member: whether the container ends here. If not, the next item follows.
    fn more(&mut self, close: u8, open: usize) -> Result<bool, ParseFault> {
        self.blanks();
        match self.peek() {
            Some(b) if b == close => {
                self.at += 1;
                Ok(true)
            }
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                self.blanks();
                if self.peek() == Some(close) {
                    let message = "a comma stands before the closing bracket";
                    let span = comma..comma + 1;
                    return Err(fault(
                        FaultKind::Syntax,
                        span,
                        message,
                        Some("take the comma out"),
                    ));
                }
                Ok(false)
            }
            None => {
                let bracket = char::from(close);
                let message = format!("the text ends before the `{bracket}` that closes this");
                Err(fault(FaultKind::Syntax, open..open + 1, message, None))
            }
            Some(_) => {
                let message =
                    format!("a comma or `{}` is expected, but {}", char::from(close), self.found());
                Err(self.here(message, None))
            }
        }
    }
}

fn fault(
    kind: FaultKind,
    span: std::ops::Range<usize>,
    message: impl Into<String>,
    help: Option<&'static str>,
) -> ParseFault {
    let span = Span::new(span.start, span.end);
    ParseFault { kind, span, message: message.into(), help, pointer: String::new() }
}

#[cfg(test)]
mod tests;
