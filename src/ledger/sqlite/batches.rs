//! Batches as they are read.

use std::ops::ControlFlow;

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;

use super::entries::{self, natural};
use super::fault::StoreFault;
use super::jobs::key_of;
use super::pack::{batch_key, job_key, row_key, row_keys, state, strange, unpack, word};
use super::parts::{self, TargetRow};
use super::seal;
use super::sums::{BATCH, DECISION, DONE, OPEN};
use crate::ledger::query::BatchQuery;
use crate::ledger::{
    Batch, BatchFilter, BatchKey, Ending, JobBatch, Realm, ResolvedAs, TargetState,
};
use crate::outcome::TargetResult;
use crate::seal::{SealCheck, SealKey};

/// Hands over batches, until it is told to stop. Where there is a key, their seals are checked.
pub(super) fn each(
    db: &Connection,
    query: &BatchQuery,
    seal_key: Option<&SealKey>,
    take: &mut dyn FnMut(JobBatch) -> ControlFlow<()>,
) -> Result<(), StoreFault> {
    match *query {
        BatchQuery::Of(job, which) => {
            let key = key_of(db, job)?;
            no_batch_is_gone(db, key)?;
            of_rows(db, (job, seal_key), row_keys(key), narrowed(which), take)
        }
        BatchQuery::One(job, batch) => {
            let row = row_key(key_of(db, job)?, batch.number());
            of_rows(db, (job, seal_key), [row; 2], narrowed(BatchFilter::Requests), take)
        }
        BatchQuery::Next(job, after) => planned(db, (job, seal_key), after, take),
    }
}

/// Planned batches in their order. Where there is a key, each of them has to bear its seals.
fn planned(
    db: &Connection,
    (job, seal_key): (Uuid, Option<&SealKey>),
    after: Option<BatchKey>,
    take: &mut dyn FnMut(JobBatch) -> ControlFlow<()>,
) -> Result<(), StoreFault> {
    let key = key_of(db, job)?;
    let after = row_key(key, after.map_or(0, BatchKey::number));
    // One that has ended as well would go out twice.
    let sql = format!(
        "SELECT open.key, batch.template, batch.ids, batch.vars, open.dedupe_id, open.attempts, open.first_ms,
            open.doubtful, {}, EXISTS (SELECT 1 FROM done WHERE done.key = open.key), open.template AS counted_as,
            batch.seal, dedupe_seal.seal AS dedupe_seal
         FROM open LEFT JOIN batch ON batch.key = open.key LEFT JOIN dedupe_seal ON dedupe_seal.batch = open.key
         WHERE open.key > ?1 AND open.key <= ?2 AND {} ORDER BY open.key",
        BATCH.intact(),
        OPEN.intact_and("open.started_ms IS NULL"),
    );
    let mut find = db.prepare_cached(&sql)?;
    let mut rows = find.query(params![after, row_keys(key)[1]])?;
    while let Some(row) = rows.next()? {
        if row.get(9)? {
            return Err(twice(row.get(0)?));
        }
        let batch = Batch {
            key: batch_key(row.get(0)?),
            template: row.get(1)?,
            ids: unpack(row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?)?,
            vars: row.get(3)?,
            dedupe_id: row.get(4)?,
            attempts: row.get(5)?,
            first_started_ms: row.get(6)?,
            doubtful: row.get(7)?,
        };
        let number = batch.key.0;
        // Quotas are counted by this one.
        if row.get::<_, u32>("counted_as")? != batch.template {
            return Err(StoreFault::Damaged(format!("batch {number} has two templates")));
        }
        let seal = seal::check_batch(seal_key, job, &batch, row)?;
        if matches!(seal, SealCheck::Broken | SealCheck::Missing) {
            return Err(StoreFault::Unsealed(job, Some(number)));
        }
        let state = if batch.doubtful { TargetState::Sending } else { TargetState::Planned };
        let (started_ms, ending, resolved) = Default::default();
        let rest = state;
        let found = JobBatch { job, batch, started_ms, ending, resolved, state, seal, rest };
        if take(found).is_break() {
            break;
        }
    }
    Ok(())
}

/// A batch that is open and has ended.
pub(super) fn twice(row: i64) -> StoreFault {
    let number = batch_key(row).number();
    StoreFault::Damaged(format!("batch {number} of a job has ended, and has not"))
}

/// A batch that is neither open nor has ended.
pub(super) fn nowhere(row: i64) -> StoreFault {
    let number = batch_key(row).number();
    StoreFault::Damaged(format!("it is gone what happened to batch {number} of a job"))
}

/// Refuses a job with missing batches: their numbers have no gap.
fn no_batch_is_gone(db: &Connection, job: i64) -> Result<(), StoreFault> {
    let [first, last] = row_keys(job);
    let (batches, newest): (i64, Option<i64>) = db
        .prepare_cached("SELECT count(*), max(key) FROM batch WHERE key BETWEEN ?1 AND ?2")?
        .query_row([first, last], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if newest.map_or(0, |newest| newest - first) == batches {
        return Ok(());
    }
    Err(StoreFault::Damaged("batches of a job are gone".to_owned()))
}

/// The last batch of a job.
pub(super) fn last(db: &Connection, job: i64) -> Result<Option<BatchKey>, StoreFault> {
    let last: Option<i64> = db
        .prepare_cached("SELECT max(key) FROM batch WHERE key BETWEEN ?1 AND ?2")?
        .query_row(row_keys(job), |row| row.get(0))?;
    Ok(last.map(batch_key))
}

/// A batch with its state, as one row.
const BATCHES: &str = "
    SELECT batch.key, batch.template, batch.ids, batch.vars, open.key AS open,
        coalesce(open.dedupe_id, done.dedupe_id) AS dedupe_id,
        coalesce(open.attempts, done.attempts) AS attempts,
        coalesce(open.started_ms, done.started_ms) AS started_ms,
        coalesce(open.first_ms, done.first_ms) AS first_ms, coalesce(open.doubtful, 0) AS doubtful,
        done.verdict, done.rest, done.finished_ms, done.elapsed_ms, done.http_status, done.code, done.message,
        done.id_name, done.vendor_id, done.parts, done.key IS NOT NULL AS has_ended, done.decision, decision.resolved,
        batch.seal, dedupe_seal.seal AS dedupe_seal
    FROM batch LEFT JOIN open ON open.key = batch.key LEFT JOIN done ON done.key = batch.key
        LEFT JOIN decision ON decision.key = done.decision LEFT JOIN dedupe_seal ON dedupe_seal.batch = batch.key";

/// A condition on these, after a look at all sums.
fn batches_that(condition: &str) -> String {
    format!(
        "CASE WHEN {} AND {} AND {} AND {} THEN {condition} END",
        BATCH.intact(),
        OPEN.absent_or_intact(),
        DONE.absent_or_intact(),
        DECISION.absent_or_intact()
    )
}

/// A condition on these that holds for at least those of a filter, and for none that was split.
const fn narrowed(which: BatchFilter) -> &'static str {
    match which {
        BatchFilter::All => "coalesce(done.verdict, 0) NOT IN (6, 10)",
        BatchFilter::Requests => "done.verdict IS NOT 6",
        BatchFilter::Planned => "open.key IS NOT NULL",
        BatchFilter::Unknown => "(open.key IS NOT NULL OR done.verdict = 5)",
        BatchFilter::Failed => "(open.key IS NOT NULL OR done.verdict IN (2, 3, 4, 5))",
        BatchFilter::Reached => "(open.key IS NOT NULL OR done.verdict IN (1, 2, 5))",
    }
}

/// Hands over batches of a job that meet a condition, from the first key to the last.
fn of_rows(
    db: &Connection,
    (job, seal_key): (Uuid, Option<&SealKey>),
    keys: [i64; 2],
    condition: &str,
    take: &mut dyn FnMut(JobBatch) -> ControlFlow<()>,
) -> Result<(), StoreFault> {
    let sql = format!(
        "{BATCHES} WHERE batch.key BETWEEN ?1 AND ?2 AND {} ORDER BY batch.key",
        batches_that(condition)
    );
    let mut find = db.prepare_cached(&sql)?;
    let mut rows = find.query(keys)?;
    while let Some(row) = rows.next()? {
        if take(job_batch(db, row, (job, seal_key))?).is_break() {
            break;
        }
    }
    Ok(())
}

fn job_batch(
    db: &Connection,
    row: &Row<'_>,
    (job, seal_key): (Uuid, Option<&SealKey>),
) -> Result<JobBatch, StoreFault> {
    let key: i64 = row.get("key")?;
    let ids = unpack(row.get_ref("ids")?.as_blob().map_err(rusqlite::Error::from)?)?;
    let started_ms: Option<i64> = row.get("started_ms")?;
    let doubtful: bool = row.get("doubtful")?;
    let verdict: Option<i64> = row.get("verdict")?;
    let has_ended: bool = row.get("has_ended")?;
    if row.get::<_, Option<i64>>("open")?.is_some() == has_ended {
        return Err(if has_ended { twice(key) } else { nowhere(key) });
    }
    let resolved = row
        .get::<_, Option<String>>("resolved")?
        .map(|word| entries::resolved(&word))
        .transpose()?;
    let is_sent_again = verdict == Some(state::SENT_AGAIN);
    // The decision led to other requests: it cannot be undone, and no row of its own says so any more.
    let resolved = resolved.or_else(|| is_sent_again.then_some(ResolvedAs::NotAccepted));
    if resolved.is_none() && row.get::<_, Option<i64>>("decision")?.is_some() {
        return Err(StoreFault::Damaged("what a person found out about a job is gone".to_owned()));
    }
    let decided = |state: i64| {
        let verdict = match (state, resolved) {
            (state::UNKNOWN, Some(resolved)) => resolved.verdict(),
            _ => state::verdict(state)?,
        };
        Ok::<_, StoreFault>(TargetState::Decided(verdict))
    };
    let (state, rest) = match verdict {
        None if started_ms.is_some() || doubtful => (TargetState::Sending, TargetState::Sending),
        None => (TargetState::Planned, TargetState::Planned),
        Some(verdict) => {
            let rest: Option<i64> = row.get("rest")?;
            (decided(verdict)?, decided(rest.unwrap_or(verdict))?)
        }
    };
    let answered = verdict.map(|verdict| if is_sent_again { state::UNKNOWN } else { verdict });
    let ending = answered.map(|verdict| ending(db, row, key, verdict, &ids)).transpose()?.flatten();
    let first_ms: Option<i64> = row.get("first_ms")?;
    let batch = Batch {
        key: batch_key(key),
        template: row.get("template")?,
        ids,
        vars: row.get("vars")?,
        dedupe_id: row.get("dedupe_id")?,
        attempts: row.get("attempts")?,
        first_started_ms: first_ms.or(started_ms),
        doubtful,
    };
    let seal = seal::check_batch(seal_key, job, &batch, row)?;
    Ok(JobBatch { job, batch, started_ms, ending, resolved, state, seal, rest })
}

/// The vendor's answer; `None` where its owner died before it came.
fn ending(
    db: &Connection,
    row: &Row<'_>,
    key: i64,
    verdict: i64,
    ids: &[String],
) -> Result<Option<Ending>, StoreFault> {
    if parts::sum_of(db, key)? != row.get("parts")? {
        let number = batch_key(key).number();
        return Err(StoreFault::Damaged(format!(
            "what belongs to batch {number} of a job is not what was written"
        )));
    }
    let Some(finished_ms) = row.get("finished_ms")? else { return Ok(None) };
    let job = job_key(key);
    let said = |number: Option<i64>| word(db, job, number);
    let mut named = Vec::new();
    if let Some(value) = row.get("vendor_id")? {
        named.push((said(row.get("id_name")?)?.unwrap_or_default(), value));
        let mut find = db.prepare_cached(
            "SELECT name, value FROM other_id WHERE batch = ?1 ORDER BY position",
        )?;
        let mut rows = find.query([key])?;
        while let Some(row) = rows.next()? {
            named.push((said(row.get(0)?)?.unwrap_or_default(), row.get(1)?));
        }
    }
    let sql = format!("SELECT {} FROM part WHERE batch = ?1 ORDER BY position", TargetRow::COLUMNS);
    let mut find = db.prepare_cached(&sql)?;
    let mut rows = find.query([key])?;
    let mut targets = Vec::new();
    while let Some(row) = rows.next()? {
        let TargetRow { position, name, verdict, vendor_id, code, message } =
            TargetRow::of(row, 0)?;
        let of_place = || ids.get(usize::try_from(position).ok()?).map(String::as_str);
        let name = name.or_else(of_place).ok_or_else(|| strange("place of a target", position))?;
        targets.push(TargetResult {
            id: vendor_id.map(str::to_owned),
            code: said(code)?,
            message: said(message)?,
            ..TargetResult::new(name, state::verdict(verdict)?)
        });
    }
    Ok(Some(Ending {
        finished_ms,
        elapsed_ms: natural(row.get("elapsed_ms")?),
        attempts: row.get("attempts")?,
        verdict: state::verdict(verdict)?,
        http_status: row.get("http_status")?,
        code: said(row.get("code")?)?,
        message: said(row.get("message")?)?,
        ids: named,
        targets,
    }))
}

/// The latest batch that was sent with an id. A job that follows up on it may have been answered with the same.
pub(super) fn of_vendor_id(
    db: &Connection,
    provider: &str,
    id: &str,
    realm: Realm,
) -> Result<Option<(Uuid, BatchKey)>, StoreFault> {
    let found: Option<(String, i64)> = db
        .prepare_cached(
            "SELECT job.id, found.key FROM (
                SELECT key FROM done WHERE vendor_id = ?1
                UNION ALL SELECT batch FROM part WHERE vendor_id = ?1
                UNION ALL SELECT batch FROM other_id WHERE value = ?1) AS found
             JOIN job ON job.key = found.key >> 32
             WHERE provider = ?2 AND sandbox = ?3 AND verb NOT IN ('recall', 'delete', 'update', 'clear')
             ORDER BY found.key DESC LIMIT 1",
        )?
        .query_row(params![id, provider, realm == Realm::Sandbox], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    found.map(|(job, key)| Ok((entries::uuid(&job)?, batch_key(key)))).transpose()
}
