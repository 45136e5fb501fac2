//! Jobs: who may work on one, where its batches stand, what is found.

use proptest::prelude::*;

use super::*;

fn a_job_goes_from_planned_to_finished(stores: &dyn Stores) {
    let (mut ledger, job, keys) = three(stores);
    assert_eq!(keys.iter().map(|key| key.number()).collect::<Vec<_>>(), [1, 2, 3]);
    let all: Vec<BatchChange> = keys.iter().copied().map(begin).collect();
    assert_eq!(ledger.commit(job, &all, &Preconditions::NONE).unwrap(), Permit::Granted);
    assert_eq!(fates(&mut ledger, job), ["a sending", "b sending", "c sending", "d sending"]);
    assert!(ledger.next_batches(job, None, 9).unwrap().is_empty());
    let ends = [
        end(keys[0], Verdict::Accepted),
        end(keys[1], Verdict::Denied),
        end(keys[2], Verdict::Unknown),
    ];
    ledger.commit(job, &ends, &Preconditions::NONE).unwrap();
    assert_eq!(fates(&mut ledger, job), ["a accepted", "b accepted", "c rejected", "d unknown"]);
    audit(&mut ledger, job);
    ledger.release_job(job, NOW + 9).unwrap();
    let job = ledger.job(job).unwrap();
    assert_eq!(
        (job.state, job.ended_ms, job.begun_ms),
        (JobState::Finished, Some(NOW + 9), Some(NOW + 1))
    );
    assert_eq!((job.batches.accepted, job.targets.accepted, job.targets.total()), (1, 2, 4));
}

fn what_was_planned_is_handed_out_in_order_from_where_it_is_wanted(stores: &dyn Stores) {
    let (mut ledger, job, keys) = three(stores);
    let next = ledger.next_batches(job, Some(keys[0]), 1).unwrap();
    assert_eq!(
        (next.len(), next[0].key, next[0].ids.as_slice()),
        (1, keys[1], &["c".to_owned()][..])
    );
    ledger.commit(job, &[begin(keys[1])], &Preconditions::NONE).unwrap();
    assert_eq!(super::keys(&mut ledger, job), [keys[0], keys[2]]);
    // A second time nothing of it may leave.
    assert!(ledger.commit(job, &[begin(keys[0]), begin(keys[1])], &Preconditions::NONE).is_err());
    assert_eq!(super::keys(&mut ledger, job), [keys[0], keys[2]]);
    assert!(ledger.commit(job, &[end(keys[2], Verdict::Accepted)], &Preconditions::NONE).is_err());
    audit(&mut ledger, job);
}

fn a_job_that_is_being_planned_cannot_be_found_resumed_or_kept(stores: &dyn Stores) {
    let mut ledger = stores.create();
    let intent = job_intent(1);
    ledger.plan_job(&intent).unwrap();
    ledger.plan_template(intent.id, &job_template()).unwrap();
    ledger.plan_batches(intent.id, &[planned(&["a"])]).unwrap();
    assert_eq!(ledger.job(intent.id).unwrap().state, JobState::Planning);
    let error = ledger.claim_job(intent.id, NOW).unwrap_err();
    assert_eq!(error.to_string(), "the job spring is still being planned");
    assert!(ledger.opened_job(intent.id).unwrap().is_none());
    ledger.jobs(&Filter::default(), &mut |job| panic!("{job:?}")).unwrap();
    ledger.discard_job(intent.id).unwrap();
    assert!(ledger.job(intent.id).is_err());
    opened(&mut ledger, &intent, &[planned(&["a"])]);
    assert!(ledger.discard_job(intent.id).is_err());
}

fn opening_says_what_the_list_was(stores: &dyn Stores) {
    let mut ledger = stores.create();
    let intent = job_intent(1);
    ledger.plan_job(&intent).unwrap();
    let opening = Opening {
        audience: "2 users".to_owned(),
        fingerprint: "abc".to_owned(),
        overrides: vec!["quiet_hours".to_owned()],
        settings: "{\"n\":1}".to_owned(),
    };
    ledger.open_job(intent.id, &opening, None).unwrap();
    assert_eq!(Opening::of(&ledger.job(intent.id).unwrap().intent), opening);
}

fn what_is_done_is_not_claimed_again(stores: &dyn Stores) {
    let (mut ledger, job, keys) = three(stores);
    let all: Vec<BatchChange> = keys.iter().copied().map(begin).collect();
    ledger.commit(job, &all, &Preconditions::NONE).unwrap();
    let ends: Vec<BatchChange> = keys.iter().map(|key| end(*key, Verdict::Accepted)).collect();
    ledger.commit(job, &ends, &Preconditions::NONE).unwrap();
    ledger.release_job(job, NOW).unwrap();
    let error = ledger.claim_job(job, NOW).unwrap_err();
    assert_eq!(error.to_string(), "the job spring has nothing left to do");
    assert_eq!(ledger.job(job).unwrap().state, JobState::Finished);
}

fn who_leaves_with_batches_begun_leaves_them_unknown(stores: &dyn Stores) {
    let (mut ledger, job, keys) = three(stores);
    ledger.commit(job, &[begin(keys[0])], &Preconditions::NONE).unwrap();
    ledger.release_job(job, NOW).unwrap();
    assert_eq!(ledger.job(job).unwrap().state, JobState::Interrupted);
    assert_eq!(fates(&mut ledger, job), ["a unknown", "b unknown", "c planned", "d planned"]);
    audit(&mut ledger, job);
    // And nothing more can be done without owning it.
    assert!(ledger.commit(job, &[begin(keys[1])], &Preconditions::NONE).is_err());
    let claim = ledger.claim_job(job, NOW).unwrap();
    assert_eq!((claim.orphaned, claim.recognisable), (0, 0));
}

fn a_stop_keeps_endings_and_begins_nothing(stores: &dyn Stores) {
    let (mut ledger, job, keys) = three(stores);
    ledger.commit(job, &[begin(keys[0])], &Preconditions::NONE).unwrap();
    assert_eq!(ledger.ask_to_stop(job, NOW + 2).unwrap().state, JobState::Stopping);
    let both = [end(keys[0], Verdict::Accepted), begin(keys[1])];
    assert_eq!(ledger.commit(job, &both, &Preconditions::NONE).unwrap(), Permit::Stopped);
    assert_eq!(fates(&mut ledger, job), ["a accepted", "b accepted", "c planned", "d planned"]);
    ledger.release_job(job, NOW + 3).unwrap();
    assert_eq!(ledger.job(job).unwrap().state, JobState::Stopped);
    assert_eq!(ledger.ask_to_stop(job, NOW + 4).unwrap().state, JobState::Stopped);
    // A writer that claims it again means to go on.
    ledger.claim_job(job, NOW + 5).unwrap();
    assert_eq!(
        ledger.commit(job, &[begin(keys[1])], &Preconditions::NONE).unwrap(),
        Permit::Granted
    );
}

fn again_keeps_what_a_vendor_could_recognise_and_forgets_what_never_left(stores: &dyn Stores) {
    for (doubtful, first) in [(false, None), (true, Some(NOW + 1))] {
        let (mut ledger, job, keys) = three(stores);
        let dedupe_id = Some("cid-1".to_owned());
        ledger
            .commit(
                job,
                &[BatchChange::Begin { batch: keys[0], started_ms: NOW + 1, dedupe_id }],
                &Preconditions::NONE,
            )
            .unwrap();
        ledger
            .commit(
                job,
                &[BatchChange::RetryAfter { batch: keys[0], attempts: 1, doubtful }],
                &Preconditions::NONE,
            )
            .unwrap();
        let batch = ledger.next_batches(job, None, 1).unwrap().remove(0);
        assert_eq!(
            (
                batch.key,
                batch.attempts,
                batch.first_started_ms,
                batch.doubtful,
                batch.dedupe_id.as_deref()
            ),
            (keys[0], 1, first, doubtful, Some("cid-1"))
        );
        // The key belongs to the batch: a beginning with another one, or with none, is refused and changes nothing.
        for other in [Some("x".to_owned()), None] {
            let begin = BatchChange::Begin {
                batch: keys[0],
                started_ms: NOW + 50,
                dedupe_id: other.clone(),
            };
            let error = ledger.commit(job, &[begin], &Preconditions::NONE).unwrap_err();
            assert_eq!(error.exit().code(), 70, "{other:?}");
            assert_eq!(super::keys(&mut ledger, job)[0], keys[0], "{other:?}");
        }
        let again =
            BatchChange::Begin { batch: keys[0], started_ms: NOW + 50, dedupe_id: batch.dedupe_id };
        ledger.commit(job, &[again], &Preconditions::NONE).unwrap();
        let batch = ledger.batch(job, keys[0]).unwrap().unwrap().batch;
        assert_eq!((batch.dedupe_id.as_deref(), batch.attempts), (Some("cid-1"), 2));
        assert_eq!(batch.first_started_ms, Some(if doubtful { NOW + 1 } else { NOW + 50 }));
        audit(&mut ledger, job);
    }
}

fn what_may_have_arrived_and_is_not_sent_again_is_unknown(stores: &dyn Stores) {
    let again = |batch| BatchChange::RetryAfter { batch, attempts: 1, doubtful: true };
    // A writer that gives it up says so; of one that dies it is said.
    for is_given_up in [true, false] {
        let (mut ledger, job, keys) = three(stores);
        ledger.commit(job, &[begin(keys[0])], &Preconditions::NONE).unwrap();
        ledger.commit(job, &[again(keys[0])], &Preconditions::NONE).unwrap();
        assert_eq!(fates(&mut ledger, job)[..2], ["a sending", "b sending"]);
        audit(&mut ledger, job);
        if is_given_up {
            ledger.commit(job, &[end(keys[0], Verdict::Unknown)], &Preconditions::NONE).unwrap();
        } else {
            ledger.release_job(job, NOW + 2).unwrap();
        }
        assert_eq!(fates(&mut ledger, job)[..2], ["a unknown", "b unknown"]);
        audit(&mut ledger, job);
    }
}

fn a_batch_that_is_split_leaves_each_target_in_one_part(stores: &dyn Stores) {
    let (mut ledger, job, keys) = three(stores);
    ledger.commit(job, &[begin(keys[0])], &Preconditions::NONE).unwrap();
    let parts = vec![planned(&["a"]), planned(&["b"])];
    ledger
        .commit(job, &[BatchChange::Split { batch: keys[0], parts }], &Preconditions::NONE)
        .unwrap();
    assert_eq!(fates(&mut ledger, job), ["a planned", "b planned", "c planned", "d planned"]);
    assert_eq!(
        super::keys(&mut ledger, job).iter().map(|key| key.0).collect::<Vec<_>>(),
        [2, 3, 4, 5]
    );
    assert!(ledger.batch(job, keys[0]).unwrap().is_none());
    audit(&mut ledger, job);
}

fn only_a_repeat_that_the_vendor_would_recognise_is_planned_again(stores: &dyn Stores) {
    let (mut ledger, job, keys) = three(stores);
    let starts = [(NOW + 1, Some("x")), (NOW + 1, None), (NOW - 9, Some("y"))];
    let begins: Vec<BatchChange> = keys
        .iter()
        .zip(starts)
        .map(|(batch, (started_ms, id))| BatchChange::Begin {
            batch: *batch,
            started_ms,
            dedupe_id: id.map(str::to_owned),
        })
        .collect();
    ledger.commit(job, &begins, &Preconditions::NONE).unwrap();
    ledger.release_job(job, NOW).unwrap();
    let claim = ledger.claim_job(job, NOW).unwrap();
    assert_eq!((claim.recognisable, claim.job.targets.unknown), (2, 4));
    assert_eq!(ledger.requeue_doubtful(job, 1, &(NOW..=NOW)).unwrap(), 0);
    assert_eq!(ledger.requeue_doubtful(job, 0, &(NOW..=NOW)).unwrap(), 0, "it has yet to begin");
    assert_eq!(ledger.requeue_doubtful(job, 0, &(NOW..=NOW + 1)).unwrap(), 1);
    let batch = ledger.next_batches(job, None, 9).unwrap().remove(0);
    assert_eq!((batch.key, batch.doubtful, batch.attempts), (keys[0], true, 1));
    assert_eq!((batch.dedupe_id.as_deref(), batch.first_started_ms), (Some("x"), Some(NOW + 1)));
    audit(&mut ledger, job);
}

fn filters_hold_what_they_say(stores: &dyn Stores) {
    let mut ledger = stores.create();
    let intent = job_intent(1);
    let names = ["accepted", "partial", "rejected", "unavailable", "unknown", "sending", "planned"];
    opened(&mut ledger, &intent, &names.map(|name| planned(&[name])));
    ledger.claim_job(intent.id, NOW).unwrap();
    let keys = keys(&mut ledger, intent.id);
    let begins: Vec<BatchChange> = keys[..6].iter().copied().map(begin).collect();
    ledger.commit(intent.id, &begins, &Preconditions::NONE).unwrap();
    let verdicts = [
        Verdict::Accepted,
        Verdict::Partial,
        Verdict::Rejected,
        Verdict::Unavailable,
        Verdict::Unknown,
    ];
    let ends: Vec<BatchChange> =
        keys.iter().zip(verdicts).map(|(key, verdict)| end(*key, verdict)).collect();
    ledger.commit(intent.id, &ends, &Preconditions::NONE).unwrap();
    for (filter, expected) in [
        (BatchFilter::All, names.to_vec()),
        (BatchFilter::Planned, vec!["planned"]),
        (BatchFilter::Unknown, vec!["unknown"]),
        (BatchFilter::Failed, vec!["partial", "rejected", "unavailable", "planned"]),
        (BatchFilter::Reached, vec!["accepted", "partial", "unknown", "sending"]),
    ] {
        let mut found = Vec::new();
        ledger
            .each_batch(intent.id, filter, &mut |batch| {
                found.extend(batch.batch.ids);
                ControlFlow::Continue(())
            })
            .unwrap();
        assert_eq!(found, expected, "{filter:?}");
    }
}

/// Whatever happens in whatever order: each target in one state, counts as the batches say.
fn each_target_is_in_exactly_one_state(stores: &dyn Stores) {
    let steps = prop::collection::vec((0_u8..7, any::<u8>()), 0..60);
    proptest!(ProptestConfig::with_cases(stores.cases()), |(steps in steps)| {
        let mut ledger = stores.create();
        let intent = job_intent(1);
        let ids: Vec<String> = (0..12).map(|n| format!("u{n:02}")).collect();
        let batches: Vec<PlannedBatch> = ids.chunks(3).map(|ids| PlannedBatch { template: 0, ids: ids.to_vec(), vars: None }).collect();
        opened(&mut ledger, &intent, &batches);
        ledger.claim_job(intent.id, NOW).unwrap();
        for (step, pick) in steps {
            let mut begun = Vec::new();
            ledger.each_batch(intent.id, BatchFilter::All, &mut |batch| {
                if batch.state == TargetState::Sending { begun.push(batch.batch); }
                ControlFlow::Continue(())
            }).unwrap();
            let planned = ledger.next_batches(intent.id, None, 100).unwrap();
            // What may have arrived and is planned again is no longer begun.
            begun.retain(|one| planned.iter().all(|again| again.key != one.key));
            let of = |list: &[Batch]| list.get(usize::from(pick) % list.len().max(1)).cloned();
            let change = match step {
                0 | 1 => of(&planned).map(|one| BatchChange::Begin { batch: one.key, started_ms: NOW, dedupe_id: Some("d".to_owned()) }),
                2 => of(&begun).map(|one| end(one.key, [Verdict::Accepted, Verdict::Unknown, Verdict::Rejected][usize::from(pick) % 3])),
                3 => of(&begun).map(|one| BatchChange::End { batch: one.key, ending: Ending {
                    targets: one.ids.iter().take(usize::from(pick) % 3).map(|id| told(id, Verdict::Rejected, None)).collect(),
                    ..ending(Verdict::Partial)
                } }),
                4 => of(&begun).map(|one| BatchChange::RetryAfter { batch: one.key, attempts: one.attempts, doubtful: pick % 2 == 0 }),
                5 => of(&begun).map(|one| BatchChange::Split { batch: one.key, parts: one.ids.iter().map(|id| planned_one(id)).collect() }),
                _ => {
                    ledger.release_job(intent.id, NOW).unwrap();
                    if ledger.claim_job(intent.id, NOW).is_err() { break; }
                    ledger.requeue_doubtful(intent.id, 0, &(NOW..=NOW)).unwrap();
                    None
                }
            };
            if let Some(change) = change {
                ledger.commit(intent.id, &[change], &Preconditions::NONE).unwrap();
            }
            let found: Vec<String> = fates(&mut ledger, intent.id).iter().map(|fate| fate[..3].to_owned()).collect();
            prop_assert_eq!(&found, &ids);
            audit(&mut ledger, intent.id);
        }
    });
}

fn planned_one(id: &str) -> PlannedBatch {
    planned(&[id])
}

passed_by_each_store! {
    a_job_goes_from_planned_to_finished,
    what_was_planned_is_handed_out_in_order_from_where_it_is_wanted,
    a_job_that_is_being_planned_cannot_be_found_resumed_or_kept,
    opening_says_what_the_list_was,
    what_is_done_is_not_claimed_again,
    who_leaves_with_batches_begun_leaves_them_unknown,
    a_stop_keeps_endings_and_begins_nothing,
    again_keeps_what_a_vendor_could_recognise_and_forgets_what_never_left,
    what_may_have_arrived_and_is_not_sent_again_is_unknown,
    a_batch_that_is_split_leaves_each_target_in_one_part,
    only_a_repeat_that_the_vendor_would_recognise_is_planned_again,
    filters_hold_what_they_say,
    each_target_is_in_exactly_one_state,
}
