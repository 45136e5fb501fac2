//! A vendor's id that several messages of the ledger have: apps of one vendor may give the same id to different messages.

use crate::contract::{Effect, Verb, base_url};
use crate::document::Value;
use crate::env::Env;
use crate::error::Result;
use crate::ledger::{IdCandidate, Job, JobBatch, Ledger, LedgerEntry, Realm};
use crate::provider;
use crate::send::app::{App, account_of};
use crate::send::compose::FollowedMessage;
use crate::send::open_ledger::ledger_to_read;
use crate::send::options::SendOptions;
use crate::send::sent_messages::KnownMessage;
use crate::send::sent_with::SentWith;

/// A message to which a vendor gave an id.
pub(crate) enum VendorNamed {
    Entry(Box<LedgerEntry>),
    /// One request of a job.
    Request(Box<Job>, Box<JobBatch>),
}

impl VendorNamed {
    pub(crate) fn sent_with(&self) -> SentWith {
        match self {
            Self::Entry(entry) => SentWith::of_entry(entry),
            Self::Request(job, _) => SentWith::of_job(job),
        }
    }

    fn provider(&self) -> &str {
        match self {
            Self::Entry(entry) => &entry.intent.route.provider,
            Self::Request(job, _) => &job.intent.provider,
        }
    }

    pub(crate) fn candidate(&self, ledger: &mut Ledger) -> Result<IdCandidate> {
        Ok(match self {
            Self::Entry(entry) => IdCandidate {
                label: ledger.label(entry.intent.id)?,
                created_ms: entry.intent.times.created_ms,
                audience: entry.intent.reach.audience.clone(),
                is_job: false,
            },
            Self::Request(job, _) => IdCandidate::of_job(job),
        })
    }
}

/// Every message that was sent and has an id of a vendor's. A recall that answers with the id of what it recalled stands for
/// that message.
pub(crate) fn all_named(
    ledger: &mut Ledger,
    provider: &str,
    id: &str,
    realm: Realm,
) -> Result<Vec<VendorNamed>> {
    let mut entries: Vec<LedgerEntry> = Vec::new();
    for entry in ledger.entries_of_vendor_id(provider, id, realm)? {
        let sent = match (entry.intent.content.effect, entry.intent.parent) {
            (Effect::Destroys, Some(sent)) => ledger.maybe_entry(sent)?,
            (Effect::Destroys, None) => None,
            _ => Some(entry),
        };
        let is_new =
            |one: &LedgerEntry| entries.iter().all(|known| known.intent.id != one.intent.id);
        entries.extend(sent.filter(is_new));
    }
    let mut all: Vec<VendorNamed> =
        entries.into_iter().map(|entry| VendorNamed::Entry(Box::new(entry))).collect();
    if let Some((job, batch)) = ledger.find_batch_by_vendor_id(provider, id, realm)?
        && Verb::follow_up(&job.intent.verb).is_none()
    {
        all.push(VendorNamed::Request(Box::new(job), Box::new(batch)));
    }
    Ok(all)
}

/// Of several messages with an id, those of the app that the flags choose; all of them if it has none.
pub(crate) fn of_chosen_app(env: &Env, realm: Realm, all: Vec<VendorNamed>) -> Vec<VendorNamed> {
    let is_own = |one: &VendorNamed| {
        let contract = provider::find(one.provider()).ok()?.contract();
        let account = account_of(env, contract.id, None, realm == Realm::Sandbox)?;
        let base = base_url(&account, contract, "").unwrap_or_default();
        Some(one.sent_with().is_app((&contract.app_of(&account), &base)))
    };
    let (own, others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|one| is_own(one).unwrap_or(false));
    if own.is_empty() { others } else { own }
}

/// What the ledger knows of the message of this app that a body names by one of the vendor's ids.
pub(crate) fn subject_of(
    env: &Env,
    sending: &SendOptions,
    app: &App,
    body: &Value,
) -> Result<Option<FollowedMessage>> {
    let mut ledger = ledger_to_read(env, sending)?;
    let (provider, own, base) = (app.vendor.contract().id, app.id(), app.base());
    for member in body.as_object().into_iter().flatten() {
        if !matches!(member.node.value, Value::String(_) | Value::Number(_)) {
            continue;
        }
        let id = member.node.value.to_plain();
        let all = all_named(&mut ledger, provider, &id, app.realm())?;
        match all.into_iter().find(|one| one.sent_with().is_app((&own, &base))) {
            Some(VendorNamed::Entry(entry)) => return Ok(Some(KnownMessage::entry(&entry)?.about)),
            Some(VendorNamed::Request(job, batch)) => {
                return Ok(Some(KnownMessage::batch(&job, &batch)?.about));
            }
            None => {}
        }
    }
    Ok(None)
}
