//! The sign that a process is at work: a locked file beside the ledger, which the system unlocks when the process ends,
//! however it ends. Process ids would not do: they are used again, and mean nothing in another container.
//!
//! The file also holds a reserve of room. Making it shows a full disk before anything is sent, and giving it up makes
//! room for what became of a request when the disk has filled up meanwhile.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::ledger::store::Liveness;

/// More than the ending of a request takes, log and checkpoint included.
const RESERVE: usize = 256 * 1024;

/// A process that writes to the ledger.
pub(super) struct Writer {
    name: Option<String>,
    file: Option<File>,
    path: PathBuf,
}

impl Writer {
    /// Makes and locks the file. Fails where the folder cannot be written or has no room.
    pub(super) fn begin(ledger: &Path) -> io::Result<Self> {
        let name = Uuid::now_v7().to_string();
        let path = beside(ledger, &name);
        let file = private(OpenOptions::new().write(true).create_new(true)).open(&path)?;
        let mut writer = Self { name: None, file: Some(file), path };
        if let Some(file) = &mut writer.file {
            file.write_all(&vec![0; RESERVE])?;
            // Where files cannot be locked, deadlines alone tell whether a process may be at work.
            writer.name = file.try_lock().is_ok().then_some(name);
        }
        Ok(writer)
    }

    /// By what entries name this writer.
    pub(super) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Gives up the reserve of room.
    pub(super) fn release(&self) -> bool {
        self.file.as_ref().is_some_and(|file| file.set_len(0).is_ok())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Some systems do not remove what is open.
        self.file = None;
        let _ = fs::remove_file(&self.path);
    }
}

/// Whether a writer of a ledger is at work. What a dead one left behind is removed.
pub(super) fn liveness(ledger: &Path, name: &str) -> Liveness {
    if Uuid::try_parse(name).is_err() {
        return Liveness::CannotTell;
    }
    let path = beside(ledger, name);
    match File::open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Liveness::Gone,
        Err(_) => Liveness::CannotTell,
        // Shared, so that two who ask at once do not take each other for the writer.
        Ok(file) => match file.try_lock_shared() {
            Ok(()) => {
                drop(file);
                let _ = fs::remove_file(&path);
                Liveness::Gone
            }
            Err(TryLockError::WouldBlock) => Liveness::Alive,
            Err(TryLockError::Error(_)) => Liveness::CannotTell,
        },
    }
}

fn beside(ledger: &Path, name: &str) -> PathBuf {
    let mut file = ledger.file_name().unwrap_or_default().to_owned();
    file.push(format!("-{name}.alive"));
    ledger.with_file_name(file)
}

/// Options under which nobody else can read a new file.
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}
