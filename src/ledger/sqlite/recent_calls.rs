//! What began not long ago: against it quotas are counted.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::fault::StoreFault;
use super::jobs::intact;
use super::query::NEWEST;
use super::sums::{DECISION, DONE, ENTRY, OPEN, SummedTable, TEMPLATE};
use crate::ledger::{QuotaCall, Realm};

/// An attempt of an entry begins within this time after the entry was made, so that an index can narrow the search.
const ATTEMPT_SLACK_MS: i64 = 3_600_000;

/// When requests of entries and batches began that were done, or may have been, the latest first. What certainly was not
/// done does not count: neither what could not be sent, nor what the vendor would not take for now, nor what a person
/// resolved so.
pub(super) fn calls(
    db: &Connection,
    call: &QuotaCall<'_>,
    limit: usize,
) -> Result<Vec<i64>, StoreFault> {
    let QuotaCall { realm, provider, app, operations, to_all, since_ms } = *call;
    let mut values: Vec<Value> = vec![
        i64::from(realm == Realm::Sandbox).into(),
        provider.to_owned().into(),
        app.to_owned().into(),
        since_ms.into(),
        since_ms.saturating_sub(ATTEMPT_SLACK_MS).into(),
        i64::try_from(limit).unwrap_or(i64::MAX).into(),
    ];
    let marks: Vec<String> =
        (values.len() + 1..).take(operations.len()).map(|n| format!("?{n}")).collect();
    let marks = marks.join(", ");
    values.extend(operations.iter().map(|operation| Value::from((*operation).to_owned())));
    let of_audience = if to_all { "AND audience = 'everybody'" } else { "" };
    let of_app = "sandbox = ?1 AND provider = ?2 AND app = ?3";
    let of_operation = format!("operation IN ({marks}) AND created_ms >= ?5");
    let that = ENTRY.intact_and(&format!(
        "{of_operation} AND {of_app} AND max(created_ms, coalesce(started_ms, 0)) >= ?4 {of_audience}
            AND (verdict IS NULL OR verdict <> 'unavailable')
            AND (resolved IS NULL OR resolved <> 'not' OR verdict <> 'unknown')"
    ));
    let entries = format!(
        "SELECT max(created_ms, coalesce(started_ms, 0)) AS began FROM entry
         WHERE ({of_operation} OR {NEWEST}) AND {that}"
    );
    let chosen = format!(
        "SELECT job.key AS job, number FROM job NOT INDEXED LEFT JOIN progress ON progress.job = job.key
            LEFT JOIN template ON template.job = job.key
         WHERE CASE WHEN {} AND {} THEN {of_app} AND operation IN ({marks}) AND active_ms >= ?4 {of_audience} END",
        intact(),
        TEMPLATE.absent_or_intact()
    );
    let not_accepted = format!(
        "done.verdict = 5 AND done.rest IS NULL
            AND EXISTS (SELECT 1 FROM decision WHERE decision.key = done.decision AND {})
            AND NOT EXISTS (SELECT 1 FROM part WHERE part.batch = done.key AND part.verdict IN (1, 2))",
        DECISION.intact_and("resolved = 'not'")
    );
    let done = of_batches(&chosen, &DONE, &format!("done.verdict <> 4 AND NOT ({not_accepted})"));
    let open = of_batches(&chosen, &OPEN, "true");
    let sql = format!(
        "SELECT began FROM ({entries} UNION ALL {done} UNION ALL {open}) ORDER BY began DESC LIMIT ?6"
    );
    let mut find = db.prepare_cached(&sql)?;
    let began = find.query_map(params_from_iter(values), |row| row.get(0))?;
    Ok(began.collect::<rusqlite::Result<_>>()?)
}

/// When batches of these jobs and templates began that are in a table and meet a condition.
fn of_batches(chosen: &str, table: &SummedTable, condition: &str) -> String {
    let name = table.name();
    let that = table.intact_and(&format!(
        "{name}.template = chosen.number AND {name}.started_ms >= ?4 AND {condition}"
    ));
    format!(
        "SELECT {name}.started_ms AS began FROM ({chosen}) AS chosen
         JOIN {name} ON {name}.key BETWEEN chosen.job << 32 AND (chosen.job << 32) + 4294967295
         WHERE {that}"
    )
}
