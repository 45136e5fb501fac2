//! The verdicts of single targets, and of targets that a reply leaves out.

use super::*;

#[test]
fn a_target_is_judged_by_the_row_of_its_own_code() {
    for (said, code, expected) in [
        (Rejected, "2", Rejected),
        (Rejected, "1", Denied),
        (Rejected, "3", Unavailable),
        (Rejected, "6", Doubt),
        (Rejected, "7", Accepted),
        (Rejected, "99", Rejected),
        (Partial, "2", Partial),
        (Partial, "6", Doubt),
        (Doubt, "2", Doubt),
        (Accepted, "2", Accepted),
    ] {
        let outcome = decide(&CONTRACT, &SENDS, &reply(200, ""), &|_| Reading {
            success: Some(true),
            targets: vec![result("t", said, Some(code))],
            ..Reading::default()
        });
        assert_eq!(outcome.targets[0].verdict, expected, "{said:?} {code}");
        assert_eq!(outcome.verdict, expected, "{said:?} {code}");
    }
}

#[test]
fn of_targets_that_a_reply_leaves_out_nobody_knows() {
    static FOLDS: Contract = Contract { folds_ids: true, ..Contract::BASE };
    const BATCH: Operation = Operation { answers: Answers::Keys("list"), ..SENDS };
    const APPS: Operation = Operation { answers: Answers::Others, ..SENDS };
    let outcome = |contract, operation: &Operation, told: &[(&str, Verdict)], asked: &[&str]| {
        let mut outcome = decide(&CONTRACT, operation, &reply(200, ""), &|_| Reading {
            success: Some(true),
            targets: told.iter().map(|(name, verdict)| result(name, *verdict, None)).collect(),
            ..Reading::default()
        });
        account_for(contract, operation, &mut outcome, asked);
        outcome
    };
    let some = outcome(&CONTRACT, &SENDS, &[("b", Accepted)], &["a", "b", "c"]);
    assert!(some.advice.is_some_and(|advice| advice.contains("history --outcome unknown")));
    type Told = &'static [(&'static str, Verdict)];
    type Asked = &'static [&'static str];
    type Case = (&'static Contract, &'static Operation, Told, Asked, Verdict, Told);
    let cases: [Case; 21] = [
        (
            &CONTRACT,
            &SENDS,
            &[("b", Accepted)],
            &["a", "b", "c"],
            Doubt,
            &[("b", Accepted), ("a", Doubt), ("c", Doubt)],
        ),
        (
            &CONTRACT,
            &SENDS,
            &[("b", Rejected)],
            &["a", "b"],
            Doubt,
            &[("b", Rejected), ("a", Doubt)],
        ),
        // All targets are told apart, or none is.
        (
            &CONTRACT,
            &SENDS,
            &[("b", Accepted), ("a", Rejected)],
            &["a", "b"],
            Partial,
            &[("b", Accepted), ("a", Rejected)],
        ),
        (&CONTRACT, &SENDS, &[], &["a", "b"], Accepted, &[]),
        // Another spelling counts for the one that was asked for, where the vendor folds; else it names no target.
        (
            &FOLDS,
            &SENDS,
            &[("bob", Accepted)],
            &["Bob", "carol"],
            Doubt,
            &[("Bob", Accepted), ("carol", Doubt)],
        ),
        (
            &FOLDS,
            &SENDS,
            &[("bob", Accepted), ("carol", Accepted)],
            &["Bob", "carol"],
            Accepted,
            &[("Bob", Accepted), ("carol", Accepted)],
        ),
        (
            &FOLDS,
            &SENDS,
            &[("bob", Accepted)],
            &["Bob", "BOB"],
            Doubt,
            &[("Bob", Doubt), ("BOB", Doubt)],
        ),
        (
            &CONTRACT,
            &SENDS,
            &[("bob", Accepted)],
            &["Bob", "carol"],
            Doubt,
            &[("Bob", Doubt), ("carol", Doubt)],
        ),
        // Results without a name are of those that were asked for, if there are enough of them.
        (&CONTRACT, &SENDS, &[("", Accepted)], &["a"], Accepted, &[("a", Accepted)]),
        (
            &CONTRACT,
            &SENDS,
            &[("a", Accepted), ("", Accepted)],
            &["a", "b"],
            Accepted,
            &[("a", Accepted), ("target 1", Accepted)],
        ),
        (
            &CONTRACT,
            &SENDS,
            &[("", Accepted), ("", Rejected)],
            &["a", "b"],
            Partial,
            &[("target 1", Accepted), ("target 2", Rejected)],
        ),
        (&CONTRACT, &RECALLS, &[("", Accepted)], &["a", "b"], Doubt, &[("a", Doubt), ("b", Doubt)]),
        // What was not asked for is no target, and the verdict is not about it.
        (&CONTRACT, &SENDS, &[("eve", Accepted)], &["a"], Doubt, &[("a", Doubt)]),
        (&CONTRACT, &RECALLS, &[("2", Rejected)], &["1"], Doubt, &[("1", Doubt)]),
        (
            &CONTRACT,
            &SENDS,
            &[("a", Accepted), ("eve", Rejected)],
            &["a"],
            Accepted,
            &[("a", Accepted)],
        ),
        (
            &CONTRACT,
            &SENDS,
            &[("a", Rejected), ("eve", Accepted)],
            &["a"],
            Rejected,
            &[("a", Rejected)],
        ),
        // Of a batch the keys are told apart.
        (
            &FOLDS,
            &BATCH,
            &[("k1", Accepted)],
            &["k1", "k2"],
            Doubt,
            &[("k1", Accepted), ("k2", Doubt)],
        ),
        (
            &FOLDS,
            &BATCH,
            &[("k1", Accepted)],
            &["K1", "k2"],
            Doubt,
            &[("K1", Doubt), ("k2", Doubt)],
        ),
        // What a reply names and no request does.
        (&CONTRACT, &APPS, &[("app", Accepted)], &["a", "b"], Accepted, &[("app", Accepted)]),
        // A recall that leaves out a message has not recalled it for certain.
        (
            &CONTRACT,
            &RECALLS,
            &[("b", Accepted)],
            &["a", "b"],
            Doubt,
            &[("b", Accepted), ("a", Doubt)],
        ),
        // Which users a request to everybody reaches is not known.
        (&CONTRACT, &SENDS, &[("b", Accepted)], &[], Accepted, &[("b", Accepted)]),
    ];
    for (contract, operation, told, asked, verdict, expected) in cases {
        let outcome = outcome(contract, operation, told, asked);
        assert_eq!(outcome.verdict, verdict, "{told:?} of {asked:?}");
        let found: Vec<(&str, Verdict)> =
            outcome.targets.iter().map(|one| (one.target.as_str(), one.verdict)).collect();
        assert_eq!(found, expected, "{told:?} of {asked:?}");
    }
}
