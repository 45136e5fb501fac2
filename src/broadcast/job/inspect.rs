//! Requests that come from a file, a plan or the ledger: none of them is believed. Each is made again, read, linted and
//! counted, as `call --body` does it with a body, before any of them leaves.

use crate::broadcast::job::body_lint::{BodyLint, LintSubject};
use crate::broadcast::job::totals::Totals;
use crate::contract::typed::{self, PathRoots, SetExpr};
use crate::contract::{Answers, Operation, Repeatable};
use crate::document::{Document, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::guard::GuestList;
use crate::ledger::JobTemplate;
use crate::send::trip::Trip;
use crate::template::message_template::{FinishedBody, Sheet};

/// Looks at each request of a job.
pub(crate) struct Inspection<'a> {
    lint: BodyLint<'a>,
    guests: GuestList<'a>,
    sheets: &'a [Sheet],
    /// What it comes from, as messages name it.
    source: &'static str,
    /// Whether what lint says besides errors is told.
    tells: bool,
    /// What the requests looked at come to.
    pub(crate) totals: Totals,
}

/// A request as the file has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FiledRequest<'r> {
    /// Which one it is, counted from 1.
    pub(crate) number: u64,
    /// The number of its template.
    pub(crate) template: u32,
    /// Its targets.
    pub(crate) ids: &'r [String],
    /// The values of its variables.
    pub(crate) vars: Option<&'r str>,
    /// Its idempotency key, where it has one.
    pub(crate) dedupe_id: Option<&'r str>,
}

impl<'a> Inspection<'a> {
    /// Of requests that are made of these.
    pub(crate) fn of(trip: &Trip<'a>, sheets: &'a [Sheet], source: &'static str) -> Result<Self> {
        Ok(Self {
            lint: BodyLint::of(trip)?,
            guests: GuestList::of(&trip.world.account.guards),
            sheets,
            source,
            tells: false,
            totals: Totals::default(),
        })
    }

    /// Tells also what lint says besides errors.
    pub(crate) fn telling(self) -> Self {
        Self { tells: true, ..self }
    }

    /// Looks at a request: it reaches exactly the targets that the file names, and lint has nothing against it. Gives its
    /// body.
    pub(crate) fn take(&mut self, request: FiledRequest<'_>) -> Result<FinishedBody> {
        let FiledRequest { number, template, ids, vars, dedupe_id } = request;
        let at = template as usize;
        let Some(sheet) = self.sheets.get(at) else {
            return Err(self.unusable(&format!(
                "request {number} has the payload {template}, which there is not"
            )));
        };
        let mut finished = sheet.finish(ids, vars)?;
        if let Some(id) = dedupe_id {
            let mut body = finished.body.into_value();
            put_dedupe_id(sheet.operation, &mut body, id)?;
            finished.body = Document::unwritten(body);
        }
        let origin = format!("request {number} of {}", self.source);
        let subject =
            LintSubject { template: at, operation: sheet.operation, sizes: &[], origin: &origin };
        if let Some(errors) = self.lint.errors(subject, &finished.body, self.tells) {
            self.lint.refuse(subject, errors)?;
        }
        self.totals.take((at, sheet), &finished, vars, &self.guests);
        Ok(finished)
    }

    fn unusable(&self, what: &str) -> Error {
        Error::input(format!("{} cannot be used: {what}", self.source)).help("nothing was sent")
    }
}

/// Puts the id by which the vendor tells a repeat into a body.
pub(crate) fn put_dedupe_id(operation: &Operation, body: &mut Value, id: &str) -> Result<()> {
    let Repeatable::Deduplicated { field, .. } = operation.repeat else { return Ok(()) };
    if operation.answers == Answers::Keys(field) {
        // Each entry has its own, and all of them are in the payload.
        return Ok(());
    }
    let again = SetExpr::parse(&format!("{field}={id}"))?;
    typed::apply(&again, body, operation, PathRoots::Body)
}

/// What the requests of a file are made of. Each operation is one that there is, and does what the file says.
pub(crate) fn sheets(
    trip: &Trip<'_>,
    templates: &[JobTemplate],
    source: &'static str,
) -> Result<Vec<Sheet>> {
    let contract = trip.vendor.contract();
    let odd = |what: String| {
        Error::new(ErrorKind::Ledger, format!("{source} cannot be used: {what}"))
            .help("nothing was sent")
    };
    let sheet = |kept: &JobTemplate| {
        let operation = contract
            .operation(&kept.operation)
            .ok_or_else(|| odd(format!("{} has no operation `{}`", contract.id, kept.operation)))?;
        if operation.effect != kept.effect {
            return Err(odd(format!("`{}` does something else than it says", operation.id)));
        }
        Sheet::of(kept, operation)
    };
    templates.iter().map(sheet).collect()
}
