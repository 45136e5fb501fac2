//! Messages: names of types, mentions, recipients, and options that have no effect together.

use std::collections::HashSet;

use crate::contract::{Check, Condition, FindingSink, Lit, rows};
use crate::document::{At, ContainerView};
use crate::near::nearest;
use crate::provider::kit::is_filled;
use crate::provider::rongcloud::fields::{is_on, texts, truth};
use crate::provider::rongcloud::messages::{OBJECT_NAMES, is_reserved, push_text};

/// Names that begin with `RC:` are RongCloud's own.
pub(in crate::provider::rongcloud) const NAMES: Check =
    Check::function("E13", "names that begin with RC:", names);

fn names(at: At<'_>, sink: &mut FindingSink<'_>) {
    let name = at.get("objectName");
    let Some(typed) = name.as_str().filter(|typed| is_reserved(typed)) else { return };
    let known = OBJECT_NAMES.iter().map(|choice| choice.name);
    if known.clone().any(|known| known == typed) || sink.is_wrong(name) {
        return;
    }
    let help = match nearest(typed, known) {
        Some(near) => format!("did you mean `{near}`? Letter case counts"),
        None => "names of the app's own begin otherwise, as in `App:Order`".to_owned(),
    };
    sink.report_with_help("E13", name, format!("no source names a message type `{typed}`"), help);
}

/// What `content` holds, where it is JSON.
fn inside(at: At<'_>) -> Option<At<'_>> {
    at.get("content").json().filter(|inner| inner.as_object().is_some())
}

/// Mentions that do not act.
pub(in crate::provider::rongcloud) const MENTIONED: Check =
    Check::function("W13", "mentionedInfo without isMentioned", mentioned);

fn mentioned(at: At<'_>, sink: &mut FindingSink<'_>) {
    let Some(info) = inside(at).map(|inner| inner.get("mentionedInfo")) else { return };
    if is_filled(info) && !is_on(at.get("isMentioned")) {
        sink.report("W13", info, "`mentionedInfo` acts only with `isMentioned` 1");
    }
}

/// Mentions in a group.
pub(in crate::provider::rongcloud) const MENTIONS: Check =
    Check::function("E17", "isMentioned without mentionedInfo", mentions).also(&["W14"]);

fn mentions(at: At<'_>, sink: &mut FindingSink<'_>) {
    let content = at.get("content");
    if !is_on(at.get("isMentioned")) || content.as_str().is_none_or(str::is_empty) {
        return;
    }
    let own_type = at.get("objectName").as_str().is_some_and(|name| !is_reserved(name));
    let message = "`isMentioned` is 1, and the content has no `mentionedInfo`";
    let place = match inside(at) {
        Some(inner) => inner.get("mentionedInfo"),
        None if own_type => return sink.report("E17", content, message),
        None => return,
    };
    if !is_filled(place) {
        return sink.report("E17", place, message);
    }
    let aim: HashSet<String> = ["toUserId", "toUserIds"]
        .into_iter()
        .flat_map(|name| texts(at.get(name)))
        .map(|(_, id)| id)
        .collect();
    if aim.is_empty() || place.get("type").as_integer() != Some(2) {
        return;
    }
    for (user, id) in texts(place.get("userIdList")) {
        if !aim.contains(&id) {
            sink.report(
                "W14",
                user,
                format!("`{id}` is mentioned, and the message is not for them"),
            );
        }
    }
}

/// Percent-encoded content of the app's own types, which arrives as it is.
pub(in crate::provider::rongcloud) const PERCENT: Check =
    Check::function("W32", "percent-encoded content", percent);

fn percent(at: At<'_>, sink: &mut FindingSink<'_>) {
    let content = at.get("content");
    let own_type = at.get("objectName").as_str().is_some_and(|name| !is_reserved(name));
    let encoded = content.as_str().is_some_and(|text| {
        ["%7b", "%5b", "%22"]
            .iter()
            .any(|start| text.get(..3).is_some_and(|head| head.eq_ignore_ascii_case(start)))
    });
    if own_type && encoded {
        sink.report_with_help(
            "W32",
            content,
            "the content is percent-encoded, and arrives so",
            "give the text itself; herald encodes forms",
        );
    }
}

/// A place in the sea off Africa.
pub(in crate::provider::rongcloud) const NOWHERE: Check =
    Check::function("W24", "a place at 0, 0", nowhere);

fn nowhere(at: At<'_>, sink: &mut FindingSink<'_>) {
    let zero =
        |name| at.get(name).value().is_some_and(|value| value.to_plain().parse() == Ok(0.0_f64));
    if zero("latitude") && zero("longitude") {
        sink.report("W24", at.get("latitude"), "latitude and longitude are both 0");
    }
}

/// Options of the push that have no effect, and types that cause no push.
pub(in crate::provider::rongcloud) const PUSHED: Check =
    Check::function("W09", "a push that is switched off, or has no text", pushed).also(&["H01"]);

fn pushed(at: At<'_>, sink: &mut FindingSink<'_>) {
    let off = truth(at.get("disablePush")) == Some(true);
    if off {
        for name in ["pushExt", "pushContent"] {
            if is_filled(at.get(name)) {
                let message = format!("`{name}` has no effect beside `disablePush`");
                sink.report("W09", at.get(name), message);
            }
        }
        return;
    }
    let Some(name) = at.get("objectName").as_str().filter(|name| !name.is_empty()) else { return };
    if push_text(name).is_none() && !is_filled(at.get("pushContent")) {
        sink.report(
            "H01",
            at.get("pushContent"),
            format!("`{name}` has no push text of its own: who is offline is not pushed"),
        );
    }
}

/// Key/values that are not carried.
pub(in crate::provider::rongcloud) const EXPANSION: Check =
    Check::function("W10", "extraContent without expansion", expansion);

fn expansion(at: At<'_>, sink: &mut FindingSink<'_>) {
    if is_filled(at.get("extraContent")) && truth(at.get("expansion")) != Some(true) {
        sink.report("W10", at.get("extraContent"), "`extraContent` needs `expansion` true");
    }
}

/// A badge for several recipients.
pub(in crate::provider::rongcloud) const COUNT: Check =
    Check::function("W11", "count with several recipients", count);

fn count(at: At<'_>, sink: &mut FindingSink<'_>) {
    if is_filled(at.get("count")) && texts(at.get("toUserId")).len() > 1 {
        sink.report("W11", at.get("count"), "`count` works only with one recipient");
    }
}

/// Options that a group message has only with one group, or only for the whole group.
pub(in crate::provider::rongcloud) const GROUPS: Check =
    Check::function("W12", "options of a single group", groups);

fn groups(at: At<'_>, sink: &mut FindingSink<'_>) {
    let options = ["expansion", "extraContent", "disablePush", "pushExt"].map(|name| at.get(name));
    let option = options.into_iter().find(|at| is_filled(*at) && truth(*at) != Some(false));
    let aimed = ["toUserId", "toUserIds"].into_iter().find(|name| is_filled(at.get(name)));
    let several = ["toGroupId", "toGroupIds"].into_iter().any(|name| texts(at.get(name)).len() > 1);
    match (aimed, option, several) {
        (Some(aim), _, true) => {
            sink.report("W12", at.get(aim), format!("`{aim}` works only with one group"));
        }
        (Some(aim), Some(option), false) => {
            let name = option.key();
            let message = format!("`{name}` does not work for single members (`{aim}`)");
            sink.report("W12", option, message);
        }
        (None, Some(option), true) => {
            sink.report("W12", option, format!("`{}` works only with one group", option.key()));
        }
        _ => {}
    }
}

/// Recipients that are named twice or are the sender, and too many chat rooms.
pub(in crate::provider::rongcloud) const RECIPIENTS: Check =
    Check::function("W21", "recipients named twice", recipients);

fn recipients(at: At<'_>, sink: &mut FindingSink<'_>) {
    for name in ["toUserId", "toUserIds", "userIds"] {
        doubles(at.get(name), at.get("fromUserId"), sink);
    }
    for name in ["toGroupId", "toGroupIds", "toChatroomId"] {
        doubles(at.get(name), at.get(""), sink);
    }
    let rooms = at.get("toChatroomId");
    let many = rooms.as_array().map_or(0, ContainerView::len);
    if many > 10 {
        let message = format!("{many} chat rooms in one call; at most 10 are advised");
        sink.report_with_help("W21", rooms, message, "send to the others in another call");
    }
}

/// Reports targets that are named twice, or that are the sender.
pub(in crate::provider::rongcloud) fn doubles(
    list: At<'_>,
    sender: At<'_>,
    sink: &mut FindingSink<'_>,
) {
    let sender = sender.as_str().unwrap_or_default();
    // Most lists are short and right.
    let is_short = list.as_array().is_some_and(|ids| ids.are_few_and_distinct_texts());
    if is_short && list.items().all(|id| id.as_str() != Some(sender)) {
        return;
    }
    let mut seen = HashSet::new();
    for (at, id) in texts(list).into_iter().filter(|(_, id)| !id.is_empty()) {
        if id == sender {
            let message = format!("the sender `{id}` is among the recipients");
            let help =
                "leave the sender out; `isIncludeSender` sends it to the sender's own devices";
            sink.report_with_help("W21", at, message, help);
        }
        if !seen.insert(id.clone()) {
            let message = format!("`{id}` is named twice");
            sink.report_with_help(
                "W21",
                at,
                message,
                "name it once: each time counts as a recipient",
            );
        }
    }
}

/// What a recall has no use for in some conversations.
pub(in crate::provider::rongcloud) const RECALL: &[Check] = rows! {
    Check::flag("W19", Condition::All(&[Condition::Given("busChannel"), Condition::Given("conversationType"),
        Condition::Not(&Condition::Is("conversationType", &[Lit::Int(10)]))]), "busChannel",
        "`busChannel` is for ultra groups (10) alone"),
    Check::flag("W19", Condition::All(&[Condition::Given("disablePush"),
        Condition::Is("conversationType", &[Lit::Int(4), Lit::Int(10)])]), "disablePush",
        "`disablePush` has no effect in chat rooms and ultra groups"),
    Check::flag("W19",
        Condition::All(&[Condition::Given("extra"), Condition::Is("conversationType", &[Lit::Int(10)])]), "extra",
        "`extra` has no effect in ultra groups"),
};
