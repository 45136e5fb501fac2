//! Requests of a job that share no payload, as recalls of many messages: each batch keeps a whole payload of its own, and
//! what it is about. It stands where other batches keep the values of their variables, and is sealed like these.

use std::str::FromStr as _;

use uuid::Uuid;

use crate::document::{Document, Value};

/// What the ledger keeps in the place of the targets' field for a template of such a job.
pub(crate) const SLOT: &str = "own";

/// The payload of one batch, and what it is about.
#[derive(Clone, Debug)]
pub struct OwnPayload {
    /// The entry or the job that it follows up on; `None` where the ledger does not know the message.
    pub subject: Option<Uuid>,
    /// The number of the batch, where that is a job.
    pub batch: Option<u32>,
    /// The payload, unsigned.
    pub body: Value,
}

impl OwnPayload {
    /// The form that the ledger keeps.
    pub fn to_text(&self) -> String {
        let mut whole = Value::object();
        if let Some(object) = whole.as_object_mut() {
            if let Some(subject) = self.subject {
                object.set("subject", subject.to_string());
            }
            if let Some(batch) = self.batch {
                object.set("batch", i64::from(batch));
            }
            object.set("body", self.body.clone());
        }
        whole.to_compact()
    }

    /// Reads the result of [`OwnPayload::to_text`].
    pub fn parse(text: &str) -> Option<Self> {
        let document = Document::parse(text).ok()?;
        if !document.repeated().is_empty() {
            return None;
        }
        let whole = document.into_value();
        let whole = whole.as_object()?;
        let member = |name: &str| whole.get(name).map(|node| &node.value);
        let subject = match member("subject") {
            Some(subject) => Some(Uuid::from_str(subject.as_str()?).ok()?),
            None => None,
        };
        let batch = match member("batch") {
            Some(Value::Number(batch)) => Some(u32::try_from(batch.as_integer()?).ok()?),
            Some(_) => return None,
            None => None,
        };
        Some(Self { subject, batch, body: member("body")?.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_comes_back_as_it_was_kept_and_nothing_else_is_one() {
        let body =
            Document::parse(r#"{"text":"{{name}}","n":12345678901234567890}"#).expect("JSON");
        let body = body.into_value();
        for (subject, batch) in [(None, None), (Some(Uuid::from_u128(7)), Some(3))] {
            let kept = OwnPayload { subject, batch, body: body.clone() }.to_text();
            let read = OwnPayload::parse(&kept).expect("the same");
            assert_eq!((read.subject, read.batch), (subject, batch));
            assert_eq!(read.body.to_compact(), body.to_compact());
        }
        for odd in [
            "",
            "{}",
            r#"{"body":{},"body":{}}"#,
            r#"{"body":{},"subject":"x"}"#,
            r#"{"body":{},"batch":-1}"#,
            r#"{"body":{},"batch":"1"}"#,
        ] {
            assert!(OwnPayload::parse(odd).is_none(), "{odd}");
        }
    }
}
