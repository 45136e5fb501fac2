//! Kinds of values: what a row expects to find.

use super::{Field, Length, RuleId, Shape};
use crate::document::{At, Value};
use crate::text::Text;

/// What a row expects to find.
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
    /// A number; whether its text passes, and with which remark.
    Number(Spelling),
    /// `true` or `false`.
    Bool(Bools),
    /// One of a closed set of words or numbers.
    Choice(&'static [Choice]),
    /// Known words or numbers; others are legal too.
    Open(&'static [Choice]),
    /// An object.
    Object(&'static Shape),
    /// An object with free keys.
    Map(&'static MapOf),
    /// A list of one kind of item.
    List(&'static Field),
    /// One bare value, or a list of them.
    OneOrList(&'static Field),
    /// A text whose items are what a split at commas gives, blanks included.
    CommaText(&'static Field),
    /// A string that holds JSON of some kind.
    JsonText(&'static InnerKind),
    /// Bytes in base64: standard alphabet, padding optional, nothing in between.
    Base64,
    /// A JSON text of some kind in base64.
    Base64Json(&'static InnerKind),
    /// The first of these whose JSON type fits.
    Union(&'static [Kind]),
    /// A local file: `{"path"}`, `{"name","content"}`, and for lint `{"name","size"}`.
    File(&'static FileRules),
}

impl Kind {
    /// A whole number that fits into 32 bits with sign.
    pub const I32: Self = Self::Int(Int::new(Width::I32));
    /// A whole number that fits into 32 bits without sign.
    pub const U32: Self = Self::Int(Int::new(Width::U32));
    /// A whole number that fits into 64 bits with sign.
    pub const I64: Self = Self::Int(Int::new(Width::I64));
    /// A fraction is fine; text is wrong.
    pub const NUMBER: Self = Self::Number(Spelling::Refuse);
    /// `true` or `false`, spelled as the policy says.
    pub const BOOL: Self = Self::Bool(Bools::POLICY);
    /// A number of which only 0 and 1 exist.
    pub const FLAG01: Self =
        Self::Choice(&[Choice::int(0, "0", Text::en("no")), Choice::int(1, "1", Text::en("yes"))]);
}

/// How another spelling of a value is taken, as digits in a string for a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// As the [`Policy`](super::Policy) says.
    Policy,
    /// It is a fault of type.
    Refuse,
    /// It is as good.
    Accept,
    /// It passes, with a remark under this rule.
    Remark(RuleId),
}

/// A whole number.
#[derive(Clone, Copy, Debug)]
pub struct Int {
    /// The numbers that there are.
    pub width: Width,
    /// How a string of its digits is taken.
    pub digits: Spelling,
}

impl Int {
    /// Digits are taken as the policy says.
    pub const fn new(width: Width) -> Self {
        Self { width, digits: Spelling::Policy }
    }

    /// The same with digits taken otherwise.
    #[must_use]
    pub const fn digits(self, digits: Spelling) -> Self {
        Self { digits, ..self }
    }
}

/// The width of a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// 32 bits with sign.
    I32,
    /// 32 bits without sign.
    U32,
    /// 64 bits with sign.
    I64,
    /// 64 bits without sign.
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
    /// The same in another letter case, as `"True"`.
    pub cased: Spelling,
    /// The number 1 for `true`.
    pub one: Spelling,
}

impl Bools {
    /// Text as the policy says, nothing else.
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
    /// The value as it travels.
    pub fn to_value(self) -> Value {
        match self {
            Self::Int(n) => Value::from(n),
            Self::Text(text) => Value::from(text),
            Self::Bool(b) => Value::from(b),
        }
    }

    /// The value without quotes.
    pub fn to_text(self) -> String {
        self.to_value().to_plain()
    }

    /// Whether the value at a place is this one; digits in a string are a number only where the place takes them.
    pub fn is_at(self, at: At<'_>) -> bool {
        let typed = |value: &&Value| {
            at.takes_digits() || !matches!((self, value), (Self::Int(_), Value::String(_)))
        };
        at.value().filter(typed).is_some_and(|value| self.is(value))
    }

    /// Whether a value is this one; digits in a string are a number, too.
    pub fn is(self, value: &Value) -> bool {
        match self {
            Self::Int(n) => value.as_integer() == Some(i128::from(n)),
            Self::Text(text) => value.as_str() == Some(text),
            Self::Bool(b) => value.as_bool() == Some(b),
        }
    }
}

/// One of the values that a field can have.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// The value as it travels.
    pub value: Lit,
    /// Its name for people; `--set` takes the name too.
    pub name: &'static str,
    /// What it does.
    pub about: Text,
    /// The rule that remarks on it (retired, dangerous), if one does.
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

    /// The value as messages and the reference show it: `1 (group)`.
    pub fn words(&self) -> String {
        let value = self.value.to_text();
        if self.name.is_empty() || self.name == value {
            value
        } else {
            format!("{value} ({})", self.name)
        }
    }

    /// The same, but somebody should know.
    #[must_use]
    pub const fn remark(self, rule: RuleId) -> Self {
        Self { remark: Some(rule), ..self }
    }
}

/// An object with free keys.
#[derive(Debug)]
pub struct MapOf {
    /// What stands under each key. Its name is what a key is called in the reference.
    pub value: Field,
    /// Keys that are described after all, inside the free ones.
    pub reserved: &'static [Field],
}

/// What a string holds.
#[derive(Debug)]
pub struct InnerKind {
    /// The kind of the value inside.
    pub kind: Kind,
    /// Whether the value may also stand there bare; herald then writes the text for it.
    pub bare: bool,
    /// Which rules faults inside get.
    pub codes: super::Codes,
}

/// What a file part has to be.
#[derive(Debug)]
pub struct FileRules {
    /// The most bytes that it may have.
    pub max_bytes: u64,
    /// The endings that it may have, lower case, without dot; none = any.
    pub endings: &'static [&'static str],
    /// The longest name.
    pub max_name: Option<Length>,
}
