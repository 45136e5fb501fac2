//! What a push needs before it can go out: an id by which the server tells a repeated one. And target files.

use super::CONTRACT;
use crate::document::{Document, Value};
use crate::error::Result;
use crate::provider::kit::object;
use crate::provider::kit::operation;
use crate::provider::prerequisite::{Ask, Purpose};
use crate::provider::{Call, Prerequisite, PrerequisiteResult, Uploading};
use crate::wire::Reply;

/// The field that holds the id.
const CID: &str = "cid";

/// A cid, for a push that has none. Batches carry theirs as keys, the check delivers nothing, and for a group there is no
/// asking: its key is not an app's.
pub(super) fn prerequisite(call: &Call<'_>) -> Option<Prerequisite> {
    let is_push = matches!(call.operation.id, "push" | "push-file");
    let body = call.body.as_object()?;
    if !is_push || body.get(CID).is_some() {
        return None;
    }
    let ask = object([("count", 1_i64.into()), ("type", "push".into())]);
    Some(Prerequisite {
        purpose: Purpose::DedupeId { field: CID, count: Some("count") },
        operation: operation(&CONTRACT, "cid"),
        ask: Ask::Call(ask),
        stand_in: Vec::new(),
    })
}

/// A file of targets. Which kind of targets it lists, only the caller knows.
pub(super) fn upload(file: &Uploading<'_>) -> Result<Option<Prerequisite>> {
    if file.value(FILE_ID).is_some() {
        return Ok(None);
    }
    let ask = object([("filename", file.file.part())]);
    Ok(Some(Prerequisite {
        purpose: Purpose::Upload,
        operation: operation(&CONTRACT, "file-upload"),
        ask: Ask::Call(ask),
        stand_in: vec![(FILE_ID, Value::from("FILE_ID"))],
    }))
}

/// What an uploaded file is called from then on.
const FILE_ID: &str = "file_id";

/// What a reply supplies.
pub(super) fn prerequisite_result(
    prerequisite: &Prerequisite,
    reply: &Reply,
) -> Option<PrerequisiteResult> {
    let document = Document::from_bytes(reply.body.clone()).ok()?;
    let answer = document.root().value.as_object()?;
    match prerequisite.purpose {
        Purpose::DedupeId { .. } => {
            let list = answer.get("cidlist")?.value.as_array()?;
            // Each of them is held to its rule before a push carries it.
            let ids = list.iter().map(|id| id.value.as_str().map(str::to_owned));
            let ids = ids.collect::<Option<Vec<_>>>()?;
            (!ids.is_empty()).then_some(PrerequisiteResult::DedupeIds(ids))
        }
        Purpose::Upload => {
            Some(PrerequisiteResult::File(vec![(FILE_ID, answer.get(FILE_ID)?.value.clone())]))
        }
        Purpose::Token(_) | Purpose::UploadAddress => None,
    }
}
