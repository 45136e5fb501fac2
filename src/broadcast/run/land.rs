//! What becomes of a batch when its request has come to an end.

use std::time::Duration;

use super::item::{Flying, ObserverEvent, RunBatch, Waiting};
use super::{Engine, FIRST_WINDOW, LONGEST_PAUSE};
use crate::broadcast::halt::{BatchRefusal, Halt};
use crate::contract::{Operation, Repeatable};
use crate::ledger::{Batch, BatchChange, Ending, PlannedBatch};
use crate::net::retry::{self, Bounds, Next, Tries};
use crate::outcome::{Outcome, Verdict};
use crate::wire::{Cause, Exchange, Phase};

impl Engine<'_> {
    /// Decides what became of a request, and what becomes of its batch now.
    pub(super) fn land(&mut self, ticket: u64, exchange: Exchange) {
        let Some(flying) = self.flight.remove(&ticket) else { return };
        let now = self.world.now();
        let Flying { mut item, operation, sealed, pace, started, started_ms } = flying;
        self.pace.borrow_mut().end(pace, now);
        if is_out_of_files(&exchange) && self.takes_fewer_connections() {
            // It was not even tried.
            return self.again(item, now, false);
        }
        item.tries += 1;
        item.batch.attempts += 1;
        item.batch.first_started_ms.get_or_insert(started_ms);
        item.first.get_or_insert(started);
        match &exchange {
            Ok(reply) => {
                self.slowest = self.slowest.max(now - started);
                self.answer_took = (7 * self.answer_took + (now - started)) / 8;
                self.pace.borrow_mut().heed(operation, reply, now);
            }
            Err(_) => self.unanswered(),
        }
        if !item.mended && self.maker.mends(&sealed, operation, &exchange) {
            item.mended = true;
            return self.again(item, now, false);
        }
        let outcome = self.maker.decide(&item.batch, operation, &exchange);
        match outcome.http_status {
            // A server that fails and does not say what it did is one more whose answer is not known.
            Some(500..) if outcome.verdict == Verdict::Unknown => self.unanswered(),
            Some(_) => self.watch.answered(),
            None => {}
        }
        if outcome.is_redirect() {
            // The others would be sent away, too: rejected, or acted upon without an answer that says so.
            self.halt(Halt::Redirected);
        }
        match outcome.retry_after {
            // Whatever became of this one, the vendor wants no others for longer than a run waits.
            Some(pause) if pause >= LONGEST_PAUSE => self.halt(Halt::Throttled),
            Some(pause) => self.pace.borrow_mut().hold(operation, now + pause),
            None => {}
        }
        match self.next(&item, operation, &outcome, now) {
            Next::At(due) => {
                item.batch.doubtful |= outcome.verdict == Verdict::Unknown;
                if exchange.is_err() && self.watch.is_quiet() {
                    // Others would not be answered either.
                    self.pace.borrow_mut().pause(operation, due);
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
                let outcome = retry::settle(item.batch.doubtful, outcome);
                self.end(item, operation, outcome, now - started);
            }
        }
    }

    /// Goes on with as many connections as stand now, where any do: the process may not open more files. Says so once.
    fn takes_fewer_connections(&mut self) -> bool {
        let others = self.flight.len();
        if others == 0 {
            return false;
        }
        if self.most == self.settings.concurrency {
            self.observer
                .remark("too many open files: fewer connections are used; `ulimit -n` allows more");
        }
        self.most = others.min(self.most.saturating_sub(1)).max(1);
        self.window = self.window.min(self.most);
        true
    }

    /// Nobody answered. Few are sent at a time where that happens often.
    fn unanswered(&mut self) {
        if let Some(halt) = self.watch.unanswered(self.under_way()) {
            self.halt(halt);
        }
        if self.watch.is_quiet() {
            self.window = FIRST_WINDOW.min(self.most);
        }
    }

    /// Whether a batch goes out once more.
    fn next(
        &mut self,
        item: &RunBatch,
        operation: &'static Operation,
        outcome: &Outcome,
        now: Duration,
    ) -> Next {
        // Nearly all are, and what the others take to decide costs time.
        if self.halt.is_some() || outcome.verdict == Verdict::Accepted {
            return Next::End;
        }
        let dice = self.world.chance();
        let (tries, bounds) = (self.tries(item, now), self.bounds());
        retry::next(operation, outcome, &tries, &bounds, &mut self.budget, now, dice)
    }

    /// What was tried so far. Of the two clocks the one counts that says that more time has passed: one stands still while
    /// the machine sleeps, the other may be set.
    pub(super) fn tries(&self, item: &RunBatch, now: Duration) -> Tries {
        let by_clock = item.first.map(|first| now.saturating_sub(first));
        let by_date = item.batch.first_started_ms.map(|ms| {
            let age = u64::try_from(self.world.now_ms().saturating_sub(ms));
            // One that has yet to come was noted by a clock that has been set since: nobody knows how old it is.
            let unknown = if by_clock.is_some() { Duration::ZERO } else { Duration::MAX };
            age.map_or(unknown, Duration::from_millis)
        });
        Tries {
            count: item.tries,
            first: now.saturating_sub(by_date.max(by_clock).unwrap_or_default()),
            unknown: u32::from(item.batch.doubtful),
            deduplicated: item.recognised,
        }
    }

    pub(super) fn bounds(&self) -> Bounds {
        let exchange = self.settings.request_limit;
        let patience = self.world.now() + LONGEST_PAUSE;
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
            && !retry::may_repeat(operation, &self.tries(item, now), &self.bounds(), now)
    }

    /// Back to what is planned, for another attempt at this time: where the vendor asked for that pause, or without its word.
    fn again(&mut self, mut item: RunBatch, due: Duration, is_rate_wait: bool) {
        self.put_back(&mut item.batch);
        item.first = item.first.filter(|_| item.batch.doubtful);
        self.waiting.push(Waiting { due, is_rate_wait, order: self.count, item });
    }

    pub(super) fn put_back(&mut self, batch: &mut Batch) {
        if !batch.doubtful {
            // The vendor's window begins with an attempt that may have arrived.
            batch.first_started_ms = None;
        }
        self.changes.push(BatchChange::Again {
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
        match outcome.verdict {
            // Certainly not sent: it stays planned, for whoever resumes the job.
            Verdict::Denied | Verdict::Unavailable => {
                self.put_back(&mut batch);
                let unhealed = outcome.failure.as_ref().filter(|failure| !failure.heals());
                if outcome.verdict == Verdict::Unavailable && outcome.http_status.is_some() {
                    self.halt(Halt::Throttled);
                } else if let Some(failure) = unhealed {
                    self.halt(Halt::Unreachable(failure.words()));
                } else if self.gate.is_watched() {
                    // A canary of which nothing is known does not let the others go.
                    self.halt(Halt::Silence);
                }
                self.last = Some(outcome);
                return;
            }
            Verdict::Rejected if outcome.may_be_one_targets_fault() => {
                match self.watch.refused(batch.ids.len(), outcome.code.as_deref()) {
                    BatchRefusal::Cut => return self.cut(&batch, outcome),
                    BatchRefusal::Payload => self.halt(Halt::Payload),
                    BatchRefusal::Final => {}
                }
            }
            Verdict::Accepted | Verdict::Partial => {
                self.watch.accepted();
                self.budget.accepted();
                self.window = (self.window + 1).min(self.most);
            }
            Verdict::Rejected | Verdict::Unknown => {}
        }
        if outcome.verdict != Verdict::Accepted {
            self.last = Some(outcome.clone());
        }
        let ending = self.ending(&batch, &mut outcome, took);
        self.tally.count(&batch.ids, &ending);
        self.changes.push(BatchChange::End { batch: batch.key, ending });
        self.told.push_back(ObserverEvent { batch, operation, outcome });
        self.watch_failures();
    }

    /// What may have arrived and will not be sent again by this run is unknown.
    pub(super) fn leave(&mut self) {
        let waiting = std::mem::take(&mut self.waiting).into_iter().map(|one| one.item);
        let left: Vec<RunBatch> = waiting.chain(std::mem::take(&mut self.ahead)).collect();
        let now = self.world.now();
        for item in left.into_iter().filter(|item| item.batch.doubtful) {
            let operation = self.maker.operation(&item.batch);
            let forgotten =
                forgotten(operation, &item.batch, self.is_too_late(&item, operation, now));
            self.end(item, operation, forgotten, Duration::ZERO);
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
        self.changes.push(BatchChange::Split { batch: batch.key, parts });
        self.last = Some(outcome);
    }

    fn ending(&self, batch: &Batch, outcome: &mut Outcome, took: Duration) -> Ending {
        let took = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        Ending::lent(outcome, self.world.now_ms(), took, batch.attempts)
    }
}

/// Whether there was no connection since this process, or the system, has too many files open.
fn is_out_of_files(exchange: &Exchange) -> bool {
    matches!(exchange, Err(failure) if failure.phase == Phase::Connect && failure.cause == Cause::TooManyFiles)
}

/// The end of a batch of which an earlier attempt may have arrived, and that is not sent again: the vendor would not
/// recognise it any more, or the run is over.
pub(super) fn forgotten(operation: &Operation, batch: &Batch, too_late: bool) -> Outcome {
    let mut outcome = Outcome::of(Verdict::Unknown);
    outcome.message = Some("an earlier attempt may have been done".to_owned());
    let find_out = "find out, then say so with `herald history resolve`";
    let carried = batch.dedupe_id.is_some();
    outcome.advice = match operation.repeat {
        Repeatable::Deduplicated { field, seconds } if carried && too_late => Some(format!(
            "the vendor recognised a repeat by `{field}` for {seconds} s, and these are over; {find_out}"
        )),
        Repeatable::Deduplicated { field, seconds } if carried => Some(format!(
            "`herald broadcast --resume` repeats it with the same `{field}`, by which the vendor recognises it for {seconds} s; later {find_out}"
        )),
        Repeatable::Deduplicated { .. }
        | Repeatable::Duplicates
        | Repeatable::Safe
        | Repeatable::Costly => Some(find_out.to_owned()),
    };
    outcome
}
