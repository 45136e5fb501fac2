//! What a vendor with few calls needs: it sends texts to targets of one kind, follows messages up by their ids, and answers in
//! JSON with a code. `docs/add-a-provider.md` shows a provider that is made of it.

use super::sandbox::{payload, plain_path, route};
use super::{draft, follow_up, object, wire};
use crate::contract::{
    Auth, Context, Contract, Effect, Finding, Operation, Severity, Target, TargetKind, Verb,
    base_url,
};
use crate::document::{Document, Value};
use crate::error::{Error, Result};
use crate::lint::lint;
use crate::outcome::Reading;
use crate::provider::{Call, Content, Draft, FollowUp, SendIntent, Signature, WantedAudience};
use crate::sandbox::{Incoming, SandboxWorld};
use crate::wire::{Header, Reply, Request};

/// The targets of a vendor that reaches named targets of one kind and nothing else, and that changes no message.
pub(in crate::provider) fn targets_of<'a>(
    contract: &Contract,
    intent: &'a SendIntent<'_>,
    kind: TargetKind,
) -> Result<&'a [Target]> {
    let refused = |what: &str| {
        let message = format!("{} {what}", contract.name);
        Error::usage(message).help(format!("name the targets: `--to {kind}:ID`"))
    };
    if intent.verb == Verb::Update {
        return Err(no_such_verb(contract, intent.verb));
    }
    let WantedAudience::Targets(targets) = &intent.audience else {
        return Err(refused("has no broadcast to everybody"));
    };
    match targets.iter().find(|target| target.kind != kind) {
        Some(other) => Err(refused(&format!("knows no `{}`", other.kind))),
        None if targets.is_empty() => Err(refused("needs a target")),
        None => Ok(targets),
    }
}

/// The ids of targets, as a list.
pub(in crate::provider) fn ids_of(targets: &[Target]) -> Value {
    targets.iter().map(|target| target.id.as_str()).collect::<Vec<_>>().into()
}

/// The text of a vendor that sends texts and nothing else; `None` where `--set` has to give it. Of `--title`, `--extra` and
/// `--from`, those that are not among `flags` are refused.
pub(in crate::provider) fn only_text<'a>(
    contract: &Contract,
    intent: &'a SendIntent<'_>,
    flags: &[&str],
) -> Result<Option<&'a str>> {
    let given = [
        ("--title", intent.title.is_some()),
        ("--extra", !intent.extra.is_empty()),
        ("--from", intent.from.is_some()),
    ];
    if let Some((flag, _)) = given.iter().find(|(flag, given)| *given && !flags.contains(flag)) {
        return Err(unsupported(contract, flag));
    }
    match &intent.content {
        Some(Content::Text(text)) => Ok(Some(text)),
        Some(other) => Err(unsupported(contract, other.flag())),
        None if intent.sets.is_empty() => {
            Err(Error::usage("there is nothing to send").help("give `--text TEXT`"))
        }
        None => Ok(None),
    }
}

/// Refuses a flag for which the vendor has nothing.
pub(in crate::provider) fn unsupported(contract: &Contract, flag: &str) -> Error {
    Error::usage(format!("{} has nothing for `{flag}`", contract.name))
        .help(format!("leave `{flag}` out; fields of the vendor's own are given with `--set`"))
}

/// A call for each message, by the operation in whose row the command is. `id` is the vendor's name for the id of a message,
/// in answers and as the field of these operations.
pub(in crate::provider) fn by_id(
    contract: &'static Contract,
    ask: &FollowUp<'_>,
    id: &str,
) -> Result<Vec<Draft>> {
    let mut operations = contract.operations.iter();
    let Some(operation) = operations.find(|row| row.verbs.contains(&ask.verb)) else {
        return Err(no_such_verb(contract, ask.verb));
    };
    let ids = follow_up::message_ids(ask, "message", id)?;
    let call = |text: String| draft(contract, operation.id, object([(id, text.into())]));
    Ok(ids.into_iter().map(call).collect())
}

/// Refuses a command for which the vendor has no operation, and names those that it has.
pub(in crate::provider) fn no_such_verb(contract: &Contract, verb: Verb) -> Error {
    let others = [Verb::Recall, Verb::Update, Verb::Delete, Verb::Clear, Verb::Get, Verb::Status];
    let has = |verb: &Verb| contract.operations.iter().any(|row| row.verbs.contains(verb));
    let words: Vec<String> =
        others.iter().filter(|verb| has(verb)).map(|verb| format!("`{}`", verb.word())).collect();
    let help = match words.as_slice() {
        [] => "`history show ID` has what herald sent".to_owned(),
        words => format!("what there is: {}", words.join(", ")),
    };
    Error::usage(format!("{} has no `{}`", contract.id, verb.word())).help(help)
}

/// The finished request of a call with a JSON body: members go into path, query and body as their rows say, and the headers
/// are those of the signature.
pub(in crate::provider) fn json_request(
    call: &Call<'_>,
    contract: &Contract,
    signature: Signature,
) -> Result<Request> {
    let base = base_url(call.account, contract, call.operation.host)?;
    let headers = signature.headers.into_iter();
    let headers = headers.map(|(name, value)| Header { name, value }).collect();
    let request = wire::request_to(call, base, call.operation.path)?;
    // Of these a secret travels itself, and not what was computed with it.
    let carries_secret = matches!(call.operation.auth, Auth::Basic | Auth::Bearer);
    Ok(Request { headers, carries_secret, ..request })
}

/// The reading of a JSON reply that has such a code in its body, and ids under these names.
pub(in crate::provider) fn read_coded(
    operation: &Operation,
    reply: &Reply,
    body: Option<Value>,
    code: &str,
    message: &str,
    names: &[&str],
) -> Reading {
    let mut reading = wire::by_status(reply);
    let Some(value) = body else { return reading };
    if let Some(object) = value.as_object() {
        wire::coded(object, code, message, &mut reading);
        wire::ids(object, names, &mut reading);
    }
    let reads = operation.effect == Effect::Reads;
    reading.result = Some(value).filter(|_| reads && reading.success == Some(true));
    reading
}

/// Why a server does not carry out a request.
#[derive(Debug)]
pub(in crate::provider) enum RefusedRequest {
    /// There is nothing at its path, or not by its method.
    Address,
    /// Its credentials are not known.
    Credentials,
    /// Its body is not JSON, for this reason.
    Json(String),
    /// It breaks a rule.
    Rule(Box<Finding>),
}

impl RefusedRequest {
    /// HTTP status, code and words of the answer: what the server has for an address, for credentials and for a payload.
    pub(in crate::provider) fn told(
        self,
        address: (u16, u64),
        credentials: (u16, u64),
        payload: (u16, u64),
    ) -> (u16, u64, String) {
        let ((status, code), words) = match self {
            Self::Address => (address, "there is nothing at this address".to_owned()),
            Self::Credentials => (credentials, "the credentials are not known".to_owned()),
            Self::Json(fault) => (payload, fault),
            Self::Rule(finding) => (payload, finding.message),
        };
        (status, code, words)
    }
}

/// The operation of a request and its payload, in the form in which the rows describe it, as far as most servers check it, in
/// the usual order: address, credentials, JSON, rules. What is wrong with the body is told.
pub(in crate::provider) fn accepted(
    contract: &'static Contract,
    request: &Incoming,
    world: &SandboxWorld<'_>,
    is_known: impl FnOnce(&Operation) -> bool,
) -> Result<(&'static Operation, Document), RefusedRequest> {
    let (operation, parameters) = route(contract, &plain_path(&request.path), &request.method)
        .map_err(|_| RefusedRequest::Address)?;
    if !is_known(operation) {
        return Err(RefusedRequest::Credentials);
    }
    let body = payload(operation, parameters, request).map_err(|fault| {
        world.reasons.blame_syntax(&request.body, &fault);
        RefusedRequest::Json(fault.message)
    })?;
    let findings = lint(contract, operation, &body, &Context::default()).into_iter();
    match { findings }.find(|finding| finding.severity() == Severity::Error) {
        Some(finding) => {
            world.reasons.blame(&finding);
            Err(RefusedRequest::Rule(Box::new(finding)))
        }
        None => Ok((operation, body)),
    }
}

/// Whether `Authorization: Bearer …` holds the value that the sandbox has for this key of a profile.
pub(in crate::provider) fn has_bearer(contract: &Contract, key: &str, request: &Incoming) -> bool {
    let header = request.header("authorization").and_then(|header| header.trim().split_once(' '));
    let token = header.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let mut keys = contract.credentials.iter().filter(|row| row.name == key);
    keys.any(|row| token.is_some_and(|(_, token)| token.trim() == row.sandbox))
}
