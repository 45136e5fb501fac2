//! The rules, for `explain` and `--allow`.

use crate::contract::{Rule, rules};

/// Every rule.
pub(super) static RULES: &[Rule] = rules! {
    "EX-01" error "`to` is wrong": "Name 1 to 100 users.";
    "EX-02" error "`text` is wrong": "Give 1 to 500 characters.";
    "EX-03" error "a field is missing or has another type": "Correct it: the server answers 1001.";
    "EX-W01" warning "unknown field": "The server ignores it.";
};
