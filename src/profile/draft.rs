//! A profile while it is made: each answer is judged as `profile check` judges the finished profile.

use std::path::Path;

use super::choose::{ChosenAccount, ProfileWorld};
use super::file::{COMMON, File};
use super::name::{self, variable_for};
use super::resolve::{ResolvedAccount, Secrets};
use super::source::ValueSource;
use super::store::{MakeDefault, NewProfile, SettingValue, add, key, section};
use super::text::TomlText;
use crate::account::{ENDPOINT, Mode, Secret};
use crate::contract::{Contract, CredentialKey, has_usual_endpoint};
use crate::error::{Error, ErrorKind, Result};
use crate::near::did_you_mean;

/// Why an answer is not taken.
#[derive(Clone, Debug)]
pub struct AnswerFault {
    /// What is wrong with it.
    pub reason: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Whether the value has a source that has nothing yet, as a variable that is not set.
    pub is_absent: bool,
}

impl AnswerFault {
    pub(super) fn new(reason: impl Into<String>, help: Option<String>) -> Self {
        Self { reason: reason.into(), help, is_absent: false }
    }

    /// As an error: of usage, or of a missing secret.
    pub fn error(self) -> Error {
        let kind = if self.is_absent { ErrorKind::Secret } else { ErrorKind::Usage };
        let error = Error::new(kind, self.reason);
        match self.help {
            Some(help) => error.help(help),
            None => error,
        }
    }
}

/// A profile while it is made.
#[derive(Debug)]
pub struct ProfileDraft<'a> {
    world: &'a ProfileWorld<'a>,
    path: &'a Path,
    contract: &'static Contract,
    profile: NewProfile,
}

impl<'a> ProfileDraft<'a> {
    /// A profile of this name with nothing but its provider.
    pub fn new(
        world: &'a ProfileWorld<'a>,
        path: &'a Path,
        contract: &'static Contract,
        name: &str,
    ) -> Self {
        let (name, provider) = (name.to_owned(), contract.id.to_owned());
        let profile = NewProfile { name, provider, ..NewProfile::default() };
        Self { world, path, contract, profile }
    }

    /// The rows of its provider.
    pub fn contract(&self) -> &'static Contract {
        self.contract
    }

    /// The variable that a secret may come from.
    pub fn variable_for(&self, row: &CredentialKey) -> String {
        variable_for(&self.profile.name, row, &names_in(self.path, self.world))
    }

    /// The profile as it is by now.
    pub fn profile(&self) -> &NewProfile {
        &self.profile
    }

    /// Whether a key has a value by now.
    pub fn has(&self, key: &str) -> bool {
        self.profile.fields.iter().any(|(name, _)| *name == key)
            || self.profile.settings.iter().any(|(name, _)| *name == key)
    }

    /// What the profile is for; `test` where nothing else is said, so that no one is reached by accident.
    pub fn mode(&self) -> Mode {
        let said = self.profile.settings.iter().find(|(name, _)| *name == "mode");
        match said {
            Some((_, SettingValue::Word(word))) if word == Mode::Live.word() => Mode::Live,
            Some((_, SettingValue::Word(word))) if word == Mode::Sandbox.word() => Mode::Sandbox,
            _ => Mode::Test,
        }
    }

    /// Gives a key a value that is not a secret, as text.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), AnswerFault> {
        let known = |name: &&'static str| *name == key;
        match COMMON.into_iter().find(known) {
            None | Some(ENDPOINT) => {
                let row = self.row(key)?;
                if row.1 {
                    let help = format!(
                        "name the variable that has it, as `--secret-env {key}=VARIABLE`; no flag takes a secret"
                    );
                    return Err(AnswerFault::new(format!("`{key}` is a secret"), Some(help)));
                }
                self.source(key, ValueSource::Literal(Secret::new(value)))
            }
            Some(name @ ("mode" | "kill_switch" | "roots")) => {
                self.setting(name, SettingValue::Word(value.to_owned()))
            }
            Some("allow_to") => {
                let mut words =
                    match self.profile.settings.iter().find(|(name, _)| *name == "allow_to") {
                        Some((_, SettingValue::Words(words))) => words.clone(),
                        _ => Vec::new(),
                    };
                let more = value.split([',', ' ']).filter(|word| !word.is_empty());
                words.extend(more.map(str::to_owned));
                if words.is_empty() {
                    let help = Some("name at least one target, as `user:test-*`".to_owned());
                    return Err(AnswerFault::new("`allow_to` is empty", help));
                }
                self.setting("allow_to", SettingValue::Words(words))
            }
            Some(name @ ("confirm_above" | "max_targets")) => match value.parse() {
                Ok(number) => self.setting(name, SettingValue::Number(number)),
                Err(_) => Err(AnswerFault::new(
                    format!("`{name}` is a whole number, not `{value}`"),
                    None,
                )),
            },
            Some(name) => {
                let help = format!("add it to {} in an editor", self.path.display());
                Err(AnswerFault::new(
                    format!("`{name}` has a flag of its own, or is a table"),
                    Some(help),
                ))
            }
        }
    }

    /// Says where the value of a key comes from.
    pub fn source(&mut self, key: &str, source: ValueSource) -> Result<(), AnswerFault> {
        let (key, _) = self.row(key)?;
        let mut only = self.only();
        only.fields
            .extend(self.profile.fields.iter().filter(|(name, _)| *name == ENDPOINT).cloned());
        only.fields.retain(|(name, _)| *name != key);
        only.fields.push((key, source.clone()));
        let resolved = self.read(&only)?;
        if let Some(lack) = resolved.lacking.iter().find(|lack| lack.key == key) {
            let (reason, help) = (lack.message.clone(), lack.help.clone());
            return Err(AnswerFault { reason, help, is_absent: true });
        }
        self.profile.fields.retain(|(name, _)| *name != key);
        self.profile.fields.push((key, source));
        Ok(())
    }

    /// The same without looking whether its source has a value.
    pub fn source_unread(&mut self, key: &str, source: ValueSource) -> Result<(), AnswerFault> {
        let (key, _) = self.row(key)?;
        self.profile.fields.retain(|(name, _)| *name != key);
        self.profile.fields.push((key, source));
        Ok(())
    }

    fn setting(&mut self, key: &'static str, value: SettingValue) -> Result<(), AnswerFault> {
        let mut only = self.only();
        only.settings.push((key, value.clone()));
        self.read(&only)?;
        self.profile.settings.retain(|(name, _)| *name != key);
        self.profile.settings.push((key, value));
        Ok(())
    }

    /// The name, if it can be one.
    pub fn check_name(&self) -> Result<(), AnswerFault> {
        name::check(&self.profile.name)?;
        self.read(&self.only()).map(|_| ())
    }

    /// The keys that nothing works without, and that have no value. In the sandbox nothing is needed.
    pub fn missing(&self) -> Vec<&'static CredentialKey> {
        if self.mode() == Mode::Sandbox {
            return Vec::new();
        }
        let has = |key: &str| self.has(key);
        let is_missing = |row: &&CredentialKey| row.is_needed(&has) && !has(row.name);
        self.contract.credentials.iter().filter(is_missing).collect()
    }

    /// The finished profile, as a command would use it.
    pub fn resolve(&self) -> Result<(ChosenAccount, ResolvedAccount), AnswerFault> {
        let chosen = self.chosen(&self.profile)?;
        let resolved =
            chosen.resolve(self.world, Secrets::Fetch).map_err(|error| of_error(&error))?;
        Ok((chosen, resolved))
    }

    /// The profile as it will stand in the file: without a mode it is for tests.
    #[must_use]
    pub fn with_mode(mut self) -> Self {
        if !self.has("mode") {
            let mode = SettingValue::Word(Mode::Test.word().to_owned());
            self.profile.settings.insert(0, ("mode", mode));
        }
        self
    }

    /// Adds it to the file, as the default where `is_default` says so or where the file is new. A live profile does not
    /// become the default by itself.
    pub fn write(self, is_default: bool) -> Result<(NewProfile, File)> {
        let make_default = match (is_default, self.mode()) {
            (true, _) => MakeDefault::Yes,
            (false, Mode::Live) => MakeDefault::No,
            (false, Mode::Test | Mode::Sandbox) => MakeDefault::InNewFile,
        };
        let file = add(self.path, &self.profile, make_default, self.world.contracts)?;
        Ok((self.profile, file))
    }

    /// Nothing but name and provider, to judge one answer.
    fn only(&self) -> NewProfile {
        let (name, provider) = (self.profile.name.clone(), self.profile.provider.clone());
        NewProfile { name, provider, ..NewProfile::default() }
    }

    fn chosen(&self, profile: &NewProfile) -> Result<ChosenAccount, AnswerFault> {
        let text = TomlText::new(self.path, section(profile));
        let problems = match File::try_parse(text, false, self.world.contracts) {
            Ok(file) => match file.profiles.first() {
                Some(profile) => return Ok(ChosenAccount::of(&file, profile)),
                None => file.faulty.into_iter().flat_map(|faulty| faulty.problems).collect(),
            },
            Err((_, problems, _)) => problems,
        };
        Err(problems.into_iter().next().map_or_else(
            || AnswerFault::new("it cannot be written", None),
            |problem| AnswerFault::new(problem.message, problem.help),
        ))
    }

    fn read(&self, profile: &NewProfile) -> Result<ResolvedAccount, AnswerFault> {
        let chosen = self.chosen(profile)?;
        chosen.resolve(self.world, Secrets::Fetch).map_err(|error| of_error(&error))
    }

    /// The name of a key whose value has a source, and whether it is a secret.
    fn row(&self, key: &str) -> Result<(&'static str, bool), AnswerFault> {
        let rows = self.contract.credentials;
        if let Some(row) = rows.iter().find(|row| row.name == key) {
            return Ok((row.name, row.secret));
        }
        if key == ENDPOINT {
            return Ok((ENDPOINT, false));
        }
        let all = || rows.iter().map(|row| row.name).chain(COMMON);
        let list = || format!("the keys are {}", all().collect::<Vec<_>>().join(", "));
        let help = did_you_mean(key, all()).unwrap_or_else(list);
        Err(AnswerFault::new(format!("{} has no key `{key}`", self.contract.id), Some(help)))
    }
}

fn of_error(error: &Error) -> AnswerFault {
    AnswerFault::new(error.full_message(), error.advice().map(str::to_owned))
}

/// The names of the profiles in a file; none where it cannot be read.
pub fn names_in(path: &Path, world: &ProfileWorld<'_>) -> Vec<String> {
    let file = File::read(path, world.contracts).ok().flatten();
    file.map(|file| file.names().into_iter().map(str::to_owned).collect()).unwrap_or_default()
}

/// A profile for the user to complete, with all that its provider needs. `others`: the names of the profiles that there are.
pub fn template(contract: &'static Contract, name: &str, others: &[String]) -> String {
    let mut text = format!("[profiles.{}]\nprovider = \"{}\"", key(name), contract.id);
    for row in contract.credentials.iter().filter(|row| row.is_needed(&|_| false)) {
        let value = match (row.name, row.secret) {
            (ENDPOINT, _) => {
                let usual = contract.endpoints.first().map_or("http://HOST:PORT", |row| row.base);
                format!("\"{usual}\"")
            }
            (_, true) => format!("{{ env = \"{}\" }}", variable_for(name, row, others)),
            (_, false) => "\"...\"".to_owned(),
        };
        let or =
            if row.instead.is_empty() { String::new() } else { format!(" # or {}", row.instead) };
        text += &format!("\n{} = {value}{or}", row.name);
    }
    let kind = contract.default_target;
    text + &format!("\nmode = \"test\"\nallow_to = [\"{kind}:test-*\"]")
}

/// What the endpoint can be, in words, and whether it may be left out.
pub fn endpoint_words(contract: &'static Contract) -> (String, bool) {
    let names: Vec<&str> = contract
        .endpoints
        .iter()
        .filter(|row| row.role.is_empty() && !row.name.is_empty())
        .map(|row| row.name)
        .collect();
    let may_lack = has_usual_endpoint(contract);
    let what = match names.is_empty() {
        true => "Where requests go: a URL, as http://HOST:PORT".to_owned(),
        false => format!("Where requests go: {}, or a URL", names.join(", ")),
    };
    (what, may_lack)
}
