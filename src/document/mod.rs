//! JSON in which every value knows its bytes in the user's file, also inside a string that itself holds JSON.

mod at;
mod literal;
mod parse;
mod text;
mod value;

pub use at::{At, Place, Trail};
pub(crate) use literal::Literal;
pub use parse::{FaultKind, MAX_DEPTH, ParseFault};
pub use value::{InnerText, Member, Node, Number, Object, Span, Str, Value};

/// A parsed JSON text together with the text itself.
#[derive(Debug)]
pub struct Document {
    text: Box<str>,
    root: Node,
    repeated: Vec<ParseFault>,
    more_repeated: usize,
}

impl Document {
    /// Parses strict JSON (RFC 8259). Repeated keys are kept and listed in [`Document::repeated`]; any other fault
    /// stops the parser.
    pub fn parse(text: impl Into<Box<str>>) -> Result<Self, ParseFault> {
        Self::parse_up_to(usize::MAX, text)
    }

    /// The same, but at most `most` repeated keys are kept, and the others are counted.
    pub fn parse_up_to(most: usize, text: impl Into<Box<str>>) -> Result<Self, ParseFault> {
        let text = text.into();
        let parse::Parsed { root, repeated, more_repeated } = parse::parse(&text, most)?;
        Ok(Self { text, root, repeated, more_repeated })
    }

    /// Parses the bytes of a file: invalid UTF-8 and a byte order mark have their own faults.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, ParseFault> {
        Self::parse(parse::decode(bytes)?)
    }

    /// The document that a value would be if it were written as compact JSON.
    pub fn of(value: &Value) -> Self {
        Self::parse(value.to_compact()).expect("a value writes itself as valid JSON")
    }

    /// A value without a source text: it can be walked like any other, but has no places.
    pub fn unwritten(value: Value) -> Self {
        Self {
            text: Box::default(),
            root: Node::bare(value),
            repeated: Vec::new(),
            more_repeated: 0,
        }
    }

    /// The source text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The outermost value.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// Keys that occur more than once in their object, in source order; the span is that of the later one.
    pub fn repeated(&self) -> &[ParseFault] {
        &self.repeated
    }

    /// How many more repeated keys there are than [`Document::repeated`] has.
    pub fn more_repeated(&self) -> usize {
        self.more_repeated
    }

    /// The value alone, without its text.
    pub fn into_value(self) -> Value {
        self.root.value
    }
}
