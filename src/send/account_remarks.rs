//! What a vendor's rules say about an account.

use crate::account::Account;
use crate::contract::{Context, Contract, Finding, Verb};
use crate::document::{Document, Value};
use crate::lint::lint;

/// What a vendor's rules say about an account, whatever is sent with it: the findings on an empty payload that only the
/// account brings up.
pub(crate) fn remarks(contract: &'static Contract, account: &Account) -> Vec<String> {
    let Some(operation) =
        contract.operations.iter().find(|operation| operation.verbs.contains(&Verb::Send))
    else {
        return Vec::new();
    };
    let empty = Document::of(&Value::object());
    let without = lint(contract, operation, &empty, &Context::default());
    let with = lint(
        contract,
        operation,
        &empty,
        &Context { account: Some(account), ..Context::default() },
    );
    let known = |finding: &Finding| {
        without
            .iter()
            .any(|other| other.rule.id == finding.rule.id && other.message == finding.message)
    };
    with.iter()
        .filter(|finding| !known(finding))
        .map(|finding| format!("{} [{}]", finding.message, finding.code()))
        .collect()
}
