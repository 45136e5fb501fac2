//! Which profile and which provider the flags and the environment choose.

use std::path::PathBuf;

use crate::contract::Contract;
use crate::env::Env;
use crate::error::Result;
use crate::profile::{self, ProfileFlags};
use crate::provider;

/// Whether the profile file has a profile of this name, usable or not.
pub(crate) fn has_profile(env: &Env, name: &str) -> Result<bool> {
    let file = in_world(env, profile::read_profiles)?;
    Ok(file.is_some_and(|file| file.has(name)))
}

/// The names of the profiles that are defined, in the order of the file.
pub(crate) fn profile_names(env: &Env) -> Result<Vec<String>> {
    let file = in_world(env, profile::read_profiles)?;
    Ok(file.map(|file| file.names().into_iter().map(str::to_owned).collect()).unwrap_or_default())
}

/// Where the profiles are, whether the file is there or not.
pub(crate) fn profiles_path(env: &Env) -> Option<PathBuf> {
    in_world(env, profile::profiles_path).map(|(path, _)| path)
}

/// Warns about variables that look like herald's and are not.
pub(crate) fn warn_of_unknown_variables(env: &Env) {
    let set = env.system.var_names();
    let unknown = in_world(env, |wish, world| profile::unknown_variables(set, wish, world));
    unknown.iter().for_each(|text| env.ui.warn(text));
}

/// What the flags say about profile and provider.
pub(crate) fn wish(env: &Env) -> ProfileFlags<'_> {
    let globals = &env.globals;
    ProfileFlags {
        profiles: globals.profiles.as_deref(),
        profile: globals.profile.as_deref(),
        provider: globals.provider.as_deref(),
        ..ProfileFlags::default()
    }
}

/// Hands over what the flags say and what profiles are looked up in.
pub(crate) fn in_world<T>(
    env: &Env,
    act: impl FnOnce(&ProfileFlags<'_>, &profile::ProfileWorld<'_>) -> T,
) -> T {
    let contracts: Vec<&'static Contract> =
        provider::ALL.iter().map(|vendor| vendor.contract()).collect();
    let var = |name: &str| env.system.var(name);
    let config_dir = env.system.config_dir();
    let world = profile::ProfileWorld {
        env: &var,
        config_dir: config_dir.as_deref(),
        contracts: &contracts,
    };
    act(&wish(env), &world)
}
