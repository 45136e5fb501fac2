//! One errand on its way: at the vendor's pace, as often as another attempt helps, and what its answer says.

use std::time::Duration;

use crate::error::{Again, Error, ErrorKind, Result};
use crate::net;
use crate::net::pace::{RateAsk, Ticket};
use crate::net::retry::{self, Bounds, Next, Tries};
use crate::outcome::{Class, Outcome, Reading, Verdict};
use crate::provider::errand::{Ask, Purpose};
use crate::provider::{Carry, Errand};
use crate::report;
use crate::send::prerequisites::{Errands, is_upload};
use crate::wire::{Cause, Exchange, ExchangeStep, Failure, Phase, Reply};

impl Errands<'_> {
    /// Makes an errand and reads what it brought. Where the token was refused, once more with another; where it certainly
    /// did nothing, or does nothing when repeated, as often as any request.
    pub(crate) fn run(&mut self, errand: &Errand, what: &str) -> Result<Carry> {
        (self.around.tell)("errand", what);
        let clock = &self.around.pacing.clock;
        let mut tries = Tries::new(clock.now(), false);
        let mut renewed = false;
        loop {
            let exchange = self.exchange(errand, what)?;
            if !renewed && self.drop_stale_token(errand.operation, &exchange) {
                renewed = true;
                continue;
            }
            let outcome = self.judge(errand, &exchange);
            if outcome.verdict == Verdict::Accepted {
                let reply = exchange.as_ref().ok();
                return reply
                    .and_then(|reply| self.around.vendor.carry(errand, &self.account, reply))
                    .ok_or_else(|| self.silent(what));
            }
            if let (Some(pause), Ask::Call(_)) = (outcome.retry_after, &errand.ask) {
                let until = clock.now().saturating_add(pause);
                self.around.pacing.pace.borrow_mut().hold(errand.operation, until);
                self.around.pacing.tell();
            }
            match self.next(errand, &outcome, &tries) {
                Next::At(due) if self.rest(&outcome, due) => tries = tries.again(outcome.verdict),
                Next::At(_) | Next::End => {
                    return Err(self.failed(errand, what, outcome, &exchange));
                }
            }
        }
    }

    /// Whether an errand is made once more. Where it is not waited for, whoever needs it comes again.
    fn next(&self, errand: &Errand, outcome: &Outcome, tries: &Tries) -> Next {
        let pacing = self.around.pacing;
        if !pacing.waits {
            return Next::End;
        }
        let (now, left) = (pacing.clock.now(), self.around.left());
        let bounds = Bounds { deadline: now + left, exchange: left };
        let (budget, dice) = (&mut *pacing.budget.borrow_mut(), (self.around.chance)());
        let next = retry::next(errand.operation, outcome, tries, &bounds, budget, now, dice);
        if let Next::At(due) = next {
            let why = outcome.message.as_deref().unwrap_or(outcome.verdict.word());
            let wait = due.saturating_sub(now).as_millis();
            (self.around.tell)("retry", &format!("in {wait} ms: {why}"));
        }
        next
    }

    /// Waits for the next attempt; `false` where the user asks to stop before.
    fn rest(&self, outcome: &Outcome, due: Duration) -> bool {
        if retry::is_asked_for(outcome) {
            self.around.pacing.tell_wait(due);
        }
        self.sleep(due)
    }

    /// Waits until a moment; `false` where somebody asks to stop before.
    fn sleep(&self, due: Duration) -> bool {
        while self.around.transport.stopped().is_none() {
            let left = due.saturating_sub(self.around.pacing.clock.now());
            if left.is_zero() {
                return true;
            }
            (self.around.rest)(left);
        }
        false
    }

    fn exchange(&mut self, errand: &Errand, what: &str) -> Result<Exchange> {
        let request = self.request(errand)?;
        self.around.transport.prepare(&request)?;
        // What goes to another host than the vendor's API has no rate.
        let place = match errand.ask {
            Ask::Call(_) => Some(self.keep_pace(errand, what)?),
            Ask::Raw(_) => None,
        };
        let left = self.around.left();
        let pacing = self.around.pacing;
        if left.is_zero() {
            place.into_iter().for_each(|ticket| pacing.pace.borrow_mut().withdraw(ticket));
            let reason = "the deadline passed before it began";
            return Ok(Err(Failure::unsent(ExchangeStep::Local, Cause::NoTime, reason)));
        }
        let exchange = self.around.transport.exchange(&request, left);
        let exchange = exchange.map(|reply| reply.dated((self.around.now_ms)()));
        if let Some(ticket) = place {
            pacing.end(ticket, errand.operation, &exchange);
            pacing.tell();
        }
        Ok(exchange)
    }

    /// Waits for the vendor's pace and takes a place in it, or tells how long it takes.
    fn keep_pace(&self, errand: &Errand, what: &str) -> Result<Ticket> {
        let (pacing, limit) = (self.around.pacing, self.around.left());
        let ask = RateAsk { operation: errand.operation, targets: 1, limit };
        let now = pacing.clock.now();
        let until = if pacing.waits { now + limit } else { now };
        let placed = pacing.place(&ask, until, &mut |due| self.sleep(due));
        placed.map_err(|due| {
            let pause = due.saturating_sub(pacing.clock.now());
            let message = format!("{what} has to wait for the vendor's pace");
            let error = Error::new(ErrorKind::Unavailable, format!("{message}; {}", self.so_far()));
            let seconds = pause.as_secs() + 1;
            error
                .help(format!("it may go in {seconds} s: try again then, or give --deadline"))
                .again(Again::Held(pause))
        })
    }

    fn judge(&self, errand: &Errand, exchange: &Exchange) -> Outcome {
        let vendor = self.around.vendor;
        let read = |reply: &Reply| match errand.ask {
            Ask::Call(_) => vendor.read(errand.operation, reply),
            Ask::Raw(_) => {
                Reading { success: Some((200..300).contains(&reply.status)), ..Reading::default() }
            }
        };
        let outcome = net::decide(self.contract(), errand.operation, exchange, &read);
        self.redacted(outcome, &|_| false)
    }

    /// Why an errand brought nothing. No message went out by it, so that no message is unknown; a file that was to be
    /// uploaded for itself may be.
    fn failed(&self, errand: &Errand, what: &str, outcome: Outcome, exchange: &Exchange) -> Error {
        let broke_off = matches!(exchange, Err(failure) if failure.phase != Phase::Connect);
        let redirect = exchange.as_ref().ok().and_then(net::redirect_advice).map(|mut advice| {
            self.redactor.borrow().hide(&mut advice);
            advice
        });
        // Also where nothing can have been done: a page in the way may be gone the next time.
        let sent_away = matches!(exchange, Ok(Reply { status: 302 | 303, .. }));
        let in_doubt = outcome.verdict == Verdict::Unknown
            && errand.purpose == Purpose::Upload
            && self.uploads_only;
        let kind = match (outcome.verdict, errand.purpose) {
            _ if in_doubt => ErrorKind::Unknown,
            (Verdict::Rejected, _) if sent_away => ErrorKind::Unavailable,
            (Verdict::Rejected, Purpose::Token(_)) if redirect.is_some() => ErrorKind::Rejected,
            (Verdict::Denied, _) | (Verdict::Rejected, Purpose::Token(_)) => ErrorKind::Denied,
            (Verdict::Rejected | Verdict::Partial | Verdict::Accepted, _) => ErrorKind::Rejected,
            (Verdict::Unavailable | Verdict::Unknown, _) => ErrorKind::Unavailable,
        };
        let verb = if broke_off { "broke off" } else { "failed" };
        let end = if in_doubt { "the file may be there" } else { self.so_far() };
        let why = outcome.message.as_deref().unwrap_or(outcome.verdict.word());
        let mut error = Error::new(kind, format!("{what} {verb}: {why}; {end}"));
        if exchange.is_err() {
            error = error.with("failure", report::failure(&outcome));
        }
        if let Some(pause) = outcome.retry_after {
            error = error.again(Again::Told(pause));
        } else if !outcome.heals() {
            error = error.again(Again::Never);
        }
        // What the rows advise about a server's failure is meant for messages.
        let is_message_advice =
            kind == ErrorKind::Unavailable && outcome.class != Some(Class::Throttle);
        let never_left = matches!(exchange, Err(failure) if failure.phase == Phase::Connect);
        match (redirect, outcome.advice) {
            (Some(redirect), _) => error.help(redirect),
            (None, Some(advice)) if never_left || in_doubt => error.help(advice),
            _ if broke_off || is_message_advice => {
                error.help("no message was on its way yet; try again")
            }
            (None, Some(advice)) if kind == ErrorKind::Rejected && is_upload(errand.purpose) => {
                error.help(format!(
                    "{advice}; or put the file at an address of your own, and give that"
                ))
            }
            (None, Some(advice)) => error.help(advice),
            (None, None) => error,
        }
    }
}
