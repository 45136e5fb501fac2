//! What a ledger knows of its own commits: how many of them were synced, and whether more of them follow in its journal.
//!
//! Each commit that is synced raises a count and chains a digest, in the same transaction; after it, the
//! [record](super::record) has them, too. A ledger whose count is below the one of its record has lost commits.
//!
//! `follows` is for a database without its journal. While a herald is at work, the database file itself says that more
//! follows: this is put into it before the first commit that only the journal has, and again with each checkpoint. Each
//! commit undoes it, so that whatever reads the journal sees a ledger that is complete: it is complete, too, where all
//! of the journal was put into the database at the end, and in a copy that `.backup` of SQLite's shell made.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::fault::StoreFault;
use super::place::is_under_one_name;
use super::record::DurablePoint;
use super::sums::{DURABLE, ValueSum};
use crate::trust::side_files;

/// What a ledger says of its commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DurableRow {
    /// The last commit that was synced.
    pub(super) point: DurablePoint,
    /// Whether more commits follow in the journal than the database has.
    pub(super) follows: bool,
    /// How often a herald has said so, and put the journal into the database.
    checkpoints: i64,
    layout: i64,
}

/// Makes the count where there is none, and notes the layout of the tables.
pub(super) fn settle(db: &Connection) -> Result<(), StoreFault> {
    let layout = layout(db)?;
    let changed = db.execute(&DURABLE.update(&[("layout", "?1")], "key = 1"), [layout])?;
    if changed == 0 {
        // A number that no other ledger has.
        let (_, ledger) = Uuid::now_v7().as_u64_pair();
        let new = params![1, ledger.cast_signed(), 0, 0, false, 0, layout];
        db.execute(&DURABLE.insert(), new)?;
    }
    Ok(())
}

/// What it says now.
pub(super) fn found(db: &Connection) -> Result<DurableRow, StoreFault> {
    let sql = format!(
        "SELECT ledger, commits, digest, follows, checkpoints, layout FROM durable WHERE {}",
        DURABLE.intact_and("key = 1")
    );
    let row = db.prepare_cached(&sql)?.query_row([], |row| {
        let point = DurablePoint { ledger: row.get(0)?, commits: row.get(1)?, digest: row.get(2)? };
        let (follows, checkpoints, layout) = (row.get(3)?, row.get(4)?, row.get(5)?);
        Ok(DurableRow { point, follows, checkpoints, layout })
    });
    row.optional()?
        .ok_or_else(|| StoreFault::Damaged("the count of its commits is gone".to_owned()))
}

/// Counts a commit that is going to be synced. `before` is what was known before it.
pub(super) fn advance(
    db: &Connection,
    before: DurableRow,
    writer: &str,
) -> Result<DurableRow, StoreFault> {
    let last = before.point;
    let commits = last.commits + 1;
    // Of two histories with as many commits, the last one of each is another writer's, or follows on another digest.
    let mut digest = Sha256::new();
    digest.update(last.digest.to_le_bytes());
    digest.update(commits.to_le_bytes());
    digest.update(writer);
    let digest = digest.finalize();
    let digest = digest.first_chunk::<8>().map_or(0, |first| i64::from_le_bytes(*first));
    let changes = [("commits", "?1"), ("digest", "?2"), ("follows", "0")];
    db.prepare_cached(&DURABLE.update(&changes, "key = 1"))?.execute([commits, digest])?;
    let point = DurablePoint { commits, digest, ..last };
    Ok(DurableRow { point, follows: false, ..before })
}

/// Says whether more commits follow in the journal than the database has.
pub(super) fn say_whether_more_follows(
    db: &Connection,
    follows: bool,
) -> Result<DurableRow, StoreFault> {
    let changes = [("follows", "?1"), ("checkpoints", "checkpoints + ?1")];
    db.prepare_cached(&DURABLE.update(&changes, "key = 1"))?.execute([follows])?;
    found(db)
}

/// Refuses a ledger that has lost commits which were synced, or whose tables are not those that were made. `recorded` was
/// read before the database was opened: a commit between the two must not look like a loss.
pub(super) fn check(
    db: &Connection,
    recorded: &[DurablePoint],
    database: &Path,
) -> Result<(), StoreFault> {
    let row = found(db)?;
    let point = row.point;
    let known = recorded.iter().filter(|known| known.ledger == point.ledger);
    for known in known {
        let lost = known.commits - point.commits;
        if lost > 0 || (lost == 0 && known.digest != point.digest) {
            return Err(StoreFault::Lost { commits: lost, journal: journal(database) });
        }
    }
    // After a power cut the journal may never have been on the disk: then the record, which was, knows of no more. It
    // does not speak for a file that another name may have a journal for.
    let is_all = recorded.contains(&point) && is_under_one_name(database);
    if row.follows && !is_all && length(&journal(database)) == 0 {
        return Err(StoreFault::NoJournal(journal(database)));
    }
    if row.layout != layout(db)? {
        return Err(StoreFault::Damaged(
            "its tables are not laid out as they were made".to_owned(),
        ));
    }
    Ok(())
}

/// The write-ahead log of a database.
pub(super) fn journal(database: &Path) -> PathBuf {
    let [journal, ..] = side_files(database);
    journal
}

/// How long a file is; one that is not there is as good as empty.
pub(super) fn length(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |data| data.len())
}

/// A checksum over the definitions of all tables and indexes.
fn layout(db: &Connection) -> Result<i64, StoreFault> {
    // What SQLite makes for itself is its own concern.
    let mut find = db.prepare(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
         ORDER BY name, type",
    )?;
    let mut rows = find.query([])?;
    let mut sum = ValueSum::default();
    while let Some(row) = rows.next()? {
        for column in 0..4 {
            sum.add(row.get_ref(column)?);
        }
    }
    Ok(sum.end())
}
