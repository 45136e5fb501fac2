//! What a job has sent and cannot be recalled, since the vendor gave it no id.

use crate::contract::Verb;
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::outcome::{Outcome, TargetResult, Verdict};
use crate::report::{SentReport, counted};
use crate::send::app::App;
use crate::send::follow_up_subject::FollowSubject;
use crate::send::settle_unknown::IdLookUp;
use crate::text::{SuggestedCommand, suggest};

/// A request of a job that cannot be recalled, because the id of what it sent is not known. It may have arrived.
pub(crate) fn out_of_reach(app: &App, verb: Verb, subject: &FollowSubject) -> Option<SentReport> {
    let FollowSubject { ids, about, batch, .. } = subject;
    let (sent, reached) = (&about.as_ref()?.sent, batch.as_ref()?);
    let has_id = !ids.is_empty() || sent.targets.iter().any(|(_, id)| id.is_some());
    let contract = app.vendor.contract();
    let recall = contract.operation(&sent.operation)?.recall.operation?;
    let target = |name: &String| TargetResult::new(name, Verdict::Unknown);
    let outcome = Outcome {
        advice: Some("what the vendor gave no id to has to be found there by hand".to_owned()),
        targets: reached.iter().map(target).collect(),
        ..Outcome::of(Verdict::Unknown)
    };
    (verb == Verb::Recall && !has_id).then(|| SentReport {
        provider: contract.id.to_owned(),
        operation: recall.to_owned(),
        profile: app.account.profile.clone(),
        sandbox: app.sandbox,
        outcome,
        ledger_id: None,
        short_id: None,
        attempts: 0,
        elapsed_ms: 0,
        take_back: None,
    })
}

/// Adds to an error that a message has no id that the vendor can be asked for it.
pub(crate) fn without_id(error: Error, subject: &FollowSubject) -> Error {
    let Some(about) = &subject.about else { return error };
    let is_lost = subject.ids.is_empty() && error.kind() == ErrorKind::Usage;
    if let Some(how) = subject.settle.as_ref().filter(|_| is_lost) {
        let label = &about.label;
        let why = "its id is not known";
        return Error::usage(format!("{label} cannot be followed up before it is settled: {why}"))
            .help(how);
    }
    let look = look_for_id(&about.label, subject.look_up, subject.check.as_ref());
    let Some(help) = look.filter(|_| is_lost) else { return error };
    Error::usage(format!("{error}; the id of what was sent is not known")).help(help)
}

/// How herald looks for the vendor's id of a message; `None` where it does not.
pub(crate) fn look_for_id(
    label: &str,
    look_up: IdLookUp,
    check: Option<&SuggestedCommand>,
) -> Option<String> {
    let look = format!("{} looks for it at the vendor", check?);
    match look_up {
        IdLookUp::Now => Some(look),
        IdLookUp::AfterUndo => {
            let undo = suggest("history resolve").arg(label).words("--undo");
            Some(format!("{undo} withdraws what was decided; then {look}"))
        }
        IdLookUp::Never => None,
    }
}

/// Says what cannot be recalled. Where that is all, nothing is left to do.
pub(crate) fn tell_aside(
    env: &Env,
    (aside, label): (&[SentReport], &str),
    (look_up, check): (Option<IdLookUp>, Option<&SuggestedCommand>),
    is_all: bool,
) -> Result<()> {
    let targets: usize = aside.iter().map(|one| one.outcome.targets.len()).sum();
    let whom = match targets {
        0 => String::new(),
        count => format!(" to {}", counted(count as u64, "target")),
    };
    let what = counted(aside.len() as u64, "request");
    let said = format!(
        "{what}{whom} cannot be recalled: the id of what was sent is not known, and it may have arrived"
    );
    let look = look_up.and_then(|look_up| look_for_id(label, look_up, check));
    let help = match (look, look_up) {
        (Some(look), _) => format!("{look}; then recall it again"),
        (None, Some(IdLookUp::Now)) => format!(
            "{} tells how to find and to settle it; then name its id",
            suggest("history show").arg(label)
        ),
        (None, _) => "name its id, if the vendor shows one".to_owned(),
    };
    if is_all {
        return Err(Error::new(ErrorKind::Unknown, said).help(help));
    }
    env.ui.warn(&format!("{said}; {help}"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_has_decided_is_unknown_again_before_it_is_looked_for() {
        let (undo, check) =
            ("`herald history resolve a --undo`", "`herald history resolve a --check`");
        let command = suggest("history resolve").arg("a").words("--check");
        let look_for_id = |when| look_for_id("a", when, Some(&command));
        let now = look_for_id(IdLookUp::Now).expect("a way");
        assert!(now.starts_with(check) && !now.contains(undo), "{now}");
        let later = look_for_id(IdLookUp::AfterUndo).expect("a way");
        assert!(later.find(undo) < later.find(check) && later.contains(undo), "{later}");
        assert_eq!(look_for_id(IdLookUp::Never), None);
        assert_eq!(super::look_for_id("a", IdLookUp::Now, None), None, "nothing looks for it");
    }
}
