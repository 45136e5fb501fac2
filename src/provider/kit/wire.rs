//! Pieces of requests and of replies.

use std::path::PathBuf;

use crate::account::Account;
use crate::contract::{BodyForm, Effect, Endpoint, Operation, Position};
use crate::document::{Document, Member, Object, Value};
use crate::error::{Error, Result};
use crate::outcome::Reading;
use crate::provider::{Call, Signature};
use crate::wire::{
    Body, FormBody, FormPart, HIDDEN, Reply, Request, Written, percent_encode, percent_encode_path,
};

/// Where a data centre is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::provider) enum Region {
    /// In China.
    China,
    /// Elsewhere.
    Abroad,
    /// Not known: an address of one's own.
    Unknown,
}

/// The host in an address, without scheme, port and folder.
pub(in crate::provider) fn host_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or_default();
    match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

/// Whether a host is that of an endpoint, or its backup.
pub(in crate::provider) fn serves(row: &Endpoint, host: &str) -> bool {
    host_of(row.base) == host || row.backup.is_some_and(|backup| host_of(backup) == host)
}

/// How a secret of the profile is shown that travels by itself, as a bearer token: nothing is hashed.
pub(in crate::provider) fn bearer(
    account: &Account,
    key: &'static str,
    recipe: &'static str,
) -> Signature {
    let secret = account.secret(key).map_or(HIDDEN, |secret| secret.expose());
    Signature {
        recipe,
        pieces: vec![(key, Written::secret(secret))],
        case_matters: true,
        headers: vec![("Authorization", Written::plain("Bearer ").then_secret(secret))],
        ..Signature::default()
    }
}

/// The media type of JSON, with its encoding.
pub(in crate::provider) const JSON: &str = "application/json; charset=utf-8";

/// The request of a call, still without headers, to an address whose path has this template. Members go into path, query and
/// body as their rows say. It counts as one that carries no secret itself.
pub(in crate::provider) fn request_to(
    call: &Call<'_>,
    base: String,
    template: &'static str,
) -> Result<Request> {
    let operation = call.operation;
    let empty = Object::default();
    let members = call.body.as_object().unwrap_or(&empty);
    let (path, taken) = path(template, members)?;
    let fields = operation.shape().map(|shape| shape.all_fields()).unwrap_or_default();
    // Members that no row describes go where most do.
    let usual = if operation.body == BodyForm::None { Position::Query } else { Position::Body };
    let at = |member: &Member| match fields.iter().find(|field| field.name == &*member.key) {
        _ if taken.contains(&&*member.key) => Position::Path,
        found => found.map_or(usual, |field| field.position),
    };
    let in_body = || members.iter().filter(|member| at(member) == Position::Body);
    let body = match operation.body {
        BodyForm::None => Body::None,
        BodyForm::Multipart => Body::Multipart(parts(in_body())?),
        BodyForm::Form => {
            let mut form = FormBody::default();
            for member in in_body().filter(|member| !matches!(member.node.value, Value::Null)) {
                form.pair(&member.key, &joined(&member.node.value));
            }
            Body::Text { media: "application/x-www-form-urlencoded", text: form.finish() }
        }
        BodyForm::Json if members.iter().all(|one| at(one) == Position::Body) => {
            Body::Text { media: JSON, text: Written::plain(call.body.to_compact()) }
        }
        BodyForm::Json => {
            let mut rest = Object::default();
            for member in in_body() {
                rest.set(&member.key, member.node.value.clone());
            }
            Body::Text { media: JSON, text: Written::plain(Value::Object(rest).to_compact()) }
        }
    };
    let in_query = members.iter().filter(|member| at(member) == Position::Query);
    let in_query = in_query.map(|member| {
        let field = fields.iter().find(|field| field.name == &*member.key);
        (field.map_or(&*member.key, |field| field.wire_name()), &member.node.value)
    });
    let query = query_of(in_query);
    Ok(Request {
        method: operation.method,
        base,
        path: Written::plain(path).then(query),
        headers: Vec::new(),
        body,
        carries_secret: false,
    })
}

/// Refuses a value in a path that is missing, or that leads to another address as a step of dots does.
pub(in crate::provider) fn check_segment(name: &str, value: &str, path: &str) -> Result<()> {
    if value.is_empty() {
        return Err(Error::usage(format!("the path {path} needs `{name}`"))
            .help(format!("add --set {name}=TEXT")));
    }
    if value.bytes().all(|byte| byte == b'.') {
        let error = Error::usage(format!("`{name}` cannot be `{value}`"));
        return Err(error.help(format!("it is in the path: {path}")));
    }
    Ok(())
}

/// A path with its parameters in place, and their names.
pub(in crate::provider) fn path(
    template: &'static str,
    members: &Object,
) -> Result<(String, Vec<&'static str>)> {
    let (mut path, mut taken) = (String::new(), Vec::new());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').expect("templates close their braces");
        let value = members.get(name).map(|node| node.value.to_plain()).unwrap_or_default();
        check_segment(name, &value, template)?;
        path.push_str(before);
        path.push_str(&percent_encode_path(&value));
        taken.push(name);
        rest = behind;
    }
    path.push_str(rest);
    Ok((path, taken))
}

/// The text of a member in a form: lists are joined by commas.
fn joined(value: &Value) -> String {
    match value.as_array() {
        Some(items) => items.iter().map(|item| item.value.to_plain()).collect::<Vec<_>>().join(","),
        None => value.to_plain(),
    }
}

/// The value of a member in a query: lists are joined by commas.
pub(in crate::provider) fn query_value(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items = items.iter().map(|item| percent_encode(&item.value.to_plain()));
            items.collect::<Vec<_>>().join(",")
        }
        other => percent_encode(&other.to_plain()),
    }
}

/// Pairs as a query, with its question mark; empty where there are none.
pub(in crate::provider) fn query(pairs: &[String]) -> String {
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// Members as a query; what is `null` is left out.
fn query_of<'m>(members: impl Iterator<Item = (&'m str, &'m Value)>) -> String {
    let given = members.filter(|(_, value)| !matches!(value, Value::Null));
    let pair = |(name, value)| format!("{}={}", percent_encode(name), query_value(value));
    query(&given.map(pair).collect::<Vec<_>>())
}

/// Members as the parts of a multipart body.
pub(in crate::provider) fn parts<'m>(
    members: impl IntoIterator<Item = &'m Member>,
) -> Result<Vec<FormPart>> {
    members.into_iter().map(|member| part(&member.key, &member.node.value)).collect()
}

/// A part of a multipart body: a field, or a file by path or content.
fn part(name: &str, value: &Value) -> Result<FormPart> {
    let name = name.to_owned();
    let Some(file) = value.as_object() else {
        return Ok(FormPart::Field { name, value: Written::plain(value.to_plain()) });
    };
    let text = |key: &str| file.get(key).and_then(|node| node.value.as_str());
    let base_name = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    if let Some(path) = text("path") {
        let file_name = base_name(text("name").unwrap_or(path));
        return Ok(FormPart::File { name, file_name, path: PathBuf::from(path) });
    }
    let Some(content) = text("content") else {
        return Err(Error::input(format!("the file part `{name}` has no content"))
            .help("give `path`, or `name` and `content`; `size` is for validate alone"));
    };
    let file_name = base_name(text("name").unwrap_or_default());
    Ok(FormPart::Content { name, file_name, content: Written::plain(content) })
}

/// The body of a reply, where it is JSON.
pub(in crate::provider) fn json(reply: &Reply) -> Option<Value> {
    Document::from_bytes(reply.body.clone()).ok().map(Document::into_value)
}

/// The reading of a reply by a vendor's own `read`, which gets the body where it is JSON. What contradicts itself in a way that
/// needs no knowledge of the vendor is marked here: parsers differ in which of two members with one name counts, and an
/// error beside a success says as much as the success.
pub(in crate::provider) fn reading(
    operation: &'static Operation,
    reply: &Reply,
    read: fn(&'static Operation, &Reply, Option<Value>) -> Reading,
) -> Reading {
    let document = Document::from_bytes(reply.body.clone()).ok();
    // What is asked for may hold users' own data, in which a name may be repeated.
    let counts =
        |pointer: &str| operation.effect != Effect::Reads || pointer.matches('/').count() == 1;
    let mut repeated = document.iter().flat_map(Document::repeated);
    let is_repeated = repeated.any(|fault| counts(&fault.pointer));
    let body = document.map(Document::into_value);
    let has_error = body.as_ref().and_then(Value::as_object).is_some_and(says_error);
    let mut reading = read(operation, reply, body);
    reading.contradicts |= is_repeated || has_error && reading.success == Some(true);
    reading
}

/// Whether a body has an error, under the names that servers usually give it.
fn says_error(object: &Object) -> bool {
    let is = |name: &str, none: &[&str]| {
        plain(object, name).is_some_and(|text| !none.contains(&text.as_str()))
    };
    is("error", &["0", "false"])
        || is("errcode", &["0"])
        || is("error_code", &["0"])
        || object.get("success").is_some_and(|node| matches!(node.value, Value::Bool(false)))
}

/// What the status of a reply says, until its body says more: a 2xx says nothing, any other one that it failed.
pub(in crate::provider) fn by_status(reply: &Reply) -> Reading {
    let is_fine = (200..300).contains(&reply.status);
    Reading { success: if is_fine { None } else { Some(false) }, ..Reading::default() }
}

/// Reads the code of a body, of which `0` is the only success, and the message beside it; `false` where there is no code.
pub(in crate::provider) fn coded(
    object: &Object,
    code: &str,
    message: &str,
    reading: &mut Reading,
) -> bool {
    let Some(found) = plain(object, code) else { return false };
    reading.success = Some(found == "0");
    reading.code = Some(found);
    reading.message = plain(object, message);
    true
}

/// The text of a member; `None` where it is absent, `null` or empty.
pub(in crate::provider) fn plain(object: &Object, name: &str) -> Option<String> {
    let value = object.get(name).map(|node| &node.value)?;
    (!matches!(value, Value::Null)).then(|| value.to_plain()).filter(|text| !text.is_empty())
}

/// The id that a value is, as text; `None` for `null`, an empty text, and a number that is not in plain digits: whatever
/// wrote `5.9e17` had read the id through a double, so that it may name something else.
pub(in crate::provider) fn id(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Number(number) if !number.is_plain_integer() => None,
        value => Some(value.to_plain()).filter(|text| !text.is_empty()),
    }
}

/// The id under a name of an object.
pub(in crate::provider) fn id_in(object: &Object, name: &str) -> Option<String> {
    object.get(name).and_then(|node| id(&node.value))
}

/// Keeps the ids that are there, under their own names, and says whether there is any, known or not.
pub(in crate::provider) fn ids(object: &Object, names: &[&str], reading: &mut Reading) -> bool {
    let mut is_there = false;
    for name in names {
        let Some(node) = object.get(name) else { continue };
        is_there |= plain(object, name).is_some();
        keep_id(name, &node.value, reading);
    }
    is_there
}

/// Keeps an id under its name, or says why it is none.
pub(in crate::provider) fn keep_id(name: &str, value: &Value, reading: &mut Reading) {
    match (id(value), value) {
        (Some(id), _) => reading.ids.push((name.to_owned(), id)),
        (None, Value::Number(number)) => reading.warnings.push(format!(
            "the answer has `{name}` as {number}, which is rounded: the id is not known"
        )),
        (None, _) => {}
    }
}
