//! Targets of a job that a person decides on, by their names.

use std::collections::HashMap;
use std::ops::ControlFlow;

use crate::broadcast::job::options::ListOptions;
use crate::contract::Target;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ledger::{BatchFilter, BatchKey, Job, Ledger, TargetState};
use crate::outcome::Verdict;
use crate::provider;

/// Targets of a job by the batches that they are in.
pub(crate) type ChosenTargets = Vec<(BatchKey, Vec<String>)>;

/// How many targets an error names.
const MAX_NAMED: usize = 10;

/// What targets of a job have to be, so that they can be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChosenState {
    /// Unknown: a person decides on them.
    Unknown,
    /// Accepted or not: the decision of a person is withdrawn.
    Decided,
}

impl ChosenState {
    fn holds(self, state: TargetState) -> bool {
        let unknown = TargetState::Decided(Verdict::Unknown);
        match self {
            Self::Unknown => state == unknown,
            Self::Decided => state.is_decided() && state != unknown,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Decided => "resolved",
        }
    }
}

/// The targets that are named, or those of a list. Each has to be in this state in the job.
pub(crate) fn choose_targets(
    env: &Env,
    ledger: &mut Ledger,
    job: &Job,
    named: &[String],
    (list, due): (&ListOptions, ChosenState),
) -> Result<ChosenTargets> {
    let usual = provider::find(&job.intent.provider)?.contract().default_target;
    // A job may have ids that no list would bring in: they stand in its ledger, and are looked up there.
    let parse = |text: &String| -> Result<Target> {
        let (kind, id) = Target::split(text, usual)?;
        Ok(Target::new(kind, id))
    };
    let wanted = match list.targets {
        Some(_) => list.read_all(env, usual)?,
        None => named.iter().map(parse).collect::<Result<Vec<Target>>>()?,
    };
    let mut wanted: HashMap<String, Option<TargetState>> =
        wanted.iter().map(|target| (target.to_string(), None)).collect();
    let mut chosen = ChosenTargets::new();
    ledger.each_batch(job.intent.id, BatchFilter::All, &mut |batch| {
        let template = job.template(batch.batch.template).ok();
        let kind = template.and_then(|template| template.kind);
        let mut names = Vec::new();
        for fate in batch.fates() {
            let name = match kind {
                Some(kind) => Target::new(kind, fate.target).to_string(),
                None => fate.target.to_owned(),
            };
            if let Some(state) = wanted.get_mut(&name)
                && !state.is_some_and(|state| due.holds(state))
            {
                *state = Some(fate.state);
                if due.holds(fate.state) {
                    names.push(fate.target.to_owned());
                }
            }
        }
        if !names.is_empty() {
            chosen.push((batch.batch.key, names));
        }
        ControlFlow::Continue(())
    })?;
    let mut wrong: Vec<String> = wanted
        .iter()
        .filter(|(_, state)| !state.is_some_and(|state| due.holds(state)))
        .map(|(name, state)| match state {
            Some(state) => format!("{name} is {}", state.word()),
            None => format!("{name} is no target of it"),
        })
        .collect();
    if wrong.is_empty() {
        return Ok(chosen);
    }
    wrong.sort_unstable();
    let more = wrong.len().saturating_sub(MAX_NAMED);
    wrong.truncate(MAX_NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let label = job.label();
    Err(Error::usage(format!(
        "not all of these are {} in the job {label}: {}{more}",
        due.words(),
        wrong.join(", ")
    ))
    .help(format!("nothing was written; name targets that are {}", due.words())))
}
