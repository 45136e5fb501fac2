//! How batches move between planned, begun and ended, and the counts with them.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{CachedStatement, Connection, OptionalExtension as _, params};
use uuid::Uuid;

use super::pack::{Words, row_key, row_keys, state};
use super::terms::would_exceed;
use super::{append, key_of, owner};
use crate::ledger::job::{BatchKey, Change, Permit, PlannedBatch, rest};
use crate::ledger::sqlite::fault::Fault;
use crate::ledger::sqlite::row::whole;
use crate::ledger::{Allowance, Bodies, Ending};
use crate::outcome::{TargetResult, Verdict};

/// How the counts of a job change.
#[derive(Debug, Default)]
pub(super) struct Tally(BTreeMap<i64, (i64, i64)>);

impl Tally {
    /// More batches and targets in a state, or fewer.
    pub(super) fn add(&mut self, state: i64, batches: i64, targets: i64) {
        let entry = self.0.entry(state).or_default();
        entry.0 += batches;
        entry.1 += targets;
    }

    /// Adds it to what the job has.
    pub(super) fn write(&self, db: &Connection, job: i64) -> Result<(), Fault> {
        let mut add = db.prepare_cached(
            "INSERT INTO tally VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET batches = batches + excluded.batches, targets = targets + excluded.targets",
        )?;
        for (state, (batches, targets)) in &self.0 {
            if (*batches, *targets) != (0, 0) {
                add.execute(params![job, state, batches, targets])?;
            }
        }
        Ok(())
    }
}

/// What decides whether batches may begin.
#[derive(Clone, Copy, Debug)]
pub(in crate::ledger::sqlite) struct Ruled<'a> {
    /// This writer.
    pub(in crate::ledger::sqlite) me: &'a str,
    /// Whether there is room for more.
    pub(in crate::ledger::sqlite) room: bool,
    /// What must not be exceeded.
    pub(in crate::ledger::sqlite) allowances: &'a [Allowance],
    /// What is kept of payloads.
    pub(in crate::ledger::sqlite) bodies: Bodies,
}

/// Changes batches of a job. Tells whether those that were to begin did.
pub(in crate::ledger::sqlite) fn commit(
    db: &Connection,
    words: &mut Words,
    job: Uuid,
    changes: &[Change],
    ruled: Ruled<'_>,
) -> Result<Permit, Fault> {
    let key = key_of(db, job)?;
    let (owner, stop_ms): (Option<String>, Option<i64>) = db
        .prepare_cached("SELECT owner, stop_ms FROM progress WHERE job = ?1")?
        .query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if owner.as_deref() != Some(ruled.me) {
        return Err(Fault::Elsewhere(job));
    }
    let mut permit = match (stop_ms, ruled.room) {
        (Some(_), _) => Permit::Stopped,
        (None, false) => Permit::NoRoom,
        (None, true) => Permit::Granted,
    };
    let mut is_bound = !ruled.allowances.is_empty();
    let mut desk = Desk {
        db,
        words,
        job: key,
        tally: Tally::default(),
        bodies: ruled.bodies,
        pens: Pens::of(db)?,
    };
    let mut begun_ms: Option<i64> = None;
    for change in changes {
        match change {
            Change::Begin { batch, started_ms, dedupe_id } => {
                // Once, and not before what came to its end is known to the count.
                if permit == Permit::Granted
                    && std::mem::take(&mut is_bound)
                    && would_exceed(db, key, changes, ruled.allowances)?
                {
                    permit = Permit::NoQuota;
                }
                if permit == Permit::Granted {
                    desk.begin(*batch, *started_ms, dedupe_id.as_deref())?;
                    begun_ms = begun_ms.max(Some(*started_ms));
                }
            }
            Change::End { batch, ending } => desk.end(*batch, ending)?,
            Change::Again { batch, attempts, doubtful } => {
                desk.again(*batch, *attempts, *doubtful)?;
            }
            Change::Split { batch, parts } => desk.split(*batch, parts)?,
        }
    }
    desk.tally.write(db, key)?;
    if let Some(begun_ms) = begun_ms {
        db.prepare_cached(
            "UPDATE progress SET begun_ms = coalesce(begun_ms, ?2), active_ms = max(active_ms, ?2) WHERE job = ?1",
        )?
        .execute(params![key, begun_ms])?;
    }
    Ok(permit)
}

/// A begun batch that has been taken out of those that are open.
struct Taken {
    template: i64,
    targets: i64,
    attempts: u32,
    started_ms: Option<i64>,
    first_ms: Option<i64>,
    dedupe_id: Option<String>,
}

/// What every change of a commit needs, looked up once. A look and a change are quicker than a change that answers: for
/// each of those SQLite makes a table of its own.
struct Pens<'a> {
    planned: CachedStatement<'a>,
    begin: CachedStatement<'a>,
    begun: CachedStatement<'a>,
    take: CachedStatement<'a>,
    done: CachedStatement<'a>,
}

impl<'a> Pens<'a> {
    fn of(db: &'a Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            planned: db.prepare_cached(
                "SELECT targets, doubtful FROM open WHERE key = ?1 AND started_ms IS NULL",
            )?,
            begin: db.prepare_cached(
                "UPDATE open SET started_ms = ?2, first_ms = coalesce(first_ms, ?2), attempts = attempts + 1,
                    dedupe_id = coalesce(dedupe_id, ?3) WHERE key = ?1",
            )?,
            begun: db.prepare_cached(
                "SELECT template, targets, attempts, coalesce(started_ms, first_ms), first_ms, dedupe_id
                 FROM open WHERE key = ?1 AND (started_ms IS NOT NULL OR doubtful)",
            )?,
            take: db.prepare_cached("DELETE FROM open WHERE key = ?1")?,
            done: db.prepare_cached(
                "INSERT INTO done VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, NULL)",
            )?,
        })
    }
}

/// The changes of one commit.
struct Desk<'a> {
    db: &'a Connection,
    words: &'a mut Words,
    job: i64,
    tally: Tally,
    bodies: Bodies,
    pens: Pens<'a>,
}

impl Desk<'_> {
    fn begin(
        &mut self,
        batch: BatchKey,
        started_ms: i64,
        dedupe_id: Option<&str>,
    ) -> Result<(), Fault> {
        let key = row_key(self.job, batch.0);
        let planned: Option<(i64, bool)> =
            self.pens.planned.query_row([key], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let (targets, doubtful) = planned.ok_or(Fault::NotThere(batch.0, "planned"))?;
        self.pens.begin.execute(params![key, started_ms, dedupe_id])?;
        if !doubtful {
            self.tally.add(state::PLANNED, -1, -targets);
            self.tally.add(state::SENDING, 1, targets);
        }
        Ok(())
    }

    /// Takes a batch out of those that are open: one that is begun, or one that may have arrived.
    fn take(&mut self, batch: BatchKey) -> Result<Taken, Fault> {
        let key = row_key(self.job, batch.0);
        let begun = self.pens.begun.query_row([key], |row| {
            Ok(Taken {
                template: row.get(0)?,
                targets: row.get(1)?,
                attempts: row.get(2)?,
                started_ms: row.get(3)?,
                first_ms: row.get(4)?,
                dedupe_id: row.get(5)?,
            })
        });
        let taken = begun.optional()?.ok_or(Fault::NotThere(batch.0, "begun"))?;
        self.pens.take.execute([key])?;
        self.tally.add(state::SENDING, -1, -taken.targets);
        Ok(taken)
    }

    fn end(&mut self, batch: BatchKey, ending: &Ending) -> Result<(), Fault> {
        let taken = self.take(batch)?;
        let key = row_key(self.job, batch.0);
        let ids = if ending.targets.is_empty() { Vec::new() } else { self.ids(key)? };
        let rest = state::of(rest(ending, &ids));
        let verdict = verdict_of(ending, rest);
        let mut ids_of_all = ending.ids.iter();
        let first = ids_of_all.next();
        let name = first.map(|(name, _)| name.as_str());
        let id_name = self.words.maybe(self.db, self.job, name)?;
        let code = self.words.maybe(self.db, self.job, ending.code.as_deref())?;
        let message = self.words.maybe(self.db, self.job, ending.message.as_deref())?;
        let first_ms = taken.first_ms.filter(|first_ms| Some(*first_ms) != taken.started_ms);
        self.pens.done.execute(params![
            key,
            taken.template,
            taken.targets,
            verdict,
            (rest != verdict).then_some(rest),
            ending.attempts,
            taken.started_ms,
            first_ms,
            ending.finished_ms,
            whole(ending.elapsed_ms),
            ending.http_status,
            code,
            message,
            id_name,
            first.map(|(_, value)| value),
            taken.dedupe_id,
        ])?;
        for (position, (name, value)) in (1_i64..).zip(ids_of_all) {
            let name = self.words.number(self.db, self.job, name)?;
            self.db
                .prepare_cached("INSERT INTO other_id VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![key, position, name, value])?;
        }
        self.tally.add(verdict, 1, 0);
        let named = self.parts(key, &ids, &ending.targets, rest)?;
        self.tally.add(rest, 0, taken.targets - named);
        if self.bodies == Bodies::Digested {
            self.db
                .prepare_cached("UPDATE batch SET vars = NULL WHERE key = ?1 AND vars IS NOT NULL")?
                .execute([key])?;
        }
        Ok(())
    }

    /// Writes down the targets that fared otherwise than the rest, or have an id. Answers how many of the batch's own
    /// targets those are.
    fn parts(
        &mut self,
        key: i64,
        ids: &[String],
        targets: &[TargetResult],
        rest: i64,
    ) -> Result<i64, Fault> {
        if targets.is_empty() {
            return Ok(0);
        }
        let places: HashMap<&str, usize> =
            ids.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
        let mut seen = std::collections::HashSet::new();
        let (mut named, mut strangers) = (0, ids.len());
        for target in targets {
            let TargetResult { target: name, verdict, id, code, message } = target;
            let verdict = state::of(*verdict);
            let place = places.get(name.as_str()).copied().filter(|place| seen.insert(*place));
            let ordinary = verdict == rest && id.is_none() && code.is_none() && message.is_none();
            if place.is_some() && ordinary {
                continue;
            }
            let position = place.unwrap_or_else(|| {
                strangers += 1;
                strangers - 1
            });
            if place.is_some() {
                named += 1;
                self.tally.add(verdict, 0, 1);
            }
            let code = self.words.maybe(self.db, self.job, code.as_deref())?;
            let message = self.words.maybe(self.db, self.job, message.as_deref())?;
            let name = place.is_none().then_some(name);
            self.db
                .prepare_cached("INSERT INTO part VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
                .execute(params![key, position as i64, name, verdict, id, code, message])?;
        }
        Ok(named)
    }

    fn ids(&self, key: i64) -> Result<Vec<String>, Fault> {
        let packed: Vec<u8> = self
            .db
            .prepare_cached("SELECT ids FROM batch WHERE key = ?1")?
            .query_row([key], |row| row.get(0))?;
        super::pack::unpack(&packed)
    }

    fn again(&mut self, batch: BatchKey, attempts: u32, doubtful: bool) -> Result<(), Fault> {
        // A first attempt that certainly did not arrive is none that a vendor could recognise.
        let back: Option<(i64, bool)> = self
            .db
            .prepare_cached(
                "UPDATE open SET started_ms = NULL, attempts = ?2, doubtful = doubtful OR ?3,
                    first_ms = CASE WHEN doubtful OR ?3 THEN first_ms END
                 WHERE key = ?1 AND started_ms IS NOT NULL RETURNING targets, doubtful",
            )?
            .query_row(params![row_key(self.job, batch.0), attempts, doubtful], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let (targets, doubtful) = back.ok_or(Fault::NotThere(batch.0, "begun"))?;
        // What may have arrived does not count as if nothing had been sent.
        if !doubtful {
            self.tally.add(state::SENDING, -1, -targets);
            self.tally.add(state::PLANNED, 1, targets);
        }
        Ok(())
    }

    fn split(&mut self, batch: BatchKey, parts: &[PlannedBatch]) -> Result<(), Fault> {
        let taken = self.take(batch)?;
        let key = row_key(self.job, batch.0);
        // The request itself stays, without its targets: it counts against quotas.
        self.db
            .prepare_cached(
                "INSERT INTO done (key, template, targets, verdict, attempts, started_ms)
                 VALUES (?1, ?2, 0, ?3, ?4, ?5)",
            )?
            .execute(params![
                key,
                taken.template,
                state::SPLIT,
                taken.attempts,
                taken.started_ms
            ])?;
        self.db
            .prepare_cached("UPDATE batch SET ids = x'', vars = NULL WHERE key = ?1")?
            .execute([key])?;
        append(self.db, self.job, parts, &mut self.tally)
    }
}

/// The state of a batch: unknown where it is so for a single target, since that is what a person has to look at.
fn verdict_of(ending: &Ending, rest: i64) -> i64 {
    let doubtful = |target: &TargetResult| target.verdict == Verdict::Unknown;
    if rest == state::UNKNOWN || ending.targets.iter().any(doubtful) {
        state::UNKNOWN
    } else {
        state::of(ending.verdict)
    }
}

/// Makes unknown what is begun, or may have arrived before, and has no owner any more. Answers how many batches that are.
pub(super) fn orphan(db: &Connection, job: i64) -> Result<u64, Fault> {
    let [first, last] = row_keys(job);
    let (batches, targets): (i64, i64) = db.query_row(
        "SELECT count(*), coalesce(sum(targets), 0) FROM open WHERE key BETWEEN ?1 AND ?2 AND (started_ms IS NOT NULL OR doubtful)",
        [first, last],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if batches == 0 {
        return Ok(0);
    }
    db.execute(
        "INSERT INTO done (key, template, targets, verdict, attempts, started_ms, first_ms, dedupe_id)
         SELECT key, template, targets, ?3, attempts, coalesce(started_ms, first_ms), nullif(first_ms, started_ms), dedupe_id
         FROM open WHERE key BETWEEN ?1 AND ?2 AND (started_ms IS NOT NULL OR doubtful)",
        params![first, last, state::UNKNOWN],
    )?;
    db.execute(
        "DELETE FROM open WHERE key BETWEEN ?1 AND ?2 AND (started_ms IS NOT NULL OR doubtful)",
        [first, last],
    )?;
    let mut tally = Tally::default();
    tally.add(state::SENDING, -batches, -targets);
    tally.add(state::UNKNOWN, batches, targets);
    tally.write(db, job)?;
    Ok(u64::try_from(batches).unwrap_or(0))
}

/// What unknown batches of a job a vendor could recognise, as a condition on `done`.
///
/// Those of which it told single targets' fates are left alone: a repeat would reach all of them.
const RECOGNISABLE: &str =
    "verdict = 5 AND key BETWEEN ?1 AND ?2 AND dedupe_id IS NOT NULL AND decision IS NULL
    AND NOT EXISTS (SELECT 1 FROM part WHERE batch = done.key)";

/// How many unknown batches have a dedupe id.
pub(in crate::ledger::sqlite) fn recognisable(db: &Connection, job: Uuid) -> Result<u64, Fault> {
    let [first, last] = row_keys(key_of(db, job)?);
    let sql = format!("SELECT count(*) FROM done WHERE {RECOGNISABLE}");
    let count: i64 = db.query_row(&sql, [first, last], |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Plans unknown batches again whose repeat the vendor would recognise.
pub(in crate::ledger::sqlite) fn requeue(
    db: &Connection,
    job: Uuid,
    template: u32,
    started_since_ms: i64,
    me: &str,
) -> Result<u64, Fault> {
    let key = key_of(db, job)?;
    if owner(db, key)?.as_deref() != Some(me) {
        return Err(Fault::Elsewhere(job));
    }
    let [first, last] = row_keys(key);
    let which =
        format!("{RECOGNISABLE} AND template = ?3 AND coalesce(first_ms, started_ms) >= ?4");
    let values = params![first, last, template, started_since_ms];
    let sql = format!("SELECT count(*), coalesce(sum(targets), 0) FROM done WHERE {which}");
    let (batches, targets): (i64, i64) =
        db.query_row(&sql, values, |row| Ok((row.get(0)?, row.get(1)?)))?;
    if batches > 0 {
        db.execute(
            &format!(
                "INSERT INTO open (key, template, targets, attempts, doubtful, first_ms, dedupe_id)
                 SELECT key, template, targets, attempts, 1, coalesce(first_ms, started_ms), dedupe_id
                 FROM done WHERE {which}"
            ),
            values,
        )?;
        let named =
            format!("DELETE FROM other_id WHERE batch IN (SELECT key FROM done WHERE {which})");
        db.execute(&named, values)?;
        db.execute(&format!("DELETE FROM done WHERE {which}"), values)?;
        let mut tally = Tally::default();
        tally.add(state::UNKNOWN, -batches, -targets);
        tally.add(state::SENDING, batches, targets);
        tally.write(db, key)?;
    }
    Ok(u64::try_from(batches).unwrap_or(0))
}
