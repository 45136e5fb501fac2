//! The values themselves, by what they are.

use std::ffi::OsString;
use std::ops::ControlFlow;
use std::path::PathBuf;

use super::offer::{Offer, in_parts};
use super::{Color, Format, Session, Ui};
use crate::account::Mode;
use crate::cli::world::in_world;
use crate::cli::{Edge, Globals};
use crate::contract::json_rules;
use crate::contract::reference::codes as all_codes;
use crate::contract::schema::output;
use crate::contract::typed::{PathRoots, complete, complete_type};
use crate::contract::{Contract, MessageType, Operation, Severity, TargetKind, Verb};
use crate::guard;
use crate::ledger::{EntryStatus, Filter, Job, Ledger, LedgerEntry};
use crate::lint::Waivers;
use crate::outcome::Verdict;
use crate::profile::{self};
use crate::provider;
use crate::report::time;

/// Looks values up: all that there are, or those that begin as typed.
pub(super) type ValueCompleter = fn(&TypedLine, &str) -> Vec<Offer>;

/// How many entries of the ledger are offered: the latest ones.
const MOST_ENTRIES: usize = 30;

/// The line that is being typed.
#[derive(Debug)]
pub(super) struct TypedLine {
    words: Vec<String>,
}

impl TypedLine {
    /// What a shell hands over: the words of the line stand behind `--`.
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

    fn has(&self, name: &str) -> bool {
        self.words.iter().any(|word| word == name)
    }

    /// The flags that say whose credentials are meant, and the world outside.
    fn session(&self) -> Session {
        Session {
            globals: Globals {
                profile: self.flag("--profile").map(str::to_owned),
                profiles: self.flag("--profiles").map(PathBuf::from),
                provider: self.flag("--provider").map(str::to_owned),
            },
            ui: Ui::new(Format::Human, Color::Never, false, true, &|_| None),
            edge: Edge,
        }
    }

    /// The operation that the line names.
    fn operation(&self) -> Option<&'static Operation> {
        let named =
            |word: &str| provider::find_operation(word).ok().map(|(_, operation)| operation);
        self.words.iter().find_map(|word| named(word))
    }

    /// The provider that the line means, as far as anybody can tell: by an operation, by a flag, by the profile.
    fn provider(&self) -> Option<&'static Contract> {
        let named = self.words.iter().find_map(|word| provider::find_operation(word).ok());
        let flag = || provider::find(self.flag("--provider")?).ok().map(|vendor| vendor.contract());
        let chosen = || in_world(&self.session(), profile::choose).ok().map(|it| it.contract());
        named.map(|(vendor, _)| vendor.contract()).or_else(flag).or_else(chosen)
    }

    /// The providers that the line may mean.
    fn contracts(&self) -> Vec<&'static Contract> {
        self.provider().map_or_else(all, |contract| vec![contract])
    }

    /// The command, where it is one that has operations of its own.
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

    fn is_sandbox(&self) -> bool {
        let in_profile = || {
            in_world(&self.session(), profile::choose).is_ok_and(|chosen| {
                matches!(chosen, profile::Chosen::Profile { profile, .. } if profile.mode == Some(Mode::Sandbox))
            })
        };
        self.has("--sandbox") || in_profile()
    }
}

fn all() -> Vec<&'static Contract> {
    provider::ALL.iter().map(|vendor| vendor.contract()).collect()
}

/// The profiles of the file.
pub(super) fn profiles(line: &TypedLine, _: &str) -> Vec<Offer> {
    let file = in_world(&line.session(), profile::read_profiles).ok().flatten();
    let profiles = file.into_iter().flat_map(|file| file.profiles);
    profiles.map(|profile| Offer::new(profile.name, profile.contract.name)).collect()
}

/// What `--confirm` takes: a profile's name, or the provider's id where there is no profile.
pub(super) fn confirmations(line: &TypedLine, typed: &str) -> Vec<Offer> {
    let profiles = profiles(line, typed);
    if profiles.is_empty() { providers(line, typed) } else { profiles }
}

pub(super) fn providers(_: &TypedLine, _: &str) -> Vec<Offer> {
    all().iter().map(|contract| Offer::new(contract.id, contract.name)).collect()
}

/// What `call` and `sign` take.
pub(super) fn operations(_: &TypedLine, typed: &str) -> Vec<Offer> {
    in_parts(operations_of(|operation| !operation.path.is_empty()), typed)
}

/// What `validate --as` takes: forms of messages, too, that no call carries.
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

/// What `providers` shows: providers, operations, message types.
pub(super) fn pages(line: &TypedLine, typed: &str) -> Vec<Offer> {
    if typed.contains('/') { parts() } else { providers(line, typed) }
}

/// What `schema` makes: operations, message types, herald's own output.
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

/// Message types that people send by hand, under herald's id, and under the vendor's name where that is being typed.
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

/// Fields that `--set` takes in the operation that the line names, or in those that its command may choose.
pub(super) fn fields(line: &TypedLine, typed: &str) -> Vec<Offer> {
    let mut offers: Vec<String> = Vec::new();
    if let Some(operation) = line.operation() {
        offers = complete(operation, PathRoots::Body, typed);
    } else if let (Some(contract), Some(verb)) = (line.provider(), line.verb()) {
        let composes = matches!(verb, Verb::Send | Verb::Broadcast | Verb::Update);
        let row = line.flag("--type").and_then(|name| contract.message_type(name));
        // Of one type's fields, those of all the others are not offered as well.
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

/// Rules that can be waived. A send is stopped by errors alone.
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
        .filter(|offer| Waivers::check(&offer.value, &contracts).is_ok());
    in_parts(offers.collect(), typed)
}

/// Rules and error codes that `explain` knows.
pub(super) fn codes(_: &TypedLine, typed: &str) -> Vec<Offer> {
    in_parts(all_codes(&all()).into_iter().map(Offer::bare).collect(), typed)
}

/// Guards that can be passed.
pub(super) fn guards(_: &TypedLine, _: &str) -> Vec<Offer> {
    let rows = guard::ROWS.iter().filter(|row| row.can_be_overridden);
    rows.map(|row| Offer::new(row.word, row.about.to_string())).collect()
}

pub(super) fn outcomes(_: &TypedLine, _: &str) -> Vec<Offer> {
    EntryStatus::ALL.into_iter().map(|status| Offer::bare(status.word())).collect()
}

/// The latest jobs of the ledger: by the names that they have, else by their ids.
pub(super) fn jobs(line: &TypedLine, _: &str) -> Vec<Offer> {
    let (ledger, filter) = glance(line);
    let mut offers: Vec<Offer> = Vec::new();
    let take = &mut |job: Job| {
        let intent = &job.intent;
        let about = format!(
            "{} {} {} {}",
            time(intent.created_ms),
            intent.provider,
            intent.audience,
            job.state.word()
        );
        // A name means the latest job that has it.
        if !offers.iter().any(|offer| offer.value == job.label()) {
            offers.push(Offer::new(job.label(), about));
        }
        if offers.len() < MOST_ENTRIES { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    // What cannot be read offers nothing.
    let _ = ledger.map(|mut ledger| ledger.jobs(&filter, take));
    offers
}

/// The latest entries and jobs.
pub(super) fn entries_and_jobs(line: &TypedLine, typed: &str) -> Vec<Offer> {
    let mut offers = entries(line, typed);
    offers.extend(jobs(line, typed));
    offers
}

/// The ledger, where it can be read at once, and which part of it is meant.
fn glance(line: &TypedLine) -> (Option<Ledger>, Filter) {
    let session = line.session();
    let path = line.flag("--ledger").map(PathBuf::from).or_else(|| {
        let set = session.edge.var("HERALD_LEDGER").filter(|path| !path.is_empty());
        set.map(PathBuf::from).or_else(|| Some(session.edge.state_dir()?.join("ledger.db")))
    });
    let filter = Filter {
        realm: Some(crate::cli::world::realm(line.is_sandbox())),
        provider: session.globals.provider.clone(),
        profile: session.globals.profile.clone(),
        limit: Some(MOST_ENTRIES),
        ..Filter::default()
    };
    (path.and_then(|path| Ledger::open_readonly(&path, session.edge.now_ms())), filter)
}

/// The latest entries of the ledger, those of the sandbox where it is meant.
pub(super) fn entries(line: &TypedLine, _: &str) -> Vec<Offer> {
    let (ledger, filter) = glance(line);
    let entries = ledger.and_then(|mut ledger| ledger.list(&filter).ok()).unwrap_or_default();
    // What was rejected cannot be taken back or changed.
    let wanted = |entry: &LedgerEntry| {
        let is_gone = [Verdict::Rejected, Verdict::Denied, Verdict::Unavailable]
            .into_iter()
            .any(|verdict| entry.status == EntryStatus::Decided(verdict));
        line.has("history") || !is_gone
    };
    let entries = entries.into_iter().filter(wanted);
    let offer = |entry: LedgerEntry| {
        let intent = &entry.intent;
        let about = format!(
            "{} {}/{} {} {}",
            time(intent.times.created_ms),
            intent.route.provider,
            intent.route.operation,
            intent.reach.audience,
            entry.status.word()
        );
        Offer::new(intent.id.to_string(), about)
    };
    entries.map(offer).collect()
}

/// The kinds before the colon of `--to`.
pub(super) fn targets(_: &TypedLine, _: &str) -> Vec<Offer> {
    TargetKind::ALL.iter().map(|kind| Offer::bare(format!("{}:", kind.word()))).collect()
}
