//! Recalls, streams, deletions, schedules.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use crate::contract::{Check, Condition, FindingSink, Lit};
use crate::document::{At, Document, ValueView};
use crate::outcome::SentMessage;
use crate::provider::easemob::CONTRACT;
use crate::provider::easemob::wire;
use crate::provider::kit::forms::moment;
use crate::provider::kit::wire::Region;

/// The usual time within which a message can be recalled, in milliseconds.
const WINDOW: i64 = 120_000;

/// Whether the kind of conversation and the receiver fit together.
pub(in super::super) const RECEIVER: Check =
    Check::function("EM-W22", "chat_type against the form of `to`", receiver);

fn receiver(at: At<'_>, sink: &mut FindingSink<'_>) {
    let (Some(kind), Some(to)) = (at.get("chat_type").as_str(), at.get("to").as_str()) else {
        return;
    };
    let digits = !to.is_empty() && to.bytes().all(|b| b.is_ascii_digit());
    let message = match kind {
        "chat" if digits => format!("`{to}` looks like a group or a room, and `chat` is a user's"),
        "groupchat" | "chatroom" if !digits && !to.is_empty() => {
            format!("`{to}` looks like a user, and `{kind}` is not a user's")
        }
        _ => return,
    };
    sink.report("EM-W22", at.get("to"), message);
}

/// Whether the message can still be recalled, as far as the ledger knows.
pub(in super::super) const TOO_LATE: Check =
    Check::function("EM-W21", "recall of what cannot be recalled", too_late);

fn too_late(at: At<'_>, sink: &mut FindingSink<'_>) {
    let Some(sent) = sink.context().sent else { return };
    if let Some(why) = never(sent) {
        sink.report("EM-W21", at.get("msg_id"), why);
        return;
    }
    let Some(now) = sink.context().now_ms else { return };
    let age = now - sent.sent_ms;
    if at.get("force").as_bool() == Some(false) && age > WINDOW {
        let message = format!("the message is {} s old, the usual window is 120 s", age / 1000);
        sink.report("EM-W21", at.get("force"), message);
    }
}

/// Why what was sent can never be recalled.
pub(in super::super) fn never(sent: &SentMessage) -> Option<String> {
    let id = sent.operation.rsplit('/').next().unwrap_or_default();
    if id.starts_with("broadcast-") {
        return Some(
            "broadcasts cannot be recalled: the id that they get is no message id".to_owned(),
        );
    }
    if id.starts_with("push-") {
        return Some("notifications of the push product cannot be recalled".to_owned());
    }
    let recall = &CONTRACT.operation(&sent.operation)?.recall;
    let limit = recall.limit_of(&Document::unwritten(sent.body.clone()))?;
    limit.window.is_none().then(|| limit.why.to_string())
}

const UNFINISHED: &[Condition] =
    &[Condition::Given("finishReason"), Condition::Not(&NEUTRAL), Condition::Not(&DONE)];
/// The vendor's own sample writes it in the chunks between.
static NEUTRAL: Condition = Condition::Is("finishReason", &[Lit::Int(0)]);
static DONE: Condition = Condition::Is("finish", &[Lit::Bool(true)]);

/// An id in the first chunk of a stream.
pub(in super::super) const FIRST_CHUNK: Check = Check::flag(
    "EM-W23",
    Condition::All(&[Condition::Given("msgId"), Condition::Is("seq", &[Lit::Int(0)])]),
    "msgId",
    "the first chunk has no `msgId` yet: its answer gives it",
);

/// A reason for an end that is none.
pub(in super::super) const REASON: Check = Check::flag(
    "EM-W23",
    Condition::All(UNFINISHED),
    "finishReason",
    "`finishReason` is read only beside `finish` true",
);

/// Every chunk but the first names its stream.
pub(in super::super) const LATER: Check =
    Check::function("EM-34", "`msgId` in every chunk but the first", later);

fn later(at: At<'_>, sink: &mut FindingSink<'_>) {
    let (seq, id) = (at.get("seq"), at.get("msgId"));
    let missing = matches!(id.value(), None | Some(ValueView::Null));
    // A number that is none, or out of range, is a fault of its own and says nothing of the chunk's place.
    if missing && !sink.is_wrong(seq) && seq.as_integer().is_some_and(|seq| seq > 0) {
        sink.report("EM-34", id, "`msgId` is missing: the first chunk's answer gave it");
    }
}

/// What of a user's roaming messages goes.
pub(in super::super) const ROAMING: Check =
    Check::function("EM-78", "which messages are deleted", roaming).also(&["EM-79"]);

fn roaming(at: At<'_>, sink: &mut FindingSink<'_>) {
    let object = at.as_object();
    let has = |name: &str| {
        let member = object.and_then(|object| object.get(name));
        member.is_some_and(|node| !matches!(node, ValueView::Null))
    };
    let (peer, group, list, time) = (has("peer"), has("groupId"), has("msgIdList"), has("delTime"));
    if peer && group {
        let message = "`peer` and `groupId` exclude each other";
        sink.report("EM-78", at.get("groupId"), message);
        if !sink.waives("EM-78") {
            return;
        }
    }
    if sink.is_wrong(at.get("msgIdList")) {
        return;
    }
    let message = match (peer || group, list, time) {
        (true, false, false) => "one of `msgIdList` and `delTime` says which messages go",
        (true, true, true) => "`msgIdList` and `delTime` exclude each other",
        (false, true, _) | (false, _, true) => {
            "without `peer` or `groupId` everything of the user goes; name the conversation"
        }
        _ => return,
    };
    sink.report("EM-79", at.get("msgIdList"), message);
}

/// Whether a time lies where the vendor takes one.
pub(in super::super) const SCHEDULE: Check =
    Check::function("EM-W37", "start between 1 hour and 30 days ahead", schedule);

fn schedule(at: At<'_>, sink: &mut FindingSink<'_>) {
    let start = at.get("startDate");
    let Some(time) = start.as_str().and_then(moment) else { return };
    let (Some(now), Some(account)) = (sink.context().now_ms, sink.context().account) else {
        return;
    };
    // The clock is the server's: Beijing in China; elsewhere it is not documented, so both count.
    let zones: &[i8] = match wire::region_of(account) {
        Region::China => &[8],
        Region::Abroad | Region::Unknown => &[8, 0],
    };
    let ahead = |hours: &i8| milliseconds(time, *hours).map(|ms| (ms - now) / 1000);
    let fits = |seconds: i64| (3600..=30 * 86_400).contains(&seconds);
    if !zones.iter().filter_map(ahead).any(fits) {
        sink.report("EM-W37", start, "`startDate` must be between 1 hour and 30 days ahead");
    }
}

fn milliseconds(time: DateTime, hours: i8) -> Option<i64> {
    let zone = TimeZone::fixed(Offset::constant(hours));
    Some(time.to_zoned(zone).ok()?.timestamp().as_millisecond())
}
