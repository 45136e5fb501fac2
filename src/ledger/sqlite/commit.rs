//! Beginnings and endings in the database.

use rusqlite::params;
use uuid::Uuid;

use super::changes::JobCommit;
use super::fault::StoreFault;
use super::jobs::key_of;
use super::preconditions::{unmet, would_exceed};
use super::sums::PROGRESS;
use super::transact::{FileKeeping, Tx};
use super::{Sqlite, entries, shared_rates};
use crate::error::Result;
use crate::ledger::commit::{CommitStore, Committed};
use crate::ledger::{BatchChange, Ending, EntryIntent, Permit, Preconditions, UnmetPrecondition};
use crate::net::rate_limit::RateClaim;

impl CommitStore for Sqlite {
    fn begin(
        &mut self,
        intent: &EntryIntent,
        on: &Preconditions<'_>,
    ) -> Result<Option<UnmetPrecondition>> {
        self.durably(|tx| {
            let mut unmet = unmet(tx, intent, on)?;
            match on.rate {
                Some(rate) if unmet.is_none() => unmet = shared_rates::unmet(tx, rate)?,
                rate => shared_rates::report(tx, rate)?,
            }
            if unmet.is_none() {
                entries::insert(tx, intent)?;
                entries::rehearse(tx.db, intent)?;
            }
            Ok(unmet)
        })
    }

    fn attempt(&mut self, entry: Uuid, attempt: u32, started_ms: i64) -> Result<()> {
        let in_place = self.keeping.as_mut().map_or(Ok(()), FileKeeping::check_place);
        in_place.map_err(|fault| self.at(fault))?;
        // What counts is the intent.
        let _ = self.quickly(|tx| entries::count_attempt(tx.db, entry, attempt, started_ms));
        Ok(())
    }

    fn finish(&mut self, entry: Uuid, ending: &Ending, rate: Option<&RateClaim>) -> Result<()> {
        self.making_room(|tx, _| {
            entries::end(tx.db, entry, ending)?;
            shared_rates::report(tx, rate)
        })
    }

    fn commit(
        &mut self,
        job: Uuid,
        changes: &[BatchChange],
        on: &Preconditions<'_>,
    ) -> Result<Committed> {
        let permit = self.making_room(|tx, has_room| commit(tx, job, changes, on, has_room))?;
        let no_room = self.full.clone().filter(|_| permit == Permit::NoRoom);
        Ok(Committed { permit, no_room })
    }
}

/// Changes batches of a job. Tells whether those that were to begin did.
fn commit(
    tx: &mut Tx<'_>,
    job: Uuid,
    changes: &[BatchChange],
    on: &Preconditions<'_>,
    has_room: bool,
) -> Result<Permit, StoreFault> {
    let db = tx.db;
    let key = key_of(db, job)?;
    let sql =
        format!("SELECT owner, stop_ms FROM progress WHERE job = ?1 AND {}", PROGRESS.intact());
    let (owner, stop_ms): (Option<String>, Option<i64>) =
        db.prepare_cached(&sql)?.query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if owner.as_deref() != Some(tx.me()) {
        return Err(StoreFault::ForeignCodes(job));
    }
    let refused = match (stop_ms, has_room) {
        (Some(_), _) => Some(Permit::Stopped),
        (None, false) => Some(Permit::NoRoom),
        (None, true) => None,
    };
    let mut permit = refused;
    let mut batches = JobCommit::of(tx, job, key)?;
    let (mut begun, mut begun_ms) = (0, None);
    for alike in changes.chunk_by(are_alike) {
        if let [BatchChange::Begin { .. }, ..] = alike {
            // Once, and not before what came to its end is known to the count.
            let permit = match permit {
                Some(permit) => permit,
                None => *permit.insert(permit_for(batches.tx, key, changes, on)?),
            };
            let may_begin = match permit {
                Permit::Granted => alike.len(),
                Permit::RateLimited { begun: may, .. } => {
                    may.saturating_sub(begun).min(alike.len())
                }
                Permit::Stopped | Permit::NoRoom | Permit::NoQuota => 0,
            };
            let may_begin = &alike[..may_begin];
            begun_ms = begun_ms.max(batches.begin(may_begin)?);
            begun += may_begin.len();
        } else {
            batches.change(alike)?;
        }
    }
    batches.tally.write(db, key)?;
    if refused.is_some() || permit.is_none() {
        shared_rates::report(tx, on.rate)?;
    }
    if let Some(begun_ms) = begun_ms {
        let changes = [("begun_ms", "coalesce(begun_ms, ?2)"), ("active_ms", "max(active_ms, ?2)")];
        db.prepare_cached(&PROGRESS.update(&changes, "job = ?1"))?
            .execute(params![key, begun_ms])?;
    }
    Ok(permit.unwrap_or(Permit::Granted))
}

/// Whether batches may begin, by quotas and by the rate limits that are shared.
fn permit_for(
    tx: &Tx<'_>,
    job: i64,
    changes: &[BatchChange],
    on: &Preconditions<'_>,
) -> Result<Permit, StoreFault> {
    if !on.allowances.is_empty() && would_exceed(tx.db, job, changes, on.allowances)? {
        shared_rates::report(tx, on.rate)?;
        return Ok(Permit::NoQuota);
    }
    let Some(rate) = on.rate else { return Ok(Permit::Granted) };
    let grant = shared_rates::settle(tx, rate, true)?;
    Ok(grant.until.map_or(Permit::Granted, |until| Permit::RateLimited {
        begun: grant.begun,
        until_ms: shared_rates::millis(until),
    }))
}

/// Whether two changes in a row can be made together.
fn are_alike(one: &BatchChange, next: &BatchChange) -> bool {
    matches!(
        (one, next),
        (BatchChange::Begin { .. }, BatchChange::Begin { .. })
            | (BatchChange::End { .. }, BatchChange::End { .. })
    )
}
