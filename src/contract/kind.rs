//! Kinds of values: what a row expects.

use super::{Field, Length, RuleId, Shape};
use crate::document::{At, Value, ValueView, is_same};
use crate::text::Text;

/// What a row expects.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Any JSON value.
    Any,
    /// A string.
    Text,
    /// A whole number.
    Int(Int),
    /// A string of decimal digits; a number is wrong.
    Digits,
    /// A number; the spelling says whether a string of it passes, and under which rule.
    Number(Spelling),
    /// `true` or `false`.
    Bool(Bools),
    /// One of a closed set of words or numbers.
    Choice(&'static [Choice]),
    /// Known words or numbers; others are legal as well.
    Open(&'static [Choice]),
    /// An object.
    Object(&'static Shape),
    /// An object with free keys.
    Map(&'static MapOf),
    /// A list of one kind of item.
    List(&'static Field),
    /// One bare value, or a list of them.
    OneOrList(&'static Field),
    /// A text that holds items: they are the result of a split at commas, blanks included.
    CommaText(&'static Field),
    /// A string that holds JSON of a kind.
    JsonText(&'static InnerKind),
    /// Bytes in base64: standard alphabet, padding optional, no characters in between.
    Base64,
    /// JSON text of a kind, in base64.
    Base64Json(&'static InnerKind),
    /// The first of these that fits the JSON type.
    Union(&'static [Kind]),
    /// A local file: `{"path"}`, `{"name","content"}`, and for lint `{"name","size"}`.
    File(&'static FileRules),
}

impl Kind {
    /// A signed 32-bit whole number.
    pub const I32: Self = Self::Int(Int::new(Width::I32));
    /// An unsigned 32-bit whole number.
    pub const U32: Self = Self::Int(Int::new(Width::U32));
    /// A signed 64-bit whole number.
    pub const I64: Self = Self::Int(Int::new(Width::I64));
    /// An id that goes out as a signed 64-bit number.
    pub const I64_ID: Self = Self::Int(Int::id(Width::I64));
    /// An id that goes out as an unsigned 64-bit number.
    pub const U64_ID: Self = Self::Int(Int::id(Width::U64));
    /// A number, fractions included; a string is wrong.
    pub const NUMBER: Self = Self::Number(Spelling::Refuse);
    /// `true` or `false`, spelled as the policy says.
    pub const BOOL: Self = Self::Bool(Bools::POLICY);
    /// A number that can only be 0 or 1.
    pub const FLAG01: Self =
        Self::Choice(&[Choice::int(0, "0", Text::en("no")), Choice::int(1, "1", Text::en("yes"))]);

    /// Whether a value is a word that the vendor has chosen for this place, or a list of such words.
    pub fn is_chosen_word(&self, value: ValueView<'_>) -> bool {
        match (self, value) {
            (Self::Union(kinds), _) => kinds.iter().any(|kind| kind.is_chosen_word(value)),
            (Self::List(item) | Self::OneOrList(item), ValueView::Array(items)) => {
                !items.is_empty() && items.values().all(|one| item.kind.is_chosen_word(one))
            }
            (Self::OneOrList(item), _) => item.kind.is_chosen_word(value),
            (Self::Choice(choices) | Self::Open(choices), ValueView::String(_)) => {
                choices.iter().any(|choice| choice.value.is(value))
            }
            _ => false,
        }
    }
}

/// How a value in another spelling is treated, for example a number as digits in a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// As the [`Policy`](super::Policy) says.
    Policy,
    /// It has the wrong type.
    Refuse,
    /// It is accepted.
    Accept,
    /// It passes, with a finding under this rule.
    Remark(RuleId),
}

/// A whole number.
#[derive(Clone, Copy, Debug)]
pub struct Int {
    /// The range of the number.
    pub width: Width,
    /// How a string of its digits is treated.
    pub digits: Spelling,
    /// Whether only plain digits are right. Parsers read every other writing (`1.0`, `1e3`) through a double, and above
    /// 2^53 that is another number: the request then names nothing, or something else.
    pub plain: bool,
}

impl Int {
    /// Digits in a string are treated as the policy says.
    pub const fn new(width: Width) -> Self {
        Self { width, digits: Spelling::Policy, plain: false }
    }

    /// An id: it must be written in plain digits.
    pub const fn id(width: Width) -> Self {
        Self { plain: true, ..Self::new(width) }
    }

    /// What is expected, after "must be".
    pub const fn due(self) -> &'static str {
        if self.plain { "a whole number in plain digits" } else { "a whole number" }
    }

    /// The same, but digits in a string are treated in another way.
    #[must_use]
    pub const fn digits(self, digits: Spelling) -> Self {
        Self { digits, ..self }
    }
}

/// The width of a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// Signed, 32 bits.
    I32,
    /// Unsigned, 32 bits.
    U32,
    /// Signed, 64 bits.
    I64,
    /// Unsigned, 64 bits.
    U64,
}

impl Width {
    /// The smallest and the largest number.
    pub const fn bounds(self) -> (i128, i128) {
        match self {
            Self::I32 => (i32::MIN as i128, i32::MAX as i128),
            Self::U32 => (0, u32::MAX as i128),
            Self::I64 => (i64::MIN as i128, i64::MAX as i128),
            Self::U64 => (0, u64::MAX as i128),
        }
    }
}

/// How a boolean may be spelled.
#[derive(Clone, Copy, Debug)]
pub struct Bools {
    /// `"true"` and `"false"` in a string.
    pub text: Spelling,
    /// The same in another letter case, such as `"True"`.
    pub cased: Spelling,
    /// The number 1 for `true`.
    pub one: Spelling,
}

impl Bools {
    /// Text as the policy says; no other spelling.
    pub const POLICY: Self =
        Self { text: Spelling::Policy, cased: Spelling::Refuse, one: Spelling::Refuse };
}

/// A constant of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lit {
    /// A whole number.
    Int(i64),
    /// A word.
    Text(&'static str),
    /// A truth value.
    Bool(bool),
}

impl Lit {
    /// The value as it is sent.
    pub fn to_value(self) -> Value {
        match self {
            Self::Int(n) => Value::from(n),
            Self::Text(text) => Value::from(text),
            Self::Bool(b) => Value::from(b),
        }
    }

    /// The value as text, without quotes.
    pub fn to_text(self) -> String {
        self.to_value().to_plain()
    }

    /// Whether the value at a place is this one; digits in a string count as a number only if the place accepts them.
    pub fn is_at(self, at: At<'_>) -> bool {
        let typed = |value: &ValueView<'_>| {
            at.takes_digits() || !matches!((self, value), (Self::Int(_), ValueView::String(_)))
        };
        at.value().filter(typed).is_some_and(|value| self.is(value))
    }

    /// Whether a value is this one; digits in a string count as a number.
    pub fn is(self, value: ValueView<'_>) -> bool {
        match self {
            Self::Int(n) => value.as_integer() == Some(i128::from(n)),
            Self::Text(text) => {
                value.as_str().is_some_and(|known| is_same(known.as_bytes(), text.as_bytes()))
            }
            Self::Bool(b) => value.as_bool() == Some(b),
        }
    }
}

/// One of the values that a field can take.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// The value as it is sent.
    pub value: Lit,
    /// Its name for people; `--set` accepts the name as well.
    pub name: &'static str,
    /// What it does.
    pub about: Text,
    /// The rule of a finding about it (retired, dangerous), if there is one.
    pub remark: Option<RuleId>,
}

impl Choice {
    /// A number with its name.
    pub const fn int(value: i64, name: &'static str, about: Text) -> Self {
        Self { value: Lit::Int(value), name, about, remark: None }
    }

    /// A word.
    pub const fn word(value: &'static str, about: Text) -> Self {
        Self { value: Lit::Text(value), name: value, about, remark: None }
    }

    /// The value as messages and the reference pages show it: `1 (group)`.
    pub fn words(&self) -> String {
        let value = self.value.to_text();
        if self.name.is_empty() || self.name == value {
            value
        } else {
            format!("{value} ({})", self.name)
        }
    }

    /// The same, with a finding that tells the user about it.
    #[must_use]
    pub const fn remark(self, rule: RuleId) -> Self {
        Self { remark: Some(rule), ..self }
    }
}

/// An object with free keys.
#[derive(Debug)]
pub struct MapOf {
    /// The value of each key. Its name is what the reference pages call a key.
    pub value: Field,
    /// Keys that have their own description, among the free keys.
    pub reserved: &'static [Field],
}

/// What a string holds.
#[derive(Debug)]
pub struct InnerKind {
    /// The kind of the value inside.
    pub kind: Kind,
    /// Whether the value may also appear bare; herald then writes it as text.
    pub bare: bool,
    /// Which rules faults inside get.
    pub codes: super::Codes,
}

/// Requirements on a file part.
#[derive(Debug)]
pub struct FileRules {
    /// The most bytes that it may have.
    pub max_bytes: u64,
    /// The allowed file name endings, lower case, without the dot; an empty list allows any.
    pub endings: &'static [&'static str],
    /// The longest name.
    pub max_name: Option<Length>,
}
