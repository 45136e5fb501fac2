//! Live completion: values from the user's files and from the contracts, requested by the shell while the user types.
//!
//! The shell starts herald with [`VARIABLE`] in its environment and the words of the line after `--`. Completion has no
//! side effects: it fetches no secret and writes nothing, and if something is wrong, it offers nothing.

mod ledger_values;
mod offer;
mod shell;
mod values;

use std::ffi::{OsStr, OsString};
use std::sync::Arc;

use clap::{Arg, Command};
use clap_complete::CompleteEnv;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{Elvish, Shells};

use crate::env::Env;
use crate::exit::Exit;
use crate::report::{Color, Format, Ui};
use offer::Offer;
use values::{TypedLine, ValueCompleter};

/// The environment variable that requests completion; its value is the name of a shell.
const VARIABLE: &str = "HERALD_COMPLETE";

/// Answers a request for completion, and returns its exit code; `None` if there is no request. Runs before all else.
pub(super) fn answer(typed: &[OsString], program: fn() -> Command) -> Option<Exit> {
    std::env::var_os(VARIABLE).filter(|shell| !shell.is_empty())?;
    let line = Arc::new(TypedLine::new(typed));
    let asked = CompleteEnv::with_factory(|| attach(built(program()), &line))
        .var(VARIABLE)
        .shells(Shells(&[&shell::BASH, &Elvish, &shell::FISH, &shell::POWERSHELL, &shell::ZSH]))
        .try_complete(typed, std::env::current_dir().ok().as_deref());
    match asked {
        Ok(true) => Some(Exit::Done),
        Ok(false) => None,
        // While the user types a line, an error message would only disturb.
        Err(_) if typed.iter().any(|word| word == "--") => Some(Exit::Done),
        Err(error) => {
            let ui = Ui::new(Format::Human, Color::Never, false, false, &|_| None);
            ui.say(&format!("error: {VARIABLE}: {}", error.to_string().trim_end()));
            Some(Exit::Usage)
        }
    }
}

fn built(mut program: Command) -> Command {
    program.build();
    program
}

/// Gives every argument with known values its completer. Flags of a command exist once it is built.
fn attach(command: Command, line: &Arc<TypedLine>) -> Command {
    let name = command.get_name().to_owned();
    command
        .mut_args(|argument| with_values(argument, &name, line))
        .mut_subcommands(|inner| attach(inner, line))
}

fn with_values(argument: Arg, command: &str, line: &Arc<TypedLine>) -> Arg {
    let Some(values) = values_of(command, argument.get_id().as_str()) else { return argument };
    let line = Arc::clone(line);
    argument.add(ArgValueCompleter::new(move |typed: &OsStr| -> Vec<CompletionCandidate> {
        let Some(typed) = typed.to_str() else { return Vec::new() };
        let offers = values(&line, typed).into_iter();
        offers.filter(|offer| offer.fits(typed)).map(Offer::candidate).collect()
    }))
}

/// The source of an argument's values, by the name of its command and its own name.
fn values_of(command: &str, argument: &str) -> Option<ValueCompleter> {
    Some(match (command, argument) {
        ("validate", "scopes") => values::forms,
        ("validate", "reports") => values::reports,
        (_, "operation") => values::operations,
        ("providers", "name") => values::pages,
        ("schema", "name") => values::schemas,
        ("show", "name") | (_, "profile" | "names") => values::profiles,
        (_, "confirm") => values::confirmations,
        (_, "provider") => values::providers,
        (_, "message_type") => values::types,
        (_, "set") => values::fields,
        (_, "allow") => values::rules,
        (_, "code") => values::codes,
        (_, "overrides") => values::guards,
        ("show" | "resolve", "id") => ledger_values::entries_and_jobs,
        (_, "ids" | "id") => ledger_values::entries,
        (_, "job" | "resume") => ledger_values::jobs,
        (_, "outcome") => values::outcomes,
        (_, "to") => values::targets,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
