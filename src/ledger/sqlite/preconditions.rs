//! What must not be so when something begins, looked up in the transaction in which it does.

use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use super::entries;
use super::fault::StoreFault;
use super::follow_ups::{FollowUpPlace, MAY_HAVE_ARRIVED};
use super::pack::row_key;
use super::query::NEWEST;
use super::recent_calls::calls;
use super::sums::{ENTRY, JOB, OPEN, TEMPLATE};
use super::transact::Tx;
use super::writer::Writer;
use crate::ledger::{
    Allowance, BatchChange, BatchKey, EntryIntent, EntryRoute, Preconditions, QuotaCall, Realm,
    Spent, UnmetPrecondition,
};

/// Which precondition an intent does not meet, rate limits apart.
pub(super) fn unmet(
    tx: &Tx<'_>,
    intent: &EntryIntent,
    on: &Preconditions<'_>,
) -> Result<Option<UnmetPrecondition>, StoreFault> {
    if let Some(since_ms) = on.fresh_since_ms
        && let Some(other) = repeated(tx, intent, since_ms)?
    {
        return Ok(Some(UnmetPrecondition::Repeat(other)));
    }
    if let Some(others) = &on.others
        && let Some(other) = FollowUpPlace::of_entry(intent).taken_by(tx, others)?
    {
        return Ok(Some(UnmetPrecondition::FollowedUp(other)));
    }
    Ok(spent_by(tx.db, intent, on.allowances)?.map(UnmetPrecondition::Spent))
}

/// The entry of another writer that says the same to the same audience, and may have arrived.
fn repeated(tx: &Tx<'_>, intent: &EntryIntent, since_ms: i64) -> Result<Option<Uuid>, StoreFault> {
    let writer = tx.writer.and_then(Writer::name);
    let sandbox = intent.route.realm == Realm::Sandbox;
    let EntryRoute { provider, app, .. } = &intent.route;
    let fingerprint = &intent.content.fingerprint;
    let says_the_same = ENTRY.intact_and(&format!(
        "fingerprint = ?1 AND sandbox = ?2 AND provider = ?3 AND app = ?4 AND created_ms >= ?5
            AND writer IS NOT ?6 AND {MAY_HAVE_ARRIVED}"
    ));
    let sql = format!(
        "SELECT id FROM entry WHERE (fingerprint = ?1 OR {NEWEST}) AND {says_the_same}
         ORDER BY created_ms DESC LIMIT 1"
    );
    let found: Option<String> = tx
        .db
        .prepare_cached(&sql)?
        .query_row(params![fingerprint, sandbox, provider, app, since_ms, writer], |row| row.get(0))
        .optional()?;
    found.map(|id| entries::uuid(&id)).transpose()
}

/// Which allowance one more call would exceed.
fn spent_by(
    db: &Connection,
    intent: &EntryIntent,
    allowances: &[Allowance],
) -> Result<Option<Spent>, StoreFault> {
    let of = QuotaCall {
        realm: intent.route.realm,
        provider: &intent.route.provider,
        app: &intent.route.app,
        operations: &[],
        to_all: false,
        since_ms: intent.times.created_ms,
    };
    spent(db, of, intent.times.created_ms, &[&intent.route.operation], allowances)
}

/// Whether batches that are to begin would exceed an allowance.
pub(super) fn would_exceed(
    db: &Connection,
    job: i64,
    changes: &[BatchChange],
    allowances: &[Allowance],
) -> Result<bool, StoreFault> {
    let (mut now_ms, mut operations) = (0, Vec::new());
    for change in changes {
        if let BatchChange::Begin { batch, started_ms, .. } = change {
            now_ms = now_ms.max(*started_ms);
            operations.push(operation_of(db, job, *batch)?);
        }
    }
    let sql = format!("SELECT sandbox, provider, app FROM job WHERE key = ?1 AND {}", JOB.intact());
    let (sandbox, provider, app): (bool, String, String) = db
        .prepare_cached(&sql)?
        .query_row([job], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let realm = if sandbox { Realm::Sandbox } else { Realm::Real };
    let of = QuotaCall {
        realm,
        provider: &provider,
        app: &app,
        operations: &[],
        to_all: false,
        since_ms: now_ms,
    };
    let operations: Vec<&str> = operations.iter().map(String::as_str).collect();
    Ok(spent(db, of, now_ms, &operations, allowances)?.is_some())
}

/// The operation of a batch that is open. One without a template counts for no quota, and must not begin.
fn operation_of(db: &Connection, job: i64, batch: BatchKey) -> Result<String, StoreFault> {
    let sql = format!(
        "SELECT operation FROM open JOIN template ON template.job = ?1 AND template.number = open.template
         WHERE open.key = ?2 AND {} AND {}",
        OPEN.intact(),
        TEMPLATE.intact()
    );
    let mut find = db.prepare_cached(&sql)?;
    let found = find.query_row([job, row_key(job, batch.0)], |row| row.get(0)).optional()?;
    found.ok_or_else(|| StoreFault::Damaged(format!("batch {} has no template", batch.0)))
}

/// The first allowance that has no room for one more call of each of these operations.
fn spent(
    db: &Connection,
    of: QuotaCall<'_>,
    now_ms: i64,
    operations: &[&str],
    allowances: &[Allowance],
) -> Result<Option<Spent>, StoreFault> {
    for (place, allowance) in allowances.iter().enumerate() {
        let asked = operations.iter().filter(|one| allowance.operations.contains(one)).count();
        if asked == 0 {
            continue;
        }
        let times_ms = calls(db, &allowance.at(now_ms, of), allowance.most)?;
        if times_ms.len().saturating_add(asked) > allowance.most {
            return Ok(Some(Spent { place, times_ms }));
        }
    }
    Ok(None)
}
