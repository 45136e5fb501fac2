//! How runs end: canaries, limits, deadlines, stops, refused payloads, failing journals.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use crate::broadcast::abort::Canary;
use crate::broadcast::engine::tests::plain::Memory;
use crate::broadcast::engine::tests::run_script::RunScript;
use crate::broadcast::engine::tests::site::{ONCE, SEND, Site, reply};
use crate::broadcast::engine::tests::*;
use crate::ledger::Permit;
use crate::outcome::Verdict;
use crate::send::executor::Halt;

const ACCEPTED: TargetState = TargetState::Decided(Verdict::Accepted);
const REJECTED: TargetState = TargetState::Decided(Verdict::Rejected);
const UNKNOWN: TargetState = TargetState::Decided(Verdict::Unknown);

/// A server that refuses every request that names one of these.
fn picky(bad: &[&str]) -> Site {
    let bad: Vec<String> = bad.iter().map(|id| (*id).to_owned()).collect();
    Site::plain(move |ids, _| {
        let refused = ids.iter().any(|id| bad.contains(id));
        reply(if refused { 400 } else { 200 }, &[])
    })
}

#[test]
fn one_bad_target_does_not_spoil_the_others() {
    for bad in
        [&["u0"][..], &["u0", "u1"], &["u7", "u500", "u999"], &["u1", "u3", "u5", "u7", "u9"]]
    {
        for concurrency in [1, 16] {
            let site = picky(bad);
            let mut journal = Memory::of(&names(1000), 1000);
            let came = RunScript::to(&site, concurrency).run(&mut journal);
            assert!(came.report.halt.is_none(), "{bad:?}: {:?}", came.report.halt);
            assert_eq!(journal.count(ACCEPTED), 1000 - bad.len(), "{bad:?}");
            assert!(bad.iter().all(|id| journal.fates[*id] == REJECTED), "{bad:?}");
            site.compare(&journal.fates, 0);
            assert_eq!(came.witness.ended.concat().len(), 1000, "told of each once");
        }
    }
}

#[test]
fn bad_targets_in_every_batch_are_no_bad_payload() {
    let bad: Vec<String> = (0..100).map(|n| format!("u{}", n * 100 + 17)).collect();
    let bad: Vec<&str> = bad.iter().map(String::as_str).collect();
    let site = picky(&bad);
    let mut journal = Memory::of(&names(10_000), 100);
    let came = RunScript::to(&site, 16).run(&mut journal);
    assert!(came.report.halt.is_none(), "{:?}", came.report.halt);
    assert_eq!((journal.count(ACCEPTED), journal.count(REJECTED)), (9900, 100));
}

#[test]
fn a_payload_that_is_refused_for_everybody_is_found_out_soon_and_the_rest_stays() {
    let site = Site::plain(|_, _| reply(400, &[]));
    let mut journal = Memory::of(&names(20_000), 1000);
    let came = RunScript::to(&site, 16).run(&mut journal);
    assert!(matches!(came.report.halt, Some(Halt::Payload)), "{:?}", came.report.halt);
    assert!(came.report.requests <= 2 * 10 + 6, "{}", came.report.requests);
    assert!(journal.count(TargetState::Planned) >= 15_000);
    assert_eq!(journal.begun, 0);
}

#[test]
fn a_payload_that_is_refused_to_one_after_the_other_is_found_out_as_well() {
    let site = Site::plain(|_, _| reply(400, &[]));
    for concurrency in [1, 16] {
        let mut journal = Memory::of(&names(5000), 1);
        let came = RunScript::to(&site, concurrency).run(&mut journal);
        assert!(matches!(came.report.halt, Some(Halt::Payload)), "{:?}", came.report.halt);
        assert!(came.report.requests <= 20 + 3, "{}", came.report.requests);
        assert_eq!(journal.begun, 0);
        assert!(journal.count(TargetState::Planned) >= 4970);
    }
    // Nineteen bad ones at the beginning do not stop the run, and no number does once a target got the message.
    for (from, to) in [(0, 19), (1, 200)] {
        let bad: Vec<String> = (from..to).map(|n| format!("u{n}")).collect();
        let site = picky(&bad.iter().map(String::as_str).collect::<Vec<_>>());
        let mut journal = Memory::of(&names(300), 1);
        let came = RunScript::to(&site, 1).run(&mut journal);
        assert!(came.report.halt.is_none(), "{:?}", came.report.halt);
        assert_eq!(journal.count(ACCEPTED), 300 - bad.len());
    }
}

#[test]
fn the_many_wait_until_the_few_are_answered_and_watched() {
    for (latency, soak) in [((1, 5), 60), ((4000, 9000), 60), ((1000, 1000), 0)] {
        // The first answer asks for another attempt, which is one of the few's, too.
        let mut count = 0;
        let site = Site::plain(move |_, _| {
            count += 1;
            if count == 1 { reply(429, &[("retry-after", "2")]) } else { reply(200, &[]) }
        });
        let mut way = RunScript::to(&site, 16);
        way.faults.latency = latency;
        let soak = Duration::from_secs(soak);
        way.settings.limits.canary = Some(Canary { targets: 10, soak });
        let mut journal = Memory::of(&names(100), 1);
        let came = way.run(&mut journal);
        assert!(came.report.halt.is_none());
        assert_eq!(journal.count(ACCEPTED), 100);
        // Eleven requests for ten targets, and then the others.
        let last = came.started[10] + Duration::from_millis(2 * latency.0);
        assert!(came.started[11] >= last + soak, "{:?}", came.started);
    }
}

#[test]
fn a_vendor_that_wants_a_long_pause_gets_no_more_whatever_became_of_the_one_before() {
    for (status, state) in [(503, UNKNOWN), (429, TargetState::Planned)] {
        let mut count = 0;
        let site = Site::plain(move |_, _| {
            count += 1;
            let long = [("retry-after", "3600")];
            if count == 10 { reply(status, &long) } else { reply(200, &[]) }
        });
        let mut journal = Memory::of(&names(100), 1);
        let mut way = RunScript::to(&site, 4);
        way.faults.latency = (30, 30);
        let came = way.run(&mut journal);
        assert!(matches!(came.report.halt, Some(Halt::Throttled)), "{:?}", came.report.halt);
        assert!(came.report.requests <= 13, "{}", came.report.requests);
        assert!(journal.count(state) >= 1);
        assert_eq!(
            u64::try_from(journal.count(ACCEPTED)).unwrap(),
            came.report.requests - 1,
            "what was under way is awaited"
        );
    }
}

#[test]
fn a_job_of_which_too_many_have_failed_does_not_go_on_when_it_is_taken_up_again() {
    let site = Site::plain(|_, _| reply(200, &[]));
    let go = |abort_above, failed| {
        let mut way = RunScript::to(&site, 16);
        way.settings.limits.abort_above = Some(abort_above);
        way.failed = failed;
        let mut journal = Memory::of(&names(50), 1);
        let came = way.run(&mut journal);
        (came.report.requests, matches!(came.report.halt, Some(Halt::Failures { .. })))
    };
    assert_eq!(go(0.1, 30), (0, true));
    assert_eq!(go(0.8, 30), (50, false), "somebody has said that it may");
    assert_eq!(go(0.1, 0), (50, false));
}

#[test]
fn a_server_that_fails_every_request_halts_it_before_many_are_in_doubt() {
    let site = Site::plain(|_, _| reply(503, &[]));
    let mut journal = Memory::of(&names(1000), 1);
    let came = RunScript::to(&site, 16).run(&mut journal);
    assert!(matches!(came.report.halt, Some(Halt::Silence)), "{:?}", came.report.halt);
    assert!(journal.count(UNKNOWN) <= 8, "{}", journal.count(UNKNOWN));
    // Some were answered, and then it breaks.
    let mut count = 0;
    let site = Site::plain(move |_, _| {
        count += 1;
        if count <= 200 { reply(200, &[]) } else { reply(503, &[]) }
    });
    let mut journal = Memory::of(&names(1000), 1);
    let came = RunScript::to(&site, 16).run(&mut journal);
    assert!(matches!(came.report.halt, Some(Halt::Silence)), "{:?}", came.report.halt);
    assert!(journal.count(UNKNOWN) <= 16 + 2 * 16, "{}", journal.count(UNKNOWN));
}

#[test]
fn a_run_that_was_broken_off_while_the_few_were_watched_watches_them_again() {
    let site = Site::plain(|_, _| reply(200, &[]));
    let mut way = RunScript::to(&site, 16);
    let soak = Duration::from_secs(40);
    way.settings.limits.canary = Some(Canary { targets: 10, soak });
    for (reached, begins) in [(10, soak), (11, Duration::ZERO)] {
        way.reached = reached;
        let mut journal = Memory::of(&names(90), 1);
        let came = way.run(&mut journal);
        assert_eq!(journal.count(ACCEPTED), 90);
        let first = came.started[0];
        assert!((begins..begins + Duration::from_secs(1)).contains(&first), "{reached}: {first:?}");
    }
}

#[test]
fn a_canary_that_nobody_answers_does_not_let_the_many_go() {
    let site = Site::plain(|_, _| reply(200, &[]));
    let mut way = RunScript::to(&site, 1);
    way.faults.refused = 1.0;
    way.settings.limits.canary = Some(Canary { targets: 1, soak: Duration::from_secs(1) });
    let mut journal = Memory::of(&names(100), 1);
    let came = way.run(&mut journal);
    assert!(matches!(came.report.halt, Some(Halt::Silence)));
    assert_eq!((came.started.len(), journal.count(TargetState::Planned)), (5, 100));
}

#[test]
fn too_many_failures_halt() {
    let bad: Vec<String> = (0..1000).step_by(10).map(|n| format!("u{n}")).collect();
    let site = picky(&bad.iter().map(String::as_str).collect::<Vec<_>>());
    let mut way = RunScript::to(&site, 8);
    way.settings.limits.abort_above = Some(0.05);
    let mut journal = Memory::of(&names(1000), 1);
    let came = way.run(&mut journal);
    assert!(matches!(came.report.halt, Some(Halt::Failures { .. })), "{:?}", came.report.halt);
    assert!((100..=110).contains(&came.started.len()), "{}", came.started.len());
    way.settings.limits.abort_above = Some(0.2);
    assert!(way.run(&mut Memory::of(&names(1000), 1)).report.halt.is_none());
}

#[test]
fn more_failures_than_the_whole_may_have_halt_however_few_have_an_outcome() {
    // Every third of thirty: the fourth is more than a tenth of all, whatever happens to the rest.
    let bad: Vec<String> = (1..30).step_by(3).map(|n| format!("u{n}")).collect();
    let site = picky(&bad.iter().map(String::as_str).collect::<Vec<_>>());
    let mut way = RunScript::to(&site, 1);
    way.settings.limits.abort_above = Some(0.1);
    let mut journal = Memory::of(&names(30), 1);
    let came = way.run(&mut journal);
    assert!(
        matches!(came.report.halt, Some(Halt::Failures { failed: 4, of: 11 })),
        "{:?}",
        came.report.halt
    );
    assert_eq!((came.started.len(), journal.count(REJECTED)), (11, 4));
    // As many as may fail do not.
    way.settings.limits.abort_above = Some(1.0 / 3.0);
    assert!(way.run(&mut Memory::of(&names(30), 1)).report.halt.is_none());
}

#[test]
fn a_run_that_has_finished_everything_was_not_halted() {
    let site = picky(&["u2"]);
    let mut way = RunScript::to(&site, 1);
    way.settings.limits.abort_above = Some(0.1);
    let mut journal = Memory::of(&names(3), 1);
    let came = way.run(&mut journal);
    assert_eq!((journal.count(ACCEPTED), journal.count(REJECTED)), (2, 1));
    assert!(came.report.halt.is_none(), "{:?}", came.report.halt);
}

#[test]
fn a_deadline_ends_it_and_no_request_outlives_it() {
    let site = Site::plain(|_, _| reply(200, &[]));
    let mut way = RunScript::to(&site, 4);
    way.faults.latency = (300, 900);
    way.settings.until = Some(Duration::from_secs(10));
    let mut journal = Memory::of(&names(1000), 1);
    let came = way.run(&mut journal);
    assert!(matches!(came.report.halt, Some(Halt::Deadline)), "{:?}", came.report.halt);
    assert!(came.elapsed <= Duration::from_millis(10_250), "{:?}", came.elapsed);
    // Nothing begins so late that its answer would not be awaited.
    assert_eq!(journal.count(UNKNOWN), 0);
    site.compare(&journal.fates, 0);
}

#[test]
fn ctrl_c_awaits_answers_for_five_seconds_and_a_second_one_does_not() {
    let second = Duration::from_secs(1);
    for (latency, again, least, most, doubts) in [
        ((100, 400), None, 1000, 2000, 0),
        ((20_000, 20_000), None, 5900, 6300, 4),
        ((20_000, 20_000), Some(2 * second), 1900, 2300, 4),
    ] {
        let site = Site::plain(|_, _| reply(200, &[]));
        let mut way = RunScript::to(&site, 16);
        way.faults.latency = latency;
        way.stops = (Some(second), again);
        let mut journal = Memory::of(&names(1000), 1);
        let came = way.run(&mut journal);
        assert!(matches!(came.report.halt, Some(Halt::Signal(_))), "{:?}", came.report.halt);
        let elapsed = came.elapsed.as_millis();
        assert!((least..=most).contains(&elapsed), "{elapsed}");
        assert_eq!((journal.count(UNKNOWN), journal.begun), (doubts, 0));
        assert!(came.started.iter().all(|at| *at <= second));
        site.compare(&journal.fates, 0);
    }
}

#[test]
fn ctrl_c_while_the_last_answer_is_due_halts_nothing() {
    let second = Duration::from_secs(1);
    for (latency, halted) in [((2000, 2000), false), ((20_000, 20_000), true)] {
        let site = Site::plain(|_, _| reply(200, &[]));
        let mut way = RunScript::to(&site, 16);
        way.faults.latency = latency;
        way.stops = (Some(second), None);
        let mut journal = Memory::of(&names(4), 1);
        let came = way.run(&mut journal);
        assert_eq!(came.report.tally.left(), 0);
        assert_eq!(came.report.halt.is_some(), halted, "{:?}", came.report.halt);
    }
}

#[test]
fn few_go_out_at_first() {
    let site = Site::plain(|_, _| reply(200, &[]));
    let mut way = RunScript::to(&site, 64);
    way.faults.latency = (500, 500);
    let came = way.run(&mut Memory::of(&names(300), 1));
    let until = |ms: u64| came.started.iter().filter(|at| at.as_millis() < u128::from(ms)).count();
    assert_eq!([until(999), until(1999), until(2999)], [4, 12, 28]);
}

#[test]
fn an_outage_is_not_answered_with_several_times_the_traffic() {
    // Every other answer says that nothing was done.
    let mut count = 0;
    let site = Site::plain(move |_, _| {
        count += 1;
        reply(if count > 50 { 429 } else { 200 }, &[])
    });
    let mut journal = Memory::of(&names(1000), 1);
    let came = RunScript::to(&site, 16).run(&mut journal);
    assert!(matches!(came.report.halt, Some(Halt::Throttled)), "{:?}", came.report.halt);
    assert!(came.started.len() <= 50 + 26 + 2 * 16, "{}", came.started.len());
    assert_eq!((journal.count(ACCEPTED), journal.count(TargetState::Planned)), (50, 950));
}

#[test]
fn a_long_pause_behind_the_last_answer_keeps_nothing_back() {
    for (status, is_halted) in [(200, false), (400, false), (503, true), (429, true)] {
        let mut count = 0;
        let site = Site::plain(move |_, _| {
            count += 1;
            let long = [("retry-after", "3600")];
            if count == 10 { reply(status, &long) } else { reply(200, &[]) }
        });
        let mut journal = Memory::of(&names(10), 1);
        let came = RunScript::to(&site, 1).run(&mut journal);
        let halt = &came.report.halt;
        assert_eq!(halt.is_some(), is_halted, "{status}: {halt:?}");
        assert_eq!(came.report.requests, 10);
    }
}

#[test]
fn a_restart_of_the_server_that_cuts_everything_under_way_does_not_halt() {
    let at = Duration::from_millis(START_MS.unsigned_abs()) + Duration::from_secs(20);
    let down = Rc::new(RefCell::new(0));
    let seen = down.clone();
    let site = Site::plain(move |_, now| {
        let is_down = now > at && now < at + Duration::from_millis(1200);
        *seen.borrow_mut() += i32::from(is_down);
        reply(if is_down { 502 } else { 200 }, &[])
    });
    let mut way = RunScript::to(&site, 64);
    way.faults.latency = (400, 600);
    let came = way.run(&mut Memory::of(&names(4000), 1));
    assert!(*down.borrow() >= 64, "{}", down.borrow());
    assert!(came.report.halt.is_none(), "{:?}", came.report.halt);
}

#[test]
fn a_repeat_that_the_vendor_would_not_recognise_any_more_ends_unknown() {
    // However long an answer may take, more than 5 s have to be left of the minute.
    for (age_ms, starts) in [(10_000, 1), (50_000, 1), (56_000, 0)] {
        let site = Site::plain(|_, _| reply(200, &[]));
        let mut journal = Memory::doubtful(&names(3), START_MS - age_ms);
        let way = RunScript { operation: &ONCE, ..RunScript::to(&site, 4) };
        let came = way.run(&mut journal);
        assert!(came.report.halt.is_none(), "{:?}", came.report.halt);
        assert_eq!(came.started.len(), starts);
        let state = if starts == 0 { UNKNOWN } else { ACCEPTED };
        assert_eq!(journal.count(state), 3);
    }
}

#[test]
fn a_request_that_cannot_be_made_halts_and_those_under_way_are_answered() {
    let site = Site::plain(|_, _| reply(200, &[]));
    let mut journal = Memory::of(&names(100), 1);
    let came = RunScript { fails: Some(20), ..RunScript::to(&site, 4) }.run(&mut journal);
    assert!(matches!(came.report.halt, Some(Halt::Fault(_))));
    assert_eq!((journal.count(ACCEPTED), journal.begun), (19, 0));
    assert_eq!(came.witness.ended.len(), 19);
}

#[test]
fn what_could_not_be_written_is_written_with_the_next_commit() {
    let site = Site::plain(|_, _| reply(200, &[]));
    let mut journal = Memory::of(&names(100), 1);
    journal.fails = vec![10];
    let came = RunScript::to(&site, 4).run(&mut journal);
    assert!(matches!(came.report.halt, Some(Halt::Fault(_))));
    assert_eq!((journal.count(ACCEPTED), journal.begun), (came.started.len(), 0));
    assert_eq!(came.witness.ended.len(), came.started.len());
    site.compare(&journal.fates, 0);
}

#[test]
fn without_a_permit_nothing_starts_and_answers_are_kept() {
    for permit in [Permit::Stopped, Permit::NoRoom, Permit::NoQuota] {
        let site = Site::plain(|_, _| reply(200, &[]));
        let mut journal = Memory::of(&names(100), 1);
        journal.permit = Some((10, permit));
        let came = RunScript::to(&site, 4).run(&mut journal);
        match permit {
            Permit::Stopped => assert!(matches!(came.report.halt, Some(Halt::Asked))),
            Permit::NoQuota => assert!(matches!(came.report.halt, Some(Halt::Quota))),
            _ => assert!(matches!(came.report.halt, Some(Halt::NoRoom))),
        }
        assert_eq!((journal.count(ACCEPTED), journal.begun), (came.started.len(), 0));
        assert_eq!(journal.count(TargetState::Planned), 100 - came.started.len());
    }
}

#[test]
fn a_stop_is_heard_while_nothing_can_be_sent() {
    let site = Site::plain(|_, _| reply(200, &[]));
    let mut journal = Memory::of(&names(100), 1);
    let mut way = RunScript::to(&site, 4);
    way.settings.limits.canary = Some(Canary { targets: 4, soak: Duration::from_secs(600) });
    journal.permit = Some((20, Permit::Stopped));
    let came = way.run(&mut journal);
    assert!(matches!(came.report.halt, Some(Halt::Asked)));
    assert!(came.elapsed < Duration::from_secs(30), "{:?}", came.elapsed);
}

#[test]
fn a_repeat_is_promised_only_for_an_id_that_went_along() {
    let batch = |dedupe_id: Option<&str>| Batch {
        key: crate::ledger::BatchKey::nth(1),
        template: 0,
        ids: names(1),
        vars: None,
        dedupe_id: dedupe_id.map(str::to_owned),
        attempts: 1,
        first_started_ms: Some(START_MS),
        doubtful: true,
    };
    for (operation, id, too_late, resumes, over) in [
        (&ONCE, Some("kept"), false, true, false),
        (&ONCE, Some("kept"), true, false, true),
        (&ONCE, None, false, false, false),
        (&ONCE, None, true, false, false),
        (&SEND, None, false, false, false),
    ] {
        let outcome = crate::broadcast::engine::forgotten(operation, &batch(id), too_late);
        let advice = outcome.advice.expect("advice");
        assert_eq!(advice.contains("--resume"), resumes, "{advice}");
        assert_eq!(advice.contains("are over"), over, "{advice}");
        assert!(advice.contains("history --outcome unknown"), "{advice}");
    }
}
