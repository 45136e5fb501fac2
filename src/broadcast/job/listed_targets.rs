//! Lists the targets of a job, one a line, as `--targets` takes them.

use std::collections::HashSet;
use std::ops::ControlFlow;

use serde_json::{Map, Value as Json, json};

use crate::broadcast::job::before_resume::left_to_resume;
use crate::broadcast::job::remaining::can_be_resumed;
use crate::broadcast::job::settings::variables_of;
use crate::contract::{Target, TargetKind};
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::ledger::{BatchFilter, BatchKey, EntryStatus, Fate, Job, JobBatch, Ledger, TargetState};
use crate::report::{Format, counted};
use crate::text::suggest;

/// The members of a listed target in JSON; a variable that is called like one of them has no place there.
const MEMBERS: [&str; 7] = ["version", "target", "outcome", "sandbox", "id", "code", "message"];

/// How many targets of a job certainly did not accept it, without those that it still sends to.
pub(crate) fn failed_targets(job: &Job) -> u64 {
    let later = if is_left_to_send(job) { job.targets.planned } else { 0 };
    job.targets.failed().saturating_sub(later)
}

/// Whether the targets that are not sent to yet are left to the job itself. A new job for them as well would reach them
/// twice.
fn is_left_to_send(job: &Job) -> bool {
    job.state.is_at_work() || can_be_resumed(job)
}

/// Which targets of a job are listed, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TargetListing {
    /// Those with this outcome alone.
    pub(crate) outcome: Option<EntryStatus>,
    /// Those that certainly did not accept it alone, without those that the job itself still sends to.
    pub(crate) failed: bool,
    /// Without the values that the texts were filled with.
    pub(crate) names_alone: bool,
}

/// Lists targets of a job. Where its texts differ from target to target, each has its values: without them a broadcast of
/// the same text would miss them. An error where the ledger does not have them.
pub(crate) fn list_targets(
    env: &Env,
    ledger: &mut Ledger,
    job: &Job,
    listing: &TargetListing,
) -> Result<Exit> {
    let ui = &env.ui;
    let variables = if listing.names_alone { Vec::new() } else { variables_of(job) };
    let clash = |name: &&String| ui.format != Format::Human && MEMBERS.contains(&name.as_str());
    if let Some(name) = variables.iter().find(clash) {
        return Err(Error::usage(format!(
            "`{{{{{name}}}}}` is called like a member that each target has in JSON"
        ))
        .help("leave out --output: then each line has the target and its values alone"));
    }
    let wanted = WantedTargets {
        is_left: is_left_to_send(job),
        resumed: if listing.failed { left_to_resume(ledger, job)? } else { HashSet::new() },
        listing,
    };
    // Whether the ledger has all values is known before the first line is written.
    for_each(ledger, job, &wanted, &variables, &mut |_, _, _| {})?;
    let mut all = Vec::new();
    for_each(ledger, job, &wanted, &variables, &mut |kind, fate, values| {
        let object = || object(kind, fate, values, job.is_of_sandbox());
        match ui.format {
            Format::Json => all.push(object()),
            Format::Ndjson => ui.json(&object()),
            _ if values.is_empty() => ui.line(&named(kind, fate)),
            _ => ui.line(&line(kind, fate, values)),
        }
    })?;
    if ui.format == Format::Json {
        ui.json(&json!({"version": 1, "targets": all}));
    }
    if listing.failed {
        remark_on_others(env, job, wanted.resumed.len() as u64);
    }
    if !variables.is_empty() && ui.format == Format::Human {
        env.ui.remark(
            "each line has a target with the values of its text: name the list NAME.ndjson, or add --form ndjson, for `broadcast --targets`",
        );
    }
    Ok(Exit::Done)
}

/// Which targets are listed.
struct WantedTargets<'a> {
    is_left: bool,
    /// Those that were resolved as not accepted, and that a resumed run sends to.
    resumed: HashSet<(BatchKey, String)>,
    listing: &'a TargetListing,
}

impl WantedTargets<'_> {
    fn holds(&self, batch: &JobBatch, fate: &Fate<'_>) -> bool {
        let state = fate.state;
        let later = self.is_left && state == TargetState::Planned
            || !self.resumed.is_empty()
                && self.resumed.contains(&(batch.batch.key, fate.target.to_owned()));
        (!self.listing.failed || state.has_failed() && !later)
            && self.listing.outcome.is_none_or(|wanted| wanted.word() == state.word())
    }
}

/// Takes a target with its kind and the values of its text.
type TakeTarget<'t> = dyn FnMut(Option<TargetKind>, &Fate<'_>, &Map<String, Json>) + 't;

/// Hands over the wanted targets with their kind and the values of their texts.
fn for_each(
    ledger: &mut Ledger,
    job: &Job,
    wanted: &WantedTargets<'_>,
    variables: &[String],
    take: &mut TakeTarget<'_>,
) -> Result<()> {
    let mut fault = None;
    ledger.each_batch(job.intent.id, BatchFilter::All, &mut |batch| {
        let mut each = || {
            // Without its kind, a target would be read as one of the vendor's usual kind.
            let kind = job.template(batch.batch.template)?.kind;
            let mut values = None;
            for fate in batch.fates().filter(|fate| wanted.holds(&batch, fate)) {
                if values.is_none() {
                    values = Some(values_of(job, &batch, kind, variables)?);
                }
                take(kind, &fate, values.as_ref().unwrap_or(&Map::new()));
            }
            Ok(())
        };
        fault = each().err();
        if fault.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    fault.map_or(Ok(()), Err)
}

/// The values of a batch; none where its texts have no variables.
fn values_of(
    job: &Job,
    batch: &JobBatch,
    kind: Option<TargetKind>,
    variables: &[String],
) -> Result<Map<String, Json>> {
    if variables.is_empty() {
        return Ok(Map::new());
    }
    let Some(kept) = &batch.batch.vars else {
        let label = job.label();
        let names: Vec<String> = variables.iter().map(|name| format!("`{{{{{name}}}}}`")).collect();
        return Err(Error::new(
            ErrorKind::Ledger,
            format!(
                "the ledger does not have the values of {}: with `payload = \"digest\"` it forgets them when a request has ended",
                names.join(", ")
            ),
        )
        .help(format!(
            "nothing is listed, since the texts would miss them; {} lists the targets alone: take their rows from your own list",
            suggest("history --job").arg(label).words("--failed --as names")
        )));
    };
    let damaged = || {
        let number = batch.batch.key.number();
        Error::new(ErrorKind::Ledger, format!("the values of request {number} cannot be read"))
            .help("add `--as names` for the targets alone")
    };
    let values: Map<String, Json> = serde_json::from_str(kept).map_err(|_| damaged())?;
    // A list takes the target from its member `to`, whatever else is there.
    if let Some(Json::String(to)) = values.get("to") {
        let is_target = |id: &String| {
            kind.is_some_and(|kind| {
                Target::parse(to, kind).is_ok_and(|read| read == Target::new(kind, id))
            })
        };
        if !batch.batch.ids.iter().all(is_target) {
            return Err(Error::usage(
                "`{{to}}` is no target, and a list takes its targets from a member of this name",
            )
            .help(
                "add `--as names` for the targets alone, and take their rows from your own list",
            ));
        }
    }
    Ok(values)
}

/// Reports targets that are not listed because it is unknown whether they received the message, or because the job itself
/// sends to them.
fn remark_on_others(env: &Env, job: &Job, resumed: u64) {
    let is = |count: u64| if count == 1 { "is" } else { "are" };
    let (unknown, sending) = (job.targets.unknown, job.targets.sending);
    if unknown > 0 {
        env.ui.remark(&format!(
            "{} {} unknown and not listed: they may have got it; {} tells how they are settled",
            counted(unknown, "target"),
            is(unknown),
            suggest("history show").arg(job.label())
        ));
    }
    let planned = if is_left_to_send(job) { job.targets.planned } else { 0 };
    for (count, why) in [(planned, "not sent yet"), (resumed, "resolved as not accepted")] {
        if count > 0 && !job.state.is_at_work() {
            env.ui.remark(&format!(
                "{} {} {why} and not listed: {} sends to {}",
                counted(count, "target"),
                is(count),
                job.resume_command(),
                if count == 1 { "it" } else { "them" }
            ));
        }
    }
    // If no process works on the job any more, these are unknown as well.
    if sending > 0 {
        env.ui.remark(&format!(
            "{} {} being sent right now and not listed",
            counted(sending, "target"),
            is(sending)
        ));
    }
}

fn named(kind: Option<TargetKind>, fate: &Fate<'_>) -> String {
    kind.map_or_else(|| fate.target.to_owned(), |kind| format!("{}:{}", kind.word(), fate.target))
}

/// A line of a list with variables.
fn line(kind: Option<TargetKind>, fate: &Fate<'_>, values: &Map<String, Json>) -> String {
    let mut line = Map::new();
    line.insert("to".to_owned(), json!(named(kind, fate)));
    // A text with `{{to}}` had the target as it was typed, and has it so again.
    line.extend(values.clone());
    Json::Object(line).to_string()
}

fn object(
    kind: Option<TargetKind>,
    fate: &Fate<'_>,
    values: &Map<String, Json>,
    sandbox: bool,
) -> Json {
    let mut object = json!({
        "version": 1,
        "target": named(kind, fate),
        "outcome": fate.state.word(),
        "sandbox": sandbox,
        "id": fate.id,
        "code": fate.code,
        "message": fate.message,
    });
    for (name, value) in values {
        object[name] = value.clone();
    }
    object
}
