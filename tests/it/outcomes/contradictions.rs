//! Replies that say both that a request was carried out and that it was not: nothing may be concluded from them.

use herald::contract::{Effect, Operation};
use herald::outcome::{Outcome, TargetResult, Verdict};

use super::{Fine, Table, reply, tables};

/// Whether a reply to a send has the id of a message, of the whole or of a target.
fn has_id(operation: &Operation, outcome: &Outcome) -> bool {
    let of_target = outcome.targets.iter().any(|target| target.id.is_some());
    operation.effect == Effect::Sends && (of_target || !outcome.ids.is_empty())
}

/// The documented successes that say so in their body, of operations that do something.
fn spoken(table: &Table) -> Vec<(&'static Operation, &Fine, Outcome)> {
    let mut spoken = Vec::new();
    for operation in table.operations().filter(|operation| operation.effect != Effect::Reads) {
        for fine in table.fine.iter().filter(|fine| fine.operations.contains(&operation.id)) {
            let outcome = table.decide(operation, &reply(fine.status, &[], fine.body));
            if fine.body.starts_with('{') && !table.blind.contains(&operation.id) {
                spoken.push((operation, fine, outcome));
            }
        }
    }
    assert!(!spoken.is_empty());
    spoken
}

#[test]
fn a_success_with_the_status_of_a_failure_is_unknown() {
    for table in tables() {
        for (operation, fine, outcome) in spoken(&table) {
            for status in [302, 400, 401, 403, 404, 409, 429, 500, 502, 503, 504] {
                if status < 500 && !has_id(operation, &outcome) && outcome.code.is_none() {
                    continue;
                }
                let met = table.decide(operation, &reply(status, &[], fine.body));
                let name = format!("{} {status} {}", table.name(operation), fine.body);
                assert_eq!(met.verdict, Verdict::Unknown, "{name}: {met:?}");
                let sure = |target: &&TargetResult| target.verdict != Verdict::Unknown;
                assert!(!met.targets.iter().any(|target| sure(&target)), "{name}");
            }
        }
    }
}

#[test]
fn a_failure_beside_the_id_of_a_message_is_unknown() {
    for table in tables() {
        let contract = table.vendor.contract();
        let failures = table.fails.iter().filter(|row| {
            let is_refusal = !matches!(row.verdict, Verdict::Accepted | Verdict::Unknown);
            row.code.is_some() && is_refusal
        });
        let failures: Vec<String> = failures.map(|row| table.failure(row)).collect();
        assert!(!failures.is_empty(), "{}", contract.id);
        for (operation, fine, outcome) in spoken(&table) {
            if !has_id(operation, &outcome) {
                continue;
            }
            let whole: serde_json::Map<_, _> = serde_json::from_str(fine.body).expect("an object");
            for failure in &failures {
                let error: serde_json::Map<_, _> =
                    serde_json::from_str(failure).expect("an object");
                // A nested copy of the failure is no result.
                let error = error.into_iter().filter(|(name, _)| name != "result");
                let mut both = whole.clone();
                both.extend(error);
                let both = serde_json::to_string(&both).expect("JSON");
                for status in [200, 400, 401, 403, 404, 429, 500, 502, 503] {
                    if contract.refusals_have_ids && (400..500).contains(&status) {
                        continue;
                    }
                    let met = table.decide(operation, &reply(status, &[], &both));
                    let name = format!("{} {status} {both}", table.name(operation));
                    // Where targets have ids of their own, those may be told from the others.
                    let by_target = !outcome.targets.is_empty() && met.verdict == Verdict::Partial;
                    assert!(by_target || met.verdict == Verdict::Unknown, "{name}: {met:?}");
                }
            }
        }
    }
}

#[test]
fn an_error_or_a_repeated_name_beside_a_success_is_no_success() {
    for table in tables() {
        for (operation, fine, outcome) in spoken(&table) {
            let first: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(fine.body).expect("an object");
            let repeated = first.keys().map(|name| format!("{name:?}:1"));
            let errors = [r#""error":"x""#, r#""error":{"code":1}"#, r#""success":false"#];
            let others = errors.into_iter().map(str::to_owned).chain(repeated);
            for other in others {
                let body = format!("{{{other},{}", &fine.body[1..]);
                let met = table.decide(operation, &reply(fine.status, &[], &body));
                let name = format!("{} {body}", table.name(operation));
                assert_ne!(met.verdict, Verdict::Accepted, "{name}: {met:?}");
                let is_unknown = met.verdict == Verdict::Unknown;
                assert!(is_unknown || !has_id(operation, &outcome), "{name}: {met:?}");
            }
        }
    }
}
