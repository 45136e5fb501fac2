//! Inspects what is left of a job in the ledger before it is resumed. The ledger is untrusted input, like a plan.

use std::ops::ControlFlow;

use crate::broadcast::job::guard_check::{GuardedJob, override_words, pass_guards};
use crate::broadcast::job::inspect::{Inspection, StoredRequest, sheets_of};
use crate::broadcast::job::settings::JobSettings;
use crate::broadcast::job::totals::Totals;
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::{
    Batch, BatchFilter, BatchSeals, Job, JobBatch, JobIntent, JobTemplate, Ledger, NotAccepted,
    Opening, TargetState,
};
use crate::outcome::Verdict;
use crate::provider::find_operation;
use crate::seal::SealCheck;
use crate::send::context::SendContext;
use crate::send::guard_prompt::{EarlierConsent, PassedGuards};
use crate::send::interruptible_io::{heed, stopped};
use crate::template::message_template::MessageTemplate;
use crate::template::own_payload;
use crate::text::suggest;

/// The source of the requests in messages.
const LEDGER_SOURCE: &str = "the job in the ledger";

/// After how many batches herald looks whether the user asks to stop.
const LOOK_EVERY: u32 = 32;

/// Fails where the ledger does not have the payloads of a job.
pub(crate) fn check_bodies(job: &Job) -> Result<()> {
    let lacks_one = |template: &JobTemplate| {
        template.body.is_empty() && template.slot.as_deref() != Some(own_payload::SLOT)
    };
    if job.templates.iter().any(lacks_one) {
        return Err(Error::new(
            ErrorKind::Ledger,
            format!("the ledger keeps no payloads, and the job {} needs one", job.label()),
        )
        .help("send the rest as a new job: `herald history --failed --as targets`"));
    }
    Ok(())
}

/// Whether the ledger has all that a later run needs to send the rest of a job.
pub(crate) fn can_be_resumed(job: &Job) -> bool {
    let is_readable = |template: &JobTemplate| {
        find_operation(&format!("{}/{}", job.intent.provider, template.operation))
            .is_ok_and(|(_, operation)| MessageTemplate::of(template, operation).is_ok())
    };
    check_bodies(job).is_ok()
        && JobSettings::parse(&job.intent.settings).is_ok_and(|settings| !settings.holds_secrets)
        && job.templates.iter().all(is_readable)
}

/// A job that may be resumed.
pub(crate) struct InspectedJob {
    /// The job, as it was inspected.
    pub(crate) intent: JobIntent,
    /// Guards that this command overrode.
    pub(crate) overridden: Vec<String>,
}

/// Inspects every request that may still be sent, and asks the guards about them.
///
/// A job whose seal is not intact is resumed only where `--confirm` names the profile. Confirmations and overrides from
/// when it was opened do not count then, and the job is sealed again with those of this command.
pub(crate) fn inspect_remaining(
    context: &SendContext<'_>,
    ledger: &mut Ledger,
    (job, again): (&Job, &[NotAccepted]),
    settings: &JobSettings,
) -> Result<InspectedJob> {
    check_bodies(job)?;
    let sheets = sheets_of(context, &job.templates, LEDGER_SOURCE)?;
    let mut trust = SealTrust::of(context, job);
    let (totals, seals) = inspect(context, ledger, (job, again), (&sheets, &mut trust))?;
    let mut intent = job.intent.clone();
    if totals.requests == 0 {
        return Ok(InspectedJob { intent, overridden: Vec::new() });
    }
    let before = if trust.is_sealed() {
        EarlierConsent::of(settings.confirmed, &job.intent.overrides)
    } else {
        EarlierConsent::default()
    };
    let guarded = GuardedJob {
        audience: &totals.audience,
        calls: totals.requests,
        name: None,
        fingerprint: None,
        before: &before,
    };
    let samples = totals.samples.with_operations(|template| sheets[template].operation);
    let PassedGuards { overridden, confirmed } = pass_guards(context, samples, &guarded)?;
    let overridden = override_words(&overridden);
    let reaches = format!("what is left of it reaches {}", totals.audience);
    match trust.check {
        SealCheck::Intact => {}
        SealCheck::NoKey => context.env.ui.warn(&format!("the job is not sealed; {reaches}")),
        SealCheck::Broken | SealCheck::Missing => {
            let allow = context.sending.allow.clone();
            intent.settings = JobSettings { allow, confirmed, ..settings.clone() }.to_text();
            intent.overrides.clone_from(&overridden);
            ledger.reseal_job(job, &Opening::of(&intent), &seals)?;
            let ui = &context.env.ui;
            ui.warn(&format!("the job is sealed anew, as it is now; {reaches}"));
        }
    }
    Ok(InspectedJob { intent, overridden })
}

/// The totals of the requests that may still be sent, and new seals for those whose seal is not intact.
fn inspect(
    context: &SendContext<'_>,
    ledger: &mut Ledger,
    (job, again): (&Job, &[NotAccepted]),
    (sheets, trust): (&[MessageTemplate], &mut SealTrust),
) -> Result<(Totals, Vec<BatchSeals>)> {
    let mut inspection = Inspection::new(context, sheets, LEDGER_SOURCE)?;
    if !ledger.has_all_batches(job.intent.id)? {
        trust.note(SealCheck::Broken);
    }
    let seals_of = ledger.seals_of(job.intent.id);
    let (mut seals, mut fault) = (Vec::new(), None);
    ledger.each_batch(job.intent.id, BatchFilter::All, &mut |one| {
        if !may_be_sent(&one) {
            return ControlFlow::Continue(());
        }
        // A look costs more than a batch.
        let looks = one.batch.key.number() % LOOK_EVERY == 0;
        if let Some(Err(stop)) = context.listens.filter(|_| looks).map(heed) {
            fault = Some(stopped(stop, "while what is left was checked"));
            return ControlFlow::Break(());
        }
        trust.note(one.seal);
        if trust.is_given_up() {
            fault = Some(trust.error(context, job));
            return ControlFlow::Break(());
        }
        if one.seal != SealCheck::Intact {
            seals.extend(seals_of(&one.batch));
        }
        match inspection.add(stored(&one.batch)) {
            Ok(_) => ControlFlow::Continue(()),
            Err(error) => {
                fault = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    if let Some(fault) = fault {
        return Err(fault);
    }
    for NotAccepted { batch, seal, targets } in again {
        trust.note(*seal);
        if trust.is_given_up() {
            return Err(trust.error(context, job));
        }
        if *seal != SealCheck::Intact {
            seals.extend(seals_of(batch));
        }
        inspection.add(StoredRequest { ids: targets, dedupe_id: None, ..stored(batch) })?;
    }
    Ok((inspection.totals, seals))
}

/// Whether a run may send a batch. One with an unknown outcome is sent again where the vendor recognises repeats.
fn may_be_sent(one: &JobBatch) -> bool {
    match one.state {
        TargetState::Planned | TargetState::Sending => true,
        TargetState::Decided(Verdict::Unknown) => one.batch.dedupe_id.is_some(),
        TargetState::Decided(_) => false,
    }
}

fn stored(batch: &Batch) -> StoredRequest<'_> {
    StoredRequest {
        number: u64::from(batch.key.number()),
        template: batch.template,
        ids: &batch.ids,
        vars: batch.vars.as_deref(),
        dedupe_id: batch.dedupe_id.as_deref(),
    }
}

/// Whether the data of a job can be trusted.
struct SealTrust {
    /// The first seal that is not intact, if there is one.
    check: SealCheck,
    /// Whether `--confirm` names the profile.
    is_confirmed: bool,
}

impl SealTrust {
    fn of(context: &SendContext<'_>, job: &Job) -> Self {
        let is_confirmed = context.sending.confirm.as_deref() == Some(context.app.name());
        Self { check: job.seal, is_confirmed }
    }

    /// Notes the check of one more seal.
    fn note(&mut self, check: SealCheck) {
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

    /// Why the job is not resumed.
    fn error(&self, context: &SendContext<'_>, job: &Job) -> Error {
        let label = job.label();
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
        let resume =
            suggest("broadcast --resume").arg(&label).words("--confirm").arg(context.app.name());
        Error::new(ErrorKind::Ledger, why).help(format!(
            "nothing was sent; look at it with {}, and where it is as it should be, go on with {resume}",
            suggest("history show").arg(&label),
        ))
    }
}
