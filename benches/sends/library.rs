//! herald as a library: the engine, the vendor's own requests, the real network; with and without the ledger.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use herald::account::{Account, Secret};
use herald::broadcast::abort::Limits;
use herald::broadcast::counts::TargetCounts;
use herald::broadcast::engine::Engine;
use herald::broadcast::ledger_batches::LedgerBatches;
use herald::broadcast::ledger_thread::LedgerThread;
use herald::broadcast::ports::Observer;
use herald::broadcast::ports::RunReport;
use herald::broadcast::ports::RunSettings;
use herald::contract::{Effect, Operation, TargetKind};
use herald::document::Document;
use herald::error::Result;
use herald::ledger::{
    Batch, BatchChange, BatchKey, JobIntent, JobTemplate, Ledger, Opening, Permit, PlannedBatch,
    Realm,
};
use herald::net::rate_limit::RateClaim;
use herald::net::{self, ConcurrentTransport as _, Network, Stop, Transport as _, TrustRoots};
use herald::outcome::Outcome;
use herald::provider::{self, Call, Vendor};
use herald::send::executor::ports::AttemptInfo;
use herald::send::executor::ports::CommitState;
use herald::send::executor::ports::Journal;
use herald::send::executor::ports::MadeRequest;
use herald::send::executor::ports::Maker;
use herald::send::executor::ports::TimedTransport;
use herald::template::message_template::MessageTemplate;
use herald::template::target_field::TargetField;
use herald::wire::{Exchange, Reply, Request, Stamp};
use uuid::Uuid;

use crate::message::{IN_FLIGHT, SECRET, body, now_ms, target};

/// How many batches are planned in one transaction.
const PLANNED: u64 = 1000;

/// Sends `count` without a ledger. The time is that of sending alone.
pub(crate) fn without_ledger(port: u16, count: u64) -> Duration {
    let mut journal = InMemory { next: 0, count, handed: Vec::new() };
    send(port, count, &mut journal)
}

/// The same with the durable ledger. Planning is not counted.
pub(crate) fn with_ledger(port: u16, count: u64, path: &Path) -> Duration {
    let mut ledger = Ledger::open(path, ms(), Duration::MAX).expect("a ledger");
    let job = plan(&mut ledger, port, count);
    ledger.claim_job(job, ms()).expect("the job is free");
    let books = LedgerBatches::of(&mut ledger, job).expect("the job has batches");
    let took = LedgerThread::with(books, |clerk| send(port, count, clerk)).expect("a thread");
    ledger.release_job(job, ms()).expect("the job is this one's");
    took
}

fn send(port: u16, count: u64, journal: &mut dyn Journal) -> Duration {
    let (vendor, operation) = operation();
    let network = network();
    let began_at = Duration::from_millis(now_ms());
    let mut world = Loopback { network: &network, began: Instant::now(), began_at, dice: 1 };
    let probe = Document::parse(body(&target(0))).expect("the body is JSON").into_value();
    let slot = TargetField::parse("one /conv/target").expect("a place");
    let sheet = MessageTemplate::for_list(operation, probe, slot, TargetKind::User);
    let mut press =
        Press { vendor, operation, sheet, account: account(port), network: &network, made: 0 };
    let settings = RunSettings {
        concurrency: IN_FLIGHT,
        request_limit: Duration::from_secs(30),
        until: None,
        has_own_payloads: false,
        limits: Limits::default(),
        overrun: &[],
    };
    let before = TargetCounts { total: count, ..TargetCounts::default() };
    let mut nobody = Nobody;
    let began = Instant::now();
    let report = Engine::new(journal, &mut world, &mut press, &mut nobody, &settings, before).run();
    let took = began.elapsed();
    check(&report, count);
    took
}

fn check(report: &RunReport, count: u64) {
    assert!(report.halt.is_none(), "halted: {:?} {:?}", report.halt, report.last);
    assert_eq!((report.tally.accepted, report.requests), (count, count));
}

/// The vendor and its plainest way to send, without its rate: that is what is measured elsewhere.
fn operation() -> (&'static dyn Vendor, &'static Operation) {
    let (vendor, operation) = provider::find_operation("wildfire/send").expect("it is there");
    (vendor, Box::leak(Box::new(Operation { rates: &[], ..*operation })))
}

fn account(port: u16) -> Account {
    Account {
        provider: "wildfire".to_owned(),
        endpoint: Some(format!("http://127.0.0.1:{port}")),
        secrets: BTreeMap::from([("secret".to_owned(), Secret::new(SECRET))]),
        ..Account::default()
    }
}

fn network() -> Network {
    let settings = net::NetworkSettings {
        roots: TrustRoots::Bundled,
        deadline: Duration::from_secs(30),
        tell: None,
        watch: None,
        requests_per_connection: None,
    };
    Network::new(settings).expect("a network")
}

fn ms() -> i64 {
    i64::try_from(now_ms()).expect("the clock is right")
}

/// Writes a job down.
fn plan(ledger: &mut Ledger, port: u16, count: u64) -> Uuid {
    let intent = JobIntent {
        id: Uuid::now_v7(),
        realm: Realm::Real,
        created_ms: ms(),
        name: None,
        verb: "broadcast".to_owned(),
        provider: "wildfire".to_owned(),
        profile: Some("bench".to_owned()),
        app: "bench".to_owned(),
        endpoint: format!("http://127.0.0.1:{port}"),
        audience: format!("{count} users"),
        overrides: Vec::new(),
        settings: "{}".to_owned(),
        fingerprint: "0".repeat(32),
    };
    ledger.plan_job(&intent).expect("a job");
    let template = JobTemplate {
        operation: "send".to_owned(),
        effect: Effect::Sends,
        kind: Some(TargetKind::User),
        sender: Some("alice".to_owned()),
        body: body(&target(0)),
        slot: Some("one /conv/target".to_owned()),
        recall_seconds: None,
    };
    let template = ledger.plan_template(intent.id, &template).expect("a template");
    let batch = |number| PlannedBatch { template, ids: vec![target(number)], vars: None };
    let mut number = 0;
    while number < count {
        let end = count.min(number + PLANNED);
        let batches: Vec<_> = (number..end).map(batch).collect();
        ledger.plan_batches(intent.id, &batches).expect("room for the batches");
        number = end;
    }
    ledger.open_job(intent.id, &Opening::of(&intent), None).expect("the job is planned");
    intent.id
}

/// Batches that are not stored.
struct InMemory {
    next: u64,
    count: u64,
    handed: Vec<BatchChange>,
}

impl Journal for InMemory {
    fn next(&mut self, count: usize) -> Result<Vec<Batch>> {
        let end = self.count.min(self.next + count as u64);
        let batches = (self.next..end).map(|number| Batch {
            key: BatchKey::from_number(u32::try_from(number + 1).expect("few enough")),
            template: 0,
            ids: vec![target(number)],
            vars: None,
            dedupe_id: None,
            attempts: 0,
            first_started_ms: None,
            doubtful: false,
        });
        let batches = batches.collect();
        self.next = end;
        Ok(batches)
    }

    /// The server rejects nothing, so that nothing is cut.
    fn parts(&mut self, _: usize) -> Result<Vec<Batch>> {
        Ok(Vec::new())
    }

    fn hand_over(&mut self, changes: Vec<BatchChange>, _: Option<RateClaim>) {
        self.handed = changes;
    }

    fn is_done(&mut self, _: Duration) -> bool {
        true
    }

    fn kept(&mut self) -> CommitState {
        CommitState {
            changes: std::mem::take(&mut self.handed),
            claim: None,
            permit: Ok(Permit::Granted),
        }
    }
}

/// The real network with the clock of this machine.
struct Loopback<'a> {
    network: &'a Network,
    began: Instant,
    began_at: Duration,
    dice: u32,
}

impl TimedTransport for Loopback<'_> {
    fn now(&self) -> Duration {
        self.began_at + self.began.elapsed()
    }

    fn now_ms(&self) -> i64 {
        ms()
    }

    fn chance(&mut self) -> f64 {
        self.dice = self.dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(self.dice >> 12) / f64::from(1 << 20)
    }

    fn start(&mut self, ticket: u64, request: Request, limit: Duration) {
        self.network.start(ticket, request, limit);
    }

    fn wait(&mut self, at_most: Duration) -> Vec<(u64, Exchange)> {
        self.network.wait(at_most)
    }

    fn linger(&mut self, time: Duration) {
        self.network.linger(time);
    }

    fn abandon(&mut self) -> Vec<(u64, Exchange)> {
        self.network.abandon()
    }

    fn stopped(&self) -> Option<(Stop, bool)> {
        self.network.stopped().map(|stop| (stop, self.network.hurried()))
    }
}

/// Makes requests as the command does.
struct Press<'a> {
    vendor: &'static dyn Vendor,
    operation: &'static Operation,
    sheet: MessageTemplate,
    account: Account,
    network: &'a Network,
    made: u64,
}

impl Maker for Press<'_> {
    fn operation(&self, _: &Batch) -> &'static Operation {
        self.operation
    }

    fn make(&mut self, batch: &Batch) -> Result<MadeRequest> {
        self.made += 1;
        let body = self.sheet.render(&batch.ids, batch.vars.as_deref())?;
        let stamp = Stamp { timestamp: now_ms().to_string(), nonce: self.made.to_string() };
        let call =
            Call { operation: self.operation, body: &body, account: &self.account, stamp: &stamp };
        let request = self.vendor.request(&call)?;
        self.network.prepare(&request)?;
        let base = request.base.clone();
        Ok(MadeRequest {
            request,
            dedupe_id: None,
            attempt: AttemptInfo { base, ..AttemptInfo::default() },
        })
    }

    fn recovers(&mut self, _: &AttemptInfo, _: &'static Operation, _: &Exchange) -> bool {
        false
    }

    fn decide(&self, batch: &Batch, operation: &'static Operation, exchange: &Exchange) -> Outcome {
        let read = |reply: &Reply| self.vendor.read(operation, reply);
        let mut outcome = net::decide(self.vendor.contract(), operation, exchange, &read);
        net::account_for(self.vendor.contract(), operation, &mut outcome, &batch.ids);
        outcome
    }
}

/// An observer that does nothing.
struct Nobody;

impl Observer for Nobody {
    fn ended(&mut self, _: &Batch, _: &Operation, _: &Outcome) {}
    fn progress(&mut self, _: &TargetCounts) {}
}
