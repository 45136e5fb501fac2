//! Payloads out of the ledger, as they are shown.

use serde_json::Value as Json;

use crate::document::Document;
use crate::provider;
use crate::redact::Redactor;
use crate::report::lossless;
use crate::text::escape;

/// What stands where a payload was not kept.
const NO_BODY: &str = "(the ledger keeps only the digest of the payload)";

/// What hides the secrets of payloads: a ledger of an older herald may have some.
fn redactor(provider: &str) -> Redactor {
    Redactor::new(provider::secret_names_of(provider))
}

pub(crate) fn payload_text(provider: &str, body: &str) -> String {
    if body.is_empty() { NO_BODY.to_owned() } else { escape(&redactor(provider).redacted(body)) }
}

/// A payload without loss; null where it was not kept.
pub(crate) fn payload_json(provider: &str, text: &str) -> Json {
    let Ok(document) = Document::parse(text) else { return Json::Null };
    let redacted = redactor(provider).redacted_value(&document.root().value);
    lossless(redacted.as_ref().unwrap_or(&document.root().value))
}
