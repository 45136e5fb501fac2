//! What herald itself has written, given as a list: its history and reports name targets in sentences, and its results name
//! those who have got the message, too.

use crate::contract::TargetKind;
use crate::document::Object;
use crate::error::{Error, Result};
use crate::ledger::TargetState;
use crate::outcome::Verdict;
use crate::text::suggest;

/// Members that stand together in documents of herald and in no list, beside `version`.
const MARKS: [&[&str]; 6] = [
    &["provider", "operation", "outcome"],
    &["summary", "findings"],
    &["plan", "herald"],
    &["entries"],
    &["jobs"],
    &["error"],
];

/// Refuses an object of a list that is a document of herald and names no target. `sends` is whether the targets of the list get
/// a new message: then it also refuses the result of a target that has got its message, or may have got it.
pub(super) fn check_own(list: &str, object: &Object, sends: bool) -> Result<()> {
    let has = |name: &&str| object.get(name).is_some();
    let text = |name: &str| object.get(name).and_then(|node| node.value.as_str());
    if object.get("version").is_none() {
        return Ok(());
    }
    if MARKS.iter().any(|marks| marks.iter().all(has)) {
        let error =
            Error::input(format!("`{list}` is an output of herald, and no list of targets"));
        return Err(error.help(format!("{} lists the targets of a job", targets_of("JOB", false))));
    }
    let (Some(job), Some(outcome)) = (text("job"), text("outcome")) else { return Ok(()) };
    let state = TargetState::from_word(outcome);
    let failed = state.is_none_or(|state| state.has_failed() && state != TargetState::Planned);
    let is_target = text("target").and_then(|target| target.split_once(':'));
    let is_target = is_target.is_some_and(|(kind, _)| TargetKind::from_word(kind).is_some());
    if !sends || failed || !is_target {
        return Ok(());
    }
    let message = format!("`{list}` has the results of a job, in which targets are {outcome}");
    let (failed, all) = (targets_of(job, true), targets_of(job, false));
    Err(Error::input(message).help(match state {
        Some(TargetState::Planned) => format!(
            "{} sends what is left; {failed} lists those that failed",
            suggest("broadcast --resume").arg(job)
        ),
        Some(TargetState::Decided(Verdict::Accepted)) => {
            format!("{failed} lists those that failed; for a new message to all of them: {all}")
        }
        _ => format!("{failed} lists those that failed"),
    }))
}

/// The command that lists targets of a job as a list has them.
fn targets_of(job: &str, failed: bool) -> String {
    let command = suggest("history --job").arg(job);
    let command =
        if failed { command.words("--failed --as targets") } else { command.words("--as targets") };
    if job == "JOB" { command.form() } else { command.to_string() }
}
