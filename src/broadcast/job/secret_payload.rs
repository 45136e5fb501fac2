//! Secrets in the payload of a job: what is written down of it, and what is refused.

use crate::broadcast::job::message_templates::MadeSheet;
use crate::broadcast::job::totals::says;
use crate::document::Value;
use crate::error::{Error, Result};
use crate::guard;
use crate::send::context::SharedRedactor;
use crate::template::text::Template;

/// Names what of a payload is secret: members by their pointers, or a known secret somewhere in it.
pub(crate) fn what_is_secret(redactor: &SharedRedactor, body: &Value) -> String {
    match redactor.borrow().secret_members(body).as_slice() {
        [] => "a secret stands in the payload".to_owned(),
        [only] => format!("`{only}` is a secret"),
        [first, ..] => format!("`{first}` and others are secrets"),
    }
}

/// What a payload says, without its secrets: a short one can be guessed from a digest. Variables in a secret are refused,
/// since the ledger and plans keep their values.
pub(crate) fn says_without_secrets(redactor: &SharedRedactor, made: &MadeSheet) -> Result<String> {
    let (operation, body) = (made.sheet.operation, made.sheet.body());
    let Some(redacted) = redactor.borrow().redacted_value(body) else {
        return Ok(says(&made.sheet));
    };
    let (all, left) = (Template::parse(body), Template::parse(&redacted));
    if let Some(hidden) = all.uses().iter().find(|one| !left.uses().contains(one)) {
        let name = &hidden.name;
        return Err(Error::usage(format!("`{{{{{name}}}}}` stands in a secret")).help(
            "the ledger keeps the values of a list; give one secret for all, or send to each",
        ));
    }
    redactor.borrow_mut().learn(body);
    Ok(guard::content_digest(operation, &redacted, &made.sheet.own_audience()))
}

/// Why the values of an entry cannot be used: the ledger and plans keep them. A short secret may be a word like others.
pub(crate) fn secret_in_values(
    redactor: &SharedRedactor,
    values: Option<&str>,
) -> Option<&'static str> {
    let has_one = values.is_some_and(|values| redactor.borrow().knows_one_in(values));
    has_one.then_some("one of its values holds a secret, and the ledger keeps the values of a list")
}
