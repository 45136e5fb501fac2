//! `herald profile init`: asks for what a profile needs and adds it to the file.

use std::io::{self, IsTerminal as _};
#[cfg(unix)]
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};

#[cfg(unix)]
use dialoguer::console::Term;
use dialoguer::{Confirm, Input, Password, Select};
use serde_json::json;

use crate::account::{ENDPOINT, Mode, Secret};
use crate::contract::{Contract, CredentialKey};
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::profile::{self, NewProfile, ValueSource};
use crate::provider;
#[cfg(unix)]
use crate::send::interruptible_io::STOP_POLL_INTERVAL;
use crate::send::profile_choice::in_world;
#[cfg(unix)]
use crate::signals::{self, Listening};
use crate::text::escape;
use crate::text::suggest;

/// Flags of `profile init`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Args {
    /// Name the profile; asked for where it is not given
    pub(super) name: Option<String>,
}

/// Asks, and adds the profile.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    let name = args.name.as_deref();
    let contracts: Vec<&'static Contract> =
        provider::ALL.iter().map(|vendor| vendor.contract()).collect();
    let provider = env.globals.provider.as_deref();
    let given = match provider {
        Some(id) => Some(provider::find(id)?.contract()),
        None => None,
    };
    let Some((path, _)) = in_world(env, profile::profiles_path) else {
        return Err(Error::new(ErrorKind::Profile, "there is no folder for profiles")
            .help("name a file with --profiles, or set HOME"));
    };
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return Err(without_terminal(&path, given.or(contracts.first().copied())));
    }
    // A broken file is reported before the first question.
    let file = profile::File::read(&path, &contracts)?;
    let taken = |name: &str| file.as_ref().is_some_and(|file| file.profile(name).is_some());
    if let Some(name) = name.filter(|name| taken(name)) {
        let message = format!("{} has a profile `{name}` already", path.display());
        return Err(Error::new(ErrorKind::Profile, message).help("choose another name"));
    }

    let _kept = keep_terminal();
    let contract = given.map_or_else(|| ask_provider(&contracts), Ok)?;
    let name = name.map_or_else(|| ask_name(&taken), |name| Ok(name.to_owned()))?;
    let profile = ask_profile(name, contract)?;
    profile::add(&path, &profile, &contracts)?;

    if env.ui.is_machine() {
        let file = path.display().to_string();
        env.ui.json(&json!({ "version": 1, "profile": profile.name, "file": file }));
    }
    let (name, file) = (escape(&profile.name), escape(&path.display().to_string()));
    env.ui.remark(&format!("wrote profile `{name}` to {file}"));
    env.ui.remark(&format!("try it: {}", suggest("profile check").arg(&profile.name)));
    Ok(Exit::Done)
}

/// During a question the terminal hides what the user types, or the cursor. If a signal then ends herald, this restores
/// the terminal. Hold it as long as there are questions.
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

/// The advice if there is no terminal for questions: the user writes the file.
fn without_terminal(path: &std::path::Path, contract: Option<&'static Contract>) -> Error {
    let mut help = format!("write a profile into {} (chmod 600), as\n", path.display());
    help += &template(contract);
    Error::usage("`profile init` asks questions, and there is no terminal").help(help)
}

/// A profile for the user to complete, with all that its provider needs.
pub(super) fn template(contract: Option<&'static Contract>) -> String {
    let Some(contract) = contract else { return String::new() };
    let mut text = format!("[profiles.NAME]\nprovider = \"{}\"", contract.id);
    for row in contract.credentials.iter().filter(|row| row.required) {
        let value = match (row.name, row.secret) {
            (ENDPOINT, _) => "\"http://HOST:8080\"".to_owned(),
            (_, true) => format!("{{ env = \"{}\" }}", suggestion("NAME", row)),
            (_, false) => "\"…\"".to_owned(),
        };
        text += &format!("\n{} = {value}", row.name);
    }
    text
}

/// The name of a variable for a secret.
fn suggestion(profile: &str, row: &CredentialKey) -> String {
    let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    format!("{profile}_{}", row.name).chars().map(word).collect()
}

fn ask_provider(contracts: &[&'static Contract]) -> Result<&'static Contract> {
    let items: Vec<String> =
        contracts.iter().map(|contract| format!("{} ({})", contract.id, contract.name)).collect();
    let chosen = Select::new().with_prompt("Provider").items(&items).default(0).interact();
    Ok(contracts[chosen.map_err(interrupted)?])
}

fn ask_name(taken: &dyn Fn(&str) -> bool) -> Result<String> {
    Input::<String>::new()
        .with_prompt("Name of the profile")
        .validate_with(|name: &String| match name.trim() {
            "" => Err("a profile has a name"),
            name if taken(name) => Err("there is a profile of this name"),
            _ => Ok(()),
        })
        .interact_text()
        .map(|name| name.trim().to_owned())
        .map_err(interrupted)
}

fn ask_profile(name: String, contract: &'static Contract) -> Result<NewProfile> {
    let mut profile =
        NewProfile { name, provider: contract.id.to_owned(), ..NewProfile::default() };
    if let Some(endpoint) = ask_endpoint(contract)? {
        profile.fields.push((ENDPOINT, ValueSource::Literal(Secret::new(endpoint))));
    }
    for row in contract.credentials.iter().filter(|row| row.name != ENDPOINT) {
        let source = match row.secret {
            true => ask_secret(&profile.name, row)?,
            false => ask_plain(row)?,
        };
        profile.fields.extend(source.map(|source| (row.name, source)));
    }
    let modes = [Mode::Live, Mode::Test, Mode::Sandbox];
    let items = [
        "live: real people; large sends are confirmed",
        "test: only the guest list (`allow_to`, to be filled in)",
        "sandbox: stays inside herald",
    ];
    let chosen = Select::new().with_prompt("Mode").items(items).default(0).interact();
    profile.settings.push(("mode", modes[chosen.map_err(interrupted)?].word().to_owned()));
    Ok(profile)
}

/// The endpoint; `None` for the provider's usual one.
fn ask_endpoint(contract: &'static Contract) -> Result<Option<String>> {
    let has_usual = crate::contract::has_usual_endpoint(contract);
    let names: Vec<&str> = contract
        .endpoints
        .iter()
        .filter(|row| row.role.is_empty() && !row.name.is_empty())
        .map(|row| row.name)
        .collect();
    let prompt = match (has_usual, names.is_empty()) {
        (true, true) => "Endpoint, a URL (empty for the usual one)".to_owned(),
        (true, false) => {
            format!("Endpoint: {}, or a URL (empty for the usual one)", names.join(", "))
        }
        (false, true) => "Endpoint, as http://HOST:PORT".to_owned(),
        (false, false) => format!("Endpoint: {}, or a URL", names.join(", ")),
    };
    let answer: String = Input::new()
        .with_prompt(prompt)
        .allow_empty(has_usual)
        .validate_with(|text: &String| match text.is_empty() && has_usual {
            true => Ok(()),
            false => {
                crate::contract::check_endpoint(text, contract).map_err(|(message, _)| message)
            }
        })
        .interact_text()
        .map_err(interrupted)?;
    Ok((!answer.is_empty()).then_some(answer))
}

fn ask_plain(row: &CredentialKey) -> Result<Option<ValueSource>> {
    let prompt = if row.required { label(row) } else { format!("{} (may be empty)", label(row)) };
    let answer: String = Input::new()
        .with_prompt(prompt)
        .allow_empty(!row.required)
        .interact_text()
        .map_err(interrupted)?;
    Ok((!answer.is_empty()).then(|| ValueSource::Literal(Secret::new(answer))))
}

fn ask_secret(profile: &str, row: &CredentialKey) -> Result<Option<ValueSource>> {
    let mut items = vec![
        "an environment variable",
        "a file",
        "a command, as `pass show herald`",
        "the profile file itself (only you can read it)",
    ];
    if !row.required {
        items.insert(0, "nowhere: leave it out");
    }
    let prompt = format!("{}: where does it come from", label(row));
    let chosen = Select::new().with_prompt(prompt).items(&items).default(0).interact();
    let chosen = chosen.map_err(interrupted)? + usize::from(row.required);
    Ok(Some(match chosen {
        0 => return Ok(None),
        1 => ValueSource::Env(ask_text("Name of the variable", Some(suggestion(profile, row)))?),
        2 => {
            ValueSource::File(ask_text("Path, relative to the profile file's folder", None)?.into())
        }
        3 => ValueSource::Command(ask_command()?),
        _ => ValueSource::Literal(ask_literal(row)?),
    }))
}

fn ask_command() -> Result<Vec<String>> {
    let line: String = Input::new()
        .with_prompt("Command (no shell runs it)")
        .validate_with(|line: &String| match profile::split_words(line) {
            Ok(words) if words.is_empty() => Err("it names no program"),
            Ok(_) => Ok(()),
            Err(why) => Err(why),
        })
        .interact_text()
        .map_err(interrupted)?;
    Ok(profile::split_words(&line).expect("it was split when it was typed"))
}

fn ask_literal(row: &CredentialKey) -> Result<Secret> {
    let typed = Password::new().with_prompt(row.name).interact().map_err(interrupted)?;
    let secret = Secret::new(typed);
    let odd = secret.expose().trim() != secret.expose();
    if odd
        && !Confirm::new()
            .with_prompt("It begins or ends with a blank. Keep it")
            .interact()
            .map_err(interrupted)?
    {
        return Ok(Secret::new(secret.expose().trim()));
    }
    Ok(secret)
}

fn ask_text(prompt: &str, suggestion: Option<String>) -> Result<String> {
    let input = Input::<String>::new().with_prompt(prompt);
    let input = match suggestion {
        Some(text) => input.default(text),
        None => input,
    };
    input.interact_text().map_err(interrupted)
}

/// A key with its description.
fn label(row: &CredentialKey) -> String {
    if row.about.is_empty() { row.name.to_owned() } else { format!("{} ({})", row.name, row.about) }
}

/// A question without an answer: nothing has been written.
fn interrupted(error: dialoguer::Error) -> Error {
    Error::new(ErrorKind::Interrupted, "the questions were not answered; nothing was written")
        .because(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_s_name_is_made_of_what_a_shell_takes() {
        let row = CredentialKey {
            name: "app_secret",
            secret: true,
            lasting: true,
            required: true,
            about: crate::text::Text::NONE,
            sandbox: "",
            values: &[],
        };
        assert_eq!(suggestion("my-app.的", &row), "MY_APP___APP_SECRET");
    }
}
