//! How batches move between planned, begun and ended, and the counts with them.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use rusqlite::types::Null;
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, params};
use uuid::Uuid;

use super::entries::whole;
use super::fault::StoreFault;
use super::pack::{batch_key, row_key, state, unpack};
use super::parts::{PartSum, TargetRow};
use super::plan::append;
use super::seal::{Sealing, seal_dedupe_ids};
use super::sums::{BATCH, DONE, OPEN};
use super::tally::CountChanges;
use super::transact::Tx;
use crate::ledger::batch::rest;
use crate::ledger::{BatchChange, BatchKey, Bodies, Ending, PlannedBatch};
use crate::outcome::{TargetResult, Verdict};

/// Keys without a gap, from the first to the last.
type KeyRun = [i64; 2];

/// Cuts what is sorted by its keys into runs: keys without a gap, and neighbours that fit each other.
fn runs<T>(
    sorted: &[T],
    key: fn(&T) -> i64,
    fits: impl Fn(&T, &T) -> bool,
) -> impl Iterator<Item = (KeyRun, &[T])> {
    sorted.chunk_by(move |one, next| key(next) == key(one) + 1 && fits(one, next)).filter_map(
        move |run| {
            let (first, last) = (run.first()?, run.last()?);
            Some(([key(first), key(last)], run))
        },
    )
}

/// A begun batch that has been taken out of those that are open.
struct Taken {
    key: i64,
    template: i64,
    targets: i64,
    attempts: u32,
    started_ms: Option<i64>,
    first_ms: Option<i64>,
    dedupe_id: Option<String>,
}

/// What every commit needs, looked up once. Batches whose numbers follow each other change together, and a look and a
/// change are quicker than a change that answers: for each of those SQLite makes a table of its own.
struct Statements<'a> {
    planned: CachedStatement<'a>,
    begin: CachedStatement<'a>,
    begun: CachedStatement<'a>,
    take: CachedStatement<'a>,
    done: CachedStatement<'a>,
}

impl<'a> Statements<'a> {
    fn of(db: &'a Connection) -> rusqlite::Result<Self> {
        let begin = [
            ("started_ms", "?3"),
            ("first_ms", "coalesce(first_ms, ?3)"),
            ("attempts", "attempts + 1"),
            ("dedupe_id", "?4"),
        ];
        let begun = OPEN.intact_and("(started_ms IS NOT NULL OR doubtful)");
        Ok(Self {
            // Changed right after, with a look at its sum.
            planned: db.prepare_cached(
                "SELECT key, targets, doubtful, dedupe_id FROM open
                 WHERE key BETWEEN ?1 AND ?2 AND started_ms IS NULL",
            )?,
            begin: db.prepare_cached(&OPEN.update(&begin, "key BETWEEN ?1 AND ?2"))?,
            begun: db.prepare_cached(&format!(
                "SELECT key, template, targets, attempts, coalesce(started_ms, first_ms), first_ms, dedupe_id
                 FROM open WHERE key BETWEEN ?1 AND ?2 AND {begun}",
            ))?,
            take: db.prepare_cached("DELETE FROM open WHERE key BETWEEN ?1 AND ?2")?,
            done: db.prepare_cached(&DONE.insert())?,
        })
    }
}

/// The changes of one commit.
pub(super) struct JobCommit<'t, 'a> {
    pub(super) tx: &'t mut Tx<'a>,
    job: i64,
    sealing: Sealing<'a>,
    pub(super) tally: CountChanges,
    statements: Statements<'a>,
}

impl<'t, 'a> JobCommit<'t, 'a> {
    pub(super) fn of(tx: &'t mut Tx<'a>, id: Uuid, job: i64) -> Result<Self, StoreFault> {
        let (sealing, statements) = (tx.sealing(id), Statements::of(tx.db)?);
        Ok(Self { tx, job, sealing, tally: CountChanges::default(), statements })
    }

    /// Begins batches; answers when the last of them began.
    pub(super) fn begin(&mut self, changes: &[BatchChange]) -> Result<Option<i64>, StoreFault> {
        let begin = |change: &BatchChange| match change {
            BatchChange::Begin { batch, started_ms, dedupe_id } => {
                Some((row_key(self.job, batch.0), *started_ms, dedupe_id.clone()))
            }
            BatchChange::End { .. }
            | BatchChange::RetryAfter { .. }
            | BatchChange::Split { .. } => None,
        };
        let mut begun: Vec<_> = changes.iter().filter_map(begin).collect();
        begun.sort_by_key(|(key, ..)| *key);
        let alike = |one: &(i64, i64, Option<String>), next: &(i64, i64, Option<String>)| {
            one.1 == next.1 && one.2.is_none() && next.2.is_none()
        };
        for (run, of_run) in runs(&begun, |(key, ..)| *key, alike) {
            let (_, started_ms, dedupe_id) = &of_run[0];
            self.begin_run(run, *started_ms, dedupe_id.as_deref())?;
        }
        seal_dedupe_ids(self.tx.db, self.job, self.sealing, changes)?;
        Ok(begun.iter().map(|(_, started_ms, _)| *started_ms).max())
    }

    fn begin_run(
        &mut self,
        run: KeyRun,
        started_ms: i64,
        dedupe_id: Option<&str>,
    ) -> Result<(), StoreFault> {
        let mut due = run[0]..=run[1];
        let mut rows = self.statements.planned.query(run)?;
        while let Some(row) = rows.next()? {
            let key: i64 = row.get(0)?;
            in_turn(&mut due, key, "planned")?;
            // What leaves has to be what the ledger has: under another key a repeat would be a second message.
            let known = row.get_ref(3)?.as_str_or_null().map_err(rusqlite::Error::from)?;
            if known.is_some() && known != dedupe_id {
                return Err(StoreFault::OtherKey(batch_key(key).0));
            }
            if !row.get::<_, bool>(2)? {
                let targets: i64 = row.get(1)?;
                self.tally.add(state::PLANNED, -1, -targets);
                self.tally.add(state::SENDING, 1, targets);
            }
        }
        drop(rows);
        all_there(due, "planned")?;
        self.statements.begin.execute(params![run[0], run[1], started_ms, dedupe_id])?;
        Ok(())
    }

    /// Makes changes other than beginnings.
    pub(super) fn change(&mut self, changes: &[BatchChange]) -> Result<(), StoreFault> {
        let mut ended: Vec<(i64, &Ending)> = Vec::new();
        for change in changes {
            match change {
                // The caller gives them to the other function.
                BatchChange::Begin { .. } => {}
                BatchChange::End { batch, ending } => {
                    ended.push((row_key(self.job, batch.0), ending))
                }
                BatchChange::RetryAfter { batch, attempts, doubtful } => {
                    self.again(*batch, *attempts, *doubtful)?;
                }
                BatchChange::Split { batch, parts } => self.split(*batch, parts)?,
            }
        }
        ended.sort_by_key(|(key, _)| *key);
        for (run, of_run) in runs(&ended, |(key, _)| *key, |_, _| true) {
            let taken = self.take(run)?;
            for (taken, (_, ending)) in taken.into_iter().zip(of_run) {
                self.end(taken, ending)?;
            }
        }
        Ok(())
    }

    /// Takes batches out of those that are open: such as are begun, or may have arrived.
    fn take(&mut self, run: KeyRun) -> Result<Vec<Taken>, StoreFault> {
        let mut due = run[0]..=run[1];
        let mut taken = Vec::new();
        let mut rows = self.statements.begun.query(run)?;
        while let Some(row) = rows.next()? {
            let one = Taken {
                key: row.get(0)?,
                template: row.get(1)?,
                targets: row.get(2)?,
                attempts: row.get(3)?,
                started_ms: row.get(4)?,
                first_ms: row.get(5)?,
                dedupe_id: row.get(6)?,
            };
            in_turn(&mut due, one.key, "begun")?;
            self.tally.add(state::SENDING, -1, -one.targets);
            taken.push(one);
        }
        drop(rows);
        all_there(due, "begun")?;
        self.statements.take.execute(run)?;
        Ok(taken)
    }

    fn end(&mut self, taken: Taken, ending: &Ending) -> Result<(), StoreFault> {
        let key = taken.key;
        let ids = if ending.targets.is_empty() { Vec::new() } else { self.ids(key)? };
        let rest = state::of(rest(ending, &ids));
        let verdict = verdict_of(ending, rest);
        let mut ids_of_all = ending.ids.iter();
        let first = ids_of_all.next();
        let name = first.map(|(name, _)| name.as_str());
        let id_name = self.tx.words.maybe(self.tx.db, self.job, name)?;
        let code = self.tx.words.maybe(self.tx.db, self.job, ending.code.as_deref())?;
        let message = self.tx.words.maybe(self.tx.db, self.job, ending.message.as_deref())?;
        let first_ms = taken.first_ms.filter(|first_ms| Some(*first_ms) != taken.started_ms);
        let mut parts = PartSum::default();
        for (position, (name, value)) in (1_i64..).zip(ids_of_all) {
            let name = self.tx.words.number(self.tx.db, self.job, name)?;
            self.tx
                .db
                .prepare_cached("INSERT INTO other_id VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![key, position, name, value])?;
            parts.add_id(position, name, value);
        }
        let named = self.parts(key, &ids, &ending.targets, rest, &mut parts)?;
        self.statements.done.execute(params![
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
            Null,
            parts.end(),
        ])?;
        self.tally.add(verdict, 1, 0);
        self.tally.add(rest, 0, taken.targets - named);
        if self.tx.settings.bodies == Bodies::Digested {
            let with_vars = "key = ?1 AND vars IS NOT NULL";
            self.tx
                .db
                .prepare_cached(&BATCH.update(&[("vars", "NULL")], with_vars))?
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
        sum: &mut PartSum,
    ) -> Result<i64, StoreFault> {
        if targets.is_empty() {
            return Ok(0);
        }
        let places: HashMap<&str, usize> =
            ids.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
        let mut seen = std::collections::HashSet::new();
        let (mut named, mut strangers) = (0, ids.len());
        let mut parts = Vec::new();
        for target in targets {
            let TargetResult { target: name, verdict, id, code, message, devices: _ } = target;
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
            let code = self.tx.words.maybe(self.tx.db, self.job, code.as_deref())?;
            let message = self.tx.words.maybe(self.tx.db, self.job, message.as_deref())?;
            let name = place.is_none().then_some(name.as_str());
            let part = TargetRow {
                position: position as i64,
                name,
                verdict,
                vendor_id: id.as_deref(),
                code,
                message,
            };
            parts.push(part);
        }
        // In the order in which they are read.
        parts.sort_by_key(|part| part.position);
        for part in &parts {
            part.insert(self.tx.db, key)?;
            sum.add_part(part);
        }
        Ok(named)
    }

    fn ids(&self, key: i64) -> Result<Vec<String>, StoreFault> {
        let sql = format!("SELECT ids FROM batch WHERE key = ?1 AND {}", BATCH.intact());
        let packed: Vec<u8> =
            self.tx.db.prepare_cached(&sql)?.query_row([key], |row| row.get(0))?;
        unpack(&packed)
    }

    fn again(&mut self, batch: BatchKey, attempts: u32, doubtful: bool) -> Result<(), StoreFault> {
        // A first attempt that certainly did not arrive is none that a vendor could recognise.
        let changes = [
            ("started_ms", "NULL"),
            ("attempts", "?2"),
            ("doubtful", "(doubtful OR ?3)"),
            ("first_ms", "CASE WHEN doubtful OR ?3 THEN first_ms END"),
        ];
        let back = OPEN.update(&changes, "key = ?1 AND started_ms IS NOT NULL");
        let back: Option<(i64, bool)> = self
            .tx
            .db
            .prepare_cached(&(back + " RETURNING targets, doubtful"))?
            .query_row(params![row_key(self.job, batch.0), attempts, doubtful], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let (targets, doubtful) = back.ok_or(StoreFault::NotThere(batch.0, "begun"))?;
        // What may have arrived does not count as if nothing had been sent.
        if !doubtful {
            self.tally.add(state::SENDING, -1, -targets);
            self.tally.add(state::PLANNED, 1, targets);
        }
        Ok(())
    }

    fn split(&mut self, batch: BatchKey, parts: &[PlannedBatch]) -> Result<(), StoreFault> {
        let key = row_key(self.job, batch.0);
        let [taken] = <[Taken; 1]>::try_from(self.take([key, key])?)
            .map_err(|_| StoreFault::NotThere(batch.0, "begun"))?;
        // The request itself stays, without its targets: it counts against quotas.
        let values = [
            ("key", "?1"),
            ("template", "?2"),
            ("targets", "0"),
            ("verdict", "?3"),
            ("attempts", "?4"),
            ("started_ms", "?5"),
        ];
        let Taken { template, attempts, started_ms, .. } = taken;
        self.tx.db.prepare_cached(&DONE.insert_from(&values, ""))?.execute(params![
            key,
            template,
            state::SPLIT,
            attempts,
            started_ms
        ])?;
        self.tx
            .db
            .prepare_cached(&BATCH.update(&[("ids", "x''"), ("vars", "NULL")], "key = ?1"))?
            .execute([key])?;
        append(self.tx.db, self.job, parts, self.sealing, &mut self.tally)
    }
}

/// The next key of a run that is due has to be this one.
fn in_turn(due: &mut RangeInclusive<i64>, key: i64, state: &'static str) -> Result<(), StoreFault> {
    match due.next() {
        Some(next) if next == key => Ok(()),
        next => Err(StoreFault::NotThere(batch_key(next.unwrap_or(key)).0, state)),
    }
}

fn all_there(mut due: RangeInclusive<i64>, state: &'static str) -> Result<(), StoreFault> {
    due.next().map_or(Ok(()), |key| Err(StoreFault::NotThere(batch_key(key).0, state)))
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
