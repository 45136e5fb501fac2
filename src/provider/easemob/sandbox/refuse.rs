//! Refusals in the vendor's words.

use super::Refusal;
use crate::contract::{Finding, Operation};
use crate::document::{Document, Trail};
use crate::sandbox::SandboxWorld;

/// Generations word the same fault differently.
fn is_old(operation: &Operation) -> bool {
    operation.id == "send" || operation.id.starts_with("broadcast-")
}

fn is_push(operation: &Operation) -> bool {
    operation.id.starts_with("push-") || operation.id.starts_with("label-")
}

/// The body is not JSON.
pub(super) fn not_json(operation: &Operation, why: &str) -> Refusal {
    if is_old(operation) {
        return Refusal::new(400, "json_parse", why);
    }
    let message = format!("Request body is invalid. Please check body is correct. ({why})");
    Refusal::new(400, "invalid_request_body", message)
}

/// A service that a switch has taken away.
pub(super) fn switched_off(operation: &Operation, world: &SandboxWorld<'_>) -> Result<(), Refusal> {
    if (world.switches)(operation.id).as_deref() != Some("off") {
        return Ok(());
    }
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

/// The refusal that a broken rule gets.
pub(super) fn because(operation: &Operation, finding: &Finding, payload: &Document) -> Refusal {
    let name = finding.place.pointer.rsplit('/').next().unwrap_or_default();
    let trail = Trail::new(payload);
    let value = trail.root().find(&finding.place.pointer).value();
    let absent = value.is_none_or(|value| crate::contract::Empties::ALL.holds(value));
    match finding.rule.id {
        "EM-60" if absent => Refusal::new(400, "illegal_argument", "file must be provided."),
        "EM-60" => Refusal::new(413, "file exceeding maximum limit", "Request Entity Too Large"),
        "EM-31" => Refusal::new(413, "Request Entity Too Large", "Request Entity Too Large"),
        "EM-50" => {
            let message = "The provided message ID is not a valid number.";
            Refusal::new(400, "InvalidMessageIdException", message)
        }
        "EM-51" if absent => Refusal::new(400, "illegal_argument", "new_msg is required"),
        "EM-52" => {
            let message =
                "The message is of a type that is currently not supported for modification.";
            Refusal::new(400, "message_rewrite_error", message)
        }
        "EM-65" => {
            let message = "illegal arguments: appkey: herald#sandbox, time: wrong";
            Refusal::new(400, "illegal_argument", message)
        }
        "EM-75" | "EM-76" => {
            let message = format!("field {name} cannot be null or empty");
            Refusal::new(400, "illegal_argument", message)
        }
        "EM-77" => Refusal::new(400, "illegal_argument", "field delete_roam cannot be null"),
        "EM-79" => {
            Refusal::new(400, "param exception", "delete msg list limit can not greater than 50")
        }
        "EM-80" | "EM-81" => {
            let message = format!("{name} must be provided.");
            Refusal::new(400, "illegal_argument", message)
        }
        _ if operation.id.starts_with("recall") => {
            Refusal::new(400, "message_recall_error", format!("param {name} can't be empty"))
        }
        _ if is_push(operation) => {
            Refusal::new(400, "IllegalArgumentException", finding.message.clone())
        }
        _ if is_old(operation) => old(finding, absent),
        _ if operation.id.starts_with("send-") || operation.id.starts_with("stream-") => {
            sending(operation, finding, absent)
        }
        _ => Refusal::new(400, "illegal_argument", finding.message.clone()),
    }
}

fn old(finding: &Finding, absent: bool) -> Refusal {
    let message = match finding.rule.id {
        "EM-01" if absent => "target_type must be provided".to_owned(),
        "EM-01" => "target_type can only be 'users' or 'chatgroups' or 'chatrooms'".to_owned(),
        "EM-07" => "from can't be empty".to_owned(),
        "EM-08" => "ext must be JSONObject".to_owned(),
        "EM-30" => "message is too large".to_owned(),
        _ => finding.message.clone(),
    };
    Refusal::new(400, "illegal_argument", message)
}

fn sending(operation: &Operation, finding: &Finding, absent: bool) -> Refusal {
    let wrong = |message: String| Refusal::new(400, "message_send_error", message);
    match finding.rule.id {
        "EM-07" => wrong("param from can't be empty".to_owned()).with_code(14001),
        "EM-03" if absent => wrong("param to can't be empty".to_owned()).with_code(14002),
        "EM-03" if finding.place.pointer == "/to" && finding.message.contains("limit") => {
            let limit = operation.batch.and_then(|batch| batch.cap).unwrap_or(1);
            wrong(format!("params to's size can't exceed limit {limit}")).with_code(14002)
        }
        "EM-04" if absent => wrong("param users can't be empty".to_owned()),
        "EM-05" if absent => wrong("param body can't be empty".to_owned()).with_code(14005),
        "EM-06" if absent => wrong("param type can't be empty".to_owned()),
        "EM-08" => wrong("param ext must be JSONObject".to_owned()),
        "EM-30" => wrong("message is too large".to_owned()).with_code(14007),
        "EM-32" => wrong(finding.message.clone()).with_code(14032),
        "EM-33" => wrong("seq illegal".to_owned()).with_code(14030),
        "EM-34" => wrong("unknown msgId".to_owned()).with_code(14031),
        "EM-20" | "EM-21" | "EM-22" | "EM-23" | "EM-24" | "EM-25" | "EM-26" | "EM-27" | "EM-28"
        | "EM-06" | "EM-11" | "EM-14" | "EM-15" => wrong(finding.message.clone()),
        _ => not_json(operation, &finding.message),
    }
}
