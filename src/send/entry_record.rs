//! The entry of a message in the ledger, as an executor keeps it.

use std::cell::{RefCell, RefMut};
use std::time::Duration;

use uuid::Uuid;

use crate::error::{Error, ErrorKind, Result};
use crate::guard::Guard;
use crate::ledger::{Ending, Ledger, Permit, Preconditions, UnmetPrecondition};
use crate::net::rate_limit::RateClaim;
use crate::send::app::App;
use crate::send::context::SendContext;
use crate::send::executor::single::Entry;
use crate::send::guard_prompt::Bound;
use crate::send::prepared_request::LintedRequest;
use crate::send::rate_limits::RateLimits;
use crate::wire::HIDDEN;

/// The entry of a request, and what it needs to be written down.
pub(crate) struct EntryRecord<'a> {
    pub(crate) context: &'a SendContext<'a>,
    pub(crate) limits: &'a RateLimits,
    pub(crate) bound: &'a Bound,
    pub(crate) overridden: &'a [Guard],
    /// When everything has to be over.
    pub(crate) until: Duration,
    pub(crate) one: &'a RefCell<LintedRequest>,
    /// Once it is on disk.
    pub(crate) id: Option<Uuid>,
    pub(crate) attempts: u32,
}

impl EntryRecord<'_> {
    fn ledger(&self) -> Result<RefMut<'_, Ledger>> {
        let bug = || Error::new(ErrorKind::Bug, "a request that acts has no ledger");
        self.limits.ledger().ok_or_else(bug)
    }

    /// Puts the intent on disk, where the vendor's rate limit has room: both in one transaction, since other processes share
    /// the limit.
    fn write_down(&self, claim: Option<&RateClaim>) -> Result<(Permit, Option<Uuid>)> {
        let (context, one) = (self.context, self.one.borrow());
        let mut ledger = self.ledger()?;
        // Another process may hold it.
        ledger.wait_at_most(self.until.saturating_sub(self.limits.clock.now()));
        let intent = one.intent(context, self.overridden);
        let (allowances, fresh_since_ms) = self.bound.of_request(one.quota_use());
        let about = intent.parent.as_slice();
        let look = context.look.filter(|_| !about.is_empty());
        let on = Preconditions {
            allowances: &allowances,
            fresh_since_ms,
            others: look.map(|look| look.others(about)),
            rate: claim,
        };
        match ledger.begin(&intent, &on)? {
            None => {
                context.env.ui.phase("ledger", &format!("the intent {} is on disk", intent.id));
                // The outcome may wait for the ledger as long as it has to.
                ledger.wait_at_most(Duration::MAX);
                Ok((Permit::Granted, Some(intent.id)))
            }
            Some(UnmetPrecondition::RateLimited { until_ms }) => {
                Ok((Permit::RateLimited { begun: 0, until_ms }, None))
            }
            Some(unmet) => Err(self.bound.refusal(context, &mut ledger, one.operation, &unmet)),
        }
    }

    fn begin(&mut self, claim: Option<&RateClaim>) -> Result<Permit> {
        let Some(id) = self.id else {
            let (permit, id) = self.write_down(claim)?;
            (self.id, self.attempts) = (id, 1);
            return Ok(permit);
        };
        let permit = self.limits.share(self.one.borrow().operation, claim);
        if permit == Permit::Granted {
            self.attempts += 1;
            let now_ms = self.context.env.system.now_ms();
            self.ledger()?.attempt(id, self.attempts, now_ms)?;
        }
        Ok(permit)
    }

    /// Puts the outcome on disk, without an id that is a secret itself.
    fn finish(&self, ending: &Ending, claim: Option<&RateClaim>) -> Result<()> {
        let Some(id) = self.id else { return Ok(()) };
        let ending = kept_ending(self.context.app, ending);
        self.ledger()?.finish(id, &ending, claim)
    }
}

/// The entry as the journal sees it.
pub(crate) struct SharedEntry<'a, 'e>(pub(crate) &'a RefCell<EntryRecord<'e>>);

impl Entry for SharedEntry<'_, '_> {
    fn begin(&mut self, claim: Option<&RateClaim>) -> Result<Permit> {
        self.0.borrow_mut().begin(claim)
    }

    fn finish(&mut self, ending: &Ending, claim: Option<&RateClaim>) -> Result<()> {
        self.0.borrow().finish(ending, claim)
    }
}

/// An ending as the ledger keeps it: an id that is a secret itself, as that of a restricted file, is told once and not
/// kept.
fn kept_ending(app: &App, ending: &Ending) -> Ending {
    let names = app.vendor.contract().secret_names();
    let mut kept = ending.clone();
    let secret = kept.ids.iter_mut().filter(|(name, _)| names.matches(name));
    secret.for_each(|(_, id)| HIDDEN.clone_into(id));
    kept
}
