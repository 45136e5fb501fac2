//! What herald advises about unknown outcomes: of each operation of each provider, it is true and it can be done.

use std::time::Duration;

use herald::contract::{Effect, Operation};
use herald::ledger::{
    Ending, EntryContent, EntryIntent, EntryReach, EntryRoute, EntryTimes, Ledger, Preconditions,
    Realm,
};
use herald::outcome::Verdict;
use herald::provider;
use serde_json::Value;
use uuid::Uuid;

use crate::history::plant_of;
use crate::suggestions::{paste, suggested};
use crate::support::{Run, World, short_id};

/// Long ago, whatever the clock says.
const NOW: i64 = 1_000_000_000_000;

/// Plants an entry of the sandbox with an unknown outcome. Its id.
fn plant_unknown(ledger: &mut Ledger, provider: &str, operation: &Operation) -> String {
    let verb = operation.verbs.first().map_or("call", |verb| verb.word());
    let intent = EntryIntent {
        id: Uuid::now_v7(),
        parent: None,
        overrides: Vec::new(),
        route: EntryRoute {
            realm: Realm::Sandbox,
            provider: provider.to_owned(),
            operation: operation.id.to_owned(),
            profile: None,
            app: "app".to_owned(),
            endpoint: "https://sandbox.invalid".to_owned(),
        },
        content: EntryContent {
            verb: verb.to_owned(),
            effect: operation.effect,
            body: r#"{"sender":"ops"}"#.to_owned(),
            fingerprint: None,
            dedupe_id: None,
        },
        reach: EntryReach { sender: None, audience: "user:u1".to_owned(), target_count: Some(1) },
        times: EntryTimes { created_ms: NOW, deadline_ms: NOW, recall_until_ms: None },
    };
    let ending = Ending {
        finished_ms: NOW,
        elapsed_ms: 1,
        attempts: 1,
        verdict: Verdict::Unknown,
        http_status: None,
        code: None,
        message: None,
        ids: Vec::new(),
        targets: Vec::new(),
    };
    ledger.begin(&intent, &Preconditions::NONE).expect("an entry");
    ledger.finish(intent.id, &ending, None).expect("its end");
    intent.id.to_string()
}

fn ledger(world: &World) -> Ledger {
    let path = world.path(".local/state/herald/ledger.db");
    Ledger::open(&path, NOW, Duration::MAX).expect("a ledger")
}

/// A suggestion has to end in an answer: done, or not known even now.
#[track_caller]
fn answers(world: &World, line: &str, about: &str) -> Run {
    let run = paste(world, line);
    assert!(matches!(run.code, 0 | 8), "{about} suggests `{line}`: {run:?}");
    run
}

fn advice(shown: &Value) -> String {
    shown["advice"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn of_each_operation_an_unknown_outcome_is_settled_as_its_advice_says() {
    let (mut settled, mut checked) = (0, 0);
    for vendor in provider::ALL {
        let contract = vendor.contract();
        let world = World::new();
        let acts = |operation: &&Operation| operation.effect != Effect::Reads;
        let all: Vec<(&Operation, String)> = {
            let mut ledger = ledger(&world);
            let plant = |operation| (operation, plant_unknown(&mut ledger, contract.id, operation));
            contract.operations.iter().filter(acts).map(plant).collect()
        };
        for (operation, id) in all {
            let about = format!("{}/{}", contract.id, operation.id);
            let show = ["history", "show", &id, "--sandbox", "--output", "json"];
            let advice = advice(&world.run(&show).ends_with(0).json());
            // What may be done again needs nobody who settles it.
            assert_eq!(!advice.is_empty(), operation.is_held_back(), "{about}: {advice}");
            let lines = suggested(&advice);
            let checks = lines.iter().any(|line| line.contains(" --check"));
            if operation.is_held_back() {
                let decide = format!("history resolve {} --accepted", short_id(&id));
                assert!(lines.iter().any(|line| line.starts_with(&decide)), "{about}: {advice}");
                settled += 1;
            }
            let check = ["history", "resolve", &id, "--check", "--sandbox"];
            let asked = world.run(&check);
            assert_eq!(
                asked.code != 2 && operation.is_held_back(),
                checks || {
                    // Another profile can, and then the advice is a form.
                    advice.contains("--check --profile ADMINISTRATION`") && asked.code != 2
                },
                "{about}: {advice} {asked:?}"
            );
            checked += usize::from(checks);
            for line in lines {
                answers(&world, line, &about);
            }
        }
    }
    assert!(settled > 60 && checked >= 3, "{settled} {checked}");
}

#[test]
fn of_each_operation_that_sends_an_unknown_job_is_settled_as_its_advice_says() {
    for vendor in provider::ALL {
        let contract = vendor.contract();
        let world = World::new();
        for operation in contract.operations.iter().filter(|one| one.sends()) {
            let about = format!("{}/{}", contract.id, operation.id);
            let place = (Realm::Sandbox, contract.id, operation.id);
            plant_of(&world, place, operation.id, &[Verdict::Accepted, Verdict::Unknown]);
            let show = ["history", "show", operation.id, "--sandbox", "--output", "json"];
            let advice = advice(&world.run(&show).ends_with(0).json());
            assert_eq!(!advice.is_empty(), operation.is_held_back(), "{about}: {advice}");
            for line in suggested(&advice) {
                // One unknown request has an id in this job, and is not looked for.
                let run = paste(&world, line);
                let is_told = run.code == 2 && run.err.contains("nothing of the job");
                assert!(matches!(run.code, 0 | 8) || is_told, "{about}: `{line}`: {run:?}");
            }
        }
    }
}
