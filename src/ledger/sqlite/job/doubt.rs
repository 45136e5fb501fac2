//! What became of batches that nobody works on any more: unknown, and planned again where a vendor would recognise them.

use std::ops::RangeInclusive;

use rusqlite::{Connection, params};
use uuid::Uuid;

use super::pack::{row_keys, state};
use super::tally::CountChanges;
use super::{key_of, owner};
use crate::ledger::sqlite::fault::StoreFault;
use crate::ledger::sqlite::sums::{DONE, OPEN};

/// Makes unknown what is begun, or may have arrived before, and has no owner any more. Answers how many batches that are.
pub(super) fn orphan(db: &Connection, job: i64) -> Result<u64, StoreFault> {
    let [first, last] = row_keys(job);
    let may_have_left = OPEN.intact_and("(started_ms IS NOT NULL OR doubtful)");
    let which = format!("FROM open WHERE key BETWEEN ?1 AND ?2 AND {may_have_left}");
    let (batches, targets): (i64, i64) = db.query_row(
        &format!("SELECT count(*), coalesce(sum(targets), 0) {which}"),
        [first, last],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if batches == 0 {
        return Ok(0);
    }
    let none = "NULL";
    let values = [
        "key",
        "template",
        "targets",
        "?3",
        none,
        "attempts",
        "coalesce(started_ms, first_ms)",
        "nullif(first_ms, started_ms)",
        none,
        none,
        none,
        none,
        none,
        none,
        none,
        "dedupe_id",
        none,
        none,
    ];
    db.execute(&DONE.insert_from(&values, &which), params![first, last, state::UNKNOWN])?;
    db.execute(&format!("DELETE {which}"), [first, last])?;
    let mut tally = CountChanges::default();
    tally.add(state::SENDING, -batches, -targets);
    tally.add(state::UNKNOWN, batches, targets);
    tally.write(db, job)?;
    Ok(u64::try_from(batches).unwrap_or(0))
}

/// What unknown batches of a job a vendor could recognise, as a condition on `done`.
///
/// Those of which it told single targets' fates are left alone: a repeat would reach all of them.
fn recognisable_and(more: &str) -> String {
    let which = DONE.intact_and(&format!(
        "dedupe_id IS NOT NULL AND decision IS NULL
        AND NOT EXISTS (SELECT 1 FROM part WHERE batch = done.key) AND {more}"
    ));
    format!("verdict = 5 AND key BETWEEN ?1 AND ?2 AND {which}")
}

/// How many unknown batches have a dedupe id.
pub(in crate::ledger::sqlite) fn recognisable(
    db: &Connection,
    job: Uuid,
) -> Result<u64, StoreFault> {
    let [first, last] = row_keys(key_of(db, job)?);
    let sql = format!("SELECT count(*) FROM done WHERE {}", recognisable_and("true"));
    let count: i64 = db.query_row(&sql, [first, last], |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Plans unknown batches again whose repeat the vendor would recognise.
pub(in crate::ledger::sqlite) fn requeue(
    db: &Connection,
    job: Uuid,
    template: u32,
    started_ms: &RangeInclusive<i64>,
    me: &str,
) -> Result<u64, StoreFault> {
    let key = key_of(db, job)?;
    if owner(db, key)?.as_deref() != Some(me) {
        return Err(StoreFault::Elsewhere(job));
    }
    let [first, last] = row_keys(key);
    let which =
        recognisable_and("template = ?3 AND coalesce(first_ms, started_ms) BETWEEN ?4 AND ?5");
    let values = params![first, last, template, started_ms.start(), started_ms.end()];
    let sql = format!("SELECT count(*), coalesce(sum(targets), 0) FROM done WHERE {which}");
    let (batches, targets): (i64, i64) =
        db.query_row(&sql, values, |row| Ok((row.get(0)?, row.get(1)?)))?;
    if batches > 0 {
        let columns = [
            "key",
            "template",
            "targets",
            "attempts",
            "1",
            "NULL",
            "coalesce(first_ms, started_ms)",
            "dedupe_id",
        ];
        let from = format!("FROM done WHERE {which}");
        db.execute(&OPEN.insert_from(&columns, &from), values)?;
        let named =
            format!("DELETE FROM other_id WHERE batch IN (SELECT key FROM done WHERE {which})");
        db.execute(&named, values)?;
        db.execute(&format!("DELETE FROM done WHERE {which}"), values)?;
        let mut tally = CountChanges::default();
        tally.add(state::UNKNOWN, -batches, -targets);
        tally.add(state::SENDING, batches, targets);
        tally.write(db, key)?;
    }
    Ok(u64::try_from(batches).unwrap_or(0))
}
