//! What people do about jobs afterwards: decide on what is unknown, and look into what the vendor said.

use uuid::Uuid;

use super::super::{Ledger, Resolution};
use super::{BatchKey, TargetState};
use crate::error::{Error, Result};

/// How much of a job was decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Batches that were unknown.
    pub batches: u64,
    /// Targets in them that were.
    pub targets: u64,
}

/// What a vendor said, and to how many targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// What became of them.
    pub state: TargetState,
    /// The vendor's code.
    pub code: Option<String>,
    /// The vendor's message.
    pub message: Option<String>,
    /// How many targets.
    pub targets: u64,
}

impl Ledger {
    /// Records what a person found out about batches of a job that are unknown: about one of them, or about all.
    pub fn resolve_job(
        &mut self,
        job: Uuid,
        only: Option<BatchKey>,
        resolution: &Resolution,
    ) -> Result<Settled> {
        let found = self.job(job)?;
        // What a dead owner had begun is unknown from now on, whoever claims the job later.
        let dead = found.owner.as_deref().filter(|_| !found.state.is_at_work());
        let settled = self.store.resolve_job(job, only, dead, resolution)?;
        if settled.batches > 0 {
            return Ok(settled);
        }
        let what = if only.is_some() { "that request of the job" } else { "nothing of the job" };
        let verb = if only.is_some() { "is not" } else { "is" };
        Err(Error::usage(format!("{what} {} {verb} unknown", found.label()))
            .help("only what is unknown is resolved, and only once"))
    }

    /// What the vendor said to how many targets of a job, the commonest first.
    pub fn codes(&mut self, job: Uuid) -> Result<Vec<Code>> {
        self.store.codes(job)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::job::tests::{audit, begin, end, fates, job_intent, opened, planned};
    use crate::ledger::tests::{NOW, ending};
    use crate::ledger::{BatchChange, Bodies, Ending, JobState, ResolvedAs};
    use crate::outcome::{TargetResult, Verdict};

    fn decision(resolved: ResolvedAs) -> Resolution {
        Resolution { resolved, note: None, by: Some("ann".to_owned()), resolved_ms: NOW }
    }

    fn told(target: &str, verdict: Verdict, code: &str) -> TargetResult {
        let code = Some(code.to_owned());
        TargetResult { target: target.to_owned(), verdict, id: None, code, message: None }
    }

    /// Three requests: one of which nothing is known, one in part, one whose owner is gone.
    fn unknown() -> (Ledger, Uuid, Vec<BatchKey>) {
        let mut ledger = Ledger::in_memory(NOW).unwrap();
        let job = job_intent(1).id;
        let batches =
            [planned(&["a", "b"]), planned(&["c", "d"]), planned(&["e"]), planned(&["f"])];
        opened(&mut ledger, &job_intent(1), &batches);
        ledger.claim_job(job, NOW).unwrap();
        let keys: Vec<_> =
            ledger.next_batches(job, None, 9).unwrap().iter().map(|batch| batch.key).collect();
        let begins: Vec<BatchChange> = keys[..3].iter().copied().map(begin).collect();
        ledger.commit(job, &begins).unwrap();
        let targets = vec![told("c", Verdict::Rejected, "7")];
        let part = Ending { targets, code: Some("9".to_owned()), ..ending(Verdict::Unknown) };
        let ends =
            [end(keys[0], Verdict::Unknown), BatchChange::End { batch: keys[1], ending: part }];
        ledger.commit(job, &ends).unwrap();
        ledger.release_job(job, NOW).unwrap();
        (ledger, job, keys)
    }

    #[test]
    fn a_decision_is_about_what_is_unknown_and_is_made_once() {
        for (resolved, word) in
            [(ResolvedAs::Accepted, "accepted"), (ResolvedAs::NotAccepted, "unavailable")]
        {
            let (mut ledger, job, _) = unknown();
            let settled = ledger.resolve_job(job, None, &decision(resolved)).unwrap();
            assert_eq!(settled, Settled { batches: 3, targets: 4 });
            let fates = fates(&mut ledger, job);
            assert_eq!(
                fates[2..],
                ["c rejected", &format!("d {word}"), &format!("e {word}"), "f planned"]
            );
            audit(&mut ledger, job);
            let error = ledger.resolve_job(job, None, &decision(resolved)).unwrap_err();
            assert_eq!(error.to_string(), "nothing of the job spring is unknown");
        }
    }

    #[test]
    fn a_decision_can_be_about_one_request() {
        let (mut ledger, job, keys) = unknown();
        let accepted = decision(ResolvedAs::Accepted);
        let settled = ledger.resolve_job(job, Some(keys[0]), &accepted).unwrap();
        assert_eq!(settled, Settled { batches: 1, targets: 2 });
        assert_eq!(fates(&mut ledger, job)[..3], ["a accepted", "b accepted", "c rejected"]);
        audit(&mut ledger, job);
        let error = ledger.resolve_job(job, Some(keys[3]), &accepted).unwrap_err();
        assert_eq!(error.to_string(), "that request of the job spring is not unknown");
        assert_eq!(ledger.job(job).unwrap().state, JobState::Interrupted);
    }

    #[test]
    fn codes_are_told_with_how_many_they_were_said_to() {
        let (mut ledger, job, _) = unknown();
        let told: Vec<(&str, Option<String>, u64)> = ledger
            .codes(job)
            .unwrap()
            .into_iter()
            .map(|code| (code.state.word(), code.code, code.targets))
            .collect();
        assert_eq!(
            told,
            [
                ("unknown", None, 3),
                ("rejected", Some("7".to_owned()), 1),
                ("unknown", Some("9".to_owned()), 1),
            ]
        );
    }

    #[test]
    fn digests_keep_no_payload_but_the_process_that_planned_has_it_in_hand() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("ledger.db");
        let job = job_intent(1).id;
        let mut own = Ledger::open(&path, NOW).unwrap().keep(Bodies::Digested);
        let with_vars = super::super::PlannedBatch {
            vars: Some(r#"{"name":"Ann Secret"}"#.to_owned()),
            ..planned(&["a"])
        };
        opened(&mut own, &job_intent(1), &[with_vars]);
        let claim = own.claim_job(job, NOW).unwrap();
        assert_eq!(claim.job.templates[0].body, r#"{"text":"hi"}"#);
        let batch = own.next_batches(job, None, 1).unwrap().remove(0);
        assert!(batch.vars.is_some());
        own.commit(job, &[begin(batch.key)]).unwrap();
        own.commit(job, &[end(batch.key, Verdict::Accepted)]).unwrap();
        own.release_job(job, NOW).unwrap();
        let mut other = Ledger::open(&path, NOW).unwrap();
        assert_eq!(other.job(job).unwrap().templates[0].body, "");
        assert_eq!(other.batch(job, batch.key).unwrap().unwrap().batch.vars, None);
    }
}
