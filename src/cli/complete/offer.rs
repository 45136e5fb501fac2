//! One value that completion offers.

use clap_complete::engine::CompletionCandidate;

use crate::text::escape;

/// A value with a description of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    /// The text that the user would type.
    pub(super) value: String,
    /// What it is; some shells show it beside the value.
    pub(super) about: String,
}

impl Offer {
    pub(super) fn new(value: impl Into<String>, about: impl Into<String>) -> Self {
        Self { value: value.into(), about: about.into() }
    }

    pub(super) fn bare(value: impl Into<String>) -> Self {
        Self::new(value, "")
    }

    /// Whether it continues what the user has typed. A value with control characters does not fit: shells get one value
    /// on each line, and users do not type such characters.
    pub(super) fn fits(&self, typed: &str) -> bool {
        self.value.starts_with(typed) && escape(&self.value) == self.value
    }

    /// The form for the shell. Words that come from files are escaped.
    pub(super) fn candidate(self) -> CompletionCandidate {
        let about = escape(&self.about);
        let help = (!about.is_empty()).then(|| about.to_string().into());
        CompletionCandidate::new(self.value).help(help)
    }
}

/// Names with a provider before them, one part at a time: all of them at once would be hundreds.
pub(super) fn in_parts(offers: Vec<Offer>, typed: &str) -> Vec<Offer> {
    if typed.contains('/') {
        return offers;
    }
    let mut parts: Vec<Offer> = Vec::new();
    for offer in offers {
        let part = match offer.value.split_once('/') {
            Some((provider, _)) => Offer::bare(format!("{provider}/")),
            None => offer,
        };
        if !parts.iter().any(|known| known.value == part.value) {
            parts.push(part);
        }
    }
    parts
}
