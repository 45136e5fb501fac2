//! Which targets have occurred before: 16 bytes for each target, for any length of its id.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use siphasher::sip128::SipHasher13;

use crate::contract::TargetKind;

/// The targets that were seen, as keyed fingerprints of 128 bits.
///
/// Two ids of ten million share a fingerprint with a chance of 1 in 10^24. The writer of a list cannot construct two
/// that do, because the key is secret: no target is lost because of another.
pub struct Dedupe {
    /// A hash for each kind, each with a separate key, so that only the id is hashed.
    hashers: [SipHasher13; TargetKind::ALL.len()],
    /// Parts of the whole set, by bits of the fingerprint that a table does not use itself. They grow one at a time, so
    /// the whole set is never in memory twice.
    seen: Vec<HashSet<u128, BuildHasherDefault<Itself>>>,
    repeats: u64,
    fingerprints: Vec<u128>,
    known: Vec<bool>,
}

/// The number of parts: a power of two.
const PARTS: usize = 64;

/// How many targets are looked up before the first of them is inserted. The look-ups do not wait for one another, so
/// memory answers several at once; the inserts then find everything in the cache. This halves the time.
const AHEAD: usize = 64;

impl Dedupe {
    /// An empty set. The key must be random, and only for this list.
    pub fn new(key: [u8; 16]) -> Self {
        let main = SipHasher13::new_with_key(&key);
        let hasher = |kind: TargetKind| {
            let own = main.hash(kind.word().as_bytes());
            SipHasher13::new_with_key(&own.as_bytes())
        };
        Self {
            hashers: TargetKind::ALL.map(hasher),
            seen: (0..PARTS).map(|_| HashSet::default()).collect(),
            repeats: 0,
            fingerprints: Vec::new(),
            known: Vec::with_capacity(AHEAD),
        }
    }

    /// Records a target; returns whether this is its first occurrence.
    pub fn insert(&mut self, kind: TargetKind, id: &str) -> bool {
        let mut is_new = false;
        self.insert_all(kind, std::iter::once(id), |first| is_new = first);
        is_new
    }

    /// Records targets of a kind, and tells for each in turn whether this is its first occurrence.
    pub(super) fn insert_all<'t>(
        &mut self,
        kind: TargetKind,
        ids: impl Iterator<Item = &'t str>,
        mut tell: impl FnMut(bool),
    ) {
        let Self { hashers, seen, repeats, fingerprints, known } = self;
        let hasher = &hashers[kind as usize];
        fingerprints.clear();
        fingerprints.extend(ids.map(|id| hasher.hash(id.as_bytes()).as_u128()));
        for chunk in fingerprints.chunks(AHEAD) {
            known.clear();
            known.extend(chunk.iter().map(|print| seen[part(*print)].contains(print)));
            for (print, known) in chunk.iter().zip(&*known) {
                let is_new = !known && seen[part(*print)].insert(*print);
                *repeats += u64::from(!is_new);
                tell(is_new);
            }
        }
    }

    /// Treats a target as not recorded.
    pub fn remove(&mut self, kind: TargetKind, id: &str) {
        let print = self.hashers[kind as usize].hash(id.as_bytes()).as_u128();
        self.seen[part(print)].remove(&print);
    }

    /// How many targets had occurred before.
    pub fn repeats(&self) -> u64 {
        self.repeats
    }
}

/// The part for a fingerprint. The table itself uses the low half.
fn part(fingerprint: u128) -> usize {
    (fingerprint >> 64) as usize % PARTS
}

impl std::fmt::Debug for Dedupe {
    /// Without the keys, and without millions of fingerprints.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dedupe").field("repeats", &self.repeats).finish_non_exhaustive()
    }
}

/// The identity hash for a value that already is a hash.
#[derive(Default)]
struct Itself(u64);

impl Hasher for Itself {
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
