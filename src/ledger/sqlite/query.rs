//! Questions as SQL.

use std::ops::ControlFlow;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use uuid::Uuid;

use super::entries::{effect_word, read, uuid};
use super::fault::StoreFault;
use super::sums::ENTRY;
use super::{Sqlite, batches, jobs, recent_calls};
use crate::contract::Effect;
use crate::error::Result;
use crate::ledger::query::{BatchQuery, EntryQuery, JobQuery, QueryStore, WhichEntries};
use crate::ledger::{BatchKey, Filter, Job, JobBatch, LedgerEntry, QuotaCall, Realm};

impl QueryStore for Sqlite {
    fn entries(
        &mut self,
        query: &EntryQuery,
        take: &mut dyn FnMut(LedgerEntry) -> ControlFlow<()>,
    ) -> Result<()> {
        each_entry(&self.db, query, take).map_err(|fault| self.at(fault))
    }

    fn jobs(
        &mut self,
        query: &JobQuery,
        take: &mut dyn FnMut(Job) -> ControlFlow<()>,
    ) -> Result<()> {
        let key = self.settings.seal_key.as_ref();
        jobs::each_job(&self.db, query, key, take).map_err(|fault| self.at(fault))
    }

    fn batches(
        &mut self,
        query: &BatchQuery,
        take: &mut dyn FnMut(JobBatch) -> ControlFlow<()>,
    ) -> Result<()> {
        let key = self.settings.seal_key.as_ref();
        batches::each(&self.db, query, key, take).map_err(|fault| self.at(fault))
    }

    fn batch_of_vendor_id(
        &mut self,
        provider: &str,
        id: &str,
        realm: Realm,
    ) -> Result<Option<(Uuid, BatchKey)>> {
        batches::of_vendor_id(&self.db, provider, id, realm).map_err(|fault| self.at(fault))
    }

    fn ids(&mut self, take: &mut dyn FnMut(Uuid)) -> Result<()> {
        each_id(&self.db, take).map_err(|fault| self.at(fault))
    }

    fn calls(&mut self, call: &QuotaCall<'_>, limit: usize) -> Result<Vec<i64>> {
        recent_calls::calls(&self.db, call, limit).map_err(|fault| self.at(fault))
    }
}

/// Conditions that all hold, with their values.
#[derive(Default)]
pub(super) struct Where {
    conditions: Vec<String>,
    pub(super) values: Vec<Value>,
}

impl Where {
    /// Adds a condition; each `?` in it is one of the values.
    pub(super) fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.conditions.push(condition.to_owned());
        self.values.extend(values);
    }

    /// Lets this hold in the place of all of them.
    fn or(&mut self, condition: &str) {
        let all = self.sql();
        self.conditions = vec![format!("({all} OR {condition})")];
    }

    pub(super) fn sql(&self) -> String {
        if self.conditions.is_empty() { "true".to_owned() } else { self.conditions.join(" AND ") }
    }
}

/// The newest entries: they are looked at one by one where a guard asks, so that no damage to an index hides one of them.
pub(super) const NEWEST: &str = "key > (SELECT max(key) - 256 FROM entry)";

/// Hands over entries, the latest first, until it is told to stop.
fn each_entry(
    db: &Connection,
    query: &EntryQuery,
    take: &mut dyn FnMut(LedgerEntry) -> ControlFlow<()>,
) -> Result<(), StoreFault> {
    let (mut found, mut place) = (Where::default(), Where::default());
    // What an index finds is looked for with it; of all else, what is passed over must be as it was written, too.
    match query.which {
        WhichEntries::Sends(_) => which(&query.which, &mut place),
        WhichEntries::Fingerprint(_) => {
            which(&query.which, &mut place);
            which(&query.which, &mut found);
            found.or(NEWEST);
        }
        _ => which(&query.which, &mut found),
    }
    filter(&query.filter, &mut place);
    let sql = format!(
        "SELECT * FROM entry WHERE {} AND {} ORDER BY key DESC",
        found.sql(),
        ENTRY.intact_and(&place.sql())
    );
    let values = found.values.iter().chain(&place.values);
    let mut find = db.prepare_cached(&sql)?;
    let mut rows = find.query(params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        if take(read(db, row)?).is_break() {
            break;
        }
    }
    Ok(())
}

fn which(which: &WhichEntries, place: &mut Where) {
    match which {
        WhichEntries::All => {}
        WhichEntries::Id(id) => place.and("id = ?", [id.to_string().into()]),
        WhichEntries::Part(part) => {
            // The index of the ids alone is read for it, and not the rows.
            let has = has_part(part);
            place
                .and(&format!("key IN (SELECT key FROM entry WHERE {has})"), [part.clone().into()]);
        }
        WhichEntries::VendorId(id) => place.and(
            "key IN (SELECT entry FROM vendor_id WHERE value = ?
                     UNION ALL SELECT entry FROM target WHERE vendor_id = ?)",
            [id.clone().into(), id.clone().into()],
        ),
        WhichEntries::Command(id) => {
            place.and("key IN (SELECT entry FROM command WHERE id = ?)", [id.to_string().into()])
        }
        WhichEntries::FollowUps(entry) => place.and("parent = ?", [entry.to_string().into()]),
        WhichEntries::Sends(verbs) => {
            place.and("effect = ?", [effect_word(Effect::Sends).to_owned().into()]);
            let marks = vec!["?"; verbs.len()].join(", ");
            let words = verbs.iter().map(|verb| verb.word().to_owned().into());
            place.and(&format!("verb IN ({marks})"), words);
        }
        WhichEntries::Fingerprint(fingerprint) => {
            place.and("fingerprint = ?", [fingerprint.clone().into()])
        }
    }
}

/// A condition for ids that have a part: with dashes it has to have them where the id does.
pub(super) fn has_part(part: &str) -> &'static str {
    if part.contains('-') { "instr(id, ?) > 0" } else { "instr(replace(id, '-', ''), ?) > 0" }
}

/// Hands over all ids: indexes have them, so that no row is read.
fn each_id(db: &Connection, take: &mut dyn FnMut(Uuid)) -> Result<(), StoreFault> {
    let mut find = db.prepare_cached("SELECT id FROM entry UNION ALL SELECT id FROM job")?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        take(uuid(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?);
    }
    Ok(())
}

/// What entries and jobs have in common, and are asked for by.
pub(super) fn filter(filter: &Filter, place: &mut Where) {
    let Filter { realm, provider, profile, since_ms, status: _, failed: _, limit: _ } = filter;
    if let Some(realm) = realm {
        place.and("sandbox = ?", [i64::from(*realm == Realm::Sandbox).into()]);
    }
    if let Some(provider) = provider {
        place.and("provider = ?", [provider.clone().into()]);
    }
    if let Some(profile) = profile {
        place.and("profile = ?", [profile.clone().into()]);
    }
    if let Some(since_ms) = since_ms {
        place.and("created_ms >= ?", [(*since_ms).into()]);
    }
}
