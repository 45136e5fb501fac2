//! Refusals in the vendor's words, from the error tables of its pages. What no page has a text for is refused with the
//! text for whatever is wrong in a body.

use super::Refusal;
use crate::contract::{Empties, Finding, Operation};
use crate::document::{Document, Trail, ValueView};
use crate::provider::kit::sandbox::tell_off;
use crate::sandbox::SandboxWorld;

/// Generations word the same fault differently.
fn is_old(operation: &Operation) -> bool {
    operation.id == "send" || operation.id.starts_with("broadcast-")
}

fn is_push(operation: &Operation) -> bool {
    operation.id.starts_with("push-") || operation.id.starts_with("label-")
}

/// The body is not JSON, or not of the form that is due.
pub(super) fn not_json(operation: &Operation, why: &str) -> Refusal {
    if is_old(operation) {
        return Refusal::new(400, "json_parse", why);
    }
    wrong_body()
}

fn wrong_body() -> Refusal {
    let message = "Request body is invalid. Please check body is correct.";
    Refusal::new(400, "invalid_request_body", message)
}

fn illegal(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "illegal_argument", message)
}

/// What the query of a deletion of roaming messages lacks that its address needs.
pub(super) fn lacks_query(
    path: &str,
    operation: &Operation,
    payload: &Document,
) -> Option<&'static str> {
    if operation.id != "delete-roaming" {
        return None;
    }
    let trail = Trail::new(payload);
    let is_step = |step: &str| path.split('/').any(|own| own == step);
    [
        ("peer", is_step("chat")),
        ("groupId", is_step("group")),
        ("delTime", is_step("time")),
        ("msgIdList", !is_step("time") && !is_step("all")),
    ]
    .into_iter()
    .find(|(name, is_due)| *is_due && !trail.root().get(name).is_there())
    .map(|(name, _)| if name == "peer" { "userId" } else { name })
}

/// What is said of such a query.
pub(super) fn bad_query() -> Refusal {
    Refusal::new(400, "Bad Request", "Bad Request")
}

/// A service that a switch has taken away.
pub(super) fn switched_off(operation: &Operation, world: &SandboxWorld<'_>) -> Result<(), Refusal> {
    if (world.switches)(operation.id).as_deref() != Some("off") {
        return Ok(());
    }
    tell_off(operation, world);
    let id = operation.id;
    Err(if id.starts_with("recall") {
        Refusal::new(403, "forbidden_op", "message recall service is unopened")
    } else if id.starts_with("broadcast-") {
        Refusal::new(403, "forbidden_op", "message broadcast service is unopened")
    } else if id == "update" {
        Refusal::new(403, "message_rewrite_error", "The rewrite message feature is not open.")
    } else if id == "delete-roaming" {
        Refusal::new(400, "service open exception", "this appKey not open message roaming")
    } else if is_push(operation) {
        Refusal::new(403, "ServiceNotOpenException", "push service not open")
    } else {
        Refusal::new(403, "forbidden_op", "this service is unopened")
    })
}

/// What a rule's field may be to count as empty: the vendor has a text for that, and another for a wrong type.
fn empties(rule: &str) -> Empties {
    match rule {
        "EM-03" => Empties::LIST.and(Empties::TEXT),
        "EM-04" => Empties::LIST,
        "EM-05" => Empties::OBJECT,
        "EM-06" | "EM-07" | "EM-41" | "EM-42" | "EM-43" | "EM-44" => Empties::TEXT,
        _ => Empties::ALL,
    }
}

/// The refusal that a broken rule gets.
pub(super) fn because(operation: &Operation, finding: &Finding, payload: &Document) -> Refusal {
    let rule = finding.rule.id;
    let name = finding.place.pointer.rsplit('/').next().unwrap_or_default();
    let trail = Trail::new(payload);
    let value = trail.root().find(&finding.place.pointer).value();
    let absent = value.is_none_or(|value| empties(rule).holds(value));
    match rule {
        "EM-31" => Refusal::new(413, "Request Entity Too Large", "Request Entity Too Large"),
        "EM-60" if absent => illegal("file must be provided."),
        "EM-60" => {
            let message = "the file size exceeds the maximum limit.";
            Refusal::new(413, "file exceeding maximum limit", message)
        }
        "EM-50" => {
            let message = "The provided message ID is not a valid number.";
            Refusal::new(400, "InvalidMessageIdException", message)
        }
        "EM-51" if absent => illegal("new_msg is required"),
        "EM-52" => {
            let message =
                "The message is of a type that is currently not supported for modification.";
            Refusal::new(400, "message_rewrite_error", message)
        }
        "EM-63" => illegal("lifetime must be either 'forever' or 'default' or 'refresh'"),
        "EM-64" if matches!(value, Some(ValueView::Array(ids)) if ids.len() > 100) => {
            illegal("chatfile_ids size is too large")
        }
        "EM-65" => illegal(
            "illegal arguments: appkey: herald#sandbox, time: wrong, \
             maybe chat message history is expired or unstored",
        ),
        "EM-75" | "EM-76" if absent => illegal(format!("field {name} cannot be null or empty")),
        "EM-77" if absent => illegal("field delete_roam cannot be null"),
        "EM-79" if matches!(value, Some(ValueView::Array(ids)) if ids.len() > 50) => {
            Refusal::new(400, "param exception", "delete msg list limit can not greater than 50")
        }
        "EM-78" | "EM-79" => bad_query(),
        "EM-81" if absent && name == "client_secret" => illegal("client_secret must be provided"),
        "EM-81" if absent => illegal(format!("{name} must be provided.")),
        "EM-80" | "EM-83" | "EM-84" if absent => illegal(format!("{name} must be provided.")),
        _ if operation.id.starts_with("recall") && absent => {
            Refusal::new(400, "message_recall_error", format!("param {name} can't be empty"))
        }
        _ if operation.id.starts_with("import-") => imported(rule, absent),
        _ if is_push(operation) => pushed(finding),
        _ if is_old(operation) => old(operation, finding, absent),
        _ if operation.id.starts_with("send-") || operation.id.starts_with("stream-") => {
            sending(operation, finding, value, absent)
        }
        _ => wrong_body(),
    }
}

fn imported(rule: &str, absent: bool) -> Refusal {
    match rule {
        "EM-05" if absent => illegal("message body not allow empty"),
        "EM-06" if absent => illegal("type not allow empty"),
        _ => wrong_body(),
    }
}

/// The push product has one text for a wrong notification; of other parameters the page says that there can be any.
fn pushed(finding: &Finding) -> Refusal {
    match finding.rule.id {
        "EM-92" | "EM-96" | "EM-97" | "EM-98" | "EM-99" | "EM-100" | "EM-101" | "EM-102" => {
            Refusal::new(400, "MessageException", "bad_request")
        }
        _ => Refusal::new(400, "IllegalArgumentException", finding.message.clone()),
    }
}

fn old(operation: &Operation, finding: &Finding, absent: bool) -> Refusal {
    illegal(match finding.rule.id {
        "EM-01" if absent => "target_type must be provided",
        "EM-01" if operation.id == "send" => {
            "target_type can only be 'users' or 'chatgroups' or 'chatrooms'"
        }
        "EM-01" => "target_type can only be 'users'",
        "EM-07" if absent => "from can't be empty",
        "EM-08" => "ext must be JSONObject",
        "EM-30" => "message is too large",
        _ => "this is an invalid request.",
    })
}

fn sending(
    operation: &Operation,
    finding: &Finding,
    value: Option<ValueView<'_>>,
    absent: bool,
) -> Refusal {
    let wrong = |message: &str| Refusal::new(400, "message_send_error", message);
    let numbered = |code: &'static str| Refusal::numbered(code);
    match finding.rule.id {
        "EM-07" if absent => numbered("14001"),
        "EM-03" if absent => numbered("14002"),
        "EM-03" if finding.message.contains("limit") => {
            let limit = operation.batch.and_then(|batch| batch.cap).unwrap_or(1);
            let message = format!("params to's size can't exceed limit {limit}");
            Refusal { message, ..numbered("14002") }
        }
        "EM-04" if absent => wrong("param users can't be empty"),
        "EM-05" if absent => numbered("14005"),
        "EM-06" if absent => wrong("param type can't be empty"),
        "EM-08" => wrong("param ext must be JSONObject"),
        "EM-30" => numbered("14007"),
        "EM-32" if matches!(value, Some(ValueView::String(_))) => numbered("14032"),
        "EM-33" => numbered("14030"),
        "EM-34" => numbered("14031"),
        _ => wrong_body(),
    }
}
