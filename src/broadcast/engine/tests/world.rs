//! A simulation on a virtual clock: a seed decides latencies, faults and stops.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use crate::broadcast::engine::tests::fuse::Fuse;
use crate::broadcast::engine::tests::site::{Site, reply};
use crate::broadcast::engine::tests::{START_MS, SeededRandom};
use crate::net::Stop;
use crate::outcome::Verdict;
use crate::send::executor::ports::TimedTransport;
use crate::wire::{Exchange, Failure, Phase, Request};

/// How often what goes wrong.
#[derive(Clone, Debug)]
pub(super) struct Faults {
    /// No connection.
    pub(super) refused: f64,
    /// The connection breaks before the server has read everything.
    pub(super) before: f64,
    /// The server has stored it, and the answer gets lost: reset, or half a reply.
    pub(super) after: f64,
    /// It arrives when the client no longer waits for the answer, or never.
    pub(super) late: f64,
    /// 429, sometimes with `Retry-After`.
    pub(super) busy: f64,
    /// 5xx before or after the server has stored it.
    pub(super) failing: f64,
    /// How long things take, in milliseconds.
    pub(super) latency: (u64, u64),
}

impl Faults {
    /// None.
    pub(super) const NONE: Self = Self {
        refused: 0.0,
        before: 0.0,
        after: 0.0,
        late: 0.0,
        busy: 0.0,
        failing: 0.0,
        latency: (1, 80),
    };

    /// Some of each.
    pub(super) fn random(dice: &mut SeededRandom) -> Self {
        let mut some = |most: f64| if dice.hits(0.5) { dice.unit() * most } else { 0.0 };
        Self {
            refused: some(0.15),
            before: some(0.1),
            after: some(0.2),
            late: some(0.1),
            busy: some(0.1),
            failing: some(0.15),
            latency: (1, if dice.hits(0.5) { 50 } else { 2000 }),
        }
    }
}

/// What happens to a request that has arrived.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Answered(Duration),
    Cut(Duration),
    Failing(Duration),
    Forgotten,
}

enum Event {
    Arrives(u64, Box<Request>, Fate),
    Told(u64, Exchange),
}

/// The simulation of one run.
pub(super) struct SimWorld<'a> {
    site: &'a Site,
    fuse: &'a Fuse,
    dice: SeededRandom,
    faults: Faults,
    events: BTreeMap<(Duration, u64), Event>,
    order: u64,
    open: HashMap<u64, Duration>,
    /// Whether what goes on beside a wait takes time.
    pub(super) beside_takes_time: bool,
    /// How many exchanges ended while something else went on.
    pub(super) beside: usize,
    /// When requests started.
    pub(super) started: Vec<Duration>,
    /// When the user asks to stop, and asks again.
    pub(super) stops: (Option<Duration>, Option<Duration>),
}

fn failure(phase: Phase) -> Exchange {
    Err(Failure::new(phase, "simulated"))
}

impl<'a> SimWorld<'a> {
    pub(super) fn new(site: &'a Site, fuse: &'a Fuse, faults: Faults, seed: u64) -> Self {
        let now = Duration::from_millis(START_MS.unsigned_abs()) + fuse.elapsed.get();
        site.now.set(now);
        Self {
            site,
            fuse,
            dice: SeededRandom(seed ^ 0x5eed),
            faults,
            events: BTreeMap::new(),
            order: 0,
            open: HashMap::new(),
            beside_takes_time: true,
            beside: 0,
            started: Vec::new(),
            stops: (None, None),
        }
    }

    /// Since the start of everything.
    pub(super) fn elapsed(&self) -> Duration {
        self.now() - Duration::from_millis(START_MS.unsigned_abs())
    }

    fn plan(&mut self, at: Duration, event: Event) {
        self.order += 1;
        self.events.insert((at, self.order), event);
    }

    fn latency(&mut self) -> Duration {
        let (from, to) = self.faults.latency;
        self.dice.millis(from, to)
    }

    /// Lets one thing happen. The exchange that ended by it.
    fn happen(&mut self, event: Event) -> Option<(u64, Exchange)> {
        match event {
            Event::Told(ticket, exchange) => self.open.remove(&ticket).map(|_| (ticket, exchange)),
            Event::Arrives(ticket, request, fate) => {
                let exchange = self.site.serve(&request, self.now());
                let told = match fate {
                    Fate::Answered(later) => Some((later, exchange)),
                    Fate::Cut(later) => Some((later, failure(Phase::Reply))),
                    Fate::Failing(later) => Some((later, Ok(reply(502, &[])))),
                    Fate::Forgotten => None,
                };
                if let Some((later, exchange)) = told {
                    self.plan(self.now() + later, Event::Told(ticket, exchange));
                }
                None
            }
        }
    }

    /// Whether a reply leaves no doubt that nothing was done: then nothing was, or the vendor would not keep its word.
    fn denies(&self, exchange: &Exchange, request: &Request) -> bool {
        self.site.whom(request).is_some_and(|(operation, ids)| {
            self.site.decide(operation, exchange, &ids).verdict != Verdict::Unknown
        })
    }

    /// Everything that is still on its way arrives.
    pub(super) fn settle(&mut self) {
        self.fuse.elapsed.set(self.elapsed());
        while let Some(((at, _), event)) = self.events.pop_first() {
            self.site.now.set(self.now().max(at));
            self.happen(event);
        }
    }

    /// When the user asks next.
    fn next_stop(&self) -> Option<Duration> {
        let ahead = |at: &Duration| *at > self.elapsed();
        [self.stops.0, self.stops.1].into_iter().flatten().filter(ahead).min()
    }
}

impl TimedTransport for SimWorld<'_> {
    fn now(&self) -> Duration {
        self.site.now.get()
    }

    fn now_ms(&self) -> i64 {
        i64::try_from(self.now().as_millis()).expect("this century")
    }

    fn chance(&mut self) -> f64 {
        self.dice.unit()
    }

    fn start(&mut self, ticket: u64, request: Request, limit: Duration) {
        assert!(self.stopped().is_none(), "nothing starts once somebody has asked to stop");
        if self.fuse.dead.get() {
            assert!(self.fuse.ends_waiting(), "nothing starts that could not be written down");
            // Nor does what could, where the process has ended since.
            self.open.insert(ticket, self.now());
            return self.plan(self.now(), Event::Told(ticket, failure(Phase::Connect)));
        }
        self.site.check_key(&request);
        let late = u64::from(self.fuse.stopped.get());
        self.fuse.started_after_stop.set(self.fuse.started_after_stop.get() + late);
        self.started.push(self.elapsed());
        let end = self.now() + limit;
        self.open.insert(ticket, end);
        self.plan(end, Event::Told(ticket, failure(Phase::Sent)));
        let (there, back) = (self.now() + self.latency(), self.latency());
        let faults = self.faults.clone();
        let mut dice = self.dice.unit();
        let mut is = |share: f64| {
            let hit = dice < share;
            dice -= share;
            hit
        };
        let arrives = |fate| Event::Arrives(ticket, Box::new(request.clone()), fate);
        if is(faults.refused) {
            self.plan(there, Event::Told(ticket, failure(Phase::Connect)));
        } else if is(faults.before) {
            self.plan(there, Event::Told(ticket, failure(Phase::Sent)));
        } else if is(faults.after) {
            self.plan(there, arrives(Fate::Cut(back)));
        } else if is(faults.late) {
            if self.dice.hits(0.7) {
                let late = self.dice.millis(0, 3000);
                self.plan(end - Duration::from_secs(1) + late, arrives(Fate::Forgotten));
            }
        } else if is(faults.busy) {
            let pause = self.dice.below(5).to_string();
            let named = [("retry-after", pause.as_str())];
            let headers = if self.dice.hits(0.5) { &named[..] } else { &[] };
            self.plan(there, Event::Told(ticket, Ok(reply(429, headers))));
        } else if is(faults.failing) {
            let failing = Ok(reply(502, &[]));
            if self.dice.hits(0.5) && !self.denies(&failing, &request) {
                self.plan(there, arrives(Fate::Failing(back)));
            } else {
                self.plan(there, Event::Told(ticket, failing));
            }
        } else {
            self.plan(there, arrives(Fate::Answered(back)));
        }
    }

    fn wait(&mut self, at_most: Duration) -> Vec<(u64, Exchange)> {
        self.fuse.waits();
        if at_most.is_zero() {
            let passes = if self.beside_takes_time && self.dice.hits(0.8) {
                self.dice.millis(1, 9)
            } else {
                at_most
            };
            let landed = self.wait_for(passes);
            self.beside += landed.len();
            return landed;
        }
        self.wait_for(at_most)
    }

    fn abandon(&mut self) -> Vec<(u64, Exchange)> {
        let mut open: Vec<u64> = self.open.drain().map(|(ticket, _)| ticket).collect();
        open.sort_unstable();
        open.into_iter().map(|ticket| (ticket, failure(Phase::Sent))).collect()
    }

    fn stopped(&self) -> Option<(Stop, bool)> {
        let since = |at: Option<Duration>| at.is_some_and(|at| self.elapsed() >= at);
        since(self.stops.0).then(|| (Stop::Interrupted, since(self.stops.1)))
    }
}

impl SimWorld<'_> {
    fn wait_for(&mut self, at_most: Duration) -> Vec<(u64, Exchange)> {
        let asked = self.next_stop().map(|stop| self.now() + (stop - self.elapsed()));
        let end = asked.map_or(self.now() + at_most, |asked| asked.min(self.now() + at_most));
        while let Some(entry) = self.events.first_entry() {
            if entry.key().0 > end {
                break;
            }
            let ((at, _), event) = entry.remove_entry();
            self.site.now.set(self.now().max(at));
            if let Some(told) = self.happen(event) {
                return vec![told];
            }
        }
        self.site.now.set(end);
        Vec::new()
    }
}
