//! The sign that a process is at work: a locked file beside the ledger, which the system unlocks when the process ends,
//! however it ends. Process ids would not do: they are used again, and mean nothing in another container.
//!
//! The file also holds a reserve of room. Making it shows a full disk before anything is sent, and giving it up makes
//! room for what became of a request when the disk has filled up meanwhile.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::ledger::store::Liveness;

/// More than the ending of a request takes, log and checkpoint included.
const RESERVE: usize = 256 * 1024;

/// More than a commit of a job takes, which ends and begins many requests at once.
const JOB_RESERVE: usize = 1024 * 1024;

/// How long a sign is new.
const NEW_MS: i64 = 60_000;

/// A process that writes to the ledger.
pub(super) struct Writer {
    id: String,
    name: Option<String>,
    file: Option<File>,
    path: PathBuf,
}

impl Writer {
    /// Makes and locks the file. Fails where the folder cannot be written or has no room.
    pub(super) fn begin(ledger: &Path) -> io::Result<Self> {
        let id = Uuid::now_v7().to_string();
        let path = beside(ledger, &id);
        let file = private(OpenOptions::new().write(true).create_new(true)).open(&path)?;
        let mut writer = Self { id, name: None, file: Some(file), path };
        if let Some(file) = &mut writer.file {
            file.write_all(&vec![0; RESERVE])?;
            // Where files cannot be locked, deadlines alone tell whether a process may be at work.
            writer.name = file.try_lock().is_ok().then(|| writer.id.clone());
        }
        Ok(writer)
    }

    /// By what entries name this writer.
    pub(super) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Which writer it is, whether or not its file could be locked: jobs have one owner in any case.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Enlarges the reserve to what a job needs. Fails where the disk has no room for that.
    pub(super) fn reserve_for_job(&mut self) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let there = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
        file.seek(io::SeekFrom::End(0))?;
        file.write_all(&vec![0; JOB_RESERVE.saturating_sub(there)])
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

/// Whether any other writer of a ledger is at work, or may be.
pub(super) fn others_at_work(ledger: &Path, own: &str) -> bool {
    signs(ledger).any(|name| name != own && liveness(ledger, &name) != Liveness::Gone)
}

/// The names of writers that have a sign beside a ledger.
fn signs(ledger: &Path) -> impl Iterator<Item = String> {
    let start = ledger.file_name().map(|file| format!("{}-", file.to_string_lossy()));
    let files = ledger.parent().and_then(|folder| fs::read_dir(folder).ok());
    files.into_iter().flatten().flatten().filter_map(move |sign| {
        let sign = sign.file_name();
        let name = sign.to_str()?.strip_prefix(start.as_deref()?)?.strip_suffix(".alive")?;
        Some(name.to_owned())
    })
}

/// Removes what dead writers left behind of which no entry without an ending speaks: those killed after the last
/// answer, or before the first intent. A sign that is new may not have been locked yet, and is left alone.
pub(super) fn sweep(ledger: &Path, now_ms: i64) {
    for name in signs(ledger) {
        if made_ms(&name).is_some_and(|made_ms| made_ms < now_ms.saturating_sub(NEW_MS)) {
            liveness(ledger, &name);
        }
    }
}

/// When a writer began, in milliseconds since 1970.
fn made_ms(name: &str) -> Option<i64> {
    let (seconds, nanos) = Uuid::try_parse(name).ok()?.get_timestamp()?.to_unix();
    i64::try_from(seconds).ok()?.checked_mul(1000)?.checked_add(i64::from(nanos / 1_000_000))
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
