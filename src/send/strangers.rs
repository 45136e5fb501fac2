//! Targets that are named, and did not get what is followed up.

use std::collections::{BTreeMap, HashSet};
use std::ops::ControlFlow;

use crate::contract::Target;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ledger::BatchFilter;
use crate::report::counted;
use crate::send::app::App;
use crate::send::follow_up_subject::FollowSubject;
use crate::send::open_ledger::ledger_to_look;
use crate::send::options::SendOptions;
use crate::text::suggest;

/// The most targets that are named.
const MAX_NAMED: usize = 10;

/// Some names, as far as people read them.
pub(crate) fn listed(names: &[String]) -> String {
    let first = names.iter().take(MAX_NAMED).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MAX_NAMED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// The names of those targets that did not get any of the messages, as far as that is known.
fn strangers(app: &App, subjects: &[FollowSubject], to: &[Target]) -> Vec<String> {
    let reached: Option<Vec<Vec<String>>> = subjects.iter().map(|one| one.reached(app)).collect();
    // Of a message to everybody, no one is known not to have it.
    let Some(reached) = reached else { return Vec::new() };
    let reached: HashSet<&str> = reached.iter().flatten().map(String::as_str).collect();
    let names = to.iter().map(Target::to_string);
    names.filter(|name| !reached.contains(name.as_str())).collect()
}

/// Says which targets of a list did not get any of the messages.
pub(crate) fn tell_strangers(env: &Env, app: &App, subjects: &[FollowSubject], to: &[Target]) {
    let strangers = strangers(app, subjects, to);
    if strangers.is_empty() {
        return;
    }
    let count = counted(strangers.len() as u64, "target");
    let named = listed(&strangers);
    env.ui.warn(&format!(
        "{count} of the list did not get it, and nothing is done for them: {named}"
    ));
}

/// Refuses targets that are named one by one and did not get any of the messages: most likely others are meant.
pub(crate) fn refuse_strangers(
    env: &Env,
    app: &App,
    subjects: &[FollowSubject],
    to: &[Target],
    sending: &SendOptions,
) -> Result<()> {
    let mut strangers = strangers(app, subjects, to);
    if strangers.is_empty() {
        return Ok(());
    }
    let mut of: Vec<String> = Vec::new();
    for about in subjects.iter().filter_map(|one| one.about.as_ref()) {
        let what = if about.batch.is_some() { "the job" } else { "the message" };
        let name = format!("{what} {}", about.label);
        if !of.contains(&name) {
            of.push(name);
        }
    }
    let label = subjects.iter().find_map(|one| Some(one.about.as_ref()?.label.clone()));
    let of = match of.as_slice() {
        [one] => one.as_str(),
        _ => "any of these messages",
    };
    let states = states(env, subjects, &strangers, sending)?;
    let mut what = format!("not a target of {of}");
    if !states.is_empty() {
        what = format!("not reached by {of}");
        for name in &mut strangers {
            let state = states.get(name).copied().unwrap_or("no target");
            *name = format!("{name} ({state})");
        }
    }
    let all = if strangers.len() == to.len() { "none of those who are named got it; " } else { "" };
    let show = label.map(|label| suggest("history show").arg(label));
    let help = show.map_or_else(String::new, |show| format!("; {show} tells to whom it was sent"));
    Err(Error::usage(format!("{all}{what}: {}", listed(&strangers)))
        .help(format!("nothing was sent{help}")))
}

/// What became of those that are targets of the jobs all the same, in a word.
fn states(
    env: &Env,
    subjects: &[FollowSubject],
    names: &[String],
    sending: &SendOptions,
) -> Result<BTreeMap<String, &'static str>> {
    let of_jobs = subjects.iter().filter_map(|one| one.about.as_ref());
    let jobs: HashSet<_> = of_jobs.filter(|one| one.batch.is_some()).map(|one| one.id).collect();
    let mut found = BTreeMap::new();
    if jobs.is_empty() {
        return Ok(found);
    }
    let names: HashSet<&String> = names.iter().collect();
    let mut ledger = ledger_to_look(env, sending)?;
    for job in jobs {
        let job = ledger.job(job)?;
        ledger.each_batch(job.intent.id, BatchFilter::All, &mut |batch| {
            let kind = job.template(batch.batch.template).ok().and_then(|template| template.kind);
            for fate in batch.fates() {
                let name = kind.map_or_else(
                    || fate.target.to_owned(),
                    |kind| Target::new(kind, fate.target).to_string(),
                );
                if names.contains(&name) {
                    found.insert(name, fate.state.word());
                }
            }
            ControlFlow::Continue(())
        })?;
    }
    Ok(found)
}
