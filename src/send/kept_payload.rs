//! Payloads as the ledger has them: without secrets, and perhaps only their digests.

use crate::document::Value;
use crate::error::{Error, ErrorKind, Result};
use crate::send::compose::About;
use crate::send::follow_up_subject::FollowSubject;
use crate::wire::HIDDEN;

/// What is followed up on although the ledger does not have its payload.
pub(crate) fn bodiless(subjects: &[FollowSubject]) -> Option<String> {
    let empty = |about: &&About| about.sent.body.as_object().is_some_and(|body| body.is_empty());
    let first = subjects.iter().filter_map(|subject| subject.about.as_ref()).find(empty);
    first.map(|about| about.label.clone())
}

/// Adds to an error that the ledger keeps no payload that could have told more.
pub(crate) fn without_body(error: Error, bodiless: Option<&str>) -> Error {
    let Some(id) = bodiless.filter(|_| matches!(error.kind(), ErrorKind::Usage | ErrorKind::Lint))
    else {
        return error;
    };
    let message = format!("{error}; of the payload of {id} the ledger keeps only the digest");
    Error::new(error.kind(), message).help("say with --from, --to and --set what it was")
}

/// Refuses to send what the ledger has in the place of a secret.
pub(crate) fn no_hidden(body: &Value, about: Option<&About>) -> Result<()> {
    fn texts<'v>(value: &'v Value, out: &mut Vec<&'v str>) {
        match value {
            Value::String(text) => out.push(text.as_str()),
            Value::Array(items) => items.iter().for_each(|item| texts(&item.value, out)),
            Value::Object(all) => all.iter().for_each(|member| texts(&member.node.value, out)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let Some(about) = about else { return Ok(()) };
    let (mut kept, mut taken) = (Vec::new(), Vec::new());
    texts(&about.sent.body, &mut kept);
    texts(body, &mut taken);
    kept.retain(|text| text.contains(HIDDEN));
    if !taken.iter().any(|text| kept.contains(text)) {
        return Ok(());
    }
    let message =
        format!("the ledger keeps no secrets, and one of {} would be needed", about.label);
    Err(Error::new(ErrorKind::Ledger, message).help("give it with --set PATH=VALUE"))
}
