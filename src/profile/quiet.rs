//! Parses `quiet_hours` of a profile file.

use toml::de::{DeTable, DeValue};

use super::file::{ProfileKey, ProfileReader, ProfileValue};
use super::text::Problem;
use crate::account::{QuietHours, clock, zone};
use crate::near::{did_you_mean, nearest};

/// Keys of the table.
pub(super) const KEYS: [&str; 3] = ["from", "to", "zone"];

const WANTED: &str = "a table as { from = \"22:00\", to = \"08:00\", zone = \"Asia/Shanghai\" }";

impl ProfileReader<'_> {
    /// The hours; `None` if there is any fault in them.
    pub(super) fn quiet_hours(&mut self, value: &ProfileValue<'_>) -> Option<QuietHours> {
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong("quiet_hours", value, WANTED);
            return None;
        };
        for (key, _) in table {
            self.known(key);
        }
        let mut time = |name: &str| {
            let at = self.part(table, name, value)?;
            let text = self.word(name, at)?;
            let time = clock(&text);
            if time.is_none() {
                let message = format!("`{text}` is no time of a day");
                let help = "write HH:MM, from 00:00 to 23:59".to_owned();
                self.problems.push(Problem::new(at.span(), message).help(help));
            }
            time
        };
        let (from, to) = (time("from"), time("to"));
        let zone = self.zone(table, value);
        let hours = QuietHours::new(from?, to?, zone?);
        if hours.is_none() {
            let message = "`quiet_hours` begin and end at the same time";
            let help = "a profile that must never send has mode = \"sandbox\", or a `kill_switch`";
            self.problems.push(Problem::new(value.span(), message).help(help.to_owned()));
        }
        hours
    }

    fn known(&mut self, key: &ProfileKey<'_>) {
        let word = key.get_ref().as_ref();
        if !KEYS.contains(&word) {
            let list = || format!("its keys are {}", KEYS.join(", "));
            let help = did_you_mean(word, KEYS).unwrap_or_else(list);
            let message = format!("unknown key `{word}` of `quiet_hours`");
            self.problems.push(Problem::new(key.span(), message).help(help));
        }
    }

    /// The value of a key; all keys are required. herald must not guess the time zone.
    fn part<'t, 'i>(
        &mut self,
        table: &'t DeTable<'i>,
        name: &str,
        around: &ProfileValue<'_>,
    ) -> Option<&'t ProfileValue<'i>> {
        let found = table.get(name);
        // A key with nearly this name is told already.
        let is_told = || table.keys().any(|key| nearest(key.get_ref(), KEYS) == Some(name));
        if found.is_none() && !is_told() {
            let message = format!("`quiet_hours` has no `{name}`");
            let help = format!("write {WANTED}").replace("write a table as", "write it as");
            self.problems.push(Problem::new(around.span(), message).help(help));
        }
        found
    }

    fn zone(
        &mut self,
        table: &DeTable<'_>,
        around: &ProfileValue<'_>,
    ) -> Option<jiff::tz::TimeZone> {
        let at = self.part(table, "zone", around)?;
        let name = self.word("zone", at)?;
        match zone(&name) {
            Ok(zone) => Some(zone),
            Err(near) => {
                let list = || Some("it is a name of the IANA's, as `Asia/Shanghai`".to_owned());
                let message = format!("there is no time zone `{name}`");
                self.problems.push(Problem::new(at.span(), message).help(near.or_else(list)));
                None
            }
        }
    }
}
