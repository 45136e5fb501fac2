//! The way of a local file to a store that the server names: first its address, then the bytes.

use super::CONTRACT;
use super::compose::Role;
use super::wire;
use crate::contract::Operation;
use crate::document::{Document, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::provider::kit;
use crate::provider::prerequisite::{Ask, Purpose, UploadPlace};
use crate::provider::{LocalFile, MediaKind, Prerequisite, PrerequisiteResult, Upload, Uploading};
use crate::wire::{
    Body, FormPart, Method, Reply, Request, Written, percent_encode, percent_encode_path,
};

/// The store of Qiniu, which takes a form; every other one takes the bytes as they are.
const QINIU: i128 = 1;

/// What the server's answer is kept under.
const TYPE: &str = "type";
const TO: &str = "uploadUrl";
const LATER: &str = "later downloadUrl";
/// The same address, once the file is there.
const FROM: &str = "downloadUrl";

/// What stands for the address until the server has told it. Nothing is ever served there.
pub(super) fn stand_in(file: &LocalFile) -> String {
    format!("https://upload.invalid/{}", percent_encode(&file.name))
}

/// Where a message refers to an uploaded file.
pub(super) const PLACES: &[UploadPlace] =
    &[UploadPlace { at: "payload/remoteMediaUrl", name: FROM, required: true }];

/// The bucket of a medium.
pub(super) const fn bucket(kind: MediaKind) -> i64 {
    match kind {
        MediaKind::Image => 1,
        MediaKind::Voice => 2,
        MediaKind::Video => 3,
        MediaKind::File => 4,
    }
}

/// The next request for a file.
pub(super) fn next(file: &Uploading<'_>) -> Result<Option<Prerequisite>> {
    let operation = kit::operation(
        &CONTRACT,
        match Role::of(file.account)? {
            Role::Admin => "upload-url",
            Role::Robot => "robot-upload-url",
            Role::Channel => {
                return Err(Error::usage("channels cannot upload").help(
                "use a profile without `channel_id`, or upload it yourself and give its address",
            ));
            }
        },
    );
    if file.value(FROM).is_some() {
        return Ok(None);
    }
    if file.value(TO).is_none() {
        return Ok(Some(ask(file, operation)));
    }
    let request = deliver(file)?;
    Ok(Some(Prerequisite {
        purpose: Purpose::Upload,
        operation,
        ask: Ask::Raw(Box::new(request)),
        // The store's answer says nothing: what the file is called is known before.
        stand_in: file.value(LATER).map(|address| (FROM, address.clone())).into_iter().collect(),
    }))
}

/// Asks where to.
fn ask(file: &Uploading<'_>, operation: &'static Operation) -> Prerequisite {
    let body = kit::object([
        ("fileName", file.file.name.as_str().into()),
        ("mediaType", bucket(file.kind).into()),
        ("contentType", media(&file.file.ending()).into()),
    ]);
    let address = stand_in(file.file);
    Prerequisite {
        purpose: Purpose::UploadAddress,
        operation,
        ask: Ask::Call(body),
        stand_in: vec![
            (TYPE, 0_i64.into()),
            (TO, address.as_str().into()),
            (LATER, address.into()),
        ],
    }
}

/// Takes it there.
fn deliver(file: &Uploading<'_>) -> Result<Request> {
    let to = file.text(TO).unwrap_or_default();
    let path = file.file.path.clone();
    if file.value(TYPE).and_then(Value::as_integer) != Some(QINIU) {
        // The address is signed: anyone who sees its query could write there.
        let (base, path_of, query) = address(&escaped(to))?;
        let body = Body::File { media: media(&file.file.ending()), path };
        return Ok(request(Method::Put, base, path_of, query, body));
    }
    let mut parts = to.splitn(3, '?');
    let (Some(host), Some(token), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(Error::new(
            ErrorKind::Unavailable,
            "the server's `uploadUrl` is not of the form host?token?key; nothing was sent",
        ));
    };
    let host = if host.contains("://") { host.to_owned() } else { format!("https://{host}") };
    let (base, path_of, query) = address(&host)?;
    let field = |name: &str, value| FormPart::Field { name: name.into(), value };
    let body = Body::Multipart(vec![
        // A client with this token can upload there.
        field("token", Written::secret(token)),
        field("key", Written::plain(key)),
        FormPart::File { name: "file".into(), file_name: file.file.name.clone(), path },
    ]);
    Ok(request(Method::Post, base, path_of, query, body))
}

fn request(method: Method, base: String, path: String, query: String, body: Body) -> Request {
    let path = Written::plain(path);
    let path = if query.is_empty() { path } else { path.then("?").then_secret(query) };
    Request { method, base, path, headers: Vec::new(), body, carries_secret: false }
}

/// Scheme with host, path and query of an address that the server gave.
fn address(url: &str) -> Result<(String, String, String)> {
    if wire::Address::of(url).is_none() {
        return Err(Error::new(
            ErrorKind::Unavailable,
            "the server gives an `uploadUrl` that is no http address; nothing was sent",
        )
        .help("look at the server's media settings"));
    }
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find(['/', '?', '#']).map_or(url.len(), |at| start + at);
    let (base, rest) = url.split_at(end);
    let rest = rest.split('#').next().unwrap_or_default();
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = if path.is_empty() { "/" } else { path };
    Ok((base.to_owned(), path.to_owned(), query.to_owned()))
}

/// The media type that a file's ending stands for.
fn media(ending: &str) -> &'static str {
    match ending {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "mp3" => "audio/mpeg",
        "amr" => "audio/amr",
        "mp4" => "video/mp4",
        _ => "application/octet-stream",
    }
}

/// What a reply supplies.
pub(super) fn prerequisite_result(
    prerequisite: &Prerequisite,
    reply: &Reply,
) -> Option<PrerequisiteResult> {
    match prerequisite.purpose {
        Purpose::Upload => Some(PrerequisiteResult::File(prerequisite.stand_in.clone())),
        Purpose::UploadAddress => {
            let document = Document::from_bytes(reply.body.clone()).ok()?;
            let result = document.root().value.as_object()?.get("result")?.value.as_object()?;
            let text = |name: &str| {
                let value = &result.get(name)?.value;
                value.as_str().is_some_and(|text| !text.is_empty()).then(|| value.clone())
            };
            let kind = result.get(TYPE).map_or_else(|| 0_i64.into(), |node| node.value.clone());
            let later = download_url(text(FROM)?.as_str()?, prerequisite);
            Some(PrerequisiteResult::File(vec![
                (TYPE, kind),
                (TO, text(TO)?),
                (LATER, later.into()),
            ]))
        }
        Purpose::Token(_) | Purpose::DedupeId { .. } => None,
    }
}

/// The address of the file, as a message can hold it: servers put the name of the file at its end as it is.
fn download_url(url: &str, prerequisite: &Prerequisite) -> String {
    let Ask::Call(body) = &prerequisite.ask else { return escaped(url) };
    let name = kit::text(body, "fileName").unwrap_or_default();
    match url.strip_suffix(&name).filter(|_| !name.is_empty()) {
        Some(folder) => escaped(folder) + &percent_encode_path(&name),
        None => escaped(url),
    }
}

/// An address in which blanks and other characters that an address cannot hold are percent-encoded. Control characters
/// stay, for the rules of the message to refuse.
fn escaped(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        if c.is_control() || c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c) {
            out.push(c);
        } else {
            out.push_str(&percent_encode(c.encode_utf8(&mut [0; 4])));
        }
    }
    out
}

/// A file that a message refers to.
pub(super) fn attach(file: &LocalFile, kind: MediaKind) -> Upload {
    Upload { file: file.clone(), kind, places: PLACES.to_vec() }
}
