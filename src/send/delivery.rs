//! What happened to the requests of a command.

use crate::error::Error;
use crate::exit::Exit;
use crate::ledger::{Ending, EntryStatus, LedgerEntry};
use crate::net::Stop;
use crate::outcome::Verdict;
use crate::report::{self, SentReport, Ui};

/// What happened to the requests of a command.
#[derive(Debug, Default)]
#[must_use = "it tells whether anything was sent"]
pub struct Delivery {
    /// A report for each request, in their order; none where requests were only printed.
    pub reports: Vec<SentReport>,
    /// The ledger could not take what happened to a request.
    pub(crate) ledger_failed: Option<Error>,
    /// How the command ends because of a fault after the first request went out.
    pub(crate) failed: Option<Exit>,
    /// The signal that ended it.
    pub(crate) stopped: Option<Stop>,
    /// Whether requests were only printed.
    pub(crate) is_printed: bool,
}

impl Delivery {
    /// Requests were printed, and nothing was sent.
    pub(crate) fn printed() -> Self {
        Self { is_printed: true, ..Self::default() }
    }

    /// What an earlier command has done, where nothing is left to do.
    pub(crate) fn of_entry(entry: &LedgerEntry) -> SentReport {
        let verdict = match entry.status {
            EntryStatus::Decided(verdict) => verdict,
            EntryStatus::Sending => Verdict::Unknown,
        };
        let ending = entry.ending.as_ref();
        let outcome = Ending::to_outcome(ending, verdict);
        SentReport {
            provider: entry.intent.route.provider.clone(),
            operation: entry.intent.route.operation.clone(),
            profile: entry.intent.route.profile.clone(),
            outcome,
            ledger_id: Some(entry.intent.id.to_string()),
            short_id: Some(entry.short_id.clone()),
            attempts: ending.map_or(0, |ending| ending.attempts),
            elapsed_ms: ending.map_or(0, |ending| ending.elapsed_ms),
            take_back: None,
            sandbox: entry.is_of_sandbox(),
        }
    }

    /// What was done before, where nothing is left to do.
    pub(crate) fn of_reports(reports: Vec<SentReport>) -> Self {
        Self { reports, ..Self::default() }
    }

    /// Tells the user. The exit code of the command.
    pub fn tell(&self, ui: &Ui) -> Exit {
        if self.is_printed {
            return Exit::Done;
        }
        let exit = report::sent(ui, &self.reports, self.ledger_failed.as_ref());
        match (self.stopped, &self.ledger_failed, self.failed) {
            (Some(stop), ..) => stop.exit(),
            // Whatever the outcomes are: the ledger may have none of them.
            (None, Some(fault), _) => fault.exit(),
            (None, None, None) => exit,
            (None, None, Some(failed)) => match Exit::worst([exit, failed]) {
                // A fault of herald's own input is not among those that results have.
                Exit::Done => failed,
                worst => worst,
            },
        }
    }
}
