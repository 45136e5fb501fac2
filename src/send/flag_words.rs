//! Findings about a composed payload in the words of the flags, keys and fields that it was made of.

use crate::contract::typed::{SetLine, set_line};
use crate::contract::{Contract, Finding, Operation, Severity};
use crate::document::Document;
use crate::error::{Error, ErrorKind};
use crate::send::origins::{
    MadeOf, Origins, ValueOrigin, is_audience, is_sender, is_within, value_at_place, whole_pointer,
};
use crate::text::escape;

/// The most characters of an id in a message.
const MAX_SHOWN: usize = 80;

/// A composed payload.
#[derive(Clone, Copy)]
pub(crate) struct WordedPayload<'a> {
    pub(crate) contract: &'static Contract,
    pub(crate) operation: &'static Operation,
    pub(crate) document: &'a Document,
    pub(crate) origins: &'a Origins,
}

/// A finding in words.
#[derive(Debug)]
pub(crate) struct FlagWords {
    /// What is wrong.
    pub(crate) message: String,
    /// What to do about it: it names the flag.
    pub(crate) help: Option<String>,
    /// The error of the command line or the profile that it is, if it is not a broken rule of a payload: a flag that is missing,
    /// or an id that the vendor refuses.
    pub(crate) error: Option<Error>,
}

impl WordedPayload<'_> {
    /// A finding about it.
    pub(crate) fn words(&self, finding: &Finding) -> FlagWords {
        let place = whole_pointer(&finding.place);
        let is_error = finding.severity() == Severity::Error;
        if let Some(flag) = self.origins.file_flag(&place).filter(|_| !self.is_there(&place)) {
            let help = Some(about(flag, finding.help.as_deref()));
            return FlagWords {
                message: format!("{flag}: {}", finding.message),
                help,
                error: None,
            };
        }
        if !self.is_there(&place) && tells_size(&finding.message) {
            // It is about a value that the vendor makes of others, so those are to be changed.
            let around = place.rsplit_once('/').map_or("", |(around, _)| around);
            return self.of_parts(around, finding);
        }
        if !self.is_there(&place) || place.is_empty() && self.set_line(finding).is_some() {
            let line = self.line_for(&place, finding);
            let add = line.map(|line| format!("add {line}"));
            return match (add, is_error && self.is_whole()) {
                (Some(add), true) => {
                    let message = format!("{}: {add}", self.needs(&place, finding));
                    let error = Some(Error::usage(message.as_str()));
                    FlagWords { message, help: Some(joined(&add, finding)), error }
                }
                (add, _) => {
                    let help = add.map(|add| joined(&add, finding));
                    let help = help.or_else(|| finding.help.clone());
                    FlagWords { message: finding.message.clone(), help, error: None }
                }
            };
        }
        let Some((subject, flag, kind)) = self.origin(&place) else {
            return self.of_parts(&place, finding);
        };
        let message = renamed(&finding.message, &place, &subject);
        let is_id = is_audience(self.operation, &place)
            || is_sender(self.operation, &place)
            || matches!(self.origins.at(&place), Some(ValueOrigin::Id(_)));
        let error = (is_id && is_error).then(|| {
            let error = Error::new(kind, format!("{message} [{}]", finding.code()));
            match &finding.help {
                Some(help) => error.help(help.as_str()),
                None => error,
            }
        });
        FlagWords { message, help: Some(about(&flag, finding.help.as_deref())), error }
    }

    /// The origin of the value at a place: as the subject of a sentence, and as the flag alone; and the kind of an error about
    /// an id from there.
    fn origin(&self, place: &str) -> Option<(String, String, ErrorKind)> {
        if let Some(origin) = self.origins.at(place) {
            let kind = match origin {
                ValueOrigin::Default { .. } => ErrorKind::Profile,
                ValueOrigin::Flag(_) | ValueOrigin::Set(_) | ValueOrigin::Id(_) => ErrorKind::Usage,
            };
            return Some((origin.to_string(), origin.to_string(), kind));
        }
        if !self.has_flags() {
            return None;
        }
        let value = self.id_at(place);
        let flag = if is_audience(self.operation, place) {
            self.origins.flag_of_target(value?)
        } else if is_sender(self.operation, place) && self.origins.has_sender {
            "--from"
        } else {
            return None;
        };
        let shown: String = value?.chars().take(MAX_SHOWN).collect();
        Some((format!("{flag} {}", escape(&shown)), flag.to_owned(), ErrorKind::Usage))
    }

    /// A finding about a value that several flags have made, or none.
    fn of_parts(&self, place: &str, finding: &Finding) -> FlagWords {
        let below = self.origins.below(place);
        let mut message = finding.message.clone();
        for (name, origin) in &below {
            message = with_name(&message, name, &origin.to_string());
        }
        // What is said of the whole and names no part of it, as a warning on the profile's secret, is not about flags.
        let is_about_parts =
            !place.is_empty() || message != finding.message || message.contains(" takes ");
        message = sum_in_words(&message);
        let named = below.iter().filter(|_| is_about_parts);
        let flags: Vec<String> = named.map(|(_, origin)| origin.to_string()).collect();
        let help = match flags.as_slice() {
            [] => self.line_for(place, finding).map_or_else(
                || finding.help.clone(),
                |line| Some(about(&line, finding.help.as_deref())),
            ),
            flags => Some(about(&flags.join(", "), finding.help.as_deref())),
        };
        FlagWords { message, help, error: None }
    }

    /// What the vendor needs, up to the colon.
    fn needs(&self, place: &str, finding: &Finding) -> String {
        let provider = self.contract.id;
        if self.has_flags() && is_sender(self.operation, place) {
            return format!("{provider} needs a sender");
        }
        if self.has_flags() && is_audience(self.operation, place) {
            return format!("{provider} needs a target");
        }
        let Some((around, name)) = place.rsplit_once('/') else {
            return format!("{provider}/{} needs a list", self.operation.id);
        };
        let about = self.set_line(finding).map(|line| in_brackets(&line)).unwrap_or_default();
        match &self.origins.made_by {
            Some(flag) if !around.is_empty() && self.is_beside(around) => {
                format!("{provider} needs `{name}`{about} beside {flag}")
            }
            _ => format!("{provider}/{} needs `{name}`{about}", self.operation.id),
        }
    }

    /// Whether an object has what the message's own flag has made, or is the message's content.
    fn is_beside(&self, object: &str) -> bool {
        let is_made = |origin: &ValueOrigin| {
            let flag = origin.to_string();
            self.origins.made_by.as_ref().is_some_and(|made_by| *made_by == flag)
        };
        self.origins.below(object).iter().any(|(_, origin)| is_made(origin))
            || object.trim_matches('/') == self.operation.content.trim_matches('/')
    }

    /// The flag that gives the value at a place, as a line to paste.
    pub(crate) fn line_for(&self, place: &str, finding: &Finding) -> Option<String> {
        if self.has_flags() && is_sender(self.operation, place) {
            return Some("--from ID".to_owned());
        }
        if self.has_flags() && is_audience(self.operation, place) {
            return Some("--to KIND:ID".to_owned());
        }
        let line = self.set_line(finding).map(|line| line.line());
        let content = format!("/{}", self.operation.content.trim_matches('/'));
        let is_content = self.has_flags() && content.len() > 1 && is_within(place, &content);
        line.or_else(|| is_content.then(|| "--text TEXT".to_owned()))
    }

    fn has_flags(&self) -> bool {
        self.origins.made_of == MadeOf::Flags
    }

    /// Whether nothing of it stands in a file.
    fn is_whole(&self) -> bool {
        matches!(self.origins.made_of, MadeOf::Flags | MadeOf::Sets)
    }

    fn set_line(&self, finding: &Finding) -> Option<SetLine> {
        if self.origins.made_of == MadeOf::Stored {
            return None;
        }
        set_line(self.operation, self.document, self.origins.roots, &finding.place)
    }

    pub(crate) fn is_there(&self, place: &str) -> bool {
        value_at_place(&self.document.root().value, place).is_some()
    }

    /// The id at a place.
    fn id_at(&self, place: &str) -> Option<&str> {
        value_at_place(&self.document.root().value, place)?.as_str()
    }
}

/// A help that begins with a flag.
fn joined(add: &str, finding: &Finding) -> String {
    match &finding.help {
        Some(help) => format!("{add}\n{help}"),
        None => add.to_owned(),
    }
}

/// A help with the flag that it is about.
fn about(flag: &str, help: Option<&str>) -> String {
    match help {
        Some(help) if help.contains(flag) => help.to_owned(),
        Some(help) => format!("{flag}: {help}"),
        None => format!("change {flag}"),
    }
}

/// What the row of a field says about it, up to the first end of a clause.
fn in_brackets(line: &SetLine) -> String {
    let about = line.about.to_string();
    let clause = about.split([':', ';', '.']).next().unwrap_or_default().trim();
    let mut letters = clause.chars();
    match (letters.next(), letters.clone().next()) {
        (None, _) => String::new(),
        (Some(first), Some(second)) if second.is_uppercase() => {
            format!(" ({first}{})", letters.as_str())
        }
        (Some(first), _) => format!(" ({}{})", first.to_lowercase(), letters.as_str()),
    }
}

/// A message with the subject in place of the field's name.
pub(crate) fn renamed(message: &str, place: &str, subject: &str) -> String {
    let mut steps = place.rsplit('/');
    let last = steps.next().unwrap_or_default();
    let is_item = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    let name = match steps.next() {
        Some(list) if is_item => format!("`{list}[{last}]`"),
        _ => format!("`{last}`"),
    };
    if message.contains(&name) {
        message.replacen(&name, subject, 1)
    } else {
        format!("{subject}: {message}")
    }
}

/// A message with a flag in place of a field's name, where the name stands as a word.
fn with_name(message: &str, name: &str, flag: &str) -> String {
    let quoted = format!("`{name}`");
    if message.contains(&quoted) {
        return message.replace(&quoted, flag);
    }
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '`');
    let is_word = |at: &usize| {
        !message[..*at].ends_with(is_part) && !message[at + name.len()..].starts_with(is_part)
    };
    match message.match_indices(name).map(|(at, _)| at).find(is_word) {
        Some(at) => format!("{}{flag}{}", &message[..at], &message[at + name.len()..]),
        None => message.to_owned(),
    }
}

/// Whether a message is about the size of a value, and not about a value that is missing.
fn tells_size(message: &str) -> bool {
    message.split_once(" takes ").is_some_and(|(_, size)| size.contains(" bytes"))
}

/// `A plus B takes N bytes, the limit is M` as `A takes N bytes with B, the limit is M`, where A is a flag.
fn sum_in_words(message: &str) -> String {
    let parts = || {
        let (what, rest) = message.split_once(" takes ")?;
        let (first, others) = what.split_once(" plus ")?;
        let (size, limit) = rest.split_once(", ")?;
        Some((first, others, size, limit))
    };
    match parts() {
        Some((first, others, size, limit)) if first.starts_with("--") => {
            // Fields that no flag gives have no part in it.
            let flags: Vec<&str> =
                others.split(" plus ").filter(|other| other.starts_with("--")).collect();
            let with = if flags.is_empty() {
                String::new()
            } else {
                format!(" with {}", flags.join(" and "))
            };
            format!("{first} takes {size}{with}, {limit}")
        }
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_told_of_what_is_there() {
        assert!(tells_size("`ios` takes 3012 bytes, the limit is 2000"));
        assert!(!tells_size("`ios` is missing") && !tells_size("`type` takes text or number"));
    }
}
