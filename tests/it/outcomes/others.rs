//! Documented replies, held against requests that asked for others than they name.

use std::collections::BTreeSet;

use herald::contract::{Answers, Effect, Operation};
use herald::net::account_for;
use herald::outcome::{Outcome, Verdict};

use super::{Fine, Table, reply, tables};

/// The operations whose documented replies name targets, keys or ids of messages.
const TELLING: [(&str, &[&str]); 3] = [
    (
        "easemob",
        &[
            "attachment-lifetime",
            "label-users-add",
            "label-users-remove",
            "push-single",
            "push-sync",
            "recall",
            "recall-batch",
            "recall-legacy",
            "send",
            "send-groups",
            "send-groups-targeted",
            "send-rooms",
            "send-rooms-targeted",
            "send-users",
        ],
    ),
    ("jpush-v3", &["batch-alias", "batch-regid"]),
    (
        "rongcloud",
        &[
            "send-chatroom",
            "send-group",
            "send-private",
            "send-private-template",
            "send-system",
            "send-system-template",
            "send-ultragroup",
        ],
    ),
];

#[test]
fn what_a_reply_names_and_nobody_asked_for_is_no_target() {
    let mut checked = BTreeSet::new();
    for table in tables() {
        for operation in table.operations() {
            if operation.effect == Effect::Reads || operation.answers == Answers::Others {
                continue;
            }
            for fine in table.fine.iter().filter(|fine| fine.operations.contains(&operation.id)) {
                if is_held_against_what_was_asked(&table, operation, fine) {
                    checked.insert(table.name(operation));
                }
            }
        }
    }
    for (provider, operations) in TELLING {
        for id in operations {
            assert!(checked.contains(&format!("{provider}/{id}")), "{provider}/{id}: {checked:?}");
        }
    }
}

/// Whether the reply names anyone: if so, the three ways to be asked about others are checked.
fn is_held_against_what_was_asked(
    table: &Table,
    operation: &'static Operation,
    fine: &Fine,
) -> bool {
    let name = table.name(operation);
    let exchange = reply(fine.status, &[], fine.body);
    let of = |asked: &[&str]| {
        let mut outcome = table.decide(operation, &exchange);
        account_for(table.vendor.contract(), operation, &mut outcome, asked);
        outcome
    };
    let plain = table.decide(operation, &exchange);
    let named: Vec<&str> = plain.targets.iter().map(|one| one.target.as_str()).collect();
    if named.is_empty() || named.contains(&"") {
        return false;
    }
    let all: Vec<(&str, Verdict)> = named.iter().map(|id| (*id, Verdict::Accepted)).collect();
    let doubt = ("other", Verdict::Unknown);

    let same = of(&named);
    assert_eq!((same.verdict, told(&same)), (Verdict::Accepted, all.clone()), "{name}");
    assert_eq!((same.warnings, same.ids), (plain.warnings.clone(), plain.ids.clone()), "{name}");

    let less = of(&[&named[..], &["other"]].concat());
    let expected = [all.as_slice(), &[doubt]].concat();
    assert_eq!((less.verdict, told(&less)), (Verdict::Unknown, expected), "{name}");

    let others = of(&["other"]);
    assert_eq!((others.verdict, told(&others)), (Verdict::Unknown, vec![doubt]), "{name}");
    assert!(others.advice.is_some() && others.code.is_none(), "{name}");
    for one in &plain.targets {
        assert!(warns_of(&others, &one.target), "{name}: {:?}", others.warnings);
        let is_kept = others.ids.iter().any(|(_, id)| one.id.as_ref() == Some(id));
        assert!(!is_kept, "{name}: {:?}", others.ids);
    }

    if let [first, rest @ ..] = named.as_slice()
        && !rest.is_empty()
    {
        let extra = of(rest);
        assert_eq!((extra.verdict, told(&extra)), (Verdict::Accepted, all[1..].to_vec()), "{name}");
        assert!(warns_of(&extra, first), "{name}: {:?}", extra.warnings);
    }
    true
}

fn told(outcome: &Outcome) -> Vec<(&str, Verdict)> {
    outcome.targets.iter().map(|one| (one.target.as_str(), one.verdict)).collect()
}

/// Whether a warning names what was not asked for.
fn warns_of(outcome: &Outcome, name: &str) -> bool {
    let name = format!("`{name}`");
    outcome.warnings.iter().any(|text| text.contains(&name) && text.contains("not asked for"))
}
