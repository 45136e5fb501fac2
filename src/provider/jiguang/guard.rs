//! Guards of a contract's tables, for tests.

use std::collections::BTreeSet;

use crate::contract::Contract;

/// Checks that the rules of the table are those that the sources name and those in `never_drawn`.
pub(in crate::provider) fn rules_are_all_drawn(
    contract: &'static Contract,
    prefix: &str,
    sources: &[&str],
    never_drawn: &[&str],
) {
    let known: BTreeSet<&str> = contract.rules.iter().map(|rule| rule.id).collect();
    assert_eq!(known.len(), contract.rules.len(), "an id stands twice in the table");
    // A literal is what stands between two quotes and looks like an id.
    let named: BTreeSet<&str> = sources
        .iter()
        .flat_map(|source| source.split('"'))
        .filter(|word| word.starts_with(prefix) && word.len() < 8)
        .collect();
    let drawn: BTreeSet<&str> = named.iter().copied().chain(never_drawn.iter().copied()).collect();
    assert_eq!(drawn, known);
    for rule in contract.rules {
        assert!(!rule.title.is_empty() && !rule.cure.is_empty(), "{}", rule.id);
    }
    for operation in contract.operations {
        assert!(!operation.source.is_empty() && !operation.about.is_empty(), "{}", operation.id);
    }
    let errors: BTreeSet<_> = contract.errors.iter().map(|row| (row.code, row.http)).collect();
    assert_eq!(errors.len(), contract.errors.len(), "an error stands twice in the table");
}
