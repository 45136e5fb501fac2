//! Whatever may happen, on a clock of its own, against a vendor with exact windows.

mod share;
mod shared;
mod vendor;

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;

use crate::net::rate_limit::*;
use vendor::{Place, Vendor, place, pools};

const fn rate(count: u32, seconds: u32, counted: RateUnit, pool: &'static str) -> Rate {
    Rate { count, seconds, counted, scope: "", pool }
}

fn operation(id: &'static str, rates: &[Rate]) -> &'static Operation {
    let rates = rates.to_vec().leak();
    Box::leak(Box::new(Operation { id, rates, ..Operation::BASE }))
}

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn reply(headers: &[(&str, &str)]) -> Reply {
    let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Reply { status: 200, headers, body: Vec::new() }
}

/// What happens when a request ends.
#[derive(Clone, Debug)]
enum Event {
    Nothing,
    Hold(u64),
    Headers { limit: String, left: String, reset: String },
}

#[derive(Clone, Debug)]
struct Step {
    second: bool,
    targets: u64,
    takes: u64,
    /// The moment at which the vendor counts it: percent of the time that it takes.
    counted: u64,
    idle: u64,
    event: Event,
}

fn rates() -> impl Strategy<Value = Vec<Rate>> {
    let count = prop_oneof![4 => 1u32..12, 2 => 12u32..300, 1 => 300u32..20_000];
    let seconds = prop::sample::select(vec![1u32, 2, 10, 60, 300, 1800, 3600, 86_400]);
    let counted = prop::sample::select(vec![
        RateUnit::Calls,
        RateUnit::Calls,
        RateUnit::Targets,
        RateUnit::Targets,
        RateUnit::Alive,
    ]);
    let pool = prop::sample::select(vec!["", "p", "q", "first"]);
    let one = (count, seconds, counted, pool)
        .prop_map(|(count, seconds, counted, pool)| rate(count, seconds, counted, pool));
    prop::collection::vec(one, 0..4)
}

fn event() -> impl Strategy<Value = Event> {
    let number = || {
        let odd = prop::sample::select(vec!["", "-1", "many", "18446744073709551616", " 3 ", "0"]);
        prop_oneof![6 => (0u64..30).prop_map(|n| n.to_string()), 1 => odd.prop_map(str::to_owned)]
    };
    let headers = (number(), number(), number()).prop_map(|(limit, left, reset)| Event::Headers {
        limit,
        left,
        reset,
    });
    prop_oneof![8 => Just(Event::Nothing), 1 => (0u64..20).prop_map(Event::Hold), 2 => headers]
}

fn step() -> impl Strategy<Value = Step> {
    let takes = prop_oneof![3 => 0u64..50, 2 => 50u64..3000, 1 => 3000u64..90_000];
    let idle = prop_oneof![3 => Just(0u64), 1 => 0u64..5000];
    (any::<bool>(), 0u64..40, takes, 0u64..=100, idle, event()).prop_map(
        |(second, targets, takes, counted, idle, event)| Step {
            second,
            targets,
            takes,
            counted,
            idle,
            event,
        },
    )
}

/// Requests on their way.
struct Flight {
    operation: &'static Operation,
    ticket: Ticket,
    event: Event,
}

/// A run of requests, a limited number at a time.
struct Run {
    pace: RateLimiter,
    vendor: Vendor,
    now: Duration,
    flying: BTreeMap<(Duration, usize), Flight>,
}

impl Run {
    fn new() -> Self {
        let (pace, vendor) = (RateLimiter::new(), Vendor::default());
        Self { pace, vendor, now: Duration::ZERO, flying: BTreeMap::new() }
    }

    fn next_end(&self) -> Option<Duration> {
        self.flying.keys().next().map(|(at, _)| *at)
    }

    /// Lets time pass, and everything end that ends until then.
    fn advance(&mut self, until: Duration) {
        while let Some(entry) = self.flying.first_entry().filter(|entry| entry.key().0 <= until) {
            let ((at, _), flight) = entry.remove_entry();
            self.now = at;
            self.pace.end(flight.ticket, at);
            self.vendor.end(flight.operation);
            self.happen(flight.operation, &flight.event);
        }
        self.now = until;
    }

    fn happen(&mut self, operation: &'static Operation, event: &Event) {
        match event {
            Event::Nothing => {}
            Event::Hold(seconds) => {
                let until = self.now + secs(*seconds);
                self.pace.hold(operation, until);
                for pool in pools(operation) {
                    let held = self.vendor.held.entry(pool).or_default();
                    *held = until.max(*held);
                }
            }
            Event::Headers { limit, left, reset } => {
                let names = ["x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"];
                let values = [limit.as_str(), left, reset];
                let headers: Vec<_> = names.into_iter().zip(values).collect();
                self.pace.heed(operation, &reply(&headers), self.now);
                self.vendor.say(operation, self.now, values);
            }
        }
    }

    /// Waits until a request may go, and checks that the time it was told is right.
    fn wait_for(&mut self, operation: &'static Operation, targets: u64) {
        for _ in 0..10_000 {
            let answer = self.pace.ready(operation, targets, self.now);
            let again = self.pace.ready(operation, targets, self.now);
            assert_eq!(answer, again, "asking changes nothing");
            let Err(at) = answer else { return };
            assert!(at > self.now, "asking again at once is no use");
            match self.next_end() {
                Some(end) if end <= at => self.advance(end),
                Some(_) => self.advance(at),
                None => {
                    let before = at - Duration::from_nanos(1);
                    let early = self.pace.clone().ready(operation, targets, before);
                    assert!(early.is_err(), "it could have gone before");
                    self.advance(at);
                    let answer = self.pace.ready(operation, targets, at);
                    assert_eq!(answer, Ok(()), "nothing is in the way");
                }
            }
        }
        panic!("it never gets ready");
    }

    fn go(&mut self, operation: &'static Operation, place: usize, step: &Step) {
        self.advance(self.now + millis(step.idle));
        self.wait_for(operation, step.targets);
        let counted = self.now + millis(step.takes * step.counted / 100);
        self.vendor.begin(operation, step.targets, self.now, counted);
        let ticket = self.pace.begin(operation, step.targets);
        let flight = Flight { operation, ticket, event: step.event.clone() };
        self.flying.insert((self.now + millis(step.takes), place), flight);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn no_window_overflows_nothing_held_goes_and_whoever_waits_gets_through(
        first in rates(),
        second in rates(),
        at_most in 1usize..12,
        steps in prop::collection::vec(step(), 1..50),
    ) {
        let operations = [operation("first", &first), operation("second", &second)];
        let mut run = Run::new();
        for (place, step) in steps.iter().enumerate() {
            while run.flying.len() >= at_most {
                let end = run.next_end().expect("something flies");
                run.advance(end);
            }
            run.go(operations[usize::from(step.second)], place, step);
        }
        run.vendor.check();
    }
}

/// How many requests go out in `span`, many in flight, each for up to `takes` milliseconds.
fn throughput(operation: &'static Operation, targets: u64, takes: u64, span: Duration) -> u64 {
    let mut run = Run::new();
    let quiet = Step { second: false, targets, takes, counted: 0, idle: 0, event: Event::Nothing };
    let mut count = 0;
    while run.now < span {
        while run.flying.len() >= 64 {
            let end = run.next_end().expect("something flies");
            run.advance(end);
        }
        let (takes, counted) = (count * 7919 % (takes + 1), count * 31 % 101);
        run.go(operation, count as usize, &Step { takes, counted, ..quiet.clone() });
        count += 1;
    }
    if count < 4000 {
        run.vendor.check();
    }
    let remembered = run.pace.windows.iter().map(|(_, window)| window.remembered()).max();
    assert!(remembered.expect("a window") <= 260, "{remembered:?}");
    count
}

#[test]
fn most_of_a_limit_is_used_and_little_is_remembered() {
    // Count, seconds, targets a request, milliseconds a request.
    for (count, seconds, targets, takes) in [
        (600, 60, 0, 20),
        (600, 60, 0, 3000),
        (100, 1, 0, 20),
        (20, 1, 3, 30),
        (6000, 60, 100, 20),
        (10_000, 10, 0, 5),
        (1, 1, 0, 20),
        (100, 1, 100, 20),
    ] {
        let counted = if targets == 0 { RateUnit::Calls } else { RateUnit::Targets };
        let operation = operation("any", &[rate(count, seconds, counted, "")]);
        let span = secs(u64::from(seconds) * 5);
        let most = 5 * u64::from(count) / targets.max(1);
        let gone = throughput(operation, targets, takes, span);
        assert!(gone >= most * 9 / 10, "{gone} of {most} at {count} in {seconds} s");
        let estimated = estimate(operation, gone, gone * targets);
        assert!(estimated <= span && estimated * 10 >= span * 7, "{estimated:?} for {span:?}");
    }
}

#[test]
fn rates_of_several_counts_hold_together_and_pools_are_shared() {
    let mut pace = RateLimiter::new();
    let pushes = operation("push", &[rate(2, 60, RateUnit::Calls, "push")]);
    let checks = operation("check", &[rate(2, 60, RateUnit::Calls, "push")]);
    // Its id is the name of the pool, and yet another thing.
    let others = operation("push", &[rate(2, 60, RateUnit::Calls, "")]);
    let (first, second) = (pace.begin(pushes, 1), pace.begin(checks, 1));
    assert!(pace.ready(pushes, 1, secs(0)).is_err());
    pace.end(second, secs(1));
    pace.end(first, secs(5));
    assert_eq!(pace.ready(checks, 1, secs(5)), Err(secs(61)));
    assert_eq!(pace.ready(checks, 1, secs(61)), Ok(()));
    let mut pace = RateLimiter::new();
    let _pushed = [pace.begin(others, 1), pace.begin(others, 1)];
    assert_eq!(pace.ready(checks, 1, secs(0)), Ok(()));
}

#[test]
fn one_heavier_than_a_window_goes_alone() {
    let mut pace = RateLimiter::new();
    let groups = operation("groups", &[rate(20, 1, RateUnit::Targets, "")]);
    assert_eq!(pace.ready(groups, 50, secs(0)), Ok(()));
    let heavy = pace.begin(groups, 50);
    assert!(pace.ready(groups, 1, secs(0)).is_err());
    pace.end(heavy, secs(3));
    assert_eq!(pace.ready(groups, 1, secs(3)), Err(secs(4)));
    let light = pace.begin(groups, 1);
    pace.end(light, secs(4));
    assert_eq!(pace.ready(groups, 50, secs(4)), Err(secs(5)), "not beside others");
}

#[test]
fn the_headers_of_calendar_minutes_neither_stop_nor_overrun_them() {
    // Documented, the vendor's own word, and how many of others' requests there are a minute.
    for (documented, limit, others) in
        [(600, 600, 0), (600, 1500, 0), (600, 90, 0), (600, 900, 300)]
    {
        let operation = operation("push", &[rate(documented, 60, RateUnit::Calls, "push")]);
        let mut run = Run::new();
        let mut minutes: BTreeMap<u64, u64> = BTreeMap::new();
        let mut count = 0;
        while run.now < secs(600) {
            while run.flying.len() >= 64 {
                let end = run.next_end().expect("something flies");
                run.advance(end);
            }
            run.wait_for(operation, 1);
            // All take as long, so that they are counted in the order in which they begin.
            let counted = run.now + millis(40);
            let (minute, spent) = (counted.as_secs() / 60, counted.as_millis() % 60_000);
            let used = minutes.entry(minute).or_insert(others);
            *used += 1;
            assert!(*used <= limit, "{used} of {limit} in minute {minute}");
            let event = Event::Headers {
                limit: limit.to_string(),
                left: limit.saturating_sub(*used).to_string(),
                reset: (60_000 - spent).div_ceil(1000).to_string(),
            };
            let takes = Step { second: false, targets: 1, takes: 100, counted: 40, idle: 0, event };
            run.go(operation, count, &takes);
            count += 1;
        }
        let fair = (limit - others) * 10;
        assert!(count as u64 >= fair * 9 / 10, "{count} of {fair}");
    }
}

const LIMIT: &str = "x-rate-limit-limit";
const LEFT: &str = "x-rate-limit-remaining";
const RESET: &str = "x-rate-limit-reset";

/// How many can begin at this moment, one after the other.
fn room(pace: &RateLimiter, operation: &'static Operation, now: Duration) -> usize {
    let mut pace = pace.clone();
    let mut begun = Vec::new();
    while pace.ready(operation, 1, now).is_ok() && begun.len() < 10_000 {
        begun.push(pace.begin(operation, 1));
    }
    begun.len()
}

#[test]
fn headers_are_believed_both_ways_and_garbage_is_not() {
    let push = operation("push", &[rate(600, 60, RateUnit::Calls, "push")]);
    let cases: [(&[(&str, &str)], usize); 15] = [
        (&[], 600),
        (&[(LIMIT, "1200")], 1200),
        (&[("x-rate-limit-quota", "30")], 30),
        (&[(LIMIT, "?"), ("x-rate-limit-quota", "30")], 30),
        (&[(LIMIT, "0")], 600),
        (&[(LIMIT, "-1")], 600),
        (&[(LIMIT, "1e9")], 600),
        (&[(LIMIT, "99999999999999")], 600),
        (&[(LIMIT, "5"), (RESET, "3600")], 600),
        (&[(LEFT, "7"), (RESET, "20")], 7),
        (&[(LEFT, "7")], 7),
        (&[(LEFT, "7"), (RESET, "soon")], 7),
        (&[(LEFT, "5000"), (RESET, "20")], 600),
        (&[(LEFT, "7"), (RESET, "0")], 600),
        (&[(LIMIT, "1200"), (LEFT, "0"), (RESET, "20")], 0),
    ];
    for (headers, expected) in cases {
        let mut pace = RateLimiter::new();
        pace.heed(push, &reply(headers), secs(9));
        assert_eq!(room(&pace, push, secs(9)), expected, "{headers:?}");
    }
}

#[test]
fn what_is_left_holds_until_the_reset_and_ends_with_the_next_window() {
    let push = operation("push", &[rate(600, 60, RateUnit::Calls, "push")]);
    let say = |pace: &mut RateLimiter, left: &str, reset: &str, now| {
        pace.heed(push, &reply(&[(LEFT, left), (RESET, reset)]), now);
    };
    let mut pace = RateLimiter::new();
    say(&mut pace, "0", "7", secs(10));
    assert_eq!(pace.ready(push, 1, secs(10)), Err(secs(17)));
    assert_eq!(room(&pace, push, secs(17)), 600);
    // An older reply that was overtaken knows less.
    let mut pace = RateLimiter::new();
    say(&mut pace, "3", "7", secs(10));
    say(&mut pace, "9", "8", secs(10));
    assert_eq!(room(&pace, push, secs(10)), 3);
    // A window that began again a little before the last one seemed to end.
    say(&mut pace, "500", "60", millis(16_500));
    assert_eq!(room(&pace, push, millis(16_500)), 500);
    // Those in flight may be counted or not, and so may those that ended without a word.
    let mut pace = RateLimiter::new();
    let silent = [pace.begin(push, 1), pace.begin(push, 1)];
    say(&mut pace, "10", "30", secs(1));
    assert_eq!(room(&pace, push, secs(1)), 8);
    for ticket in silent {
        pace.end(ticket, secs(2));
    }
    assert_eq!(room(&pace, push, secs(2)), 8);
    say(&mut pace, "9", "29", secs(2));
    assert_eq!(room(&pace, push, secs(2)), 9);
}

#[test]
fn a_limit_is_not_believed_where_two_windows_could_be_meant() {
    let both = [rate(1, 1, RateUnit::Calls, ""), rate(10, 60, RateUnit::Calls, "")];
    let rooms = operation("rooms", &both);
    let mut pace = RateLimiter::new();
    pace.heed(rooms, &reply(&[(LIMIT, "10")]), secs(0));
    assert_eq!(room(&pace, rooms, secs(0)), 1);
    pace.heed(rooms, &reply(&[(LEFT, "0"), (RESET, "5")]), secs(0));
    assert_eq!(pace.ready(rooms, 1, secs(0)), Err(secs(5)), "but that nothing is left is");
}

#[test]
fn a_hold_holds_the_pool_and_nothing_else() {
    let scarce = [rate(2, 3600, RateUnit::Calls, "scarce")];
    let (one, two) = (operation("one", &scarce), operation("two", &scarce));
    let three = operation("three", &[]);
    let mut pace = RateLimiter::new();
    pace.hold(one, secs(7));
    pace.hold(two, secs(3));
    for held in [one, two] {
        assert_eq!(pace.ready(held, 1, secs(0)), Err(secs(7)));
        assert_eq!(pace.ready(held, 1, secs(7)), Ok(()));
    }
    assert_eq!(pace.ready(three, 1, secs(0)), Ok(()));
    pace.hold(three, secs(9));
    assert_eq!(pace.ready(three, 1, secs(0)), Err(secs(9)), "also without any rate");
}

#[test]
fn what_lives_on_bounds_what_is_in_flight() {
    let tasks = operation("tasks", &[rate(2, 2_592_000, RateUnit::Alive, "tasks")]);
    let mut pace = RateLimiter::new();
    let (first, _second) = (pace.begin(tasks, 9), pace.begin(tasks, 9));
    assert_eq!(pace.ready(tasks, 9, secs(0)), Err(millis(100)), "only an end can help");
    pace.end(first, secs(1));
    assert_eq!(pace.ready(tasks, 9, secs(1)), Ok(()));
    assert_eq!(quotas(tasks).count(), 0);
}

#[test]
fn an_estimate_is_that_of_the_slowest_rate_and_of_no_quota() {
    let rates = [
        rate(100, 1, RateUnit::Calls, ""),
        rate(6000, 60, RateUnit::Targets, ""),
        rate(2, 3600, RateUnit::Calls, ""),
    ];
    let users = operation("users", &rates);
    for (requests, targets, expected) in [
        (0, 0, 0),
        (1, 600, 0),
        (10, 6000, 0),
        (11, 6600, 60),
        (1000, 1000, 9),
        (1000, 600_000, 99 * 60),
        (3, 30_000, 120),
        (u64::MAX, u64::MAX, (u64::MAX - 1) / 100),
    ] {
        assert_eq!(estimate(users, requests, targets), secs(expected), "{requests} {targets}");
    }
    let quota: Vec<u32> = quotas(users).map(|rate| rate.seconds).collect();
    assert_eq!(quota, [3600]);
    assert_eq!(estimate(operation("free", &[]), 1000, 1000), secs(0));
}

#[test]
fn operations_that_share_a_pool_agree_on_its_rates() {
    for vendor in crate::provider::ALL {
        let mut known: HashMap<Place, u32> = HashMap::new();
        for operation in vendor.contract().operations {
            for rate in operation.rates.iter().filter(|rate| !rate.pool.is_empty()) {
                let count = *known.entry(place(operation, rate)).or_insert(rate.count);
                assert_eq!(count, rate.count, "{}", operation.id);
            }
        }
    }
}
