//! What `history --to` and `history --text` look for in what was sent: a target, and a part of the text.

use std::ops::ControlFlow;

use serde_json::{Value as Json, json};

use crate::contract::{Audience, Effect, Operation, Target, TargetKind};
use crate::document::Document;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::guard;
use crate::ledger::{BatchFilter, Fate, Job, JobBatch, JobTemplate, Ledger, LedgerEntry, Realm};
use crate::provider;
use crate::report::history_item::HistoryItem;
use crate::report::{FollowUpMarks, LocalTime, counted};
use crate::send::followed::{self, Marked};
use crate::send::message_audiences::of_body;
use crate::send::sent_batch::sent;
use crate::template::message_template::MessageTemplate;

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct HistorySearch {
    target: Option<SearchedTarget>,
    text: Option<String>,
}

/// A target as `--to` names it: without a kind, it is one of any kind.
#[derive(Clone, Debug)]
struct SearchedTarget {
    kind: Option<TargetKind>,
    id: String,
}

/// What happened to the target in a message or a job.
#[derive(Clone, Debug)]
struct TargetFound {
    /// With its kind, as far as the ledger knows it.
    target: String,
    /// The number of its batch, in a job.
    batch: Option<u32>,
    outcome: &'static str,
    id: Option<String>,
    code: Option<String>,
    message: Option<String>,
}

/// What a search says of one item.
#[derive(Clone, Debug)]
enum SearchResult {
    /// It is not what is looked for.
    Other,
    /// It went to everybody, or to all that have a tag or a package: the target may be one of them.
    Wide,
    /// It is what is looked for. If a target is, this is what happened to it.
    Found(Option<TargetFound>),
}

/// An item of the list, with what happened to the target that is looked for.
pub(crate) struct FoundItem {
    pub(crate) item: HistoryItem,
    target: Option<TargetFound>,
    /// What happened to the message at this target.
    target_marks: FollowUpMarks,
}

impl FoundItem {
    /// As JSON, without payloads, with what happened to it.
    pub(crate) fn summary(&self, marks: &FollowUpMarks) -> Json {
        let mut summary = self.item.summary(marks);
        if let Some(target) = &self.target {
            summary["target"] = target.json();
            self.target_marks.add_to(&mut summary["target"]);
        }
        summary
    }

    /// As a row of the list.
    pub(crate) fn row(&self, marks: &FollowUpMarks, local: &LocalTime) -> Vec<String> {
        match &self.target {
            Some(target) => self.item.row_of_target(&self.target_marks, local, target.words()),
            None => self.item.row(marks, local),
        }
    }
}

impl HistorySearch {
    /// For the values of `--to` and `--text`. The target is judged as every other one.
    pub(crate) fn new(to: Option<&str>, text: Option<&str>) -> Result<Self> {
        let target = |typed: &str| {
            let usual = TargetKind::User;
            let Target { kind, id } =
                Target::parse(typed, usual).map_err(|fault| fault.of_flag("--to", typed))?;
            let kind = Some(kind).filter(|_| id.len() < typed.len());
            Ok::<_, Error>(SearchedTarget { kind, id })
        };
        let target = to.map(target).transpose()?;
        Ok(Self { target, text: text.map(str::to_lowercase) })
    }

    /// Whether it looks for anything.
    pub(crate) fn is_on(&self) -> bool {
        self.target.is_some() || self.text.is_some()
    }

    /// Those of these items that are looked for, at most this many. Says how many it left out that may be.
    pub(crate) fn among(
        &self,
        env: &Env,
        ledger: &mut Ledger,
        items: Vec<HistoryItem>,
        limit: usize,
    ) -> Result<Vec<FoundItem>> {
        let (mut found, mut wide) = (Vec::new(), 0);
        for item in items {
            match self.judge(ledger, &item)? {
                SearchResult::Found(target) => {
                    let target_marks = FollowUpMarks::default();
                    found.push(FoundItem { item, target, target_marks });
                }
                SearchResult::Wide => wide += 1,
                SearchResult::Other => {}
            }
            if found.len() == limit {
                break;
            }
        }
        if wide > 0 {
            env.ui.remark(&format!(
                "not listed: {} to everybody, a tag or a package, which may have reached it",
                counted(wide, "send")
            ));
        }
        Ok(found)
    }

    fn judge(&self, ledger: &mut Ledger, item: &HistoryItem) -> Result<SearchResult> {
        match item {
            HistoryItem::Entry(entry) => Ok(self.entry(entry)),
            HistoryItem::Job(job, _) => self.job(ledger, job),
        }
    }

    fn entry(&self, entry: &LedgerEntry) -> SearchResult {
        let intent = &entry.intent;
        let (route, body) = (&intent.route, intent.content.body.as_str());
        if !self.says(&route.provider, &route.operation, body) {
            return SearchResult::Other;
        }
        let Some(target) = &self.target else { return SearchResult::Found(None) };
        let of_body = provider::find(&route.provider)
            .ok()
            .and_then(|vendor| of_body(vendor.contract(), &route.operation, body));
        let name = match of_body {
            Some(Audience::Named(targets)) => {
                targets.iter().find(|one| target.is(one.kind, &one.id)).map(ToString::to_string)
            }
            Some(Audience::Class(targets)) => {
                match targets.iter().find(|one| target.is(one.kind, &one.id)) {
                    Some(found) => Some(found.to_string()),
                    None => return wide(intent.content.effect),
                }
            }
            Some(Audience::Everybody) if entry.has_body() => return wide(intent.content.effect),
            // The ledger keeps no more than a name where it keeps digests of payloads alone.
            _ => target.is_named(&intent.reach.audience).then(|| intent.reach.audience.clone()),
        };
        let Some(name) = name else { return SearchResult::Other };
        let results = entry.targets();
        let own = results.iter().find(|one| one.target == target.id || one.target == name);
        SearchResult::Found(Some(TargetFound {
            target: name,
            batch: None,
            outcome: own.map_or(entry.status.word(), |own| own.verdict.word()),
            id: own.and_then(|own| own.id.clone()),
            code: own.and_then(|own| own.code.clone()),
            message: own.and_then(|own| own.message.clone()),
        }))
    }

    fn job(&self, ledger: &mut Ledger, job: &Job) -> Result<SearchResult> {
        let templates: Vec<TemplateText> =
            job.templates.iter().map(|one| self.template(job, one)).collect();
        if self.target.is_none() && templates.contains(&TemplateText::Says) {
            return Ok(SearchResult::Found(None));
        }
        if templates.iter().all(|one| *one == TemplateText::Other) {
            return Ok(SearchResult::Other);
        }
        let (mut result, mut fault) = (SearchResult::Other, None);
        ledger.each_batch(job.intent.id, BatchFilter::All, &mut |batch| {
            let template = match job.template(batch.batch.template) {
                Ok(template) => template,
                Err(error) => {
                    fault = Some(error);
                    return ControlFlow::Break(());
                }
            };
            let says = match templates.get(batch.batch.template as usize) {
                Some(TemplateText::Says) => true,
                Some(TemplateText::Differs) => self.batch_says(job, &batch),
                Some(TemplateText::Other) | None => false,
            };
            let Some(target) = self.target.as_ref().filter(|_| says) else {
                if says {
                    result = SearchResult::Found(None);
                    return ControlFlow::Break(());
                }
                return ControlFlow::Continue(());
            };
            if batch.batch.ids.is_empty() {
                result = wide(template.effect);
            }
            let is = |fate: &Fate<'_>| match template.kind {
                Some(kind) => target.is(kind, fate.target),
                None => target.is_named(fate.target),
            };
            let Some(fate) = batch.fates().find(is) else { return ControlFlow::Continue(()) };
            let kind = template.kind.map(|kind| format!("{}:", kind.word())).unwrap_or_default();
            result = SearchResult::Found(Some(TargetFound {
                target: format!("{kind}{}", fate.target),
                batch: Some(batch.batch.key.number()),
                outcome: fate.state.word(),
                id: fate.id.map(str::to_owned),
                code: fate.code.map(str::to_owned),
                message: fate.message.map(str::to_owned),
            }));
            ControlFlow::Break(())
        })?;
        fault.map_or(Ok(result), Err)
    }

    /// Whether the text that is looked for is part of what a template says, where all targets get the same.
    fn template(&self, job: &Job, template: &JobTemplate) -> TemplateText {
        let provider = &job.intent.provider;
        let operation = provider::find_operation(&format!("{provider}/{}", template.operation));
        let sheet =
            operation.ok().and_then(|(_, operation)| MessageTemplate::of(template, operation).ok());
        let differs =
            |sheet: &MessageTemplate| sheet.has_own_payloads() || !sheet.names().is_empty();
        match &self.text {
            Some(_) if sheet.as_ref().is_some_and(differs) => TemplateText::Differs,
            _ if self.says(provider, &template.operation, &template.body) => TemplateText::Says,
            _ => TemplateText::Other,
        }
    }

    /// Whether it is part of what the targets of a batch got.
    fn batch_says(&self, job: &Job, batch: &JobBatch) -> bool {
        let Ok(sent) = sent(job, batch) else { return false };
        self.says(&job.intent.provider, &sent.operation, &sent.body.to_compact())
    }

    /// Whether the text that is looked for is part of what a payload says. Of a payload that can no longer be read, all
    /// is looked at.
    fn says(&self, provider: &str, operation: &str, body: &str) -> bool {
        let Some(part) = &self.text else { return true };
        let operation: Option<&Operation> =
            provider::find(provider).ok().and_then(|vendor| vendor.contract().operation(operation));
        match (operation, Document::parse(body)) {
            (Some(operation), Ok(body)) => guard::says(operation, &body, part),
            _ => body.to_lowercase().contains(part),
        }
    }
}

/// What a template of a job says of the text that is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TemplateText {
    /// It is part of it.
    Says,
    /// It is not part of it.
    Other,
    /// Each batch says something else.
    Differs,
}

/// Finds out what happened to the targets that were found, at each of them alone.
pub(crate) fn mark_targets(
    ledger: &mut Ledger,
    realm: Realm,
    found: &mut [FoundItem],
) -> Result<()> {
    let marks = {
        let marked: Vec<Marked<'_>> = found.iter().map(|one| one.item.marked()).collect();
        let targets: Vec<Option<(Option<u32>, &str)>> = found
            .iter()
            .map(|one| one.target.as_ref().map(|target| (target.batch, target.target.as_str())))
            .collect();
        followed::marks_of_targets(ledger, realm, &marked, &targets)?
    };
    for (one, marks) in found.iter_mut().zip(marks) {
        one.target_marks = marks;
    }
    Ok(())
}

impl HistoryItem {
    /// As what may bear marks of what happened to it.
    pub(crate) fn marked(&self) -> Marked<'_> {
        match self {
            Self::Entry(entry) => Marked::Entry(entry),
            Self::Job(job, _) => Marked::Job(job),
        }
    }
}

/// What went to more people than it names may have reached anyone, if it reaches people at all.
fn wide(effect: Effect) -> SearchResult {
    if effect == Effect::Sends { SearchResult::Wide } else { SearchResult::Other }
}

impl SearchedTarget {
    fn is(&self, kind: TargetKind, id: &str) -> bool {
        self.kind.is_none_or(|wanted| wanted == kind) && self.id == id
    }

    /// The same for a target in words, with or without its kind.
    fn is_named(&self, words: &str) -> bool {
        let id = words.split_once(':').map_or(words, |(_, id)| id);
        match self.kind {
            Some(kind) => words == format!("{}:{}", kind.word(), self.id),
            None => words == self.id || id == self.id,
        }
    }
}

impl TargetFound {
    fn json(&self) -> Json {
        json!({
            "target": self.target,
            "outcome": self.outcome,
            "id": self.id,
            "code": self.code,
            "message": self.message,
        })
    }

    /// The target with its kind, and what happened to it.
    fn words(&self) -> (&str, &str) {
        (&self.target, self.outcome)
    }
}
