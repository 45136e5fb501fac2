//! Inspects requests from a plan or from the ledger, which are untrusted input. Each is rendered, linted and counted again
//! before any of them is sent.

use crate::broadcast::job::body_lint::{BodyLint, FindingTaker, LintSubject};
use crate::broadcast::job::totals::Totals;
use crate::contract::typed::{self, PathRoots, SetExpr};
use crate::contract::{Answers, Finding, Operation, Repeatable};
use crate::document::{Document, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::guard::AllowList;
use crate::ledger::JobTemplate;
use crate::send::context::SendContext;
use crate::send::origins::{LintSource, Origins};
use crate::template::message_template::{FinishedBody, MessageTemplate};

/// Inspects the requests of a job.
pub(crate) struct Inspection<'a> {
    lint: BodyLint<'a>,
    allow_list: AllowList<'a>,
    sheets: &'a [MessageTemplate],
    /// The source of the requests in messages.
    source: &'static str,
    /// Whether warnings and hints of lint are shown.
    shows_remarks: bool,
    /// What the requests so far add up to.
    pub(crate) totals: Totals,
}

/// A request in a plan or in the ledger.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StoredRequest<'r> {
    /// Its number, from 1.
    pub(crate) number: u64,
    /// The number of its template.
    pub(crate) template: u32,
    /// Its targets.
    pub(crate) ids: &'r [String],
    /// The values of its variables.
    pub(crate) vars: Option<&'r str>,
    /// Its idempotency key, if it has one.
    pub(crate) dedupe_id: Option<&'r str>,
}

impl<'a> Inspection<'a> {
    /// An inspection of requests with these templates.
    pub(crate) fn new(
        context: &SendContext<'a>,
        sheets: &'a [MessageTemplate],
        source: &'static str,
    ) -> Result<Self> {
        Ok(Self {
            lint: BodyLint::of(context)?,
            allow_list: AllowList::of(&context.app.account.guards),
            sheets,
            source,
            shows_remarks: false,
            totals: Totals::default(),
        })
    }

    /// Also shows warnings and hints of lint.
    pub(crate) fn with_remarks(self) -> Self {
        Self { shows_remarks: true, ..self }
    }

    /// Adds a request: renders it with its targets, and fails where lint has errors. Returns its body.
    pub(crate) fn add(&mut self, request: StoredRequest<'_>) -> Result<FinishedBody> {
        let StoredRequest { number, template, ids, vars, dedupe_id } = request;
        let at = template as usize;
        let Some(sheet) = self.sheets.get(at) else {
            return Err(Error::input(format!(
                "{} cannot be used: request {number} has the payload {template}, which there is not",
                self.source
            ))
            .help("nothing was sent"));
        };
        let mut finished = sheet.finish(ids, vars)?;
        if let Some(id) = dedupe_id {
            let mut body = finished.body.into_value();
            put_dedupe_id(sheet.operation, &mut body, id)?;
            finished.body = Document::unwritten(body);
        }
        let name = format!("request {number} of {}", self.source);
        let source = LintSource { name: &name, origins: &Origins::unknown() };
        let subject = LintSubject { template: at, operation: sheet.operation, sizes: &[], source };
        let mut takes_none = |_: &Finding, _: &Document| false;
        let remark: Option<FindingTaker<'_>> =
            if self.shows_remarks { Some(&mut takes_none) } else { None };
        if let Some(errors) = self.lint.errors(subject, &finished.body, remark) {
            self.lint.refuse(subject, errors)?;
        }
        self.totals.add((at, sheet), &finished, vars, &self.allow_list);
        Ok(finished)
    }
}

/// Puts an idempotency key into a body.
pub(crate) fn put_dedupe_id(operation: &Operation, body: &mut Value, id: &str) -> Result<()> {
    let Repeatable::Deduplicated { field, .. } = operation.repeat else { return Ok(()) };
    if operation.answers == Answers::Keys(field) {
        // Each entry of the payload has its own key already.
        return Ok(());
    }
    let assignment = SetExpr::parse(&format!("{field}={id}"))?;
    typed::apply(&assignment, body, operation, PathRoots::Body)
}

/// The sheets of stored templates. Fails where an operation does not exist, or has another effect than stored.
pub(crate) fn sheets_of(
    context: &SendContext<'_>,
    templates: &[JobTemplate],
    source: &'static str,
) -> Result<Vec<MessageTemplate>> {
    let contract = context.app.vendor.contract();
    let unusable = |what: String| {
        Error::new(ErrorKind::Ledger, format!("{source} cannot be used: {what}"))
            .help("nothing was sent")
    };
    let sheet = |template: &JobTemplate| {
        let operation = contract.operation(&template.operation).ok_or_else(|| {
            unusable(format!("{} has no operation `{}`", contract.id, template.operation))
        })?;
        if operation.effect != template.effect {
            return Err(unusable(format!("`{}` does something else than it says", operation.id)));
        }
        MessageTemplate::of(template, operation)
    };
    templates.iter().map(sheet).collect()
}
