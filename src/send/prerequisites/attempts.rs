//! One prerequisite on its way: at the vendor's rate limit, as often as another attempt helps, and what its answer says.

use std::cell::RefCell;

use crate::contract::Operation;
use crate::error::{Error, ErrorKind, Result, RetryAfter};
use crate::ledger::Batch;
use crate::net;
use crate::outcome::{Class, Outcome, Reading, Verdict};
use crate::provider::prerequisite::{Ask, Purpose};
use crate::provider::{Prerequisite, PrerequisiteResult};
use crate::report;
use crate::send::executor::Halt;
use crate::send::executor::ports::{AttemptInfo, MadeRequest, Maker};
use crate::send::executor::single::{Single, SingleJournal, no_time, stopped_before};
use crate::send::prerequisites::{Prerequisites, is_upload};
use crate::wire::{Exchange, Phase, Reply};

/// Makes the attempts of a prerequisite.
struct PrerequisiteMaker<'m, 'e, 'a> {
    prerequisites: &'m mut Prerequisites<'a>,
    prerequisite: &'e Prerequisite,
    /// The last exchange that did not bring it.
    failed: RefCell<Option<Exchange>>,
    /// What it brought.
    brought: RefCell<Option<PrerequisiteResult>>,
}

impl Maker for PrerequisiteMaker<'_, '_, '_> {
    fn operation(&self, _: &Batch) -> &'static Operation {
        self.prerequisite.operation
    }

    /// What goes to another host than the vendor's API has no rate.
    fn is_rated(&self) -> bool {
        matches!(self.prerequisite.ask, Ask::Call(_))
    }

    fn targets(&self, _: &Batch) -> u64 {
        1
    }

    fn make(&mut self, _: &Batch) -> Result<MadeRequest> {
        let request = self.prerequisites.request(self.prerequisite)?;
        self.prerequisites.around.transport.prepare(&request)?;
        Ok(MadeRequest { request, dedupe_id: None, attempt: AttemptInfo::default() })
    }

    fn recovers(
        &mut self,
        _: &AttemptInfo,
        operation: &'static Operation,
        exchange: &Exchange,
    ) -> bool {
        self.prerequisites.drop_stale_token(operation, exchange)
    }

    fn decide(&self, _: &Batch, _: &'static Operation, exchange: &Exchange) -> Outcome {
        let outcome = self.prerequisites.judge(self.prerequisite, exchange);
        if outcome.verdict == Verdict::Accepted
            && let Ok(reply) = exchange
        {
            let (vendor, account) = (self.prerequisites.around.vendor, &self.prerequisites.account);
            self.brought.replace(vendor.prerequisite_result(self.prerequisite, account, reply));
        } else {
            self.failed.replace(Some(exchange.clone()));
        }
        outcome
    }
}

impl Prerequisites<'_> {
    /// Runs a prerequisite and reads what it brought. Where the token was refused, it runs again with another; where it certainly
    /// did nothing, or does nothing when repeated, as often as any request.
    pub(crate) fn run(
        &mut self,
        prerequisite: &Prerequisite,
        what: &str,
    ) -> Result<PrerequisiteResult> {
        let around = self.around;
        (around.tell)("prerequisite", what);
        let limits = around.limits;
        let mut single = Single::within(limits, around.talk(), around.left());
        single.settings.retries = limits.waits;
        if !limits.waits {
            // In a broadcast the executor waits, and comes again.
            single.settings.rate_until = Some(limits.clock.now());
        }
        let mut transport = around.transport_of_one();
        let (failed, brought) = (RefCell::default(), RefCell::default());
        let mut maker = PrerequisiteMaker { prerequisites: self, prerequisite, failed, brought };
        let mut journal = SingleJournal::new(limits, prerequisite.operation);
        let run = single.execute(&mut journal, &mut transport, &mut maker);
        let PrerequisiteMaker { failed, brought, .. } = maker;
        let (failed, brought) = (failed.into_inner(), brought.into_inner());
        match (run.ended, run.halt) {
            (_, Some(Halt::Fault(error))) => Err(error),
            (Some((outcome, _)), _) if outcome.verdict == Verdict::Accepted => {
                brought.ok_or_else(|| self.silent(what))
            }
            (Some((outcome, _)), _) => {
                let exchange = failed.unwrap_or_else(|| Err(no_time()));
                Err(self.failed(prerequisite, what, outcome, &exchange))
            }
            (None, halt) => match run.held_until {
                Some(due) => Err(self.held(what, due)),
                None => {
                    let failure = match halt {
                        Some(Halt::Signal(stop)) => stopped_before(stop),
                        _ => no_time(),
                    };
                    let exchange = Err(failure);
                    let outcome = self.judge(prerequisite, &exchange);
                    Err(self.failed(prerequisite, what, outcome, &exchange))
                }
            },
        }
    }

    /// Why a prerequisite has to wait until this time.
    fn held(&self, what: &str, due: std::time::Duration) -> Error {
        let pause = due.saturating_sub(self.around.limits.clock.now());
        let message = format!("{what} has to wait for the vendor's rate limit");
        let error = Error::new(ErrorKind::Unavailable, format!("{message}; {}", self.so_far()));
        let seconds = pause.as_secs() + 1;
        error
            .help(format!("it may go in {seconds} s: retry then, or give --deadline"))
            .again(RetryAfter::Held(pause))
    }

    fn judge(&self, prerequisite: &Prerequisite, exchange: &Exchange) -> Outcome {
        let vendor = self.around.vendor;
        let read = |reply: &Reply| match prerequisite.ask {
            Ask::Call(_) => vendor.read(prerequisite.operation, reply),
            Ask::Raw(_) => {
                Reading { success: Some((200..300).contains(&reply.status)), ..Reading::default() }
            }
        };
        let outcome = net::decide(self.contract(), prerequisite.operation, exchange, &read);
        self.redacted(outcome, &|_| false)
    }

    /// Why a prerequisite brought nothing. No message went out by it, so that no message is unknown; a file that was to be
    /// uploaded for itself may be.
    fn failed(
        &self,
        prerequisite: &Prerequisite,
        what: &str,
        outcome: Outcome,
        exchange: &Exchange,
    ) -> Error {
        let broke_off = matches!(exchange, Err(failure) if failure.phase != Phase::Connect);
        let redirect = exchange.as_ref().ok().and_then(net::redirect_advice).map(|mut advice| {
            self.redactor.borrow().hide(&mut advice);
            advice
        });
        // Also where nothing can have been done: a page in the way may be gone the next time.
        let sent_away = matches!(exchange, Ok(Reply { status: 302 | 303, .. }));
        let in_doubt = outcome.verdict == Verdict::Unknown
            && prerequisite.purpose == Purpose::Upload
            && self.uploads_only;
        let kind = match (outcome.verdict, prerequisite.purpose) {
            _ if in_doubt => ErrorKind::Unknown,
            (Verdict::Rejected, _) if sent_away => ErrorKind::Unavailable,
            (Verdict::Rejected, Purpose::Token(_)) if redirect.is_some() => ErrorKind::Rejected,
            (Verdict::Denied, _) | (Verdict::Rejected, Purpose::Token(_)) => ErrorKind::Denied,
            (Verdict::Rejected | Verdict::Partial | Verdict::Accepted, _) => ErrorKind::Rejected,
            (Verdict::Unavailable | Verdict::Unknown, _) => ErrorKind::Unavailable,
        };
        let verb = if broke_off { "broke off" } else { "failed" };
        let end = if in_doubt { "the file may be there" } else { self.so_far() };
        let why = outcome.words().unwrap_or(outcome.verdict.word());
        let mut error = Error::new(kind, format!("{what} {verb}: {why}; {end}"));
        if exchange.is_err() {
            error = error.with("failure", report::failure(&outcome));
        }
        if let Some(pause) = outcome.retry_after {
            error = error.again(RetryAfter::Told(pause));
        } else if !outcome.heals() {
            error = error.again(RetryAfter::Never);
        }
        // What the rows advise about a server's failure is meant for messages.
        let is_message_advice =
            kind == ErrorKind::Unavailable && outcome.class != Some(Class::Throttle);
        let never_left = matches!(exchange, Err(failure) if failure.phase == Phase::Connect);
        match (redirect, outcome.advice) {
            (Some(redirect), _) => error.help(redirect),
            (None, Some(advice)) if never_left || in_doubt => error.help(advice),
            _ if broke_off || is_message_advice => {
                error.help("no message was on its way yet; retry")
            }
            (None, Some(advice))
                if kind == ErrorKind::Rejected && is_upload(prerequisite.purpose) =>
            {
                error.help(format!(
                    "{}; or put the file at an address of your own, and give that",
                    advice.trim_end_matches('.')
                ))
            }
            (None, Some(advice)) => error.help(advice),
            (None, None) => error,
        }
    }
}
