//! Times as people and machines read them: machines in UTC, people in their own time zone.

use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A time in RFC 3339, in UTC, to the second.
pub fn time(millis: i64) -> String {
    match Timestamp::from_millisecond(millis) {
        Ok(time) => time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        Err(_) => millis.to_string(),
    }
}

/// The time zone of the user, and the present day in it: with these, a moment is written for people.
#[derive(Clone, Debug)]
pub struct LocalTime {
    /// Read for the first moment that is written: few commands write one, and it takes longer than a whole dry run.
    zone: OnceLock<TimeZone>,
    read_zone: fn() -> TimeZone,
    now_ms: i64,
}

impl LocalTime {
    /// For a time zone and the present, in milliseconds since 1970.
    pub fn new(zone: TimeZone, now_ms: i64) -> Self {
        Self { zone: OnceLock::from(zone), ..Self::reading(|| TimeZone::UTC, now_ms) }
    }

    /// The same with a time zone that is read when it is needed.
    pub(crate) fn reading(read_zone: fn() -> TimeZone, now_ms: i64) -> Self {
        Self { zone: OnceLock::new(), read_zone, now_ms }
    }

    /// A moment to the second, with its offset from UTC, and with its date where that is not today: `22:39:40 +08:00`,
    /// `2026-06-25 22:39:40 +08:00`.
    pub fn second(&self, millis: i64) -> String {
        self.format(millis, "%H:%M:%S %:z")
    }

    /// The same to the minute, for what has happened: `22:39 +08:00`, `2026-06-25 22:39 +08:00`.
    pub fn minute(&self, millis: i64) -> String {
        self.format(millis, "%H:%M %:z")
    }

    fn format(&self, millis: i64, clock: &str) -> String {
        let zone = self.zone.get_or_init(self.read_zone);
        let zoned = |ms| Timestamp::from_millisecond(ms).ok().map(|at| at.to_zoned(zone.clone()));
        let Some(moment) = zoned(millis) else { return millis.to_string() };
        let clock = moment.strftime(clock);
        match zoned(self.now_ms).map(|now| now.date()) == Some(moment.date()) {
            true => clock.to_string(),
            false => format!("{} {clock}", moment.strftime("%Y-%m-%d")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_to_the_second() {
        assert_eq!(time(1_782_353_213_880), "2026-06-25T02:06:53Z");
        assert_eq!(time(i64::MAX), i64::MAX.to_string());
    }

    #[test]
    fn people_read_a_moment_in_their_zone_with_its_date_where_that_is_not_today() {
        let at = 1_782_353_213_880; // 2026-06-25T02:06:53Z
        let day = 86_400_000;
        let zone = |name| TimeZone::get(name).expect("a zone");
        for (name, now_ms, second, minute) in [
            ("UTC", at, "02:06:53 +00:00", "02:06 +00:00"),
            ("Asia/Shanghai", at + 3_600_000, "10:06:53 +08:00", "10:06 +08:00"),
            ("Asia/Shanghai", at + day, "2026-06-25 10:06:53 +08:00", "2026-06-25 10:06 +08:00"),
            // Yesterday there, although it is the same day in UTC.
            (
                "America/New_York",
                at + 7_200_000,
                "2026-06-24 22:06:53 -04:00",
                "2026-06-24 22:06 -04:00",
            ),
            ("Asia/Kathmandu", at - day, "2026-06-25 07:51:53 +05:45", "2026-06-25 07:51 +05:45"),
        ] {
            let local = LocalTime::new(zone(name), now_ms);
            assert_eq!(local.second(at), second, "{name}");
            assert_eq!(local.minute(at), minute, "{name}");
        }
        // Summer time has the offset of its own day.
        let winter = LocalTime::new(zone("America/New_York"), at);
        assert_eq!(winter.second(1_768_000_000_000), "2026-01-09 18:06:40 -05:00");
        assert_eq!(winter.second(i64::MAX), i64::MAX.to_string());
    }
}
