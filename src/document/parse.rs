//! A strict JSON parser that keeps spans, and says where and why a text is not JSON.

mod fault;
mod string;

use std::collections::HashSet;

use smol_str::SmolStr;

pub(super) use fault::decode;
pub use fault::{FaultKind, ParseFault};
use fault::{Repeated, fault};
use string::Characters;

use super::tape::{NO_JSON, Tape, TapeNode, TapeTag, key_bit, key_hash, offset};

/// How deep lists and objects may nest, the same as in serde_json; no vendor's payload comes near it.
pub const MAX_DEPTH: usize = 128;

/// Up to this number, keys are compared one by one, which is faster than a set.
const FEW_KEYS: u32 = 32;

/// How often JSON in a string in JSON is read with its document. What is deeper is read when it is asked for.
const MAX_LEVELS: u8 = 4;

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
        return Err(*fault(FaultKind::Syntax, 0..0, "the text has more than 4 GiB", None));
    }
    let mut reader =
        JsonReader { text, level: 0, at: 0, depth: 0, repeated: Some(Repeated::new(most)), tape };
    reader.document(0).map_err(|fault| *fault)?;
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
    /// Keys that repeat; inside a string that is no fault.
    repeated: Option<Repeated>,
    tape: &'t mut Tape,
}

/// The keys of an object so far: few as bits of their hashes, many as they are.
#[derive(Default)]
struct KeySet {
    bits: u64,
    names: Option<HashSet<SmolStr>>,
}

impl JsonReader<'_> {
    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// A fault at the character that the parser reads next. At the end it is behind the last one that is not blank: people
    /// do not see the line that a line end opens.
    fn here(&self, message: impl Into<String>, help: Option<&'static str>) -> Box<ParseFault> {
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
    fn document(&mut self, parent: u32) -> Result<(), Box<ParseFault>> {
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

    fn value(&mut self, parent: u32, index: u32) -> Result<(), Box<ParseFault>> {
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

    /// A value that ends here, and begins at `start`.
    #[inline]
    fn node(&self, tag: TapeTag, start: usize, parent: u32, index: u32) -> TapeNode {
        let (start, end) = (offset(start), offset(self.at));
        TapeNode {
            tag,
            text: self.level,
            level: self.level,
            from: start,
            to: end,
            start,
            end,
            parent,
            index,
            ..TapeNode::NONE
        }
    }

    /// Appends a value.
    #[inline]
    fn push(&mut self, node: TapeNode) -> u32 {
        let at = offset(self.tape.nodes.len());
        self.tape.nodes.push(TapeNode { next: at + 1, ..node });
        at
    }

    fn nested(&mut self, tag: TapeTag, parent: u32, index: u32) -> Result<(), Box<ParseFault>> {
        if self.depth == MAX_DEPTH {
            return Err(fault(
                FaultKind::Depth,
                self.at..self.at + 1,
                format!("nested deeper than {MAX_DEPTH} levels"),
                None,
            ));
        }
        self.depth += 1;
        let at = self.push(self.node(tag, self.at, parent, index));
        let count = match tag {
            TapeTag::List => self.array(at)?,
            _ => self.object(at)?,
        };
        self.depth -= 1;
        let (end, next) = (offset(self.at), offset(self.tape.nodes.len()));
        let node = &mut self.tape.nodes[at as usize];
        (node.count, node.end, node.next) = (count, end, next);
        Ok(())
    }

    fn text_value(&mut self, parent: u32, index: u32) -> Result<(), Box<ParseFault>> {
        let start = self.at;
        let characters = self.string()?;
        let Characters { text, from, to } = characters;
        let (from, to) = (offset(from), offset(to));
        let at = self.push(TapeNode {
            text,
            from,
            to,
            ..self.node(TapeTag::Text, start, parent, index)
        });
        let is_no_blank = |byte: &&u8| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        let first = self.bytes(&characters).iter().find(is_no_blank);
        if matches!(first, Some(b'{' | b'[')) && text < MAX_LEVELS {
            self.inside(at as usize, &characters);
        }
        Ok(())
    }

    /// The bytes of a string that was just read.
    #[inline]
    fn bytes(&self, characters: &Characters) -> &[u8] {
        let Characters { text, from, to } = *characters;
        let all = if text == self.level { self.text } else { &self.tape.texts[usize::from(text)] };
        &all.as_bytes()[from..to]
    }

    /// Reads the object or list that a string holds as JSON.
    fn inside(&mut self, at: usize, characters: &Characters) {
        let Characters { text: level, from, to } = *characters;
        let is_decoded = level != self.level;
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
    ) -> Result<(), Box<ParseFault>> {
        let start = self.at;
        let rest = &self.text[self.at..];
        let len = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        if &rest[..len] != word {
            let message = format!("`{}` is no JSON value", &rest[..len]);
            let help = "only true, false and null stand without quotes";
            return Err(fault(FaultKind::Syntax, self.at..self.at + len, message, Some(help)));
        }
        self.at += len;
        self.push(self.node(tag, start, parent, index));
        Ok(())
    }

    fn number(&mut self, parent: u32, index: u32) -> Result<(), Box<ParseFault>> {
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
        self.push(self.node(TapeTag::Number, start, parent, index));
        Ok(())
    }

    fn digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }

    fn some_digits(&mut self, place: &str) -> Result<(), Box<ParseFault>> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.here(format!("a digit is expected {place}"), None));
        }
        self.digits();
        Ok(())
    }

    fn array(&mut self, list: u32) -> Result<u32, Box<ParseFault>> {
        let open = self.at;
        self.at += 1;
        self.blanks();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(0);
        }
        for count in 0.. {
            self.value(list, count)?;
            if self.more(b']', open)? {
                return Ok(count + 1);
            }
        }
        unreachable!("a text has fewer than 2^32 items")
    }

    fn object(&mut self, object: u32) -> Result<u32, Box<ParseFault>> {
        let open = self.at;
        self.at += 1;
        self.blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(0);
        }
        let mut keys = KeySet::default();
        for count in 0.. {
            if self.peek() != Some(b'"') {
                let message = format!("a key in double quotes is expected, but {}", self.found());
                return Err(self.here(message, None));
            }
            let key = self.key(object)?;
            if self.is_known(object, key, count, &mut keys) {
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
                self.tape.nodes[object as usize].set_key_bits(keys.bits);
                return Ok(count + 1);
            }
        }
        unreachable!("a text has fewer than 2^32 members")
    }

    fn key(&mut self, object: u32) -> Result<u32, Box<ParseFault>> {
        let start = self.at;
        let characters = self.string()?;
        let count = key_hash(self.bytes(&characters));
        let Characters { text, from, to } = characters;
        let (from, to) = (offset(from), offset(to));
        let node = self.node(TapeTag::Key, start, object, 0);
        Ok(self.push(TapeNode { text, from, to, count, ..node }))
    }

    /// The characters of a key. The text that is read is not in the tape yet.
    fn characters(&self, key: u32) -> &str {
        let node = self.tape.node(key);
        match node.text == self.level {
            true => &self.text[node.from as usize..node.to as usize],
            false => self.tape.characters(node),
        }
    }

    /// Whether one of the first `count` members of an object has the same key, and that is a fault.
    #[inline]
    fn is_known(&self, object: u32, key: u32, count: u32, keys: &mut KeySet) -> bool {
        let bit = key_bit(self.tape.node(key).count);
        let may_be_known = keys.bits & bit != 0;
        keys.bits |= bit;
        (may_be_known || count >= FEW_KEYS)
            && self.repeated.is_some()
            && self.is_there(object, key, count, keys)
    }

    fn is_there(&self, object: u32, key: u32, count: u32, keys: &mut KeySet) -> bool {
        let others = || {
            let next = |key: &u32| Some(self.tape.node(key + 1).next);
            std::iter::successors(Some(object + 1), next).take(count as usize)
        };
        if count < FEW_KEYS {
            let hash = self.tape.node(key).count;
            let is_same = |other: u32| {
                self.tape.node(other).count == hash
                    && self.characters(other) == self.characters(key)
            };
            return others().any(is_same);
        }
        let name = |key: u32| SmolStr::new(self.characters(key));
        let names = keys.names.get_or_insert_with(|| others().map(name).collect());
        !names.insert(name(key))
    }

    fn repeat(&mut self, key: u32) {
        let Some(mut repeated) = self.repeated.take() else { return };
        repeated.add(self.characters(key), self.tape.node(key).span(), || self.pointer(key));
        self.repeated = Some(repeated);
    }

    /// The pointer to the value of a key.
    fn pointer(&self, key: u32) -> String {
        let mut steps = Vec::new();
        let mut at = key;
        loop {
            let node = self.tape.node(at);
            // The key of a member stands before its value.
            let (step, container) = match node.tag {
                TapeTag::Key => {
                    let key = self.characters(at).replace('~', "~0").replace('/', "~1");
                    (format!("/{key}"), node.parent)
                }
                _ if at == 0 => break,
                _ if self.tape.node(node.parent).tag == TapeTag::Object => {
                    at -= 1;
                    continue;
                }
                _ => (format!("/{}", node.index), node.parent),
            };
            steps.push(step);
            at = container;
        }
        steps.into_iter().rev().collect()
    }

    /// After an item or a member: whether the container ends here. If not, the next item follows.
    fn more(&mut self, close: u8, open: usize) -> Result<bool, Box<ParseFault>> {
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
