//! What people decide on what is unknown.

use super::*;

fn decision(resolved: ResolvedAs) -> Resolution {
    Resolution { resolved, note: None, by: Some("ann".to_owned()), resolved_ms: NOW }
}

fn coded(target: &str, verdict: Verdict, code: &str) -> TargetResult {
    let code = Some(code.to_owned());
    TargetResult { code, ..TargetResult::new(target, verdict) }
}

/// Three requests: one is unknown, one is known in part, one has lost its owner.
fn unknown(stores: &dyn Stores) -> (Ledger, Uuid, Vec<BatchKey>) {
    let mut ledger = stores.create();
    let job = job_intent(1).id;
    let batches = [planned(&["a", "b"]), planned(&["c", "d"]), planned(&["e"]), planned(&["f"])];
    opened(&mut ledger, &job_intent(1), &batches);
    ledger.claim_job(job, NOW).unwrap();
    let keys: Vec<_> =
        ledger.next_batches(job, None, 9).unwrap().iter().map(|batch| batch.key).collect();
    let begins: Vec<BatchChange> = keys[..3].iter().copied().map(begin).collect();
    ledger.commit(job, &begins, &Preconditions::NONE).unwrap();
    let targets = vec![coded("c", Verdict::Rejected, "7")];
    let part = Ending { targets, code: Some("9".to_owned()), ..ending(Verdict::Unknown) };
    let ends = [end(keys[0], Verdict::Unknown), BatchChange::End { batch: keys[1], ending: part }];
    ledger.commit(job, &ends, &Preconditions::NONE).unwrap();
    ledger.release_job(job, NOW).unwrap();
    (ledger, job, keys)
}

fn a_decision_is_about_what_is_unknown_and_is_made_once(stores: &dyn Stores) {
    for (resolved, word) in
        [(ResolvedAs::Accepted, "accepted"), (ResolvedAs::NotAccepted, "unavailable")]
    {
        let (mut ledger, job, _) = unknown(stores);
        let settled = ledger.resolve_job(job, None, &decision(resolved)).unwrap();
        assert_eq!(settled, Settled { batches: 3, targets: 4 });
        let fates = fates(&mut ledger, job);
        assert_eq!(
            fates[2..],
            ["c rejected", &format!("d {word}"), &format!("e {word}"), "f planned"]
        );
        audit(&mut ledger, job);
        let error = ledger.resolve_job(job, None, &decision(resolved)).unwrap_err();
        assert_eq!(error.to_string(), "nothing of the job spring is unknown");
    }
}

fn a_decision_can_be_about_one_request(stores: &dyn Stores) {
    let (mut ledger, job, keys) = unknown(stores);
    let accepted = decision(ResolvedAs::Accepted);
    let settled = ledger.resolve_job(job, Some(keys[0]), &accepted).unwrap();
    assert_eq!(settled, Settled { batches: 1, targets: 2 });
    assert_eq!(fates(&mut ledger, job)[..3], ["a accepted", "b accepted", "c rejected"]);
    audit(&mut ledger, job);
    let error = ledger.resolve_job(job, Some(keys[3]), &accepted).unwrap_err();
    assert_eq!(error.to_string(), "that request of the job spring is not unknown");
    assert_eq!(ledger.job(job).unwrap().state, JobState::Interrupted);
}

fn single_targets_are_decided_on_and_all_of_it_can_become_unknown_again(stores: &dyn Stores) {
    let (yes, no) = (ResolvedAs::Accepted, ResolvedAs::NotAccepted);
    let whom = [(0, "a"), (0, "b"), (1, "d"), (2, "e")];
    // Each choice of none, yes and no for four targets.
    for choice in 0..81_usize {
        let chosen = whom.iter().enumerate().filter_map(|(place, (batch, name))| {
            let resolved = [None, Some(yes), Some(no)][choice / 3_usize.pow(place as u32) % 3]?;
            Some((resolved, *batch, *name))
        });
        let chosen: Vec<(ResolvedAs, usize, &str)> = chosen.collect();
        let (mut ledger, job, keys) = unknown(stores);
        let before =
            ["a unknown", "b unknown", "c rejected", "d unknown", "e unknown", "f planned"];
        for (resolved, batch, name) in &chosen {
            let one = [(keys[*batch], vec![(*name).to_owned()])];
            let settled = ledger.resolve_targets(job, &one, &decision(*resolved)).unwrap();
            assert_eq!(settled, Settled { batches: 1, targets: 1 });
            ledger.resolve_targets(job, &one, &decision(*resolved)).unwrap_err();
            audit(&mut ledger, job);
        }
        let mut expected = before.map(str::to_owned);
        for (resolved, _, name) in &chosen {
            let word = if *resolved == yes { "accepted" } else { "unavailable" };
            let own = expected.iter_mut().find(|fate| fate.starts_with(name)).unwrap();
            *own = format!("{name} {word}");
        }
        assert_eq!(fates(&mut ledger, job), expected, "{choice}");
        let read = ledger.job(job).unwrap();
        assert_eq!(read.targets.unknown, 4 - chosen.len() as u64);
        assert_eq!(read.batches.unknown == 0, chosen.len() == 4, "{choice}");
        let told: u64 = ledger.codes(job).unwrap().iter().map(|code| code.targets).sum();
        assert_eq!(told, 5, "{choice}");
        // What is left is decided on as a whole.
        let is_even = choice % 2 == 0;
        if is_even && chosen.len() < 4 {
            ledger.resolve_job(job, None, &decision(no)).unwrap();
            audit(&mut ledger, job);
            assert_eq!(ledger.job(job).unwrap().targets.unknown, 0);
        }
        let undone = ledger.undo_job(job).unwrap();
        let decided = if is_even { 4 } else { chosen.len() as u64 };
        assert_eq!(undone.targets, decided, "{choice}");
        assert_eq!(fates(&mut ledger, job), before, "{choice}");
        audit(&mut ledger, job);
        assert!(ledger.job(job).unwrap().resolutions.is_empty());
        assert_eq!(ledger.undo_job(job).unwrap(), Settled::default());
    }
}

fn what_is_not_unknown_keeps_all_of_a_list_from_being_decided(stores: &dyn Stores) {
    let (mut ledger, job, keys) = unknown(stores);
    for wrong in [(keys[1], "c"), (keys[0], "z"), (keys[3], "f")] {
        let list = [(keys[0], vec!["a".to_owned()]), (wrong.0, vec![wrong.1.to_owned()])];
        ledger.resolve_targets(job, &list, &decision(ResolvedAs::Accepted)).unwrap_err();
        assert_eq!(fates(&mut ledger, job)[0], "a unknown", "{wrong:?}");
        assert!(ledger.job(job).unwrap().resolutions.is_empty());
        audit(&mut ledger, job);
    }
}

fn a_decision_stands_where_something_was_sent_on_the_strength_of_it(stores: &dyn Stores) {
    for (resolved, later, is_because) in [
        (ResolvedAs::NotAccepted, "user:bob", true),
        (ResolvedAs::NotAccepted, "user:ann", false),
        (ResolvedAs::Accepted, "user:bob", false),
    ] {
        let mut ledger = stores.create();
        let to = |n: u64, at: i64, whom: &str| {
            with(intent(n, at), |one| {
                one.reach.audience = whom.to_owned();
                one.reach.target_count = Some(1);
            })
        };
        let lost = to(1, NOW - 9, "user:bob");
        ledger.begin(&lost, &Preconditions::NONE).unwrap();
        ledger.finish(lost.id, &ending(Verdict::Unknown), None).unwrap();
        let entry = ledger.resolve(lost.id, &decision(resolved)).unwrap();
        assert_eq!(ledger.sent_because_of_entry(&entry).unwrap(), None);
        let again = to(2, NOW + 1, later);
        ledger.begin(&again, &Preconditions::NONE).unwrap();
        ledger.finish(again.id, &ending(Verdict::Accepted), None).unwrap();
        let because = ledger.sent_because_of_entry(&entry).unwrap();
        assert_eq!(because.is_some(), is_because, "{resolved:?} {later}");
        ledger.undo_entry(lost.id).unwrap();
        let entry = ledger.get(lost.id).unwrap();
        assert_eq!(entry.status, EntryStatus::Decided(Verdict::Unknown));
        assert_eq!(ledger.undo_entry(lost.id).unwrap().batches, 0);
    }
}

fn an_id_that_was_found_is_kept_with_the_decision(stores: &dyn Stores) {
    let accepted = decision(ResolvedAs::Accepted);
    let found = |number: &str| ("uid".to_owned(), number.to_owned());
    let ids = |ending: Option<Ending>| ending.map(|ending| ending.ids).unwrap_or_default();
    let mut ledger = stores.create();
    let one = intent(1, NOW);
    ledger.begin(&one, &Preconditions::NONE).unwrap();
    ledger.finish(one.id, &ending(Verdict::Unknown), None).unwrap();
    let id = one.id;
    let entry = ledger.resolve_with_id(id, &accepted, Some(&found("5"))).unwrap();
    assert_eq!(entry.status, EntryStatus::Decided(Verdict::Accepted));
    assert_eq!(ids(entry.ending), [found("5")]);
    assert_eq!(ledger.entries_of_vendor_id("acme", "5", Realm::Real).unwrap().len(), 1);
    ledger.resolve_with_id(id, &accepted, Some(&found("6"))).unwrap_err();
    // Requests of a job: an answer that has an id keeps it.
    let (mut ledger, job, keys) = unknown(stores);
    for (key, number) in keys[..3].iter().zip(["7", "8", "9"]) {
        ledger.resolve_batch_with_id(job, *key, &accepted, &found(number)).unwrap();
        let batch = ledger.batch(job, *key).unwrap().unwrap();
        assert_eq!(batch.state, TargetState::Decided(Verdict::Accepted));
        let kept = ids(batch.ending.clone());
        assert_eq!(kept.len(), 1);
        let (_, id) = &kept[0];
        assert!(ledger.find_batch_by_vendor_id("acme", id, Realm::Real).unwrap().is_some());
    }
    let lost = ledger.batch(job, keys[2]).unwrap().unwrap();
    assert_eq!(ids(lost.ending), [found("9")], "its owner had died");
    audit(&mut ledger, job);
}

fn codes_are_told_with_how_many_they_were_said_to(stores: &dyn Stores) {
    let (mut ledger, job, _) = unknown(stores);
    let told: Vec<(&str, Option<String>, u64)> = ledger
        .codes(job)
        .unwrap()
        .into_iter()
        .map(|code| (code.state.word(), code.code, code.targets))
        .collect();
    assert_eq!(
        told,
        [
            ("unknown", None, 3),
            ("rejected", Some("7".to_owned()), 1),
            ("unknown", Some("9".to_owned()), 1),
        ]
    );
}

fn digests_keep_no_payload_but_the_process_that_planned_has_it_in_hand(stores: &dyn Stores) {
    let job = job_intent(1).id;
    let mut own = stores.create().keep(Bodies::Digested);
    let with_vars =
        PlannedBatch { vars: Some(r#"{"name":"Ann Secret"}"#.to_owned()), ..planned(&["a"]) };
    opened(&mut own, &job_intent(1), &[with_vars]);
    let claim = own.claim_job(job, NOW).unwrap();
    assert_eq!(claim.job.templates[0].body, r#"{"text":"hi"}"#);
    let batch = own.next_batches(job, None, 1).unwrap().remove(0);
    assert!(batch.vars.is_some());
    own.commit(job, &[begin(batch.key)], &Preconditions::NONE).unwrap();
    own.commit(job, &[end(batch.key, Verdict::Accepted)], &Preconditions::NONE).unwrap();
    own.release_job(job, NOW).unwrap();
    let mut other = stores.open(NOW);
    assert_eq!(other.job(job).unwrap().templates[0].body, "");
    assert_eq!(other.batch(job, batch.key).unwrap().unwrap().batch.vars, None);
}

fn what_was_not_accepted_is_planned_again_and_each_target_stands_in_one_place(stores: &dyn Stores) {
    // What is decided on each of the four that are unknown: nothing, one thing, or the other.
    for choice in 0..81_u32 {
        let (mut ledger, job, keys) = unknown(stores);
        let undecided = [(0, "a"), (0, "b"), (1, "d"), (2, "e")];
        let mut expected: Vec<String> = ["c rejected", "f planned"].map(str::to_owned).into();
        let mut not = 0;
        for (place, (batch, target)) in (0..).zip(undecided) {
            let chosen = match choice / 3_u32.pow(place) % 3 {
                0 => None,
                1 => Some(ResolvedAs::Accepted),
                _ => Some(ResolvedAs::NotAccepted),
            };
            if let Some(resolved) = chosen {
                let list = [(keys[batch], vec![target.to_owned()])];
                ledger.resolve_targets(job, &list, &decision(resolved)).unwrap();
            }
            not += u64::from(chosen == Some(ResolvedAs::NotAccepted));
            let word = match chosen {
                None => "unknown",
                Some(ResolvedAs::Accepted) => "accepted",
                Some(ResolvedAs::NotAccepted) => "planned",
            };
            expected.push(format!("{target} {word}"));
        }
        expected.sort();
        assert_eq!(plan_again(&mut ledger, job, &[]).targets, not, "{choice}");
        assert_eq!(fates(&mut ledger, job), expected, "{choice}");
        audit(&mut ledger, job);
        // Once, and each of them is sent by this run.
        assert_eq!(ledger.left_of_not_accepted(job).unwrap().targets, not);
        assert_eq!(plan_again(&mut ledger, job, &[]), Settled::default());
        for batch in ledger.next_batches(job, None, 9).unwrap() {
            ledger.commit(job, &[begin(batch.key)], &Preconditions::NONE).unwrap();
            ledger.commit(job, &[end(batch.key, Verdict::Accepted)], &Preconditions::NONE).unwrap();
        }
        ledger.release_job(job, NOW).unwrap();
        let sent: Vec<String> =
            expected.iter().map(|one| one.replace("planned", "accepted")).collect();
        assert_eq!(fates(&mut ledger, job), sent, "{choice}");
        audit(&mut ledger, job);
    }
}

fn what_cannot_be_cut_is_planned_again_as_a_whole_or_stays(stores: &dyn Stores) {
    let (mut ledger, job, _) = unknown(stores);
    ledger.resolve_job(job, None, &decision(ResolvedAs::NotAccepted)).unwrap();
    let again = plan_again(&mut ledger, job, &[0]);
    assert_eq!(again, Settled { batches: 2, targets: 3 });
    let all = ["a planned", "b planned", "c rejected", "d unavailable", "e planned", "f planned"];
    assert_eq!(fates(&mut ledger, job), all);
    audit(&mut ledger, job);
    // What is planned again is not what a person has decided on any more.
    assert_eq!(ledger.undo_job(job).unwrap(), Settled { batches: 1, targets: 1 });
    assert_eq!(fates(&mut ledger, job)[3], "d unknown");
    audit(&mut ledger, job);
    ledger.resolve_job(job, None, &decision(ResolvedAs::NotAccepted)).unwrap();
    let again = plan_again(&mut ledger, job, &[]);
    assert_eq!(again, Settled { batches: 1, targets: 1 });
    audit(&mut ledger, job);
}

/// Claims a job, and plans again what was resolved as not accepted.
fn plan_again(ledger: &mut Ledger, job: Uuid, uncut: &[u32]) -> Settled {
    let these = ledger.not_accepted(job, uncut).unwrap();
    ledger.claim_to_send_again(job, NOW, &these).unwrap().again
}

fn a_job_that_a_process_works_on_keeps_what_was_not_accepted(stores: &dyn Stores) {
    let (mut ledger, job, _) = unknown(stores);
    ledger.resolve_job(job, None, &decision(ResolvedAs::NotAccepted)).unwrap();
    let these = ledger.not_accepted(job, &[]).unwrap();
    let mut owner = stores.open(NOW);
    owner.claim_job(job, NOW).unwrap();
    assert!(ledger.claim_to_send_again(job, NOW, &these).is_err());
    assert_eq!(ledger.left_of_not_accepted(job).unwrap(), Settled::default());
    drop(owner);
    assert_eq!(plan_again(&mut ledger, job, &[]).targets, 4);
    audit(&mut ledger, job);
}

fn what_is_planned_again_and_does_not_begin_is_not_accepted_as_before(stores: &dyn Stores) {
    // How the run ends: it leaves the job, or its process dies.
    for dies in [false, true] {
        // One is begun by it, or none.
        for begins in [false, true] {
            let (mut ledger, job, keys) = unknown(stores);
            let names = [(keys[0], vec!["a".to_owned()]), (keys[1], vec!["d".to_owned()])];
            ledger.resolve_targets(job, &names, &decision(ResolvedAs::NotAccepted)).unwrap();
            let before = fates(&mut ledger, job);
            let these = ledger.not_accepted(job, &[]).unwrap();
            let mut run = stores.open(NOW);
            let again = run.claim_to_send_again(job, NOW, &these).unwrap().again;
            assert_eq!(again, Settled { batches: 2, targets: 2 });
            let planned = run.next_batches(job, None, 9).unwrap();
            if begins {
                let one = planned.iter().find(|one| one.ids == ["a"]).unwrap().key;
                run.commit(job, &[begin(one)], &Preconditions::NONE).unwrap();
                run.commit(job, &[end(one, Verdict::Accepted)], &Preconditions::NONE).unwrap();
            }
            if !dies {
                run.release_job(job, NOW).unwrap();
            }
            drop(run);
            let mut left = ledger.not_accepted(job, &[]).unwrap();
            let expected: Vec<String> = before
                .iter()
                .map(|one| {
                    if begins && one == "a unavailable" { "a accepted" } else { one }.to_owned()
                })
                .collect();
            assert_eq!(fates(&mut ledger, job), expected);
            audit(&mut ledger, job);
            let mut targets: Vec<String> = left.drain(..).flat_map(|one| one.targets).collect();
            targets.sort();
            assert_eq!(targets, if begins { vec!["d"] } else { vec!["a", "d"] });
            // It can be withdrawn.
            let left = targets.len() as u64;
            assert_eq!(ledger.undo_job(job).unwrap(), Settled { batches: left, targets: left });
            audit(&mut ledger, job);
        }
    }
}

/// One request for two people without an answer for them, though it has ids: a target with a decision is sent to again.
fn a_request_that_was_sent_again_is_found_by_what_is_known_of_it(stores: &dyn Stores) {
    for whom in [&["a", "b"][..], &["a"]] {
        // The run that plans it again may end before it begins; then the next one plans it again.
        for runs in [1, 2] {
            let mut ledger = stores.create();
            let job = job_intent(1).id;
            opened(&mut ledger, &job_intent(1), &[planned(&["a", "b"])]);
            ledger.claim_job(job, NOW).unwrap();
            let first = ledger.next_batches(job, None, 1).unwrap()[0].key;
            ledger.commit(job, &[begin(first)], &Preconditions::NONE).unwrap();
            let own = |target: &str| TargetResult {
                id: Some(format!("of-{target}")),
                ..TargetResult::new(target, Verdict::Unknown)
            };
            let ids =
                vec![("m".to_owned(), "one".to_owned()), ("n".to_owned(), "other".to_owned())];
            let lost =
                Ending { ids, targets: vec![own("a"), own("b")], ..ending(Verdict::Unknown) };
            let ends = [BatchChange::End { batch: first, ending: lost }];
            ledger.commit(job, &ends, &Preconditions::NONE).unwrap();
            ledger.release_job(job, NOW).unwrap();
            let names = whom.iter().map(|one| (*one).to_owned()).collect();
            let not = decision(ResolvedAs::NotAccepted);
            ledger.resolve_targets(job, &[(first, names)], &not).unwrap();
            for run in 1..=runs {
                assert_eq!(plan_again(&mut ledger, job, &[]).targets, whom.len() as u64);
                if run < runs {
                    ledger.release_job(job, NOW).unwrap();
                    audit(&mut ledger, job);
                }
            }
            let second = ledger.next_batches(job, None, 1).unwrap()[0].key;
            ledger.commit(job, &[begin(second)], &Preconditions::NONE).unwrap();
            ledger.commit(job, &[end(second, Verdict::Accepted)], &Preconditions::NONE).unwrap();
            ledger.release_job(job, NOW).unwrap();
            audit(&mut ledger, job);
            let leaves_none = whom.len() == 2;
            let repeat =
                Repeat { batch: second, of: first, targets: whom.len() as u64, leaves_none };
            assert_eq!(ledger.repeats(job).unwrap(), [repeat]);
            let mut requests = Vec::new();
            let mut take = |batch: JobBatch| {
                requests.push(batch);
                ControlFlow::Continue(())
            };
            ledger.each_batch(job, BatchFilter::Requests, &mut take).unwrap();
            let keys: Vec<BatchKey> = requests.iter().map(|one| one.batch.key).collect();
            assert_eq!(keys, [first, second]);
            assert!(requests[0].started_ms.is_some());
            for id in ["one", "other", "of-a", "of-b"] {
                let (_, found) = ledger
                    .find_batch_by_vendor_id("acme", id, Realm::Real)
                    .unwrap()
                    .expect("it went out");
                assert_eq!(found.batch.key, first, "{id}");
                assert_eq!(found.ending.unwrap().ids[0].1, "one");
                let left = if leaves_none { 2 } else { 1 };
                assert_eq!(found.batch.ids.len(), left);
            }
            // A withdrawn decision about others leaves that one as it is.
            assert_eq!(ledger.undo_job(job).unwrap(), Settled::default());
            audit(&mut ledger, job);
        }
    }
}

fn a_decision_on_single_targets_is_withdrawn_and_others_keep_theirs(stores: &dyn Stores) {
    let (yes, no) = (ResolvedAs::Accepted, ResolvedAs::NotAccepted);
    let whom = [(0, "a"), (0, "b"), (1, "d"), (2, "e")];
    let word = |resolved| if resolved == yes { "accepted" } else { "unavailable" };
    // Each choice of those whose decision is withdrawn; all were decided on one by one, or together, or both.
    for choice in 1..16_usize {
        for (alone, rest) in [(&whom[..], None), (&whom[..0], Some(no)), (&whom[..1], Some(yes))] {
            let (mut ledger, job, keys) = unknown(stores);
            let one = |(batch, name): (usize, &str)| [(keys[batch], vec![name.to_owned()])];
            let mut expected =
                ["a unknown", "b unknown", "c rejected", "d unknown", "e unknown", "f planned"]
                    .map(str::to_owned);
            let decides = |expected: &mut [String], name: &str, word: &str| {
                let own = expected.iter_mut().find(|fate| fate.starts_with(name)).unwrap();
                *own = format!("{name} {word}");
            };
            for (place, (batch, name)) in alone.iter().enumerate() {
                let resolved = if place % 2 == 0 { no } else { yes };
                ledger.resolve_targets(job, &one((*batch, name)), &decision(resolved)).unwrap();
                decides(&mut expected, name, word(resolved));
            }
            if let Some(resolved) = rest {
                ledger.resolve_job(job, None, &decision(resolved)).unwrap();
                for (_, name) in &whom[alone.len()..] {
                    decides(&mut expected, name, word(resolved));
                }
            }
            assert_eq!(fates(&mut ledger, job), expected);
            // One without a decision keeps all from being withdrawn.
            let wrong = [(keys[0], vec!["a".to_owned()]), (keys[1], vec!["c".to_owned()])];
            ledger.undo_targets(job, &wrong).unwrap_err();
            let gone = whom.iter().enumerate().filter(|(place, _)| choice >> place & 1 == 1);
            let gone: Vec<(usize, &str)> = gone.map(|(_, one)| *one).collect();
            let mut list: Vec<(BatchKey, Vec<String>)> = Vec::new();
            for (batch, name) in &gone {
                match list.iter_mut().find(|(key, _)| *key == keys[*batch]) {
                    Some((_, names)) => names.push((*name).to_owned()),
                    None => list.push((keys[*batch], vec![(*name).to_owned()])),
                }
                decides(&mut expected, name, "unknown");
            }
            let undone = ledger.undo_targets(job, &list).unwrap();
            assert_eq!(undone.targets, gone.len() as u64, "{choice}");
            assert_eq!(fates(&mut ledger, job), expected, "{choice}");
            audit(&mut ledger, job);
            ledger.undo_targets(job, &list).unwrap_err();
            assert_eq!(ledger.job(job).unwrap().resolutions.is_empty(), choice == 15);
            // They are decided on again, and all of it is withdrawn.
            ledger.resolve_job(job, None, &decision(yes)).unwrap();
            audit(&mut ledger, job);
            assert_eq!(ledger.undo_job(job).unwrap().targets, 4);
            assert!(ledger.job(job).unwrap().resolutions.is_empty());
            audit(&mut ledger, job);
        }
    }
}

fn the_decision_on_one_request_is_withdrawn_alone(stores: &dyn Stores) {
    let (mut ledger, job, keys) = unknown(stores);
    ledger.resolve_job(job, None, &decision(ResolvedAs::Accepted)).unwrap();
    assert_eq!(ledger.undo_batch(job, keys[0]).unwrap(), Settled { batches: 1, targets: 2 });
    let expected =
        ["a unknown", "b unknown", "c rejected", "d accepted", "e accepted", "f planned"];
    assert_eq!(fates(&mut ledger, job), expected);
    audit(&mut ledger, job);
    assert_eq!(ledger.undo_batch(job, keys[0]).unwrap(), Settled::default());
    assert_eq!(ledger.undo_job(job).unwrap(), Settled { batches: 2, targets: 2 });
    audit(&mut ledger, job);
}

passed_by_each_store! {
    a_decision_on_single_targets_is_withdrawn_and_others_keep_theirs,
    the_decision_on_one_request_is_withdrawn_alone,
    a_request_that_was_sent_again_is_found_by_what_is_known_of_it,
    what_was_not_accepted_is_planned_again_and_each_target_stands_in_one_place,
    what_cannot_be_cut_is_planned_again_as_a_whole_or_stays,
    single_targets_are_decided_on_and_all_of_it_can_become_unknown_again,
    what_is_not_unknown_keeps_all_of_a_list_from_being_decided,
    a_decision_stands_where_something_was_sent_on_the_strength_of_it,
    a_decision_is_about_what_is_unknown_and_is_made_once,
    an_id_that_was_found_is_kept_with_the_decision,
    a_decision_can_be_about_one_request,
    codes_are_told_with_how_many_they_were_said_to,
}

passed_by_shared_stores! {
    what_is_planned_again_and_does_not_begin_is_not_accepted_as_before,
    a_job_that_a_process_works_on_keeps_what_was_not_accepted,
    digests_keep_no_payload_but_the_process_that_planned_has_it_in_hand,
}
