//! Hosts, tokens, paths, bodies.

use super::CONTRACT;
pub(super) use super::reply::read;
use crate::account::Account;
use crate::contract::{Auth, BodyForm, Endpoint, Field, Operation, Position};
use crate::document::{Object, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::near::did_you_mean;
use crate::provider::kit::wire::{
    Region, bearer, check_segment, host_of, parts, query, query_value, serves,
};
use crate::provider::{Call, Signature};
use crate::wire::{
    Body, HIDDEN, Header, Request, Written, is_loopback, percent_encode, percent_encode_path,
};

const fn endpoint(name: &'static str, base: &'static str, backup: &'static str) -> Endpoint {
    Endpoint { name, role: "", base, backup: if backup.is_empty() { None } else { Some(backup) } }
}

/// The data centres; an app lives in exactly one.
pub(super) const ENDPOINTS: &[Endpoint] = &[
    endpoint("", "https://a31.easemob.com", "https://a31.easecdn.com"),
    endpoint("china-1", "https://a1.easemob.com", "https://a1.easecdn.com"),
    endpoint("china-2", "https://a31.easemob.com", "https://a31.easecdn.com"),
    endpoint("singapore-1", "https://a1-sgp.easemob.com", "https://a1-sgp.easecdn.com"),
    endpoint("singapore-2", "https://a61.easemob.com", "https://a61.easecdn.com"),
    endpoint("us-east-1", "https://a41.easemob.com", "https://a41.easecdn.com"),
    endpoint("germany-2", "https://a71.easemob.com", "https://a71.easecdn.com"),
    endpoint("frankfurt-1", "https://a51.easemob.com", ""),
    Endpoint::new("", DISCOVERY, "https://rs.easemob.com"),
];

/// The role of the host that knows where apps live.
const DISCOVERY: &str = "discovery";

/// Where the data centre of an account is.
pub(super) fn region_of(account: &Account) -> Region {
    let Some(wanted) = account.endpoint.as_deref() else { return Region::Unknown };
    let host = host_of(wanted);
    let wanted = |row: &&Endpoint| {
        row.role.is_empty() && !row.name.is_empty() && (row.name == wanted || serves(row, host))
    };
    match ENDPOINTS.iter().find(wanted) {
        Some(row) if row.name.starts_with("china") => Region::China,
        Some(_) => Region::Abroad,
        None => Region::Unknown,
    }
}

/// Scheme and host of the calls of a role.
pub(super) fn base_of(account: &Account, role: &str) -> Result<String> {
    let wanted = account.endpoint.as_deref().unwrap_or_default();
    if wanted.contains("://") && (role.is_empty() || is_loopback(wanted)) {
        return Ok(wanted.trim_end_matches('/').to_owned());
    }
    let name = if role.is_empty() { wanted } else { "" };
    let row = ENDPOINTS.iter().find(|row| row.name == name && row.role == role);
    row.map(|row| row.base.to_owned()).ok_or_else(|| {
        let names = ENDPOINTS.iter().map(|row| row.name).filter(|name| !name.is_empty());
        let help = did_you_mean(wanted, names.clone()).unwrap_or_else(|| {
            let names: Vec<&str> = names.collect();
            format!("there are {}; or give a URL", names.join(", "))
        });
        Error::new(ErrorKind::Profile, format!("easemob has no data centre `{wanted}`")).help(help)
    })
}

/// The base address of an app: what stands before `/messages`.
pub(super) fn app_base(account: &Account) -> Result<String> {
    let part = |key: &str| account.value(key).map_or(HIDDEN.to_owned(), percent_encode_path);
    Ok(format!("{}/{}/{}", base_of(account, "")?, part("org"), part("app")))
}

/// Nothing is hashed: a token travels.
pub(super) fn sign(call: &Call<'_>) -> Result<Signature> {
    if call.operation.auth != Auth::Bearer {
        return Ok(Signature { recipe: "this call is not authenticated", ..Signature::default() });
    }
    let recipe =
        "nothing is signed: a bearer token, which POST /token gives for client id and secret";
    Ok(bearer(call.account, "token", recipe))
}

/// The finished request.
pub(super) fn request(call: &Call<'_>) -> Result<Request> {
    let operation = call.operation;
    let mut members = call.body.as_object().cloned().unwrap_or_default();
    if operation.id == "token" {
        fill_in_client(call.account, &mut members);
    }
    let (method, template) = operation.address_for(&members);
    let mut headers = vec![Header { name: "Accept", value: Written::plain(accepted(operation)) }];
    let signature = sign(call)?;
    headers.extend(signature.headers.into_iter().map(|(name, value)| Header { name, value }));
    let path = fill_path(operation, template, call.account, &mut members)?;
    headers.extend(take_headers(operation, &mut members));
    if operation.id == "download-thumb" {
        headers.push(Header { name: "thumbnail", value: Written::plain("true") });
    }
    let query = take_query(operation, call.account, &mut members);
    let body = match operation.body {
        BodyForm::None => Body::None,
        BodyForm::Json | BodyForm::Form => {
            let text = Written::plain(Value::Object(members).to_compact());
            Body::Text { media: "application/json", text }
        }
        BodyForm::Multipart => Body::Multipart(parts(&members)?),
    };
    Ok(Request {
        method,
        base: base_of(call.account, operation.host)?,
        path: Written::plain(format!("{path}{query}")),
        headers,
        body,
        carries_secret: operation.id != "hosts",
    })
}

/// What the account knows of a token call and the payload does not say.
fn fill_in_client(account: &Account, members: &mut Object) {
    let known = [
        ("grant_type", Some("client_credentials")),
        ("client_id", account.value("client_id")),
        ("client_secret", account.secret("client_secret").map(|secret| secret.expose())),
    ];
    for (name, value) in known {
        if members.get(name).is_none() {
            members.set(name, value.unwrap_or(HIDDEN));
        }
    }
}

fn accepted(operation: &Operation) -> &'static str {
    match operation.id {
        "download" | "download-thumb" => "application/octet-stream",
        _ => "application/json",
    }
}

/// The path with its parameters, which are taken out of the payload.
fn fill_path(
    operation: &'static Operation,
    template: &str,
    account: &Account,
    members: &mut Object,
) -> Result<String> {
    let mut path = template.to_owned();
    for key in ["org", "app"] {
        let value = account.value(key).unwrap_or(HIDDEN);
        path = path.replace(&format!("{{{key}}}"), &segment(key, value, template)?);
    }
    for field in fields(operation, Position::Path) {
        let name = field.name;
        let value = members.remove(name).map(|node| node.value.to_plain()).unwrap_or_default();
        path = path.replace(&format!("{{{name}}}"), &segment(name, &value, template)?);
    }
    Ok(path)
}

/// A segment of a path; a step of dots would lead to another address.
fn segment(name: &str, value: &str, path: &str) -> Result<String> {
    check_segment(name, value, path)?;
    // What herald shows without credentials is not a text of the payload.
    Ok(if value == HIDDEN { value.to_owned() } else { percent_encode_path(value) })
}

fn fields(operation: &'static Operation, position: Position) -> Vec<&'static Field> {
    let all = operation.shape().map(|shape| shape.all_fields()).unwrap_or_default();
    all.into_iter().filter(|field| field.position == position).collect()
}

fn take_headers(operation: &'static Operation, members: &mut Object) -> Vec<Header> {
    let taken = fields(operation, Position::Header).into_iter().filter_map(|field| {
        let name = field.name;
        let node = members.remove(name)?;
        let plain = node.value.to_plain();
        let value = match CONTRACT.secret_names().matches(name) {
            true => Written::secret(plain),
            false => Written::plain(plain),
        };
        (!matches!(node.value, Value::Null)).then_some(Header { name, value })
    });
    taken.collect()
}

/// The query, lists joined by commas.
fn take_query(operation: &'static Operation, account: &Account, members: &mut Object) -> String {
    let mut pairs = Vec::new();
    if operation.host == DISCOVERY {
        let key = |name: &str| account.value(name).unwrap_or(HIDDEN);
        pairs.push(format!(
            "app_key={}%23{}",
            percent_encode(key("org")),
            percent_encode(key("app"))
        ));
    }
    for field in fields(operation, Position::Query) {
        let Some(node) = members.remove(field.name) else { continue };
        let value = match &node.value {
            Value::Null => continue,
            // Left out is the same, and is what the vendor documents.
            Value::Bool(false) if field.name == "useMsgId" => continue,
            other => query_value(other),
        };
        pairs.push(format!("{}={value}", field.wire_name()));
    }
    query(&pairs)
}
