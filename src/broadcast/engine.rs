//! The engine of broadcasts: the executor under the policy of a job, which says how many requests are in flight, holds back
//! all but the canary (`canary`), and halts the run ([`super::abort`]).

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use crate::broadcast::abort::{BatchRefusal, FailureWatch};
use crate::broadcast::canary::Gate;
use crate::broadcast::counts::TargetCounts;
use crate::broadcast::ports::{Observer, RunReport, RunSettings};
use crate::contract::{Operation, Repeatable};
use crate::error::{Error, ErrorKind, RetryAfter};
use crate::ledger::{Batch, Ending};
use crate::net::rate_limit;
use crate::net::retry::{self, RetryBudget};
use crate::net::{SETTLE, doubt_advice};
use crate::outcome::{Outcome, Verdict, in_place_of_message};
use crate::send::executor::ports::{
    Disposal, Journal, Maker, NotMade, RunPolicy, Settings, TimedTransport,
};
use crate::send::executor::{Executed, Executor, Halt};
use crate::send::in_flight_window::InFlightWindow;

/// How many retries there may be in a row, beside one for each connection: one refusal meets all that are under way.
const RETRIES: u32 = 10;

/// The longest pause that a run waits for: the run that resumes it can wait as well.
const LONGEST_PAUSE: Duration = Duration::from_secs(900);

/// How long a request waits at first for a prerequisite that cannot be had; twice as long the next time.
const PREREQUISITE_RETRY: Duration = Duration::from_secs(2);

/// A run over a job.
pub struct Engine<'a> {
    journal: &'a mut dyn Journal,
    transport: &'a mut dyn TimedTransport,
    maker: &'a mut dyn Maker,
    settings: Settings,
    pace: rate_limit::Shared,
    retries: u32,
    policy: JobPolicy<'a>,
}

impl<'a> Engine<'a> {
    /// A run over a job. `before` counts what ended in earlier runs.
    pub fn new(
        journal: &'a mut dyn Journal,
        transport: &'a mut dyn TimedTransport,
        maker: &'a mut dyn Maker,
        observer: &'a mut dyn Observer,
        settings: &'a RunSettings,
        before: TargetCounts,
    ) -> Self {
        Self {
            journal,
            transport,
            maker,
            settings: Settings {
                read_ahead: settings.concurrency,
                request_limit: settings.request_limit,
                until: settings.until,
                rate_until: settings.until,
                retries: true,
                keeps_margin: true,
                began: None,
            },
            pace: rate_limit::Shared::default(),
            retries: RETRIES + u32::try_from(settings.concurrency).unwrap_or(u32::MAX),
            policy: JobPolicy {
                observer,
                settings,
                watch: FailureWatch::new(before.accepted > 0),
                gate: Gate::of(settings.limits.canary, before.decided()),
                tally: before,
                window: InFlightWindow::new(settings.concurrency),
                unready: 0,
                not_made: None,
            },
        }
    }

    /// Begins with what is known of earlier runs, at the rate limits that other requests share.
    #[must_use]
    pub fn paced(mut self, pace: rate_limit::Shared) -> Self {
        self.pace = pace;
        self
    }

    /// Sends until nothing is left, or something halts it. What is on its way is awaited either way.
    pub fn run(self) -> RunReport {
        let Self { journal, transport, maker, settings, pace, retries, mut policy } = self;
        // What failed in earlier runs counts: going on past it takes a limit that says so.
        let failed = policy.failures();
        let budget = Rc::new(RefCell::new(RetryBudget::of(retries)));
        let executor = Executor::new(journal, transport, maker, &mut policy, &settings);
        let executed = executor.sharing(pace, budget).halted(failed).run();
        let Executed { halt, requests, last, unkept, .. } = executed;
        let halt = match (halt, policy.not_made.take()) {
            // What used the time up is the reason, not the end of the time.
            (Some(Halt::Deadline), Some(error)) => Some(Halt::Fault(error)),
            (halt, _) => halt.filter(|halt| !policy.had_nothing_to_halt(halt)),
        };
        RunReport { tally: policy.tally, halt, requests, last, unkept }
    }
}

/// The policy of a job.
struct JobPolicy<'a> {
    observer: &'a mut dyn Observer,
    settings: &'a RunSettings,
    watch: FailureWatch,
    gate: Gate,
    tally: TargetCounts,
    /// How many may be in flight: up to as many as was asked for, and fewer where no more can be opened.
    window: InFlightWindow,
    /// How often in a row a request could not be made, and the last reason for it.
    unready: u32,
    not_made: Option<Error>,
}

impl JobPolicy<'_> {
    /// Whether all had come to its end by the time that it was halted. A signal, a pause or the deadline may have given up
    /// what was awaited, or have kept it from going out again.
    fn had_nothing_to_halt(&self, halt: &Halt) -> bool {
        let is_all_known = self.tally.unknown + self.tally.unavailable == 0;
        self.tally.left() == 0
            && match halt {
                Halt::Failures { .. } => true,
                Halt::Signal(_) | Halt::Throttled | Halt::Deadline | Halt::RateLimit(_) => {
                    is_all_known
                }
                _ => false,
            }
    }

    /// Whether an answer says that the server does not keep up.
    fn is_overrun(&self, outcome: &Outcome) -> bool {
        outcome.code.as_deref().is_some_and(|code| self.settings.overrun.contains(&code))
    }

    /// Why it is halted, where too many have failed.
    fn failures(&self) -> Option<Halt> {
        self.watch.failures(&self.settings.limits, &self.tally)
    }
}

impl RunPolicy for JobPolicy<'_> {
    fn max_in_flight(&self) -> usize {
        self.window.size().min(self.watch.room())
    }

    fn keeps_back(&mut self, is_busy: bool, now: Duration) -> bool {
        self.gate.keeps_back(is_busy, now)
    }

    fn begins(&mut self, targets: u64) {
        self.gate.begin(targets);
    }

    fn longest_pause(&self) -> Duration {
        LONGEST_PAUSE
    }

    fn made(&mut self) {
        self.unready = 0;
        self.not_made = None;
    }

    /// What requests need first - a token, an id - may be refused for now: then all of them wait, and the run goes on.
    fn not_made(&mut self, error: Error, chance: f64) -> NotMade {
        let rate_limit = error.when().is_some();
        if let Some(RetryAfter::Held(pause)) = error.when() {
            // No server was asked: that is not a failure, however often it happens.
            return NotMade::RetryAfter { pause, rate_limit };
        }
        self.unready += 1;
        let told = match error.when() {
            Some(RetryAfter::Told(pause)) => Some(pause),
            Some(RetryAfter::Held(_) | RetryAfter::Never) | None => None,
        };
        let is_over = told.is_some_and(|pause| pause >= LONGEST_PAUSE)
            || error.when() == Some(RetryAfter::Never);
        if error.kind() != ErrorKind::Unavailable || self.unready >= retry::ATTEMPTS || is_over {
            return NotMade::Halt(error);
        }
        let pause = match told {
            Some(_) => retry::pause(told, self.unready, chance),
            None => PREREQUISITE_RETRY.saturating_mul(1 << (self.unready - 1)),
        };
        self.observer.retries(pause, &error.to_string());
        self.not_made = Some(error);
        NotMade::RetryAfter { pause, rate_limit }
    }

    /// Goes on with as many connections as stand now, where any do: the process may not open more files. Says so once.
    fn takes_fewer_connections(&mut self, in_flight: usize) -> bool {
        if in_flight == 0 {
            return false;
        }
        let most = self.window.most();
        if most == self.settings.concurrency {
            self.observer
                .remark("too many open files: fewer connections are used; `ulimit -n` allows more");
        }
        self.window.limit(in_flight.min(most.saturating_sub(1)).max(1));
        true
    }

    fn answered(&mut self) {
        self.watch.answered();
    }

    /// Few are sent at a time where attempts have no answer.
    fn unanswered(&mut self, in_flight: usize) -> Option<Halt> {
        let halt = self.watch.unanswered(in_flight);
        if self.watch.is_quiet() {
            self.window.restart();
        }
        halt
    }

    fn retries(&mut self, outcome: &Outcome, wait: Duration) {
        if self.is_overrun(outcome) {
            self.window.overrun();
        }
        self.observer.retries(wait, &outcome.why());
    }

    fn is_outage(&self) -> bool {
        self.watch.is_quiet()
    }

    fn disposes(&mut self, batch: &Batch, outcome: &Outcome) -> Disposal {
        if self.is_overrun(outcome) {
            self.window.overrun();
        }
        match outcome.verdict {
            Verdict::Denied | Verdict::Unavailable => {
                let unhealed = outcome.failure.as_ref().filter(|failure| !failure.heals());
                let is_answered =
                    outcome.verdict == Verdict::Unavailable && outcome.http_status.is_some();
                Disposal::Planned(match unhealed {
                    _ if is_answered => Some(Halt::Throttled),
                    Some(failure) => Some(Halt::Unreachable(failure.words())),
                    // A canary without a known outcome does not let the others go.
                    None => self.gate.is_watched().then_some(Halt::Silence),
                })
            }
            Verdict::Rejected
                if outcome.may_be_the_payloads_fault() && !self.settings.has_own_payloads =>
            {
                match self.watch.refused(batch.ids.len(), outcome.code.as_deref()) {
                    BatchRefusal::Cut if outcome.may_be_one_targets_fault() => Disposal::Cut,
                    BatchRefusal::Payload => Disposal::EndAndHalt(Halt::Payload),
                    BatchRefusal::Cut | BatchRefusal::Final => Disposal::End,
                }
            }
            Verdict::Accepted | Verdict::Partial => {
                self.watch.accepted();
                self.window.in_time();
                Disposal::End
            }
            Verdict::Rejected | Verdict::Unknown => Disposal::End,
        }
    }

    /// What may have arrived and will not be sent again by this run is unknown; everything else stays planned.
    fn gives_up(
        &mut self,
        batch: &Batch,
        operation: &'static Operation,
        too_late: bool,
        _: Option<Outcome>,
    ) -> Option<Outcome> {
        batch.doubtful.then(|| forgotten(operation, batch, too_late))
    }

    fn counts(&mut self, batch: &Batch, ending: &Ending) -> Option<Halt> {
        self.tally.count(&batch.ids, ending);
        self.failures()
    }

    fn ended(&mut self, batch: &Batch, operation: &'static Operation, outcome: Outcome) {
        self.observer.ended(batch, operation, &outcome);
    }

    fn progress(&mut self) {
        self.observer.progress(&self.tally);
    }

    fn waits(&mut self, time: Duration) {
        self.observer.waits(time);
    }
}

/// The end of a batch that may have arrived in an earlier attempt, and that is not sent again: the vendor would not
/// recognise it any more, or the run is over.
fn forgotten(operation: &Operation, batch: &Batch, too_late: bool) -> Outcome {
    let mut outcome = Outcome::of(Verdict::Unknown);
    outcome.message = Some(in_place_of_message("an earlier attempt may have been done"));
    let find_out = SETTLE;
    let carried = batch.dedupe_id.is_some();
    outcome.advice = match operation.repeat {
        Repeatable::Deduplicated { field, seconds } if carried && too_late => Some(format!(
            "the vendor recognised a repeat by `{field}` for {seconds} s, and these are over; {find_out}"
        )),
        Repeatable::Deduplicated { field, seconds } if carried => Some(format!(
            "`broadcast --resume` repeats it with the same `{field}`, by which the vendor recognises it for {seconds} s; later {find_out}"
        )),
        Repeatable::Deduplicated { .. }
        | Repeatable::Duplicates
        | Repeatable::Safe
        | Repeatable::Costly
        | Repeatable::Notifies => Some(doubt_advice(operation)),
    };
    outcome
}
