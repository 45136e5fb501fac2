//! New content for messages that were sent.

use crate::contract::Verb;
use crate::env::Env;
use crate::error::Result;
use crate::provider::{FollowUp, SendIntent, WantedAudience};
use crate::send::compose;
use crate::send::composed_follow_ups::ComposedFollowUps;
use crate::send::context::SendContext;
use crate::send::follow_up_subject::{FollowSubject, FollowSubjects, MessageChoice, subjects};
use crate::send::kept_payload::following_up;
use crate::send::meant_targets::MeantTargets;
use crate::send::options::{MessageOptions, SendOptions};
use crate::send::parse_options;

/// Composes what replaces the content of what was sent.
pub(crate) fn compose_updates(
    env: &Env,
    messages: &MessageChoice,
    message: &MessageOptions,
    sending: &SendOptions,
) -> Result<ComposedFollowUps> {
    let message = &*message.with_text()?;
    let subjects = subjects(env, sending, messages, Verb::Update)?;
    let unknown = subjects.unknown.clone();
    let composed = compose_for(env, subjects, message, sending);
    let composed = composed.map_err(|error| unknown.before(error))?;
    unknown.tell(env);
    Ok(composed)
}

/// Composes the requests for what the ids have turned out to be.
fn compose_for(
    env: &Env,
    subjects: FollowSubjects,
    message: &MessageOptions,
    sending: &SendOptions,
) -> Result<ComposedFollowUps> {
    let FollowSubjects { app, subjects, followed, look, .. } = subjects;
    let sets = message.payload.expressions()?;
    let to = parse_options::targets(&message.to, app.vendor.contract())?;
    parse_options::check_sender(message.from.as_deref(), app.vendor.contract())?;
    parse_options::check_texts(message, &sets, None)?;
    parse_options::tell_rounded(&env.ui, &to, message.from.as_deref());
    let stdin_used = message.reads_stdin();
    let context = SendContext { stdin_used, ..SendContext::new(env, sending, &app, Verb::Update) };
    let mut composed = Vec::new();
    let is_narrowed = !to.is_empty() || subjects.iter().any(|one| !one.called.is_empty());
    let meant = MeantTargets::new(&app, Verb::Update, &to, false);
    meant.check_strangers(env, &subjects, sending)?;
    for part in subjects.into_iter().filter_map(|one| meant.part_of(one)) {
        let (to, FollowSubject { ids, about, .. }) = (&part.to, part.subject());
        let ask = |intent: &SendIntent<'_>| {
            app.vendor.follow_up(&FollowUp {
                verb: Verb::Update,
                ids: &ids,
                sent: about.as_ref().map(|about| &about.sent),
                from: intent.from,
                to,
                intent: Some(intent),
                sets: intent.sets,
                account: &app.account,
                stamp: intent.stamp,
            })
        };
        let wanted = WantedAudience::Targets(to.clone());
        let texts = compose::given_texts(&context, message, wanted.clone(), (&sets, None), &ask);
        parse_options::check_set_texts(&texts)?;
        let drafts = compose::with_intent(&context, message, wanted, &sets, &ask)?;
        meant.check(&part, drafts.iter().map(|(draft, _)| draft))?;
        for draft in drafts {
            composed.push(following_up(draft, &sets, (&ids, about.as_ref()))?);
        }
    }
    Ok(ComposedFollowUps {
        verb: Verb::Update,
        composed,
        aside: Vec::new(),
        stdin_used,
        look,
        followed,
        earlier: Default::default(),
        is_narrowed,
        bodiless: None,
        app,
    })
}
