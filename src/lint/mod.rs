//! Checks a document against a contract's rows. Knows no vendor by name, and reads only its arguments.

mod chance;
mod check;
mod cross;
mod help;
mod inside;
mod kind;
mod limit;
mod plan;
mod recognise;
mod rewrite;
mod slips;
mod words;

#[cfg(test)]
mod tests;

pub use crate::contract::IgnoredRules;
pub use recognise::{LintedAs, PayloadHint, PayloadReading, ReadBy, Recogniser};
pub use slips::slips;

use crate::contract::identify::SCHEMA_KEY;
use crate::contract::{
    BoundedFindings, Context, Contract, Finding, FindingLimit, Operation, Rule, json_rules,
};
use crate::document::{Document, FaultKind, ParseFault, Place, Span, Trail};
use crate::redact::Redactor;

/// How many findings are reported by default: more than a person reads, and they fit into the memory of every CI job.
pub const TOLD: usize = 1000;

/// All findings about a payload, in source order, without its secrets.
pub fn lint(
    contract: &'static Contract,
    operation: &'static Operation,
    document: &Document,
    context: &Context<'_>,
) -> Vec<Finding> {
    lint_up_to(usize::MAX, contract, operation, document, context).kept
}

/// The same, but only findings within a limit are kept, and the others are counted: a payload can have more faults than
/// fit into memory, and no person reads them all.
pub fn lint_up_to(
    most: impl Into<FindingLimit>,
    contract: &'static Contract,
    operation: &'static Operation,
    document: &Document,
    context: &Context<'_>,
) -> BoundedFindings {
    let most = most.into();
    let repeated = repeated_keys(most, document);
    let mut findings = check::check(contract, operation, document, context, repeated, most);
    findings.kept.sort_by_key(|finding| (finding.place.span, finding.rule.severity));
    if !findings.kept.is_empty() {
        let names = contract.secret_names();
        let redactor = context
            .account
            .map_or_else(|| Redactor::new(names), |account| Redactor::of(account, names));
        let secrets = redactor.payload(document.text());
        for Finding { message, help, place, .. } in &mut findings.kept {
            std::iter::once(message).chain(help).for_each(|text| secrets.hide(place.span, text));
        }
    }
    findings
}

/// Findings for a document of any operation: its repeated keys. At most `most` are kept.
pub fn repeated_keys(most: impl Into<FindingLimit>, document: &Document) -> BoundedFindings {
    let mut findings = BoundedFindings::new(most);
    document.repeated().iter().for_each(|fault| findings.push(broken(fault)));
    if document.more_repeated() > 0 {
        let rule = json_rules::of_fault(FaultKind::DuplicateKey);
        findings.count(json_rules::SPACE, rule, document.more_repeated());
    }
    findings
}

/// The finding about a key in the JSON of a string.
fn repeated_key(key: &str, place: Place) -> Finding {
    let fault = ParseFault::repeated_key(key, place.span, String::new());
    Finding { place, ..broken(&fault) }
}

/// A finding about a whole file that was not opened: `link` or `not-a-file`.
pub fn unopened(rule: &'static Rule, message: String) -> Finding {
    let place = Place { pointer: String::new(), inner_pointer: None, span: Span::default() };
    let help = (!rule.cure.is_empty()).then(|| rule.cure.to_string());
    Finding { space: json_rules::SPACE, rule, message, help, place }
}

/// The finding about a `$schema` that should name an operation, and names none.
pub fn wrong_schema(document: &Document, message: String, help: String) -> Finding {
    let place = Trail::new(document).root().get(SCHEMA_KEY).place();
    let rule = json_rules::find("unrecognised").expect("the table has this row");
    Finding { space: json_rules::SPACE, rule, message, help: Some(help), place }
}

/// The finding about a text that is not a document.
pub fn broken(fault: &ParseFault) -> Finding {
    let span = Span::new(fault.span.start, fault.span.end);
    Finding {
        space: json_rules::SPACE,
        rule: json_rules::of_fault(fault.kind),
        message: fault.message.clone(),
        help: fault.help.map(str::to_owned),
        place: Place { pointer: fault.pointer.clone(), inner_pointer: None, span },
    }
}
