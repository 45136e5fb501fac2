//! What is left of a job in the ledger, before it goes on: it is input, like a plan.

use std::ops::ControlFlow;

use super::flags::JobSettings;
use super::inspect::{FiledRequest, Inspection, sheets};
use super::judge::{Judged, judge};
use crate::cli::guarding::SaidBefore;
use crate::cli::trip::Trip;
use crate::error::{Error, Kind, Result};
use crate::guard::Guard;
use crate::ledger::{BatchFilter, BatchSeals, Job, JobBatch, Ledger, TargetState};
use crate::outcome::Verdict;
use crate::seal::SealCheck;

/// Where a job comes from, as messages name it.
const SOURCE: &str = "the job in the ledger";

/// Refuses a job whose payloads the ledger does not keep.
pub(super) fn has_bodies(job: &Job) -> Result<()> {
    if job.templates.iter().any(|kept| kept.body.is_empty()) {
        return Err(Error::new(
            Kind::Ledger,
            format!("the ledger keeps no payloads, and the job {} needs one", job.label()),
        )
        .help("send the rest as a new job: `herald history --failed --as targets`"));
    }
    Ok(())
}

/// Looks at every request that may still leave, and lets the guards judge them. Gives the guards that `--override` passed.
///
/// A job that does not bear its seal goes on only where `--confirm` names the profile; it is sealed anew then. What was said
/// to it when it was opened counts only where it bears its seal.
pub(super) fn inspect_remaining(
    trip: &Trip<'_>,
    ledger: &mut Ledger,
    job: &Job,
    settings: &JobSettings,
) -> Result<Vec<Guard>> {
    has_bodies(job)?;
    let sheets = sheets(trip, &job.templates, SOURCE)?;
    let mut inspection = Inspection::of(trip, &sheets, SOURCE)?;
    let mut trust = Trust::of(trip, job);
    if !ledger.has_all_batches(job.intent.id)? {
        trust.lower(SealCheck::Broken);
    }
    let seals_of = ledger.seals_of(job.intent.id);
    let (mut seals, mut fault) = (Vec::new(), None);
    ledger.each_batch(job.intent.id, BatchFilter::All, &mut |one| {
        if !may_be_sent(&one) {
            return ControlFlow::Continue(());
        }
        trust.is_asked = true;
        trust.lower(one.seal);
        if trust.is_given_up() {
            return ControlFlow::Break(());
        }
        if one.seal != SealCheck::Intact {
            seals.extend(seals_of(&one.batch));
        }
        match inspection.take(request(&one)) {
            Ok(_) => ControlFlow::Continue(()),
            Err(error) => {
                fault = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    if trust.is_asked && trust.is_given_up() {
        return Err(trust.error(trip, job));
    }
    if let Some(error) = fault {
        return Err(error);
    }
    if inspection.totals.requests == 0 {
        return Ok(Vec::new());
    }
    let before = if trust.is_sealed() {
        SaidBefore::of(settings.confirmed, &job.intent.overrides)
    } else {
        SaidBefore::default()
    };
    let totals = &inspection.totals;
    let judged = Judged {
        tally: &totals.tally,
        calls: totals.requests,
        name: None,
        fingerprint: None,
        before: &before,
    };
    let samples = totals.samples.with(|template| sheets[template].operation);
    let passed = judge(trip, samples, &judged)?;
    if !trust.is_sealed() {
        seal_anew(trip, ledger, job, (&trust, &seals), &totals.tally.to_string())?;
    }
    Ok(passed.overridden)
}

/// Seals a job as it was looked at, where there is a key.
fn seal_anew(
    trip: &Trip<'_>,
    ledger: &mut Ledger,
    job: &Job,
    (trust, seals): (&Trust, &[BatchSeals]),
    audience: &str,
) -> Result<()> {
    let ui = &trip.session.ui;
    if trust.check == SealCheck::NoKey {
        ui.warn(&format!("the job is not sealed; what is left of it reaches {audience}"));
        return Ok(());
    }
    ledger.reseal_job(job, seals)?;
    ui.warn(&format!(
        "the job is sealed anew, as it is now; what is left of it reaches {audience}"
    ));
    Ok(())
}

/// Whether it was sent, or may be sent by a run: what is unknown is sent again where the vendor recognises repeats.
fn may_be_sent(one: &JobBatch) -> bool {
    match one.state {
        TargetState::Planned | TargetState::Sending => true,
        TargetState::Decided(Verdict::Unknown) => one.batch.dedupe_id.is_some(),
        TargetState::Decided(_) => false,
    }
}

fn request(one: &JobBatch) -> FiledRequest<'_> {
    let batch = &one.batch;
    FiledRequest {
        number: u64::from(batch.key.number()),
        template: batch.template,
        ids: &batch.ids,
        vars: batch.vars.as_deref(),
        dedupe_id: batch.dedupe_id.as_deref(),
    }
}

/// What the seals of a job say so far.
struct Trust {
    check: SealCheck,
    /// Whether the profile is named to go on all the same.
    is_confirmed: bool,
    /// Whether there is anything that may leave.
    is_asked: bool,
}

impl Trust {
    fn of(trip: &Trip<'_>, job: &Job) -> Self {
        let is_confirmed = trip.sending.confirm.as_deref() == Some(trip.world.name());
        Self { check: job.seal, is_confirmed, is_asked: false }
    }

    /// Takes note of one more seal. The first that does not fit decides.
    fn lower(&mut self, check: SealCheck) {
        if self.is_sealed() {
            self.check = check;
        }
    }

    fn is_sealed(&self) -> bool {
        self.check == SealCheck::Intact
    }

    fn is_given_up(&self) -> bool {
        !self.is_sealed() && !self.is_confirmed
    }

    /// Why the job does not go on.
    fn error(&self, trip: &Trip<'_>, job: &Job) -> Error {
        let (label, id) = (job.label(), job.intent.id);
        let why = match self.check {
            SealCheck::Intact | SealCheck::Broken => format!(
                "the seal of the job {label} does not fit: the job was changed since it was opened, or the secret of the profile was"
            ),
            SealCheck::Missing => format!(
                "the job {label} has no seal: an older herald opened it, or a profile without a lasting secret"
            ),
            SealCheck::NoKey => format!(
                "the job {label} cannot be proved to be unchanged: the profile has no lasting secret"
            ),
        };
        Error::new(Kind::Ledger, why).help(format!(
            "nothing was sent; look at it with `herald history show {id}`, and where it is as it should be, go on with --confirm {}",
            trip.world.name()
        ))
    }
}
