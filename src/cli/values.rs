//! Where the values of options come from.
//!
//! One that begins with a hyphen is taken as it stands: `--text "- first item"`, `--to -1001234`. One that is a flag of the
//! command is not: `--text $MSG --yes` with an empty variable must not send "--yes". A variable of the environment that is
//! set and empty counts as not set: CI sets a missing variable so.

use std::ffi::{OsStr, OsString};

use clap::builder::Resettable;
use clap::error::ErrorKind;
use clap::{Arg, Command, Error};

/// Makes the options of a command take values that begin with a hyphen, its ids negative numbers, and none of them an empty
/// variable of the environment.
pub(super) fn take_values(command: Command) -> Command {
    command.mut_args(with_values).mut_subcommands(take_values)
}

fn with_values(arg: Arg) -> Arg {
    let is_empty = |name: &OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    let arg = if arg.get_env().is_some_and(is_empty) { arg.env(Resettable::Reset) } else { arg };
    if arg.is_positional() {
        return arg.allow_negative_numbers(true);
    }
    if arg.get_action().takes_values() && !arg.is_require_equals_set() {
        arg.allow_hyphen_values(true)
    } else {
        arg
    }
}

/// The error where an option would take a flag of the same command for its value. The command has parsed the words, so that
/// the flags of the subcommand are there.
pub(super) fn taken_flag(typed: &[OsString], command: &Command) -> Option<Error> {
    let words: Vec<&str> = typed.iter().map(|word| word.to_str().unwrap_or_default()).collect();
    let words = words.split(|word| *word == "--").next().unwrap_or_default();
    let mut reached = vec![command];
    for word in words {
        let inner = reached.last().and_then(|last| last.find_subcommand(word));
        reached.extend(inner);
    }
    let args = || reached.iter().flat_map(|command| command.get_arguments());
    let is_flag = |word: &str| {
        let name = word.split('=').next().unwrap_or(word);
        args().any(|arg| {
            let long = name.strip_prefix("--").is_some_and(|name| {
                arg.get_long() == Some(name)
                    || arg.get_all_aliases().is_some_and(|all| all.contains(&name))
            });
            let short = name.strip_prefix('-').filter(|name| name.chars().count() == 1);
            long || arg.get_short().is_some_and(|flag| short == Some(flag.encode_utf8(&mut [0; 4])))
        })
    };
    let takes_next = |word: &str| {
        let long = word.strip_prefix("--").filter(|name| !name.contains('='));
        args().any(|arg| {
            long.is_some()
                && arg.get_long() == long
                && arg.get_action().takes_values()
                && !arg.is_require_equals_set()
        })
    };
    let pair = words.windows(2).find(|pair| takes_next(pair[0]) && is_flag(pair[1]))?;
    let (option, value) = (pair[0], pair[1]);
    let message = format!(
        "`{option}` has no value: `{value}` is a flag of this command\n\n  tip: to mean that text, use `{option}={value}`\n"
    );
    Some(Error::raw(ErrorKind::InvalidValue, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Option<String> {
        let mut command = super::super::command();
        let typed: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let _ = command.try_get_matches_from_mut(&typed);
        taken_flag(&typed, &command).map(|error| error.to_string())
    }

    #[test]
    fn a_flag_in_the_place_of_a_value_is_told() {
        for line in [
            "herald send --to u1 --text --yes",
            "herald send --to --from a --text x",
            "herald send --to u1 --text -v",
            "herald send --to u1 --text --output=json",
            "herald broadcast --title --text x --to u1",
            "herald recall --from --last",
            "herald history list --job --failed",
        ] {
            assert!(told(line).is_some_and(|told| told.contains("has no value")), "{line}");
        }
        for line in [
            "herald send --to -1001234 --text -5",
            "herald send --to u1 --text --yes-please",
            "herald send --to u1 --text=--yes --dry-run --yes",
            "herald send --yes --dry-run --to u1 --text x",
            "herald validate -- --as --yes",
        ] {
            assert_eq!(told(line), None, "{line}");
        }
    }
}
