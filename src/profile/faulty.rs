//! Profiles with faults: they are refused when they are chosen, and the other profiles of the file can be used.

use super::excerpt::CredentialNames;
use super::file::{File, Profile, ProfileEntry};
use super::text::{Problem, TomlText};
use crate::contract::Contract;
use crate::error::{Error, ErrorKind};

/// A profile that cannot be used as it is written.
#[derive(Clone, Debug)]
pub struct FaultyProfile {
    /// Its name.
    pub name: String,
    /// The rows of its provider, unless that is what is wrong.
    pub contract: Option<&'static Contract>,
    /// What could be read of endpoint and credentials.
    pub fields: Vec<ProfileEntry>,
    /// Its index among all profiles of the file.
    pub(super) index: usize,
    /// What is wrong with it; not empty.
    pub(super) problems: Vec<Problem>,
}

impl File {
    /// All profiles, in the order of the file.
    pub fn all(&self) -> Vec<Result<&Profile, &FaultyProfile>> {
        let mut all: Vec<_> = self.profiles.iter().map(Ok).collect();
        // Those with smaller indexes are in their places already.
        self.faulty.iter().for_each(|faulty| all.insert(faulty.index, Err(faulty)));
        all
    }

    /// The names of all profiles, in the order of the file.
    pub fn names(&self) -> Vec<&str> {
        self.all().iter().map(name_of).collect()
    }

    /// Whether a profile has this name, with faults or without.
    pub fn has(&self, name: &str) -> bool {
        self.names().contains(&name)
    }

    /// The profile with a name that has faults.
    pub fn faulty(&self, name: &str) -> Option<&FaultyProfile> {
        self.faulty.iter().find(|faulty| faulty.name == name)
    }

    /// One error for all faults of some profiles.
    pub fn error_of<'f>(&self, faulty: impl IntoIterator<Item = &'f FaultyProfile>) -> Error {
        let problems = faulty.into_iter().flat_map(|one| one.problems.clone()).collect();
        error(&self.text, problems, 0, &self.contracts)
    }
}

/// The name of a profile, with faults or without.
pub(super) fn name_of<'f>(one: &Result<&'f Profile, &'f FaultyProfile>) -> &'f str {
    match one {
        Ok(profile) => &profile.name,
        Err(faulty) => &faulty.name,
    }
}

/// A profile as it was read, if nothing is wrong with it.
pub(super) fn without_faults(
    name: &str,
    profile: Option<Profile>,
    problems: Vec<Problem>,
) -> Result<Profile, FaultyProfile> {
    match profile {
        Some(profile) if problems.is_empty() => Ok(profile),
        profile => Err(FaultyProfile {
            name: name.to_owned(),
            contract: profile.as_ref().map(|profile| profile.contract),
            fields: profile.map(|profile| profile.fields).unwrap_or_default(),
            index: 0,
            problems,
        }),
    }
}

/// One error for all faults of a file, and for `more` that are only counted.
pub(super) fn error(
    text: &TomlText,
    problems: Vec<Problem>,
    more: usize,
    contracts: &[&'static Contract],
) -> Error {
    let (secret, public) = credential_names(contracts);
    let names = CredentialNames { secret: &secret, public: &public };
    text.error(ErrorKind::Profile, problems, more, names)
}

/// Keys of credentials: those whose values are secrets, and those whose values are not. A public key of one provider may
/// be a secret of another: then it is hidden.
fn credential_names(contracts: &[&'static Contract]) -> (Vec<&'static str>, Vec<&'static str>) {
    let rows = || contracts.iter().flat_map(|contract| contract.credentials);
    let secret: Vec<&str> = rows().filter(|row| row.secret).map(|row| row.name).collect();
    let is_public = |name: &&str| !secret.contains(name);
    let public = rows().map(|row| row.name).filter(is_public).collect();
    (secret, public)
}
