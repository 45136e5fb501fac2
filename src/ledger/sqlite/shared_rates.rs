//! The limits that processes share, in the database: a row for each app of a vendor.

use std::time::Duration;

use rusqlite::{OptionalExtension as _, params};

use crate::error::Result;
use crate::ledger::UnmetPrecondition;
use crate::ledger::shared_rates::RateStore;
use crate::ledger::sqlite::Sqlite;
use crate::ledger::sqlite::fault::StoreFault;
use crate::ledger::sqlite::sums::RATE;
use crate::ledger::sqlite::transact::Tx;
use crate::net::rate_limit::{self, RateClaim, RateGrant, RateSharer};

impl RateStore for Sqlite {
    fn claim(&mut self, claim: &RateClaim) -> Result<RateGrant> {
        self.quickly(|tx| settle(tx, claim, true))
    }
}

/// What has no room before a time, so that a request does not begin; `None` where it does.
pub(super) fn unmet(
    tx: &Tx<'_>,
    claim: &RateClaim,
) -> Result<Option<UnmetPrecondition>, StoreFault> {
    let until = settle(tx, claim, true)?.until;
    Ok(until.map(|until| UnmetPrecondition::RateLimited { until_ms: millis(until) }))
}

/// Takes in what a process reports, where nothing begins. Outcomes are written in the same transaction: a damaged state must
/// not keep them out of the ledger.
pub(super) fn report(tx: &Tx<'_>, claim: Option<&RateClaim>) -> Result<(), StoreFault> {
    match claim.map(|claim| settle(tx, claim, false)).transpose() {
        Err(StoreFault::Damaged(_)) => Ok(()),
        told => told.map(drop),
    }
}

/// Takes in what a process reports, and decides what it may begin, if anything.
pub(super) fn settle(
    tx: &Tx<'_>,
    claim: &RateClaim,
    may_begin: bool,
) -> Result<RateGrant, StoreFault> {
    let db = tx.db;
    let RateSharer { sandbox, provider, app, .. } = claim.sharer();
    let sql = format!(
        "SELECT key, state FROM rate WHERE sandbox = ?1 AND provider = ?2 AND app = ?3 AND {}",
        RATE.intact()
    );
    let stored: Option<(i64, Vec<u8>)> = db
        .prepare_cached(&sql)?
        .query_row(params![sandbox, provider, app], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let state = stored.as_ref().map(|(_, state)| state.as_slice());
    let settled = rate_limit::settle(state, claim, may_begin, &|writer: &str| tx.is_gone(writer))
        .map_err(|what| StoreFault::Damaged(what.to_owned()))?;
    match (stored, settled.state) {
        (Some((key, _)), Some(state)) => {
            db.prepare_cached(&RATE.update(&[("state", "?2")], "key = ?1"))?
                .execute(params![key, state])?;
        }
        (None, Some(state)) => {
            db.prepare_cached(
                "INSERT INTO rate (sandbox, provider, app, state) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![sandbox, provider, app, state])?;
            db.prepare_cached(&RATE.seal("key = ?1"))?.execute([db.last_insert_rowid()])?;
        }
        (_, None) => {}
    }
    Ok(settled.grant)
}

/// Milliseconds since 1970.
pub(super) fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
