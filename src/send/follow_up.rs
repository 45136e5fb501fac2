//! Recalls, updates and questions: what follows up on something that was sent.

use std::io::IsTerminal as _;

use crate::contract::{Target, TargetKind, Verb};
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::provider::FollowUp;
use crate::report::counted;
use crate::send::app::App;
use crate::send::composed_follow_ups::ComposedFollowUps;
use crate::send::earlier_follow_ups::EarlierFollowUps;
use crate::send::follow_up_subject::{FollowSubject, FollowSubjects, MessageChoice, subjects};
use crate::send::kept_payload::{bodiless, following_from, without_body};
use crate::send::meant_targets::MeantTargets;
use crate::send::options::{PayloadOptions, SendOptions};
use crate::send::out_of_reach::{out_of_reach, tell_aside, without_id};
use crate::send::parse_options;
use crate::text::suggest;

/// What follows up on messages without new content.
#[derive(Clone, Debug, Default)]
pub struct FollowUpOptions {
    /// The messages.
    pub messages: MessageChoice,
    /// The user, group or room that it is about, where the ledger does not know.
    pub to: Vec<String>,
    /// The user who acts, where the ledger does not know.
    pub from: Option<String>,
    /// Fields of the contract: `PATH=TEXT` or `PATH:=JSON`.
    pub set: Vec<String>,
}

/// Reads the list of the users that a message is recalled from. Ids without a kind are of this one.
pub type RecallListReader<'a> = &'a dyn Fn(TargetKind) -> Result<Vec<Target>>;

/// Composes a request for all that the ids name; what the ledger knows is followed up one by one, since each has its own
/// operation. With a list: for those of the list alone. What was done before is left out.
pub(crate) fn compose_follow_ups(
    env: &Env,
    verb: Verb,
    args: &FollowUpOptions,
    list: Option<RecallListReader<'_>>,
    sending: &SendOptions,
) -> Result<ComposedFollowUps> {
    let MessageChoice { ids, last, job } = &args.messages;
    if verb == Verb::Recall && ids.is_empty() && !last && job.is_none() {
        return Err(Error::usage("nothing to recall")
            .help("name a ledger id or the vendor's id, --last, or --job JOB"));
    }
    PayloadOptions::setting(&args.set).expressions()?;
    let subjects = subjects(env, sending, &args.messages, verb)?;
    let unknown = subjects.unknown.clone();
    let composed = compose_for(env, verb, args, (list, subjects), sending);
    let composed = composed.map_err(|error| unknown.before(error))?;
    unknown.tell(env);
    Ok(composed)
}

/// Composes the requests for what the ids have turned out to be.
fn compose_for(
    env: &Env,
    verb: Verb,
    args: &FollowUpOptions,
    (list, subjects): (Option<RecallListReader<'_>>, FollowSubjects),
    sending: &SendOptions,
) -> Result<ComposedFollowUps> {
    let FollowSubjects { app, subjects, followed, look, .. } = subjects;
    let sets = PayloadOptions::setting(&args.set).expressions()?;
    let paths: Vec<String> = sets.iter().map(|set| set.path().to_owned()).collect();
    // A field that is set by hand may be the id of another message.
    let followed = if sets.is_empty() { followed } else { Default::default() };
    let bodiless = bodiless(&subjects);
    let contract = app.vendor.contract();
    let mut to = match list {
        Some(read) => read(contract.default_target)?,
        None => parse_options::targets(&args.to, contract)?,
    };
    parse_options::leave_out_repeats(&env.ui, &mut to);
    parse_options::check_sender(args.from.as_deref(), contract)?;
    if list.is_none() {
        parse_options::tell_rounded(&env.ui, &to, args.from.as_deref());
    }
    let meant = MeantTargets::new(&app, verb, &to, list.is_some());
    meant.check_strangers(env, &subjects, sending)?;
    tell_size(env, &app, verb, &subjects);
    let stamp = env.system.stamp();
    let mut earlier = EarlierFollowUps::default();
    let (mut composed, mut aside) = (Vec::new(), Vec::new());
    let (mut label, mut look_up, mut check) = (None, None, None);
    let known = subjects.iter().find_map(|one| Some(one.about.as_ref()?.label.clone()));
    let is_narrowed = !to.is_empty() || subjects.iter().any(|one| !one.called.is_empty());
    for part in subjects.into_iter().filter_map(|one| meant.part_of(one)) {
        let left = earlier.left_of(&app, &followed, &part.subject(), &part.to);
        let Some(to) = left else { continue };
        let subject = part.left(verb, &to);
        let FollowSubject { ids, about, .. } = &subject;
        // Of a message that the ledger knows it tells who sent it.
        let usual = app.account.defaults.from().filter(|_| about.is_none());
        let from = args.from.as_deref().or(usual);
        let drafts = app.vendor.follow_up(&FollowUp {
            verb,
            ids,
            sent: about.as_ref().map(|about| &about.sent),
            from,
            to: &to,
            intent: None,
            sets: &paths,
            account: &app.account,
            stamp: &stamp,
        });
        let drafts = match (drafts, out_of_reach(&app, verb, &subject)) {
            // A message without an id does not keep the others from being recalled.
            (Err(error), Some(one)) if error.kind() == ErrorKind::Usage => {
                label = subject.about.as_ref().map(|about| about.label.clone()).or(label);
                look_up = look_up.into_iter().chain([subject.look_up]).min();
                check = subject.check.or(check);
                aside.push(one);
                continue;
            }
            (drafts, _) => drafts
                .map_err(|error| without_id(error, &subject))
                .map_err(|error| without_body(error, bodiless.as_deref()))?,
        };
        meant.check(&part, drafts.iter())?;
        for draft in drafts {
            let from = args.from.as_deref();
            composed.push(following_from(draft, from, &sets, (ids, about.as_ref()))?);
        }
    }
    if !aside.is_empty() {
        let label = label.unwrap_or_default();
        tell_aside(env, (&aside, &label), (look_up, check.as_ref()), composed.is_empty())?;
    }
    if composed.is_empty() && aside.is_empty() && earlier.is_nothing() {
        let error = Error::usage("none of those who are named got it");
        return Err(match known {
            Some(label) => error
                .help(format!("{} tells to whom it was sent", suggest("history show").arg(label))),
            None => error,
        });
    }
    Ok(ComposedFollowUps {
        verb,
        composed,
        aside,
        stdin_used: list.is_some(),
        look,
        followed,
        earlier,
        is_narrowed,
        bodiless,
        app,
    })
}

/// From this number of targets on, people wait for a follow-up to be planned.
const NOTABLE: usize = 500;

/// Tells people at a terminal how much is planned, before a wait.
fn tell_size(env: &Env, app: &App, verb: Verb, subjects: &[FollowSubject]) {
    let reached = subjects.iter().map(|subject| subject.reached(app).map_or(1, |all| all.len()));
    let targets: usize = reached.sum();
    if targets >= NOTABLE && std::io::stderr().is_terminal() {
        let (verb, targets) = (verb.word(), counted(targets as u64, "target"));
        env.ui.remark(&format!("planning the {verb} of {targets}"));
    }
}
