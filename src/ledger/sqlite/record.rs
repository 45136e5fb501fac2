//! The record of the last commit that was synced: a small file beside the database, by which damage is noticed that SQLite
//! does not tell of.
//!
//! SQLite reads a write-ahead log up to the first frame whose checksum fails, and takes what stands behind it for never
//! written. The record says how many commits there were. It is written right after each commit that was synced, and is not
//! synced itself: so it is never ahead of a ledger that is in order, and a power cut at most makes it older. A record that
//! is torn, damaged, of another ledger or not there at all counts as not known, and never as damage.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::writer::private;

/// How many bytes a slot has.
const SLOT_BYTES: usize = 64;

/// Two slots, written in turn: one that is torn, or written late by a slower herald, leaves the other.
const SLOTS: usize = 2;

/// What a slot begins with.
const MAGIC: &[u8; 8] = b"hrldsync";

/// A commit: its ledger, its number, and a digest that is chained to the commits before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DurablePoint {
    /// A number that no other ledger has.
    pub(super) ledger: i64,
    /// How many commits were synced.
    pub(super) commits: i64,
    /// Tells this history of commits from another that is as long.
    pub(super) digest: i64,
}

/// What a slot holds: a commit, and whether the record was synced with it.
type RecordSlot = (DurablePoint, bool);

/// Where the record of a ledger is. `database` is the file itself, not a link to it.
pub(in crate::ledger) fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-synced");
    name.into()
}

/// The commits that a record knows to be durable.
pub(super) fn read(database: &Path) -> Vec<DurablePoint> {
    let read = File::open(beside(database)).and_then(|mut file| slots(&mut file));
    read.unwrap_or_default().into_iter().map(|(point, _)| point).collect()
}

fn slots(file: &mut File) -> io::Result<Vec<RecordSlot>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take((SLOT_BYTES * SLOTS) as u64).read_to_end(&mut bytes)?;
    Ok(bytes.chunks_exact(SLOT_BYTES).filter_map(parse).collect())
}

fn parse(slot: &[u8]) -> Option<RecordSlot> {
    let (content, sum) = slot.split_at(SLOT_BYTES - 4);
    let number = |at: usize| Some(i64::from_le_bytes(content.get(at..at + 8)?.try_into().ok()?));
    let is_whole = content.starts_with(MAGIC) && crc32fast::hash(content).to_le_bytes() == sum;
    let point = DurablePoint { ledger: number(8)?, commits: number(16)?, digest: number(24)? };
    is_whole.then_some((point, content[32] != 0))
}

fn written(point: DurablePoint, is_synced: bool) -> [u8; SLOT_BYTES] {
    let mut slot = [0; SLOT_BYTES];
    slot[..8].copy_from_slice(MAGIC);
    slot[8..16].copy_from_slice(&point.ledger.to_le_bytes());
    slot[16..24].copy_from_slice(&point.commits.to_le_bytes());
    slot[24..32].copy_from_slice(&point.digest.to_le_bytes());
    slot[32] = u8::from(is_synced);
    let sum = crc32fast::hash(&slot[..SLOT_BYTES - 4]);
    slot[SLOT_BYTES - 4..].copy_from_slice(&sum.to_le_bytes());
    slot
}

/// The record of a ledger that is written to.
#[derive(Debug)]
pub(super) struct SyncRecord {
    path: PathBuf,
    file: File,
    /// Whether its name may not be on the disk yet.
    is_new: bool,
}

impl SyncRecord {
    /// Opens the record of a database, and makes it where there is none.
    pub(super) fn open(database: &Path) -> io::Result<Self> {
        let path = beside(database);
        let is_new = !path.exists();
        let mut options = OpenOptions::new();
        let file =
            private(options.read(true).write(true).create(true).truncate(false)).open(&path)?;
        Ok(Self { path, file, is_new })
    }

    /// Records a commit that was just synced. A failure costs knowledge, and nothing else: the commit is durable.
    pub(super) fn write(&mut self, point: DurablePoint) {
        let _ = self.put(point, false);
    }

    /// Records a commit, and syncs that, unless it was done before.
    pub(super) fn sync(&mut self, point: DurablePoint) -> io::Result<()> {
        if slots(&mut self.file)?.contains(&(point, true)) {
            return Ok(());
        }
        self.put(point, true)?;
        self.file.sync_all()?;
        #[cfg(unix)]
        if let Some(folder) = self.path.parent().filter(|_| self.is_new) {
            File::open(folder)?.sync_all()?;
        }
        self.is_new = false;
        Ok(())
    }

    fn put(&mut self, point: DurablePoint, is_synced: bool) -> io::Result<()> {
        let slot = u64::from(point.commits % 2 != 0) * SLOT_BYTES as u64;
        self.file.seek(SeekFrom::Start(slot))?;
        self.file.write_all(&written(point, is_synced))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn point(commits: i64) -> DurablePoint {
        DurablePoint { ledger: 77, commits, digest: commits.wrapping_mul(0x9e37_79b9) }
    }

    #[test]
    fn a_record_tells_the_last_two_commits_in_whatever_order_they_were_written() {
        let folder = tempfile::TempDir::new().unwrap();
        let database = folder.path().join("ledger.db");
        assert!(read(&database).is_empty());
        let mut record = SyncRecord::open(&database).unwrap();
        assert!(read(&database).is_empty());
        for commits in [1, 2, 3, 5, 4] {
            record.write(point(commits));
        }
        assert_eq!(read(&database), [point(4), point(5)]);
        let mut again = SyncRecord::open(&database).unwrap();
        again.sync(point(6)).unwrap();
        record.sync(point(6)).unwrap();
        assert_eq!(read(&database), [point(6), point(5)]);
    }

    #[test]
    fn whatever_is_damaged_of_a_record_is_no_knowledge_and_never_another_commit() {
        let folder = tempfile::TempDir::new().unwrap();
        let database = folder.path().join("ledger.db");
        let mut record = SyncRecord::open(&database).unwrap();
        record.write(point(8));
        record.write(point(9));
        let whole = fs::read(beside(&database)).unwrap();
        assert_eq!(whole.len(), SLOT_BYTES * SLOTS);
        for bit in 0..whole.len() * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            fs::write(beside(&database), &flipped).unwrap();
            let left = if bit < SLOT_BYTES * 8 { point(9) } else { point(8) };
            assert_eq!(read(&database), [left], "bit {bit}");
        }
        for length in 0..whole.len() {
            fs::write(beside(&database), &whole[..length]).unwrap();
            assert_eq!(read(&database).len(), length / SLOT_BYTES, "{length} bytes");
        }
    }
}
