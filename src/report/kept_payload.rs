//! Payloads from the ledger, in the form that is shown.

use serde_json::Value as Json;

use crate::document::Document;
use crate::provider;
use crate::redact::Redactor;
use crate::report::lossless;
use crate::text::escape;

/// Shown if a payload was not stored.
const NO_BODY: &str = "(the ledger keeps only the digest of the payload)";

/// Hides the secrets of payloads: the ledger of an older herald may contain some.
fn redactor(provider: &str) -> Redactor {
    Redactor::new(provider::secret_names_of(provider))
}

pub(crate) fn payload_text(provider: &str, body: &str) -> String {
    if body.is_empty() { NO_BODY.to_owned() } else { escape(&redactor(provider).redacted(body)) }
}

/// A payload without loss; null if it was not stored.
pub(crate) fn payload_json(provider: &str, text: &str) -> Json {
    let Ok(document) = Document::parse(text) else { return Json::Null };
    let redacted = redactor(provider).redacted_value(&document.root().value);
    lossless(redacted.as_ref().unwrap_or(&document.root().value))
}
