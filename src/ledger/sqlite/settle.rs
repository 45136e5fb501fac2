//! Decisions about single targets of unknown batches, and how decisions are withdrawn.
//!
//! A target that a person decided on has a row of its own, with a state that no answer gives: so it can become unknown
//! again. Its batch is unknown as long as one of its targets is.

use std::collections::{BTreeMap, HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use super::entries::resolved;
use super::fault::StoreFault;
use super::jobs::key_of;
use super::pack::{row_key, row_keys, state, unpack};
use super::parts::{TargetRow, sum_of};
use super::sums::{BATCH, DECISION, DONE, ENTRY};
use super::tally::CountChanges;
use crate::ledger::{BatchKey, Resolution, ResolvedAs, Settled};

/// A decision about a job, as a row of its own. The answer is its key.
pub(super) fn add_decision(
    db: &Connection,
    job: i64,
    resolution: &Resolution,
) -> Result<i64, StoreFault> {
    let Resolution { resolved, note, by, resolved_ms } = resolution;
    db.execute(
        "INSERT INTO decision (job, resolved, note, by, resolved_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![job, resolved.stored(), note, by, resolved_ms],
    )?;
    let decision = db.last_insert_rowid();
    db.execute(&DECISION.seal("key = ?1"), [decision])?;
    Ok(decision)
}

/// Decides on targets of batches. All of them have to be unknown: else the answer is nothing, and nothing may be kept.
pub(super) fn decide_targets(
    db: &Connection,
    job: Uuid,
    targets: &[(BatchKey, Vec<String>)],
    resolution: &Resolution,
) -> Result<Settled, StoreFault> {
    let key = key_of(db, job)?;
    let decision = add_decision(db, key, resolution)?;
    let (mut settled, mut tally) = (Settled::default(), CountChanges::default());
    for (batch, names) in targets {
        let row = row_key(key, batch.number());
        let Some(mut one) = UnknownBatch::undecided(db, row)? else {
            return Ok(Settled::default());
        };
        for name in names {
            if !one.decide(db, name, resolution.resolved)? {
                return Ok(Settled::default());
            }
        }
        let count = i64::try_from(names.len()).unwrap_or(i64::MAX);
        tally.add(state::UNKNOWN, 0, -count);
        tally.add(state::of(resolution.resolved.verdict()), 0, count);
        one.keep(db, resolution, decision, &mut tally)?;
        settled.batches += 1;
        settled.targets += names.len() as u64;
    }
    tally.write(db, key)?;
    Ok(settled)
}

/// An ended batch whose answer left it unknown, with the states of its targets that have rows of their own.
struct UnknownBatch {
    row: i64,
    ids: Vec<String>,
    rest: i64,
    own: BTreeMap<usize, i64>,
}

impl UnknownBatch {
    /// One without a decision.
    fn undecided(db: &Connection, row: i64) -> Result<Option<Self>, StoreFault> {
        let sql = format!(
            "SELECT 1 FROM done WHERE key = ?1 AND {}",
            DONE.intact_and("decision IS NULL")
        );
        let found = db.prepare_cached(&sql)?.query_row([row], |_| Ok(())).optional()?;
        found.map_or(Ok(None), |()| Self::of(db, row))
    }

    fn of(db: &Connection, row: i64) -> Result<Option<Self>, StoreFault> {
        let sql = format!(
            "SELECT coalesce(rest, verdict), ids FROM done JOIN batch ON batch.key = done.key
             WHERE done.key = ?1 AND {} AND {}",
            BATCH.intact(),
            DONE.intact_and("verdict = 5")
        );
        let found = db
            .prepare_cached(&sql)?
            .query_row([row], |found| Ok((found.get::<_, i64>(0)?, found.get::<_, Vec<u8>>(1)?)));
        let Some((rest, ids)) = found.optional()? else { return Ok(None) };
        let mut own = BTreeMap::new();
        let sql = "SELECT position, verdict FROM part WHERE batch = ?1 AND name IS NULL";
        let mut find = db.prepare_cached(sql)?;
        let mut rows = find.query([row])?;
        while let Some(part) = rows.next()? {
            let position = usize::try_from(part.get::<_, i64>(0)?).unwrap_or(usize::MAX);
            own.insert(position, part.get(1)?);
        }
        Ok(Some(Self { row, ids: unpack(&ids)?, rest, own }))
    }

    fn state(&self, position: usize) -> i64 {
        self.own.get(&position).copied().unwrap_or(self.rest)
    }

    /// Decides on a target. Whether it was unknown.
    fn decide(
        &mut self,
        db: &Connection,
        name: &str,
        decision: ResolvedAs,
    ) -> Result<bool, StoreFault> {
        let Some(position) = self.ids.iter().position(|id| id == name) else { return Ok(false) };
        if self.state(position) != state::UNKNOWN {
            return Ok(false);
        }
        self.set(db, position, state::settled(decision))?;
        Ok(true)
    }

    /// Gives a target a state.
    fn set(&mut self, db: &Connection, position: usize, new: i64) -> Result<(), StoreFault> {
        let place = i64::try_from(position).unwrap_or(i64::MAX);
        if self.own.insert(position, new).is_some() {
            db.prepare_cached("UPDATE part SET verdict = ?3 WHERE batch = ?1 AND position = ?2")?
                .execute(params![self.row, place, new])?;
        } else {
            let (name, vendor_id, code, message) = Default::default();
            TargetRow { position: place, name, verdict: new, vendor_id, code, message }
                .insert(db, self.row)?;
        }
        Ok(())
    }

    /// Keeps the batch. Where none of its targets is unknown any more, it is decided as well: as accepted where one of them
    /// is. A batch whose owner died has an ending from now on.
    fn keep(
        &self,
        db: &Connection,
        resolution: &Resolution,
        decision: i64,
        tally: &mut CountChanges,
    ) -> Result<(), StoreFault> {
        let changes = [
            ("parts", "?2"),
            ("finished_ms", "coalesce(finished_ms, ?3)"),
            ("elapsed_ms", "coalesce(elapsed_ms, 0)"),
        ];
        let parts = sum_of(db, self.row)?;
        db.execute(
            &DONE.update(&changes, "key = ?1"),
            params![self.row, parts, resolution.resolved_ms],
        )?;
        let states = || (0..self.ids.len()).map(|position| state::plain(self.state(position)));
        if states().any(|one| one == state::UNKNOWN) {
            return Ok(());
        }
        let whole = if states().any(|one| one == state::ACCEPTED) {
            ResolvedAs::Accepted
        } else {
            ResolvedAs::NotAccepted
        };
        let decision = match whole == resolution.resolved {
            true => decision,
            false => {
                let about = Resolution { resolved: whole, ..resolution.clone() };
                let key = super::pack::job_key(self.row);
                add_decision(db, key, &about)?
            }
        };
        db.execute(&DONE.update(&[("decision", "?2")], "key = ?1"), [self.row, decision])?;
        tally.add(state::UNKNOWN, -1, 0);
        tally.add(state::of(whole.verdict()), 1, 0);
        Ok(())
    }
}

/// Makes an entry unknown again on which a person decided. The answer counts it as one batch.
pub(super) fn undo_entry(db: &Connection, entry: Uuid) -> Result<Settled, StoreFault> {
    let none = ["resolved", "resolved_note", "resolved_by", "resolved_ms"].map(|one| (one, "NULL"));
    let decided = "id = ?1 AND resolved IS NOT NULL AND (verdict IS NULL OR verdict = 'unknown')";
    let rows = db.execute(&ENTRY.update(&none, decided), [entry.to_string()])?;
    Ok(Settled { batches: rows as u64, targets: 0 })
}

/// Makes batches of a job, from the first key to the last, and their targets unknown again on which people decided.
pub(super) fn undo_batches(
    db: &Connection,
    job: i64,
    keys: [i64; 2],
) -> Result<Settled, StoreFault> {
    let (mut undone, mut tally) = (Settled::default(), CountChanges::default());
    for mut one in ResolvedBatch::all(db, keys)? {
        let places: Vec<usize> = one.decided().collect();
        if !places.is_empty() || one.decision.is_some() {
            undone.batches += 1;
            undone.targets += places.len() as u64;
            one.undo(db, &places, &mut tally)?;
        }
    }
    tally.write(db, job)?;
    forget_decisions(db, job)?;
    Ok(undone)
}

/// The same of single targets. People have to have decided on all of them: else the answer is nothing, and nothing may be kept.
pub(super) fn undo_targets(
    db: &Connection,
    job: i64,
    targets: &[(BatchKey, Vec<String>)],
) -> Result<Settled, StoreFault> {
    let (mut undone, mut tally) = (Settled::default(), CountChanges::default());
    for (batch, names) in targets {
        let row = row_key(job, batch.number());
        let Some(mut one) = ResolvedBatch::all(db, [row; 2])?.pop() else {
            return Ok(Settled::default());
        };
        let decided: HashMap<&str, usize> =
            one.decided().map(|place| (one.batch.ids[place].as_str(), place)).collect();
        let places: Option<Vec<usize>> =
            names.iter().map(|name| decided.get(name.as_str()).copied()).collect();
        let Some(places) = places else { return Ok(Settled::default()) };
        undone.batches += 1;
        undone.targets += places.len() as u64;
        one.undo(db, &places, &mut tally)?;
    }
    tally.write(db, job)?;
    forget_decisions(db, job)?;
    Ok(undone)
}

/// Removes the decisions on a job, where none of them holds any more.
fn forget_decisions(db: &Connection, job: i64) -> Result<(), StoreFault> {
    let [first, last] = row_keys(job);
    db.execute(
        "DELETE FROM decision WHERE job = ?1
            AND NOT EXISTS (SELECT 1 FROM done WHERE key BETWEEN ?2 AND ?3 AND decision IS NOT NULL)
            AND NOT EXISTS (SELECT 1 FROM part JOIN done ON done.key = part.batch
                WHERE batch BETWEEN ?2 AND ?3 AND name IS NULL AND done.verdict = ?4 AND part.verdict IN (?5, ?6))",
        params![
            job,
            first,
            last,
            state::UNKNOWN,
            state::settled(ResolvedAs::Accepted),
            state::settled(ResolvedAs::NotAccepted)
        ],
    )?;
    Ok(())
}

/// A batch that was unknown, with what people decided on it and on its targets.
struct ResolvedBatch {
    batch: UnknownBatch,
    decision: Option<ResolvedAs>,
}

impl ResolvedBatch {
    /// Those between two keys.
    fn all(db: &Connection, keys: [i64; 2]) -> Result<Vec<Self>, StoreFault> {
        let sql = format!(
            "SELECT done.key, done.decision, decision.resolved
             FROM done LEFT JOIN decision ON decision.key = done.decision
             WHERE done.key BETWEEN ?1 AND ?2 AND CASE WHEN {} AND {} THEN done.verdict = 5 END",
            DONE.intact(),
            DECISION.absent_or_intact(),
        );
        let mut find = db.prepare_cached(&sql)?;
        let mut rows = find.query(keys)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let word: Option<String> = row.get(2)?;
            let decision = word.as_deref().map(resolved).transpose()?;
            if decision.is_none() && row.get::<_, Option<i64>>(1)?.is_some() {
                return Err(StoreFault::Damaged("what a person found out is gone".to_owned()));
            }
            if let Some(batch) = UnknownBatch::of(db, row.get(0)?)? {
                all.push(Self { batch, decision });
            }
        }
        Ok(all)
    }

    /// The places of the targets that people decided on, alone or with the batch.
    fn decided(&self) -> impl Iterator<Item = usize> {
        (0..self.batch.ids.len()).filter(|place| self.decision_on(*place).is_some())
    }

    fn decision_on(&self, place: usize) -> Option<ResolvedAs> {
        match self.batch.state(place) {
            state::UNKNOWN => self.decision,
            own => state::decision(own),
        }
    }

    /// Makes the targets at these places unknown, and with them the batch. Where it was decided on as a whole, the others
    /// keep that decision.
    fn undo(
        &mut self,
        db: &Connection,
        places: &[usize],
        tally: &mut CountChanges,
    ) -> Result<(), StoreFault> {
        let undone: HashSet<usize> = places.iter().copied().collect();
        for place in 0..self.batch.ids.len() {
            let Some(decision) = self.decision_on(place) else { continue };
            let state = self.batch.state(place);
            if undone.contains(&place) {
                tally.add(state::of(decision.verdict()), 0, -1);
                tally.add(state::UNKNOWN, 0, 1);
                if state != state::UNKNOWN {
                    self.batch.set(db, place, state::UNKNOWN)?;
                }
            } else if state == state::UNKNOWN {
                self.batch.set(db, place, state::settled(decision))?;
            }
        }
        if let Some(decision) = self.decision.take() {
            tally.add(state::of(decision.verdict()), -1, 0);
            tally.add(state::UNKNOWN, 1, 0);
        }
        let row = self.batch.row;
        let changes = [("decision", "NULL"), ("parts", "?2")];
        db.execute(&DONE.update(&changes, "key = ?1"), params![row, sum_of(db, row)?])?;
        Ok(())
    }
}
