//! JSON in which every value knows its bytes in the user's file, also inside a string that itself holds JSON.
//!
//! Reading fills a flat list of values, the tape. [`At`] walks over it; a tree of [`Value`] is made where something is
//! edited.

mod at;
mod literal;
mod parse;
mod tape;
mod text;
mod value;
mod view;
mod way;

use std::cell::OnceCell;

pub use at::{At, Trail};
pub(crate) use literal::Literal;
pub use parse::{FaultKind, MAX_DEPTH, ParseFault};
use tape::Tape;
pub(crate) use tape::{is_same, key_hash};

pub use value::{InnerText, Member, Node, Number, Object, Span, Str, Value};
pub use view::{ContainerView, NumberText, ValueView};
pub use way::Place;

/// A parsed JSON text together with the text itself.
#[derive(Debug)]
pub struct Document {
    tape: Tape,
    tree: OnceCell<Box<Node>>,
    repeated: Vec<ParseFault>,
    more_repeated: usize,
}

impl Default for Document {
    /// The value `null`.
    fn default() -> Self {
        Self::unwritten(Value::Null)
    }
}

impl Document {
    /// Parses strict JSON (RFC 8259). Repeated keys are kept and listed in [`Document::repeated`]; any other fault
    /// stops the parser.
    pub fn parse(text: impl Into<Box<str>>) -> Result<Self, ParseFault> {
        Self::parse_up_to(usize::MAX, text)
    }

    /// The same, but at most `most` repeated keys are kept, and the others are counted.
    pub fn parse_up_to(most: usize, text: impl Into<Box<str>>) -> Result<Self, ParseFault> {
        let mut document = Self::blank();
        document.read(most, text.into().into_string())?;
        Ok(document)
    }

    /// Parses another text in place of its own: the memory is used again.
    pub fn parse_again(&mut self, most: usize, text: &str) -> Result<(), ParseFault> {
        let mut own = self.tape.texts.first_mut().map(std::mem::take).unwrap_or_default();
        own.clear();
        own.push_str(text);
        self.read(most, own)
    }

    /// Without a value, which it must get.
    fn blank() -> Self {
        Self {
            tape: Tape::default(),
            tree: OnceCell::new(),
            repeated: Vec::new(),
            more_repeated: 0,
        }
    }

    fn read(&mut self, most: usize, text: String) -> Result<(), ParseFault> {
        self.tape.clear();
        self.tree = OnceCell::new();
        let parsed = parse::parse(&text, most, &mut self.tape);
        *self.tape.text_mut(0) = text;
        let parse::Parsed { repeated, more_repeated } = parsed?;
        (self.repeated, self.more_repeated) = (repeated, more_repeated);
        Ok(())
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
        let mut document = Self::blank();
        document.tape.text_mut(0);
        document.tape.push_value(&value, 0, 0);
        document.tree = OnceCell::from(Box::new(Node::bare(value)));
        document
    }

    /// The source text.
    pub fn text(&self) -> &str {
        &self.tape.texts[0]
    }

    /// The outermost value as a tree.
    pub fn root(&self) -> &Node {
        self.tree.get_or_init(|| Box::new(self.tape.tree(0)))
    }

    /// The outermost value.
    pub fn view(&self) -> ValueView<'_> {
        ValueView::of(self, 0)
    }

    /// The place of the outermost value.
    pub fn span(&self) -> Span {
        self.tape.node(0).span()
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
    pub fn into_value(mut self) -> Value {
        self.tree.take().map_or_else(|| self.tape.tree(0).value, |node| node.value)
    }
}
