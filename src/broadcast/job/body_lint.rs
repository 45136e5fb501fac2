//! Lints the finished bodies of a job, from a list, a plan or the ledger.

use std::collections::HashSet;

use crate::contract::{Context, Finding, Operation, Severity};
use crate::document::Document;
use crate::error::Result;
use crate::lint;
use crate::send::context::SendContext;
use crate::send::lint_state::LintState;
use crate::send::origins::LintSource;

/// The errors of a body, with the body as text for messages.
pub(crate) type LintErrors = (Vec<Finding>, Document);

/// Takes a warning or a hint about a body where it knows a better place for it.
pub(crate) type FindingTaker<'f> = &'f mut dyn FnMut(&Finding, &Document) -> bool;

/// Lints the bodies of one job.
pub(crate) struct BodyLint<'a> {
    pub(crate) linted: LintState<'a>,
    context: Context<'a>,
    /// The warnings that were shown: template, rule, and place without the index in a list.
    shown_remarks: HashSet<(usize, String, String)>,
}

/// The template of a body.
#[derive(Clone, Copy)]
pub(crate) struct LintSubject<'s> {
    /// Its number.
    pub(crate) template: usize,
    /// Its operation.
    pub(crate) operation: &'static Operation,
    /// Files that it names, with their sizes.
    pub(crate) sizes: &'s [(String, u64)],
    /// Where it comes from.
    pub(crate) source: LintSource<'s>,
}

impl<'a> BodyLint<'a> {
    /// Lints with the rules that `--allow` does not ignore.
    pub(crate) fn of(context: &SendContext<'a>) -> Result<Self> {
        let (linted, context) = (LintState::of(context)?, context.known());
        Ok(Self { linted, context, shown_remarks: HashSet::new() })
    }

    /// The errors of a body; `None` where it has none. Where warnings and hints are wanted, each goes to `remark`; what that
    /// does not take is shown, only once for all bodies of a template.
    pub(crate) fn errors(
        &mut self,
        of: LintSubject<'_>,
        body: &Document,
        remark: Option<FindingTaker<'_>>,
    ) -> Option<LintErrors> {
        let found = self.lint(of, body);
        if found.is_empty() || remark.is_none() && !found.iter().any(is_error) {
            return None;
        }
        // Findings need the body as text for their places. Most bodies have no findings, so make the text only now.
        let written = Document::of(&body.root().value);
        let found = self.lint(of, &written);
        let (errors, remarks): (Vec<_>, Vec<_>) = found.into_iter().partition(is_error);
        if !errors.is_empty() {
            return Some((errors, written));
        }
        let takes = remark?;
        let shown = &mut self.shown_remarks;
        let is_new = |one: &Finding| {
            !takes(one, &written)
                && shown.insert((of.template, one.code(), without_indices(&one.place.pointer)))
        };
        let fresh: Vec<Finding> = remarks.into_iter().filter(is_new).collect();
        if !fresh.is_empty() {
            let context = Context { sizes: of.sizes, ..self.context };
            self.linted.show(of.operation, &written, of.source, fresh, &context);
        }
        None
    }

    /// Shows the errors of a body, and fails.
    pub(crate) fn refuse(&mut self, of: LintSubject<'_>, (found, body): LintErrors) -> Result<()> {
        let context = Context { sizes: of.sizes, ..self.context };
        self.linted.show(of.operation, &body, of.source, found, &context);
        self.linted.result()
    }

    /// All findings in a body.
    pub(crate) fn lint(&self, of: LintSubject<'_>, body: &Document) -> Vec<Finding> {
        let context =
            Context { sizes: of.sizes, waived: Some(&self.linted.waived), ..self.context };
        lint::lint(self.linted.contract, of.operation, body, &context)
    }
}

fn is_error(finding: &Finding) -> bool {
    finding.severity() == Severity::Error
}

/// A pointer with `*` in place of each index.
pub(crate) fn without_indices(pointer: &str) -> String {
    let is_place = |step: &str| !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
    let steps = pointer.split('/').map(|step| if is_place(step) { "*" } else { step });
    steps.collect::<Vec<_>>().join("/")
}
