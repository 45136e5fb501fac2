//! Schemas of herald's own JSON output.

use serde_json::{Value, json};

use super::DIALECT;
use crate::wire::ExchangeStep;

/// Names of the documents, as `herald schema` takes them.
pub const NAMES: [&str; 8] = [
    "output/validate",
    "output/send",
    "output/broadcast",
    "output/results",
    "output/plan",
    "output/error",
    "output/dry-run",
    "output/sign",
];

/// The schema of a document by its name.
pub fn find(name: &str) -> Option<Value> {
    let (about, properties, required) = match name {
        "output/validate" => validate(),
        "output/send" => send(),
        "output/broadcast" => broadcast(),
        "output/results" => results(),
        "output/plan" => plan(),
        "output/error" => error(),
        "output/dry-run" => dry_run(),
        "output/sign" => sign(),
        _ => return None,
    };
    let mut all = json!({ "version": { "const": 1 } });
    let mut names = vec![json!("version")];
    if let (Value::Object(all), Value::Object(more)) = (&mut all, properties) {
        all.extend(more);
    }
    names.extend(required.iter().map(|name| json!(name)));
    Some(json!({
        "$schema": DIALECT,
        "$id": format!("urn:herald:{name}"),
        "title": name,
        "description": about,
        "type": "object",
        "properties": all,
        "required": names,
    }))
}

type OutputParts = (&'static str, Value, &'static [&'static str]);

fn validate() -> OutputParts {
    let count = json!({ "type": "integer", "minimum": 0 });
    let summary = json!({
        "type": "object",
        "properties": {
            "files": count, "payloads": count, "unrecognised": count, "left_out": count,
            "excluded": count, "skipped": count, "ignored": count, "baseline": count, "errors": count, "warnings": count, "hints": count, "hidden": count,
        },
        "required": [
            "files", "payloads", "unrecognised", "left_out", "excluded", "errors", "warnings",
            "hints", "hidden",
        ],
    });
    let name = json!({ "type": "string", "pattern": "^[a-z0-9-]+/.+$" });
    let read = json!({
        "type": "object",
        "properties": {
            "operation": name,
            "by": { "enum": ["as", "config", "schema", "keys"] },
            "payloads": { "type": "integer", "minimum": 1 },
            "also": { "type": "array", "items": name },
            "everybody": { "type": "integer", "minimum": 1 },
        },
        "required": ["operation", "by", "payloads", "also"],
    });
    let statistics = json!({
        "type": "object",
        "properties": {
            "code": { "type": "string", "pattern": "^[a-z0-9-]+/.+$" },
            "severity": { "enum": ["error", "warning", "hint"] },
            "count": { "type": "integer", "minimum": 1 },
            "title": { "type": "string" },
        },
        "required": ["code", "severity", "count", "title"],
    });
    let left_out = json!({
        "type": "object",
        "properties": { "file": { "type": "string" }, "reason": { "type": "string" } },
        "required": ["file", "reason"],
    });
    (
        "What `herald validate --output json` prints",
        json!({
            "summary": summary,
            "read": { "type": "array", "items": read },
            "left_out": { "type": "array", "items": left_out },
            "statistics": { "type": "array", "items": statistics },
            "findings": { "type": "array", "items": finding() },
            "error": { "type": "object" },
        }),
        &["summary", "read", "left_out", "findings"],
    )
}

fn finding() -> Value {
    let text = json!({ "type": "string" });
    let maybe = json!({ "type": ["string", "null"] });
    let from_one = json!({ "type": ["integer", "null"], "minimum": 1 });
    let from_zero = json!({ "type": ["integer", "null"], "minimum": 0 });
    json!({
        "type": "object",
        "properties": {
            "code": { "type": "string", "pattern": "^[a-z0-9-]+/.+$" },
            "severity": { "enum": ["error", "warning", "hint"] },
            "message": text,
            "help": maybe,
            "provider": maybe,
            "operation": maybe,
            "file": maybe,
            "line": from_one,
            "column": from_one,
            "end_line": from_one,
            "end_column": from_one,
            "byte_start": from_zero,
            "byte_end": from_zero,
            "pointer": { "type": "string", "format": "json-pointer" },
            "inner_pointer": { "type": "string", "format": "json-pointer" },
        },
        "required": ["code", "severity", "message", "pointer"],
    })
}

fn send() -> OutputParts {
    let maybe = json!({ "type": ["string", "null"] });
    let outcomes = ["accepted", "rejected", "unavailable", "unknown", "partial", "refused"];
    (
        "What commands that send print; 64-bit ids are strings",
        json!({
            "provider": { "type": "string" },
            "operation": { "type": "string" },
            "profile": maybe,
            "sandbox": { "type": "boolean" },
            "outcome": { "enum": outcomes },
            "ids": { "type": "object" },
            "vendor": {
                "type": ["object", "null"],
                "properties": {
                    "http_status": { "type": ["integer", "null"] },
                    "code": { "type": ["string", "integer", "null"] },
                    "message": maybe,
                },
            },
            "meaning": { "type": ["string", "null"], "description": "what an answer without words of the vendor's means, in herald's words" },
            "failure": failure(),
            "advice": maybe,
            "ledger_id": { "type": ["string", "integer", "null"] },
            "attempts": { "type": "integer", "minimum": 0 },
            "elapsed_ms": { "type": "integer", "minimum": 0 },
            "recall": recall(),
        }),
        &["provider", "operation", "outcome"],
    )
}

/// How it can be recalled, or could be after it was sent; null if it cannot be. There is no command where several messages
/// have to be recalled one by one.
fn recall() -> Value {
    let maybe = json!({ "type": ["string", "null"] });
    let until = json!({ "type": ["string", "null"], "format": "date-time" });
    json!({
        "type": ["object", "null"],
        "properties": { "command": maybe, "until": until },
        "required": ["command", "until"],
    })
}

/// The failure on the way to the vendor; null if the vendor answered.
fn failure() -> Value {
    let maybe = json!({ "type": ["string", "null"] });
    let port = json!({ "type": ["integer", "null"], "minimum": 1, "maximum": 65535 });
    let steps: Vec<Value> =
        ExchangeStep::ALL.iter().map(|step| step.word().into()).chain([Value::Null]).collect();
    let proxy = json!({
        "type": ["object", "null"],
        "properties": { "host": maybe, "port": port, "variable": maybe },
    });
    json!({
        "type": ["object", "null"],
        "properties": {
            "step": { "enum": steps },
            "cause": maybe,
            "reason": { "type": "string" },
            "host": maybe,
            "port": port,
            "proxy": proxy,
        },
        "required": ["step", "cause", "reason", "host", "port", "proxy"],
    })
}

/// Numbers of targets by their result.
const COUNTS: [&str; 7] =
    ["total", "accepted", "rejected", "unavailable", "unknown", "sending", "planned"];

fn broadcast() -> OutputParts {
    let (_, mut properties, required) = send();
    let maybe = json!({ "type": ["string", "null"] });
    let count = json!({ "type": "integer", "minimum": 0 });
    let counts: serde_json::Map<String, Value> =
        COUNTS.iter().map(|name| ((*name).to_owned(), count.clone())).collect();
    properties["job"] = json!({
        "type": "object",
        "properties": {
            "id": { "type": "string", "format": "uuid" },
            "name": maybe,
            "state": { "type": "string" },
            "halted_by": maybe,
            "requests": count,
            "counts": { "type": "object", "properties": counts, "required": COUNTS },
        },
        "required": ["id", "name", "state", "halted_by", "requests", "counts"],
    });
    let ends = ["finished", "stopped", "vendor-down", "aborted", "interrupted", "guard"];
    properties["ended"] = json!({ "enum": ends });
    ("What a `broadcast` of several requests and `apply` print", properties, required)
}

fn results() -> OutputParts {
    let maybe = json!({ "type": ["string", "null"] });
    let outcomes =
        ["accepted", "rejected", "unavailable", "unknown", "partial", "planned", "skipped"];
    (
        "A line of the file of `--results`: what happened to one target",
        json!({
            "target": { "type": "string" },
            "outcome": { "enum": outcomes },
            "operation": { "type": "string" },
            "job": { "type": "string", "format": "uuid" },
            "sandbox": { "type": "boolean" },
            "id": maybe,
            "code": maybe,
            "message": maybe,
            "line": { "type": "integer", "minimum": 1 },
        }),
        &["target", "outcome", "operation", "id", "code", "message"],
    )
}

fn plan() -> OutputParts {
    let count = json!({ "type": "integer", "minimum": 0 });
    (
        "What `broadcast --plan FILE --output json` prints",
        json!({
            "outcome": { "const": "planned" },
            "provider": { "type": "string" },
            "operation": { "type": ["string", "null"] },
            "profile": { "type": ["string", "null"] },
            "sandbox": { "type": "boolean" },
            "plan": { "type": "string" },
            "id": { "type": "string", "format": "uuid" },
            "targets": count,
            "requests_total": count,
            "audience": { "type": "string" },
            "audience_digest": { "type": "string" },
            "seconds": count,
            "quota": { "type": "array", "items": { "type": "string" } },
            "quotas": { "type": "array", "items": { "type": "object" } },
            "recall": recall(),
            "recallable_until": { "type": ["string", "null"], "format": "date-time" },
            "recallable_seconds": { "type": ["integer", "null"], "minimum": 0 },
            "valid_until": { "type": "string", "format": "date-time" },
        }),
        &["outcome", "provider", "plan", "id", "targets", "requests_total", "valid_until"],
    )
}

fn error() -> OutputParts {
    let error = json!({
        "type": "object",
        "properties": {
            "kind": { "type": "string" },
            "exit_code": { "type": "integer", "minimum": 1 },
            "message": { "type": "string" },
            "help": { "type": ["string", "null"] },
        },
        "required": ["kind", "exit_code", "message", "help"],
    });
    // Of commands that send.
    let outcomes = ["rejected", "unavailable", "unknown", "partial", "refused"];
    let properties = json!({ "error": error, "outcome": { "enum": outcomes }, "sandbox": { "type": "boolean" }, "failure": failure() });
    ("What a command that fails prints in JSON modes", properties, &["error"])
}

fn dry_run() -> OutputParts {
    let request = json!({
        "type": "object",
        "properties": {
            "method": { "type": "string" },
            "url": { "type": "string" },
            "headers": { "type": "object", "additionalProperties": { "type": "string" } },
            "body": { "type": ["string", "object", "array", "null"] },
        },
        "required": ["method", "url", "headers", "body"],
    });
    // Those that would refuse to send it.
    let guard = json!({
        "type": "object",
        "properties": {
            "guard": { "type": "string" },
            "message": { "type": "string" },
            "help": { "type": "string" },
        },
        "required": ["guard", "message", "help"],
    });
    (
        "What `--dry-run --output json` prints",
        json!({
            "outcome": { "const": "planned" },
            "provider": { "type": "string" },
            "operation": { "type": "string" },
            "sandbox": { "type": "boolean" },
            "requests": { "type": "array", "items": request },
            "curl": { "type": "string" },
            "requests_total": { "type": "integer", "minimum": 0 },
            "targets": { "type": "integer", "minimum": 0 },
            "seconds": { "type": "integer", "minimum": 0 },
            "quotas": { "type": "array", "items": { "type": "object" } },
            "guards": { "type": "array", "items": guard },
            "recall": recall(),
        }),
        &["outcome", "provider", "operation", "requests"],
    )
}

fn sign() -> OutputParts {
    let texts = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    (
        "What `herald sign --output json` prints",
        json!({ "provider": { "type": "string" }, "headers": texts, "fields": texts }),
        &["provider", "headers", "fields"],
    )
}
