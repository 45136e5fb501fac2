//! One message: prerequisites, intent, attempts, outcome.

use std::cell::RefCell;

use uuid::Uuid;

use crate::contract::Effect;
use crate::env::clock::chance;
use crate::error::{ErrorKind, Result};
use crate::guard::Guard;
use crate::net;
use crate::outcome::Outcome;
use crate::report::{RecallName, SentReport};
use crate::send::entry_record::{EntryRecord, SharedEntry};
use crate::send::executor::Halt;
use crate::send::executor::single::{
    AttemptNews, Single, SingleJournal, SingleRun, SingleTransport,
};
use crate::send::message_maker::MessageMaker;
use crate::send::prepared_request::LintedRequest;
use crate::send::send_sequence::Sequence;
use crate::send::unsent::{held_by, unsent};

impl Sequence<'_, '_> {
    /// Prerequisites, intent, attempts, outcome, for one request.
    pub(crate) fn send(
        &mut self,
        one: &RefCell<LintedRequest>,
        overridden: &[Guard],
    ) -> Result<SentReport> {
        let context = self.context;
        let limits = self.limits;
        let (operation, began) = (one.borrow().operation, limits.clock.now());
        let entry = RefCell::new(EntryRecord {
            context,
            limits,
            bound: &self.bound,
            overridden,
            until: self.until,
            one,
            id: None,
            attempts: 0,
        });
        let (system, fleet) = (context.env.system, self.fleet);
        let run = {
            let tell = |name: &str, text: &str| context.env.ui.phase(name, text);
            let waits = |time| limits.tell_wait(time);
            let retries = |time, why: &str| context.env.ui.retries(time, why);
            let talk = AttemptNews { tell: &tell, waits: &waits, retries: &retries };
            let unsent = || entry.borrow().id.map(|_| unsent(context, &one.borrow(), fleet));
            let finishes = |outcome: &mut Outcome| {
                let one = one.borrow();
                if let Some(id) = &one.dedupe_id {
                    net::tell_repeat(operation, outcome, id, one.typed_id);
                }
            };
            let mut single = Single::within(limits, talk, context.sending.deadline());
            single.settings.until = Some(self.until);
            single.settings.rate_until = Some(self.until);
            single.settings.began = Some(began);
            let single = Single { finishes: &finishes, unsent: &unsent, ..single };
            let mut transport = SingleTransport {
                transport: fleet,
                rest: &|pause| drop(fleet.wait(pause)),
                clock: &limits.clock,
                now_ms: &|| system.now_ms(),
                chance: &|| chance(system),
                started: None,
            };
            let mut maker = MessageMaker {
                context,
                prerequisites: &mut self.prerequisites,
                one,
                is_again: false,
            };
            let mut shared = SharedEntry(&entry);
            let journal = SingleJournal::new(limits, operation);
            let mut journal = match operation.effect {
                Effect::Reads => journal,
                _ => journal.with(&mut shared),
            };
            single.execute(&mut journal, &mut transport, &mut maker)
        };
        let entry = entry.into_inner().id;
        let (mut outcome, attempts) = self.came_to(run, &one.borrow(), entry.is_some())?;
        context.env.ui.phase("outcome", outcome.verdict.word());
        let took = limits.clock.now().saturating_sub(began);
        let elapsed_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let ledger_id = entry.map(|entry| entry.to_string());
        let short_id = entry.map(|entry| self.short_id(entry));
        self.tell_how(&one.borrow(), short_id.as_deref(), &mut outcome);
        let name = match (&ledger_id, &short_id) {
            (Some(id), Some(label)) => RecallName::Known { id, label },
            _ => RecallName::Unknown,
        };
        let take_back = self.take_back(&one.borrow(), &outcome, name, elapsed_ms);
        Ok(SentReport {
            ledger_id,
            short_id,
            attempts,
            elapsed_ms,
            take_back,
            ..self.report_of(operation, outcome)
        })
    }

    /// What people see of the id of an entry. A ledger that has failed meanwhile does not hide the outcome.
    fn short_id(&self, entry: Uuid) -> String {
        let short = self.limits.ledger().and_then(|mut ledger| ledger.short_id(entry).ok());
        short.unwrap_or_else(|| entry.to_string())
    }

    /// The outcome of a run, or the error that kept its request from being made at all.
    fn came_to(
        &mut self,
        run: SingleRun,
        one: &LintedRequest,
        has_entry: bool,
    ) -> Result<(Outcome, u32)> {
        let SingleRun { ended, halt, held_until, waited_for_rate, kept_at_last } = run;
        match (ended, halt) {
            (Some(ended), Some(Halt::Fault(error)))
                if kept_at_last && error.kind() == ErrorKind::Ledger =>
            {
                Ok(ended)
            }
            (Some((mut outcome, attempts)), Some(Halt::Fault(error))) => {
                // The request is out, or was: its outcome has to reach the user, whatever state the disk is in.
                let ui = &self.context.env.ui;
                ui.complain_beside(&error);
                if error.kind() == ErrorKind::Ledger && has_entry {
                    if ui.is_machine() {
                        let error = error.full_message();
                        let warning = format!("the ledger could not take the outcome: {error}");
                        outcome.warnings.push(warning);
                    }
                    self.ledger_failed = Some(error);
                }
                Ok((outcome, attempts))
            }
            (Some(ended), _) => Ok(ended),
            (None, Some(Halt::Fault(error))) => Err(error),
            (None, _) if waited_for_rate => Ok((held_by(self.fleet, self.limits, held_until), 0)),
            (None, _) => Ok((unsent(self.context, one, self.fleet), 0)),
        }
    }
}
