//! The secrets of one payload, for all that is said about it.

use std::ops::Range;

use super::members::{self, SecretMember};
use super::values::SecretValues;
use super::{Redactor, apart, hidden_at};
use crate::document::Span;

/// The secrets of one payload.
pub struct PayloadSecrets {
    members: Vec<SecretMember>,
    /// The values of these as well.
    values: SecretValues,
}

impl Redactor {
    /// What must not be said of a payload, which may be broken.
    pub fn payload(&self, payload: &str) -> PayloadSecrets {
        let members = members::in_text(payload, self.names);
        let mut values = self.values.clone();
        members.iter().flat_map(|member| &member.values).for_each(|value| values.cover(value));
        PayloadSecrets { members, values }
    }
}

impl PayloadSecrets {
    /// Where they stand in the payload: in order, apart from each other.
    pub fn places(&self, payload: &str) -> Vec<Range<usize>> {
        let mut found = self.members.iter().map(|member| member.range.clone()).collect();
        self.values.find(payload, &mut found);
        apart(found)
    }

    /// Takes them out of what is said about a place of the payload. There even the shortest is hidden, which elsewhere is a
    /// word like others.
    pub fn hide(&self, place: Span, text: &mut String) {
        let mut found = Vec::new();
        self.values.find(text, &mut found);
        let here = |member: &&SecretMember| {
            let Range { start, end } = member.range;
            place.start <= end && start <= place.end
        };
        for value in self.members.iter().filter(here).flat_map(|member| &member.values) {
            SecretValues::find_word(value, text, &mut found);
        }
        if !found.is_empty() {
            *text = hidden_at(text, found);
        }
    }
}
