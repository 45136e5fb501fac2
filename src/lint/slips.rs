//! Slips in payload files that no rule of a vendor speaks of, since the vendor accepts them: a text that shows nothing, and a
//! key that is nearly a known one. A command that sends tells them.

use crate::contract::{Field, Finding, Kind, Operation, Root, Shape};
use crate::document::{At, Document, Trail};
use crate::near::nearest;
use crate::text::{escape, is_blank};

/// The shortest key that is compared with known ones: shorter ones are near to many.
const MIN_KEY: usize = 4;

/// The slips in a payload, as sentences with their places, but those at places that have a finding already.
pub fn slips(operation: &Operation, document: &Document, found: &[Finding]) -> Vec<String> {
    let trail = Trail::new(document);
    let mut search = SlipSearch { found, told: Vec::new() };
    match operation.root {
        Root::Shape(shape) => search.object(shape, trail.root()),
        Root::Value(field) => search.field(field, trail.root()),
    }
    search.told
}

struct SlipSearch<'f> {
    found: &'f [Finding],
    told: Vec<String>,
}

impl SlipSearch<'_> {
    fn object(&mut self, shape: &'static Shape, at: At<'_>) {
        let fields = shape.fields_at(at);
        for (key, member) in at.members() {
            let is_called = |field: &&&Field| field.name == key || field.aliases.contains(&key);
            match fields.iter().find(is_called) {
                Some(field) => self.field(field, member),
                None if key.len() < MIN_KEY => {}
                None => {
                    let absent = fields
                        .iter()
                        .map(|field| field.name)
                        .filter(|name| !at.get(name).is_there());
                    if let Some(near) = nearest(key, absent) {
                        self.tell(member, &format!("is not a field here; did you mean `{near}`?"));
                    }
                }
            }
        }
    }

    fn field(&mut self, field: &'static Field, at: At<'_>) {
        match at.as_str() {
            Some(text)
                if !text.is_empty() && is_blank(text) && !field.id && is_text(&field.kind) =>
            {
                self.tell(at, "shows nothing: it has only blanks and invisible characters");
            }
            _ => self.inside(&field.kind, at),
        }
    }

    fn inside(&mut self, kind: &'static Kind, at: At<'_>) {
        match kind {
            Kind::Object(shape) if at.as_object().is_some() => self.object(shape, at),
            Kind::Map(map) => at.members().for_each(|(key, member)| {
                let reserved = map.reserved.iter().find(|field| field.name == key);
                self.field(reserved.unwrap_or(&map.value), member);
            }),
            Kind::List(item) | Kind::OneOrList(item) if at.as_array().is_some() => {
                at.items().for_each(|here| self.field(item, here));
            }
            Kind::OneOrList(item) => self.field(item, at),
            Kind::JsonText(text) => self.inside(&text.kind, at.json().unwrap_or(at)),
            Kind::Base64Json(text) => {
                if let Some(at) = at.base64_json() {
                    self.inside(&text.kind, at);
                }
            }
            Kind::Union(kinds) => {
                // A union of objects would tell the keys of one as unknown to the other.
                let objects = kinds.iter().filter(|kind| matches!(kind, Kind::Object(_))).count();
                kinds.iter().filter(|_| objects < 2).for_each(|kind| self.inside(kind, at));
            }
            _ => {}
        }
    }

    fn tell(&mut self, at: At<'_>, what: &str) {
        let (pointer, inner) = at.pointers();
        let place = whole(&pointer, inner.as_deref());
        let is_found =
            |one: &Finding| whole(&one.place.pointer, one.place.inner_pointer.as_deref()) == place;
        if !self.found.iter().any(is_found) {
            self.told.push(format!("`{}` {what}", escape(&place)));
        }
    }
}

/// A pointer with the one inside its text.
fn whole(pointer: &str, inner: Option<&str>) -> String {
    format!("{pointer}{}", inner.unwrap_or_default())
}

/// Whether a value may be a text for people.
fn is_text(kind: &Kind) -> bool {
    match kind {
        Kind::Text => true,
        Kind::Union(kinds) => kinds.iter().any(is_text),
        _ => false,
    }
}
