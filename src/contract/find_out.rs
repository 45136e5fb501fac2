//! How people find out at a vendor whether a message arrived there whose answer was lost.

use super::{Audience, Contract, Operation, Target, TargetKind};
use crate::document::{Document, Trail};
use crate::text::{SuggestedCommand, Text, quoted, suggest};

/// How to find out whether the vendor has a message.
#[derive(Clone, Copy, Debug)]
pub struct FindOut {
    /// The operations whose messages it finds. Empty for all that no earlier row of the contract names.
    pub operations: &'static [&'static str],
    /// The words of a command after `herald`. In it, `{to}` stands for the flags that name the targets, `{from}` for the
    /// flag that names the sender, and `{id}` for the id in the ledger. People fill in any other word in braces. Empty
    /// where nothing can be asked.
    pub command: &'static str,
    /// What the command shows, or, without one, what to do: the end of a sentence.
    pub about: Text,
    /// Who can use `history resolve --check`, where that finds it: it compares messages of the vendor with what was sent.
    /// There is no other command then.
    pub check: Option<CheckedBy>,
}

/// The profile with which herald looks for a message itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckedBy {
    /// The one that sent it.
    Sender,
    /// Only another one of the same server, for which this word stands.
    Other(&'static str),
}

/// A message whose outcome is unknown, as far as it is known.
#[derive(Clone, Debug, Default)]
pub struct DoubtfulMessage<'a> {
    /// Its targets; empty if they are not known or too many to list.
    pub to: Vec<Target>,
    /// Their kind, where it is known.
    pub kind: Option<TargetKind>,
    /// Its sender.
    pub from: Option<String>,
    /// What people call it: its id in the ledger, or the name of its job.
    pub label: Option<&'a str>,
    /// The profile that sent it, where the command that is to be pasted does not know it.
    pub profile: Option<&'a str>,
    /// Whether the ledger keeps no payload of it, with which another message could be compared.
    pub is_digest: bool,
}

/// The most targets that a command names one by one.
const MAX_NAMED: usize = 3;

impl<'a> DoubtfulMessage<'a> {
    /// The message of a payload.
    pub fn of(operation: &Operation, body: &Document, label: Option<&'a str>) -> Self {
        let to = match Audience::of(operation, body) {
            Audience::Named(targets) => targets,
            Audience::Nobody | Audience::Class(_) | Audience::Everybody => Vec::new(),
        };
        let trail = Trail::new(body);
        let sender = trail.root().find(operation.sender).as_str();
        let from = sender.filter(|_| !operation.sender.is_empty()).map(str::to_owned);
        let kind = to.first().map(|target| target.kind);
        let to = if to.len() > MAX_NAMED { Vec::new() } else { to };
        Self { to, kind, from, label, profile: None, is_digest: false }
    }
}

impl Contract {
    /// How to find out about a message of an operation; `None` where repeating the call does no harm.
    pub fn find_out(
        &self,
        operation: &Operation,
        lost: &DoubtfulMessage<'_>,
    ) -> Option<&'static FindOut> {
        if !operation.sends() || !operation.is_held_back() {
            return None;
        }
        let is_for =
            |row: &&FindOut| row.operations.is_empty() || row.operations.contains(&operation.id);
        let works = |row: &&FindOut| row.check.is_none() || !lost.is_digest;
        self.find_out.iter().filter(works).find(is_for)
    }

    /// The command with which herald looks for a message itself; `None` where it cannot.
    pub fn check_command(
        &self,
        operation: &Operation,
        lost: &DoubtfulMessage<'_>,
    ) -> Option<SuggestedCommand> {
        self.find_out(operation, lost)?.check_command(lost)
    }

    /// How people settle an unknown outcome: how they find out, and how they say it. `None` where that is not needed.
    pub fn how_to_settle(
        &self,
        operation: &Operation,
        lost: &DoubtfulMessage<'_>,
    ) -> Option<String> {
        if !operation.is_held_back() {
            return None;
        }
        let say = of_label(suggest("history resolve"), lost.label).words("--accepted");
        let verb = operation.follow_up();
        let Some(verb) = verb else {
            let row = self.find_out(operation, lost);
            let find = row.map_or_else(|| "ask the vendor".to_owned(), |row| row.words(lost));
            return Some(format!(
                "find out before you retry: {find}; then say so with {say} or `--not-accepted`"
            ));
        };
        let done = verb.done();
        Some(format!(
            "find out before you retry: ask those who have the message whether it is {done}; then say so with {say} or \
             `--not-accepted`, after which the same {} can be done again",
            verb.word()
        ))
    }
}

/// A command with the name of a message, or as a form where it has none.
fn of_label(command: SuggestedCommand, label: Option<&str>) -> SuggestedCommand {
    match label {
        Some(label) => command.arg(label),
        None => command.placeholder("ID"),
    }
}

impl FindOut {
    /// Of all operations that no row before names, by a command: what it shows.
    pub const fn by(command: &'static str, about: &'static str) -> Self {
        Self { operations: &[], command, about: Text::en(about), check: None }
    }

    /// The same where herald has no command that asks.
    pub const fn by_hand(about: &'static str) -> Self {
        Self::by("", about)
    }

    /// The same where herald looks for the message itself.
    pub const fn by_check(check: CheckedBy, about: &'static str) -> Self {
        Self { check: Some(check), ..Self::by_hand(about) }
    }

    /// Of these operations alone.
    #[must_use]
    pub const fn only(self, operations: &'static [&'static str]) -> Self {
        Self { operations, ..self }
    }

    fn check_command(&self, lost: &DoubtfulMessage<'_>) -> Option<SuggestedCommand> {
        let check = of_label(suggest("history resolve"), lost.label).words("--check");
        Some(match (self.check?, lost.profile) {
            (CheckedBy::Other(word), _) => check.words("--profile").placeholder(word),
            (CheckedBy::Sender, Some(profile)) => check.words("--profile").arg(profile),
            (CheckedBy::Sender, None) => check,
        })
    }

    /// What people do to find out, as the end of a sentence that begins before it. A command with words that people have
    /// to fill in is shown as a form.
    pub fn words(&self, lost: &DoubtfulMessage<'_>) -> String {
        if let Some(check) = self.check_command(lost) {
            return format!("{check} {}", self.about);
        }
        if self.command.is_empty() {
            return self.about.to_string();
        }
        let kind = lost.kind.unwrap_or(TargetKind::User);
        let to = match lost.to.as_slice() {
            [] => format!("--to {kind}:ID"),
            some => {
                let flag = |target: &Target| format!("--to {}", quoted(&target.to_string()));
                some.iter().map(flag).collect::<Vec<_>>().join(" ")
            }
        };
        // Each place once: what is filled in may look like one.
        let (mut command, mut is_form) = (String::new(), false);
        let mut rest = self.command;
        while let Some((before, (name, after))) =
            rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
        {
            command.push_str(before);
            is_form |= match name {
                "to" => lost.to.is_empty(),
                "from" => lost.from.is_none(),
                "id" => lost.label.is_none(),
                _ => true,
            };
            let known = |word: Option<&str>| word.map_or_else(|| "ID".to_owned(), quoted);
            command.push_str(&match name {
                "to" => to.clone(),
                "from" => format!("--from {}", known(lost.from.as_deref())),
                "id" => known(lost.label),
                other => other.to_owned(),
            });
            rest = after;
        }
        command.push_str(rest);
        if let Some(profile) = lost.profile {
            command.push_str(&format!(" --profile {}", quoted(profile)));
        }
        let command = suggest(&command);
        let shown = if is_form { command.form() } else { command.to_string() };
        format!("{shown} {}", self.about)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::en;

    #[test]
    fn a_command_names_what_is_known_and_quotes_it() {
        let row = FindOut {
            operations: &[],
            command: "get {to} {from}",
            about: en("shows the conversation"),
            check: None,
        };
        let to = |ids: &[&str]| ids.iter().map(|id| Target::new(TargetKind::Group, *id)).collect();
        for (lost, expected) in [
            (DoubtfulMessage::default(), "`get --to user:ID --from ID`"),
            (
                DoubtfulMessage { to: to(&["g 1", "{from}"]), ..DoubtfulMessage::default() },
                "`get --to 'group:g 1' --to 'group:{from}' --from ID`",
            ),
            (
                DoubtfulMessage {
                    kind: Some(TargetKind::Group),
                    from: Some("a".to_owned()),
                    profile: Some("my app"),
                    ..DoubtfulMessage::default()
                },
                "`get --to group:ID --from a --profile 'my app'`",
            ),
            (
                DoubtfulMessage {
                    to: to(&["g"]),
                    from: Some("a".to_owned()),
                    ..DoubtfulMessage::default()
                },
                "`herald get --to group:g --from a`",
            ),
        ] {
            assert_eq!(row.words(&lost), format!("{expected} shows the conversation"));
        }
        let lost = DoubtfulMessage { label: Some("7ffda768"), ..DoubtfulMessage::default() };
        let check = |by| FindOut::by_check(by, "looks for it").words(&lost);
        assert_eq!(
            check(CheckedBy::Sender),
            "`herald history resolve 7ffda768 --check` looks for it"
        );
        assert_eq!(
            check(CheckedBy::Other("ADMINISTRATION")),
            "`history resolve 7ffda768 --check --profile ADMINISTRATION` looks for it"
        );
        let row = FindOut { command: "call acme/log --set hour={YYYYMMDDHH}", ..row };
        assert!(row.words(&lost).starts_with("`call acme/log --set hour=YYYYMMDDHH` "));
        let row = FindOut { command: "", about: en("look into the console"), ..row };
        assert_eq!(row.words(&lost), "look into the console");
    }
}
