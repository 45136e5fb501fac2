//! Every verdict against every sort of repetition, and what must never happen.

use proptest::prelude::*;

use super::*;
use crate::contract::{Effect, Rate, RateUnit};

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const ONCE: Operation =
    Operation { effect: Effect::Sends, repeat: Repeatable::Duplicates, ..Operation::BASE };
const SAFE: Operation =
    Operation { effect: Effect::Destroys, repeat: Repeatable::Safe, ..Operation::BASE };
const COSTLY: Operation = Operation { repeat: Repeatable::Costly, ..SAFE };
const NOTIFIES: Operation = Operation { repeat: Repeatable::Notifies, ..SAFE };
const KNOWN: Operation =
    Operation { repeat: Repeatable::Deduplicated { field: "id", seconds: 60 }, ..ONCE };

const BOUNDS: Bounds = Bounds { deadline: secs(1000), exchange: secs(10) };

use Verdict::{Accepted, Denied, Partial, Rejected, Unavailable, Unknown};

const VERDICTS: [Verdict; 6] = [Accepted, Partial, Denied, Rejected, Unavailable, Unknown];

/// Whether a request that began at 100 s goes out again after an attempt that ended at 101 s.
fn repeats(operation: &Operation, verdict: Verdict, unknown: bool, deduplicated: bool) -> bool {
    let unknown = u32::from(unknown);
    let tries = AttemptHistory { count: 2, first: secs(100), unknown, deduplicated };
    let outcome = Outcome::of(verdict);
    next(operation, &outcome, &tries, &BOUNDS, &mut RetryBudget::new(), secs(101), 0.5) != Next::End
}

#[test]
fn only_what_cannot_be_done_twice_goes_out_again() {
    for verdict in [Accepted, Partial, Denied, Rejected] {
        for operation in [&ONCE, &SAFE, &COSTLY, &NOTIFIES, &KNOWN] {
            for (unknown, known) in [(false, false), (false, true), (true, false), (true, true)] {
                assert!(!repeats(operation, verdict, unknown, known), "{verdict:?} is final");
            }
        }
    }
    // The verdict, whether an earlier one is unknown, whether there is a dedupe id; then what each sort of operation does.
    for (verdict, unknown, known, expected) in [
        (Unavailable, false, false, [true, true, true, true]),
        (Unavailable, false, true, [true, true, true, true]),
        (Unavailable, true, false, [false, true, true, false]),
        (Unavailable, true, true, [false, true, true, true]),
        (Unknown, false, false, [false, true, true, false]),
        (Unknown, false, true, [false, true, true, true]),
        (Unknown, true, false, [false, true, false, false]),
        (Unknown, true, true, [false, true, false, true]),
    ] {
        let found = [&ONCE, &SAFE, &COSTLY, &KNOWN].map(|of| repeats(of, verdict, unknown, known));
        assert_eq!(found, expected, "{verdict:?}, earlier {unknown}, dedupe {known}");
        // An id changes nothing of a notice.
        assert_eq!(repeats(&NOTIFIES, verdict, unknown, known), expected[0] && !unknown);
    }
}

#[test]
fn what_time_does_not_heal_is_not_tried_again() {
    use crate::wire::{Cause, ExchangeStep, Failure};
    let again = |operation: &Operation, outcome: &Outcome| {
        let tries = AttemptHistory::new(secs(99), true);
        next(operation, outcome, &tries, &BOUNDS, &mut RetryBudget::new(), secs(100), 0.5)
            != Next::End
    };
    for cause in [Cause::Refused, Cause::NoAddress, Cause::TimedOut, Cause::ProxyFails] {
        let failure = Some(Box::new(Failure::unsent(ExchangeStep::Connect, cause, "")));
        let outcome = Outcome { failure, ..Outcome::of(Unavailable) };
        assert!(again(&ONCE, &outcome), "{cause:?}");
    }
    for cause in [
        Cause::Expired,
        Cause::UnknownIssuer,
        Cause::OtherName,
        Cause::NoTls,
        Cause::ProxyCredentials,
        Cause::ProxyRefuses,
        Cause::TooManyFiles,
        Cause::Stopped,
    ] {
        let failure = Some(Box::new(Failure::unsent(ExchangeStep::Connect, cause, "")));
        let outcome = Outcome { failure, ..Outcome::of(Unavailable) };
        assert!(!again(&ONCE, &outcome) && !again(&SAFE, &outcome), "{cause:?}");
    }
    for (status, verdict, repeated) in [
        (429, Unavailable, true),
        (407, Unavailable, false),
        (502, Unknown, true),
        (302, Unknown, false),
    ] {
        let outcome = Outcome { http_status: Some(status), ..Outcome::of(verdict) };
        assert_eq!(again(&SAFE, &outcome), repeated, "{status}");
    }
}

#[test]
fn an_attempt_without_time_for_an_answer_does_not_begin() {
    let outcome = Outcome::of(Unavailable);
    for (now, begins) in [(998, true), (999, false)] {
        let next = next(
            &ONCE,
            &outcome,
            &AttemptHistory::new(secs(900), false),
            &BOUNDS,
            &mut RetryBudget::new(),
            secs(now),
            1.0,
        );
        assert_eq!(next != Next::End, begins, "{now}");
    }
}

#[test]
fn a_wait_that_ends_after_the_deadline_is_told_where_it_alone_prevents_another_attempt() {
    let told = |operation, verdict, wait, count, now| {
        let outcome = Outcome { retry_after: wait, ..Outcome::of(verdict) };
        let tries = AttemptHistory { count, ..AttemptHistory::new(secs(900), false) };
        too_long_a_wait(operation, &outcome, &tries, &BOUNDS, secs(now))
    };
    let minute = Some(secs(60));
    for (operation, verdict, wait, count, now, expected) in [
        (&ONCE, Unavailable, minute, 1, 950, minute),
        (&ONCE, Unavailable, minute, 1, 940, minute),
        (&ONCE, Unavailable, minute, 1, 939, None),
        (&ONCE, Unavailable, None, 1, 999, None),
        (&ONCE, Unavailable, minute, ATTEMPTS, 950, None),
        (&ONCE, Unknown, minute, 1, 950, None),
        (&SAFE, Unknown, minute, 1, 950, minute),
        (&ONCE, Rejected, minute, 1, 950, None),
        (&ONCE, Accepted, minute, 1, 950, None),
    ] {
        let told = told(operation, verdict, wait, count, now);
        assert_eq!(told, expected, "{verdict:?} {count} {now}");
    }
}

#[test]
fn a_named_pause_is_kept_and_hardly_exceeded() {
    let named = |pause, dice| {
        let outcome = Outcome { retry_after: Some(pause), ..Outcome::of(Unavailable) };
        let tries = AttemptHistory::new(secs(99), false);
        next(&ONCE, &outcome, &tries, &BOUNDS, &mut RetryBudget::new(), secs(100), dice)
    };
    assert_eq!(named(secs(7), 0.0), Next::At(secs(107)));
    let Next::At(latest) = named(secs(7), 0.999_999) else { panic!("it goes again") };
    assert!(latest < Duration::from_millis(107_400), "{latest:?}");
    assert_eq!(named(secs(120), 0.0), Next::At(secs(220)), "also a long one");
    assert_eq!(named(secs(899), 0.5), Next::At(Duration::from_millis(999_200)));
    assert_eq!(named(secs(900), 0.0), Next::End, "never past the deadline");
    assert_eq!(named(Duration::MAX, 0.5), Next::End);
    assert_eq!(named(Duration::ZERO, 0.0), Next::At(Duration::from_millis(100_250)));
}

#[test]
fn pauses_double_up_to_thirty_seconds_and_half_of_each_is_chance() {
    for (count, longest) in
        [(1, 500), (2, 1000), (3, 2000), (4, 4000), (6, 16_000), (7, 30_000), (u32::MAX, 30_000)]
    {
        let longest = Duration::from_millis(longest);
        assert_eq!(pause(None, count, 0.0), longest / 2, "{count}");
        assert_eq!(pause(None, count, 1.0), longest, "{count}");
    }
}

#[test]
fn a_repetition_of_the_unknown_ends_inside_the_window_of_the_first_attempt() {
    let tries = AttemptHistory::new(secs(100), true);
    let ends = |now: u64, operation: &Operation| {
        let outcome = Outcome::of(Unknown);
        next(operation, &outcome, &tries, &BOUNDS, &mut RetryBudget::new(), secs(now), 0.0)
            == Next::End
    };
    // After a pause of 0.25 s there are more than 5 s left until 160 s, or no more.
    assert!(!ends(154, &KNOWN));
    assert!(ends(155, &KNOWN));
    assert!(!ends(900, &SAFE), "a repetition that changes nothing has no window");
}

#[test]
fn what_may_have_acted_and_waited_too_long_does_not_begin() {
    let tries = AttemptHistory::new(secs(100), true).again(Unknown);
    for (now, tries, expected) in [
        (154, tries, [false, true, true]),
        (155, tries, [false, true, false]),
        (155, tries.again(Unavailable), [false, true, false]),
        (101, AttemptHistory { deduplicated: false, ..tries }, [false, true, false]),
    ] {
        let found = [&ONCE, &SAFE, &KNOWN].map(|of| may_repeat(of, &tries, &BOUNDS, secs(now)));
        assert_eq!(found, expected, "{tries:?} at {now}");
    }
}

#[test]
fn a_repeat_of_the_unknown_is_given_no_more_time_than_is_left_of_its_window() {
    let long = Bounds { deadline: secs(1000), exchange: secs(120) };
    let tries = AttemptHistory::new(secs(100), true);
    // A run that waits long for answers still repeats.
    assert!(may_repeat(&KNOWN, &tries.again(Unknown), &long, secs(101)));
    for (operation, tries, expected) in [
        (&KNOWN, tries.again(Unknown), secs(40)),
        (&KNOWN, tries.again(Unavailable), secs(120)),
        (&SAFE, tries.again(Unknown), secs(120)),
    ] {
        assert_eq!(limit(operation, &tries, &long, secs(120)), expected);
    }
    assert_eq!(limit(&KNOWN, &tries.again(Unknown), &BOUNDS, secs(120)), secs(10));
    assert_eq!(repeatable_for(&KNOWN, secs(120)), secs(55));
    assert_eq!(repeatable_for(&KNOWN, secs(2)), secs(58));
    assert_eq!(repeatable_for(&ONCE, secs(2)), secs(0));
}

#[test]
fn a_quota_of_hours_that_may_be_used_up_is_not_asked_again() {
    const HOURLY: &[Rate] =
        &[Rate { count: 2, seconds: 3600, counted: RateUnit::Calls, scope: "app", pool: "" }];
    let rare = Operation { rates: HOURLY, ..ONCE };
    let throttled =
        |class, status| Outcome { class, http_status: status, ..Outcome::of(Unavailable) };
    for (operation, outcome, again) in [
        (&rare, throttled(Some(Class::Throttle), Some(429)), false),
        (&rare, throttled(None, Some(429)), false),
        (&rare, throttled(Some(Class::Throttle), Some(200)), false),
        // The vendor has not counted what did not arrive.
        (&rare, throttled(None, None), true),
        (&rare, throttled(Some(Class::Server), Some(200)), true),
        (&ONCE, throttled(Some(Class::Throttle), Some(429)), true),
    ] {
        let tries = AttemptHistory::new(secs(1), false);
        let next =
            next(operation, &outcome, &tries, &BOUNDS, &mut RetryBudget::new(), secs(2), 0.5);
        assert_eq!(next != Next::End, again, "{outcome:?}");
    }
}

#[test]
fn an_answer_that_names_some_that_were_taken_is_not_given_up_for_another() {
    let target = |verdict| TargetResult { id: Some("1".into()), ..TargetResult::new("a", verdict) };
    for (verdict, again) in [(Accepted, false), (Unknown, true)] {
        let outcome = Outcome { targets: vec![target(verdict)], ..Outcome::of(Unknown) };
        let tries = AttemptHistory::new(secs(1), true);
        let next = next(&KNOWN, &outcome, &tries, &BOUNDS, &mut RetryBudget::new(), secs(2), 0.5);
        assert_eq!(next != Next::End, again, "{verdict:?}");
    }
}

#[test]
fn a_refusal_as_a_repeat_proves_an_earlier_attempt_and_nothing_on_the_first() {
    let refused = || Outcome {
        repeated: true,
        class: Some(Class::Payload),
        code: Some("1002".into()),
        advice: Some("fix it".into()),
        ..Outcome::of(Rejected)
    };
    let first = settle(&ONCE, false, refused());
    assert_eq!((first.verdict, first.warnings.len()), (Rejected, 0));
    let later = settle(&ONCE, true, refused());
    assert_eq!((later.verdict, later.advice, later.class), (Accepted, None, None));
    assert_eq!((later.code.as_deref(), later.warnings.len()), (Some("1002"), 1));
    let other = settle(&ONCE, true, Outcome { repeated: false, ..refused() });
    assert_eq!(other.verdict, Unknown, "without a word for a repetition");
}

#[test]
fn attempts_and_budget_are_bounded() {
    let mut budget = RetryBudget::new();
    let outcome = Outcome::of(Unavailable);
    let mut go = |count| {
        let tries = AttemptHistory { count, ..AttemptHistory::new(secs(0), false) };
        next(&ONCE, &outcome, &tries, &BOUNDS, &mut budget, secs(1), 0.5) != Next::End
    };
    assert!(go(ATTEMPTS - 1) && !go(ATTEMPTS) && !go(u32::MAX));
    assert_eq!((0..20).filter(|_| go(1)).count(), 9);
    assert_eq!(budget.left(), 0);
    for _ in 0..3 {
        budget.accepted();
    }
    assert_eq!(budget.left(), 1);
    for _ in 0..1000 {
        budget.accepted();
    }
    assert_eq!(budget.left(), 10);
    assert_eq!(RetryBudget::of(64).left(), 64);
}

#[test]
fn what_ends_costs_no_budget() {
    let mut budget = RetryBudget::new();
    let tries = AttemptHistory::new(secs(0), false);
    for verdict in [Accepted, Partial, Denied, Rejected, Unknown] {
        let outcome = Outcome::of(verdict);
        assert_eq!(next(&ONCE, &outcome, &tries, &BOUNDS, &mut budget, secs(1), 0.5), Next::End);
    }
    assert_eq!(budget.left(), 10);
}

#[test]
fn after_an_unknown_attempt_only_accepted_is_certain() {
    for verdict in VERDICTS {
        let later = if verdict == Accepted { Accepted } else { Unknown };
        assert_eq!(settle(&ONCE, true, Outcome::of(verdict)).verdict, later, "{verdict:?}");
        assert_eq!(settle(&ONCE, false, Outcome::of(verdict)).verdict, verdict);
    }
}

#[test]
fn a_settled_outcome_keeps_the_vendors_words_and_doubts_what_was_not_taken() {
    let target = |name: &str, verdict| TargetResult::new(name, verdict);
    let outcome = Outcome {
        code: Some("1008".into()),
        message: Some("slow down".into()),
        advice: Some("wait".into()),
        retry_after: Some(secs(7)),
        targets: vec![target("a", Accepted), target("b", Rejected), target("c", Unavailable)],
        ..Outcome::of(Partial)
    };
    let settled = settle(&ONCE, true, outcome);
    assert_eq!(
        (settled.code.as_deref(), settled.message.as_deref()),
        (Some("1008"), Some("slow down"))
    );
    let advice = settled.advice.expect("what is unknown needs advice");
    assert!(advice.starts_with("An earlier attempt") && advice.ends_with("wait"), "{advice}");
    assert_eq!(settled.retry_after, None);
    let verdicts: Vec<Verdict> = settled.targets.iter().map(|target| target.verdict).collect();
    assert_eq!(verdicts, [Accepted, Unknown, Unknown]);
}

#[test]
fn tries_remember_an_unknown_attempt() {
    let tries = AttemptHistory::new(secs(5), true);
    assert_eq!((tries.count, tries.unknown), (1, 0));
    let tries = tries.again(Unavailable);
    assert_eq!((tries.count, tries.unknown), (2, 0));
    let tries = tries.again(Unknown).again(Unavailable);
    assert_eq!((tries.count, tries.unknown, tries.first), (4, 1, secs(5)));
}

fn verdict() -> impl Strategy<Value = Verdict> {
    prop::sample::select(vec![
        Unavailable,
        Unavailable,
        Unavailable,
        Unknown,
        Unknown,
        Rejected,
        Accepted,
    ])
}

/// One attempt: its outcome, how many milliseconds it took, what pause was named, the random number, and for how many
/// milliseconds more the next one has to wait.
fn attempt() -> impl Strategy<Value = (Verdict, u64, Option<u64>, f64, u64)> {
    let later = prop_oneof![2 => Just(0u64), 1 => 0u64..40_000];
    (verdict(), 0u64..10_000, prop::option::weighted(0.3, 0u64..80), 0.0..1.0f64, later)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn nothing_is_done_twice_nor_after_the_deadline(
        which in 0usize..5,
        deduplicated in any::<bool>(),
        deadline in 1u64..200,
        attempts in prop::collection::vec(attempt(), 1..10),
    ) {
        let operation = [&ONCE, &SAFE, &KNOWN, &COSTLY, &NOTIFIES][which];
        let bounds = Bounds { deadline: secs(deadline), exchange: secs(10) };
        let mut budget = RetryBudget::new();
        let mut now = secs(0);
        let mut tries = AttemptHistory::new(now, deduplicated);
        let mut unknown = false;
        for (verdict, takes, named, dice, later) in attempts {
            now += Duration::from_millis(takes);
            let retry_after = named.filter(|_| verdict == Unavailable).map(secs);
            let outcome = Outcome { retry_after, ..Outcome::of(verdict) };
            unknown |= verdict == Unknown;
            let next = next(operation, &outcome, &tries, &bounds, &mut budget, now, dice);
            let settled = settle(operation, tries.unknown > 0, outcome).verdict;
            prop_assert!(!unknown || matches!(settled, Unknown | Accepted), "it claims too little");
            let Next::At(at) = next else { break };
            prop_assert!(matches!(verdict, Unavailable | Unknown));
            prop_assert!(at < bounds.deadline && at > now);
            let pause = at - now;
            match retry_after.filter(|named| !named.is_zero()) {
                Some(named) => prop_assert!(pause >= named && pause <= named + Duration::from_millis(400)),
                None => prop_assert!(pause >= Duration::from_millis(250) && pause <= secs(30)),
            }
            now = at + Duration::from_millis(later);
            tries = tries.again(verdict);
            prop_assert!(!unknown || may_repeat(operation, &tries, &bounds, at), "what was allowed may go at that moment");
            if unknown && !may_repeat(operation, &tries, &bounds, now) {
                break;
            }
            if unknown {
                let tells = [Repeatable::Duplicates, Repeatable::Notifies];
                prop_assert!(!tells.contains(&operation.repeat), "people could be told twice");
                if operation.repeat == Repeatable::Costly {
                    prop_assert!(tries.unknown == 1, "what costs was repeated more than once");
                } else if operation.repeat != Repeatable::Safe {
                    let limit = limit(operation, &tries, &bounds, now);
                    prop_assert!(deduplicated && limit >= secs(5) && limit <= bounds.exchange);
                    prop_assert!(now + limit <= tries.first + secs(60));
                }
            }
            prop_assert!(tries.count <= ATTEMPTS);
        }
    }

    #[test]
    fn an_outage_is_not_multiplied(requests in 1u32..300, accepted in 0u32..300) {
        let bounds = Bounds { deadline: secs(100_000), exchange: secs(1) };
        let mut budget = RetryBudget::new();
        (0..accepted).for_each(|_| budget.accepted());
        let down = Outcome::of(Unavailable);
        let mut attempts = 0;
        for _ in 0..requests {
            let mut tries = AttemptHistory::new(secs(0), false);
            attempts += 1;
            while next(&ONCE, &down, &tries, &bounds, &mut budget, secs(1), 0.5) != Next::End {
                tries = tries.again(Unavailable);
                attempts += 1;
            }
        }
        prop_assert!(attempts <= requests + 10, "{} for {}", attempts, requests);
        prop_assert!(attempts >= requests + 4, "a single one is tried again");
    }
}
