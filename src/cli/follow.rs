//! `recall`, `update`, `delete`, `clear`, `get`, `status`: what follows up on something that was sent.

use std::collections::HashSet;
use std::ops::ControlFlow;

use uuid::Uuid;

use super::args::{Compose, PayloadArgs, Sending, parse_job};
use super::compose::{self, About, ComposeContext, Composed};
use super::trip::Trip;
use super::world::{SendContext, job_called, ledger_to_look, ledger_to_read, realm_of};
use super::{Session, input, job};
use crate::contract::typed::PathRoots;
use crate::contract::{Effect, Verb};
use crate::document::Value;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::ledger::{BatchFilter, BatchKey, Filter, Job, JobBatch, Ledger, LedgerEntry, Realm};
use crate::outcome::{Outcome, TargetResult, Verdict};
use crate::provider::{self, FollowUp, SendIntent, Wanted};
use crate::report::{SentReport, counted};
use crate::wire::HIDDEN;

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
  herald recall --job tonight
  herald recall --provider rongcloud BH5K-ABCD-1234-WXYZ --from alice --to group:g1";

/// Flags of `recall`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct RecallArgs {
    #[command(flatten)]
    follow: FollowArgs,
    /// Take back all that a job has sent, by its name or its id
    #[arg(long, value_name = "JOB", value_parser = parse_job, conflicts_with_all = ["ids", "last"])]
    job: Option<String>,
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
struct FollowSubject {
    ids: Vec<String>,
    about: Option<About>,
    /// Whom it reached, where it is a batch of a job.
    batch: Option<Vec<String>>,
}

/// What was sent, as the ledger knows it: an entry, or a batch of a job.
struct KnownMessage {
    provider: String,
    profile: Option<String>,
    about: About,
    /// Which batch it is, and whom it reached, or may have.
    batch: Option<(BatchKey, Vec<String>)>,
}

impl KnownMessage {
    fn entry(entry: &LedgerEntry) -> Result<Self> {
        let (id, route) = (entry.intent.id, &entry.intent.route);
        let (provider, operation) = (&route.provider, &route.operation);
        // What is not known cannot be followed up as something else.
        provider::find_operation(&format!("{provider}/{operation}")).map_err(|error| {
            Error::new(ErrorKind::Ledger, format!("the ledger entry {id} cannot be read: {error}"))
                .help("give the vendor's ids by hand, with --to and --from")
        })?;
        Ok(Self {
            provider: provider.clone(),
            profile: route.profile.clone(),
            about: About { id, sent: entry.to_sent()? },
            batch: None,
        })
    }

    fn batch(job: &Job, batch: &JobBatch) -> Result<Self> {
        let kind = job.template(batch.batch.template)?.kind;
        let name = |id: &str| kind.map_or_else(|| id.to_owned(), |kind| format!("{kind}:{id}"));
        let reached = batch.fates().filter(|fate| fate.state.may_have_arrived());
        let reached = reached.map(|fate| name(fate.target)).collect();
        Ok(Self {
            provider: job.intent.provider.clone(),
            profile: job.intent.profile.clone(),
            about: About { id: job.intent.id, sent: job::sent(job, batch)? },
            batch: Some((batch.batch.key, reached)),
        })
    }

    /// All that a job has sent, or may have.
    fn job(ledger: &mut Ledger, job: &Job) -> Result<Vec<Self>> {
        let mut known = Vec::new();
        ledger.each_batch(job.intent.id, BatchFilter::Reached, &mut |batch| {
            known.push(Self::batch(job, &batch));
            ControlFlow::Continue(())
        })?;
        known.into_iter().collect()
    }
}

/// Takes back what was sent.
pub(super) fn recall(session: &Session, args: &RecallArgs) -> Result<Exit> {
    let follow = &args.follow;
    if follow.ids.is_empty() && !follow.last && args.job.is_none() {
        return Err(Error::usage("nothing to take back")
            .help("name a ledger id or the vendor's id, --last, or --job JOB"));
    }
    each(session, Verb::Recall, follow, args.job.as_deref())
}

/// Follows up without new content.
pub(super) fn run(session: &Session, verb: Verb, args: &FollowArgs) -> Result<Exit> {
    each(session, verb, args, None)
}

/// Runs one trip for all that the ids name. What the ledger knows is followed up one by one, since each has its own
/// operation.
fn each(session: &Session, verb: Verb, args: &FollowArgs, job: Option<&str>) -> Result<Exit> {
    let sets = PayloadArgs { set: args.set.clone(), ..PayloadArgs::default() }.expressions()?;
    let paths: Vec<String> = sets.iter().map(|set| set.path().to_owned()).collect();
    let (world, subjects) = subjects(session, &args.sending, &args.ids, args.last, job)?;
    let bodiless = bodiless(&subjects);
    let to = compose::targets(&args.to, world.vendor.contract())?;
    compose::check_sender(args.from.as_deref())?;
    let stamp = session.edge.stamp();
    let (mut composed, mut aside) = (Vec::new(), Vec::new());
    for subject in subjects {
        let FollowSubject { ids, about, .. } = &subject;
        let drafts = world.vendor.follow_up(&FollowUp {
            verb,
            ids,
            sent: about.as_ref().map(|about| &about.sent),
            from: args.from.as_deref(),
            to: &to,
            intent: None,
            sets: &paths,
            account: &world.account,
            stamp: &stamp,
        });
        let drafts = match (drafts, out_of_reach(&world, verb, &subject)) {
            // One that nobody can name keeps nobody from taking the others back.
            (Err(error), Some(one)) if error.kind() == ErrorKind::Usage => {
                aside.push(one);
                continue;
            }
            (drafts, _) => drafts.map_err(|error| without_body(error, bodiless))?,
        };
        for draft in drafts {
            let draft = compose::with_sets(draft, &sets, PathRoots::Body)?;
            no_hidden(&draft.body, about.as_ref())?;
            composed.push(Composed { about: about.clone(), ..Composed::from_flags(draft) });
        }
    }
    if !aside.is_empty() {
        tell_aside(session, &aside, composed.is_empty())?;
    }
    // Each of them has the usual time.
    let usual = args.sending.deadline();
    let count = u32::try_from(composed.len().max(1)).unwrap_or(u32::MAX);
    let deadline = args.sending.deadline.or(Some(usual.saturating_mul(count)));
    let sending = Sending { deadline, ..args.sending.clone() };
    let trip = Trip { aside: &aside, ..Trip::new(session, &sending, &world, verb) };
    let gone = trip.go(composed);
    gone.map_err(|error| without_body(error, bodiless))
}

/// A request of a job that cannot be taken back, because nobody knows the id of what it sent: that may be with its receivers.
fn out_of_reach(world: &SendContext, verb: Verb, subject: &FollowSubject) -> Option<SentReport> {
    let FollowSubject { ids, about, batch } = subject;
    let (sent, reached) = (&about.as_ref()?.sent, batch.as_ref()?);
    let has_id = !ids.is_empty() || sent.targets.iter().any(|(_, id)| id.is_some());
    let contract = world.vendor.contract();
    let recall = contract.operation(&sent.operation)?.recall.operation?;
    let target = |name: &String| TargetResult {
        target: name.clone(),
        verdict: Verdict::Unknown,
        id: None,
        code: None,
        message: None,
    };
    let outcome = Outcome {
        advice: Some("what the vendor gave no id to has to be found there by hand".to_owned()),
        targets: reached.iter().map(target).collect(),
        ..Outcome::of(Verdict::Unknown)
    };
    (verb == Verb::Recall && !has_id).then(|| SentReport {
        provider: contract.id.to_owned(),
        operation: recall.to_owned(),
        profile: world.account.profile.clone(),
        outcome,
        ledger_id: None,
        attempts: 0,
        elapsed_ms: 0,
        take_back: None,
    })
}

/// Says what cannot be taken back. Where that is all, nothing is left to do.
fn tell_aside(session: &Session, aside: &[SentReport], is_all: bool) -> Result<()> {
    let targets: usize = aside.iter().map(|one| one.outcome.targets.len()).sum();
    let whom = match targets {
        0 => String::new(),
        count => format!(" to {}", counted(count as u64, "target")),
    };
    let what = counted(aside.len() as u64, "request");
    let said = format!(
        "{what}{whom} cannot be taken back: the id of what was sent is not known, and it may have arrived"
    );
    if is_all {
        return Err(Error::new(ErrorKind::Unknown, said)
            .help("find it at the vendor, and name its id, or say with `herald history resolve` what became of it"));
    }
    session.ui.warn(&said);
    Ok(())
}

/// What is followed up on although the ledger does not have its payload.
fn bodiless(subjects: &[FollowSubject]) -> Option<Uuid> {
    let empty = |about: &&About| about.sent.body.as_object().is_some_and(|body| body.is_empty());
    subjects.iter().filter_map(|subject| subject.about.as_ref()).find(empty).map(|about| about.id)
}

/// Adds to an error that the ledger keeps no payload that could have told more.
fn without_body(error: Error, bodiless: Option<Uuid>) -> Error {
    let Some(id) = bodiless.filter(|_| matches!(error.kind(), ErrorKind::Usage | ErrorKind::Lint))
    else {
        return error;
    };
    let message = format!("{error}; of the payload of {id} the ledger keeps only the digest");
    Error::new(error.kind(), message).help("say with --from, --to and --set what it was")
}

/// Refuses to send what the ledger has in the place of a secret.
fn no_hidden(body: &Value, about: Option<&About>) -> Result<()> {
    fn texts<'v>(value: &'v Value, out: &mut Vec<&'v str>) {
        match value {
            Value::String(text) => out.push(text.as_str()),
            Value::Array(items) => items.iter().for_each(|item| texts(&item.value, out)),
            Value::Object(all) => all.iter().for_each(|member| texts(&member.node.value, out)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let Some(about) = about else { return Ok(()) };
    let (mut kept, mut taken) = (Vec::new(), Vec::new());
    texts(&about.sent.body, &mut kept);
    texts(body, &mut taken);
    kept.retain(|text| text.contains(HIDDEN));
    if !taken.iter().any(|text| kept.contains(text)) {
        return Ok(());
    }
    let message = format!("the ledger keeps no secrets, and one of {} would be needed", about.id);
    Err(Error::new(ErrorKind::Ledger, message).help("give it with --set PATH=VALUE"))
}

/// Replaces the content of what was sent.
pub(super) fn update(session: &Session, args: &UpdateArgs) -> Result<Exit> {
    let ids: Vec<String> = args.id.iter().cloned().collect();
    let (world, subjects) = subjects(session, &args.sending, &ids, args.last, None)?;
    let sets = args.compose.payload.expressions()?;
    let to = compose::targets(&args.compose.to, world.vendor.contract())?;
    compose::check_sender(args.compose.from.as_deref())?;
    let stamp = session.edge.stamp();
    let desk = ComposeContext { verb: Verb::Update, account: &world.account, stamp: &stamp };
    let mut composed = Vec::new();
    for FollowSubject { ids, about, .. } in subjects {
        let ask = |intent: &SendIntent<'_>| {
            world.vendor.follow_up(&FollowUp {
                verb: Verb::Update,
                ids: &ids,
                sent: about.as_ref().map(|about| &about.sent),
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
        for draft in drafts {
            let draft = compose::with_sets(draft, &sets, PathRoots::ContentFirst)?;
            no_hidden(&draft.body, about.as_ref())?;
            composed.push(Composed { about: about.clone(), ..Composed::from_flags(draft) });
        }
    }
    let mut trip = Trip::new(session, &args.sending, &world, Verb::Update);
    trip.stdin_used = input::is_stdin(args.compose.payload.body.as_deref());
    trip.go(composed)
}

/// Finds out what the ids mean: what the ledger knows by its own ids or by the vendor's, else ids of the vendor's alone.
fn subjects(
    session: &Session,
    sending: &Sending,
    ids: &[String],
    last: bool,
    job: Option<&str>,
) -> Result<(SendContext, Vec<FollowSubject>)> {
    // The vendor's ids need no ledger; what a ledger alone knows needs the right one.
    let open = if last || job.is_some() { ledger_to_look } else { ledger_to_read };
    let mut ledger = open(session, sending)?;
    let realm = realm_of(session, sending.sandbox);
    let mut known = Vec::new();
    let mut bare = Vec::new();
    if last {
        known.extend(newest(&mut ledger, session, realm)?);
    }
    if let Some(job) = job {
        let job = job_called(session, &mut ledger, realm, job)?;
        known.extend(KnownMessage::job(&mut ledger, &job)?);
        if known.is_empty() {
            return Err(Error::input(format!("the job {} has sent nothing", job.label()))
                .help("`herald history show JOB` tells where it stands"));
        }
    }
    for id in ids {
        match found(&mut ledger, session, realm, id)? {
            some if some.is_empty() && bare.contains(id) => {}
            some if some.is_empty() => bare.push(id.clone()),
            some => known.extend(some),
        }
    }
    // Several ids may stand for the same message, and a job for those of its requests.
    let mut seen = HashSet::new();
    known.retain(|one: &KnownMessage| {
        seen.insert((one.about.id, one.batch.as_ref().map(|(key, _)| *key)))
    });
    let Some(first) = known.first() else {
        let world = SendContext::open(session, sending)?;
        return Ok((world, vec![FollowSubject { ids: bare, about: None, batch: None }]));
    };
    let same = |one: &KnownMessage| one.provider == first.provider && one.profile == first.profile;
    if !bare.is_empty() || !known.iter().all(same) {
        return Err(Error::usage(
            "the ids belong to different providers or profiles, or are not all in the ledger",
        )
        .help("follow them up one by one"));
    }
    let world = SendContext::open_as(session, sending, &first.provider, first.profile.as_deref())?;
    let subject = |known: KnownMessage| {
        let ids = known.about.sent.ids.iter().map(|(_, id)| id.clone()).collect();
        FollowSubject {
            ids,
            about: Some(known.about),
            batch: known.batch.map(|(_, reached)| reached),
        }
    };
    Ok((world, known.into_iter().map(subject).collect()))
}

/// What was sent last, an entry or a whole job.
fn newest(ledger: &mut Ledger, session: &Session, realm: Realm) -> Result<Vec<KnownMessage>> {
    let profile = session.globals.profile.as_deref();
    let entry = ledger.last(realm, profile)?;
    let filter =
        Filter { realm: Some(realm), profile: profile.map(str::to_owned), ..Filter::default() };
    let mut job = None;
    ledger.jobs(&filter, &mut |one| {
        if !one.has_reached() {
            return ControlFlow::Continue(());
        }
        job = Some(one);
        ControlFlow::Break(())
    })?;
    let began = |job: &Job| job.begun_ms.unwrap_or(job.intent.created_ms);
    match (entry, job) {
        (Some(entry), Some(job)) if began(&job) < entry.intent.times.created_ms => {
            Ok(vec![KnownMessage::entry(&entry)?])
        }
        (_, Some(job)) => KnownMessage::job(ledger, &job),
        (Some(entry), None) => Ok(vec![KnownMessage::entry(&entry)?]),
        (None, None) => Err(Error::input("the ledger knows of nothing that was sent")
            .help("`herald history` lists what it knows")),
    }
}

/// What the ledger knows of the message that a body names by one of the vendor's ids.
pub(super) fn subject_of(
    session: &Session,
    sending: &Sending,
    world: &SendContext,
    body: &Value,
) -> Result<Option<About>> {
    let mut ledger = ledger_to_read(session, sending)?;
    let provider = world.vendor.contract().id;
    for member in body.as_object().into_iter().flatten() {
        if !matches!(member.node.value, Value::String(_) | Value::Number(_)) {
            continue;
        }
        let id = member.node.value.to_plain();
        if let Some(known) = by_vendor_id(&mut ledger, provider, &id, world.realm())? {
            return Ok(Some(known.about));
        }
    }
    Ok(None)
}

/// What the vendor gave an id to: an entry, or a batch of a job.
fn by_vendor_id(
    ledger: &mut Ledger,
    provider: &str,
    id: &str,
    realm: Realm,
) -> Result<Option<KnownMessage>> {
    match ledger.entries_of_vendor_id(provider, id, realm)?.into_iter().next() {
        // A recall answers with the id of what it took back: that one is meant.
        Some(entry) if entry.intent.content.effect == Effect::Destroys => {
            let Some(parent) = entry.intent.parent else { return Ok(None) };
            if let Some(sent) = ledger.find(&parent.to_string(), Some(realm))? {
                return KnownMessage::entry(&sent).map(Some);
            }
        }
        Some(entry) => return KnownMessage::entry(&entry).map(Some),
        None => {}
    }
    let batch = ledger.find_batch_by_vendor_id(provider, id, realm)?;
    batch.map(|(job, batch)| KnownMessage::batch(&job, &batch)).transpose()
}

/// What an id stands for. The vendor's ids go first: digits can also be the beginning of an id of the ledger. A job is all
/// that it sent.
fn found(
    ledger: &mut Ledger,
    session: &Session,
    realm: Realm,
    id: &str,
) -> Result<Vec<KnownMessage>> {
    let providers = match &session.globals.provider {
        Some(provider) => vec![provider.as_str()],
        None => provider::ALL.iter().map(|vendor| vendor.contract().id).collect(),
    };
    for provider in providers {
        if let Some(known) = by_vendor_id(ledger, provider, id, realm)? {
            return Ok(vec![known]);
        }
    }
    if let Some(entry) = ledger.find(id, Some(realm))? {
        return Ok(vec![KnownMessage::entry(&entry)?]);
    }
    match ledger.job_of_id(id, Some(realm))? {
        Some(job) => KnownMessage::job(ledger, &job),
        None => Ok(Vec::new()),
    }
}
