//! The way of a local file into a message: an upload, and what its answer says of the file.

use super::CONTRACT;
use crate::document::{Document, Object, Value};
use crate::provider::kit::object;
use crate::provider::kit::operation;
use crate::provider::prerequisite::{Ask, LocalFile, MediaKind, Purpose, Upload, UploadPlace};
use crate::provider::{Prerequisite, PrerequisiteResult, Uploading};
use crate::wire::Reply;

/// What uploads call a kind of file. A video travels as a file.
const fn word(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "image",
        MediaKind::Voice => "voice",
        MediaKind::Video | MediaKind::File => "file",
    }
}

/// What stands for the id of a file that is not uploaded yet.
fn stand_in(kind: MediaKind) -> String {
    format!("qiniu/{}/MEDIA_ID", word(kind))
}

/// What an upload's answer says, by the names that messages have for it, too.
const SAID: [&str; 8] =
    ["media_id", "media_crc32", "width", "height", "format", "fsize", "hash", "fname"];

const fn must(at: &'static str, name: &'static str) -> UploadPlace {
    UploadPlace { at, name, required: true }
}

/// A value that herald has found out itself, or that may be left out.
const fn may(at: &'static str, name: &'static str) -> UploadPlace {
    UploadPlace { at, name, required: false }
}

const IMAGE: &[UploadPlace] = &[
    must("msg_body/media_id", "media_id"),
    may("msg_body/media_crc32", "media_crc32"),
    may("msg_body/width", "width"),
    may("msg_body/height", "height"),
    may("msg_body/format", "format"),
    may("msg_body/fsize", "fsize"),
    may("msg_body/hash", "hash"),
];

const VOICE: &[UploadPlace] = &[
    must("msg_body/media_id", "media_id"),
    may("msg_body/media_crc32", "media_crc32"),
    may("msg_body/format", "format"),
    may("msg_body/fsize", "fsize"),
    may("msg_body/hash", "hash"),
];

const FILE: &[UploadPlace] = &[
    must("msg_body/media_id", "media_id"),
    may("msg_body/media_crc32", "media_crc32"),
    may("msg_body/fname", "fname"),
    may("msg_body/fsize", "fsize"),
];

const VIDEO: &[UploadPlace] = &[
    must("msg_body/video/media_id", "media_id"),
    may("msg_body/video/media_crc32", "media_crc32"),
    may("msg_body/video/fname", "fname"),
    may("msg_body/video/fsize", "fsize"),
];

/// The file of a message, and where the message refers to it.
pub(super) fn attach(file: &LocalFile, kind: MediaKind) -> Upload {
    let places = match kind {
        MediaKind::Image => IMAGE,
        MediaKind::Voice => VOICE,
        MediaKind::Video => VIDEO,
        MediaKind::File => FILE,
    };
    Upload { file: file.clone(), kind, places: places.to_vec() }
}

/// The fields of a message before its file is uploaded: what herald has measured, and a placeholder for the id.
pub(super) fn fields(file: &LocalFile, kind: MediaKind) -> Object {
    let mut fields = Object::default();
    fields.set("media_id", stand_in(kind));
    if let Some(crc32) = file.crc32 {
        fields.set("media_crc32", i64::from(crc32));
    }
    fields.set("fsize", Value::number(file.size.to_string()));
    match kind {
        MediaKind::Image | MediaKind::Voice => {
            if !file.ending().is_empty() {
                fields.set("format", file.ending());
            }
            if let (MediaKind::Image, Some((width, height))) = (kind, file.pixels) {
                fields.set("width", i64::from(width));
                fields.set("height", i64::from(height));
            }
            fields
        }
        MediaKind::File => {
            fields.set("fname", file.name.as_str());
            fields
        }
        MediaKind::Video => {
            fields.set("fname", file.name.as_str());
            let mut body = Object::default();
            body.set("video", Value::Object(fields));
            body
        }
    }
}

/// The upload of a file, until it has been made.
pub(super) fn upload(file: &Uploading<'_>) -> Option<Prerequisite> {
    if file.value("media_id").is_some() {
        return None;
    }
    let body = object([("type", word(file.kind).into()), ("filename", file.file.part())]);
    Some(Prerequisite {
        purpose: Purpose::Upload,
        operation: operation(&CONTRACT, "resource-upload"),
        ask: Ask::Call(body),
        stand_in: vec![("media_id", stand_in(file.kind).into())],
    })
}

/// What the answer says of the file.
pub(super) fn prerequisite_result(
    prerequisite: &Prerequisite,
    reply: &Reply,
) -> Option<PrerequisiteResult> {
    if prerequisite.purpose != Purpose::Upload {
        return None;
    }
    let document = Document::from_bytes(reply.body.clone()).ok()?;
    let answer = document.root().value.as_object()?;
    let said = |name: &&'static str| {
        let value = &answer.get(name)?.value;
        (!matches!(value, Value::Null)).then(|| (*name, value.clone()))
    };
    Some(PrerequisiteResult::File(SAID.iter().filter_map(said).collect()))
}
