//! Errors of the parser of the command line, in herald's own form.
//!
//! A tip is given only for a flag of the same meaning, or for one that is spelt nearly so: the parser's own guesses join
//! words that have nothing to do with each other.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind as ClapError};
use clap::{Arg, Command};

use crate::error::Error;
use crate::near::nearest;
use crate::text::{escape, quoted};

/// Flags that other tools have, each with herald's flag of the same meaning.
const SAME_MEANING: [(&str, &str); 26] = [
    ("message", "text"),
    ("msg", "text"),
    ("content", "text"),
    ("alert", "text"),
    ("subject", "title"),
    ("sender", "from"),
    ("recipient", "to"),
    ("recipients", "targets"),
    ("target", "to"),
    ("user", "to"),
    ("receiver", "to"),
    ("list", "targets"),
    ("picture", "image"),
    ("photo", "image"),
    ("audio", "voice"),
    ("attachment", "file"),
    ("payload", "body"),
    ("data", "body"),
    ("field", "set"),
    ("format", "output"),
    ("timeout", "deadline"),
    ("force", "yes"),
    ("vendor", "provider"),
    ("silent", "quiet"),
    ("debug", "verbose"),
    ("ca-cert", "cacert"),
];

/// The shortest name for which a name with another letter counts as nearly the same.
const SHORTEST_NEAR: usize = 3;

/// The error for people and scripts. The command has parsed the words, so that the flags of the subcommand are there.
pub(super) fn usage_error(error: &clap::Error, typed: &[OsString], command: &Command) -> Error {
    let text = error.render().to_string();
    let (first, rest) = text.split_once("\n\n").unwrap_or((&text, ""));
    let words = |part: &str| part.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = words(first.trim_start_matches("error: "));
    let mut message = reworded(error).unwrap_or(said);
    let typed: Vec<&str> = typed.iter().skip(1).filter_map(|word| word.to_str()).collect();
    let reached = Reached::of(command, &typed);
    let advice = match error.kind() {
        ClapError::UnknownArgument => {
            let word = text_of(error, ContextKind::InvalidArg);
            let (told, advice) = reached.unknown(&word, &typed);
            message = told;
            advice
        }
        ClapError::InvalidSubcommand => {
            let word = text_of(error, ContextKind::InvalidSubcommand);
            message = format!("`{}` is no command of `{}`", escape(&word), reached.name());
            nearest(&word, reached.command().get_subcommands().map(Command::get_name))
                .map(|name| format!("did you mean `{name}`?"))
        }
        ClapError::MissingSubcommand => {
            message = format!("`{}` needs a command", reached.name());
            None
        }
        ClapError::InvalidValue => {
            let word = text_of(error, ContextKind::InvalidValue);
            let known = match error.get(ContextKind::ValidValue) {
                Some(ContextValue::Strings(known)) => known.as_slice(),
                _ => &[],
            };
            let near = nearest(&word, known.iter().map(String::as_str));
            let own = rest.lines().find_map(|line| line.trim().strip_prefix("tip: "));
            let own = own.filter(|_| known.is_empty()).map(str::to_owned);
            near.map(|name| format!("did you mean `{name}`?")).or(own)
        }
        _ => None,
    };
    let help = advice.unwrap_or_else(|| {
        let is_flag = text_of(error, ContextKind::InvalidArg).starts_with('-');
        let has_commands = reached.command().has_subcommands() && !is_flag;
        let what = if has_commands { "the commands" } else { "its flags" };
        format!("`{} --help` lists {what}", reached.name())
    });
    Error::usage(message).help(help)
}

/// The error about an argument that is not UTF-8, which names it.
pub(super) fn not_unicode(typed: &[OsString]) -> Option<Error> {
    let (place, word) = typed.iter().enumerate().find(|(_, word)| word.to_str().is_none())?;
    let shown = escape(&word.to_string_lossy());
    let message = format!("the argument {place}, `{shown}`, is not UTF-8");
    Some(
        Error::usage(message)
            .help("give it in UTF-8; a text in another encoding is converted first"),
    )
}

/// What is wrong with the value of a flag, or with flags together, in the words of herald's other errors.
fn reworded(error: &clap::Error) -> Option<String> {
    let value = text_of(error, ContextKind::InvalidValue);
    let flag = text_of(error, ContextKind::InvalidArg);
    let flag = name_of(&flag);
    if flag.is_empty() {
        return None;
    }
    match error.kind() {
        ClapError::ValueValidation => {
            let cause = std::error::Error::source(error)?.to_string();
            Some(format!("`{flag} {}`: {}", quoted(&escape(&value)), number_in_words(&cause)))
        }
        ClapError::InvalidValue if value.is_empty() => Some(format!("`{flag}` has no value")),
        ClapError::InvalidValue => {
            let Some(ContextValue::Strings(known)) = error.get(ContextKind::ValidValue) else {
                return None;
            };
            let (value, known) = (escape(&value), known.join(", "));
            Some(format!("`{flag}` takes no `{value}` [possible values: {known}]"))
        }
        ClapError::TooManyValues => {
            Some(format!("`{flag}` takes no value, and `{}` is given", escape(&value)))
        }
        ClapError::ArgumentConflict => {
            let others = match error.get(ContextKind::PriorArg)? {
                ContextValue::String(one) => vec![one.clone()],
                ContextValue::Strings(all) => all.clone(),
                _ => return None,
            };
            let others: Vec<String> =
                others.iter().map(|other| format!("`{}`", name_of(other))).collect();
            Some(format!("`{flag}` cannot be used with {}", others.join(", ")))
        }
        _ => None,
    }
}

/// The flag of `--limit <N>`.
fn name_of(usage: &str) -> &str {
    usage.split([' ', '=', '[']).next().unwrap_or(usage)
}

/// What the standard library and clap say of numbers, as what is due. Other causes are herald's own words.
fn number_in_words(cause: &str) -> String {
    let range = cause.split_once(" is not in ").map(|(_, range)| range);
    if let Some((from, to)) = range.and_then(|range| range.split_once("..")) {
        // No one counts so far: the limit is that of the type.
        let is_open = to.is_empty() || to.len() > 9;
        return match to.strip_prefix('=') {
            Some(to) if !is_open => format!("a whole number from {from} to {to} is due"),
            None if !is_open => format!("a whole number from {from}, below {to}, is due"),
            _ => format!("a whole number from {from} is due"),
        };
    }
    let is_of_number = ["invalid digit", "number too", "cannot parse integer"];
    if is_of_number.iter().any(|words| cause.starts_with(words)) {
        let large = cause.starts_with("number too large");
        return if large { "the number is too large" } else { "a whole number is due" }.to_owned();
    }
    cause.to_owned()
}

fn text_of(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(" "),
        _ => String::new(),
    }
}

/// The names of the subcommands that the words reach.
pub(super) fn path_to<'c, 't>(
    command: &'c Command,
    typed: impl Iterator<Item = &'t str>,
) -> Vec<&'c str> {
    let typed: Vec<&str> = typed.collect();
    Reached::of(command, &typed).0.iter().skip(1).map(|command| command.get_name()).collect()
}

/// The command that the words name, with those around it.
struct Reached<'c>(Vec<&'c Command>);

impl<'c> Reached<'c> {
    fn of(command: &'c Command, typed: &[&str]) -> Self {
        let mut reached = vec![command];
        for word in typed {
            let inner = reached.last().and_then(|last| last.find_subcommand(word));
            reached.extend(inner);
        }
        Self(reached)
    }

    fn command(&self) -> &'c Command {
        self.0.last().copied().unwrap_or(self.0[0])
    }

    fn name(&self) -> String {
        self.0.iter().map(|command| command.get_name()).collect::<Vec<_>>().join(" ")
    }

    fn args(&self) -> impl Iterator<Item = &'c Arg> {
        self.0.iter().flat_map(|command| command.get_arguments())
    }

    fn has(&self, long: &str) -> bool {
        self.args().any(|arg| arg.get_long() == Some(long))
    }

    /// What is said of a word that the command does not take, and what may be meant.
    fn unknown(&self, word: &str, typed: &[&str]) -> (String, Option<String>) {
        let (name, shown) = (self.name(), escape(word));
        match word.strip_prefix("--") {
            Some(flag) => {
                let flag = flag.split('=').next().unwrap_or(flag);
                let message = format!("`--{}` is no flag of `{name}`", escape(flag));
                (message, self.flag_like(flag).map(|flag| format!("did you mean `--{flag}`?")))
            }
            None if word.starts_with('-') => (format!("`{shown}` is no flag of `{name}`"), None),
            None => (format!("`{name}` takes no `{shown}` here"), self.as_value(word, typed)),
        }
    }

    /// The flag of the same meaning, or one that is spelt nearly so.
    fn flag_like(&self, typed: &str) -> Option<&'c str> {
        let meant = SAME_MEANING.iter().find(|(other, _)| *other == typed).map(|(_, own)| *own);
        let longs = || self.args().filter(|arg| !arg.is_hide_set()).filter_map(Arg::get_long);
        let meant = meant.and_then(|own| longs().find(|long| *long == own));
        let is_long = |name: &str| name.len() >= SHORTEST_NEAR;
        let near = nearest(typed, longs().filter(|long| is_long(typed) && is_long(long)));
        meant.or(near)
    }

    /// A word that stands alone, as the value of the flag that may be meant: `--dry-run=server`, `--text x`.
    fn as_value(&self, word: &str, typed: &[&str]) -> Option<String> {
        let at = typed.iter().position(|one| *one == word)?;
        let before = at.checked_sub(1).and_then(|before| typed[before].strip_prefix("--"));
        let takes_it = |arg: &&Arg| {
            arg.is_require_equals_set()
                && arg.get_possible_values().iter().any(|value| value.matches(word, false))
        };
        let equals = before
            .and_then(|long| self.args().filter(takes_it).find(|arg| arg.get_long() == Some(long)));
        if equals.is_some() {
            return Some(format!("write `--{}={word}`", before.unwrap_or_default()));
        }
        let is_value = |one: &&&str| !one.starts_with('-');
        let words: Vec<&str> = typed[at..].iter().take_while(is_value).copied().collect();
        let text = quoted(&words.join(" "));
        self.has("text").then(|| format!("to send it as a text: `--text {text}`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &[&str]) -> Option<Error> {
        let mut command = super::super::command();
        let typed: Vec<OsString> = line.iter().map(OsString::from).collect();
        let error = command.try_get_matches_from_mut(&typed).err()?;
        Some(usage_error(&error, &typed, &command))
    }

    fn advice(line: &[&str]) -> String {
        told(line).expect("an error").advice().unwrap_or_default().to_owned()
    }

    #[test]
    fn a_tip_names_the_flag_that_is_meant_or_none() {
        for (line, words) in [
            (&["herald", "send", "--to", "u1", "x"][..], "`--text x`"),
            (
                &["herald", "send", "--to", "u1", "hello", "world", "--yes"],
                "`--text 'hello world'`",
            ),
            (&["herald", "send", "--dry-run", "server"], "`--dry-run=server`"),
            (&["herald", "send", "--message", "x"], "`--text`"),
            (&["herald", "send", "--txet", "x"], "`--text`"),
            (&["herald", "send", "--dryrun"], "`--dry-run`"),
            (&["herald", "send", "--at", "22:00"], "`herald send --help`"),
            (&["herald", "send", "--abort"], "`herald send --help`"),
            (&["herald", "snd"], "did you mean `send`?"),
            (&["herald", "zzzz"], "`herald --help`"),
            (&["herald", "history", "shwo"], "did you mean `show`?"),
            (&["herald", "send", "--color", "alway"], "did you mean `always`?"),
            (&["herald", "history", "--since", "yesterday"], "`herald history --help`"),
        ] {
            let given = advice(line);
            assert!(given.contains(words), "{line:?}: {given}");
        }
    }

    #[test]
    fn what_is_wrong_with_flags_is_told_in_the_words_of_other_errors() {
        for (line, words) in [
            (&["herald", "history", "--limit", "-5"][..], "`--limit -5`: a whole number is due"),
            (&["herald", "history", "--limit", "x"], "`--limit x`: a whole number is due"),
            (
                &["herald", "broadcast", "--canary", "0"],
                "`--canary 0`: a whole number from 1 is due",
            ),
            (
                &["herald", "broadcast", "--targets", "f", "--tag", "x"],
                "`--targets` cannot be used with `--tag`",
            ),
            (&["herald", "send", "--cacert", ""], "`--cacert` has no value"),
            (&["herald", "send", "--from"], "`--from` has no value"),
            (&["herald", "send", "--yes=3"], "`--yes` takes no value, and `3` is given"),
        ] {
            let told = told(line).expect("an error");
            assert_eq!(told.to_string(), words, "{line:?}");
            assert!(
                told.advice().is_some_and(|help| help.ends_with("lists its flags")),
                "{line:?}"
            );
        }
        let told = told(&["herald", "send", "--output", "foo"]).expect("an error").to_string();
        assert_eq!(told, "`--output` takes no `foo` [possible values: table, json, ndjson]");
    }

    /// Every command with the words that reach it.
    fn each(command: &Command, way: &[String], run: &mut dyn FnMut(&Command, &[String])) {
        run(command, way);
        for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
            let way = [way, &[inner.get_name().to_owned()]].concat();
            each(inner, &way, run);
        }
    }

    /// A letter left out, doubled, swapped with the next, and changed, in the middle of a name.
    fn typos(name: &str) -> Vec<String> {
        let letters: Vec<char> = name.chars().collect();
        let at = letters.len() / 2;
        let word = |letters: Vec<char>| letters.into_iter().collect::<String>();
        let (mut less, mut more, mut swapped, mut other) =
            (letters.clone(), letters.clone(), letters.clone(), letters.clone());
        less.remove(at);
        more.insert(at, letters[at]);
        swapped.swap(at - 1, at);
        other[at] = 'q';
        [less, more, swapped, other].map(word).into_iter().filter(|typo| typo != name).collect()
    }

    #[test]
    fn typos_of_every_flag_of_every_command_lead_to_a_flag_that_is_spelt_nearly_so() {
        let mut program = super::super::command();
        program.build();
        let mut seen = 0;
        each(&program, &["herald".to_owned()], &mut |command, way| {
            let longs: Vec<&str> = command.get_arguments().filter_map(Arg::get_long).collect();
            for long in longs.iter().filter(|long| long.len() > 3) {
                for typo in typos(long).iter().filter(|typo| !longs.contains(&typo.as_str())) {
                    let reached = Reached(vec![command]);
                    let Some(meant) = reached.flag_like(typo) else { panic!("{way:?} --{typo}") };
                    let is_alias = SAME_MEANING.iter().any(|(other, _)| other == typo);
                    let is_near = meant == *long || nearest(typo, [meant]).is_some();
                    assert!(is_alias || is_near, "{way:?} --{typo}: {meant}");
                    seen += 1;
                }
            }
            for stranger in ["zebra", "at", "schedule-for", "x", "abort", "xyzzyxyzzy"] {
                let found = Reached(vec![command]).flag_like(stranger);
                let is_near = found.is_none_or(|found| nearest(stranger, [found]).is_some());
                assert!(is_near, "{way:?} --{stranger}: {found:?}");
            }
        });
        assert!(seen > 500, "{seen}");
    }

    #[test]
    fn flags_of_the_same_meaning_exist_somewhere_and_have_other_names() {
        let mut program = super::super::command();
        program.build();
        let mut all: Vec<String> = Vec::new();
        each(&program, &[], &mut |command, _| {
            all.extend(command.get_arguments().filter_map(Arg::get_long).map(str::to_owned));
        });
        for (other, own) in SAME_MEANING {
            assert!(all.iter().any(|long| long == own), "{own}");
            let reached = Reached(vec![&program]);
            assert!(!reached.has(other), "{other}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn an_argument_in_another_encoding_is_named() {
        use std::os::unix::ffi::OsStringExt as _;
        let typed = [OsString::from("herald"), "send".into(), OsString::from_vec(vec![b'a', 0xff])];
        let error = not_unicode(&typed).expect("an error");
        assert_eq!(error.to_string(), "the argument 2, `a\u{fffd}`, is not UTF-8");
        assert!(not_unicode(&typed[..2]).is_none());
    }
}
