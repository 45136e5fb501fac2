//! Who got a message that a payload names by its id: what the ledger says was sent with that id.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::contract::{Audience, Contract, Effect, Operation, Target, TargetKind};
use crate::document::Document;
use crate::error::Result;
use crate::ledger::{BatchKey, Job, JobBatch, JobTemplate, Ledger, LedgerEntry};
use crate::send::compose::FollowedMessage;
use crate::send::context::SendContext;
use crate::send::open_ledger;
use crate::send::sent_with::SentWith;

/// An entry, or a batch of a job.
type MessageKey = (Uuid, Option<u32>);

/// Looks up who got messages. The ledger is opened when the first one is asked for.
pub(crate) struct MessageAudiences<'t> {
    context: &'t SendContext<'t>,
    app: String,
    base: String,
    ledger: Option<Ledger>,
    /// By the message that a payload is about, and the id.
    known: HashMap<(Option<MessageKey>, String), Option<Audience>>,
    /// Jobs that messages belong to.
    jobs: HashMap<Uuid, Job>,
    /// Their batches, each read once: one may have thousands of messages.
    batches: HashMap<(Uuid, BatchKey), BatchReceivers>,
}

impl<'t> MessageAudiences<'t> {
    /// For messages of the same provider, app, server and realm as those of a command.
    pub(crate) fn new(context: &'t SendContext<'t>) -> Self {
        Self {
            context,
            app: context.app.id(),
            base: context.app.base(),
            ledger: None,
            known: HashMap::new(),
            jobs: HashMap::new(),
            batches: HashMap::new(),
        }
    }

    /// Who is reached by a finished body, and by what it is about. A vendor may give one id to several messages: then the
    /// message that the body is about is the one.
    pub(crate) fn audience(
        &mut self,
        operation: &Operation,
        body: &Document,
        about: Option<&FollowedMessage>,
    ) -> Result<Audience> {
        let about = about.map(|about| (about.id, about.batch));
        let mut fault = None;
        let audience = Audience::with_sent(operation, body, &mut |id| {
            self.got(about, id).unwrap_or_else(|error| {
                fault.get_or_insert(error);
                None
            })
        });
        fault.map_or(Ok(audience), Err)
    }

    /// Who got the message with an id; `None` where the ledger does not know it, or no longer knows its receivers.
    fn got(&mut self, about: Option<MessageKey>, id: &str) -> Result<Option<Audience>> {
        let key = (about, id.to_owned());
        if let Some(known) = self.known.get(&key) {
            return Ok(known.clone());
        }
        let own = match about {
            Some(about) => self.of_message(about, id)?,
            None => None,
        };
        let got = match own {
            Some(own) => own,
            None => self.look_up(id)?,
        };
        self.known.insert(key, got.clone());
        Ok(got)
    }

    fn ledger(&mut self) -> Result<&mut Ledger> {
        let context = self.context;
        Ok(match &mut self.ledger {
            Some(ledger) => ledger,
            closed => closed.insert(open_ledger::ledger_to_read(context.env, context.sending)?),
        })
    }

    /// Who got one message of the ledger; `None` where it has no such id.
    fn of_message(&mut self, about: MessageKey, id: &str) -> Result<Option<Option<Audience>>> {
        let contract = self.context.app.vendor.contract();
        if let (job, Some(number)) = about {
            let receivers = self.receivers((job, BatchKey::from_number(number)))?;
            return Ok(receivers.has(id).then(|| receivers.of_id(id)));
        }
        let entry = self.ledger()?.maybe_entry(about.0)?.filter(|entry| has_id(entry, id));
        Ok(entry.map(|entry| of_entry(contract, &entry, id)))
    }

    /// Who got a batch of a job.
    fn receivers(&mut self, key: (Uuid, BatchKey)) -> Result<&BatchReceivers> {
        if !self.batches.contains_key(&key) {
            let contract = self.context.app.vendor.contract();
            let batch = self.ledger()?.batch(key.0, key.1)?;
            let job = self.job(key.0)?;
            let receivers = batch.map(|batch| BatchReceivers::of(contract, job, &batch));
            let receivers = receivers.transpose()?.unwrap_or_default();
            self.batches.insert(key, receivers);
        }
        Ok(&self.batches[&key])
    }

    fn job(&mut self, id: Uuid) -> Result<&Job> {
        if !self.jobs.contains_key(&id) {
            let job = self.ledger()?.job(id)?;
            self.jobs.insert(id, job);
        }
        Ok(&self.jobs[&id])
    }

    /// Who got the messages with an id that this app's server has sent.
    fn look_up(&mut self, id: &str) -> Result<Option<Audience>> {
        let contract = self.context.app.vendor.contract();
        let realm = self.context.app.realm();
        let own = (self.app.clone(), self.base.clone());
        let own = (own.0.as_str(), own.1.as_str());
        let mut got = Vec::new();
        for entry in self.ledger()?.entries_of_vendor_id(contract.id, id, realm)? {
            let sends = entry.intent.content.effect == Effect::Sends;
            if sends && SentWith::of_entry(&entry).is_app(own) {
                got.push(of_entry(contract, &entry, id));
            }
        }
        if let Some(key) = self.ledger()?.batch_of_vendor_id(contract.id, id, realm)?
            && SentWith::of_job(self.job(key.0)?).is_app(own)
        {
            got.push(self.receivers(key)?.of_id(id));
        }
        if got.is_empty() {
            return Ok(None);
        }
        let all: Option<Vec<Audience>> = got.into_iter().collect();
        Ok(all.map(Audience::together))
    }
}

/// Whether a vendor gave an id to what an entry sent, or to what one of its targets got.
fn has_id(entry: &LedgerEntry, id: &str) -> bool {
    entry.ending.as_ref().is_some_and(|ending| {
        let of_targets = ending.targets.iter().filter_map(|one| one.id.as_deref());
        let mut all = ending.ids.iter().map(|(_, id)| id.as_str()).chain(of_targets);
        all.any(|own| own == id)
    })
}

/// Who got what an entry sent with an id: of several targets that have ids of their own, the one.
fn of_entry(contract: &Contract, entry: &LedgerEntry, id: &str) -> Option<Audience> {
    let intent = &entry.intent;
    let whole = match entry.has_body() {
        true => of_body(contract, &intent.route.operation, &intent.content.body)?,
        // Of several targets the ledger has no more than their number then.
        false if intent.reach.target_count == Some(1) => {
            let (kind, id) = Target::split(&intent.reach.audience, contract.default_target).ok()?;
            Audience::Named(vec![Target::new(kind, id)])
        }
        false => return None,
    };
    let results = entry.ending.iter().flat_map(|ending| &ending.targets);
    let own = results.filter(|one| one.id.as_deref() == Some(id)).map(|one| one.target.as_str());
    Some(narrowed(whole, &own.collect::<Vec<_>>()))
}

/// Who got the messages of a batch.
#[derive(Default)]
struct BatchReceivers {
    /// All of them; `None` where that can no longer be read.
    whole: Option<Audience>,
    /// The targets whose message has an id of its own, by this id.
    own: HashMap<String, Vec<Target>>,
    /// All ids, those of the whole batch as well.
    ids: HashSet<String>,
}

impl BatchReceivers {
    fn of(contract: &Contract, job: &Job, batch: &JobBatch) -> Result<Self> {
        let whole = of_batch(contract, job.template(batch.batch.template)?, batch);
        let mut own: HashMap<String, Vec<Target>> = HashMap::new();
        if let Some(Audience::Named(targets)) = &whole {
            let mut named: HashMap<&str, Vec<&Target>> = HashMap::new();
            for target in targets {
                named.entry(&target.id).or_default().push(target);
            }
            for fate in batch.fates() {
                if let (Some(id), Some(targets)) = (fate.id, named.get(fate.target)) {
                    own.entry(id.to_owned()).or_default().extend(targets.iter().copied().cloned());
                }
            }
        }
        let of_whole =
            batch.ending.iter().flat_map(|ending| &ending.ids).map(|(_, id)| id.as_str());
        let ids = batch.fates().filter_map(|fate| fate.id).chain(of_whole);
        Ok(Self { whole, own, ids: ids.map(str::to_owned).collect() })
    }

    /// Whether a message of it has an id.
    fn has(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// Who got the message with an id.
    fn of_id(&self, id: &str) -> Option<Audience> {
        match self.own.get(id) {
            Some(own) => Some(Audience::Named(own.clone())),
            None => self.whole.clone(),
        }
    }
}

/// Who got a batch; `None` where it can no longer be read.
fn of_batch(contract: &Contract, template: &JobTemplate, batch: &JobBatch) -> Option<Audience> {
    let whole = match (&template.kind, batch.batch.ids.as_slice()) {
        // The template names its audience itself.
        (_, []) => of_body(contract, &template.operation, &template.body)?,
        (kind, ids) => {
            let kind = (*kind)?;
            let targets = ids.iter().map(|id| Target::new(kind, id)).collect();
            match kind {
                TargetKind::Tag | TargetKind::Package => Audience::Class(targets),
                _ => Audience::Named(targets),
            }
        }
    };
    Some(whole)
}

/// Who was reached by a body in the ledger; `None` where it can no longer be read.
pub(crate) fn of_body(contract: &Contract, operation: &str, body: &str) -> Option<Audience> {
    let operation = contract.operation(operation)?;
    let body = Document::parse(body).ok()?;
    Some(Audience::of(operation, &body))
}

/// Those targets of an audience that have these names, where any has.
fn narrowed(whole: Audience, names: &[&str]) -> Audience {
    let Audience::Named(targets) = &whole else { return whole };
    let own: Vec<Target> =
        targets.iter().filter(|target| names.contains(&target.id.as_str())).cloned().collect();
    if own.is_empty() { whole } else { Audience::Named(own) }
}
