//! The command line: the typed line becomes a call into the core, and its result becomes an exit code.

mod apply;
mod args;
mod broadcast;
mod call;
mod command;
mod complete;
mod completions;
mod explain;
mod follow;
mod globals;
mod help;
mod history;
mod init;
mod job_flags;
mod jobs;
mod man;
mod profile;
mod providers;
mod sandbox;
mod schema;
mod send;
mod sign;
mod stop;
mod upload;
mod usage_error;
mod validate;
mod values;

use std::ffi::OsString;
use std::mem::ManuallyDrop;
use std::path::PathBuf;

use clap::error::ErrorKind as ClapError;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, FromArgMatches, Subcommand};

use command::commands;
use globals::GlobalArgs;
use values::take_values;

use crate::env::{Env, Globals, System};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::outcome::Verdict;
use crate::report::{Color, Format, Ui};
use crate::send::profile_choice::warn_of_unknown_variables;
use crate::signals;
use crate::text::RepeatedFlags;

const ABOUT: &str = "Compose, lint, sign, send and recall messages through push and IM APIs";

commands! {
    "Messages" {
        Send(send::Args) = "send", "Send one message to named targets",
            "Targets are users, groups, rooms, aliases or registration ids. The message comes from one content flag (--text, \
             --image, ...), from --type with --set, or from --body. herald lints it first, and errors stop it. The ledger \
             records the message before it leaves. To reach everybody, a tag or a package, use `broadcast`.";
        Broadcast(Box<broadcast::Args>) = "broadcast", "Send one message to a list, a tag, a package or everybody",
            "A message to everybody, a tag or a package has to be confirmed with the profile's name, typed or given with \
             --confirm. A list may have any length. herald reads and checks all of it, writes it into the ledger, and then \
             sends within the vendor's rate limit. If it ends early, --resume continues with what is left.";
        Upload(upload::Args) = "upload", "Upload files to a vendor that takes them",
            "`send --image ./photo.jpg` uploads the file by itself, where the vendor takes uploads.";
        Call(call::Args) = "call", "Call any operation of a vendor's API",
            "Fields of the body, of the path and of the query are given with --set, or together in the object of --body. The \
             call is linted, guarded and recorded like a send.";
    }
    "Follow-ups" {
        History(history::Args) = "history", "Show what was sent and its outcome; resolve what is unknown",
            "The history is what the ledger has recorded: every message before it leaves, and its outcome.";
        Recall(follow::RecallArgs) = "recall", "Recall messages that were sent",
            "The ledger knows how a message was sent, and so which operation recalls it, and for whom. If the ledger does not \
             have the message, --to and --from say what the vendor needs. Some servers cannot recall a broadcast to \
             everybody: name the users with --targets.";
        Update(follow::UpdateArgs) = "update", "Replace the content of a message that was sent";
        Delete(follow::DestroyArgs) = "delete", "Delete a message that was sent" => follow::DELETE;
        Clear(follow::DestroyArgs) = "clear", "Clear the messages of a conversation" => follow::CLEAR;
        Get(follow::FollowArgs) = "get", "Fetch a message that was sent" => follow::GET;
        Status(follow::FollowArgs) = "status", "Ask the vendor for the state of a message that was sent" => follow::STATUS;
    }
    "Jobs" {
        Jobs(jobs::Args) = "jobs", "List jobs: what is done, what is left, what is recalled",
            "A job is a broadcast, or a command that changes many messages. `broadcast --resume JOB` continues a broadcast \
             that was stopped.";
        Stop(stop::Args) = "stop", "Stop a job before its next batch",
            "The process that runs the job waits for the answers that are due, and starts nothing more. `broadcast --resume` \
             continues the job.";
        Apply(apply::Args) = "apply", "Send a plan that `broadcast --plan` wrote: exactly that, and once";
    }
    "Lint" {
        Validate(validate::Args) = "validate", "Lint payload files, folders, NDJSON and stdin, offline",
            "No credentials are needed. A .json file is one payload, or a list of them; .ndjson and .jsonl files have one a \
             line. Folders are searched, without what .gitignore names. A link that leads out of a folder is an error. JSON \
             that is no payload is a warning in a folder, and an error if you name the file. The herald.toml of a project \
             may ignore rules ([lint] allow = [\"CODE\"]), exclude files ([lint] exclude = [\"GLOB\"]) and say which \
             operation a file is for ([[lint.files]] path = \"GLOB\", as = \"PROVIDER/OPERATION\"). The exit code is 1 if \
             there are errors, and 3 if something could not be read.";
        Init(init::Args) = "init", "Write a herald.toml for the payloads of a folder",
            "It says which files are for which operation, and which are not payloads. `validate` then needs no --as. herald \
             does not change a herald.toml that is there.";
        Explain(explain::Args) = "explain", "Explain a rule, a vendor's error code or a word that herald prints";
        Providers(providers::Args) = "providers", "Show what each vendor takes: operations, types, fields, limits",
            "This is the API contract: what herald knows of a vendor's API. The linter, --set and the sandbox use the same \
             contract.";
        Schema(schema::Args) = "schema", "Write JSON Schemas of operations, types and herald's output";
        Sign(sign::Args) = "sign", "Print a signature and its headers, explain it, or verify one",
            "Nothing is sent. The nonce and the timestamp are new ones unless you give them. To verify a signature, give the \
             nonce and the timestamp that it was made with.";
    }
    "Setup" {
        Profile(profile::Args) = "profile", "Make, list, show and check profiles",
            "A profile says which vendor, endpoint and credentials are used, and who may be reached.";
        Sandbox(sandbox::Args) = "sandbox", "Serve the sandbox: a local mock server of the vendors",
            "One port serves every provider, until Ctrl-C. A request without /PROVIDER before its path goes to the provider \
             whose API contract has that path. If two have the same path, put /PROVIDER before it, or name one provider with \
             --provider; it then gets every request. herald prints the test credentials; they never come from a profile. The \
             server closes a connection that is idle, or whose head has not arrived, after 120 s. A request whose body stops \
             arriving gets 408 after 60 s.";
        Completions(completions::Args) = "completions", "Print a shell's completion script, or the manual pages",
            "The script completes commands, flags and their fixed values. Live completion also completes profiles, operations, \
             message types, fields, rules and ids of the ledger. For it, the start-up file of the shell runs herald (see \
             below). Live completion runs no command of a secret, opens no socket and writes nothing.";
    }
}

const EXAMPLES: &str = "\
Examples:
  herald send --sandbox --provider wildfire --from alice --to bob --text hello
  herald history --sandbox
  herald providers rongcloud
  herald explain jpush-v3/1003";

const LONG_ABOUT: &str = "Compose, lint, sign, send, broadcast and recall messages through the server APIs of push and IM vendors

herald sends nothing that the vendor would refuse. It sends nothing twice, and nothing to more people than you mean. It \
finds what was sent, and recalls it. A broadcast is a job: `herald jobs` shows the jobs and what is left of each.";

/// Makes a write beyond the file size limit fail like a write to a full disk. Otherwise the system would end the
/// process without a message.
pub fn survive_file_limits() {
    #[cfg(unix)]
    {
        use signal_hook::consts::SIGXFSZ;
        // If this fails, the system's behaviour stays unchanged.
        let _ = signal_hook::flag::register(SIGXFSZ, std::sync::Arc::default());
    }
}

/// Runs the command that the user typed.
pub fn main(typed: Vec<OsString>) -> Exit {
    if let Some(exit) = complete::answer(&typed, command) {
        return exit;
    }
    let machine = format_of(&typed);
    let (globals, flags, command) = match parse(&typed) {
        Ok(parsed) => parsed,
        Err(error) => return usage(&error, machine, &typed),
    };
    if !command.sends() && !matches!(command, Command::Sandbox(_)) {
        signals::leave_to_the_system();
    }
    let system = System::default();
    let ui = Ui::new(globals.output(), globals.color(), globals.verbose, globals.quiet, &|name| {
        system.var(name)
    });
    if command.sends() {
        tell_an_early_end((globals.output(), globals.color(), globals.quiet), flags.clone());
    }
    Ui::repeat_flags(flags);
    let GlobalArgs { profile, profiles, provider, .. } = globals;
    let env = Env { globals: Globals { profile, profiles, provider }, ui, system };
    warn_of_unknown_variables(&env);
    match run(&env, &command) {
        // The exit code reports what was sent, even if the text about it could not be written.
        Ok(Exit::Done) if Ui::write_failed() && !command.sends() => Exit::Input,
        Ok(exit) => exit,
        Err(error) => {
            // A failure because of a signal gets the exit code of the signal.
            let error = error.stopped_by(signals::heard().map(signals::Stop::kind));
            let asks = command.sends() || matches!(command, Command::Stop(_));
            env.ui.error(&error, asks.then(|| outcome_of(&error)));
            error.exit()
        }
    }
}

/// Lets a signal that ends a command before anything was sent leave a line, and a document for scripts.
fn tell_an_early_end((output, color, quiet): (Format, Color, bool), flags: RepeatedFlags) {
    signals::say_before_the_end(move |stop| {
        // Another thread has none of its own.
        Ui::repeat_flags(flags.clone());
        let system = System::default();
        let ui = Ui::new(output, color, false, quiet, &|name| system.var(name));
        let error = stop.error(format!("{}; nothing was sent", stop.word()));
        ui.error(&error, Some(outcome_of(&error)));
    });
}

/// Reports a panic as a bug, and exits with 70.
pub fn report_panics_as_bugs() {
    std::panic::set_hook(Box::new(|info| {
        let ui = Ui::new(Format::Human, Color::Never, false, false, &|_| None);
        ui.say(&format!("error: herald has a bug: {info}"));
        ui.say("  help: please report it with the command that you typed; the ledger tells what went out");
        #[expect(clippy::exit, reason = "the process ends here, and the exit code is promised")]
        std::process::exit(i32::from(Exit::Bug.code()));
    }));
}

/// The whole command line, for parsing, completion scripts and manual pages.
fn command() -> clap::Command {
    command_with(|_| true)
}

/// The same with the commands that are wanted, by their names.
fn command_with(is_wanted: impl Fn(&str) -> bool) -> clap::Command {
    // Every command also has the global flags; it builds its flags only if it is the given command.
    let root =
        GlobalArgs::augment_args(clap::Command::new("herald")).mut_args(|arg| arg.global(false));
    let root = root.version(env!("CARGO_PKG_VERSION")).about(ABOUT).long_about(LONG_ABOUT);
    let root = root.before_help(EXAMPLES);
    // So that an alias can have a flag, and the user another value of it.
    Command::augment_wanted(root.max_term_width(100).args_override_self(true), is_wanted)
}

/// Why a line gives no command.
#[derive(Debug)]
enum ParseFailure {
    /// It asks for help or for the version.
    Answer(clap::Error),
    /// It is wrong.
    Error(Error),
}

/// The global flags; the flags that a suggested command repeats; and the command.
type ParsedLine = (GlobalArgs, RepeatedFlags, Command);

/// The global flags, before or after the command's name; the flags that a suggested command repeats; and the command.
fn parse(typed: &[OsString]) -> Result<ParsedLine, ParseFailure> {
    // Making all commands takes longer than parsing. A line that parses with the one that it names means that one.
    let mut words = typed.iter().skip(1).filter_map(|word| word.to_str());
    if let Some(named) = words.find(|word| Command::has_subcommand(word))
        && let Ok(parsed) = parse_with(command_with(|name| name == named), typed)
    {
        return Ok(parsed);
    }
    parse_with(command(), typed)
}

fn parse_with(command: clap::Command, typed: &[OsString]) -> Result<ParsedLine, ParseFailure> {
    // Dropping some hundred flags would waste time in a process that lives for a millisecond.
    let mut command = ManuallyDrop::new(command);
    let matches = command.try_get_matches_from_mut(typed);
    let failed = |error: clap::Error| match error.kind() {
        ClapError::DisplayHelp
        | ClapError::DisplayVersion
        | ClapError::DisplayHelpOnMissingArgumentOrSubcommand => ParseFailure::Answer(error),
        ClapError::InvalidUtf8 => ParseFailure::Error(
            usage_error::not_unicode(typed)
                .unwrap_or_else(|| usage_error::usage_error(&error, typed, &command)),
        ),
        _ => ParseFailure::Error(usage_error::usage_error(&error, typed, &command)),
    };
    if let Some(error) = values::taken_flag(typed, &command) {
        return Err(failed(error));
    }
    let mut matches = matches.map_err(failed)?;
    let before = GlobalArgs::from_arg_matches_mut(&mut matches).map_err(failed)?;
    let Some((name, mut flags)) = matches.remove_subcommand() else {
        return Err(failed(clap::Error::new(ClapError::MissingSubcommand)));
    };
    let globals = GlobalArgs::from_arg_matches_mut(&mut flags).map_err(failed)?.or(before);
    let repeated = repeated_flags(&globals, &flags);
    let chosen = Command::of(&name, &mut flags).map_err(failed)?;
    Ok((globals, repeated, chosen))
}

/// The flags that a suggested command repeats: those that were typed, and not what a variable of the environment says.
fn repeated_flags(globals: &GlobalArgs, flags: &ArgMatches) -> RepeatedFlags {
    let shown = |path: &PathBuf| path.display().to_string();
    let is_typed = |name: &str| {
        flags.try_contains_id(name).is_ok_and(|is_there| is_there)
            && flags.value_source(name) == Some(ValueSource::CommandLine)
    };
    RepeatedFlags {
        sandbox: is_typed("sandbox"),
        profile: globals.profile.clone(),
        profiles: globals.profiles.as_ref().map(shown),
        provider: globals.provider.clone(),
        ledger: is_typed("ledger").then(|| flags.get_one("ledger").map(shown)).flatten(),
    }
}

fn run(env: &Env, command: &Command) -> Result<Exit> {
    let findings = !matches!(env.ui.format, Format::Human | Format::Json | Format::Ndjson);
    if findings && !matches!(command, Command::Validate(_)) {
        return Err(Error::usage(
            "that output format is for findings, which only `validate` makes",
        )
        .help("use --output table, json or ndjson"));
    }
    match command {
        Command::Send(args) => send::run(env, args),
        Command::Broadcast(args) => broadcast::run(env, args),
        Command::Apply(args) => apply::run(env, args),
        Command::Recall(args) => follow::recall(env, args),
        Command::Update(args) => follow::update(env, args),
        Command::Delete(args) => follow::destroy(env, crate::contract::Verb::Delete, args),
        Command::Clear(args) => follow::destroy(env, crate::contract::Verb::Clear, args),
        Command::Get(args) => follow::run(env, crate::contract::Verb::Get, args),
        Command::Status(args) => follow::run(env, crate::contract::Verb::Status, args),
        Command::Call(args) => call::run(env, args),
        Command::Upload(args) => upload::run(env, args),
        Command::Validate(args) => validate::run(env, args),
        Command::Init(args) => init::run(env, args),
        Command::Sign(args) => sign::run(env, args),
        Command::Profile(args) => profile::run(env, args),
        Command::Stop(args) => stop::run(env, args),
        Command::History(args) => history::run(env, args),
        Command::Jobs(args) => jobs::run(env, args),
        Command::Explain(args) => explain::run(env, args),
        Command::Schema(args) => schema::run(env, args),
        Command::Providers(args) => providers::run(env, args),
        Command::Sandbox(args) => sandbox::run(env, args),
        Command::Completions(args) => completions::run(env, args, self::command()),
    }
}

/// The outcome of a command that sends and ended with an error before it had one to report.
fn outcome_of(error: &Error) -> &'static str {
    match error.exit() {
        Exit::Denied | Exit::Rejected => Verdict::Rejected.word(),
        Exit::Partly => Verdict::Partial.word(),
        Exit::Unknown | Exit::Bug => Verdict::Unknown.word(),
        Exit::Unavailable | Exit::HungUp | Exit::Interrupted | Exit::Quit | Exit::Terminated => {
            Verdict::Unavailable.word()
        }
        Exit::Done | Exit::Findings | Exit::Usage | Exit::Input | Exit::Guard => "refused",
    }
}

/// Whether `-q` is given, found without parsing.
fn is_quiet(typed: &[OsString]) -> bool {
    let is_flag = |word: &str| {
        let letters = word.strip_prefix('-').filter(|letters| letters.contains('q'));
        word == "--quiet" || letters.is_some_and(|all| all.chars().all(|c| "vq".contains(c)))
    };
    typed.iter().filter_map(|word| word.to_str()).any(is_flag)
}

/// The requested machine format, found without parsing: it also applies to the error of a line that does not parse. Of
/// several the last one counts.
fn format_of(typed: &[OsString]) -> Option<Format> {
    match last_value(typed, "--output") {
        Some("json") => Some(Format::Json),
        Some("ndjson") => Some(Format::Ndjson),
        _ => None,
    }
}

/// The last value of a flag, found without parsing.
fn last_value<'a>(typed: &'a [OsString], flag: &str) -> Option<&'a str> {
    let words: Vec<&str> = typed.iter().map(|word| word.to_str().unwrap_or_default()).collect();
    words.iter().enumerate().rev().find_map(|(index, word)| {
        let rest = word.strip_prefix(flag)?;
        if rest.is_empty() { words.get(index + 1).copied() } else { rest.strip_prefix('=') }
    })
}

/// When colours are used, found without parsing.
fn color_of(typed: &[OsString]) -> Color {
    match last_value(typed, "--color") {
        Some("always") => Color::Always,
        Some("never") => Color::Never,
        _ => Color::Auto,
    }
}

/// Help and version, or a usage error.
fn usage(failed: &ParseFailure, machine: Option<Format>, typed: &[OsString]) -> Exit {
    let format = machine.unwrap_or(Format::Human);
    let env = |name: &str| std::env::var(name).ok();
    let ui = Ui::new(format, color_of(typed), false, is_quiet(typed), &env);
    let error = match failed {
        // Help goes to stdout, and to stderr where a command is missing; a closed stream is not an error.
        ParseFailure::Answer(text) => {
            let is_asked = text.kind() != ClapError::DisplayHelpOnMissingArgumentOrSubcommand;
            let (text, examples) = match text.kind() {
                ClapError::DisplayVersion => (text.render(), String::new()),
                kind => help::page(command(), GROUPS, typed, kind),
            };
            let verbatim = (help::EXAMPLES, examples.as_str());
            let shown = |color| if color { text.ansi().to_string() } else { text.to_string() };
            if is_asked {
                ui.page_with(&shown(ui.color_out), verbatim);
                return Exit::Done;
            }
            if machine.is_none() {
                ui.page_beside_with(&shown(ui.color_err), verbatim);
                return Exit::Usage;
            }
            &Error::usage("the line names no command").help("`herald --help` lists the commands")
        }
        ParseFailure::Error(error) => error,
    };
    ui.error(error, None);
    Exit::Usage
}

#[cfg(test)]
mod tests;
