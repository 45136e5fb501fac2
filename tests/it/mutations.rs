//! A fault does not make the payload of one vendor another one's.

use herald::contract::identify::evidence;
use herald::contract::{Context, Severity};
use herald::document::{Document, Trail};
use herald::lint::{PayloadHint, PayloadReading, Recogniser};
use herald::provider;
use serde_json::Value;

use crate::cases::{Case, cases};

/// The vendors that a payload is read for, and whether it has an error there; none if it is not recognised.
fn vendors(recogniser: &mut Recogniser, body: &Value) -> (Vec<&'static str>, bool) {
    let document = Document::parse(body.to_string()).expect("JSON");
    match recogniser.read(&document, &PayloadHint::default(), &Context::default()) {
        PayloadReading::Linted(linted) => {
            let is_wrong =
                linted.found.kept.iter().any(|finding| finding.severity() == Severity::Error);
            (vec![linted.named.contract.id], is_wrong)
        }
        PayloadReading::Ambiguous(level) => {
            let mut vendors: Vec<&'static str> =
                level.iter().map(|named| named.contract.id).collect();
            vendors.dedup();
            (vendors, true)
        }
        _ => (Vec::new(), true),
    }
}

/// How much of a payload a vendor's contract knows.
fn known(vendor: &str, body: &Value) -> usize {
    let document = Document::parse(body.to_string()).expect("JSON");
    let contract = provider::find(vendor).expect("a provider").contract();
    evidence(contract, Trail::new(&document).root())
}

/// The places of all members of a payload, as JSON Pointers.
fn members(value: &Value, at: &str, out: &mut Vec<String>) {
    if let Value::Object(object) = value {
        for (key, inner) in object {
            let place = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
            out.push(place.clone());
            members(inner, &place, out);
        }
    }
}

/// The payload with a fault at one place: a member dropped, of the wrong type, too long, or with an unknown one beside.
fn faulty(body: &Value, place: &str, fault: usize) -> Option<Value> {
    let mut body = body.clone();
    let (parent, key) = place.rsplit_once('/')?;
    let key = key.replace("~1", "/").replace("~0", "~");
    let parent = body.pointer_mut(parent)?.as_object_mut()?;
    match fault {
        0 => drop(parent.remove(&key)?),
        1 => {
            let value = parent.get_mut(&key)?;
            *value = if value.is_number() { "x".into() } else { 17.into() };
        }
        2 => drop(parent.insert("some_strange_key".to_owned(), 1.into())),
        _ => *parent.get_mut(&key).filter(|value| value.is_string())? = "x".repeat(5000).into(),
    }
    Some(body)
}

/// The faults of [`faulty`].
const FAULTS: usize = 4;

#[test]
fn a_fault_or_two_do_not_make_a_payload_another_vendors() {
    let mut recogniser = Recogniser::new(provider::contracts(), 50);
    let (mut wrong, mut all, mut number) = (Vec::new(), 0, 0_usize);
    cases(|case: &Case<'_>| {
        if case.expect != "accept" {
            return;
        }
        let body: Value = serde_json::from_str(case.body.get()).expect("JSON");
        let (before, _) = vendors(&mut recogniser, &body);
        let [vendor] = before[..] else { return };
        let mut places = Vec::new();
        members(&body, "", &mut places);
        let mut see = |faulty: &Value| {
            all += 1;
            let (after, is_wrong) = vendors(&mut recogniser, faulty);
            // What is right for another vendor is no faulty payload, and one of which it knows as much may be its own.
            if is_wrong
                && !after.is_empty()
                && !after.contains(&vendor)
                && after.iter().any(|other| known(other, faulty) < known(vendor, faulty))
            {
                wrong.push(format!("{vendor} as {after:?}: {faulty:.300}"));
            }
        };
        for place in &places {
            for fault in 0..FAULTS {
                let Some(one) = faulty(&body, place, fault) else { continue };
                see(&one);
                // Of the pairs a part: there are very many.
                for other in &places {
                    number += 1;
                    if number.is_multiple_of(PART)
                        && let Some(two) = faulty(&one, other, number / PART % FAULTS)
                    {
                        see(&two);
                    }
                }
            }
        }
    });
    assert!(wrong.is_empty() && all > 10_000, "{} of {all}: {wrong:#?}", wrong.len());
}

/// One of so many pairs of faults is tried.
const PART: usize = 7;
