//! Decisions about single targets of unknown batches, and how decisions are withdrawn.
//!
//! A target that a person decided on has a row of its own, with a state that no answer gives: so it can become unknown
//! again. Its batch is unknown as long as one of its targets is.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

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
        let Some(mut one) = UndecidedBatch::of(db, row)? else { return Ok(Settled::default()) };
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

/// An ended batch that is unknown, with the states of its targets that have rows of their own.
struct UndecidedBatch {
    row: i64,
    ids: Vec<String>,
    rest: i64,
    own: BTreeMap<usize, i64>,
}

impl UndecidedBatch {
    fn of(db: &Connection, row: i64) -> Result<Option<Self>, StoreFault> {
        let sql = format!(
            "SELECT coalesce(rest, verdict), ids FROM done JOIN batch ON batch.key = done.key
             WHERE done.key = ?1 AND {} AND {}",
            BATCH.intact(),
            DONE.intact_and("verdict = 5 AND decision IS NULL")
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
        resolved: ResolvedAs,
    ) -> Result<bool, StoreFault> {
        let Some(position) = self.ids.iter().position(|id| id == name) else { return Ok(false) };
        if self.state(position) != state::UNKNOWN {
            return Ok(false);
        }
        let (new, place) = (state::settled(resolved), i64::try_from(position).unwrap_or(i64::MAX));
        if self.own.insert(position, new).is_some() {
            db.prepare_cached("UPDATE part SET verdict = ?3 WHERE batch = ?1 AND position = ?2")?
                .execute(params![self.row, place, new])?;
        } else {
            let (name, vendor_id, code, message) = Default::default();
            TargetRow { position: place, name, verdict: new, vendor_id, code, message }
                .insert(db, self.row)?;
        }
        Ok(true)
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

/// Makes all batches and targets of a job unknown again on which people decided.
pub(super) fn undo_job(db: &Connection, job: Uuid) -> Result<Settled, StoreFault> {
    let key = key_of(db, job)?;
    let sql = format!(
        "SELECT done.key, done.targets, coalesce(done.rest, done.verdict), decision.resolved,
            (SELECT count(*) FROM part WHERE batch = done.key AND name IS NULL),
            (SELECT count(*) FROM part WHERE batch = done.key AND name IS NULL AND verdict = 5),
            (SELECT count(*) FROM part WHERE batch = done.key AND name IS NULL AND verdict = {yes}),
            (SELECT count(*) FROM part WHERE batch = done.key AND name IS NULL AND verdict = {no})
         FROM done LEFT JOIN decision ON decision.key = done.decision
         WHERE done.key BETWEEN ?1 AND ?2 AND {}",
        DONE.intact_and("done.verdict = 5"),
        yes = state::settled(ResolvedAs::Accepted),
        no = state::settled(ResolvedAs::NotAccepted),
    );
    let (mut undone, mut tally, mut batches) =
        (Settled::default(), CountChanges::default(), Vec::new());
    let mut find = db.prepare_cached(&sql)?;
    let mut rows = find.query(row_keys(key))?;
    while let Some(row) = rows.next()? {
        let (targets, rest): (i64, i64) = (row.get(1)?, row.get(2)?);
        let resolved = row.get::<_, Option<String>>(3)?;
        let resolved = resolved.as_deref().and_then(ResolvedAs::from_stored);
        let (own, own_unknown): (i64, i64) = (row.get(4)?, row.get(5)?);
        let (accepted, not): (i64, i64) = (row.get(6)?, row.get(7)?);
        if resolved.is_none() && accepted + not == 0 {
            continue;
        }
        let unnamed = if rest == state::UNKNOWN { targets - own } else { 0 };
        let mut again = accepted + not;
        tally.add(state::ACCEPTED, 0, -accepted);
        tally.add(state::UNAVAILABLE, 0, -not);
        if let Some(resolved) = resolved {
            let decided = unnamed + own_unknown;
            tally.add(state::of(resolved.verdict()), -1, -decided);
            tally.add(state::UNKNOWN, 1, 0);
            again += decided;
        }
        tally.add(state::UNKNOWN, 0, again);
        undone.batches += 1;
        undone.targets += u64::try_from(again).unwrap_or(0);
        batches.push(row.get::<_, i64>(0)?);
    }
    drop(rows);
    for batch in batches {
        db.prepare_cached(
            "UPDATE part SET verdict = 5 WHERE batch = ?1 AND name IS NULL AND verdict IN (?2, ?3)",
        )?
        .execute(params![
            batch,
            state::settled(ResolvedAs::Accepted),
            state::settled(ResolvedAs::NotAccepted)
        ])?;
        let changes = [("decision", "NULL"), ("parts", "?2")];
        db.execute(&DONE.update(&changes, "key = ?1"), params![batch, sum_of(db, batch)?])?;
    }
    if undone.batches > 0 {
        db.execute("DELETE FROM decision WHERE job = ?1", [key])?;
    }
    tally.write(db, key)?;
    Ok(undone)
}
