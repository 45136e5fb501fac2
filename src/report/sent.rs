//! The results of requests: the JSON for scripts, and the table for people.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::answer;
use super::shown_body::shortened;
use super::{Format, RecallAdvice, Ui, completed, error_object, escape, table};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::outcome::{Outcome, TargetResult, Verdict, shared_id};
use crate::wire::{Body, ExchangeStep, Request, Show, to_curl};

/// The result of one request, with what the ledger knows about it.
#[derive(Clone, Debug)]
pub struct SentReport {
    /// Id of the provider.
    pub provider: String,
    /// Id of the operation.
    pub operation: String,
    /// Name of the profile.
    pub profile: Option<String>,
    /// Whether it went to the sandbox.
    pub sandbox: bool,
    /// The outcome.
    pub outcome: Outcome,
    /// Its entry in the ledger.
    pub ledger_id: Option<String>,
    /// What people see of that.
    pub short_id: Option<String>,
    /// The number of attempts.
    pub attempts: u32,
    /// From the first attempt to the last answer.
    pub elapsed_ms: u64,
    /// How to recall it, if it may have reached people.
    pub take_back: Option<RecallAdvice>,
}

/// Writes the results of the requests of one command, and returns its exit code. `fault` is the error that kept the
/// ledger from storing all of them.
pub fn sent(ui: &Ui, all: &[SentReport], fault: Option<&Error>) -> Exit {
    let faulty = |mut object: Value| {
        if let Some(fault) = fault {
            object["error"] = error_object(fault, fault.exit());
        }
        object
    };
    match ui.format {
        Format::Json => ui.json(&faulty(document(all))),
        Format::Ndjson => all.iter().for_each(|one| ui.json(&faulty(object(one)))),
        _ => people(ui, all),
    }
    let worst = Exit::worst(all.iter().map(|one| one.outcome.verdict.exit()));
    let is_taken = |one: &SentReport| one.outcome.verdict == Verdict::Accepted;
    // The exit code invites a retry. A user who runs the command again would reach some targets twice.
    if worst == Exit::Unavailable && all.iter().any(is_taken) { Exit::Partly } else { worst }
}

/// The word of an outcome, with the mark of what went to the sandbox.
pub fn marked(word: &str, sandbox: bool) -> String {
    if sandbox { format!("{word} (sandbox)") } else { word.to_owned() }
}

/// One object for one request; for several requests, the same object for all of them together, with `results`.
fn document(all: &[SentReport]) -> Value {
    let [first, rest @ ..] = all else { return json!({"version": 1, "results": []}) };
    let mut whole = object(first);
    if rest.is_empty() {
        return whole;
    }
    let verdict = together(all);
    // Members that only a single request can have are in its result.
    for (name, nothing) in [
        ("ids", json!({})),
        ("vendor", json!({"http_status": null, "code": null, "message": null})),
        ("failure", Value::Null),
        ("advice", Value::Null),
        ("ledger_id", Value::Null),
        ("recall", Value::Null),
    ] {
        whole[name] = nothing;
    }
    if let Some(object) = whole.as_object_mut() {
        ["result", "targets", "warnings"].iter().for_each(|name| drop(object.remove(*name)));
    }
    whole["outcome"] = json!(verdict.word());
    whole["attempts"] = json!(all.iter().map(|one| one.attempts).max());
    whole["elapsed_ms"] = json!(all.iter().map(|one| one.elapsed_ms).sum::<u64>());
    whole["results"] = all.iter().map(object).collect();
    whole
}

/// One verdict over several requests.
fn together(all: &[SentReport]) -> Verdict {
    let verdicts = all.iter().map(|one| one.outcome.verdict);
    Verdict::together(verdicts).unwrap_or(Verdict::Accepted)
}

fn object(one: &SentReport) -> Value {
    let outcome = &one.outcome;
    let ids: Map<String, Value> =
        outcome.ids.iter().map(|(name, id)| (name.clone(), json!(id))).collect();
    let mut object = json!({
        "version": 1,
        "provider": one.provider,
        "operation": one.operation,
        "profile": one.profile,
        "sandbox": one.sandbox,
        "outcome": outcome.verdict.word(),
        "ids": ids,
        "vendor": {"http_status": outcome.http_status, "code": outcome.code, "message": outcome.said()},
        "meaning": outcome.meaning(),
        "failure": failure(outcome),
        "advice": outcome.advice.as_deref().map(completed),
        "ledger_id": one.ledger_id,
        "attempts": one.attempts,
        "elapsed_ms": one.elapsed_ms,
        "recall": one.take_back.as_ref().map_or(Value::Null, RecallAdvice::to_json),
    });
    if let Some(result) = &outcome.result {
        object["result"] = lossless(result);
    }
    if !outcome.targets.is_empty() {
        object["targets"] = targets(&outcome.targets, &outcome.ids);
    }
    if !outcome.warnings.is_empty() {
        object["warnings"] = json!(outcome.warnings);
    }
    object
}

/// The failure on the way, for scripts; null if the vendor answered. In the step `proxy` the host is the proxy's,
/// otherwise the server's.
pub fn failure(outcome: &Outcome) -> Value {
    let Some(failure) = &outcome.failure else { return failure_in_words(outcome.why_silent()) };
    let hop = failure.hop.as_deref();
    let proxy = hop.and_then(|hop| hop.proxy.as_ref());
    let place = match (failure.step, proxy) {
        (ExchangeStep::Proxy, Some(proxy)) => Some((&proxy.host, proxy.port)),
        _ => hop.map(|hop| (&hop.host, hop.port)),
    };
    json!({
        "step": failure.step.word(),
        "cause": failure.cause.word(),
        "reason": failure.reason,
        "host": place.map(|(host, _)| host),
        "port": place.map(|(_, port)| port),
        "proxy": proxy.map(|proxy| json!({
            "host": proxy.host,
            "port": proxy.port,
            "variable": proxy.variable,
        })),
    })
}

/// The same if only the words are known.
pub fn failure_in_words(words: Option<&str>) -> Value {
    words.map_or(Value::Null, |words| {
        json!({
            "step": null,
            "cause": null,
            "reason": words,
            "host": null,
            "port": null,
            "proxy": null,
        })
    })
}

/// The results of single targets, for scripts: each with the id of its message, or otherwise that of the whole request,
/// and with the results of its `devices` if the vendor told them apart.
/// `ids` are the ids of the request.
pub fn targets(targets: &[TargetResult], ids: &[(String, String)]) -> Value {
    let shared = shared_id(ids, targets);
    let device = |device: &TargetResult| {
        json!({
            "outcome": device.verdict.word(),
            "code": device.code,
            "message": device.message,
        })
    };
    let object = |target: &TargetResult| {
        let mut object = json!({
            "target": target.target,
            "outcome": target.verdict.word(),
            "id": target.id.as_deref().or(shared),
            "code": target.code,
            "message": target.message,
        });
        if !target.devices.is_empty() {
            object["devices"] = target.devices.iter().map(device).collect();
        }
        object
    };
    targets.iter().map(object).collect()
}

/// A vendor's value in herald's JSON: numbers beyond 2^53 become strings, because other tools would round them.
pub fn lossless(value: &crate::document::Value) -> Value {
    use crate::document::Value as Foreign;
    const SAFE: i128 = 1 << 53;
    match value {
        Foreign::Null => Value::Null,
        Foreign::Bool(value) => json!(value),
        Foreign::String(text) => json!(text.as_str()),
        Foreign::Number(number) => match number.as_integer() {
            Some(n) if n.abs() < SAFE => {
                serde_json::from_str(number.as_str()).unwrap_or(Value::Null)
            }
            Some(_) => json!(number.as_str()),
            None => {
                serde_json::from_str(number.as_str()).unwrap_or_else(|_| json!(number.as_str()))
            }
        },
        Foreign::Array(items) => items.iter().map(|item| lossless(&item.value)).collect(),
        Foreign::Object(object) => object
            .iter()
            .map(|member| (member.key.to_string(), lossless(&member.node.value)))
            .collect(),
    }
}

/// The most rows that are shown to people. Scripts get all.
const SHOWN: usize = 20;

/// Tells people how much is not shown.
fn more(ui: &Ui, all: usize, what: &str) {
    if all > SHOWN {
        ui.remark(&format!("{what}: {all}, of which {SHOWN} are shown; --output json has all"));
    }
}

fn people(ui: &Ui, all: &[SentReport]) {
    if let Some((one, result)) =
        all.first().and_then(|one| Some((one, one.outcome.result.as_ref()?)))
        && all.len() == 1
        && one.outcome.verdict == Verdict::Accepted
        && one.ledger_id.is_none()
    {
        match answer::is_table(result) {
            true => answer::answer(ui, &one.provider, result),
            false => ui.page(&(answer::plain(result) + "\n")),
        }
        if one.sandbox {
            ui.remark("this is the answer of the sandbox");
        }
        return;
    }
    match all {
        [one] => ui.line(table(ui, &["", ""], &facts(one)).trim_end()),
        _ => {
            // An unnecessary column would take space.
            let shown = || all.iter().take(SHOWN);
            let fails = shown().any(|one| one.outcome.why_silent().is_some());
            let means = shown().any(|one| one.outcome.meaning().is_some());
            let mut headers = vec!["outcome", "operation", "ids", "vendor says"];
            headers.extend(means.then_some("meaning"));
            headers.extend(fails.then_some("failed"));
            headers.push("ledger id");
            let rows: Vec<Vec<String>> = shown().map(|one| row(one, (means, fails))).collect();
            ui.line(table(ui, &headers, &rows).trim_end());
            more(ui, all.len(), &format!("requests ({})", counts(all)));
        }
    }
    ui.tell_profile(all.first().and_then(|one| one.profile.as_deref()));
    // Many requests may get the same advice.
    let mut said = HashSet::new();
    for one in all {
        one.outcome
            .warnings
            .iter()
            .filter(|text| said.insert(*text))
            .for_each(|text| ui.warn(text));
        let advice = one.outcome.advice.iter().filter(|text| said.insert(*text));
        advice.for_each(|text| ui.remark(&escape(text)));
    }
    failures(ui, all);
}

/// How many requests had which outcome, in words.
fn counts(all: &[SentReport]) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for word in all.iter().map(|one| one.outcome.verdict.word()) {
        match counts.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => counts.push((word, 1)),
        }
    }
    counts.iter().map(|(word, count)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
}

/// One request, with one fact on each line.
fn facts(one: &SentReport) -> Vec<Vec<String>> {
    let outcome = &one.outcome;
    let name = format!("{}/{}", one.provider, one.operation);
    let mut rows = vec![vec![marked(outcome.verdict.word(), one.sandbox), name]];
    rows.extend(outcome.ids.iter().map(|(name, id)| vec![name.clone(), id.clone()]));
    let vendor = vendor_says(one);
    if !vendor.is_empty() {
        rows.push(vec!["vendor says".to_owned(), vendor]);
    }
    rows.extend(outcome.meaning().map(|why| vec!["meaning".to_owned(), escape(why)]));
    rows.extend(outcome.why_silent().map(|why| vec!["failed".to_owned(), escape(why)]));
    if let Some(id) = &one.short_id {
        rows.push(vec!["ledger id".to_owned(), id.clone()]);
    }
    if let Some(how) = &one.take_back {
        rows.push(vec!["recall".to_owned(), how.words.clone()]);
    }
    rows
}

/// One of several requests, with or without columns for meanings and failures.
fn row(one: &SentReport, (means, fails): (bool, bool)) -> Vec<String> {
    let outcome = &one.outcome;
    let ids: Vec<String> = outcome.ids.iter().map(|(name, id)| format!("{name} {id}")).collect();
    let mut row = vec![
        marked(outcome.verdict.word(), one.sandbox),
        format!("{}/{}", one.provider, one.operation),
        ids.join(", "),
        vendor_says(one),
    ];
    row.extend(means.then(|| escape(outcome.meaning().unwrap_or_default())));
    row.extend(fails.then(|| escape(outcome.why_silent().unwrap_or_default())));
    row.push(one.short_id.clone().unwrap_or_default());
    row
}

fn vendor_says(one: &SentReport) -> String {
    // Escaped first, because a table treats a line break as the end of a line in the cell.
    match (one.outcome.code.as_deref(), one.outcome.said()) {
        (Some(code), Some(message)) => escape(&format!("{code} {message}")),
        (Some(one), None) | (None, Some(one)) => escape(one),
        (None, None) => String::new(),
    }
}

/// Single targets, if the vendor reports different results for them.
fn failures(ui: &Ui, all: &[SentReport]) {
    let row = |name: String, result: &TargetResult| {
        vec![
            name,
            result.verdict.word().to_owned(),
            result.code.clone().unwrap_or_default(),
            escape(result.message.as_deref().unwrap_or_default()),
        ]
    };
    let (mut rows, mut count) = (Vec::new(), 0);
    for one in all {
        let failed =
            one.outcome.targets.iter().filter(|target| target.verdict != Verdict::Accepted);
        for target in failed {
            count += 1;
            if count > SHOWN {
                continue;
            }
            rows.push(row(target.target.clone(), target));
            let devices = target.devices.iter().zip(1..);
            rows.extend(devices.map(|(device, n)| row(format!("- device {n}"), device)));
        }
    }
    if !rows.is_empty() {
        ui.line(table(ui, &["target", "outcome", "code", "why"], &rows).trim_end());
        more(ui, count, "targets that were not accepted");
    }
}

/// How requests are printed that would be sent.
#[derive(Clone, Copy, Debug)]
pub struct Printed {
    /// As curl commands.
    pub curl: bool,
    /// With or without secrets.
    pub show: Show,
    /// Whether they would go to the sandbox.
    pub sandbox: bool,
}

/// Prints requests instead of sending them, perhaps some of many, with an object that sums up all of them. An error if one
/// of them cannot be printed in this form.
pub fn planned_of_many(
    ui: &Ui,
    (provider, operation): (&str, &str),
    requests: &[Request],
    how: Printed,
    more: &Value,
) -> Result<()> {
    let curl = match how.curl {
        true => {
            let lines = requests.iter().map(|request| to_curl(request, how.show));
            Some(lines.collect::<Result<Vec<_>>>()?.join("\n"))
        }
        false => None,
    };
    let is_json = matches!(ui.format, Format::Json | Format::Ndjson);
    if let Some(lines) = curl.as_ref().filter(|_| !is_json) {
        ui.line(lines);
        return Ok(());
    }
    if is_json {
        let requests: Vec<Value> =
            requests.iter().map(|request| request_object(request, how.show)).collect();
        let mut document = json!({
            "version": 1,
            "outcome": "planned",
            "provider": provider,
            "operation": operation,
            "sandbox": how.sandbox,
            "requests": requests,
        });
        if let Some(lines) = curl {
            document["curl"] = lines.into();
        }
        for (name, value) in more.as_object().into_iter().flatten() {
            document[name] = value.clone();
        }
        ui.json(&document);
        return Ok(());
    }
    for request in requests {
        let mut lines =
            vec![format!("{} {}", request.method.as_str(), escape(&request.url(how.show)))];
        let headers = headers(request, how.show);
        lines.extend(headers.iter().map(|(name, value)| format!("{name}: {}", escape(value))));
        let body = request.body_text(how.show);
        if !body.is_empty() {
            let is_narrow = ui.width().is_some();
            let body = if is_narrow { shortened(&body) } else { body };
            lines.extend([String::new(), escape(&body)]);
        }
        ui.page(&(lines.join("\n") + "\n"));
    }
    Ok(())
}

fn request_object(request: &Request, show: Show) -> Value {
    let headers: Map<String, Value> =
        headers(request, show).into_iter().map(|(name, value)| (name, json!(value))).collect();
    json!({
        "method": request.method.as_str(),
        "url": request.url(show),
        "headers": headers,
        "body": request.body_text(show),
    })
}

/// The headers of the request, including the content type.
fn headers(request: &Request, show: Show) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = request
        .headers
        .iter()
        .map(|header| (header.name.to_owned(), header.value.show(show)))
        .collect();
    let media = match &request.body {
        Body::None => None,
        Body::Text { media, .. } | Body::File { media, .. } => Some(*media),
        Body::Multipart(_) => Some("multipart/form-data"),
    };
    headers.extend(media.map(|media| ("Content-Type".to_owned(), media.to_owned())));
    headers
}

/// A count with its noun: `1 request`, `2 requests`.
pub fn counted(count: u64, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

/// A number with a comma between groups of three digits, as people read large ones: `5,000`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number of seconds in the largest unit that divides it.
pub fn time_span(seconds: u64) -> String {
    for (unit, name) in [(86_400, "day"), (3600, "hour"), (60, "minute")] {
        if seconds >= unit && seconds.is_multiple_of(unit) {
            return counted(seconds / unit, name);
        }
    }
    counted(seconds, "second")
}
