//! Owners of jobs. Batches without one become unknown, and are planned again where a vendor would recognise them.

use std::ops::RangeInclusive;

use rusqlite::{Connection, params};
use uuid::Uuid;

use super::entries::natural;
use super::fault::StoreFault;
use super::jobs::{key_of, owner};
use super::pack::{row_keys, state};
use super::sums::{DONE, JOB_END, JOB_HALT, OPEN, PROGRESS};
use super::tally::CountChanges;
use super::transact::Tx;
use super::{CHECKPOINT_PAGES, Sqlite, plan_again, verify};
use crate::error::Result;
use crate::ledger::orphans::{Orphans, OwnerStore, StatusChange};

impl OwnerStore for Sqlite {
    fn change_status(
        &mut self,
        job: Uuid,
        seen: Option<&str>,
        change: StatusChange<'_>,
    ) -> Result<Option<Orphans>> {
        if let StatusChange::Claim { .. } = change {
            self.make_ready()?;
        }
        // Outside of the change, which others would have to wait for. What this process works on it need not look at.
        if !matches!(change, StatusChange::Stop { .. }) && seen != Some(self.me()) {
            verify::verify(&self.db, job).map_err(|fault| self.at(fault))?;
        }
        let orphans = self.durably(|tx| change_status(tx, job, seen, change))?;
        if let StatusChange::Release { .. } = change {
            self.let_journal_grow(CHECKPOINT_PAGES);
        }
        Ok(orphans)
    }

    fn requeue(
        &mut self,
        job: Uuid,
        template: u32,
        started_ms: &RangeInclusive<i64>,
    ) -> Result<u64> {
        self.durably(|tx| requeue(tx, job, template, started_ms))
    }
}

/// Changes the status of a job, where its owner is the one that was seen.
fn change_status(
    tx: &Tx<'_>,
    job: Uuid,
    seen: Option<&str>,
    change: StatusChange<'_>,
) -> Result<Option<Orphans>, StoreFault> {
    let (db, key) = (tx.db, key_of(tx.db, job)?);
    let owner = owner(db, key)?;
    match change {
        StatusChange::Claim { .. } if owner.as_deref() == Some(tx.me()) => {
            Ok(Some(Orphans { batches: 0, recognisable: recognisable(db, key)? }))
        }
        _ if owner.as_deref() != seen => Ok(None),
        StatusChange::Claim { now_ms } => {
            let changes = [
                ("owner", "?2"),
                ("stop_ms", "NULL"),
                ("ended_ms", "NULL"),
                ("active_ms", "max(active_ms, ?3)"),
            ];
            let claim = PROGRESS.update(&changes, "job = ?1");
            db.execute(&claim, params![key, tx.me(), now_ms])?;
            db.execute("DELETE FROM job_end WHERE job = ?1", [key])?;
            db.execute("DELETE FROM job_halt WHERE job = ?1", [key])?;
            let batches = orphan(db, key)?;
            plan_again::take_back(db, key)?;
            Ok(Some(Orphans { batches, recognisable: recognisable(db, key)? }))
        }
        StatusChange::Release { ended_ms, how, why } => {
            let changes = [("owner", "NULL"), ("ended_ms", "coalesce(?2, ended_ms)")];
            db.execute(&PROGRESS.update(&changes, "job = ?1"), params![key, ended_ms])?;
            if let Some(how) = how {
                db.execute(&JOB_END.insert(), params![key, how.word()])?;
            }
            if let Some(why) = why {
                db.execute(&JOB_HALT.insert(), params![key, why])?;
            }
            plan_again::take_back(db, key)?;
            Ok(Some(Orphans { batches: orphan(db, key)?, ..Orphans::default() }))
        }
        StatusChange::Stop { asked_ms } => {
            let at_work = "job = ?1 AND stop_ms IS NULL AND owner IS NOT NULL";
            let stop = PROGRESS.update(&[("stop_ms", "?2")], at_work);
            db.execute(&stop, params![key, asked_ms])?;
            Ok(Some(Orphans::default()))
        }
    }
}

/// Makes unknown what is begun, or may have arrived before, and has no owner any more. Answers how many batches that are.
fn orphan(db: &Connection, job: i64) -> Result<u64, StoreFault> {
    let [first, last] = row_keys(job);
    let may_have_left = OPEN.intact_and("(started_ms IS NOT NULL OR doubtful)");
    let which = format!("FROM open WHERE key BETWEEN ?1 AND ?2 AND {may_have_left}");
    let (batches, targets): (i64, i64) = db.query_row(
        &format!("SELECT count(*), coalesce(sum(targets), 0) {which}"),
        [first, last],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if batches == 0 {
        return Ok(0);
    }
    let values = [
        ("key", "key"),
        ("template", "template"),
        ("targets", "targets"),
        ("verdict", "?3"),
        ("attempts", "attempts"),
        ("started_ms", "coalesce(started_ms, first_ms)"),
        ("first_ms", "nullif(first_ms, started_ms)"),
        ("dedupe_id", "dedupe_id"),
    ];
    db.execute(&DONE.insert_from(&values, &which), params![first, last, state::UNKNOWN])?;
    db.execute(&format!("DELETE {which}"), [first, last])?;
    let mut tally = CountChanges::default();
    tally.add(state::SENDING, -batches, -targets);
    tally.add(state::UNKNOWN, batches, targets);
    tally.write(db, job)?;
    Ok(natural(batches))
}

/// What unknown batches of a job a vendor could recognise, as a condition on `done`.
///
/// Those with outcomes of single targets are left alone: a repeat would reach all of them.
fn recognisable_and(more: &str) -> String {
    let which = DONE.intact_and(&format!(
        "dedupe_id IS NOT NULL AND decision IS NULL
        AND NOT EXISTS (SELECT 1 FROM part WHERE batch = done.key) AND {more}"
    ));
    format!("verdict = 5 AND key BETWEEN ?1 AND ?2 AND {which}")
}

/// How many unknown batches of a job carry what the vendor tells repeats by.
fn recognisable(db: &Connection, job: i64) -> Result<u64, StoreFault> {
    let sql = format!("SELECT count(*) FROM done WHERE {}", recognisable_and("true"));
    let count: i64 = db.query_row(&sql, row_keys(job), |row| row.get(0))?;
    Ok(natural(count))
}

/// Plans unknown batches again whose repeat the vendor would recognise.
fn requeue(
    tx: &Tx<'_>,
    job: Uuid,
    template: u32,
    started_ms: &RangeInclusive<i64>,
) -> Result<u64, StoreFault> {
    let (db, key) = (tx.db, key_of(tx.db, job)?);
    if owner(db, key)?.as_deref() != Some(tx.me()) {
        return Err(StoreFault::ForeignCodes(job));
    }
    let [first, last] = row_keys(key);
    let which =
        recognisable_and("template = ?3 AND coalesce(first_ms, started_ms) BETWEEN ?4 AND ?5");
    let values = params![first, last, template, started_ms.start(), started_ms.end()];
    let sql = format!("SELECT count(*), coalesce(sum(targets), 0) FROM done WHERE {which}");
    let (batches, targets): (i64, i64) =
        db.query_row(&sql, values, |row| Ok((row.get(0)?, row.get(1)?)))?;
    if batches > 0 {
        let columns = [
            ("key", "key"),
            ("template", "template"),
            ("targets", "targets"),
            ("attempts", "attempts"),
            ("doubtful", "1"),
            ("first_ms", "coalesce(first_ms, started_ms)"),
            ("dedupe_id", "dedupe_id"),
        ];
        let from = format!("FROM done WHERE {which}");
        db.execute(&OPEN.insert_from(&columns, &from), values)?;
        let named =
            format!("DELETE FROM other_id WHERE batch IN (SELECT key FROM done WHERE {which})");
        db.execute(&named, values)?;
        db.execute(&format!("DELETE FROM done WHERE {which}"), values)?;
        let mut tally = CountChanges::default();
        tally.add(state::UNKNOWN, -batches, -targets);
        tally.add(state::SENDING, batches, targets);
        tally.write(db, key)?;
    }
    Ok(natural(batches))
}
