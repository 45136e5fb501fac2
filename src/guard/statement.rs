//! Statements about an input for messages: what the command does, and its audience.

use super::{AudienceSource, GuardInput, OutgoingRequest, cut};
use crate::contract::{Audience, Effect, Reach};

/// The most characters of a payload in a question.
const MAX_PAYLOAD_SHOWN: usize = 120;

/// What the command does, as the beginning of a sentence. Where it does not send, with a description of the operation.
pub(super) fn act(input: &GuardInput<'_>) -> String {
    let about = gravest(input).map(|request| request.operation.about.to_string());
    match about.filter(|about| input.action.effect != Effect::Sends && !about.is_empty()) {
        Some(about) => format!("{} ({})", input.action.operation, beginning_lower(&about)),
        None => input.action.operation.to_owned(),
    }
}

/// The audience of the command where the number of targets is not known, and why, as a sentence.
pub(super) fn uncounted(input: &GuardInput<'_>) -> String {
    let (act, audience) = (act(input), input.action.audience);
    match why_everybody(input) {
        Some(why) => format!("{act} counts as reaching everybody: {why}"),
        None => format!("{act} reaches {audience}"),
    }
}

/// Why the command counts as reaching everybody, where the contract does not say that it does.
fn why_everybody(input: &GuardInput<'_>) -> Option<String> {
    if !matches!(input.action.audience, AudienceSource::Requests(Audience::Everybody)) {
        return None;
    }
    let doubtful =
        |request: &OutgoingRequest<'_>| Audience::doubtful_name(request.operation, request.body);
    if let Some(name) = input.action.requests.iter().find_map(doubtful) {
        return Some(format!("`{name}` may be read as a name of its audience"));
    }
    let request = gravest(input)?;
    let reach = request.operation.reach;
    match reach {
        _ if reach.names_messages() => {
            Some("who got the message is not in the ledger, or it was everybody".to_owned())
        }
        Reach::Unsaid => Some("nothing in it says for certain who is affected".to_owned()),
        Reach::ForeignCodes(why) => Some(format!("whom it reaches is not known: {why}")),
        _ if !reach.is_readable(request.body) => {
            Some("whom it reaches cannot be read from it".to_owned())
        }
        _ => None,
    }
}

/// The request that gave the command its effect.
fn gravest<'c>(input: &GuardInput<'c>) -> Option<&'c OutgoingRequest<'c>> {
    input.action.requests.iter().find(|request| request.operation.effect == input.action.effect)
}

fn beginning_lower(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_lowercase).into_iter().flatten();
    first.chain(chars).collect()
}

/// The beginning of the payload of the command, which names what the command deletes or changes.
pub(super) fn given(input: &GuardInput<'_>) -> Option<String> {
    let body = gravest(input)?.body.root().value.to_compact();
    Some(cut(&body, MAX_PAYLOAD_SHOWN))
}
