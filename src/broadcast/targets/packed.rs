//! A batch: many targets in one text, so that single targets need no allocation.

use super::Dedupe;
use crate::contract::TargetKind;

/// Targets of one kind that are consecutive in a list and share their variables.
#[derive(Debug)]
pub struct Packed {
    kind: TargetKind,
    text: String,
    /// The end of each id in the text, and its line in the list.
    ends: Vec<(usize, u64)>,
    values: Vec<String>,
    /// How many from the start are known not to be repeats.
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

    /// Whether it has none. A batch that a caller gets has some.
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

    /// The values of the requested variables, in the order of [`Options::variables`](super::Options).
    pub fn values(&self) -> &[String] {
        &self.values
    }

    /// Whether a target fits into the batch.
    pub(super) fn takes(&self, kind: TargetKind, values: &[String]) -> bool {
        self.ends.is_empty() || (self.kind == kind && self.values == values)
    }

    pub(super) fn push(&mut self, kind: TargetKind, id: &str, line: u64, values: &[String]) {
        if self.ends.is_empty() {
            self.kind = kind;
            // `clone_from` on a list of texts reuses their memory.
            self.values.resize_with(values.len(), String::new);
            self.values.clone_from_slice(values);
        }
        self.text.push_str(id);
        self.ends.push((self.text.len(), line));
    }

    /// Removes repeats. Many at once cost much less than one by one.
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

    /// The start of an id in the text.
    fn start(&self, index: usize) -> usize {
        index.checked_sub(1).map_or(0, |before| self.ends[before].0)
    }
}
