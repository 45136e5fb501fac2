//! What is left of a job in the ledger, before it goes on: it is input, like a plan.

use std::ops::ControlFlow;

use crate::broadcast::job::guard_input::{Judged, judge};
use crate::broadcast::job::inspect::{FiledRequest, Inspection, sheets};
use crate::broadcast::job::settings::JobSettings;
use crate::broadcast::job::totals::Totals;
use crate::error::{Error, ErrorKind, Result};
use crate::guard::Guard;
use crate::ledger::{
    BatchFilter, BatchSeals, Job, JobBatch, JobIntent, Ledger, Opening, TargetState,
};
use crate::outcome::Verdict;
use crate::seal::SealCheck;
use crate::send::context::SendContext;
use crate::send::guard_prompt::{PassedGuards, SaidBefore};
use crate::template::message_template::Sheet;

/// Where a job comes from, as messages name it.
const SOURCE: &str = "the job in the ledger";

/// Refuses a job whose payloads the ledger does not keep.
pub(crate) fn has_bodies(job: &Job) -> Result<()> {
    if job.templates.iter().any(|kept| kept.body.is_empty()) {
        return Err(Error::new(
            ErrorKind::Ledger,
            format!("the ledger keeps no payloads, and the job {} needs one", job.label()),
        )
        .help("send the rest as a new job: `herald history --failed --as targets`"));
    }
    Ok(())
}

/// A job that may go on.
pub(crate) struct LookedAt {
    /// The job, as it was looked at.
    pub(crate) intent: JobIntent,
    /// Guards that `--override` passed.
    pub(crate) overridden: Vec<Guard>,
}

/// Looks at every request that may still leave, and lets the guards judge them.
///
/// A job that does not bear its seal goes on only where `--confirm` names the profile. What was said to it when it was opened
/// does not count then, and it is sealed anew with what this command says.
pub(crate) fn inspect_remaining(
    context: &SendContext<'_>,
    ledger: &mut Ledger,
    job: &Job,
    settings: &JobSettings,
) -> Result<LookedAt> {
    has_bodies(job)?;
    let sheets = sheets(context, &job.templates, SOURCE)?;
    let mut trust = Trust::of(context, job);
    let (totals, seals) = inspect(context, ledger, job, (&sheets, &mut trust))?;
    let mut intent = job.intent.clone();
    if totals.requests == 0 {
        return Ok(LookedAt { intent, overridden: Vec::new() });
    }
    let before = if trust.is_sealed() {
        SaidBefore::of(settings.confirmed, &job.intent.overrides)
    } else {
        SaidBefore::default()
    };
    let judged = Judged {
        tally: &totals.tally,
        calls: totals.requests,
        name: None,
        fingerprint: None,
        before: &before,
    };
    let samples = totals.samples.with(|template| sheets[template].operation);
    let PassedGuards { overridden, confirmed } = judge(context, samples, &judged)?;
    let reaches = format!("what is left of it reaches {}", totals.tally);
    match trust.check {
        SealCheck::Intact => {}
        SealCheck::NoKey => context.env.ui.warn(&format!("the job is not sealed; {reaches}")),
        SealCheck::Broken | SealCheck::Missing => {
            let allow = context.sending.allow.clone();
            intent.settings = JobSettings { allow, confirmed, ..settings.clone() }.to_text();
            intent.overrides = overridden.iter().map(|guard| guard.word().to_owned()).collect();
            ledger.reseal_job(job, &Opening::of(&intent), &seals)?;
            let ui = &context.env.ui;
            ui.warn(&format!("the job is sealed anew, as it is now; {reaches}"));
        }
    }
    Ok(LookedAt { intent, overridden })
}

/// What the requests come to that may still leave, and the seals for those that do not bear theirs.
fn inspect(
    context: &SendContext<'_>,
    ledger: &mut Ledger,
    job: &Job,
    (sheets, trust): (&[Sheet], &mut Trust),
) -> Result<(Totals, Vec<BatchSeals>)> {
    let mut inspection = Inspection::of(context, sheets, SOURCE)?;
    if !ledger.has_all_batches(job.intent.id)? {
        trust.lower(SealCheck::Broken);
    }
    let seals_of = ledger.seals_of(job.intent.id);
    let (mut seals, mut fault) = (Vec::new(), None);
    ledger.each_batch(job.intent.id, BatchFilter::All, &mut |one| {
        if !may_be_sent(&one) {
            return ControlFlow::Continue(());
        }
        trust.lower(one.seal);
        if trust.is_given_up() {
            fault = Some(trust.error(context, job));
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
    fault.map_or(Ok((inspection.totals, seals)), Err)
}

/// Whether a run may send it: what is unknown is sent again where the vendor recognises repeats.
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
}

impl Trust {
    fn of(context: &SendContext<'_>, job: &Job) -> Self {
        let is_confirmed = context.sending.confirm.as_deref() == Some(context.app.name());
        Self { check: job.seal, is_confirmed }
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
    fn error(&self, context: &SendContext<'_>, job: &Job) -> Error {
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
        Error::new(ErrorKind::Ledger, why).help(format!(
            "nothing was sent; look at it with `herald history show {id}`, and where it is as it should be, go on with --confirm {}",
            context.app.name()
        ))
    }
}
