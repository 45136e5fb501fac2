//! What a command that follows up is about.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;

use crate::contract::{Audience, IdFault, Target, Verb};
use crate::document::Document;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::send::app::App;
use crate::send::compose::FollowedMessage;
use crate::send::followed::Followed;
use crate::send::named::{NamePurpose, job_called};
use crate::send::open_ledger::{ledger_to_look, ledger_to_read, realm_of};
use crate::send::options::SendOptions;
use crate::send::other_follow_ups::FollowUpLook;
use crate::send::sent_messages::{KnownMessage, found, newest, tell_other_parts, tell_unsent};
use crate::send::settle_unknown::IdLookUp;
use crate::send::unknown_ids::{UnknownIds, whose};
use crate::text::{self, SuggestedCommand};

/// Messages that were sent, as they are named.
#[derive(Clone, Debug, Default)]
pub struct MessageChoice {
    /// Ids of the vendor, ids of the ledger or unique parts of them, names of jobs.
    pub ids: Vec<String>,
    /// What was sent last.
    pub last: bool,
    /// All that a job has sent, by its name or its id.
    pub job: Option<String>,
}

/// What a command is about: ids of the vendor's, and what the ledger knows.
pub(crate) struct FollowSubject {
    pub(crate) ids: Vec<String>,
    pub(crate) about: Option<Rc<FollowedMessage>>,
    /// The targets that it reached, where it is a batch of a job.
    pub(crate) batch: Option<Vec<String>>,
    /// How it is settled, where it is not known what became of it.
    pub(crate) settle: Option<String>,
    /// The vendor's ids by which it is called, which may be those of single targets; none where all of it is.
    pub(crate) called: Vec<String>,
    pub(crate) look_up: IdLookUp,
    /// The command with which herald looks for it at the vendor; `None` where it cannot.
    pub(crate) check: Option<SuggestedCommand>,
}

impl FollowSubject {
    /// Which users it has reached, or may have, as `user:u1`; `None` where that cannot be said one by one.
    pub(crate) fn reached(&self, app: &App) -> Option<Vec<String>> {
        if let Some(reached) = &self.batch {
            return Some(reached.clone()).filter(|reached| !reached.is_empty());
        }
        let sent = &self.about.as_ref()?.sent;
        let operation = app.vendor.contract().operation(&sent.operation)?;
        match Audience::of(operation, &Document::unwritten(sent.body.clone())) {
            Audience::Named(targets) => Some(targets.iter().map(Target::to_string).collect()),
            Audience::Nobody | Audience::Class(_) | Audience::Everybody => None,
        }
    }
}

/// What a command is about, and what it has done with that before.
pub(crate) struct FollowSubjects {
    /// The profile that sent it.
    pub(crate) app: App,
    pub(crate) subjects: Vec<FollowSubject>,
    /// Of commands whose repeat does nothing new.
    pub(crate) followed: Followed,
    /// What there was before that was looked up.
    pub(crate) look: FollowUpLook,
    /// The ids that are none in the ledger.
    pub(crate) unknown: UnknownIds,
}

/// Refuses what cannot be an id of the vendor's. Names of jobs may have a comma.
fn check_message_id(id: &str) -> Result<()> {
    let Some(fault) = IdFault::of_bare(id) else { return Ok(()) };
    let error = Error::usage(format!("the message id \"{}\" {fault}", text::escape(id)));
    Err(error.help(match fault {
        IdFault::Separator(_) | IdFault::Bar => "one id a word, with blanks between them",
        IdFault::Everybody => "name a message, --last or --job JOB",
        IdFault::Kind(_) => "targets are given with --to",
        fault => fault.advice(),
    }))
}

/// Each message once: several ids may stand for the same one, and a job for those of its requests.
fn each_once(all: Vec<KnownMessage>) -> Vec<KnownMessage> {
    let mut places = HashMap::new();
    let mut known: Vec<KnownMessage> = Vec::new();
    for one in all {
        let key = (one.about.id, one.batch.as_ref().map(|(key, _)| *key));
        match places.entry(key) {
            Entry::Vacant(slot) => {
                slot.insert(known.len());
                known.push(one);
            }
            Entry::Occupied(place) => {
                let before = &mut known[*place.get()].called;
                if one.called.is_empty() || before.is_empty() {
                    before.clear();
                } else {
                    before.extend(one.called);
                }
            }
        }
    }
    known
}

/// Finds out what the ids mean: what the ledger knows by its own ids or by the vendor's, else ids of the vendor's alone.
pub(crate) fn subjects(
    env: &Env,
    sending: &SendOptions,
    messages: &MessageChoice,
    verb: Verb,
) -> Result<FollowSubjects> {
    let purpose = match verb {
        Verb::Get | Verb::Status => NamePurpose::Ask,
        _ => NamePurpose::Change,
    };
    let MessageChoice { ids, last, job } = messages;
    let (last, job) = (*last, job.as_deref());
    // The vendor's ids need no ledger; what a ledger alone knows needs the right one.
    let open = if last || job.is_some() { ledger_to_look } else { ledger_to_read };
    let mut ledger = open(env, sending)?;
    let realm = realm_of(env, sending.sandbox);
    let mut known = Vec::new();
    let mut bare = Vec::new();
    if last {
        known.extend(newest(&mut ledger, env, realm)?);
    }
    if let Some(job) = job {
        let job = job_called(env, &mut ledger, realm, job, purpose)?;
        if matches!(verb, Verb::Recall | Verb::Delete) {
            tell_unsent(env, &job, sending.prints_only() || sending.dry_run.is_some())?;
        }
        known.extend(KnownMessage::some_of_job(&mut ledger, &job)?);
    }
    for id in ids {
        match found(&mut ledger, env, realm, id, purpose)? {
            some if some.is_empty() && bare.contains(id) => {}
            some if some.is_empty() => {
                check_message_id(id)?;
                bare.push(id.clone());
            }
            some => known.extend(some),
        }
    }
    let known = each_once(known);
    let Some(first) = known.first() else {
        let app = App::open(env, sending).map_err(|error| whose(error, verb, &bare))?;
        let unknown = UnknownIds::find(env, &mut ledger, realm, &bare)?;
        let unknown = unknown.of(app.vendor.contract().id);
        let subjects = vec![FollowSubject {
            ids: bare,
            about: None,
            batch: None,
            settle: None,
            called: Vec::new(),
            look_up: IdLookUp::Never,
            check: None,
        }];
        return Ok(FollowSubjects {
            app,
            subjects,
            followed: Followed::default(),
            look: FollowUpLook::default(),
            unknown,
        });
    };
    let same = |one: &KnownMessage| one.provider == first.provider && one.profile == first.profile;
    if !bare.is_empty() {
        return Err(UnknownIds::find(env, &mut ledger, realm, &bare)?.beside_known());
    }
    if !known.iter().all(same) {
        return Err(Error::usage("the ids belong to different providers or profiles")
            .help("follow them up one by one"));
    }
    let app = first.sent_with.open(env, sending)?;
    known.iter().try_for_each(|one| one.sent_with.check_follow_up(env, &app))?;
    if purpose == NamePurpose::Change {
        tell_other_parts(&mut ledger, env, (realm, verb), &known)?;
    }
    let look = FollowUpLook::take(
        &mut ledger,
        (realm, app.vendor.contract(), verb),
        known.iter().map(|one| one.about.id),
    )?;
    let followed = match verb {
        Verb::Recall | Verb::Delete => {
            let about = known.iter().map(|one| one.about.id).collect();
            Followed::of(&mut ledger, realm, verb, &about)?
        }
        _ => Followed::default(),
    };
    let subject = |known: KnownMessage| {
        let ids = known.about.sent.ids.iter().map(|(_, id)| id.clone()).collect();
        FollowSubject {
            ids,
            about: Some(Rc::new(known.about)),
            batch: known.batch.map(|(_, reached)| reached),
            settle: known.settle,
            called: known.called,
            look_up: known.look_up,
            check: known.check,
        }
    };
    let subjects = known.into_iter().map(subject).collect();
    Ok(FollowSubjects { app, subjects, followed, look, unknown: UnknownIds::default() })
}
