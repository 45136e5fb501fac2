//! Limits on one value. A length always says which unit it counts.

use super::{Choice, Condition, Lit, RuleId};
use crate::document::At;
use crate::text::Text;

/// A length with its unit: there are no bare numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Bytes of the UTF-8 text.
    Bytes(u64),
    /// Unicode code points.
    Chars(u64),
    /// UTF-16 code units, as Java's `String.length` counts.
    Utf16(u64),
    /// Wide characters (CJK, full width) count 2, all others 1.
    Weighted(u64),
}

impl Length {
    /// The number, in its own unit.
    pub const fn max(self) -> u64 {
        match self {
            Self::Bytes(n) | Self::Chars(n) | Self::Utf16(n) | Self::Weighted(n) => n,
        }
    }

    /// How long a text is in this unit.
    pub fn measure(self, text: &str) -> u64 {
        let n = match self {
            Self::Bytes(_) => text.len(),
            Self::Chars(_) => text.chars().count(),
            Self::Utf16(_) => text.encode_utf16().count(),
            Self::Weighted(_) => text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum(),
        };
        n as u64
    }

    /// The unit, for messages: `220 bytes`.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Bytes(_) => "bytes",
            Self::Chars(_) => "characters",
            Self::Utf16(_) => "UTF-16 units",
            Self::Weighted(_) => "units (a Chinese character counts 2)",
        }
    }
}

/// Whether a character counts 2 in [`Length::Weighted`]: East Asian wide and full-width forms.
fn is_wide(c: char) -> bool {
    unicode_width::UnicodeWidthChar::width(c) == Some(2)
}

/// A form that a text must have, as code for lint and as a pattern for JSON Schema. A property test checks that both
/// agree.
#[derive(Debug)]
pub struct TextForm {
    /// Whether a text has it.
    pub test: fn(&str) -> bool,
    /// The same as an ECMA 262 regular expression, anchored; `None` if a pattern cannot express it.
    pub pattern: Option<&'static str>,
    /// The form in words, for messages, after "must be": `24 letters or digits`.
    pub words: Text,
}

/// A limit on one value.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// What the value must satisfy.
    pub test: Test,
    /// The limit applies only under this condition.
    pub when: Option<&'static Condition>,
    /// The rule for a breach, if it is not the row's rule.
    pub rule: Option<RuleId>,
}

/// What the value must satisfy.
#[derive(Clone, Copy, Debug)]
pub enum Test {
    /// A text no longer than this.
    AtMost(Length),
    /// A text no shorter than this.
    AtLeast(Length),
    /// A text that is not empty.
    Filled,
    /// A text that does not consist of blanks only.
    NotBlank,
    /// A text of a form.
    Form(&'static TextForm),
    /// A whole number within bounds, both inclusive.
    Range(Option<i128>, Option<i128>),
    /// A number within bounds, both inclusive.
    Between(f64, f64),
    /// Values of the range that are not allowed.
    Not(&'static [Lit]),
    /// One of these.
    OneOf(&'static [Choice]),
    /// A list or a map whose number of entries is within bounds, both inclusive.
    Items(Option<u32>, Option<u32>),
    /// A list without repeated items.
    Unique,
    /// Every key of a map has this form.
    Keys(&'static TextForm),
    /// Every key of a map is no longer than this.
    KeysAtMost(Length),
    /// What a named function says: it returns a sentence if the value is wrong.
    ValueCheck(&'static ValueCheck),
}

/// A named function that judges one value.
#[derive(Debug)]
pub struct ValueCheck {
    /// Its name in the reference.
    pub name: &'static str,
    /// What is wrong with the value, or `None`.
    pub test: for<'a> fn(At<'a>) -> Option<String>,
}

impl Limit {
    /// A limit with the row's own rule.
    pub const fn of(test: Test) -> Self {
        Self { test, when: None, rule: None }
    }

    /// A text no longer than this.
    pub const fn at_most(length: Length) -> Self {
        Self::of(Test::AtMost(length))
    }

    /// A text of at most `max` bytes of UTF-8.
    pub const fn bytes(max: u64) -> Self {
        Self::at_most(Length::Bytes(max))
    }

    /// A text of at most `max` code points.
    pub const fn chars(max: u64) -> Self {
        Self::at_most(Length::Chars(max))
    }

    /// A text that is not empty.
    pub const fn filled() -> Self {
        Self::of(Test::Filled)
    }

    /// A text of a form.
    pub const fn form(form: &'static TextForm) -> Self {
        Self::of(Test::Form(form))
    }

    /// A whole number from `min` to `max`.
    pub const fn range(min: i128, max: i128) -> Self {
        Self::of(Test::Range(Some(min), Some(max)))
    }

    /// A list or a map of `min` to `max` entries.
    pub const fn items(min: u32, max: u32) -> Self {
        Self::of(Test::Items(Some(min), Some(max)))
    }

    /// A list or a map of at most `max` entries.
    pub const fn at_most_items(max: u32) -> Self {
        Self::of(Test::Items(None, Some(max)))
    }

    /// The same limit under another rule.
    #[must_use]
    pub const fn rule(self, rule: RuleId) -> Self {
        Self { rule: Some(rule), ..self }
    }

    /// The same limit, but only under a condition.
    #[must_use]
    pub const fn when(self, when: &'static Condition) -> Self {
        Self { when: Some(when), ..self }
    }
}
