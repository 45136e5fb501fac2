//! Jobs that are planned, opened, and changed before they go on.

use rusqlite::types::Null;
use rusqlite::{Connection, named_params, params};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::Sqlite;
use super::entries::{self, effect_word, kept, listed, whole};
use super::fault::StoreFault;
use super::follow_ups::FollowUpPlace;
use super::jobs::{intact, job_intent, key_of, key_of_plan, templates};
use super::pack::{batch_key, pack, row_keys, state};
use super::seal::{self, Sealing};
use super::sums::{BATCH, JOB, OPEN, PROGRESS, TEMPLATE};
use super::tally::CountChanges;
use super::transact::Tx;
use super::verify::has_reached;
use crate::contract::TargetKind;
use crate::error::Result;
use crate::ledger::plan::PlanStore;
use crate::ledger::{
    BatchSeals, Bodies, ConflictingJob, Job, JobIntent, JobTemplate, Opening, PlannedBatch, Realm,
};

impl PlanStore for Sqlite {
    fn plan_job(&mut self, intent: &JobIntent) -> Result<()> {
        self.make_ready()?;
        self.durably(|tx| plan_job(tx.db, intent, tx.me()))
    }

    fn plan(
        &mut self,
        job: Uuid,
        templates: &[JobTemplate],
        batches: &[PlannedBatch],
    ) -> Result<()> {
        self.quickly(|tx| {
            let key = key_of_plan(tx.db, job, tx.me())?;
            add_templates(tx.db, key, templates, tx.settings.bodies)?;
            let mut tally = CountChanges::default();
            append(tx.db, key, batches, tx.sealing(job), &mut tally)?;
            tally.write(tx.db, key)
        })
    }

    fn open_job(
        &mut self,
        job: Uuid,
        opening: &Opening,
        rival: Option<ConflictingJob<'_>>,
    ) -> Result<Option<Uuid>> {
        // What was planned without a sync is in the journal before this, and goes to the disk with it.
        self.durably(|tx| {
            let other = match rival {
                None => None,
                Some(ConflictingJob::Same { since_ms }) => {
                    twin(tx, job, &opening.fingerprint, since_ms)?
                }
                Some(ConflictingJob::FollowUp(others)) => {
                    let own = key_of_plan(tx.db, job, tx.me())?;
                    FollowUpPlace::of_job(&job_intent(tx.db, own)?).taken_by(tx, &others)?
                }
            };
            if let Some(other) = other {
                return Ok(Some(other));
            }
            let key = key_of_plan(tx.db, job, tx.me())?;
            write_opening(tx.db, key, opening)?;
            tx.db.execute(&PROGRESS.update(&[("planning", "0")], "job = ?1"), [key])?;
            seal::seal_job(tx.db, key, tx.seal_key())?;
            Ok(None)
        })
    }

    fn amend_job(
        &mut self,
        seen: &Job,
        opening: &Opening,
        seals: Option<&[BatchSeals]>,
    ) -> Result<()> {
        self.durably(|tx| amend(tx, seen, opening, seals))
    }
}

/// Adds a job that is being planned.
fn plan_job(db: &Connection, intent: &JobIntent, owner: &str) -> Result<(), StoreFault> {
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

/// Adds templates behind those that are there.
fn add_templates(
    db: &Connection,
    job: i64,
    templates: &[JobTemplate],
    bodies: Bodies,
) -> Result<(), StoreFault> {
    let there: i64 =
        db.query_row("SELECT count(*) FROM template WHERE job = ?1", [job], |row| row.get(0))?;
    for (number, template) in (there..).zip(templates) {
        db.execute(
            &TEMPLATE.insert(),
            params![
                job,
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
    }
    Ok(())
}

/// Adds batches behind those that are there, and counts them.
pub(super) fn append(
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

/// Another job that says the same to the same audience, and is at work, or reached a target.
fn twin(
    tx: &Tx<'_>,
    job: Uuid,
    fingerprint: &str,
    since_ms: i64,
) -> Result<Option<Uuid>, StoreFault> {
    let db = tx.db;
    let (sandbox, provider, app): (bool, String, String) = db
        .prepare_cached("SELECT sandbox, provider, app FROM job WHERE id = ?1")?
        .query_row([job.to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    // Every job is looked at, so that damage to an index, or to what they are asked for by, passes none over.
    let sql = format!(
        "SELECT key, id, owner FROM job NOT INDEXED LEFT JOIN progress ON progress.job = job.key
         WHERE CASE WHEN {} THEN fingerprint = ?2 AND id <> ?1 AND sandbox = ?3 AND provider = ?4 AND app = ?5
            AND planning = 0 AND active_ms >= ?6 END
         ORDER BY active_ms DESC",
        intact()
    );
    let mut find = db.prepare_cached(&sql)?;
    let mut rows =
        find.query(params![job.to_string(), fingerprint, sandbox, provider, app, since_ms])?;
    while let Some(row) = rows.next()? {
        let (key, id, owner): (i64, String, Option<String>) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        if has_reached(db, key)? || owner.is_some_and(|owner| !tx.is_gone(&owner)) {
            return entries::uuid(&id).map(Some);
        }
    }
    Ok(None)
}

/// Changes what the opening said of a job as it was read. Nothing is changed where the job has changed since.
fn amend(
    tx: &Tx<'_>,
    seen: &Job,
    opening: &Opening,
    seals: Option<&[BatchSeals]>,
) -> Result<(), StoreFault> {
    let (db, id) = (tx.db, seen.intent.id);
    let job = key_of(db, id)?;
    let templates = templates(db, job)?.into_iter().map(|(template, _)| template);
    if job_intent(db, job)? != seen.intent || !templates.eq(seen.templates.iter().cloned()) {
        return Err(StoreFault::Unsealed(id, None));
    }
    write_opening(db, job, opening)?;
    match seals {
        Some(batches) => {
            seal::write_batch_seals(db, job, batches)?;
            seal::seal_job(db, job, tx.seal_key())
        }
        None => seal::seal_again(db, job, tx.seal_key(), seen),
    }
}
