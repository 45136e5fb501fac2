//! A batch of targets. All ids stand in one text, so that a target needs no allocation of its own.

use super::Dedupe;
use crate::contract::TargetKind;

/// Successive targets of a list that have the same kind and the same values of variables.
#[derive(Debug)]
pub struct TargetBatch {
    kind: TargetKind,
    text: String,
    /// The end of each id in the text, and its line in the list.
    ends: Vec<(usize, u64)>,
    values: Vec<String>,
    /// The number of targets, from the first one, that were checked for repeats.
    unique: usize,
}

impl TargetBatch {
    pub(super) fn new(kind: TargetKind) -> Self {
        Self { kind, text: String::new(), ends: Vec::new(), values: Vec::new(), unique: 0 }
    }

    /// The kind of every target in it.
    pub fn kind(&self) -> TargetKind {
        self.kind
    }

    /// The number of targets.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it has no targets. A batch from a list always has some.
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

    /// The values of the variables, in the order of [`ListSettings::variables`](super::ListSettings).
    pub fn values(&self) -> &[String] {
        &self.values
    }

    /// Whether a target has the kind and the values of this batch.
    pub(super) fn takes(&self, kind: TargetKind, values: &[String]) -> bool {
        self.ends.is_empty() || (self.kind == kind && self.values == values)
    }

    pub(super) fn push(&mut self, kind: TargetKind, id: &str, line: u64, values: &[String]) {
        if self.ends.is_empty() {
            self.kind = kind;
            // Resize first: `clone_from_slice` reuses the memory of the texts.
            self.values.resize_with(values.len(), String::new);
            self.values.clone_from_slice(values);
        }
        self.text.push_str(id);
        self.ends.push((self.text.len(), line));
    }

    /// Removes repeated targets. Many at a time are much faster than one by one. Returns those that stand above with other
    /// values, each with its line.
    pub(super) fn dedupe(&mut self, dedupe: &mut Dedupe) -> Vec<(u64, String)> {
        let from = self.unique;
        let mut fresh = Vec::with_capacity(self.ends.len() - from);
        let new = (from..self.ends.len()).map(|index| self.id(index));
        dedupe.insert_all(self.kind, new, |is_new| fresh.push(is_new));
        let mut conflicts = Vec::new();
        if !self.values.is_empty() {
            for (index, is_new) in (from..).zip(&fresh) {
                if !dedupe.agrees(self.kind, self.id(index), &self.values, *is_new) {
                    conflicts.push((self.ends[index].1, self.id(index).to_owned()));
                }
            }
        }
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
        conflicts
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
