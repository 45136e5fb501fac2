//! The way of a request: lint, guards, ledger, network, ledger, report. Every command that makes one goes through here.

use crate::contract::{Context, Effect, Operation, Verb};
use crate::document::Value;
use crate::error::{Error, Result};
use crate::net::ConcurrentTransport;
use crate::send::compose::{self, Composed};
use crate::send::context::SendContext;
use crate::send::delivery::Delivery;
use crate::send::guard_prompt::{self, GuardSubject, MessageAudiences};
use crate::send::interruptible_io::attentive;
use crate::send::lint_state::LintState;
use crate::send::options::DryRun;
use crate::send::placeholders::{unfilled, with_literal_braces};
use crate::send::prepared_request::LintedRequest;
use crate::send::send_sequence;
use crate::wire::Stamp;

/// Requests that have passed lint.
pub(crate) struct ReadyRequests {
    pub(crate) requests: Vec<LintedRequest>,
    /// Time and randomness of those that are printed.
    stamp: Stamp,
    /// Whether braces stand for nothing. An error of a guard says more than this one.
    pub(crate) braces: Result<()>,
}

impl SendContext<'_> {
    /// Lints what was composed, and makes its requests.
    pub(crate) fn ready(&self, mut composed: Vec<Composed>) -> Result<ReadyRequests> {
        self.sending.check()?;
        // An error of lint or of a guard says more than this one.
        let braces = self.write_braces(&mut composed);
        composed.iter_mut().try_for_each(|one| one.fill_defaults(self.app))?;
        no_shared_ids(&composed)?;
        self.lint_all(&composed)?;
        let composed = match self.sending.dry_run {
            Some(DryRun::Server) => self.at_the_vendors_check(composed)?,
            _ => composed,
        };
        let stamp = self.stamp();
        let mut audiences = MessageAudiences::new(self);
        let ready = composed
            .into_iter()
            .map(|one| LintedRequest::of(self, one, &stamp, &mut audiences))
            .collect::<Result<Vec<_>>>()?;
        Ok(ReadyRequests { requests: ready, stamp, braces })
    }

    /// Guards and sends, or prints, requests that have passed lint.
    pub(crate) fn deliver(&self, ready: ReadyRequests) -> Result<Delivery> {
        let ReadyRequests { requests: ready, stamp, braces } = ready;
        if self.sending.prints_only() {
            braces?;
            self.print(&ready, &stamp)?;
            return Ok(Delivery::printed());
        }
        self.app.require_complete()?;
        self.check_known_ids(&ready)?;
        let fleet = self.attentive()?;
        let asking = SendContext { listens: fleet.as_deref(), ..*self };
        let requests: Vec<_> = ready.iter().map(LintedRequest::to_guard).collect();
        let about = ready.iter().find_map(|one| one.message(self));
        let about = about.as_ref().map(|(operation, body)| (*operation, body));
        let going = GuardSubject { about, ..GuardSubject::all(&requests) };
        let overridden = guard_prompt::pass(&asking, &going)?.overridden;
        braces?;
        send_sequence::send_all(self, fleet, ready, &overridden)
    }

    /// What carries the requests and listens to signals, where a question may be asked before. Elsewhere they end the
    /// process until something is on its way.
    fn attentive(&self) -> Result<Option<Box<dyn ConcurrentTransport>>> {
        let asks = !self.app.sandbox && guard_prompt::can_ask(self.stdin_used);
        let fleet = asks.then(|| self.app.transport(self.env, self.sending)).transpose()?;
        Ok(fleet.map(attentive))
    }

    /// All findings of all payloads; errors end the command.
    fn lint_all(&self, composed: &[Composed]) -> Result<()> {
        let mut linted = LintState::of(self)?;
        let context = self.known();
        for one in composed {
            let operation = one.draft.operation;
            let sizes: Vec<(String, u64)> =
                one.parts.iter().map(|part| (part.named.clone(), part.size)).collect();
            let sent = one.about.as_ref().map(|about| &about.sent);
            let context = Context { sizes: &sizes, sent, ..context };
            linted.one(operation, &one.document, one.source(), &context);
            for remark in one.draft.lost.iter().chain(&one.draft.warnings) {
                linted.remark(remark);
            }
            one.draft.remarks.iter().for_each(|remark| self.env.ui.remark(remark));
        }
        self.lint_uploads(composed, &context, &mut linted)?;
        linted.result()
    }

    /// Whether people see the payload of an operation, so that no braces of a template may be left in it.
    fn is_shown(&self, operation: &Operation) -> bool {
        operation.effect == Effect::Sends || self.verb == Verb::Update
    }

    /// Writes the braces that payloads have as `\{{`. Fails where there are variables: there is no list with values for them.
    fn write_braces(&self, composed: &mut [Composed]) -> Result<()> {
        for one in composed.iter_mut().filter(|one| self.is_shown(one.draft.operation)) {
            unfilled(&one.draft.body, &[])?;
            if let Some(body) = with_literal_braces(&one.draft.body) {
                one.change(body);
            }
        }
        Ok(())
    }

    /// The same payloads for the vendor's own check, which delivers nothing.
    fn at_the_vendors_check(&self, composed: Vec<Composed>) -> Result<Vec<Composed>> {
        let contract = self.app.vendor.contract();
        let check =
            contract.operations.iter().find(|operation| operation.verbs.contains(&Verb::DryRun));
        let same = |one: &Composed, check: &Operation| {
            one.draft.operation.shape().zip(check.shape()).is_some_and(|(a, b)| std::ptr::eq(a, b))
        };
        match check {
            Some(check) if composed.iter().all(|one| same(one, check)) => {
                let switch = |mut one: Composed| {
                    one.draft.operation = check;
                    one
                };
                Ok(composed.into_iter().map(switch).collect())
            }
            _ => Err(Error::usage(format!(
                "{} has no check of its own for this request",
                contract.id
            ))
            .help("--dry-run checks it offline")),
        }
    }
}

/// Refuses several requests with the same id against repeats.
fn no_shared_ids(composed: &[Composed]) -> Result<()> {
    let mut seen: Vec<(&str, &Value)> = Vec::new();
    for one in composed {
        let Some((field, id)) = compose::dedupe_id(one.draft.operation, &one.draft.body) else {
            continue;
        };
        if seen.iter().any(|(known, same)| *known == field && same.same(id)) {
            return Err(compose::shared_id(field));
        }
        seen.push((field, id));
    }
    Ok(())
}
