//! `broadcast` of many requests: the list is read as a whole, then guards judge it, then it is sent, planned or shown.

use uuid::Uuid;

use super::draft::Draft;
use super::flags::{JobArgs, settings};
use super::intake::Intake;
use super::judge::{Judged, judge};
use super::planner::{Planner, Sink, Survey, bad_list};
use super::preview::Preview;
use super::run::{Leave, attentive, run};
use super::sheets::{Composer, Made, kept};
use super::source::List;
use crate::broadcast::plan;
use crate::broadcast::targets::{Bad, Item};
use crate::broadcast::template::Template;
use crate::cli::args::{Compose, DryRun};
use crate::cli::attach::Linted;
use crate::cli::errand::Errands;
use crate::cli::guarding;
use crate::cli::input;
use crate::cli::pacing::Pacing;
use crate::cli::trip::Trip;
use crate::contract::TargetKind;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::guard::Guests;
use crate::ledger::{JobIntent, Ledger, Opening, PlannedBatch};
use crate::lint::{Context, Waivers};
use crate::net::Fleet;
use crate::vendor::Wanted;

/// A broadcast as it was typed.
pub(in crate::cli) struct Start<'a> {
    /// Session, flags of sending, vendor, world.
    pub trip: Trip<'a>,
    /// The message.
    pub flags: &'a Compose,
    /// Whom flags name; `None` where there is a list.
    pub wanted: Option<Wanted>,
    /// The list.
    pub list: &'a List,
    /// The job.
    pub args: &'a JobArgs,
}

/// Plans, guards, and sends or shows.
pub(in crate::cli) fn broadcast(start: &Start<'_>) -> Result<Exit> {
    let trip = &start.trip;
    trip.sending.check()?;
    if trip.sending.dry_run == Some(DryRun::Server) {
        return Err(Error::usage("--dry-run=server takes one request, and this is a list")
            .help("--dry-run checks all of it offline"));
    }
    if trip.sending.prints_only() {
        let mut preview = Preview::new(trip);
        let survey = start.survey(&mut preview)?;
        return preview.print(&survey.planned, &survey.made);
    }
    if let Some(path) = &start.args.plan {
        let valid = plan::validity(start.args.valid_for)?;
        let mut draft = Draft::create(path)?;
        let survey = start.survey(&mut draft)?;
        return draft.finish(trip, start.args, &survey, valid);
    }
    trip.world.require_complete()?;
    guarding::before_a_list(trip)?;
    start.send()
}

impl Start<'_> {
    /// Writes the job down and carries it out.
    fn send(&self) -> Result<Exit> {
        let trip = &self.trip;
        let leave = Leave::of(&self.args.running);
        leave.try_out()?;
        let fleet = attentive(trip.world.transport(trip.session, trip.sending)?);
        let mut ledger = trip.world.open_ledger(trip.session, trip.sending)?;
        let intent = self.intent();
        let job = intent.id;
        ledger.plan_job(&intent)?;
        let opened = self.open(&mut ledger, fleet.as_ref(), &intent);
        if let Err(error) = opened {
            // Nothing of it has left: nothing of it is kept.
            let _ = ledger.discard_job(job);
            return Err(error);
        }
        run(trip, &leave, ledger, fleet.as_ref(), job)
    }

    /// The first pass into the ledger, and the guards.
    fn open(&self, ledger: &mut Ledger, fleet: &dyn Fleet, intent: &JobIntent) -> Result<()> {
        let trip = &self.trip;
        let survey = trip.with_errands(fleet, &Pacing::new(trip.session.edge), |mut errands| {
            let intake = Intake::of(ledger, intent.id, fleet);
            let mut sink = Desk { intake, job: intent.id, errands: &mut errands };
            let survey = self.survey(&mut sink)?;
            sink.intake.flush()?;
            Ok::<_, Error>(survey)
        })?;
        let (audience, fingerprint) = (survey.audience(), survey.fingerprint());
        let overridden = judge(
            trip,
            survey.samples.with(|template| survey.made[template].sheet.operation),
            &Judged {
                tally: self.wanted.is_none().then_some(&survey.tally),
                calls: survey.planned.batches,
                name: self.args.job.as_deref(),
                fingerprint: Some(&fingerprint),
            },
        )?;
        let overrides = overridden.iter().map(|guard| guard.word().to_owned()).collect();
        let settings = settings(&self.args.limits());
        let opening = Opening { audience, fingerprint, overrides, settings };
        guarding::open_job(trip, ledger, intent.id, &opening)
    }

    /// Reads and checks everything, and hands it to a sink.
    fn survey(&self, sink: &mut dyn Sink) -> Result<Survey> {
        let trip = &self.trip;
        let contract = trip.vendor.contract();
        let composer = Composer::new(trip.session, trip.world, self.flags)?;
        let names = Template::parse(&composer.texts()).names().to_vec();
        let waived = Waivers::of(&trip.sending.allow, &[contract])?;
        let linted =
            Linted { ui: &trip.session.ui, contract, waived, errors: 0, records: Vec::new() };
        let context = Context {
            account: Some(&trip.world.account),
            now_ms: Some(trip.session.edge.now_ms()),
            ..Context::default()
        };
        let guests = Guests::of(&trip.world.account.guards);
        let mut planner = Planner::new(composer, linted, context, sink, &guests)
            .canary(self.args.canary.unwrap_or_default());
        match &self.wanted {
            Some(wanted) => planner.whole(wanted.clone())?,
            None => self.read(&mut planner, names, contract.default_target)?,
        }
        let survey = planner.finish()?;
        if survey.planned.bad > 0 {
            self.tell_bad(&survey.shown, survey.planned.bad)?;
        }
        if survey.planned.batches == 0 {
            let name = self.list_name();
            return Err(Error::input(format!("{name} names no target that can be used")));
        }
        Ok(survey)
    }

    /// Reads the list.
    fn read(&self, planner: &mut Planner<'_>, names: Vec<String>, usual: TargetKind) -> Result<()> {
        let Some(path) = &self.list.targets else { return Ok(()) };
        planner.variables(names.clone());
        let mut list = self.list.open(self.trip.session, path, usual, names)?;
        while let Some(item) = list.next()? {
            match item {
                Item::Batch(packed) => planner.take(packed)?,
                Item::Bad(bad) => planner.reject(bad),
            }
        }
        let read = list.tally();
        if read.targets == 0 && read.bad == 0 {
            return list.finish().map(drop);
        }
        if read.repeats > 0 {
            let ui = &self.trip.session.ui;
            let name = self.list_name();
            ui.remark(&format!("repeated targets of {name} that are left out: {}", read.repeats));
        }
        Ok(())
    }

    fn list_name(&self) -> String {
        self.list.targets.as_deref().map_or_else(String::new, List::name)
    }

    /// Entries that cannot be used end the command, unless they may be left out.
    fn tell_bad(&self, shown: &[Bad], bad: u64) -> Result<()> {
        if !self.list.skip_invalid {
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
            name: self.args.job.clone(),
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
struct Desk<'d, 'e> {
    intake: Intake<'d>,
    job: Uuid,
    errands: &'d mut Errands<'e>,
}

impl Sink for Desk<'_, '_> {
    fn template(&mut self, kind: Option<TargetKind>, made: &mut Made) -> Result<()> {
        let uploads = std::mem::take(&mut made.uploads);
        self.errands.attach(made.sheet.body_mut(), &uploads)?;
        self.intake.ledger.plan_template(self.job, &kept(&made.sheet, kind)).map(drop)
    }

    fn batch(&mut self, batch: PlannedBatch, _: &Made) -> Result<()> {
        self.intake.take(batch)
    }
}

/// Whether stdin is read for the list or for the payload.
pub(in crate::cli) fn reads_stdin(list: &List, flags: &Compose) -> bool {
    [list.targets.as_deref(), flags.payload.body.as_deref()].into_iter().any(input::is_stdin)
}
