//! A job before the guards.

use crate::contract::{Audience, Operation};
use crate::document::{Document, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::guard;
use crate::send::guard_prompt::{self, Going, PassedGuards, SaidBefore};
use crate::send::trip::Trip;

/// Payloads of a job that the guards look at: the first of each template, and the first that its variables make look like a
/// test, which is enough to refuse all.
#[derive(Default)]
pub(crate) struct Samples {
    kept: Vec<(usize, Value)>,
    has_test: bool,
}

impl Samples {
    /// Looks at a finished body. Whether it `varies` from one target to the next, its template alone does not say what it is.
    pub(crate) fn note(
        &mut self,
        template: usize,
        operation: &'static Operation,
        body: &Document,
        varies: bool,
    ) {
        let is_first = !self.has(template);
        let is_suspect = varies && !self.has_test;
        if !is_first && !is_suspect {
            return;
        }
        // As it goes out: what a value comes to stand beside may make a word of both.
        let is_test = is_suspect && guard::looks_like_test(operation, body);
        self.has_test |= is_test;
        if is_first || is_test {
            self.kept.push((template, body.root().value.clone()));
        }
    }

    /// Whether there is a batch of a template.
    pub(crate) fn has(&self, template: usize) -> bool {
        self.kept.iter().any(|(known, _)| *known == template)
    }

    /// Each with its operation.
    pub(crate) fn with(
        &self,
        operation: impl Fn(usize) -> &'static Operation,
    ) -> Vec<(&'static Operation, &Value)> {
        self.kept.iter().map(|(template, body)| (operation(*template), body)).collect()
    }
}

/// What the guards are told of a job besides its payloads.
pub(crate) struct Judged<'a> {
    /// Its targets.
    pub(crate) tally: &'a guard::AudienceCounts,
    /// How many requests it makes.
    pub(crate) calls: u64,
    /// Its name.
    pub(crate) name: Option<&'a str>,
    /// The same for the same payload to the same audience.
    pub(crate) fingerprint: Option<&'a str>,
    /// What was said to it when it was opened.
    pub(crate) before: &'a SaidBefore,
}

/// Lets the guards judge a job by one payload of each template.
pub(crate) fn judge(
    trip: &Trip<'_>,
    samples: Vec<(&'static Operation, &Value)>,
    judged: &Judged<'_>,
) -> Result<PassedGuards> {
    if samples.is_empty() {
        return Err(Error::new(ErrorKind::Bug, "a job without a payload came before the guards"));
    }
    let base = trip.world.base();
    let audiences: Vec<Audience> = samples
        .iter()
        .map(|(operation, body)| Audience::of(operation, &Document::of(body)))
        .collect();
    let request = |((operation, body), audience)| guard_prompt::GuardedRequest {
        operation,
        audience,
        body,
        base: &base,
    };
    let requests: Vec<_> = samples.into_iter().zip(&audiences).map(request).collect();
    guard_prompt::pass(
        trip,
        &Going {
            requests: &requests,
            listed: Some(judged.tally),
            calls: Some(judged.calls),
            job: judged.name,
            fingerprint: judged.fingerprint,
            before: judged.before,
        },
    )
}
