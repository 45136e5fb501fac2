//! What the user can do after a run of a job: commands to paste, each on a line of its own, and advice.

use crate::broadcast::job::ledger_failure::halted_by_ledger;
use crate::broadcast::job::remaining::can_be_resumed;
use crate::broadcast::ports::RunReport;
use crate::contract::Verb;
use crate::ledger::{Job, JobState};
use crate::net;
use crate::outcome::{Outcome, Verdict};
use crate::provider::find_operation;
use crate::report::{Ui, completed, completed_line, counted};
use crate::send::executor::Halt;
use crate::send::followed::is_repeatable;
use crate::send::settle_unknown::{job_advice, job_check};
use crate::text::{SuggestedCommand, escape, suggest};

/// What can be done next.
#[derive(Debug, Default)]
pub(crate) struct NextSteps {
    /// What each command is for, and the command.
    commands: Vec<(String, SuggestedCommand)>,
    /// Sentences.
    advice: Vec<String>,
}

impl NextSteps {
    /// After this run of a job. `out_of_reach`: what is done about the targets for which no request could be made.
    pub(crate) fn after(job: &Job, report: &RunReport, out_of_reach: Option<String>) -> Self {
        let (mut steps, counts) = (Self::default(), job.counts());
        let (id, resume) = (job.label(), job.resume_command());
        let can_be_resumed = can_be_resumed(job);
        let goes_on = job.state != JobState::Finished && !halted_by_ledger(report);
        if counts.planned > 0 && goes_on && can_be_resumed {
            match &report.halt {
                Some(Halt::Failures { failed, of }) => {
                    // The next whole percent above the share that failed.
                    let share = failed.saturating_mul(100) / of.max(&1) + 1;
                    let resume = resume.words("--abort-above").arg(format!("{}%", share.min(100)));
                    steps.add("to continue anyway", resume);
                }
                Some(Halt::Quota) => {
                    steps.add("to continue anyway", resume.words("--override quota"));
                }
                _ => steps.add("to continue", resume),
            }
        }
        let failed = counts.rejected + counts.unavailable;
        if job.targets.total() > 0 && (failed > 0 || counts.planned > 0 && !can_be_resumed) {
            let list = suggest("history --job").arg(&id).words("--failed --as targets");
            // The list has nothing of what a resume sends, so both together reach each target once.
            let then = if steps.commands.is_empty() { "" } else { "then, " };
            steps.add(&format!("{then}to list who failed"), list);
        }
        if counts.unknown > 0 {
            steps.advice.extend(same_command_again(job, counts.unknown));
            if report.requests == 0 && counts.planned == 0 {
                steps.advice.push(format!(
                    "only unknown is open ({}): --resume does not send that again",
                    counted(counts.unknown, "target")
                ));
            }
            if let Some(settle) = job_check(job) {
                steps.add(&format!("to settle {} unknown", counts.unknown), settle);
            } else {
                let show = suggest("history show").arg(&id);
                steps.add(&format!("to see {} unknown", counts.unknown), show);
                steps.advice.extend(job_advice(job));
            }
        }
        steps.advice.extend(out_of_reach);
        steps.advice.extend(lost_in_crash(job, report));
        let last = report.last.as_ref().filter(|_| counts.accepted != counts.total());
        steps.advice.extend(last.and_then(|last| outcome_advice(job, last)));
        steps
    }

    fn add(&mut self, what: &str, command: SuggestedCommand) {
        self.commands.push((what.to_owned(), command));
    }

    /// Tells people, unless `-q` is set: the commands below each other.
    pub(crate) fn tell(&self, ui: &Ui) {
        for advice in &self.advice {
            ui.remark(&escape(advice));
        }
        let width = self.commands.iter().map(|(what, _)| what.len() + 1).max().unwrap_or_default();
        for (what, command) in &self.commands {
            let command = completed_line(&command.clone().into_line());
            ui.remark(&format!("{:width$} {command}", format!("{what}:")));
        }
    }

    /// All of it as one text, for scripts. `None` if there is nothing to do.
    pub(crate) fn text(&self) -> Option<String> {
        let commands = self.commands.iter().map(|(what, command)| format!("{what}: {command}"));
        let parts: Vec<String> = commands.chain(self.advice.iter().cloned()).collect();
        (!parts.is_empty()).then(|| completed(&parts.join("; ")))
    }
}

/// What `accepted` is worth where a server that queues went away.
fn lost_in_crash(job: &Job, report: &RunReport) -> Option<String> {
    let is_gone = matches!(report.halt, Some(Halt::Silence | Halt::Unreachable(_)))
        || report.last.as_ref().is_some_and(|last| last.failure.is_some());
    if !is_gone || job.counts().accepted == 0 {
        return None;
    }
    let queued = operation(job)?.queued.filter(|queued| queued.volatile)?;
    Some(queued.words.to_string().trim_end_matches('.').to_owned())
}

/// What `--resume` and the same command do with what is unknown of a job that follows up on messages.
fn same_command_again(job: &Job, unknown: u64) -> Option<String> {
    let verb = Verb::follow_up(&job.intent.verb)?.word();
    let count = counted(unknown, "target");
    Some(match is_repeatable(operation(job)?) {
        true => format!(
            "--resume leaves {count} unknown; the same `{verb}` without --resume repeats it for them: that changes nothing more, by the vendor's contract"
        ),
        false => format!(
            "--resume and the same `{verb}` leave {count} unknown: a repeat is not free of effect, by the vendor's contract"
        ),
    })
}

/// The operation of the first request.
fn operation(job: &Job) -> Option<&'static crate::contract::Operation> {
    let operation = &job.templates.first()?.operation;
    Some(find_operation(&format!("{}/{operation}", job.intent.provider)).ok()?.1)
}

/// What the user can do about the outcome of one request, as far as the steps do not say it.
fn outcome_advice(job: &Job, last: &Outcome) -> Option<String> {
    // The general advice may say that nothing was sent, which may be wrong for the job. So take that of the cause.
    if let Some(failure) = last.failure.as_ref().filter(|failure| failure.is_before_sending()) {
        return Some(failure.advice().to_owned());
    }
    let advice = last.advice.clone()?;
    if last.verdict != Verdict::Unknown {
        return Some(advice);
    }
    // How to find out is a step. A repeat that does no harm is none.
    let Some(of) = operation(job).filter(|of| of.is_held_back()) else { return Some(advice) };
    let doubt = net::doubt_advice(of);
    let rest = advice.replace(&doubt, "").replace(net::SETTLE, "").replace("; .", ".");
    let rest = rest.trim().trim_matches(['.', ';', ' ']).to_owned();
    (!rest.is_empty()).then_some(rest)
}
