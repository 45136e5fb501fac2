//! Variables of the environment that look like herald's and are not: a brake with a typo would be none.

use super::choose::{ProfileFlags, ProfileWorld, read_profiles};
use super::resolve::{GENERAL, keys};
use super::source::ValueSource;
use crate::account::variable;
use crate::near::did_you_mean;

/// What herald's variables begin with.
const PREFIX: &str = "HERALD_";

/// The variable that may hold a secret, beside those of [`GENERAL`].
const LEDGER: &str = "HERALD_LEDGER";

/// A warning for each of these variables that begins as herald's do, and that neither herald nor the profile file knows.
/// Variables that are set and empty count as not set. Of a profile file that cannot be read, nothing is told here.
pub fn unknown_variables(
    set: impl Iterator<Item = String>,
    wish: &ProfileFlags<'_>,
    world: &ProfileWorld<'_>,
) -> Vec<String> {
    let mut unknown: Vec<String> = set
        .filter(|name| name.starts_with(PREFIX) && world.var(name).is_some())
        .filter(|name| !GENERAL.contains(&name.as_str()) && name != LEDGER)
        .collect();
    if unknown.is_empty() {
        return Vec::new();
    }
    // The names of all credentials of all vendors, which few lines need.
    let known = known(world);
    unknown.retain(|name| !known.contains(&name[PREFIX.len()..].to_owned()));
    if unknown.is_empty() {
        return Vec::new();
    }
    let Ok(file) = read_profiles(wish, world) else { return Vec::new() };
    let fields = file.iter().flat_map(|file| file.all()).flat_map(|one| match one {
        Ok(profile) => &profile.fields,
        Err(faulty) => &faulty.fields,
    });
    for entry in fields {
        if let ValueSource::Env(name) = &entry.source {
            unknown.retain(|one| one != name);
        }
    }
    unknown.sort_unstable();
    let told = |name: String| {
        let near = did_you_mean(&name[PREFIX.len()..], known.iter().map(String::as_str));
        let near = near.map(|near| format!(": {}", near.replacen('`', &format!("`{PREFIX}"), 1)));
        format!("`{name}` is no variable of herald{}", near.unwrap_or_default())
    };
    unknown.into_iter().map(told).collect()
}

/// herald's variables, without the prefix.
fn known(world: &ProfileWorld<'_>) -> Vec<String> {
    let of_providers = world.contracts.iter().flat_map(|contract| {
        keys(contract).into_iter().map(|(key, ..)| variable(contract.id, key))
    });
    let forms = |name: String| ["", "_FILE", "_COMMAND"].map(|form| format!("{name}{form}"));
    let general = GENERAL.iter().chain([&LEDGER]).map(|name| (*name).to_owned());
    let all = general.chain(of_providers.flat_map(forms));
    all.filter_map(|name| Some(name.strip_prefix(PREFIX)?.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Contract;

    #[test]
    fn a_variable_with_a_typo_is_told_with_the_nearest_name() {
        let contracts: Vec<&Contract> =
            crate::provider::ALL.iter().map(|vendor| vendor.contract()).collect();
        let var = |name: &str| Some(if name == "HERALD_EMPTY" { "" } else { "1" }.to_owned());
        let world = ProfileWorld { env: &var, config_dir: None, contracts: &contracts };
        let var = |_: &str| None;
        let quiet = ProfileWorld { env: &var, ..world };
        for (name, told) in [
            ("HERALD_READONLY", Some("did you mean `HERALD_READ_ONLY`?")),
            ("HERALD_KILSWITCH", Some("did you mean `HERALD_KILL_SWITCH`?")),
            ("HERALD_LEDGERS", Some("did you mean `HERALD_LEDGER`?")),
            ("HERALD_SOMETHING_ELSE", Some("is no variable of herald")),
            ("HERALD_EMPTY", None),
            ("HERALD_READ_ONLY", None),
            ("HERALDRY", None),
            ("READ_ONLY", None),
        ] {
            // No profile file: HERALD_PROFILES would name one.
            let named = ProfileWorld {
                env: &|asked: &str| if asked == name { world.var(asked) } else { quiet.var(asked) },
                ..world
            };
            let found =
                unknown_variables([name.to_owned()].into_iter(), &ProfileFlags::default(), &named);
            match told {
                None => assert!(found.is_empty(), "{found:?}"),
                Some(words) => assert!(found.len() == 1 && found[0].contains(words), "{found:?}"),
            }
        }
        for contract in &contracts {
            for (key, ..) in keys(contract) {
                let name = variable(contract.id, key);
                let names = [format!("{name}_FILE"), format!("{name}_COMMAND"), name].into_iter();
                assert!(
                    unknown_variables(names, &ProfileFlags::default(), &world).is_empty(),
                    "{key}"
                );
            }
        }
    }
}
