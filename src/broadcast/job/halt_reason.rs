//! Why a run of a job ended before all was done: in words, as one word for scripts, and as one of the ends of a job.

use uuid::Uuid;

use crate::broadcast::ports::RunReport;
use crate::error::{ErrorKind, Result};
use crate::ledger::{JobEnd, Ledger};
use crate::outcome::Outcome;
use crate::send::app::hidden;
use crate::send::context::SendContext;
use crate::send::executor::Halt;
use crate::send::guard_prompt;

/// Leaves a job: the ledger keeps how its run ended, and why.
pub(crate) fn end_job(
    context: &SendContext<'_>,
    ledger: &mut Ledger,
    job: Uuid,
    report: &RunReport,
) -> Result<()> {
    // What a server repeats of the credentials is not kept.
    let why = reason(report, ledger).map(|why| hidden(&context.app.redactor, &why));
    ledger.end_job(job, context.env.system.now_ms(), job_end(report), why.as_deref())
}

/// Why a run ended before all was done, in words for people; `None` where it did not.
fn reason(report: &RunReport, ledger: &Ledger) -> Option<String> {
    match &report.halt {
        Some(halt) => Some(halt_reason(halt, report.last.as_ref(), ledger)),
        None if job_end(report) == JobEnd::Finished => None,
        None => report.last.as_ref().map(Outcome::why),
    }
}

/// What halted a run, in words for people.
pub(crate) fn halt_reason(halt: &Halt, last: Option<&Outcome>, ledger: &Ledger) -> String {
    match halt {
        Halt::Asked => "stopped by `stop`".to_owned(),
        Halt::Signal(stop) => stop.word().to_owned(),
        Halt::Deadline => match last.and_then(|last| last.failure.as_ref()) {
            Some(failure) => {
                format!("the deadline has passed; the last attempt: {}", failure.words())
            }
            None => "the deadline has passed".to_owned(),
        },
        Halt::RateLimit(wait) => format!(
            "the vendor's rate limit allows the next request in {:.0} s, which is after the deadline",
            wait.as_secs_f64().ceil()
        ),
        Halt::Denied => "the vendor refuses the credentials or the permission".to_owned(),
        Halt::Silence => match last.and_then(|last| last.failure.as_ref()) {
            Some(failure) => failure.words(),
            None => "the server fails without saying what it did".to_owned(),
        },
        Halt::Unreachable(why) => why.clone(),
        Halt::Redirected => "the endpoint sends requests elsewhere".to_owned(),
        Halt::Failures { failed, of } => {
            format!("{failed} of {of} targets failed, more than --abort-above allows")
        }
        Halt::Payload => "the vendor rejects the payload, for every target".to_owned(),
        Halt::Throttled => "the vendor takes no more requests for now".to_owned(),
        Halt::NoRoom => match ledger.no_room() {
            Some(why) => format!("there is no room for the ledger: {why}"),
            None => "there is no room for the ledger".to_owned(),
        },
        Halt::Quota => {
            "the guard `quota` refuses the rest: the vendor takes no more calls for now; \
                        --override quota continues anyway"
                .to_owned()
        }
        Halt::Fault(error) => error.to_string(),
    }
}

/// The words of [`halt_word`], and what they mean. A guard that halts a run is told by its own name.
pub(crate) const HALT_WORDS: [(&str, &str); 13] = [
    ("stopped", "`stop` stopped the job; --resume continues it"),
    ("interrupted", "a signal, as of Ctrl-C, stopped the run; --resume continues the job"),
    (
        "terminated",
        "a signal, as of a service manager, stopped the run; --resume continues the job",
    ),
    ("deadline", "the time of --deadline was over; --resume continues the job"),
    ("denied", "the vendor refused the credentials or the permission, and so refuses each request"),
    ("silence", "too many requests one after the other had no answer"),
    ("unreachable", "no connection to the vendor could be made"),
    ("redirected", "the endpoint redirects requests, and herald does not follow"),
    ("abort-above", "a larger share of the requests failed than --abort-above allows"),
    ("payload", "the vendor refused the payload, which is the same for all targets"),
    ("throttled", "the vendor's rate limit left no room for the next request"),
    ("disk-full", "the ledger's disk has no room, and nothing is sent that cannot be recorded"),
    ("fault", "an error of herald or of the system, which is told beside it"),
];

/// Why a run ended early, as one word for scripts.
pub(crate) fn halt_word(halt: &Halt) -> &str {
    match halt {
        Halt::Asked => "stopped",
        Halt::Signal(stop) => stop.kind().word(),
        Halt::Deadline | Halt::RateLimit(_) => "deadline",
        Halt::Denied => "denied",
        Halt::Silence => "silence",
        Halt::Unreachable(_) => "unreachable",
        Halt::Redirected => "redirected",
        Halt::Failures { .. } => "abort-above",
        Halt::Payload => "payload",
        Halt::Throttled => "throttled",
        Halt::NoRoom => "disk-full",
        Halt::Quota => "quota",
        Halt::Fault(error) => guard_prompt::halts(error).unwrap_or("fault"),
    }
}

/// How a run ended, for the ledger and for scripts. Where targets are left although nothing halted it, the vendor took
/// them for now in no attempt: it is down.
pub(crate) fn job_end(report: &RunReport) -> JobEnd {
    let is_unanswered = report.last.as_ref().is_some_and(|last| last.failure.is_some());
    let is_left = report.tally.decided() < report.tally.total;
    match &report.halt {
        None if is_left || report.tally.unavailable > 0 => JobEnd::VendorDown,
        None => JobEnd::Finished,
        Some(Halt::Asked) => JobEnd::Stopped,
        Some(Halt::Deadline) if is_unanswered => JobEnd::VendorDown,
        Some(Halt::Signal(_) | Halt::Deadline | Halt::RateLimit(_)) => JobEnd::Interrupted,
        Some(Halt::Silence | Halt::Unreachable(_) | Halt::Throttled) => JobEnd::VendorDown,
        Some(Halt::Quota) => JobEnd::Guard,
        Some(Halt::Fault(error)) if guard_prompt::halts(error).is_some() => JobEnd::Guard,
        Some(Halt::Fault(error)) if error.kind().is_of_a_signal() => JobEnd::Interrupted,
        Some(Halt::Fault(error)) if error.kind() == ErrorKind::Unavailable => JobEnd::VendorDown,
        Some(
            Halt::Denied
            | Halt::Redirected
            | Halt::Failures { .. }
            | Halt::Payload
            | Halt::NoRoom
            | Halt::Fault(_),
        ) => JobEnd::Aborted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broadcast::counts::TargetCounts;
    use crate::error::Error;
    use crate::guard::Guard;
    use crate::net::Stop;

    #[test]
    fn each_reason_of_a_halt_is_one_of_six_ends() {
        let fault = |kind| Halt::Fault(Error::new(kind, "why"));
        let table = [
            (None, "finished"),
            (Some(Halt::Asked), "stopped"),
            (Some(Halt::Signal(Stop::Terminated)), "interrupted"),
            (Some(Halt::Deadline), "interrupted"),
            (Some(Halt::Silence), "vendor-down"),
            (Some(Halt::Unreachable(String::new())), "vendor-down"),
            (Some(Halt::Throttled), "vendor-down"),
            (Some(Halt::Denied), "aborted"),
            (Some(Halt::Redirected), "aborted"),
            (Some(Halt::Failures { failed: 2, of: 3 }), "aborted"),
            (Some(Halt::Payload), "aborted"),
            (Some(Halt::NoRoom), "aborted"),
            (Some(fault(ErrorKind::Ledger)), "aborted"),
            (Some(fault(ErrorKind::Interrupted)), "interrupted"),
            (Some(fault(ErrorKind::Unavailable)), "vendor-down"),
            (Some(Halt::Quota), "guard"),
        ];
        for (halt, word) in table {
            let (tally, unkept) = (TargetCounts::default(), Vec::new());
            let report = RunReport { tally, halt, requests: 1, last: None, unkept };
            assert_eq!(job_end(&report).word(), word, "{report:?}");
            let is_explained = |halt: &Halt| {
                let word = halt_word(halt);
                Guard::parse(word).is_ok() || HALT_WORDS.iter().any(|(known, _)| *known == word)
            };
            assert!(report.halt.as_ref().is_none_or(is_explained), "{report:?}");
        }
    }
}
