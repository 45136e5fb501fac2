//! What each word means that herald prints of its own: guards, exit codes, outcomes, endings, and the like. Rules and the
//! error codes of vendors have their pages in [`crate::contract::reference`].

use crate::account::Mode;
use crate::contract::reference::Page;
use crate::contract::{Contract, DoubtfulMessage, Operation, Severity, TargetKind, Verb};
use crate::error::ErrorKind;
use crate::exit::Exit;
use crate::guard;
use crate::ledger::{JobEnd, JobState, ResolvedAs, TargetState};
use crate::outcome::Verdict;
use crate::provider;
use crate::wire::{Cause, ExchangeStep};

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
    let word = typed.trim().to_lowercase().replace([' ', '_'], "-");
    let word = if word.parse::<u8>().is_ok() { format!("exit-{word}") } else { word };
    let mut found = meanings().into_iter().filter(|meaning| meaning.word == word);
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
    let verdicts = VERDICTS.iter().map(|verdict| {
        let exit = verdict.exit();
        Meaning::new(verdict.word(), "outcome", outcome(*verdict))
            .with("exit code", exit.code().to_string())
            .with("again", exit.again())
            .with_all(if *verdict == Verdict::Unknown { ways_to_find_out() } else { Vec::new() })
    });
    let refused =
        Meaning::new("refused", "outcome", "herald refused the command before anything left");
    let states = [TargetState::Planned, TargetState::Sending];
    let states =
        states.iter().map(|one| Meaning::new(one.word(), "state of a target", state(*one)));
    let skipped =
        Meaning::new("skipped", "state of a target", "its entry of the list cannot be used");
    let ends =
        JobEnd::ALL.iter().map(|end| Meaning::new(end.word(), "ending of a job", ending(*end)));
    let jobs =
        JobState::ALL.iter().map(|one| Meaning::new(one.word(), "state of a job", job(*one)));
    let resolved = [ResolvedAs::Accepted, ResolvedAs::NotAccepted];
    let resolved = resolved.iter().map(|one| {
        let about = "what `history resolve` says happened to an unknown message";
        Meaning::new(one.key(), "resolution", about)
    });
    let severities = [Severity::Error, Severity::Warning, Severity::Hint];
    let severities =
        severities.iter().map(|one| Meaning::new(one.word(), "severity", severity(*one)));
    let kinds = TargetKind::ALL.iter().map(|kind| {
        let flag = match kind {
            TargetKind::Tag | TargetKind::Package => format!("`broadcast --{kind} ID`"),
            _ => format!("`--to {kind}:ID`"),
        };
        Meaning::new(kind.word(), "kind of target", format!("it is named by {flag}"))
    });
    let modes = [Mode::Live, Mode::Test, Mode::Sandbox];
    let modes = modes.iter().map(|one| Meaning::new(one.word(), "mode of a profile", mode(*one)));
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
    let of_jobs = ends.chain(jobs);
    let others = severities.chain(kinds).chain(modes).chain(errors).chain(causes).chain(steps);
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

/// The verdicts with a word of their own: a denial has that of a rejection.
const VERDICTS: [Verdict; 5] = [
    Verdict::Accepted,
    Verdict::Partial,
    Verdict::Rejected,
    Verdict::Unavailable,
    Verdict::Unknown,
];

const fn outcome(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accepted => "the vendor accepted it; this does not say that it was delivered",
        Verdict::Partial => "the vendor accepted some targets and refused others",
        Verdict::Denied | Verdict::Rejected => "the vendor refused it, permanently",
        Verdict::Unavailable => "certainly nothing was accepted this time",
        Verdict::Unknown => "it left, and no answer says what happened to it: it may have gone out",
    }
}

const fn state(state: TargetState) -> &'static str {
    match state {
        TargetState::Planned => "nothing was sent yet",
        TargetState::Sending => "its request is on its way, or is about to be sent again",
        TargetState::Decided(verdict) => outcome(verdict),
    }
}

const fn ending(end: JobEnd) -> &'static str {
    match end {
        JobEnd::Finished => "every target has an outcome",
        JobEnd::Stopped => "`stop` stopped it; `--resume` continues it",
        JobEnd::VendorDown => {
            "the vendor could not be reached for too long; `--resume` continues it"
        }
        JobEnd::Aborted => "more targets failed than `--abort-above` allows",
        JobEnd::Interrupted => {
            "a signal or a fault of this machine ended it; `--resume` continues it"
        }
        JobEnd::Guard => "a guard stopped it, as when quiet hours began; `--resume` continues it",
    }
}

const fn job(state: JobState) -> &'static str {
    match state {
        JobState::Planning => "its list is being read; nothing was sent",
        JobState::Running => "a process is sending it",
        JobState::Stopping => "a process ends it before its next batch",
        JobState::Stopped => "it was stopped; `broadcast --resume JOB` continues it",
        JobState::Interrupted => "it ended early; `broadcast --resume JOB` continues it",
        JobState::Finished => "there is nothing left to send",
    }
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "the vendor refuses it: nothing is sent, and the exit code is 1",
        Severity::Warning => "it is legal, but probably a mistake",
        Severity::Hint => "it is worth knowing",
    }
}

const fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Test => "it reaches only the targets of its allow_to",
        Mode::Live => "it reaches real people: large sends are confirmed",
        Mode::Sandbox => "nothing leaves the mock server inside herald",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        printed.extend(
            ["accepted", "partial", "rejected", "unavailable", "unknown", "refused", "planned"]
                .map(str::to_owned),
        );
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
