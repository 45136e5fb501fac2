//! Recalls, updates and questions: what follows up on something that was sent.

use crate::contract::typed::PathRoots;
use crate::contract::{Target, TargetKind, Verb};
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::provider::{Draft, FollowUp, SendIntent, Wanted};
use crate::send::apply_sets;
use crate::send::compose::{self, Composed};
use crate::send::context::SendContext;
use crate::send::delivery::Delivery;
use crate::send::follow_up_subject::{FollowSubject, MessageChoice, subjects};
use crate::send::kept_payload::{bodiless, no_hidden, without_body};
use crate::send::options::{MessageOptions, PayloadOptions, SendOptions};
use crate::send::out_of_reach::{out_of_reach, tell_aside, without_id};
use crate::send::parse_options;
use crate::send::placeholders::MessageTexts;
use crate::send::text_file::with_text;

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

/// Reads the list of the users from whom a message is recalled. Ids without a kind are of this one.
pub type RecallListReader<'a> = &'a dyn Fn(TargetKind) -> Result<Vec<Target>>;

/// Runs one context for all that the ids name. What the ledger knows is followed up one by one, since each has its own
/// operation.
pub fn follow_up(
    env: &Env,
    verb: Verb,
    args: &FollowUpOptions,
    sending: &SendOptions,
) -> Result<Delivery> {
    follow_up_among(env, verb, args, None, sending)
}

/// The same for those of a list alone, where there is one. `None`: as the other arguments say.
pub fn follow_up_among(
    env: &Env,
    verb: Verb,
    args: &FollowUpOptions,
    list: Option<RecallListReader<'_>>,
    sending: &SendOptions,
) -> Result<Delivery> {
    let MessageChoice { ids, last, job } = &args.messages;
    if verb == Verb::Recall && ids.is_empty() && !last && job.is_none() {
        return Err(Error::usage("nothing to take back")
            .help("name a ledger id or the vendor's id, --last, or --job JOB"));
    }
    let sets = PayloadOptions::setting(&args.set).expressions()?;
    let paths: Vec<String> = sets.iter().map(|set| set.path().to_owned()).collect();
    let (app, subjects) = subjects(env, sending, &args.messages, verb)?;
    let bodiless = bodiless(&subjects);
    let contract = app.vendor.contract();
    let mut to = match list {
        Some(read) => read(contract.default_target)?,
        None => parse_options::targets(&args.to, contract)?,
    };
    parse_options::leave_out_repeats(&env.ui, &mut to);
    parse_options::check_sender(args.from.as_deref())?;
    let stamp = env.system.stamp();
    let (mut composed, mut aside) = (Vec::new(), Vec::new());
    for subject in subjects {
        let FollowSubject { ids, about, .. } = &subject;
        let drafts = app.vendor.follow_up(&FollowUp {
            verb,
            ids,
            sent: about.as_ref().map(|about| &about.sent),
            from: args.from.as_deref(),
            to: &to,
            intent: None,
            sets: &paths,
            account: &app.account,
            stamp: &stamp,
        });
        let drafts = match (drafts, out_of_reach(&app, verb, &subject)) {
            // A message without an id does not keep the others from being recalled.
            (Err(error), Some(one)) if error.kind() == ErrorKind::Usage => {
                aside.push(one);
                continue;
            }
            (drafts, _) => drafts
                .map_err(|error| without_id(error, &app, &subject))
                .map_err(|error| without_body(error, bodiless.as_deref()))?,
        };
        for draft in drafts {
            if list.is_some() {
                takes_a_list(&draft)?;
            }
            let draft = apply_sets::with_sets(draft, &sets, PathRoots::Body)?;
            no_hidden(&draft.body, about.as_ref())?;
            composed.push(Composed { about: about.clone(), ..Composed::from_flags(draft) });
        }
    }
    if !aside.is_empty() {
        tell_aside(env, &app, &aside, composed.is_empty())?;
    }
    if composed.is_empty() && aside.is_empty() {
        return Err(Error::usage("none of those who are named got it")
            .help("`herald history show ID` tells whom it was sent to"));
    }
    // Each of them has the usual time.
    let usual = sending.deadline();
    let count = u32::try_from(composed.len().max(1)).unwrap_or(u32::MAX);
    let deadline = sending.deadline.or(Some(usual.saturating_mul(count)));
    let sending = SendOptions { deadline, ..sending.clone() };
    let stdin_used = list.is_some();
    let context =
        SendContext { aside: &aside, stdin_used, ..SendContext::new(env, &sending, &app, verb) };
    let gone = context.go(composed);
    gone.map_err(|error| without_body(error, bodiless.as_deref()))
}

/// Refuses an operation that would do more than a list says: it has no place for one.
fn takes_a_list(draft: &Draft) -> Result<()> {
    if draft.operation.batch.is_some() {
        return Ok(());
    }
    let operation = draft.operation.id;
    Err(Error::usage(format!(
        "`{operation}` takes no list: it is done for all who got the message"
    ))
    .help("leave --targets out, if that is meant"))
}

/// Replaces the content of what was sent.
pub fn update(
    env: &Env,
    messages: &MessageChoice,
    message: &MessageOptions,
    sending: &SendOptions,
) -> Result<Delivery> {
    let message = &*with_text(message)?;
    let (app, subjects) = subjects(env, sending, messages, Verb::Update)?;
    let sets = message.payload.expressions()?;
    let to = parse_options::targets(&message.to, app.vendor.contract())?;
    parse_options::check_sender(message.from.as_deref())?;
    parse_options::check_filled(message)?;
    MessageTexts::of(message, &sets, None).check()?;
    let context = SendContext {
        stdin_used: message.reads_stdin(),
        ..SendContext::new(env, sending, &app, Verb::Update)
    };
    let mut composed = Vec::new();
    for FollowSubject { ids, about, .. } in subjects {
        let ask = |intent: &SendIntent<'_>| {
            app.vendor.follow_up(&FollowUp {
                verb: Verb::Update,
                ids: &ids,
                sent: about.as_ref().map(|about| &about.sent),
                from: message.from.as_deref(),
                to: &to,
                intent: Some(intent),
                sets: intent.sets,
                account: &app.account,
                stamp: intent.stamp,
            })
        };
        let wanted = Wanted::Targets(to.clone());
        let drafts = compose::with_intent(&context, message, wanted, &sets, ask)?;
        for draft in drafts {
            let draft = apply_sets::with_sets(draft, &sets, PathRoots::ContentFirst)?;
            no_hidden(&draft.body, about.as_ref())?;
            composed.push(Composed { about: about.clone(), ..Composed::from_flags(draft) });
        }
    }
    context.go(composed)
}
