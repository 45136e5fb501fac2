//! Jobs as they are read, and what every change of a job begins with: its key, and its owner.

use std::ops::ControlFlow;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, Row, params_from_iter};
use uuid::Uuid;

use super::batches::last;
use super::decide::resolutions;
use super::entries::{self, effect_of, natural};
use super::fault::StoreFault;
use super::pack::{state, strange};
use super::query::{Where, filter, has_part};
use super::seal;
use super::sums::{JOB, JOB_END, JOB_HALT, PROGRESS, TALLY, TEMPLATE};
use crate::contract::TargetKind;
use crate::ledger::query::{JobQuery, WhichJob};
use crate::ledger::short_id::short;
use crate::ledger::{Counts, Job, JobEnd, JobIntent, JobState, JobTemplate, Realm};
use crate::seal::SealKey;

/// The key of a job.
pub(super) fn key_of(db: &Connection, job: Uuid) -> Result<i64, StoreFault> {
    let sql = format!("SELECT key FROM job WHERE id = ?1 AND {}", JOB.intact());
    db.prepare_cached(&sql)?
        .query_row([job.to_string()], |row| row.get(0))
        .optional()?
        .ok_or(StoreFault::NoJob(job))
}

/// Jobs with where they stand.
pub(super) const JOINED: &str = "job JOIN progress ON progress.job = job.key";

/// A condition on these.
pub(super) fn intact() -> String {
    format!("{} AND {}", JOB.intact(), PROGRESS.intact())
}

/// The key of a job that a writer is planning: of the same plan only one at a time is the planner.
pub(super) fn key_of_plan(db: &Connection, job: Uuid, me: &str) -> Result<i64, StoreFault> {
    let sql = format!("SELECT key, owner, planning FROM {JOINED} WHERE id = ?1 AND {}", intact());
    let found: Option<(i64, Option<String>, bool)> = db
        .prepare_cached(&sql)?
        .query_row([job.to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    match found {
        Some((key, Some(owner), true)) if owner == me => Ok(key),
        Some(_) => Err(StoreFault::ForeignCodes(job)),
        None => Err(StoreFault::NoJob(job)),
    }
}

/// Who owns a job.
pub(super) fn owner(db: &Connection, key: i64) -> Result<Option<String>, StoreFault> {
    let sql = format!("SELECT owner FROM progress WHERE job = ?1 AND {}", PROGRESS.intact());
    let owner = db.prepare_cached(&sql)?.query_row([key], |row| row.get(0)).optional()?;
    owner.ok_or_else(|| StoreFault::Damaged("it is gone where a job stands".to_owned()))
}

/// Hands over jobs, the latest first, until it is told to stop.
pub(super) fn each_job(
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
        WhichJob::Opened
        | WhichJob::OpenedId(_)
        | WhichJob::Part(_)
        | WhichJob::Name(_)
        | WhichJob::Fingerprint(_) => Some(0),
    };
    if let Some(planning) = planning {
        place.and("planning = ?", [Value::Integer(planning)]);
    }
    match which {
        WhichJob::Planning | WhichJob::Opened => {}
        WhichJob::Id(id) | WhichJob::OpenedId(id) => place.and("id = ?", [id.to_string().into()]),
        WhichJob::Name(name) => place.and("name = ?", [name.clone().into()]),
        WhichJob::Part(part) => place.and(has_part(part), [part.clone().into()]),
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
        short_id: short(intent.id),
        is_called_by_id: false,
        intent,
        templates: templates.into_iter().map(|(template, _)| template).collect(),
        state: JobState::Planning,
        targets,
        batches,
        stop_ms: row.get("stop_ms")?,
        begun_ms: row.get("begun_ms")?,
        active_ms: row.get("active_ms")?,
        ended_ms: row.get("ended_ms")?,
        ended: end_of(db, key)?,
        halted: halt_of(db, key)?,
        resolutions: resolutions(db, key)?,
        seal,
        last: last(db, key)?,
        sealed_batches: row.get("sealed_batches")?,
        planning: row.get("planning")?,
        owner: row.get("owner")?,
    })
}

/// How the last run of a job ended, as far as it said so.
fn end_of(db: &Connection, key: i64) -> Result<Option<JobEnd>, StoreFault> {
    let sql = format!("SELECT how FROM job_end WHERE job = ?1 AND {}", JOB_END.intact());
    let how: Option<String> =
        db.prepare_cached(&sql)?.query_row([key], |row| row.get(0)).optional()?;
    how.map(|how| JobEnd::from_word(&how).ok_or_else(|| entries::strange("end of a job", &how)))
        .transpose()
}

/// What halted the last run of a job, in words.
fn halt_of(db: &Connection, key: i64) -> Result<Option<String>, StoreFault> {
    let sql = format!("SELECT why FROM job_halt WHERE job = ?1 AND {}", JOB_HALT.intact());
    Ok(db.prepare_cached(&sql)?.query_row([key], |row| row.get(0)).optional()?)
}

fn intent(row: &Row<'_>) -> Result<JobIntent, StoreFault> {
    Ok(JobIntent {
        id: entries::uuid(&row.get::<_, String>("id")?)?,
        realm: if row.get("sandbox")? { Realm::Sandbox } else { Realm::Real },
        created_ms: row.get("created_ms")?,
        name: row.get("name")?,
        verb: row.get("verb")?,
        provider: row.get("provider")?,
        profile: row.get("profile")?,
        app: row.get("app")?,
        endpoint: row.get("endpoint")?,
        audience: row.get("audience")?,
        overrides: entries::overrides(row)?,
        settings: row.get("settings")?,
        fingerprint: row.get("fingerprint")?,
    })
}

/// What a job with a key is.
pub(super) fn job_intent(db: &Connection, job: i64) -> Result<JobIntent, StoreFault> {
    let sql = format!("SELECT * FROM job WHERE key = ?1 AND {}", JOB.intact());
    let mut find = db.prepare_cached(&sql)?;
    let mut rows = find.query([job])?;
    intent(rows.next()?.ok_or_else(|| strange("key of a job", job))?)
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
            TargetKind::from_word(&word).ok_or_else(|| entries::strange("kind of target", &word))
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
