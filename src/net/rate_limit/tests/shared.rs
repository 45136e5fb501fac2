//! Processes that share a vendor's limits, each with its own clock and rate limiter. The vendor has exact windows.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::net::rate_limit::shared::SharedLimits;
use crate::net::rate_limit::tests::vendor::Vendor;
use crate::net::rate_limit::tests::*;

/// When all of this begins, as the time since 1970.
pub(super) const START: Duration = Duration::from_millis(1_782_353_213_000);

pub(super) fn sharer(who: &str) -> RateSharer {
    let (provider, app) = ("acme".to_owned(), "key".to_owned());
    RateSharer { sandbox: false, provider, app, who: who.to_owned() }
}

pub(super) fn ask(operation: &'static Operation, targets: u64) -> RateAsk {
    RateAsk { operation, targets, limit: secs(30) }
}

pub(super) fn since_1970_ms(time: Duration) -> i64 {
    i64::try_from((START + time).as_millis()).expect("this century")
}

/// Where the limits are stored, and which processes have ended.
#[derive(Clone, Default)]
pub(super) struct StoredLimits {
    pub(super) state: Option<Vec<u8>>,
    pub(super) gone: Vec<String>,
}

impl StoredLimits {
    pub(super) fn settle(&mut self, claim: &RateClaim) -> RateGrant {
        let is_gone = |who: &str| self.gone.iter().any(|gone| gone == who);
        let settled = settle(self.state.as_deref(), claim, true, &is_gone).expect("no damage");
        if let Some(state) = settled.state {
            // What is stored is read as it was.
            let limits = SharedLimits::unpack(&state).expect("no damage");
            assert_eq!(limits.pack(), state);
            self.state = Some(state);
        }
        settled.grant
    }

    /// One process asks for requests, one after the other, at a time since the start.
    pub(super) fn ask(&mut self, who: &str, asks: Vec<RateAsk>, now: Duration) -> RateGrant {
        let claim = RateLimiter::sharing(sharer(who)).claim(asks, now, since_1970_ms(now));
        self.settle(&claim.expect("something is asked"))
    }
}

/// A process.
struct Process {
    who: String,
    pace: RateLimiter,
    /// How far its own clock is from the time since the start.
    offset: Duration,
    steps: Vec<SharedStep>,
    is_over: bool,
}

/// What a process does next: some requests at once.
#[derive(Clone, Debug)]
struct SharedStep {
    second: bool,
    targets: u64,
    count: usize,
    /// How long each takes, in milliseconds, and when in that time the vendor counts it, in percent.
    takes: u64,
    counted: u64,
    /// How long ago the time was read when the transaction began, how long after it they leave, and how long after its end
    /// it is told.
    lag: u64,
    leaves: u64,
    told: u64,
    idle: u64,
    /// Whether the process ends while they are on their way.
    dies: bool,
}

fn shared_step() -> impl Strategy<Value = SharedStep> {
    let takes = prop_oneof![3 => 0u64..50, 2 => 50u64..3000, 1 => 3000u64..30_000];
    let idle = prop_oneof![3 => Just(0u64), 1 => 0u64..5000];
    let about = (any::<bool>(), 0u64..40, 1usize..6, prop::bool::weighted(0.05));
    (about, takes, 0u64..=100, (0u64..60, 0u64..20, 0u64..1500), idle).prop_map(
        |((second, targets, count, dies), takes, counted, (lag, leaves, told), idle)| SharedStep {
            second,
            targets,
            count,
            takes,
            counted,
            lag,
            leaves,
            told,
            idle,
            dies,
        },
    )
}

enum SharedEvent {
    AttemptHistory(usize),
    /// The vendor counts a request.
    Counts(usize, &'static Operation, u64),
    Ends(usize, Ticket),
    Tells(usize),
    Dies(usize),
}

/// All of them together.
struct SharedProcesses {
    operations: [&'static Operation; 2],
    processes: Vec<Process>,
    stored: StoredLimits,
    vendor: Vendor,
    now: Duration,
    events: BTreeMap<(Duration, u64), SharedEvent>,
    order: u64,
    tries: u64,
}

impl SharedProcesses {
    fn new(operations: [&'static Operation; 2], steps: &[Vec<SharedStep>]) -> Self {
        let mut world = Self {
            operations,
            processes: Vec::new(),
            stored: StoredLimits::default(),
            vendor: Vendor::default(),
            now: Duration::ZERO,
            events: BTreeMap::new(),
            order: 0,
            tries: 0,
        };
        for (number, steps) in steps.iter().enumerate() {
            let who = format!("process {number}");
            let steps = steps.iter().rev().cloned().collect();
            let offset = secs(7 * number as u64);
            let pace = RateLimiter::sharing(sharer(&who));
            world.processes.push(Process { who, pace, offset, steps, is_over: false });
            world.plan(Duration::ZERO, SharedEvent::AttemptHistory(number));
        }
        world
    }

    fn plan(&mut self, at: Duration, what: SharedEvent) {
        self.order += 1;
        self.events.insert((at, self.order), what);
    }

    fn run(&mut self) {
        while let Some(((at, _), what)) = self.events.pop_first() {
            self.now = at;
            match what {
                SharedEvent::AttemptHistory(number) => self.tries(number),
                // With its process a request breaks off.
                SharedEvent::Counts(number, ..) | SharedEvent::Tells(number)
                    if self.processes[number].is_over => {}
                SharedEvent::Counts(_, operation, targets) => {
                    self.vendor.begin(operation, targets, at, at);
                    self.vendor.end(operation);
                }
                SharedEvent::Ends(number, ticket) => {
                    let one = &mut self.processes[number];
                    one.pace.end(ticket, at + one.offset);
                }
                SharedEvent::Tells(number) => drop(self.claim(number, Vec::new(), 0)),
                SharedEvent::Dies(number) => {
                    self.processes[number].is_over = true;
                    self.stored.gone.push(self.processes[number].who.clone());
                }
            }
        }
        self.vendor.check();
    }

    fn claim(&mut self, number: usize, asks: Vec<RateAsk>, lag: u64) -> Option<RateGrant> {
        let one = &mut self.processes[number];
        let read = self.now.saturating_sub(millis(lag));
        let claim = one.pace.claim(asks, read + one.offset, since_1970_ms(read))?;
        Some(self.stored.settle(&claim))
    }

    fn tries(&mut self, number: usize) {
        let Some(step) = self.processes[number].steps.last().cloned() else { return };
        self.tries += 1;
        assert!(self.tries < 100_000, "they wait for ever");
        let operation = self.operations[usize::from(step.second)];
        let one = &mut self.processes[number];
        let ready = one.pace.ready(operation, step.targets, self.now + one.offset);
        if let Err(due) = ready {
            let due = due - one.offset;
            return self.plan(due, SharedEvent::AttemptHistory(number));
        }
        let asks = vec![ask(operation, step.targets); step.count];
        let grant = self.claim(number, asks, step.lag).expect("something is asked");
        let left = step.count - grant.begun;
        assert_eq!(left > 0, grant.until.is_some());
        (0..grant.begun).for_each(|_| self.start(number, operation, &step));
        if step.dies && grant.begun > 0 {
            return self.plan(self.now + millis(step.told), SharedEvent::Dies(number));
        }
        let steps = &mut self.processes[number].steps;
        match grant.until {
            Some(until) => {
                let count = left;
                *steps.last_mut().expect("it is there") = SharedStep { count, ..step };
                // What is read then is old again.
                let due = until - START + millis(step.lag);
                assert!(due > self.now, "asking again at once is no use");
                self.plan(due, SharedEvent::AttemptHistory(number));
            }
            None => {
                steps.pop();
                self.plan(self.now + millis(step.idle), SharedEvent::AttemptHistory(number));
            }
        }
    }

    fn start(&mut self, number: usize, operation: &'static Operation, step: &SharedStep) {
        let leaves = self.now + millis(step.leaves);
        let ends = leaves + millis(step.takes);
        let counted = leaves + millis(step.takes * step.counted / 100);
        let one = &mut self.processes[number];
        let mut ticket = one.pace.begin(operation, step.targets);
        one.pace.granted(&mut ticket);
        self.plan(counted, SharedEvent::Counts(number, operation, step.targets));
        self.plan(ends, SharedEvent::Ends(number, ticket));
        self.plan(ends + millis(step.told), SharedEvent::Tells(number));
    }
}

/// Rates as contracts have them: operations that share a pool agree on its limits. Without those of what lives on, since the
/// model does not know when what a dead process had in flight has ended.
fn agreeing(first: &[Rate], second: &[Rate]) -> (Vec<Rate>, Vec<Rate>) {
    let is_same = |one: &Rate, other: &Rate| {
        (one.pool, one.counted, one.seconds) == (other.pool, other.counted, other.seconds)
    };
    let agreed = |rate: &Rate| {
        let others = first.iter().chain(second).filter(|other| is_same(rate, other));
        let least = others.map(|other| other.count).min().expect("itself");
        Rate { count: if rate.pool.is_empty() { rate.count } else { least }, ..*rate }
    };
    let all = |rates: &[Rate]| {
        rates.iter().filter(|rate| rate.counted != RateUnit::Alive).map(agreed).collect()
    };
    (all(first), all(second))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_window_overflows_however_processes_take_turns_and_all_of_them_end(
        first in rates(),
        second in rates(),
        steps in prop::collection::vec(prop::collection::vec(shared_step(), 1..12), 1..5),
    ) {
        let (first, second) = agreeing(&first, &second);
        let operations = [operation("first", &first), operation("second", &second)];
        let mut world = SharedProcesses::new(operations, &steps);
        world.run();
        for process in &world.processes {
            prop_assert!(process.is_over || process.steps.is_empty(), "{} waits", process.who);
        }
    }
}
