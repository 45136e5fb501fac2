//! What the requests of a broadcast have in common: an operation, a payload, the place of its targets and of its
//! variables. One request after the other is made of it.

use super::slot::Slot;
use super::template::Template;
use crate::contract::Operation;
use crate::document::{Document, Value};
use crate::error::{Error, Kind, Result};
use crate::ledger::JobTemplate;

/// A payload into which targets and the values of variables are put.
#[derive(Debug)]
pub struct Sheet {
    /// The operation.
    pub operation: &'static Operation,
    body: Value,
    slot: Option<Slot>,
    variables: Option<Template>,
}

impl Sheet {
    /// Of a payload with or without a place for targets. Without one it names its audience itself.
    pub fn new(operation: &'static Operation, mut body: Value, slot: Option<Slot>) -> Result<Self> {
        if let Some(slot) = &slot {
            slot.put(&mut body, &[]);
        }
        let variables = Some(Template::parse(&body)).filter(|template| !template.is_plain());
        Ok(Self { operation, body, slot, variables })
    }

    /// Of what the ledger or a plan keeps.
    pub fn of(kept: &JobTemplate, operation: &'static Operation) -> Result<Self> {
        let damaged = |what: &str| {
            Error::new(Kind::Ledger, format!("the {what} of this job cannot be read"))
                .help("send the rest as a new job: `herald history --failed --as targets`")
        };
        let body = Document::parse(kept.body.as_str()).map_err(|_| damaged("payload"))?;
        let slot = kept.slot.as_deref().map(|text| Slot::parse(text).ok_or(text)).transpose();
        let slot = slot.map_err(|_| damaged("place of the targets"))?;
        Self::new(operation, body.into_value(), slot)
    }

    /// The payload without targets, as the ledger and plans keep it.
    pub fn body(&self) -> &Value {
        &self.body
    }

    /// Where targets go.
    pub fn slot(&self) -> Option<&Slot> {
        self.slot.as_ref()
    }

    /// The variables that each target needs a value of.
    pub fn names(&self) -> &[String] {
        self.variables.as_ref().map_or(&[], Template::names)
    }

    /// The payload, for what has to be put into it before anything goes out: the address of an upload.
    pub fn body_mut(&mut self) -> &mut Value {
        &mut self.body
    }

    /// The payload for targets that share the values of their variables. It reaches these targets and nobody else, which
    /// is read back from it.
    pub fn render(&self, ids: &[String], vars: Option<&str>) -> Result<Value> {
        let mut body = match &self.variables {
            Some(template) => fill(template, vars)?,
            None => self.body.clone(),
        };
        if let Some(slot) = &self.slot {
            slot.put(&mut body, ids);
            let written = Document::unwritten(body);
            if !slot.holds(self.operation, &written, ids) {
                let first = ids.first().map_or("nobody", String::as_str);
                return Err(Error::input(format!(
                    "`{first}` would be read as another audience than it is"
                ))
                .help("an id must not hold what separates ids, and each stands in the list once"));
            }
            body = written.into_value();
        }
        Ok(body)
    }
}

/// The payload with the values of its variables.
fn fill(template: &Template, vars: Option<&str>) -> Result<Value> {
    let values = Document::parse(vars.unwrap_or("{}"))
        .map_err(|_| Error::new(Kind::Ledger, "the variables of a batch cannot be read"))?;
    let value = |name: &str| values.root().value.as_object()?.get(name)?.value.as_str();
    Ok(template.render(&value)?)
}
