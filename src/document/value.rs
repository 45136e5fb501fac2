//! The tree of a JSON text: it keeps order, number text and spans, so that herald sends exactly what the user wrote.
//!
//! Short texts are stored in the tree itself; copies share longer ones: a broadcast copies the tree for each request.

use std::cell::OnceCell;
use std::fmt;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use smol_str::SmolStr;

use super::text::write_string;
use super::{Document, ParseFault};

/// Bytes of a source text, from `start` to `end`, `end` itself excluded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }
}

/// A value and its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its place; for a string, with the quotes.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// A JSON value.
#[derive(Clone, Debug)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as text.
    Number(Number),
    /// A string, decoded.
    String(Str),
    /// A list.
    Array(Vec<Node>),
    /// Members in source order.
    Object(Object),
}

/// A number as it was written: nothing is rounded, whatever its size.
#[derive(Clone, PartialEq, Eq)]
pub struct Number(SmolStr);

/// A decoded string, and its content if it is itself a document (parsed once, on first use).
#[derive(Clone)]
pub struct Str {
    text: SmolStr,
    inner: OnceCell<Box<InnerText>>,
}

/// What a string holds besides its characters.
#[derive(Debug, Default)]
pub struct InnerText {
    json: OnceCell<Result<Document, ParseFault>>,
    bytes: OnceCell<Option<Vec<u8>>>,
    base64_json: OnceCell<Option<Result<Document, ParseFault>>>,
}

/// An object's members, in source order.
#[derive(Clone, Debug, Default)]
pub struct Object(Vec<Member>);

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Member {
    /// The key, decoded.
    pub key: SmolStr,
    /// Where the key stands, with its quotes.
    pub key_span: Span,
    /// The value.
    pub node: Node,
}

/// Standard alphabet, any padding: what Java's basic decoder accepts.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Most payloads are no longer than this many bytes.
const ORDINARY: usize = 512;

impl Node {
    /// A value that is not from a file.
    pub fn bare(value: impl Into<Value>) -> Self {
        Self { span: Span::default(), value: value.into() }
    }
}

impl Value {
    /// An empty object.
    pub fn object() -> Self {
        Self::Object(Object::default())
    }

    /// A number from its text, which must be a JSON number.
    pub fn number(text: impl Into<SmolStr>) -> Self {
        Self::Number(Number(text.into()))
    }

    /// What JSON calls this kind of value, for messages.
    pub fn kind_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// The characters, if it is a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// The members, if it is an object.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The members, mutable, if it is an object.
    pub fn as_object_mut(&mut self) -> Option<&mut Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn as_array(&self) -> Option<&[Node]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<&Number> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The whole number that this is, or that this string holds as decimal digits.
    pub fn as_integer(&self) -> Option<i128> {
        match self {
            Self::Number(number) => number.as_integer(),
            Self::String(text) => text.as_str().parse().ok(),
            _ => None,
        }
    }

    /// Digits and words as they are sent in a form, a path or a query: strings bare, everything else as compact JSON.
    pub fn to_plain(&self) -> String {
        match self {
            Self::String(text) => text.as_str().to_owned(),
            Self::Number(number) => number.as_str().to_owned(),
            other => other.to_compact(),
        }
    }

    /// Compact JSON: no blanks, members in order, numbers as written; only `"`, `\` and control characters are escaped.
    pub fn to_compact(&self) -> String {
        let mut out = String::with_capacity(ORDINARY);
        self.write(&mut out);
        out
    }

    /// The length of [`Value::to_compact`] in bytes.
    pub fn compact_bytes(&self) -> usize {
        self.to_compact().len()
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(true) => out.push_str("true"),
            Self::Bool(false) => out.push_str("false"),
            Self::Number(number) => out.push_str(&number.0),
            Self::String(text) => write_string(out, text.as_str()),
            Self::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.value.write(out);
                }
                out.push(']');
            }
            Self::Object(object) => {
                out.push('{');
                for (index, member) in object.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_string(out, &member.key);
                    out.push(':');
                    member.node.value.write(out);
                }
                out.push('}');
            }
        }
    }

    /// Whether both say the same; member order and number spelling (`1.0` = `1`) do not matter.
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => {
                a == b || a.as_integer().zip(b.as_integer()).is_some_and(|(a, b)| a == b)
            }
            (Self::String(a), Self::String(b)) => a.as_str() == b.as_str(),
            (Self::Array(a), Self::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.value.same(&b.value))
            }
            (Self::Object(a), Self::Object(b)) => {
                a.len() == b.len()
                    && a.iter().all(|m| b.get(&m.key).is_some_and(|n| n.value.same(&m.node.value)))
            }
            _ => false,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(Str::new(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(Str::new(text))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::number(value.to_string())
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Self::number(value.to_string())
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::Array(items.into_iter().map(Node::bare).collect())
    }
}

impl Number {
    /// The text as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is written without fraction and exponent.
    pub fn is_plain_integer(&self) -> bool {
        is_plain_integer(&self.0)
    }

    /// The whole number that it is; `1.0` and `1e2` are whole. `1.5` is not, and neither is a number above 128 bits.
    pub fn as_integer(&self) -> Option<i128> {
        whole(&self.0)
    }

    /// The nearest double.
    pub fn as_f64(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }
}

/// Whether a number is written without fraction and exponent.
pub(super) fn is_plain_integer(text: &str) -> bool {
    text.strip_prefix('-').unwrap_or(text).bytes().all(|b| b.is_ascii_digit())
}

/// The whole number that a number is, if it is one within 128 bits.
pub(super) fn whole(text: &str) -> Option<i128> {
    if is_plain_integer(text) {
        // The conversion of 64 bits is several times as fast.
        return text.parse::<i64>().map(i128::from).or_else(|_| text.parse()).ok();
    }
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let shift = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    match u32::try_from(shift) {
        Ok(up) => digits.checked_mul(10_i128.checked_pow(up)?),
        Err(_) => {
            let down = 10_i128.checked_pow(shift.unsigned_abs())?;
            (digits % down == 0).then(|| digits / down)
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Str {
    /// A string.
    pub fn new(text: impl Into<SmolStr>) -> Self {
        Self { text: text.into(), inner: OnceCell::new() }
    }

    /// Its characters.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The document that its characters are, or why they are not one.
    pub fn json(&self) -> Result<&Document, &ParseFault> {
        self.inner().json.get_or_init(|| Document::parse(&*self.text)).as_ref()
    }

    /// The bytes that its characters stand for in base64 (standard alphabet, padding optional, nothing else in
    /// between), or `None` if it is not base64.
    pub fn base64(&self) -> Option<&[u8]> {
        // Padding is complete or absent.
        let half_padded = self.text.ends_with('=') && !self.text.len().is_multiple_of(4);
        let decode = || BASE64.decode(self.text.as_bytes()).ok().filter(|_| !half_padded);
        self.inner().bytes.get_or_init(decode).as_deref()
    }

    /// The document that its base64 stands for: `None` if it is not base64.
    pub fn base64_json(&self) -> Option<Result<&Document, &ParseFault>> {
        let inner = self.inner();
        let json = inner
            .base64_json
            .get_or_init(|| self.base64().map(|bytes| Document::from_bytes(bytes.to_vec())));
        json.as_ref().map(Result::as_ref)
    }

    fn inner(&self) -> &InnerText {
        self.inner.get_or_init(Box::default)
    }
}

impl Clone for InnerText {
    /// The parse result is not copied; it is parsed again on demand.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl Object {
    pub(super) fn with_capacity(members: usize) -> Self {
        Self(Vec::with_capacity(members))
    }

    /// How many members it has.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The members in source order.
    pub fn iter(&self) -> std::slice::Iter<'_, Member> {
        self.0.iter()
    }

    /// The same, mutable.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Member> {
        self.0.iter_mut()
    }

    /// The value of a key; if the key is repeated, the last value, as in vendors' parsers.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.member(key).map(|member| &member.node)
    }

    /// The member with a key; if the key is repeated, the last one.
    pub fn member(&self, key: &str) -> Option<&Member> {
        self.0.iter().rev().find(|member| &*member.key == key)
    }

    /// The value of a key, mutable.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.0.iter_mut().rev().find(|member| &*member.key == key).map(|member| &mut member.node)
    }

    /// Adds a member as it was read.
    pub fn push(&mut self, member: Member) {
        self.0.push(member);
    }

    /// Sets the value of a key: replaces the current value, or appends a member.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) -> &mut Node {
        let at = match self.0.iter().rposition(|member| &*member.key == key) {
            Some(at) => at,
            None => {
                self.0.push(Member {
                    key: key.into(),
                    key_span: Span::default(),
                    node: Node::bare(Value::Null),
                });
                self.0.len() - 1
            }
        };
        let node = &mut self.0[at].node;
        node.value = value.into();
        node
    }

    /// Removes every occurrence of a key and returns the last value.
    pub fn remove(&mut self, key: &str) -> Option<Node> {
        let mut found = None;
        self.0.retain_mut(|member| {
            let hit = &*member.key == key;
            if hit {
                found = Some(std::mem::replace(&mut member.node, Node::bare(Value::Null)));
            }
            !hit
        });
        found
    }
}

impl<'a> IntoIterator for &'a Object {
    type Item = &'a Member;
    type IntoIter = std::slice::Iter<'a, Member>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
