//! A value together with the path to it, so that a check never builds a pointer or a span by hand.

use std::cell::RefCell;
use std::fmt::Write as _;

use super::literal::Literal;
use super::{Document, Node, Object, Span, Value};

/// The paths that were walked in one document. [`At`] borrows from it.
#[derive(Debug)]
pub struct Trail<'a> {
    document: &'a Document,
    digits: bool,
    /// For each step the step before it, and the node at its end.
    steps: RefCell<Vec<(u32, AtStep<'a>, Option<&'a Node>)>>,
    /// The strings whose content was read last, by nesting level.
    literals: RefCell<Vec<Literal<'a>>>,
}

/// Most paths have no more steps than this.
const SHORT: usize = 8;

#[derive(Clone, Copy, Debug)]
enum AtStep<'a> {
    Root,
    Key(&'a str),
    Index(usize),
    /// Into the JSON text that a string holds.
    Json(&'a Node),
    /// Into the JSON text that a string holds as base64.
    Base64(&'a Node),
}

/// A value that is there, or the place where it would be.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    trail: &'a Trail<'a>,
    node: Option<&'a Node>,
    step: u32,
}

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

impl<'a> Trail<'a> {
    /// Nothing walked yet.
    pub fn new(document: &'a Document) -> Self {
        let mut steps = Vec::with_capacity(SHORT);
        steps.push((0, AtStep::Root, Some(document.root())));
        Self { document, digits: true, steps: RefCell::new(steps), literals: RefCell::default() }
    }

    /// The same, but digits in a string do not count as a number: types are taken strictly.
    #[must_use]
    pub fn strict(self) -> Self {
        Self { digits: false, ..self }
    }

    /// The document.
    pub fn document(&self) -> &'a Document {
        self.document
    }

    /// The outermost value.
    pub fn root(&'a self) -> At<'a> {
        At { trail: self, node: Some(self.document.root()), step: 0 }
    }

    /// The path of every member that was asked for, even if missing, as keys joined by `/`; `*` is an item of a list.
    #[cfg(test)]
    pub(crate) fn asked(&'a self) -> Vec<String> {
        let count = u32::try_from(self.steps.borrow().len()).expect("few steps");
        let way = |step| At { trail: self, node: None, step }.way();
        let name = |step: &AtStep<'a>| match step {
            AtStep::Key(key) => (*key).to_owned(),
            _ => "*".to_owned(),
        };
        let words = |step| way(step).iter().map(name).collect::<Vec<_>>().join("/");
        (1..count).map(words).collect()
    }
}

impl<'a> At<'a> {
    /// The value, if it is there.
    pub fn value(self) -> Option<&'a Value> {
        self.node.map(|node| &node.value)
    }

    /// The node, if it is there.
    pub fn node(self) -> Option<&'a Node> {
        self.node
    }

    /// Whether digits in a string stand for a number here.
    pub fn takes_digits(self) -> bool {
        self.trail.digits
    }

    /// Whether there is a value (`null` is one).
    pub fn is_there(self) -> bool {
        self.node.is_some()
    }

    /// The characters, if there is a string.
    pub fn as_str(self) -> Option<&'a str> {
        self.value()?.as_str()
    }

    /// The whole number, if there is one or a string of its digits.
    pub fn as_integer(self) -> Option<i128> {
        self.value()?.as_integer()
    }

    /// The truth value, if there is one.
    pub fn as_bool(self) -> Option<bool> {
        self.value()?.as_bool()
    }

    /// The members, if there is an object.
    pub fn as_object(self) -> Option<&'a Object> {
        self.value()?.as_object()
    }

    /// The items, if there is a list.
    pub fn as_array(self) -> Option<&'a [Node]> {
        self.value()?.as_array()
    }

    /// The member of an object; if it is missing, the place that it would have.
    pub fn get(self, key: &'a str) -> At<'a> {
        let node = self.as_object().and_then(|object| object.get(key));
        self.down(AtStep::Key(key), node)
    }

    /// The item of a list.
    pub fn item(self, index: usize) -> At<'a> {
        let node = self.as_array().and_then(|items| items.get(index));
        self.down(AtStep::Index(index), node)
    }

    /// The items of a list; none if it is not a list.
    pub fn items(self) -> impl Iterator<Item = At<'a>> {
        (0..self.as_array().map_or(0, <[Node]>::len)).map(move |index| self.item(index))
    }

    /// The members of an object with their keys; none if it is not an object.
    pub fn members(self) -> impl Iterator<Item = (&'a str, At<'a>)> {
        let members = self.as_object().map(Object::iter).into_iter().flatten();
        members.map(move |member| {
            (&*member.key, self.down(AtStep::Key(&member.key), Some(&member.node)))
        })
    }

    /// The outermost value of the JSON text in this string; `None` if the string does not hold JSON.
    pub fn json(self) -> Option<At<'a>> {
        let node = self.node?;
        let Value::String(text) = &node.value else { return None };
        let inner = text.json().ok()?;
        Some(self.down(AtStep::Json(node), Some(inner.root())))
    }

    /// The outermost value of the JSON text in this string as base64; `None` if the string does not hold it.
    pub fn base64_json(self) -> Option<At<'a>> {
        let node = self.node?;
        let Value::String(text) = &node.value else { return None };
        let inner = text.base64_json()?.ok()?;
        Some(self.down(AtStep::Base64(node), Some(inner.root())))
    }

    /// The value as an object: the value itself, or the object in its string as JSON text.
    pub fn object_or_json(self) -> Option<At<'a>> {
        if self.as_object().is_some() { Some(self) } else { self.json() }
    }

    /// The container; the outermost value is its own container.
    pub fn parent(self) -> At<'a> {
        let steps = self.trail.steps.borrow();
        let (parent, ..) = steps[self.step as usize];
        At { trail: self.trail, node: steps[parent as usize].2, step: parent }
    }

    /// The outermost value of the whole document.
    pub fn root(self) -> At<'a> {
        self.trail.root()
    }

    /// The value at a path of keys joined by `/`: from the outermost value of the document if the path begins with `/`,
    /// otherwise from here. Strings that hold JSON are entered.
    pub fn find(self, path: &'a str) -> At<'a> {
        let (mut at, path) = match path.strip_prefix('/') {
            Some(rest) => (self.root(), rest),
            None => (self, path),
        };
        if !path.is_empty() && !path.contains('/') {
            return at.step_to(path);
        }
        for key in path.split('/').filter(|key| !key.is_empty()) {
            at = at.step_to(key);
        }
        at
    }

    fn step_to(self, key: &'a str) -> At<'a> {
        match self.value() {
            Some(Value::Array(_)) => self.item(key.parse().unwrap_or(usize::MAX)),
            Some(Value::String(_)) => self.json().unwrap_or(self).get(key),
            _ => self.get(key),
        }
    }

    /// The key under which the container holds it; empty for items and for the outermost value.
    pub fn key(self) -> &'a str {
        match self.trail.steps.borrow()[self.step as usize].1 {
            AtStep::Key(key) => key,
            _ => "",
        }
    }

    /// The place in machine-readable form.
    pub fn place(self) -> Place {
        let way = self.way();
        let (pointer, inner_pointer) = pointers(&way);
        Place { pointer, inner_pointer, span: self.span(&way) }
    }

    /// Only the pointers of [`At::place`], which take less time to find.
    pub fn pointers(self) -> (String, Option<String>) {
        pointers(&self.way())
    }

    fn down(self, step: AtStep<'a>, node: Option<&'a Node>) -> At<'a> {
        let mut steps = self.trail.steps.borrow_mut();
        steps.push((self.step, step, node));
        let step = u32::try_from(steps.len() - 1).expect("a document has fewer than 2^32 values");
        At { trail: self.trail, node, step }
    }

    /// The steps from the root to here.
    fn way(self) -> Vec<AtStep<'a>> {
        let steps = self.trail.steps.borrow();
        let mut way = Vec::new();
        let mut at = self.step;
        while at != 0 {
            let (parent, step, _) = steps[at as usize];
            way.push(step);
            at = parent;
        }
        way.reverse();
        way
    }

    fn span(self, way: &[AtStep<'a>]) -> Span {
        let mut inside = self.node.map_or_else(|| self.opening(), |node| node.span);
        // From the innermost string outwards: a span in a decoded text becomes a span in the text around it.
        for (index, step) in way.iter().enumerate().rev() {
            inside = match step {
                AtStep::Json(node) => {
                    let around = way[..index].iter().rev().find_map(|outer| match outer {
                        AtStep::Json(node) | AtStep::Base64(node) => text_within(node),
                        _ => None,
                    });
                    let around = around.unwrap_or_else(|| self.trail.document.text());
                    let level = way[..index].iter().filter(|step| matches!(step, AtStep::Json(_)));
                    self.outside(level.count(), around, node.span, inside)
                }
                AtStep::Base64(node) => node.span,
                _ => inside,
            };
        }
        inside
    }

    /// Where bytes of the string at `span` are in the text around it. Callers mostly ask for places string by string.
    fn outside(self, level: usize, around: &'a str, span: Span, inside: Span) -> Span {
        let mut literals = self.trail.literals.borrow_mut();
        match literals.get(level) {
            Some(known) if known.is(around, span) => {}
            Some(_) => literals[level] = Literal::new(around, span),
            None => {
                let first = literals.len();
                literals.extend((first..=level).map(|_| Literal::new(around, span)));
            }
        }
        literals[level].outside(inside)
    }

    /// The opening bracket of the nearest container that is there.
    fn opening(self) -> Span {
        let mut at = self;
        loop {
            let parent = at.parent();
            if let Some(node) = parent.node {
                return Span::new(node.span.start, (node.span.start + 1).min(node.span.end));
            }
            if parent.step == at.step {
                return Span::default();
            }
            at = parent;
        }
    }
}

/// The decoded text to which spans inside this string refer.
fn text_within(node: &Node) -> Option<&str> {
    match &node.value {
        Value::String(text) => text.json().ok().map(Document::text).or_else(|| Some(text.as_str())),
        _ => None,
    }
}

fn pointers(way: &[AtStep<'_>]) -> (String, Option<String>) {
    let border = way.iter().position(|step| matches!(step, AtStep::Json(_) | AtStep::Base64(_)));
    match border {
        Some(border) => (pointer(&way[..border]), Some(pointer(&way[border + 1..]))),
        None => (pointer(way), None),
    }
}

fn pointer(way: &[AtStep<'_>]) -> String {
    let mut out = String::new();
    for step in way {
        match step {
            AtStep::Root => {}
            AtStep::Key(key) => {
                out.push('/');
                out.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            AtStep::Index(index) => {
                let _ = write!(out, "/{index}");
            }
            // A third level is not entered: the pointer stops at the string that holds it.
            AtStep::Json(_) | AtStep::Base64(_) => break,
        }
    }
    out
}
