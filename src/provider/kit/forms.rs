//! Forms of texts that several vendors write: digits, times.

use crate::contract::{Limit, Test, TextForm, ValueCheck};
use crate::document::At;
use crate::text::en;

/// Whether a text is decimal digits.
pub(in crate::provider) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Decimal digits.
pub(in crate::provider) static DIGITS: TextForm =
    TextForm { test: is_digits, pattern: Some("^[0-9]+$"), words: en("decimal digits") };

/// Warnings on an id of 64 bits that looks as if it went through a double. The provider names the rule.
pub(in crate::provider) const ROUNDED: Limit = Limit::of(Test::ValueCheck(&ValueCheck {
    name: "an id that kept its last digits",
    test: rounded,
}));

/// From here on doubles are 64 apart. Smaller ids are left alone: for them these marks mean little.
const COARSE: u64 = 1 << 58;

/// The marks that a double leaves: a multiple of 64, or the digits that JavaScript prints, the shortest that name the
/// double. Of ids that went through `JSON.parse` and `JSON.stringify` the second finds all; of others it holds for about
/// one in 64.
fn rounded(at: At<'_>) -> Option<String> {
    let id = u64::try_from(at.as_integer()?).ok().filter(|id| *id > COARSE)?;
    let digits = id.to_string();
    let marked = id.is_multiple_of(64) || (id as f64).to_string() == digits;
    marked.then(|| format!("the last digits of {digits} look rounded"))
}

/// The calendar time that a `yyyy-MM-dd HH:mm:ss` names.
pub(in crate::provider) fn moment(text: &str) -> Option<jiff::civil::DateTime> {
    let exact = text.len() == 19
        && text.bytes().zip("dddd-dd-dd dd:dd:dd".bytes()).all(|(byte, due)| match due {
            b'd' => byte.is_ascii_digit(),
            due => byte == due,
        });
    // Reading is lenient with blanks and signs, and takes a second 60, which no clock of a schedule has, for 59.
    if !exact || text.ends_with(":60") {
        return None;
    }
    jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()
}

const CHINA_MS: i64 = 8 * 3_600_000;

/// What a clock in China shows at a time.
pub(in crate::provider) fn china(ms: i64, format: &str) -> String {
    let moment = jiff::Timestamp::from_millisecond(ms.saturating_add(CHINA_MS)).unwrap_or_default();
    moment.strftime(format).to_string()
}

/// The same as `yyyy-MM-dd HH:mm:ss`.
pub(in crate::provider) fn clock(ms: i64) -> String {
    china(ms, "%Y-%m-%d %H:%M:%S")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Trail, Value};

    #[test]
    fn every_large_id_that_javascript_rounded_is_noticed_and_few_others_are() {
        let looks = |id: u64| {
            let document = Document::of(&Value::from(id));
            rounded(Trail::new(&document).root()).is_some()
        };
        // A fixed walk over ids of today's size, in steps that hit every remainder.
        let ids = || (0..20_000_u64).map(|n| COARSE + 1000 + n * 14_411_518_807_587);
        assert!(ids().all(|id| looks((id as f64).to_string().parse().expect("digits"))));
        assert!(ids().filter(|id| looks(*id)).count() < 20_000 / 25);
        assert!(looks(430_843_814_853_214_336), "a multiple of 64");
        assert!(!looks(29_273_455_998_601_740), "below 2^58 nothing is said");
    }
}
