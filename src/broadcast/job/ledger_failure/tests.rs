use uuid::Uuid;

use super::*;
use crate::broadcast::counts::TargetCounts;
use crate::contract::Effect;
use crate::ledger::{JobIntent, JobTemplate, Ledger, Opening, PlannedBatch, Realm};

/// A job of four targets, where one got the message in an earlier run; or of one request to everybody.
fn claimed(ids: &[&str]) -> Job {
    let mut ledger = Ledger::in_memory(0).expect("room in memory");
    let intent = JobIntent {
        id: Uuid::now_v7(),
        realm: Realm::Real,
        created_ms: 0,
        name: None,
        verb: String::new(),
        provider: String::new(),
        profile: None,
        app: String::new(),
        endpoint: String::new(),
        audience: String::new(),
        overrides: Vec::new(),
        settings: String::new(),
        fingerprint: String::new(),
    };
    let template = JobTemplate {
        operation: String::new(),
        effect: Effect::Sends,
        kind: None,
        sender: None,
        body: "{}".to_owned(),
        slot: None,
        recall_seconds: None,
    };
    ledger.plan_job(&intent).expect("a job");
    ledger.plan_template(intent.id, &template).expect("a template");
    let ids = ids.iter().map(|id| (*id).to_owned()).collect();
    let batch = PlannedBatch { template: 0, ids, vars: None };
    ledger.plan_batches(intent.id, &[batch]).expect("a batch");
    ledger.open_job(intent.id, &Opening::of(&intent), None).expect("an open job");
    ledger.claim_job(intent.id, 0).expect("a claim").job
}

#[test]
fn what_a_ledger_no_longer_tells_is_unknown_where_it_may_have_arrived() {
    let report =
        |tally| RunReport { tally, halt: None, requests: 1, last: None, unkept: Vec::new() };
    let mut job = claimed(&["a", "b", "c", "d"]);
    job.targets = Counts { accepted: 1, planned: 3, ..Counts::default() };
    let tally = TargetCounts { total: 4, accepted: 2, rejected: 1, ..TargetCounts::default() };
    let told = with_unknown_counts(job, &report(tally)).targets;
    let wanted = Counts { accepted: 1, rejected: 1, unknown: 1, planned: 1, ..Counts::default() };
    assert_eq!(told, wanted);
    let everybody = claimed(&[]);
    let tally = TargetCounts { total: 1, accepted: 1, ..TargetCounts::default() };
    let told = with_unknown_counts(everybody, &report(tally));
    assert_eq!((told.batches.unknown, told.batches.planned), (1, 0));
    let nothing = TargetCounts { total: 1, ..TargetCounts::default() };
    let told = with_unknown_counts(claimed(&["a"]), &report(nothing));
    assert_eq!((told.targets.unknown, told.targets.planned), (0, 1));
}
