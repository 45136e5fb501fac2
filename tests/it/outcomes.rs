//! What happens to a request: every vendor, every operation, every documented answer and every way in which none comes.
//!
//! The expectations stand in `tests/outcomes/PROVIDER.txt`, written from the vendors' documents; herald's own rows are
//! what is tested. `jpush-v2.txt` explains the kinds of lines.

mod contradictions;
mod others;

use std::collections::BTreeSet;

use herald::contract::{Effect, Operation};
use herald::document::Value;
use herald::net::decide;
use herald::outcome::{Outcome, Verdict};
use herald::provider::{ALL, Vendor};
use herald::wire::{Exchange, Failure, Phase, Reply};

const PAGE: &str = "<html><h1>oops</h1></html>";

/// A documented success.
struct Fine {
    operations: Vec<&'static str>,
    status: u16,
    body: &'static str,
}

/// A documented failure, whichever operation meets it.
struct Fails {
    status: u16,
    code: Option<&'static str>,
    verdict: Verdict,
    pause: Option<u64>,
    /// What differs for single operations: a verdict or a pause.
    but: Vec<(&'static str, &'static str)>,
    text: &'static str,
}

impl Fails {
    /// What is due for an operation.
    fn due(&self, operation: &Operation) -> (Verdict, Option<u64>) {
        let (mut due, mut pause) = (self.verdict, self.pause);
        for (_, other) in self.but.iter().filter(|(id, _)| *id == operation.id) {
            match other.parse() {
                Ok(seconds) => pause = Some(seconds),
                Err(_) => due = verdict(other),
            }
        }
        (for_effect(operation, due), pause)
    }
}

/// A reply with a story of its own.
struct Told {
    operation: &'static str,
    status: u16,
    verdict: Verdict,
    targets: Vec<(&'static str, Verdict)>,
    body: &'static str,
}

struct Table {
    vendor: &'static dyn Vendor,
    fine: Vec<Fine>,
    fails: Vec<Fails>,
    told: Vec<Told>,
    blind: Vec<&'static str>,
    /// Bodies of failures, each with what has to hold for it.
    shapes: Vec<(&'static str, &'static str)>,
}

fn verdict(word: &str) -> Verdict {
    match word {
        "accepted" => Verdict::Accepted,
        "partial" => Verdict::Partial,
        "denied" => Verdict::Denied,
        "rejected" => Verdict::Rejected,
        "unavailable" => Verdict::Unavailable,
        "unknown" => Verdict::Unknown,
        other => panic!("`{other}` is no verdict"),
    }
}

/// The cells of a line, the last of which may hold the separator.
fn cells<const N: usize>(line: &'static str) -> [&'static str; N] {
    let cells: Vec<&str> = line.splitn(N, '|').map(str::trim).collect();
    cells.try_into().unwrap_or_else(|_| panic!("{N} cells are due: {line}"))
}

fn status(cell: &str) -> u16 {
    cell.parse().unwrap_or_else(|_| panic!("`{cell}` is no status"))
}

impl Table {
    fn of(vendor: &'static dyn Vendor) -> Self {
        let id = vendor.contract().id;
        let path = format!("{}/tests/outcomes/{id}.txt", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let text: &'static str = Box::leak(text.into_boxed_str());
        let mut table = Self {
            vendor,
            fine: Vec::new(),
            fails: Vec::new(),
            told: Vec::new(),
            blind: Vec::new(),
            shapes: Vec::new(),
        };
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            table.take(line);
        }
        table
    }

    fn take(&mut self, line: &'static str) {
        match line.split('|').next().map(str::trim) {
            Some("ok") => {
                let [_, operations, code, body] = cells(line);
                let operations = operations.split(',').collect();
                self.fine.push(Fine { operations, status: status(code), body });
            }
            Some("fails") => {
                let [_, http, code, said, text] = cells(line);
                let mut words = said.split_whitespace();
                let word = words.next().expect("a verdict");
                let (but, pause): (Vec<&str>, Vec<&str>) = words.partition(|one| one.contains('='));
                self.fails.push(Fails {
                    status: status(http),
                    code: (code != "-").then_some(code),
                    verdict: verdict(word),
                    pause: pause.first().map(|pause| pause.parse().expect("seconds")),
                    but: but.into_iter().filter_map(|one| one.split_once('=')).collect(),
                    text,
                });
            }
            Some("reply") => {
                let [_, operation, http, said, targets, body] = cells(line);
                let target = |pair: &'static str| {
                    let (name, word) = pair.split_once('=').expect("NAME=VERDICT");
                    (name, verdict(word))
                };
                self.told.push(Told {
                    operation,
                    status: status(http),
                    verdict: verdict(said),
                    targets: targets.split_whitespace().map(target).collect(),
                    body,
                });
            }
            Some("blind") => {
                let [_, operations] = cells(line);
                self.blind.extend(operations.split(','));
            }
            Some("shape") => {
                let [_, when, body] = cells(line);
                self.shapes.push((when, body));
            }
            other => panic!("no kind of line: {other:?}"),
        }
    }

    /// Every operation that is a call at all.
    fn operations(&self) -> impl Iterator<Item = &'static Operation> {
        self.vendor.contract().operations.iter().filter(|operation| !operation.path.is_empty())
    }

    fn name(&self, operation: &Operation) -> String {
        format!("{}/{}", self.vendor.contract().id, operation.id)
    }

    fn decide(&self, operation: &'static Operation, exchange: &Exchange) -> Outcome {
        let read = |reply: &Reply| self.vendor.read(operation, reply);
        decide(self.vendor.contract(), operation, exchange, &read)
    }

    /// A failure in the vendor's shape.
    fn failure(&self, row: &Fails) -> String {
        let Some(code) = row.code else { return row.text.to_owned() };
        let text = Value::from(row.text).to_compact();
        let fits = |(when, _): &&(&str, &str)| match *when {
            "-" => true,
            "number" => code.parse::<u32>().is_ok(),
            other => status(other) == row.status,
        };
        let (_, body) = self.shapes.iter().find(fits).expect("a shape of failures");
        body.replace("CODE", code).replace("TEXT", &text)
    }

    /// Whether a documented success has this status and nothing else.
    fn is_silent_success(&self, operation: &Operation, status: u16) -> bool {
        self.fine.iter().any(|fine| {
            fine.body.is_empty() && fine.status == status && fine.operations.contains(&operation.id)
        })
    }
}

fn tables() -> impl Iterator<Item = Table> {
    ALL.iter().map(|vendor| Table::of(*vendor))
}

fn reply(status: u16, headers: &[(&str, &str)], body: &str) -> Exchange {
    let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Ok(Reply { status, headers, body: body.as_bytes().to_vec() })
}

/// What an operation makes of a verdict on sends: what only reads leaves nothing unknown behind.
fn for_effect(operation: &Operation, of_sends: Verdict) -> Verdict {
    match (operation.effect, of_sends) {
        (Effect::Reads, Verdict::Unknown) => Verdict::Unavailable,
        (_, verdict) => verdict,
    }
}

#[test]
fn every_operation_has_a_documented_success_and_takes_it() {
    for table in tables() {
        for operation in table.operations() {
            let name = table.name(operation);
            let fine: Vec<&Fine> =
                table.fine.iter().filter(|fine| fine.operations.contains(&operation.id)).collect();
            assert!(!fine.is_empty(), "{name} has no documented success");
            for fine in fine {
                let outcome = table.decide(operation, &reply(fine.status, &[], fine.body));
                assert_eq!(outcome.verdict, Verdict::Accepted, "{name} {}: {outcome:?}", fine.body);
                assert!(
                    outcome.targets.iter().all(|target| target.verdict == Verdict::Accepted),
                    "{name} {}",
                    fine.body
                );
            }
        }
        for fine in &table.fine {
            for id in &fine.operations {
                assert!(
                    table.operations().any(|operation| operation.id == *id),
                    "no operation {id}"
                );
            }
        }
    }
}

#[test]
fn every_documented_failure_has_the_documented_consequence() {
    for table in tables() {
        for row in &table.fails {
            let exchange = reply(row.status, &[], &table.failure(row));
            for operation in table.operations() {
                if row.status < 300 && table.blind.contains(&operation.id)
                    || row.code.is_none()
                        && row.text.is_empty()
                        && table.is_silent_success(operation, row.status)
                {
                    continue;
                }
                let outcome = table.decide(operation, &exchange);
                let name =
                    format!("{} {} {:?} {}", table.name(operation), row.status, row.code, row.text);
                let (expected, due) = row.due(operation);
                assert_eq!(outcome.verdict, expected, "{name}: {outcome:?}");
                let pause = outcome.retry_after.map(|pause| pause.as_secs());
                assert_eq!(pause, due, "{name}");
                if let Some(code) = row.code {
                    assert_eq!(outcome.code.as_deref(), Some(code), "{name}");
                }
            }
        }
    }
}

#[test]
fn replies_with_a_story_of_their_own_are_told_target_by_target() {
    for table in tables() {
        for told in &table.told {
            let operation = table
                .operations()
                .find(|operation| operation.id == told.operation)
                .unwrap_or_else(|| panic!("no operation {}", told.operation));
            let outcome = table.decide(operation, &reply(told.status, &[], told.body));
            let name = format!("{} {}", table.name(operation), told.body);
            assert_eq!(outcome.verdict, told.verdict, "{name}: {outcome:?}");
            let found: Vec<(&str, Verdict)> =
                outcome.targets.iter().map(|one| (one.target.as_str(), one.verdict)).collect();
            assert_eq!(found, told.targets, "{name}");
        }
    }
}

#[test]
fn the_rows_and_the_documents_know_the_same_codes() {
    for table in tables() {
        let contract = table.vendor.contract();
        let known: BTreeSet<&str> = contract.errors.iter().map(|row| row.code).collect();
        let mut seen: Vec<(Option<String>, u16, String)> = Vec::new();
        let mut note = |outcome: Outcome, status: u16| {
            let targets = outcome.targets.iter().filter(|target| target.code.is_some()).cloned();
            seen.extend(
                targets.map(|target| (target.code, status, target.message.unwrap_or_default())),
            );
            let said = outcome.said().unwrap_or_default().to_owned();
            seen.push((outcome.code, status, said));
        };
        let any = table.operations().next().expect("an operation");
        for row in &table.fails {
            if let Some(code) = row.code {
                assert!(known.contains(code), "{} has no row for {code}", contract.id);
            }
            note(table.decide(any, &reply(row.status, &[], &table.failure(row))), row.status);
        }
        for told in &table.told {
            let operation = table.operations().find(|operation| operation.id == told.operation);
            let operation = operation.expect("looked up before");
            note(table.decide(operation, &reply(told.status, &[], told.body)), told.status);
        }
        for row in contract.errors {
            let is_documented = seen.iter().any(|(code, status, text)| {
                let named = match code {
                    Some(code) => code == row.code,
                    None => row.code == format!("http-{status}"),
                };
                named && row.http.is_none_or(|http| http == *status) && row.has_text(text)
            });
            assert!(
                is_documented,
                "{}/{} {:?} {:?} is in no document",
                contract.id, row.code, row.http, row.text
            );
        }
    }
}

#[test]
fn what_is_cut_short_or_says_nothing_is_unknown() {
    for table in tables() {
        for operation in table.operations() {
            let name = table.name(operation);
            let doubt = for_effect(operation, Verdict::Unknown);
            let blind = table.blind.contains(&operation.id);
            let fine =
                table.fine.iter().filter(|fine| fine.operations.contains(&operation.id) && !blind);
            for fine in fine {
                for (end, _) in fine.body.char_indices().skip(1) {
                    let half = &fine.body[..end];
                    let outcome = table.decide(operation, &reply(fine.status, &[], half));
                    assert_eq!(outcome.verdict, doubt, "{name} {half}");
                }
            }
            for (status, body) in [(200, ""), (204, ""), (200, PAGE), (201, PAGE), (200, "null")] {
                let silent = body.is_empty() && table.is_silent_success(operation, status);
                let expected = if blind || silent { Verdict::Accepted } else { doubt };
                let outcome = table.decide(operation, &reply(status, &[], body));
                assert_eq!(outcome.verdict, expected, "{name} {status} {body}");
            }
        }
    }
}

#[test]
fn what_a_proxy_or_an_outage_says_is_read_by_its_status() {
    for table in tables() {
        for operation in table.operations() {
            let doubt = for_effect(operation, Verdict::Unknown);
            let reads = operation.effect == Effect::Reads;
            for (statuses, expected) in [
                (&[301, 307, 308, 404, 405, 413][..], Verdict::Rejected),
                // Acted upon and sent on to a page about it, perhaps; what only reads is not in doubt.
                (&[302, 303], if reads { Verdict::Rejected } else { Verdict::Unknown }),
                (&[401, 403], Verdict::Denied),
                (&[407, 429], Verdict::Unavailable),
                (&[408, 500, 502, 503, 504, 520, 524], doubt),
            ] {
                for status in statuses {
                    for body in ["", PAGE, "{\"code\":", "Error: upstream", "{}"] {
                        let said = table.fails.iter().find(|row| {
                            row.code.is_none() && row.status == *status && row.text == body
                        });
                        let expected =
                            said.map_or(expected, |row| for_effect(operation, row.verdict));
                        let outcome = table.decide(operation, &reply(*status, &[], body));
                        let name = table.name(operation);
                        assert_eq!(outcome.verdict, expected, "{name} {status} {body}");
                        assert!(outcome.advice.is_some(), "{name} {status} leaves people alone");
                    }
                }
            }
        }
    }
}

#[test]
fn a_throttled_request_waits_as_long_as_the_vendor_says() {
    for table in tables() {
        for operation in table.operations() {
            let name = table.name(operation);
            let wait = |headers: &[(&str, &str)]| {
                let outcome = table.decide(operation, &reply(429, headers, PAGE));
                assert_eq!(outcome.verdict, Verdict::Unavailable, "{name}");
                outcome.retry_after.map(|pause| pause.as_secs())
            };
            let usual = wait(&[]);
            assert_eq!(wait(&[("retry-after", "7")]), Some(7), "{name}");
            assert_eq!(wait(&[("x-rate-limit-reset", "7")]), Some(7), "{name}");
            assert_eq!(
                wait(&[("retry-after", "3"), ("x-rate-limit-reset", "7")]),
                Some(3),
                "{name}"
            );
            let date = ("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT");
            assert_eq!(wait(&[date]), usual, "{name}");
            assert_eq!(wait(&[date, ("x-rate-limit-reset", "7")]), Some(7), "{name}");
            let now = ("date", "Fri, 31 Dec 1999 23:59:19 GMT");
            assert_eq!(wait(&[now, date]), Some(40), "{name}");
            assert_eq!(
                wait(&[("date", date.1), ("retry-after", now.1)]),
                usual,
                "{name}: it is past"
            );
            assert_eq!(wait(&[("retry-after", "99999999999999")]), Some(7 * 86_400), "{name}");
            assert_eq!(wait(&[("retry-after", "soon")]), Some(30), "{name}");
        }
    }
}

#[test]
fn the_window_of_a_rate_does_not_shorten_a_quota_of_the_day() {
    let headers = [
        ("x-rate-limit-limit", "600"),
        ("x-rate-limit-remaining", "599"),
        ("x-rate-limit-reset", "55"),
    ];
    let table = tables().find(|table| table.vendor.contract().id == "jpush-v3").expect("a table");
    let push = table.operations().find(|operation| operation.id == "push").expect("a push");
    for (code, expected) in [(2008, Some(86_400)), (1012, None)] {
        let body = format!(r#"{{"error":{{"code":{code},"message":"used up"}}}}"#);
        let outcome = table.decide(push, &reply(403, &headers, &body));
        assert_eq!(outcome.verdict, Verdict::Unavailable);
        assert_eq!(outcome.retry_after.map(|pause| pause.as_secs()), expected, "{code}");
    }
}

#[test]
fn without_an_answer_the_phase_decides() {
    for table in tables() {
        for operation in table.operations() {
            // Refused, or no TLS; reset or late once a byte was out; an answer that broke off.
            for (phase, of_sends) in [
                (Phase::Connect, Verdict::Unavailable),
                (Phase::Sent, Verdict::Unknown),
                (Phase::Reply, Verdict::Unknown),
            ] {
                let failure = Err(Failure::new(phase, "because"));
                let outcome = table.decide(operation, &failure);
                let name = table.name(operation);
                assert_eq!(outcome.verdict, for_effect(operation, of_sends), "{name} {phase:?}");
                assert!(outcome.advice.is_some(), "{name} {phase:?} leaves people alone");
                assert_eq!(outcome.message.as_deref(), Some("because"), "{name}");
            }
        }
    }
}

#[test]
fn every_vendor_is_covered_in_every_kind_of_operation() {
    for table in tables() {
        let effects: Vec<Effect> = table.operations().map(|operation| operation.effect).collect();
        let id = table.vendor.contract().id;
        assert!(effects.contains(&Effect::Sends) && effects.contains(&Effect::Reads), "{id}");
    }
    let all: Vec<Effect> = tables()
        .flat_map(|table| table.operations().map(|operation| operation.effect).collect::<Vec<_>>())
        .collect();
    assert!(all.contains(&Effect::Manages) && all.contains(&Effect::Destroys));
}
