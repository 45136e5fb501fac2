//! Who got a message that a payload names by its id: what the ledger says was sent with that id.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use uuid::Uuid;

use crate::contract::{Audience, Contract, Effect, Operation, Target, TargetKind};
use crate::document::Document;
use crate::error::Result;
use crate::ledger::{BatchKey, Job, JobBatch, JobTemplate, Ledger, LedgerEntry};
use crate::send::context::SendContext;
use crate::send::open_ledger;

/// Looks up who got messages. The ledger is opened when the first one is asked for.
pub(crate) struct MessageAudiences<'t> {
    context: &'t SendContext<'t>,
    app: String,
    ledger: Option<Ledger>,
    known: HashMap<String, Option<Audience>>,
    /// Jobs that messages belong to.
    jobs: HashMap<Uuid, Job>,
    /// Their batches, each read once: one may have thousands of messages.
    batches: HashMap<(Uuid, BatchKey), BatchReceivers>,
}

impl<'t> MessageAudiences<'t> {
    /// For messages of the same provider, app and realm as those of a command.
    pub(crate) fn new(context: &'t SendContext<'t>) -> Self {
        Self {
            context,
            app: context.app.id(),
            ledger: None,
            known: HashMap::new(),
            jobs: HashMap::new(),
            batches: HashMap::new(),
        }
    }

    /// Who is reached by a finished body.
    pub(crate) fn audience(&mut self, operation: &Operation, body: &Document) -> Result<Audience> {
        let mut fault = None;
        let audience = Audience::with_sent(operation, body, &mut |id| {
            self.got(id).unwrap_or_else(|error| {
                fault.get_or_insert(error);
                None
            })
        });
        fault.map_or(Ok(audience), Err)
    }

    /// Who got the message with an id; `None` where the ledger does not know it, or no longer knows its receivers.
    fn got(&mut self, id: &str) -> Result<Option<Audience>> {
        if let Some(known) = self.known.get(id) {
            return Ok(known.clone());
        }
        let got = self.look_up(id)?;
        self.known.insert(id.to_owned(), got.clone());
        Ok(got)
    }

    fn look_up(&mut self, id: &str) -> Result<Option<Audience>> {
        let (context, contract) = (self.context, self.context.app.vendor.contract());
        let realm = context.app.realm();
        let ledger = match &mut self.ledger {
            Some(ledger) => ledger,
            closed => closed.insert(open_ledger::ledger_to_read(context.env, context.sending)?),
        };
        let mut got = Vec::new();
        for entry in ledger.entries_of_vendor_id(contract.id, id, realm)? {
            if entry.intent.route.app == self.app && entry.intent.content.effect == Effect::Sends {
                got.push(of_entry(contract, &entry, id));
            }
        }
        if let Some(key @ (job, number)) = ledger.batch_of_vendor_id(contract.id, id, realm)? {
            let job = match self.jobs.entry(job) {
                Slot::Occupied(known) => known.into_mut(),
                Slot::Vacant(slot) => slot.insert(ledger.job(job)?),
            };
            if job.intent.app == self.app {
                let receivers = match self.batches.entry(key) {
                    Slot::Occupied(known) => known.into_mut(),
                    Slot::Vacant(slot) => {
                        let batch = ledger.batch(key.0, number)?;
                        let batch = batch.map(|batch| BatchReceivers::of(contract, job, &batch));
                        slot.insert(batch.transpose()?.unwrap_or_default())
                    }
                };
                got.push(receivers.of_id(id));
            }
        }
        if got.is_empty() {
            return Ok(None);
        }
        let all: Option<Vec<Audience>> = got.into_iter().collect();
        Ok(all.map(Audience::together))
    }
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
        Ok(Self { whole, own })
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
