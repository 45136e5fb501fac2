//! What rows cannot say: rules that look at several values, at the profile or at the clock.

use super::messages::{self, CUSTOM, SentBy};
use super::uid;
use crate::contract::{FindingSink, Operation};
use crate::document::At;
use crate::provider::kit::is_filled;
use crate::wire::is_loopback;

/// The number at a place. Digits in a string are a fault of their own, which is told where it is made.
fn number(at: At<'_>) -> Option<i128> {
    at.value()?.as_number()?.as_integer()
}

/// W03, W08: types of the vendor's own, and undefined numbers.
pub(super) fn sendable(payload: At<'_>, sink: &mut FindingSink<'_>) {
    let at = payload.get("type");
    let Some(number) = number(at) else { return };
    match messages::known(number) {
        Some(known) if known.sent == SentBy::Never => {
            let message = format!("type {number} (`{}`) is not meant to be sent", known.id);
            sink.report("W03", at, message);
        }
        Some(_) => {}
        None if messages::is_internal(number) => {
            sink.report("W03", at, format!("type {number} is not meant to be sent"));
        }
        None => sink.report("W08", at, format!("type {number} is not defined")),
    }
}

/// W02, W17, W18: a flag that is missing, that hides the message, or that clients do not expect.
pub(super) fn flag(payload: At<'_>, sink: &mut FindingSink<'_>) {
    let at = payload.get("persistFlag");
    let known = number(payload.get("type")).and_then(messages::known);
    let own = known.and_then(|known| known.flag);
    let flag = number(at);
    if flag == Some(4) {
        let pushed = is_filled(payload.get("pushContent")) || is_filled(payload.get("pushData"));
        if pushed {
            sink.report("W17", at, "`persistFlag` 4 sends no push, so the push content is lost");
        } else if matches!(own, Some(1 | 3)) {
            sink.report("W17", at, "with `persistFlag` 4 nobody who is offline ever sees it");
        }
    }
    let (Some(known), Some(own)) = (known, own) else { return };
    match flag {
        None if !is_filled(at) && own != 0 => {
            let message = format!("`persistFlag` is missing; `{}` wants {own}", known.id);
            sink.report("W02", at, message);
        }
        Some(flag) if flag != i128::from(own) && !sink.is_wrong(at) => {
            let message =
                format!("`persistFlag` is {flag}; clients expect {own} of `{}`", known.id);
            sink.report("W18", at, message);
        }
        _ => {}
    }
}

/// W07: a list of mentioned users without the type that makes it count.
pub(super) fn mention(payload: At<'_>, sink: &mut FindingSink<'_>) {
    let list = payload.get("mentionedTarget");
    let kind = payload.get("mentionedType");
    if is_filled(list) && number(kind) != Some(1) && !sink.is_wrong(kind) {
        sink.report("W07", list, "`mentionedTarget` is ignored unless `mentionedType` is 1");
    }
}

/// W19: a bucket that does not fit the type, an address that clients cannot reach.
pub(super) fn media(payload: At<'_>, sink: &mut FindingSink<'_>) {
    let known = number(payload.get("type")).and_then(messages::known);
    let at = payload.get("mediaType");
    // 0 is what an absent one means, and 9 and above are the operator's own buckets.
    if let (Some(wanted), Some(found)) = (known.and_then(|known| known.media), number(at))
        && found != i128::from(wanted)
        && found != 0
        && found < 9
    {
        sink.report("W19", at, format!("`mediaType` is {found}, this type wants {wanted}"));
    }
    let at = payload.get("remoteMediaUrl");
    let Some(url) = at.as_str().filter(|url| !url.is_empty()) else { return };
    match host_of(url) {
        None => sink.report("W19", at, "`remoteMediaUrl` is not an http or https address"),
        // Clients that reach the server reach its own store.
        Some(host) if is_private(host) && own_host(sink) != Some(host) => {
            sink.report("W19", at, format!("`{host}` is a private address"));
        }
        Some(_) => {}
    }
}

/// The host of the account's endpoint.
fn own_host<'c>(sink: &FindingSink<'c>) -> Option<&'c str> {
    sink.context().account.and_then(|account| host_of(account.endpoint.as_deref()?))
}

/// H01: an own type that counts as unread, without anything to push.
pub(super) fn push(payload: At<'_>, sink: &mut FindingSink<'_>) {
    let custom = number(payload.get("type")).is_some_and(|n| n >= i128::from(CUSTOM));
    let counted = number(payload.get("persistFlag")) == Some(3);
    if custom
        && counted
        && !is_filled(payload.get("pushContent"))
        && !is_filled(payload.get("pushData"))
    {
        sink.report("H01", payload, "no `pushContent` or `pushData`: offline users get no push");
    }
}

/// H02: an image or video without a thumbnail.
pub(super) fn thumbnail(payload: At<'_>, sink: &mut FindingSink<'_>) {
    let visual = matches!(number(payload.get("type")), Some(3 | 6));
    let at = payload.get("base64edData");
    if visual && !is_filled(at) {
        sink.report("H02", at, "there is no thumbnail in `base64edData`");
    }
}

/// W14: numbers that no server gave.
pub(super) fn uid(root: At<'_>, sink: &mut FindingSink<'_>) {
    let at = [root.get("messageUid"), root.get("messageId")].into_iter().find(|at| at.is_there());
    let Some((at, Ok(uid))) = at.and_then(|at| Some((at, i64::try_from(at.as_integer()?)))) else {
        return;
    };
    if uid <= 0 {
        return;
    }
    let sent = uid::sent_ms(uid);
    if sent < uid::YEAR_2019_MS {
        sink.report("W14", at, format!("{uid} would be of the year 2018"));
    } else if sink.context().now_ms.is_some_and(|now| sent > now + CLOCKS_DIFFER_MS) {
        sink.report("W14", at, format!("{uid} would be of a time to come"));
    }
}

/// By how much a server's clock may be ahead without a word.
const CLOCKS_DIFFER_MS: i64 = 60_000;

/// W16: a plain recall of what was sent to many.
pub(super) fn recalled(root: At<'_>, sink: &mut FindingSink<'_>) {
    let Some(sent) = sink.context().sent else { return };
    let right = match sent.operation.as_str() {
        "multicast" => "recall-multicast",
        "broadcast" => "recall-broadcast",
        _ => return,
    };
    let message = format!("it was sent by `{}`; recall it with `{right}`", sent.operation);
    sink.report("W16", root.get("messageUid"), message);
}

/// W20, W21 and the part of W07 that needs the conversation, for `send` and its like.
pub(super) fn addressed(root: At<'_>, sink: &mut FindingSink<'_>) {
    let (conv, payload) = (root.get("conv"), root.get("payload"));
    oneself(root, conv, sink);
    mention_reaches(root, payload, sink);
    if number(conv.get("type")) == Some(0) {
        mention_in_private(payload, sink);
    }
    let users = root.get("toUsers");
    if number(conv.get("type")) == Some(2) && is_filled(users) {
        sink.report("W21", users, "`toUsers` does nothing in a chatroom");
    }
}

/// Whether a message goes into a chatroom with the rights of a robot or of the sender.
pub(super) fn lacks_rights(operation: &Operation, root: At<'_>) -> bool {
    let with_rights =
        operation.id == "robot-send" || root.get("isUserMessage").as_bool() == Some(true);
    with_rights && number(root.get("conv").get("type")) == Some(2)
}

/// W30: a chatroom, with the rights of a robot or of the sender.
pub(super) fn in_chatroom(root: At<'_>, sink: &mut FindingSink<'_>) {
    let place = root.get("conv").get("type");
    let is_robot = sink.operation().id == "robot-send";
    if lacks_rights(sink.operation(), root)
        && sink.context().account.and_then(|account| account.value("edition")) != Some("pro")
    {
        let who = if is_robot { "a robot" } else { "a sender with `isUserMessage`" };
        sink.report(
            "W30",
            place,
            format!("{who} cannot speak in a chatroom: the server fails with 4"),
        );
    }
}

/// W20 for a message of an import.
pub(super) fn imported(message: At<'_>, sink: &mut FindingSink<'_>) {
    oneself(message, message.get("conversation"), sink);
    times(&[message.get("timestamp")], sink);
}

fn oneself(root: At<'_>, conv: At<'_>, sink: &mut FindingSink<'_>) {
    let target = conv.get("target");
    let sender = root.get("sender").as_str().filter(|sender| !sender.is_empty());
    if number(conv.get("type")) == Some(0) && sender.is_some() && sender == target.as_str() {
        sink.report("W20", target, "the target of this private chat is the sender");
    }
}

fn mention_in_private(payload: At<'_>, sink: &mut FindingSink<'_>) {
    let at = payload.get("mentionedType");
    if matches!(number(at), Some(1 | 2)) {
        sink.report("W07", at, "a private chat shows no mentions");
    }
}

fn mention_reaches(root: At<'_>, payload: At<'_>, sink: &mut FindingSink<'_>) {
    let users = root.get("toUsers");
    if !is_filled(users) || number(payload.get("mentionedType")) != Some(1) {
        return;
    }
    for item in payload.get("mentionedTarget").items() {
        let Some(id) = item.as_str() else { continue };
        if !users.items().any(|user| user.as_str() == Some(id)) {
            sink.report("W07", item, format!("`{id}` is mentioned and not among `toUsers`"));
        }
    }
}

/// W06, W07: a multicast is a private chat with each of its targets.
pub(super) fn multicast(root: At<'_>, sink: &mut FindingSink<'_>) {
    mention_in_private(root.get("payload"), sink);
    let Some(sender) = root.get("sender").as_str().filter(|sender| !sender.is_empty()) else {
        return;
    };
    for item in root.get("targets").items() {
        if item.as_str() == Some(sender) {
            sink.report("W06", item, "the sender is among the targets");
        }
    }
}

/// How accounts for notices are called.
const SERVICE_NAMES: &[&str] =
    &["system", "admin", "notice", "notif", "robot", "bot", "service", "official", "news"];

/// How notices begin.
const NOTICES: &[&str] = &[
    "通知",
    "公告",
    "系统通知",
    "系统消息",
    "系统公告",
    "notice:",
    "announcement:",
    "system notice",
];

/// W21: a notice in the name of a person.
pub(super) fn sender(root: At<'_>, sink: &mut FindingSink<'_>) {
    let at = root.get("sender");
    let Some(sender) = at.as_str().filter(|sender| !sender.is_empty()) else { return };
    let payload = root.get("payload");
    let texts = [payload.get("searchableContent"), payload.get("content")];
    let is_notice = texts.into_iter().filter_map(At::as_str).any(|text| {
        let text = text.trim_start_matches(['【', '[', '(', '「', ' ']).to_lowercase();
        NOTICES.iter().any(|start| text.starts_with(start))
    });
    let name = sender.to_lowercase();
    if is_notice && !SERVICE_NAMES.iter().any(|part| name.contains(part)) {
        sink.report("W21", at, format!("a notice goes out in the name of `{sender}`"));
    }
}

/// W10: a span of time that is none.
pub(super) fn span(root: At<'_>, sink: &mut FindingSink<'_>) {
    let (start, end) = (root.get("startTime"), root.get("endTime"));
    times(&[start, end], sink);
    if let (Some(from @ 1..), Some(to @ 1..)) = (number(start), number(end))
        && from > to
    {
        sink.report("W10", start, "`startTime` is after `endTime`");
    }
}

/// Milliseconds below this are of the year 1973 or earlier, seconds up to the year 5138.
const LEAST_MS: i128 = 100_000_000_000;

fn times(all: &[At<'_>], sink: &mut FindingSink<'_>) {
    for at in all {
        if number(*at).is_some_and(|time| time > 0 && time < LEAST_MS) {
            sink.report("W10", *at, format!("`{}` looks like seconds", at.key()));
        }
    }
}

/// W29: one value under two names that differ.
pub(super) fn both_types(root: At<'_>, sink: &mut FindingSink<'_>) {
    let at = root.get("conversationType");
    if let (Some(documented), Some(read)) = (number(root.get("type")), number(at))
        && documented != read
    {
        sink.report("W29", at, format!("`type` is {documented}, `conversationType` is {read}"));
    }
}

/// W22: what the profile says of secret and endpoint.
pub(super) fn profile(root: At<'_>, sink: &mut FindingSink<'_>) {
    let Some(account) = sink.context().account else { return };
    if account.secret("secret").is_some_and(|secret| secret.expose() == DEFAULT_SECRET) {
        sink.report("W22", root, "the profile's secret is the one that the server is shipped with");
    }
    let Some(endpoint) = account.endpoint.as_deref().or_else(|| account.value("endpoint")) else {
        return;
    };
    let Some(address) = super::wire::Address::of(endpoint) else { return };
    let administers = sink.operation().host.is_empty();
    match address.port {
        None if address.is_plain => {
            sink.report("W22", root, format!("the endpoint `{endpoint}` names no port"));
        }
        Some(80) if administers => {
            sink.report("W22", root, "port 80 does not serve administration, 18080 does");
        }
        _ => {}
    }
    if address.is_plain && !is_private(address.host) {
        sink.report("W22", root, format!("`{endpoint}` is plain http to a public address"));
    }
}

/// The secret of a server that was not configured.
const DEFAULT_SECRET: &str = "123456";

/// W23: what only the professional edition has.
pub(super) fn edition(root: At<'_>, sink: &mut FindingSink<'_>) {
    let operation = sink.operation();
    let edition = sink.context().account.and_then(|account| account.value("edition"));
    if operation.edition == super::operations::PRO && edition == Some("community") {
        let message = format!("the profile's server has no `{}`", operation.id);
        sink.report("W23", root, message);
    }
}

/// The host of an http or https address.
fn host_of(url: &str) -> Option<&str> {
    super::wire::Address::of(url).map(|address| address.host)
}

/// Whether a host is only known inside: loopback, private ranges, names without a dot.
fn is_private(host: &str) -> bool {
    use std::net::IpAddr;
    if is_loopback(host) {
        return true;
    }
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => ip.is_private() || ip.is_link_local() || ip.is_unspecified(),
        Ok(IpAddr::V6(ip)) => {
            ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local()
        }
        Err(_) => {
            let name = bare.to_ascii_lowercase();
            !name.contains('.') || name.ends_with(".local") || name.ends_with(".internal")
        }
    }
}
