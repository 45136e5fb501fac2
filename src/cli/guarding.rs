//! The guards at the edge: what they decide is asked of a person here, where there is one.

mod facts;
mod terms;

use std::io::IsTerminal as _;

use dialoguer::Input;

use super::trip::Trip;
use crate::contract::{Audience, Effect, Operation, Verb};
use crate::document::{Document, Value};
use crate::error::{Error, Kind, Result};
use crate::guard::{self, Case, Decision, Guard, Outgoing, Question, Reached, Tally};
use crate::report::{Ui, escape};

pub(super) use terms::{Bound, QuotaLeft, bound, open_job, quotas_left};

/// What is about to go out.
#[derive(Clone, Copy)]
pub(super) struct Going<'a> {
    /// The requests; of a list one finished request for each of its texts.
    pub requests: &'a [Request<'a>],
    /// The targets of a list, of which the requests are only samples.
    pub listed: Option<&'a Tally>,
    /// How many requests there will be, where that is not how many there are here.
    pub calls: Option<u64>,
    /// The name of the job.
    pub job: Option<&'a str>,
    /// What all of it says to whom, where the requests are only samples of it.
    pub fingerprint: Option<&'a str>,
}

impl<'a> Going<'a> {
    /// These requests, and nothing else.
    pub(super) fn all(requests: &'a [Request<'a>]) -> Self {
        Self { requests, listed: None, calls: None, job: None, fingerprint: None }
    }
}

/// One finished request.
#[derive(Clone, Copy)]
pub(super) struct Request<'a> {
    /// Its operation.
    pub operation: &'static Operation,
    /// Whom it reaches.
    pub audience: &'a Audience,
    /// Its body, unsigned.
    pub body: &'a Value,
    /// Scheme, host and port that it goes to.
    pub base: &'a str,
}

/// Lets what is about to go out pass the guards, or refuses. Gives the guards that `--override` passed.
///
/// Several requests are judged as one: what reaches a hundred targets in ten requests reaches a hundred.
pub(super) fn pass(trip: &Trip<'_>, going: &Going<'_>) -> Result<Vec<Guard>> {
    let Some(gravest) = gravest(going.requests) else { return Ok(Vec::new()) };
    let name = format!("{}/{}", trip.vendor.contract().id, gravest.operation.id);
    judge(trip, going, &name, gravest.operation.effect, gravest.base)
}

/// Refuses what no list can make right - a switch, the hour - before the list is read.
pub(super) fn before_a_list(trip: &Trip<'_>) -> Result<()> {
    let base = trip.world.base();
    judge(trip, &Going::all(&[]), trip.verb.word(), Effect::Sends, &base).map(drop)
}

fn judge(
    trip: &Trip<'_>,
    going: &Going<'_>,
    operation: &str,
    effect: Effect,
    base: &str,
) -> Result<Vec<Guard>> {
    let overrides = overrides(&trip.sending.overrides)?;
    let audience = together(going.requests);
    let documents: Vec<Document> =
        going.requests.iter().map(|one| Document::of(one.body)).collect();
    let outgoing = |(one, body): (&Request<'_>, _)| Outgoing { operation: one.operation, body };
    let requests: Vec<Outgoing<'_>> = going.requests.iter().zip(&documents).map(outgoing).collect();
    let read_only = trip.session.edge.var("HERALD_READ_ONLY");
    let kill_switch = facts::kill_switch(trip);
    let case = Case {
        operation,
        effect,
        audience: going.listed.map_or(Reached::Audience(&audience), Reached::Listed),
        requests: &requests,
        broadcast: trip.verb == Verb::Broadcast,
        guards: &trip.world.account.guards,
        name: trip.world.name(),
        place: &place(trip, base),
        sandbox: trip.world.sandbox,
        now_ms: trip.session.edge.now_ms(),
        read_only: read_only.as_deref(),
        kill_switch: kill_switch.as_ref(),
        past: &facts::Past::default(),
        yes: trip.sending.yes,
        confirm: trip.sending.confirm.as_deref(),
        overrides: &overrides,
        can_ask: can_ask(trip.stdin_used),
    };
    let past = facts::past(trip, going, &case)?;
    let judgement = guard::judge(&Case { past: &past, ..case });
    let ui = &trip.session.ui;
    match judgement.decision {
        Decision::Go => Ok(judgement.overridden),
        Decision::Refuse(refusal) => Err(refusal.into()),
        Decision::Ask(question) => ask(ui, question).map(|()| judgement.overridden),
        Decision::AskTyped(question) => ask_typed(ui, question).map(|()| judgement.overridden),
    }
}

/// The guards that `--override` names, each of which allows it.
fn overrides(words: &[String]) -> Result<Vec<Guard>> {
    let guards = words.iter().map(|word| Guard::parse(word)).collect::<Result<Vec<_>>>()?;
    if let Some(fixed) = guards.iter().find(|guard| !guard.row().can_be_overridden) {
        let message = format!("the guard `{}` cannot be overridden", fixed.word());
        return Err(Error::new(Kind::Guard, message).help(fixed.row().about.to_string()));
    }
    Ok(guards)
}

/// Provider, app and host, for people.
fn place(trip: &Trip<'_>, base: &str) -> String {
    let app = Some(trip.world.app()).filter(|app| !app.is_empty() && !base.starts_with(&**app));
    let parts = [Some(trip.vendor.contract().id.to_owned()), app, Some(base.to_owned())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The request that does most.
fn gravest<'r, 'a>(requests: &'r [Request<'a>]) -> Option<&'r Request<'a>> {
    let order = |effect: Effect| match effect {
        Effect::Sends => 3,
        Effect::Destroys => 2,
        Effect::Manages => 1,
        Effect::Reads => 0,
    };
    requests.iter().max_by_key(|request| order(request.operation.effect))
}

/// Whom all requests together reach.
fn together(requests: &[Request<'_>]) -> Audience {
    let mut named = Vec::new();
    let mut class = Vec::new();
    for request in requests {
        match request.audience {
            Audience::Everybody => return Audience::Everybody,
            Audience::Nobody => {}
            Audience::Named(targets) => named.extend(targets.iter().cloned()),
            Audience::Class(targets) => class.extend(targets.iter().cloned()),
        }
    }
    match (named.is_empty(), class.is_empty()) {
        (true, true) => Audience::Nobody,
        (false, true) => Audience::Named(named),
        (_, false) => {
            class.extend(named);
            Audience::Class(class)
        }
    }
}

/// Refuses to go on with a job while the file is there that stops everything.
pub(super) fn still_allowed(trip: &Trip<'_>) -> Result<()> {
    let overrides = overrides(&trip.sending.overrides)?;
    if trip.world.sandbox || overrides.contains(&Guard::KillSwitch) {
        return Ok(());
    }
    let Some(switch) = facts::kill_switch(trip) else { return Ok(()) };
    let reason = switch.reason.map(|reason| format!(": {}", escape(&reason))).unwrap_or_default();
    let message = format!("the kill switch {} is there{reason}", switch.path.display());
    Err(Error::new(Kind::Guard, message)
        .help("nothing more was sent; `herald broadcast --resume JOB` goes on when it is gone"))
}

/// Whether there is somebody to ask: stdin and stderr are terminals, and stdin is not read for anything else.
pub(super) fn can_ask(stdin_used: bool) -> bool {
    !stdin_used && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks for a yes. A line is typed, no key is waited for: whoever leaves with Ctrl-C finds the terminal as it was.
fn ask(ui: &Ui, question: Question) -> Result<()> {
    match typed(ui, &question, question.yes_or_no()) {
        Ok(typed) if matches!(typed.trim().to_ascii_lowercase().as_str(), "y" | "yes") => Ok(()),
        Ok(_) => Err(question.declined().into()),
        Err(error) => Err(unasked(question, error)),
    }
}

fn ask_typed(ui: &Ui, question: Question) -> Result<()> {
    match typed(ui, &question, question.by_name()) {
        Ok(typed) if typed.trim() == question.name => Ok(()),
        Ok(_) => Err(question.declined().into()),
        Err(error) => Err(unasked(question, error)),
    }
}

/// Says what is about to happen, and takes the answer to a prompt.
fn typed(ui: &Ui, question: &Question, prompt: String) -> dialoguer::Result<String> {
    question.lines().iter().for_each(|line| ui.say(line));
    Input::<String>::new().with_prompt(prompt).allow_empty(true).interact_text()
}

fn unasked(question: Question, error: dialoguer::Error) -> Error {
    Error::from(question.declined()).because(error)
}
