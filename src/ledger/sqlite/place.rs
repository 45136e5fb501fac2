//! The files of a ledger in their place: that what was opened is still what its path names, before anything is trusted to
//! it. While a herald has a ledger open, no other one removes its journal or cuts it short.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use super::durable::{journal, length};
use super::fault::StoreFault;
use crate::in_place::FileInPlace;
use crate::trust::DatabaseFile;

/// The database and its journal, as they were last seen.
#[derive(Debug)]
pub(super) struct LedgerPlace {
    /// The database itself, which a link may have led to.
    database: PathBuf,
    journal: PathBuf,
    /// The database under the name that the user gave.
    named: FileInPlace,
    seen_journal: Option<(FileInPlace, File)>,
}

/// Whether a file has no second name.
pub(super) fn is_under_one_name(file: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        fs::metadata(file).is_ok_and(|data| data.nlink() == 1)
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        true
    }
}

/// The file that a path leads to; SQLite keeps the journal beside it.
pub(super) fn database(named: &Path) -> PathBuf {
    named.canonicalize().unwrap_or_else(|_| named.to_owned())
}

impl LedgerPlace {
    /// The files of a ledger that is open under a name.
    pub(super) fn of(named: &Path, database: &DatabaseFile) -> Result<Self, StoreFault> {
        let named = database.file().and_then(|file| FileInPlace::of_open(named, file));
        let named = named.map_err(|e| StoreFault::Io("read", e))?;
        let database = database.real_path().to_owned();
        Ok(Self { journal: journal(&database), database, named, seen_journal: None })
    }

    /// The database itself.
    pub(super) fn database(&self) -> &Path {
        &self.database
    }

    /// How long the journal is.
    pub(super) fn journal_length(&self) -> u64 {
        length(&self.journal)
    }

    /// Refuses what is no longer in its place.
    pub(super) fn check_names(&self) -> Result<(), StoreFault> {
        has_stayed(&self.named, "ledger")?;
        self.seen_journal.as_ref().map_or(Ok(()), |(file, _)| has_stayed(file, "journal"))
    }

    /// The same, and a journal that was overwritten. No other process may be writing meanwhile.
    pub(super) fn check(&mut self) -> Result<(), StoreFault> {
        self.check_names()?;
        let Some((_, file)) = &mut self.seen_journal else { return Ok(()) };
        if has_header(file).unwrap_or(false) {
            return Ok(());
        }
        Err(StoreFault::Moved(format!("journal {} was overwritten", self.journal.display())))
    }

    /// Whether the database itself was written to since the last look at it.
    pub(super) fn was_written(&self) -> bool {
        self.named.was_written()
    }

    /// Notes what the files have grown to.
    pub(super) fn look(&mut self) {
        self.named.measure();
        match &mut self.seen_journal {
            Some((file, _)) => file.measure(),
            None => {
                let seen = FileInPlace::of(&self.journal).ok().zip(File::open(&self.journal).ok());
                self.seen_journal = seen;
            }
        }
    }
}

fn has_stayed(file: &FileInPlace, what: &str) -> Result<(), StoreFault> {
    match file.change().map_err(|e| StoreFault::Io("find", e))? {
        None => Ok(()),
        Some(change) => {
            Err(StoreFault::Moved(format!("{what} {} {change}", file.path().display())))
        }
    }
}

/// How many bytes the header of a write-ahead log has.
const HEADER_BYTES: usize = 32;

/// Whether a file begins as a write-ahead log does; an empty one may still become one. See "WAL File Format" in SQLite's
/// documentation.
fn has_header(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    let mut header = [0; HEADER_BYTES];
    file.seek(SeekFrom::Start(0))?;
    file.read_exact(&mut header)?;
    let bytes = |at: usize| [header[at], header[at + 1], header[at + 2], header[at + 3]];
    let magic = u32::from_be_bytes(bytes(0));
    // The last bit of the magic number tells the byte order of what the checksums are over.
    let number = |at: usize| match magic & 1 {
        0 => u32::from_le_bytes(bytes(at)),
        _ => u32::from_be_bytes(bytes(at)),
    };
    let (mut one, mut two) = (0_u32, 0_u32);
    for at in (0..24).step_by(8) {
        one = one.wrapping_add(number(at)).wrapping_add(two);
        two = two.wrapping_add(number(at + 4)).wrapping_add(one);
    }
    let sums = [24, 28].map(|at| u32::from_be_bytes(bytes(at)));
    Ok(matches!(magic, 0x377f_0682 | 0x377f_0683) && sums == [one, two])
}
