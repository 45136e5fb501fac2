//! What began not long ago: against it quotas are counted.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::ledger::Realm;
use crate::ledger::job::Call;
use crate::ledger::sqlite::fault::Fault;

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
