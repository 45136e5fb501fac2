//! Which members of a payload are secrets; computed from the rows.

use std::sync::{Mutex, PoisonError};

use super::{Contract, Field, Kind, Root, Shape};

/// The names of members that hold secrets: rows with the mark [`Field::secret`], with their aliases, and secrets that
/// every profile of the provider has.
///
/// A name counts anywhere in a payload, in any letter case and with or without hyphens and underscores: a secret in the
/// wrong place is still a secret. An optional credential is not among them, unless a row has the mark: some have the
/// name of an ordinary field (`token`).
#[derive(Debug, Default)]
pub struct SecretNames {
    /// Normalized, without repeats.
    names: Vec<String>,
}

impl SecretNames {
    /// No name at all.
    pub const NONE: Self = Self { names: Vec::new() };

    /// The names in these contracts.
    pub fn of(contracts: &[&'static Contract]) -> Self {
        let mut fold = Fold::default();
        for contract in contracts {
            for row in contract.credentials.iter().filter(|row| row.secret && row.required) {
                fold.add(row.name);
            }
            for operation in contract.operations {
                match operation.root {
                    Root::Shape(shape) => fold.shape(shape),
                    Root::Value(field) => fold.field(field),
                }
            }
            contract
                .types
                .iter()
                .filter_map(|row| row.content.as_ref())
                .for_each(|kind| fold.kind(kind));
        }
        Self { names: fold.names }
    }

    /// Whether a member of this name holds a secret.
    pub fn matches(&self, name: &str) -> bool {
        // The first letter rules out nearly all names.
        self.names.iter().any(|known| {
            let mut folded = folded(name);
            known.chars().all(|c| folded.next() == Some(c)) && folded.next().is_none()
        })
    }

    /// Whether one of the names may occur in a text, so that a full search is needed.
    pub fn may_be_in(&self, text: &str) -> bool {
        let text: String = folded(text).collect();
        self.names.iter().any(|name| text.contains(name.as_str()))
    }

    /// The names, normalized: only letters and digits, in lower case.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }
}

/// The characters by which names are compared.
fn folded(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

impl Contract {
    /// The names of members that hold secrets, computed once in a process.
    pub fn secret_names(&'static self) -> &'static SecretNames {
        static KNOWN: Mutex<Vec<(usize, &'static SecretNames)>> = Mutex::new(Vec::new());
        let key = std::ptr::from_ref(self).addr();
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, names)) = known.iter().find(|(other, _)| *other == key) {
            return names;
        }
        // One for each contract; contracts live as long as the process.
        let names: &'static SecretNames = Box::leak(Box::new(SecretNames::of(&[self])));
        known.push((key, names));
        names
    }
}

/// Visits every shape once, although it may occur in several places.
#[derive(Default)]
struct Fold {
    names: Vec<String>,
    seen: Vec<&'static Shape>,
}

impl Fold {
    fn add(&mut self, name: &str) {
        let name: String = folded(name).collect();
        if !name.is_empty() && !self.names.contains(&name) {
            self.names.push(name);
        }
    }

    fn shape(&mut self, shape: &'static Shape) {
        if self.seen.iter().any(|seen| std::ptr::eq(*seen, shape)) {
            return;
        }
        self.seen.push(shape);
        shape.fields.iter().for_each(|field| self.field(field));
        shape.include.iter().for_each(|shape| self.shape(shape));
        for variant in shape.variants {
            variant.cases.iter().for_each(|case| self.shape(case.shape));
            variant.otherwise.iter().for_each(|shape| self.shape(shape));
        }
    }

    fn field(&mut self, field: &'static Field) {
        if field.secret {
            std::iter::once(&field.name).chain(field.aliases).for_each(|name| self.add(name));
        }
        self.kind(&field.kind);
    }

    fn kind(&mut self, kind: &'static Kind) {
        match kind {
            Kind::Object(shape) => self.shape(shape),
            Kind::Map(map) => {
                self.field(&map.value);
                map.reserved.iter().for_each(|field| self.field(field));
            }
            Kind::List(item) | Kind::OneOrList(item) | Kind::CommaText(item) => self.field(item),
            Kind::JsonText(inner) | Kind::Base64Json(inner) => self.kind(&inner.kind),
            Kind::Union(kinds) => kinds.iter().for_each(|kind| self.kind(kind)),
            Kind::Any
            | Kind::Text
            | Kind::Int(_)
            | Kind::Digits
            | Kind::Number(_)
            | Kind::Bool(_)
            | Kind::Choice(_)
            | Kind::Open(_)
            | Kind::Base64
            | Kind::File(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{MapOf, Operation};

    #[test]
    fn marks_are_found_at_every_depth_and_names_in_every_spelling() {
        const KEY: Field = Field::new("share-secret", Kind::Text, "").secret();
        static DEEP: Shape = Shape::of(&[KEY, Field::new("open", Kind::Text, "")]);
        static MAP: MapOf = MapOf { value: Field::item(Kind::Object(&DEEP)), reserved: &[] };
        static TOP: Shape = Shape::of(&[
            Field::new("pass_word", Kind::Text, "").secret().aliases(&["pwd"]),
            Field::new("more", Kind::Map(&MAP), ""),
        ]);
        static ONE: &[Operation] = &[Operation { root: Root::Shape(&TOP), ..Operation::BASE }];
        static CONTRACT: Contract = Contract { operations: ONE, ..Contract::BASE };
        let names = CONTRACT.secret_names();
        assert_eq!(names.iter().collect::<Vec<_>>(), ["password", "pwd", "sharesecret"]);
        assert!(std::ptr::eq(names, CONTRACT.secret_names()), "found once");
        for (name, matches) in [
            ("password", true),
            ("passWord", true),
            ("PASS-WORD", true),
            ("pass\u{200b}word ", true),
            ("Pwd", true),
            ("share_secret", true),
            ("password1", false),
            ("pass", false),
            ("open", false),
            ("", false),
        ] {
            assert_eq!(names.matches(name), matches, "{name}");
        }
        assert!(names.may_be_in(r#"{"Pass_Word":1}"#) && !names.may_be_in(r#"{"open":1}"#));
    }
}
