//! Jobs in the database: how they are planned, owned and removed.

mod change;
mod decide;
mod doubt;
mod pack;
mod parts;
mod read;
mod recent;
mod seal;
mod statements;
mod tally;
mod terms;
#[cfg(test)]
mod tests;
mod verify;

use rusqlite::types::Null;
use rusqlite::{Connection, OptionalExtension as _, named_params, params};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::fault::StoreFault;
use super::row::{effect_word, kept, whole};
use super::sums::{BATCH, JOB, OPEN, PROGRESS, TEMPLATE};
use crate::contract::TargetKind;
use crate::ledger::job::{Job, JobIntent, JobTemplate, Opening, PlannedBatch};
use crate::ledger::{Bodies, Realm};
use crate::seal::SealKey;
pub(super) use change::{Ruled, commit};
pub(super) use decide::{codes, resolve};
pub(super) use doubt::{recognisable, requeue};
pub(super) use pack::Words;
use pack::{batch_key, pack, row_keys, state};
pub(super) use parts::seal_parts;
pub(super) use read::{batch, batch_of_vendor_id, batches, each_job, last, planned};
pub(super) use recent::calls;
use seal::Sealing;
pub(super) use seal::{has_all_batches, reseal};
use tally::CountChanges;
pub(super) use terms::{open_fresh, unmet};
pub(super) use verify::verify;

/// The key of a job.
fn key_of(db: &Connection, job: Uuid) -> Result<i64, StoreFault> {
    let sql = format!("SELECT key FROM job WHERE id = ?1 AND {}", JOB.intact());
    db.prepare_cached(&sql)?
        .query_row([job.to_string()], |row| row.get(0))
        .optional()?
        .ok_or(StoreFault::NoJob(job))
}

/// Jobs with where they stand.
const JOINED: &str = "job JOIN progress ON progress.job = job.key";

/// A condition on these.
fn intact() -> String {
    format!("{} AND {}", JOB.intact(), PROGRESS.intact())
}

/// The key of a job that a writer is planning: of the same plan only one at a time is the planner.
fn key_of_plan(db: &Connection, job: Uuid, me: &str) -> Result<i64, StoreFault> {
    let sql = format!("SELECT key, owner, planning FROM {JOINED} WHERE id = ?1 AND {}", intact());
    let found: Option<(i64, Option<String>, bool)> = db
        .prepare_cached(&sql)?
        .query_row([job.to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    match found {
        Some((key, Some(owner), true)) if owner == me => Ok(key),
        Some(_) => Err(StoreFault::Elsewhere(job)),
        None => Err(StoreFault::NoJob(job)),
    }
}

/// Adds a job that is being planned.
pub(super) fn plan(db: &Connection, intent: &JobIntent, owner: &str) -> Result<(), StoreFault> {
    let added = db.prepare_cached(
        "INSERT INTO job (id, sandbox, created_ms, name, verb, provider, profile, app, endpoint, audience, overrides,
            settings, fingerprint)
         VALUES (:id, :sandbox, :created_ms, :name, :verb, :provider, :profile, :app, :endpoint, :audience, :overrides,
            :settings, :fingerprint)
         ON CONFLICT (id) DO NOTHING",
    )?
    .execute(named_params! {
        ":id": intent.id.to_string(),
        ":sandbox": intent.realm == Realm::Sandbox,
        ":created_ms": intent.created_ms,
        ":name": intent.name,
        ":verb": intent.verb,
        ":provider": intent.provider,
        ":profile": intent.profile,
        ":app": intent.app,
        ":endpoint": intent.endpoint,
        ":audience": intent.audience,
        ":overrides": listed(&intent.overrides),
        ":settings": intent.settings,
        ":fingerprint": intent.fingerprint,
    })?;
    if added == 0 {
        return Err(StoreFault::JobThere(intent.id));
    }
    let key = db.last_insert_rowid();
    db.execute(&JOB.seal("key = ?1"), [key])?;
    let none = Null;
    db.execute(&PROGRESS.insert(), params![key, true, owner, none, none, intent.created_ms, none])?;
    Ok(())
}

/// Adds a template, and answers its number.
pub(super) fn template(
    db: &Connection,
    job: Uuid,
    template: &JobTemplate,
    bodies: Bodies,
    me: &str,
) -> Result<u32, StoreFault> {
    let key = key_of_plan(db, job, me)?;
    let number =
        db.query_row("SELECT count(*) FROM template WHERE job = ?1", [key], |row| row.get(0))?;
    db.execute(
        &TEMPLATE.insert(),
        params![
            key,
            number,
            template.operation,
            effect_word(template.effect),
            template.kind.map(TargetKind::word),
            template.sender,
            kept(&template.body, bodies),
            Sha256::digest(&template.body).as_slice(),
            template.slot,
            template.recall_seconds.map(whole),
        ],
    )?;
    Ok(number)
}

/// Adds batches behind those that are there.
pub(super) fn add(
    db: &Connection,
    job: Uuid,
    batches: &[PlannedBatch],
    me: &str,
    seal_key: Option<&SealKey>,
) -> Result<(), StoreFault> {
    let key = key_of_plan(db, job, me)?;
    let mut tally = CountChanges::default();
    append(db, key, batches, Sealing { key: seal_key, job }, &mut tally)?;
    tally.write(db, key)
}

/// Adds batches behind those that are there, and counts them.
fn append(
    db: &Connection,
    job: i64,
    batches: &[PlannedBatch],
    sealing: Sealing<'_>,
    tally: &mut CountChanges,
) -> Result<(), StoreFault> {
    let [first, last] = row_keys(job);
    let newest: Option<i64> = db
        .prepare_cached("SELECT max(key) FROM batch WHERE key BETWEEN ?1 AND ?2")?
        .query_row([first, last], |row| row.get(0))?;
    let mut key = newest.unwrap_or(first);
    let mut add = db.prepare_cached(&BATCH.insert())?;
    let mut open = db.prepare_cached(&OPEN.insert())?;
    let none = Null;
    for batch in batches {
        key += 1;
        if key > last {
            return Err(StoreFault::Damaged(
                "a job has more batches than can be numbered".to_owned(),
            ));
        }
        let targets = batch.ids.len() as i64;
        let PlannedBatch { template, ids, vars } = batch;
        let seal = sealing.of_batch(batch_key(key).0, *template, ids, vars.as_deref());
        add.execute(params![key, template, pack(ids), vars, seal])?;
        open.execute(params![key, batch.template, targets, 0, false, none, none, none])?;
        tally.add(state::PLANNED, 1, targets);
    }
    Ok(())
}

/// Ends the planning.
fn open(
    db: &Connection,
    job: Uuid,
    opening: &Opening,
    me: &str,
    seal_key: Option<&SealKey>,
) -> Result<(), StoreFault> {
    let key = key_of_plan(db, job, me)?;
    write_opening(db, key, opening)?;
    db.execute(&PROGRESS.update(&[("planning", "0")], "job = ?1"), [key])?;
    seal::seal_job(db, key, seal_key)
}

/// Writes down what is known of a job once it was judged.
fn write_opening(db: &Connection, key: i64, opening: &Opening) -> Result<(), StoreFault> {
    let Opening { audience, fingerprint, overrides, settings } = opening;
    let changes =
        [("audience", "?2"), ("fingerprint", "?3"), ("overrides", "?4"), ("settings", "?5")];
    db.execute(
        &JOB.update(&changes, "key = ?1"),
        params![key, audience, fingerprint, listed(overrides), settings],
    )?;
    Ok(())
}

/// Removes a job with all that belongs to it, where it still is as it was seen.
pub(super) fn remove(db: &Connection, seen: &Job) -> Result<bool, StoreFault> {
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
        ("job", "key"),
    ] {
        db.execute(&format!("DELETE FROM {table} WHERE {column} = ?1"), [key])?;
    }
    Ok(true)
}

/// Who owns a job.
fn owner(db: &Connection, key: i64) -> Result<Option<String>, StoreFault> {
    let sql = format!("SELECT owner FROM progress WHERE job = ?1 AND {}", PROGRESS.intact());
    let owner = db.prepare_cached(&sql)?.query_row([key], |row| row.get(0)).optional()?;
    owner.ok_or_else(|| StoreFault::Damaged("it is gone where a job stands".to_owned()))
}

/// Makes a writer the owner, where the owner is the one that was seen. Answers how many batches became unknown.
pub(super) fn claim(
    db: &Connection,
    job: Uuid,
    seen: Option<&str>,
    me: &str,
    now_ms: i64,
) -> Result<Option<u64>, StoreFault> {
    let key = key_of(db, job)?;
    let owner = owner(db, key)?;
    if owner.as_deref() == Some(me) {
        return Ok(Some(0));
    }
    if owner.as_deref() != seen {
        return Ok(None);
    }
    let changes = [
        ("owner", "?2"),
        ("stop_ms", "NULL"),
        ("ended_ms", "NULL"),
        ("active_ms", "max(active_ms, ?3)"),
    ];
    db.execute(&PROGRESS.update(&changes, "job = ?1"), params![key, me, now_ms])?;
    doubt::orphan(db, key).map(Some)
}

/// Takes an owner off a job.
pub(super) fn release(db: &Connection, job: Uuid, me: &str, now_ms: i64) -> Result<(), StoreFault> {
    let key = key_of(db, job)?;
    if owner(db, key)?.as_deref() != Some(me) {
        return Err(StoreFault::Elsewhere(job));
    }
    let changes = [("owner", "NULL"), ("ended_ms", "?2")];
    db.execute(&PROGRESS.update(&changes, "job = ?1"), params![key, now_ms])?;
    doubt::orphan(db, key).map(drop)
}

/// Asks the owner of a job to stop.
pub(super) fn stop(db: &Connection, job: Uuid, now_ms: i64) -> Result<(), StoreFault> {
    let key = key_of(db, job)?;
    let at_work = "job = ?1 AND stop_ms IS NULL AND owner IS NOT NULL";
    db.execute(&PROGRESS.update(&[("stop_ms", "?2")], at_work), params![key, now_ms])?;
    Ok(())
}

/// Adds guards to those that were passed for a job.
pub(super) fn add_overrides(
    db: &Connection,
    job: Uuid,
    guards: &[String],
    seal_key: Option<&SealKey>,
) -> Result<(), StoreFault> {
    let key = key_of(db, job)?;
    let before = read::check_seal(db, key, seal_key)?;
    let known: String =
        db.query_row("SELECT overrides FROM job WHERE key = ?1", [key], |row| row.get(0))?;
    let mut all: Vec<String> = serde_json::from_str(&known)
        .map_err(|_| StoreFault::Damaged(format!("a strange list of overrides: {known}")))?;
    for guard in guards {
        if !all.contains(guard) {
            all.push(guard.clone());
        }
    }
    db.execute(&JOB.update(&[("overrides", "?2")], "key = ?1"), params![key, listed(&all)])?;
    seal::seal_again(db, key, seal_key, before)
}

fn listed(words: &[String]) -> String {
    serde_json::to_string(words).expect("a list of texts is JSON")
}
