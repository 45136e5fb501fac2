//! A database file held open beside SQLite, and the locks on it.
//!
//! SQLite's locks belong to the process: when any descriptor of the file is closed in it, all of them are lost. So
//! herald opens its own descriptor before SQLite opens the file, and closes none while a [`DatabaseFile`] of the same
//! file is in use: files that are dropped earlier are kept open until the last one is dropped.

use std::collections::BTreeMap;
use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::check::{TrustCheck, all_of, make_private, parent};
use super::lock::{self, LockAttempt, LockByte, LockSharing, LockState, WORKERS};
use crate::error::Result;

/// The number by which a system identifies a file: device and inode.
type FileNumber = (u64, u64);

/// The files that are held in this process.
static HELD: Mutex<BTreeMap<FileNumber, HeldFile>> = Mutex::new(BTreeMap::new());

/// One held file.
#[derive(Default)]
struct HeldFile {
    users: usize,
    /// Open files that are no longer used, but cannot be closed yet.
    aside: Vec<File>,
}

/// Why a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// To read and write.
    Write,
    /// To read.
    Read,
}

/// Under which names the file is open, according to the processes that hold it as a [`DatabaseFile`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameUse {
    /// Only under this name.
    Same,
    /// Also under another one: a hard link, or a mount of the file. SQLite would keep a separate log there.
    Other,
    /// The system or the file system cannot say.
    Unknown,
}

/// A database file that is held open. It has to outlive SQLite's connections to the file.
#[derive(Debug)]
pub struct DatabaseFile {
    /// Absent only while it is dropped.
    file: Option<File>,
    number: FileNumber,
    path: PathBuf,
    /// The files beside it that belong to it, whether or not they exist.
    beside: Vec<PathBuf>,
    name: Option<LockByte>,
    /// The bytes that this one has locked: the system does not report an open file's own locks to it.
    own: Mutex<Vec<LockByte>>,
}

impl DatabaseFile {
    /// Opens an existing file. It fails if there is none; something that is not a regular file is opened without
    /// waiting for its other end.
    pub fn open(path: &Path, mode: OpenMode) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).write(mode == OpenMode::Write);
        #[cfg(unix)]
        {
            use nix::fcntl::OFlag;
            let flags = OFlag::O_NONBLOCK | OFlag::O_NOCTTY;
            std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.bits());
        }
        Self::with(path, &options)
    }

    /// Creates a file that only its owner can read; fails with `AlreadyExists` if there is anything at the path.
    pub fn create(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Self::with(path, &options)
    }

    fn with(path: &Path, options: &OpenOptions) -> io::Result<Self> {
        // Opened and counted in one step: a later error must not close the file.
        let mut held = held();
        let file = options.open(path)?;
        let number = number(&file.metadata()?);
        held.entry(number).or_default().users += 1;
        drop(held);
        let (file, own) = (Some(file), Mutex::default());
        let (path_given, beside) = (path.to_owned(), Vec::new());
        let mut opened = Self { file, number, path: path_given, beside, name: None, own };
        opened.path = real_path(path)?;
        opened.beside.extend(side_files(&opened.path));
        opened.name = name(&opened.path);
        Ok(opened)
    }

    /// The open file.
    pub fn file(&self) -> io::Result<&File> {
        self.file.as_ref().ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    /// Its path without links.
    pub fn real_path(&self) -> &Path {
        &self.path
    }

    /// Declares that another file beside it belongs to it: that file is checked and made private with it.
    pub fn has_beside(&mut self, path: PathBuf) {
        self.beside.push(path);
    }

    /// Checks the open file, its folder, and the files beside it: SQLite trusts its log as it trusts the file. `path`
    /// is the name of the file for messages.
    pub fn check(&self, check: &TrustCheck<'_>, path: &Path) -> Result<()> {
        let file = self.file().map_err(|error| check.cannot_read(path, error))?;
        let beside = TrustCheck { name: &format!("a file beside {}", check.name), ..*check };
        let judge = |path: &PathBuf| match std::fs::symlink_metadata(path) {
            Ok(data) if data.is_file() => beside.metadata(&data, path),
            // SQLite does not follow links there.
            Ok(_) => Err(beside.no_file(path)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(beside.cannot_read(path, error)),
        };
        let judged = [check.folder_of(path), check.open_file(file, path)];
        all_of(judged.into_iter().chain(self.beside.iter().map(judge)))
    }

    /// Removes the rights of others from the file and from the files beside it: SQLite gives new files there the rights
    /// of the file. It must be checked first, because the files beside it are found by path.
    pub fn make_private(&self) -> io::Result<()> {
        make_private(self.file()?)?;
        #[cfg(unix)]
        for path in &self.beside {
            use std::os::unix::fs::PermissionsExt as _;
            let is_open = |data: Metadata| data.permissions().mode() & 0o077 != 0;
            // Not opened for this: closing the index would give up SQLite's locks on it.
            if std::fs::symlink_metadata(path).is_ok_and(is_open) {
                std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
            }
        }
        Ok(())
    }

    /// Tells other processes under which name it is open here, and returns under which it is open there. If two
    /// processes open one file under two names, at least one of them learns it.
    pub fn share_name(&self) -> NameUse {
        let (Ok(file), Some(name)) = (self.file(), self.name) else { return NameUse::Unknown };
        if lock::take(file, name.range(), LockSharing::Shared) != LockAttempt::Taken {
            return NameUse::Unknown;
        }
        match name.others().map(|range| lock::state(file, range)) {
            [LockState::Free, LockState::Free] => NameUse::Same,
            states if states.contains(&LockState::Held) => NameUse::Other,
            _ => NameUse::Unknown,
        }
    }

    /// Locks the byte of a process that works on the file, which must be open for writing.
    pub fn lock_byte(&self, byte: LockByte) -> LockAttempt {
        let Ok(file) = self.file() else { return LockAttempt::Unsupported };
        let taken = lock::take(file, byte.range(), LockSharing::Exclusive);
        if taken == LockAttempt::Taken {
            self.own().push(byte);
        }
        taken
    }

    /// Unlocks a byte.
    pub fn unlock_byte(&self, byte: LockByte) {
        let mut own = self.own();
        if let (Some(index), Ok(file)) = (own.iter().position(|one| *one == byte), self.file()) {
            own.swap_remove(index);
            lock::give_back(file, byte.range());
        }
    }

    /// Whether a live process, this one included, holds a byte.
    pub fn state_of(&self, byte: LockByte) -> LockState {
        let Ok(file) = self.file() else { return LockState::Unknown };
        if self.own().contains(&byte) { LockState::Held } else { lock::state(file, byte.range()) }
    }

    /// Whether another process works on the file.
    pub fn other_workers(&self) -> LockState {
        self.file().map_or(LockState::Unknown, |file| lock::state(file, WORKERS))
    }

    fn own(&self) -> MutexGuard<'_, Vec<LockByte>> {
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for DatabaseFile {
    fn drop(&mut self) {
        let Some(file) = self.file.take() else { return };
        for byte in self.own().drain(..).chain(self.name) {
            lock::give_back(&file, byte.range());
        }
        if cfg!(not(unix)) {
            return;
        }
        let mut held = held();
        let Some(one) = held.get_mut(&self.number) else { return };
        one.users = one.users.saturating_sub(1);
        one.aside.push(file);
        if one.users == 0 {
            held.remove(&self.number);
        }
    }
}

/// The files that SQLite keeps beside a file: its log, the index of the log, and the journal for an interrupted change.
pub fn side_files(path: &Path) -> [PathBuf; 3] {
    ["-wal", "-shm", "-journal"].map(|end| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        name.into()
    })
}

fn held() -> MutexGuard<'static, BTreeMap<FileNumber, HeldFile>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The byte for a name: the file's name in its folder, with the number of the folder. That number is the same under all
/// names of the folder and in all containers that mount it.
fn name(real: &Path) -> Option<LockByte> {
    let (device, inode) = number(&std::fs::metadata(parent(real)).ok()?);
    let file = real.file_name()?;
    let mut bytes = [device.to_be_bytes(), inode.to_be_bytes()].concat();
    bytes.extend_from_slice(file.as_encoded_bytes());
    Some(LockByte::of_name(&bytes))
}

#[cfg(unix)]
fn real_path(path: &Path) -> io::Result<PathBuf> {
    std::fs::canonicalize(path)
}

/// On other systems the path would get a form that not every program accepts.
#[cfg(not(unix))]
fn real_path(path: &Path) -> io::Result<PathBuf> {
    std::path::absolute(path)
}

#[cfg(unix)]
fn number(data: &Metadata) -> FileNumber {
    use std::os::unix::fs::MetadataExt as _;
    (data.dev(), data.ino())
}

/// On other systems, closing a file loses no locks of another one, and files need no number.
#[cfg(not(unix))]
fn number(_: &Metadata) -> FileNumber {
    (0, 0)
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
