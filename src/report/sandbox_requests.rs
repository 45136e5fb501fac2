//! What is told of requests to `herald sandbox`: on stderr, and beside them in its log.

use serde_json::{Value, json};

use crate::contract::Operation;
use crate::provider::{self, refusal};
use crate::report::Ui;
use crate::sandbox::SeenRequest;

/// The words of the lines and of the log, with what they mean.
pub const LOG_WORDS: &[(&str, &str)] = &[
    (
        REFUSED,
        "the vendor would refuse the request: the line has HTTP status, the vendor's code and words, and the reason",
    ),
    (
        ACCEPTED,
        "the vendor would accept the request, although lint has an error for it: the line has the codes of the rules",
    ),
    (LINT, "codes of the rules that an accepted request breaks"),
    ("reason", "why a request was refused: the vendor's words, and what herald knows beyond them"),
    ("pointer", "the place in the payload for which it was refused, as RFC 6901 has it"),
    ("target", "path and query of a request, as they arrived"),
    (
        "answer",
        "status and body of the answer; `body` is null where it is no text or longer than 1 MiB",
    ),
    ("body_bytes", "the length of a body, also of one that is not shown"),
];

const REFUSED: &str = "refused";
const ACCEPTED: &str = "accepted";
const LINT: &str = "lint";

/// What is told of a request.
#[derive(Debug, Default)]
pub(crate) struct ToldRequest {
    /// Its operation, if the contract has one at this address.
    pub(crate) operation: Option<&'static Operation>,
    /// Code and reason of a refusal; null if it was accepted.
    pub(crate) refused: Value,
    /// Codes of lint errors in what was accepted all the same.
    pub(crate) lint: Vec<String>,
    /// The request for `-v`.
    phase: String,
    /// The line about a refusal, or about lint errors.
    remark: Option<String>,
}

impl ToldRequest {
    /// Finds out what there is to tell. `now_ms` is the time of the provider's mock server.
    pub(crate) fn of(seen: &SeenRequest<'_>, now_ms: i64) -> Self {
        let line = format!("{} {}", seen.request.method, seen.target);
        let status = seen.answer.status;
        if let Some(why) = seen.refused {
            return Self {
                refused: json!({ "code": null, "reason": why, "pointer": null }),
                phase: format!("{line} for no provider: HTTP {status}"),
                remark: Some(format!("{REFUSED} {line}: HTTP {status}: {why}")),
                ..Self::default()
            };
        }
        let Some(vendor) = seen.provider.and_then(|id| provider::find(id).ok()) else {
            return Self { phase: format!("{line}: HTTP {status}"), ..Self::default() };
        };
        let id = vendor.contract().id;
        let exchange = (seen.request, seen.answer);
        let found = refusal::diagnose(vendor, exchange, seen.reasons, now_ms);
        let name = found.operation.map_or_else(|| line.clone(), |row| format!("{id}/{}", row.id));
        let code = found.code.as_ref().map(|code| format!(", code {code}")).unwrap_or_default();
        let phase = format!("{line} for {id}: HTTP {status}{code}");
        if !found.is_refused {
            let codes = found.lint.join(", ");
            let remark = (!codes.is_empty()).then(|| {
                format!(
                    "{ACCEPTED} {name}: HTTP {status}, as the vendor does; {LINT} has errors: {codes}"
                )
            });
            let (operation, lint) = (found.operation, found.lint);
            return Self { operation, refused: Value::Null, lint, phase, remark };
        }
        let message = found.message.clone().into_iter();
        let reason = message.chain(found.reasons).collect::<Vec<_>>().join("; ");
        let place = found.pointer.as_ref().filter(|at| !at.is_empty());
        let place = place.map(|at| format!(" at {at}")).unwrap_or_default();
        let parted = if reason.is_empty() { "" } else { ": " };
        let remark = format!("{REFUSED} {name}: HTTP {status}{code}{parted}{reason}{place}");
        let refused = json!({ "code": found.code, "reason": reason, "pointer": found.pointer });
        let operation = found.operation;
        Self { operation, refused, lint: Vec::new(), phase, remark: Some(remark) }
    }

    /// Tells it.
    pub(crate) fn tell(&self, ui: &Ui) {
        ui.phase("request", &self.phase);
        if let Some(remark) = &self.remark {
            ui.remark(&crate::text::escape(remark));
        }
    }
}
