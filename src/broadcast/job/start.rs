//! `broadcast` of many requests: the list is read as a whole, then guards judge it, then it is sent, planned or shown.

use uuid::Uuid;

use crate::broadcast::job::body_lint::BodyLint;
use crate::broadcast::job::guard_input::{Judged, judge};
use crate::broadcast::job::insert::{Intake, stopped};
use crate::broadcast::job::message_templates::{Composer, MadeSheet, kept};
use crate::broadcast::job::options::{BroadcastOptions, ListOptions};
use crate::broadcast::job::plan_writer::PlanDraft;
use crate::broadcast::job::planner::{PlanSink, Planner, Survey, bad_list};
use crate::broadcast::job::preview::Preview;
use crate::broadcast::job::run::{self, Leave};
use crate::broadcast::job::secret_payload::what_is_secret;
use crate::broadcast::job::settings::JobSettings;
use crate::broadcast::plan;
use crate::broadcast::targets::{Bad, ListItem};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::guard::GuestList;
use crate::ledger::{JobIntent, JobTemplate, Ledger, Opening, PlannedBatch};
use crate::net::Fleet;
use crate::provider::Wanted;
use crate::send::guard_prompt::{self, NOTHING_SAID};
use crate::send::interruptible_io::{self, attentive};
use crate::send::options::MessageOptions;
use crate::send::payload_file;
use crate::send::prerequisites::Errands;
use crate::send::rate_limits::Pacing;
use crate::send::trip::Trip;
use crate::template::text::Template;

/// A broadcast as it was typed.
pub(crate) struct Start<'a> {
    /// Session, flags of sending, vendor, world.
    pub trip: Trip<'a>,
    /// The message, the list and the job.
    pub options: &'a BroadcastOptions,
    /// The audience that is named; `None` where there is a list.
    pub wanted: Option<Wanted>,
}

/// Plans, guards, and sends or shows.
pub(crate) fn run(start: &Start<'_>) -> Result<Exit> {
    let trip = &start.trip;
    trip.sending.check()?;
    trip.sending.no_check_of_many("a list")?;
    if trip.sending.prints_only() {
        let mut preview = Preview::new(trip);
        let survey = start.survey(trip, start.composer()?, &mut preview)?;
        return preview.print(&survey);
    }
    if let Some(path) = &start.options.job.plan {
        let valid = plan::validity(start.options.job.valid_for)?;
        let key = trip.world.seal_key().ok_or_else(|| trip.world.no_seal_key())?;
        let mut draft = PlanDraft::create(trip.world, path, key)?;
        let survey = start.survey(trip, start.composer()?, &mut draft)?;
        return draft.finish(trip, &start.options.job, &survey, valid);
    }
    trip.world.require_complete()?;
    guard_prompt::before_a_list(trip)?;
    start.send()
}

impl Start<'_> {
    /// Writes the job down and carries it out.
    fn send(&self) -> Result<Exit> {
        let trip = &self.trip;
        let body = self.options.message.payload.body.as_deref();
        let reads =
            [("the list of targets", self.options.list.targets.as_deref()), ("the payload", body)];
        let mut leave = Leave::of(trip, &self.options.job.running, &reads)?;
        // A payload from stdin is read while signals still end the process.
        let composer = self.composer()?;
        let fleet = attentive(trip.world.transport(trip.session, trip.sending)?);
        let trip = &Trip { listens: Some(fleet.as_ref()), ..*trip };
        let mut ledger = trip.world.open_ledger(trip.session, trip.sending)?;
        let intent = self.intent();
        let job = intent.id;
        ledger.plan_job(&intent)?;
        match self.open(trip, composer, &mut ledger, fleet.as_ref(), &intent) {
            Ok(skipped) => leave.skipped = Some(skipped),
            Err(error) => {
                // Nothing of it has left: nothing of it is kept.
                let _ = ledger.discard_job(job);
                return Err(error);
            }
        }
        run::run(trip, leave, ledger, fleet.as_ref(), job)
    }

    /// The first pass into the ledger, and the guards. Gives the entries that were left out.
    fn open(
        &self,
        trip: &Trip<'_>,
        composer: Composer<'_>,
        ledger: &mut Ledger,
        fleet: &dyn Fleet,
        intent: &JobIntent,
    ) -> Result<Vec<String>> {
        let pacing = Pacing::beside(trip.session, trip.sending, trip.world, ledger);
        let survey = trip.with_errands(fleet, &pacing, |mut errands| {
            let intake = Intake::of(ledger, intent.id, fleet);
            let (job, errands) = (intent.id, &mut errands);
            let mut sink = PlanWriter { trip, intake, job, errands, holds_secrets: false };
            let survey = self.survey(trip, composer, &mut sink)?;
            sink.intake.flush()?;
            Ok::<_, Error>((survey, sink.holds_secrets))
        });
        // What is wrong with half a list is not what there is to tell.
        let (survey, holds_secrets) =
            survey.map_err(|error| fleet.stopped().map_or(error, stopped))?;
        let audience = trip.world.hidden(&survey.audience());
        let fingerprint = survey.fingerprint.clone();
        let passed = judge(
            trip,
            survey.totals.samples.with(|template| survey.made[template].sheet.operation),
            &Judged {
                tally: &survey.totals.tally,
                calls: survey.totals.requests,
                name: self.options.job.job.as_deref(),
                fingerprint: Some(&fingerprint),
                before: &NOTHING_SAID,
            },
        )?;
        let overrides = passed.overridden.iter().map(|guard| guard.word().to_owned()).collect();
        let settings = JobSettings {
            limits: self.options.job.limits(),
            allow: trip.sending.allow.clone(),
            confirmed: passed.confirmed,
            planned_until_ms: None,
            holds_secrets,
        };
        let settings = settings.to_text();
        let opening = Opening { audience, fingerprint, overrides, settings };
        interruptible_io::heed(fleet).map_err(stopped)?;
        guard_prompt::open_job(trip, ledger, intent.id, &opening)?;
        Ok(survey.skipped)
    }

    /// The message, as flags and files say it.
    fn composer(&self) -> Result<Composer<'_>> {
        Composer::new(self.trip.session, self.trip.world, &self.options.message)
    }

    /// Reads and checks everything, and hands it to a sink.
    fn survey(
        &self,
        trip: &Trip<'_>,
        composer: Composer<'_>,
        sink: &mut dyn PlanSink,
    ) -> Result<Survey> {
        let names = Template::parse(&composer.texts()).names().to_vec();
        let guests = GuestList::of(&trip.world.account.guards);
        let mut planner = Planner::new(composer, BodyLint::of(trip)?, sink, &guests)
            .canary(self.options.job.canary.unwrap_or_default())
            .lenient(self.options.list.skip_invalid, self.options.job.running.results.is_some());
        match &self.wanted {
            Some(wanted) => planner.whole(wanted.clone())?,
            None => self.read(trip, &mut planner, names)?,
        }
        let survey = planner.finish()?;
        if survey.bad > 0 {
            self.tell_bad(&survey.shown, survey.bad)?;
        }
        if survey.totals.requests == 0 {
            let name = self.list_name();
            return Err(Error::input(format!("{name} names no target that can be used")));
        }
        Ok(survey)
    }

    /// Reads the list.
    fn read(&self, trip: &Trip<'_>, planner: &mut Planner<'_>, names: Vec<String>) -> Result<()> {
        let Some(path) = &self.options.list.targets else { return Ok(()) };
        let usual = trip.vendor.contract().default_target;
        planner.variables(names.clone());
        let allowed = &self.options.message.payload.allow_path;
        let mut list =
            self.options.list.open(trip.session, trip.listens, path, allowed, usual, names)?;
        while let Some(item) = list.next()? {
            match item {
                ListItem::Batch(packed) => planner.take(packed)?,
                ListItem::Bad(bad) => planner.reject(bad),
            }
            planner.freed().iter().for_each(|(kind, id)| list.forget(*kind, id));
        }
        let read = list.tally();
        if read.targets == 0 && read.bad == 0 {
            return list.finish().map(drop);
        }
        let (ui, name) = (&trip.session.ui, self.list_name());
        if let Some(line) = read.hash {
            ui.warn(&format!(
                "{name}, line {line}: `#` begins no comment: such lines are taken for targets"
            ));
        }
        if read.repeats > 0 {
            ui.remark(&format!("repeated targets of {name} that are left out: {}", read.repeats));
        }
        Ok(())
    }

    fn list_name(&self) -> String {
        self.options.list.targets.as_deref().map_or_else(String::new, ListOptions::name)
    }

    /// Entries that cannot be used end the command, unless they may be left out.
    fn tell_bad(&self, shown: &[Bad], bad: u64) -> Result<()> {
        if !self.options.list.skip_invalid {
            return Err(bad_list(&self.trip.session.ui, &self.list_name(), shown, bad));
        }
        for entry in shown {
            self.trip
                .session
                .ui
                .warn(&format!("line {} is left out: {}", entry.line, entry.reason));
        }
        if bad > shown.len() as u64 {
            self.trip.session.ui.warn(&format!("{bad} entries are left out in all"));
        }
        Ok(())
    }

    fn intent(&self) -> JobIntent {
        let trip = &self.trip;
        JobIntent {
            id: Uuid::now_v7(),
            realm: trip.world.realm(),
            created_ms: trip.session.edge.now_ms(),
            name: self.options.job.job.clone(),
            verb: trip.verb.word().to_owned(),
            provider: trip.vendor.contract().id.to_owned(),
            profile: trip.world.account.profile.clone(),
            app: trip.world.app(),
            endpoint: trip.world.base(),
            audience: String::new(),
            overrides: Vec::new(),
            settings: String::new(),
            fingerprint: String::new(),
        }
    }
}

/// Writes templates and batches into the ledger.
struct PlanWriter<'d, 'e> {
    trip: &'d Trip<'d>,
    intake: Intake<'d>,
    job: Uuid,
    errands: &'d mut Errands<'e>,
    /// Whether a template has secrets, which are not written down.
    holds_secrets: bool,
}

impl PlanSink for PlanWriter<'_, '_> {
    fn template(&mut self, made: &mut MadeSheet) -> Result<()> {
        let uploads = std::mem::take(&mut made.uploads);
        let operation = made.sheet.operation;
        self.errands.attach(operation, made.sheet.body_mut(), &uploads)?;
        let world = self.trip.world;
        world.redactor.borrow_mut().learn(made.sheet.body());
        let template = kept(&made.sheet);
        let sender = template.sender.as_deref().map(|sender| world.hidden(sender));
        let template = JobTemplate { sender, ..template };
        let redacted = world.redactor.borrow().redacted_value(made.sheet.body());
        let Some(redacted) = redacted else {
            return self.intake.ledger.plan_template(self.job, &template).map(drop);
        };
        if !self.holds_secrets {
            self.trip.session.ui.warn(&format!(
                "this job cannot be resumed: {}, which the ledger does not keep",
                what_is_secret(&world.redactor, made.sheet.body())
            ));
        }
        self.holds_secrets = true;
        let body = template.body.clone();
        let template = JobTemplate { body: redacted.to_compact(), ..template };
        self.intake.ledger.plan_redacted_template(self.job, &template, body).map(drop)
    }

    fn batch(&mut self, batch: PlannedBatch, _: &MadeSheet) -> Result<()> {
        self.intake.take(batch)
    }
}

/// Whether stdin is read for the list or for the payload.
pub(crate) fn reads_stdin(list: &ListOptions, message: &MessageOptions) -> bool {
    [list.targets.as_deref(), message.payload.body.as_deref()]
        .into_iter()
        .any(payload_file::is_stdin)
}
