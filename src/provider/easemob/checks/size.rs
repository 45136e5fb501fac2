//! How large requests may be. Sources disagree; what one of them refuses is an error where it is sure, else a warning.

use crate::contract::{Budget, BudgetPart, Check, FindingSink, Length, Position};
use crate::document::{At, ValueView};

const fn both(
    rule: &'static str,
    content: &'static [BudgetPart],
    max: u64,
    what: &'static str,
) -> Check {
    Check::budget(rule, Budget { parts: content, max: Length::Bytes(max), at: "", what })
}

const BODY: &[BudgetPart] = &[BudgetPart::Compact("body"), BudgetPart::Compact("ext")];
const MSG: &[BudgetPart] = &[BudgetPart::Compact("msg"), BudgetPart::Compact("ext")];
const BODY_WORDS: &str = "`body` plus `ext`, as compact JSON,";
const MSG_WORDS: &str = "`msg` plus `ext`, as compact JSON,";

/// Content and `ext` of the current generation.
pub(in super::super) const FIVE_KB: Check = both("EM-30", BODY, 5120, BODY_WORDS);
/// Nearly too much: what exactly counts is not documented to the byte.
pub(in super::super) const NEAR_FIVE_KB: Check = both("EM-W36", BODY, 4864, BODY_WORDS);
/// Content and `ext` of a broadcast.
pub(in super::super) const FIVE_KB_FLAT: Check = both("EM-30", MSG, 5120, MSG_WORDS);
/// Nearly too much in a broadcast.
pub(in super::super) const NEAR_FIVE_KB_FLAT: Check = both("EM-W36", MSG, 4864, MSG_WORDS);
/// Content and `ext` of the old generation.
pub(in super::super) const FORTY_KB: Check = both("EM-30", MSG, 40_960, MSG_WORDS);

/// The whole request of the old generation.
pub(in super::super) const OLD: Check =
    Check::function("EM-31", "size of the whole request", old).also(&["EM-W02"]);
/// The whole request of an import.
pub(in super::super) const IMPORTED: Check =
    Check::function("EM-W02", "size of the whole request", imported);

/// Compact bytes of the body as it goes out.
fn request_bytes(at: At<'_>, sink: &FindingSink<'_>) -> usize {
    let Some(object) = at.as_object() else { return 0 };
    let beside: Vec<&str> = sink
        .operation()
        .shape()
        .map(|shape| shape.all_fields())
        .unwrap_or_default()
        .iter()
        .filter(|field| field.position != Position::Body)
        .map(|field| field.name)
        .chain(["$schema"])
        .collect();
    object.compact_bytes_without(&beside)
}

fn old(at: At<'_>, sink: &mut FindingSink<'_>) {
    if sink.is_wrong(at) {
        return;
    }
    let bytes = request_bytes(at, sink);
    let size = |name: &str| {
        at.as_object().and_then(|object| object.get(name)).map_or(0, ValueView::compact_bytes)
    };
    let content = size("msg") + size("ext");
    let place = at.find("msg/type").as_str() == Some("loc");
    if bytes > 51_200 {
        sink.report("EM-31", at, format!("the request takes {bytes} bytes, the limit is 51200"));
    } else if bytes > 5120 {
        sink.report(
            "EM-W02",
            at,
            format!("the request takes {bytes} bytes; some pages refuse more than 5120"),
        );
    } else if place && content > 4096 {
        sink.report(
            "EM-W02",
            at,
            format!(
                "`msg` plus `ext` take {content} bytes; for a place one page refuses more than 4096"
            ),
        );
    }
}

fn imported(at: At<'_>, sink: &mut FindingSink<'_>) {
    let bytes = request_bytes(at, sink);
    if bytes > 5120 && !sink.is_wrong(at) {
        sink.report(
            "EM-W02",
            at,
            format!("the request takes {bytes} bytes; sends refuse more than 5120 of content"),
        );
    }
}
