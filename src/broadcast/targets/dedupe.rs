//! Which targets were there before: 16 bytes a target, whatever the length of its id.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use siphasher::sip128::SipHasher13;

use crate::contract::TargetKind;

/// The targets that were seen, as keyed fingerprints of 128 bits.
///
/// Two ids of ten million share a fingerprint with a chance of 1 in 10^24, and nobody who writes a list can make two
/// that do, since the key is not known: no target is lost for another.
pub struct Dedupe {
    /// A hash for each kind, each with a key of its own, so that an id alone is what is hashed.
    hashers: [SipHasher13; TargetKind::ALL.len()],
    /// Parts of the whole, by the fingerprint's last bits: they grow one at a time, and so never all stand in memory
    /// twice.
    seen: Vec<HashSet<u128, BuildHasherDefault<Itself>>>,
    repeats: u64,
}

/// How many parts: a power of two.
const PARTS: usize = 64;

impl Dedupe {
    /// Nothing seen yet. The key has to come from dice, and is for this one list.
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
        }
    }

    /// Notes a target; whether it is there for the first time.
    pub fn insert(&mut self, kind: TargetKind, id: &str) -> bool {
        let fingerprint = self.hashers[kind as usize].hash(id.as_bytes()).as_u128();
        // The table itself uses the low half.
        let part = (fingerprint >> 64) as usize % PARTS;
        let is_new = self.seen[part].insert(fingerprint);
        self.repeats += u64::from(!is_new);
        is_new
    }

    /// How many targets were there before.
    pub fn repeats(&self) -> u64 {
        self.repeats
    }
}

impl std::fmt::Debug for Dedupe {
    /// Without the keys, and without millions of fingerprints.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dedupe").field("repeats", &self.repeats).finish_non_exhaustive()
    }
}

/// The hash of what is one already.
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
