//! Names that are wrong on the wire, and the fields that people mean by them.

use super::{Condition, RuleId, Shape};
use crate::document::At;
use crate::near::same_letters;

/// A wrong name of an object's member, with the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongName {
    /// The name that people write.
    pub wrong: &'static str,
    /// The field that they mean.
    pub right: &'static str,
    /// The rule for this name, if it has one.
    pub rule: Option<RuleId>,
    /// Whether an official SDK calls the field so in its arguments or models.
    pub is_sdk_name: bool,
}

impl WrongName {
    /// Whether a member has this name. SDKs of different languages write one name differently.
    pub fn is(&self, key: &str) -> bool {
        if self.is_sdk_name { same_letters(self.wrong, key) } else { self.wrong == key }
    }

    /// What to do about a member with this name, where `right` is the field that is meant.
    pub fn help(&self, key: &str, right: &str) -> String {
        match self.is_sdk_name {
            true => format!("`{key}` is the SDK's name: write `{right}`"),
            false => format!("did you mean `{right}`?"),
        }
    }
}

/// A field that people put elsewhere, or in another form, as one generation of an API has it in the payload of another.
#[derive(Clone, Copy, Debug)]
pub struct Misplaced {
    /// The field that is missing then.
    pub field: &'static str,
    /// When it is elsewhere.
    pub when: Condition,
    /// Paths of the members that hold it: the error at the missing field is all that is said about them.
    pub members: &'static [&'static str],
    /// What to do.
    pub help: &'static str,
}

impl Shape {
    /// Where a missing field of this object is instead, if that is known.
    pub fn misplaced_at(&'static self, field: &str, at: At<'_>) -> Option<&'static Misplaced> {
        let mut found = None;
        self.visit(at, &mut |part| {
            let meant = |row: &&Misplaced| row.field == field && row.when.holds(at);
            found = found.or_else(|| part.misplaced.iter().find(meant));
        });
        found
    }

    /// The known wrong names of this object, given its values.
    pub fn wrong_names(&'static self, at: At<'_>) -> Vec<WrongName> {
        let mut out: Vec<WrongName> = Vec::new();
        self.visit(at, &mut |part| {
            let rule = part.near_rule;
            let near = part.near.iter();
            out.extend(near.map(|(wrong, right)| WrongName {
                wrong,
                right,
                rule,
                is_sdk_name: false,
            }));
        });
        for field in self.fields_at(at) {
            let names = field.sdk_names.iter();
            out.extend(names.map(|wrong| WrongName {
                wrong,
                right: field.name,
                rule: None,
                is_sdk_name: true,
            }));
        }
        out
    }
}
