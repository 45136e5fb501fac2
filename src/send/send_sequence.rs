//! A few requests, one after the other: prerequisites, intent, attempts, outcome, ledger, report.

use std::cell::RefCell;
use std::time::Duration;

use uuid::Uuid;

use crate::contract::{Effect, Operation, Target};
use crate::env::clock::SteadyClock;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::guard::Guard;
use crate::ledger::CommandPart;
use crate::net::{ConcurrentTransport, Stop};
use crate::outcome::{Outcome, TargetResult, Verdict};
use crate::report::SentReport;
use crate::send::context::SendContext;
use crate::send::delivery::Delivery;
use crate::send::guard_prompt::{self, Bound};
use crate::send::prepared_request::LintedRequest;
use crate::send::prerequisites::Prerequisites;
use crate::send::rate_limits::RateLimits;

/// Requests on their way, one at a time.
pub(crate) struct Sequence<'a, 'e> {
    pub(crate) context: &'a SendContext<'a>,
    pub(crate) fleet: &'a dyn ConcurrentTransport,
    pub(crate) prerequisites: Prerequisites<'e>,
    pub(crate) limits: &'a RateLimits,
    pub(crate) bound: Bound,
    /// When everything has to be over.
    pub(crate) until: Duration,
    /// The ledger could not take what happened to a request: nothing more leaves, and the command ends so.
    pub(crate) ledger_failed: Option<Error>,
}

/// Sends one request after the other. What the vendor refuses to everybody, or cannot be reached for, ends it.
///
/// Over this transport, where one was needed before.
pub(crate) fn send_all(
    context: &SendContext<'_>,
    fleet: Option<Box<dyn ConcurrentTransport>>,
    mut ready: Vec<LintedRequest>,
    overridden: &[Guard],
) -> Result<Delivery> {
    number_parts(&mut ready);
    let acts = ready.iter().any(|one| one.operation.effect != Effect::Reads);
    let fleet = match fleet {
        Some(fleet) => fleet,
        None => context.app.transport(context.env, context.sending)?,
    };
    if ready.len() > 1 {
        // What is wrong with a later one is known before the first one leaves.
        let stamp = context.stamp();
        for one in &ready {
            fleet.prepare(&one.request(context, &stamp)?)?;
        }
    }
    let clock = SteadyClock::new(context.env.system);
    // Waiting for others who hold the ledger takes of this time, too.
    let until = clock.now() + context.sending.deadline();
    let mut limits = if acts {
        let ledger = context.app.open_ledger(context.env, context.sending)?;
        RateLimits::keeping(context.env, context.app, ledger)
    } else {
        RateLimits::new(context.env, context.sending, context.app)
    };
    limits.clock = clock.clone();
    let bound = guard_prompt::bound(context, ready.iter().map(LintedRequest::quota_use))?;
    let overridden = &bound.recorded(overridden);
    let (mut done, failed, ledger_failed) =
        context.with_prerequisites(fleet.as_ref(), &limits, |prerequisites| {
            let mut sequence = Sequence {
                context,
                fleet: fleet.as_ref(),
                prerequisites,
                limits: &limits,
                bound,
                until,
                ledger_failed: None,
            };
            let ended = sequence.run(ready, overridden);
            ended.map(|(done, failed)| (done, failed, sequence.ledger_failed))
        })?;
    let ui = &context.env.ui;
    let unsent = done.iter().filter(|one| one.attempts == 0).count();
    if unsent > 0 && done.len() > 1 {
        ui.warn(&format!("{unsent} of {} requests were not sent", done.len()));
    }
    done.extend_from_slice(context.aside);
    let stopped = fleet.stopped();
    Ok(Delivery { reports: done, ledger_failed, failed, stopped, is_printed: false })
}

/// Says of several requests that they are of one command: what is recalled later is the message, and not a part of it.
fn number_parts(ready: &mut [LintedRequest]) {
    let (command, total) = (Uuid::now_v7(), u32::try_from(ready.len()).unwrap_or(u32::MAX));
    if total > 1 {
        for (number, one) in (1..).zip(ready) {
            one.part = Some(CommandPart { command, number, total });
        }
    }
}

impl Sequence<'_, '_> {
    /// What happened to all of them, and the fault that ended it after the first went out. Those that were not sent, since
    /// one before them ended it, are told as well.
    fn run(
        &mut self,
        ready: Vec<LintedRequest>,
        overridden: &[Guard],
    ) -> Result<(Vec<SentReport>, Option<Exit>)> {
        let mut done = Vec::new();
        let (mut over, mut failed) = (None, None);
        for one in ready {
            let one = &RefCell::new(one);
            if !done.is_empty() && self.limits.clock.now() >= self.until {
                over.get_or_insert("the deadline has passed");
            }
            if let Some(why) = over {
                done.push(self.unsent(&one.borrow(), why));
                continue;
            }
            match self.send(one, overridden) {
                Ok(sent) => {
                    let verdict = sent.outcome.verdict;
                    done.push(sent);
                    if self.ledger_failed.is_some() {
                        over = Some("the ledger takes no more");
                    } else if self.fleet.stopped().is_some() {
                        over = Some("stopped before it was its turn");
                    } else if matches!(verdict, Verdict::Denied | Verdict::Unavailable) {
                        over = Some("the request before it would not be taken either");
                    }
                }
                Err(error) if done.is_empty() => {
                    return Err(error.stopped_by(self.fleet.stopped().map(Stop::kind)));
                }
                // What went out before has to be told all the same.
                Err(error) => {
                    self.context.env.ui.complain_beside(&error);
                    done.push(self.unsent(&one.borrow(), &error.to_string()));
                    failed = Some(error.exit());
                    if error.kind() == ErrorKind::Ledger {
                        self.ledger_failed = Some(error);
                    }
                    over = Some("what one before it needs cannot be had");
                }
            }
        }
        Ok((done, failed))
    }

    /// A request that was not sent, with the targets that it did not reach.
    fn unsent(&self, one: &LintedRequest, why: &str) -> SentReport {
        let target = |target: &Target| TargetResult {
            message: Some("not sent".to_owned()),
            ..TargetResult::new(&target.id, Verdict::Unavailable)
        };
        let targets = one.audience.targets().iter().map(target).collect();
        let message = Some(format!("not sent: {why}"));
        let outcome = Outcome { message, targets, ..Outcome::of(Verdict::Unavailable) };
        self.report_of(one.operation, outcome)
    }

    /// What is told of a request that has made no attempt.
    pub(crate) fn report_of(&self, operation: &Operation, outcome: Outcome) -> SentReport {
        SentReport {
            provider: self.context.app.vendor.contract().id.to_owned(),
            operation: operation.id.to_owned(),
            profile: self.context.app.account.profile.clone(),
            sandbox: self.context.app.sandbox,
            outcome,
            ledger_id: None,
            short_id: None,
            attempts: 0,
            elapsed_ms: 0,
            take_back: None,
        }
    }
}
