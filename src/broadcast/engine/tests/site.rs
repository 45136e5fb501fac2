//! Servers that the simulation calls, and what they have stored.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use crate::account::Account;
use crate::broadcast::engine::tests::START_MS;
use crate::contract::{Contract, Effect, ErrorCode, Operation, Rate, RateUnit, Repeatable, Retry};
use crate::document::Document;
use crate::ledger::TargetState;
use crate::net::{self, Transport as _};
use crate::outcome::{Class, Outcome, Reading, Verdict};
use crate::provider::Vendor;
use crate::sandbox::{InProcess, RecordStore, SandboxState, Switches};
use crate::wire::{Exchange, Reply, Request, Show};

/// The header by which the simulation finds the targets of a request.
pub(super) const NUMBER: &str = "x-number";

/// The header in which requests without any vendor carry their idempotency key.
pub(super) const KEY: &str = "x-key";

/// How a server that is not a vendor's answers: by the targets, and the moment.
pub(super) type Answer = Box<dyn FnMut(&[String], Duration) -> Reply>;

/// The code by which a server says that it does not keep up, and the status that it comes with.
pub(super) const SLOW: &str = "slow";
pub(super) const SLOW_STATUS: u16 = 299;

/// Who answers.
enum Server {
    Vendor(&'static dyn Vendor, Box<InProcess>),
    Plain(RefCell<Answer>),
}

/// A server. It outlives the runs that send to it.
pub(super) struct Site {
    server: Server,
    clock: Rc<Cell<i64>>,
    /// The time on the virtual clock, since 1970.
    pub(super) now: Rc<Cell<Duration>>,
    /// Values of the account that switch something on at the vendor's.
    switches: &'static [(&'static str, &'static str)],
    /// By its targets, with which idempotency key each batch has begun last, as the journal has it.
    begun: RefCell<BTreeMap<Vec<String>, Option<String>>>,
    sent: RefCell<Vec<(&'static Operation, Vec<String>)>>,
    /// By target, under which ids the server has a message for it.
    stored: RefCell<BTreeMap<String, BTreeSet<String>>>,
    /// When requests arrived, and with how many targets.
    pub(super) arrived: RefCell<Vec<(Duration, u64)>>,
}

impl Site {
    fn of(server: Server, clock: Rc<Cell<i64>>) -> Self {
        let (begun, sent, stored, arrived) = Default::default();
        let now = Rc::new(Cell::new(Duration::from_millis(START_MS.unsigned_abs())));
        Self { server, clock, now, switches: &[], begun, sent, stored, arrived }
    }

    /// A vendor's own mock server.
    pub(super) fn vendor(vendor: &'static dyn Vendor) -> Self {
        Self::switched(vendor, &[])
    }

    /// The same for an account with such values.
    pub(super) fn switched(
        vendor: &'static dyn Vendor,
        switches: &'static [(&'static str, &'static str)],
    ) -> Self {
        let mut on = Switches::default();
        for (key, value) in switches {
            on.set(Some(vendor.contract().id), key, value);
        }
        let clock = Rc::new(Cell::new(START_MS));
        let now_ms = clock.clone();
        let stage = SandboxState::new(
            RecordStore::memory(),
            on,
            Box::new(move || now_ms.get()),
            crate::provider::secret_names_of,
        );
        let tell = Box::new(|_: &str, _: &str| {});
        let process = InProcess::new(vendor.contract().id, vendor.backend(), stage, tell);
        Self { switches, ..Self::of(Server::Vendor(vendor, Box::new(process)), clock) }
    }

    /// The rows of the vendor.
    pub(super) fn contract(&self) -> &'static Contract {
        match &self.server {
            Server::Vendor(vendor, _) => vendor.contract(),
            Server::Plain(_) => &PLAIN,
        }
    }

    /// An account with the values that switch something on.
    pub(super) fn account(&self, mut account: Account) -> Account {
        let values = self.switches.iter().map(|(key, value)| ((*key).into(), (*value).into()));
        account.values.extend(values);
        account
    }

    /// A batch of these targets has begun in the journal, with this idempotency key.
    pub(super) fn has_begun(&self, ids: Vec<String>, key: Option<String>) {
        self.begun.borrow_mut().insert(ids, key);
    }

    /// The idempotency key that leaves is the one that the journal has.
    pub(super) fn check_key(&self, request: &Request) {
        let Some((operation, ids)) = self.whom(request) else { return };
        let begun = self.begun.borrow();
        let kept = begun.get(&ids).expect("nothing leaves that has not begun in the journal");
        assert_eq!(
            key_in(operation, request),
            *kept,
            "another key leaves than is kept for {ids:?}"
        );
    }

    /// A server that answers so.
    pub(super) fn plain(answer: impl FnMut(&[String], Duration) -> Reply + 'static) -> Self {
        Self::of(Server::Plain(RefCell::new(Box::new(answer))), Rc::new(Cell::new(START_MS)))
    }

    /// Keeps the targets of a request; the answer goes into its header.
    pub(super) fn number(&self, operation: &'static Operation, ids: &[String]) -> String {
        let mut sent = self.sent.borrow_mut();
        sent.push((operation, ids.to_vec()));
        (sent.len() - 1).to_string()
    }

    /// The targets of a request.
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
                code: match reply.status {
                    400 => Some("bad".to_owned()),
                    SLOW_STATUS => Some(SLOW.to_owned()),
                    _ => None,
                },
                ..Reading::default()
            }),
        };
        let mut outcome = net::decide(contract, operation, exchange, read);
        net::account_for(contract, operation, &mut outcome, ids);
        outcome
    }

    /// How many targets have a message.
    pub(super) fn stored(&self) -> usize {
        self.stored.borrow().len()
    }

    /// Nothing is there twice, what the ledger says is accepted is there, and the ledger says that anything else that
    /// is there is unknown.
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

/// The idempotency key that a request carries.
fn key_in(operation: &Operation, request: &Request) -> Option<String> {
    let Repeatable::Deduplicated { field, .. } = operation.repeat else { return None };
    if let Some(key) = request.header(KEY) {
        return Some(key.show(Show::Secrets));
    }
    let text = request.body_text(Show::Secrets);
    if let Ok(document) = Document::parse(text.as_str()) {
        return document.root().value.as_object()?.get(field).map(|id| id.value.to_plain());
    }
    let mut pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| *name == field).map(|(_, value)| value.to_owned())
}

/// A reply without a body.
pub(super) fn reply(status: u16, headers: &[(&str, &str)]) -> Reply {
    let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into()));
    Reply { status, headers: headers.collect(), body: Vec::new() }
}

/// Sends to users; the vendor does not know repeats.
pub(super) static SEND: Operation = Operation {
    id: "send",
    effect: Effect::Sends,
    repeat: Repeatable::Duplicates,
    ..Operation::BASE
};

/// The same, with limits on calls and on targets.
pub(super) static PACED: Operation = Operation {
    id: "paced",
    rates: &[
        Rate { count: 5, seconds: 1, counted: RateUnit::Calls, scope: "app", pool: "" },
        Rate { count: 40, seconds: 60, counted: RateUnit::Calls, scope: "app", pool: "all" },
        Rate { count: 90, seconds: 10, counted: RateUnit::Targets, scope: "app", pool: "all" },
    ],
    effect: Effect::Sends,
    repeat: Repeatable::Duplicates,
    ..Operation::BASE
};

/// The same, with only a limit per second.
pub(super) static SHORT: Operation = Operation {
    id: "short",
    rates: &[Rate { count: 20, seconds: 1, counted: RateUnit::Calls, scope: "app", pool: "" }],
    effect: Effect::Sends,
    repeat: Repeatable::Duplicates,
    ..Operation::BASE
};

/// The same, where the vendor knows repeats for a minute.
pub(super) static ONCE: Operation = Operation {
    id: "once",
    effect: Effect::Sends,
    repeat: Repeatable::Deduplicated { field: "id", seconds: 60 },
    ..Operation::BASE
};

static PLAIN: Contract = Contract {
    id: "plain",
    errors: &[
        ErrorCode::new("bad", Class::State, Retry::No, "a target is not there", "").of_one_target(),
        ErrorCode::new(SLOW, Class::Server, Retry::Ambiguous, "the server does not keep up", ""),
    ],
    ..Contract::BASE
};
