//! Asks a vendor for many ids: a run of the executor whose batches are ids.

use super::MessageSearch;
use super::id_journal::IdJournal;
use super::id_policy::{IdPolicy, LookUpObserver, LookedUp};
use crate::contract::Operation;
use crate::error::Result;
use crate::ledger::Batch;
use crate::outcome::{Outcome, Verdict};
use crate::provider::IdParts;
use crate::send::executor::ports::{AttemptInfo, MadeRequest, Maker, Settings};
use crate::send::executor::{Executed, Executor, Halt};
use crate::send::prerequisites::Prerequisites;
use crate::send::rate_limits::RateLimits;
use crate::send::transport_adapter::TransportAdapter;
use crate::wire::Exchange;

/// How many ids are made ahead of what is asked.
const READ_AHEAD: usize = 64;

/// Asks for ids, and hears of the progress.
pub(super) fn look_up(
    look: &MessageSearch<'_>,
    limits: &RateLimits,
    prerequisites: &mut Prerequisites<'_>,
    ids: Box<dyn Iterator<Item = IdParts> + '_>,
    progress: &dyn LookUpObserver,
) -> Result<LookedUp> {
    let mut journal = IdJournal { limits, look, ids, number: 0, kept: None };
    let system = look.context.env.system;
    let mut transport = TransportAdapter::new(look.fleet, system, limits.clock.clone());
    let mut maker = IdMaker { look, prerequisites };
    let overrun = look.context.app.vendor.contract().overrun;
    let mut policy = IdPolicy::new(look.search, overrun, progress);
    let settings = Settings {
        read_ahead: READ_AHEAD,
        request_limit: look.context.sending.deadline(),
        until: None,
        rate_until: None,
        retries: true,
        keeps_margin: false,
        began: None,
    };
    let executor = Executor::new(&mut journal, &mut transport, &mut maker, &mut policy, &settings);
    let executed = executor.sharing(limits.pace.clone(), limits.budget.clone()).run();
    let mut looked = policy.looked;
    let Executed { halt, last, .. } = executed;
    let words = |outcome: Option<Outcome>| {
        outcome.map_or_else(|| "no answer came".to_owned(), |outcome| outcome.why())
    };
    match halt {
        None => {}
        Some(Halt::Signal(stop)) => {
            let message = format!("{} after {} look-ups", stop.word(), looked.answered);
            return Err(stop.error(message).help("nothing was decided; ask again"));
        }
        Some(Halt::Fault(error)) => return Err(error),
        Some(_) => looked.failed = Some(words(last)),
    }
    Ok(looked)
}

/// Makes the request for an id.
struct IdMaker<'a, 'p> {
    look: &'a MessageSearch<'a>,
    prerequisites: &'a mut Prerequisites<'p>,
}

impl Maker for IdMaker<'_, '_> {
    fn operation(&self, _: &Batch) -> &'static Operation {
        self.look.operation
    }

    fn make(&mut self, batch: &Batch) -> Result<MadeRequest> {
        let mut body = (self.look.search.ask)(batch.ids.first().map_or("", String::as_str));
        self.prerequisites.prepare(self.look.operation, &mut body, &[])
    }

    fn recovers(
        &mut self,
        attempt: &AttemptInfo,
        operation: &'static Operation,
        exchange: &Exchange,
    ) -> bool {
        self.prerequisites.recovers(attempt, operation, exchange)
    }

    /// As it is: what is handed out is compared, and not shown. "There is no message" is an answer, too.
    fn decide(&self, _: &Batch, operation: &'static Operation, exchange: &Exchange) -> Outcome {
        let outcome = self.prerequisites.outcome_of(operation, &|| None, exchange);
        let is_absent = outcome.verdict == Verdict::Rejected
            && outcome.code.as_deref() == Some(self.look.search.absent);
        if is_absent { Outcome::of(Verdict::Accepted) } else { outcome }
    }
}
