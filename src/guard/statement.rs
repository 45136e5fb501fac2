//! What guards say of a case: what it does, and who is reached.

use super::{GuardInput, OutgoingRequest, Reached, cut};
use crate::contract::{Audience, Effect, Reach};

/// How much of a payload stands in a question, in characters.
const MAX_PAYLOAD: usize = 120;

/// What a case does, as the beginning of a sentence: of what takes something away or changes it, also in words.
pub(super) fn act(case: &GuardInput<'_>) -> String {
    let about = gravest(case).map(|request| request.operation.about.to_string());
    match about.filter(|about| case.effect != Effect::Sends && !about.is_empty()) {
        Some(about) => format!("{} ({})", case.operation, beginning_lower(&about)),
        None => case.operation.to_owned(),
    }
}

/// Who is reached by a case where that is no number of targets, and why, as a sentence.
pub(super) fn uncounted(case: &GuardInput<'_>) -> String {
    let (act, audience) = (act(case), case.audience);
    match why_everybody(case) {
        Some(why) => format!("{act} counts as reaching everybody: {why}"),
        None => format!("{act} reaches {audience}"),
    }
}

/// Why a case counts as reaching everybody, where no row says that it does.
fn why_everybody(case: &GuardInput<'_>) -> Option<String> {
    if !matches!(case.audience, Reached::Audience(Audience::Everybody)) {
        return None;
    }
    let doubtful =
        |request: &OutgoingRequest<'_>| Audience::doubtful_name(request.operation, request.body);
    if let Some(name) = case.requests.iter().find_map(doubtful) {
        return Some(format!("`{name}` may be read as a name of its audience"));
    }
    let reach = gravest(case)?.operation.reach;
    match reach {
        _ if reach.names_messages() => {
            Some("who got the message is not in the ledger, or it was everybody".to_owned())
        }
        Reach::Unsaid => Some("nothing in it says for certain who is affected".to_owned()),
        _ => None,
    }
}

/// The request that the case is called by.
fn gravest<'c>(case: &GuardInput<'c>) -> Option<&'c OutgoingRequest<'c>> {
    case.requests.iter().find(|request| request.operation.effect == case.effect)
}

fn beginning_lower(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_lowercase).into_iter().flatten();
    first.chain(chars).collect()
}

/// The beginning of the first request's payload: what is taken away or changed stands in it.
pub(super) fn given(case: &GuardInput<'_>) -> Option<String> {
    let body = gravest(case)?.body.root().value.to_compact();
    Some(cut(&body, MAX_PAYLOAD))
}
