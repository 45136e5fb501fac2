//! The values for completion, by kind.

use std::ffi::OsString;
use std::path::PathBuf;

use clap_complete::engine::{PathCompleter, ValueCompleter as _};

use crate::account::Mode;
use crate::cli::complete::offer::{Offer, in_parts};
use crate::cli::complete::{Color, Env, Format, Ui};
use crate::contract::reference::{codes as all_codes, switch_names};
use crate::contract::schema::output;
use crate::contract::typed::{PathRoots, complete, complete_type};
use crate::contract::{Contract, MessageType, Operation, Severity, TargetKind, Verb, json_rules};
use crate::env::{Globals, System};
use crate::guard;
use crate::ledger::EntryStatus;
use crate::lint::IgnoredRules;
use crate::profile;
use crate::provider;
use crate::send::profile_choice::in_world;

/// Finds values: all of them, or those that begin with the typed text.
pub(super) type ValueCompleter = fn(&TypedLine, &str) -> Vec<Offer>;

/// The line that the user types.
#[derive(Debug)]
pub(super) struct TypedLine {
    words: Vec<String>,
}

impl TypedLine {
    /// The input from a shell: the words of the line are after `--`.
    pub(super) fn new(typed: &[OsString]) -> Self {
        let words = typed.iter().skip_while(|word| *word != "--").skip(2);
        Self { words: words.map(|word| word.to_string_lossy().into_owned()).collect() }
    }

    /// The value of a flag.
    pub(super) fn flag(&self, name: &str) -> Option<&str> {
        self.words.iter().enumerate().find_map(|(index, word)| match word.strip_prefix(name)? {
            "" => self.words.get(index + 1).map(String::as_str),
            rest => rest.strip_prefix('='),
        })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.words.iter().any(|word| word == name)
    }

    /// The flags that select the credentials, and access to the system.
    pub(super) fn env(&self) -> Env {
        Env {
            globals: Globals {
                profile: self.flag("--profile").map(str::to_owned),
                profiles: self.flag("--profiles").map(PathBuf::from),
                provider: self.flag("--provider").map(str::to_owned),
            },
            ui: Ui::new(Format::Human, Color::Never, false, true, &|_| None),
            system: System::default(),
        }
    }

    /// The operation that the line names.
    fn operation(&self) -> Option<&'static Operation> {
        let named =
            |word: &str| provider::find_operation(word).ok().map(|(_, operation)| operation);
        self.words.iter().find_map(|word| named(word))
    }

    /// The provider that the line means, if it can be known: from an operation, from a flag, from the profile.
    fn provider(&self) -> Option<&'static Contract> {
        let named = self.words.iter().find_map(|word| provider::find_operation(word).ok());
        let flag = || provider::find(self.flag("--provider")?).ok().map(|vendor| vendor.contract());
        let chosen = || in_world(&self.env(), profile::choose).ok().map(|it| it.contract());
        named.map(|(vendor, _)| vendor.contract()).or_else(flag).or_else(chosen)
    }

    /// The providers that the line may mean.
    fn contracts(&self) -> Vec<&'static Contract> {
        self.provider().map_or_else(all, |contract| vec![contract])
    }

    /// The command, if it has its own operations.
    fn verb(&self) -> Option<Verb> {
        const VERBS: [Verb; 8] = [
            Verb::Send,
            Verb::Broadcast,
            Verb::Recall,
            Verb::Update,
            Verb::Delete,
            Verb::Clear,
            Verb::Get,
            Verb::Status,
        ];
        VERBS.into_iter().find(|verb| self.has(verb.word()))
    }

    pub(super) fn is_sandbox(&self) -> bool {
        let in_profile = || {
            in_world(&self.env(), profile::choose).is_ok_and(|chosen| {
                matches!(chosen, profile::ChosenAccount::Profile { profile, .. } if profile.mode == Some(Mode::Sandbox))
            })
        };
        self.has("--sandbox") || in_profile()
    }
}

pub(super) fn all() -> Vec<&'static Contract> {
    provider::ALL.iter().map(|vendor| vendor.contract()).collect()
}

/// The profiles of the file.
pub(super) fn profiles(line: &TypedLine, _: &str) -> Vec<Offer> {
    let file = in_world(&line.env(), profile::read_profiles).ok().flatten();
    let profiles = file.into_iter().flat_map(|file| file.profiles);
    profiles.map(|profile| Offer::new(profile.name, profile.contract.name)).collect()
}

/// The values of `--confirm`: a profile's name, or the provider's id if there is no profile.
pub(super) fn confirmations(line: &TypedLine, typed: &str) -> Vec<Offer> {
    let profiles = profiles(line, typed);
    if profiles.is_empty() { providers(line, typed) } else { profiles }
}

pub(super) fn providers(_: &TypedLine, _: &str) -> Vec<Offer> {
    all().iter().map(|contract| Offer::new(contract.id, contract.name)).collect()
}

/// The values of `call` and `sign`.
pub(super) fn operations(_: &TypedLine, typed: &str) -> Vec<Offer> {
    in_parts(operations_of(|operation| !operation.path.is_empty()), typed)
}

/// The values of `validate --as`: also forms of messages that no call carries.
pub(super) fn forms(_: &TypedLine, typed: &str) -> Vec<Offer> {
    in_parts(operations_of(|_| true), typed)
}

fn operations_of(wanted: impl Fn(&Operation) -> bool) -> Vec<Offer> {
    let offer = |contract: &Contract, row: &Operation| {
        Offer::new(format!("{}/{}", contract.id, row.id), row.about.to_string())
    };
    let of = |contract: &&'static Contract| {
        let rows = contract.operations.iter().filter(|row| wanted(row));
        rows.map(|row| offer(contract, row)).collect::<Vec<_>>()
    };
    all().iter().flat_map(of).collect()
}

/// The values of `providers`: providers, operations, message types.
pub(super) fn pages(line: &TypedLine, typed: &str) -> Vec<Offer> {
    if typed.contains('/') { parts() } else { providers(line, typed) }
}

/// The values of `schema`: operations, message types, herald's own output.
pub(super) fn schemas(_: &TypedLine, typed: &str) -> Vec<Offer> {
    let own = output::NAMES.into_iter().map(Offer::bare);
    in_parts(parts().into_iter().chain(own).collect(), typed)
}

/// Every operation and message type.
fn parts() -> Vec<Offer> {
    let types = all().into_iter().flat_map(|contract| {
        let offer = |row: &MessageType| {
            Offer::new(format!("{}/{}", contract.id, row.id), row.about.to_string())
        };
        contract.types.iter().map(offer).collect::<Vec<_>>()
    });
    operations_of(|_| true).into_iter().chain(types).collect()
}

/// The values of `--report`: a format, and then a file.
pub(super) fn reports(_: &TypedLine, typed: &str) -> Vec<Offer> {
    let Some((format, path)) = typed.split_once('=') else {
        return Format::WORDS.map(|(word, _)| Offer::bare(format!("{word}="))).to_vec();
    };
    let files = PathCompleter::any().complete(path.as_ref()).into_iter();
    let names = files.filter_map(|file| file.get_value().to_str().map(str::to_owned));
    names.map(|name| Offer::bare(format!("{format}={name}"))).collect()
}

/// Message types that people send by hand: by herald's id, or by the vendor's name if the user types that.
pub(super) fn types(line: &TypedLine, typed: &str) -> Vec<Offer> {
    let rows = line.contracts().into_iter().flat_map(|contract| contract.types);
    let rows: Vec<&MessageType> = rows.filter(|row| row.by_hand).collect();
    let named = |name: &dyn Fn(&MessageType) -> String| -> Vec<Offer> {
        rows.iter().map(|row| Offer::new(name(row), row.about.to_string())).collect()
    };
    let mut offers = named(&|row| row.id.to_owned());
    if !offers.iter().any(|offer| offer.fits(typed)) {
        offers = named(&|row| row.wire.to_text());
    }
    offers
}

/// Fields that `--set` accepts in the operation that the line names, or in those that its command may choose.
pub(super) fn fields(line: &TypedLine, typed: &str) -> Vec<Offer> {
    let mut offers: Vec<String> = Vec::new();
    if let Some(operation) = line.operation() {
        offers = complete(operation, PathRoots::Body, typed);
    } else if let (Some(contract), Some(verb)) = (line.provider(), line.verb()) {
        let composes = matches!(verb, Verb::Send | Verb::Broadcast | Verb::Update);
        let row = line.flag("--type").and_then(|name| contract.message_type(name));
        // If one type is given, the fields of all other types are not offered.
        let roots =
            if composes && row.is_none() { PathRoots::ContentFirst } else { PathRoots::Body };
        offers.extend(row.into_iter().flat_map(|row| complete_type(row, typed)));
        let operations = contract.operations.iter().filter(|row| row.verbs.contains(&verb));
        offers.extend(operations.flat_map(|operation| complete(operation, roots, typed)));
    }
    let mut seen = std::collections::HashSet::new();
    offers.retain(|offer| seen.insert(offer.clone()));
    offers.into_iter().map(Offer::bare).collect()
}

/// Rules that can be waived. For a send, only errors: only these stop it.
pub(super) fn rules(line: &TypedLine, typed: &str) -> Vec<Offer> {
    let is_send = !line.has("validate");
    let contracts = if is_send { line.contracts() } else { all() };
    let of_contracts = contracts
        .iter()
        .flat_map(|contract| contract.rules.iter().map(|rule| (contract.id, rule)))
        .chain(json_rules::RULES.iter().map(|rule| (json_rules::SPACE, rule)));
    let offers = of_contracts
        .filter(|(_, rule)| !is_send || rule.severity == Severity::Error)
        .map(|(space, rule)| Offer::new(format!("{space}/{}", rule.id), rule.title.to_string()))
        .filter(|offer| IgnoredRules::check(&offer.value, &contracts).is_ok());
    in_parts(offers.collect(), typed)
}

/// Rules and error codes that `explain` knows.
pub(super) fn codes(_: &TypedLine, typed: &str) -> Vec<Offer> {
    let names = all_codes(&all()).into_iter().chain(switch_names(&all()));
    in_parts(names.map(Offer::bare).collect(), typed)
}

/// Guards that can be passed.
pub(super) fn guards(_: &TypedLine, _: &str) -> Vec<Offer> {
    let rows = guard::ROWS.iter().filter(|row| row.can_be_overridden);
    rows.map(|row| Offer::new(row.word, row.about.to_string())).collect()
}

pub(super) fn outcomes(_: &TypedLine, _: &str) -> Vec<Offer> {
    EntryStatus::ALL.into_iter().map(|standing| Offer::bare(standing.word())).collect()
}

/// The kinds before the colon of `--to`.
pub(super) fn targets(_: &TypedLine, _: &str) -> Vec<Offer> {
    TargetKind::ALL.iter().map(|kind| Offer::bare(format!("{}:", kind.word()))).collect()
}
