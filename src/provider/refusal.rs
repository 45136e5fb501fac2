//! Why a mock server refused a request, for who writes the client: what the vendor's bare words do not say.
//!
//! Nothing here knows a vendor: the reply is read as herald reads the vendor's, the payload is linted, and the signature
//! is made again with the sandbox's credentials, which are public.

use super::kit::sandbox::{form_pairs, parameters, plain_path, typed};
use super::{Call, Signature, Vendor, mistakes};
use crate::account::{Account, variable};
use crate::contract::{Auth, BodyForm, Context, Finding, Kind, Operation, Position, Severity};
use crate::document::{Document, Object, Value};
use crate::lint::{broken, lint};
use crate::profile::sandbox_account;
use crate::sandbox::{Answer, Incoming, Reasons};
use crate::text::{quoted, suggest};
use crate::wire::{HIDDEN, Reply, Show, Stamp};

/// A timestamp that is further from the clock is told, in milliseconds.
const TOLD_SKEW_MS: i64 = 60_000;

/// What happened to a request to a mock server.
#[derive(Debug, Default)]
pub struct Diagnosis {
    /// The operation; `None` if the contract has none at this address.
    pub operation: Option<&'static Operation>,
    /// Whether the vendor refuses it.
    pub is_refused: bool,
    /// The vendor's code.
    pub code: Option<String>,
    /// The vendor's message.
    pub message: Option<String>,
    /// Why it was refused, beyond that: each a sentence.
    pub reasons: Vec<String>,
    /// The pointer of the payload's fault.
    pub pointer: Option<String>,
    /// Codes of lint errors in a request that was accepted.
    pub lint: Vec<String>,
}

/// Reads a request and its answer, with what the mock server told. The path is that of the vendor, without
/// the provider's prefix.
pub fn diagnose(
    vendor: &dyn Vendor,
    (request, answer): (&Incoming, &Answer),
    told: &Reasons,
    now_ms: i64,
) -> Diagnosis {
    let contract = vendor.contract();
    let mut diagnosis = Diagnosis { is_refused: answer.status >= 400, ..Diagnosis::default() };
    let Some((operation, beside)) = operation_at(vendor, request, told.operation()) else {
        if diagnosis.is_refused {
            let path = plain_path(&request.path);
            let mut others = contract.operations.iter().flat_map(|row| {
                row.addresses().filter_map(|(_, template)| {
                    parameters(Some(row), template.trim_end_matches('/'), &path)
                })
            });
            let reason = match others.next().is_some() {
                true => format!("no operation here has the method {}", request.method),
                false => format!("herald knows no operation of {} at this path", contract.id),
            };
            diagnosis.reasons.push(reason);
        }
        return diagnosis;
    };
    let reading = vendor.read(operation, &reply(answer));
    diagnosis.operation = Some(operation);
    diagnosis.is_refused |= reading.success == Some(false);
    (diagnosis.code, diagnosis.message) = (reading.code, reading.message);
    let body = payload(operation, request, beside);
    let errors = body.as_ref().map(|body| errors(vendor, operation, body)).unwrap_or_default();
    if !diagnosis.is_refused {
        diagnosis.code = None;
        let unread = unread(operation, request);
        diagnosis.lint = errors.iter().chain(&unread).map(Finding::code).collect();
        diagnosis.lint.dedup();
        return diagnosis;
    }
    let value = body.map_or_else(Value::object, Document::into_value);
    for reason in told.all() {
        diagnosis.reasons.push(reason.text);
        diagnosis.pointer = diagnosis.pointer.or(reason.pointer);
    }
    // What the server itself knows of it is the reason; a token that it does not know may have a usual slip.
    let faults = match (diagnosis.reasons.is_empty(), operation.auth) {
        (true, _) | (_, Auth::Bearer) => {
            credentials_fault(vendor, operation, request, &value, now_ms)
        }
        (_, Auth::Body) if diagnosis.pointer.is_some() => {
            credentials_fault(vendor, operation, request, &value, now_ms)
        }
        _ => Vec::new(),
    };
    // Where they are in the payload, they are wrong whatever the server looks at first.
    if operation.auth == Auth::Body && diagnosis.pointer.is_some() && !faults.is_empty() {
        diagnosis.reasons.clear();
        diagnosis.pointer = None;
    }
    diagnosis.reasons.extend(faults);
    // A vendor that refuses the credentials has not read the payload.
    if diagnosis.reasons.is_empty() && answer.status == 401 {
        diagnosis.reasons.push("the credentials are not those of the sandbox".to_owned());
    } else if diagnosis.reasons.is_empty()
        && !matches!(answer.status, 403 | 404 | 405 | 429)
        && let Some(first) = errors.first()
    {
        diagnosis.reasons.push(format!("{}: {}", first.code(), first.message));
        diagnosis.pointer = Some(first.place.pointer.clone());
    }
    diagnosis
}

/// The answer as herald reads a vendor's reply.
fn reply(answer: &Answer) -> Reply {
    let headers = answer.headers.iter();
    let headers =
        headers.map(|(name, value)| (name.to_ascii_lowercase().into(), value.as_str().into()));
    Reply { status: answer.status, headers: headers.collect(), body: answer.body.clone() }
}

/// The operation at an address, with the parameters in its path and the words that choose it. Literal paths win over
/// those with parameters, and of several operations it is the one that the server has told.
fn operation_at(
    vendor: &dyn Vendor,
    request: &Incoming,
    told: Option<&'static Operation>,
) -> Option<(&'static Operation, Object)> {
    let path = plain_path(&request.path);
    let rows = vendor.contract().operations.iter();
    let rows = rows.filter(|row| told.is_none_or(|told| row.id == told.id));
    let addresses = rows.flat_map(|row| row.addresses().map(move |address| (row, address)));
    let found = addresses.filter_map(|(row, (method, template))| {
        let mut found = parameters(None, template.trim_end_matches('/'), &path)?;
        let steps = found.len();
        for (name, word) in row.words_at(template) {
            found.set(name, *word);
        }
        (method.as_str() == request.method).then_some((steps, row, found))
    });
    let (_, row, found) = found.min_by_key(|(steps, _, _)| *steps)?;
    Some((row, found))
}

/// The payload in the form in which the rows describe it; `None` if it cannot be read, or is a file.
fn payload(operation: &'static Operation, request: &Incoming, in_path: Object) -> Option<Document> {
    let fields = operation.shape().map(|shape| shape.all_fields()).unwrap_or_default();
    let beside = |position: Position| fields.iter().any(|field| field.position == position);
    let mut members = match operation.body {
        BodyForm::Json => {
            let body = Document::from_bytes(request.body.clone()).ok()?;
            if !beside(Position::Path) && !beside(Position::Query) {
                return Some(body);
            }
            body.into_value().as_object()?.clone()
        }
        BodyForm::Form => {
            let mut form = Object::default();
            for (key, value) in form_pairs(&request.body) {
                let value = match form.get(&key).map(|node| node.value.clone()) {
                    None => Value::from(value),
                    Some(Value::Array(mut items)) => {
                        items.push(crate::document::Node::bare(Value::from(value)));
                        Value::Array(items)
                    }
                    Some(first) => Value::from(vec![first, value.into()]),
                };
                form.set(&key, value);
            }
            form
        }
        BodyForm::None => Object::default(),
        BodyForm::Multipart => return None,
    };
    // The path also has keys of the account, which are no members.
    for member in &in_path {
        if fields.iter().any(|field| field.name == member.key) {
            let text = member.node.value.to_plain();
            members.set(&member.key, typed(operation, &member.key, &text));
        }
    }
    for (name, value) in form_pairs(request.query.as_bytes()) {
        let field = fields.iter().find(|field| field.wire_name() == name);
        let name = field.map_or(name.as_str(), |field| field.name);
        let value = match (field.map(|field| field.kind), value.as_str()) {
            (Some(Kind::Bool(_)), "true") => true.into(),
            (Some(Kind::Bool(_)), "false") => false.into(),
            _ => typed(operation, name, &value),
        };
        members.set(name, value);
    }
    for field in fields.iter().filter(|field| field.position == Position::Header) {
        if let Some(value) = request.header(field.name) {
            members.set(field.name, typed(operation, field.name, value));
        }
    }
    Some(Document::of(&Value::Object(members)))
}

/// The fault of a body that is not strict JSON, which some servers read all the same.
fn unread(operation: &Operation, request: &Incoming) -> Option<Finding> {
    if operation.body != BodyForm::Json || request.body.is_empty() {
        return None;
    }
    Document::from_bytes(request.body.clone()).err().map(|fault| broken(&fault))
}

/// What lint calls an error.
fn errors(vendor: &dyn Vendor, operation: &'static Operation, body: &Document) -> Vec<Finding> {
    let findings = lint(vendor.contract(), operation, body, &Context::default());
    findings.into_iter().filter(|finding| finding.severity() == Severity::Error).collect()
}

/// What is wrong with signature, code, key, secret or token; nothing if they are right.
fn credentials_fault(
    vendor: &dyn Vendor,
    operation: &'static Operation,
    request: &Incoming,
    body: &Value,
    now_ms: i64,
) -> Vec<String> {
    let account = sandbox_account(vendor.contract());
    let header = |name: &str| {
        request.header(name).or_else(|| request.header(&format!("RC-{name}"))).map(str::to_owned)
    };
    let stamp = Stamp {
        nonce: header("nonce").unwrap_or_default(),
        timestamp: header("timestamp").unwrap_or_default(),
    };
    if let Some(scheme) = scheme_of(operation.auth)
        && let Some(fault) = scheme_fault(scheme, header("authorization").as_deref())
    {
        return vec![fault];
    }
    if operation.auth == Auth::Bearer {
        return Vec::new();
    }
    // A timestamp that cannot be signed must not hide which headers are missing.
    let now = Stamp { nonce: stamp.nonce.clone(), timestamp: now_ms.to_string() };
    if let Ok(signature) = vendor.sign(&Call { operation, body, account: &account, stamp: &now }) {
        let names = signature.headers.iter().map(|(name, _)| *name);
        let missing: Vec<&str> =
            names.filter(|name| header(name).is_none_or(|value| value.is_empty())).collect();
        if signature.value.is_some() && !missing.is_empty() {
            return vec![format!("missing headers: {}", missing.join(", "))];
        }
    }
    // What signs a body has no timestamp of its own.
    let stamp = if operation.auth == Auth::Body { now } else { stamp };
    let call = Call { operation, body, account: &account, stamp: &stamp };
    let Ok(signature) = vendor.sign(&call) else {
        return vec![format!(
            "the timestamp `{}` is no whole number of milliseconds",
            stamp.timestamp
        )];
    };
    let Some(right) = signature.value.clone() else { return Vec::new() };
    let Some(given) = given(&signature, &right, body, &header) else { return Vec::new() };
    let mut faults = other_keys(&signature, &right, body, &header);
    if mistakes::is_right(&signature, &given) == Some(false) {
        let others = others(vendor, &account);
        let slip = mistakes::explain(&signature, &others, &given);
        if operation.auth == Auth::Basic {
            faults.push(
                slip.unwrap_or_else(|| "key or secret is not that of the sandbox".to_owned()),
            );
        } else {
            let hashed: String =
                signature.pieces.iter().map(|(_, piece)| piece.show(Show::Secrets)).collect();
            faults.push(format!(
                "hashed was `{hashed}` ({}), which gives {right}; {given} came",
                signature.recipe
            ));
            faults.extend(slip);
            faults.push(format!("{} shows the same", shown_again(vendor, &call, &signature)));
        }
    }
    faults.extend(skew(&stamp.timestamp, now_ms));
    faults
}

/// The command that shows how a signature is made, with the sandbox's credentials in its environment: it works as pasted.
fn shown_again(vendor: &dyn Vendor, call: &Call<'_>, signature: &Signature) -> String {
    let contract = vendor.contract();
    let (account, stamp) = (call.account, call.stamp);
    let mut show = suggest("sign").arg(format!("{}/{}", contract.id, call.operation.id));
    for (name, piece) in &signature.pieces {
        let in_body = call.body.as_object().is_some_and(|body| body.get(name).is_some());
        if call.operation.auth == Auth::Body && in_body {
            show = show.words("--set").arg(format!("{name}={}", piece.show(Show::Secrets)));
        }
    }
    if call.operation.auth != Auth::Body {
        show = show.words("--nonce").arg(&stamp.nonce).words("--timestamp").arg(&stamp.timestamp);
    }
    let credentials = others(vendor, account).into_iter().filter(|(name, _)| *name != "endpoint");
    let variables: String = credentials
        .map(|(name, value)| format!("{}={} ", variable(contract.id, name), quoted(value)))
        .collect();
    format!("`{variables}{}`", show.words("--explain").into_line())
}

/// The signature that came: of the headers or fields that carry one, the one that should have the right value.
fn given(
    signature: &Signature,
    right: &str,
    body: &Value,
    header: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    let is_own = |value: &crate::wire::Written| value.show(Show::Secrets) == right;
    if let Some((name, _)) = signature.headers.iter().find(|(_, value)| is_own(value)) {
        return header(name);
    }
    let (name, _) = signature.fields.first()?;
    Some(body.as_object()?.get(name)?.value.to_plain())
}

/// The other keys and secrets by which a signature may have been made.
fn others<'a>(vendor: &dyn Vendor, account: &'a Account) -> Vec<(&'static str, &'a str)> {
    let rows = vendor.contract().credentials.iter();
    let value = |name: &str| {
        account.value(name).or_else(|| account.secret(name).map(|secret| secret.expose()))
    };
    rows.filter_map(|row| Some((row.name, value(row.name)?))).collect()
}

/// Headers and fields beside the signature that are not the sandbox's: a signature need not hold the key whose it is.
fn other_keys(
    signature: &Signature,
    right: &str,
    body: &Value,
    header: &dyn Fn(&str) -> Option<String>,
) -> Vec<String> {
    let in_body = |name: &str| Some(body.as_object()?.get(name)?.value.to_plain());
    let headers = signature.headers.iter().map(|(name, due)| (*name, due, header(name)));
    let fields = signature.fields.iter().map(|(name, due)| (*name, due, in_body(name)));
    let told = |(name, due, came): (&str, &crate::wire::Written, Option<String>)| {
        let due = due.show(Show::Secrets);
        // What the account lacks is shown as the mask: the sandbox takes any value.
        let is_other = due != right && due != HIDDEN && came.is_some_and(|came| came != due);
        is_other.then(|| format!("`{name}` is not that of the sandbox, which is `{due}`"))
    };
    headers.chain(fields).filter_map(told).collect()
}

/// The scheme of the header Authorization, and what it looks like.
fn scheme_of(auth: Auth) -> Option<(&'static str, &'static str)> {
    match auth {
        Auth::Basic => Some(("Basic", "`Basic` and the base64 of KEY:SECRET")),
        Auth::Bearer => Some(("Bearer", "`Bearer TOKEN`")),
        Auth::None | Auth::Headers | Auth::Body => None,
    }
}

/// What is wrong with the header Authorization before its value counts.
fn scheme_fault((scheme, form): (&str, &str), header: Option<&str>) -> Option<String> {
    let Some(header) = header.filter(|header| !header.is_empty()) else {
        // What else is missing is told together.
        if scheme == "Basic" {
            return None;
        }
        return Some(format!("the header Authorization is missing: {form}"));
    };
    let (given, value) = header.split_once(' ').unwrap_or((header, ""));
    let is_word = !given.is_empty() && given.bytes().all(|byte| byte.is_ascii_alphabetic());
    if value.is_empty() && !given.eq_ignore_ascii_case(scheme) {
        return Some(format!("Authorization has no scheme, and {scheme} is due: {form}"));
    }
    if !given.eq_ignore_ascii_case(scheme) && is_word {
        return Some(format!("Authorization has the scheme {given}, and {scheme} is due: {form}"));
    }
    (scheme == "Bearer" && (value.trim() != value || value.contains(' ')))
        .then(|| "there is a blank or a line end in the token".to_owned())
}

/// How far a timestamp in milliseconds is off.
fn skew(timestamp: &str, now_ms: i64) -> Option<String> {
    let at: i64 = timestamp.parse().ok()?;
    let in_seconds = at < 100_000_000_000;
    let off = now_ms.saturating_sub(if in_seconds { at.saturating_mul(1000) } else { at });
    let seconds = off.abs() / 1000;
    let side = if off > 0 { "behind" } else { "ahead of" };
    let far = format!("{seconds} s {side} the sandbox's clock");
    match (in_seconds, off.abs() > TOLD_SKEW_MS) {
        (true, false) => Some(format!("the timestamp `{timestamp}` is in seconds")),
        (true, true) => Some(format!("the timestamp `{timestamp}` is in seconds, and {far}")),
        (false, true) => Some(format!("the timestamp is {far}")),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests;
