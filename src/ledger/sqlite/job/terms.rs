//! What must not be so when something begins, looked up in the transaction in which it does.

use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use super::pack::{row_key, state};
use super::recent::calls;
use super::{intact, open, verify};
use crate::ledger::job::{BatchChange, BatchKey, Opening, QuotaCall};
use crate::ledger::sqlite::fault::StoreFault;
use crate::ledger::sqlite::query::NEWEST;
use crate::ledger::sqlite::row;
use crate::ledger::sqlite::sums::{ENTRY, JOB, OPEN, TEMPLATE};
use crate::ledger::{Allowance, EntryIntent, Realm, Spent, Terms, Unmet};
use crate::seal::SealKey;

/// Which term intents of one app do not meet.
pub(in crate::ledger::sqlite) fn unmet(
    db: &Connection,
    intents: &[EntryIntent],
    writer: Option<&str>,
    terms: &Terms,
) -> Result<Option<Unmet>, StoreFault> {
    if let Some(since_ms) = terms.fresh_since_ms {
        for intent in intents {
            if let Some(other) = repeated(db, intent, writer, since_ms)? {
                return Ok(Some(Unmet::Repeat(other)));
            }
        }
    }
    Ok(spent_by(db, intents, &terms.allowances)?.map(Unmet::Spent))
}

/// The entry of another writer that says the same to the same audience, and may have arrived.
fn repeated(
    db: &Connection,
    intent: &EntryIntent,
    writer: Option<&str>,
    since_ms: i64,
) -> Result<Option<Uuid>, StoreFault> {
    let sandbox = intent.realm == Realm::Sandbox;
    let EntryIntent { provider, app, fingerprint, .. } = intent;
    let says_the_same = ENTRY.intact_and(
        "fingerprint = ?1 AND sandbox = ?2 AND provider = ?3 AND app = ?4 AND created_ms >= ?5
            AND writer IS NOT ?6 AND (verdict IS NULL OR verdict IN ('accepted', 'partial', 'unknown'))
            AND (resolved IS NULL OR resolved <> 'not' OR verdict IN ('accepted', 'partial'))",
    );
    let sql = format!(
        "SELECT id FROM entry WHERE (fingerprint = ?1 OR {NEWEST}) AND {says_the_same}
         ORDER BY created_ms DESC LIMIT 1"
    );
    let found: Option<String> = db
        .prepare_cached(&sql)?
        .query_row(params![fingerprint, sandbox, provider, app, since_ms, writer], |row| row.get(0))
        .optional()?;
    found.map(|id| row::uuid(&id)).transpose()
}

/// Ends the planning, unless there is another job that says the same since a time.
pub(in crate::ledger::sqlite) fn open_fresh(
    db: &Connection,
    job: Uuid,
    opening: &Opening,
    since_ms: Option<i64>,
    (me, seal_key): (&str, Option<&SealKey>),
    is_alive: impl Fn(&str) -> bool,
) -> Result<Option<Uuid>, StoreFault> {
    if let Some(since_ms) = since_ms
        && let Some(other) = twin(db, job, &opening.fingerprint, since_ms, is_alive)?
    {
        return Ok(Some(other));
    }
    open(db, job, opening, me, seal_key).map(|()| None)
}

/// Another job that says the same to the same audience, and is at work, or reached somebody.
fn twin(
    db: &Connection,
    job: Uuid,
    fingerprint: &str,
    since_ms: i64,
    is_alive: impl Fn(&str) -> bool,
) -> Result<Option<Uuid>, StoreFault> {
    let (sandbox, provider, app): (bool, String, String) = db
        .prepare_cached("SELECT sandbox, provider, app FROM job WHERE id = ?1")?
        .query_row([job.to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    // Every job is looked at, so that damage to an index, or to what they are asked for by, passes none over.
    let sql = format!(
        "SELECT key, id, owner FROM job NOT INDEXED LEFT JOIN progress ON progress.job = job.key
         WHERE CASE WHEN {} THEN fingerprint = ?2 AND id <> ?1 AND sandbox = ?3 AND provider = ?4 AND app = ?5
            AND planning = 0 AND active_ms >= ?6 END
         ORDER BY active_ms DESC",
        intact()
    );
    let mut find = db.prepare_cached(&sql)?;
    let mut rows =
        find.query(params![job.to_string(), fingerprint, sandbox, provider, app, since_ms])?;
    while let Some(row) = rows.next()? {
        let (key, id, owner): (i64, String, Option<String>) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        if has_reached(db, key)? || owner.is_some_and(|owner| is_alive(&owner)) {
            return row::uuid(&id).map(Some);
        }
    }
    Ok(None)
}

/// Whether a job reached somebody, or may have. What its counts say is looked up in its batches, too.
fn has_reached(db: &Connection, job: i64) -> Result<bool, StoreFault> {
    verify::rows_of(db, job)?;
    let sql = "SELECT EXISTS (SELECT 1 FROM tally WHERE job = ?1 AND state IN (?2, ?3, ?4, ?5) AND batches > 0)";
    let [sending, accepted, partial, unknown] =
        [state::SENDING, state::ACCEPTED, state::PARTIAL, state::UNKNOWN];
    let reached = params![job, sending, accepted, partial, unknown];
    Ok(db.prepare_cached(sql)?.query_row(reached, |row| row.get(0))?)
}

/// Which allowance intents of one app would exceed.
fn spent_by(
    db: &Connection,
    intents: &[EntryIntent],
    allowances: &[Allowance],
) -> Result<Option<Spent>, StoreFault> {
    let Some(first) = intents.first() else { return Ok(None) };
    let now_ms = intents.iter().map(|intent| intent.created_ms).max().unwrap_or_default();
    let operations: Vec<&str> = intents.iter().map(|intent| &*intent.operation).collect();
    let of = QuotaCall {
        realm: first.realm,
        provider: &first.provider,
        app: &first.app,
        operations: &[],
        to_all: false,
        since_ms: now_ms,
    };
    spent(db, of, now_ms, &operations, allowances)
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
