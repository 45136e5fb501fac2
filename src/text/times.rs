//! Past times as people write them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

/// The units of a time, each with its milliseconds.
const UNITS: [(&str, f64); 6] = [
    ("ms", 1.0),
    ("s", 1_000.0),
    ("m", 60_000.0),
    ("h", 3_600_000.0),
    ("d", 86_400_000.0),
    ("w", 604_800_000.0),
];

/// The longest time, in milliseconds: a thousand years.
const LONGEST: f64 = 31_556_952_000_000.0;

/// A length of time in milliseconds: numbers with their units, as `500ms`, `1.5s`, `2h`, `1d12h`. A day has 24 hours.
pub fn length(text: &str) -> Result<u64, String> {
    let due = || {
        format!("`{text}` is no length of time: write a number and a unit, as 30s, 1.5m, 2h or 3d")
    };
    let (mut rest, mut millis) = (text, 0.0);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(due)?;
        let (number, behind) = rest.split_at(digits);
        let unit = behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(unit);
        let (_, size) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(due)?;
        // A point has digits on both sides.
        let is_whole = !number.starts_with('.') && !number.ends_with('.');
        millis += number.parse::<f64>().ok().filter(|_| is_whole).ok_or_else(due)? * size;
        rest = behind;
    }
    if text.is_empty() || millis > LONGEST {
        return Err(due());
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is in bounds")]
    Ok(millis.round() as u64)
}

/// How long ago something was, in milliseconds: `90d`, `2h`, `1d12h`.
pub fn ago(text: &str) -> Result<i64, String> {
    length(text).map(|millis| i64::try_from(millis).unwrap_or(i64::MAX))
}

/// The length of a date as `2026-05-01`.
const DATE_LENGTH: usize = 10;

/// A moment: how long ago it was, RFC 3339, or a day or a time in the local time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// This many milliseconds ago.
    Ago(i64),
    /// In milliseconds since 1970.
    At(i64),
    /// On the clock of the user.
    Local(DateTime),
}

impl Moment {
    /// The moment that a flag names.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Ok(at) = text.parse::<Timestamp>() {
            return Ok(Self::At(at.as_millisecond()));
        }
        // A date is also read from a text with a time behind it, which would be dropped.
        let local = match text.len() {
            DATE_LENGTH => text.parse::<Date>().map(|day| day.to_datetime(Time::midnight())),
            _ => text.parse::<DateTime>(),
        };
        if let Ok(local) = local {
            return Ok(Self::Local(local));
        }
        ago(text).map(Self::Ago).map_err(|_| {
            let meant = meant(text).map_or_else(String::new, |form| format!("did you mean {form}? "));
            format!(
                "`{text}` is no time: {meant}write how long ago, as 2h or 3d, a day as 2026-05-01, or a time as \
                 2026-05-01T08:00:00Z"
            )
        })
    }

    /// In milliseconds since 1970.
    pub fn at_ms(self, now_ms: i64, zone: &TimeZone) -> i64 {
        match self {
            Self::Local(local) => zone
                .to_ambiguous_timestamp(local)
                .compatible()
                .map_or(i64::MAX, |at| at.as_millisecond()),
            Self::Ago(millis) => now_ms.saturating_sub(millis),
            Self::At(at) => at,
        }
    }
}

/// How long ago a phrase means, as `2 days ago`, in the form that is taken.
fn meant(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let phrase = text.strip_suffix("ago").unwrap_or(&text).trim();
    let phrase = phrase.strip_prefix("last ").unwrap_or(phrase).trim();
    let digits = phrase.find(|c: char| !c.is_ascii_digit()).unwrap_or(phrase.len());
    let (number, word) = phrase.split_at(digits);
    let number = if number.is_empty() { 1 } else { number.parse::<u32>().ok()? };
    let word = word.trim();
    let (_, days, unit) = [
        ("yesterday", 1, "d"),
        ("seconds", 1, "s"),
        ("minutes", 1, "m"),
        ("hours", 1, "h"),
        ("days", 1, "d"),
        ("weeks", 1, "w"),
        ("months", 30, "d"),
        ("years", 365, "d"),
    ]
    .into_iter()
    .find(|(name, ..)| word.len() > 1 && name.starts_with(word))?;
    Some(format!("{}{unit}", number.checked_mul(days)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_numbers_with_units_and_may_have_fractions() {
        for (text, millis) in [
            ("500ms", 500),
            ("30s", 30_000),
            ("1.5s", 1500),
            ("2m", 120_000),
            ("0.25h", 900_000),
            ("1h30m", 5_400_000),
            ("1d", 86_400_000),
            ("1w", 604_800_000),
            ("0s", 0),
        ] {
            assert_eq!(length(text), Ok(millis), "{text}");
        }
        for text in
            ["", "1", "s", "5 s", "-1s", "1.s", ".5s", "1..5s", "1mo", "1S", "1e3s", "９s", "1s1"]
        {
            assert!(length(text).is_err_and(|told| told.contains("number and a unit")), "{text}");
        }
    }

    #[test]
    fn a_time_is_so_long_ago_or_stands_there() {
        for (text, at) in [
            ("2h", 1_000_000_000_000 - 7_200_000),
            ("3d", 1_000_000_000_000 - 3 * 86_400_000),
            ("1d12h", 1_000_000_000_000 - 129_600_000),
            ("30m", 1_000_000_000_000 - 1_800_000),
            ("1w", 1_000_000_000_000 - 604_800_000),
            ("2001-09-09T01:46:40Z", 1_000_000_000_000),
            ("2001-09-09T09:46:40+08:00", 1_000_000_000_000),
        ] {
            let read = Moment::parse(text).map(|at| at.at_ms(1_000_000_000_000, &TimeZone::UTC));
            assert_eq!(read, Ok(at), "{text}");
        }
        let east = TimeZone::fixed(jiff::tz::offset(8));
        for (text, at) in [
            ("2001-09-09", 999_964_800_000),
            ("2001-09-09T09:46:40", 1_000_000_000_000),
            ("2001-09-09 09:46:40", 1_000_000_000_000),
        ] {
            assert_eq!(Moment::parse(text).map(|at| at.at_ms(0, &east)), Ok(at), "{text}");
        }
        for text in ["", "2", "yesterday", "-2h", "2001-13-09", "1mo", "99999999999999d"] {
            assert!(Moment::parse(text).is_err(), "{text}");
        }
        for (text, form) in [
            ("yesterday", Some("1d")),
            ("2 days ago", Some("2d")),
            ("90min", Some("90m")),
            ("Last week", Some("1w")),
            ("1mo", Some("30d")),
            ("2 years", Some("730d")),
            ("noon", None),
            ("99999999999999 days", None),
            ("2m3", None),
        ] {
            let told = Moment::parse(text).expect_err(text);
            let hint = form.map(|form| format!("did you mean {form}? "));
            assert_eq!(told.contains("did you mean"), hint.is_some(), "{told}");
            assert!(hint.is_none_or(|hint| told.contains(&hint)), "{told}");
            assert!(form.is_none_or(|form| Moment::parse(form).is_ok()), "{text}");
        }
    }
}
