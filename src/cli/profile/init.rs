//! `herald profile init`: asks for what a profile needs, or takes it from flags, and adds it to the file.

use std::io::{self, IsTerminal as _};
use std::path::Path;
#[cfg(unix)]
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};

#[cfg(unix)]
use dialoguer::console::Term;
use serde_json::json;

use crate::account::{ENDPOINT, Mode, Secret};
use crate::cli::profile::check;
use crate::contract::{Contract, CredentialKey};
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::profile::{
    self, AnswerFault, NewProfile, ProfileDraft, ProfileWorld, ValueSource, endpoint_words,
};
use crate::provider;
use crate::report::Asker;
#[cfg(unix)]
use crate::send::interruptible_io::STOP_POLL_INTERVAL;
use crate::send::profile_choice::in_world;
#[cfg(unix)]
use crate::signals::{self, Listening};
use crate::text::suggest;

/// Flags of `profile init`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Args {
    /// Name of the profile; herald asks if you give none
    pub(super) name: Option<String>,
    /// Value of a key that is no secret; repeatable
    ///
    /// With this flag, herald asks nothing.
    #[arg(long, value_name = "KEY=VALUE", requires = "name")]
    pub(super) set: Vec<String>,
    /// Environment variable with the value of a key; repeatable
    ///
    /// With this flag, herald asks nothing.
    #[arg(long, value_name = "KEY=VARIABLE", requires = "name")]
    pub(super) secret_env: Vec<String>,
    /// Make it the default, which commands without --profile use
    ///
    /// The first profile of a file is the default without this flag, except a live one.
    #[arg(long)]
    pub(super) default: bool,
}

/// Asks, or takes what flags say, and adds the profile.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    let provider = env.globals.provider.as_deref();
    let given =
        provider.map(|id| provider::find(id).map(|vendor| vendor.contract())).transpose()?;
    let Some((path, _)) = in_world(env, profile::profiles_path) else {
        return Err(Error::new(ErrorKind::Profile, "there is no folder for profiles")
            .help("name a file with --profiles, or set HOME"));
    };
    let is_scripted = !args.set.is_empty() || !args.secret_env.is_empty();
    let can_ask = io::stdin().is_terminal() && io::stderr().is_terminal();
    in_world(env, |_, world| {
        if !is_scripted && !can_ask {
            return Err(without_terminal(&path, world, given, args.name.as_deref()));
        }
        // A broken file is reported before the first question.
        let file = profile::File::read(&path, world.contracts)?;
        let taken = |name: &str| file.as_ref().is_some_and(|file| file.has(name));
        if let Some(name) = args.name.as_deref().filter(|name| taken(name)) {
            let message = format!("{} has a profile `{name}` already", path.display());
            return Err(Error::new(ErrorKind::Profile, message).help("choose another name"));
        }
        let default = file.as_ref().and_then(|file| file.default.as_deref());
        if let Some(default) = default.filter(|_| args.default) {
            let message = format!("{} has the default `{default}` already", path.display());
            let line = profile::default_line(args.name.as_deref().unwrap_or("NAME"));
            return Err(Error::new(ErrorKind::Profile, message)
                .help(format!("leave out --default, and change its line to `{line}` afterwards")));
        }
        let draft = match is_scripted {
            true => from_flags(args, given, world, &path)?,
            false => {
                let _kept = keep_terminal();
                let asker = Asker { ui: &env.ui };
                ask(asker, args, given, world, &path, &taken)?
            }
        };
        let draft = draft.with_mode();
        check_whole(env, &draft, !is_scripted)?;
        let contract = draft.contract();
        let is_live = draft.mode() == Mode::Live;
        let (profile, file) = draft.write(args.default)?;
        tell(env, &profile, contract, &path);
        env.ui.remark(&default_words(&profile.name, is_live, &file));
        Ok(Exit::Done)
    })
}

/// The profile as `profile check` sees it, before it is written. A value whose source has nothing yet is no error where
/// the user was told and kept it.
fn check_whole(env: &Env, draft: &ProfileDraft<'_>, is_told: bool) -> Result<()> {
    let (_, resolved) = draft.resolve().map_err(AnswerFault::error)?;
    let (errors, warnings) = check::judged(&resolved, is_told);
    if let Some(error) = errors.into_iter().next() {
        return Err(error);
    }
    warnings.iter().for_each(|warning| env.ui.warn(warning));
    Ok(())
}

/// Says what was written, and what to try.
fn tell(env: &Env, profile: &NewProfile, contract: &'static Contract, path: &Path) {
    let (name, file) = (&profile.name, path.display().to_string());
    if env.ui.is_machine() {
        env.ui.json(&json!({ "version": 1, "profile": name, "file": file }));
    }
    env.ui.remark(&format!("wrote profile `{name}` to {file}"));
    env.ui.remark(&format!("check it: {}", suggest("profile check").arg(name)));
    let sender = contract.operations.iter().any(|operation| {
        operation.verbs.contains(&crate::contract::Verb::Send) && !operation.sender.is_empty()
    });
    let from = if sender { " --from alice" } else { "" };
    let words = format!("--sandbox{from} --to bob1 --text hello");
    let send = suggest("send --profile").arg(name).words(&words);
    env.ui.remark(&format!("try it, without sending anything: {send}"));
}

/// Says which profile commands use that name none, and how to change it.
fn default_words(name: &str, is_live: bool, file: &profile::File) -> String {
    let (path, line) = (file.path().display(), profile::default_line(name));
    let top = format!("put `{line}` at the top of {path}");
    let why = if is_live { ", since it is live" } else { "" };
    match file.default.as_deref() {
        Some(default) if default == name => format!(
            "`{name}` is the default now: commands without --profile use it. To change that, edit the line `{line}` in {path}"
        ),
        Some(default) => format!(
            "the default is still `{default}`: add --profile to use `{name}`, or change the line of the default in {path} to `{line}`"
        ),
        None if file.profiles.len() == 1 => format!(
            "`{name}` is not made the default{why}. As long as it is the only profile, commands without --profile use it all the \
             same. To make it the default, {top}"
        ),
        None => format!(
            "`{name}` is not made the default{why}: add --profile to use it. To make it the default, {top}"
        ),
    }
}

/// The profile that flags describe.
fn from_flags<'a>(
    args: &Args,
    given: Option<&'static Contract>,
    world: &'a ProfileWorld<'a>,
    path: &'a Path,
) -> Result<ProfileDraft<'a>> {
    let name = args.name.as_deref().unwrap_or_default();
    let contract = given.ok_or_else(|| {
        let ids: Vec<&str> = world.contracts.iter().map(|contract| contract.id).collect();
        Error::usage("the provider is missing")
            .help(format!("add --provider ID: {}", ids.join(", ")))
    })?;
    let mut draft = ProfileDraft::new(world, path, contract, name);
    draft.check_name().map_err(AnswerFault::error)?;
    // The endpoint first: at an address of this machine, the sandbox's credentials are not secrets.
    let mut sets = pairs("--set", &args.set)?;
    sets.sort_by_key(|(key, _)| *key != ENDPOINT);
    for (key, value) in sets {
        draft.set(key, value).map_err(AnswerFault::error)?;
    }
    let mut unset = None;
    for (key, variable) in pairs("--secret-env", &args.secret_env)? {
        let source = ValueSource::Env(variable.to_owned());
        match draft.source(key, source.clone()) {
            Err(fault) if fault.is_absent => {
                unset = unset.or(Some(fault));
                draft.source_unread(key, source).map_err(AnswerFault::error)?;
            }
            done => done.map_err(AnswerFault::error)?,
        }
    }
    let missing = draft.missing();
    if !missing.is_empty() {
        return Err(missing_keys(contract, &missing));
    }
    unset.map_or(Ok(draft), |fault| Err(fault.error()))
}

fn pairs<'t>(flag: &str, typed: &'t [String]) -> Result<Vec<(&'t str, &'t str)>> {
    let pair = |text: &'t String| {
        text.split_once('=')
            .filter(|(key, value)| !key.is_empty() && !value.is_empty())
            .ok_or_else(|| Error::usage(format!("`{flag} {text}` is not of the form KEY=VALUE")))
    };
    typed.iter().map(pair).collect()
}

/// All keys that nothing works without and that no flag gives, each with the flag that does.
fn missing_keys(contract: &Contract, missing: &[&'static CredentialKey]) -> Error {
    let named: Vec<String> = missing.iter().map(|row| format!("`{}`", row.name)).collect();
    let flag = |row: &&CredentialKey| match row.secret {
        true => format!("--secret-env {}=VARIABLE", row.name),
        false => format!("--set {}=VALUE", row.name),
    };
    let flags: Vec<String> = missing.iter().map(flag).collect();
    let or: Vec<&str> = missing.iter().map(|row| row.instead).filter(|or| !or.is_empty()).collect();
    let or = or.first().map(|or| format!(" (or `{or}`)")).unwrap_or_default();
    Error::usage(format!("{} needs {}{or}", contract.id, named.join(", ")))
        .help(format!("add {}", flags.join(" ")))
}

/// During a question the terminal may hide what the user types. If a signal then ends herald, this restores the terminal.
/// Hold it as long as there are questions.
#[cfg(unix)]
fn keep_terminal() -> impl Drop {
    use nix::sys::termios::{SetArg, tcgetattr, tcsetattr};
    struct Asking {
        over: Sender<()>,
        _listening: Listening,
    }
    impl Drop for Asking {
        fn drop(&mut self) {
            // If the thread could not be started, no receiver exists.
            let _ = self.over.send(());
        }
    }
    let before = tcgetattr(io::stdin()).ok();
    let (over, waits) = channel();
    let asking = Asking { over, _listening: Listening::begin() };
    std::thread::spawn(move || {
        while waits.recv_timeout(STOP_POLL_INTERVAL) == Err(RecvTimeoutError::Timeout) {
            let Some(stop) = signals::heard() else { continue };
            if let Some(before) = &before {
                let _ = tcsetattr(io::stdin(), SetArg::TCSANOW, before);
            }
            let _ = Term::stderr().show_cursor();
            #[expect(clippy::exit, reason = "the other thread reads, and no signal wakes it")]
            std::process::exit(i32::from(stop.exit().code()));
        }
    });
    asking
}

/// On other systems, signals end herald at once.
#[cfg(not(unix))]
fn keep_terminal() {}

/// The advice if there is no terminal for questions: flags, or the user writes the file.
fn without_terminal(
    path: &Path,
    world: &ProfileWorld<'_>,
    contract: Option<&'static Contract>,
    name: Option<&str>,
) -> Error {
    let error = Error::usage("`profile init` asks questions, and there is no terminal");
    let Some(contract) = contract else {
        let ids: Vec<&str> = provider::contracts().iter().map(|contract| contract.id).collect();
        return error.help(format!(
            "name the provider with --provider ({}), and give keys with --set KEY=VALUE and --secret-env KEY=VARIABLE",
            ids.join(", ")
        ));
    };
    let name = name.unwrap_or("NAME");
    if let Err(fault) = ProfileDraft::new(world, path, contract, name).check_name() {
        return fault.error();
    }
    let template = profile::template(contract, name, &profile::names_in(path, world));
    error.help(format!(
        "give keys with --set KEY=VALUE and --secret-env KEY=VARIABLE, or write a profile into {} (chmod 600), as\n\
         {template}",
        path.display()
    ))
}

/// Asks for a whole profile.
fn ask<'a>(
    asker: Asker<'_>,
    args: &Args,
    given: Option<&'static Contract>,
    world: &'a ProfileWorld<'a>,
    path: &'a Path,
    taken: &dyn Fn(&str) -> bool,
) -> Result<ProfileDraft<'a>> {
    let contract = match given {
        Some(contract) => contract,
        None => {
            let items: Vec<(&str, &str)> =
                world.contracts.iter().map(|contract| (contract.id, contract.name)).collect();
            world.contracts[asker.choose("provider", &items, 0)?]
        }
    };
    let mut draft = match &args.name {
        Some(name) => {
            let draft = ProfileDraft::new(world, path, contract, name);
            draft.check_name().map_err(AnswerFault::error)?;
            draft
        }
        None => ask_name(asker, contract, world, path, taken)?,
    };
    ask_mode(asker, contract, &mut draft)?;
    if draft.mode() == Mode::Sandbox {
        return Ok(draft);
    }
    for row in contract.credentials {
        ask_key(asker, contract, row, &mut draft)?;
    }
    if !contract.credentials.iter().any(|row| row.name == ENDPOINT) {
        ask_endpoint(asker, contract, &mut draft)?;
    }
    Ok(draft)
}

fn ask_name<'a>(
    asker: Asker<'_>,
    contract: &'static Contract,
    world: &'a ProfileWorld<'a>,
    path: &'a Path,
    taken: &dyn Fn(&str) -> bool,
) -> Result<ProfileDraft<'a>> {
    asker.explain("A name for the profile, which --profile takes.");
    loop {
        let name = asker.line("name", None)?;
        let draft = ProfileDraft::new(world, path, contract, &name);
        if taken(&name) {
            asker.refuse("there is a profile of this name", None);
        } else if let Err(fault) = draft.check_name() {
            asker.refuse(&fault.reason, fault.help.as_deref());
        } else {
            return Ok(draft);
        }
    }
}

fn ask_mode(
    asker: Asker<'_>,
    contract: &'static Contract,
    draft: &mut ProfileDraft<'_>,
) -> Result<()> {
    let modes = [Mode::Test, Mode::Sandbox, Mode::Live];
    let about = [
        "reaches the targets of `allow_to` alone",
        "stays inside herald, and needs no credentials",
        "reaches real people; large sends are confirmed",
    ];
    let items: Vec<(&str, &str)> = modes.iter().map(|mode| mode.word()).zip(about).collect();
    let mode = modes[asker.choose("mode", &items, 0)?];
    draft.set("mode", mode.word()).map_err(AnswerFault::error)?;
    if mode != Mode::Test {
        return Ok(());
    }
    asker.explain("Targets that it may reach: KIND:PATTERN, where * is any text. Separate several with blanks.");
    let usual = format!("{}:test-*", contract.default_target);
    loop {
        let typed = asker.line("allow_to", Some(&usual))?;
        match draft.set("allow_to", &typed) {
            Ok(()) => return Ok(()),
            Err(fault) => asker.refuse(&fault.reason, fault.help.as_deref()),
        }
    }
}

/// Asks for the value of a key, or where it comes from.
fn ask_key(
    asker: Asker<'_>,
    contract: &'static Contract,
    row: &'static CredentialKey,
    draft: &mut ProfileDraft<'_>,
) -> Result<()> {
    let rows = contract.credentials;
    let is_left_out = |other: &CredentialKey| !draft.has(other.name);
    // Of keys that do only together, the first that is left out decides for the others.
    let before = rows.iter().take_while(|other| other.name != row.name);
    let is_settled = !row.instead.is_empty()
        && before.clone().any(|other| other.instead == row.instead && is_left_out(other));
    let mut replaced = rows.iter().filter(|other| other.instead == row.name).peekable();
    let replaces = replaced.peek().is_some();
    let is_due = replaces && replaced.any(is_left_out);
    if is_settled || replaces && !is_due {
        return Ok(());
    }
    let is_needed = row.required || is_due;
    let mut about = row.about.to_string();
    if !row.values.is_empty() {
        about += &format!(" ({})", row.values.join(" or "));
    }
    if !row.instead.is_empty() {
        about += &format!(". Enter leaves it out, for `{}`", row.instead);
    } else if !is_needed {
        about += ". Enter leaves it out";
    }
    asker.explain(&about);
    if row.secret {
        ask_secret(asker, row, is_needed, draft)
    } else {
        ask_plain(asker, row.name, is_needed, draft)
    }
}

fn ask_endpoint(
    asker: Asker<'_>,
    contract: &'static Contract,
    draft: &mut ProfileDraft<'_>,
) -> Result<()> {
    let (mut about, may_lack) = endpoint_words(contract);
    if may_lack {
        about += ". Enter takes the usual one";
    }
    asker.explain(&about);
    ask_plain(asker, ENDPOINT, !may_lack, draft)
}

fn ask_plain(
    asker: Asker<'_>,
    key: &str,
    is_needed: bool,
    draft: &mut ProfileDraft<'_>,
) -> Result<()> {
    loop {
        let typed = asker.line(key, None)?;
        if typed.is_empty() && !is_needed {
            return Ok(());
        }
        if typed.is_empty() {
            asker.refuse("nothing works without it", None);
            continue;
        }
        match draft.set(key, &typed) {
            Ok(()) => return Ok(()),
            Err(fault) => asker.refuse(&fault.reason, fault.help.as_deref()),
        }
    }
}

/// Asks where a secret comes from, and for the place.
fn ask_secret(
    asker: Asker<'_>,
    row: &'static CredentialKey,
    is_needed: bool,
    draft: &mut ProfileDraft<'_>,
) -> Result<()> {
    let mut items = vec![
        ("variable", "of the environment"),
        ("file", "a file that only you can read"),
        ("command", "a program that prints it, as `pass show herald`"),
        ("here", "the profile file itself, which only you can read"),
    ];
    if !is_needed {
        items.insert(0, ("nowhere", "leave it out"));
    }
    let prompt = format!("{} comes from", row.name);
    let usual = draft.variable_for(row);
    let mut refused: Option<ValueSource> = None;
    loop {
        let chosen = asker.choose(&prompt, &items, 0)?;
        let source = match items[chosen].0 {
            "nowhere" => return Ok(()),
            "variable" => ValueSource::Env(asker.line("variable", Some(&usual))?),
            "file" => ValueSource::File(asker.line("path", None)?.into()),
            "command" => match profile::split_words(&asker.line("command", None)?) {
                Ok(words) => ValueSource::Command(words),
                Err(why) => {
                    asker.refuse(why, None);
                    continue;
                }
            },
            _ => ValueSource::Literal(Secret::new(asker.hidden(row.name)?.trim())),
        };
        let fault = match draft.source(row.name, source.clone()) {
            Ok(()) => return Ok(()),
            Err(fault) => fault,
        };
        let is_same = refused.as_ref().is_some_and(|known| known.to_string() == source.to_string());
        if fault.is_absent && is_same {
            // The user was told, and means to make it later.
            return draft.source_unread(row.name, source).map_err(AnswerFault::error);
        }
        asker.refuse(&fault.reason, fault.help.as_deref());
        if fault.is_absent {
            asker.explain("The same answer again keeps it, for later.");
        }
        refused = Some(source);
    }
}
