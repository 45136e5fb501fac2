//! Decisions on what is unknown, and what the vendor said of how many targets.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use uuid::Uuid;

use super::entries::{self, natural, resolved};
use super::fault::StoreFault;
use super::jobs::key_of;
use super::pack::{row_key, row_keys, state, word};
use super::sums::{DECISION, DONE, ENTRY};
use super::tally::CountChanges;
use super::{Sqlite, plan_again, settle, verify};
use crate::error::Result;
use crate::ledger::decide::{DecisionStore, Undecided};
use crate::ledger::{
    BatchKey, Code, NotAccepted, Repeat, Resolution, ResolvedAs, Settled, TargetState, VendorId,
};
use crate::outcome::in_words;

/// Unknown batches without a decision.
const UNDECIDED: &str = "verdict = 5 AND key BETWEEN ?1 AND ?2 AND decision IS NULL";

impl DecisionStore for Sqlite {
    fn decide(
        &mut self,
        about: Undecided,
        resolution: &Resolution,
        id: Option<&VendorId>,
    ) -> Result<Settled> {
        if let Undecided::Job(job) | Undecided::Batch(job, _) = about {
            verify::verify(&self.db, job).map_err(|fault| self.at(fault))?;
        }
        self.durably(|tx| match about {
            Undecided::Entry(entry) => {
                let settled = decide_entry(tx.db, entry, resolution)?;
                if let (Some(id), 1..) = (id, settled.batches) {
                    entries::add_id(tx.db, entry, id, resolution.resolved_ms)?;
                }
                Ok(settled)
            }
            Undecided::Job(job) => {
                let key = key_of(tx.db, job)?;
                decide_batches(tx.db, key, row_keys(key), resolution)
            }
            Undecided::Batch(job, batch) => {
                let key = key_of(tx.db, job)?;
                let row = row_key(key, batch.number());
                let settled = decide_batches(tx.db, key, [row; 2], resolution)?;
                if let (Some((name, value)), 1..) = (id, settled.batches) {
                    let name = tx.words.number(tx.db, key, name)?;
                    add_batch_id(tx.db, row, (name, value), resolution.resolved_ms)?;
                }
                Ok(settled)
            }
        })
    }

    fn decide_targets(
        &mut self,
        job: Uuid,
        targets: &[(BatchKey, Vec<String>)],
        resolution: &Resolution,
    ) -> Result<Settled> {
        verify::verify(&self.db, job).map_err(|fault| self.at(fault))?;
        self.durably(|tx| {
            all_or_nothing(tx.db, || settle::decide_targets(tx.db, job, targets, resolution))
        })
    }

    fn undo(&mut self, about: Undecided) -> Result<Settled> {
        self.durably(|tx| match about {
            Undecided::Entry(entry) => settle::undo_entry(tx.db, entry),
            Undecided::Job(job) => {
                let key = key_of(tx.db, job)?;
                settle::undo_batches(tx.db, key, row_keys(key))
            }
            Undecided::Batch(job, batch) => {
                let key = key_of(tx.db, job)?;
                settle::undo_batches(tx.db, key, [row_key(key, batch.number()); 2])
            }
        })
    }

    fn undo_targets(&mut self, job: Uuid, targets: &[(BatchKey, Vec<String>)]) -> Result<Settled> {
        verify::verify(&self.db, job).map_err(|fault| self.at(fault))?;
        self.durably(|tx| {
            all_or_nothing(tx.db, || settle::undo_targets(tx.db, key_of(tx.db, job)?, targets))
        })
    }

    fn not_accepted(&mut self, job: Uuid, uncut: &[u32]) -> Result<Vec<NotAccepted>> {
        verify::verify(&self.db, job).map_err(|fault| self.at(fault))?;
        let seal_key = self.settings.seal_key.as_ref();
        plan_again::not_accepted(&self.db, seal_key, job, uncut).map_err(|fault| self.at(fault))
    }

    fn plan_not_accepted(&mut self, job: Uuid, these: &[NotAccepted]) -> Result<Settled> {
        self.make_ready()?;
        verify::verify(&self.db, job).map_err(|fault| self.at(fault))?;
        self.durably(|tx| plan_again::plan_not_accepted(tx, job, these))
    }

    fn left_of_not_accepted(&mut self, job: Uuid) -> Result<Settled> {
        let left = key_of(&self.db, job).and_then(|key| plan_again::unbegun(&self.db, key));
        let left = left.map_err(|fault| self.at(fault))?;
        let targets = left.iter().map(|one| natural(one.targets)).sum();
        Ok(Settled { batches: left.len() as u64, targets })
    }

    fn repeats(&mut self, job: Uuid) -> Result<Vec<Repeat>> {
        let repeats = key_of(&self.db, job).and_then(|key| plan_again::repeats(&self.db, key));
        repeats.map_err(|fault| self.at(fault))
    }

    fn codes(&mut self, job: Uuid) -> Result<Vec<Code>> {
        codes(&self.db, job).map_err(|fault| self.at(fault))
    }
}

/// Keeps what was settled; nothing, where that is not all of what was asked for.
fn all_or_nothing(
    db: &Connection,
    settle: impl FnOnce() -> Result<Settled, StoreFault>,
) -> Result<Settled, StoreFault> {
    db.execute_batch("SAVEPOINT settle")?;
    let settled = settle()?;
    let end = match settled.batches {
        0 => "ROLLBACK TO settle; RELEASE settle",
        _ => "RELEASE settle",
    };
    db.execute_batch(end)?;
    Ok(settled)
}

/// Keeps a decision on an entry that has none, where it has no ending or an unknown one.
fn decide_entry(
    db: &Connection,
    entry: Uuid,
    resolution: &Resolution,
) -> Result<Settled, StoreFault> {
    let Resolution { resolved, note, by, resolved_ms } = resolution;
    let changes =
        [("resolved", "?2"), ("resolved_note", "?3"), ("resolved_by", "?4"), ("resolved_ms", "?5")];
    let undecided = "id = ?1 AND resolved IS NULL AND (verdict IS NULL OR verdict = 'unknown')";
    let rows = db.execute(
        &ENTRY.update(&changes, undecided),
        params![entry.to_string(), resolved.stored(), note, by, resolved_ms],
    )?;
    Ok(Settled { batches: rows as u64, targets: 0 })
}

/// Keeps a decision on unknown batches of a job, from the first key to the last.
fn decide_batches(
    db: &Connection,
    job: i64,
    [first, last]: [i64; 2],
    resolution: &Resolution,
) -> Result<Settled, StoreFault> {
    let (batches, targets): (i64, i64) = db.query_row(
        &format!(
            "SELECT count(*), coalesce(sum(
                CASE coalesce(rest, verdict) WHEN 5 THEN targets
                    - (SELECT count(*) FROM part WHERE batch = done.key AND name IS NULL) ELSE 0 END
                + (SELECT count(*) FROM part WHERE batch = done.key AND name IS NULL AND verdict = 5)), 0)
             FROM done WHERE {UNDECIDED}"
        ),
        [first, last],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if batches == 0 {
        return Ok(Settled::default());
    }
    let decision = settle::add_decision(db, job, resolution)?;
    db.execute(&DONE.update(&[("decision", "?3")], UNDECIDED), params![first, last, decision])?;
    let mut tally = CountChanges::default();
    tally.add(state::UNKNOWN, -batches, -targets);
    tally.add(state::of(resolution.resolved.verdict()), batches, targets);
    tally.write(db, job)?;
    Ok(Settled { batches: natural(batches), targets: natural(targets) })
}

/// Gives a batch that has ended without an id the one of its message; `name` is the number of a word. One whose owner
/// died has an answer from then on, at this time.
fn add_batch_id(
    db: &Connection,
    row: i64,
    (name, value): (i64, &str),
    now_ms: i64,
) -> Result<(), StoreFault> {
    let changes = [
        ("id_name", "?2"),
        ("vendor_id", "?3"),
        ("finished_ms", "coalesce(finished_ms, ?4)"),
        ("elapsed_ms", "coalesce(elapsed_ms, 0)"),
    ];
    db.execute(
        &DONE.update(&changes, "key = ?1 AND vendor_id IS NULL"),
        params![row, name, value, now_ms],
    )?;
    Ok(())
}

/// What the vendor said to how many targets, the commonest first.
fn codes(db: &Connection, job: Uuid) -> Result<Vec<Code>, StoreFault> {
    let key = key_of(db, job)?;
    let mut find = db.prepare(
        "SELECT state, resolved, code, message, sum(targets) FROM (
            SELECT coalesce(rest, verdict) AS state, decision, code, message,
                targets - (SELECT count(*) FROM part WHERE batch = done.key AND name IS NULL) AS targets
            FROM done WHERE key BETWEEN ?1 AND ?2 AND verdict NOT IN (6, 10)
            UNION ALL
            SELECT part.verdict, decision, coalesce(part.code, done.code), coalesce(part.message, done.message), 1
            FROM part JOIN done ON done.key = part.batch
            WHERE batch BETWEEN ?1 AND ?2 AND name IS NULL AND done.verdict <> 10)
            LEFT JOIN decision ON decision.key = decision
         WHERE targets > 0 GROUP BY state, resolved, code, message",
    )?;
    let mut rows = find.query(row_keys(key))?;
    // A word may stand in more than one place.
    let mut sums: BTreeMap<(i64, Option<String>, Option<String>), u64> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let resolved = row.get::<_, Option<String>>(1)?;
        let state = match (row.get(0)?, resolved.as_deref().and_then(ResolvedAs::from_stored)) {
            (state::UNKNOWN, Some(resolved)) => state::of(resolved.verdict()),
            (state, _) => state::plain(state),
        };
        let said = (state, word(db, key, row.get(2)?)?, word(db, key, row.get(3)?)?);
        *sums.entry(said).or_default() += natural(row.get(4)?);
    }
    let mut codes = sums
        .into_iter()
        .map(|((state, code, message), targets)| {
            let state = TargetState::Decided(state::verdict(state)?);
            let message = message.map(|message| in_words(&message).to_owned());
            Ok(Code { state, code, message, targets })
        })
        .collect::<Result<Vec<_>, StoreFault>>()?;
    codes.sort_by_key(|code| std::cmp::Reverse(code.targets));
    Ok(codes)
}

/// What people found out about what was unknown, in the order in which they did.
pub(super) fn resolutions(db: &Connection, job: i64) -> Result<Vec<Resolution>, StoreFault> {
    let sql = format!(
        "SELECT resolved, note, by, resolved_ms FROM decision WHERE job = ?1 AND {} ORDER BY key",
        DECISION.intact()
    );
    let mut find = db.prepare_cached(&sql)?;
    let mut rows = find.query([job])?;
    let mut resolutions = Vec::new();
    while let Some(row) = rows.next()? {
        resolutions.push(Resolution {
            resolved: resolved(&row.get::<_, String>(0)?)?,
            note: row.get(1)?,
            by: row.get(2)?,
            resolved_ms: row.get(3)?,
        });
    }
    Ok(resolutions)
}
