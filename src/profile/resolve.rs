//! The meaning of a profile: every value is read from the source that the profile names.

use std::path::{Path, PathBuf};

use super::choose::{ChosenAccount, ProfileWorld};
use super::command::split_words;
use super::file::{Profile, field};
use super::source::{Fetch, SourceFailure, ValueSource};
use crate::account::{Account, ENDPOINT, Guards, Mode, Secret, variable};
use crate::contract::audience::id::IdFault;
use crate::contract::{Contract, check_endpoint};
use crate::error::{Error, ErrorKind, Result};
use crate::near::did_you_mean;
use crate::wire::{control_character, is_loopback};

/// Whether secrets are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrets {
    /// No: no program runs, and no secret is read. For commands that neither sign nor send.
    Leave,
    /// Yes. Missing values are recorded, and [`ResolvedAccount::require_complete`] reports them.
    Fetch,
}

/// An account with the sources of its values.
#[derive(Clone, Debug)]
pub struct ResolvedAccount {
    /// The account.
    pub account: Account,
    /// The rows of its provider.
    pub contract: &'static Contract,
    /// The source of each value, in the order of the provider's rows.
    pub origins: Vec<Origin>,
    /// The values that are missing.
    pub lacking: Vec<MissingKey>,
    /// Warnings about settings that work but are careless.
    pub warnings: Vec<String>,
}

/// The source of a value.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The key.
    pub key: &'static str,
    /// Whether it is a secret.
    pub secret: bool,
    /// In words: `env RONG_SECRET`.
    pub from: String,
    /// Its line in the profile file, if it is written there.
    pub line: Option<usize>,
}

/// A missing value.
#[derive(Clone, Debug)]
pub struct MissingKey {
    /// The key.
    pub key: &'static str,
    /// Whether it is a secret.
    pub secret: bool,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl MissingKey {
    /// The error for a command that needs the value.
    pub fn error(&self) -> Error {
        let kind = if self.secret { ErrorKind::Secret } else { ErrorKind::Profile };
        let error = Error::new(kind, self.message.clone());
        match &self.help {
            Some(help) => error.help(help.clone()),
            None => error,
        }
    }
}

impl ResolvedAccount {
    /// Refuses an account that cannot sign.
    pub fn require_complete(&self) -> Result<()> {
        self.lacking.first().map_or(Ok(()), |lack| Err(lack.error()))
    }
}

/// herald's variables that hold no secret, for every provider.
pub(super) const GENERAL: [&str; 5] = [
    "HERALD_PROFILES",
    "HERALD_PROFILE",
    "HERALD_READ_ONLY",
    "HERALD_KILL_SWITCH",
    "HERALD_COMPLETE",
];

/// Whether one of herald's variables may hold a secret, so that a program which prints another secret must not see it.
/// This is true for every variable that is not known to be harmless: profiles can name any variable.
fn may_hold_secret(name: &str, contracts: &[&'static Contract]) -> bool {
    if !name.starts_with("HERALD_") || GENERAL.contains(&name) {
        return false;
    }
    let is_plain = |contract: &&'static Contract| {
        let mut plain = keys(contract).into_iter().filter(|(_, secret, _)| !secret);
        plain.any(|(key, ..)| {
            let rest = name.strip_prefix(&variable(contract.id, key));
            rest.is_some_and(|rest| ["", "_FILE", "_COMMAND"].contains(&rest))
        })
    };
    !contracts.iter().any(is_plain)
}

/// The address of the sandbox in this process, below which each provider has a folder. Nothing is sent there: results
/// show it in place of the vendor's. A printed request reaches `herald sandbox` there, which listens on this port.
const SANDBOX_ADDRESS: &str = "http://sandbox.localhost:8787";

/// The account that the sandbox knows: the provider's fixed test credentials, which are not valid at any vendor.
pub fn sandbox_account(contract: &Contract) -> Account {
    let mut account = Account {
        provider: contract.id.to_owned(),
        endpoint: Some(format!("{SANDBOX_ADDRESS}/{}", contract.id)),
        guards: Guards { mode: Mode::Sandbox, ..Guards::default() },
        ..Account::default()
    };
    for row in contract.credentials.iter().filter(|row| !row.sandbox.is_empty()) {
        put(&mut account, row.name, row.secret, Secret::new(row.sandbox));
    }
    account
}

impl ChosenAccount {
    /// Reads the values from their sources.
    pub fn resolve(&self, world: &ProfileWorld<'_>, secrets: Secrets) -> Result<ResolvedAccount> {
        let contract = self.contract();
        let (account, folder, exposed) = match self {
            Self::Profile { profile, path, exposed, .. } => {
                let folder = path.parent().unwrap_or(Path::new("")).to_owned();
                (account_of(profile, &folder), folder, exposed.then_some(path.as_path()))
            }
            Self::Environment(_) => {
                let account = Account { provider: contract.id.to_owned(), ..Account::default() };
                (account, PathBuf::new(), None)
            }
        };
        let withheld = |name: &str| may_hold_secret(name, world.contracts);
        let fetch = Fetch {
            env: world.env,
            folder: &folder,
            exposed,
            published: None,
            withheld: &withheld,
        };
        let mut resolved = ResolvedAccount {
            account,
            contract,
            origins: Vec::new(),
            lacking: Vec::new(),
            warnings: Vec::new(),
        };
        // The endpoint is first: it decides whether the sandbox's credentials apply.
        for (key, secret, required) in keys(contract) {
            match self.source(world, key)? {
                Some((source, line)) => {
                    let origin = Origin { key, secret, from: source.to_string(), line };
                    resolved.take(origin, &source, secrets, &fetch)?;
                }
                None if required => resolved.lack(key, secret),
                None => {}
            }
        }
        if resolved.account.guards.mode == Mode::Sandbox {
            resolved.move_into_sandbox();
        } else {
            resolved.warnings.extend(self.unused_variables(world));
        }
        Ok(resolved)
    }

    /// A warning about credentials in the environment that a profile beats, although the user did not name the profile.
    fn unused_variables(&self, world: &ProfileWorld<'_>) -> Option<String> {
        let Self::Profile { profile, path, is_named: false, .. } = self else { return None };
        let forms = |key: &str| {
            let plain = variable(profile.contract.id, key);
            ["", "_FILE", "_COMMAND"].map(|form| format!("{plain}{form}"))
        };
        let set = keys(profile.contract).into_iter().flat_map(|(key, ..)| forms(key));
        let is_named = |name: &String| {
            let mut sources = profile.fields.iter().map(|entry| &entry.source);
            sources.any(|source| matches!(source, ValueSource::Env(used) if used == name))
        };
        let unused: Vec<String> =
            set.filter(|name| world.var(name).is_some() && !is_named(name)).collect();
        let is = if unused.len() == 1 { "is" } else { "are" };
        (!unused.is_empty()).then(|| {
            let (name, path) = (&profile.name, path.display());
            let unused = unused.join(", ");
            format!(
                "{unused} {is} not used: profile `{name}` of {path} is, and its keys are never replaced; \
                 --profile {name} says that it is meant"
            )
        })
    }

    /// The source of a key's value, and the line that names it.
    fn source(
        &self,
        world: &ProfileWorld<'_>,
        key: &str,
    ) -> Result<Option<(ValueSource, Option<usize>)>> {
        match self {
            Self::Profile { profile, .. } => {
                let entry = profile.fields.iter().find(|entry| entry.key == key);
                Ok(entry.map(|entry| (entry.source.clone(), Some(entry.line))))
            }
            Self::Environment(contract) => {
                Ok(from_environment(contract, key, world)?.map(|source| (source, None)))
            }
        }
    }
}

impl ResolvedAccount {
    /// Errors about keys that nothing works without, as the key that does as well is not there either. Commands that find
    /// it out by themselves go on without them.
    pub fn lacking_alternatives(&self) -> Vec<Error> {
        if self.account.guards.mode == Mode::Sandbox {
            return Vec::new();
        }
        let has = |key: &str| self.origins.iter().any(|origin| origin.key == key);
        let rows = self.contract.credentials.iter();
        let lacks = rows.filter(|row| !row.required && row.is_needed(&has) && !has(row.name));
        let error = |row: &crate::contract::CredentialKey| {
            let (provider, key, or) = (self.contract.id, row.name, row.instead);
            let message = format!("{provider} needs `{key}`, or `{or}`, and neither is given");
            Error::new(if row.secret { ErrorKind::Secret } else { ErrorKind::Profile }, message)
        };
        lacks.map(error).collect()
    }

    fn take(
        &mut self,
        origin: Origin,
        source: &ValueSource,
        secrets: Secrets,
        fetch: &Fetch<'_>,
    ) -> Result<()> {
        let Origin { key, secret, .. } = origin;
        // The sandbox has its own credentials, so a profile that stays there needs no others.
        let in_sandbox = self.account.guards.mode == Mode::Sandbox;
        let leave = secrets == Secrets::Leave || in_sandbox;
        self.origins.push(origin);
        if leave && (secret || matches!(source, ValueSource::Command(_))) {
            return Ok(());
        }
        let what = self.called(key);
        let fetch = &Fetch { published: self.published(key), ..*fetch };
        let is_published =
            matches!(source, ValueSource::Literal(value) if fetch.is_published(value.expose()));
        if secret && matches!(source, ValueSource::Literal(_)) && !is_published {
            self.warnings.push(format!(
                "{what} is in the file itself; let it come from env, file or command"
            ));
        }
        match source.fetch(&what, secret, fetch) {
            Ok(value) => {
                self.judge(key, &value, &what, source)?;
                put(&mut self.account, key, secret, value);
            }
            Err(SourceFailure::Refused(error)) => return Err(error),
            Err(SourceFailure::Absent(error)) => {
                let help = error.advice().map(str::to_owned);
                self.lacking.push(MissingKey { key, secret, message: error.full_message(), help });
            }
        }
        Ok(())
    }

    /// The value of a key that the sandbox publishes, if the account sends to a server on this machine: such a value
    /// gives access to nothing else.
    fn published(&self, key: &str) -> Option<&'static str> {
        let is_here = self.account.endpoint.as_deref().is_some_and(is_loopback);
        let row = self.contract.credentials.iter().find(|row| row.name == key && is_here)?;
        let mut values = self.contract.sandbox_roles.iter().flat_map(|role| role.values);
        let of_role = || values.find(|(name, _)| *name == key).map(|(_, value)| *value);
        Some(row.sandbox).filter(|value| !value.is_empty()).or_else(of_role)
    }

    /// Refuses an unusable value, from any source.
    fn judge(&self, key: &str, value: &Secret, what: &str, source: &ValueSource) -> Result<()> {
        let wrong = |message: String, help: Option<String>| {
            let error = Error::new(ErrorKind::Profile, message);
            Err(match help {
                Some(help) => error.help(help),
                None => error,
            })
        };
        // Neither a header nor a form can carry it, and no vendor issues such a value.
        if let Some(found) = control_character(value.expose()).filter(|_| key != ENDPOINT) {
            let help = "remove it; one line end behind the value of a file or program is removed";
            return wrong(format!("{what} has a {found} in it ({source})"), Some(help.to_owned()));
        }
        if key == ENDPOINT
            && let Err((message, help)) = check_endpoint(value.expose(), self.contract)
        {
            return wrong(message, help);
        }
        let row = self.contract.credentials.iter().find(|row| row.name == key);
        let is_id = row.is_some_and(|row| !row.secret && row.values.is_empty());
        if let Some(fault) = IdFault::of(value.expose()).filter(|_| is_id && key != ENDPOINT) {
            return wrong(format!("{what} {fault} ({source})"), Some(fault.advice().to_owned()));
        }
        let known = row.map_or(&[][..], |row| row.values);
        if known.is_empty() || known.contains(&value.expose()) {
            return Ok(());
        }
        let help = did_you_mean(value.expose(), known.iter().copied())
            .unwrap_or_else(|| format!("it is {}", known.join(" or ")));
        wrong(format!("{what} cannot be `{}`", value.expose()), Some(help))
    }

    fn lack(&mut self, key: &'static str, secret: bool) {
        let provider = &self.account.provider;
        let name = variable(provider, key);
        let init = "make a profile with `herald profile init`";
        let help = match &self.account.profile {
            Some(_) if secret => format!(
                "add `{key} = {{ env = \"NAME\" }}` to it, or {{ file = \"PATH\" }}, \
                 or {{ command = [\"PROGRAM\"] }}, or {init}"
            ),
            Some(_) => format!("add `{key} = \"…\"` to it, or {init}"),
            None => format!("set {name}, {name}_FILE or {name}_COMMAND, or {init}"),
        };
        let message = match &self.account.profile {
            Some(profile) => format!("profile `{profile}` has no `{key}`, and {provider} needs it"),
            None => format!("no `{key}` of {provider} is given"),
        };
        self.lacking.push(MissingKey { key, secret, message, help: Some(help) });
    }

    fn called(&self, key: &str) -> String {
        match &self.account.profile {
            Some(profile) => format!("`{key}` of profile `{profile}`"),
            None => format!("`{key}` of {}", self.account.provider),
        }
    }

    /// A profile that stays in the sandbox keeps its name, its guards and the values that the sandbox does not set; its
    /// credentials are the sandbox's.
    fn move_into_sandbox(&mut self) {
        let sandbox = sandbox_account(self.contract);
        self.account.endpoint = sandbox.endpoint;
        self.account.secrets = sandbox.secrets;
        self.account.values.extend(sandbox.values);
        self.lacking.clear();
        for origin in &mut self.origins {
            let fixed = |row: &&crate::contract::CredentialKey| {
                row.name == origin.key && !row.sandbox.is_empty()
            };
            if origin.key == ENDPOINT || self.contract.credentials.iter().any(|row| fixed(&row)) {
                origin.from = "sandbox".to_owned();
            }
        }
    }
}

/// Keys whose values have a source, with whether they are secret and required. The endpoint is the first of them, even
/// if it has no row.
pub(super) fn keys(contract: &'static Contract) -> Vec<(&'static str, bool, bool)> {
    let mut keys: Vec<_> =
        contract.credentials.iter().map(|row| (row.name, row.secret, row.required)).collect();
    if !keys.iter().any(|(name, ..)| *name == ENDPOINT) {
        keys.insert(0, (ENDPOINT, false, false));
    }
    keys.sort_by_key(|(name, ..)| *name != ENDPOINT);
    keys
}

fn put(account: &mut Account, key: &str, secret: bool, value: Secret) {
    if key == ENDPOINT {
        account.endpoint = Some(value.expose().to_owned());
    } else if secret {
        account.secrets.insert(key.to_owned(), value);
    } else {
        account.values.insert(key.to_owned(), value.expose().to_owned());
    }
}

fn account_of(profile: &Profile, folder: &Path) -> Account {
    let roots = profile.roots.as_ref().map(|roots| match roots.as_str() {
        "system" => roots.clone(),
        path => folder.join(path).display().to_string(),
    });
    Account {
        provider: profile.contract.id.to_owned(),
        profile: Some(profile.name.clone()),
        guards: Guards {
            mode: profile.mode.unwrap_or_default(),
            allow_to: profile.allow_to.clone(),
            confirm_above: profile.confirm_above,
            max_targets: profile.max_targets,
            quiet_hours: profile.quiet_hours.clone(),
            kill_switch: profile.kill_switch.as_ref().map(|path| folder.join(path)),
        },
        roots,
        defaults: profile.defaults.clone(),
        ..Account::default()
    }
}

/// The source that the environment gives for a key, if there is one.
fn from_environment(
    contract: &Contract,
    key: &str,
    world: &ProfileWorld<'_>,
) -> Result<Option<ValueSource>> {
    debug_assert!(field(contract, key).is_some(), "only keys of the provider are looked up");
    let plain = variable(contract.id, key);
    let (file, command) = (format!("{plain}_FILE"), format!("{plain}_COMMAND"));
    let set: Vec<(&str, String)> = [&plain, &file, &command]
        .into_iter()
        .filter_map(|name| Some((name.as_str(), world.var(name)?)))
        .collect();
    match set.as_slice() {
        [] => Ok(None),
        [(name, _)] if *name == plain => Ok(Some(ValueSource::Env(plain))),
        [(name, path)] if *name == file => Ok(Some(ValueSource::File(path.into()))),
        [(_, line)] => {
            split_words(line).map(|words| Some(ValueSource::Command(words))).map_err(|why| {
                Error::new(
                    ErrorKind::Secret,
                    format!("{command} cannot be split into words: {why}"),
                )
                .help("words are split as a shell splits them, but no shell runs")
            })
        }
        several => {
            let names: Vec<&str> = several.iter().map(|(name, _)| *name).collect();
            Err(Error::new(ErrorKind::Secret, format!("{} are set at once", names.join(" and ")))
                .help("keep one of them"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_hold_a_secret_is_kept_from_programs_and_the_rest_is_not() {
        let contracts: Vec<&Contract> =
            crate::provider::ALL.iter().map(|vendor| vendor.contract()).collect();
        for (name, withheld) in [
            ("HERALD_RONGCLOUD_APP_SECRET", true),
            ("HERALD_RONGCLOUD_APP_SECRET_FILE", true),
            ("HERALD_JPUSH_V3_MASTER_SECRET", true),
            ("HERALD_EASEMOB_TOKEN", true),
            ("HERALD_WILDFIRE_SECRET", true),
            ("HERALD_MY_OWN", true),
            ("HERALD_LEDGER", true),
            ("HERALD_RONGCLOUD_APP_KEY", false),
            ("HERALD_WILDFIRE_ENDPOINT", false),
            ("HERALD_JPUSH_V3_ENDPOINT_FILE", false),
            ("HERALD_PROFILE", false),
            ("HOME", false),
            ("VAULT_TOKEN", false),
        ] {
            assert_eq!(may_hold_secret(name, &contracts), withheld, "{name}");
        }
        // Every secret of every provider.
        for contract in &contracts {
            for (key, ..) in keys(contract).into_iter().filter(|(_, secret, _)| *secret) {
                assert!(may_hold_secret(&variable(contract.id, key), &contracts), "{key}");
            }
        }
    }
}
