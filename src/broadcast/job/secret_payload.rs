//! Secrets in the payload of a job. The ledger and plans do not store them.

use crate::broadcast::job::composer::ComposedTemplate;
use crate::broadcast::job::totals::template_digest;
use crate::document::Value;
use crate::error::{Error, Result};
use crate::guard;
use crate::send::app::SharedRedactor;
use crate::template::text::Template;

/// Says where a payload has a secret, for messages.
pub(crate) fn describe_secret(redactor: &SharedRedactor, body: &Value) -> String {
    match redactor.borrow().secret_members(body).as_slice() {
        [] => "a secret is in the payload".to_owned(),
        [only] => format!("`{only}` is a secret"),
        [first, ..] => format!("`{first}` and others are secrets"),
    }
}

/// A digest of a template without its secrets, because a short secret could be guessed from a digest. Fails where a
/// variable is part of a secret, because the ledger and plans store the values of variables.
pub(crate) fn digest_without_secrets(
    redactor: &SharedRedactor,
    composed: &ComposedTemplate,
) -> Result<String> {
    let (operation, body) = (composed.sheet.operation, composed.sheet.body());
    let Some(redacted) = redactor.borrow().redacted_value(body) else {
        return Ok(template_digest(&composed.sheet));
    };
    let (all, left) = (Template::parse(body), Template::parse(&redacted));
    if let Some(hidden) = all.uses().iter().find(|one| !left.uses().contains(one)) {
        let name = &hidden.name;
        return Err(Error::usage(format!("`{{{{{name}}}}}` is in a secret")).help(
            "the ledger keeps the values of a list; give one secret for all, or send to each",
        ));
    }
    redactor.borrow_mut().learn(body);
    Ok(guard::content_digest(operation, &redacted, &composed.sheet.own_audience()))
}

/// Why the values of an entry cannot be used: a secret is in them, and the ledger and plans store them. Short secrets do not
/// count, because they may be common words.
pub(crate) fn secret_in_values(
    redactor: &SharedRedactor,
    values: Option<&str>,
) -> Option<&'static str> {
    let has_one = values.is_some_and(|values| redactor.borrow().knows_one_in(values));
    has_one.then_some("one of its values holds a secret, and the ledger keeps the values of a list")
}
