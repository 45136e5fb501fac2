//! How a request gets its share of the vendor's rate limit, and its ledger entry in the same transaction.

use std::time::Duration;

use uuid::Uuid;

use super::Sequence;
use crate::broadcast::parts::EngineWorld as _;
use crate::cli::ready::LintedRequest;
use crate::error::{Error, ErrorKind, Result};
use crate::guard::Guard;
use crate::ledger::{EntryIntent, Preconditions, Unmet};
use crate::net::pace::{RateAsk, Ticket};
use crate::net::retry::{self, Tries};
use crate::outcome::{Outcome, Verdict};

/// How a request has begun.
#[derive(Default)]
pub(super) struct Begun {
    /// Its entry in the ledger.
    pub(super) entry: Option<Uuid>,
    /// Its share of the vendor's rate limit.
    pub(super) ticket: Option<Ticket>,
    /// Why it cannot go out.
    pub(super) held: Option<Outcome>,
}

impl Sequence<'_, '_> {
    /// Waits until the vendor's rate limit has room for the request, and writes the intent down: both in one transaction, since
    /// other processes share the limit.
    pub(super) fn begin(&mut self, one: &mut LintedRequest, overridden: &[Guard]) -> Result<Begun> {
        let (trip, pacing) = (self.trip, self.pacing);
        loop {
            let (now, ask) = (self.clock.now(), self.ask(one));
            let early = pacing.pace.borrow_mut().ready(one.operation, ask.targets, now).err();
            let intent = one.intent(trip, overridden);
            let due = match early {
                Some(due) => Some(due),
                None => self.write_down(one, &intent, ask)?,
            };
            let Some(due) = due else {
                let mut pace = pacing.pace.borrow_mut();
                let mut ticket = pace.begin(one.operation, one.targets());
                pace.granted(&mut ticket);
                return Ok(Begun { entry: Some(intent.id), ticket: Some(ticket), held: None });
            };
            if due >= self.until || !self.wait_for_rate(due) {
                pacing.give_up(one.operation);
                return Ok(Begun { held: Some(self.held(due)), ..Begun::default() });
            }
            // A signature is good for a while only.
            self.make_again(one)?;
        }
    }

    /// Puts an intent on disk, or tells when the vendor's rate limit has room.
    fn write_down(
        &mut self,
        one: &LintedRequest,
        intent: &EntryIntent,
        ask: RateAsk,
    ) -> Result<Option<Duration>> {
        let (trip, pacing) = (self.trip, self.pacing);
        let Some(mut ledger) = pacing.ledger() else {
            return Err(Error::new(ErrorKind::Bug, "a request that acts has no ledger"));
        };
        ledger.wait_at_most(self.until.saturating_sub(self.clock.now()));
        let (now, now_ms) = (self.clock.now(), self.clock.now_ms());
        let claim = pacing.pace.borrow_mut().claim(vec![ask], now, now_ms);
        let (allowances, fresh_since_ms) = self.bound.of_request(one.quota_use());
        let on = Preconditions { allowances: &allowances, fresh_since_ms, rate: claim.as_ref() };
        match ledger.begin(intent, &on)? {
            None => {
                trip.session.ui.phase("ledger", &format!("the intent {} is on disk", intent.id));
                // The outcome may wait for the ledger as long as it has to.
                ledger.wait_at_most(Duration::MAX);
                Ok(None)
            }
            Some(Unmet::RateLimited { until_ms }) => {
                let until = u64::try_from(until_ms).unwrap_or_default();
                Ok(Some(pacing.by_clock(Duration::from_millis(until))))
            }
            Some(unmet) => Err(self.bound.refusal(trip, one.operation, &unmet)),
        }
    }

    /// What a request asks of the vendor's rate limit.
    fn ask(&self, one: &LintedRequest) -> RateAsk {
        RateAsk { operation: one.operation, targets: one.targets(), limit: self.errands.left() }
    }

    /// Waits until the vendor's pace allows the request, or tells why it cannot go out.
    pub(super) fn keep_pace(
        &mut self,
        one: &LintedRequest,
        tries: &Tries,
    ) -> std::result::Result<Ticket, Box<Outcome>> {
        let (pacing, fleet) = (self.pacing, self.fleet);
        let sleep = &mut |due| pacing.sleep(fleet, due);
        let placed = pacing.place(&self.ask(one), self.until, sleep);
        let ticket = placed.map_err(|due| Box::new(self.held(due)))?;
        let now = self.clock.now();
        if tries.unknown > 0 && !retry::may_repeat(one.operation, tries, &self.bounds(), now) {
            // The pace has cost the time in which this would not have been done twice.
            pacing.pace.borrow_mut().withdraw(ticket);
            let why = "the vendor would no longer recognise a repeat";
            return Err(Box::new(kept_back(why, String::new())));
        }
        Ok(ticket)
    }

    /// Why a request that the vendor's pace allows at this time did not go out.
    fn held(&self, due: Duration) -> Outcome {
        if self.fleet.stopped().is_some() {
            let advice = "nothing was sent; try again".to_owned();
            return kept_back("stopped while the vendor's pace was kept", advice);
        }
        let seconds = due.saturating_sub(self.clock.now()).as_secs() + 1;
        kept_back(
            "the vendor's pace allows no request before the deadline",
            format!(
                "nothing was sent; it may go in {seconds} s: try again then, or with a longer --deadline"
            ),
        )
    }

    /// Waits for the next attempt; `false` where the user asks to stop before.
    pub(super) fn rest(&self, outcome: &Outcome, due: Duration) -> bool {
        if retry::is_asked_for(outcome) {
            return self.wait_for_rate(due);
        }
        self.pacing.sleep(self.fleet, due)
    }

    /// The same for the vendor's rate limit, which is told where it takes long.
    fn wait_for_rate(&self, due: Duration) -> bool {
        self.pacing.tell_wait(due);
        self.pacing.sleep(self.fleet, due)
    }
}

/// A request that certainly was not sent.
fn kept_back(message: &str, advice: String) -> Outcome {
    Outcome {
        message: Some(message.to_owned()),
        advice: Some(advice),
        ..Outcome::of(Verdict::Unavailable)
    }
}
