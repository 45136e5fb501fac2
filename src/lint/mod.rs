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
use crate::document::{At, Document, FaultKind, Place, Span};
use crate::profile::Account;
use crate::provider::Sent;
use crate::redact::Redactor;

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

/// How many findings are told where nothing says how many: more than a person reads, in memory that every CI job has.
pub const TOLD: usize = 1000;

/// The most bytes of text that bounded findings may have together: each repeats the keys on its way, which can be long.
const MAX_TEXT: usize = 16 << 20;

/// Findings of one payload, of which no more are kept than are told.
#[derive(Debug)]
pub struct BoundedFindings {
    /// Those that are kept, in source order: of each rule the first ones.
    pub kept: Vec<Finding>,
    /// How many more there are, by their rule.
    pub more: Vec<MoreFindings>,
    /// How many are kept of a rule.
    most: usize,
    /// How many bytes of text are kept.
    text: usize,
}

/// Findings of one rule that are counted and not kept.
#[derive(Clone, Copy, Debug)]
pub struct MoreFindings {
    /// Whose rule it is.
    pub space: &'static str,
    /// The rule.
    pub rule: &'static Rule,
    /// How many of it are kept.
    kept: usize,
    /// How many more there are.
    pub count: usize,
}

impl BoundedFindings {
    fn new(most: usize) -> Self {
        Self { kept: Vec::new(), more: Vec::new(), most, text: 0 }
    }

    fn of(&mut self, space: &'static str, rule: &'static Rule) -> &mut MoreFindings {
        let known = |one: &MoreFindings| one.space == space && one.rule.id == rule.id;
        let index = self.more.iter().position(known).unwrap_or_else(|| {
            self.more.push(MoreFindings { space, rule, kept: 0, count: 0 });
            self.more.len() - 1
        });
        &mut self.more[index]
    }

    /// Whether another finding of a rule would only be counted.
    fn is_full(&mut self, space: &'static str, rule: &'static Rule) -> bool {
        self.text > MAX_TEXT || self.of(space, rule).kept >= self.most
    }

    fn is_bounded(&self) -> bool {
        self.most < usize::MAX
    }

    fn count(&mut self, space: &'static str, rule: &'static Rule, times: usize) {
        self.of(space, rule).count += times;
    }

    fn push(&mut self, finding: Finding) {
        let (space, rule) = (finding.space, finding.rule);
        if self.is_bounded() {
            if self.is_full(space, rule) {
                return self.count(space, rule, 1);
            }
            self.of(space, rule).kept += 1;
            self.text += finding.place.pointer.len() + finding.message.len();
        }
        self.kept.push(finding);
    }
}

/// Takes findings from checks.
#[derive(Debug)]
pub struct Sink<'c> {
    contract: &'static Contract,
    operation: &'static Operation,
    context: &'c Context<'c>,
    findings: BoundedFindings,
}

/// How many findings there were at a moment.
#[derive(Clone, Copy, Debug)]
struct SinkMark {
    kept: usize,
    counted: usize,
}

impl<'c> Sink<'c> {
    fn new(
        contract: &'static Contract,
        operation: &'static Operation,
        context: &'c Context<'c>,
        most: usize,
    ) -> Self {
        Self { contract, operation, context, findings: BoundedFindings::new(most) }
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
        let (pointer, _) = at.pointers();
        let below = format!("{pointer}/");
        self.findings.kept.iter().any(|finding| {
            finding.severity() == Severity::Error
                && (finding.place.pointer == pointer || finding.place.pointer.starts_with(&below))
        })
    }

    /// Whether an error has been found at exactly this place already.
    pub fn is_told(&self, at: At<'_>) -> bool {
        let (pointer, inner_pointer) = at.pointers();
        self.findings.kept.iter().any(|finding| {
            finding.severity() == Severity::Error
                && finding.place.pointer == pointer
                && finding.place.inner_pointer == inner_pointer
        })
    }

    /// Whether another finding of a rule would only be counted, so that no words are needed for it.
    fn is_full(&mut self, id: RuleId) -> bool {
        let (space, rule) = self.rule(id);
        self.findings.is_full(space, rule)
    }

    /// Counts a finding without words, place and help.
    fn count(&mut self, id: RuleId) {
        let (space, rule) = self.rule(id);
        self.findings.count(space, rule, 1);
    }

    fn mark(&mut self, id: RuleId) -> SinkMark {
        let (space, rule) = self.rule(id);
        SinkMark { kept: self.findings.kept.len(), counted: self.findings.of(space, rule).count }
    }

    /// Keeps the first of the findings of a rule since a mark: a text whose every fault breaks one rule breaks it once.
    fn keep_first(&mut self, id: RuleId, since: SinkMark) {
        let (space, rule) = self.rule(id);
        let mut told = 0;
        let mut index = 0;
        self.findings.kept.retain(|finding| {
            index += 1;
            let is_its_own = index > since.kept && finding.rule.id == id;
            told += usize::from(is_its_own);
            !is_its_own || told == 1
        });
        let of_rule = self.findings.of(space, rule);
        of_rule.kept = of_rule.kept.saturating_sub(told.saturating_sub(1));
        let once = usize::from(told == 0 && of_rule.count > since.counted);
        of_rule.count = since.counted + once;
    }

    fn rule(&self, id: RuleId) -> (&'static str, &'static Rule) {
        match id.strip_prefix("json/").and_then(rule::find) {
            Some(rule) => (rule::SPACE, rule),
            None => {
                let rule = self.contract.rule(id).unwrap_or_else(|| {
                    panic!("{} has no rule {id}", self.contract.id);
                });
                (self.contract.id, rule)
            }
        }
    }

    fn push(&mut self, id: RuleId, at: At<'_>, message: String, help: Option<String>) {
        let (space, rule) = self.rule(id);
        if self.findings.is_bounded() && self.findings.is_full(space, rule) {
            // Its place would take time to find.
            return self.findings.count(space, rule, 1);
        }
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
    lint_up_to(usize::MAX, contract, operation, document, context).kept
}

/// The same where of each rule no more than `most` findings are kept, and the others are counted: a payload can have more
/// faults than there is memory for, and no person reads them all.
pub fn lint_up_to(
    most: usize,
    contract: &'static Contract,
    operation: &'static Operation,
    document: &Document,
    context: &Context<'_>,
) -> BoundedFindings {
    let mut findings = repeated_keys(most, document);
    let checked = check::check(contract, operation, document, context, most);
    findings.kept.extend(checked.kept);
    findings.more.extend(checked.more);
    findings.kept.sort_by_key(|finding| (finding.place.span, finding.rule.severity));
    if !findings.kept.is_empty() {
        let names = contract.secret_names();
        let redactor =
            context.account.map_or_else(|| Redactor::new(names), |account| account.redactor(names));
        let secrets = redactor.payload(document.text());
        for Finding { message, help, place, .. } in &mut findings.kept {
            std::iter::once(message).chain(help).for_each(|text| secrets.hide(place.span, text));
        }
    }
    findings
}

/// What holds for a document of any operation: its repeated keys. Of these, `most` are kept.
pub fn repeated_keys(most: usize, document: &Document) -> BoundedFindings {
    let mut findings = BoundedFindings::new(most);
    document.repeated().iter().for_each(|fault| findings.push(broken(fault)));
    let rule = rule::of_fault(FaultKind::DuplicateKey);
    findings.count(rule::SPACE, rule, document.more_repeated());
    findings
}

/// What there is to say about a text that is no document, as the only finding of it.
pub fn only(finding: Finding) -> BoundedFindings {
    BoundedFindings { kept: vec![finding], ..BoundedFindings::new(usize::MAX) }
}

/// A finding about a file as a whole, which was not opened: `link` or `not-a-file`.
pub fn unopened(rule: &'static Rule, message: String) -> Finding {
    let place = Place { pointer: String::new(), inner_pointer: None, span: Span::default() };
    let help = (!rule.cure.is_empty()).then(|| rule.cure.to_string());
    Finding { space: rule::SPACE, rule, message, help, place }
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
