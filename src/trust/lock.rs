//! Locks on single bytes of a file, far after its end: they belong to the file and not to one of its names, and the
//! system drops them when the process ends, in any way.
//!
//! They are locks of an open file description (`F_OFD_SETLK`). SQLite's locks belong to the process, and are at 1 GiB:
//! the two kinds do not conflict. On systems other than Linux there are no such locks: there, the state is unknown.

use std::fs::File;

use sha2::{Digest as _, Sha256};

/// The size of each area, in bytes.
const AREA: i64 = 1 << 61;

/// The state of a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockState {
    /// No other open file holds it.
    Free,
    /// Another open file holds it.
    Held,
    /// The system or the file system has no such locks.
    Unknown,
}

/// The result of an attempt to lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockAttempt {
    /// The lock is taken.
    Taken,
    /// Another open file holds it.
    Busy,
    /// The system or the file system has no such locks.
    Unsupported,
}

/// A byte of a file that has a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockByte(i64);

impl LockByte {
    /// The byte of the process that begins to work on the file, or that is the last one to.
    pub const TURN: Self = Self(3 * AREA);

    /// The byte of a process that works on the file, by its id.
    ///
    /// Two ids share a byte with a chance of 1 in 2^61, but two live processes never do: the second one finds the byte
    /// locked, and takes another id.
    pub fn of_worker(id: &[u8]) -> Self {
        Self(AREA + hash(id))
    }

    /// The byte of a name under which the file is open.
    pub(super) fn of_name(name: &[u8]) -> Self {
        Self(2 * AREA + hash(name))
    }

    pub(super) fn range(self) -> ByteRange {
        ByteRange { start: self.0, length: 1 }
    }

    /// The bytes before and after it in the same area.
    pub(super) fn others(self) -> [ByteRange; 2] {
        let start = self.0 - self.0 % AREA;
        let (before, behind) = (self.0 - start, start + (AREA - 1) - self.0);
        [ByteRange { start, length: before }, ByteRange { start: self.0 + 1, length: behind }]
    }
}

/// The bytes of all processes that work on a file.
pub(super) const WORKERS: ByteRange = ByteRange { start: AREA, length: AREA };

/// A range of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ByteRange {
    pub(super) start: i64,
    pub(super) length: i64,
}

fn hash(of: &[u8]) -> i64 {
    let digest = Sha256::digest(of);
    let bytes = digest.iter().take(8).fold(0_u64, |all, byte| all << 8 | u64::from(*byte));
    // 61 bits: the size of an area.
    (bytes >> 3) as i64
}

/// How many others may hold the same lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LockSharing {
    /// Any number.
    Shared,
    /// None; the file has to be open for writing.
    Exclusive,
}

/// Takes a lock without waiting.
pub(super) fn take(file: &File, range: ByteRange, sharing: LockSharing) -> LockAttempt {
    system::take(file, range, sharing)
}

/// Releases a lock.
pub(super) fn give_back(file: &File, range: ByteRange) {
    system::give_back(file, range);
}

/// Whether another open file holds a lock on any of these bytes.
pub(super) fn state(file: &File, range: ByteRange) -> LockState {
    // A length of 0 would mean "to the end of the file".
    if range.length == 0 { LockState::Free } else { system::state(file, range) }
}

#[cfg(all(any(target_os = "linux", target_os = "android"), target_pointer_width = "64"))]
mod system {
    use std::fs::File;

    use nix::errno::Errno;
    use nix::fcntl::{FcntlArg, fcntl};
    use nix::libc::{self, c_short};

    use super::{ByteRange, LockAttempt, LockSharing, LockState};

    fn request(kind: libc::c_int, range: ByteRange) -> libc::flock {
        libc::flock {
            l_type: kind as c_short,
            l_whence: libc::SEEK_SET as c_short,
            l_start: range.start,
            l_len: range.length,
            l_pid: 0,
        }
    }

    pub(super) fn take(file: &File, range: ByteRange, sharing: LockSharing) -> LockAttempt {
        let kind = match sharing {
            LockSharing::Shared => libc::F_RDLCK,
            LockSharing::Exclusive => libc::F_WRLCK,
        };
        match fcntl(file, FcntlArg::F_OFD_SETLK(&request(kind, range))) {
            Ok(_) => LockAttempt::Taken,
            Err(Errno::EAGAIN | Errno::EACCES) => LockAttempt::Busy,
            Err(_) => LockAttempt::Unsupported,
        }
    }

    pub(super) fn give_back(file: &File, range: ByteRange) {
        // If unlocking fails, closing the file unlocks it.
        let _ = fcntl(file, FcntlArg::F_OFD_SETLK(&request(libc::F_UNLCK, range)));
    }

    pub(super) fn state(file: &File, range: ByteRange) -> LockState {
        let mut found = request(libc::F_WRLCK, range);
        match fcntl(file, FcntlArg::F_OFD_GETLK(&mut found)) {
            Ok(_) if found.l_type == libc::F_UNLCK as c_short => LockState::Free,
            Ok(_) => LockState::Held,
            Err(_) => LockState::Unknown,
        }
    }
}

#[cfg(not(all(any(target_os = "linux", target_os = "android"), target_pointer_width = "64")))]
mod system {
    use std::fs::File;

    use super::{ByteRange, LockAttempt, LockSharing, LockState};

    pub(super) fn take(_: &File, _: ByteRange, _: LockSharing) -> LockAttempt {
        LockAttempt::Unsupported
    }

    pub(super) fn give_back(_: &File, _: ByteRange) {}

    pub(super) fn state(_: &File, _: ByteRange) -> LockState {
        LockState::Unknown
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn areas_lie_apart_and_end_before_the_largest_offset() {
        assert_eq!(WORKERS.start.checked_add(WORKERS.length), Some(2 * AREA));
        assert!((2 * AREA).checked_add(AREA).is_some());
        const { assert!(WORKERS.start > 1 << 40, "far behind the locks of SQLite") };
    }

    proptest! {
        #[test]
        fn every_id_has_a_byte_in_its_area_and_the_rest_of_the_area_is_the_others(
            id in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            for (byte, area) in [(LockByte::of_worker(&id), AREA), (LockByte::of_name(&id), 2 * AREA)] {
                prop_assert!((area..area + AREA).contains(&byte.0));
                let [before, behind] = byte.others();
                prop_assert_eq!(before.start, area);
                prop_assert_eq!(before.start + before.length, byte.0);
                prop_assert_eq!(behind.start, byte.0 + 1);
                prop_assert_eq!(behind.start + behind.length, area + AREA);
            }
        }
    }
}
