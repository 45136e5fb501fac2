//! How badly the keys of a payload fit the shape of an operation.

use crate::contract::audience::Reach;
use crate::contract::{Field, Fill, Kind, Presence, Shape};
use crate::near::{nearest, same_letters};

/// The cost of a key that the operation does not have, and of a required key that is missing. A misspelled key is both,
/// and costs less than either; so does a key with the name that SDKs give the field.
pub(super) const STRANGE: usize = 2;
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
    /// It is a field, but its name is a word that any document may have as a key: `from`, `title`.
    Word,
    /// SDKs call a field so, by a name of several words: `senderId`.
    SdkName,
    /// It is a field, and its name tells the vendor.
    Field,
}

impl KeyFit {
    /// A name counts as it is written: `msgtype` is one word.
    fn of_sdk(key: &str) -> Self {
        if is_one_word(key) { Self::SdkWord } else { Self::SdkName }
    }

    /// A name of one word says little, with one exception: an audience that has members of its own is a form that no
    /// other document has.
    fn of_field(field: &Field, reach: &Reach) -> Self {
        let is_audience = || has_members(&field.kind) && reach.begins_at(field.name);
        if !is_one_word(field.name) || is_audience() { Self::Field } else { Self::Word }
    }
}

/// Whether a name is one word, which any document may have as a key. Vendors join the words of other names, as in
/// `fromUserId` or `msg_ids`.
pub fn is_one_word(name: &str) -> bool {
    !name.bytes().skip(1).any(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// Whether values of a kind are objects with members that the vendor names.
fn has_members(kind: &Kind) -> bool {
    match kind {
        Kind::Object(_) => true,
        Kind::Union(kinds) => kinds.iter().any(has_members),
        _ => false,
    }
}

fn is_in(fields: &[&Field], field: &Field) -> bool {
    fields.iter().any(|known| known.name == field.name)
}

/// How a shape and a set of keys fit together.
pub(super) struct ShapeFit {
    /// For each key, what the shape knows of it.
    seen: Vec<KeyFit>,
    /// Required fields that are missing.
    missing: Vec<&'static Field>,
    /// Optional fields that are missing.
    unused: Vec<&'static Field>,
    /// How many keys are the misspelled names of fields, and whether one of those tells the vendor; counted with the cost
    /// of spelling.
    misspelled: usize,
    is_own_misspelled: bool,
    /// Which members are the audience.
    reach: &'static Reach,
}

impl ShapeFit {
    /// `reach` tells which members are the audience.
    pub(super) fn of(shape: &'static Shape, keys: &[&str], reach: &'static Reach) -> Self {
        let mut fit = Self {
            seen: vec![KeyFit::Strange; keys.len()],
            missing: Vec::new(),
            unused: Vec::new(),
            misspelled: 0,
            is_own_misspelled: false,
            reach,
        };
        fit.shape(shape, keys, true);
        fit
    }

    /// `always` is whether the shape applies for all values: only then are its required fields required.
    fn shape(&mut self, shape: &'static Shape, keys: &[&str], always: bool) {
        for field in shape.fields {
            let own = std::iter::once(&field.name).chain(field.aliases);
            let own = own.map(|name| (keys.iter().position(|key| key == name), None));
            let of_sdks = field.sdk_names.iter().map(|name| {
                let at = keys.iter().position(|key| same_letters(key, name));
                (at, at.and_then(|at| keys.get(at)).map(|key| KeyFit::of_sdk(key)))
            });
            let mut is_there = false;
            for (at, of_sdk) in own.chain(of_sdks) {
                if let Some(seen) = at.and_then(|at| self.seen.get_mut(at)) {
                    let fit = of_sdk.unwrap_or_else(|| KeyFit::of_field(field, self.reach));
                    *seen = fit.max(*seen);
                    is_there = true;
                }
            }
            let known = is_in(&self.missing, field) || is_in(&self.unused, field);
            if is_there || known {
                continue;
            }
            let required = matches!(field.need, Presence::Required) && field.fill != Fill::Always;
            let list = if always && required { &mut self.missing } else { &mut self.unused };
            list.push(field);
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

    /// Whether a key is a name that other documents do not have.
    pub(super) fn has_own_key(&self) -> bool {
        self.is_own_misspelled || self.count(KeyFit::Field) + self.count(KeyFit::SdkName) > 0
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
            let near = |fields: &[&'static Field]| {
                let name = nearest(key, fields.iter().map(|field| field.name))?;
                fields.iter().position(|field| field.name == name)
            };
            let field = match near(&self.missing) {
                Some(index) => self.missing.remove(index),
                None => match near(&self.unused) {
                    Some(index) => self.unused[index],
                    None => continue,
                },
            };
            self.misspelled += 1;
            self.is_own_misspelled |= KeyFit::of_field(field, self.reach) == KeyFit::Field;
        }
        let missing = STRANGE * (self.strange() + self.missing.len());
        self.cost_of_sdk_names() + MISSPELLED * self.misspelled + missing
    }

    /// How many keys are not names of fields, not even misspelled ones.
    fn strange(&self) -> usize {
        self.seen.len() - self.known() - self.misspelled
    }

    /// Whether a payload with these keys is one for the operation: most keys are fields of it, and they outweigh the
    /// cost. A document of another kind may by chance have a key such as `name` or `type`: such a word counts half, and so
    /// does one of an SDK, which counts against it.
    pub(super) fn is_plausible(&self, cost: usize) -> bool {
        let sdk_words = self.count(KeyFit::SdkWord);
        let telling = self.known() - sdk_words;
        let weight = 2 * telling - self.count(KeyFit::Word);
        2 * self.strange() + sdk_words < weight && cost <= STRANGE * telling
    }

    /// Whether the keys are more like those of the operation than not.
    pub(super) fn is_near(&self) -> bool {
        self.strange() <= self.known() + self.misspelled
    }
}
