//! Asks the guards about a job.

use crate::contract::{Audience, Operation};
use crate::document::{Document, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::guard::{self, Guard, GuardRefusal};
use crate::send::context::SendContext;
use crate::send::guard_prompt::{self, EarlierConsent, GuardSubject, PassedGuards};

/// The payloads of a job that the guards look at: the first of each template, and the first one that looks like a test with
/// the values of its variables. One such payload is enough to refuse the job.
#[derive(Default)]
pub(crate) struct SampleBodies {
    kept: Vec<(usize, Value)>,
    has_test: bool,
}

impl SampleBodies {
    /// Adds a finished body if the guards have to look at it. `varies`: it has values of variables, so the template
    /// alone does not show its text.
    pub(crate) fn note(
        &mut self,
        template: usize,
        operation: &'static Operation,
        body: &Document,
        varies: bool,
    ) {
        let is_first = !self.has(template);
        let needs_check = varies && !self.has_test;
        if !is_first && !needs_check {
            return;
        }
        // Check the finished body: a value and the text around it can form a word together.
        let is_test = needs_check && guard::looks_like_test(operation, body);
        self.has_test |= is_test;
        if is_first || is_test {
            self.kept.push((template, body.root().value.clone()));
        }
    }

    /// Whether there is a batch of a template.
    pub(crate) fn has(&self, template: usize) -> bool {
        self.kept.iter().any(|(known, _)| *known == template)
    }

    /// The bodies, each with its operation.
    pub(crate) fn with_operations(
        &self,
        operation: impl Fn(usize) -> &'static Operation,
    ) -> Vec<(&'static Operation, &Value)> {
        self.kept.iter().map(|(template, body)| (operation(*template), body)).collect()
    }
}

/// What the guards need to know about a job, except for its payloads.
pub(crate) struct GuardedJob<'a> {
    /// Its targets.
    pub(crate) audience: &'a guard::AudienceCounts,
    /// The number of its requests.
    pub(crate) calls: u64,
    /// Its name.
    pub(crate) name: Option<&'a str>,
    /// A digest of its payloads and targets.
    pub(crate) fingerprint: Option<&'a str>,
    /// What the user confirmed and overrode when the job was opened.
    pub(crate) before: &'a EarlierConsent,
}

/// Asks the guards about a job, with the sample bodies of its templates.
pub(crate) fn pass_guards(
    context: &SendContext<'_>,
    samples: Vec<(&'static Operation, &Value)>,
    job: &GuardedJob<'_>,
) -> Result<PassedGuards> {
    if samples.is_empty() {
        return Err(Error::new(ErrorKind::Bug, "a job without a payload came before the guards"));
    }
    with_going(context, samples, job, |going| guard_prompt::pass(context, going))
}

/// The guards that would refuse a job, with the sample bodies of its templates.
pub(crate) fn would_refuse(
    context: &SendContext<'_>,
    samples: Vec<(&'static Operation, &Value)>,
    job: &GuardedJob<'_>,
) -> Result<Vec<GuardRefusal>> {
    with_going(context, samples, job, |going| guard_prompt::would_refuse(context, going))
}

fn with_going<T>(
    context: &SendContext<'_>,
    samples: Vec<(&'static Operation, &Value)>,
    job: &GuardedJob<'_>,
    run: impl FnOnce(&GuardSubject<'_>) -> Result<T>,
) -> Result<T> {
    let base = context.app.base();
    let bodies: Vec<Document> = samples.iter().map(|(_, body)| Document::of(body)).collect();
    let operations = samples.iter().map(|(operation, _)| *operation);
    let audiences: Vec<Audience> =
        operations.clone().zip(&bodies).map(|(one, body)| Audience::of(one, body)).collect();
    let request = |((operation, body), audience)| guard_prompt::GuardedRequest {
        operation,
        audience,
        body,
        base: &base,
    };
    let requests: Vec<_> = operations.zip(&bodies).zip(&audiences).map(request).collect();
    run(&GuardSubject {
        requests: &requests,
        listed: Some(job.audience),
        calls: Some(job.calls),
        job: job.name,
        fingerprint: job.fingerprint,
        before: job.before,
        about: None,
    })
}

/// The words of overridden guards, for the ledger.
pub(crate) fn override_words(overridden: &[Guard]) -> Vec<String> {
    overridden.iter().map(|guard| guard.word().to_owned()).collect()
}
