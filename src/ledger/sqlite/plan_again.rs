//! Targets that a person resolved as not accepted, planned again: they move into batches of their own, so that each target
//! of a job stands in one place, and in one count.
//!
//! Those batches are known as such until they have begun. Where the run ends before that, however it ends, they are resolved
//! as not accepted again: so the next run asks once more whether something was sent to them meanwhile.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;

use super::batches::{last, nowhere};
use super::entries::{natural, resolved, whole};
use super::fault::StoreFault;
use super::jobs::{key_of, owner};
use super::pack::{batch_key, pack, row_key, row_keys, state, unpack};
use super::parts::{TargetRow, sum_of};
use super::plan::append;
use super::seal::{Sealing, check_batch};
use super::sums::{AGAIN, BATCH, DECISION, DONE, OPEN};
use super::tally::CountChanges;
use super::transact::Tx;
use crate::ledger::{Batch, NotAccepted, PlannedBatch, Repeat, ResolvedAs, Settled};
use crate::outcome::Verdict;
use crate::seal::{SealCheck, SealKey};

/// A batch that was unknown, with what people found out about it.
struct DecidedBatch {
    row: i64,
    batch: Batch,
    seal: SealCheck,
    attempts: u32,
    resolved: Option<ResolvedAs>,
    /// The state of each target as the table has it.
    states: Vec<i64>,
}

/// What people resolved as not accepted. Batches of these templates are not cut: of them, those of which all was.
pub(super) fn not_accepted(
    db: &Connection,
    seal_key: Option<&SealKey>,
    job: Uuid,
    uncut: &[u32],
) -> Result<Vec<NotAccepted>, StoreFault> {
    let mut found = Vec::new();
    for one in decided(db, seal_key, job, key_of(db, job)?)? {
        let (not, kept) = one.places();
        if one.is_wanted() && (kept.is_empty() || !uncut.contains(&one.batch.template)) {
            let targets = one.named(&not);
            found.push(NotAccepted { batch: one.batch, seal: one.seal, targets });
        }
    }
    Ok(found)
}

/// Plans these targets again, where they are still as they were read.
pub(super) fn plan_not_accepted(
    tx: &Tx<'_>,
    job: Uuid,
    these: &[NotAccepted],
) -> Result<Settled, StoreFault> {
    let (db, key) = (tx.db, key_of(tx.db, job)?);
    if owner(db, key)?.as_deref() != Some(tx.me()) {
        return Err(StoreFault::ForeignCodes(job));
    }
    let (mut settled, mut tally) = (Settled::default(), CountChanges::default());
    for one in decided(db, tx.seal_key(), job, key)? {
        let (not, kept) = one.places();
        let ids = one.named(&not);
        let is_same = |seen: &NotAccepted| seen.batch == one.batch && seen.targets == ids;
        let at = these.binary_search_by_key(&one.batch.key, |seen| seen.batch.key);
        if !one.is_wanted() || !at.is_ok_and(|at| is_same(&these[at])) {
            continue;
        }
        let Batch { template, vars, .. } = &one.batch;
        let again = PlannedBatch { template: *template, ids, vars: vars.clone() };
        // What had no seal, or a broken one, gets none: a person has to look at it first.
        let is_sealed = matches!(one.seal, SealCheck::Intact | SealCheck::NoKey);
        let sealing = if is_sealed { tx.sealing(job) } else { Sealing { key: None, job } };
        let request = one.request(db)?;
        if kept.is_empty() {
            one.leave(db, &mut tally)?;
        } else {
            one.cut(db, &kept, sealing, &mut tally)?;
        }
        settled.batches += 1;
        settled.targets += again.ids.len() as u64;
        append(db, key, &[again], sealing, &mut tally)?;
        let batch = last(db, key)?.map(|batch| row_key(key, batch.number()));
        let count = whole(not.len() as u64);
        db.execute(&AGAIN.insert(), params![batch, request, count])?;
    }
    tally.write(db, key)?;
    Ok(settled)
}

/// What was planned again, in the order of the batches.
pub(super) fn repeats(db: &Connection, job: i64) -> Result<Vec<Repeat>, StoreFault> {
    let sql = format!(
        "SELECT again.batch, again.origin, again.targets, coalesce(done.verdict = {}, 0)
         FROM again LEFT JOIN done ON done.key = again.origin
         WHERE again.batch BETWEEN ?1 AND ?2 AND {} AND {} ORDER BY again.batch",
        state::SENT_AGAIN,
        AGAIN.intact(),
        DONE.absent_or_intact()
    );
    let mut find = db.prepare_cached(&sql)?;
    let repeat = |row: &Row<'_>| {
        let (batch, of) = (batch_key(row.get(0)?), batch_key(row.get(1)?));
        let targets = natural(row.get(2)?);
        Ok(Repeat { batch, of, targets, leaves_none: row.get(3)? })
    };
    Ok(find.query_map(row_keys(job), repeat)?.collect::<rusqlite::Result<_>>()?)
}

/// A batch that was planned again and has not begun.
pub(super) struct UnbegunBatch {
    row: i64,
    origin: i64,
    pub(super) targets: i64,
}

/// The batches of a job that were planned again and have not begun.
pub(super) fn unbegun(db: &Connection, job: i64) -> Result<Vec<UnbegunBatch>, StoreFault> {
    let sql = format!(
        "SELECT again.batch, again.origin, open.targets FROM again JOIN open ON open.key = again.batch
         WHERE again.batch BETWEEN ?1 AND ?2 AND {} AND {} ORDER BY again.batch",
        AGAIN.intact(),
        OPEN.intact_and("attempts = 0 AND started_ms IS NULL AND NOT doubtful"),
    );
    let mut find = db.prepare_cached(&sql)?;
    let batch = |row: &Row<'_>| {
        Ok(UnbegunBatch { row: row.get(0)?, origin: row.get(1)?, targets: row.get(2)? })
    };
    Ok(find.query_map(row_keys(job), batch)?.collect::<rusqlite::Result<_>>()?)
}

/// Resolves as not accepted again what was planned on the strength of that and has not begun. Where the decision was undone
/// meanwhile, it is unknown.
pub(super) fn take_back(db: &Connection, job: i64) -> Result<(), StoreFault> {
    let unbegun = unbegun(db, job)?;
    if unbegun.is_empty() {
        return Ok(());
    }
    let not = ResolvedAs::NotAccepted;
    let decision: Option<i64> = db.query_row(
        "SELECT max(key) FROM decision WHERE job = ?1 AND resolved = ?2",
        params![job, not.stored()],
        |row| row.get(0),
    )?;
    let now = decision.map_or(state::UNKNOWN, |_| state::of(not.verdict()));
    let mut tally = CountChanges::default();
    // What is known of the request that they were in is known of them: no other has left for them.
    let values = [
        ("key", "?1"),
        ("template", "template"),
        ("targets", "?3"),
        ("verdict", "?4"),
        ("attempts", "0"),
        ("started_ms", "started_ms"),
        ("finished_ms", "finished_ms"),
        ("elapsed_ms", "elapsed_ms"),
        ("http_status", "http_status"),
        ("code", "code"),
        ("message", "message"),
        ("decision", "?5"),
    ];
    let from = format!("FROM done WHERE key = ?2 AND {}", DONE.intact());
    let sql = DONE.insert_from(&values, &from);
    for UnbegunBatch { row, origin, targets } in unbegun {
        let added = db.prepare_cached(&sql)?.execute(params![
            row,
            origin,
            targets,
            state::UNKNOWN,
            decision
        ])?;
        if added == 0 {
            return Err(nowhere(origin));
        }
        db.execute("DELETE FROM open WHERE key = ?1", [row])?;
        tally.add(state::PLANNED, -1, -targets);
        tally.add(now, 1, targets);
    }
    tally.write(db, job)
}

/// The batches of a job about which people have found something out.
fn decided(
    db: &Connection,
    seal_key: Option<&SealKey>,
    job: Uuid,
    key: i64,
) -> Result<Vec<DecidedBatch>, StoreFault> {
    let sql = format!(
        "SELECT batch.key, batch.template, batch.ids, batch.vars, done.dedupe_id, done.attempts,
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
        all.push(DecidedBatch::of(db, seal_key, job, row)?);
    }
    Ok(all)
}

impl DecidedBatch {
    fn of(
        db: &Connection,
        seal_key: Option<&SealKey>,
        job: Uuid,
        row: &Row<'_>,
    ) -> Result<Self, StoreFault> {
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
        for part in parts(db, key)?.iter().filter(|part| part.name.is_none()) {
            let place = usize::try_from(part.position).ok();
            if let Some(state) = place.and_then(|place| states.get_mut(place)) {
                *state = part.verdict;
            }
        }
        let word: Option<String> = row.get("resolved")?;
        Ok(Self {
            row: key,
            seal: check_batch(seal_key, job, &batch, row)?,
            attempts: row.get("attempts")?,
            resolved: word.as_deref().map(resolved).transpose()?,
            batch,
            states,
        })
    }

    fn is_not_accepted(&self) -> bool {
        self.resolved == Some(ResolvedAs::NotAccepted)
    }

    /// Whether some of it was not accepted by what a person says. A batch that names no targets is decided on as a whole.
    fn is_wanted(&self) -> bool {
        let (not, kept) = self.places();
        !not.is_empty() || kept.is_empty() && self.is_not_accepted()
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

    /// The row of the request that its targets were in. A batch that was only taken back never left itself.
    fn request(&self, db: &Connection) -> Result<i64, StoreFault> {
        if self.attempts > 0 {
            return Ok(self.row);
        }
        let sql = format!("SELECT origin FROM again WHERE batch = ?1 AND {}", AGAIN.intact());
        let origin: Option<i64> = db.query_row(&sql, [self.row], |row| row.get(0)).optional()?;
        Ok(origin.unwrap_or(self.row))
    }

    /// All of its targets are in another batch from now on. A request that left stays as it is: the decision may have been
    /// wrong, then its ids are needed. It counts against quotas, too.
    fn leave(&self, db: &Connection, tally: &mut CountChanges) -> Result<(), StoreFault> {
        let Self { row, batch, attempts, .. } = self;
        tally.add(state::UNAVAILABLE, -1, -(whole(batch.ids.len() as u64)));
        if *attempts > 0 {
            let changes = [("verdict", "?2"), ("rest", "NULL"), ("decision", "NULL")];
            db.execute(&DONE.update(&changes, "key = ?1"), params![row, state::SENT_AGAIN])?;
            return Ok(());
        }
        for table in ["part", "other_id", "dedupe_seal", "again"] {
            db.execute(&format!("DELETE FROM {table} WHERE batch = ?1"), [row])?;
        }
        let changes = [
            ("targets", "0"),
            ("verdict", "?2"),
            ("rest", "NULL"),
            ("started_ms", "NULL"),
            ("id_name", "NULL"),
            ("vendor_id", "NULL"),
            ("dedupe_id", "NULL"),
            ("decision", "NULL"),
            ("parts", "NULL"),
        ];
        db.execute(&DONE.update(&changes, "key = ?1"), params![row, state::SPLIT])?;
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
        let mut strangers = ids.len()..;
        for part in &rows {
            let place = usize::try_from(part.position).unwrap_or(usize::MAX);
            let (name, position) = match (&part.name, kept.iter().position(|one| *one == place)) {
                (None, Some(position)) => (None, Some(position)),
                // The vendor's id of a target that is in another batch now is still one of this request.
                (None, None) if part.vendor_id.is_some() => {
                    (batch.ids.get(place).map(String::as_str), strangers.next())
                }
                (None, None) => continue,
                (Some(name), _) => (Some(name.as_str()), strangers.next()),
            };
            let position = whole(position.unwrap_or(usize::MAX) as u64);
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
