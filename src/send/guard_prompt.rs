//! The guards at the system: what they decide is asked of a person here, where there is one.

use std::ffi::OsStr;
use std::io::IsTerminal as _;

use serde_json::{Value as Json, json};

use crate::account::Guards;
use crate::contract::{Audience, Effect, Operation, Verb};
use crate::document::Document;
use crate::error::{Error, ErrorKind, Result};
use crate::guard::{
    self, AudienceCounts, AudienceSource, Confirmed, Decision, Guard, GuardEnvironment, GuardInput,
    GuardProfile, GuardRefusal, GuardedAction, OutgoingRequest, Question, RequestHistory,
    UserConsent,
};
use crate::send::context::SendContext;
use crate::send::{guard_context, interruptible_io};
use crate::text::escape;

pub(crate) use crate::send::check_preconditions::{
    Bound, QuotaLeft, bound, open_beside, open_job, quotas_left,
};
pub(crate) use crate::send::message_audiences::MessageAudiences;

/// Under this name an error tells the guard that halts a job.
const HALTS: &str = "guard";

/// What is about to go out.
#[derive(Clone, Copy)]
pub(crate) struct GuardSubject<'a> {
    /// The requests; of a list one finished request for each of its texts.
    pub requests: &'a [GuardedRequest<'a>],
    /// The targets of a list, of which the requests are only samples.
    pub listed: Option<&'a AudienceCounts>,
    /// How many requests there will be, where that is not how many there are here.
    pub calls: Option<u64>,
    /// The name of the job.
    pub job: Option<&'a str>,
    /// Digest of the whole content and audience, where the requests are only samples of it.
    pub fingerprint: Option<&'a str>,
    /// What was said to the same before.
    pub before: &'a EarlierConsent,
    /// The message that is recalled or changed, where the ledger has it: of several, the first.
    pub about: Option<(&'static Operation, &'a Document)>,
}

/// What was said to a job when it was opened, as its seal proves.
#[derive(Clone, Debug, Default)]
pub(crate) struct EarlierConsent {
    /// How its audience was confirmed.
    pub confirmed: Confirmed,
    /// Guards that `--override` passed, and that judge nothing else than what is sealed.
    pub overrides: Vec<Guard>,
}

/// Nothing was said before.
pub(crate) static NOTHING_SAID: EarlierConsent =
    EarlierConsent { confirmed: Confirmed::No, overrides: Vec::new() };

impl EarlierConsent {
    /// Of a job that bears its seal.
    pub(crate) fn of(confirmed: Confirmed, words: &[String]) -> Self {
        // A guard that herald has no longer judges nothing.
        let known = words.iter().filter_map(|word| Guard::parse(word).ok());
        let holds =
            |guard: &Guard| guard.row().can_be_overridden && guard.row().judges_only_sealed_data;
        Self { confirmed, overrides: known.filter(holds).collect() }
    }
}

/// How something passed the guards.
#[derive(Clone, Debug, Default)]
pub(crate) struct PassedGuards {
    /// Those that `--override` passed.
    pub overridden: Vec<Guard>,
    /// How its audience is confirmed now.
    pub confirmed: Confirmed,
}

impl<'a> GuardSubject<'a> {
    /// These requests, and nothing else.
    pub(crate) fn all(requests: &'a [GuardedRequest<'a>]) -> Self {
        Self {
            requests,
            listed: None,
            calls: None,
            job: None,
            fingerprint: None,
            before: &NOTHING_SAID,
            about: None,
        }
    }
}

/// One finished request.
#[derive(Clone, Copy)]
pub(crate) struct GuardedRequest<'a> {
    /// Its operation.
    pub operation: &'static Operation,
    /// Its audience.
    pub audience: &'a Audience,
    /// Its body, unsigned.
    pub body: &'a Document,
    /// Scheme, host and port that it goes to.
    pub base: &'a str,
}

impl<'a> GuardedRequest<'a> {
    /// A request that uploads a file. It reaches no one, and what is in a file is not for guards to read.
    pub(crate) fn of_upload(operation: &'static Operation, body: &'a Document) -> Self {
        Self { operation, audience: &Audience::Nobody, body, base: "" }
    }
}

/// Lets what is about to go out pass the guards, or refuses.
///
/// Several requests are judged as one: what reaches a hundred targets in ten requests reaches a hundred.
/// What the profile has no key for is refused here as well: all that is sent comes by, and nothing that is only printed.
pub(crate) fn pass(context: &SendContext<'_>, going: &GuardSubject<'_>) -> Result<PassedGuards> {
    going.requests.iter().try_for_each(|one| context.app.require_keys_of(one.operation))?;
    let Some(gravest) = gravest(going.requests) else { return Ok(PassedGuards::default()) };
    let name = format!("{}/{}", context.app.vendor.contract().id, gravest.operation.id);
    judge(context, going, &name, gravest.operation.effect, gravest.base)
}

/// Refuses what no list can make right - a switch, the hour - before the list is read.
pub(crate) fn before_a_list(context: &SendContext<'_>) -> Result<()> {
    let base = context.app.base();
    judge(context, &GuardSubject::all(&[]), context.verb.word(), Effect::Sends, &base).map(drop)
}

/// The guards that would refuse what is only printed, each with its reason. What keeps a guard from judging - a ledger that
/// cannot be read - is a warning here, and an error of the send.
pub(crate) fn would_refuse(
    context: &SendContext<'_>,
    going: &GuardSubject<'_>,
) -> Result<Vec<GuardRefusal>> {
    let Some(gravest) = gravest(going.requests) else { return Ok(Vec::new()) };
    let name = format!("{}/{}", context.app.vendor.contract().id, gravest.operation.id);
    let effect = gravest.operation.effect;
    with_input(context, going, (&name, effect, gravest.base), true, |input| {
        Ok(guard::refusals(input))
    })
}

/// Tells people which guards would refuse, whatever is quiet.
pub(crate) fn tell_refusals(context: &SendContext<'_>, refusals: &[GuardRefusal]) {
    let ui = &context.env.ui;
    for GuardRefusal { guard, saw, proceed } in refusals.iter().filter(|_| !ui.is_machine()) {
        let word = guard.word();
        let text = format!("warning: the guard `{word}` would refuse: {saw}\n  help: {proceed}");
        ui.say(&context.app.hidden(&text));
    }
}

/// The same for scripts.
pub(crate) fn refusals_to_json(context: &SendContext<'_>, refusals: &[GuardRefusal]) -> Json {
    let one = |refusal: &GuardRefusal| {
        let (saw, help) = (context.app.hidden(&refusal.saw), context.app.hidden(&refusal.proceed));
        json!({"guard": refusal.guard.word(), "message": saw, "help": help})
    };
    refusals.iter().map(one).collect()
}

fn judge(
    context: &SendContext<'_>,
    going: &GuardSubject<'_>,
    operation: &str,
    effect: Effect,
    base: &str,
) -> Result<PassedGuards> {
    with_input(context, going, (operation, effect, base), false, |input| {
        let judgement = guard::judge(input);
        let by_answer = match judgement.decision {
            Decision::Go => Confirmed::No,
            Decision::Refuse(refusal) => return Err(refusal.into()),
            Decision::Ask(question) => ask(context, question).map(|()| Confirmed::ByYes)?,
            Decision::AskTyped(question) => {
                ask_typed(context, question).map(|()| Confirmed::ByName)?
            }
        };
        let confirmed = input.confirmed().max(by_answer);
        Ok(PassedGuards { overridden: judgement.overridden, confirmed })
    })
}

/// Hands over what the guards look at. `is_tolerant`: what cannot be looked at is a warning.
fn with_input<T>(
    context: &SendContext<'_>,
    going: &GuardSubject<'_>,
    (operation, effect, base): (&str, Effect, &str),
    is_tolerant: bool,
    run: impl FnOnce(&GuardInput<'_>) -> Result<T>,
) -> Result<T> {
    let mut overrides = overrides(&context.sending.overrides)?;
    overrides.extend(&going.before.overrides);
    let audience = Audience::together(going.requests.iter().map(|one| one.audience.clone()));
    let requests: Vec<OutgoingRequest<'_>> = going
        .requests
        .iter()
        .map(|one| OutgoingRequest { operation: one.operation, body: one.body })
        .collect();
    let read_only = context.env.system.var_os("HERALD_READ_ONLY");
    let read_only = read_only.as_deref().map(OsStr::to_string_lossy);
    let is_bypassed = context.app.sandbox || overrides.contains(&Guard::KillSwitch);
    if effect != Effect::Reads && !is_bypassed {
        tolerated(context, is_tolerant, guard_context::trusted_switches(context))?;
    }
    let kill_switch = tolerated(context, is_tolerant, guard_context::kill_switch(context))?;
    let mut input = GuardInput {
        action: GuardedAction {
            operation,
            effect,
            audience: going
                .listed
                .map_or(AudienceSource::Requests(&audience), AudienceSource::List),
            requests: &requests,
            broadcast: context.verb == Verb::Broadcast,
            about: going.about.map(|(operation, body)| OutgoingRequest { operation, body }),
        },
        profile: GuardProfile {
            guards: &context.app.account.guards,
            name: context.app.name(),
            place: &place(context, base),
            sandbox: context.app.sandbox,
        },
        consent: UserConsent {
            yes: context.sending.yes,
            confirm: context.sending.confirm.as_deref(),
            overrides: &overrides,
            confirmed_before: going.before.confirmed,
            can_ask: can_ask(context.stdin_used),
        },
        environment: GuardEnvironment {
            now_ms: context.env.system.now_ms(),
            read_only: read_only.as_deref(),
            kill_switch: kill_switch.as_ref(),
            history: &RequestHistory::default(),
            local: &context.env.local_time(),
        },
    };
    let history = guard_context::history(context, going, &input);
    let history = tolerated(context, is_tolerant, history)?;
    input.environment.history = &history;
    run(&input)
}

/// A result whose error is a warning of what a send would end with, where that is tolerated.
fn tolerated<T: Default>(
    context: &SendContext<'_>,
    is_tolerant: bool,
    result: Result<T>,
) -> Result<T> {
    match result {
        Err(error) if is_tolerant => {
            context.env.ui.warn(&format!("a send would end with: {}", error.full_message()));
            Ok(T::default())
        }
        result => result,
    }
}

/// The guards that `--override` names, each of which allows it.
pub(crate) fn overrides(words: &[String]) -> Result<Vec<Guard>> {
    let guards = words.iter().map(|word| Guard::parse(word)).collect::<Result<Vec<_>>>()?;
    if let Some(fixed) = guards.iter().find(|guard| !guard.row().can_be_overridden) {
        let message = format!("the guard `{}` cannot be overridden", fixed.word());
        return Err(Error::new(ErrorKind::Guard, message).help(fixed.row().about.to_string()));
    }
    Ok(guards)
}

/// Provider, app and host, for people.
fn place(context: &SendContext<'_>, base: &str) -> String {
    let app = Some(context.app.id()).filter(|app| !app.is_empty() && !base.starts_with(&**app));
    let parts = [Some(context.app.vendor.contract().id.to_owned()), app, Some(base.to_owned())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The request that does most.
fn gravest<'r, 'a>(requests: &'r [GuardedRequest<'a>]) -> Option<&'r GuardedRequest<'a>> {
    let order = |effect: Effect| match effect {
        Effect::Sends => 3,
        Effect::Destroys => 2,
        Effect::Manages => 1,
        Effect::Reads => 0,
    };
    requests.iter().max_by_key(|request| order(request.operation.effect))
}

/// Refuses to go on with a job while the file is there that stops everything, and in quiet hours, which may have begun
/// meanwhile.
pub(crate) fn still_allowed(context: &SendContext<'_>) -> Result<()> {
    if context.app.sandbox {
        return Ok(());
    }
    let overrides = overrides(&context.sending.overrides)?;
    let now_ms = context.env.system.now_ms();
    still_awake(&context.app.account.guards, context.app.name(), now_ms, &overrides)?;
    if overrides.contains(&Guard::KillSwitch) {
        return Ok(());
    }
    let Some(switch) = guard_context::kill_switch(context)? else { return Ok(()) };
    let reason = switch.reason.map(|reason| format!(": {}", escape(&reason))).unwrap_or_default();
    let message = format!("the kill switch {} is there{reason}", switch.path.display());
    Err(Error::new(ErrorKind::Guard, message)
        .help("nothing more was sent; resume the job when it is gone")
        .with(HALTS, Guard::KillSwitch.word().into()))
}

/// Which guard halts a job in the middle, where an error is of one.
pub(crate) fn halts(error: &Error) -> Option<&str> {
    error.details().filter(|(name, _)| *name == HALTS).and_then(|(_, guard)| guard.as_str())
}

fn still_awake(guards: &Guards, name: &str, now_ms: i64, overrides: &[Guard]) -> Result<()> {
    let quiet = guard::quiet_now(guards, name, now_ms);
    let Some((saw, _)) = quiet.filter(|_| !overrides.contains(&Guard::QuietHours)) else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::Guard, saw)
        .help(
            "nothing more was sent; resume the job after that, or at once with --override quiet-hours",
        )
        .with(HALTS, Guard::QuietHours.word().into()))
}

/// Whether there is a user to ask: stdin and stderr are terminals, and stdin is not read for anything else.
pub(crate) fn can_ask(stdin_used: bool) -> bool {
    !stdin_used && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks for a yes. A line is typed, no single key is waited for: after Ctrl-C the terminal is as it was.
fn ask(context: &SendContext<'_>, question: Question) -> Result<()> {
    let typed = typed(context, &question, &question.yes_or_no())?;
    let is_yes = matches!(typed.trim().to_ascii_lowercase().as_str(), "y" | "yes");
    if is_yes { Ok(()) } else { Err(question.declined().into()) }
}

fn ask_typed(context: &SendContext<'_>, question: Question) -> Result<()> {
    let typed = typed(context, &question, &question.by_name())?;
    if typed.trim() == question.name { Ok(()) } else { Err(question.declined().into()) }
}

/// Says what is about to happen, and takes the answer to a prompt. Ctrl-D is an empty one.
fn typed(context: &SendContext<'_>, question: &Question, prompt: &str) -> Result<String> {
    let ui = &context.env.ui;
    question.lines().iter().for_each(|line| ui.say(&context.app.hidden(line)));
    ui.prompt(prompt);
    let read = || {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).map(|_| line)
    };
    let line = match context.listens {
        None => read(),
        Some(fleet) => interruptible_io::wait_for(fleet, read).map_err(|stop| {
            ui.say("");
            interruptible_io::stopped(stop, "at the question")
        })?,
    };
    let line = line.map_err(|error| Error::from(question.clone().declined()).because(error))?;
    if !line.ends_with('\n') {
        ui.say("");
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::tests::quiet_hours;

    #[test]
    fn a_job_that_runs_into_quiet_hours_goes_on_only_where_somebody_means_it() {
        let quiet_hours = Some(quiet_hours("22:00", "08:00", "UTC"));
        let guards = Guards { quiet_hours, ..Guards::default() };
        let at = |hour: i64, overrides: &[Guard]| {
            still_awake(&guards, "p", hour * 3_600_000, overrides).map_err(|error| error.kind())
        };
        assert_eq!(at(21, &[]), Ok(()));
        assert_eq!(at(22, &[]), Err(ErrorKind::Guard));
        assert_eq!(at(22, &[Guard::KillSwitch]), Err(ErrorKind::Guard));
        assert_eq!(at(22, &[Guard::QuietHours]), Ok(()));
        assert!(still_awake(&Guards::default(), "p", 22 * 3_600_000, &[]).is_ok());
    }
}
