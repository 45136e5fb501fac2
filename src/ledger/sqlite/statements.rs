//! The statements by which batches move, prepared.

use rusqlite::{CachedStatement, Connection};

use super::sums::{DONE, OPEN};

/// What every commit needs, looked up once. Batches whose numbers follow each other change together, and a look and a
/// change are quicker than a change that answers: for each of those SQLite makes a table of its own.
pub(super) struct Statements<'a> {
    pub(super) planned: CachedStatement<'a>,
    pub(super) begin: CachedStatement<'a>,
    pub(super) begun: CachedStatement<'a>,
    pub(super) take: CachedStatement<'a>,
    pub(super) done: CachedStatement<'a>,
}

impl<'a> Statements<'a> {
    pub(super) fn of(db: &'a Connection) -> rusqlite::Result<Self> {
        let begin = [
            ("started_ms", "?3"),
            ("first_ms", "coalesce(first_ms, ?3)"),
            ("attempts", "attempts + 1"),
            ("dedupe_id", "?4"),
        ];
        let begun = OPEN.intact_and("(started_ms IS NOT NULL OR doubtful)");
        Ok(Self {
            // Changed right after, with a look at its sum.
            planned: db.prepare_cached(
                "SELECT key, targets, doubtful, dedupe_id FROM open
                 WHERE key BETWEEN ?1 AND ?2 AND started_ms IS NULL",
            )?,
            begin: db.prepare_cached(&OPEN.update(&begin, "key BETWEEN ?1 AND ?2"))?,
            begun: db.prepare_cached(&format!(
                "SELECT key, template, targets, attempts, coalesce(started_ms, first_ms), first_ms, dedupe_id
                 FROM open WHERE key BETWEEN ?1 AND ?2 AND {begun}",
            ))?,
            take: db.prepare_cached("DELETE FROM open WHERE key BETWEEN ?1 AND ?2")?,
            done: db.prepare_cached(&DONE.insert())?,
        })
    }
}
