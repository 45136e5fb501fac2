//! What follows up on messages: history in time, and streams in order.

use crate::contract::{Budget, BudgetPart, Check, FindingSink, Length};
use crate::document::At;
use crate::provider::kit::is_filled;

/// The longest span of a query, in milliseconds: 14 days.
const SPAN: i128 = 14 * 24 * 60 * 60 * 1000;

/// The two ends of a query whose pages run backwards.
pub(in crate::provider::rongcloud) const HISTORY: Check =
    Check::function("W20", "the ends of a query, the later one first", backwards);

fn backwards(at: At<'_>, sink: &mut FindingSink<'_>) {
    let (start, end) = (at.get("startTime"), at.get("endTime"));
    let (Some(later), Some(earlier)) = (start.as_integer(), end.as_integer()) else { return };
    if later < earlier {
        sink.report_with_help(
            "W20",
            start,
            "`startTime` lies before `endTime`: nothing is found",
            "pages run backwards, `startTime` is the later end; swap them",
        );
    } else {
        span(later - earlier, end, sink);
    }
}

/// The two ends of a query whose pages run forwards.
pub(in crate::provider::rongcloud) const SEARCH: Check =
    Check::function("W20", "the ends of a query, the earlier one first", forwards);

fn forwards(at: At<'_>, sink: &mut FindingSink<'_>) {
    let (start, end) = (at.get("startTime"), at.get("endTime"));
    let (Some(earlier), Some(later)) = (start.as_integer(), end.as_integer()) else { return };
    if earlier >= later {
        sink.report_with_help(
            "W20",
            start,
            "`startTime` does not lie before `endTime`: nothing is found",
            "pages run forwards here, `startTime` is the earlier end; swap them",
        );
    } else {
        span(later - earlier, end, sink);
    }
}

fn span(apart: i128, end: At<'_>, sink: &mut FindingSink<'_>) {
    if apart > SPAN {
        let message = "`startTime` and `endTime` are more than 14 days apart";
        sink.report_with_help("W20", end, message, "ask for at most 14 days at a time");
    }
}

/// What the first chunk of a stream needs, and what the later ones.
pub(in crate::provider::rongcloud) const CHUNK: Check =
    Check::function("E02", "first and later chunks", chunk);

fn chunk(content: At<'_>, sink: &mut FindingSink<'_>) {
    let due = match content.get("seq").as_integer() {
        Some(1) => "type",
        Some(n) if n > 1 => "messageUID",
        _ => return,
    };
    let field = content.get(due);
    if !is_filled(field) {
        let which = if due == "type" { "the first chunk" } else { "every later chunk" };
        sink.report("E02", field, format!("`{due}` is missing, which {which} needs"));
    }
}

const fn size(max: u64) -> Budget {
    Budget {
        parts: &[BudgetPart::Compact("content")],
        max: Length::Bytes(max),
        at: "content",
        what: "`content` as compact JSON",
    }
}

/// The size of a chunk, which is not text here: that of its compact JSON.
pub(in crate::provider::rongcloud) const CHUNK_SIZE: &[Check] =
    &[Check::budget("E14", size(131_072)), Check::budget("W23", size(128_000))];
