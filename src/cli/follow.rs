//! `recall`, `update`, `delete`, `clear`, `get`, `status`: what follows up on something that was sent.

use uuid::Uuid;

use super::args::{Compose, Payload, Sending};
use super::compose::{self, Composed, Desk};
use super::dispatch::Trip;
use super::world::{World, ledger_to_read, realm_of};
use super::{Session, input};
use crate::contract::typed::{Roots, SetExpr};
use crate::contract::{Effect, Target, Verb};
use crate::document::Value;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ledger::{Entry, Ledger, Realm};
use crate::vendor::{self, Draft, FollowUp, Intent, Wanted};

/// Flags of `delete`, `clear`, `get` and `status`.
#[derive(Debug, clap::Args)]
pub(super) struct FollowArgs {
    /// Name messages by ledger id, of which 8 characters do, or by the vendor's id
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Mean what was sent last, with this profile where one is named
    #[arg(long, conflicts_with = "ids")]
    last: bool,
    /// Name the user, group or room that it is about, where the ledger does not know
    #[arg(long, value_name = "[KIND:]ID")]
    to: Vec<String>,
    /// Name who acts, where the ledger does not know
    #[arg(long, value_name = "ID")]
    from: Option<String>,
    /// Set a field of the contract: PATH=TEXT or PATH:=JSON; repeatable
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    #[command(flatten)]
    sending: Sending,
}

const EXAMPLES: &str = "\
Examples:
  herald recall --last
  herald recall 01a1fc65-c14e --dry-run
  herald recall --provider rongcloud BH5K-ABCD-1234-WXYZ --from alice --to group:g1";

/// Flags of `recall`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct RecallArgs {
    #[command(flatten)]
    follow: FollowArgs,
}

/// Flags of `update`.
#[derive(Debug, clap::Args)]
pub(super) struct UpdateArgs {
    /// Name the message by ledger id, of which 8 characters do, or by the vendor's id
    #[arg(value_name = "ID", required_unless_present = "last")]
    id: Option<String>,
    /// Mean what was sent last, with this profile where one is named
    #[arg(long, conflicts_with = "id")]
    last: bool,
    #[command(flatten)]
    compose: Compose,
    #[command(flatten)]
    sending: Sending,
}

/// What a command is about: ids of the vendor's, and what the ledger knows.
struct Subject {
    ids: Vec<String>,
    entry: Option<Entry>,
    sent: Option<vendor::Sent>,
}

/// Takes back what was sent.
pub(super) fn recall(session: &Session, args: &RecallArgs) -> Result<Exit> {
    let follow = &args.follow;
    if follow.ids.is_empty() && !follow.last {
        return Err(Error::usage("nothing to take back")
            .help("name a ledger id or the vendor's id, or --last"));
    }
    run(session, Verb::Recall, follow)
}

/// Follows up without new content.
pub(super) fn run(session: &Session, verb: Verb, args: &FollowArgs) -> Result<Exit> {
    each(session, verb, args, |world, subject, to, sets| {
        let stamp = session.edge.stamp();
        let paths: Vec<String> = sets.iter().map(|set| set.path().to_owned()).collect();
        world.vendor.follow_up(&FollowUp {
            verb,
            ids: &subject.ids,
            sent: subject.sent.as_ref(),
            from: args.from.as_deref(),
            to,
            intent: None,
            sets: &paths,
            account: &world.account,
            stamp: &stamp,
        })
    })
}

/// Runs one trip for all that the ids name. Ids of the ledger are followed up one by one, since each has its own operation.
fn each(
    session: &Session,
    verb: Verb,
    args: &FollowArgs,
    draft: impl Fn(&World, &Subject, &[Target], &[SetExpr]) -> Result<Vec<Draft>>,
) -> Result<Exit> {
    let sets = Payload { set: args.set.clone(), ..Payload::default() }.expressions()?;
    let (world, subjects) = subjects(session, &args.sending, &args.ids, args.last)?;
    let to = compose::targets(&args.to, world.vendor.contract())?;
    let mut exits = Vec::new();
    for subject in subjects {
        let drafts = draft(&world, &subject, &to, &sets)
            .map_err(|error| without_body(error, subject.entry.as_ref()))?;
        let composed = drafts
            .into_iter()
            .map(|draft| compose::with_sets(draft, &sets, Roots::Body).map(Composed::from_flags))
            .collect::<Result<Vec<_>>>()?;
        exits.push(trip(session, &args.sending, &world, verb, &subject).go(composed)?);
    }
    Ok(Exit::worst(exits))
}

/// Adds to an error that the ledger could not have known better.
fn without_body(error: Error, entry: Option<&Entry>) -> Error {
    let Some(entry) = entry.filter(|entry| !entry.has_body()) else { return error };
    let message =
        format!("{error}; of the payload of {} the ledger keeps only the digest", entry.intent.id);
    let help = error.advice().unwrap_or("say with --to and --from what it was").to_owned();
    Error::new(error.kind(), message).help(help)
}

/// Replaces the content of what was sent.
pub(super) fn update(session: &Session, args: &UpdateArgs) -> Result<Exit> {
    let ids: Vec<String> = args.id.iter().cloned().collect();
    let (world, subjects) = subjects(session, &args.sending, &ids, args.last)?;
    let sets = args.compose.payload.expressions()?;
    let to = compose::targets(&args.compose.to, world.vendor.contract())?;
    let stamp = session.edge.stamp();
    let desk = Desk { verb: Verb::Update, account: &world.account, stamp: &stamp };
    let Some(subject) = subjects.into_iter().next() else {
        return Err(Error::usage("nothing to update")
            .help("name a ledger id or the vendor's id, or --last"));
    };
    let ask = |intent: &Intent<'_>| {
        world.vendor.follow_up(&FollowUp {
            verb: Verb::Update,
            ids: &subject.ids,
            sent: subject.sent.as_ref(),
            from: args.compose.from.as_deref(),
            to: &to,
            intent: Some(intent),
            sets: intent.sets,
            account: &world.account,
            stamp: &stamp,
        })
    };
    let wanted = Wanted::Targets(to.clone());
    let drafts = compose::with_intent(world.vendor, desk, &args.compose, wanted, &sets, ask)?;
    let composed = drafts
        .into_iter()
        .map(|draft| {
            compose::with_sets(draft, &sets, Roots::ContentFirst).map(Composed::from_flags)
        })
        .collect::<Result<Vec<_>>>()?;
    let mut trip = trip(session, &args.sending, &world, Verb::Update, &subject);
    trip.stdin_used = input::is_stdin(args.compose.payload.body.as_deref());
    trip.go(composed)
}

fn trip<'a>(
    session: &'a Session,
    sending: &'a Sending,
    world: &'a World,
    verb: Verb,
    subject: &'a Subject,
) -> Trip<'a> {
    let about = subject
        .entry
        .as_ref()
        .zip(subject.sent.as_ref())
        .map(|(entry, sent)| (entry.intent.id, sent));
    Trip { session, sending, vendor: world.vendor, world, verb, about, stdin_used: false }
}

/// Finds out what the ids mean: entries of the ledger by their own id or by the vendor's, else ids of the vendor's alone.
fn subjects(
    session: &Session,
    sending: &Sending,
    ids: &[String],
    last: bool,
) -> Result<(World, Vec<Subject>)> {
    let mut ledger = ledger_to_read(session, sending)?;
    let realm = realm_of(session, sending.sandbox);
    let mut entries = Vec::new();
    let mut bare = Vec::new();
    if last {
        let newest = ledger.last(realm, session.globals.profile.as_deref())?;
        entries.push(newest.ok_or_else(|| {
            Error::input("the ledger knows of nothing that was sent")
                .help("`herald history` lists what it knows")
        })?);
    }
    for id in ids {
        match found(&mut ledger, session, realm, id)? {
            Some(entry) => entries.push(entry),
            None => bare.push(id.clone()),
        }
    }
    let Some(first) = entries.first() else {
        let world = World::open(session, sending)?;
        return Ok((world, vec![Subject { ids: bare, entry: None, sent: None }]));
    };
    let same = |entry: &Entry| {
        entry.intent.provider == first.intent.provider
            && entry.intent.profile == first.intent.profile
    };
    if !bare.is_empty() || !entries.iter().all(same) {
        return Err(Error::usage(
            "the ids belong to different providers or profiles, or are not all in the ledger",
        )
        .help("follow them up one by one"));
    }
    let world =
        World::open_as(session, sending, &first.intent.provider, first.intent.profile.as_deref())?;
    let subject = |entry: Entry| {
        let sent = entry.to_sent()?;
        let ids = sent.ids.iter().map(|(_, id)| id.clone()).collect();
        Ok(Subject { ids, sent: Some(sent), entry: Some(entry) })
    };
    let subjects = entries.into_iter().map(subject).collect::<Result<Vec<_>>>()?;
    Ok((world, subjects))
}

/// What the ledger knows of the message that a body names by one of the vendor's ids.
pub(super) fn subject_of(
    session: &Session,
    sending: &Sending,
    world: &World,
    body: &Value,
) -> Result<Option<(Uuid, vendor::Sent)>> {
    let mut ledger = ledger_to_read(session, sending)?;
    let provider = world.vendor.contract().id;
    for member in body.as_object().into_iter().flatten() {
        if !matches!(member.node.value, Value::String(_) | Value::Number(_)) {
            continue;
        }
        let id = member.node.value.to_plain();
        if let Some(entry) = ledger.find_by_vendor_id(provider, &id, world.realm())? {
            return Ok(Some((entry.intent.id, entry.to_sent()?)));
        }
    }
    Ok(None)
}

/// The entry that an id stands for. The vendor's ids go first: digits can also be the beginning of an id of the ledger.
fn found(ledger: &mut Ledger, session: &Session, realm: Realm, id: &str) -> Result<Option<Entry>> {
    let providers = match &session.globals.provider {
        Some(provider) => vec![provider.as_str()],
        None => vendor::ALL.iter().map(|vendor| vendor.contract().id).collect(),
    };
    for provider in providers {
        match ledger.find_by_vendor_id(provider, id, realm)? {
            // A recall answers with the id of what it took back: that one is meant.
            Some(entry) if entry.intent.effect == Effect::Destroys => {
                return entry
                    .intent
                    .parent
                    .map(|id| ledger.get(&id.to_string(), Some(realm)))
                    .transpose();
            }
            Some(entry) => return Ok(Some(entry)),
            None => {}
        }
    }
    ledger.find(id, Some(realm))
}
