//! Targets that a person resolved as not accepted, planned again: they move into batches of their own, so that each target
//! of a job stands in one place, and in one count.

use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::entries::{resolved, whole};
use super::fault::StoreFault;
use super::jobs::{key_of, owner};
use super::pack::{batch_key, pack, row_keys, state, unpack};
use super::parts::{TargetRow, sum_of};
use super::plan::append;
use super::seal::{Sealing, check_batch};
use super::sums::{BATCH, DECISION, DONE, JOB_END, JOB_HALT, PROGRESS};
use super::tally::CountChanges;
use super::transact::Tx;
use crate::ledger::{Batch, JobEnd, PlannedBatch, ResolvedAs, Settled};
use crate::outcome::Verdict;
use crate::seal::SealCheck;

/// Why a job has something left that had ended before.
const LEFT: &str = "what was resolved as not accepted is left to send";

/// A batch that was unknown, with what people found out about it.
struct DecidedBatch {
    row: i64,
    batch: Batch,
    seal: SealCheck,
    attempts: u32,
    started_ms: Option<i64>,
    resolved: Option<ResolvedAs>,
    /// The state of each target as the table has it.
    states: Vec<i64>,
}

/// Plans again what a person resolved as not accepted. Batches of these templates are not cut: of them, those of which all
/// was. Nothing changes while a process works on the job.
pub(super) fn plan_not_accepted(
    tx: &Tx<'_>,
    job: Uuid,
    uncut: &[u32],
) -> Result<Settled, StoreFault> {
    let (db, key) = (tx.db, key_of(tx.db, job)?);
    if owner(db, key)?.is_some_and(|owner| owner != tx.me() && !tx.is_gone(&owner)) {
        return Ok(Settled::default());
    }
    let (mut settled, mut tally) = (Settled::default(), CountChanges::default());
    for one in decided(tx, job, key)? {
        let (not, kept) = one.places();
        let is_all_of_it = kept.is_empty();
        // A batch that names no targets is decided on as a whole.
        let is_wanted = !not.is_empty() || is_all_of_it && one.is_not_accepted();
        if !is_wanted || !is_all_of_it && uncut.contains(&one.batch.template) {
            continue;
        }
        let ids = one.named(&not);
        let Batch { template, vars, .. } = &one.batch;
        let again = PlannedBatch { template: *template, ids, vars: vars.clone() };
        // What had no seal, or a broken one, gets none: a person has to look at it first.
        let is_sealed = matches!(one.seal, SealCheck::Intact | SealCheck::NoKey);
        let sealing = if is_sealed { tx.sealing(job) } else { Sealing { key: None, job } };
        if is_all_of_it {
            one.leave(db, &mut tally)?;
        } else {
            one.cut(db, &kept, sealing, &mut tally)?;
        }
        settled.batches += 1;
        settled.targets += again.ids.len() as u64;
        append(db, key, &[again], sealing, &mut tally)?;
    }
    tally.write(db, key)?;
    if settled.batches > 0 {
        // It may have finished. Whoever looks at it before it goes on sees why something is left.
        db.execute("DELETE FROM job_end WHERE job = ?1", [key])?;
        db.execute("DELETE FROM job_halt WHERE job = ?1", [key])?;
        db.execute(&JOB_END.insert(), params![key, JobEnd::Interrupted.word()])?;
        db.execute(&JOB_HALT.insert(), params![key, LEFT])?;
        db.execute(&PROGRESS.update(&[("stop_ms", "NULL")], "job = ?1"), [key])?;
    }
    Ok(settled)
}

/// The batches of a job about which people have found something out.
fn decided(tx: &Tx<'_>, job: Uuid, key: i64) -> Result<Vec<DecidedBatch>, StoreFault> {
    let db = tx.db;
    let sql = format!(
        "SELECT batch.key, batch.template, batch.ids, batch.vars, done.dedupe_id, done.attempts, done.started_ms,
            coalesce(done.rest, done.verdict) AS rest, decision.resolved, batch.seal, dedupe_seal.seal AS dedupe_seal
         FROM done JOIN batch ON batch.key = done.key LEFT JOIN decision ON decision.key = done.decision
            LEFT JOIN dedupe_seal ON dedupe_seal.batch = batch.key
         WHERE done.key BETWEEN ?1 AND ?2 AND done.verdict = {unknown}
            AND CASE WHEN {} AND {} AND {} THEN decision.resolved IS NOT NULL OR EXISTS
                (SELECT 1 FROM part WHERE batch = done.key AND name IS NULL AND verdict = {not}) END
         ORDER BY batch.key",
        BATCH.intact(),
        DONE.intact(),
        DECISION.absent_or_intact(),
        unknown = state::UNKNOWN,
        not = state::settled(ResolvedAs::NotAccepted),
    );
    let mut find = db.prepare_cached(&sql)?;
    let mut rows = find.query(row_keys(key))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(DecidedBatch::of(tx, job, row)?);
    }
    Ok(all)
}

impl DecidedBatch {
    fn of(tx: &Tx<'_>, job: Uuid, row: &Row<'_>) -> Result<Self, StoreFault> {
        let key: i64 = row.get("key")?;
        let batch = Batch {
            key: batch_key(key),
            template: row.get("template")?,
            ids: unpack(row.get_ref("ids")?.as_blob().map_err(rusqlite::Error::from)?)?,
            vars: row.get("vars")?,
            dedupe_id: row.get("dedupe_id")?,
            attempts: 0,
            first_started_ms: None,
            doubtful: false,
        };
        let rest: i64 = row.get("rest")?;
        let mut states = vec![rest; batch.ids.len()];
        for part in parts(tx.db, key)?.iter().filter(|part| part.name.is_none()) {
            let place = usize::try_from(part.position).ok();
            if let Some(state) = place.and_then(|place| states.get_mut(place)) {
                *state = part.verdict;
            }
        }
        let word: Option<String> = row.get("resolved")?;
        Ok(Self {
            row: key,
            seal: check_batch(tx.seal_key(), job, &batch, row)?,
            attempts: row.get("attempts")?,
            started_ms: row.get("started_ms")?,
            resolved: word.as_deref().map(resolved).transpose()?,
            batch,
            states,
        })
    }

    fn is_not_accepted(&self) -> bool {
        self.resolved == Some(ResolvedAs::NotAccepted)
    }

    /// The places of the targets that were not accepted by what a person says, and those of all others.
    fn places(&self) -> (Vec<usize>, Vec<usize>) {
        let is_not = |place: &usize| {
            let state = self.states[*place];
            state == state::settled(ResolvedAs::NotAccepted)
                || state == state::UNKNOWN && self.is_not_accepted()
        };
        (0..self.states.len()).partition(is_not)
    }

    fn named(&self, places: &[usize]) -> Vec<String> {
        places.iter().map(|place| self.batch.ids[*place].clone()).collect()
    }

    /// All of its targets are in another batch from now on. The request itself stays: it counts against quotas.
    fn leave(&self, db: &Connection, tally: &mut CountChanges) -> Result<(), StoreFault> {
        let Self { row, batch, attempts, started_ms, .. } = self;
        tally.add(state::UNAVAILABLE, -1, -(whole(batch.ids.len() as u64)));
        for table in ["part", "other_id", "dedupe_seal"] {
            db.execute(&format!("DELETE FROM {table} WHERE batch = ?1"), [row])?;
        }
        db.execute("DELETE FROM done WHERE key = ?1", [row])?;
        let values = [
            ("key", "?1"),
            ("template", "?2"),
            ("targets", "0"),
            ("verdict", "?3"),
            ("attempts", "?4"),
            ("started_ms", "?5"),
        ];
        db.execute(
            &DONE.insert_from(&values, ""),
            params![row, batch.template, state::SPLIT, attempts, started_ms],
        )?;
        let without = [("ids", "x''"), ("vars", "NULL")];
        db.execute(&BATCH.update(&without, "key = ?1"), [row])?;
        Ok(())
    }

    /// Keeps the targets at these places, and no others.
    fn cut(
        &self,
        db: &Connection,
        kept: &[usize],
        sealing: Sealing<'_>,
        tally: &mut CountChanges,
    ) -> Result<(), StoreFault> {
        let Self { row, batch, .. } = self;
        let (ids, gone) = (self.named(kept), batch.ids.len() - kept.len());
        tally.add(state::UNAVAILABLE, 0, -whole(gone as u64));
        let rows = parts(db, *row)?;
        db.execute("DELETE FROM part WHERE batch = ?1", [row])?;
        for part in &rows {
            let place = usize::try_from(part.position).unwrap_or(usize::MAX);
            let now = match &part.name {
                Some(_) => Some(place - gone),
                None => kept.iter().position(|one| *one == place),
            };
            let Some(now) = now else { continue };
            let position = whole(now as u64);
            let name = part.name.as_deref();
            TargetRow { position, name, ..part.row() }.insert(db, *row)?;
        }
        let number = batch.key.number();
        let seal = sealing.of_batch(number, batch.template, &ids, batch.vars.as_deref());
        let changes = [("ids", "?2"), ("seal", "?3")];
        db.execute(&BATCH.update(&changes, "key = ?1"), params![row, pack(&ids), seal])?;
        let changes = [("targets", "?2"), ("parts", "?3")];
        let left = whole(ids.len() as u64);
        db.execute(&DONE.update(&changes, "key = ?1"), params![row, left, sum_of(db, *row)?])?;
        if self.is_not_accepted() {
            // What the decision was about is no longer in it: the vendor's answer alone says what became of the rest.
            let states = kept.iter().map(|place| state::plain(self.states[*place]));
            let is_taken = states.clone().any(|one| one == state::of(Verdict::Accepted));
            let first = states.clone().next().unwrap_or(state::UNAVAILABLE);
            let verdict = if is_taken { state::of(Verdict::Accepted) } else { first };
            let changes = [("verdict", "?2"), ("rest", "NULL"), ("decision", "NULL")];
            db.execute(&DONE.update(&changes, "key = ?1"), params![row, verdict])?;
            tally.add(state::UNAVAILABLE, -1, 0);
            tally.add(verdict, 1, 0);
        }
        Ok(())
    }
}

/// A row of a target that owns its texts.
struct OwnPart {
    position: i64,
    name: Option<String>,
    verdict: i64,
    vendor_id: Option<String>,
    code: Option<i64>,
    message: Option<i64>,
}

impl OwnPart {
    fn row(&self) -> TargetRow<'_> {
        let Self { position, name, verdict, vendor_id, code, message } = self;
        TargetRow {
            position: *position,
            name: name.as_deref(),
            verdict: *verdict,
            vendor_id: vendor_id.as_deref(),
            code: *code,
            message: *message,
        }
    }
}

fn parts(db: &Connection, batch: i64) -> Result<Vec<OwnPart>, StoreFault> {
    let sql = format!("SELECT {} FROM part WHERE batch = ?1 ORDER BY position", TargetRow::COLUMNS);
    let mut find = db.prepare_cached(&sql)?;
    let part = |row: &Row<'_>| {
        let TargetRow { position, name, verdict, vendor_id, code, message } =
            TargetRow::of(row, 0)?;
        let (name, vendor_id) = (name.map(str::to_owned), vendor_id.map(str::to_owned));
        Ok(OwnPart { position, name, verdict, vendor_id, code, message })
    };
    Ok(find.query_map([batch], part)?.collect::<rusqlite::Result<_>>()?)
}
