//! What was sent, as the ledger knows it, for what follows up on it.

use std::collections::HashSet;
use std::ops::ControlFlow;

use crate::contract::Verb;
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::{
    BatchFilter, BatchKey, EntryStatus, Filter, Job, JobBatch, Ledger, LedgerEntry, Realm,
};
use crate::provider;
use crate::report::counted;
use crate::send::compose::FollowedMessage;
use crate::send::followed::Followed;
use crate::send::named::{NamePurpose, NamedSubject, maybe_named};
use crate::send::open_ledger::in_other_part;
use crate::send::sent_batch::sent;
use crate::send::sent_with::SentWith;
use crate::send::settle_unknown::{IdLookUp, entry_advice, entry_check, job_check};
use crate::text::{SuggestedCommand, suggest};

/// What was sent, as the ledger knows it: an entry, or a batch of a job.
pub(crate) struct KnownMessage {
    pub(crate) provider: String,
    pub(crate) profile: Option<String>,
    pub(crate) sent_with: SentWith,
    pub(crate) about: FollowedMessage,
    /// Which batch it is, and the targets that it reached, or may have reached.
    pub(crate) batch: Option<(BatchKey, Vec<String>)>,
    /// How an entry is settled of which it is not known what became.
    pub(crate) settle: Option<String>,
    /// The vendor's ids by which it is called; none where all of it is.
    pub(crate) called: Vec<String>,
    pub(crate) look_up: IdLookUp,
    /// The command with which herald looks for it at the vendor; `None` where it cannot.
    pub(crate) check: Option<SuggestedCommand>,
}

impl KnownMessage {
    pub(crate) fn entry(entry: &LedgerEntry) -> Result<Self> {
        let (id, route) = (entry.intent.id, &entry.intent.route);
        let (provider, operation) = (&route.provider, &route.operation);
        // What is not known cannot be followed up as something else.
        provider::find_operation(&format!("{provider}/{operation}")).map_err(|error| {
            Error::new(ErrorKind::Ledger, format!("the ledger entry {id} cannot be read: {error}"))
                .help("give the vendor's ids by hand, with --to and --from")
        })?;
        Ok(Self {
            provider: entry.intent.route.provider.clone(),
            profile: entry.intent.route.profile.clone(),
            sent_with: SentWith::of_entry(entry),
            about: FollowedMessage {
                id: entry.intent.id,
                batch: None,
                label: entry.short_id.clone(),
                sent: entry.to_sent()?,
            },
            batch: None,
            look_up: IdLookUp::of_entry(entry),
            check: entry_check(entry),
            settle: match entry.status {
                EntryStatus::Sending => Some("it is being sent; wait for its outcome".to_owned()),
                EntryStatus::Decided(_) => entry_advice(entry),
            },
            called: Vec::new(),
        })
    }

    pub(crate) fn batch(job: &Job, batch: &JobBatch) -> Result<Self> {
        let kind = job.template(batch.batch.template)?.kind;
        let name = |id: &str| kind.map_or_else(|| id.to_owned(), |kind| format!("{kind}:{id}"));
        let reached = batch.fates().filter(|fate| fate.state.may_have_arrived());
        let reached = reached.map(|fate| name(fate.target)).collect();
        Ok(Self {
            provider: job.intent.provider.clone(),
            profile: job.intent.profile.clone(),
            sent_with: SentWith::of_job(job),
            about: FollowedMessage {
                id: job.intent.id,
                batch: Some(batch.batch.key.number()),
                label: job.label(),
                sent: sent(job, batch)?,
            },
            batch: Some((batch.batch.key, reached)),
            settle: None,
            called: Vec::new(),
            look_up: IdLookUp::of_batch(batch),
            check: job_check(job),
        })
    }

    /// The same, where a vendor's id of it was given: then that id alone is meant, which may be one target's.
    fn called(mut self, text: &str) -> Self {
        let sent = &self.about.sent;
        let of_targets = sent.targets.iter().filter_map(|(_, id)| id.as_deref());
        let mut ids = sent.ids.iter().map(|(_, id)| id.as_str()).chain(of_targets);
        self.called = ids.find(|id| *id == text).map(str::to_owned).into_iter().collect();
        self
    }

    /// All that a job has sent, or may have.
    pub(crate) fn job(ledger: &mut Ledger, job: &Job) -> Result<Vec<Self>> {
        if let Some(verb) = Verb::follow_up(&job.intent.verb) {
            let (again, job, verb) = (job.resume_command(), job.label(), verb.word());
            return Err(Error::usage(format!(
                "the job {job} is no message: it is itself a `{verb}`"
            ))
            .help(format!("{again} continues it if something is left")));
        }
        let mut known = Vec::new();
        ledger.each_batch(job.intent.id, BatchFilter::Reached, &mut |batch| {
            known.push(Self::batch(job, &batch));
            ControlFlow::Continue(())
        })?;
        known.into_iter().collect()
    }

    /// The same. Fails where that is nothing.
    pub(crate) fn some_of_job(ledger: &mut Ledger, job: &Job) -> Result<Vec<Self>> {
        let known = Self::job(ledger, job)?;
        if known.is_empty() {
            return Err(Error::input(format!("the job {} has sent nothing", job.label()))
                .help(format!("{} shows its state", suggest("history show").arg(job.label()))));
        }
        Ok(known)
    }
}

/// Refuses an entry of which nothing was sent.
fn arrived(entry: &LedgerEntry) -> Result<()> {
    let ids = entry.ending.as_ref().is_some_and(|ending| !ending.ids.is_empty());
    if ids || entry.status.may_be_recalled() {
        return Ok(());
    }
    let (label, outcome) = (&entry.short_id, entry.status.word());
    Err(Error::input(format!("nothing was sent with {label}: its outcome is `{outcome}`"))
        .help(format!("{} shows why", suggest("history show").arg(label))))
}

/// What was sent last, an entry or a whole job.
pub(crate) fn newest(ledger: &mut Ledger, env: &Env, realm: Realm) -> Result<Vec<KnownMessage>> {
    let profile = env.globals.profile.as_deref();
    let entry = ledger.last(realm, profile)?;
    let filter =
        Filter { realm: Some(realm), profile: profile.map(str::to_owned), ..Filter::default() };
    let mut job = None;
    ledger.jobs(&filter, &mut |one| {
        // A recall is not a message.
        if !one.has_reached() || Verb::follow_up(&one.intent.verb).is_some() {
            return ControlFlow::Continue(());
        }
        job = Some(one);
        ControlFlow::Break(())
    })?;
    let began = |job: &Job| job.begun_ms.unwrap_or(job.intent.created_ms);
    match (entry, job) {
        (Some(entry), Some(job)) if began(&job) < entry.intent.times.created_ms => {
            message_of(ledger, env, entry)
        }
        (_, Some(job)) => KnownMessage::job(ledger, &job),
        (Some(entry), None) => message_of(ledger, env, entry),
        (None, None) => {
            let help = in_other_part(ledger, realm, "history")?;
            let help = help.unwrap_or_else(|| "`herald history` lists what it knows".to_owned());
            Err(Error::input("the ledger knows of nothing that was sent").help(help))
        }
    }
}

/// All of the message that an entry is a part of: a command may make several requests of one message. Without those that
/// certainly did not arrive.
fn message_of(ledger: &mut Ledger, env: &Env, entry: LedgerEntry) -> Result<Vec<KnownMessage>> {
    let all = ledger.of_one_command(entry)?;
    let arrived: Vec<&LedgerEntry> =
        all.iter().filter(|one| one.status.may_be_recalled()).collect();
    if all.len() > 1 {
        let count = match arrived.len() == all.len() {
            true => format!("{} requests", all.len()),
            false => format!("{} of {} requests", arrived.len(), all.len()),
        };
        let names: Vec<&str> = arrived.iter().map(|one| one.short_id.as_str()).collect();
        env.ui.remark(&format!("the last message is {count}: {}", names.join(", ")));
    }
    arrived.into_iter().map(KnownMessage::entry).collect()
}

/// Says which other parts of a message are not meant, where one was named that one command has sent with others.
pub(crate) fn tell_other_parts(
    ledger: &mut Ledger,
    env: &Env,
    (realm, verb): (Realm, Verb),
    known: &[KnownMessage],
) -> Result<()> {
    let named: HashSet<_> = known.iter().map(|one| one.about.id).collect();
    let mut told = HashSet::new();
    for one in known.iter().filter(|one| one.batch.is_none()) {
        let Some(entry) = ledger.maybe_entry(one.about.id)? else { continue };
        let Some(part) = entry.intent.part.filter(|part| told.insert(part.command)) else {
            continue;
        };
        let mut others = ledger.of_one_command(entry)?;
        others.retain(|one| one.status.may_be_recalled() && !named.contains(&one.intent.id));
        // What the same was done with before is not left by mistake.
        let about = others.iter().map(|one| one.intent.id).collect();
        let done = Followed::of(ledger, realm, verb, &about)?;
        others.retain(|one| done.get(one.intent.id, None).is_none());
        if others.is_empty() {
            continue;
        }
        let all = others.iter().fold(suggest(verb.word()), |all, one| all.arg(&one.short_id));
        env.ui.remark(&format!(
            "{} is one of {} requests of one message, and the others stay as they are; {all} is about those",
            one.about.label, part.total
        ));
    }
    Ok(())
}

/// Refuses to recall what a process is still sending, unless the requests are only printed; and says how much of a job is
/// not sent, since that is not recalled.
pub(crate) fn tell_unsent(env: &Env, job: &Job, is_printed: bool) -> Result<()> {
    let (label, left) = (job.label(), job.counts().planned);
    if job.state.is_at_work() && !is_printed {
        return Err(Error::input(format!(
            "the job {label} is running: {} of it are not sent yet, and would go out after this",
            counted(left, "target")
        ))
        .help(format!("nothing was sent; {} stops it first", suggest("stop").arg(label))));
    }
    if left > 0 {
        let resume = job.resume_command();
        env.ui.remark(&format!(
            "{} of {label} are not sent yet, and stay so unless {resume} sends them",
            counted(left, "target")
        ));
    }
    Ok(())
}

/// What an id or a name stands for; nothing where the ledger knows none. A job is all that it sent.
pub(crate) fn found(
    ledger: &mut Ledger,
    env: &Env,
    realm: Realm,
    id: &str,
    purpose: NamePurpose,
) -> Result<Vec<KnownMessage>> {
    match maybe_named(env, ledger, realm, id, purpose)? {
        Some(NamedSubject::Entry(entry)) if purpose == NamePurpose::Change => {
            arrived(&entry)?;
            Ok(vec![KnownMessage::entry(&entry)?.called(id)])
        }
        Some(NamedSubject::Entry(entry)) => Ok(vec![KnownMessage::entry(&entry)?.called(id)]),
        Some(NamedSubject::Request(job, batch)) => {
            Ok(vec![KnownMessage::batch(&job, &batch)?.called(id)])
        }
        Some(NamedSubject::Jobs(jobs)) => match jobs.first() {
            Some(job) => KnownMessage::some_of_job(ledger, job),
            None => Ok(Vec::new()),
        },
        None => Ok(Vec::new()),
    }
}
