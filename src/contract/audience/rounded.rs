//! Ids that are numbers, and whose last digits a program may have lost. Spreadsheets keep 15 digits of a number. JavaScript
//! keeps numbers exactly up to 2^53. Both write zeros in the place of lost digits.

/// The number of digits that a spreadsheet keeps.
const KEPT_DIGITS: usize = 15;

/// From here on JavaScript does not keep each whole number.
const INEXACT: u128 = 1 << 53;

/// What is said of such ids.
pub const ROUNDED_WORDS: &str =
    "a spreadsheet or JavaScript may have rounded it: its last digits are zeros";

/// The long numbers among ids that were given together. `P` is the place of an id.
#[derive(Debug)]
pub struct LongNumbers<P> {
    count: u64,
    rounded: u64,
    first: Option<P>,
    /// The first that looks rounded even if it is the only one.
    alone: Option<P>,
}

impl<P> Default for LongNumbers<P> {
    fn default() -> Self {
        Self { count: 0, rounded: 0, first: None, alone: None }
    }
}

impl<P: Clone> LongNumbers<P> {
    /// Sees an id.
    pub fn see(&mut self, place: &P, id: &str) {
        // Nearly all ids are shorter, or have a letter.
        if id.len() <= KEPT_DIGITS || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return;
        }
        self.count += 1;
        if is_rounded(id) {
            self.rounded += 1;
            self.first.get_or_insert_with(|| place.clone());
            if self.alone.is_none() && has_lost_several(id) {
                self.alone = Some(place.clone());
            }
        }
    }

    /// The place of the first rounded id, if there are several long numbers and all of them look rounded: one may look so
    /// by chance.
    pub fn all_rounded(&self) -> Option<&P> {
        self.first.as_ref().filter(|_| self.count > 1 && self.rounded == self.count)
    }

    /// The same for a few ids that a person or a script gives: here one is enough, if at least two of its digits look lost.
    pub fn any_rounded(&self) -> Option<&P> {
        self.all_rounded().or(self.alone.as_ref())
    }
}

/// Whether a long number has nothing but zeros after the digits that a spreadsheet keeps, or is written as JavaScript writes
/// the nearest number that it has, with zeros at its end.
fn is_rounded(digits: &str) -> bool {
    if digits.starts_with('0') || !digits.ends_with('0') {
        return false;
    }
    let is_of_spreadsheet = digits.bytes().skip(KEPT_DIGITS).all(|byte| byte == b'0');
    // As in JavaScript: the shortest digits that name the number, then zeros.
    is_of_spreadsheet || digits.parse::<f64>().is_ok_and(|number| number.to_string() == digits)
}

/// Whether a rounded number ends in several zeros, and is too large for JavaScript to keep it.
fn has_lost_several(digits: &str) -> bool {
    digits.ends_with("00") && digits.parse::<u128>().map_or(true, |number| number >= INEXACT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(ids: &[&'static str]) -> LongNumbers<&'static str> {
        let mut numbers = LongNumbers::default();
        ids.iter().for_each(|id| numbers.see(id, id));
        numbers
    }

    #[test]
    fn one_number_that_lost_several_digits_is_enough_for_flags() {
        for id in [
            "1294030472427830000",
            "9007199254741000",
            "12345678901234500",
            "12345678901234567000",
            "430843814853214300",
            "1294030472427830000000000000000000000000000",
        ] {
            assert_eq!(seen(&[id]).any_rounded(), Some(&id), "{id}");
            assert_eq!(seen(&[id]).all_rounded(), None, "{id}");
            assert_eq!(seen(&["bob", id, "1294030472427830017"]).any_rounded(), Some(&id), "{id}");
        }
        for id in [
            "",
            "bob",
            "100000000000000",
            "9007199254740992",
            "9007199254740990",
            "1234567890123400",
            "1294030472427830017",
            "430843814853214336",
            "0000000000000000000",
            "u1294030472427830000",
            "1294030472427830000.0",
        ] {
            assert_eq!(seen(&[id]).any_rounded(), None, "{id}");
        }
    }

    #[test]
    fn several_numbers_are_told_if_none_has_kept_its_digits() {
        let two = ["9007199254740990", "9007199254740980"];
        assert_eq!(seen(&two).all_rounded(), Some(&two[0]));
        assert_eq!(seen(&[two[0], two[1], "9007199254740981"]).any_rounded(), None);
    }

    #[test]
    fn what_javascript_makes_of_a_large_number_is_told_if_it_ends_in_zeros() {
        // A fixed walk over numbers of 19 digits.
        for n in 0..2_000_u64 {
            let id = 1_000_000_000_000_000_003 + n * 4_007_199_254_741_113;
            let rounded = (id as f64).to_string();
            let mut numbers = LongNumbers::default();
            numbers.see(&(), &rounded);
            assert_eq!(numbers.any_rounded().is_some(), rounded.ends_with("00"), "{rounded}");
        }
    }
}
