//! What began not long ago: against it quotas are counted, and from it a run's pace begins.

use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

use super::pack::row_keys;
use crate::ledger::Realm;
use crate::ledger::job::{Call, Lately};
use crate::ledger::sqlite::fault::Fault;
use crate::ledger::sqlite::row::natural;

/// An attempt of an entry begins within this time after the entry was made, so that an index can narrow the search.
const SLACK_MS: i64 = 3_600_000;

/// When requests of entries and batches began that were done, or may have been, the latest first. What certainly was not
/// done does not count: neither what could not be sent, nor what the vendor would not take for now, nor what a person
/// resolved so.
pub(in crate::ledger::sqlite) fn calls(
    db: &Connection,
    call: &Call<'_>,
    limit: usize,
) -> Result<Vec<i64>, Fault> {
    let (marks, place, since_ms) = (marks(call), place(call), call.since_ms);
    let whom = if call.to_all { "AND audience = 'everybody'" } else { "" };
    let entries = format!(
        "SELECT max(created_ms, coalesce(started_ms, 0)) AS began FROM entry
         WHERE sandbox = ? AND provider = ? AND app = ? AND operation IN ({marks}) AND began >= ?
            AND created_ms >= ? {whom}
            AND (verdict IS NULL OR verdict <> 'unavailable')
            AND (resolved IS NULL OR resolved <> 'not' OR verdict <> 'unknown')"
    );
    let chosen = format!(
        "SELECT job.key AS job, number FROM job JOIN progress ON progress.job = job.key
            JOIN template ON template.job = job.key
         WHERE sandbox = ? AND provider = ? AND app = ? AND operation IN ({marks}) AND active_ms >= ?
            {whom}"
    );
    let of_batches = |table: &str, condition: &str| {
        format!(
            "SELECT {table}.started_ms AS began FROM ({chosen}) AS chosen
             JOIN {table} ON {table}.key BETWEEN chosen.job << 32 AND (chosen.job << 32) + 4294967295
                AND {table}.template = chosen.number
             WHERE {table}.started_ms >= ? AND {condition}"
        )
    };
    let done = of_batches(
        "done",
        "done.verdict <> 4 AND NOT (done.verdict = 5 AND done.rest IS NULL
            AND EXISTS (SELECT 1 FROM decision WHERE decision.key = done.decision AND resolved = 'not')
            AND NOT EXISTS (SELECT 1 FROM part WHERE part.batch = done.key AND part.verdict IN (1, 2)))",
    );
    let open = of_batches("open", "true");
    let sql = format!(
        "SELECT began FROM ({entries} UNION ALL {done} UNION ALL {open}) ORDER BY began DESC LIMIT ?"
    );
    let mut values = place.clone();
    values.push(since_ms.saturating_sub(SLACK_MS).into());
    for _ in 0..2 {
        values.extend(place.iter().cloned());
        values.push(since_ms.into());
    }
    values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
    let mut find = db.prepare_cached(&sql)?;
    let began = find.query_map(params_from_iter(values), |row| row.get(0))?;
    Ok(began.collect::<rusqlite::Result<_>>()?)
}

/// Placeholders for the operations of a question.
fn marks(call: &Call<'_>) -> String {
    vec!["?"; call.operations.len()].join(", ")
}

/// What narrows a question down to these operations of an app, from a time on.
fn place(call: &Call<'_>) -> Vec<Value> {
    let Call { realm, provider, app, operations, to_all: _, since_ms } = *call;
    let mut place: Vec<Value> = vec![
        i64::from(realm == Realm::Sandbox).into(),
        provider.to_owned().into(),
        app.to_owned().into(),
    ];
    place.extend(operations.iter().map(|operation| Value::from((*operation).to_owned())));
    place.push(since_ms.into());
    place
}

/// An attempt that matters for seconds or minutes begins within this time after its entry was made.
const SHORT_SLACK_MS: i64 = 120_000;

/// The latest requests, the latest first: about as many as wanted, and each question answered by an index.
pub(in crate::ledger::sqlite) fn lately(
    db: &Connection,
    call: &Call<'_>,
    limit: usize,
) -> Result<Vec<Lately>, Fault> {
    let (marks, limit) = (marks(call), i64::try_from(limit).unwrap_or(i64::MAX));
    let mut values = place(call);
    values.push(call.since_ms.saturating_sub(SHORT_SLACK_MS).into());
    values.push(limit.into());
    let mut find = db.prepare_cached(&format!(
        "SELECT operation, max(created_ms, coalesce(started_ms, 0)) AS began, finished_ms, coalesce(target_count, 1)
         FROM entry
         WHERE sandbox = ? AND provider = ? AND app = ? AND operation IN ({marks}) AND began >= ?
            AND created_ms >= ? AND (verdict IS NULL OR verdict <> 'unavailable')
         ORDER BY created_ms DESC LIMIT ?"
    ))?;
    let rows = find.query_map(params_from_iter(values), |row| {
        Ok(Lately {
            operation: row.get(0)?,
            began_ms: row.get(1)?,
            ended_ms: row.get(2)?,
            targets: natural(row.get(3)?),
        })
    })?;
    let mut lately = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut chosen = db.prepare_cached(&format!(
        "SELECT job.key, number, operation FROM job JOIN progress ON progress.job = job.key
            JOIN template ON template.job = job.key
         WHERE sandbox = ? AND provider = ? AND app = ? AND operation IN ({marks}) AND active_ms >= ?"
    ))?;
    let mut rows = chosen.query(params_from_iter(place(call)))?;
    while let Some(row) = rows.next()? {
        let operation: String = row.get(2)?;
        of_job(
            db,
            [row.get(0)?, row.get(1)?],
            call.since_ms,
            limit,
            |began_ms, ended_ms, targets| {
                let operation = operation.clone();
                lately.push(Lately { operation, began_ms, ended_ms, targets });
            },
        )?;
    }
    lately.sort_by_key(|one| std::cmp::Reverse(one.began_ms));
    Ok(lately)
}

/// The last batches of one template of a job: what is open, and of what is done no more than that many from its end.
fn of_job(
    db: &Connection,
    [job, template]: [i64; 2],
    since_ms: i64,
    limit: i64,
    mut take: impl FnMut(i64, Option<i64>, u64),
) -> Result<(), Fault> {
    let [first, last] = row_keys(job);
    for sql in [
        "SELECT started_ms, finished_ms, targets FROM (
            SELECT * FROM done WHERE key BETWEEN ?1 AND ?2 ORDER BY key DESC LIMIT ?5)
         WHERE template = ?3 AND started_ms >= ?4 AND verdict <> 4",
        // Few of them are begun, and what is begun is at the beginning.
        "SELECT started_ms, NULL, targets FROM (
            SELECT * FROM open WHERE key BETWEEN ?1 AND ?2 ORDER BY key LIMIT ?5)
         WHERE template = ?3 AND started_ms >= ?4",
    ] {
        let mut find = db.prepare_cached(sql)?;
        let mut rows = find.query(params![first, last, template, since_ms, limit])?;
        while let Some(row) = rows.next()? {
            take(row.get(0)?, row.get(1)?, natural(row.get(2)?));
        }
    }
    Ok(())
}
