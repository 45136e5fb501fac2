//! The guards, judged again at the moment at which something begins: others may have begun something between what the guards saw
//! and that. And what is left of the vendor's quotas.

use crate::contract::{Effect, Operation, Verb};
use crate::document::Document;
use crate::error::{Error, ErrorKind, Result};
use crate::guard::{self, Guard, Quota, QuotaRequest, REPEAT_SECONDS};
use crate::ledger::{Allowance, ConflictingJob, JobTemplate, Ledger, Opening, UnmetPrecondition};
use crate::report;
use crate::send::context::SendContext;
use crate::send::guard_context;
use crate::send::guard_prompt::overrides;
use crate::send::other_follow_ups::in_the_way;

/// What guards bind the calls of a command to.
pub(crate) struct Bound {
    quotas: Vec<Quota>,
    /// Since when no other process may have broadcast the same.
    fresh_since_ms: Option<i64>,
    /// Guards that would look again at that moment, and that `--override` passes.
    passed: Vec<Guard>,
}

/// For these requests; nothing in the sandbox, and nothing that `--override` passes.
pub(crate) fn bound(
    context: &SendContext<'_>,
    uses: impl IntoIterator<Item = QuotaRequest>,
) -> Result<Bound> {
    let overrides = overrides(&context.sending.overrides)?;
    let holds = |guard: Guard| !context.app.sandbox && !overrides.contains(&guard);
    let quotas = Quota::of(context.app.vendor.contract(), uses.into_iter(), Some(1));
    let is_broadcast = context.verb == Verb::Broadcast;
    let since_ms = context.env.system.now_ms().saturating_sub(1000 * REPEAT_SECONDS);
    let looks = [(Guard::Quota, !quotas.is_empty()), (Guard::Repeat, is_broadcast)];
    let is_passed = |guard: &Guard| !context.app.sandbox && overrides.contains(guard);
    let passed = looks.into_iter().filter(|(_, looks)| *looks).map(|(guard, _)| guard);
    Ok(Bound {
        quotas: if holds(Guard::Quota) { quotas } else { Vec::new() },
        fresh_since_ms: (is_broadcast && holds(Guard::Repeat)).then_some(since_ms),
        passed: passed.filter(is_passed).collect(),
    })
}

impl Bound {
    /// What must hold when a request begins: quotas, and since when no other writer may have begun the same.
    pub(crate) fn of_request(&self, one: QuotaRequest) -> (Vec<Allowance>, Option<i64>) {
        let sends = one.operation.effect == Effect::Sends;
        let mut allowances = self.allowances();
        for allowance in allowances.iter_mut().filter(|allowance| allowance.to_all && !one.to_all) {
            // It keeps its place, by which a refusal is told, and counts nothing of this.
            allowance.operations.clear();
        }
        (allowances, self.fresh_since_ms.filter(|_| sends))
    }

    /// What is recorded as overridden: what was seen to be in the way before, and what is not looked at any more now. What
    /// another process does between the two may be what the flag has passed.
    pub(crate) fn recorded(&self, seen: &[Guard]) -> Vec<Guard> {
        let more = self.passed.iter().filter(|guard| !seen.contains(guard));
        seen.iter().chain(more).copied().collect()
    }

    /// The quotas as the ledger keeps to them.
    pub(crate) fn allowances(&self) -> Vec<Allowance> {
        let allowance = |quota: &Quota| Allowance {
            operations: quota.operations.clone(),
            to_all: quota.to_all,
            span_ms: i64::from(quota.rate.seconds) * 1000,
            most: usize::try_from(quota.rate.count).unwrap_or(usize::MAX),
        };
        self.quotas.iter().map(allowance).collect()
    }

    /// Why a call does not begin.
    pub(crate) fn refusal(
        &self,
        context: &SendContext<'_>,
        ledger: &mut Ledger,
        operation: &Operation,
        unmet: &UnmetPrecondition,
    ) -> Error {
        match unmet {
            UnmetPrecondition::Spent(spent) => {
                let name = format!("{}/{}", context.app.vendor.contract().id, operation.id);
                let used = self.quotas[spent.place].used(&spent.times_ms);
                let (now_ms, local) = (context.env.system.now_ms(), context.env.local_time());
                guard::no_quota(&name, &used, now_ms, &local).into()
            }
            UnmetPrecondition::Repeat(other) => same_now(ledger, *other),
            UnmetPrecondition::FollowedUp(other) => {
                in_the_way(ledger, context.verb, *other).unwrap_or_else(|error| error)
            }
            UnmetPrecondition::RateLimited { .. } => {
                Error::new(ErrorKind::Unavailable, "the vendor's rate limit has no room")
                    .help("nothing was sent; retry")
            }
        }
    }
}

/// Opens a job, unless another process is broadcasting the same.
pub(crate) fn open_job(
    context: &SendContext<'_>,
    ledger: &mut Ledger,
    job: uuid::Uuid,
    opening: &Opening,
) -> Result<()> {
    match open_beside(context, ledger, job, opening, None)? {
        None => Ok(()),
        Some(other) => Err(same_now(ledger, other)),
    }
}

/// Opens a job, unless there is such a rival: the answer is that one.
pub(crate) fn open_beside(
    context: &SendContext<'_>,
    ledger: &mut Ledger,
    job: uuid::Uuid,
    opening: &Opening,
    rival: Option<ConflictingJob<'_>>,
) -> Result<Option<uuid::Uuid>> {
    let contract = context.app.vendor.contract();
    let templates = ledger.job(job)?.templates;
    let quota_use = |kept: &JobTemplate| {
        // What cannot be read would count for no quota.
        let odd =
            || Error::new(ErrorKind::Ledger, format!("a payload of the job {job} cannot be read"));
        let body = Document::parse(kept.body.as_str()).map_err(|_| odd())?.into_value();
        let operation = contract.operation(&kept.operation).ok_or_else(odd)?;
        Ok(QuotaRequest::of(operation, &body))
    };
    let uses = templates.iter().map(quota_use).collect::<Result<Vec<_>>>()?;
    let bound = bound(context, uses)?;
    let mut opening = opening.clone();
    for guard in bound.recorded(&[]) {
        let word = guard.word().to_owned();
        if !opening.overrides.contains(&word) {
            opening.overrides.push(word);
        }
    }
    let same = || bound.fresh_since_ms.map(|since_ms| ConflictingJob::Same { since_ms });
    ledger.open_job(job, &opening, rival.or_else(same))
}

/// The refusal because another process is sending the same.
fn same_now(ledger: &mut Ledger, other: uuid::Uuid) -> Error {
    match ledger.label(other) {
        Ok(label) => guard::same_now(&label).into(),
        Err(error) => error,
    }
}

/// What of the vendor's quotas is left, for people and for scripts. A ledger that cannot be read tells nothing.
pub(crate) fn quotas_left(
    context: &SendContext<'_>,
    uses: impl IntoIterator<Item = QuotaRequest>,
    calls: Option<u64>,
) -> Vec<QuotaLeft> {
    let used = guard_context::quotas(context, uses, calls).unwrap_or_default();
    let left = |quota: &guard::QuotaUse| QuotaLeft {
        count: u64::from(quota.rate.count),
        seconds: u64::from(quota.rate.seconds),
        left: u64::from(quota.rate.count).saturating_sub(quota.used),
        scope: quota.rate.scope,
    };
    used.iter().map(left).collect()
}

/// How much of a quota is left.
pub(crate) struct QuotaLeft {
    count: u64,
    seconds: u64,
    left: u64,
    scope: &'static str,
}

impl QuotaLeft {
    /// In words.
    pub(crate) fn words(&self) -> String {
        let Self { count, seconds, left, scope } = self;
        let window = report::time_span(*seconds);
        format!("{left} of {count} calls in {window} are left ({scope})")
    }

    /// For scripts.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        let Self { count, seconds, left, scope } = self;
        serde_json::json!({"count": count, "seconds": seconds, "left": left, "scope": scope})
    }
}
