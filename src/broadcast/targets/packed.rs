//! A batch: many targets in one text, so that none is an allocation.

use crate::contract::TargetKind;

/// Targets of one kind that stand one after the other in a list and share their variables.
#[derive(Debug)]
pub struct Packed {
    kind: TargetKind,
    text: String,
    /// Where each id ends in the text, and the line on which it stands.
    ends: Vec<(usize, u64)>,
    values: Vec<String>,
}

impl Packed {
    pub(super) fn new(kind: TargetKind) -> Self {
        Self { kind, text: String::new(), ends: Vec::new(), values: Vec::new() }
    }

    /// The kind of every target in it.
    pub fn kind(&self) -> TargetKind {
        self.kind
    }

    /// How many targets it has.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it has none. A batch that is handed out has some.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The ids, in the order of the list.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.entries().map(|(_, id)| id)
    }

    /// The same, each with its line in the list.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = (u64, &str)> + Clone {
        (0..self.ends.len()).map(|index| {
            let start = index.checked_sub(1).map_or(0, |before| self.ends[before].0);
            let (end, line) = self.ends[index];
            (line, &self.text[start..end])
        })
    }

    /// The values of the variables that were asked for, in the order of [`Options::variables`](super::Options).
    pub fn values(&self) -> &[String] {
        &self.values
    }

    /// Whether a target fits in beside those that are there.
    pub(super) fn takes(&self, kind: TargetKind, values: &[String]) -> bool {
        self.ends.is_empty() || (self.kind == kind && self.values == values)
    }

    pub(super) fn push(&mut self, kind: TargetKind, id: &str, line: u64, values: &[String]) {
        if self.ends.is_empty() {
            self.kind = kind;
            // `clone_from` of a list of texts keeps the room that they have.
            self.values.resize_with(values.len(), String::new);
            self.values.clone_from_slice(values);
        }
        self.text.push_str(id);
        self.ends.push((self.text.len(), line));
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }
}
