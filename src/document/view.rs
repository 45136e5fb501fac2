//! A value of a document without a copy of it.

use std::fmt;

use super::tape::TapeTag;
use super::text::escaped_bytes;
use super::value::{Value, is_plain_integer, whole};
use super::{Document, Span};

/// A value of a document.
#[derive(Clone, Copy, Debug)]
pub enum ValueView<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as text.
    Number(NumberText<'a>),
    /// A string, decoded.
    String(&'a str),
    /// A list.
    Array(ContainerView<'a>),
    /// Members in source order.
    Object(ContainerView<'a>),
}

/// A number as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberText<'a>(&'a str);

/// A list or an object of a document.
#[derive(Clone, Copy)]
pub struct ContainerView<'a> {
    document: &'a Document,
    at: u32,
}

impl<'a> ValueView<'a> {
    #[inline]
    pub(super) fn of(document: &'a Document, at: u32) -> Self {
        let tape = &document.tape;
        let node = tape.node(at);
        match node.tag {
            TapeTag::Null => Self::Null,
            TapeTag::True => Self::Bool(true),
            TapeTag::False => Self::Bool(false),
            TapeTag::Number => Self::Number(NumberText(tape.characters(node))),
            TapeTag::Text | TapeTag::Key => Self::String(tape.characters(node)),
            TapeTag::List => Self::Array(ContainerView { document, at }),
            TapeTag::Object => Self::Object(ContainerView { document, at }),
        }
    }

    /// What JSON calls this kind of value, for messages.
    pub fn kind_name(self) -> &'static str {
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
    #[inline]
    pub fn as_str(self) -> Option<&'a str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The members, if it is an object.
    #[inline]
    pub fn as_object(self) -> Option<ContainerView<'a>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The items, if it is a list.
    #[inline]
    pub fn as_array(self) -> Option<ContainerView<'a>> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The number, if it is one.
    #[inline]
    pub fn as_number(self) -> Option<NumberText<'a>> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    #[inline]
    pub fn as_bool(self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The whole number that this is, or that this string holds as decimal digits.
    pub fn as_integer(self) -> Option<i128> {
        match self {
            Self::Number(number) => number.as_integer(),
            Self::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// Digits and words as they are sent in a form, a path or a query: strings bare, everything else as compact JSON.
    pub fn to_plain(self) -> String {
        match self {
            Self::String(text) => text.to_owned(),
            other => other.to_compact(),
        }
    }

    /// Compact JSON, as [`Value::to_compact`] writes it.
    pub fn to_compact(self) -> String {
        match self {
            Self::Array(view) | Self::Object(view) => {
                let mut out = String::new();
                view.document.tape.write(view.at, &mut out);
                out
            }
            Self::Number(number) => number.0.to_owned(),
            other => other.to_value().to_compact(),
        }
    }

    /// The length of [`ValueView::to_compact`] in bytes.
    pub fn compact_bytes(self) -> usize {
        match self {
            Self::Array(view) | Self::Object(view) => view.document.tape.compact_bytes(view.at),
            Self::Number(number) => number.0.len(),
            Self::String(text) => 2 + escaped_bytes(text.as_bytes()),
            Self::Null | Self::Bool(true) => 4,
            Self::Bool(false) => 5,
        }
    }

    /// A copy of it, without its place.
    pub fn to_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => value.into(),
            Self::Number(number) => Value::number(number.0),
            Self::String(text) => text.into(),
            Self::Array(view) | Self::Object(view) => view.document.tape.tree(view.at).value,
        }
    }
}

impl<'a> NumberText<'a> {
    /// The text as it was written.
    #[inline]
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// Whether it is written without fraction and exponent.
    pub fn is_plain_integer(self) -> bool {
        is_plain_integer(self.0)
    }

    /// The whole number that it is; `1.0` and `1e2` are whole. `1.5` is not, and neither is a number above 128 bits.
    pub fn as_integer(self) -> Option<i128> {
        whole(self.0)
    }

    /// The nearest double.
    pub fn as_f64(self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }
}

impl fmt::Display for NumberText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for ContainerView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.document.tape.tree(self.at).value, f)
    }
}

impl<'a> ContainerView<'a> {
    /// How many items or members it has.
    #[inline]
    pub fn len(self) -> usize {
        self.document.tape.node(self.at).count as usize
    }

    /// Whether it has none.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The values in source order: the items of a list, the values of members.
    pub fn values(self) -> impl Iterator<Item = ValueView<'a>> {
        self.nodes().map(move |at| ValueView::of(self.document, at))
    }

    /// Whether all values are strings, and each is another one. For a long list the answer is always no: a set answers
    /// that faster.
    pub fn are_few_and_distinct_texts(self) -> bool {
        const FEW: usize = 32;
        let tape = &self.document.tape;
        let texts = || self.nodes().map(|at| tape.node(at));
        self.len() <= FEW
            && texts().all(|node| node.tag == TapeTag::Text)
            && texts().enumerate().all(|(index, node)| {
                let text = tape.bytes(node);
                texts().take(index).all(|before| tape.bytes(before) != text)
            })
    }

    /// The places of its items, or of the values of its members, in the text that holds it.
    pub fn spans(self) -> impl Iterator<Item = Span> {
        let tape = &self.document.tape;
        self.nodes().map(|at| tape.node(at).span())
    }

    fn nodes(self) -> impl Iterator<Item = u32> {
        let tape = &self.document.tape;
        let key = u32::from(tape.node(self.at).tag == TapeTag::Object);
        let mut next = self.at + 1;
        (0..self.len()).map(move |_| {
            let at = next + key;
            next = tape.node(at).next;
            at
        })
    }

    /// The members of an object in source order.
    pub fn members(self) -> impl Iterator<Item = (&'a str, ValueView<'a>)> {
        self.keys().zip(self.values())
    }

    /// The length of an object as compact JSON in bytes, without the members that have these keys.
    pub fn compact_bytes_without(self, left_out: &[&str]) -> usize {
        let kept = self.members().filter(|(key, _)| !left_out.contains(key));
        let bytes = kept.map(|(key, value)| {
            // Quotes, colon and comma.
            4 + escaped_bytes(key.as_bytes()) + value.compact_bytes()
        });
        // The braces are two bytes, and the last member has no comma.
        2 + bytes.sum::<usize>().saturating_sub(1)
    }

    /// The keys of an object in source order.
    pub fn keys(self) -> impl Iterator<Item = &'a str> {
        let tape = &self.document.tape;
        let is_object = tape.node(self.at).tag == TapeTag::Object;
        let mut next = self.at + 1;
        (0..if is_object { self.len() } else { 0 }).map(move |_| {
            let key = tape.node(next);
            next = tape.node(next + 1).next;
            tape.characters(key)
        })
    }

    /// The value of a key of an object; if the key is repeated, the last value, as in vendors' parsers.
    pub fn get(self, key: &str) -> Option<ValueView<'a>> {
        let tape = &self.document.tape;
        let is_object = tape.node(self.at).tag == TapeTag::Object;
        let found = is_object.then(|| tape.member(self.at, key))??;
        Some(ValueView::of(self.document, found))
    }
}
