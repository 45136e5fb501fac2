//! Follow-ups on the same messages, looked up in the transaction in which one more begins.

use rusqlite::params;
use uuid::Uuid;

use super::entries::uuid;
use super::fault::StoreFault;
use super::jobs::{intact, job_intent};
use super::query::NEWEST;
use super::sums::ENTRY;
use super::transact::Tx;
use super::writer::Writer;
use crate::ledger::{EntryIntent, JobIntent, OtherFollowUps, Realm};

/// An entry that may have been done, or is being done.
pub(super) const MAY_HAVE_ARRIVED: &str =
    "(verdict IS NULL OR verdict IN ('accepted', 'partial', 'unknown'))
    AND (resolved IS NULL OR resolved <> 'not' OR verdict IN ('accepted', 'partial'))";

/// Where a follow-up is to stand: others of the same command and the same app stand there.
pub(super) struct FollowUpPlace<'a> {
    id: Uuid,
    verb: &'a str,
    sandbox: bool,
    provider: &'a str,
    app: &'a str,
}

impl<'a> FollowUpPlace<'a> {
    /// The place of an entry.
    pub(super) fn of_entry(intent: &'a EntryIntent) -> Self {
        let route = &intent.route;
        let (verb, sandbox) = (intent.content.verb.as_str(), route.realm == Realm::Sandbox);
        Self { id: intent.id, verb, sandbox, provider: &route.provider, app: &route.app }
    }

    /// The place of a job.
    pub(super) fn of_job(intent: &'a JobIntent) -> Self {
        let JobIntent { id, verb, provider, app, .. } = intent;
        Self { id: *id, verb, sandbox: intent.realm == Realm::Sandbox, provider, app }
    }

    /// The follow-up that is in the way of this one.
    pub(super) fn taken_by(
        &self,
        tx: &Tx<'_>,
        others: &OtherFollowUps<'_>,
    ) -> Result<Option<Uuid>, StoreFault> {
        let entry = self.entry(tx, others)?;
        entry.map_or_else(|| self.job(tx, others), |entry| Ok(Some(entry)))
    }

    /// An entry of another writer that is in the way.
    fn entry(&self, tx: &Tx<'_>, others: &OtherFollowUps<'_>) -> Result<Option<Uuid>, StoreFault> {
        let about: Vec<String> = others.about.iter().map(Uuid::to_string).collect();
        let about = serde_json::to_string(&about).expect("a list of texts is JSON");
        let is_other = ENTRY.intact_and(&format!(
            "parent IS NOT NULL AND sandbox = ?3 AND writer IS NOT ?4 AND {MAY_HAVE_ARRIVED}
                AND (verb = ?2 OR verb = 'call' AND operation IN (SELECT value FROM json_each(?5)))"
        ));
        // Those of a message are found by an index; the newest are looked at one by one, since an index may be damaged.
        let sql = format!(
            "SELECT id, parent FROM entry WHERE (parent IN (SELECT value FROM json_each(?1)) OR {NEWEST}) AND {is_other}
             ORDER BY key DESC"
        );
        let mut find = tx.db.prepare_cached(&sql)?;
        let writer = tx.writer.and_then(Writer::name);
        let operations = serde_json::to_string(others.operations).expect("a list of texts is JSON");
        let mut rows = find.query(params![about, self.verb, self.sandbox, writer, operations])?;
        while let Some(row) = rows.next()? {
            let id = uuid(&row.get::<_, String>(0)?)?;
            let parent = uuid(&row.get::<_, String>(1)?)?;
            if others.about.contains(&parent) && !others.seen.contains(&id) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// A job that is in the way.
    fn job(&self, tx: &Tx<'_>, others: &OtherFollowUps<'_>) -> Result<Option<Uuid>, StoreFault> {
        // Every job is looked at, so that damage to an index passes none over.
        let sql = format!(
            "SELECT key, owner FROM job NOT INDEXED LEFT JOIN progress ON progress.job = job.key
             WHERE CASE WHEN {} THEN id <> ?1 AND verb = ?2 AND sandbox = ?3 AND provider = ?4 AND app = ?5
                AND planning = 0 END
             ORDER BY key DESC",
            intact()
        );
        let mut find = tx.db.prepare_cached(&sql)?;
        let Self { id, verb, sandbox, provider, app } = self;
        let mut rows = find.query(params![id.to_string(), verb, sandbox, provider, app])?;
        while let Some(row) = rows.next()? {
            let (key, owner): (i64, Option<String>) = (row.get(0)?, row.get(1)?);
            let intent = job_intent(tx.db, key)?;
            let is_at_work = owner.is_some_and(|owner| !tx.is_gone(&owner));
            if (is_at_work || !others.seen.contains(&intent.id))
                && (others.about_of)(&intent).iter().any(|one| others.about.contains(one))
            {
                return Ok(Some(intent.id));
            }
        }
        Ok(None)
    }
}
