//! A canary in every row with the mark. It is sent, and found nowhere else.

use std::collections::{BTreeMap, BTreeSet};

use herald::contract::{Field, Kind, Root, Shape};
use herald::provider;
use serde_json::{Value, json};

use crate::sandbox::Served;
use crate::secrets::{CANARY, free_of, keeps_nothing, says_nothing};
use crate::support::World;

/// Names of rows with the mark, gathered from whatever can stand in a payload.
#[derive(Default)]
struct Marked {
    names: BTreeSet<&'static str>,
    seen: Vec<&'static Shape>,
}

impl Marked {
    fn kind(&mut self, kind: &'static Kind) {
        match kind {
            Kind::Object(shape) => self.shape(shape),
            Kind::Map(map) => {
                self.field(&map.value);
                map.reserved.iter().for_each(|field| self.field(field));
            }
            Kind::List(item) | Kind::OneOrList(item) | Kind::CommaText(item) => self.field(item),
            Kind::JsonText(inner) | Kind::Base64Json(inner) => self.kind(&inner.kind),
            Kind::Union(kinds) => kinds.iter().for_each(|kind| self.kind(kind)),
            _ => {}
        }
    }

    fn field(&mut self, field: &'static Field) {
        if field.secret {
            self.names.insert(field.name);
        }
        self.kind(&field.kind);
    }

    fn shape(&mut self, shape: &'static Shape) {
        if self.seen.iter().any(|known| std::ptr::eq(*known, shape)) {
            return;
        }
        self.seen.push(shape);
        shape.fields.iter().for_each(|field| self.field(field));
        shape.include.iter().for_each(|shape| self.shape(shape));
        for variant in shape.variants {
            let cases = variant.cases.iter().map(|case| case.shape);
            cases.chain(variant.otherwise).for_each(|shape| self.shape(shape));
        }
    }
}

/// The names of all rows with the mark, by operation.
fn marked() -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut all = BTreeMap::new();
    for contract in provider::ALL.iter().map(|vendor| vendor.contract()) {
        for operation in contract.operations {
            let mut marked = Marked::default();
            match operation.root {
                Root::Shape(shape) => marked.shape(shape),
                Root::Value(field) => marked.field(field),
            }
            if !marked.names.is_empty() {
                all.insert(format!("{}/{}", contract.id, operation.id), marked.names);
            }
        }
    }
    all
}

/// A payload of each operation that has a row with the mark, which its sandbox takes.
fn payloads() -> BTreeMap<&'static str, Value> {
    let at =
        "https://a31.easemob.com/herald-sandbox/app/chatfiles/55f12940-64af-11e4-8a5b-ff2336f03252";
    let video = json!({
        "url": at, "filename": "a.mp4", "secret": CANARY, "thumb": at, "thumb_secret": CANARY,
        "length": 10, "file_length": 58103,
    });
    let current = |more: Value| {
        let mut body = json!({ "from": "a", "type": "video", "body": video });
        body.as_object_mut()
            .expect("an object")
            .extend(more.as_object().cloned().unwrap_or_default());
        body
    };
    let old = |more: Value| {
        let mut msg = video.clone();
        msg["type"] = json!("video");
        let mut body = json!({ "from": "a", "msg": msg });
        body.as_object_mut()
            .expect("an object")
            .extend(more.as_object().cloned().unwrap_or_default());
        body
    };
    let group = "184524748161025";
    BTreeMap::from([
        ("easemob/send-users", current(json!({ "to": ["b"] }))),
        ("easemob/send-groups", current(json!({ "to": [group] }))),
        ("easemob/send-rooms", current(json!({ "to": [group] }))),
        ("easemob/send-groups-targeted", current(json!({ "to": [group], "users": ["b"] }))),
        ("easemob/send-rooms-targeted", current(json!({ "to": [group], "users": ["b"] }))),
        ("easemob/send", old(json!({ "target_type": "users", "target": ["b"] }))),
        ("easemob/broadcast-all", old(json!({ "target_type": "users" }))),
        ("easemob/broadcast-online", old(json!({}))),
        ("easemob/broadcast-rooms", old(json!({}))),
        (
            "easemob/import-users",
            current(json!({ "target": "b", "msg_timestamp": 1_656_906_628_428_u64 })),
        ),
        (
            "easemob/import-groups",
            current(json!({ "target": group, "msg_timestamp": 1_656_906_628_428_u64 })),
        ),
        (
            "easemob/token",
            json!({ "grant_type": "client_credentials", "client_id": "herald", "client_secret": CANARY }),
        ),
        (
            "easemob/download",
            json!({ "file_uuid": "55f12940-64af-11e4-8a5b-ff2336f03252", "share-secret": CANARY }),
        ),
        (
            "easemob/download-thumb",
            json!({ "file_uuid": "55f12940-64af-11e4-8a5b-ff2336f03252", "share-secret": CANARY }),
        ),
        ("jmessage/register-admin", json!({ "username": "admin2", "password": CANARY })),
        (
            "jpush-v2/push",
            json!({
                "sendno": 1, "receiver_type": 3, "receiver_value": "bob", "verification_code": CANARY,
                "msg_type": 1, "platform": "android", "msg_content": { "n_content": "hi" },
            }),
        ),
    ])
}

#[test]
fn no_row_with_the_mark_is_shown_or_kept() {
    let payloads = payloads();
    let logged = World::new();
    let server = Served::start(&logged, &["--log", "log.ndjson"]);
    let served = server.environment();
    let served: Vec<(&str, &str)> =
        served.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for (name, rows) in marked() {
        let payload = payloads
            .get(name.as_str())
            .unwrap_or_else(|| panic!("{name} has {rows:?} and no payload here"));
        let text = payload.to_string();
        for row in rows {
            assert!(
                text.contains(&format!("\"{row}\":\"{CANARY}\"")),
                "{name} has no canary in {row}"
            );
        }
        let world = World::new();
        let inputs = World::new();
        let body = inputs.write("body.json", &text);
        let body = body.to_str().expect("UTF-8");
        let provider = name.split('/').next().unwrap_or_default();
        let start = ["call", &name, "--body", body, "--confirm", provider];
        let call = |more: &[&str]| world.run(&[&start[..], &["--sandbox"], more].concat());
        for more in [&["--dry-run"][..], &["--dry-run", "--output", "json"], &["--curl"]] {
            says_nothing(CANARY, &call(more));
            // The code of jpush-v2 is wrong on purpose, and lint says so; everything else would go out.
            if name != "jpush-v2/push" {
                let shown = call(&[more, &["--show-secrets"]].concat()).ends_with(0);
                assert!(shown.out.contains(CANARY), "{name}: {}", shown.out);
                free_of(CANARY, "stderr", &shown.err);
            }
        }
        says_nothing(CANARY, &call(&["-v"]));
        says_nothing(
            CANARY,
            &world.run_with(&[&start[..], &["--output", "json"]].concat(), &served),
        );
        says_nothing(CANARY, &world.run(&["history", "--sandbox", "--output", "json"]));
        keeps_nothing(CANARY, &world.path(""));
    }
    let log = std::fs::read_to_string(logged.path("log.ndjson")).expect("a log");
    assert!(log.lines().count() >= payloads.len() - 1, "{log}");
    keeps_nothing(CANARY, &logged.path(""));
}

#[test]
fn no_report_shows_a_row_with_the_mark() {
    let world = World::new();
    for (name, payload) in payloads() {
        let name = name.replace('/', "-");
        let text = payload.to_string();
        // Something wrong beside it, something wrong with it, and something wrong with all of it.
        world.write(&format!("in/{name}.1.json"), text.replacen('{', "{\"colour\":1,", 1));
        world.write(
            &format!("in/{name}.2.json"),
            text.replace(&format!("\"{CANARY}\""), &format!("[\"{CANARY}\"]")),
        );
        world.write(&format!("in/{name}.3.json"), text.replacen('}', ",}", 1));
    }
    for format in ["human", "json", "ndjson", "sarif", "junit", "github", "gitlab"] {
        let report = format!("{format}=report");
        let run = world.run(&["validate", "--output", format, "--report", &report, "in"]);
        assert!(run.code > 0, "{}", run.out);
        says_nothing(CANARY, &run);
        let report = std::fs::read_to_string(world.path("report")).expect("a report");
        free_of(CANARY, format, &report);
    }
}
