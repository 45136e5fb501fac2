//! Payloads as the ledger has them: without secrets, and perhaps only their digests.

use std::rc::Rc;

use crate::contract::typed::SetExpr;
use crate::document::Value;
use crate::error::{Error, ErrorKind, Result};
use crate::provider::Draft;
use crate::send::apply_sets::with_sets;
use crate::send::compose::{Composed, FollowedMessage};
use crate::send::follow_up_subject::FollowSubject;
use crate::send::origins::Origins;
use crate::send::same_message::SetRequest;
use crate::wire::HIDDEN;

/// What is followed up on although the ledger does not have its payload.
pub(crate) fn bodiless(subjects: &[FollowSubject]) -> Option<String> {
    let empty =
        |about: &&FollowedMessage| about.sent.body.as_object().is_some_and(|body| body.is_empty());
    let first = subjects.iter().filter_map(|subject| subject.about.as_deref()).find(empty);
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

/// A draft that follows up on a message, with the sender of `--from` and with `--set` applied.
pub(crate) fn following_from(
    draft: Draft,
    from: Option<&str>,
    sets: &[SetExpr],
    known: (&[String], Option<&Rc<FollowedMessage>>),
) -> Result<Composed> {
    following_up((draft, Origins::of_follow_up(from)), sets, known)
}

/// A draft that follows up on a message, with its origins, and with `--set` applied.
pub(crate) fn following_up(
    (draft, mut origins): (Draft, Origins),
    sets: &[SetExpr],
    (ids, about): (&[String], Option<&Rc<FollowedMessage>>),
) -> Result<Composed> {
    if about.is_none() {
        origins.note_ids(&draft.body, ids);
    }
    let before = about.filter(|_| !sets.is_empty()).map(|about| (draft.body.clone(), about));
    let draft = with_sets(draft, sets, &mut origins)?;
    if let Some((before, about)) = before {
        let (operation, after) = (draft.operation, &draft.body);
        SetRequest { operation, before: &before, after }.check_same(about)?;
    }
    no_hidden(&draft.body, about.map(Rc::as_ref))?;
    Ok(Composed { about: about.cloned(), ..Composed::from_flags(draft, origins) })
}

/// Refuses to send what the ledger has in the place of a secret.
fn no_hidden(body: &Value, about: Option<&FollowedMessage>) -> Result<()> {
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
    texts(body, &mut taken);
    taken.retain(|text| text.contains(HIDDEN));
    // What was sent may be a batch with thousands of targets, and each of them is recalled with a body of its own.
    if taken.is_empty() {
        return Ok(());
    }
    texts(&about.sent.body, &mut kept);
    if !taken.iter().any(|text| kept.contains(text)) {
        return Ok(());
    }
    let message =
        format!("the ledger keeps no secrets, and one of {} would be needed", about.label);
    Err(Error::new(ErrorKind::Ledger, message).help("give it with --set PATH=VALUE"))
}
