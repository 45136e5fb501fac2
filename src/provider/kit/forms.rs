//! Forms of texts that several vendors write: digits, times.

use crate::contract::TextForm;
use crate::text::en;

/// Whether a text is decimal digits.
pub(in crate::provider) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Decimal digits.
pub(in crate::provider) static DIGITS: TextForm =
    TextForm { test: is_digits, pattern: Some("^[0-9]+$"), words: en("decimal digits") };

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
