//! Which profile the user means; if there is no profile, the environment is used.

use std::fmt;
use std::path::{Path, PathBuf};

use super::faulty::{FaultyProfile, name_of};
use super::file::{File, Profile};
use crate::contract::Contract;
use crate::error::{Error, ErrorKind, Result};
use crate::near::did_you_mean;

/// The error where nothing says whose credentials are used.
pub const NO_PROVIDER: &str = "neither a profile nor a provider is given";

/// What the flags of the command line say.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProfileFlags<'a> {
    /// `--profiles`
    pub profiles: Option<&'a Path>,
    /// `--profile`
    pub profile: Option<&'a str>,
    /// The provider that is meant.
    pub provider: Option<&'a str>,
    /// What says so.
    pub provider_of: ProviderSource,
}

/// What says which provider is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProviderSource {
    /// `--provider`
    #[default]
    Flag,
    /// The operation that the command names.
    Operation,
    /// The message, the job or the plan that the command is about.
    Sent,
}

impl ProviderSource {
    /// As a sentence about the provider, with what to do about a profile of another one.
    fn words(self, provider: &str) -> (String, String) {
        let name_one = || format!("name a profile of {provider} with --profile, or none");
        match self {
            Self::Flag => (
                format!("--provider says {provider}"),
                "leave out --provider, or name another profile".to_owned(),
            ),
            Self::Operation => (format!("the operation is of {provider}"), name_one()),
            Self::Sent => (format!("this was made for {provider}"), name_one()),
        }
    }
}

/// What is around the command: the environment, the user's folder, the known providers.
#[derive(Clone, Copy)]
pub struct ProfileWorld<'a> {
    /// Variables of the environment.
    pub env: &'a dyn Fn(&str) -> Option<String>,
    /// The user's folder for herald's configuration.
    pub config_dir: Option<&'a Path>,
    /// The rows of every provider.
    pub contracts: &'a [&'static Contract],
}

impl fmt::Debug for ProfileWorld<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("config_dir", &self.config_dir).finish_non_exhaustive()
    }
}

impl ProfileWorld<'_> {
    /// A variable that is set and not empty.
    pub(super) fn var(&self, name: &str) -> Option<String> {
        (self.env)(name).filter(|value| !value.is_empty())
    }

    /// The rows of a provider that the command line names.
    pub(super) fn provider(&self, id: &str) -> Result<&'static Contract> {
        self.contracts.iter().copied().find(|contract| contract.id == id).ok_or_else(|| {
            let ids: Vec<&str> = self.contracts.iter().map(|contract| contract.id).collect();
            let help = did_you_mean(id, ids.iter().copied())
                .unwrap_or_else(|| format!("the providers are {}", ids.join(", ")));
            Error::usage(format!("there is no provider `{id}`")).help(help)
        })
    }
}

/// Whose credentials are used.
#[derive(Clone, Debug)]
pub enum ChosenAccount {
    /// Those of a profile.
    Profile {
        /// The profile.
        profile: Box<Profile>,
        /// The file that contains it.
        path: PathBuf,
        /// Whether group or others can read that file.
        exposed: bool,
        /// Whether the user named it. Otherwise it is the file's default, or the only one that fits.
        is_named: bool,
    },
    /// Those in the environment variables of a provider.
    Environment(&'static Contract),
}

impl ChosenAccount {
    /// A profile of a file that the user named.
    pub fn of(file: &File, profile: &Profile) -> Self {
        Self::in_file(file, profile, true)
    }

    fn in_file(file: &File, profile: &Profile, is_named: bool) -> Self {
        Self::Profile {
            profile: Box::new(profile.clone()),
            path: file.path().to_owned(),
            exposed: file.exposed,
            is_named,
        }
    }

    /// The provider's rows.
    pub fn contract(&self) -> &'static Contract {
        match self {
            Self::Profile { profile, .. } => profile.contract,
            Self::Environment(contract) => contract,
        }
    }
}

/// Where the profiles are, and whether the user named the place.
pub fn profiles_path(wish: &ProfileFlags<'_>, world: &ProfileWorld<'_>) -> Option<(PathBuf, bool)> {
    let said =
        wish.profiles.map(Path::to_owned).or_else(|| world.var("HERALD_PROFILES").map(Into::into));
    match said {
        Some(path) => Some((path, true)),
        None => world.config_dir.map(|folder| (folder.join("profiles.toml"), false)),
    }
}

/// The profiles; `None` if the user has none. A file that the user names must exist.
pub fn read_profiles(wish: &ProfileFlags<'_>, world: &ProfileWorld<'_>) -> Result<Option<File>> {
    let Some((path, named)) = profiles_path(wish, world) else { return Ok(None) };
    let file = File::read(&path, world.contracts)?;
    if file.is_none() && named {
        return Err(Error::new(ErrorKind::Profile, format!("there is no file {}", path.display()))
            .help("--profiles and HERALD_PROFILES name a profile file; `herald profile init` makes one"));
    }
    Ok(file)
}

/// Chooses the named profile, otherwise the file's default, otherwise the only one, otherwise the environment.
///
/// If a provider is named, only its profiles are candidates. A profile with faults is an error if it is the one that is
/// chosen, and otherwise stops nothing.
pub fn choose(wish: &ProfileFlags<'_>, world: &ProfileWorld<'_>) -> Result<ChosenAccount> {
    let provider = wish.provider.map(|id| world.provider(id)).transpose()?;
    let file = read_profiles(wish, world)?;
    let name = wish.profile.map(str::to_owned).or_else(|| world.var("HERALD_PROFILE"));
    if let Some(name) = name {
        return named(&name, file.as_ref(), wish, world, provider);
    }
    if let Some(file) = &file
        && let Some(chosen) = unnamed(file, provider)?
    {
        return Ok(chosen);
    }
    provider.map(ChosenAccount::Environment).ok_or_else(|| {
        Error::usage(NO_PROVIDER).help(
            "make a profile with `herald profile init`, or name a provider with --provider and give its credentials \
             in HERALD_<PROVIDER>_<KEY>",
        )
    })
}

/// The profile that is used if none is named; `None` if no profile is of the provider.
fn unnamed(file: &File, provider: Option<&'static Contract>) -> Result<Option<ChosenAccount>> {
    let is_of = |own: &Contract| provider.is_none_or(|contract| contract.id == own.id);
    let fits = |one: &Result<&Profile, &FaultyProfile>| match one {
        Ok(profile) => is_of(profile.contract),
        Err(faulty) => faulty.contract.map_or(provider.is_none(), is_of),
    };
    let chosen = |one: Result<&Profile, &FaultyProfile>| match one {
        Ok(profile) => Ok(Some(ChosenAccount::in_file(file, profile, false))),
        Err(faulty) => Err(file.error_of([faulty])),
    };
    // A profile whose provider is not known may be meant too.
    let may_fit = |one: &Result<&Profile, &FaultyProfile>| {
        fits(one) || one.is_err_and(|faulty| faulty.contract.is_none())
    };
    let all: Vec<_> = file.all().into_iter().filter(may_fit).collect();
    if let Some(default) = all.iter().find(|one| file.default.as_deref() == Some(name_of(one))) {
        return chosen(*default);
    }
    let certain: Vec<_> = all.iter().copied().filter(fits).collect();
    match if certain.is_empty() { all } else { certain }.as_slice() {
        [] => Ok(None),
        [one] => chosen(*one),
        several => Err(several_fit(&several.iter().map(name_of).collect::<Vec<_>>(), file)),
    }
}

fn named(
    name: &str,
    file: Option<&File>,
    wish: &ProfileFlags<'_>,
    world: &ProfileWorld<'_>,
    provider: Option<&'static Contract>,
) -> Result<ChosenAccount> {
    let from = if wish.profile.is_none() { " (HERALD_PROFILE)" } else { "" };
    let Some(file) = file else {
        let path =
            profiles_path(wish, world).map(|(path, _)| format!(": there is no {}", path.display()));
        let message = format!("profile `{name}`{from} is not defined{}", path.unwrap_or_default());
        return Err(
            Error::new(ErrorKind::Profile, message).help("`herald profile init` makes a profile")
        );
    };
    let profile = find_named(file, name, from)?;
    match provider {
        Some(contract) if contract.id != profile.contract.id => {
            let (says, help) = wish.provider_of.words(contract.id);
            let is_of = profile.contract.id;
            let message = format!("profile `{name}`{from} is of {is_of}, and {says}");
            Err(Error::usage(message).help(help))
        }
        _ => Ok(ChosenAccount::of(file, profile)),
    }
}

/// The profile with a name. It is an error if there is none, or if it has faults.
pub fn find<'f>(file: &'f File, name: &str) -> Result<&'f Profile> {
    find_named(file, name, "")
}

/// The same; `from` says what names it, where that is no flag.
fn find_named<'f>(file: &'f File, name: &str, from: &str) -> Result<&'f Profile> {
    if let Some(faulty) = file.faulty(name) {
        return Err(file.error_of([faulty]));
    }
    file.profile(name).ok_or_else(|| {
        let names = file.names();
        let help =
            did_you_mean(name, names.iter().copied()).unwrap_or_else(|| match names.as_slice() {
                [] => {
                    format!("{} has none; `herald profile init` makes one", file.path().display())
                }
                names => format!("{} has {}", file.path().display(), names.join(", ")),
            });
        Error::new(ErrorKind::Profile, format!("profile `{name}`{from} is not defined")).help(help)
    })
}

fn several_fit(names: &[&str], file: &File) -> Error {
    Error::usage(format!("which profile is meant: {}?", names.join(", "))).help(format!(
        "name one with --profile or HERALD_PROFILE, or put `default = \"{}\"` at the top of {}",
        names[0],
        file.path().display()
    ))
}
