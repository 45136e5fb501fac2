//! A batch: many targets in one text, so that none is an allocation.

use super::Dedupe;
use crate::contract::TargetKind;

/// Targets of one kind that stand one after the other in a list and share their variables.
#[derive(Debug)]
pub struct Packed {
    kind: TargetKind,
    text: String,
    /// Where each id ends in the text, and the line on which it stands.
    ends: Vec<(usize, u64)>,
    values: Vec<String>,
    /// How many from the front are known to be no repeats.
    unique: usize,
}

impl Packed {
    pub(super) fn new(kind: TargetKind) -> Self {
        Self { kind, text: String::new(), ends: Vec::new(), values: Vec::new(), unique: 0 }
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
        (0..self.ends.len()).map(|index| (self.ends[index].1, self.id(index)))
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

    /// Takes out repeats. Many at a time cost much less than one by one.
    pub(super) fn dedupe(&mut self, dedupe: &mut Dedupe) {
        let from = self.unique;
        let mut fresh = Vec::with_capacity(self.ends.len() - from);
        let new = (from..self.ends.len()).map(|index| self.id(index));
        dedupe.insert_all(self.kind, new, |is_new| fresh.push(is_new));
        if fresh.contains(&false) {
            let begin = self.start(from);
            let text = self.text.split_off(begin);
            let mut start = 0;
            for ((end, line), fresh) in self.ends.split_off(from).into_iter().zip(fresh) {
                let end = end - begin;
                if fresh {
                    self.text.push_str(&text[start..end]);
                    self.ends.push((self.text.len(), line));
                }
                start = end;
            }
        }
        self.unique = self.ends.len();
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.unique = 0;
    }

    fn id(&self, index: usize) -> &str {
        &self.text[self.start(index)..self.ends[index].0]
    }

    /// Where an id begins in the text.
    fn start(&self, index: usize) -> usize {
        index.checked_sub(1).map_or(0, |before| self.ends[before].0)
    }
}
