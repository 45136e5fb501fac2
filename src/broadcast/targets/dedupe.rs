//! Finds repeated targets. It needs 16 bytes for each target, independent of the length of the id, and as much
//! again where targets have values.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use siphasher::sip128::{Hasher128 as _, SipHasher13};

use crate::contract::TargetKind;

/// The targets of a list so far, as keyed fingerprints of 128 bits.
///
/// In a list of ten million ids, two share a fingerprint with a probability of 10^-24. The author of a list cannot construct
/// such a pair, because the key is secret. So no target is lost.
pub struct Dedupe {
    /// A hash function for each kind, with its own key, so that only the id has to be hashed.
    hashers: [SipHasher13; TargetKind::ALL.len()],
    /// Several tables, selected by bits of the fingerprint that a table does not use itself. A table that grows is in memory
    /// twice for a moment. With one table, that would be all fingerprints.
    seen: Vec<HashSet<u128, BuildHasherDefault<NoHash>>>,
    /// The targets with their values, where the list has such.
    with_values: HashSet<u128, BuildHasherDefault<NoHash>>,
    repeats: u64,
    fingerprints: Vec<u128>,
    known: Vec<bool>,
}

/// The number of tables. A power of two.
const TABLE_COUNT: usize = 64;

/// The number of targets that are looked up before the first of them is inserted. The processor runs several look-ups at the
/// same time, and the inserts then find their memory in the cache. This halves the time.
const LOOKUP_COUNT: usize = 64;

impl Dedupe {
    /// An empty set. The key must be random, and new for each list.
    pub fn new(key: [u8; 16]) -> Self {
        let main = SipHasher13::new_with_key(&key);
        let hasher = |kind: TargetKind| {
            let own = main.hash(kind.word().as_bytes());
            SipHasher13::new_with_key(&own.as_bytes())
        };
        Self {
            hashers: TargetKind::ALL.map(hasher),
            seen: (0..TABLE_COUNT).map(|_| HashSet::default()).collect(),
            with_values: HashSet::default(),
            repeats: 0,
            fingerprints: Vec::new(),
            known: Vec::with_capacity(LOOKUP_COUNT),
        }
    }

    /// Inserts a target. Returns whether it is new.
    pub fn insert(&mut self, kind: TargetKind, id: &str) -> bool {
        let mut is_new = false;
        self.insert_all(kind, std::iter::once(id), |first| is_new = first);
        is_new
    }

    /// Inserts targets of a kind, and calls `report` for each in order with whether it is new.
    pub(super) fn insert_all<'t>(
        &mut self,
        kind: TargetKind,
        ids: impl Iterator<Item = &'t str>,
        mut report: impl FnMut(bool),
    ) {
        let Self { hashers, seen, repeats, fingerprints, known, .. } = self;
        let hasher = &hashers[kind as usize];
        fingerprints.clear();
        fingerprints.extend(ids.map(|id| hasher.hash(id.as_bytes()).as_u128()));
        for chunk in fingerprints.chunks(LOOKUP_COUNT) {
            known.clear();
            known.extend(chunk.iter().map(|print| seen[part(*print)].contains(print)));
            for (print, known) in chunk.iter().zip(&*known) {
                let is_new = !known && seen[part(*print)].insert(*print);
                *repeats += u64::from(!is_new);
                report(is_new);
            }
        }
    }

    /// Whether a target that [`insert_all`](Self::insert_all) has reported as repeated, or as new, had these values before,
    /// or has none before. One that had others is no repeat: which of the two is meant, a list does not say.
    pub(super) fn agrees(
        &mut self,
        kind: TargetKind,
        id: &str,
        values: &[String],
        is_new: bool,
    ) -> bool {
        let mut hasher = self.hashers[kind as usize];
        for text in std::iter::once(id).chain(values.iter().map(String::as_str)) {
            hasher.write(&(text.len() as u64).to_le_bytes());
            hasher.write(text.as_bytes());
        }
        let print = hasher.finish128().as_u128();
        if is_new {
            self.with_values.insert(print);
            return true;
        }
        let agrees = self.with_values.contains(&print);
        self.repeats -= u64::from(!agrees);
        agrees
    }

    /// Removes a target.
    pub fn remove(&mut self, kind: TargetKind, id: &str) {
        let print = self.hashers[kind as usize].hash(id.as_bytes()).as_u128();
        self.seen[part(print)].remove(&print);
    }

    /// The number of repeated targets.
    pub fn repeats(&self) -> u64 {
        self.repeats
    }
}

/// The index of the table for a fingerprint. The table itself uses the low half.
fn part(fingerprint: u128) -> usize {
    (fingerprint >> 64) as usize % TABLE_COUNT
}

impl std::fmt::Debug for Dedupe {
    /// Does not print the keys and the fingerprints.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dedupe").field("repeats", &self.repeats).finish_non_exhaustive()
    }
}

/// A hash function for fingerprints, which are hashes already.
#[derive(Default)]
struct NoHash(u64);

impl Hasher for NoHash {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u128(&mut self, fingerprint: u128) {
        self.0 = fingerprint as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
