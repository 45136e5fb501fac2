//! A strict JSON parser that keeps spans, and says where and why a text is not JSON.

mod fault;
mod string;

use std::collections::HashSet;

use smol_str::SmolStr;

pub(super) use fault::decode;
pub use fault::{FaultKind, ParseFault};
use fault::{Repeated, fault};
use string::Characters;

use super::tape::{NO_JSON, Tape, TapeNode, TapeTag, key_hash, offset};

/// How deep lists and objects may nest, the same as in serde_json; no vendor's payload comes near it.
pub const MAX_DEPTH: usize = 128;

/// Up to this number, keys are compared one by one, which is faster than a set.
const FEW_KEYS: u32 = 32;

/// How often JSON in a string in JSON is read with its document. What is deeper is read when it is asked for.
const MAX_LEVELS: u8 = 4;

/// A step on the way to a value.
#[derive(Clone, Copy)]
enum ParseStep {
    /// The node of a key.
    Key(u32),
    Place(u32),
}

/// What a text has besides its values.
pub(super) struct Parsed {
    /// Repeated keys, the first ones.
    pub(super) repeated: Vec<ParseFault>,
    /// How many more keys are repeated.
    pub(super) more_repeated: usize,
}

/// Parses a text, and appends its values to a tape. The first `most` repeated keys are reported.
pub(super) fn parse(text: &str, most: usize, tape: &mut Tape) -> Result<Parsed, ParseFault> {
    if u32::try_from(text.len()).is_err() {
        return Err(fault(FaultKind::Syntax, 0..0, "the text has more than 4 GiB", None));
    }
    let mut reader = JsonReader {
        text,
        level: 0,
        at: 0,
        depth: 0,
        path: Vec::new(),
        repeated: Some(Repeated::new(most)),
        tape,
    };
    reader.document(0)?;
    let repeated = reader.repeated.take();
    let (repeated, more_repeated) =
        repeated.map_or_else(Default::default, |all| (all.told, all.more));
    Ok(Parsed { repeated, more_repeated })
}

struct JsonReader<'t> {
    text: &'t str,
    /// Which text of the tape it is.
    level: u8,
    at: usize,
    depth: usize,
    path: Vec<ParseStep>,
    /// Keys that repeat; inside a string that is no fault.
    repeated: Option<Repeated>,
    tape: &'t mut Tape,
}

/// The keys of an object so far: few as bits of their hashes, many as they are.
#[derive(Default)]
struct KeySet {
    bits: u128,
    names: HashSet<SmolStr>,
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

    /// A fault at the character that the parser reads next. At the end it is behind the last one that is not blank: people
    /// do not see the line that a line end opens.
    fn here(&self, message: impl Into<String>, help: Option<&'static str>) -> ParseFault {
        if self.at == self.text.len() {
            let end = self.text.trim_ascii_end().len();
            return fault(FaultKind::Syntax, end..end, message, help);
        }
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

    /// The whole text: one value.
    fn document(&mut self, parent: u32) -> Result<(), ParseFault> {
        self.blanks();
        if self.at == self.text.len() {
            let message = "the text is empty where JSON is expected";
            return Err(fault(FaultKind::Syntax, 0..0, message, None));
        }
        self.value(parent, 0)?;
        self.blanks();
        if self.at < self.text.len() {
            let help = "one payload a file; several go into a list or an .ndjson file";
            return Err(self.here("there is more text after the end of the JSON value", Some(help)));
        }
        Ok(())
    }

    fn value(&mut self, parent: u32, index: u32) -> Result<(), ParseFault> {
        match self.peek() {
            Some(b'"') => self.text_value(parent, index),
            Some(b'{') => self.nested(TapeTag::Object, parent, index),
            Some(b'[') => self.nested(TapeTag::List, parent, index),
            Some(b'-' | b'0'..=b'9') => self.number(parent, index),
            Some(b't') => self.word("true", TapeTag::True, parent, index),
            Some(b'f') => self.word("false", TapeTag::False, parent, index),
            Some(b'n') => self.word("null", TapeTag::Null, parent, index),
            Some(b'\'') => Err(self.here("strings are in double quotes", None)),
            Some(b'/') => Err(self.here("comments are not JSON", Some("take the comment out"))),
            _ => {
                let message = format!("a value is due, but {}", self.found());
                Err(self.here(message, None))
            }
        }
    }

    /// Appends a value that ends here, and begins at `start`.
    fn push(&mut self, tag: TapeTag, start: usize, parent: u32, index: u32) -> usize {
        let at = self.tape.nodes.len();
        let (start, end) = (offset(start), offset(self.at));
        self.tape.nodes.push(TapeNode {
            tag,
            text: self.level,
            level: self.level,
            next: offset(at + 1),
            from: start,
            to: end,
            start,
            end,
            parent,
            index,
            ..TapeNode::NONE
        });
        at
    }

    fn nested(&mut self, tag: TapeTag, parent: u32, index: u32) -> Result<(), ParseFault> {
        if self.depth == MAX_DEPTH {
            return Err(fault(
                FaultKind::Depth,
                self.at..self.at + 1,
                format!("nested deeper than {MAX_DEPTH} levels"),
                None,
            ));
        }
        self.depth += 1;
        let at = self.push(tag, self.at, parent, index);
        let count = match tag {
            TapeTag::List => self.array(offset(at))?,
            _ => self.object(offset(at))?,
        };
        self.depth -= 1;
        let (end, next) = (offset(self.at), offset(self.tape.nodes.len()));
        let node = &mut self.tape.nodes[at];
        (node.count, node.end, node.next) = (count, end, next);
        Ok(())
    }

    fn text_value(&mut self, parent: u32, index: u32) -> Result<(), ParseFault> {
        let start = self.at;
        let characters = self.string()?;
        let at = self.push(TapeTag::Text, start, parent, index);
        let node = &mut self.tape.nodes[at];
        node.text = characters.text;
        (node.from, node.to) = (offset(characters.from), offset(characters.to));
        self.inside(at, &characters);
        Ok(())
    }

    /// Reads the object or list that a string holds as JSON.
    fn inside(&mut self, at: usize, characters: &Characters) {
        let Characters { text: level, from, to } = *characters;
        let is_decoded = level != self.level;
        let around =
            if is_decoded { self.tape.texts[usize::from(level)].as_str() } else { self.text };
        let first = around.as_bytes()[from..to]
            .iter()
            .find(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        if !matches!(first, Some(b'{' | b'[')) || level >= MAX_LEVELS {
            return;
        }
        let own = match is_decoded {
            true => std::mem::take(self.tape.text_mut(level)),
            false => String::new(),
        };
        let around = if is_decoded { own.as_str() } else { self.text };
        let decoded = self.tape.text_mut(level + 1).len();
        let mut reader = JsonReader {
            text: &around[..to],
            level,
            at: from,
            depth: 0,
            path: Vec::new(),
            repeated: None,
            tape: self.tape,
        };
        let is_json = reader.document(offset(at)).is_ok();
        if is_decoded {
            *self.tape.text_mut(level) = own;
        }
        let node = &mut self.tape.nodes[at];
        if is_json {
            node.inner = offset(at + 1);
            self.tape.nodes[at].next = offset(self.tape.nodes.len());
        } else {
            node.inner = NO_JSON;
            self.tape.nodes.truncate(at + 1);
            self.tape.text_mut(level + 1).truncate(decoded);
        }
    }

    fn word(
        &mut self,
        word: &str,
        tag: TapeTag,
        parent: u32,
        index: u32,
    ) -> Result<(), ParseFault> {
        let start = self.at;
        let rest = &self.text[self.at..];
        let len = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        if &rest[..len] != word {
            let message = format!("`{}` is no JSON value", &rest[..len]);
            let help = "only true, false and null stand without quotes";
            return Err(fault(FaultKind::Syntax, self.at..self.at + len, message, Some(help)));
        }
        self.at += len;
        self.push(tag, start, parent, index);
        Ok(())
    }

    fn number(&mut self, parent: u32, index: u32) -> Result<(), ParseFault> {
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
        self.push(TapeTag::Number, start, parent, index);
        Ok(())
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

    fn array(&mut self, list: u32) -> Result<u32, ParseFault> {
        let open = self.at;
        self.at += 1;
        self.blanks();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(0);
        }
        let step = self.path.len();
        self.path.push(ParseStep::Place(0));
        for count in 0.. {
            self.path[step] = ParseStep::Place(count);
            self.value(list, count)?;
            if self.more(b']', open)? {
                self.path.pop();
                return Ok(count + 1);
            }
        }
        unreachable!("a text has fewer than 2^32 items")
    }

    fn object(&mut self, object: u32) -> Result<u32, ParseFault> {
        let open = self.at;
        self.at += 1;
        self.blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(0);
        }
        let mut keys = KeySet::default();
        let step = self.path.len();
        self.path.push(ParseStep::Key(0));
        for count in 0.. {
            if self.peek() != Some(b'"') {
                let message = format!("a key in double quotes is expected, but {}", self.found());
                return Err(self.here(message, None));
            }
            let key = self.key(object)?;
            self.path[step] = ParseStep::Key(key);
            if self.repeated.is_some() && self.is_known(object, key, count, &mut keys) {
                self.repeat(key);
            }
            self.blanks();
            if self.peek() != Some(b':') {
                let key = self.characters(key);
                let message =
                    format!("a colon is expected after the key `{key}`, but {}", self.found());
                return Err(self.here(message, None));
            }
            self.at += 1;
            self.blanks();
            self.value(object, 0)?;
            if self.more(b'}', open)? {
                self.path.pop();
                return Ok(count + 1);
            }
        }
        unreachable!("a text has fewer than 2^32 members")
    }

    fn key(&mut self, object: u32) -> Result<u32, ParseFault> {
        let start = self.at;
        let Characters { text, from, to } = self.string()?;
        let at = self.push(TapeTag::Key, start, object, 0);
        let node = &mut self.tape.nodes[at];
        (node.text, node.from, node.to) = (text, offset(from), offset(to));
        let hash = key_hash(self.characters(offset(at)).as_bytes());
        self.tape.nodes[at].count = hash;
        Ok(offset(at))
    }

    /// The characters of a key. The text that is read is not in the tape yet.
    fn characters(&self, key: u32) -> &str {
        let node = self.tape.node(key);
        match node.text == self.level {
            true => &self.text[node.from as usize..node.to as usize],
            false => self.tape.characters(node),
        }
    }

    /// Whether one of the first `count` members of an object has the same key.
    fn is_known(&self, object: u32, key: u32, count: u32, keys: &mut KeySet) -> bool {
        let others = || {
            let next = |key: &u32| Some(self.tape.node(key + 1).next);
            std::iter::successors(Some(object + 1), next).take(count as usize)
        };
        let hash = self.tape.node(key).count;
        if count < FEW_KEYS {
            let bit = 1 << (hash % 128);
            let may_be_known = keys.bits & bit != 0;
            keys.bits |= bit;
            let is_same = |other: u32| {
                self.tape.node(other).count == hash
                    && self.characters(other) == self.characters(key)
            };
            return may_be_known && others().any(is_same);
        }
        if keys.names.is_empty() {
            keys.names.extend(others().map(|other| SmolStr::new(self.characters(other))));
        }
        !keys.names.insert(SmolStr::new(self.characters(key)))
    }

    fn repeat(&mut self, key: u32) {
        let Some(mut repeated) = self.repeated.take() else { return };
        let written = |step: &ParseStep| match step {
            ParseStep::Key(key) => {
                format!("/{}", self.characters(*key).replace('~', "~0").replace('/', "~1"))
            }
            ParseStep::Place(place) => format!("/{place}"),
        };
        let pointer = || self.path.iter().map(written).collect();
        repeated.add(self.characters(key), self.tape.node(key).span(), pointer);
        self.repeated = Some(repeated);
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

#[cfg(test)]
mod tests;
