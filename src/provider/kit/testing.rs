//! What the tests of the providers share: payloads, accounts, and a mock server with a memory, a clock and switches.

use std::collections::{BTreeSet, HashMap};

use crate::account::{Account, Secret};
use crate::contract::{Context, Contract, Finding, Target, TargetKind, Verb};
use crate::document::{Document, Value};
use crate::lint::lint;
use crate::net::decide;
use crate::outcome::Outcome;
use crate::profile::sandbox_account;
use crate::provider::{Call, Content, FollowUp, SendIntent, Vendor, WantedAudience};
use crate::sandbox::fake::ORIGIN;
use crate::sandbox::{Answer, Incoming, Reasons, SandboxStore, SandboxWorld};
use crate::wire::{Reply, Stamp};

/// The time of all tests, in milliseconds since 1970.
pub(in crate::provider) const NOW_MS: i64 = 1_700_000_000_000;

/// A value from JSON.
pub(in crate::provider) fn json(text: &str) -> Value {
    Document::parse(text).unwrap_or_else(|fault| panic!("{text}: {}", fault.message)).into_value()
}

/// A body as JSON, with members put over it; `null` takes one away.
pub(in crate::provider) fn changed(body: &str, changes: &str) -> String {
    let mut body = json(body);
    let fields = body.as_object_mut().expect("an object");
    for member in json(changes).as_object().expect("an object") {
        match &member.node.value {
            Value::Null => {
                fields.remove(&member.key);
            }
            other => {
                fields.set(&member.key, other.clone());
            }
        }
    }
    body.to_compact()
}

/// A profile with these values; the rows say which of them are secret.
pub(in crate::provider) fn account(contract: &Contract, values: &[(&str, &str)]) -> Account {
    let mut account = Account { provider: contract.id.to_owned(), ..Account::default() };
    for (key, value) in values {
        let (key, value) = ((*key).to_owned(), (*value).to_owned());
        if contract.credentials.iter().any(|row| row.name == key && row.secret) {
            account.secrets.insert(key, Secret::new(value));
        } else {
            account.values.insert(key, value);
        }
    }
    account
}

/// A time and a nonce.
pub(in crate::provider) fn stamp(nonce: &str) -> Stamp {
    Stamp { timestamp: NOW_MS.to_string(), nonce: nonce.to_owned() }
}

/// All findings about a payload.
pub(in crate::provider) fn findings(
    contract: &'static Contract,
    operation: &str,
    body: &str,
    context: &Context<'_>,
) -> Vec<Finding> {
    let operation = contract.operation(operation).expect("an operation");
    lint(contract, operation, &Document::parse(body).expect("JSON"), context)
}

/// Rules and pointers of all findings.
pub(in crate::provider) fn found(
    contract: &'static Contract,
    operation: &str,
    body: &str,
    context: &Context<'_>,
) -> Vec<(&'static str, String)> {
    let findings = findings(contract, operation, body, context).into_iter();
    findings.map(|finding| (finding.rule.id, finding.place.pointer)).collect()
}

/// Targets of a kind, as many as this: `x0`, `x1` and so on.
pub(in crate::provider) fn targets(kind: TargetKind, count: usize) -> WantedAudience {
    WantedAudience::Targets((0..count).map(|n| Target::new(kind, format!("x{n}"))).collect())
}

/// What a command with `--text hi` asks for.
pub(in crate::provider) fn intent<'a>(
    account: &'a Account,
    stamp: &'a Stamp,
    verb: Verb,
    audience: WantedAudience,
) -> SendIntent<'a> {
    SendIntent {
        verb,
        audience,
        from: None,
        content: Some(Content::Text("hi".to_owned())),
        title: None,
        extra: &[],
        message_type: None,
        sets: &[],
        account,
        stamp,
    }
}

/// What `herald VERB ID …` asks for, of a message that the ledger does not know.
pub(in crate::provider) fn ask<'a>(
    verb: Verb,
    ids: &'a [String],
    account: &'a Account,
    stamp: &'a Stamp,
) -> FollowUp<'a> {
    FollowUp { verb, ids, sent: None, from: None, to: &[], intent: None, sets: &[], account, stamp }
}

/// A vendor's mock server.
pub(in crate::provider) struct MockServer {
    vendor: &'static dyn Vendor,
    memory: SandboxMemory,
    /// What time it is, in milliseconds since 1970.
    pub(in crate::provider) now_ms: i64,
    /// Its switches, by name.
    pub(in crate::provider) switches: Vec<(&'static str, &'static str)>,
    /// Whose credentials sign.
    pub(in crate::provider) account: Account,
}

impl MockServer {
    /// With an empty memory, and the credentials that the sandbox takes.
    pub(in crate::provider) fn new(vendor: &'static dyn Vendor) -> Self {
        let account = sandbox_account(vendor.contract());
        let (memory, switches) = (SandboxMemory::default(), Vec::new());
        Self { vendor, memory, now_ms: NOW_MS, switches, account }
    }

    /// Its answer to a request.
    pub(in crate::provider) fn answer(&mut self, request: &Incoming) -> Answer {
        let switches = self.switches.clone();
        let switch = move |name: &str| {
            let found = switches.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let mut world = SandboxWorld {
            now_ms: self.now_ms,
            origin: ORIGIN,
            switches: &switch,
            reasons: &Reasons::default(),
            store: &mut self.memory,
        };
        self.vendor.backend().answer(request, &mut world)
    }

    /// Status and text of its answer to a request.
    pub(in crate::provider) fn ask(&mut self, request: &Incoming) -> (u16, String) {
        let answer = self.answer(request);
        (answer.status, String::from_utf8(answer.body).expect("UTF-8"))
    }

    /// The request that herald makes of a call.
    pub(in crate::provider) fn incoming(&self, operation: &str, body: &str) -> Incoming {
        let operation = self.vendor.contract().operation(operation).expect("an operation");
        let stamp = Stamp { timestamp: self.now_ms.to_string(), nonce: "1".to_owned() };
        let call = Call { operation, body: &json(body), account: &self.account, stamp: &stamp };
        Incoming::of(&self.vendor.request(&call).expect("a request")).expect("files are there")
    }

    /// Makes a call, and returns status and text of the answer.
    pub(in crate::provider) fn call(&mut self, operation: &str, body: &str) -> (u16, String) {
        self.ask(&self.incoming(operation, body))
    }

    /// Makes a call, and returns what herald makes of the answer.
    pub(in crate::provider) fn outcome(&mut self, operation: &str, body: &str) -> Outcome {
        let contract = self.vendor.contract();
        let (status, text) = self.call(operation, body);
        let row = contract.operation(operation).expect("an operation");
        let reply = Reply { status, body: text.into_bytes(), ..Reply::default() };
        decide(contract, row, &Ok(reply), &|reply| self.vendor.read(row, reply))
    }
}

/// Records in the order in which they came.
#[derive(Debug, Default)]
pub(in crate::provider) struct SandboxMemory {
    records: Vec<(String, String, Value)>,
    series: HashMap<String, u64>,
}

impl SandboxStore for SandboxMemory {
    fn get(&mut self, kind: &str, id: &str) -> Option<Value> {
        let hit = self.records.iter().find(|(k, i, _)| k == kind && i == id);
        hit.map(|(_, _, record)| record.clone())
    }

    fn put(&mut self, kind: &str, id: &str, record: &Value) {
        self.remove(kind, id);
        self.records.push((kind.to_owned(), id.to_owned(), record.clone()));
    }

    fn remove(&mut self, kind: &str, id: &str) {
        self.records.retain(|(k, i, _)| k != kind || i != id);
    }

    fn list(&mut self, kind: &str) -> Vec<(String, Value)> {
        let of = self.records.iter().filter(|(k, ..)| k == kind);
        of.map(|(_, id, record)| (id.clone(), record.clone())).collect()
    }

    fn next(&mut self, series: &str) -> u64 {
        let number = self.series.entry(series.to_owned()).or_default();
        *number += 1;
        *number
    }
}

/// Checks that the rules of the table are those that the sources name and those in `never_drawn`.
pub(in crate::provider) fn rules_are_all_drawn(
    contract: &'static Contract,
    prefix: &str,
    sources: &[&str],
    never_drawn: &[&str],
) {
    let known: BTreeSet<&str> = contract.rules.iter().map(|rule| rule.id).collect();
    assert_eq!(known.len(), contract.rules.len(), "an id stands twice in the table");
    // A literal is what stands between two quotes and looks like an id.
    let named: BTreeSet<&str> = sources
        .iter()
        .flat_map(|source| source.split('"'))
        .filter(|word| word.starts_with(prefix) && word.len() < 8)
        .collect();
    let drawn: BTreeSet<&str> = named.iter().copied().chain(never_drawn.iter().copied()).collect();
    assert_eq!(drawn, known);
    for rule in contract.rules {
        assert!(!rule.title.is_empty() && !rule.cure.is_empty(), "{}", rule.id);
    }
    for operation in contract.operations {
        assert!(!operation.source.is_empty() && !operation.about.is_empty(), "{}", operation.id);
    }
    let errors: BTreeSet<_> = contract.errors.iter().map(|row| (row.code, row.http)).collect();
    assert_eq!(errors.len(), contract.errors.len(), "an error stands twice in the table");
}
