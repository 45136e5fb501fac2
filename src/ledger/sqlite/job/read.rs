//! Jobs and batches as they are read.

use std::ops::ControlFlow;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, Row, params, params_from_iter};
use uuid::Uuid;

use super::decide::resolutions;
use super::pack::{batch_key, job_key, row_key, row_keys, state, strange, unpack, word};
use super::parts::{self, TargetRow};
use super::{intact, key_of, seal};
use crate::contract::TargetKind;
use crate::ledger::job::{
    Batch, BatchFilter, BatchKey, Counts, Job, JobBatch, JobIntent, JobState, JobTemplate,
    TargetState,
};
use crate::ledger::sqlite::fault::StoreFault;
use crate::ledger::sqlite::query::{Where, filter};
use crate::ledger::sqlite::row::{self, effect_of, natural};
use crate::ledger::sqlite::sums::{BATCH, DECISION, DONE, JOB, OPEN, TALLY, TEMPLATE};
use crate::ledger::store::{JobQuery, WhichJob};
use crate::ledger::{Ending, Realm};
use crate::outcome::TargetResult;
use crate::seal::{SealCheck, SealKey};

/// Planned batches in their order. Where there is a key, each of them has to bear its seals.
pub(in crate::ledger::sqlite) fn planned(
    db: &Connection,
    job: Uuid,
    after: Option<BatchKey>,
    count: usize,
    seal_key: Option<&SealKey>,
) -> Result<Vec<Batch>, StoreFault> {
    let key = key_of(db, job)?;
    let after = row_key(key, after.map_or(0, BatchKey::number));
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    // One that has ended as well would go out twice.
    let sql = format!(
        "SELECT open.key, batch.template, batch.ids, batch.vars, open.dedupe_id, open.attempts, open.first_ms,
            open.doubtful, {}, EXISTS (SELECT 1 FROM done WHERE done.key = open.key), open.template AS counted_as,
            batch.seal, dedupe_seal.seal AS dedupe_seal
         FROM open LEFT JOIN batch ON batch.key = open.key LEFT JOIN dedupe_seal ON dedupe_seal.batch = open.key
         WHERE open.key > ?1 AND open.key <= ?2 AND {} ORDER BY open.key LIMIT ?3",
        BATCH.intact(),
        OPEN.intact_and("open.started_ms IS NULL"),
    );
    let mut find = db.prepare_cached(&sql)?;
    let mut rows = find.query(params![after, row_keys(key)[1], count])?;
    let mut batches = Vec::new();
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
        match seal::check_batch(seal_key, job, &batch, row)? {
            SealCheck::Intact | SealCheck::NoKey => batches.push(batch),
            SealCheck::Broken | SealCheck::Missing => {
                return Err(StoreFault::Unsealed(job, Some(number)));
            }
        }
    }
    Ok(batches)
}

/// A batch that is open and has ended.
pub(super) fn twice(row: i64) -> StoreFault {
    let number = batch_key(row).number();
    StoreFault::Damaged(format!("batch {number} of a job has ended, and has not"))
}

/// A batch that is neither open nor has ended.
pub(super) fn nowhere(row: i64) -> StoreFault {
    let number = batch_key(row).number();
    StoreFault::Damaged(format!("it is gone what became of batch {number} of a job"))
}

/// Refuses a job of which batches are gone: their numbers have no gap.
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
pub(in crate::ledger::sqlite) fn last(
    db: &Connection,
    job: Uuid,
) -> Result<Option<BatchKey>, StoreFault> {
    let last: Option<i64> = db
        .prepare_cached("SELECT max(key) FROM batch WHERE key BETWEEN ?1 AND ?2")?
        .query_row(row_keys(key_of(db, job)?), |row| row.get(0))?;
    Ok(last.map(batch_key))
}

/// Hands over jobs, the latest first, until it is told to stop.
pub(in crate::ledger::sqlite) fn each_job(
    db: &Connection,
    query: &JobQuery,
    seal_key: Option<&SealKey>,
    take: &mut dyn FnMut(Job) -> ControlFlow<()>,
) -> Result<(), StoreFault> {
    let mut place = Where::default();
    which(&query.which, &mut place);
    filter(&query.filter, &mut place);
    // There are few of them: every one is looked at, so that damage to an index, or to what they are asked for by, passes
    // none over.
    let sql = format!(
        "SELECT job.*, progress.* FROM job NOT INDEXED LEFT JOIN progress ON progress.job = job.key
         WHERE CASE WHEN {} THEN {} END ORDER BY job.key DESC",
        intact(),
        place.sql()
    );
    let mut find = db.prepare_cached(&sql)?;
    let mut rows = find.query(params_from_iter(&place.values))?;
    while let Some(row) = rows.next()? {
        if take(job(db, row, seal_key)?).is_break() {
            break;
        }
    }
    Ok(())
}

fn which(which: &WhichJob, place: &mut Where) {
    let planning = match which {
        WhichJob::Planning => Some(1),
        WhichJob::Id(_) => None,
        WhichJob::Opened | WhichJob::Prefix(_) | WhichJob::Name(_) | WhichJob::Fingerprint(_) => {
            Some(0)
        }
    };
    if let Some(planning) = planning {
        place.and("planning = ?", [Value::Integer(planning)]);
    }
    match which {
        WhichJob::Planning | WhichJob::Opened => {}
        WhichJob::Id(id) => place.and("id = ?", [id.to_string().into()]),
        WhichJob::Prefix(prefix) => {
            place.and("id >= ? AND id < ?", [prefix.clone().into(), format!("{prefix}g").into()]);
        }
        WhichJob::Name(name) => place.and("name = ?", [name.clone().into()]),
        WhichJob::Fingerprint(print) => place.and("fingerprint = ?", [print.clone().into()]),
    }
}

fn job(db: &Connection, row: &Row<'_>, seal_key: Option<&SealKey>) -> Result<Job, StoreFault> {
    let key: i64 = row.get("key")?;
    let (batches, targets) = counts(db, key)?;
    let intent = intent(row)?;
    let templates = templates(db, key)?;
    let seal = seal::check_job(seal_key, &intent, &templates, row)?;
    Ok(Job {
        intent,
        templates: templates.into_iter().map(|(template, _)| template).collect(),
        state: JobState::Planning,
        targets,
        batches,
        stop_ms: row.get("stop_ms")?,
        begun_ms: row.get("begun_ms")?,
        active_ms: row.get("active_ms")?,
        ended_ms: row.get("ended_ms")?,
        resolutions: resolutions(db, key)?,
        seal,
        planning: row.get("planning")?,
        owner: row.get("owner")?,
    })
}

fn intent(row: &Row<'_>) -> Result<JobIntent, StoreFault> {
    let overrides: String = row.get("overrides")?;
    Ok(JobIntent {
        id: row::uuid(&row.get::<_, String>("id")?)?,
        realm: if row.get("sandbox")? { Realm::Sandbox } else { Realm::Real },
        created_ms: row.get("created_ms")?,
        name: row.get("name")?,
        verb: row.get("verb")?,
        provider: row.get("provider")?,
        profile: row.get("profile")?,
        app: row.get("app")?,
        endpoint: row.get("endpoint")?,
        audience: row.get("audience")?,
        overrides: serde_json::from_str(&overrides)
            .map_err(|_| row::strange("list of overrides", &overrides))?,
        settings: row.get("settings")?,
        fingerprint: row.get("fingerprint")?,
    })
}

/// What a job with a key is.
pub(super) fn job_intent(db: &Connection, job: i64) -> Result<JobIntent, StoreFault> {
    let mut find = db.prepare_cached(&of_key())?;
    let mut rows = find.query([job])?;
    intent(rows.next()?.ok_or_else(|| strange("key of a job", job))?)
}

/// The job with a key.
fn of_key() -> String {
    format!("SELECT * FROM job WHERE key = ?1 AND {}", JOB.intact())
}

/// Whether a job with a key bears its seal.
pub(super) fn check_seal(
    db: &Connection,
    job: i64,
    seal_key: Option<&SealKey>,
) -> Result<SealCheck, StoreFault> {
    let mut find = db.prepare_cached(&of_key())?;
    let mut rows = find.query([job])?;
    let row = rows.next()?.ok_or_else(|| strange("key of a job", job))?;
    seal::check_job(seal_key, &intent(row)?, &templates(db, job)?, row)
}

/// What the batches of a job have in common, each with the digest of its payload.
pub(super) fn templates(
    db: &Connection,
    job: i64,
) -> Result<Vec<(JobTemplate, Vec<u8>)>, StoreFault> {
    let sql =
        format!("SELECT * FROM template WHERE job = ?1 AND {} ORDER BY number", TEMPLATE.intact());
    let mut find = db.prepare_cached(&sql)?;
    let mut rows = find.query([job])?;
    let mut templates = Vec::new();
    while let Some(row) = rows.next()? {
        let kind: Option<String> = row.get("kind")?;
        let kind = kind.map(|word| {
            TargetKind::from_word(&word).ok_or_else(|| row::strange("kind of target", &word))
        });
        // Batches name their template by its number.
        if row.get::<_, i64>("number")? != templates.len() as i64 {
            return Err(StoreFault::Damaged("the templates of a job have a gap".to_owned()));
        }
        let template = JobTemplate {
            operation: row.get("operation")?,
            effect: effect_of(&row.get::<_, String>("effect")?)?,
            kind: kind.transpose()?,
            sender: row.get("sender")?,
            body: row.get("body")?,
            slot: row.get("slot")?,
            recall_seconds: row.get::<_, Option<i64>>("recall_seconds")?.map(natural),
        };
        let digest = seal::digest_of(&template.body, row.get("digest")?);
        templates.push((template, digest));
    }
    Ok(templates)
}

/// Batches and targets by state.
fn counts(db: &Connection, job: i64) -> Result<(Counts, Counts), StoreFault> {
    let sql =
        format!("SELECT state, batches, targets FROM tally WHERE job = ?1 AND {}", TALLY.intact());
    let mut find = db.prepare_cached(&sql)?;
    let mut rows = find.query([job])?;
    let mut counts = (Counts::default(), Counts::default());
    while let Some(row) = rows.next()? {
        let state: i64 = row.get(0)?;
        let (batches, targets) = (natural(row.get(1)?), natural(row.get(2)?));
        for (counts, count) in [(&mut counts.0, batches), (&mut counts.1, targets)] {
            *match state {
                state::PLANNED => &mut counts.planned,
                state::SENDING => &mut counts.sending,
                state::ACCEPTED => &mut counts.accepted,
                state::PARTIAL => &mut counts.partial,
                state::REJECTED => &mut counts.rejected,
                state::UNAVAILABLE => &mut counts.unavailable,
                state::UNKNOWN => &mut counts.unknown,
                other => return Err(strange("state", other)),
            } = count;
        }
    }
    Ok(counts)
}

/// A batch with where it stands, as one row.
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

/// Hands over batches in their order, until it is told to stop.
pub(in crate::ledger::sqlite) fn batches(
    db: &Connection,
    job: Uuid,
    which: BatchFilter,
    seal_key: Option<&SealKey>,
    take: &mut dyn FnMut(JobBatch) -> ControlFlow<()>,
) -> Result<(), StoreFault> {
    let narrowed = match which {
        BatchFilter::All => "done.verdict IS NOT 6",
        BatchFilter::Planned => "open.key IS NOT NULL",
        BatchFilter::Unknown => "(open.key IS NOT NULL OR done.verdict = 5)",
        BatchFilter::Failed => "(open.key IS NOT NULL OR done.verdict IN (2, 3, 4, 5))",
        BatchFilter::Reached => "(open.key IS NOT NULL OR done.verdict IN (1, 2, 5))",
    };
    let sql = format!(
        "{BATCHES} WHERE batch.key BETWEEN ?1 AND ?2 AND {} ORDER BY batch.key",
        batches_that(narrowed)
    );
    let key = key_of(db, job)?;
    no_batch_is_gone(db, key)?;
    let mut find = db.prepare_cached(&sql)?;
    let mut rows = find.query(row_keys(key))?;
    while let Some(row) = rows.next()? {
        if take(job_batch(db, row, (job, seal_key))?).is_break() {
            break;
        }
    }
    Ok(())
}

/// One batch.
pub(in crate::ledger::sqlite) fn batch(
    db: &Connection,
    job: Uuid,
    key: BatchKey,
) -> Result<Option<JobBatch>, StoreFault> {
    let sql =
        format!("{BATCHES} WHERE batch.key = ?1 AND {}", batches_that("done.verdict IS NOT 6"));
    let mut find = db.prepare_cached(&sql)?;
    let mut rows = find.query([row_key(key_of(db, job)?, key.number())])?;
    rows.next()?.map(|row| job_batch(db, row, (job, None))).transpose()
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
    let resolved =
        row.get::<_, Option<String>>("resolved")?.map(|word| row::resolved(&word)).transpose()?;
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
    let ending = verdict.map(|verdict| ending(db, row, key, verdict, &ids)).transpose()?.flatten();
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
    Ok(JobBatch { batch, started_ms, ending, resolved, state, seal, rest })
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
            target: name.to_owned(),
            verdict: state::verdict(verdict)?,
            id: vendor_id.map(str::to_owned),
            code: said(code)?,
            message: said(message)?,
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

/// The latest batch to which a vendor gave an id.
pub(in crate::ledger::sqlite) fn batch_of_vendor_id(
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
             WHERE provider = ?2 AND sandbox = ?3 ORDER BY found.key DESC LIMIT 1",
        )?
        .query_row(params![id, provider, realm == Realm::Sandbox], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    found.map(|(job, key)| Ok((row::uuid(&job)?, batch_key(key)))).transpose()
}
