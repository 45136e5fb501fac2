//! What is removed from the database.

use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use super::fault::StoreFault;
use super::jobs::{JOINED, intact};
use super::pack::row_keys;
use super::writer::{Writer, WriterTurn};
use super::{BUSY_TIMEOUT, CHECKPOINT_PAGES, Sqlite};
use crate::error::Result;
use crate::ledger::Job;
use crate::ledger::prune::PruneStore;

impl PruneStore for Sqlite {
    fn remove(&mut self, entries: &[Uuid], jobs: &[Job]) -> Result<u64> {
        let removed = self.durably(|tx| {
            let mut remove = tx.db.prepare_cached("DELETE FROM entry WHERE id = ?1")?;
            for entry in entries {
                remove.execute([entry.to_string()])?;
            }
            let mut removed = 0;
            for job in jobs {
                removed += u64::from(remove_job(tx.db, job)?);
            }
            Ok(removed)
        })?;
        self.let_journal_grow(CHECKPOINT_PAGES);
        Ok(removed)
    }

    fn compact(&mut self) -> Result<bool> {
        let database = self.signs.database.clone();
        let _turn = database.as_deref().map(|database| WriterTurn::take(database, BUSY_TIMEOUT));
        let own = self.writer.as_ref().map_or("", Writer::id);
        if self.signs.others_at_work(own) {
            return Ok(false);
        }
        self.vacuum().map(|()| true).map_err(|fault| self.at(fault))
    }
}

/// Removes a job with all that belongs to it, where it still is as it was seen.
fn remove_job(db: &Connection, seen: &Job) -> Result<bool, StoreFault> {
    let sql = format!(
        "SELECT key FROM {JOINED} WHERE id = ?1 AND owner IS ?2 AND planning = ?3 AND active_ms = ?4 AND {}",
        intact()
    );
    let key: Option<i64> = db
        .prepare_cached(&sql)?
        .query_row(
            params![seen.intent.id.to_string(), seen.owner, seen.planning, seen.active_ms],
            |row| row.get(0),
        )
        .optional()?;
    let Some(key) = key else { return Ok(false) };
    for (table, column) in [
        ("batch", "key"),
        ("open", "key"),
        ("done", "key"),
        ("part", "batch"),
        ("other_id", "batch"),
        ("dedupe_seal", "batch"),
        ("again", "batch"),
        ("word", "key"),
    ] {
        db.execute(
            &format!("DELETE FROM {table} WHERE {column} BETWEEN ?1 AND ?2"),
            row_keys(key),
        )?;
    }
    for (table, column) in [
        ("template", "job"),
        ("tally", "job"),
        ("decision", "job"),
        ("progress", "job"),
        ("job_end", "job"),
        ("job_halt", "job"),
        ("job", "key"),
    ] {
        db.execute(&format!("DELETE FROM {table} WHERE {column} = ?1"), [key])?;
    }
    Ok(true)
}
