//! What herald advises about unknown outcomes: of each operation of each provider, it is true and it can be done.

use std::time::Duration;

use herald::contract::{Contract, DoubtfulMessage, Effect, Operation, Retry, Verb};
use herald::ledger::{
    Ending, EntryContent, EntryIntent, EntryReach, EntryRoute, EntryTimes, Filter, Ledger,
    Preconditions, Realm,
};
use herald::net::decide;
use herald::outcome::{Class, Verdict};
use herald::provider;
use herald::wire::{Exchange, Failure, Phase, Reply};
use serde_json::Value;
use uuid::Uuid;

use crate::history::plant_of;
use crate::suggestions::{paste, suggested};
use crate::support::{Run, World, short_id};

/// A payload that names no target.
const BODY: &str = r#"{"sender":"ops"}"#;

/// Long ago, whatever the clock says.
const NOW: i64 = 1_000_000_000_000;

/// Plants an entry with an unknown outcome that went there, with its payload and these ids of the vendor. Its id.
pub(crate) fn plant_unknown(
    ledger: &mut Ledger,
    route: EntryRoute,
    operation: &Operation,
    (body, ids): (&str, &[(&str, &str)]),
) -> String {
    let verb = operation.verbs.first().map_or("call", |verb| verb.word());
    let intent = EntryIntent {
        id: Uuid::now_v7(),
        parent: None,
        part: None,
        overrides: Vec::new(),
        route: EntryRoute { operation: operation.id.to_owned(), ..route },
        content: EntryContent {
            verb: verb.to_owned(),
            effect: operation.effect,
            body: body.to_owned(),
            fingerprint: None,
            dedupe_id: None,
        },
        reach: EntryReach { sender: None, audience: "user:u1".to_owned(), target_count: Some(1) },
        times: EntryTimes { created_ms: NOW, deadline_ms: NOW, recall_until_ms: None },
    };
    let named = |(name, id): &(&str, &str)| ((*name).to_owned(), (*id).to_owned());
    let ending = Ending {
        finished_ms: NOW,
        elapsed_ms: 1,
        attempts: 1,
        verdict: Verdict::Unknown,
        http_status: None,
        code: None,
        message: None,
        ids: ids.iter().map(named).collect(),
        targets: Vec::new(),
    };
    ledger.begin(&intent, &Preconditions::NONE).expect("an entry");
    ledger.finish(intent.id, &ending, None).expect("its end");
    intent.id.to_string()
}

/// Where the last request of a world went.
pub(crate) fn last_route(ledger: &mut Ledger) -> EntryRoute {
    ledger.list(&Filter::default()).expect("a ledger").remove(0).intent.route
}

pub(crate) fn ledger(world: &World) -> Ledger {
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
            let to = format!("{}:user1", contract.default_target);
            let send = ["send", "--provider", contract.id, "--to", &to, "--text", "x", "--sandbox"];
            let from: &[&str] =
                if contract.id.starts_with("jpush") { &[] } else { &["--from", "admin"] };
            world.run(&[&send[..], from].concat()).ends_with(0);
            let mut ledger = ledger(&world);
            let route = last_route(&mut ledger);
            let plant = |operation| {
                (operation, plant_unknown(&mut ledger, route.clone(), operation, (BODY, &[])))
            };
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
            if !operation.sends() {
                // That the vendor has a message would not prove that it was recalled.
                let by_id = [&check[..], &["--vendor-id", "5"]].concat();
                world.run(&by_id).ends_with(2).says("a look-up tells only whether a message");
            }
            for line in lines {
                answers(&world, line, &about);
            }
        }
    }
    assert!(settled > 50 && checked >= 3, "{settled} {checked}");
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

/// What comes of a request that leaves it open whether it was done.
fn doubts(contract: &Contract) -> Vec<Exchange> {
    let reply =
        |status, body: String| Ok(Reply { status, headers: Vec::new(), body: body.into_bytes() });
    let codes = contract.errors.iter().filter(|row| row.retry == Retry::Ambiguous);
    // Each vendor reads the code where it has its own.
    let coded = codes.map(|row| {
        let code = row.code;
        let number = code.parse().map_or_else(|_| format!("\"{code}\""), |code: i64| code.to_string());
        let body = format!(
            r#"{{"code":{number},"error":{{"code":{number},"message":"m"}},"msg":"m","errorMessage":"m"}}"#
        );
        reply(row.http.unwrap_or(200), body)
    });
    let failures = [Phase::Sent, Phase::Reply].map(|phase| Err(Failure::new(phase, "cut")));
    let statuses = [408, 500, 502, 503, 504].map(|status| reply(status, String::new()));
    failures.into_iter().chain(statuses).chain(coded).collect()
}

#[test]
fn advice_about_a_doubt_speaks_of_the_command_and_never_of_messages_that_were_not_sent() {
    let mut seen = 0;
    for vendor in provider::ALL {
        let contract = vendor.contract();
        for operation in contract.operations.iter().filter(|one| !one.sends()) {
            for exchange in doubts(contract) {
                let read = |reply: &Reply| vendor.read(operation, reply);
                let outcome = decide(contract, operation, &exchange, &read);
                let advice = outcome.advice.clone().unwrap_or_default();
                let about = format!("{}/{}: {exchange:?}: {advice}", contract.id, operation.id);
                if operation.effect == Effect::Reads {
                    assert_ne!(outcome.verdict, Verdict::Unknown, "{about}");
                }
                for words in ["send again", "sending again", "before you send", "went out", "cid"] {
                    let is_ambiguous = outcome.class.is_none_or(|class| class == Class::Server);
                    assert!(!is_ambiguous || !advice.contains(words), "{about}");
                }
                if outcome.verdict != Verdict::Unknown {
                    continue;
                }
                seen += 1;
                let done = operation.follow_up().map_or("done", Verb::done);
                assert!(advice.contains(&format!("may have been {done}")), "{about}");
                assert_eq!(advice.contains("find out"), operation.is_held_back(), "{about}");
                let settled = contract.how_to_settle(operation, &DoubtfulMessage::default());
                assert_eq!(settled.is_some(), operation.is_held_back(), "{about}");
                if let (Some(verb), Some(how)) = (operation.follow_up(), settled) {
                    assert!(
                        how.contains(verb.done()) && how.contains(verb.word()),
                        "{about}: {how}"
                    );
                }
            }
        }
    }
    assert!(seen > 500, "{seen}");
}
