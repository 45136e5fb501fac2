//! Makes requests as the command line does: with a vendor's own hands, or plain ones.

use std::cell::Cell;
use std::time::Duration;

use super::START_MS;
use super::site::{NUMBER, Site};
use crate::broadcast::parts::{Made, Maker, Sealed};
use crate::broadcast::sheet::Sheet;
use crate::broadcast::slot::Slot;
use crate::contract::{Class, Operation, Repeat, Target, TargetKind, Verb};
use crate::document::Value;
use crate::error::{Error, Result};
use crate::ledger::Batch;
use crate::outcome::Outcome;
use crate::profile::{Account, sandbox_account};
use crate::sandbox::fake;
use crate::vendor::errand::{Ask, Purpose};
use crate::vendor::{Call, Carry, Content, Intent, Vendor, Wanted};
use crate::wire::{Exchange, Header, Request, Stamp, Written};

fn moment(millis: i64) -> Stamp {
    Stamp { timestamp: millis.to_string(), nonce: millis.to_string() }
}

fn headed(site: &Site, operation: &'static Operation, ids: &[String], request: Request) -> Request {
    let value = Written::plain(site.number(operation, ids));
    let mut headers = request.headers;
    headers.push(Header { name: NUMBER, value });
    Request { headers, ..request }
}

fn may_be_one(outcome: &Outcome) -> bool {
    matches!(outcome.class, Some(Class::State | Class::Payload) | None)
}

/// A vendor's requests.
pub(super) struct Mill<'a> {
    site: &'a Site,
    vendor: &'static dyn Vendor,
    account: Account,
    sheet: Sheet,
    serial: Cell<i64>,
    /// Ids against repeats that were fetched beforehand.
    spare: Vec<String>,
}

impl<'a> Mill<'a> {
    /// A text to targets of a kind, several of them in a request where the vendor takes that.
    pub(super) fn of(
        site: &'a Site,
        vendor: &'static dyn Vendor,
        kind: TargetKind,
        many: bool,
    ) -> Self {
        let account = sandbox_account(vendor.contract());
        let probe: Vec<String> =
            if many { vec!["p1".into(), "p2".into()] } else { vec!["p1".into()] };
        let targets = probe.iter().map(|id| Target::new(kind, id)).collect();
        let stamp = moment(START_MS);
        let intent = Intent {
            verb: Verb::Broadcast,
            audience: Wanted::Targets(targets),
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
        let slot = Slot::find(draft.operation, &draft.body, &probe).expect("a place for targets");
        let sheet = Sheet::for_list(draft.operation, draft.body, slot, kind);
        Self { site, vendor, account, sheet, serial: Cell::new(START_MS), spare: Vec::new() }
    }

    fn stamp(&self) -> Stamp {
        self.serial.set(self.serial.get() + 1);
        Stamp { timestamp: self.site.clock.get().to_string(), nonce: self.serial.get().to_string() }
    }

    /// Runs the errands of a request; a vendor's stand-in answers them at once.
    fn complete(&mut self, operation: &'static Operation, body: &mut Value) -> Result<Request> {
        loop {
            let stamp = self.stamp();
            let call = Call { operation, body, account: &self.account, stamp: &stamp };
            let Some(errand) = self.vendor.errand(&call)? else {
                return self.vendor.request(&call);
            };
            let Ask::Call(mut ask) = errand.ask.clone() else { panic!("nothing is uploaded here") };
            if let Purpose::DedupeId { field, count } = errand.purpose {
                if let Some(id) = self.spare.pop() {
                    put(body, field, &id);
                    continue;
                }
                ask.as_object_mut().expect("an object").set(count.expect("several"), 1000_i64);
            }
            let request = self.complete(errand.operation, &mut ask)?;
            // In another minute, so that what the vendor counts is the sends alone.
            let now = Duration::from_millis(self.site.clock.get().unsigned_abs() + 61_000);
            let reply = self.site.serve(&request, now).expect("an answer");
            self.site.clock.set(START_MS.max(self.site.clock.get() - 61_000));
            let carry = self.vendor.carry(&errand, &self.account, &reply);
            match (carry, errand.purpose) {
                (Some(Carry::DedupeIds(ids)), Purpose::DedupeId { .. }) => self.spare = ids,
                (Some(Carry::Token { token, .. }), Purpose::Token(key)) => {
                    self.account.secrets.insert(key.to_owned(), token);
                }
                other => panic!("{other:?}, for {}", String::from_utf8_lossy(&reply.body)),
            }
        }
    }
}

fn put(body: &mut Value, field: &str, id: &str) {
    body.as_object_mut().expect("an object").set(field, id);
}

impl Maker for Mill<'_> {
    fn operation(&self, _: &Batch) -> &'static Operation {
        self.sheet.operation
    }

    fn make(&mut self, batch: &Batch) -> Result<Made> {
        let operation = self.sheet.operation;
        let mut body = self.sheet.render(&batch.ids, None)?;
        let mut dedupe_id = None;
        if let (Some(id), Repeat::Deduplicated { field, .. }) = (&batch.dedupe_id, operation.repeat)
        {
            put(&mut body, field, id);
        }
        let request = self.complete(operation, &mut body)?;
        if let Repeat::Deduplicated { field, .. } = operation.repeat
            && self.vendor.recognises_repeats(&self.account)
        {
            let id = body.as_object().expect("an object").get(field);
            dedupe_id = id.map(|id| id.value.to_plain());
        }
        let request = headed(self.site, operation, &batch.ids, request);
        let sealed = Sealed { dedupe_id, token: 0, base: request.base.clone() };
        Ok(Made { request, sealed })
    }

    fn mends(&mut self, _: &Sealed, _: &'static Operation, _: &Exchange) -> bool {
        false
    }

    fn decide(&self, batch: &Batch, operation: &'static Operation, exchange: &Exchange) -> Outcome {
        self.site.decide(operation, exchange, &batch.ids)
    }

    fn may_be_one_targets_fault(&self, outcome: &Outcome) -> bool {
        may_be_one(outcome)
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

    fn make(&mut self, batch: &Batch) -> Result<Made> {
        self.made += 1;
        if self.fails == Some(self.made) {
            return Err((self.fault)());
        }
        let request = headed(self.site, self.operation, &batch.ids, fake::request("/send"));
        let known = matches!(self.operation.repeat, Repeat::Deduplicated { .. });
        let id = batch.dedupe_id.clone().unwrap_or_else(|| format!("id {}", self.made));
        let sealed = Sealed { dedupe_id: known.then_some(id), ..Sealed::default() };
        Ok(Made { request, sealed })
    }

    fn mends(&mut self, _: &Sealed, _: &'static Operation, _: &Exchange) -> bool {
        false
    }

    fn decide(&self, batch: &Batch, operation: &'static Operation, exchange: &Exchange) -> Outcome {
        self.site.decide(operation, exchange, &batch.ids)
    }

    fn may_be_one_targets_fault(&self, outcome: &Outcome) -> bool {
        may_be_one(outcome)
    }
}
