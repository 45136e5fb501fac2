//! The ids in a payload: the texts of rows with the mark [`Field::id`].

use crate::contract::{Field, Kind, Operation, Root, Shape};
use crate::document::{At, ValueView};

/// An id in a payload.
#[derive(Debug, PartialEq, Eq)]
pub struct GivenId<'a> {
    /// Where it stands, as `--set` writes it; `*` stands for an item of a list and for a free key.
    pub path: String,
    /// The id: a text, or a number as it is written.
    pub id: &'a str,
}

impl<'a> GivenId<'a> {
    /// Every id in the payload of an operation.
    pub fn all(operation: &Operation, root: At<'a>) -> Vec<Self> {
        let mut search = MarkedIds { found: Vec::new() };
        match operation.root {
            Root::Shape(shape) => search.shape(shape, root, ""),
            Root::Value(field) => search.field(field, root, ""),
        }
        search.found
    }
}

struct MarkedIds<'a> {
    found: Vec<GivenId<'a>>,
}

impl<'a> MarkedIds<'a> {
    fn shape(&mut self, shape: &'static Shape, at: At<'a>, path: &str) {
        for field in shape.fields_at(at) {
            for name in std::iter::once(&field.name).chain(field.aliases) {
                let here = at.get(name);
                if here.is_there() {
                    self.field(field, here, &inner(path, name));
                }
            }
        }
    }

    fn field(&mut self, field: &'static Field, at: At<'a>, path: &str) {
        match field.kind {
            Kind::CommaText(item) if item.id => {
                let ids = at.as_str().into_iter().flat_map(|text| text.split(','));
                ids.for_each(|id| self.add(path, id));
            }
            _ if field.id => self.texts(at, path),
            _ => self.inside(&field.kind, at, path),
        }
    }

    /// Looks into a value whose own row is not marked.
    fn inside(&mut self, kind: &'static Kind, at: At<'a>, path: &str) {
        match kind {
            Kind::Object(shape) => self.shape(shape, at, path),
            Kind::Map(map) => {
                for (key, member) in at.members() {
                    match map.reserved.iter().find(|field| field.name == key) {
                        Some(field) => self.field(field, member, &inner(path, key)),
                        None => self.field(&map.value, member, &inner(path, "*")),
                    }
                }
            }
            Kind::List(item) | Kind::OneOrList(item) if at.as_array().is_some() => {
                at.items().for_each(|here| self.field(item, here, &inner(path, "*")));
            }
            Kind::OneOrList(item) => self.field(item, at, path),
            Kind::JsonText(text) => self.inside(&text.kind, at.json().unwrap_or(at), path),
            Kind::Base64Json(text) => {
                if let Some(at) = at.base64_json() {
                    self.inside(&text.kind, at, path);
                }
            }
            Kind::Union(kinds) => kinds.iter().for_each(|kind| self.inside(kind, at, path)),
            _ => {}
        }
    }

    /// Every text and number in a value.
    fn texts(&mut self, at: At<'a>, path: &str) {
        match at.value() {
            Some(ValueView::String(text)) => self.add(path, text),
            Some(ValueView::Number(number)) => self.add(path, number.as_str()),
            Some(ValueView::Array(_)) => at.items().for_each(|item| self.texts(item, path)),
            _ => {}
        }
    }

    fn add(&mut self, path: &str, id: &'a str) {
        self.found.push(GivenId { path: path.to_owned(), id });
    }
}

fn inner(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{InnerKind, MapOf};
    use crate::document::{Document, Trail};

    #[test]
    fn marks_are_found_wherever_rows_lead() {
        static ID: Field = Field::item(Kind::Text).id();
        static ENTRY: Shape = Shape::of(&[Field::new("target", Kind::Text, "").id()]);
        static ENTRIES: MapOf = MapOf { value: Field::item(Kind::Object(&ENTRY)), reserved: &[] };
        static TEXT: InnerKind = InnerKind {
            kind: Kind::List(&Field::item(Kind::Object(&ENTRY))),
            bare: false,
            codes: crate::contract::Codes::NONE,
        };
        static TOP: Shape = Shape::of(&[
            Field::new("to", Kind::OneOrList(&ID), "").aliases(&["too"]),
            Field::new("joined", Kind::CommaText(&ID), ""),
            Field::new("entries", Kind::Map(&ENTRIES), ""),
            Field::new("text", Kind::JsonText(&TEXT), ""),
            Field::new(
                "either",
                Kind::Union(&[Kind::Bool(crate::contract::Bools::POLICY), Kind::List(&ID)]),
                "",
            ),
            Field::new("all", Kind::Any, "").id(),
            Field::new("words", Kind::Text, ""),
        ]);
        static MADE: Operation = Operation { root: Root::Shape(&TOP), ..Operation::BASE };
        for (body, ids) in [
            (r#"{"to":"a","too":["b","c"]}"#, &["to a", "too.* b", "too.* c"][..]),
            (r#"{"joined":"a, b"}"#, &["joined a", "joined  b"]),
            (r#"{"entries":{"k":{"target":"a"}}}"#, &["entries.*.target a"]),
            (r#"{"text":"[{\"target\":\"a\"}]"}"#, &["text.*.target a"]),
            (r#"{"either":["a"]}"#, &["either.* a"]),
            (r#"{"all":["a",[1E+21]]}"#, &["all a", "all 1E+21"]),
            (r#"{"words":"a,b","other":"c"}"#, &[]),
        ] {
            let document = Document::parse(body).expect("JSON");
            let trail = Trail::new(&document);
            let found = GivenId::all(&MADE, trail.root());
            let found: Vec<_> =
                found.iter().map(|given| format!("{} {}", given.path, given.id)).collect();
            assert_eq!(found, ids, "{body}");
        }
    }
}
