//! The addresses of an operation: method and path. Some operations have several, and the payload chooses.

use super::{Kind, Operation};
use crate::document::Object;
use crate::wire::Method;

/// Another address of an operation, for payloads with certain members.
#[derive(Clone, Copy, Debug)]
pub struct AddressVariant {
    /// HTTP method.
    pub method: Method,
    /// Path after the base address, as [`Operation::path`].
    pub path: &'static str,
    /// Members with these words choose it. They are not sent.
    pub words: &'static [(&'static str, &'static str)],
    /// Members that have to be there.
    pub with: &'static [&'static str],
    /// Members that must not be there.
    pub without: &'static [&'static str],
}

impl AddressVariant {
    /// A GET without conditions; change it by struct update.
    pub const BASE: Self =
        Self { method: Method::Get, path: "", words: &[], with: &[], without: &[] };

    /// Whether a payload is for it. A member that is `null` is there: leaving it out must not choose a wider deletion.
    fn is_for(&self, members: &Object) -> bool {
        let has = |name: &&'static str| members.get(name).is_some();
        let says = |(name, word): &(&str, &str)| {
            members.get(name).and_then(|node| node.value.as_str()) == Some(*word)
        };
        self.words.iter().all(says) && self.with.iter().all(has) && !self.without.iter().any(has)
    }

    /// What chooses it, for people.
    pub fn chosen_by(&self) -> String {
        let code = |names: &[&str], between: &str| {
            names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(between)
        };
        let words: Vec<String> =
            self.words.iter().map(|(name, word)| format!("`{name}` {word}")).collect();
        let mut parts = vec![words.join(", "), code(self.with, " and ")];
        if !self.without.is_empty() && self.with.is_empty() {
            parts.push(format!("neither {}", code(self.without, " nor ")));
        }
        parts.retain(|part| !part.is_empty());
        parts.join(", ")
    }
}

/// Whether a value can only be a whole number, as a number or as its digits.
fn is_number(kind: &Kind) -> bool {
    match kind {
        Kind::Digits | Kind::Int(_) => true,
        Kind::Union(kinds) => kinds.iter().all(is_number),
        _ => false,
    }
}

impl Operation {
    /// Every method and path that it has.
    pub fn addresses(&self) -> impl Iterator<Item = (Method, &'static str)> {
        let variants = self.variants.iter().map(|variant| (variant.method, variant.path));
        let own = (!self.path.is_empty()).then_some((self.method, self.path));
        own.into_iter().chain(variants)
    }

    /// Members that choose the address with this path and that are not sent: who reads a request adds them.
    pub fn words_at(&self, path: &str) -> &'static [(&'static str, &'static str)] {
        let variant = self.variants.iter().find(|variant| variant.path == path);
        variant.map_or(self.words, |variant| variant.words)
    }

    /// Whether a text may stand in the path for a parameter: an id that is a number has only digits.
    pub fn takes_in_path(&self, parameter: &str, text: &str) -> bool {
        let fields = self.shape().map(|shape| shape.all_fields()).unwrap_or_default();
        let field = fields.iter().find(|field| field.name == parameter);
        let is_number = field.is_some_and(|field| is_number(&field.kind));
        !is_number || !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// The method and path for a payload.
    pub fn address_for(&self, members: &Object) -> (Method, &'static str) {
        let variant = self.variants.iter().find(|variant| variant.is_for(members));
        variant.map_or((self.method, self.path), |variant| (variant.method, variant.path))
    }
}
