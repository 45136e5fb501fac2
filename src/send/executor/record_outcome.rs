//! What happens to a batch when its request has come to an end.

use std::time::Duration;

use super::ports::Disposal;
use super::state::{EndedItem, OpenAttempt, RunBatch, Waiting};
use super::{Executor, Halt};
use crate::contract::Operation;
use crate::ledger::{Batch, BatchChange, Ending, PlannedBatch};
use crate::net::retry::{self, AttemptHistory, Bounds, Next};
use crate::outcome::{Outcome, Verdict};
use crate::wire::{Cause, Exchange, Phase};

impl Executor<'_> {
    /// Decides what happened to a request, and what happens to its batch now.
    pub(super) fn land(&mut self, ticket: u64, exchange: Exchange) {
        let Some(landed) = self.in_flight.remove(&ticket) else { return };
        let now = self.transport.now();
        let OpenAttempt { mut item, operation, attempt, pace, started, started_ms } = landed;
        let is_rated = pace.is_some();
        pace.into_iter().for_each(|ticket| self.rate.pace.borrow_mut().end(ticket, now));
        if is_out_of_files(&exchange) && self.policy.takes_fewer_connections(self.in_flight.len()) {
            // It was not even tried.
            return self.again(item, now, false);
        }
        item.tries += 1;
        item.batch.attempts += 1;
        item.batch.first_started_ms.get_or_insert(started_ms);
        item.first.get_or_insert(started);
        match &exchange {
            Ok(reply) => {
                self.timing.slowest = self.timing.slowest.max(now - started);
                self.timing.answer = (7 * self.timing.answer + (now - started)) / 8;
                if is_rated {
                    self.rate.pace.borrow_mut().heed(operation, reply, now);
                }
            }
            Err(_) => self.unanswered(),
        }
        let outcome = self.maker.decide(&item.batch, operation, &exchange);
        // What was accepted needs no second look at its reply.
        let may_recover = !item.recovered && outcome.verdict != Verdict::Accepted;
        if may_recover && self.maker.recovers(&attempt, operation, &exchange) {
            item.recovered = true;
            item.goes_otherwise = true;
            item.refusal = Some(Box::new(outcome));
            return self.again(item, now, false);
        }
        match outcome.http_status {
            // A server that fails and does not say what it did is one more whose answer is not known.
            Some(500..) if outcome.verdict == Verdict::Unknown => self.unanswered(),
            Some(_) => self.policy.answered(),
            None => {}
        }
        if outcome.is_redirect() {
            // The others would be sent away, too: rejected, or acted upon without an answer that says so.
            self.halt(Halt::Redirected);
        }
        match outcome.retry_after {
            // Whatever happened to this one, the vendor wants no others for longer than a run waits.
            Some(pause) if pause >= self.policy.longest_pause() => self.halt(Halt::Throttled),
            Some(pause) if is_rated => {
                self.rate.pace.borrow_mut().hold(operation, now.saturating_add(pause));
            }
            Some(_) | None => {}
        }
        match self.next(&item, operation, &outcome, now) {
            Next::At(due) => {
                self.policy.retries(&outcome, due.saturating_sub(now));
                item.batch.doubtful |= outcome.verdict == Verdict::Unknown;
                if exchange.is_err() && self.policy.is_outage() {
                    // Others would not be answered either.
                    self.rate.pace.borrow_mut().pause(operation, due);
                }
                let is_rate_wait = retry::is_asked_for(&outcome);
                self.last = Some(outcome);
                self.again(item, due, is_rate_wait);
            }
            Next::End => {
                if outcome.verdict == Verdict::Denied {
                    // Also where an earlier attempt leaves the batch unknown.
                    self.halt(Halt::Denied);
                }
                let outcome = self.told_of_its_wait(&item, operation, outcome, now);
                let outcome = self.policy.settle(&item.batch, operation, outcome);
                self.end(item, operation, outcome, now - self.settings.began.unwrap_or(started));
            }
        }
    }

    /// No server answered.
    fn unanswered(&mut self) {
        if let Some(halt) = self.policy.unanswered(self.under_way()) {
            self.halt(halt);
        }
    }

    /// Whether a batch goes out again.
    fn next(
        &mut self,
        item: &RunBatch,
        operation: &'static Operation,
        outcome: &Outcome,
        now: Duration,
    ) -> Next {
        // Nearly all are, and what the others take to decide costs time.
        let is_final = self.halt.is_some() || !self.settings.retries;
        if is_final || outcome.verdict == Verdict::Accepted {
            return Next::End;
        }
        let dice = self.transport.chance();
        let (tries, bounds) = (self.tries(item, now), self.bounds(now));
        let budget = &mut *self.budget.borrow_mut();
        retry::next(operation, outcome, &tries, &bounds, budget, now, dice)
    }

    /// The same with a word in its advice where only the deadline kept it from another attempt, since the vendor asks for a
    /// longer wait.
    fn told_of_its_wait(
        &self,
        item: &RunBatch,
        operation: &'static Operation,
        mut outcome: Outcome,
        now: Duration,
    ) -> Outcome {
        let is_for_another_reason = !matches!(self.halt, None | Some(Halt::Throttled));
        let is_asked = outcome.retry_after.is_some();
        if !is_asked || is_for_another_reason || !self.settings.retries {
            return outcome;
        }
        let (tries, bounds) = (self.tries(item, now), self.bounds(now));
        if let Some(wait) = retry::too_long_a_wait(operation, &outcome, &tries, &bounds, now) {
            let wait = wait.as_secs_f64().ceil();
            let until = match self.settings.until.is_some_and(|until| until == bounds.deadline) {
                true => "after the deadline: retry then, or give a longer --deadline",
                false => "later than herald waits: retry then",
            };
            let advice = outcome.advice.map(|advice| format!("{}. ", advice.trim_end_matches('.')));
            outcome.advice = Some(format!(
                "{}The next attempt would begin in {wait} s, which is {until}",
                advice.unwrap_or_default()
            ));
        }
        outcome
    }

    /// What was tried so far. Of the two clocks the one counts that says that more time has passed: one stands still while
    /// the machine sleeps, the other may be set.
    pub(super) fn tries(&self, item: &RunBatch, now: Duration) -> AttemptHistory {
        let by_clock = item.first.map(|first| now.saturating_sub(first));
        let by_date = item.batch.first_started_ms.map(|ms| {
            let age = u64::try_from(self.transport.now_ms().saturating_sub(ms));
            // A time in the future was noted by a clock that has been set back since: the age is not known.
            let unknown = if by_clock.is_some() { Duration::ZERO } else { Duration::MAX };
            age.map_or(unknown, Duration::from_millis)
        });
        AttemptHistory {
            count: item.tries,
            first: now.saturating_sub(by_date.max(by_clock).unwrap_or_default()),
            unknown: u32::from(item.batch.doubtful),
            deduplicated: item.recognised,
        }
    }

    pub(super) fn bounds(&self, now: Duration) -> Bounds {
        let exchange = self.settings.request_limit;
        let patience = now.saturating_add(self.policy.longest_pause());
        Bounds {
            deadline: self.settings.until.map_or(patience, |until| until.min(patience)),
            exchange,
        }
    }

    /// Whether a batch that may have arrived must not go out again, since the vendor would not recognise it any more.
    pub(super) fn is_too_late(
        &self,
        item: &RunBatch,
        operation: &Operation,
        now: Duration,
    ) -> bool {
        item.batch.doubtful
            && !retry::may_repeat(operation, &self.tries(item, now), &self.bounds(now), now)
    }

    /// Back to what is planned, for another attempt at this time: where the vendor asked for that pause, or without its word.
    fn again(&mut self, mut item: RunBatch, due: Duration, is_rate_wait: bool) {
        self.put_back(&mut item.batch);
        item.first = item.first.filter(|_| item.batch.doubtful);
        self.queue.waiting.push(Waiting { due, is_rate_wait, order: self.count, item });
    }

    pub(super) fn put_back(&mut self, batch: &mut Batch) {
        if !batch.doubtful {
            // The vendor's window begins with an attempt that may have arrived.
            batch.first_started_ms = None;
        }
        self.commits.changes.push(BatchChange::RetryAfter {
            batch: batch.key,
            attempts: batch.attempts,
            doubtful: batch.doubtful,
        });
    }

    /// A batch has come to its end, for this run at least.
    pub(super) fn end(
        &mut self,
        item: RunBatch,
        operation: &'static Operation,
        mut outcome: Outcome,
        took: Duration,
    ) {
        let RunBatch { mut batch, .. } = item;
        match self.policy.disposes(&batch, &outcome) {
            Disposal::End => {}
            Disposal::EndAndHalt(halt) => self.halt(halt),
            Disposal::Cut => return self.cut(&batch, outcome),
            // Certainly not sent: it stays planned, for the run that resumes the job.
            Disposal::Planned(halt) => {
                self.put_back(&mut batch);
                halt.into_iter().for_each(|halt| self.halt(halt));
                self.last = Some(outcome);
                return;
            }
        }
        if matches!(outcome.verdict, Verdict::Accepted | Verdict::Partial) {
            self.budget.borrow_mut().accepted();
        }
        if outcome.verdict != Verdict::Accepted {
            self.last = Some(outcome.clone());
        }
        let ending = self.ending(&batch, &mut outcome, took);
        if let Some(halt) = self.policy.counts(&batch, &ending) {
            self.halt(halt);
        }
        self.commits.changes.push(BatchChange::End { batch: batch.key, ending });
        self.commits.told.push_back(EndedItem { batch, operation, outcome });
    }

    /// Ends a batch that is not sent again, where it has an end. Else it stays planned.
    pub(super) fn end_without_answer(
        &mut self,
        item: RunBatch,
        operation: &'static Operation,
        too_late: bool,
    ) {
        // Nothing was done then, and the next attempt was to go out otherwise: where the user has stopped it, that is why it
        // did not go out.
        let is_stopped = matches!(self.halt, Some(Halt::Signal(_)));
        let refusal = item.refusal.as_deref().filter(|_| !is_stopped);
        let last = refusal.or(self.last.as_ref()).cloned();
        if let Some(outcome) = self.policy.gives_up(&item.batch, operation, too_late, last) {
            let began = self.settings.began;
            let took = began.map_or(Duration::ZERO, |began| self.transport.now() - began);
            self.end(item, operation, outcome, took);
        }
    }

    /// What may have arrived and will not be sent again by this run has an end now.
    pub(super) fn leave(&mut self) {
        let waiting = std::mem::take(&mut self.queue.waiting).into_iter().map(|one| one.item);
        let left: Vec<RunBatch> = waiting.chain(std::mem::take(&mut self.queue.ahead)).collect();
        let now = self.transport.now();
        for item in left {
            let operation = self.maker.operation(&item.batch);
            let too_late = self.is_too_late(&item, operation, now);
            self.end_without_answer(item, operation, too_late);
        }
    }

    /// Two halves in the place of a batch that was rejected as a whole: whichever target was at fault, the others of its
    /// batch are not.
    fn cut(&mut self, batch: &Batch, outcome: Outcome) {
        let (first, second) = batch.ids.split_at(batch.ids.len() / 2);
        let part = |ids: &[String]| PlannedBatch {
            template: batch.template,
            ids: ids.to_vec(),
            vars: batch.vars.clone(),
        };
        let parts = vec![part(first), part(second)];
        self.commits.changes.push(BatchChange::Split { batch: batch.key, parts });
        self.last = Some(outcome);
    }

    fn ending(&self, batch: &Batch, outcome: &mut Outcome, took: Duration) -> Ending {
        let took = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        Ending::lent(outcome, self.transport.now_ms(), took, batch.attempts)
    }
}

/// Whether there was no connection since this process, or the system, has too many files open.
fn is_out_of_files(exchange: &Exchange) -> bool {
    matches!(exchange, Err(failure) if failure.phase == Phase::Connect && failure.cause == Cause::TooManyFiles)
}
