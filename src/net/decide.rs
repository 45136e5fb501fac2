//! The verdict on one request, from the phase reached and the reply. Pure, and the only place where it is decided.
//!
//! In short: what certainly did nothing may be tried again (*unavailable*), what may have acted is *unknown*, and the words
//! never claim more than the vendor said. An operation that only reads cannot leave anything unknown behind.

mod account;
mod advice;

use std::borrow::Cow;
use std::time::Duration;

use crate::contract::{
    Answers, Condition, Contract, Effect, ErrorCode, Operation, Repeatable, Retry,
};
use crate::document::{Document, Trail, Value};
use crate::outcome::{
    Class, Outcome, Reading, TargetResult, Verdict, in_place_of_message, of_vendor,
};
use crate::text::escape;
use crate::wire::{Exchange, Failure, Phase, Reply};

pub use account::account_for;
pub use advice::{SETTLE, after_doubt, doubt_advice, redirect_advice, tell_how};
use advice::{advice, with_pause};

/// The HTTP status of a rate that is used up.
const TOO_MANY_REQUESTS: u16 = 429;

/// The outcome of a request. `read` is the vendor's reading of a reply, asked for only where there is one.
pub fn decide(
    contract: &Contract,
    operation: &Operation,
    exchange: &Exchange,
    read: &dyn Fn(&Reply) -> Reading,
) -> Outcome {
    decide_for(contract, operation, &|| None, exchange, read)
}

/// The same where the body of the request is known, which is asked for only if the meaning of a code depends on it.
pub fn decide_for(
    contract: &Contract,
    operation: &Operation,
    body: &dyn Fn() -> Option<Value>,
    exchange: &Exchange,
    read: &dyn Fn(&Reply) -> Reading,
) -> Outcome {
    match exchange {
        Err(failure) => of_failure(operation, failure),
        Ok(reply) => of_reply(&ReplyContext { contract, operation, body }, reply, read(reply)),
    }
}

/// What the meaning of a code may depend on besides the reply.
struct ReplyContext<'a> {
    contract: &'a Contract,
    operation: &'a Operation,
    body: &'a dyn Fn() -> Option<Value>,
}

/// Whether a reply refuses the token alone: nothing was done, and the same request with a new token may be.
pub fn refuses_token(
    contract: &Contract,
    operation: &Operation,
    reply: &Reply,
    reading: &Reading,
) -> bool {
    let asked = ReplyContext { contract, operation, body: &|| None };
    let row = row_of(&asked, reply.status, reading);
    reply.status == 401
        && is_plain_refusal(reading)
        && row.is_none_or(|row| row.class == Class::Credentials)
}

/// Whether a reply refuses the signature for its age: nothing was done, and the same request signed again may be.
pub fn refuses_age(
    contract: &Contract,
    operation: &Operation,
    reply: &Reply,
    reading: &Reading,
) -> bool {
    let asked = ReplyContext { contract, operation, body: &|| None };
    let row = row_of(&asked, reply.status, reading);
    is_plain_refusal(reading)
        && row.is_some_and(|row| row.class == Class::Credentials && row.retry == Retry::Resigned)
}

/// Whether nothing in a reply says that the request was carried out.
fn is_plain_refusal(reading: &Reading) -> bool {
    reading.success != Some(true) && !reading.contradicts && !reading.names_message()
}

/// No answer came.
fn of_failure(operation: &Operation, failure: &Failure) -> Outcome {
    let verdict = match failure.phase {
        Phase::Connect => Verdict::Unavailable,
        Phase::Sent | Phase::Reply => doubtful(operation),
    };
    let cure = failure.advice();
    let advice = match (failure.phase, verdict) {
        (Phase::Connect, _) if failure.heals() => {
            format!("nothing was sent; {cure}, then retry")
        }
        (Phase::Connect, _) => format!("nothing was sent; {cure}"),
        (_, Verdict::Unknown) => doubt_advice(operation),
        _ => "nothing is changed by this call; retry".to_owned(),
    };
    Outcome {
        message: Some(failure.words()),
        failure: Some(Box::new(failure.clone())),
        advice: Some(advice),
        ..Outcome::of(verdict)
    }
}

/// The outcome of a request that was answered.
fn of_reply(asked: &ReplyContext<'_>, reply: &Reply, mut reading: Reading) -> Outcome {
    let operation = asked.operation;
    let row = match reading.success {
        Some(true) => None,
        Some(false) | None => row_of(asked, reply.status, &reading),
    };
    let said = match (reading.success, row) {
        (Some(true), _) => Verdict::Accepted,
        (_, Some(row)) => of_row(operation, row),
        (Some(false), None) => of_status(operation, reply.status, true),
        (None, None) => of_status(operation, reply.status, false),
    };
    let is_contradiction = contradicts(asked, reply, &reading, row, said);
    // Neither the meaning nor the cure of a code counts then.
    let row = row.filter(|_| !is_contradiction);
    let whole = if is_contradiction { doubtful(operation) } else { said };
    let judge = |result: &TargetResult| of_target(asked, reply.status, result);
    for target in &mut reading.targets {
        target.verdict = judge(target);
        target.devices.iter_mut().for_each(|device| device.verdict = judge(device));
        target.verdict = of_results(&target.devices).unwrap_or(target.verdict);
        if is_contradiction {
            target.verdict = doubtful(operation);
        }
    }
    // Where the vendor tells targets apart they say more than the whole, unless the whole is in doubt.
    let verdict = match (whole, of_results(&reading.targets)) {
        (Verdict::Unknown, _) | (_, None) => whole,
        // It named those that it took, and said no all the same.
        (_, Some(Verdict::Accepted)) if whole != Verdict::Accepted => Verdict::Partial,
        (_, Some(together)) => together,
    };
    let mut warnings = reading.warnings;
    if let (Some(row), Verdict::Accepted) = (row, verdict) {
        warnings.push(row.meaning.to_string());
    }
    let meaning = row.map(|row| row.meaning.to_string()).filter(|meaning| !meaning.is_empty());
    let spoken = reading.message.as_deref().map(of_vendor).filter(|message| !message.is_empty());
    let spoken = spoken.map(str::to_owned);
    let has_words = spoken.is_some() || reading.code.is_some();
    let is_silent = verdict != Verdict::Accepted && !reading.targets.iter().any(is_told);
    // A code says what was done, or that herald does not know it.
    let silence = || (is_silent && reading.code.is_none()).then(|| describe(reply).into_owned());
    // More exact than what the vendor's table says of a reply without a code.
    let unread = if is_silent { unreadable(reply) } else { None };
    let pause = retry_after(reply, row, verdict);
    let advice = advice(operation, reply, row, verdict, has_words);
    Outcome {
        verdict,
        http_status: Some(reply.status),
        class: row.map(|row| row.class),
        of_one_target: row.is_some_and(|row| row.of_one_target),
        message: spoken.or_else(|| {
            let own = unread.or(meaning).or_else(silence);
            own.map(|words| in_place_of_message(&words))
        }),
        failure: None,
        advice: advice
            .map(|advice| with_pause(advice, pause.filter(|_| reply.retry_after().is_some()))),
        retry_after: pause,
        // What may have been done in some other way is in doubt for that.
        repeated: reading.repeated && verdict == Verdict::Rejected,
        code: reading.code,
        ids: reading.ids,
        targets: reading.targets,
        result: reading.result,
        warnings,
    }
}

/// Whether a reply says both that the request was carried out and that it was not, in its body or by its status.
///
/// A vendor's documents may say that a refusal comes with an id ([`Contract::refusals_have_ids`]), and that a failure means
/// that it had been done before ([`Retry::Done`]). With HTTP 5xx, no success is one.
fn contradicts(
    asked: &ReplyContext<'_>,
    reply: &Reply,
    reading: &Reading,
    row: Option<&ErrorCode>,
    said: Verdict,
) -> bool {
    let is_fine = (200..300).contains(&reply.status);
    let is_error = (400..500).contains(&reply.status);
    let is_done = row.is_some_and(|row| row.class != Class::Success && row.retry == Retry::Done);
    let may_name = asked.contract.refusals_have_ids && is_error && reading.code.is_some();
    let by_status = !(is_fine || is_done && is_error);
    let by_id = reading.names_message() && !may_name && asked.operation.effect != Effect::Reads;
    reading.contradicts
        || match said {
            Verdict::Accepted => by_status,
            Verdict::Denied | Verdict::Rejected | Verdict::Unavailable => by_id,
            Verdict::Partial | Verdict::Unknown => false,
        }
}

/// Says how a request that may have been done and carried an id against repeats is repeated without being done twice.
/// `typed`: the same command uses the same id again, since the user's input has it.
pub fn tell_repeat(operation: &Operation, outcome: &mut Outcome, id: &str, typed: bool) {
    let Repeatable::Deduplicated { field, seconds } = operation.repeat else { return };
    if outcome.verdict != Verdict::Unknown {
        return;
    }
    let how = match (operation.answers, typed) {
        (Answers::Keys(_), _) => format!("the same request, with the same keys in `{field}`,"),
        (_, true) => format!("the same request, with the same `{field}`,"),
        (_, false) => format!("the same request with `--set {field}={id}`"),
    };
    let safe = format!(
        "{how} is not done twice within {seconds} s of the first attempt; with another id it may be"
    );
    let advice = outcome.advice.take().map(|advice| format!("{}; ", advice.trim_end_matches('.')));
    outcome.advice = Some(advice.unwrap_or_default() + &safe);
}

fn row_of<'a>(asked: &ReplyContext<'a>, status: u16, reading: &Reading) -> Option<&'a ErrorCode> {
    find_row(asked, status, reading.code.as_deref(), reading.message.as_deref())
        .filter(|row| status != TOO_MANY_REQUESTS || explains_rate(row))
}

/// Whether a row may explain [`TOO_MANY_REQUESTS`]: that status says that a rate is used up, whatever the code means with
/// another one. A row of this status stands, and so does a row that leaves it open whether the request was done.
fn explains_rate(row: &ErrorCode) -> bool {
    row.http == Some(TOO_MANY_REQUESTS)
        || row.retry.leaves_open()
        || matches!(row.class, Class::Throttle | Class::Success)
}

/// The row of a code, the most telling one first: that of this text, then that of such a body, then that of this HTTP
/// status, then that of this operation. Where the code has no row for the text, the row that is known by the text alone.
///
/// A reply without a code of the vendor's is looked up by its status: rows for those are called `http-500`. A plain `500` is
/// a code of the vendor's own, and `200` may well be its word for success.
fn find_row<'a>(
    asked: &ReplyContext<'a>,
    status: u16,
    code: Option<&str>,
    message: Option<&str>,
) -> Option<&'a ErrorCode> {
    let message = message.unwrap_or_default().trim_start();
    let status_row = format!("http-{status}");
    let meets = |when: &Condition| {
        (asked.body)().is_some_and(|body| {
            let document = Document::of(&body);
            when.holds(Trail::new(&document).root())
        })
    };
    let best = |is_meant: &dyn Fn(&ErrorCode) -> bool| {
        asked
            .contract
            .errors
            .iter()
            .filter(|row| is_meant(row))
            .filter(|row| row.http.is_none_or(|http| http == status))
            .filter(|row| row.only.is_empty() || row.only.contains(&asked.operation.id))
            .filter(|row| row.when.is_none_or(meets))
            // The first of equals wins, so the comparison runs backwards.
            .rev()
            .max_by_key(|row| {
                (row.text.len(), row.when.is_some(), row.http.is_some(), !row.only.is_empty())
            })
    };
    let name = code.unwrap_or(&status_row);
    best(&|row| row.code == name && row.has_text(message))
        .or_else(|| best(&|row| row.is_known_by(&status_row, message)))
}

fn of_row(operation: &Operation, row: &ErrorCode) -> Verdict {
    match (row.class, row.retry_of(operation)) {
        (Class::Success, _) | (_, Retry::Done) => Verdict::Accepted,
        (_, Retry::Ambiguous | Retry::Same | Retry::InPart) => doubtful(operation),
        (Class::Credentials, _) => Verdict::Denied,
        (_, Retry::No | Retry::Later) => Verdict::Rejected,
        (_, Retry::Wait(_) | Retry::Yes | Retry::Resigned) => Verdict::Unavailable,
    }
}

/// The verdict of a status that no row knows. A failure in the vendor's own words (`said`) weighs more than a status alone
/// where that could be a success.
fn of_status(operation: &Operation, status: u16, said: bool) -> Verdict {
    match status {
        401 | 403 => Verdict::Denied,
        // Some servers and proxies act on a request and then send the client to a page about it.
        302 | 303 if operation.effect != Effect::Reads => Verdict::Unknown,
        // 407 is a proxy's, on this side of the vendor.
        407 | TOO_MANY_REQUESTS => Verdict::Unavailable,
        408 | 500..=599 => doubtful(operation),
        300..=499 => Verdict::Rejected,
        _ if said => Verdict::Rejected,
        _ => doubtful(operation),
    }
}

/// The verdict on one target. What the vendor's reading calls a failure is judged by the row of its code, like a whole.
fn of_target(asked: &ReplyContext<'_>, status: u16, target: &TargetResult) -> Verdict {
    let row = || {
        let code = Some(target.code.as_deref()?);
        find_row(asked, status, code, target.message.as_deref())
    };
    match (target.verdict, row().map(|row| of_row(asked.operation, row))) {
        (Verdict::Rejected, Some(verdict)) => verdict,
        // Part of it was taken for certain; of the rest the row says whether it may have been.
        (Verdict::Partial, Some(doubt @ Verdict::Unknown)) => doubt,
        (verdict, _) => verdict,
    }
}

/// The verdict on results together; `None` where there are none.
fn of_results(results: &[TargetResult]) -> Option<Verdict> {
    Verdict::together(results.iter().map(|result| result.verdict))
}

/// Whether a reply has the outcome of a target.
fn is_told(target: &TargetResult) -> bool {
    let says = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
    target.verdict != Verdict::Unknown || says(&target.code) || says(&target.message)
}

/// The verdict when it is not known whether it was done.
fn doubtful(operation: &Operation) -> Verdict {
    match operation.effect {
        Effect::Reads => Verdict::Unavailable,
        Effect::Sends | Effect::Destroys | Effect::Manages => Verdict::Unknown,
    }
}

/// The pause before another attempt, where one makes sense: what the reply asks for, else the longer one of the row's
/// and of what is left of the rate's window. The window of a minute tells nothing of a quota of the day. Of what may
/// have been done only the reply's own words count: repeats, and anything else to that host, wait that long.
fn retry_after(reply: &Reply, row: Option<&ErrorCode>, verdict: Verdict) -> Option<Duration> {
    match verdict {
        Verdict::Unavailable => {}
        Verdict::Unknown => return reply.retry_after(),
        Verdict::Accepted | Verdict::Partial | Verdict::Denied | Verdict::Rejected => return None,
    }
    let usual = row.and_then(|row| match row.retry {
        Retry::Wait(seconds) if seconds > 0 => Some(Duration::from_secs(u64::from(seconds))),
        Retry::Wait(_)
        | Retry::No
        | Retry::Yes
        | Retry::Resigned
        | Retry::Ambiguous
        | Retry::Same
        | Retry::InPart
        | Retry::Later
        | Retry::Done => None,
    });
    reply.retry_after().or_else(|| usual.max(reply.window_reset()))
}

/// What is to be said of a reply that is not text.
fn unreadable(reply: &Reply) -> Option<String> {
    Some(format!("HTTP {} with {}", reply.status, escape(&reply.unreadable()?)))
}

/// A reply without words of the vendor's.
fn describe(reply: &Reply) -> Cow<'static, str> {
    let status = reply.status;
    let body = reply.body.trim_ascii();
    if let Some(words) = unreadable(reply) {
        return words.into();
    }
    match body.first() {
        None => format!("HTTP {status} with an empty reply").into(),
        Some(b'<') => format!("HTTP {status} with a page of HTML or XML").into(),
        Some(_) => format!("HTTP {status} with a reply that does not say what was done").into(),
    }
}

#[cfg(test)]
mod tests;
