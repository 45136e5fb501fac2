//! How badly the keys of a payload fit the shape of an operation.

use crate::contract::{Fill, Presence, Shape};
use crate::near::{nearest, same_letters};

/// The cost of a key that the operation does not have, and of a required key that is missing. A misspelled key is both,
/// and costs less than either; so does a key with the name that SDKs give the field.
const STRANGE: usize = 2;
const MISSPELLED: usize = 1;

/// How much higher the cost of a candidate may be if its names are compared letter by letter: two misspelled names.
pub(super) const NEAR: usize = 2 * (2 * STRANGE - MISSPELLED);

/// What a shape knows of a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum KeyFit {
    /// Nothing.
    Strange,
    /// SDKs call a field so, but it is a word that any document may have as a key: `id`, `text`.
    SdkWord,
    /// SDKs call a field so, by a name of several words: `senderId`.
    SdkName,
    /// It is a field.
    Field,
}

impl KeyFit {
    fn of_sdk(name: &str) -> Self {
        let has_words = name.bytes().skip(1).any(|byte| byte.is_ascii_uppercase() || byte == b'_');
        if has_words { Self::SdkName } else { Self::SdkWord }
    }
}

/// How a shape and a set of keys fit together.
pub(super) struct ShapeFit {
    /// For each key, what the shape knows of it.
    seen: Vec<KeyFit>,
    /// Required fields that are missing.
    missing: Vec<&'static str>,
    /// Optional fields that are missing.
    unused: Vec<&'static str>,
    /// How many keys are the misspelled names of fields; counted with the cost of spelling.
    misspelled: usize,
}

impl ShapeFit {
    pub(super) fn of(shape: &'static Shape, keys: &[&str]) -> Self {
        let seen = vec![KeyFit::Strange; keys.len()];
        let mut fit = Self { seen, missing: Vec::new(), unused: Vec::new(), misspelled: 0 };
        fit.shape(shape, keys, true);
        fit
    }

    /// `always` is whether the shape applies for all values: only then are its required fields required.
    fn shape(&mut self, shape: &'static Shape, keys: &[&str], always: bool) {
        for field in shape.fields {
            let own = std::iter::once(&field.name).chain(field.aliases);
            let own = own.map(|name| (keys.iter().position(|key| key == name), KeyFit::Field));
            let of_sdks = field.sdk_names.iter().map(|name| {
                (keys.iter().position(|key| same_letters(key, name)), KeyFit::of_sdk(name))
            });
            let mut is_there = false;
            for (at, fit) in own.chain(of_sdks) {
                if let Some(seen) = at.and_then(|at| self.seen.get_mut(at)) {
                    *seen = fit.max(*seen);
                    is_there = true;
                }
            }
            let known = self.missing.contains(&field.name) || self.unused.contains(&field.name);
            if is_there || known {
                continue;
            }
            let required = matches!(field.need, Presence::Required) && field.fill != Fill::Always;
            let list = if always && required { &mut self.missing } else { &mut self.unused };
            list.push(field.name);
        }
        for include in shape.include {
            self.shape(include, keys, always);
        }
        for variant in shape.variants {
            let cases = variant.cases.iter().map(|case| case.shape);
            for shape in cases.chain(variant.otherwise) {
                self.shape(shape, keys, false);
            }
        }
    }

    /// How many keys the shape has, by their own name or an SDK's.
    pub(super) fn known(&self) -> usize {
        self.seen.len() - self.count(KeyFit::Strange)
    }

    /// These keys, by their own name or an SDK's.
    pub(super) fn known_keys<'k>(&self, keys: &[&'k str]) -> impl Iterator<Item = &'k str> {
        let seen = keys.iter().copied().zip(&self.seen);
        seen.filter(|(_, fit)| **fit != KeyFit::Strange).map(|(key, _)| key)
    }

    fn count(&self, fit: KeyFit) -> usize {
        self.seen.iter().filter(|seen| **seen == fit).count()
    }

    /// The cost of the keys that the shape has by an SDK's name.
    fn cost_of_sdk_names(&self) -> usize {
        MISSPELLED * (self.count(KeyFit::SdkName) + self.count(KeyFit::SdkWord))
    }

    /// The cost of the shape, with every name taken as it is written.
    pub(super) fn cost(&self) -> usize {
        self.cost_of_sdk_names() + STRANGE * (self.count(KeyFit::Strange) + self.missing.len())
    }

    /// The same, but a name that is nearly right costs less.
    pub(super) fn cost_of_spelling(&mut self, keys: &[&str]) -> usize {
        self.misspelled = 0;
        let strange = |(_, seen): &(&&str, &KeyFit)| **seen == KeyFit::Strange;
        for (key, _) in keys.iter().zip(&self.seen).filter(strange) {
            if let Some(name) = nearest(key, self.missing.iter().copied()) {
                self.missing.retain(|missing| *missing != name);
                self.misspelled += 1;
            } else if nearest(key, self.unused.iter().copied()).is_some() {
                self.misspelled += 1;
            }
        }
        let missing = STRANGE * (self.strange() + self.missing.len());
        self.cost_of_sdk_names() + MISSPELLED * self.misspelled + missing
    }

    /// How many keys are not names of fields, not even misspelled ones.
    fn strange(&self) -> usize {
        self.seen.len() - self.known() - self.misspelled
    }

    /// Whether a payload with these keys is one for the operation: most keys are fields of it, and they outweigh the
    /// cost. A document of another kind may by chance have a key such as `name` or `type`.
    pub(super) fn is_plausible(&self, cost: usize) -> bool {
        let words = self.count(KeyFit::SdkWord);
        let telling = self.known() - words;
        self.strange() + words < telling && cost <= STRANGE * telling
    }

    /// Whether the keys are more like those of the operation than not.
    pub(super) fn is_near(&self) -> bool {
        self.strange() <= self.known() + self.misspelled
    }
}
