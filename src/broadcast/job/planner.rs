//! The first pass over a list: every target is read, checked, linted and put into a batch before anything is sent.

use serde_json::json;

use crate::broadcast::job::body_lint::{BodyLint, LintErrors, LintSubject};
use crate::broadcast::job::message_templates::{Composer, MadeSheet};
use crate::broadcast::job::results;
use crate::broadcast::job::secret_payload::{says_without_secrets, secret_in_values};
use crate::broadcast::job::totals::Totals;
use crate::broadcast::targets::{Bad, Packed};
use crate::contract::{Audience, Finding, TargetKind};
use crate::document::{Document, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::guard::GuestList;
use crate::ledger::PlannedBatch;
use crate::report::Ui;
use crate::send::placeholders::unfilled;
use crate::template::message_template::FinishedBody;

/// How many bad entries are shown.
const SHOWN: usize = 20;

/// Where templates and batches go: the ledger, a plan, or a preview.
pub(crate) trait PlanSink {
    /// A template, before its first batch. Templates count from 0.
    fn template(&mut self, made: &mut MadeSheet) -> Result<()>;

    /// A batch, in order.
    fn batch(&mut self, batch: PlannedBatch, made: &MadeSheet) -> Result<()>;
}

/// All that the first pass found out.
pub(crate) struct Survey {
    /// What it comes to.
    pub(crate) totals: Totals,
    pub(crate) made: Vec<MadeSheet>,
    /// How many entries cannot be used.
    pub(crate) bad: u64,
    /// The first of them.
    pub(crate) shown: Vec<Bad>,
    /// All of them as results tell them, where they were asked for.
    pub(crate) skipped: Vec<String>,
    /// The same for the same payloads to the same targets, in whatever order and however many requests.
    pub(crate) fingerprint: String,
}

impl Survey {
    /// Whom it reaches, for people.
    pub(crate) fn audience(&self) -> String {
        self.totals.tally.to_string()
    }
}

/// Puts targets into batches.
pub(crate) struct Planner<'a> {
    composer: Composer<'a>,
    lint: BodyLint<'a>,
    sink: &'a mut dyn PlanSink,
    guests: &'a GuestList<'a>,
    totals: Totals,
    /// The first so many targets end with a batch of their own.
    canary: u64,
    /// The vendor's usual kind of targets.
    usual: TargetKind,
    names: Vec<String>,
    made: Vec<(Option<TargetKind>, MadeSheet)>,
    /// What each of these says, before uploads and ids against repeats are put in: those differ from run to run.
    says: Vec<String>,
    filling: Filling,
    shown: Vec<Bad>,
    /// Whether entries that cannot be used are left out, so that a later entry of the same target may be used.
    is_lenient: bool,
    /// Whether all of these are kept for the file of results.
    is_keeping: bool,
    skipped: Vec<String>,
    /// Targets that were left out since the last call of [`Planner::freed`].
    freed: Vec<(TargetKind, String)>,
    bad: u64,
}

/// Targets that share a batch which is not full yet.
#[derive(Default)]
struct Filling {
    kind: Option<TargetKind>,
    values: Vec<String>,
    ids: Vec<String>,
    lines: Vec<u64>,
}

/// What is wrong with a batch.
enum BatchFault {
    /// These of its targets, by their place in it, and why.
    Targets(Vec<(usize, String)>),
    /// The payload, whoever gets it.
    Payload(Vec<Finding>, Document),
}

impl<'a> Planner<'a> {
    pub(crate) fn new(
        composer: Composer<'a>,
        lint: BodyLint<'a>,
        sink: &'a mut dyn PlanSink,
        guests: &'a GuestList<'a>,
    ) -> Self {
        let usual = lint.linted.contract.default_target;
        Self {
            composer,
            lint,
            sink,
            guests,
            totals: Totals::default(),
            canary: 0,
            usual,
            names: Vec::new(),
            made: Vec::new(),
            says: Vec::new(),
            filling: Filling::default(),
            shown: Vec::new(),
            is_lenient: false,
            is_keeping: false,
            skipped: Vec::new(),
            freed: Vec::new(),
            bad: 0,
        }
    }

    /// Lets a batch end after so many targets.
    pub(crate) fn canary(mut self, targets: u64) -> Self {
        self.canary = targets;
        self
    }

    /// Leaves out what cannot be used, and keeps it for the file of results where there is one.
    pub(crate) fn lenient(mut self, is_lenient: bool, has_results: bool) -> Self {
        (self.is_lenient, self.is_keeping) = (is_lenient, is_lenient && has_results);
        self
    }

    /// The variables whose values [`Planner::take`] is going to bring.
    pub(crate) fn variables(&mut self, names: Vec<String>) {
        self.names = names;
    }

    /// Plans an audience that flags name.
    pub(crate) fn whole(&mut self, wanted: crate::provider::Wanted) -> Result<()> {
        for made in self.composer.for_audience(wanted)? {
            let index = self.add(None, made)?;
            let ids = match self.made[index].1.sheet.own_audience() {
                Audience::Named(targets) => targets.into_iter().map(|one| one.id).collect(),
                Audience::Nobody | Audience::Class(_) | Audience::Everybody => Vec::new(),
            };
            let (finished, errors) = self.lint(index, &ids, None, true)?;
            if let Some((found, document)) = errors {
                return self.refuse(index, found, document);
            }
            self.put(index, ids, None, &finished)?;
        }
        Ok(())
    }

    /// Takes targets of a list.
    pub(crate) fn take(&mut self, packed: &Packed) -> Result<()> {
        let kind = packed.kind();
        if self.filling.kind != Some(kind) || self.filling.values != packed.values() {
            self.flush()?;
            self.filling.kind = Some(kind);
            self.filling.values = packed.values().to_vec();
        }
        let index = match self.index_of(kind) {
            Ok(index) => index,
            // Where the message goes to the usual kind, it is this kind that the vendor does not take.
            Err(error) if kind != self.usual && self.index_of(self.usual).is_ok() => {
                self.reject_all(packed, &error);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let cap = self.made[index].1.cap;
        for (line, id) in packed.entries() {
            self.filling.ids.push(id.to_owned());
            self.filling.lines.push(line);
            let so_far = self.totals.targets + self.filling.ids.len() as u64;
            if self.filling.ids.len() >= cap || so_far == self.canary {
                self.flush()?;
            }
        }
        // Without variables a repeat is as bad as the first; with them it has to be known before it is read.
        if self.is_lenient && !self.names.is_empty() { self.flush() } else { Ok(()) }
    }

    /// Targets whose entry was left out since the last time: another entry of theirs is no repeat.
    pub(crate) fn freed(&mut self) -> Vec<(TargetKind, String)> {
        std::mem::take(&mut self.freed)
    }

    /// Notes entries of a kind that cannot be reached so.
    fn reject_all(&mut self, packed: &Packed, error: &Error) {
        let kind = packed.kind();
        for (line, id) in packed.entries() {
            let help = error.advice().map(str::to_owned);
            let (text, reason) = (format!("{kind}:{id}"), error.to_string());
            self.reject(Bad { line, text, reason, help });
        }
    }

    /// Notes an entry that cannot be used.
    pub(crate) fn reject(&mut self, mut bad: Bad) {
        bad.text = self.lint.linted.redactor.borrow().redacted(&bad.text).into_owned();
        self.bad += 1;
        if self.is_keeping {
            self.skipped.push(results::skipped(&bad));
        }
        if self.shown.len() < SHOWN {
            self.shown.push(bad);
        }
    }

    /// Ends the list.
    pub(crate) fn finish(mut self) -> Result<Survey> {
        self.flush()?;
        self.lint.linted.result()?;
        let Self { totals, bad, shown, skipped, says, .. } = self;
        let fingerprint = totals.fingerprint(says);
        let made = self.made.into_iter().map(|(_, made)| made).collect();
        Ok(Survey { totals, made, bad, shown, skipped, fingerprint })
    }

    fn index_of(&mut self, kind: TargetKind) -> Result<usize> {
        if matches!(kind, TargetKind::Tag | TargetKind::Package) {
            return Err(Error::usage(format!("a {kind} stands for people whom nobody can count"))
                .help(format!("reach it with --{kind}, apart from the list")));
        }
        if let Some(index) = self.made.iter().position(|(known, _)| *known == Some(kind)) {
            return Ok(index);
        }
        let made = self.composer.for_kind(kind)?;
        self.add(Some(kind), made)
    }

    fn add(&mut self, kind: Option<TargetKind>, mut made: MadeSheet) -> Result<usize> {
        for remark in made.remarks.drain(..) {
            self.lint.linted.ui.warn(&remark);
        }
        unfilled(self.lint.linted.ui, made.sheet.body(), &self.names)?;
        self.says.push(says_without_secrets(&self.lint.linted.redactor, &made)?);
        self.sink.template(&mut made)?;
        self.made.push((kind, made));
        Ok(self.made.len() - 1)
    }

    /// Checks the targets that have come together, and puts the good ones into a batch.
    fn flush(&mut self) -> Result<()> {
        let Filling { kind, values, mut ids, mut lines } = std::mem::take(&mut self.filling);
        self.filling.kind = kind;
        self.filling.values.clone_from(&values);
        let Some(kind) = kind.filter(|_| !ids.is_empty()) else { return Ok(()) };
        let index = self.index_of(kind)?;
        let vars = (!values.is_empty()).then(|| object(&self.names, &values));
        if let Some(reason) = secret_in_values(&self.lint.linted.redactor, vars.as_deref()) {
            for (line, text) in lines.into_iter().zip(ids) {
                self.freed.push((kind, text.clone()));
                self.reject(Bad { line, text, reason: reason.to_owned(), help: None });
            }
            return Ok(());
        }
        // What is left without those that are bad is a payload of its own.
        let finished = loop {
            let bad = match self.check(index, &ids, vars.as_deref(), true)? {
                Ok(finished) => break finished,
                Err(BatchFault::Payload(found, document)) => {
                    return self.refuse(index, found, document);
                }
                Err(BatchFault::Targets(bad)) => bad,
            };
            for (place, reason) in bad.iter().cloned() {
                let (line, text) = (lines[place], ids[place].clone());
                self.freed.push((kind, text.clone()));
                self.reject(Bad { line, text, reason, help: None });
            }
            let is_good = |place: &usize| bad.iter().all(|(known, _)| known != place);
            let good: Vec<usize> = (0..ids.len()).filter(is_good).collect();
            ids = good.iter().map(|place| std::mem::take(&mut ids[*place])).collect();
            lines = good.iter().map(|place| lines[*place]).collect();
            if ids.is_empty() {
                return Ok(());
            }
        };
        self.put(index, ids, vars, &finished)
    }

    fn put(
        &mut self,
        index: usize,
        ids: Vec<String>,
        vars: Option<String>,
        finished: &FinishedBody,
    ) -> Result<()> {
        let sheet = &self.made[index].1.sheet;
        self.totals.take((index, sheet), finished, vars.as_deref(), self.guests);
        let template =
            u32::try_from(index).expect("there are as many templates as kinds of targets");
        self.sink.batch(PlannedBatch { template, ids, vars }, &self.made[index].1)
    }

    /// Lints a batch, and tells what else there is to say about it where that is wanted. Where it has an error, each of its
    /// targets is looked at alone.
    fn check(
        &mut self,
        index: usize,
        ids: &[String],
        vars: Option<&str>,
        tells: bool,
    ) -> Result<Result<FinishedBody, BatchFault>> {
        let (found, document) = match self.lint(index, ids, vars, tells) {
            Ok((finished, None)) => return Ok(Ok(finished)),
            Ok((_, Some(told))) => told,
            Err(error) if ids.len() == 1 => {
                return Ok(Err(BatchFault::Targets(vec![(0, error.to_string())])));
            }
            Err(error) if ids.is_empty() => return Err(error),
            Err(error) => {
                let mut bad = Vec::new();
                if let Some(payload) = self.each_alone(index, ids, vars, &mut bad)? {
                    return Ok(Err(payload));
                }
                // Each can be put in alone: what they cannot be is together.
                return if bad.is_empty() { Err(error) } else { Ok(Err(BatchFault::Targets(bad))) };
            }
        };
        let sheet = &self.made[index].1.sheet;
        let is_its_own = |finding: &Finding| {
            !sheet.names().is_empty()
                || sheet
                    .slot()
                    .is_some_and(|slot| finding.place.pointer.starts_with(&slot.pointer_of(0)))
        };
        match ids {
            [] => Ok(Err(BatchFault::Payload(found, document))),
            [_] if found.iter().all(is_its_own) => {
                let why = found.first().map(|finding| finding.message.clone()).unwrap_or_default();
                Ok(Err(BatchFault::Targets(vec![(0, why)])))
            }
            [_] => Ok(Err(BatchFault::Payload(found, document))),
            _ => {
                let mut bad = Vec::new();
                if let Some(payload) = self.each_alone(index, ids, vars, &mut bad)? {
                    return Ok(Err(payload));
                }
                // Each is well alone, and together they are not: the payload does not bear so many.
                Ok(Err(if bad.is_empty() {
                    BatchFault::Payload(found, document)
                } else {
                    BatchFault::Targets(bad)
                }))
            }
        }
    }

    /// Checks targets one by one, and notes what is wrong with them. A fault of the payload ends that.
    fn each_alone(
        &mut self,
        index: usize,
        ids: &[String],
        vars: Option<&str>,
        bad: &mut Vec<(usize, String)>,
    ) -> Result<Option<BatchFault>> {
        for (place, id) in ids.iter().enumerate() {
            match self.check(index, std::slice::from_ref(id), vars, false)? {
                Ok(_) => {}
                Err(BatchFault::Targets(why)) => {
                    bad.extend(why.into_iter().map(|(_, why)| (place, why)));
                }
                Err(payload) => return Ok(Some(payload)),
            }
        }
        Ok(None)
    }

    /// The payload of a batch, with its errors where it has any.
    fn lint(
        &mut self,
        index: usize,
        ids: &[String],
        vars: Option<&str>,
        tells: bool,
    ) -> Result<(FinishedBody, Option<LintErrors>)> {
        let made = &self.made[index].1;
        let finished = made.sheet.finish(ids, vars)?;
        let errors = self.lint.errors(subject(index, made), &finished.body, tells);
        Ok((finished, errors))
    }

    /// Tells what is wrong with the payload, and ends.
    fn refuse(&mut self, index: usize, found: Vec<Finding>, document: Document) -> Result<()> {
        let made = &self.made[index].1;
        let origin = format!("{} for the list", made.origin);
        let subject = LintSubject { origin: &origin, ..subject(index, made) };
        self.lint.refuse(subject, (found, document))
    }
}

fn subject(template: usize, made: &MadeSheet) -> LintSubject<'_> {
    let (sizes, origin) = (made.sizes.as_slice(), made.origin.as_str());
    LintSubject { template, operation: made.sheet.operation, sizes, origin }
}

/// The values of variables as a JSON object.
fn object(names: &[String], values: &[String]) -> String {
    let mut object = Value::object();
    if let Some(members) = object.as_object_mut() {
        for (name, value) in names.iter().zip(values) {
            members.set(name, value.as_str());
        }
    }
    object.to_compact()
}

/// What is wrong with a list: its first entries, line by line, and an error that ends the command.
pub(crate) fn bad_list(ui: &Ui, name: &str, shown: &[Bad], bad: u64) -> Error {
    for entry in shown {
        let help = entry.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
        let Bad { line, text, reason, .. } = entry;
        ui.warn(&format!("{name}, line {line}: `{text}`: {reason}{help}"));
    }
    let more = bad - shown.len() as u64;
    let more = if more > 0 { format!(", {more} of them not shown") } else { String::new() };
    let entries = if bad == 1 { "1 entry".to_owned() } else { format!("{bad} entries") };
    let told =
        shown.iter().map(|bad| json!({"line": bad.line, "text": bad.text, "reason": bad.reason}));
    Error::new(
        ErrorKind::Input,
        format!("{entries} of {name} cannot be used{more}; nothing was sent"),
    )
    .help("mend them, or leave them out with --skip-invalid")
    .with("entries", told.collect())
}
