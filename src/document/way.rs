//! The way to a value, and its place in the source text.

use std::fmt::Write as _;

use super::Span;
use super::at::At;

/// A place in machine-readable form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// RFC 6901 pointer into the document.
    pub pointer: String,
    /// The pointer inside the string at `pointer`, if that string holds JSON and the place is inside it.
    pub inner_pointer: Option<String>,
    /// Bytes of the source text; for a missing value, the opening bracket of its container.
    pub span: Span,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum AtStep<'a> {
    Key(&'a str),
    Index(usize),
    /// Into the JSON text that a string holds.
    Json,
    /// Into the JSON text that a string holds as base64.
    Base64,
}

impl<'a> At<'a> {
    /// The place in machine-readable form.
    pub fn place(self) -> Place {
        let (pointer, inner_pointer) = self.pointers();
        Place { pointer, inner_pointer, span: self.span() }
    }

    /// Only the pointers of [`At::place`], which take less time to find.
    pub fn pointers(self) -> (String, Option<String>) {
        let way = self.way();
        let border = way.iter().position(|step| matches!(step, AtStep::Json | AtStep::Base64));
        match border {
            Some(border) => (pointer(&way[..border]), Some(pointer(&way[border + 1..]))),
            None => (pointer(&way), None),
        }
    }

    /// The steps from the root to here.
    pub(super) fn way(self) -> Vec<AtStep<'a>> {
        let mut way = Vec::new();
        let mut at = self;
        while let Some((around, step)) = at.last_step() {
            way.push(step);
            at = around;
        }
        way.reverse();
        way
    }

    /// The place of some bytes of the text that this string holds.
    pub fn place_in_text(self, inside: Span) -> Place {
        let (pointer, inner_pointer) = self.pointers();
        let string = self.document.tape.node(self.node);
        let text = &self.document.tape.texts[usize::from(string.level)];
        let span = self.trail.outside(string.level, text, string.span(), inside);
        Place { pointer, inner_pointer, span: self.outwards(span, string.level) }
    }

    fn span(self) -> Span {
        let mut at = self;
        while !at.is_there() {
            at = at.parent();
        }
        let node = at.document.tape.node(at.node);
        let mut span = node.span();
        if !self.is_there() {
            span.end = (span.start + 1).min(span.end);
        }
        at.outwards(span, node.level)
    }

    /// A span in the text in which this value stands, as one in the source text.
    fn outwards(self, mut span: Span, mut level: u8) -> Span {
        let mut at = self;
        // From the innermost string outwards: a span in a decoded text becomes a span in the text around it.
        while let Some((around, step)) = at.last_step() {
            let string = around.document.tape.node(around.node);
            match step {
                AtStep::Json => {
                    // What was read with its document has its offsets in the text of all strings.
                    let is_read_with_it = std::ptr::eq(around.document, at.document);
                    if !is_read_with_it || level != string.level {
                        let base = if is_read_with_it { string.from as usize } else { 0 };
                        let inside = Span::new(span.start - base, span.end - base);
                        let text = &around.document.tape.texts[usize::from(string.level)];
                        span = self.trail.outside(string.level, text, string.span(), inside);
                    }
                    level = string.level;
                }
                AtStep::Base64 => (span, level) = (string.span(), string.level),
                AtStep::Key(_) | AtStep::Index(_) => {}
            }
            at = around;
        }
        span
    }
}

fn pointer(way: &[AtStep<'_>]) -> String {
    let mut out = String::new();
    for step in way {
        match step {
            AtStep::Key(key) => {
                out.push('/');
                out.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            AtStep::Index(index) => {
                let _ = write!(out, "/{index}");
            }
            // A third level is not entered: the pointer stops at the string that holds it.
            AtStep::Json | AtStep::Base64 => break,
        }
    }
    out
}
