//! What each word means that herald prints of its own: guards, exit codes, outcomes, endings, and the like. Rules and the
//! error codes of vendors have their pages in [`crate::contract::reference`].

use crate::account::Mode;
use crate::broadcast::job::HALT_WORDS;
use crate::contract::reference::Page;
use crate::contract::{Contract, DoubtfulMessage, Operation, Severity, TargetKind, Verb};
use crate::error::ErrorKind;
use crate::exit::Exit;
use crate::guard;
use crate::ledger::{HALTED, JobEnd, JobState, ResolvedAs, TargetState};
use crate::outcome::Verdict;
use crate::profile::ProfileState;
use crate::provider;
use crate::report::{LOG_WORDS, PHASES, SETTLED};
use crate::wire::{Cause, ExchangeStep};

/// What sort of word those of the sandbox's log are.
const LOG_KIND: &str = "word of the log of `herald sandbox`";

/// Words of tables and summaries that are no outcome.
const IN_TABLES: [(&str, &str); 5] = [
    ("not sent", "targets of the job to which no request went out; --resume sends to them"),
    (
        "left out",
        "entries or files that cannot be used or are not wanted; the reason stands beside them",
    ),
    ("not recognised", "payloads of which `validate` cannot tell the operation; name it with --as"),
    ("excluded", "files that a pattern of --exclude or of `herald.toml` leaves out"),
    (
        "canary",
        "the first targets of a job, which --canary sends to and waits for before the others",
    ),
];

/// A meaning of a word.
struct Meaning {
    word: String,
    /// What sort of word it is.
    kind: &'static str,
    about: String,
    /// Further facts.
    more: Vec<(&'static str, String)>,
}

impl Meaning {
    fn new(word: impl Into<String>, kind: &'static str, about: impl Into<String>) -> Self {
        Self { word: word.into(), kind, about: about.into(), more: Vec::new() }
    }

    fn with_all(mut self, more: Vec<(&'static str, String)>) -> Self {
        self.more.extend(more);
        self
    }

    fn with(mut self, label: &'static str, text: impl Into<String>) -> Self {
        self.more.push((label, text.into()));
        self
    }
}

/// The page of a word, whatever the case of its letters. A bare number is an exit code.
pub fn word(typed: &str) -> Option<Page> {
    let plain = |text: &str| text.trim().to_lowercase().replace([' ', '_'], "-");
    let word = plain(typed);
    let word = if word.parse::<u8>().is_ok() { format!("exit-{word}") } else { word };
    let mut found = meanings().into_iter().filter(|meaning| plain(&meaning.word) == word);
    let first = found.next()?;
    let mut page = Page { name: first.word, about: first.about, ..Page::default() };
    page.facts = vec![("kind", first.kind.to_owned())];
    page.facts.extend(first.more);
    for Meaning { kind, about, more, .. } in found {
        page.facts.push((kind, about));
        page.facts.extend(more);
    }
    Some(page)
}

/// Every word, each once.
pub fn words() -> Vec<String> {
    let mut words: Vec<String> = meanings().into_iter().map(|meaning| meaning.word).collect();
    words.sort_unstable();
    words.dedup();
    words
}

fn meanings() -> Vec<Meaning> {
    let exits = Exit::ALL.iter().map(|exit| {
        let code = exit.code();
        Meaning::new(format!("exit-{code}"), "exit code", exit.about()).with("again", exit.again())
    });
    let guards = guard::ROWS.iter().map(|row| {
        let bypass = match row.can_be_overridden {
            true => format!("`--override {}`; the ledger keeps that it was used", row.word),
            false => "no flag".to_owned(),
        };
        let sandbox = if row.in_the_sandbox { "yes" } else { "no" };
        Meaning::new(row.word, "guard; it ends with exit code 9", row.about.to_string())
            .with("bypassed by", bypass)
            .with("in the sandbox", sandbox)
    });
    let verdicts = Verdict::WITH_WORDS.iter().map(|verdict| {
        let exit = verdict.exit();
        Meaning::new(verdict.word(), "outcome", verdict.about())
            .with("exit code", exit.code().to_string())
            .with("again", exit.again())
            .with_all(if *verdict == Verdict::Unknown { ways_to_find_out() } else { Vec::new() })
    });
    let refused =
        Meaning::new("refused", "outcome", "herald refused the command before anything left");
    // The others are outcomes.
    let states = TargetState::ALL.iter().filter(|one| !matches!(one, TargetState::Decided(_)));
    let states = states.map(|one| Meaning::new(one.word(), "state of a target", one.about()));
    let skipped =
        Meaning::new("skipped", "state of a target", "its entry of the list cannot be used");
    let done = Verb::FOLLOW_UPS
        .iter()
        .map(|verb| Meaning::new(verb.done(), "what was done with a message", verb.done_means()));
    let settled = Meaning::new(SETTLED.0, "what was found out of a message", SETTLED.1);
    let ends =
        JobEnd::ALL.iter().map(|end| Meaning::new(end.word(), "ending of a job", end.about()));
    let jobs =
        JobState::ALL.iter().map(|one| Meaning::new(one.word(), "state of a job", one.about()));
    let halted = Meaning::new(HALTED.0, "ending of a job", HALTED.1);
    let resolved =
        ResolvedAs::ALL.iter().map(|one| Meaning::new(one.key(), "resolution", one.about()));
    let severities =
        Severity::ALL.iter().map(|one| Meaning::new(one.word(), "severity", one.about()));
    let profiles = ProfileState::ALL
        .iter()
        .map(|one| Meaning::new(one.word(), "state of a profile", one.about()));
    let phases = PHASES.iter().map(|(word, about)| Meaning::new(*word, "line of `-v`", *about));
    let kinds = TargetKind::ALL.iter().map(|kind| {
        let flag = match kind {
            TargetKind::Tag | TargetKind::Package => format!("`broadcast --{kind} ID`"),
            _ => format!("`--to {kind}:ID`"),
        };
        Meaning::new(kind.word(), "kind of target", format!("it is named by {flag}"))
    });
    let modes =
        Mode::ALL.iter().map(|one| Meaning::new(one.word(), "mode of a profile", one.about()));
    let steps = ExchangeStep::ALL.iter().map(|one| {
        Meaning::new(one.word(), "step of a failure", "where a request failed on its way")
    });
    let causes = Cause::ALL.iter().map(|cause| {
        let again = if cause.heals() { "herald retries" } else { "it is tried once" };
        Meaning::new(cause.word(), "cause of a failure", cause.advice()).with("again", again)
    });
    let errors = ErrorKind::ALL.iter().map(|kind| {
        let exit = kind.exit();
        let about = format!("an error with exit code {}: {}", exit.code(), exit.about());
        Meaning::new(kind.word(), "kind of error", about)
    });
    let of_sends = verdicts.chain([refused]).chain(states).chain([skipped]).chain(resolved);
    let of_sends = of_sends.chain(done).chain([settled]);
    let halts =
        HALT_WORDS.iter().map(|(word, about)| Meaning::new(*word, "reason of a halt", *about));
    let in_tables =
        IN_TABLES.iter().map(|(word, about)| Meaning::new(*word, "word of a table", *about));
    let of_jobs = ends.chain(jobs).chain([halted]).chain(halts).chain(in_tables);
    let others = severities.chain(kinds).chain(modes).chain(errors).chain(causes).chain(steps);
    let others = others.chain(profiles).chain(phases).chain(log_words());
    exits.chain(guards).chain(of_sends).chain(of_jobs).chain(others).collect()
}

/// How people find out at each vendor what happened to an unknown message. Of several ways the first is shown, which is that
/// of ordinary messages; the outcome of a message names its own.
fn ways_to_find_out() -> Vec<(&'static str, String)> {
    let contracts = provider::ALL.iter().map(|vendor| vendor.contract());
    let way = |contract: &'static Contract| {
        let lost = DoubtfulMessage::default();
        let sends = |operation: &&Operation| operation.verbs.contains(&Verb::Send);
        let mut operations = contract.operations.iter().filter(sends);
        let how = operations.find_map(|operation| contract.find_out(operation, &lost))?;
        Some((contract.id, how.words(&lost)))
    };
    contracts.filter_map(way).collect()
}

/// The words of the lines of `herald sandbox` and of its log.
fn log_words() -> impl Iterator<Item = Meaning> {
    LOG_WORDS.iter().map(|(word, about)| Meaning::new(*word, LOG_KIND, *about))
}

/// The page of a word of the sandbox's log, whatever the case of its letters.
pub fn log_word(typed: &str) -> Option<Page> {
    let found = log_words().find(|meaning| meaning.word.eq_ignore_ascii_case(typed.trim()))?;
    let facts = vec![("kind", found.kind.to_owned())];
    Some(Page { name: found.word, about: found.about, facts, ..Page::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broadcast::targets::SKIPPED_OUTCOME;
    use crate::contract::schema::output;
    use crate::ledger::EntryStatus;

    #[test]
    fn every_word_has_a_page_in_any_case_of_its_letters() {
        for text in words() {
            for typed in [text.clone(), text.to_uppercase(), text.replace('-', "_")] {
                let page = word(&typed).unwrap_or_else(|| panic!("{typed}"));
                assert!(page.name == text && !page.about.is_empty(), "{typed}");
            }
        }
    }

    #[test]
    fn what_herald_prints_is_among_the_words() {
        let mut printed: Vec<String> = guard::ROWS.iter().map(|row| row.word.to_owned()).collect();
        printed.extend(Exit::ALL.iter().map(|exit| exit.code().to_string()));
        printed.extend(Exit::ALL.iter().map(|exit| format!("exit-{}", exit.code())));
        printed.extend(JobEnd::ALL.iter().map(|end| end.word().to_owned()));
        printed.extend(JobState::ALL.iter().map(|state| state.word().to_owned()));
        printed.extend(ExchangeStep::ALL.iter().map(|step| step.word().to_owned()));
        printed.extend(ErrorKind::ALL.iter().map(|kind| kind.word().to_owned()));
        printed.extend(JobEnd::ALL.iter().map(|end| end.word().to_owned()));
        printed.extend(TargetState::ALL.iter().map(|one| one.word().to_owned()));
        printed.extend(EntryStatus::ALL.iter().map(|one| one.word().to_owned()));
        printed.extend(ResolvedAs::ALL.iter().map(|one| one.key().to_owned()));
        printed.extend(ResolvedAs::ALL.iter().map(|one| one.word().to_owned()));
        printed.extend(ProfileState::ALL.iter().map(|one| one.word().to_owned()));
        printed.extend(Mode::ALL.iter().map(|one| one.word().to_owned()));
        printed.extend(Severity::ALL.iter().map(|one| one.word().to_owned()));
        printed.extend(Cause::ALL.iter().map(|one| one.word().to_owned()));
        printed.extend(Verb::FOLLOW_UPS.iter().map(|verb| verb.done().to_owned()));
        printed.extend(PHASES.iter().chain(LOG_WORDS).map(|(word, _)| (*word).to_owned()));
        let in_tables = ["not sent", "left out", "not recognised", "excluded", "canary"];
        printed.extend(in_tables.map(str::to_owned));
        printed.extend([HALTED.0, SETTLED.0, SKIPPED_OUTCOME].map(str::to_owned));
        let outcomes = ["output/send", "output/broadcast", "output/results", "output/error"];
        for schema in outcomes.map(|name| output::find(name).expect("a schema")) {
            for member in ["outcome", "ended"] {
                let words = schema["properties"][member]["enum"].as_array();
                printed.extend(
                    words.into_iter().flatten().filter_map(|word| Some(word.as_str()?.to_owned())),
                );
            }
        }
        for text in printed {
            assert!(word(&text).is_some(), "{text}");
        }
        let page = word("quota").expect("a guard");
        assert!(page.facts.iter().any(|(_, text)| text.contains("--override quota")), "{page:?}");
        let page = word("unknown").expect("an outcome");
        assert!(page.facts.contains(&("exit code", "8".to_owned())), "{page:?}");
        assert!(word("exit-77").is_none() && word("77").is_none() && word("8x").is_none());
    }
}
