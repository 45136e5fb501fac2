//! Parts of mock servers: addresses and forms taken apart, records read, rates counted.

use crate::contract::{BodyForm, Contract, Kind, Operation, Rate, RateUnit};
use crate::document::{At, Document, Object, ParseFault, Value, ValueView};
use crate::provider::kit::object;
use crate::sandbox::multipart::{self, MultipartPart};
use crate::sandbox::{Answer, Incoming, SandboxWorld};

/// Text without percent-encoding; in forms and queries a plus is a blank.
pub(in crate::provider) fn decode(text: &[u8]) -> String {
    decoded(text, b' ')
}

/// The same of a step of a path, where a plus is a plus.
pub(in crate::provider) fn decode_step(text: &str) -> String {
    decoded(text.as_bytes(), b'+')
}

fn decoded(text: &[u8], plus: u8) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let hex = text.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        let hex = hex.filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match (byte, hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(decoded)) => {
                out.push(decoded);
                at += 2;
            }
            (b'+', _) => out.push(plus),
            (other, _) => out.push(*other),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The pairs of a form or a query.
pub(in crate::provider) fn form_pairs(bytes: &[u8]) -> impl Iterator<Item = (String, String)> + '_ {
    bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
        let border = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        (decode(&pair[..border]), decode(pair.get(border + 1..).unwrap_or_default()))
    })
}

/// A form whose fields occur once; of those that occur twice the last one counts.
pub(in crate::provider) fn read_form(bytes: &[u8]) -> Object {
    let mut fields = Object::default();
    for (key, value) in form_pairs(bytes) {
        fields.set(&key, value);
    }
    fields
}

/// A path without empty steps and without a slash at the end.
pub(in crate::provider) fn plain_path(path: &str) -> String {
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    format!("/{}", steps.join("/"))
}

/// The parameters of a path, if it is one of this template. With the operation, only if each has the form that its row
/// says: a server may also answer that an id has the wrong form.
pub(in crate::provider) fn parameters(
    operation: Option<&Operation>,
    template: &str,
    path: &str,
) -> Option<Object> {
    let (template, path): (Vec<_>, Vec<_>) =
        (template.split('/').collect(), path.split('/').collect());
    if template.len() != path.len() {
        return None;
    }
    let mut parameters = Object::default();
    for (wanted, found) in template.into_iter().zip(path) {
        match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => {
                let text = decode(found.as_bytes());
                if operation.is_some_and(|row| !row.takes_in_path(name, &text)) {
                    return None;
                }
                parameters.set(name, text);
            }
            None if wanted == found => {}
            None => return None,
        }
    }
    Some(parameters)
}

/// A value from path, query or part, as its field wants it: numbers and lists arrive as text.
pub(in crate::provider) fn typed(operation: &'static Operation, name: &str, text: &str) -> Value {
    let fields = operation.shape().map(|shape| shape.all_fields()).unwrap_or_default();
    match fields.iter().find(|field| field.name == name).map(|field| field.kind) {
        Some(Kind::List(_)) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            items.collect::<Vec<_>>().into()
        }
        Some(Kind::Int(_)) => text.parse::<i64>().map_or_else(|_| text.into(), Value::from),
        _ => text.into(),
    }
}

/// Why there is no operation at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::provider) enum NoRoute {
    /// There is nothing at the path.
    Path,
    /// The path does not have the method.
    Method,
}

/// The operation at a path, and the parameters in it.
pub(in crate::provider) fn route(
    contract: &'static Contract,
    path: &str,
    method: &str,
) -> Result<(&'static Operation, Object), NoRoute> {
    let rows = contract.operations.iter();
    let at_path: Vec<_> =
        rows.filter_map(|row| Some((row, parameters(Some(row), row.path, path)?))).collect();
    if at_path.is_empty() {
        return Err(NoRoute::Path);
    }
    let found = at_path.into_iter().find(|(row, _)| row.method.as_str() == method);
    found.ok_or(NoRoute::Method)
}

/// The payload of a request in the form in which the rows describe it; the fault of a body that is not JSON. Clients name
/// the part of a file as they like: the first one is taken as `filename`.
pub(in crate::provider) fn payload(
    operation: &'static Operation,
    mut parameters: Object,
    request: &Incoming,
) -> Result<Document, ParseFault> {
    if operation.body == BodyForm::Json {
        let body = Document::from_bytes(request.body.clone())?;
        if parameters.is_empty() {
            return Ok(body);
        }
        for member in body.root().value.as_object().into_iter().flatten() {
            parameters.set(&member.key, member.node.value.clone());
        }
        return Ok(Document::of(&Value::Object(parameters)));
    }
    let is_form = operation.body == BodyForm::Form;
    let form = if is_form { request.body.as_slice() } else { request.query.as_bytes() };
    for member in &read_form(form) {
        let text = member.node.value.to_plain();
        parameters.set(&member.key, typed(operation, &member.key, &text));
    }
    if operation.body == BodyForm::Multipart {
        for part in parts(request) {
            if part.file.is_none() {
                let text = String::from_utf8_lossy(&part.content);
                parameters.set(&part.name, typed(operation, &part.name, &text));
            } else if parameters.get("filename").is_none() {
                parameters.set("filename", described(&part));
            }
        }
    }
    Ok(Document::of(&Value::Object(parameters)))
}

/// The parts of a multipart body.
pub(in crate::provider) fn parts(request: &Incoming) -> Vec<MultipartPart> {
    multipart::parts(request.header("content-type").unwrap_or_default(), &request.body)
}

/// A file as lint knows it: by name and size.
pub(in crate::provider) fn described(part: &MultipartPart) -> Value {
    let name = part.file.as_deref().unwrap_or("file");
    object([("name", name.into()), ("size", (part.content.len() as u64).into())])
}

/// An answer that says no more than its status.
pub(in crate::provider) fn bare(status: u16) -> Answer {
    Answer { status, headers: Vec::new(), body: Vec::new(), close: false }
}

/// A value as text; empty where there is none.
pub(in crate::provider) fn text(at: At<'_>) -> String {
    match at.value() {
        None | Some(ValueView::Null) => String::new(),
        Some(value) => value.to_plain(),
    }
}

/// The items of a list as texts.
pub(in crate::provider) fn texts(at: At<'_>) -> Vec<String> {
    at.items().map(text).collect()
}

/// A member as text; empty where there is none.
pub(in crate::provider) fn member(object: &Object, name: &str) -> String {
    object.get(name).map(|node| node.value.to_plain()).unwrap_or_default()
}

/// A member as number; 0 where there is none.
pub(in crate::provider) fn count(object: &Object, name: &str) -> i64 {
    let number = object.get(name).and_then(|node| node.value.as_integer());
    number.and_then(|number| i64::try_from(number).ok()).unwrap_or_default()
}

/// The same of a record.
pub(in crate::provider) fn field(record: &Value, name: &str) -> String {
    record.as_object().map(|object| member(object, name)).unwrap_or_default()
}

/// The same of a record.
pub(in crate::provider) fn number(record: &Value, name: &str) -> i64 {
    record.as_object().map(|object| count(object, name)).unwrap_or_default()
}

/// Tells that a switch took an operation away.
pub(in crate::provider) fn tell_off(operation: &Operation, world: &SandboxWorld<'_>) {
    let id = operation.id;
    world.reasons.tell(format!("`{id}` is switched off (`--switch {id}=off`)"));
}

/// What a server counts against a rate.
#[derive(Debug)]
pub(in crate::provider) struct RateCount<'r> {
    rate: &'r Rate,
    id: String,
    window: i64,
    /// When the window ends, in milliseconds since 1970.
    end_ms: i64,
}

impl<'r> RateCount<'r> {
    /// The count of a rate of an operation, or of the pool that it shares; `shift` is how many seconds before midnight of
    /// UTC a day begins.
    pub(in crate::provider) fn new(
        operation: &Operation,
        rate: &'r Rate,
        shift: i64,
        now_ms: i64,
    ) -> Self {
        let pool = if rate.pool.is_empty() { operation.id } else { rate.pool };
        let shift = if rate.seconds == 86_400 { shift } else { 0 };
        let length = i64::from(rate.seconds);
        let window = (now_ms / 1000 + shift).div_euclid(length);
        Self {
            rate,
            id: format!("{pool}/{}/{:?}", rate.seconds, rate.counted),
            window,
            end_ms: ((window + 1) * length - shift) * 1000,
        }
    }

    fn used(&self, world: &mut SandboxWorld<'_>) -> u64 {
        let record = world.store.get("quota", &self.id);
        let record = record.filter(|record| number(record, "window") == self.window);
        record.and_then(|record| u64::try_from(number(&record, "used")).ok()).unwrap_or_default()
    }

    fn cost(&self, targets: u64) -> u64 {
        if self.rate.counted == RateUnit::Targets { targets } else { 1 }
    }

    /// Whether it has room for a call to this number of targets. A call that is above the whole rate by itself goes
    /// through once: vendors count, they do not split.
    pub(in crate::provider) fn has_room(&self, targets: u64, world: &mut SandboxWorld<'_>) -> bool {
        let used = self.used(world);
        let has_room = !world.counts_quotas()
            || used == 0
            || used + self.cost(targets) <= u64::from(self.rate.count);
        if !has_room {
            let what = if self.rate.counted == RateUnit::Targets { "targets" } else { "calls" };
            let (count, seconds) = (self.rate.count, self.rate.seconds);
            world.tell_quota(&format!("{count} {what} in {seconds} s"), self.end_ms);
        }
        has_room
    }

    /// Counts a call.
    pub(in crate::provider) fn charge(&self, targets: u64, world: &mut SandboxWorld<'_>) {
        if !world.counts_quotas() {
            return;
        }
        let used = self.used(world) + self.cost(targets);
        let record = object([("window", self.window.into()), ("used", used.into())]);
        world.store.put("quota", &self.id, &record);
    }
}
