//! A profile file as it is written: every value with its place; no value is resolved yet.

mod sources;

use std::io;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::faulty::{FaultyProfile, error, without_faults};
use super::keeping::RetentionPolicy;
use super::source::ValueSource;
use super::text::{Problem, TomlText, read_toml, type_name};
use crate::account::{ENDPOINT, MessageDefaults, Mode, QuietHours};
use crate::contract::audience::id::IdFault;
use crate::contract::{Contract, CredentialKey, TargetKind};
use crate::error::{Error, ErrorKind, Result};
use crate::near::did_you_mean;
use crate::text::escape;
use crate::trust::{OwnerRule, TrustCheck, all_of};

/// Keys that every profile can have.
pub const COMMON: [&str; 10] = [
    "provider",
    "endpoint",
    "mode",
    "allow_to",
    "confirm_above",
    "max_targets",
    "quiet_hours",
    "kill_switch",
    "roots",
    "defaults",
];

/// Who may own and change a profile file.
pub(super) const PROFILES: TrustCheck<'static> = TrustCheck {
    name: "the profile file",
    kind: ErrorKind::Profile,
    owner: OwnerRule::UserOrRoot,
    is_private: true,
};

/// A profile file as it is written.
#[derive(Clone, Debug)]
pub struct File {
    pub(super) text: TomlText,
    /// The profile that `default` names.
    pub default: Option<String>,
    /// The profiles without faults, in the order of the file.
    pub profiles: Vec<Profile>,
    /// The profiles with faults, in the order of the file.
    pub faulty: Vec<FaultyProfile>,
    /// The rows of every provider.
    pub(super) contracts: Vec<&'static Contract>,
    /// Its settings for the ledger.
    pub keeping: RetentionPolicy,
    /// Whether group or others can read it.
    pub exposed: bool,
}

/// One profile as it is written.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The rows of its provider.
    pub contract: &'static Contract,
    /// What it is for, if it says so.
    pub mode: Option<Mode>,
    /// The allow list.
    pub allow_to: Vec<String>,
    /// The number of targets above which `send` asks for confirmation.
    pub confirm_above: Option<u64>,
    /// The number of targets above which the user has to type the profile's name.
    pub max_targets: Option<u64>,
    /// The hours in which herald sends nothing.
    pub quiet_hours: Option<QuietHours>,
    /// If this file exists, herald stops everything.
    pub kill_switch: Option<String>,
    /// A file of certificates, or `system`.
    pub roots: Option<String>,
    /// Endpoint and credentials.
    pub fields: Vec<ProfileEntry>,
    /// What its messages have unless flags or a file say otherwise.
    pub defaults: MessageDefaults,
}

/// A key of a profile and where its value comes from.
#[derive(Clone, Debug)]
pub struct ProfileEntry {
    /// The key.
    pub key: String,
    /// Where its value comes from.
    pub source: ValueSource,
    /// The line of the file.
    pub line: usize,
}

impl File {
    /// Reads a file; `None` if there is none.
    pub fn read(path: &Path, contracts: &[&'static Contract]) -> Result<Option<Self>> {
        let cannot = |error: std::io::Error| {
            Error::new(
                ErrorKind::Profile,
                format!("cannot read the profiles in {}", path.display()),
            )
            .because(error)
        };
        let file = match std::fs::File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(cannot(error)),
        };
        // Before any of it is read: it names programs to run, and decides who is reached.
        all_of([PROFILES.open_file(&file, path), PROFILES.folder_of(path)])?;
        let exposed = super::source::is_exposed(&file.metadata().map_err(cannot)?);
        let text = read_toml(file).map_err(cannot)?;
        Self::parse(TomlText::new(path, text), exposed, contracts).map(Some)
    }

    /// Parses a text. A fault outside of the profiles is an error, in which all faults are reported together. Faults of one
    /// profile are kept with it: the others can be used.
    pub(super) fn parse(
        text: TomlText,
        exposed: bool,
        contracts: &[&'static Contract],
    ) -> Result<Self> {
        Self::try_parse(text, exposed, contracts)
            .map_err(|(text, problems, more)| error(&text, problems, more, contracts))
    }

    /// The same, with the text and its faults apart, and how many more there are.
    pub(super) fn try_parse(
        text: TomlText,
        exposed: bool,
        contracts: &[&'static Contract],
    ) -> Result<Self, (TomlText, Vec<Problem>, usize)> {
        let mut reader = ProfileReader { text: &text, contracts, problems: Vec::new() };
        let mut more = 0;
        let read = match text.parse() {
            Ok(table) => reader.file(table.get_ref()),
            Err(faults) => {
                (reader.problems, more) = faults;
                (None, Vec::new(), RetentionPolicy::default())
            }
        };
        let mut problems = reader.problems;
        let (default, all, keeping) = read;
        let (mut profiles, mut faulty) = (Vec::new(), Vec::new());
        for (index, one) in all.into_iter().enumerate() {
            match one {
                Ok(profile) => profiles.push(profile),
                Err(one) => faulty.push(FaultyProfile { index, ..one }),
            }
        }
        if !problems.is_empty() {
            problems.extend(faulty.into_iter().flat_map(|one| one.problems));
            return Err((text, problems, more));
        }
        let contracts = contracts.to_vec();
        Ok(Self { default, profiles, faulty, contracts, keeping, exposed, text })
    }

    /// Where it was read.
    pub fn path(&self) -> &Path {
        self.text.path()
    }

    /// The profile with a name that has no faults.
    pub fn profile(&self, name: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.name == name)
    }
}

/// The profiles of a file, those with faults among them.
type ReadProfiles = Vec<Result<Profile, FaultyProfile>>;

pub(super) type ProfileKey<'i> = Spanned<DeString<'i>>;
pub(super) type ProfileValue<'i> = Spanned<DeValue<'i>>;

/// Reads the tables and collects what is wrong.
pub(super) struct ProfileReader<'a> {
    pub(super) text: &'a TomlText,
    contracts: &'a [&'static Contract],
    pub(super) problems: Vec<Problem>,
}

impl ProfileReader<'_> {
    fn file(&mut self, root: &DeTable<'_>) -> (Option<String>, ReadProfiles, RetentionPolicy) {
        let mut default = None;
        let mut profiles = Vec::new();
        let mut keeping = RetentionPolicy::default();
        for (key, value) in root {
            match key.get_ref().as_ref() {
                "default" => default = self.word("default", value).map(|word| (word, value.span())),
                "profiles" => profiles = self.profiles(value),
                "ledger" => keeping = self.keeping(value),
                other => self.stray(other, key, value),
            }
        }
        let names: Vec<&str> = root
            .get("profiles")
            .and_then(|value| value.get_ref().as_table())
            .map(|table| table.keys().map(|key| key.get_ref().as_ref()).collect())
            .unwrap_or_default();
        // A profile in a section of another name is told where that stands.
        let is_told = |name: &str| {
            root.get(name).is_some()
                || names.is_empty() && root.keys().any(|key| is_nearly_profiles(key.get_ref()))
        };
        if let Some((name, span)) = &default
            && !names.contains(&name.as_str())
            && !is_told(name)
        {
            let help = did_you_mean(name, names.iter().copied()).or_else(|| known_profiles(&names));
            let message = format!("`default` names the profile `{name}`, which is not there");
            self.problems.push(Problem::new(span.clone(), message).help(help));
        }
        let default = default.map(|(name, _)| name);
        (default, profiles, keeping)
    }

    /// An unknown key at the top level: often a profile whose section lacks the first word.
    fn stray(&mut self, name: &str, key: &ProfileKey<'_>, value: &ProfileValue<'_>) {
        let help = match value.get_ref() {
            DeValue::Table(_) if did_you_mean(name, ["profiles", "ledger"]).is_none() => {
                Some(format!("a profile's section is `[profiles.{name}]`"))
            }
            _ => did_you_mean(name, ["default", "profiles", "ledger"]).or_else(|| {
                Some("the file has `default`, `[ledger]` and sections `[profiles.NAME]`".to_owned())
            }),
        };
        self.problems.push(Problem::new(key.span(), format!("unknown key `{name}`")).help(help));
    }

    fn profiles(&mut self, value: &ProfileValue<'_>) -> ReadProfiles {
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong("profiles", value, "sections `[profiles.NAME]`");
            return Vec::new();
        };
        let mut out = Vec::new();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let earlier = std::mem::take(&mut self.problems);
            let mut profile = None;
            if name.is_empty() || name.chars().any(char::is_control) {
                let message = "a profile's name is a word without control characters";
                self.problems.push(Problem::new(key.span(), message));
            }
            match value.get_ref() {
                DeValue::Table(table) => profile = self.profile(name, key.span(), table),
                _ => self.wrong(name, value, &format!("a section `[profiles.{name}]`")),
            }
            let problems = std::mem::replace(&mut self.problems, earlier);
            out.push((key.span().start, without_faults(name, profile, problems)));
        }
        out.sort_by_key(|(at, _)| *at);
        out.into_iter().map(|(_, profile)| profile).collect()
    }

    fn profile(&mut self, name: &str, at: Range<usize>, table: &DeTable<'_>) -> Option<Profile> {
        let contract = self.provider(name, at, table)?;
        let mut profile = Profile {
            name: name.to_owned(),
            contract,
            mode: None,
            allow_to: Vec::new(),
            confirm_above: None,
            max_targets: None,
            quiet_hours: None,
            kill_switch: None,
            roots: None,
            fields: Vec::new(),
            defaults: MessageDefaults::default(),
        };
        for (key, value) in table {
            let word = key.get_ref().as_ref();
            match word {
                "provider" => {}
                "mode" => profile.mode = self.mode(value),
                "allow_to" => profile.allow_to = self.allow_patterns(value),
                "confirm_above" => profile.confirm_above = self.count(word, value),
                "max_targets" => profile.max_targets = self.count(word, value),
                "quiet_hours" => profile.quiet_hours = self.quiet_hours(value),
                "kill_switch" => profile.kill_switch = self.path(word, value),
                "roots" => profile.roots = self.path(word, value),
                "defaults" => profile.defaults = self.defaults(contract, value),
                _ => match field(contract, word) {
                    Some(secret) => {
                        let line = self.text.line_of(key.span().start);
                        let source = self.source(contract, word, secret, value);
                        let key = word.to_owned();
                        profile.fields.extend(source.map(|source| ProfileEntry {
                            key,
                            source,
                            line,
                        }));
                    }
                    None => self.unknown(contract, word, key),
                },
            }
        }
        profile.fields.sort_by_key(|entry| entry.line);
        Some(profile)
    }

    fn provider(
        &mut self,
        name: &str,
        at: Range<usize>,
        table: &DeTable<'_>,
    ) -> Option<&'static Contract> {
        let ids: Vec<&str> = self.contracts.iter().map(|contract| contract.id).collect();
        let list = || Some(format!("the providers are {}", ids.join(", ")));
        let Some(value) = table.get("provider") else {
            let meant = |key: &&ProfileKey<'_>| {
                let near = crate::near::nearest(key.get_ref(), COMMON);
                near == Some("provider")
            };
            let problem = match table.keys().find(meant) {
                Some(key) => Problem::new(key.span(), format!("unknown key `{}`", key.get_ref()))
                    .help("did you mean `provider`?".to_owned()),
                None => {
                    Problem::new(at, format!("profile `{name}` has no `provider`")).help(list())
                }
            };
            self.problems.push(problem);
            return None;
        };
        let id = self.word("provider", value)?;
        let found = self.contracts.iter().copied().find(|contract| contract.id == id);
        if found.is_none() {
            let help = did_you_mean(&id, ids.iter().copied()).or_else(list);
            let message = format!("there is no provider `{id}`");
            self.problems.push(Problem::new(value.span(), message).help(help));
        }
        found
    }

    fn unknown(&mut self, contract: &'static Contract, name: &str, key: &ProfileKey<'_>) {
        let own = || {
            contract.credentials.iter().map(|row| row.name).filter(|name| !COMMON.contains(name))
        };
        let owner = self.contracts.iter().find(|other| field(other, name).is_some());
        let problem = match owner {
            Some(other) => {
                let keys: Vec<String> = own().map(|name| format!("`{name}`")).collect();
                Problem::new(
                    key.span(),
                    format!("`{name}` is a key of {}, not of {}", other.id, contract.id),
                )
                .help(format!("{} takes {}", contract.id, keys.join(", ")))
            }
            None => {
                let all = || COMMON.into_iter().chain(own());
                let list = || format!("the keys are {}", all().collect::<Vec<_>>().join(", "));
                Problem::new(key.span(), format!("unknown key `{name}`"))
                    .help(did_you_mean(name, all()).unwrap_or_else(list))
            }
        };
        self.problems.push(problem);
    }

    fn mode(&mut self, value: &ProfileValue<'_>) -> Option<Mode> {
        let word = self.word("mode", value)?;
        let found = Mode::ALL.into_iter().find(|mode| mode.word() == word);
        if found.is_none() {
            let words = Mode::ALL.map(Mode::word);
            let list = || Some(format!("it is one of {}", words.join(", ")));
            let help = did_you_mean(&word, words).or_else(list);
            self.problems
                .push(Problem::new(value.span(), format!("there is no mode `{word}`")).help(help));
        }
        found
    }

    fn allow_patterns(&mut self, value: &ProfileValue<'_>) -> Vec<String> {
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong("allow_to", value, "a list as [\"user:test-*\"]");
            return Vec::new();
        };
        let mut out = Vec::new();
        for item in items.iter() {
            let Some(pattern) = self.word("allow_to", item) else { continue };
            let parts = pattern.split_once(':').filter(|(_, id)| !id.is_empty());
            let kind = parts.map(|(kind, _)| kind);
            if kind.and_then(TargetKind::from_word).is_none() {
                let words = TargetKind::ALL.map(TargetKind::word);
                let list = || Some(format!("as in `user:test-*`; kinds are {}", words.join(", ")));
                let help = kind.and_then(|kind| did_you_mean(kind, words)).or_else(list);
                let message = format!("`{pattern}` is not of the form KIND:PATTERN");
                self.problems.push(Problem::new(item.span(), message).help(help));
            } else if let Some(fault) = parts.and_then(|(_, id)| IdFault::of(id)) {
                let message = format!("the id of \"{}\" {fault}", escape(&pattern));
                self.problems
                    .push(Problem::new(item.span(), message).help(fault.advice().to_owned()));
            }
            out.push(pattern);
        }
        out
    }

    pub(super) fn count(&mut self, name: &str, value: &ProfileValue<'_>) -> Option<u64> {
        let count = match value.get_ref() {
            DeValue::Integer(n) => u64::from_str_radix(n.as_str(), n.radix()).ok(),
            _ => None,
        };
        if count.is_none() {
            self.wrong(name, value, "a whole number from 0 on");
        }
        count
    }

    pub(super) fn word(&mut self, name: &str, value: &ProfileValue<'_>) -> Option<String> {
        match value.get_ref() {
            DeValue::String(text) => Some(text.clone().into_owned()),
            _ => {
                self.wrong(name, value, "text in quotes");
                None
            }
        }
    }

    /// A path without control characters: a path with one does not exist, and the user could not see why.
    fn path(&mut self, name: &str, value: &ProfileValue<'_>) -> Option<String> {
        let text = self.filled(name, value)?;
        let Some(found) = crate::wire::control_character(&text) else { return Some(text) };
        self.problems.push(Problem::new(value.span(), format!("`{name}` has a {found} in it")));
        None
    }

    pub(super) fn wrong(&mut self, name: &str, value: &ProfileValue<'_>, wanted: &str) {
        let found = match value.get_ref() {
            DeValue::Integer(n) if n.as_str().starts_with('-') => "a negative number",
            other => type_name(other),
        };
        let message = format!("`{name}` is {found}, and should be {wanted}");
        self.problems.push(Problem::new(value.span(), message));
    }
}

/// Whether a key's value can come from elsewhere; if so, whether it is a secret.
pub(super) fn field(contract: &Contract, key: &str) -> Option<bool> {
    let row = |row: &&CredentialKey| row.name == key;
    match contract.credentials.iter().find(row) {
        Some(row) => Some(row.secret),
        None => (key == ENDPOINT).then_some(false),
    }
}

fn is_nearly_profiles(key: &str) -> bool {
    did_you_mean(key, ["profiles"]).is_some()
}

fn known_profiles(names: &[&str]) -> Option<String> {
    Some(match names {
        [] => "the file has no profile; `herald profile init` makes one".to_owned(),
        names => format!("the profiles are {}", names.join(", ")),
    })
}
