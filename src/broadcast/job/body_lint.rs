//! Lint of finished bodies: those of a list while it is planned, and those that come from a plan or the ledger.

use std::collections::HashSet;

use crate::contract::{Context, Finding, Operation, Severity};
use crate::document::Document;
use crate::error::Result;
use crate::lint;
use crate::send::context::SendContext;
use crate::send::lint_uploads::LintState;

/// The errors of a body, with the body as text to show them in.
pub(crate) type LintErrors = (Vec<Finding>, Document);

/// Lints the requests of one job.
pub(crate) struct BodyLint<'a> {
    pub(crate) linted: LintState<'a>,
    context: Context<'a>,
    /// What was said besides errors: the template, the rule, and the place in it, whichever item of a list that is.
    told: HashSet<(usize, String, String)>,
}

/// Which payload a body is made of.
#[derive(Clone, Copy)]
pub(crate) struct LintSubject<'s> {
    /// The number of its template.
    pub(crate) template: usize,
    /// Its operation.
    pub(crate) operation: &'static Operation,
    /// Files that it names, with their sizes.
    pub(crate) sizes: &'s [(String, u64)],
    /// Where it comes from, for people.
    pub(crate) origin: &'s str,
}

impl<'a> BodyLint<'a> {
    /// With the rules that the command's `--allow` leaves.
    pub(crate) fn of(context: &SendContext<'a>) -> Result<Self> {
        let (linted, context) = (LintState::of(context)?, context.known());
        Ok(Self { linted, context, told: HashSet::new() })
    }

    /// The errors of a body, with the body as text to show them in; `None` where it has none. What else there is to say about
    /// it is told once, whichever body it is, where `tells` asks for it.
    pub(crate) fn errors(
        &mut self,
        of: LintSubject<'_>,
        body: &Document,
        tells: bool,
    ) -> Option<LintErrors> {
        let found = self.lint(of, body);
        if found.is_empty() || !tells && !found.iter().any(is_error) {
            return None;
        }
        // Most bodies have nothing to tell: only these are written out, so that findings have places.
        let written = Document::of(&body.root().value);
        let found = self.lint(of, &written);
        let (errors, remarks): (Vec<_>, Vec<_>) = found.into_iter().partition(is_error);
        if !errors.is_empty() {
            return Some((errors, written));
        }
        let told = &mut self.told;
        let is_new =
            |one: &Finding| told.insert((of.template, one.code(), somewhere(&one.place.pointer)));
        let fresh: Vec<Finding> = remarks.into_iter().filter(is_new).collect();
        if !fresh.is_empty() {
            self.linted.show(of.operation, &written, of.origin, fresh);
        }
        None
    }

    /// Shows what is wrong with a body, and ends.
    pub(crate) fn refuse(&mut self, of: LintSubject<'_>, (found, body): LintErrors) -> Result<()> {
        self.linted.show(of.operation, &body, of.origin, found);
        self.linted.result()
    }

    fn lint(&self, of: LintSubject<'_>, body: &Document) -> Vec<Finding> {
        let context = Context { sizes: of.sizes, ..self.context };
        let mut found = lint::lint(self.linted.contract, of.operation, body, &context);
        found.retain(|finding| !self.linted.waived.cover(finding));
        found
    }
}

fn is_error(finding: &Finding) -> bool {
    finding.severity() == Severity::Error
}

/// A pointer in which any item of a list is like any other.
fn somewhere(pointer: &str) -> String {
    let is_place = |step: &str| !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
    let steps = pointer.split('/').map(|step| if is_place(step) { "*" } else { step });
    steps.collect::<Vec<_>>().join("/")
}
