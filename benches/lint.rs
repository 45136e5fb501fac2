//! Reading and linting payloads, against a bare parse of the same lines by serde_json in the same process.
//!
//! `cargo bench --bench lint` prints the fastest of several rounds, and ratios: times differ from machine to machine. A
//! parse by sonic-rs, the fastest library, takes about a third of the time of serde_json.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::hint::black_box;
use std::time::Instant;

use herald::contract::Context;
use herald::document::Document;
use herald::lint::lint_up_to;
use herald::provider;

const ROUNDS: usize = 7;
const LINES: usize = 5000;

/// Operations and a payload of each; `@` becomes another number on each line.
const PAYLOADS: [(&str, &str); 5] = [
    (
        "rongcloud/push",
        r#"{"platform":["ios","android"],"fromuserid":"ops@","audience":{"is_to_all":false,"userid":["u@","v@","w@"]},"message":{"content":"{\"content\":\"Meeting moved to Friday\",\"user\":{\"id\":\"@\",\"name\":\"Robin\"},\"extra\":\"\"}","objectName":"RC:TxtMsg"},"notification":{"title":"Notice","alert":"系统维护 tonight","ios":{"alert":"order @","extras":{"id":"@"}},"android":{"alert":"order @","extras":{"id":"@"}}}}"#,
    ),
    (
        "jpush-v3/push",
        r#"{"platform":["android","ios"],"audience":{"alias":["a@"]},"notification":{"alert":"order @","android":{"alert":"your order shipped","title":"Notice","extras":{"order":"@"}},"ios":{"alert":"your order shipped","sound":"default","badge":"+1"}},"options":{"time_to_live":86400,"apns_production":true}}"#,
    ),
    (
        "easemob/send-users",
        r#"{"from":"admin","to":["user@"],"type":"txt","body":{"msg":"Meeting moved to Friday, 您好"},"ext":{"em_apns_ext":{"em_push_title":"Notice"},"order":"@"},"sync_device":true}"#,
    ),
    (
        "jmessage/send",
        r#"{"version":1,"target_type":"single","target_id":"user@","from_type":"admin","from_id":"admin","msg_type":"text","msg_body":{"text":"Meeting moved to Friday","extras":{"order":"@"}},"notification":{"title":"Notice","alert":"order @"}}"#,
    ),
    (
        "wildfire/send",
        r#"{"sender":"admin","conv":{"type":0,"target":"user@","line":0},"payload":{"type":1,"searchableContent":"Meeting moved to Friday","pushContent":"order @","persistFlag":3,"mentionedType":0}}"#,
    ),
];

fn main() {
    println!(
        "{:<20}{:>8}{:>14}{:>12}{:>12}{:>12}",
        "payload", "bytes", "serde_json ns", "read ns", "lint ns", "x serde_json"
    );
    for (name, payload) in PAYLOADS {
        let lines: Vec<String> =
            (0..LINES).map(|number| payload.replace('@', &(number * 7919).to_string())).collect();
        let bytes = lines.iter().map(String::len).sum::<usize>() / LINES;
        let serde = fastest(&lines, |line| {
            black_box(serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
        });
        let mut document = Document::default();
        let read = fastest(&lines, |line| document.parse_again(1000, line).expect("JSON"));
        let (vendor, operation) = provider::find_operation(name).expect("an operation");
        let both = fastest(&lines, |line| {
            document.parse_again(1000, line).expect("JSON");
            let context = Context::default();
            black_box(lint_up_to(1000, vendor.contract(), operation, &document, &context));
        });
        println!("{name:<20}{bytes:>8}{serde:>14.0}{read:>12.0}{both:>12.0}{:>12.2}", both / serde);
    }
}

/// The nanoseconds a line in the fastest round.
fn fastest(lines: &[String], mut work: impl FnMut(&str)) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        lines.iter().for_each(|line| work(line));
        best = best.min(start.elapsed().as_secs_f64());
    }
    best * 1e9 / lines.len() as f64
}
