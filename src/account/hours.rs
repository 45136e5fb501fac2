//! Quiet hours: the hours, on the wall clock of a time zone, in which users do not want to be reached.

use jiff::civil::{Date, Time};
use jiff::tz::{self, AmbiguousOffset, TimeZone};
use jiff::{Timestamp, Zoned};

use crate::near::did_you_mean;

/// A span of time on every day, on the wall clock of a zone. If its end is before its start, it crosses midnight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuietHours {
    from: Time,
    to: Time,
    zone: TimeZone,
}

impl QuietHours {
    /// The hours from `from` to `to`, `to` itself excluded; `None` if both are the same.
    pub fn new(from: Time, to: Time, zone: TimeZone) -> Option<Self> {
        (from != to).then_some(Self { from, to, zone })
    }

    /// The end, on their own wall clock, of the quiet hours that contain a time in milliseconds since 1970; `None` if
    /// no quiet hours contain it. If a clock is set back during them, the longer night counts.
    pub fn end_of(&self, now_ms: i64) -> Option<Zoned> {
        let now = Timestamp::from_millisecond(now_ms).ok()?;
        let today = now.to_zoned(self.zone.clone()).date();
        // Yesterday's hours may still last. If a clock is set back at midnight, tomorrow's may have begun.
        [today.yesterday(), Ok(today), today.tomorrow()]
            .into_iter()
            .flatten()
            .filter_map(|day| self.span(day))
            .filter(|(from, to)| *from <= now && now < *to)
            .map(|(_, to)| to)
            .max()
            .map(|to| to.to_zoned(self.zone.clone()))
    }

    /// A time in milliseconds since 1970, on their wall clock.
    pub fn clock(&self, now_ms: i64) -> Option<Zoned> {
        Some(Timestamp::from_millisecond(now_ms).ok()?.to_zoned(self.zone.clone()))
    }

    /// The zone's name.
    pub fn zone(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// The hours that begin on a day.
    fn span(&self, day: Date) -> Option<(Timestamp, Timestamp)> {
        let last = if self.from < self.to { day } else { day.tomorrow().ok()? };
        Some((self.moment(day, self.from, false)?, self.moment(last, self.to, true)?))
    }

    /// When the wall clock shows a time: the first or the last moment at which it does. If the clock skips the time,
    /// the moment of the jump.
    fn moment(&self, day: Date, time: Time, last: bool) -> Option<Timestamp> {
        let shown = self.zone.to_ambiguous_timestamp(day.to_datetime(time));
        match shown.offset() {
            AmbiguousOffset::Unambiguous { .. } => shown.unambiguous().ok(),
            AmbiguousOffset::Fold { .. } if last => shown.later().ok(),
            AmbiguousOffset::Fold { .. } => shown.earlier().ok(),
            AmbiguousOffset::Gap { .. } => {
                let behind = shown.later().ok()?;
                self.zone.preceding(behind).next().map(|jump| jump.timestamp())
            }
        }
    }
}

/// Reads `HH:MM`.
pub(crate) fn clock(text: &str) -> Option<Time> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |digits: &str| {
        let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse().ok()).flatten()
    };
    Time::new(number(hours)?, number(minutes)?, 0, 0).ok()
}

/// Abbreviations that people write for zones, each with the zones that it can mean. Those that are names of the IANA's,
/// as `EST` and `CET`, are zones, and not here.
const ABBREVIATIONS: [(&str, &[&str]); 24] = [
    ("CST", &["Asia/Shanghai", "America/Chicago", "America/Havana"]),
    ("IST", &["Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"]),
    ("BST", &["Europe/London", "Asia/Dhaka"]),
    ("PST", &["America/Los_Angeles", "Asia/Manila"]),
    ("AST", &["America/Halifax", "Asia/Riyadh"]),
    ("AMT", &["America/Manaus", "Asia/Yerevan"]),
    ("GST", &["Asia/Dubai", "Atlantic/South_Georgia"]),
    ("SST", &["Asia/Singapore", "Pacific/Pago_Pago"]),
    ("CDT", &["America/Chicago", "America/Havana"]),
    ("EDT", &["America/New_York"]),
    ("MDT", &["America/Denver"]),
    ("PDT", &["America/Los_Angeles"]),
    ("AEST", &["Australia/Brisbane", "Australia/Sydney"]),
    ("JST", &["Asia/Tokyo"]),
    ("KST", &["Asia/Seoul"]),
    ("HKT", &["Asia/Hong_Kong"]),
    ("SGT", &["Asia/Singapore"]),
    ("ICT", &["Asia/Bangkok", "Asia/Ho_Chi_Minh"]),
    ("WIB", &["Asia/Jakarta"]),
    ("MSK", &["Europe/Moscow"]),
    ("CEST", &["Europe/Berlin", "Europe/Paris"]),
    ("BJT", &["Asia/Shanghai"]),
    ("Beijing", &["Asia/Shanghai"]),
    ("Asia/Beijing", &["Asia/Shanghai"]),
];

/// The most letters of an abbreviation of a zone.
const MAX_ABBREVIATION: usize = 5;

/// The zone with a name; otherwise the zones that the name may mean, or the nearest known name.
pub(crate) fn zone(name: &str) -> Result<TimeZone, Option<String>> {
    TimeZone::get(name).map_err(|_| {
        let known = ABBREVIATIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        if let Some((known, zones)) = known {
            let zones: Vec<String> = zones.iter().map(|zone| format!("`{zone}`")).collect();
            let several = if zones.len() > 1 { "one of " } else { "" };
            return Some(format!("`{known}` may mean {several}{}", zones.join(", ")));
        }
        let names: Vec<String> =
            tz::TimeZoneDatabase::bundled().available().map(|name| name.to_string()).collect();
        // One letter of an abbreviation, or one digit of an offset, is another zone, hours away.
        let is_near = name.len() > MAX_ABBREVIATION && !name.contains(|c: char| c.is_ascii_digit());
        is_near.then(|| did_you_mean(name, names.iter().map(String::as_str))).flatten()
    })
}

impl std::fmt::Display for QuietHours {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (from, to) = (self.from.strftime("%H:%M"), self.to.strftime("%H:%M"));
        write!(f, "{from} to {to} in {}", self.zone())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hours(from: &str, to: &str, name: &str) -> QuietHours {
        let time = |text| clock(text).expect("a time");
        QuietHours::new(time(from), time(to), zone(name).expect("a zone")).expect("hours")
    }

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().expect("a time").as_millisecond()
    }

    /// When the hours end, as `MM-DD HH:MM` of the zone.
    fn until(hours: &QuietHours, now: &str) -> Option<String> {
        hours.end_of(ms(now)).map(|end| end.strftime("%m-%d %H:%M").to_string())
    }

    #[test]
    fn hours_over_midnight_end_the_next_morning() {
        let night = hours("22:00", "08:00", "Asia/Shanghai");
        for (now, expected) in [
            ("2026-11-21T13:59:59.999Z", None),
            ("2026-11-21T14:00:00Z", Some("11-22 08:00")),
            ("2026-11-21T15:59:59Z", Some("11-22 08:00")),
            ("2026-11-21T16:00:00Z", Some("11-22 08:00")),
            ("2026-11-21T23:59:59.999Z", Some("11-22 08:00")),
            ("2026-11-22T00:00:00Z", None),
            ("2026-12-31T15:30:00Z", Some("01-01 08:00")),
        ] {
            assert_eq!(until(&night, now).as_deref(), expected, "{now}");
        }
    }

    #[test]
    fn hours_within_a_day_end_on_it() {
        let noon = hours("12:00", "14:00", "Asia/Kolkata");
        for (now, expected) in [
            ("2026-11-21T06:29:59Z", None),
            ("2026-11-21T06:30:00Z", Some("11-21 14:00")),
            ("2026-11-21T08:29:59Z", Some("11-21 14:00")),
            ("2026-11-21T08:30:00Z", None),
        ] {
            assert_eq!(until(&noon, now).as_deref(), expected, "{now}");
        }
    }

    #[test]
    fn a_clock_that_is_put_forward_or_back_neither_ends_the_night_early_nor_loses_it() {
        // New York: 2026-03-08 02:00 EST becomes 03:00 EDT (07:00Z); 2026-11-01 02:00 EDT becomes 01:00 EST (06:00Z).
        let name = "America/New_York";
        for (from, to, now, expected) in [
            // The clock skips the end: the hours end at the jump.
            ("23:00", "02:30", "2026-03-08T06:59:59Z", Some("03-08 03:00")),
            ("23:00", "02:30", "2026-03-08T07:00:00Z", None),
            // The clock skips the start: the hours start at the jump.
            ("02:30", "06:00", "2026-03-08T06:59:59Z", None),
            ("02:30", "06:00", "2026-03-08T07:00:00Z", Some("03-08 06:00")),
            // The clock skips both: that day has no such hours.
            ("02:10", "02:50", "2026-03-08T07:00:00Z", None),
            // The night is an hour shorter; it ends when the clock shows its end.
            ("23:00", "08:00", "2026-03-08T11:59:59Z", Some("03-08 08:00")),
            ("23:00", "08:00", "2026-03-08T12:00:00Z", None),
            // The clock shows the end twice: the later one counts.
            ("23:00", "01:30", "2026-11-01T05:45:00Z", Some("11-01 01:30")),
            ("23:00", "01:30", "2026-11-01T06:29:59Z", Some("11-01 01:30")),
            ("23:00", "01:30", "2026-11-01T06:30:00Z", None),
            // The clock shows the start twice: the earlier one counts.
            ("01:30", "06:00", "2026-11-01T05:30:00Z", Some("11-01 06:00")),
            ("01:30", "06:00", "2026-11-01T06:10:00Z", Some("11-01 06:00")),
        ] {
            let quiet = hours(from, to, name);
            assert_eq!(until(&quiet, now).as_deref(), expected, "{quiet} at {now}");
        }
        // Samoa has no 30 December 2011, so the night before ends when that day would have begun.
        let samoa = hours("22:00", "08:00", "Pacific/Apia");
        assert_eq!(until(&samoa, "2011-12-30T09:00:00Z").as_deref(), Some("12-31 00:00"));
    }

    #[test]
    fn a_time_is_two_and_two_digits_of_a_day() {
        for text in ["00:00", "08:05", "23:59"] {
            assert_eq!(
                clock(text).map(|time| time.strftime("%H:%M").to_string()),
                Some(text.to_owned())
            );
        }
        for text in [
            "",
            "8:00",
            "24:00",
            "12:60",
            "12",
            "12:0",
            "12:000",
            "+1:00",
            "-1:00",
            "１２:00",
            "12:00:00",
        ] {
            assert_eq!(clock(text), None, "{text}");
        }
        let midnight = clock("00:00").expect("a time");
        assert_eq!(QuietHours::new(midnight, midnight, TimeZone::UTC), None);
    }

    #[test]
    fn a_zone_that_is_not_there_gets_the_nearest_one() {
        assert!(zone("Asia/Shanghai").is_ok() && zone("UTC").is_ok());
        for (name, help) in [
            ("Asia/Shangai", Some("did you mean `Asia/Shanghai`?")),
            (
                "CST",
                Some("`CST` may mean one of `Asia/Shanghai`, `America/Chicago`, `America/Havana`"),
            ),
            ("jst", Some("`JST` may mean `Asia/Tokyo`")),
            ("Asia/Atlantis-on-Sea", None),
            ("+08:00", None),
            ("GMT+8", None),
            ("UTC+8", None),
            ("Etc/GMT+88", None),
            ("WST", None),
            ("", None),
        ] {
            assert_eq!(zone(name).unwrap_err().as_deref(), help, "{name}");
        }
    }

    #[test]
    fn abbreviations_are_no_zones_and_mean_zones() {
        for (name, zones) in ABBREVIATIONS {
            assert!(zone(name).is_err(), "{name} is a zone");
            assert!(zones.iter().all(|name| zone(name).is_ok()), "{zones:?}");
        }
    }

    proptest! {
        #[test]
        fn where_no_clock_is_changed_the_wall_clock_alone_decides(
            (from, to) in (0..1440_i32, 0..1440_i32).prop_filter("not all day", |(from, to)| from != to),
            minute in 0..40_000_i64,
        ) {
            let time = |minutes: i32| clock(&format!("{:02}:{:02}", minutes / 60, minutes % 60)).expect("a time");
            let quiet = QuietHours::new(time(from), time(to), zone("Asia/Shanghai").expect("a zone")).expect("hours");
            let now_ms = ms("2026-11-21T00:00:00Z") + minute * 60_000;
            let shown = quiet.clock(now_ms).expect("a time").time();
            let within = if from < to {
                time(from) <= shown && shown < time(to)
            } else {
                time(from) <= shown || shown < time(to)
            };
            let end = quiet.end_of(now_ms);
            prop_assert_eq!(end.is_some(), within);
            if let Some(end) = end {
                prop_assert_eq!(end.time(), time(to));
                let left = end.timestamp().as_millisecond() - now_ms;
                prop_assert!(0 < left && left <= 86_400_000);
                prop_assert_eq!(quiet.end_of(now_ms + left - 1), Some(end));
            }
        }

        #[test]
        fn whatever_clocks_do_the_hours_go_on_to_their_end_and_stop_there(
            (from, to) in (0..1440_i32, 0..1440_i32).prop_filter("not all day", |(from, to)| from != to),
            place in prop::sample::select(vec!["America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"]),
            minute in 0..525_600_i64,
        ) {
            let time = |minutes: i32| clock(&format!("{:02}:{:02}", minutes / 60, minutes % 60)).expect("a time");
            let quiet = QuietHours::new(time(from), time(to), zone(place).expect("a zone")).expect("hours");
            let now_ms = ms("2026-01-01T00:00:00Z") + minute * 60_000;
            if let Some(end) = quiet.end_of(now_ms) {
                let end_ms = end.timestamp().as_millisecond();
                prop_assert!(now_ms < end_ms && end_ms - now_ms <= 25 * 3_600_000);
                prop_assert_eq!(quiet.end_of(end_ms - 1), Some(end.clone()));
                // Either the clock shows it at that moment, or it skips it.
                let before = quiet.clock(end_ms - 60_000).expect("a time").time();
                prop_assert!(end.time() == time(to) || before < time(to) && time(to) < end.time());
            }
        }
    }
}
