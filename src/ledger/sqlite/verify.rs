//! All rows of a job at once: each as it was written, none gone, none twice.
//!
//! A row that is read has its sum looked at. That does not notice rows that are gone: so, before something is sent or
//! decided on, the tables of a job are held against each other.

use std::collections::BTreeMap;

use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator as _;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;

use super::batches::{nowhere, twice};
use super::entries::resolved;
use super::fault::StoreFault;
use super::jobs::{intact, key_of};
use super::pack::{row_keys, state};
use super::parts::{PartSum, TargetRow};
use super::sums::{BATCH, DECISION, DONE, OPEN, TALLY, TEMPLATE, WORD};
use crate::ledger::ResolvedAs;

/// Batches and targets by state.
type StateCounts = BTreeMap<i64, (i64, i64)>;

/// Makes sure that a job is as it was written: its batches have no gap, each of them is open or has ended, what belongs to
/// it is there, and the counts are theirs.
pub(super) fn verify(db: &Connection, job: Uuid) -> Result<(), StoreFault> {
    // In one transaction: others may be writing to the job.
    let look = db.unchecked_transaction()?;
    rows_of(&look, key_of(&look, job)?)
}

/// The same for the job with a key, within a transaction.
fn rows_of(db: &Connection, job: i64) -> Result<(), StoreFault> {
    let head = format!(
        "SELECT 1 FROM job JOIN progress ON progress.job = job.key WHERE job.key = ?1 AND {}",
        intact()
    );
    db.prepare_cached(&head)?
        .query_row([job], |_| Ok(()))
        .optional()?
        .ok_or_else(|| gone("where a job stands"))?;
    let [first, last] = row_keys(job);
    let numbered = |table: &str, column: &str, intact: String, first: i64, last: i64| {
        let sql = format!(
            "SELECT count(*), max({column}) FROM {table}
             WHERE {} BETWEEN ?1 AND ?2 AND {intact}",
            if table == "template" { "job" } else { column }
        );
        db.prepare_cached(&sql)?.query_row([first, last], |row| Ok((row.get(0)?, row.get(1)?)))
    };
    let templates: (i64, Option<i64>) =
        numbered("template", "number", TEMPLATE.intact(), job, job)?;
    if templates.1.map_or(0, |last| last + 1) != templates.0 {
        return Err(gone("a template of a job"));
    }
    let words: (i64, Option<i64>) = numbered("word", "key", WORD.intact(), first, last)?;
    if words.1.map_or(0, |last| last - first) != words.0 {
        return Err(gone("a word of a job"));
    }
    let counts = JobRows { db, first, last, templates: templates.0 }.count()?;
    let mut told = tally(db, job)?;
    told.retain(|_, counts| *counts != (0, 0));
    if told == counts {
        Ok(())
    } else {
        Err(StoreFault::Damaged("the counts of a job are not those of its batches".to_owned()))
    }
}

/// Whether a job reached a target, or may have. What its counts say is looked up in its batches, too.
pub(super) fn has_reached(db: &Connection, job: i64) -> Result<bool, StoreFault> {
    rows_of(db, job)?;
    let sql = "SELECT EXISTS (SELECT 1 FROM tally WHERE job = ?1 AND state IN (?2, ?3, ?4, ?5) AND batches > 0)";
    let [sending, accepted, partial, unknown] =
        [state::SENDING, state::ACCEPTED, state::PARTIAL, state::UNKNOWN];
    let reached = params![job, sending, accepted, partial, unknown];
    Ok(db.prepare_cached(sql)?.query_row(reached, |row| row.get(0))?)
}

fn gone(what: &str) -> StoreFault {
    StoreFault::Damaged(format!("{what} is gone"))
}

fn tally(db: &Connection, job: i64) -> Result<StateCounts, StoreFault> {
    let sql =
        format!("SELECT state, batches, targets FROM tally WHERE job = ?1 AND {}", TALLY.intact());
    let mut find = db.prepare_cached(&sql)?;
    let rows = find.query_map([job], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The batches of a job.
struct JobRows<'a> {
    db: &'a Connection,
    first: i64,
    last: i64,
    templates: i64,
}

/// A batch as its row and those of `open`, `done` and `decision` say.
struct BatchRows {
    key: i64,
    template: i64,
    open: Option<(i64, i64, bool)>,
    done: Option<EndedBatch>,
}

struct EndedBatch {
    template: i64,
    targets: i64,
    verdict: i64,
    rest: i64,
    parts: Option<i64>,
    decided: Option<ResolvedAs>,
}

impl JobRows<'_> {
    /// Holds the tables against each other, and counts what is in them.
    fn count(&self) -> Result<StateCounts, StoreFault> {
        let mut counts = StateCounts::new();
        let (mut open, mut done, mut unknown) = (0, 0, 0);
        let range = [self.first, self.last];
        let mut find = self.db.prepare_cached(&Self::sql())?;
        let mut rows = find.query(range)?;
        let ids = "SELECT batch, position, name, value FROM other_id
             WHERE batch BETWEEN ?1 AND ?2 ORDER BY batch, position";
        let parts = format!(
            "SELECT batch, {} FROM part WHERE batch BETWEEN ?1 AND ?2 ORDER BY batch, position",
            TargetRow::COLUMNS
        );
        let (mut ids, mut parts) = (self.db.prepare_cached(ids)?, self.db.prepare_cached(&parts)?);
        let mut beside = Beside { ids: ids.query(range)?, parts: parts.query(range)? };
        beside.ids.advance()?;
        beside.parts.advance()?;
        let mut due = self.first;
        while let Some(row) = rows.next()? {
            let batch = BatchRows::of(row)?;
            due += 1;
            if batch.key != due {
                return Err(gone("a batch of a job"));
            }
            if batch.template >= self.templates {
                return Err(gone("the template of a batch"));
            }
            let mut add = |state: i64, batches: i64, targets: i64| {
                let count = counts.entry(state).or_default();
                count.0 += batches;
                count.1 += targets;
            };
            match (&batch.open, &batch.done) {
                (Some(_), Some(_)) => return Err(twice(batch.key)),
                (None, None) => return Err(nowhere(batch.key)),
                (Some((template, targets, may_have_left)), None) => {
                    same_template(&batch, *template)?;
                    open += 1;
                    add(if *may_have_left { state::SENDING } else { state::PLANNED }, 1, *targets);
                }
                (None, Some(ended)) => {
                    same_template(&batch, ended.template)?;
                    done += 1;
                    unknown += i64::from(ended.verdict == state::UNKNOWN);
                    let told = beside.take(batch.key, ended)?;
                    if !state::is_elsewhere(ended.verdict) {
                        add(ended.state(ended.verdict), 1, 0);
                        add(ended.state(ended.rest), 0, ended.targets - told.values().sum::<i64>());
                        told.into_iter().for_each(|(verdict, targets)| {
                            add(ended.state(verdict), 0, targets);
                        });
                    }
                }
            }
        }
        beside.is_at_end()?;
        self.are_all(open, done, unknown)?;
        counts.retain(|_, counts| *counts != (0, 0));
        Ok(counts)
    }

    /// Makes sure that there are this many open batches, ended ones and unknown ones, and no more.
    fn are_all(&self, open: i64, done: i64, unknown: i64) -> Result<(), StoreFault> {
        let there = |from: &str| -> rusqlite::Result<i64> {
            let sql = format!("SELECT count(*) FROM {from} key BETWEEN ?1 AND ?2");
            self.db.prepare_cached(&sql)?.query_row([self.first, self.last], |row| row.get(0))
        };
        if (there("open WHERE")?, there("done WHERE")?) != (open, done) {
            return Err(gone("a batch of a job"));
        }
        if there("done INDEXED BY done_unknown WHERE verdict = 5 AND")? != unknown {
            return Err(StoreFault::Damaged(
                "the list of unknown batches is not theirs".to_owned(),
            ));
        }
        Ok(())
    }

    fn sql() -> String {
        format!(
            "SELECT batch.key, batch.template, open.template, open.targets,
                open.started_ms IS NOT NULL OR open.doubtful, done.template, done.targets, done.verdict,
                coalesce(done.rest, done.verdict), done.parts, done.decision, decision.resolved
             FROM batch NOT INDEXED LEFT JOIN open ON open.key = batch.key LEFT JOIN done ON done.key = batch.key
                LEFT JOIN decision ON decision.key = done.decision
             WHERE batch.key BETWEEN ?1 AND ?2 AND {} AND {} AND {} AND {} ORDER BY batch.key",
            BATCH.intact(),
            OPEN.absent_or_intact(),
            DONE.absent_or_intact(),
            DECISION.absent_or_intact()
        )
    }
}

fn same_template(batch: &BatchRows, template: i64) -> Result<(), StoreFault> {
    if batch.template == template {
        return Ok(());
    }
    Err(StoreFault::Damaged("a batch of a job has two templates".to_owned()))
}

impl BatchRows {
    fn of(row: &Row<'_>) -> Result<Self, StoreFault> {
        let open = match row.get(2)? {
            Some(template) => Some((template, row.get(3)?, row.get(4)?)),
            None => None,
        };
        let done = match row.get(5)? {
            Some(template) => Some(EndedBatch {
                template,
                targets: row.get(6)?,
                verdict: row.get(7)?,
                rest: row.get(8)?,
                parts: row.get(9)?,
                decided: decision(row)?,
            }),
            None => None,
        };
        Ok(Self { key: row.get(0)?, template: row.get(1)?, open, done })
    }
}

fn decision(row: &Row<'_>) -> Result<Option<ResolvedAs>, StoreFault> {
    let (key, word): (Option<i64>, Option<String>) = (row.get(10)?, row.get(11)?);
    if key.is_some() && word.is_none() {
        return Err(gone("what a person found out about a job"));
    }
    word.map(|word| resolved(&word)).transpose()
}

impl EndedBatch {
    /// A state, by what a person found out about what was unknown.
    fn state(&self, verdict: i64) -> i64 {
        match (verdict, self.decided) {
            (state::UNKNOWN, Some(resolved)) => state::of(resolved.verdict()),
            _ => verdict,
        }
    }
}

/// Rows of other tables, in the order of the batches that they belong to.
struct Beside<'a> {
    ids: rusqlite::Rows<'a>,
    parts: rusqlite::Rows<'a>,
}

impl Beside<'_> {
    /// Takes what belongs to a batch, and answers how many of its own targets are in a state.
    fn take(&mut self, batch: i64, ended: &EndedBatch) -> Result<BTreeMap<i64, i64>, StoreFault> {
        let (mut sum, mut own) = (PartSum::default(), BTreeMap::new());
        while let Some(row) = of_batch(&self.ids, batch)? {
            let value = row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?;
            sum.add_id(row.get(1)?, row.get(2)?, value);
            self.ids.advance()?;
        }
        while let Some(row) = of_batch(&self.parts, batch)? {
            let part = TargetRow::of(row, 1)?;
            sum.add_part(&part);
            if part.name.is_none() {
                *own.entry(state::plain(part.verdict)).or_default() += 1;
            }
            self.parts.advance()?;
        }
        if sum.end() == ended.parts {
            return Ok(own);
        }
        Err(StoreFault::Damaged(
            "what belongs to a batch of a job is not what was written".to_owned(),
        ))
    }

    /// Makes sure that there is nothing that belongs to no batch.
    fn is_at_end(&self) -> Result<(), StoreFault> {
        if self.ids.get().is_none() && self.parts.get().is_none() {
            return Ok(());
        }
        Err(gone("what a part of an answer belongs to"))
    }
}

/// The row where it stands, where it belongs to a batch.
fn of_batch<'r>(rows: &'r rusqlite::Rows<'_>, batch: i64) -> rusqlite::Result<Option<&'r Row<'r>>> {
    let Some(row) = rows.get() else { return Ok(None) };
    Ok((row.get::<_, i64>(0)? == batch).then_some(row))
}
