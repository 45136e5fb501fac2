//! What users can do about the outcome of a request.

use std::time::Duration;

use crate::contract::{
    Contract, DoubtfulMessage, ErrorCode, FIND_OUT, Operation, Repeatable, Verb, http_status,
};
use crate::outcome::{Outcome, Verdict};
use crate::text::escape;
use crate::wire::Reply;

/// What people do about a request that may have been done, where the message is not known: [`tell_how`] says it of one.
pub const SETTLE: &str =
    "find out before you retry; `herald history --outcome unknown` lists what is to be settled";

/// Says how people find out what happened to this message, where an outcome tells them to.
pub fn tell_how(
    contract: &Contract,
    operation: &Operation,
    lost: &DoubtfulMessage<'_>,
    outcome: &mut Outcome,
) {
    if let Some(advice) = outcome.advice.as_mut().filter(|_| outcome.verdict == Verdict::Unknown)
        && let Some(how) = contract.how_to_settle(operation, lost)
    {
        *advice = advice.replace(SETTLE, &how);
    }
}

/// What to do about a doubt, in the words of the command. An id against repeats changes nothing of it here: whether the
/// request carries one, and whether anyone will repeat it with the same, is not known to the rows ([`super::tell_repeat`]).
pub fn doubt_advice(operation: &Operation) -> String {
    let done = operation.follow_up().map_or("done", Verb::done);
    format!("It may have been {done}; {}", after_doubt(operation))
}

/// What people do where it is not known whether a request was done.
pub fn after_doubt(operation: &Operation) -> String {
    if operation.is_held_back() {
        return SETTLE.to_owned();
    }
    let again = match operation.follow_up() {
        Some(verb) => format!("the same {} again", verb.word()),
        None => "doing it again".to_owned(),
    };
    let more = match operation.repeat {
        Repeatable::Costly => ", and costs as much again",
        Repeatable::Notifies => ", and tells people again",
        Repeatable::Safe | Repeatable::Duplicates | Repeatable::Deduplicated { .. } => "",
    };
    format!("{again} leads to the same state{more}")
}

pub(super) fn advice(
    operation: &Operation,
    reply: &Reply,
    row: Option<&ErrorCode>,
    verdict: Verdict,
    has_words: bool,
) -> Option<String> {
    if verdict == Verdict::Accepted {
        return None;
    }
    let status = reply.status;
    // Where a code leaves it open whether it was done, its cure is about messages; and the doubt may say the same.
    let says = |row: &&ErrorCode| {
        !row.cure.is_empty()
            && row.cure.to_string() != FIND_OUT
            && (!row.retry.leaves_open() || operation.sends())
    };
    let cure = row.filter(says).map(|row| row.cure.to_string());
    let cure = cure.or_else(|| redirect_advice(reply));
    if verdict == Verdict::Unknown {
        let doubt = doubt_advice(operation);
        return Some(cure.map_or(doubt.clone(), |cure| format!("{} {doubt}", sentence(&cure))));
    }
    cure.or_else(|| general_advice(status, verdict, has_words))
}

/// The same with the pause that the vendor asks for.
pub(super) fn with_pause(advice: String, pause: Option<Duration>) -> String {
    match pause {
        Some(pause) => {
            format!("{} The vendor asks to wait {} s.", sentence(&advice), pause.as_secs())
        }
        None => advice,
    }
}

/// Words as a sentence with its full stop.
fn sentence(words: &str) -> String {
    format!("{}.", words.trim_end_matches('.'))
}

/// What to do about a redirect, which is never followed: the address that was offered is for a person to judge.
pub fn redirect_advice(reply: &Reply) -> Option<String> {
    if !(300..=399).contains(&reply.status) {
        return None;
    }
    let place = reply.header("location").map(offered).filter(|place| !place.is_empty());
    let place = place.map_or_else(|| "elsewhere".to_owned(), |place| format!("to `{place}`"));
    Some(format!(
        "the endpoint sends requests {place}, and herald does not follow; \
         if that is the vendor's, set it as the endpoint"
    ))
}

/// An address that a redirect offers, as it may be shown: without a password, without the query, in which the secrets of the
/// request may be, and not too long.
fn offered(location: &str) -> String {
    const MAX_CHARS: usize = 100;
    let (place, query) = match location.trim().split_once(['?', '#']) {
        Some((place, _)) => (place, "?…"),
        None => (location.trim(), ""),
    };
    let (scheme, rest) = match place.find("//") {
        Some(at) => place.split_at(at + 2),
        None => ("", place),
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (hidden, host) = match authority.rsplit_once('@') {
        Some((_, host)) => ("***@", host),
        None => ("", authority),
    };
    let whole = format!("{scheme}{hidden}{host}{path}");
    let mut shown: String = whole.chars().take(MAX_CHARS).collect();
    if shown.len() < whole.len() {
        shown.push('…');
    }
    escape(&(shown + query))
}

/// What to do about an answer that the vendor's table does not explain. Where the vendor gave words of its own
/// (`has_words`), the status alone is not a cause: vendors use one for many.
fn general_advice(status: u16, verdict: Verdict, has_words: bool) -> Option<String> {
    let general = match (verdict, status) {
        (Verdict::Accepted | Verdict::Unknown, _) => return None,
        (Verdict::Partial, _) => "see the targets that were not accepted",
        (_, 407 | 413) => return http_status(status).map(|row| row.cure.to_string()),
        (Verdict::Denied | Verdict::Rejected, _) if has_words => {
            "what this answer means is not known: herald knows only the vendor's words"
        }
        (Verdict::Denied, _) => "check the credentials and what they may do",
        (_, 404 | 405) => return http_status(status).map(|row| row.cure.to_string()),
        (Verdict::Rejected, _) => "it would be rejected again; change the request",
        (Verdict::Unavailable, _) => "retry later",
    };
    Some(general.to_owned())
}
