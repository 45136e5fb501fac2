//! Which operation a request is, and the parameters of its path and query.

use super::{APP, NO_APP, ORG, Refusal};
use crate::contract::{Kind, Operation};
use crate::document::{Document, Value};
use crate::provider::easemob::CONTRACT;
use crate::provider::easemob::operations::OPERATIONS;
use crate::provider::kit;
use crate::provider::kit::sandbox::decode_step;
use crate::sandbox::Incoming;

/// An operation with the parameters of its path.
pub(super) struct Routed {
    pub(super) operation: &'static Operation,
    pub(super) parameters: Vec<(String, Value)>,
}

fn segments(path: &str) -> Vec<String> {
    path.split('/').filter(|part| !part.is_empty()).map(decode_step).collect()
}

/// The path behind org and app.
pub(super) fn below_app(path: &str) -> String {
    let parts = segments(path);
    format!("/{}", parts.get(2..).unwrap_or_default().join("/"))
}

/// A parameter of the query.
pub(super) fn query(request: &Incoming, name: &str) -> Option<String> {
    let pairs = request.query.split('&').filter_map(|pair| pair.split_once('='));
    let found = pairs.into_iter().find(|(key, _)| decode_step(key) == name);
    found.map(|(_, value)| decode_step(value)).filter(|value| !value.is_empty())
}

/// A text of path, query or header as the value that a row expects.
pub(super) fn typed(kind: &Kind, text: &str) -> Value {
    match kind {
        Kind::Bool(_) => match text {
            "true" | "1" => true.into(),
            "false" | "0" => false.into(),
            other => other.into(),
        },
        Kind::Int(_) => match Document::parse(text).ok().map(Document::into_value) {
            Some(value @ Value::Number(_)) => value,
            _ => text.into(),
        },
        Kind::List(_) => text.split(',').collect::<Vec<_>>().into(),
        _ => text.into(),
    }
}

/// The operation of a request.
pub(super) fn find(request: &Incoming) -> Result<Routed, Refusal> {
    let parts = segments(&request.path);
    if parts == ["easemob", "server.json"] {
        if request.method != "GET" {
            return Err(Refusal::new(405, "web_application", "Method Not Allowed"));
        }
        return Ok(Routed {
            operation: kit::operation(&CONTRACT, "hosts"),
            parameters: Vec::new(),
        });
    }
    let (Some(org), Some(app)) = (parts.first(), parts.get(1)) else { return Err(nowhere()) };
    if org != ORG || app != APP {
        let message =
            format!("Could not find application for {org}/{app} from URI: {}", parts.join("/"));
        return Err(Refusal::new(404, NO_APP, message));
    }
    let mut other_method = false;
    let mut best: Option<(usize, Routed)> = None;
    let operations = OPERATIONS.iter().filter(|operation| operation.host.is_empty());
    let addresses = operations.flat_map(|row| row.addresses().map(move |address| (row, address)));
    for (operation, (method, path)) in addresses {
        let Some((literal, parameters)) = fit(operation, path, &parts) else { continue };
        if method.as_str() != request.method {
            other_method = true;
        } else if best.as_ref().is_none_or(|(known, _)| literal > *known) {
            best = Some((literal, Routed { operation, parameters }));
        }
    }
    match best {
        Some((_, found)) => Ok(Routed { operation: twin(found.operation, request), ..found }),
        None if other_method => Err(Refusal::new(405, "web_application", "Method Not Allowed")),
        None => Err(nowhere()),
    }
}

fn nowhere() -> Refusal {
    Refusal::new(404, "web_application", "there is no such path")
}

/// Of two operations at one address, the one that body or header tells.
fn twin(operation: &'static Operation, request: &Incoming) -> &'static Operation {
    let inherits = || {
        let body = Document::from_bytes(request.body.clone()).ok()?.into_value();
        Some(body.as_object()?.get("grant_type")?.value.as_str() == Some("inherit"))
    };
    match operation.id {
        "token" if inherits() == Some(true) => kit::operation(&CONTRACT, "token-user"),
        "download" if request.header("thumbnail") == Some("true") => {
            kit::operation(&CONTRACT, "download-thumb")
        }
        _ => operation,
    }
}

/// How many segments a template spells out, and the values of its parameters.
fn fit(
    operation: &Operation,
    template: &str,
    parts: &[String],
) -> Option<(usize, Vec<(String, Value)>)> {
    let wanted: Vec<&str> = template.split('/').filter(|part| !part.is_empty()).collect();
    if wanted.len() != parts.len() {
        return None;
    }
    let mut literal = 0;
    let mut parameters = Vec::new();
    for (wanted, given) in wanted.iter().zip(parts) {
        match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some("org" | "app") => {}
            Some(name) if !operation.takes_in_path(name, given) => return None,
            Some(name) => parameters.push((name.to_owned(), Value::from(given.as_str()))),
            None if wanted == given => literal += 1,
            None => return None,
        }
    }
    Some((literal, parameters))
}
