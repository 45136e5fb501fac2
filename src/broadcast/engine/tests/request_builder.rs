//! Makes requests: with the code that ships, for a vendor, or plain ones.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use crate::broadcast::engine::tests::site::{KEY, NUMBER, Site, reply};
use crate::broadcast::engine::tests::{START_MS, SeededRandom};
use crate::broadcast::job::request_builder::RequestBuilder;
use crate::contract::{Context, Finding, Operation, Repeatable, Target, TargetKind, Verb};
use crate::document::{Document, Value};
use crate::env::System;
use crate::env::clock::SteadyClock;
use crate::error::{Error, Result};
use crate::ledger::Batch;
use crate::lint::lint;
use crate::net::Transport;
use crate::net::rate_limit;
use crate::outcome::Outcome;
use crate::profile::sandbox_account;
use crate::provider::{Content, SendIntent, Vendor, WantedAudience};
use crate::redact::Redactor;
use crate::report::{Color, Format, Ui};
use crate::sandbox::fake;
use crate::send::executor::ports::{AttemptInfo, MadeRequest, Maker};
use crate::send::prerequisites::{PrerequisiteContext, Prerequisites};
use crate::send::rate_limits::RateLimits;
use crate::send::token_cache::Tokens;
use crate::template::message_template::MessageTemplate;
use crate::template::target_field::TargetField;
use crate::wire::{Exchange, Failure, Header, Phase, Request, Stamp, Written};

fn headed(site: &Site, operation: &'static Operation, ids: &[String], request: Request) -> Request {
    let value = Written::plain(site.number(operation, ids));
    let mut headers = request.headers;
    headers.push(Header { name: NUMBER, value });
    Request { headers, ..request }
}

/// Carries what requests need beforehand: answered at once, or not at all.
struct AtOnce<'a> {
    site: &'a Site,
    dice: RefCell<SeededRandom>,
    /// How often something goes wrong.
    faults: f64,
}

impl Transport for AtOnce<'_> {
    fn prepare(&self, _: &Request) -> Result<()> {
        Ok(())
    }

    fn exchange(&self, request: &Request, _: Duration) -> Exchange {
        let mut dice = self.dice.borrow_mut();
        let failure = |phase| Err(Failure::new(phase, "simulated"));
        if dice.hits(self.faults) {
            return match dice.below(4) {
                0 => failure(Phase::Connect),
                1 => failure(Phase::Sent),
                2 => Ok(reply(429, &[("retry-after", "1")])),
                _ => Ok(reply(502, &[])),
            };
        }
        self.site.serve(request, self.site.now.get())
    }
}

/// What making requests needs, on the virtual clock.
pub(super) struct Tools<'a> {
    site: &'a Site,
    transport: AtOnce<'a>,
    limits: RateLimits,
    stamp: Box<dyn Fn() -> Stamp + 'a>,
    now_ms: Box<dyn Fn() -> i64 + 'a>,
    lint: Box<Lint>,
}

/// Lints a finished body.
type Lint = dyn Fn(&'static Operation, &Value) -> Vec<Finding>;

impl<'a> Tools<'a> {
    /// Tools with which what requests need beforehand is always there.
    pub(super) fn of(site: &'a Site) -> Self {
        Self::failing(site, 0.0, 0)
    }

    /// Tools with which what requests need beforehand fails so often.
    pub(super) fn failing(site: &'a Site, faults: f64, seed: u64) -> Self {
        let now = site.now.clone();
        let clock = SteadyClock::reading(move || now.get());
        let serial = Cell::new(START_MS);
        let now_ms = || i64::try_from(site.now.get().as_millis()).expect("this century");
        let stamp = move || {
            serial.set(serial.get() + 1);
            Stamp { timestamp: now_ms().to_string(), nonce: serial.get().to_string() }
        };
        let ui = Ui::new(Format::Human, Color::Never, false, true, &|_| None);
        let mut limits = RateLimits::by(clock, System::default(), ui);
        limits.waits = false;
        let contract = site.contract();
        let lint = move |operation: &'static Operation, body: &Value| {
            let body = Document::unwritten(body.clone());
            lint(contract, operation, &body, &Context::default())
        };
        Self {
            site,
            lint: Box::new(lint),
            transport: AtOnce { site, dice: RefCell::new(SeededRandom(seed ^ 0xe44a)), faults },
            limits,
            stamp: Box::new(stamp),
            now_ms: Box::new(now_ms),
        }
    }

    /// The rate limits that all requests share.
    pub(super) fn pace(&self) -> rate_limit::Shared {
        self.limits.pace.clone()
    }

    fn prerequisites<'t>(&'t self, vendor: &'static dyn Vendor) -> Prerequisites<'t> {
        let around = PrerequisiteContext {
            vendor,
            transport: &self.transport,
            limits: &self.limits,
            rest: &|_| {},
            chance: &|| 0.5,
            stamp: self.stamp.as_ref(),
            now_ms: self.now_ms.as_ref(),
            lint: self.lint.as_ref(),
            warn: &|_| {},
            tell: &|_, _| {},
            waits: &|_| {},
            retries: &|_, _| {},
            until: None,
            limit: Duration::from_secs(30),
        };
        let account = self.site.account(sandbox_account(vendor.contract()));
        let redactor = Redactor::of(&account, vendor.contract().secret_names());
        let redactor = Rc::new(RefCell::new(redactor));
        Prerequisites::new(around, &account, "app".to_owned(), Tokens::new(None), redactor)
    }
}

/// A vendor's requests, made by the code that ships.
pub(super) struct TestRequestBuilder<'t> {
    site: &'t Site,
    press: RequestBuilder<'t>,
}

impl<'t> TestRequestBuilder<'t> {
    /// A text to targets of a kind, several of them in a request where the vendor takes that.
    pub(super) fn of(
        tools: &'t Tools<'_>,
        vendor: &'static dyn Vendor,
        kind: TargetKind,
        many: bool,
    ) -> Self {
        let account = sandbox_account(vendor.contract());
        let probe: Vec<String> =
            if many { vec!["p1".into(), "p2".into()] } else { vec!["p1".into()] };
        let targets = probe.iter().map(|id| Target::new(kind, id)).collect();
        let stamp = (tools.stamp)();
        let intent = SendIntent {
            verb: Verb::Broadcast,
            audience: WantedAudience::Targets(targets),
            from: Some("sender"),
            content: Some(Content::Text("hello".to_owned())),
            title: None,
            extra: &[],
            message_type: None,
            sets: &[],
            account: &account,
            stamp: &stamp,
        };
        let draft = vendor.compose(&intent).unwrap().remove(0);
        let slot =
            TargetField::find(draft.operation, &draft.body, &probe).expect("a place for targets");
        let sheet = MessageTemplate::for_list(draft.operation, draft.body, slot, kind);
        let mut prerequisites = tools.prerequisites(vendor);
        prerequisites.expect(1000);
        let sheets = vec![sheet];
        let press = RequestBuilder { vendor, prerequisites, sheets, allowed: &|| Ok(()) };
        Self { site: tools.site, press }
    }
}

impl Maker for TestRequestBuilder<'_> {
    fn operation(&self, batch: &Batch) -> &'static Operation {
        self.press.operation(batch)
    }

    fn make(&mut self, batch: &Batch) -> Result<MadeRequest> {
        let made = self.press.make(batch)?;
        let operation = self.press.operation(batch);
        let request = headed(self.site, operation, &batch.ids, made.request);
        Ok(MadeRequest { request, ..made })
    }

    fn recovers(
        &mut self,
        sealed: &AttemptInfo,
        of: &'static Operation,
        exchange: &Exchange,
    ) -> bool {
        self.press.recovers(sealed, of, exchange)
    }

    fn decide(&self, batch: &Batch, of: &'static Operation, exchange: &Exchange) -> Outcome {
        self.press.decide(batch, of, exchange)
    }
}

/// Requests without any vendor.
pub(super) struct Plain<'a> {
    pub(super) site: &'a Site,
    pub(super) operation: &'static Operation,
    /// Which attempts to make a request fail, counted from 1.
    pub(super) fails: Option<u64>,
    /// How they fail.
    pub(super) fault: fn() -> Error,
    pub(super) made: u64,
}

impl<'a> Plain<'a> {
    pub(super) fn of(site: &'a Site, operation: &'static Operation) -> Self {
        let fault = || Error::input("it cannot be made");
        Self { site, operation, fails: None, fault, made: 0 }
    }
}

impl Maker for Plain<'_> {
    fn operation(&self, _: &Batch) -> &'static Operation {
        self.operation
    }

    fn make(&mut self, batch: &Batch) -> Result<MadeRequest> {
        self.made += 1;
        if self.fails == Some(self.made) {
            return Err((self.fault)());
        }
        let mut request = headed(self.site, self.operation, &batch.ids, fake::request("/send"));
        let recognised = matches!(self.operation.repeat, Repeatable::Deduplicated { .. });
        let own = batch.dedupe_id.clone().unwrap_or_else(|| format!("id {}", self.made));
        let dedupe_id = recognised.then_some(own);
        let header = |id: &String| Header { name: KEY, value: Written::plain(id) };
        request.headers.extend(dedupe_id.as_ref().map(header));
        let attempt = AttemptInfo { recognised, ..AttemptInfo::default() };
        Ok(MadeRequest { request, dedupe_id, attempt })
    }

    fn recovers(&mut self, _: &AttemptInfo, _: &'static Operation, _: &Exchange) -> bool {
        false
    }

    fn decide(&self, batch: &Batch, operation: &'static Operation, exchange: &Exchange) -> Outcome {
        self.site.decide(operation, exchange, &batch.ids)
    }
}
