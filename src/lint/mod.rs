//! Checks a document against a contract's rows. Knows no vendor by name, and reads nothing but what it is given.

mod check;
mod cross;
mod inside;
mod kind;
mod limit;
pub mod rule;
mod waiver;
mod words;

#[cfg(test)]
mod tests;

pub use waiver::Waivers;

use crate::contract::{Contract, Operation, Rule, RuleId, Severity};
use crate::document::{At, Document, Place, Span};
use crate::profile::Account;
use crate::redact::Redactor;
use crate::vendor::Sent;

/// Something to say about a payload, and where.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Whose rule it is: the provider's id, or `json`.
    pub space: &'static str,
    /// The rule.
    pub rule: &'static Rule,
    /// What is wrong here, in one sentence.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Where, for machines and for people.
    pub place: Place,
}

impl Finding {
    /// The code that never changes: `jpush-v2/V2-13`.
    pub fn code(&self) -> String {
        format!("{}/{}", self.space, self.rule.id)
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.rule.severity
    }
}

/// What a rule may need beside the document. A rule whose need is not met is silent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// Credentials, endpoint, edition.
    pub account: Option<&'a Account>,
    /// The time, in milliseconds since 1970.
    pub now_ms: Option<i64>,
    /// What the ledger knows of the message that the payload is about.
    pub sent: Option<&'a Sent>,
    /// How often whoever sends tries again by itself.
    pub retries: u32,
    /// Sizes in bytes of the files that the payload names by path.
    pub sizes: &'a [(String, u64)],
}

impl Context<'_> {
    /// The size of a file that the payload names.
    fn size_of(&self, path: &str) -> Option<u64> {
        self.sizes.iter().find(|(known, _)| known == path).map(|(_, size)| *size)
    }
}

/// Takes findings from checks.
#[derive(Debug)]
pub struct Sink<'c> {
    contract: &'static Contract,
    operation: &'static Operation,
    context: &'c Context<'c>,
    findings: Vec<Finding>,
}

impl<'c> Sink<'c> {
    fn new(
        contract: &'static Contract,
        operation: &'static Operation,
        context: &'c Context<'c>,
    ) -> Self {
        Self { contract, operation, context, findings: Vec::new() }
    }

    /// What else is known.
    pub fn context(&self) -> &'c Context<'c> {
        self.context
    }

    /// The operation that the payload is for.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Reports a finding under a rule of the provider.
    pub fn report(&mut self, rule: RuleId, at: At<'_>, message: impl Into<String>) {
        self.push(rule, at, message.into(), None);
    }

    /// Reports a finding that can say more about the cure than its rule does.
    pub fn report_with_help(
        &mut self,
        rule: RuleId,
        at: At<'_>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(rule, at, message.into(), Some(help.into()));
    }

    /// Whether a value, or something in it, has been found wrong already: what depends on it is then not checked.
    pub fn is_wrong(&self, at: At<'_>) -> bool {
        let place = at.place();
        let below = format!("{}/", place.pointer);
        self.findings.iter().any(|finding| {
            finding.severity() == Severity::Error
                && (finding.place.pointer == place.pointer
                    || finding.place.pointer.starts_with(&below))
        })
    }

    /// Whether an error has been found at exactly this place already.
    pub fn is_told(&self, at: At<'_>) -> bool {
        let place = at.place();
        self.findings.iter().any(|finding| {
            finding.severity() == Severity::Error
                && finding.place.pointer == place.pointer
                && finding.place.inner_pointer == place.inner_pointer
        })
    }

    /// Keeps the first of the findings of a rule since there were so many: a text whose every fault breaks one rule
    /// breaks it once.
    fn keep_first(&mut self, rule: RuleId, before: usize) {
        let mut told = false;
        let mut index = 0;
        self.findings.retain(|finding| {
            index += 1;
            let again =
                index > before && finding.rule.id == rule && std::mem::replace(&mut told, true);
            !again
        });
    }

    fn push(&mut self, id: RuleId, at: At<'_>, message: String, help: Option<String>) {
        let (space, rule) = match id.strip_prefix("json/").and_then(rule::find) {
            Some(rule) => (rule::SPACE, rule),
            None => {
                let rule = self.contract.rule(id).unwrap_or_else(|| {
                    panic!("{} has no rule {id}", self.contract.id);
                });
                (self.contract.id, rule)
            }
        };
        let help = help.or_else(|| (!rule.cure.is_empty()).then(|| rule.cure.to_string()));
        self.findings.push(Finding { space, rule, message, help, place: at.place() });
    }
}

/// Everything there is to say about a payload, in source order, and nothing of its secrets.
pub fn lint(
    contract: &'static Contract,
    operation: &'static Operation,
    document: &Document,
    context: &Context<'_>,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = document.repeated().iter().map(broken).collect();
    findings.extend(check::check(contract, operation, document, context));
    findings.sort_by_key(|finding| (finding.place.span, finding.rule.severity));
    if !findings.is_empty() {
        let names = contract.secret_names();
        let redactor =
            context.account.map_or_else(|| Redactor::new(names), |account| account.redactor(names));
        let secrets = redactor.payload(document.text());
        for Finding { message, help, place, .. } in &mut findings {
            std::iter::once(message).chain(help).for_each(|text| secrets.hide(place.span, text));
        }
    }
    findings
}

/// What there is to say about a text that is no document.
pub fn broken(fault: &crate::document::Fault) -> Finding {
    let span = Span::new(fault.span.start, fault.span.end);
    Finding {
        space: rule::SPACE,
        rule: rule::of_fault(fault.kind),
        message: fault.message.clone(),
        help: fault.help.map(str::to_owned),
        place: Place { pointer: fault.pointer.clone(), inner_pointer: None, span },
    }
}
