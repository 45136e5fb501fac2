//! Codes that people meet beside a vendor's API, and that are not of its table.

use crate::text::Text;

/// Codes whose owner is known and is not this API, or that were seen and that no document explains.
#[derive(Clone, Copy, Debug)]
pub struct ForeignCodes {
    /// The first and the last of each range.
    pub codes: &'static [(i64, i64)],
    /// Whose they are, or what is not known about them, in a sentence without a full stop.
    pub about: Text,
    /// What to do.
    pub cure: Text,
    /// Where that was read.
    pub source: &'static str,
}

impl ForeignCodes {
    /// Codes with their owner.
    pub const fn new(
        codes: &'static [(i64, i64)],
        about: &'static str,
        cure: &'static str,
        source: &'static str,
    ) -> Self {
        Self { codes, about: Text::en(about), cure: Text::en(cure), source }
    }

    /// Whether it is about a code.
    pub fn has(&self, code: &str) -> bool {
        let number = code.parse::<i64>().ok().filter(|number| number.to_string() == code);
        number.is_some_and(|number| {
            self.codes.iter().any(|(first, last)| (*first..=*last).contains(&number))
        })
    }
}
