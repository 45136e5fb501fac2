//! What a person means by an id or a name: the one order in which all commands look it up.
//!
//! A text is the vendor's id of a message, else a whole id of the ledger, else the name of a job, else a part of an id of the
//! ledger that no other id has. Where a job is wanted, the vendor's ids come last: they name messages, and a job must not
//! be stopped or resumed because one of its messages has the number that is another job's name.

use std::ops::ControlFlow;

use uuid::Uuid;

use super::query::{JobQuery, WhichEntries, WhichJob};
use super::{Filter, Job, JobBatch, Ledger, LedgerEntry, Realm};
use crate::contract::Effect;
use crate::error::Result;

/// The fewest digits of an id that stand for it where something is changed.
pub const DIGITS_TO_CHANGE: usize = 6;

/// The fewest digits of an id that stand for it where a text may also be a vendor's id that the ledger does not know.
pub const DIGITS_TO_ASK: usize = 4;

/// How many are listed of those that a part fits, or that have a name.
pub const MAX_LISTED: usize = 10;

/// A text that a person wrote, and what may be meant by it.
#[derive(Clone, Debug)]
pub struct LookUp<'a> {
    /// The text.
    pub text: &'a str,
    /// Whether a job is meant, and no message.
    pub is_job: bool,
    /// The fewest digits of a part of an id.
    pub least_digits: usize,
    /// Real ones or those of the sandbox.
    pub realm: Realm,
    /// The profile and the provider of jobs that a name means.
    pub among: Filter,
    /// The providers whose ids may be meant.
    pub providers: Vec<&'a str>,
}

impl<'a> LookUp<'a> {
    /// A job that is meant, to be changed.
    pub fn job(text: &'a str, realm: Realm) -> Self {
        let (among, providers) = Default::default();
        Self { text, is_job: true, least_digits: DIGITS_TO_CHANGE, realm, among, providers }
    }
}

/// What was found.
#[derive(Debug)]
pub enum LookUpAnswer {
    /// An entry.
    Entry(Box<LedgerEntry>),
    /// One request of a job, by the vendor's id of its message.
    Request(Box<Job>, Box<JobBatch>),
    /// One job; or all that have the name, the latest first.
    Jobs(Vec<Job>),
    /// It is not of the realm that is meant.
    OtherRealm(Box<LookUpAnswer>),
    /// A part of several ids, the latest first: the first of them, and whether there are more.
    Several(Vec<IdCandidate>, bool),
    /// Nothing has this id or name. These names of jobs there are.
    Nothing(Vec<String>),
}

/// One of several entries and jobs whose ids a text is a part of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdCandidate {
    /// What people call it.
    pub label: String,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: i64,
    /// The audience in words.
    pub audience: String,
    /// Whether it is a job.
    pub is_job: bool,
}

impl IdCandidate {
    /// A job. Not by its name: another may have the same.
    pub fn of_job(job: &Job) -> Self {
        Self {
            label: job.short_id.clone(),
            created_ms: job.intent.created_ms,
            audience: job.intent.audience.clone(),
            is_job: true,
        }
    }
}

impl Ledger {
    /// What a text stands for. The order is that of the module.
    pub fn look_up(&mut self, what: &LookUp<'_>) -> Result<LookUpAnswer> {
        let mut found = match what.is_job {
            true => None,
            false => self.by_vendor_id(what)?,
        };
        if found.is_none() {
            found = self.by_whole_id(what)?;
        }
        let mut names = Vec::new();
        if found.is_none() {
            found = self.by_name(what, &mut names)?;
        }
        if found.is_none() {
            found = self.by_part(what)?;
        }
        if found.is_none() && what.is_job {
            found = self.by_vendor_id(what)?;
        }
        Ok(found.unwrap_or(LookUpAnswer::Nothing(names)))
    }

    fn by_vendor_id(&mut self, what: &LookUp<'_>) -> Result<Option<LookUpAnswer>> {
        for provider in &what.providers {
            let of_entry = match what.is_job {
                true => None,
                false => self.entry_by_vendor_id(provider, what.text, what.realm)?,
            };
            if let Some(entry) = of_entry {
                return self.told_apart(entry).map(Some);
            }
            let found = self.find_batch_by_vendor_id(provider, what.text, what.realm)?;
            if let Some((job, batch)) = found {
                return Ok(Some(match what.is_job {
                    true => LookUpAnswer::Jobs(vec![job]),
                    false => LookUpAnswer::Request(Box::new(job), Box::new(batch)),
                }));
            }
        }
        Ok(None)
    }

    /// The latest entry to whose message a vendor gave an id. A recall answers with the id of what it recalled: then that
    /// one is meant.
    pub fn entry_by_vendor_id(
        &mut self,
        provider: &str,
        id: &str,
        realm: Realm,
    ) -> Result<Option<LedgerEntry>> {
        let latest = self.entries_of_vendor_id(provider, id, realm)?.into_iter().next();
        match latest {
            Some(entry) if entry.intent.content.effect == Effect::Destroys => {
                entry.intent.parent.map_or(Ok(None), |sent| self.maybe_entry(sent))
            }
            latest => Ok(latest),
        }
    }

    fn by_whole_id(&mut self, what: &LookUp<'_>) -> Result<Option<LookUpAnswer>> {
        let Some(id) = whole_id(what.text) else { return Ok(None) };
        if let Some(entry) = self.maybe_entry(id)? {
            let is_other = entry.intent.route.realm != what.realm;
            let found = self.told_apart(entry)?;
            return Ok(Some(in_realm(found, is_other)));
        }
        let Some(job) = self.opened_job(id)? else { return Ok(None) };
        let is_other = job.intent.realm != what.realm;
        let mut jobs = vec![job];
        self.tell_apart_jobs(&mut jobs)?;
        Ok(Some(in_realm(LookUpAnswer::Jobs(jobs), is_other)))
    }

    /// The jobs with a name. Of others, the names are put into `names`.
    fn by_name(
        &mut self,
        what: &LookUp<'_>,
        names: &mut Vec<String>,
    ) -> Result<Option<LookUpAnswer>> {
        let filter = Filter { realm: Some(what.realm), ..what.among.clone() };
        let mut jobs = Vec::new();
        let query = JobQuery { which: WhichJob::Opened, filter };
        self.each_job(&query, &mut |job, _| {
            match &job.intent.name {
                Some(name) if name == what.text => jobs.push(job),
                Some(name) => names.push(name.clone()),
                None => {}
            }
            ControlFlow::Continue(())
        })?;
        self.tell_apart_jobs(&mut jobs)?;
        Ok((!jobs.is_empty()).then_some(LookUpAnswer::Jobs(jobs)))
    }

    /// What has an id of which the text is a part: of the realm that is meant, or else of the other one. A part may fit an
    /// entry and a job alike.
    fn by_part(&mut self, what: &LookUp<'_>) -> Result<Option<LookUpAnswer>> {
        let Some(part) = part_of_id(what.text, what.least_digits) else { return Ok(None) };
        let other = match what.realm {
            Realm::Real => Realm::Sandbox,
            Realm::Sandbox => Realm::Real,
        };
        for realm in [what.realm, other] {
            let filter = Filter { realm: Some(realm), ..Filter::default() };
            let which = WhichEntries::Part(part.clone());
            let mut entries = self.some_entries(which, filter.clone(), MAX_LISTED + 1, |_| true)?;
            let mut jobs = Vec::new();
            let query = JobQuery { which: WhichJob::Part(part.clone()), filter };
            self.each_job(&query, &mut |job, _| {
                jobs.push(job);
                ControlFlow::Continue(())
            })?;
            let found = match (entries.len(), jobs.len()) {
                (0, 0) => continue,
                (1, 0) => self.told_apart(entries.remove(0))?,
                (0, 1) => {
                    self.tell_apart_jobs(&mut jobs)?;
                    LookUpAnswer::Jobs(jobs)
                }
                _ => return self.several(entries, jobs).map(Some),
            };
            return Ok(Some(in_realm(found, realm != what.realm)));
        }
        Ok(None)
    }

    fn told_apart(&mut self, entry: LedgerEntry) -> Result<LookUpAnswer> {
        let mut entries = [entry];
        self.tell_apart(&mut entries)?;
        let [entry] = entries;
        Ok(LookUpAnswer::Entry(Box::new(entry)))
    }

    fn several(
        &mut self,
        mut entries: Vec<LedgerEntry>,
        mut jobs: Vec<Job>,
    ) -> Result<LookUpAnswer> {
        self.tell_apart(&mut entries)?;
        self.tell_apart_jobs(&mut jobs)?;
        let of_entries = entries.into_iter().map(|entry| IdCandidate {
            label: entry.short_id,
            created_ms: entry.intent.times.created_ms,
            audience: entry.intent.reach.audience,
            is_job: false,
        });
        let of_jobs = jobs.iter().map(IdCandidate::of_job);
        let mut all: Vec<IdCandidate> = of_entries.chain(of_jobs).collect();
        all.sort_by_key(|one| std::cmp::Reverse(one.created_ms));
        let is_more = all.len() > MAX_LISTED;
        all.truncate(MAX_LISTED);
        Ok(LookUpAnswer::Several(all, is_more))
    }
}

fn in_realm(found: LookUpAnswer, is_other: bool) -> LookUpAnswer {
    if is_other { LookUpAnswer::OtherRealm(Box::new(found)) } else { found }
}

/// The whole id that a text is, with or without its dashes.
fn whole_id(text: &str) -> Option<Uuid> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    Uuid::try_parse(text).ok().filter(|_| is_plain)
}

/// A text in lower case where it can be a part of an id: digits, and dashes where the id has them or none at all.
pub(super) fn part_of_id(text: &str, least_digits: usize) -> Option<String> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let digits = text.bytes().filter(u8::is_ascii_hexdigit).count();
    (is_plain && digits >= least_digits.max(1)).then(|| text.to_ascii_lowercase())
}
