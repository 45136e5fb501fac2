//! Whether a push has an audience, and whether each system named has something to show.

use super::place;
use crate::contract::{Check, Condition, CrossCheck, FindingSink, rows};
use crate::document::{At, ValueView};
use crate::provider::kit::is_filled;
use crate::provider::rongcloud::fields::truth;
use crate::provider::rongcloud::push::{PLATFORMS, PUSH_ALONE, WITH_MESSAGE};

/// Selectors that `is_to_all` makes void, in the order in which one beats the next.
const SELECTORS: [&str; 5] = ["userid", "tagItems", "tag", "tag_or", "packageName"];

/// Who is meant when several selectors, or none, are there.
pub(in crate::provider::rongcloud) const SELECTION: Check =
    Check::function("E19", "selectors that contradict each other", selection).also(&["W03", "W05"]);

fn selection(audience: At<'_>, sink: &mut FindingSink<'_>) {
    let strongest = SELECTORS.iter().map(|name| audience.get(name)).find(|at| is_filled(*at));
    match truth(audience.get("is_to_all")) {
        Some(true) => {
            if let Some(first) = strongest {
                sink.report_with_help(
                    "W03",
                    audience.get("is_to_all"),
                    format!("everybody gets it: `{}` has no effect beside it", first.key()),
                    "set `is_to_all` to false, or leave the selectors out",
                );
            }
        }
        Some(false) if strongest.is_none() => sink.report_with_help(
            "E19",
            audience,
            "`is_to_all` is false and there is no selector: nobody can say whom this reaches",
            "give `userid`, `tag`, `tag_or` or `packageName`, or set `is_to_all` to true",
        ),
        Some(false) => ignored(audience, strongest.map_or("", At::key), sink),
        None => {}
    }
}

/// What the strongest selector makes void.
fn ignored(audience: At<'_>, strongest: &str, sink: &mut FindingSink<'_>) {
    let (winner, losers, help): (&str, &[&str], &str) = match strongest {
        "userid" => (
            "userid",
            &["tag", "tag_or", "packageName"],
            "leave it out: `userid` names the users, whatever tags, package and platform they have",
        ),
        "tagItems" => {
            ("tagItems", &["tag", "tag_or"], "leave it out, or put its tags into `tagItems`")
        }
        _ => return,
    };
    let loser = losers.iter().find(|name| is_filled(audience.get(name)));
    match loser {
        Some(name) => {
            let message = format!("`{name}` has no effect beside `{winner}`");
            sink.report_with_help("W05", audience.get(name), message, help);
        }
        None if winner == "userid" => {
            let platform = audience.parent().get("platform");
            let named = platforms(platform);
            let partial = !named.is_empty() && PLATFORMS[..2].iter().any(|p| !named.contains(p));
            if partial {
                sink.report_with_help(
                    "W05",
                    platform,
                    "`platform` has no effect beside `audience.userid`",
                    "name both systems: the users get it on whichever they have",
                );
            }
        }
        None => {}
    }
}

/// The systems that a list names, in lower case.
fn platforms(at: At<'_>) -> Vec<&'static str> {
    let known = |item: At<'_>| {
        let name = item.as_str()?;
        PLATFORMS.into_iter().find(|platform| platform.eq_ignore_ascii_case(name))
    };
    at.items().filter_map(known).collect()
}

fn block_of(platform: &str) -> &'static str {
    match platform {
        "ios" => "ios",
        "android" => "android",
        _ => "harmonyOS",
    }
}

/// Whether a system's block has no text. An empty one is a fault by itself, and so is a block that is not an object.
fn is_mute(block: At<'_>) -> bool {
    let null = |at: At<'_>| at.value().is_none_or(|value| matches!(value, ValueView::Null));
    null(block) || (block.as_object().is_some() && null(block.get("alert")))
}

/// Whether each system that is named has a text, and each block its system.
pub(in crate::provider::rongcloud) const ALERTS: Check =
    Check::function("E15", "a text for each system", alerts).also(&["W04", "W07"]);

fn alerts(root: At<'_>, sink: &mut FindingSink<'_>) {
    let notification = root.get("notification");
    let alone = PUSH_ALONE.holds(root);
    if notification.as_object().is_none() || (!alone && !is_filled(notification)) {
        return;
    }
    let default = notification.get("alert");
    let users = root.find("audience/userid");
    if is_filled(default) && is_filled(users) {
        return;
    }
    let named = platforms(root.get("platform"));
    // A list without a system is a fault of its own. Where it is ignored, some system is still meant.
    let all_mute =
        || PLATFORMS.iter().all(|platform| is_mute(notification.get(block_of(platform))));
    if is_filled(default) {
        // Every system has a text.
    } else if named.is_empty() {
        if !sink.is_wrong(root.get("platform")) && all_mute() {
            sink.report("E15", default, "there is no text for any system: nothing is pushed");
        }
    } else {
        let mute: Vec<&str> = named
            .iter()
            .copied()
            .filter(|platform| is_mute(notification.get(block_of(platform))))
            .collect();
        if mute.is_empty() {
            sink.report("W04", default, "there is no default `alert`; older versions require one");
        } else {
            let message = format!("there is no text for {}: nothing is pushed", mute.join(", "));
            sink.report("E15", default, message);
        }
    }
    if named.is_empty() || is_filled(users) {
        return;
    }
    for platform in PLATFORMS.iter().filter(|platform| !named.contains(platform)) {
        let block = notification.get(block_of(platform));
        if is_filled(block) {
            let message = format!("`platform` does not name {platform}: this block has no effect");
            sink.report("W07", block, message);
        }
    }
}

/// Whether the parts of a push fit together: a message beside the notification, or a push alone.
pub(in crate::provider::rongcloud) const PARTS: &[Check] = rows! {
    ALERTS,
    place::SCARCE,
    Check::flag("E18", Condition::All(&[Condition::Not(&WITH_MESSAGE),
        Condition::Any(&[Condition::Given("content"), Condition::Given("objectName")])]), "message",
        "`content` and `objectName` stand on the top level, so this is a push without a message"),
    Check::flag("W08", Condition::All(&[WITH_MESSAGE, Condition::Not(&Condition::Given("notification"))]),
        "notification", "there is a message and no `notification`: who is offline is not pushed"),
    Check::flag("W31", Condition::All(&[PUSH_ALONE, Condition::Given("fromuserid")]), "fromuserid",
        "a push without a message has no sender"),
    Check { rule: "W21", also: &[], test: CrossCheck::Function { name: "users who are named twice", run: repeated } },
};

fn repeated(root: At<'_>, sink: &mut FindingSink<'_>) {
    super::message::doubles(root.find("audience/userid"), root.get("fromuserid"), sink);
}
