//! What processes that share limits tell each other, and how the limits are divided among them.

use proptest::prelude::*;

use crate::net::rate_limit::shared::SharedLimits;
use crate::net::rate_limit::tests::shared::START;
use crate::net::rate_limit::tests::shared::StoredLimits;
use crate::net::rate_limit::tests::shared::ask;
use crate::net::rate_limit::tests::shared::sharer;
use crate::net::rate_limit::tests::shared::since_1970_ms;
use crate::net::rate_limit::tests::*;

/// How many requests a process would be granted at a moment.
fn room(stored: &StoredLimits, operation: &'static Operation, now: Duration) -> usize {
    stored.clone().ask("another process", vec![ask(operation, 1); 2000], now).begun
}

/// One that has something to tell: a rate limiter that was granted some requests.
fn with_tickets(
    stored: &mut StoredLimits,
    who: &str,
    operation: &'static Operation,
    count: usize,
    now: Duration,
) -> (RateLimiter, Vec<Ticket>) {
    let mut pace = RateLimiter::sharing(sharer(who));
    let claim = pace.claim(vec![ask(operation, 1); count], now, since_1970_ms(now));
    assert_eq!(stored.settle(&claim.expect("it asks")).begun, count);
    let begin = |_| {
        let mut ticket = pace.begin(operation, 1);
        pace.granted(&mut ticket);
        ticket
    };
    let tickets = (0..count).map(begin).collect();
    (pace, tickets)
}

fn tell(stored: &mut StoredLimits, pace: &mut RateLimiter, now: Duration) {
    let claim = pace.claim(Vec::new(), now, since_1970_ms(now)).expect("there are news");
    stored.settle(&claim);
}

#[test]
fn a_process_goes_on_where_the_others_left_each_window() {
    let both = |own: u32| [rate(own, 1, RateUnit::Calls, ""), rate(5, 60, RateUnit::Calls, "both")];
    let (one, two) = (operation("one", &both(3)), operation("two", &both(9)[1..]));
    let many = operation("many", &[rate(9, 10, RateUnit::Targets, "")]);
    let at = |millis_: u64| Some(START + millis(millis_));
    // What ended when, with how many targets; what asks at 100 s, and when it may go.
    let past = |operation, targets, ago: u64| (operation, targets, secs(100) - millis(ago));
    for (before, operation, targets, until) in [
        (vec![], one, 1, None),
        (vec![past(one, 1, 900), past(one, 1, 300), past(one, 1, 100)], one, 1, at(100_100)),
        (vec![past(one, 1, 1_100), past(one, 1, 300), past(one, 1, 100)], one, 1, None),
        // The other counts in the window that they share, and in no other.
        (vec![past(two, 1, 500); 4], one, 1, None),
        (vec![past(two, 1, 500); 5], one, 1, at(159_500)),
        (vec![past(one, 1, 61_000), past(one, 1, 2_000)], two, 1, None),
        (vec![past(many, 5, 4_000), past(many, 3, 1_000)], many, 1, None),
        (vec![past(many, 5, 4_000), past(many, 3, 1_000)], many, 2, at(106_000)),
    ] {
        let mut stored = StoredLimits::default();
        for (number, (operation, targets, ended)) in before.iter().enumerate() {
            let mut pace = RateLimiter::sharing(sharer(&format!("{number}")));
            let claim = pace.claim(vec![ask(operation, *targets)], *ended, since_1970_ms(*ended));
            assert_eq!(stored.settle(&claim.expect("it asks")).begun, 1);
            let mut ticket = pace.begin(operation, *targets);
            pace.granted(&mut ticket);
            pace.end(ticket, *ended);
            tell(&mut stored, &mut pace, *ended);
        }
        let asks = vec![ask(operation, targets)];
        let grant = stored.ask("next", asks, secs(100));
        // The end is rounded up to a whole millisecond, and so is the time between two clocks.
        let late = |until: Duration| until.saturating_sub(millis(1));
        assert_eq!(grant.until.map(late), until, "{before:?}");
    }
}

#[test]
fn what_is_in_flight_counts_until_its_process_tells_or_is_gone_or_its_time_is_up() {
    let push = operation("push", &[rate(4, 60, RateUnit::Calls, "push")]);
    let mut stored = StoredLimits::default();
    let (mut pace, mut tickets) = with_tickets(&mut stored, "first", push, 4, secs(0));
    assert_eq!(room(&stored, push, secs(20)), 0);
    // One ended, one did not leave.
    pace.end(tickets.remove(0), secs(1));
    pace.withdraw(tickets.remove(0));
    tell(&mut stored, &mut pace, secs(20));
    assert_eq!(room(&stored, push, secs(20)), 1);
    assert_eq!(room(&stored, push, millis(61_002)), 2);
    // An exchange takes 30 s at most, and some time to begin: after that it has ended, unreported.
    assert_eq!(room(&stored, push, millis(94_999)), 2);
    assert_eq!(room(&stored, push, millis(95_000)), 4);
    // Of one that is gone it is known that it ended before now.
    let mut stored = StoredLimits::default();
    drop(with_tickets(&mut stored, "first", push, 4, secs(0)));
    stored.gone.push("first".to_owned());
    let until = stored.ask("second", vec![ask(push, 1)], secs(10)).until;
    assert_eq!(until, Some(START + secs(70)));
    assert_eq!(room(&stored, push, millis(69_999)), 0);
    stored.gone.push("second".to_owned());
    assert_eq!(room(&stored, push, secs(70)), 4);
}

#[test]
fn what_headers_said_is_known_to_all_and_after_a_crash() {
    let push = operation("push", &[rate(600, 60, RateUnit::Calls, "push")]);
    let cases: [(&[(&str, &str)], usize); 5] = [
        (&[], 599),
        (&[(LIMIT, "1200")], 1199),
        (&[(LIMIT, "30")], 29),
        (&[(LIMIT, "1200"), (LEFT, "7"), (RESET, "20")], 7),
        (&[(LIMIT, "1200"), (LEFT, "0"), (RESET, "20")], 0),
    ];
    for (headers, expected) in cases {
        let mut stored = StoredLimits::default();
        let (mut pace, tickets) = with_tickets(&mut stored, "first", push, 1, secs(0));
        for ticket in tickets {
            pace.end(ticket, secs(1));
            pace.heed(push, &reply(headers), secs(1));
        }
        tell(&mut stored, &mut pace, secs(1));
        stored.gone.push("first".to_owned());
        assert_eq!(room(&stored, push, secs(2)), expected, "{headers:?}");
    }
}

#[test]
fn the_last_word_of_a_window_does_not_spend_the_next_one() {
    let push = operation("push", &[rate(600, 60, RateUnit::Calls, "push")]);
    let mut stored = StoredLimits::default();
    let (mut late, mut ticket) = with_tickets(&mut stored, "late", push, 1, secs(59));
    let (mut quick, other) = with_tickets(&mut stored, "quick", push, 1, secs(60));
    for ticket in other {
        quick.end(ticket, secs(60));
        quick.heed(push, &reply(&[(LIMIT, "600"), (LEFT, "599"), (RESET, "60")]), secs(60));
    }
    tell(&mut stored, &mut quick, secs(60));
    late.end(ticket.remove(0), secs(60));
    late.heed(push, &reply(&[(LIMIT, "600"), (LEFT, "0"), (RESET, "1")]), secs(60));
    tell(&mut stored, &mut late, secs(60));
    assert_eq!(room(&stored, push, secs(60)), 0);
    assert!(room(&stored, push, secs(62)) > 590);
}

#[test]
fn a_pause_that_the_vendor_asked_for_holds_all_and_one_of_the_network_holds_its_own_process() {
    let free = operation("free", &[]);
    let mut stored = StoredLimits::default();
    let mut pace = RateLimiter::sharing(sharer("first"));
    pace.pause(free, secs(9));
    assert!(pace.claim(Vec::new(), secs(1), since_1970_ms(secs(1))).is_none());
    assert_eq!(stored.ask("second", vec![ask(free, 1)], secs(1)).begun, 1);
    pace.hold(free, secs(9));
    tell(&mut stored, &mut pace, secs(1));
    let held = stored.ask("second", vec![ask(free, 1)], secs(1));
    assert_eq!(held, RateGrant { begun: 0, until: Some(START + millis(9001)) });
    assert_eq!(stored.ask("second", vec![ask(free, 1)], secs(10)).begun, 1);
}

#[test]
fn what_others_could_not_be_told_is_told_the_next_time() {
    let push = operation("push", &[rate(4, 60, RateUnit::Calls, "push")]);
    let mut stored = StoredLimits::default();
    let (mut pace, mut tickets) = with_tickets(&mut stored, "first", push, 4, secs(0));
    pace.end(tickets.remove(0), secs(1));
    let lost = pace.claim(Vec::new(), secs(2), since_1970_ms(secs(2))).expect("there are news");
    pace.unsaid(lost);
    pace.end(tickets.remove(0), secs(3));
    tell(&mut stored, &mut pace, secs(4));
    assert_eq!(room(&stored, push, millis(61_002)), 1);
    assert_eq!(room(&stored, push, millis(63_001)), 2);
}

#[test]
fn a_clock_that_is_set_back_makes_no_process_wait_longer_than_a_window() {
    let push = operation("push", &[rate(2, 60, RateUnit::Calls, "push")]);
    for back in [0, 5, 11, 3600, 400_000_000] {
        let mut stored = StoredLimits::default();
        let now = secs(500_000_000);
        let (mut pace, tickets) = with_tickets(&mut stored, "first", push, 2, now);
        tickets.into_iter().for_each(|ticket| pace.end(ticket, now));
        pace.hold(push, now + secs(20));
        tell(&mut stored, &mut pace, now);
        let then = now - secs(back);
        let until = stored.ask("second", vec![ask(push, 1)], then).until.expect("it is full");
        let wait = until - START - then;
        assert!(wait <= secs(61), "{back}: {wait:?}");
        assert_eq!(stored.ask("second", vec![ask(push, 1)], then + secs(71)).begun, 1, "{back}");
    }
}

/// A process that always has more to send.
struct Busy {
    pace: RateLimiter,
    /// When requests end, in their order.
    flying: std::collections::VecDeque<(Duration, Ticket)>,
    due: Duration,
    room: usize,
    gone: u64,
}

impl Busy {
    fn new(number: usize) -> Self {
        let pace = RateLimiter::sharing(sharer(&format!("process {number}")));
        let flying = std::collections::VecDeque::new();
        Self { pace, flying, due: Duration::ZERO, room: usize::MAX, gone: 0 }
    }

    /// What the engine does: it tells what has ended, and asks for as many as may fit.
    fn turn(&mut self, stored: &mut StoredLimits, job: &BusyJob, now: Duration) {
        while self.flying.front().is_some_and(|(end, _)| *end <= now) {
            let (end, ticket) = self.flying.pop_front().expect("it is there");
            self.pace.end(ticket, end);
        }
        let most = if now >= self.due { job.at_most - self.flying.len() } else { 0 };
        let ready = (0..most.min(self.room)).map(|_| ask(job.operation, job.targets));
        let asks: Vec<RateAsk> = match self.pace.ready(job.operation, job.targets, now) {
            Ok(()) => ready.collect(),
            Err(_) => Vec::new(),
        };
        let asked = asks.len();
        let Some(claim) = self.pace.claim(asks, now, since_1970_ms(now)) else { return };
        let grant = stored.settle(&claim.wanting(most));
        for _ in 0..grant.begun {
            let mut ticket = self.pace.begin(job.operation, job.targets);
            self.pace.granted(&mut ticket);
            self.flying.push_back((now + job.takes, ticket));
            self.gone += 1;
        }
        match grant.until {
            Some(until) => {
                self.room = grant.begun.max(3) + 1;
                self.due = until - START;
            }
            None if asked > 0 => self.room = self.room.saturating_mul(2),
            None => {}
        }
    }
}

/// What all of them do.
struct BusyJob {
    operation: &'static Operation,
    targets: u64,
    at_most: usize,
    takes: Duration,
}

/// Runs processes beside each other for some windows; each has a turn every few milliseconds, in an order that changes.
/// How many requests each made in the first window, and in all of them.
fn side_by_side(
    count: usize,
    job: &BusyJob,
    window: Duration,
    windows: u32,
) -> (Vec<u64>, Vec<u64>) {
    let mut stored = StoredLimits::default();
    let mut busy: Vec<Busy> = (0..count).map(Busy::new).collect();
    let mut now = Duration::ZERO;
    let mut turns = 0_usize;
    let mut first_window = Vec::new();
    while now < window * windows {
        if now >= window && first_window.is_empty() {
            first_window = busy.iter().map(|one| one.gone).collect();
        }
        turns += 1;
        let first = turns * 7 % count;
        for place in 0..count {
            busy[(first + place) % count].turn(&mut stored, job, now);
        }
        now += millis(3);
    }
    (first_window, busy.iter().map(|one| one.gone).collect())
}

#[test]
fn most_of_a_limit_is_used_by_many_and_each_has_its_share() {
    for (count, seconds, targets, takes) in [
        (600, 60, 0, 20),
        (600, 60, 0, 900),
        (6000, 60, 100, 20),
        (6000, 60, 1000, 20),
        (100, 1, 0, 20),
        (20, 1, 0, 30),
        (10_000, 10, 0, 5),
    ] {
        for processes in [2, 8] {
            let counted = if targets == 0 { RateUnit::Calls } else { RateUnit::Targets };
            let operation = operation("any", &[rate(count, seconds, counted, "")]);
            let job = BusyJob { operation, targets, at_most: 16, takes: millis(takes) };
            let (first, gone) = side_by_side(processes, &job, secs(u64::from(seconds)), 5);
            let all: u64 = gone.iter().sum();
            let most = 5 * u64::from(count) / targets.max(1);
            let what = format!("{count} in {seconds} s, {targets} targets, {takes} ms: {gone:?}");
            assert!(all * 10 >= most * 9, "{all} of {most} with {what}");
            // In the first window the first ones take what there is.
            let later: Vec<u64> = first.iter().zip(&gone).map(|(first, all)| all - first).collect();
            let fair = most * 4 / 5 / processes as u64;
            assert!(later.iter().all(|own| *own * 2 >= fair), "{fair} of {later:?}: {what}");
        }
    }
}

#[test]
fn one_request_beside_busy_processes_has_to_wait_for_one_window_at_most() {
    let push = operation("push", &[rate(60, 6, RateUnit::Calls, "push")]);
    let job = BusyJob { operation: push, targets: 1, at_most: 16, takes: millis(20) };
    let mut stored = StoredLimits::default();
    let mut busy: Vec<Busy> = (0..4).map(Busy::new).collect();
    let (mut due, mut since) = (secs(20), None);
    let mut waits = Vec::new();
    let mut now = Duration::ZERO;
    while now < secs(120) {
        for one in &mut busy {
            one.turn(&mut stored, &job, now);
        }
        if now >= due {
            let began = *since.get_or_insert(now);
            let grant = stored.ask("single", vec![ask(push, 1)], now);
            due = match grant.until {
                Some(until) => until - START,
                None => {
                    waits.push(now - began);
                    since = None;
                    now + secs(7)
                }
            };
        }
        now += millis(3);
    }
    assert!(waits.len() >= 7, "{waits:?}");
    assert!(waits.iter().all(|wait| *wait <= secs(7)), "{waits:?}");
}

#[test]
fn room_for_one_that_does_not_come_is_given_to_others_soon() {
    let push = operation("push", &[rate(2, 6, RateUnit::Calls, "push")]);
    let mut stored = StoredLimits::default();
    let (mut pace, tickets) = with_tickets(&mut stored, "first", push, 2, secs(0));
    tickets.into_iter().for_each(|ticket| pace.end(ticket, secs(0)));
    tell(&mut stored, &mut pace, secs(0));
    let due = stored.ask("absent", vec![ask(push, 2); 2], secs(1)).until.expect("it waits") - START;
    assert!(due <= millis(6001), "{due:?}");
    // It is not there at its time; the other one may have one place at once, and the second a second later.
    assert_eq!(room(&stored, push, due), 1);
    assert_eq!(room(&stored, push, due + millis(500)), 1);
    assert_eq!(room(&stored, push, due + millis(501)), 2);
}

#[test]
fn one_that_gives_up_leaves_its_place_to_others() {
    let push = operation("push", &[rate(1, 60, RateUnit::Calls, "push")]);
    let mut stored = StoredLimits::default();
    let (mut pace, tickets) = with_tickets(&mut stored, "first", push, 1, secs(0));
    tickets.into_iter().for_each(|ticket| pace.end(ticket, secs(0)));
    tell(&mut stored, &mut pace, secs(0));
    let mut short = RateLimiter::sharing(sharer("short of time"));
    let claim = short.claim(vec![ask(push, 1)], secs(1), since_1970_ms(secs(1)));
    assert_eq!(stored.settle(&claim.expect("it asks")).until, Some(START + millis(60_001)));
    // Behind that one it is not known when there is room for another.
    let mut next = stored.clone();
    let until = next.ask("next", vec![ask(push, 1)], secs(30)).until.expect("it waits");
    assert_eq!(until, START + secs(90), "a window at most");
    short.give_up(push);
    tell(&mut stored, &mut short, secs(2));
    let until = stored.ask("next", vec![ask(push, 1)], secs(30)).until;
    assert_eq!(until, Some(START + millis(60_001)));
}

#[test]
fn what_lives_on_is_bounded_by_what_all_have_in_flight() {
    let tasks = operation("tasks", &[rate(2, 2_592_000, RateUnit::Alive, "tasks")]);
    let mut stored = StoredLimits::default();
    let (mut pace, mut tickets) = with_tickets(&mut stored, "first", tasks, 2, secs(0));
    let until = stored.ask("second", vec![ask(tasks, 9)], secs(1)).until;
    assert_eq!(until, Some(START + millis(1_100)), "only an end can help");
    pace.end(tickets.remove(0), millis(1_050));
    tell(&mut stored, &mut pace, millis(1_050));
    assert_eq!(stored.ask("second", vec![ask(tasks, 9)], millis(1_100)).begun, 1);
}

#[test]
fn a_state_without_anything_to_remember_is_not_stored() {
    let free = operation("free", &[]);
    let mut stored = StoredLimits::default();
    assert_eq!(stored.ask("first", vec![ask(free, 1); 9], secs(1)).begun, 9);
    assert_eq!(stored.state, None);
}

#[test]
fn so_many_processes_may_have_something_in_flight_and_the_state_stays_small() {
    let push = operation("push", &[rate(20_000, 60, RateUnit::Calls, "push")]);
    let mut stored = StoredLimits::default();
    for number in 0..3000 {
        let who = format!("0199c5a0-0000-7000-8000-{number:012}");
        assert_eq!(stored.ask(&who, vec![ask(push, 1)], millis(number)).begun, 1);
    }
    let length = stored.state.as_ref().expect("a state").len();
    assert!(length < 24 * 1024, "{length} bytes");
    // All of them count.
    assert_eq!(room(&stored, push, secs(4)), 2000);
}

proptest! {
    #[test]
    fn damage_is_noticed_and_nothing_that_is_read_ends_the_process(
        number in 0usize..5000,
        mut bytes in prop::collection::vec(any::<u8>(), 0..200),
        later in 0u64..1_000_000_000_000_000,
    ) {
        let push = operation("push", &[rate(3, 60, RateUnit::Calls, "push")]);
        let mut stored = StoredLimits::default();
        stored.ask("first", vec![ask(push, 1); 9], secs(1));
        stored.ask("second", vec![ask(push, 1); 9], secs(1));
        let mut state = stored.state.take().expect("a state");
        let bit = number % (state.len() * 8);
        state[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(SharedLimits::unpack(&state).is_err());
        prop_assert!(SharedLimits::unpack(&state[..number % state.len()]).is_err());
        // With a checksum that fits.
        bytes.insert(0, 1);
        bytes.extend_from_slice(&crc32fast::hash(&bytes).to_le_bytes());
        let claim = RateLimiter::sharing(sharer("third")).claim(vec![ask(push, 1)], secs(1), since_1970_ms(secs(1)));
        let _ = settle(Some(&bytes), &claim.expect("it asks"), true, &|_| false);
        let now = millis(later);
        let claim = RateLimiter::sharing(sharer("third")).claim(vec![ask(push, 1)], now, since_1970_ms(now));
        let _ = settle(Some(&bytes), &claim.expect("it asks"), true, &|_| true);
    }
}
