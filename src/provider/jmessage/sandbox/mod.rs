//! How the server behaves: who may call, what it checks, and what it answers to a fault.

mod media;
mod state;

use super::CONTRACT;
use super::operations::OPERATIONS;
use crate::contract::{BodyForm, Context, Operation, Severity};
use crate::document::{Document, Object, Value};
use crate::lint::lint;
use crate::provider::jiguang::{self, Meter, SANDBOX_KEY, SANDBOX_SECRET};
use crate::provider::kit::sandbox::{described, parts};
use crate::provider::kit::sandbox::{parameters, plain_path, read_form, typed};
use crate::sandbox::{Answer, Backend, Incoming, Reasons, SandboxWorld};

/// The server: both hosts of the vendor on one address.
#[derive(Debug)]
pub(super) struct Server;

/// Calls a minute on the free plan, of all sorts together.
const CALLS: Meter = Meter { name: "api", per_minute: 600 };

/// A refusal: HTTP status, code, words.
type Refusal = (u16, u32, String);

/// A refusal with the words of a table.
fn refusal(status: u16, code: u32, message: &str) -> Refusal {
    (status, code, message.to_owned())
}

/// A call as it was understood.
struct Asked {
    operation: &'static Operation,
    /// Path, query and form parameters, or the JSON document.
    body: Document,
    /// What is in the uploaded file.
    file: Vec<u8>,
}

impl Backend for Server {
    fn answer(&self, request: &Incoming, world: &mut SandboxWorld<'_>) -> Answer {
        let refuse = |(status, code, message): Refusal| jiguang::refuse(status, code, &message);
        if let Some(file) = state::media_file(request, world) {
            return file;
        }
        let (operation, parameters) = match route(request) {
            Ok(found) => found,
            Err(fault) => return refuse(fault),
        };
        let count = CALLS.count(world);
        let mut answer = if count.is_over() {
            jiguang::refuse(429, 800_017, "request times of the app_key exceed the limit")
        } else {
            serve(operation, parameters, request, world).unwrap_or_else(refuse)
        };
        answer.headers.extend(count.headers());
        answer
    }
}

/// The operation at an address, and the parameters in the path. Literal paths win over those with parameters.
fn route(request: &Incoming) -> Result<(&'static Operation, Object), Refusal> {
    // One official client puts a slash behind every path.
    let path = plain_path(&request.path);
    let mut at_path: Vec<_> = OPERATIONS
        .iter()
        .flat_map(|row| row.addresses().map(move |(method, template)| (row, method, template)))
        .filter_map(|(row, method, template)| {
            let mut members = parameters(None, template.trim_end_matches('/'), &path)?;
            for (name, word) in row.words_at(template) {
                members.set(name, *word);
            }
            Some((row, method, members))
        })
        .collect();
    if at_path.is_empty() {
        return Err(refusal(404, 899_003, "there is nothing at this address"));
    }
    at_path.sort_by_key(|(_, _, parameters)| parameters.len());
    let found = at_path.into_iter().find(|(_, method, _)| method.as_str() == request.method);
    found.map(|(row, _, parameters)| (row, parameters)).ok_or_else(wrong_method)
}

fn wrong_method() -> Refusal {
    refusal(405, 899_003, "the method is not supported")
}

fn serve(
    operation: &'static Operation,
    parameters: Object,
    request: &Incoming,
    world: &mut SandboxWorld<'_>,
) -> Result<Answer, Refusal> {
    admit(request)?;
    let asked = understand(operation, parameters, request, world.reasons)?;
    if let Some(fault) = fault(&asked, world.reasons) {
        return Err(fault);
    }
    state::act(&asked, world)
}

/// Checks the credentials.
fn admit(request: &Incoming) -> Result<(), Refusal> {
    let Some(header) = request.header("authorization") else {
        return Err(refusal(401, 899_007, "Basic authentication missing"));
    };
    let pair = jiguang::read_basic(header);
    if pair.is_none_or(|(key, secret)| key != SANDBOX_KEY || secret != SANDBOX_SECRET) {
        return Err(refusal(401, 899_008, "Basic authentication failed"));
    }
    Ok(())
}

/// The payload in the form in which the rows describe it.
fn understand(
    operation: &'static Operation,
    mut parameters: Object,
    request: &Incoming,
    reasons: &Reasons,
) -> Result<Asked, Refusal> {
    let mut file = Vec::new();
    if operation.body == BodyForm::Json {
        let body = Document::from_bytes(request.body.clone());
        let body = body.map_err(|fault| {
            reasons.blame_syntax(&request.body, &fault);
            (400, 899_003, fault.message)
        })?;
        return Ok(Asked { operation, body, file });
    }
    for member in &read_form(request.query.as_bytes()) {
        let text = member.node.value.to_plain();
        parameters.set(&member.key, typed(operation, &member.key, &text));
    }
    if operation.body == BodyForm::Multipart {
        // Clients name the part as they like; the first file is taken.
        if let Some(part) = parts(request).into_iter().find(|part| part.file.is_some()) {
            parameters.set("filename", described(&part));
            file = part.content;
        }
    }
    Ok(Asked { operation, body: Document::of(&Value::Object(parameters)), file })
}

/// The refusal of a payload that is wrong.
fn fault(asked: &Asked, reasons: &Reasons) -> Option<Refusal> {
    let findings = lint(&CONTRACT, asked.operation, &asked.body, &Context::default());
    let text = |name: &str| asked.body.root().value.as_object()?.get(name)?.value.as_str();
    if let Some(first) = findings.iter().find(|finding| finding.severity() == Severity::Error) {
        let code = match (first.rule.id, text("target_type")) {
            ("JM-08", Some("chatroom")) => 847_004,
            ("JM-08", _) => 803_007,
            _ => 899_003,
        };
        reasons.blame(first);
        return Some((400, code, first.message.clone()));
    }
    let refused = findings.iter().find(|finding| finding.rule.id == "JM-W01")?;
    reasons.blame(refused);
    Some(refusal(403, 899_016, "from_id has no right to send messages"))
}
