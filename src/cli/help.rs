//! The pages of `-h` and `--help`: what clap makes of the flags, with the examples first.
//!
//! Nothing of this is computed before help is asked for.

use std::ffi::OsString;
use std::fmt::Write as _;

use clap::builder::StyledStr;
use clap::error::ErrorKind as ClapError;
use clap::{Arg, Command};

use crate::cli::globals::EVERYWHERE;
use crate::cli::sandbox::switches_help;
use crate::cli::usage_error::path_to;
use crate::exit::Exit;
use crate::guard::ROWS;
use crate::provider;

/// The place of the examples on a page. clap leaves an unknown tag of a template as it is, and neither clap nor the folding
/// of pages breaks what is put in its place: an example stays on its line, and can be pasted.
pub(super) const EXAMPLES: &str = "{examples}";

/// Where the flags of every command are explained.
const ELSEWHERE: &str = "Everywhere: --profile, --provider, --output and more; see `herald --help`";

const ENVIRONMENT: &str = "\
Environment:
  HERALD_PROFILES         the file of profiles, as --profiles
  HERALD_PROFILE          the profile, as --profile
  HERALD_PROVIDER_KEY     a credential without a profile, as HERALD_RONGCLOUD_APP_KEY
  HERALD_PROVIDER_KEY_FILE, HERALD_PROVIDER_KEY_COMMAND
                          the same, from a file or from the output of a command
  HERALD_LEDGER           the file of the ledger, as --ledger
  HERALD_READ_ONLY        1 refuses every command that sends or changes something
  HERALD_KILL_SWITCH      a file; while it exists, nothing is sent
  HERALD_COMPLETE         prints a completion script: see `herald completions --help`
  SSL_CERT_FILE           certificates to trust, as --cacert
  HTTPS_PROXY, HTTP_PROXY, ALL_PROXY
                          proxies; ignored for this machine, and where REQUEST_METHOD is set (CGI)
  NO_PROXY                hosts that need no proxy
  NO_COLOR, CLICOLOR_FORCE, TERM
                          colours
  COLUMNS                 the width of the terminal
  XDG_CONFIG_HOME, XDG_STATE_HOME, HOME
                          herald's folders; on Windows APPDATA and LOCALAPPDATA
  PATH                    where the command of a secret is found
  USER, USERNAME          who resolved an unknown outcome, in the history";

/// What stands below the help of the whole program.
pub(super) fn ending() -> String {
    let line = |exit: &Exit| format!("\n  {:>3}  {}", exit.code(), exit.about());
    format!("{ENVIRONMENT}\n\nExit status:{}", Exit::ALL.iter().map(line).collect::<String>())
}

/// The program, with the vendors named by what it says of itself.
pub(super) fn with_vendors(program: Command) -> Command {
    let contracts = provider::contracts();
    let named = contracts.iter().map(|contract| format!("{} ({})", contract.name, contract.id));
    let vendors = named.collect::<Vec<_>>().join(", ");
    let with = |about: Option<&StyledStr>| {
        format!("{}\n\nVendors: {vendors}", about.map(ToString::to_string).unwrap_or_default())
    };
    let (short, long) = (with(program.get_about()), with(program.get_long_about()));
    program.about(short).long_about(long)
}

/// The command with the help that is computed from tables. Only help and manual pages need it.
pub(super) fn with_tables(command: Command) -> Command {
    type Table = (&'static str, fn() -> String);
    const TABLES: [Table; 2] = [("overrides", guards), ("switches", switches_help)];
    let long_help = |arg: Arg| {
        let table = TABLES.iter().find(|(id, _)| *id == arg.get_id().as_str());
        table.map_or(arg.clone(), |(_, text)| arg.long_help(text()))
    };
    command.mut_args(long_help)
}

/// The help of `--override`, with the guards that it bypasses.
fn guards() -> String {
    let rows = ROWS.iter().filter(|row| row.can_be_overridden);
    let lines = rows.map(|row| format!("\n- {}: {}", row.word, row.about));
    let about = "Bypass this guard; repeatable\n\nThe ledger records it. The guards are:\n";
    std::iter::once(about.to_owned()).chain(lines).collect()
}

/// The page that the words ask for, and the lines that belong in the place of [`EXAMPLES`].
pub(super) fn page(
    mut program: Command,
    groups: &[(&str, &[&str])],
    typed: &[OsString],
    kind: ClapError,
) -> (StyledStr, String) {
    program.build();
    let typed: Vec<&str> = typed.iter().skip(1).filter_map(|word| word.to_str()).collect();
    let is_asked = kind == ClapError::DisplayHelp;
    let is_long = is_asked && !asks_for_short(&typed);
    let names = path_to(&program, typed.iter().copied().skip_while(|word| *word == "help"));
    let is_root = names.is_empty();
    let command = names
        .iter()
        .fold(&program, |command, name| command.find_subcommand(name).unwrap_or(command));
    let examples = command.get_before_help().map(ToString::to_string).unwrap_or_default();
    let (heading, examples) = examples.split_once('\n').unwrap_or_default();
    let head = format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{}\n{EXAMPLES}\n\n",
        styled(command, heading)
    );
    let commands = if is_root { listed(command, groups) } else { String::new() };
    let command = with_tables(command.clone()).before_help(None::<&str>);
    let mut command = if is_root {
        let heading = styled(&command, "Everywhere, before or after the command:");
        let template = format!("{head}{commands}{heading}\n{{options}}{{after-help}}");
        with_vendors(command).help_template(template).after_long_help(ending())
    } else {
        let is_hidden = |arg: &Arg| arg.get_help_heading() == Some(EVERYWHERE);
        let hide = |arg: Arg| if is_hidden(&arg) { arg.hide(true) } else { arg };
        let template = format!("{head}{{all-args}}{{after-help}}\n\n{ELSEWHERE}\n");
        command.mut_args(hide).help_template(template)
    };
    let page = if is_long { command.render_long_help() } else { command.render_help() };
    (page, examples.to_owned())
}

/// Whether the first word that asks for help is `-h`, alone or among other short flags.
fn asks_for_short(typed: &[&str]) -> bool {
    let is_short = |word: &str| {
        word.strip_prefix('-')
            .is_some_and(|flags| !flags.is_empty() && flags.chars().all(|c| "hqv".contains(c)))
            && word.contains('h')
    };
    let asked = typed.iter().find(|word| **word == "--help" || **word == "help" || is_short(word));
    asked.is_some_and(|word| is_short(word))
}

fn styled(command: &Command, heading: &str) -> String {
    let style = command.get_styles().get_header();
    format!("{style}{heading}{style:#}")
}

/// The commands by what they are for.
fn listed(program: &Command, groups: &[(&str, &[&str])]) -> String {
    let literal = program.get_styles().get_literal();
    let mut text = String::new();
    for (group, names) in groups {
        let _ = writeln!(text, "{}", styled(program, &format!("{group}:")));
        for command in names.iter().filter_map(|name| program.find_subcommand(name)) {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(text, "  {literal}{:11}{literal:#}  {about}", command.get_name());
        }
        text.push('\n');
    }
    text
}
