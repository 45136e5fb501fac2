//! A value together with the path to it, so that a check never builds a pointer or a span by hand.

use std::cell::RefCell;

use super::literal::Literal;
use super::tape::{NO_JSON, NOT_READ, TapeTag};
use super::view::{ContainerView, ValueView};
use super::way::{AtStep, Place};
use super::{Document, ParseFault, Span, Str};

/// What was walked in one document. [`At`] borrows from it.
#[derive(Debug)]
pub struct Trail<'a> {
    document: &'a Document,
    digits: bool,
    /// Steps to values that are missing in a value that is missing: where they begin, and the step.
    steps: RefCell<Vec<(At<'a>, AtStep<'a>)>>,
    /// Documents in strings that were not read with theirs: the document, the string, and how it is read.
    inner: RefCell<Vec<(&'a Document, At<'a>, AtStep<'a>)>>,
    /// The strings whose content was read last, by nesting level.
    literals: RefCell<Vec<Literal<'a>>>,
    #[cfg(test)]
    asked: RefCell<Vec<At<'a>>>,
}

/// A value that is there, or the place where it would be.
#[derive(Clone, Copy)]
pub struct At<'a> {
    pub(super) trail: &'a Trail<'a>,
    pub(super) document: &'a Document,
    /// The value, or the nearest one that is there.
    pub(super) node: u32,
    gap: AtGap<'a>,
}

/// What is missing in a value.
#[derive(Clone, Copy, Debug)]
enum AtGap<'a> {
    Nothing,
    Key(&'a str),
    Item(u32),
    /// A step of the trail, from a place that is missing itself.
    Below(u32),
}

impl<'a> Trail<'a> {
    /// Nothing walked yet.
    pub fn new(document: &'a Document) -> Self {
        Self {
            document,
            digits: true,
            steps: RefCell::default(),
            inner: RefCell::default(),
            literals: RefCell::default(),
            #[cfg(test)]
            asked: RefCell::default(),
        }
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
        At { trail: self, document: self.document, node: 0, gap: AtGap::Nothing }
    }

    /// Where bytes of the string at `span` are in the text around it. Callers mostly ask for places string by string.
    pub(super) fn outside(&self, level: u8, around: &'a str, span: Span, inside: Span) -> Span {
        let level = usize::from(level);
        let mut literals = self.literals.borrow_mut();
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

    /// The path of every member that was asked for, even if missing, as keys joined by `/`; `*` is an item of a list.
    #[cfg(test)]
    pub(crate) fn asked(&'a self) -> Vec<String> {
        let name = |step: &AtStep<'a>| match step {
            AtStep::Key(key) => (*key).to_owned(),
            _ => "*".to_owned(),
        };
        let words = |at: &At<'a>| at.way().iter().map(name).collect::<Vec<_>>().join("/");
        self.asked.borrow().iter().map(words).collect()
    }
}

impl<'a> At<'a> {
    /// The value, if it is there.
    #[inline]
    pub fn value(self) -> Option<ValueView<'a>> {
        self.is_there().then(|| ValueView::of(self.document, self.node))
    }

    /// Its place in the text that holds it, if it is there: for a value in a string, in the content of the string.
    pub fn own_span(self) -> Option<Span> {
        self.is_there().then(|| self.document.tape.node(self.node).span())
    }

    /// Whether digits in a string stand for a number here.
    pub fn takes_digits(self) -> bool {
        self.trail.digits
    }

    /// Whether there is a value (`null` is one).
    #[inline]
    pub fn is_there(self) -> bool {
        matches!(self.gap, AtGap::Nothing)
    }

    /// Whether it is the outermost value of the whole document.
    pub fn is_root(self) -> bool {
        self.is_there() && self.node == 0 && std::ptr::eq(self.document, self.trail.document)
    }

    /// The characters, if there is a string.
    #[inline]
    pub fn as_str(self) -> Option<&'a str> {
        self.value()?.as_str()
    }

    /// The whole number, if there is one or a string of its digits.
    pub fn as_integer(self) -> Option<i128> {
        self.value()?.as_integer()
    }

    /// The truth value, if there is one.
    #[inline]
    pub fn as_bool(self) -> Option<bool> {
        self.value()?.as_bool()
    }

    /// The members, if there is an object.
    #[inline]
    pub fn as_object(self) -> Option<ContainerView<'a>> {
        self.value()?.as_object()
    }

    /// The items, if there is a list.
    #[inline]
    pub fn as_array(self) -> Option<ContainerView<'a>> {
        self.value()?.as_array()
    }

    /// The member of an object; if it is missing, the place that it would have.
    #[inline]
    pub fn get(self, key: &'a str) -> At<'a> {
        if !self.is_there() {
            return self.below(AtStep::Key(key));
        }
        let found = match self.tag() {
            TapeTag::Object => self.document.tape.member(self.node, key),
            _ => None,
        };
        self.noted(match found {
            Some(node) => At { node, ..self },
            None => At { gap: AtGap::Key(key), ..self },
        })
    }

    /// The item of a list.
    pub fn item(self, index: usize) -> At<'a> {
        if !self.is_there() {
            return self.below(AtStep::Index(index));
        }
        match self.items().nth(index) {
            Some(item) => item,
            None => {
                let index = u32::try_from(index).unwrap_or(u32::MAX);
                self.noted(At { gap: AtGap::Item(index), ..self })
            }
        }
    }

    /// The items of a list; none if it is not a list.
    pub fn items(self) -> impl Iterator<Item = At<'a>> {
        let is_list = self.is_there() && self.tag() == TapeTag::List;
        let tape = &self.document.tape;
        let mut next = self.node + 1;
        (0..if is_list { tape.node(self.node).count } else { 0 }).map(move |_| {
            let node = next;
            next = tape.node(node).next;
            self.noted(At { node, ..self })
        })
    }

    /// The members of an object with their keys; none if it is not an object.
    pub fn members(self) -> impl Iterator<Item = (&'a str, At<'a>)> {
        let is_object = self.is_there() && self.tag() == TapeTag::Object;
        let tape = &self.document.tape;
        let mut next = self.node + 1;
        (0..if is_object { tape.node(self.node).count } else { 0 }).map(move |_| {
            let key = tape.characters(tape.node(next));
            let node = next + 1;
            next = tape.node(node).next;
            (key, self.noted(At { node, ..self }))
        })
    }

    /// The members in this value, at any depth, whose key their object has already. Strings are not entered.
    pub fn repeated(self) -> Vec<At<'a>> {
        let tape = &self.document.tape;
        let mut found = Vec::new();
        let mut node = self.node;
        let end = if self.is_there() { tape.node(node).next } else { node };
        while node < end {
            let one = tape.node(node);
            if one.tag == TapeTag::Object {
                let again = tape.repeated_members(node).into_iter();
                found.extend(again.map(|node| At { node, ..self }));
            }
            node = if one.tag == TapeTag::Text { one.next } else { node + 1 };
        }
        found
    }

    /// The place of a member, with the bytes of its key.
    pub fn key_place(self) -> Place {
        let is_member = self.is_there() && self.document.tape.key(self.node).is_some();
        let span = if is_member {
            At { node: self.node - 1, ..self }.place().span
        } else {
            self.place().span
        };
        Place { span, ..self.place() }
    }

    /// The members of an object: for each the hash of its key, whether its key is a word, and the number of its value.
    pub(crate) fn keyed_members(self) -> impl Iterator<Item = (u32, impl Fn(&str) -> bool, u32)> {
        let is_object = self.is_there() && self.tag() == TapeTag::Object;
        let tape = &self.document.tape;
        let mut next = self.node + 1;
        (0..if is_object { tape.node(self.node).count } else { 0 }).map(move |_| {
            let (key, value) = (tape.node(next), next + 1);
            next = tape.node(value).next;
            (key.count, move |word: &str| tape.is_key(key, key.count, word), value)
        })
    }

    /// The place that a member would have which is not there.
    #[inline]
    pub(crate) fn missing(self, key: &'a str) -> At<'a> {
        At { gap: AtGap::Key(key), ..self }
    }

    /// The value with a number in the same document.
    #[inline]
    pub(crate) fn at_node(self, node: u32) -> At<'a> {
        self.noted(At { node, gap: AtGap::Nothing, ..self })
    }

    /// The string with what it holds, if there is a string.
    pub fn string(self) -> Option<&'a Str> {
        let is_text = self.is_there() && self.tag() == TapeTag::Text;
        is_text.then(|| self.document.tape.string(self.node))
    }

    /// The outermost value of the JSON text in this string; `None` if the string does not hold JSON.
    pub fn json(self) -> Option<At<'a>> {
        self.read_json()?.ok()
    }

    /// The same, or why the string does not hold JSON; `None` if there is no string.
    pub fn read_json(self) -> Option<Result<At<'a>, &'a ParseFault>> {
        self.as_str()?;
        match self.document.tape.node(self.node).inner {
            NOT_READ => {}
            NO_JSON => return Some(Err(self.string()?.json().err()?)),
            node => return Some(Ok(self.noted(At { node, ..self }))),
        }
        let inner = self.string()?.json();
        Some(inner.map(|document| self.enter(document, AtStep::Json)))
    }

    /// The outermost value of the JSON text in this string as base64; `None` if the string does not hold it.
    pub fn base64_json(self) -> Option<At<'a>> {
        let inner = self.string()?.base64_json()?.ok()?;
        Some(self.enter(inner, AtStep::Base64))
    }

    /// The value as an object: the value itself, or the object in its string as JSON text.
    pub fn object_or_json(self) -> Option<At<'a>> {
        if self.as_object().is_some() { Some(self) } else { self.json() }
    }

    /// The container; the outermost value is its own container.
    pub fn parent(self) -> At<'a> {
        self.last_step().map_or(self, |(around, _)| around)
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
        let mut rest = path;
        loop {
            // A search for a byte in a short text is not worth a call.
            let end = rest.bytes().position(|byte| byte == b'/').unwrap_or(rest.len());
            if end > 0 {
                at = at.step_to(&rest[..end]);
            }
            match rest.get(end + 1..) {
                Some(after) => rest = after,
                None => return at,
            }
        }
    }

    fn step_to(self, key: &'a str) -> At<'a> {
        match self.is_there().then(|| self.tag()) {
            Some(TapeTag::List) => self.item(key.parse().unwrap_or(usize::MAX)),
            Some(TapeTag::Text) => self.json().unwrap_or(self).get(key),
            _ => self.get(key),
        }
    }

    /// The key under which the container holds it; empty for items and for the outermost value.
    pub fn key(self) -> &'a str {
        match self.gap {
            AtGap::Nothing => self.document.tape.key(self.node).unwrap_or_default(),
            AtGap::Key(key) => key,
            AtGap::Item(_) => "",
            AtGap::Below(step) => match self.trail.steps.borrow()[step as usize].1 {
                AtStep::Key(key) => key,
                _ => "",
            },
        }
    }

    /// The place from which the last step leads here, and that step; `None` for the outermost value.
    pub(super) fn last_step(self) -> Option<(At<'a>, AtStep<'a>)> {
        let there = |node| At { node, gap: AtGap::Nothing, ..self };
        match self.gap {
            AtGap::Key(key) => return Some((there(self.node), AtStep::Key(key))),
            AtGap::Item(index) => {
                return Some((there(self.node), AtStep::Index(index as usize)));
            }
            AtGap::Below(step) => return Some(self.trail.steps.borrow()[step as usize]),
            AtGap::Nothing => {}
        }
        if self.node == 0 {
            let inner = self.trail.inner.borrow();
            let (_, around, step) =
                inner.iter().rev().find(|(document, ..)| std::ptr::eq(*document, self.document))?;
            return Some((*around, *step));
        }
        let tape = &self.document.tape;
        let node = tape.node(self.node);
        let around = there(node.parent);
        Some(match around.tag() {
            TapeTag::List => (around, AtStep::Index(node.index as usize)),
            TapeTag::Object => (around, AtStep::Key(self.key())),
            _ => (around, AtStep::Json),
        })
    }

    #[inline]
    fn tag(self) -> TapeTag {
        self.document.tape.node(self.node).tag
    }

    /// A step from a place that is missing.
    fn below(self, step: AtStep<'a>) -> At<'a> {
        let mut steps = self.trail.steps.borrow_mut();
        steps.push((self, step));
        let step = u32::try_from(steps.len() - 1).expect("a walk has fewer than 2^32 steps");
        drop(steps);
        self.noted(At { gap: AtGap::Below(step), ..self })
    }

    /// The outermost value of a document in this string.
    fn enter(self, document: &'a Document, step: AtStep<'a>) -> At<'a> {
        let mut inner = self.trail.inner.borrow_mut();
        if !inner.iter().rev().take(8).any(|(known, ..)| std::ptr::eq(*known, document)) {
            inner.push((document, self, step));
        }
        drop(inner);
        self.noted(At { document, node: 0, ..self })
    }

    /// Tests ask what was asked for.
    #[inline]
    fn noted(self, at: At<'a>) -> At<'a> {
        #[cfg(test)]
        self.trail.asked.borrow_mut().push(at);
        at
    }
}

impl std::fmt::Debug for At<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("At").field("way", &self.way()).field("value", &self.value()).finish()
    }
}
