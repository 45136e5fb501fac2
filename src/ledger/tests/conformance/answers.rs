//! What vendors said of batches and of single targets.

use super::*;

fn of_a_mixed_answer_each_target_has_its_own_fate(stores: &dyn Stores) {
    use Verdict::{Accepted, Partial, Rejected, Unknown};
    for (verdict, targets, expected) in [
        (Partial, vec![told("b", Rejected, None)], ["a accepted", "b rejected"]),
        (
            Partial,
            vec![told("a", Accepted, Some("1")), told("b", Rejected, None)],
            ["a accepted", "b rejected"],
        ),
        // Who names those that he took says nothing of the others.
        (Partial, vec![told("a", Accepted, None)], ["a accepted", "b unknown"]),
        (Partial, vec![], ["a partial", "b partial"]),
        (
            Accepted,
            vec![told("a", Accepted, Some("7")), told("b", Accepted, None)],
            ["a accepted", "b accepted"],
        ),
        (Unknown, vec![told("b", Accepted, None)], ["a unknown", "b accepted"]),
        // A target that was never asked for changes nothing.
        (Rejected, vec![told("z", Accepted, None)], ["a rejected", "b rejected"]),
        (
            Rejected,
            vec![told("b", Accepted, None), told("b", Rejected, None)],
            ["a rejected", "b accepted"],
        ),
    ] {
        let (mut ledger, job, keys) = three(stores);
        ledger.commit(job, &[begin(keys[0])], &Preconditions::NONE).unwrap();
        let said = Ending { targets, ..ending(verdict) };
        ledger
            .commit(
                job,
                &[BatchChange::End { batch: keys[0], ending: said.clone() }],
                &Preconditions::NONE,
            )
            .unwrap();
        assert_eq!(fates(&mut ledger, job)[..2], expected, "{said:?}");
        audit(&mut ledger, job);
    }
}

fn a_vendors_id_leads_to_its_batch_wherever_it_stood(stores: &dyn Stores) {
    let (mut ledger, job, keys) = three(stores);
    ledger.commit(job, &[begin(keys[0]), begin(keys[1])], &Preconditions::NONE).unwrap();
    let ids = vec![("msg_id".to_owned(), "007".to_owned()), ("sendno".to_owned(), "5".to_owned())];
    let targets = vec![told("b", Verdict::Accepted, Some("m-b"))];
    let all = Ending {
        ids: ids.clone(),
        targets,
        code: Some("0".to_owned()),
        ..ending(Verdict::Accepted)
    };
    ledger
        .commit(
            job,
            &[BatchChange::End { batch: keys[0], ending: all.clone() }],
            &Preconditions::NONE,
        )
        .unwrap();
    for id in ["007", "5", "m-b"] {
        let (found, batch) =
            ledger.find_batch_by_vendor_id("acme", id, Realm::Real).unwrap().unwrap();
        assert_eq!((found.intent.id, batch.batch.key), (job, keys[0]));
        assert_eq!(format!("{:?}", batch.ending.unwrap()), format!("{all:?}"));
    }
    for (provider, id, realm) in
        [("acme", "7", Realm::Real), ("zeta", "007", Realm::Real), ("acme", "007", Realm::Sandbox)]
    {
        assert!(ledger.find_batch_by_vendor_id(provider, id, realm).unwrap().is_none());
    }
}

fn a_target_has_its_own_id_or_that_of_its_batch_and_never_that_of_another(stores: &dyn Stores) {
    use Verdict::{Accepted, Partial, Rejected};
    for (targets, expected) in [
        (vec![], [Some("9"), Some("9")]),
        (vec![told("b", Rejected, None)], [Some("9"), Some("9")]),
        (vec![told("a", Accepted, Some("7"))], [Some("7"), None]),
    ] {
        let (mut ledger, job, keys) = three(stores);
        ledger.commit(job, &[begin(keys[0])], &Preconditions::NONE).unwrap();
        let ids = vec![("msg_id".to_owned(), "9".to_owned())];
        let verdict = if targets.is_empty() { Accepted } else { Partial };
        let said = Ending { targets, ids, ..ending(verdict) };
        ledger
            .commit(job, &[BatchChange::End { batch: keys[0], ending: said }], &Preconditions::NONE)
            .unwrap();
        let batch = ledger.batch(job, keys[0]).unwrap().unwrap();
        assert_eq!(batch.fates().map(|fate| fate.id).collect::<Vec<_>>(), expected);
    }
}

passed_by_each_store! {
    of_a_mixed_answer_each_target_has_its_own_fate,
    a_vendors_id_leads_to_its_batch_wherever_it_stood,
    a_target_has_its_own_id_or_that_of_its_batch_and_never_that_of_another,
}
