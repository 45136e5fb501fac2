//! The ids in a payload, which are the texts of rows with the mark [`Field::id`], and its other texts.

use crate::contract::{Field, Kind, Operation, Root, Shape};
use crate::document::{At, ValueView};

/// An id or a text in a payload.
#[derive(Debug, PartialEq, Eq)]
pub struct GivenId<'a> {
    /// Where it stands, as `--set` writes it; `*` stands for an item of a list and for a free key.
    pub path: String,
    /// The id, a text or a number as it is written; or another text.
    pub id: &'a str,
}

impl<'a> GivenId<'a> {
    /// Every id in the payload of an operation.
    pub fn all(operation: &Operation, root: At<'a>) -> Vec<Self> {
        MarkedIds::search(operation, root, false)
    }

    /// Every text in the payload of an operation that a row describes, and that is no id: no data of the app's own.
    pub fn texts(operation: &Operation, root: At<'a>) -> Vec<Self> {
        MarkedIds::search(operation, root, true)
    }
}

struct MarkedIds<'a> {
    /// Whether the texts that are no ids are searched for.
    others: bool,
    found: Vec<GivenId<'a>>,
}

impl<'a> MarkedIds<'a> {
    fn search(operation: &Operation, root: At<'a>, others: bool) -> Vec<GivenId<'a>> {
        let mut search = Self { others, found: Vec::new() };
        match operation.root {
            Root::Shape(shape) => search.shape(shape, root, ""),
            Root::Value(field) => search.field(field, root, ""),
        }
        search.found
    }

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
        if self.others {
            let is_text = match field.kind {
                Kind::Text => true,
                Kind::Union(kinds) => kinds.iter().any(|kind| matches!(kind, Kind::Text)),
                _ => false,
            };
            match at.as_str().filter(|_| is_text) {
                _ if field.id => {}
                // An item of a list and a free key have no name of their own.
                Some(text) if !field.name.is_empty() => self.add(path, text),
                Some(_) => {}
                None => self.inside(&field.kind, at, path),
            }
            return;
        }
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

    #[test]
    fn texts_are_those_of_rows_that_are_no_ids() {
        static PART: Shape = Shape::of(&[
            Field::new("alert", Kind::Union(&[Kind::Text, Kind::Any]), ""),
            Field::new("to", Kind::Text, "").id(),
        ]);
        static FREE: MapOf = MapOf { value: Field::item(Kind::Text), reserved: &[] };
        static INNER: InnerKind = InnerKind {
            kind: Kind::Object(&PART),
            bare: false,
            codes: crate::contract::Codes::NONE,
        };
        static TOP: Shape = Shape::of(&[
            Field::new("part", Kind::Object(&PART), ""),
            Field::new("text", Kind::JsonText(&INNER), ""),
            Field::new("data", Kind::Map(&FREE), ""),
            Field::new("parts", Kind::List(&Field::item(Kind::Object(&PART))), ""),
            Field::new("words", Kind::List(&Field::item(Kind::Text)), ""),
        ]);
        static MADE: Operation = Operation { root: Root::Shape(&TOP), ..Operation::BASE };
        for (body, texts) in [
            (r#"{"part":{"alert":"a","to":"b"}}"#, &["part.alert a"][..]),
            (r#"{"text":"{\"alert\":\"\"}"}"#, &["text.alert "]),
            (r#"{"parts":[{"alert":"a"},{"alert":{"x":"b"}}]}"#, &["parts.*.alert a"]),
            (r#"{"data":{"k":""},"words":[""],"other":""}"#, &[]),
        ] {
            let document = Document::parse(body).expect("JSON");
            let trail = Trail::new(&document);
            let found = GivenId::texts(&MADE, trail.root());
            let found: Vec<_> =
                found.iter().map(|given| format!("{} {}", given.path, given.id)).collect();
            assert_eq!(found, texts, "{body}");
        }
    }
}
