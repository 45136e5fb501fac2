//! Servers that the simulated world leads to, and what they have stored.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use super::START_MS;
use crate::contract::{
    Class, Contract, Counted, Effect, ErrorCode, Operation, Rate, Repeat, Retry,
};
use crate::ledger::TargetState;
use crate::net::{self, Transport as _};
use crate::outcome::{Outcome, Verdict};
use crate::sandbox::{InProcess, Shelf, Stage, Switches};
use crate::text::en;
use crate::vendor::{Reading, Vendor};
use crate::wire::{Exchange, Reply, Request, Show};

/// The header by which the world knows whom a request is for.
pub(super) const NUMBER: &str = "x-number";

/// How a server that is no vendor's answers: by the targets, and the moment.
pub(super) type Answer = Box<dyn FnMut(&[String], Duration) -> Reply>;

/// Who answers.
enum Server {
    Vendor(&'static dyn Vendor, Box<InProcess>),
    Plain(RefCell<Answer>),
}

/// A server. It outlives the runs that send to it.
pub(super) struct Site {
    server: Server,
    pub(super) clock: Rc<Cell<i64>>,
    sent: RefCell<Vec<(&'static Operation, Vec<String>)>>,
    /// By target, under which ids the server has a message for it.
    stored: RefCell<BTreeMap<String, BTreeSet<String>>>,
    /// When requests arrived, and with how many targets.
    pub(super) arrived: RefCell<Vec<(Duration, u64)>>,
}

impl Site {
    fn of(server: Server, clock: Rc<Cell<i64>>) -> Self {
        let (sent, stored, arrived) = Default::default();
        Self { server, clock, sent, stored, arrived }
    }

    /// A vendor's own stand-in.
    pub(super) fn vendor(vendor: &'static dyn Vendor) -> Self {
        let clock = Rc::new(Cell::new(START_MS));
        let now_ms = clock.clone();
        let stage =
            Stage::new(Shelf::memory(), Switches::default(), Box::new(move || now_ms.get()));
        let tell = Box::new(|_: &str, _: &str| {});
        let process = InProcess::new(vendor.contract().id, vendor.backend(), stage, tell);
        Self::of(Server::Vendor(vendor, Box::new(process)), clock)
    }

    /// A server that answers so.
    pub(super) fn plain(answer: impl FnMut(&[String], Duration) -> Reply + 'static) -> Self {
        Self::of(Server::Plain(RefCell::new(Box::new(answer))), Rc::new(Cell::new(START_MS)))
    }

    /// Keeps whom a request is for; the answer goes into its header.
    pub(super) fn number(&self, operation: &'static Operation, ids: &[String]) -> String {
        let mut sent = self.sent.borrow_mut();
        sent.push((operation, ids.to_vec()));
        (sent.len() - 1).to_string()
    }

    /// Whom a request is for.
    pub(super) fn whom(&self, request: &Request) -> Option<(&'static Operation, Vec<String>)> {
        let header = request.headers.iter().find(|header| header.name == NUMBER)?;
        let number: usize = header.value.show(Show::Secrets).parse().ok()?;
        self.sent.borrow().get(number).cloned()
    }

    /// Answers a request that arrives now, and stores what is accepted.
    pub(super) fn serve(&self, request: &Request, now: Duration) -> Exchange {
        self.clock.set(i64::try_from(now.as_millis()).expect("this century"));
        let whom = self.whom(request);
        let exchange = match &self.server {
            Server::Vendor(_, process) => process.exchange(request, Duration::ZERO),
            Server::Plain(answer) => {
                let (_, ids) = whom.as_ref().expect("every request has a number");
                Ok((answer.borrow_mut())(ids, now))
            }
        };
        if let Some((operation, ids)) = whom {
            self.arrived.borrow_mut().push((now, ids.len() as u64));
            let outcome = self.decide(operation, &exchange, &ids);
            self.store(&ids, &outcome);
        }
        exchange
    }

    fn store(&self, ids: &[String], outcome: &Outcome) {
        let mut stored = self.stored.borrow_mut();
        let count = self.arrived.borrow().len();
        let usual = match outcome.ids.first() {
            Some((_, id)) => id.clone(),
            None => format!("message {count}"),
        };
        for id in ids {
            let own = outcome.targets.iter().find(|target| target.target == *id);
            if own.map_or(outcome.verdict, |own| own.verdict) == Verdict::Accepted {
                let key = own.and_then(|own| own.id.clone()).unwrap_or_else(|| usual.clone());
                stored.entry(id.clone()).or_default().insert(key);
            }
        }
    }

    /// The verdict on an exchange.
    pub(super) fn decide(
        &self,
        operation: &'static Operation,
        exchange: &Exchange,
        ids: &[String],
    ) -> Outcome {
        let (contract, read): (_, &dyn Fn(&Reply) -> Reading) = match &self.server {
            Server::Vendor(vendor, _) => {
                (vendor.contract(), &move |reply| vendor.read(operation, reply))
            }
            Server::Plain(_) => (&PLAIN, &|reply| Reading {
                success: Some(reply.status == 200),
                code: (reply.status == 400).then(|| "bad".to_owned()),
                ..Reading::default()
            }),
        };
        let mut outcome = net::decide(contract, operation, exchange, read);
        net::account_for(contract, operation, &mut outcome, ids.iter().map(String::as_str));
        outcome
    }

    /// How many targets have a message.
    pub(super) fn stored(&self) -> usize {
        self.stored.borrow().len()
    }

    /// Nothing is there twice, what the ledger says is accepted is there, and of what else is there the ledger says that
    /// nobody knows.
    pub(super) fn compare(&self, fates: &BTreeMap<String, TargetState>, seed: u64) {
        let stored = self.stored.borrow();
        for (target, state) in fates {
            let copies = stored.get(target).map_or(0, BTreeSet::len);
            assert!(copies <= 1, "seed {seed}: {target} is stored {copies} times, {state:?}");
            match state {
                TargetState::Decided(Verdict::Accepted) => {
                    assert_eq!(copies, 1, "seed {seed}: {target} is accepted and not stored");
                }
                TargetState::Decided(Verdict::Unknown) | TargetState::Sending => {}
                other => assert_eq!(copies, 0, "seed {seed}: {target} is stored and {other:?}"),
            }
        }
    }
}

/// A reply without a body.
pub(super) fn reply(status: u16, headers: &[(&str, &str)]) -> Reply {
    let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into()));
    Reply { status, headers: headers.collect(), body: Vec::new() }
}

/// Sends to users; the vendor does not know repeats.
pub(super) static SEND: Operation =
    Operation { id: "send", effect: Effect::Sends, repeat: Repeat::Duplicates, ..Operation::BASE };

/// The same, paced by calls and by targets.
pub(super) static PACED: Operation = Operation {
    id: "paced",
    rates: &[
        Rate { count: 5, seconds: 1, counted: Counted::Calls, scope: "app", pool: "" },
        Rate { count: 40, seconds: 60, counted: Counted::Calls, scope: "app", pool: "all" },
        Rate { count: 90, seconds: 10, counted: Counted::Targets, scope: "app", pool: "all" },
    ],
    effect: Effect::Sends,
    repeat: Repeat::Duplicates,
    ..Operation::BASE
};

/// The same, paced by a window of a second alone.
pub(super) static SHORT: Operation = Operation {
    id: "short",
    rates: &[Rate { count: 20, seconds: 1, counted: Counted::Calls, scope: "app", pool: "" }],
    effect: Effect::Sends,
    repeat: Repeat::Duplicates,
    ..Operation::BASE
};

/// The same, where the vendor knows repeats for a minute.
pub(super) static ONCE: Operation = Operation {
    id: "once",
    effect: Effect::Sends,
    repeat: Repeat::Deduplicated { field: "id", seconds: 60 },
    ..Operation::BASE
};

static PLAIN: Contract = Contract {
    id: "plain",
    errors: &[ErrorCode {
        code: "bad",
        http: None,
        text: "",
        only: &[],
        meaning: en("a target is not there"),
        cure: en(""),
        class: Class::State,
        retry: Retry::No,
    }],
    ..Contract::BASE
};
