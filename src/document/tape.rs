//! The values of a JSON text in one flat list, which is reused from text to text. Reading makes no other memory.

use std::cell::OnceCell;
use std::collections::HashSet;

use smol_str::SmolStr;

use super::text::{escaped_bytes, write_string};
use super::value::{Member, Node, Object, Span, Str, Value};

/// What a node of the tape is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TapeTag {
    Null,
    True,
    False,
    Number,
    Text,
    List,
    Object,
    /// A key of an object; its value follows it.
    Key,
}

/// A value or a key. Offsets are those of its text, so a text has less than 4 GiB.
#[derive(Clone, Copy, Debug)]
pub(super) struct TapeNode {
    pub(super) tag: TapeTag,
    /// The text that holds its characters.
    pub(super) text: u8,
    /// The text that its span refers to.
    pub(super) level: u8,
    /// How many items or members it has; for a key, its hash.
    pub(super) count: u32,
    /// The node after it and all that is in it.
    pub(super) next: u32,
    /// Its characters, decoded; for an object, see [`TapeNode::key_bits`].
    pub(super) from: u32,
    pub(super) to: u32,
    /// Its bytes in the source, quotes included.
    pub(super) start: u32,
    pub(super) end: u32,
    /// The container; for the outermost value of the JSON in a string, that string.
    pub(super) parent: u32,
    /// Which item of its list it is.
    pub(super) index: u32,
    /// For a string, the outermost value of the JSON in it, or [`NOT_READ`] or [`NO_JSON`].
    pub(super) inner: u32,
}

/// Whether a string holds JSON was not looked at.
pub(super) const NOT_READ: u32 = 0;
/// A string that does not hold JSON.
pub(super) const NO_JSON: u32 = u32::MAX;

/// Nodes, and the texts that hold their characters.
#[derive(Debug, Default)]
pub(super) struct Tape {
    pub(super) nodes: Vec<TapeNode>,
    /// The source text, then for each level the strings of the level before that had to be decoded, one after another.
    pub(super) texts: Vec<String>,
    /// What strings hold that were not read with their document.
    strings: OnceCell<Box<[OnceCell<Str>]>>,
}

impl Tape {
    /// Forgets all but its memory.
    pub(super) fn clear(&mut self) {
        self.nodes.clear();
        self.texts.iter_mut().for_each(String::clear);
        self.strings = OnceCell::new();
    }

    /// The text of a level, which is made if it is the first one.
    pub(super) fn text_mut(&mut self, level: u8) -> &mut String {
        let level = usize::from(level);
        if self.texts.len() <= level {
            self.texts.resize_with(level + 1, String::new);
        }
        &mut self.texts[level]
    }

    #[inline]
    pub(super) fn node(&self, at: u32) -> &TapeNode {
        &self.nodes[at as usize]
    }

    /// The characters of a string, a number or a key.
    #[inline]
    pub(super) fn characters(&self, node: &TapeNode) -> &str {
        &self.texts[usize::from(node.text)][node.from as usize..node.to as usize]
    }

    /// The bytes of the same.
    #[inline]
    pub(super) fn bytes(&self, node: &TapeNode) -> &[u8] {
        &self.texts[usize::from(node.text)].as_bytes()[node.from as usize..node.to as usize]
    }

    /// Whether a key is this one, which has this hash.
    #[inline]
    pub(super) fn is_key(&self, node: &TapeNode, hash: u32, key: &str) -> bool {
        node.count == hash && is_same(self.bytes(node), key.as_bytes())
    }

    /// The value of a key; if the key is repeated, the last value, as in vendors' parsers.
    #[inline]
    pub(super) fn member(&self, object: u32, key: &str) -> Option<u32> {
        let hash = key_hash(key.as_bytes());
        let may_have = self.node(object).key_bits() & key_bit(hash) != 0;
        if may_have { self.member_of(object, hash, key) } else { None }
    }

    fn member_of(&self, object: u32, hash: u32, key: &str) -> Option<u32> {
        let mut found = None;
        let mut at = object + 1;
        for _ in 0..self.node(object).count {
            let name = self.node(at);
            if self.is_key(name, hash, key) {
                found = Some(at + 1);
            }
            at = self.node(at + 1).next;
        }
        found
    }

    /// The values of an object whose key stands in it before them.
    pub(super) fn repeated_members(&self, object: u32) -> Vec<u32> {
        let node = self.node(object);
        // Most objects have a bit for each key.
        if node.key_bits().count_ones() == node.count {
            return Vec::new();
        }
        let next = |key: &u32| Some(self.node(key + 1).next);
        let keys = std::iter::successors(Some(object + 1), next).take(node.count as usize);
        let mut names = HashSet::new();
        let again = keys.filter(|key| !names.insert(self.bytes(self.node(*key))));
        again.map(|key| key + 1).collect()
    }

    /// The key of a member's value.
    pub(super) fn key(&self, value: u32) -> Option<&str> {
        let is_member = value > 0 && self.node(value - 1).tag == TapeTag::Key;
        is_member.then(|| self.characters(self.node(value - 1)))
    }

    /// The string at a node, with what it holds.
    pub(super) fn string(&self, at: u32) -> &Str {
        let all = self.strings.get_or_init(|| {
            let mut all = Vec::new();
            all.resize_with(self.nodes.len(), OnceCell::new);
            all.into_boxed_slice()
        });
        all[at as usize].get_or_init(|| Str::new(self.characters(self.node(at))))
    }

    /// The value at a node as a tree.
    pub(super) fn tree(&self, at: u32) -> Node {
        let node = self.node(at);
        let value = match node.tag {
            TapeTag::Null => Value::Null,
            TapeTag::True => Value::Bool(true),
            TapeTag::False => Value::Bool(false),
            TapeTag::Number => Value::number(self.characters(node)),
            TapeTag::Text | TapeTag::Key => Value::String(Str::new(self.characters(node))),
            TapeTag::List => {
                let mut items = Vec::with_capacity(node.count as usize);
                let mut item = at + 1;
                for _ in 0..node.count {
                    items.push(self.tree(item));
                    item = self.node(item).next;
                }
                Value::Array(items)
            }
            TapeTag::Object => {
                let mut object = Object::with_capacity(node.count as usize);
                let mut key = at + 1;
                for _ in 0..node.count {
                    let name = self.node(key);
                    object.push(Member {
                        key: SmolStr::new(self.characters(name)),
                        key_span: name.span(),
                        node: self.tree(key + 1),
                    });
                    key = self.node(key + 1).next;
                }
                Value::Object(object)
            }
        };
        Node { span: node.span(), value }
    }

    /// Appends a value that has no source text. Its strings are in the text of the first level.
    pub(super) fn push_value(&mut self, value: &Value, parent: u32, index: u32) {
        let at = self.push(TapeTag::Null, parent, index);
        match value {
            Value::Null => {}
            Value::Bool(truth) => {
                self.nodes[at].tag = if *truth { TapeTag::True } else { TapeTag::False };
            }
            Value::Number(number) => self.fill(at, TapeTag::Number, number.as_str()),
            Value::String(text) => self.fill(at, TapeTag::Text, text.as_str()),
            Value::Array(items) => {
                self.nodes[at].tag = TapeTag::List;
                self.nodes[at].count = offset(items.len());
                for (index, item) in items.iter().enumerate() {
                    self.push_value(&item.value, offset(at), offset(index));
                }
            }
            Value::Object(object) => {
                self.nodes[at].tag = TapeTag::Object;
                self.nodes[at].count = offset(object.len());
                let mut bits = 0;
                for member in object {
                    let hash = key_hash(member.key.as_bytes());
                    bits |= key_bit(hash);
                    let key = self.push(TapeTag::Key, offset(at), 0);
                    self.fill(key, TapeTag::Key, &member.key);
                    self.nodes[key].count = hash;
                    self.push_value(&member.node.value, offset(at), 0);
                }
                self.nodes[at].set_key_bits(bits);
            }
        }
        self.nodes[at].next = offset(self.nodes.len());
    }

    fn push(&mut self, tag: TapeTag, parent: u32, index: u32) -> usize {
        let at = self.nodes.len();
        let next = offset(at + 1);
        self.nodes.push(TapeNode { tag, next, parent, index, ..TapeNode::NONE });
        at
    }

    fn fill(&mut self, at: usize, tag: TapeTag, characters: &str) {
        let text = self.text_mut(1);
        let from = text.len();
        text.push_str(characters);
        let (from, to) = (offset(from), offset(text.len()));
        self.nodes[at] = TapeNode { tag, text: 1, from, to, ..self.nodes[at] };
    }

    /// Writes a value as compact JSON.
    pub(super) fn write(&self, at: u32, out: &mut String) {
        let node = self.node(at);
        match node.tag {
            TapeTag::Null => out.push_str("null"),
            TapeTag::True => out.push_str("true"),
            TapeTag::False => out.push_str("false"),
            TapeTag::Number => out.push_str(self.characters(node)),
            TapeTag::Text | TapeTag::Key => write_string(out, self.characters(node)),
            TapeTag::List => {
                out.push('[');
                let mut item = at + 1;
                for index in 0..node.count {
                    if index > 0 {
                        out.push(',');
                    }
                    self.write(item, out);
                    item = self.node(item).next;
                }
                out.push(']');
            }
            TapeTag::Object => {
                out.push('{');
                let mut key = at + 1;
                for index in 0..node.count {
                    if index > 0 {
                        out.push(',');
                    }
                    write_string(out, self.characters(self.node(key)));
                    out.push(':');
                    self.write(key + 1, out);
                    key = self.node(key + 1).next;
                }
                out.push('}');
            }
        }
    }

    /// How many bytes [`Tape::write`] writes.
    pub(super) fn compact_bytes(&self, at: u32) -> usize {
        let node = self.node(at);
        let nodes = &self.nodes[at as usize..node.next as usize];
        let mut bytes = 0;
        let mut skip_to = 0;
        for (offset, node) in nodes.iter().enumerate() {
            // What a string holds follows it, and is not written a second time.
            if offset < skip_to {
                continue;
            }
            let separators = |each: usize| (node.count as usize * each).saturating_sub(1);
            bytes += match node.tag {
                TapeTag::Null | TapeTag::True => 4,
                TapeTag::False => 5,
                TapeTag::Number => (node.to - node.from) as usize,
                TapeTag::Text => {
                    skip_to = (node.next - at) as usize;
                    2 + escaped_bytes(self.characters(node).as_bytes())
                }
                TapeTag::Key => 3 + escaped_bytes(self.characters(node).as_bytes()),
                TapeTag::List | TapeTag::Object => 2 + separators(1),
            };
        }
        bytes
    }
}

impl TapeNode {
    pub(super) const NONE: Self = Self {
        tag: TapeTag::Null,
        text: 0,
        level: 0,
        count: 0,
        next: 0,
        from: 0,
        to: 0,
        start: 0,
        end: 0,
        parent: 0,
        index: 0,
        inner: NOT_READ,
    };

    pub(super) fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }

    /// The bits of an object's keys, see [`key_bit`]: a key whose bit is not set is not in it.
    #[inline]
    pub(super) fn key_bits(&self) -> u64 {
        u64::from(self.to) << 32 | u64::from(self.from)
    }

    pub(super) fn set_key_bits(&mut self, bits: u64) {
        (self.from, self.to) = (bits as u32, (bits >> 32) as u32);
    }
}

/// A length or an offset of a text. The parser takes no text with more than 4 GiB.
#[inline]
pub(super) fn offset(n: usize) -> u32 {
    debug_assert!(u32::try_from(n).is_ok(), "a text has less than 4 GiB");
    n as u32
}

/// A number that equal keys share and others mostly do not. It is made of the first and the last bytes.
#[inline]
pub(crate) fn key_hash(key: &[u8]) -> u32 {
    let (first, last) = if let (Some(first), Some(last)) = (key.first_chunk(), key.last_chunk()) {
        (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
    } else if let (Some(first), Some(last)) = (key.first_chunk(), key.last_chunk()) {
        (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)))
    } else {
        match key {
            [] => (0, 0),
            [first, ..] => (
                u64::from(*first) << 8 | u64::from(key[key.len() / 2]),
                u64::from(key[key.len() - 1]),
            ),
        }
    };
    let mixed =
        (first ^ last.rotate_left(29) ^ key.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 32) as u32
}

/// Whether two short texts are the same: for most keys, this takes less time than the call of a function does.
#[inline]
pub(crate) fn is_same(one: &[u8], other: &[u8]) -> bool {
    fn ends<const N: usize>(text: &[u8]) -> Option<(&[u8; N], &[u8; N])> {
        Some((text.first_chunk()?, text.last_chunk()?))
    }
    one.len() == other.len()
        && match one.len() {
            8..=16 => ends::<8>(one) == ends::<8>(other),
            4..8 => ends::<4>(one) == ends::<4>(other),
            _ => one == other,
        }
}

/// One of 64 bits, which depends on the hash of a key.
#[inline]
pub(super) fn key_bit(hash: u32) -> u64 {
    1 << (hash >> 26)
}
