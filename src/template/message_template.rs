//! What the requests of a broadcast have in common: an operation, a payload, and the places of its targets and its
//! variables. Each request is made from it.

use crate::contract::{Audience, Operation, Target, TargetKind};
use crate::document::{Document, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::JobTemplate;
use crate::template::own_payload::{self, OwnPayload};
use crate::template::target_field::TargetField;
use crate::template::text::Template;

/// A payload into which targets and the values of variables are inserted.
#[derive(Debug)]
pub struct MessageTemplate {
    /// The operation.
    pub operation: &'static Operation,
    body: Value,
    slot: Option<TargetField>,
    kind: Option<TargetKind>,
    variables: Option<Template>,
    /// Whether each request has a [payload of its own](OwnPayload).
    has_own_payloads: bool,
    /// Whether no member's name can be taken for one of the audience, whatever ids are put in.
    has_sure_names: bool,
}

/// A payload as it is sent, with the audience that the contract's rows read from it.
#[derive(Debug)]
pub struct FinishedBody {
    /// The payload. It has no source text.
    pub body: Document,
    /// Its targets.
    pub audience: Audience,
}

impl MessageTemplate {
    /// For a payload that has a place for targets of a kind; another program may have written it.
    pub fn for_list(
        operation: &'static Operation,
        mut body: Value,
        slot: TargetField,
        kind: TargetKind,
    ) -> Self {
        slot.put(&mut body, &[]);
        Self::new(operation, body, Some(slot), Some(kind))
    }

    /// For a payload that names its audience itself.
    pub fn for_audience(operation: &'static Operation, body: Value) -> Self {
        let kind = kind_of(&Audience::of(operation, &Document::unwritten(body.clone())));
        Self::new(operation, body, None, kind)
    }

    /// For requests that each have a [payload of their own](OwnPayload) about targets of a kind; `None` where it is not
    /// known who has the messages.
    pub fn of_own_payloads(operation: &'static Operation, kind: Option<TargetKind>) -> Self {
        let empty = Self::new(operation, Value::object(), None, kind);
        Self { variables: None, has_own_payloads: true, ..empty }
    }

    fn new(
        operation: &'static Operation,
        body: Value,
        slot: Option<TargetField>,
        kind: Option<TargetKind>,
    ) -> Self {
        let variables = Some(Template::parse(&body)).filter(|template| !template.is_plain());
        let has_sure_names = variables.is_none()
            && Audience::doubtful_name(operation, &Document::unwritten(body.clone())).is_none();
        Self { operation, body, slot, kind, variables, has_own_payloads: false, has_sure_names }
    }

    /// From what the ledger or a plan keeps.
    pub fn of(kept: &JobTemplate, operation: &'static Operation) -> Result<Self> {
        let damaged = |what: &str| {
            Error::new(ErrorKind::Ledger, format!("the {what} of this job cannot be read"))
                .help("send the rest as a new job: `herald history --failed --as targets`")
        };
        // A ledger that keeps no payloads has none of these either: they name messages, and say nothing.
        if kept.slot.as_deref() == Some(own_payload::SLOT) {
            return Ok(Self::of_own_payloads(operation, kept.kind));
        }
        let body = Document::parse(kept.body.as_str()).map_err(|_| damaged("payload"))?;
        if !body.repeated().is_empty() {
            return Err(damaged("payload, which has a key twice,"));
        }
        let body = body.into_value();
        let Some(slot) = &kept.slot else {
            // The audience is read from the payload itself. Older versions stored no kind for that.
            let sheet = Self::for_audience(operation, body);
            let is_same = kept.kind.is_none() || sheet.kind == kept.kind;
            return if is_same { Ok(sheet) } else { Err(damaged("kind of the targets")) };
        };
        let slot = TargetField::parse(slot).ok_or_else(|| damaged("place of the targets"))?;
        // An id without a kind is not a target.
        let kind = kept.kind.ok_or_else(|| damaged("kind of the targets"))?;
        Ok(Self::for_list(operation, body, slot, kind))
    }

    /// Whether each request has a payload of its own, which cannot be cut into requests to fewer targets.
    pub fn has_own_payloads(&self) -> bool {
        self.has_own_payloads
    }

    /// The place of the targets, as the ledger keeps it.
    pub fn slot_text(&self) -> Option<String> {
        match self.has_own_payloads {
            true => Some(own_payload::SLOT.to_owned()),
            false => self.slot.as_ref().map(TargetField::to_text),
        }
    }

    /// The payload without targets, as the ledger and plans store it.
    pub fn body(&self) -> &Value {
        &self.body
    }

    /// The place of the targets.
    pub fn slot(&self) -> Option<&TargetField> {
        self.slot.as_ref()
    }

    /// The kind of its targets; `None` if it reaches everybody or a class, or names targets of several kinds.
    pub fn kind(&self) -> Option<TargetKind> {
        self.kind
    }

    /// The audience that it names by itself; empty if it has a place for targets.
    pub fn own_audience(&self) -> Audience {
        match self.slot {
            Some(_) => Audience::Named(Vec::new()),
            None => Audience::of(self.operation, &Document::unwritten(self.body.clone())),
        }
    }

    /// The variables for which each target needs a value.
    pub fn names(&self) -> &[String] {
        self.variables.as_ref().map_or(&[], Template::names)
    }

    /// The payload, mutable: the address of an upload is inserted before anything is sent.
    pub fn body_mut(&mut self) -> &mut Value {
        self.has_sure_names = false;
        &mut self.body
    }

    /// The payload for targets that have the same values of their variables.
    pub fn render(&self, ids: &[String], vars: Option<&str>) -> Result<Value> {
        Ok(self.finish(ids, vars)?.body.into_value())
    }

    /// The same, with its audience: exactly these targets, all of the template's kind. The audience is read back from
    /// the finished payload. This finds, before sending, an id that the vendor would read as several, as another kind,
    /// or as everybody. A payload that names its audience itself must also name exactly these.
    pub fn finish(&self, ids: &[String], vars: Option<&str>) -> Result<FinishedBody> {
        if self.has_own_payloads {
            return self.finish_own(ids, vars);
        }
        let mut body = match &self.variables {
            Some(template) => fill(template, vars)?,
            None => self.body.clone(),
        };
        if let Some(slot) = &self.slot {
            slot.put(&mut body, ids);
        }
        let body = Document::unwritten(body);
        // An id with a brace may be JSON, which has names of its own.
        let audience = if self.has_sure_names && !ids.iter().any(|id| id.contains('{')) {
            Audience::of_sure_names(self.operation, &body)
        } else {
            Audience::of(self.operation, &body)
        };
        if self.slot.as_ref().is_none_or(|slot| slot.keeps_apart(ids))
            && self.is_audience(ids, &audience)
        {
            return Ok(FinishedBody { body, audience });
        }
        let first = ids.first().map_or("nobody", String::as_str);
        Err(Error::input(format!("`{first}` would be read as another audience than it is"))
            .help("an id must not hold what separates ids, and each is in the list once"))
    }

    /// The payload of a request that has its own. The users that it names must be these ids; what names messages alone is about the
    /// people that the ledger knows to have them, and these are the ids.
    fn finish_own(&self, ids: &[String], vars: Option<&str>) -> Result<FinishedBody> {
        let damaged = || {
            Error::new(ErrorKind::Ledger, "the payload of a batch cannot be read")
                .help("nothing was sent; give the command again")
        };
        let own = vars.and_then(OwnPayload::parse).ok_or_else(damaged)?;
        let body = Document::unwritten(own.body);
        let have_it = self.kind.filter(|_| !ids.is_empty()).map(|kind| {
            let targets = ids.iter().map(|id| Target::new(kind, id)).collect();
            match kind {
                TargetKind::Tag | TargetKind::Package => Audience::Class(targets),
                _ => Audience::Named(targets),
            }
        });
        let audience = Audience::with_sent(self.operation, &body, &mut |_| have_it.clone());
        let is_same = match &audience {
            Audience::Named(targets) | Audience::Class(targets) => {
                ids.is_empty() || targets.iter().map(|target| &target.id).eq(ids)
            }
            Audience::Nobody | Audience::Everybody => ids.is_empty(),
        };
        if is_same { Ok(FinishedBody { body, audience }) } else { Err(damaged()) }
    }

    /// Whether an audience is exactly these ids.
    fn is_audience(&self, ids: &[String], audience: &Audience) -> bool {
        let is_kind = |kind| self.kind == Some(kind);
        match audience {
            Audience::Named(targets) => {
                let same = targets.len() == ids.len()
                    && targets.iter().zip(ids).all(|(target, id)| target.id == *id);
                let one_kind = targets.iter().all(|target| is_kind(target.kind));
                same && (one_kind || self.slot.is_none() && kind_of(audience) == self.kind)
            }
            Audience::Nobody | Audience::Class(_) | Audience::Everybody => {
                self.slot.is_none() && ids.is_empty()
            }
        }
    }
}

/// The kind that all targets of an audience have.
fn kind_of(audience: &Audience) -> Option<TargetKind> {
    let Audience::Named(targets) = audience else { return None };
    let kind = targets.first()?.kind;
    targets.iter().all(|target| target.kind == kind).then_some(kind)
}

/// The payload with the values of its variables.
fn fill(template: &Template, vars: Option<&str>) -> Result<Value> {
    let values = Document::parse(vars.unwrap_or("{}"))
        .map_err(|_| Error::new(ErrorKind::Ledger, "the variables of a batch cannot be read"))?;
    let value = |name: &str| values.root().value.as_object()?.get(name)?.value.as_str();
    Ok(template.render(&value)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Effect, Reach};
    use crate::document::At;

    fn operation(reach: Reach) -> &'static Operation {
        let operation = Operation { effect: Effect::Sends, reach, ..Operation::BASE };
        Box::leak(Box::new(operation))
    }

    fn value(text: &str) -> Value {
        Document::parse(text).expect("JSON").into_value()
    }

    fn ids(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    /// A user or a group, depending on the value beside it.
    fn either(at: At<'_>) -> Option<Audience> {
        let kind = if at.get("group").is_there() { TargetKind::Group } else { TargetKind::User };
        crate::contract::audience::named(kind, at.get("to"))
    }

    #[test]
    fn an_id_that_would_be_read_as_others_is_found_by_reading_it_back() {
        let operation = operation(Reach::Field(TargetKind::User, "to"));
        let slot =
            TargetField::find(operation, &value(r#"{"to":"a,b"}"#), &ids("a b")).expect("there");
        let sheet =
            MessageTemplate::for_list(operation, value(r#"{"to":"a,b"}"#), slot, TargetKind::User);
        assert!(sheet.render(&["x,y".to_owned()], None).is_err());
        assert!(sheet.render(&[], None).is_err(), "an empty list may be everybody's");
        let slot =
            TargetField::find(operation, &value(r#"{"to":["a"]}"#), &ids("a")).expect("there");
        let sheet =
            MessageTemplate::for_list(operation, value(r#"{"to":["a"]}"#), slot, TargetKind::User);
        let finished = sheet.finish(&ids("x y"), None).expect("two");
        assert_eq!(finished.audience.count(), Some(2));
        assert!(sheet.render(&ids("x x"), None).is_err(), "each stands there once");
        assert!(sheet.render(&[String::new()], None).is_err());
    }

    #[test]
    fn a_name_that_is_nearly_one_of_the_audience_is_found_in_every_request() {
        let operation = operation(Reach::Field(TargetKind::User, "to"));
        let slot = TargetField::parse("one /to").expect("a place");
        for (body, id, is_so) in [
            (r#"{"to":""}"#, "a", true),
            (r#"{"to":"","To":"b"}"#, "a", false),
            (r#"{"to":"","x":"{{to}}"}"#, "a", true),
            (r#"{"to":"","To":"{{x}}"}"#, "a", false),
        ] {
            let sheet =
                MessageTemplate::for_list(operation, value(body), slot.clone(), TargetKind::User);
            let vars = r#"{"to":"b","x":"c"}"#;
            assert_eq!(sheet.finish(&ids(id), Some(vars)).is_ok(), is_so, "{body} {id}");
        }
        // With and without the shortcut the same is read.
        let plain =
            MessageTemplate::for_list(operation, value(r#"{"to":""}"#), slot, TargetKind::User);
        for id in ["a", "{", r#"{"To":"b"}"#, r#"{"to":"b"}"#] {
            let fast = plain.finish(&[id.to_owned()], None).map(|one| one.audience).ok();
            let body = value(&format!(r#"{{"to":{}}}"#, serde_json::json!(id)));
            let slow = Audience::of(operation, &Document::unwritten(body));
            let is_it =
                matches!(&slow, Audience::Named(found) if found.len() == 1 && found[0].id == id);
            assert_eq!(fast.is_some(), is_it, "{id}: {slow:?}");
        }
    }

    #[test]
    fn a_request_reaches_the_kind_of_targets_that_was_said_and_no_other() {
        let operation = operation(Reach::Read(&["group", "to"], either));
        let slot = TargetField::parse("one /to").expect("a place");
        for (body, kind, is_so) in [
            (r#"{"to":""}"#, TargetKind::User, true),
            (r#"{"to":""}"#, TargetKind::Group, false),
            (r#"{"to":"","group":1}"#, TargetKind::Group, true),
            (r#"{"to":"","group":1}"#, TargetKind::User, false),
            (r#"{"to":"","group":1}"#, TargetKind::Tag, false),
            (r#"{}"#, TargetKind::User, false),
        ] {
            let sheet = MessageTemplate::for_list(operation, value(body), slot.clone(), kind);
            assert_eq!(sheet.finish(&ids("a"), None).is_ok(), is_so, "{body} {kind}");
        }
    }

    #[test]
    fn what_names_its_audience_itself_reaches_exactly_these() {
        let listed = operation(Reach::Field(TargetKind::User, "to"));
        let sheet = MessageTemplate::for_audience(listed, value(r#"{"to":["a","b"]}"#));
        assert_eq!(sheet.kind(), Some(TargetKind::User));
        for (names, is_so) in [("a b", true), ("a", false), ("b a", false), ("", false)] {
            assert_eq!(sheet.finish(&ids(names), None).is_ok(), is_so, "{names}");
        }
        let all = MessageTemplate::for_audience(operation(Reach::Everybody), value("{}"));
        assert_eq!(all.kind(), None);
        assert!(all.finish(&[], None).is_ok());
        assert!(all.finish(&ids("a"), None).is_err());
        let class = operation(Reach::Field(TargetKind::Tag, "to"));
        let class = MessageTemplate::for_audience(class, value(r#"{"to":["vip"]}"#));
        assert!(class.finish(&[], None).is_ok() && class.finish(&ids("vip"), None).is_err());
    }

    #[test]
    fn what_was_kept_comes_back_only_as_it_can_have_been() {
        let listed = operation(Reach::Field(TargetKind::User, "to"));
        let kept = |body: &str, slot: Option<&str>, kind: Option<TargetKind>| JobTemplate {
            operation: "send".to_owned(),
            effect: Effect::Sends,
            kind,
            sender: None,
            body: body.to_owned(),
            slot: slot.map(str::to_owned),
            recall_seconds: None,
        };
        let user = Some(TargetKind::User);
        for (body, slot, kind, is_so) in [
            (r#"{"to":[]}"#, Some("list /to"), user, true),
            (r#"{"to":[]}"#, Some("list /to"), None, false),
            (r#"{"to":[]}"#, Some("lists /to"), user, false),
            (r#"{"to":[],"to":[]}"#, Some("list /to"), user, false),
            (r#"{"to":["a"]}"#, None, user, true),
            (r#"{"to":["a"]}"#, None, None, true),
            (r#"{"to":["a"]}"#, None, Some(TargetKind::Group), false),
            ("{}", None, user, false),
            ("", Some("list /to"), user, false),
        ] {
            let sheet = MessageTemplate::of(&kept(body, slot, kind), listed);
            assert_eq!(sheet.is_ok(), is_so, "{body} {slot:?} {kind:?}");
        }
    }
}
