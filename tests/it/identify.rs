//! Which operation a payload is, over all cases: the right one, or one of its group.

use std::collections::BTreeSet;

use herald::contract::identify::{Identified, Named, identify};
use herald::contract::{Contract, Fill, Operation, Presence, Root, Shape};
use herald::document::Document;
use herald::provider;

use crate::cases::{Case, cases};
use crate::support::World;

fn fit(identified: &Identified, name: &str) -> bool {
    identified.fits().any(|named| named.to_string() == name)
}

#[test]
fn the_keys_of_a_good_payload_never_tell_a_wrong_operation() {
    let contracts = provider::contracts();
    let (mut wrong, mut told) = (Vec::new(), 0);
    cases(|case: &Case<'_>| {
        // A payload without any key tells nothing.
        if case.expect != "accept" || case.body.get() == "{}" {
            return;
        }
        let document = Document::parse(case.body.get()).expect("JSON");
        let identified = identify(&contracts, document.view());
        if fit(&identified, &case.operation_name()) {
            told += 1;
        } else {
            wrong.push(format!("{} {}: {identified:?}", case.id, case.body));
        }
    });
    assert!(wrong.is_empty() && told > 300, "{told} {wrong:#?}");
}

#[test]
fn most_payloads_with_a_fault_are_recognised() {
    let contracts = provider::contracts();
    let (mut missed, mut told) = (Vec::new(), 0);
    cases(|case: &Case<'_>| {
        if case.expect != "reject" {
            return;
        }
        let document = Document::parse(case.body.get()).expect("JSON");
        let identified = identify(&contracts, document.view());
        if fit(&identified, &case.operation_name()) {
            told += 1;
        } else {
            missed.push(format!("{} {}", case.id, case.body));
        }
    });
    assert!(told > 6 * missed.len(), "{told} {missed:#?}");
}

/// The members that an operation always needs from the user, and all that it knows.
fn members(
    shape: &'static Shape,
    always: bool,
    needed: &mut BTreeSet<&'static str>,
    known: &mut BTreeSet<&'static str>,
) {
    for field in shape.fields {
        if always && matches!(field.need, Presence::Required) && field.fill != Fill::Always {
            needed.insert(field.name);
        }
        known.insert(field.name);
    }
    shape.include.iter().for_each(|include| members(include, always, needed, known));
    for variant in shape.variants {
        let cases = variant.cases.iter().map(|case| case.shape);
        cases.chain(variant.otherwise).for_each(|shape| members(shape, false, needed, known));
    }
}

/// The keys of the smallest payloads that may be for both of two operations.
fn shared_keys(a: &'static Operation, b: &'static Operation) -> Vec<Vec<&'static str>> {
    let of = |operation: &'static Operation| match operation.root {
        Root::Shape(shape) => {
            let (mut needed, mut known) = (BTreeSet::new(), BTreeSet::new());
            members(shape, true, &mut needed, &mut known);
            Some((needed, known))
        }
        Root::Value(_) => None,
    };
    let (Some((needed_a, known_a)), Some((needed_b, known_b))) = (of(a), of(b)) else {
        return Vec::new();
    };
    let needed: Vec<&str> = needed_a.union(&needed_b).copied().collect();
    if !needed.iter().all(|key| known_a.contains(key) && known_b.contains(key)) {
        return Vec::new();
    }
    match needed.as_slice() {
        [] => known_a.intersection(&known_b).map(|key| vec![*key]).collect(),
        _ => vec![needed],
    }
}

#[test]
fn two_operations_of_a_provider_that_a_payload_fits_are_in_one_group() {
    let mut apart = BTreeSet::new();
    let mut together = 0;
    let mut see = |identified: &Identified| {
        let named: Vec<Named> = identified.groups.iter().map(|group| group.principal()).collect();
        for (index, one) in named.iter().enumerate() {
            for other in &named[index + 1..] {
                if one.contract.id == other.contract.id {
                    apart.insert(format!("{one} and {other}"));
                }
            }
        }
        together += usize::from(named.len() < identified.fits().count());
    };
    let contracts = provider::contracts();
    cases(|case: &Case<'_>| {
        let document = Document::parse(case.body.get()).expect("JSON");
        if case.expect == "accept" {
            see(&identify(&contracts, document.view()));
        }
    });
    for contract in contracts {
        for (index, one) in contract.operations.iter().enumerate() {
            for other in &contract.operations[index + 1..] {
                for keys in shared_keys(one, other) {
                    let members: Vec<String> =
                        keys.iter().map(|key| format!("\"{key}\":0")).collect();
                    let text = format!("{{{}}}", members.join(","));
                    let document = Document::parse(text).expect("JSON");
                    see(&identify(&[contract], document.view()));
                }
            }
        }
    }
    assert!(apart.is_empty(), "{apart:#?}");
    assert!(together > 100, "{together}");
}

#[test]
fn a_group_names_operations_and_each_once() {
    for contract in provider::contracts() {
        let mut seen: Vec<&str> = Vec::new();
        for group in contract.groups {
            assert!(group.len() > 1, "{group:?}");
            for id in *group {
                assert!(contract.operation(id).is_some(), "{}/{id}", contract.id);
                assert!(!seen.contains(id), "{}/{id} is in two groups", contract.id);
                seen.push(id);
            }
        }
    }
    let sends = |contract: &Contract, id: &str| contract.group_of(id).first().copied() == Some(id);
    assert!(provider::contracts().iter().any(|contract| sends(contract, "push")));
}

/// What flags and the profile fill in counts as if it stood in the file.
#[test]
fn a_body_without_its_sender_is_the_message_of_that_sender() {
    let world = World::new();
    let body = r#"{"conv":{"type":0,"target":"bob","line":0},"payload":{"type":1,"searchableContent":"hi","persistFlag":3}}"#;
    world.write("body.json", body);
    let profile = |name: &str, robot: &str, from: &str| {
        let more =
            if from.is_empty() { String::new() } else { format!("defaults.from = \"{from}\"\n") };
        format!("[profiles.{name}]\nprovider = \"wildfire\"\nmode = \"sandbox\"\n{robot}{more}\n")
    };
    let robot = "robot_id = \"robot\"\n";
    let profiles =
        [profile("plain", "", ""), profile("news", "", "news"), profile("robot", robot, "news")];
    world.write_private(".config/herald/profiles.toml", profiles.concat());
    for (name, flags, operation) in [
        ("news", &[][..], "wildfire/send"),
        ("news", &["--set", "payload.content=x"], "wildfire/send"),
        ("plain", &["--from", "anna"], "wildfire/send"),
        ("plain", &["--set", "sender=anna"], "wildfire/send"),
        ("plain", &["--to", "carol", "--from", "anna"], "wildfire/send"),
        ("robot", &[], "wildfire/robot-send"),
    ] {
        let send =
            ["send", "--profile", name, "--body", "body.json", "--dry-run", "--output", "json"];
        let planned = world.run(&[&send[..], flags].concat()).ends_with(0).json();
        let sent = &planned["requests"][0];
        let path = if operation == "wildfire/send" {
            "/admin/message/send"
        } else {
            "/robot/message/send"
        };
        let url = sent["url"].as_str().expect("an address");
        assert!(url.ends_with(path), "{name} {flags:?}: {sent}");
        let sender = sent["body"].as_str().expect("a body").contains("\"sender\":");
        assert_eq!(sender, operation == "wildfire/send", "{name} {flags:?}");
    }
}
