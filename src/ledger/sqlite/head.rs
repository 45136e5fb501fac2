//! Whether a file is a ledger, from its bytes alone: asked before SQLite opens it, which would put files beside it.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use super::schema::APPLICATION_ID;

/// How a file of SQLite begins.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// The head of a file, in bytes.
const HEAD_BYTES: usize = 100;

/// The head of a log, and the head of each page in it, in bytes.
const LOG_HEAD_BYTES: u64 = 32;
const PAGE_HEAD_BYTES: u64 = 24;

/// How many pages of a log are looked at: the tables of a new ledger are in the first of them.
const MAX_PAGES: u64 = 4096;

/// Whether a file is a ledger, or is empty and may become one. What only the log has counts as well.
pub(super) fn is_ledger(file: &File, log: &Path) -> io::Result<bool> {
    let Some(head) = head_at(&mut &*file, 0)? else { return Ok(file.metadata()?.len() == 0) };
    Ok(match kind_of(&head) {
        HeadKind::Ledger => true,
        HeadKind::Other => false,
        HeadKind::Unmarked => match File::open(log) {
            Ok(mut log) => log_is_ledgers(&mut log)?,
            Err(error) if error.kind() == ErrorKind::NotFound => true,
            Err(error) => return Err(error),
        },
    })
}

/// What the head of a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HeadKind {
    /// It has the mark of a ledger.
    Ledger,
    /// It is a database with nothing in it, as a ledger is until its first tables are folded in.
    Unmarked,
    /// It is something else.
    Other,
}

fn kind_of(head: &[u8; HEAD_BYTES]) -> HeadKind {
    let pages = number(head, 28);
    match i64::from(number(head, 68)) {
        _ if !head.starts_with(MAGIC) => HeadKind::Other,
        APPLICATION_ID => HeadKind::Ledger,
        0 if pages <= 1 => HeadKind::Unmarked,
        _ => HeadKind::Other,
    }
}

/// Whether a log has the first page of a ledger, or no first page at all.
fn log_is_ledgers(log: &mut (impl Read + Seek)) -> io::Result<bool> {
    let Some(head) = bytes_at::<{ LOG_HEAD_BYTES as usize }>(log, 0)? else { return Ok(true) };
    let page_bytes = u64::from(number(&head, 8));
    let mut has_first_page = false;
    for page in 0..MAX_PAGES {
        let at = LOG_HEAD_BYTES + page * (PAGE_HEAD_BYTES + page_bytes);
        let Some(head) = bytes_at::<{ PAGE_HEAD_BYTES as usize }>(log, at)? else { break };
        if number(&head, 0) != 1 {
            continue;
        }
        match head_at(log, at + PAGE_HEAD_BYTES)?.map(|head| kind_of(&head)) {
            Some(HeadKind::Ledger) => return Ok(true),
            _ => has_first_page = true,
        }
    }
    Ok(!has_first_page)
}

fn number(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].iter().fold(0, |all, byte| all << 8 | u32::from(*byte))
}

fn head_at(from: &mut (impl Read + Seek), at: u64) -> io::Result<Option<[u8; HEAD_BYTES]>> {
    bytes_at(from, at)
}

/// Bytes at a place; `None` where there are not as many.
fn bytes_at<const N: usize>(from: &mut (impl Read + Seek), at: u64) -> io::Result<Option<[u8; N]>> {
    from.seek(SeekFrom::Start(at))?;
    let mut bytes = [0; N];
    match from.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;
    use rusqlite::Connection;

    use super::*;
    use crate::ledger::sqlite::Sqlite;
    use crate::trust::side_files;

    /// Whether the files that a database consists of are a ledger's.
    fn judged(path: &Path) -> bool {
        is_ledger(&File::open(path).unwrap(), &side_files(path)[0]).unwrap()
    }

    #[test]
    fn a_ledger_is_known_by_its_file_or_by_its_log_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("empty"), "").unwrap();
        std::fs::write(at("text"), "a text that is no ledger\n".repeat(400)).unwrap();
        std::fs::write(at("short"), MAGIC).unwrap();
        // A ledger of an earlier version had its tables in the log alone at first.
        let new = Connection::open(at("new.db")).unwrap();
        new.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).unwrap();
        new.execute_batch("CREATE TABLE entry (x)").unwrap();
        new.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        assert!(std::fs::metadata(at("new.db")).unwrap().len() <= 4096);
        let old = Sqlite::open(&at("old.db")).unwrap();
        drop(old);
        let fold_in = |db: &Connection| {
            db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        };
        fold_in(&Connection::open(at("old.db")).unwrap());
        let foreign = Connection::open(at("foreign.db")).unwrap();
        foreign.execute_batch("CREATE TABLE t (x)").unwrap();
        let logged = Connection::open(at("logged.db")).unwrap();
        logged.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).unwrap();
        logged.execute_batch("CREATE TABLE t (x)").unwrap();
        let blank = Connection::open(at("blank.db")).unwrap();
        blank.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).unwrap();
        for (name, expected) in [
            ("empty", true),
            ("text", false),
            ("short", false),
            ("new.db", true),
            ("old.db", true),
            ("foreign.db", false),
            ("logged.db", false),
            ("blank.db", true),
        ] {
            assert_eq!(judged(&at(name)), expected, "{name}");
        }
        drop((new, foreign, logged, blank));
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_a_log(mut bytes in prop::collection::vec(any::<u8>(), 0..600), small: bool) {
            if small && bytes.len() > 12 {
                bytes[8..12].copy_from_slice(&[0, 0, 0, 100]);
            }
            let _ = log_is_ledgers(&mut Cursor::new(&bytes));
            let mut head = [0; HEAD_BYTES];
            let length = bytes.len().min(HEAD_BYTES);
            head[..length].copy_from_slice(&bytes[..length]);
            prop_assert!(kind_of(&head) == HeadKind::Other || bytes.starts_with(MAGIC));
        }
    }
}
