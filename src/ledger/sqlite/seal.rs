//! Seals in the tables: written with what they cover, in the same transaction, and checked where it is read.

use rusqlite::{Connection, Row, params};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::fault::StoreFault;
use super::jobs::{job_intent, templates};
use super::pack::{row_key, row_keys};
use super::sums::{BATCH, JOB};
use crate::ledger::seal::{self, JobHead};
use crate::ledger::{Batch, BatchChange, BatchSeals, Job, JobIntent, JobTemplate};
use crate::seal::{SealCheck, SealKey};

/// What seals batches of a job that are being written.
#[derive(Clone, Copy)]
pub(super) struct Sealing<'a> {
    pub(super) key: Option<&'a SealKey>,
    pub(super) job: Uuid,
}

impl Sealing<'_> {
    /// The seal of a batch; `None` without a key.
    pub(super) fn of_batch(
        &self,
        number: u32,
        template: u32,
        ids: &[String],
        vars: Option<&str>,
    ) -> Option<Vec<u8>> {
        let seal = seal::of_batch(self.key?, self.job, number, (template, ids, vars));
        Some(seal.finish_short().to_vec())
    }
}

/// Seals the idempotency keys with which batches begin.
pub(super) fn seal_dedupe_ids(
    db: &Connection,
    job: i64,
    sealing: Sealing<'_>,
    changes: &[BatchChange],
) -> Result<(), StoreFault> {
    let Some(key) = sealing.key else { return Ok(()) };
    for change in changes {
        if let BatchChange::Begin { batch, dedupe_id: Some(id), .. } = change {
            let seal = seal::of_dedupe_id(key, sealing.job, batch.0, id).finish_short();
            // One that is there covers the id that the batch keeps.
            db.prepare_cached("INSERT OR IGNORE INTO dedupe_seal VALUES (?1, ?2)")?
                .execute(params![row_key(job, batch.0), seal])?;
        }
    }
    Ok(())
}

/// Whether a batch bears its seals. `row` has them as `seal` and `dedupe_seal`.
pub(super) fn check_batch(
    key: Option<&SealKey>,
    job: Uuid,
    batch: &Batch,
    row: &Row<'_>,
) -> Result<SealCheck, StoreFault> {
    let Some(key) = key else { return Ok(SealCheck::NoKey) };
    let of_batch: Option<Vec<u8>> = row.get("seal")?;
    let of_id: Option<Vec<u8>> = row.get("dedupe_seal")?;
    let Batch { key: number, template, ids, vars, dedupe_id, .. } = batch;
    let Some(of_batch) = of_batch else { return Ok(SealCheck::Missing) };
    let content = (*template, ids.as_slice(), vars.as_deref());
    let mut is_intact = seal::of_batch(key, job, number.0, content).is_short(&of_batch);
    is_intact &= match (dedupe_id, of_id) {
        (None, None) => true,
        (Some(id), Some(seal)) => seal::of_dedupe_id(key, job, number.0, id).is_short(&seal),
        (Some(_), None) | (None, Some(_)) => false,
    };
    Ok(if is_intact { SealCheck::Intact } else { SealCheck::Broken })
}

/// Whether a job bears its seal. `row` has it as `seal`.
pub(super) fn check_job(
    key: Option<&SealKey>,
    intent: &JobIntent,
    templates: &[(JobTemplate, Vec<u8>)],
    row: &Row<'_>,
) -> Result<SealCheck, StoreFault> {
    let Some(key) = key else { return Ok(SealCheck::NoKey) };
    let seal: Option<Vec<u8>> = row.get("seal")?;
    let batches: Option<u32> = row.get("sealed_batches")?;
    let (Some(seal), Some(batches)) = (seal, batches) else { return Ok(SealCheck::Missing) };
    let head = JobHead { intent, templates, batches };
    let is_intact = seal::of_job(key, &head).is(&seal);
    Ok(if is_intact { SealCheck::Intact } else { SealCheck::Broken })
}

/// The digest that stands for a payload in a seal: that of the payload itself, where it is kept.
pub(super) fn digest_of(body: &str, kept: Vec<u8>) -> Vec<u8> {
    if body.is_empty() { kept } else { Sha256::digest(body).to_vec() }
}

/// Seals a job with all that it is now.
pub(super) fn seal_job(db: &Connection, job: i64, key: Option<&SealKey>) -> Result<(), StoreFault> {
    let Some(key) = key else { return Ok(()) };
    let batches = whole_batches(db, job)?;
    write_seal(db, job, key, batches)
}

/// Seals a job again that has changed, and that bore its seal when it was seen. One with another seal, or none, keeps that.
pub(super) fn seal_again(
    db: &Connection,
    job: i64,
    key: Option<&SealKey>,
    seen: &Job,
) -> Result<(), StoreFault> {
    match (key, seen.seal, seen.sealed_batches) {
        (Some(key), SealCheck::Intact, Some(batches)) => write_seal(db, job, key, batches),
        _ => Ok(()),
    }
}

fn write_seal(db: &Connection, job: i64, key: &SealKey, batches: u32) -> Result<(), StoreFault> {
    let intent = job_intent(db, job)?;
    let templates = &templates(db, job)?;
    let head = JobHead { intent: &intent, templates, batches };
    let seal = seal::of_job(key, &head).finish();
    let changes = [("seal", "?2"), ("sealed_batches", "?3")];
    db.execute(&JOB.update(&changes, "key = ?1"), params![job, seal, batches])?;
    Ok(())
}

/// How many batches a job has, where all are there from the first to the last; else none.
fn whole_batches(db: &Connection, job: i64) -> Result<u32, StoreFault> {
    let (count, last): (i64, Option<i64>) = db.query_row(
        "SELECT count(*), max(key) FROM batch WHERE key BETWEEN ?1 AND ?2",
        row_keys(job),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let is_whole = last.is_some_and(|last| last - row_keys(job)[0] == count);
    Ok(if is_whole { u32::try_from(count).unwrap_or(0) } else { 0 })
}

/// Writes down the seals of batches.
pub(super) fn write_batch_seals(
    db: &Connection,
    job: i64,
    batches: &[BatchSeals],
) -> Result<(), StoreFault> {
    let mut seal = db.prepare_cached(&BATCH.update(&[("seal", "?2")], "key = ?1"))?;
    let mut seal_id = db.prepare_cached(
        "INSERT INTO dedupe_seal VALUES (?1, ?2) ON CONFLICT DO UPDATE SET seal = excluded.seal",
    )?;
    let mut no_id = db.prepare_cached("DELETE FROM dedupe_seal WHERE batch = ?1")?;
    for batch in batches {
        let row = row_key(job, batch.number);
        seal.execute(params![row, batch.batch])?;
        match batch.dedupe_id {
            Some(of_id) => seal_id.execute(params![row, of_id])?,
            None => no_id.execute([row])?,
        };
    }
    Ok(())
}
