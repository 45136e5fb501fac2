//! Switches of the sandbox: for one provider, or for all.

use crate::contract::{CLOCK, Contract, QUOTA, offset_ms};
use crate::error::{Error, Result};
use crate::near::did_you_mean;

use super::SandboxWorld;

/// The switches that are set.
#[derive(Clone, Debug, Default)]
pub struct Switches(Vec<Switch>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Switch {
    /// `None` for all providers.
    provider: Option<String>,
    key: String,
    value: String,
}

impl Switches {
    /// Sets a switch; a provider's switch beats one for all, and a later value replaces an earlier one.
    pub fn set(&mut self, provider: Option<&str>, key: &str, value: &str) {
        let (provider, key) = (provider.map(str::to_owned), key.to_owned());
        self.0.push(Switch { provider, key, value: value.to_owned() });
    }

    /// The value of a switch, as a provider sees it.
    pub fn get(&self, provider: &str, key: &str) -> Option<&str> {
        let find = |owner: Option<&str>| {
            let mut rows = self.0.iter().rev();
            let row = rows.find(|row| row.provider.as_deref() == owner && row.key == key);
            row.map(|row| row.value.as_str())
        };
        find(Some(provider)).or_else(|| find(None))
    }

    /// How far a provider's clock is ahead, in milliseconds.
    pub fn clock_offset_ms(&self, provider: &str) -> i64 {
        self.get(provider, CLOCK).and_then(offset_ms).unwrap_or_default()
    }

    /// Reads `[PROVIDER.]KEY=VALUE`. `served` are the providers that are served, `all` those that there are. Returns
    /// what the user has to know beside the switches: which providers have a switch that not all of them have.
    pub fn parse(
        given: &[String],
        served: &[&'static Contract],
        all: &[&'static Contract],
    ) -> Result<(Self, Vec<String>)> {
        let (mut switches, mut remarks) = (Self::default(), Vec::new());
        for switch in given {
            let (name, value) =
                switch.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or_else(|| {
                    Error::usage(format!("`--switch {switch}` has no value"))
                        .help("write it as KEY=VALUE or PROVIDER.KEY=VALUE")
                })?;
            let (provider, key) = match name.split_once('.') {
                Some((provider, key)) => (Some(find_served(provider, served)?), key),
                None => (None, name),
            };
            let asked = provider.as_ref().map_or(served, std::slice::from_ref);
            let owners: Vec<_> = asked
                .iter()
                .filter_map(|contract| Some((contract.id, contract.sandbox_switch(key)?)))
                .collect();
            let Some((_, row)) = owners.first() else { return Err(unknown(key, asked, all)) };
            if let Some(help) = row.fault(value) {
                let message = format!("the switch `{key}` cannot be `{value}`");
                return Err(Error::usage(message).help(help));
            }
            if owners.len() < asked.len() {
                let names: Vec<&str> = owners.iter().map(|(id, _)| *id).collect();
                remarks.push(format!("only {} has the switch `{key}`", names.join(", ")));
            }
            // One for all is that provider's own switch, where no other has it.
            let only = match owners.as_slice() {
                [(only, _)] => Some(*only),
                _ => provider.map(|contract| contract.id),
            };
            switches.add(only, key, value)?;
        }
        Ok((switches, remarks))
    }

    /// Sets a switch that has no other value yet.
    fn add(&mut self, provider: Option<&str>, key: &str, value: &str) -> Result<()> {
        let mut before =
            self.0.iter().filter(|row| row.provider.as_deref() == provider && row.key == key);
        if let Some(before) = before.find(|row| row.value != value) {
            let message =
                format!("the switch `{key}` is given twice: `{}` and `{value}`", before.value);
            return Err(Error::usage(message).help("leave one of them out"));
        }
        self.set(provider, key, value);
        Ok(())
    }
}

impl SandboxWorld<'_> {
    /// Whether rates, quotas and numbers of kept things count.
    pub fn counts_quotas(&self) -> bool {
        (self.switches)(QUOTA).as_deref() != Some("off")
    }
}

fn find_served(provider: &str, served: &[&'static Contract]) -> Result<&'static Contract> {
    let found = served.iter().find(|contract| contract.id == provider);
    found.copied().ok_or_else(|| {
        let known: Vec<&str> = served.iter().map(|contract| contract.id).collect();
        let help = did_you_mean(provider, known.iter().copied())
            .unwrap_or_else(|| format!("it serves {}", known.join(", ")));
        Error::usage(format!("the sandbox does not serve `{provider}`")).help(help)
    })
}

/// The error for a key that none of these providers has: with those that have it, else with the nearest key.
fn unknown(key: &str, asked: &[&'static Contract], all: &[&'static Contract]) -> Error {
    let whose = match asked {
        [one] => format!("{} has no switch `{key}`", one.id),
        _ => format!("there is no switch `{key}`"),
    };
    let owners = all.iter().filter(|contract| contract.sandbox_switch(key).is_some());
    let owners: Vec<&str> = owners.map(|contract| contract.id).collect();
    if !owners.is_empty() {
        return Error::usage(whose).help(format!("{} has it", owners.join(", ")));
    }
    let own = || asked.iter().flat_map(|contract| contract.sandbox_switches()).map(|row| row.key);
    let operations = asked.iter().flat_map(|contract| contract.operations).map(|row| row.id);
    let operations =
        operations.filter(|id| asked.iter().any(|one| one.sandbox_switch(id).is_some()));
    let help = did_you_mean(key, own().chain(operations)).unwrap_or_else(|| {
        let mut keys: Vec<&str> = own().collect();
        keys.sort_unstable();
        keys.dedup();
        format!("there are {}", keys.join(", "))
    });
    Error::usage(whose).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::fake::{ONE, TWO};

    fn parse(given: &[&str]) -> Result<(Switches, Vec<String>)> {
        let given: Vec<String> = given.iter().map(|text| (*text).to_owned()).collect();
        Switches::parse(&given, &[&ONE, &TWO], &[&ONE, &TWO])
    }

    #[test]
    fn a_providers_own_switch_beats_one_for_all() {
        let mut switches = Switches::default();
        switches.set(Some("a"), "edition", "community");
        switches.set(None, "edition", "pro");
        switches.set(None, "edition", "trial");
        assert_eq!(switches.get("a", "edition"), Some("community"));
        assert_eq!(switches.get("b", "edition"), Some("trial"));
        assert_eq!(switches.get("b", "speed"), None);
    }

    #[test]
    fn a_switch_is_one_of_a_provider_that_is_served() {
        let (switches, remarks) =
            parse(&["one.edition=pro", "quota=off", "quota=off"]).expect("fine");
        assert_eq!(switches.get("one", "edition"), Some("pro"));
        assert_eq!(switches.get("two", "edition"), None);
        assert_eq!(switches.get("two", "quota"), Some("off"));
        assert!(remarks.is_empty(), "{remarks:?}");
        let (_, remarks) = parse(&["edition=pro", "echo=off"]).expect("fine");
        assert_eq!(
            remarks,
            ["only one has the switch `edition`", "only one has the switch `echo`"]
        );
        let (switches, _) = parse(&["clock=-1d", "two.clock=+3h"]).expect("fine");
        assert_eq!(switches.clock_offset_ms("one"), -86_400_000);
        assert_eq!(switches.clock_offset_ms("two"), 10_800_000);
    }

    #[test]
    fn a_switch_that_nothing_has_is_refused_with_the_nearest() {
        for (given, help) in [
            (&["qouta=off"][..], "did you mean `quota`?"),
            (&["one.qouta=off"], "did you mean `quota`?"),
            (&["quota=of"], "did you mean `off`?"),
            (&["one.edition=foo"], "it takes community, pro, trial"),
            (&["two.edition=pro"], "one has it"),
            (&["two.echo=off"], "one has it"),
            (&["ecko=off"], "did you mean `echo`?"),
            (&["onee.edition=pro"], "did you mean `one`?"),
            (&["three.edition=pro"], "it serves one, two"),
            (&["edition"], "write it as KEY=VALUE or PROVIDER.KEY=VALUE"),
            (&["=pro"], "write it as KEY=VALUE or PROVIDER.KEY=VALUE"),
            (&["zzzzzz=1"], "there are OPERATION, clock, edition, quota"),
            (&["clock=3h"], "it takes a length of time with its sign, as +3h or -1d"),
            (&["quota=off", "quota=on"], "leave one of them out"),
            (&["one.edition=community", "edition=pro"], "leave one of them out"),
            (&["edition=pro", "one.edition=community"], "leave one of them out"),
        ] {
            let error = parse(given).expect_err("refused");
            assert_eq!(error.exit().code(), 2, "{given:?}");
            assert_eq!(error.advice(), Some(help), "{given:?}: {error}");
        }
    }
}
