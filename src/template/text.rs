//! Texts that differ from target to target: `{{name}}` in any text of a payload.
//!
//! A variable is in a *string value*, at any depth: in the payload itself, in the JSON that a string holds, in the JSON
//! that a string holds in base64, and so on. Its value is inserted as characters of that string, so a quote, a
//! backslash or a line break in it never breaks the JSON around it. Inserted text is not searched again: a value that
//! contains `{{x}}` is sent as it is.
//!
//! A name is the text in the braces without the blanks around it: a column of a list may have any name. `\{{` stands for
//! the braces themselves, so a literal `{{name}}` is written `\{{name}}`. Nothing else is an escape: backslashes count only
//! directly before `{{`, where two of them stand for one (`\\{{name}}` is a backslash and the value), and an odd last one
//! makes the braces literal. Of three opening braces the first is a character; four and more are no variable. Keys of objects are not templates, and neither are single braces, which some vendors use for
//! their own placeholders. Text that looks like a variable but is not one is left unchanged and reported by
//! [`Template::suspicious`].
//!
//! A string counts as JSON if it is an object or a list before insertion. A string that becomes JSON only after its
//! variables are inserted (`{"n":{{n}}}`) is plain text, and suspicious. In a string that holds JSON, only the texts
//! with variables are written again; everything around them stays unchanged.
//!
//! ```
//! use herald::template::text::Template;
//! use herald::document::Document;
//!
//! let body = Document::parse(r#"{"content":"{\"text\":\"Hello {{ name }}\"}"}"#).unwrap().into_value();
//! let template = Template::parse(&body);
//! assert_eq!(template.names(), ["name"]);
//! let rendered = template.render(&|_| Some(r#"Bob "B""#)).unwrap();
//! assert_eq!(rendered.to_compact(), r#"{"content":"{\"text\":\"Hello Bob \\\"B\\\"\"}"}"#);
//! ```

mod parse;

#[cfg(test)]
mod tests;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use smol_str::SmolStr;

use crate::document::{Member, Node, Object, Span, Value};
use crate::error::Error;

/// A payload and its variables.
#[derive(Clone, Debug)]
pub struct Template {
    body: TemplatePart,
    names: Vec<String>,
    uses: Vec<VariableUse>,
    suspicious: Vec<FaultyVariable>,
    has_literal_braces: bool,
}

/// A place of a payload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayloadPlace {
    /// RFC 6901 pointer to the value of the payload.
    pub pointer: String,
    /// If the string there holds JSON, the pointer inside it; it stops at a string that again holds JSON.
    pub inner_pointer: Option<String>,
}

/// The text in braces, and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableUse {
    /// The name.
    pub name: String,
    /// Its place.
    pub spot: PayloadPlace,
}

/// Text that looks like a variable but is not one, or is one that cannot be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultyVariable {
    /// The text, unchanged.
    pub text: String,
    /// Its place.
    pub spot: PayloadPlace,
    /// What is wrong with it.
    pub why: BraceFault,
}

/// What is wrong with braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BraceFault {
    /// They are not closed, or hold nothing.
    Braces,
    /// They are in a key.
    Key,
    /// They are in a text that begins like JSON but is not JSON without their value: herald cannot know how to escape
    /// the value there.
    Json,
}

/// A variable without a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing(pub VariableUse);

/// A value with its variables.
#[derive(Clone, Debug)]
enum TemplatePart {
    Same(Value),
    Text(Vec<TextPiece>),
    List(Vec<TemplatePart>),
    Object(Vec<(SmolStr, TemplatePart)>),
}

/// A piece of a text.
#[derive(Clone, Debug)]
enum TextPiece {
    /// Characters as they are.
    Literal(SmolStr),
    /// The value of a variable: its index in the list of uses.
    Variable(usize),
    /// A text, written as a JSON string with its quotes.
    Quoted(Vec<TextPiece>),
    /// A text in base64; `true` if it is padded.
    Base64(Vec<TextPiece>, bool),
}

impl Template {
    /// Finds every variable of a payload, once.
    pub fn parse(body: &Value) -> Self {
        parse::template(body)
    }

    /// The names of the variables, each once, in the order in which they occur.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Every occurrence of a variable.
    pub fn uses(&self) -> &[VariableUse] {
        &self.uses
    }

    /// Whether the payload goes out as it is written.
    pub fn is_plain(&self) -> bool {
        self.uses.is_empty() && !self.has_literal_braces
    }

    /// Whether it is a text that begins with the value of a variable.
    pub fn begins_with_variable(&self) -> bool {
        matches!(&self.body, TemplatePart::Text(pieces) if matches!(pieces.first(), Some(TextPiece::Variable(_))))
    }

    /// Text that looks like a variable but is not one: braces that are not closed or hold nothing, braces in a key, and
    /// variables in a text that begins like JSON but is not. They are left unchanged (the last are inserted as plain
    /// text), so that the sender refuses or reports them.
    pub fn suspicious(&self) -> &[FaultyVariable] {
        &self.suspicious
    }

    /// The payload with the values inserted.
    pub fn render<'v>(&self, value: &dyn Fn(&str) -> Option<&'v str>) -> Result<Value, Missing> {
        self.part(&self.body, value)
    }

    fn part<'v>(
        &self,
        part: &TemplatePart,
        value: &dyn Fn(&str) -> Option<&'v str>,
    ) -> Result<Value, Missing> {
        Ok(match part {
            TemplatePart::Same(same) => same.clone(),
            TemplatePart::Text(pieces) => {
                let mut out = String::new();
                self.text(pieces, value, &mut out)?;
                Value::from(out)
            }
            TemplatePart::List(parts) => {
                let items = parts.iter().map(|part| self.part(part, value).map(Node::bare));
                Value::Array(items.collect::<Result<_, _>>()?)
            }
            TemplatePart::Object(members) => {
                let mut object = Object::default();
                for (key, part) in members {
                    let node = Node::bare(self.part(part, value)?);
                    object.push(Member { key: key.clone(), key_span: Span::default(), node });
                }
                Value::Object(object)
            }
        })
    }

    fn text<'v>(
        &self,
        pieces: &[TextPiece],
        value: &dyn Fn(&str) -> Option<&'v str>,
        out: &mut String,
    ) -> Result<(), Missing> {
        let inner = |pieces: &[TextPiece]| {
            let mut inner = String::new();
            self.text(pieces, value, &mut inner).map(|()| inner)
        };
        for piece in pieces {
            match piece {
                TextPiece::Literal(text) => out.push_str(text),
                TextPiece::Variable(index) => {
                    let used = &self.uses[*index];
                    let found = value(&used.name).ok_or_else(|| Missing(used.clone()))?;
                    out.push_str(found);
                }
                TextPiece::Quoted(pieces) => {
                    out.push_str(&Value::from(inner(pieces)?).to_compact())
                }
                TextPiece::Base64(pieces, true) => out.push_str(&STANDARD.encode(inner(pieces)?)),
                TextPiece::Base64(pieces, false) => {
                    out.push_str(&STANDARD_NO_PAD.encode(inner(pieces)?));
                }
            }
        }
        Ok(())
    }
}

/// Whether a text in braces reads as a name: letters of any script, digits, blanks and `_`, `-`, `.`. Another one, as
/// `#if x` or `name | upper`, is a name only where a list has it.
pub fn reads_as_name(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.'))
}

/// What can be written in a template, as advice.
pub const VARIABLE_FORMS: &str = "a variable is `{{NAME}}`, with the name of a column of the list; `\\{{` writes a literal `{{`, \
     and of backslashes before `{{` two write one";

/// The error about a text in braces that no list has and that does not read as a name.
pub fn no_variable(text: &str) -> Error {
    Error::usage(format!("`{{{{{text}}}}}` is no variable")).help(VARIABLE_FORMS)
}

/// The parts of a text that are neither variables nor literal braces with what they enclose.
pub fn plain_parts(text: &str) -> Vec<&str> {
    let mut is_enclosed = false;
    let mut parts = Vec::new();
    for token in parse::tokens(text) {
        if let parse::Token::Literal(literal) = token {
            let end = literal.find("}}").filter(|_| is_enclosed).map_or(0, |at| at + 2);
            parts.push(&literal[end..]);
        }
        is_enclosed = token == parse::Token::Braces;
    }
    parts
}

impl fmt::Display for PayloadPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.pointer.is_empty() { "/" } else { &self.pointer })?;
        match self.inner_pointer.as_deref() {
            Some(inner) if !inner.is_empty() => write!(f, ", inside at {inner}"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no value for `{{{{{}}}}}` at {}", self.0.name, self.0.spot)
    }
}

impl std::error::Error for Missing {}

impl From<Missing> for Error {
    fn from(missing: Missing) -> Self {
        Self::input(missing.to_string()).help(
            "variables come from a CSV column or an NDJSON member of that name; `\\{{` writes a literal `{{`",
        )
    }
}
