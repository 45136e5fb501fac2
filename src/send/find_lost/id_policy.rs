//! What a run of look-ups is held to: it goes on until all are answered, and ends where one cannot be.

use std::time::Duration;

use crate::contract::Operation;
use crate::document::Value;
use crate::ledger::Batch;
use crate::outcome::{Outcome, Verdict};
use crate::provider::{IdParts, IdSearch};
use crate::send::executor::Halt;
use crate::send::executor::ports::{Disposal, RunPolicy};
use crate::send::in_flight_window::InFlightWindow;

/// How many look-ups are in flight at most.
const CONCURRENCY: usize = 32;

/// The most that the vendor is waited for where it wants no requests.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// A message that was handed out.
#[derive(Debug)]
pub(super) struct HandedMessage {
    pub(super) parts: IdParts,
    pub(super) id: String,
    pub(super) message: Value,
}

/// What look-ups came to.
#[derive(Debug, Default)]
pub(super) struct LookedUp {
    /// How many were answered.
    pub(super) answered: u64,
    /// The messages that were there.
    pub(super) there: Vec<HandedMessage>,
    /// Why not all were answered.
    pub(super) failed: Option<String>,
}

/// The policy of a run of look-ups, and what they came to.
pub(super) struct IdPolicy<'a> {
    search: &'static IdSearch,
    overrun: &'static [&'static str],
    window: InFlightWindow,
    pub(super) looked: LookedUp,
    progress: &'a dyn LookUpObserver,
}

/// Hears how far look-ups are.
pub(super) trait LookUpObserver {
    /// This many of the run have been answered.
    fn answered(&self, count: u64);

    /// A request goes out again after this time.
    fn retries(&self, wait: Duration, why: &str);
}

impl<'a> IdPolicy<'a> {
    /// The policy of a run that hears of its progress. `overrun`: codes of a server that does not keep up.
    pub(super) fn new(
        search: &'static IdSearch,
        overrun: &'static [&'static str],
        progress: &'a dyn LookUpObserver,
    ) -> Self {
        let window = InFlightWindow::new(CONCURRENCY);
        Self { search, overrun, window, looked: LookedUp::default(), progress }
    }
}

impl RunPolicy for IdPolicy<'_> {
    fn max_in_flight(&self) -> usize {
        self.window.size()
    }

    fn longest_pause(&self) -> Duration {
        LONGEST_PAUSE
    }

    fn retries(&mut self, outcome: &Outcome, wait: Duration) {
        self.progress.retries(wait, &outcome.why());
        if outcome.code.as_deref().is_some_and(|code| self.overrun.contains(&code)) {
            self.window.overrun();
        }
    }

    fn disposes(&mut self, _: &Batch, outcome: &Outcome) -> Disposal {
        if outcome.verdict == Verdict::Accepted {
            self.window.in_time();
            Disposal::End
        } else {
            Disposal::Planned(Some(Halt::Silence))
        }
    }

    fn gives_up(
        &mut self,
        _: &Batch,
        _: &'static Operation,
        _: bool,
        _: Option<Outcome>,
    ) -> Option<Outcome> {
        None
    }

    fn ended(&mut self, batch: &Batch, _: &'static Operation, outcome: Outcome) {
        self.looked.answered += 1;
        self.progress.answered(self.looked.answered);
        let id = batch.ids.first();
        if let (Some(id), Some(message)) = (id, outcome.result)
            && let Some(parts) = (self.search.parts)(id)
        {
            self.looked.there.push(HandedMessage { parts, id: id.clone(), message });
        }
    }
}
