//! What was recalled, deleted, updated or cleared already: read from the entries and the jobs that did it.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use uuid::Uuid;

use crate::contract::audience::given_ids::GivenId;
use crate::contract::{Audience, Effect, Operation, Repeatable, Target, TargetKind, Verb};
use crate::document::{Document, Trail};
use crate::error::Result;
use crate::ledger::{
    BatchFilter, Filter, Job, JobBatch, JobIntent, Ledger, LedgerEntry, Realm, TargetState,
};
use crate::outcome::Verdict;
use crate::provider;
use crate::report::{FollowUpMark, FollowUpMarks};
use crate::template::own_payload::OwnPayload;

/// Under this key the settings of a job name what it follows up on: entries and jobs of the ledger.
pub(crate) const ABOUT: &str = "about";

/// The entries and jobs that a job follows up on; none for a job that sends.
pub(crate) fn about(job: &JobIntent) -> Vec<Uuid> {
    let settings: serde_json::Value = serde_json::from_str(&job.settings).unwrap_or_default();
    let ids = settings[ABOUT].as_array().into_iter().flatten();
    ids.filter_map(|id| Uuid::parse_str(id.as_str()?).ok()).collect()
}

/// What happened to one message, or of one batch of a job.
#[derive(Clone, Debug, Default)]
pub(crate) struct Done {
    /// The targets from which it was recalled, each with the time in milliseconds since 1970.
    pub(crate) targets: HashMap<String, i64>,
    /// When all of it was recalled, from all who have it.
    pub(crate) whole_ms: Option<i64>,
    /// Requests that changed what one user sees alone, by their payloads.
    views: HashMap<String, OwnView>,
    /// Targets of requests that may have been done, and must not be repeated; payloads of those about one user's view.
    doubtful: HashSet<String>,
    /// Whether such a request was about all of it.
    is_doubtful: bool,
    /// The same of requests whose repeat changes nothing.
    again: HashSet<String>,
}

/// Whose view a request has changed, and when, in milliseconds since 1970.
#[derive(Clone, Debug)]
struct OwnView {
    users: Vec<String>,
    at_ms: i64,
}

/// What one request was about.
struct DoneRequest<'a> {
    targets: &'a [String],
    /// Its payload, where it is about what one user sees alone.
    view: Option<&'a str>,
    at_ms: i64,
    /// Whether a repeat changes nothing.
    repeats: bool,
}

impl Done {
    /// Whether nothing is known of it.
    pub(crate) fn is_empty(&self) -> bool {
        self.targets.is_empty()
            && self.views.is_empty()
            && self.doubtful.is_empty()
            && self.again.is_empty()
            && !self.is_whole()
    }

    /// Whether no request about all of it is to be made.
    pub(crate) fn is_whole(&self) -> bool {
        self.whole_ms.is_some() || self.is_doubtful
    }

    /// Whether no request about a target, as `user:u1`, is to be made.
    pub(crate) fn holds(&self, target: &str) -> bool {
        self.is_whole() || self.targets.contains_key(target) || self.doubtful.contains(target)
    }

    /// When a request with this payload, about what one user sees alone, was done; nothing in it where that is in doubt, and
    /// no such request is to be made.
    pub(crate) fn view_done(&self, payload: &str) -> Option<Option<i64>> {
        let done = self.views.get(payload).map(|view| Some(view.at_ms));
        done.or_else(|| self.doubtful.contains(payload).then_some(None))
    }

    /// When the last of it was done, in milliseconds since 1970.
    fn last_ms(&self) -> Option<i64> {
        let views = self.views.values().map(|view| view.at_ms);
        self.targets.values().copied().chain(views).chain(self.whole_ms).max()
    }

    /// How many requests or targets may have been done.
    pub(crate) fn doubts(&self) -> u64 {
        self.open(&self.doubtful) + u64::from(self.is_doubtful && self.whole_ms.is_none())
    }

    /// How many targets may have been done, and are done again.
    pub(crate) fn again(&self) -> u64 {
        self.open(&self.again)
    }

    /// How many of them have not been done since.
    fn open(&self, all: &HashSet<String>) -> u64 {
        let is_done = |one: &String| self.targets.contains_key(one) || self.views.contains_key(one);
        all.iter().filter(|one| !is_done(one)).count() as u64
    }

    fn add(&mut self, request: &DoneRequest<'_>, state: TargetState) {
        let DoneRequest { targets, view, at_ms, repeats } = *request;
        let is_done = state == TargetState::Decided(Verdict::Accepted);
        if let Some(view) = view {
            if is_done {
                let one = OwnView { users: targets.to_vec(), at_ms };
                self.views.insert(view.to_owned(), one);
            } else {
                let named = [view.to_owned()];
                self.add(&DoneRequest { targets: &named, view: None, ..*request }, state);
            }
            return;
        }
        match state {
            TargetState::Decided(Verdict::Accepted) => {
                self.targets.extend(targets.iter().map(|target| (target.clone(), at_ms)));
                if targets.is_empty() {
                    self.whole_ms = self.whole_ms.max(Some(at_ms));
                }
            }
            TargetState::Sending | TargetState::Decided(Verdict::Unknown | Verdict::Partial)
                if repeats =>
            {
                self.again.extend(targets.iter().cloned());
            }
            TargetState::Sending | TargetState::Decided(Verdict::Unknown | Verdict::Partial) => {
                self.doubtful.extend(targets.iter().cloned());
                self.is_doubtful |= targets.is_empty();
            }
            _ => {}
        }
    }
}

/// What was done with messages by one command.
#[derive(Debug, Default)]
pub(crate) struct Followed {
    done: HashMap<(Uuid, Option<u32>), Done>,
    /// The jobs that did it, the latest first.
    pub(crate) jobs: Vec<Job>,
    /// The entries that did it, the latest first of each message.
    pub(crate) entries: Vec<LedgerEntry>,
}

impl Followed {
    /// What a command has done with these entries and jobs.
    pub(crate) fn of(
        ledger: &mut Ledger,
        realm: Realm,
        verb: Verb,
        subjects: &HashSet<Uuid>,
    ) -> Result<Self> {
        let place = Verb::FOLLOW_UPS.iter().position(|known| *known == verb);
        let [recalled, deleted, updated, cleared] = Self::by_all(ledger, realm, subjects)?;
        Ok(match place {
            Some(0) => recalled,
            Some(1) => deleted,
            Some(2) => updated,
            Some(3) => cleared,
            _ => Self::default(),
        })
    }

    /// What each of [`Verb::FOLLOW_UPS`] has done with these entries and jobs.
    pub(crate) fn by_all(
        ledger: &mut Ledger,
        realm: Realm,
        subjects: &HashSet<Uuid>,
    ) -> Result<[Self; 4]> {
        let mut all: [Self; 4] = Default::default();
        let place = |verb| Verb::FOLLOW_UPS.iter().position(|known| *known == verb);
        let filter = Filter { realm: Some(realm), ..Filter::default() };
        ledger.jobs(&filter, &mut |job| {
            let its = Verb::follow_up(&job.intent.verb).and_then(place);
            if let Some(place) = its
                && about(&job.intent).iter().any(|id| subjects.contains(id))
            {
                all[place].jobs.push(job);
            }
            ControlFlow::Continue(())
        })?;
        for followed in &mut all {
            for job in &followed.jobs {
                let done = &mut followed.done;
                ledger.each_batch(job.intent.id, BatchFilter::All, &mut |batch| {
                    add_batch(done, job, &batch);
                    ControlFlow::Continue(())
                })?;
            }
        }
        for subject in subjects {
            for entry in ledger.follow_ups(*subject)? {
                if let Some(place) = verb_of(&entry).and_then(place) {
                    all[place].add_entry(*subject, entry);
                }
            }
        }
        Ok(all)
    }

    /// What was done with a message, or with a batch of a job.
    pub(crate) fn get(&self, subject: Uuid, batch: Option<u32>) -> Option<&Done> {
        self.done.get(&(subject, batch)).filter(|done| !done.is_empty())
    }

    fn add_entry(&mut self, subject: Uuid, entry: LedgerEntry) {
        let route = &entry.intent.route;
        let operation = operation(&route.provider, &route.operation);
        let usual = provider::find(&route.provider).map(|vendor| vendor.contract().default_target);
        let at_ms =
            entry.ending.as_ref().map_or(entry.intent.times.created_ms, |one| one.finished_ms);
        let repeats = operation.is_some_and(is_repeatable);
        let state = match entry.status {
            crate::ledger::EntryStatus::Sending => TargetState::Sending,
            crate::ledger::EntryStatus::Decided(verdict) => TargetState::Decided(verdict),
        };
        let targets = operation.zip(usual.ok());
        let targets = targets.map(|(of, usual)| named(of, &entry, usual)).unwrap_or_default();
        // Without its payload it is like no other.
        let id = entry.intent.id.to_string();
        let payload = if entry.has_body() { &entry.intent.content.body } else { &id };
        let view = operation.filter(|of| of.own_view).map(|_| payload.as_str());
        let done = self.done.entry((subject, None)).or_default();
        done.add(&DoneRequest { targets: &targets, view, at_ms, repeats }, state);
        self.entries.push(entry);
    }
}

/// The command that an entry came from, or the one that its operation belongs to, where it came from `call`.
fn verb_of(entry: &LedgerEntry) -> Option<Verb> {
    let route = &entry.intent.route;
    if let Some(verb) = Verb::follow_up(&entry.intent.content.verb) {
        return Some(verb);
    }
    let operation = operation(&route.provider, &route.operation)?;
    let is_its = |verb: &Verb| operation.verbs.contains(verb);
    let destroys = operation.effect == Effect::Destroys;
    Verb::FOLLOW_UPS.into_iter().find(is_its).filter(|_| destroys)
}

fn operation(provider: &str, id: &str) -> Option<&'static Operation> {
    provider::find_operation(&format!("{provider}/{id}")).ok().map(|(_, operation)| operation)
}

/// Whether a request that may have been done may be made again: its contract says that nothing changes by that.
pub(crate) fn is_repeatable(operation: &Operation) -> bool {
    operation.effect == Effect::Destroys && operation.repeat == Repeatable::Safe
}

/// The ids in the list that a request may be split by: those that it tells, also where others lose the message, too. A
/// list of messages is none: its row is not marked as one of ids of targets, or its items are objects.
pub(crate) fn listed_ids(operation: &Operation, body: &Document) -> Option<Vec<String>> {
    let trail = Trail::new(body);
    let list = operation.batch?.field;
    let is_in_list =
        |given: &GivenId<'_>| given.path.strip_suffix(".*").unwrap_or(&given.path) == list;
    let ids = GivenId::all(operation, trail.root()).into_iter().filter(is_in_list);
    let ids: Vec<String> = ids.map(|given| given.id.to_owned()).collect();
    (!ids.is_empty()).then_some(ids)
}

/// The users that a request takes a message from, as far as that can be said one by one: targets of one kind.
pub(crate) fn told(
    operation: &Operation,
    body: &Document,
    audience: &Audience,
    usual: TargetKind,
) -> Vec<Target> {
    if let Some(ids) = listed_ids(operation, body) {
        return ids.into_iter().map(|id| Target::new(usual, id)).collect();
    }
    let (Audience::Named(all) | Audience::Class(all)) = audience else { return Vec::new() };
    let is_one_kind = all.windows(2).all(|pair| pair[0].kind == pair[1].kind);
    if is_one_kind { all.clone() } else { Vec::new() }
}

/// The targets that the request of an entry names; none where it is about all who have the message.
fn named(operation: &Operation, entry: &LedgerEntry, usual: TargetKind) -> Vec<String> {
    let Ok(body) = Document::parse(entry.intent.content.body.as_str()) else { return one(entry) };
    if let Some(ids) = listed_ids(operation, &body) {
        return ids.iter().map(|id| Target::new(usual, id).to_string()).collect();
    }
    match Audience::of(operation, &body) {
        Audience::Named(targets) => targets.iter().map(Target::to_string).collect(),
        // The vendor's own id alone names it.
        Audience::Nobody | Audience::Class(_) | Audience::Everybody => one(entry),
    }
}

/// The target of an entry, where it has one: that is written as it is.
fn one(entry: &LedgerEntry) -> Vec<String> {
    let reach = &entry.intent.reach;
    (reach.target_count == Some(1)).then(|| reach.audience.clone()).into_iter().collect()
}

fn add_batch(done: &mut HashMap<(Uuid, Option<u32>), Done>, job: &Job, batch: &JobBatch) {
    let Some(template) = job.templates.get(batch.batch.template as usize) else { return };
    let own = batch.batch.vars.as_deref().and_then(OwnPayload::parse);
    let Some(own) = own else { return };
    let Some(subject) = own.subject else { return };
    let operation = operation(&job.intent.provider, &template.operation);
    let repeats = operation.is_some_and(is_repeatable);
    let at_ms = batch.ending.as_ref().map(|ending| ending.finished_ms);
    let at_ms = at_ms.or(batch.started_ms).unwrap_or(job.active_ms);
    let done = done.entry((subject, own.batch)).or_default();
    let request = DoneRequest { targets: &[], view: None, at_ms, repeats };
    let named =
        |id: &str| template.kind.map_or_else(|| id.to_owned(), |kind| format!("{kind}:{id}"));
    if operation.is_some_and(|of| of.own_view) {
        let (targets, payload): (Vec<String>, String) =
            (batch.batch.ids.iter().map(|id| named(id)).collect(), own.body.to_compact());
        let view = Some(payload.as_str());
        return done.add(&DoneRequest { targets: &targets, view, ..request }, batch.state);
    }
    if batch.batch.ids.is_empty() {
        done.add(&request, batch.state);
    }
    for fate in batch.fates() {
        done.add(&DoneRequest { targets: &[named(fate.target)], ..request }, fate.state);
    }
}

/// An entry or a job of which marks are wanted.
pub(crate) enum Marked<'a> {
    Entry(&'a LedgerEntry),
    Job(&'a Job),
}

impl Marked<'_> {
    pub(crate) fn id(&self) -> Uuid {
        match self {
            Self::Entry(entry) => entry.intent.id,
            Self::Job(job) => job.intent.id,
        }
    }

    /// How many targets have it, or may have.
    fn reached(&self) -> Option<u64> {
        match self {
            Self::Entry(entry) => entry.intent.reach.target_count,
            Self::Job(job) => Some(job.targets.reached()).filter(|count| *count > 0),
        }
    }

    fn about(&self) -> Vec<Uuid> {
        match self {
            Self::Entry(entry) => entry.intent.parent.into_iter().collect(),
            Self::Job(job) => about(&job.intent),
        }
    }
}

/// What one command has done with a message, in all of its batches.
#[derive(Default)]
struct MarkSums<'a> {
    targets: u64,
    is_whole: bool,
    at_ms: i64,
    /// The users whose own view alone it has changed.
    views: HashSet<&'a String>,
}

/// The same for one target of each: the number of its batch, in a job, and its name with its kind. What was done with all
/// of a message was done with it, too.
pub(crate) fn marks_of_targets(
    ledger: &mut Ledger,
    realm: Realm,
    all: &[Marked<'_>],
    targets: &[Option<(Option<u32>, &str)>],
) -> Result<Vec<FollowUpMarks>> {
    let subjects: HashSet<Uuid> = all.iter().map(Marked::id).collect();
    let followed = Followed::by_all(ledger, realm, &subjects)?;
    let mut marks = marks(ledger, realm, all)?;
    for ((one, marks), target) in all.iter().zip(&mut marks).zip(targets) {
        let Some((batch, target)) = *target else { continue };
        let mark = |place: usize| {
            let of = |batch| followed[place].get(one.id(), batch);
            let done = of(batch).into_iter().chain(of(None));
            let at = done.filter_map(|done| done.targets.get(target).copied().or(done.whole_ms));
            let at_ms = at.max()?;
            Some(FollowUpMark {
                verb: Verb::FOLLOW_UPS[place],
                targets: None,
                views: 0,
                of: None,
                at_ms,
            })
        };
        marks.done = (0..Verb::FOLLOW_UPS.len()).filter_map(mark).collect();
    }
    Ok(marks)
}

/// What happened to entries and jobs, and what they are about, in their order.
pub(crate) fn marks(
    ledger: &mut Ledger,
    realm: Realm,
    all: &[Marked<'_>],
) -> Result<Vec<FollowUpMarks>> {
    let subjects: HashSet<Uuid> = all.iter().map(Marked::id).collect();
    let followed = Followed::by_all(ledger, realm, &subjects)?;
    let mut done: HashMap<(Uuid, usize), MarkSums<'_>> = HashMap::new();
    for (place, followed) in followed.iter().enumerate() {
        for ((subject, _), one) in &followed.done {
            let Some(last_ms) = one.last_ms() else { continue };
            let sums = done.entry((*subject, place)).or_default();
            sums.targets += one.targets.len() as u64;
            sums.is_whole |= one.whole_ms.is_some();
            sums.at_ms = sums.at_ms.max(last_ms);
            sums.views.extend(one.views.values().flat_map(|view| &view.users));
        }
    }
    let mut names = HashMap::new();
    let mut marks = Vec::new();
    for one in all {
        let mark = |place: usize| {
            let MarkSums { targets, is_whole, at_ms, views } = done.get(&(one.id(), place))?;
            let targets = (*targets > 0 || !is_whole).then_some(*targets);
            let (verb, views) = (Verb::FOLLOW_UPS[place], views.len() as u64);
            Some(FollowUpMark { verb, targets, views, of: one.reached(), at_ms: *at_ms })
        };
        let done = (0..Verb::FOLLOW_UPS.len()).filter_map(mark).collect();
        let mut about = Vec::new();
        for id in one.about() {
            let name = match names.get(&id) {
                Some(known) => known,
                None => names.entry(id).or_insert(label(ledger, id)?),
            };
            about.extend(name.clone());
        }
        marks.push(FollowUpMarks { done, about });
    }
    Ok(marks)
}

/// The entries and the jobs that follow up on an entry or a job, the latest first of each.
pub(crate) fn follow_ups(
    ledger: &mut Ledger,
    realm: Realm,
    subject: Uuid,
) -> Result<(Vec<LedgerEntry>, Vec<Job>)> {
    let entries = ledger.follow_ups(subject)?;
    let mut jobs = Vec::new();
    let filter = Filter { realm: Some(realm), ..Filter::default() };
    ledger.jobs(&filter, &mut |job| {
        if about(&job.intent).contains(&subject) {
            jobs.push(job);
        }
        ControlFlow::Continue(())
    })?;
    Ok((entries, jobs))
}

/// What people call an entry or a job; `None` where the ledger no longer has it.
fn label(ledger: &mut Ledger, id: Uuid) -> Result<Option<String>> {
    if let Some(entry) = ledger.maybe_entry(id)? {
        return Ok(Some(entry.short_id));
    }
    Ok(ledger.job(id).ok().map(|job| job.label()))
}
