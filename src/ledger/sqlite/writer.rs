//! The sign that a process is at work: a locked byte of the ledger itself, which the system unlocks when the process ends,
//! however it ends. Process ids would not do: they are used again, and mean nothing in another container.
//!
//! A file beside the ledger is a second sign, for file systems and systems without locks on bytes, and for heralds that
//! do not know the first one. It also holds a reserve of room. Making it shows a full disk before anything is sent, and
//! giving it up makes room for the outcome of a request when the disk has filled up meanwhile.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::BUSY_TIMEOUT;
use crate::ledger::orphans::Liveness;
use crate::trust::{DatabaseFile, LockAttempt, LockByte, LockState};

/// More than the ending of a request takes, log and checkpoint included.
const RESERVE_BYTES: usize = 256 * 1024;

/// More than a commit of a job takes, which ends and begins many requests at once.
const JOB_RESERVE_BYTES: usize = 1024 * 1024;

/// How long a sign is new.
const NEW_SIGN_MS: i64 = 60_000;

/// How many ids are tried where the byte of one is another writer's.
const MAX_IDS: usize = 8;

/// How long to wait before asking again for the turn.
const TURN_POLL_INTERVAL: Duration = Duration::from_millis(1);

/// The turn of a process that begins to work on a ledger, or that may be the last one to: one process has it at a time.
/// So the last one never cuts the journal short, or puts a smaller database into its place, while another one begins: that
/// one would take it for damage.
pub(super) struct WriterTurn<'a>(Option<&'a DatabaseFile>);

impl<'a> WriterTurn<'a> {
    /// Waits for the turn, but not for longer than this: where no byte can be locked, or a process has it for so long, there
    /// is no order.
    pub(super) fn take(database: &'a DatabaseFile, patience: Duration) -> Self {
        let until = Instant::now() + patience;
        loop {
            match database.lock_byte(LockByte::TURN) {
                LockAttempt::Taken => return Self(Some(database)),
                LockAttempt::Busy if Instant::now() < until => thread::sleep(TURN_POLL_INTERVAL),
                LockAttempt::Busy | LockAttempt::Unsupported => return Self(None),
            }
        }
    }
}

impl Drop for WriterTurn<'_> {
    fn drop(&mut self) {
        if let Some(database) = self.0 {
            database.unlock_byte(LockByte::TURN);
        }
    }
}

/// A process that writes to the ledger.
pub(super) struct Writer {
    id: String,
    /// Whether others can tell that it lives.
    is_locked: bool,
    file: Option<File>,
    path: PathBuf,
    database: Arc<DatabaseFile>,
}

impl Writer {
    /// Locks a byte of the ledger, and makes and locks the file beside it. Fails where the folder cannot be written or has
    /// no room.
    pub(super) fn begin(database: &Arc<DatabaseFile>) -> io::Result<Self> {
        let _turn = WriterTurn::take(database, BUSY_TIMEOUT);
        let (id, has_byte) = take_id(database);
        let path = beside(database.real_path(), &id);
        let made = private(OpenOptions::new().write(true).create_new(true)).open(&path);
        let mut file = made.inspect_err(|_| database.unlock_byte(byte_of(&id)))?;
        // From here on, dropping it tidies up.
        let mut writer =
            Self { id, is_locked: has_byte, file: None, path, database: Arc::clone(database) };
        file.write_all(&vec![0; RESERVE_BYTES])?;
        // Where nothing can be locked, deadlines alone tell whether a process may be at work.
        writer.is_locked |= file.try_lock().is_ok();
        writer.file = Some(file);
        Ok(writer)
    }

    /// By what entries name this writer.
    pub(super) fn name(&self) -> Option<&str> {
        self.is_locked.then_some(&*self.id)
    }

    /// Which writer it is, whether or not anything could be locked: jobs have one owner in any case.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Enlarges the reserve to what a job needs. Fails where the disk has no room for that.
    pub(super) fn reserve_for_job(&mut self) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let there = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
        file.seek(io::SeekFrom::End(0))?;
        file.write_all(&vec![0; JOB_RESERVE_BYTES.saturating_sub(there)])
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
        self.database.unlock_byte(byte_of(&self.id));
    }
}

/// A new id, and whether its byte is locked.
fn take_id(database: &DatabaseFile) -> (String, bool) {
    for _ in 0..MAX_IDS {
        let id = Uuid::now_v7().to_string();
        match database.lock_byte(byte_of(&id)) {
            LockAttempt::Taken => return (id, true),
            LockAttempt::Busy => {}
            LockAttempt::Unsupported => return (id, false),
        }
    }
    (Uuid::now_v7().to_string(), false)
}

fn byte_of(id: &str) -> LockByte {
    LockByte::of_worker(id.as_bytes())
}

/// The ledger whose writers are asked for.
#[derive(Clone)]
pub(super) struct Signs {
    /// Under the name by which the user called it.
    pub(super) path: PathBuf,
    /// Open, where it is a file.
    pub(super) database: Option<Arc<DatabaseFile>>,
}

impl Signs {
    /// Whether a writer is at work. The file that a dead one left behind is removed.
    pub(super) fn liveness(&self, name: &str) -> Liveness {
        if Uuid::try_parse(name).is_err() {
            return Liveness::CannotTell;
        }
        let byte = self.database.as_ref().map(|database| database.state_of(byte_of(name)));
        if byte == Some(LockState::Held) {
            return Liveness::Alive;
        }
        // It may be of a herald that locked the file alone, beside the name by which it called the ledger.
        let files = self.ledgers().map(|ledger| liveness_of_file(&beside(ledger, name)));
        files.fold(Liveness::Gone, |all, one| match (all, one) {
            (Liveness::Alive, _) | (_, Liveness::Alive) => Liveness::Alive,
            (Liveness::Gone, Liveness::Gone) => Liveness::Gone,
            _ => Liveness::CannotTell,
        })
    }

    /// Whether any other writer is at work, or may be.
    pub(super) fn others_at_work(&self, own: &str) -> bool {
        let workers = self.database.as_ref().map(|database| database.other_workers());
        workers == Some(LockState::Held)
            || self.names().any(|name| name != own && self.liveness(&name) != Liveness::Gone)
    }

    /// The names of writers that have a file.
    fn names(&self) -> impl Iterator<Item = String> {
        self.ledgers().flat_map(names_beside)
    }

    /// The names of the ledger: the real one and the one by which it was called.
    fn ledgers(&self) -> impl Iterator<Item = &Path> {
        let real = self.database.as_ref().map(|database| database.real_path());
        let named = Some(&*self.path).filter(|path| real != Some(path));
        real.into_iter().chain(named)
    }
}

/// What the file of a writer says.
fn liveness_of_file(path: &Path) -> Liveness {
    match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Liveness::Gone,
        Err(_) => Liveness::CannotTell,
        // Shared, so that two who ask at once do not take each other for the writer.
        Ok(file) => match file.try_lock_shared() {
            Ok(()) => {
                drop(file);
                let _ = fs::remove_file(path);
                Liveness::Gone
            }
            Err(TryLockError::WouldBlock) => Liveness::Alive,
            Err(TryLockError::Error(_)) => Liveness::CannotTell,
        },
    }
}

/// The names of writers that have a file beside a ledger.
fn names_beside(ledger: &Path) -> impl Iterator<Item = String> {
    let start = ledger.file_name().map(|file| format!("{}-", file.to_string_lossy()));
    let files = ledger.parent().and_then(|folder| fs::read_dir(folder).ok());
    files.into_iter().flatten().flatten().filter_map(move |sign| {
        let sign = sign.file_name();
        let name = sign.to_str()?.strip_prefix(start.as_deref()?)?.strip_suffix(".alive")?;
        Some(name.to_owned())
    })
}

/// Removes what dead writers left behind, where no entry without an ending names them: those killed after the last
/// answer, or before the first intent. A sign that is new may not have been locked yet, and is left alone.
pub(super) fn sweep(signs: &Signs, now_ms: i64) {
    for name in signs.names() {
        if made_ms(&name).is_some_and(|made_ms| made_ms < now_ms.saturating_sub(NEW_SIGN_MS)) {
            signs.liveness(&name);
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

/// Options under which only its owner can read a new file.
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}
