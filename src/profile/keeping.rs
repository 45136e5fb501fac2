//! The settings of the ledger in a profile file: the section `[ledger]`.

use toml::de::{DeTable, DeValue};

use super::file::{ProfileReader, ProfileValue};
use super::text::Problem;
use crate::near::did_you_mean;

/// How many days the ledger keeps its entries by default.
const KEEP_DAYS: u32 = 90;

const KEYS: [&str; 2] = ["payload", "keep_days"];
const PAYLOADS: [&str; 2] = ["full", "digest"];

/// What the ledger keeps, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetentionPolicy {
    /// Whether it keeps digests of payloads instead of the payloads.
    pub digests: bool,
    /// After how many days `history prune` removes entries.
    pub days: u32,
}

impl Default for RetentionPolicy {
    fn default() -> Self {
        Self { digests: false, days: KEEP_DAYS }
    }
}

impl ProfileReader<'_> {
    /// The section `[ledger]`.
    pub(super) fn keeping(&mut self, value: &ProfileValue<'_>) -> RetentionPolicy {
        let mut keeping = RetentionPolicy::default();
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong("ledger", value, "a section `[ledger]`");
            return keeping;
        };
        for (key, value) in table as &DeTable<'_> {
            match key.get_ref().as_ref() {
                "payload" => {
                    if let Some(digests) = self.payload(value) {
                        keeping.digests = digests;
                    }
                }
                "keep_days" => {
                    let days = self.count("keep_days", value);
                    keeping.days = days.map_or(KEEP_DAYS, |n| u32::try_from(n).unwrap_or(u32::MAX));
                }
                other => {
                    let list = || format!("the keys are {}", KEYS.join(", "));
                    let help = did_you_mean(other, KEYS).unwrap_or_else(list);
                    let message = format!("unknown key `{other}` of `ledger`");
                    self.problems.push(Problem::new(key.span(), message).help(help));
                }
            }
        }
        keeping
    }

    fn payload(&mut self, value: &ProfileValue<'_>) -> Option<bool> {
        let word = self.word("payload", value)?;
        if !PAYLOADS.contains(&word.as_str()) {
            let list = || format!("it is one of {}", PAYLOADS.join(", "));
            let help = did_you_mean(&word, PAYLOADS).unwrap_or_else(list);
            let message = format!("the ledger cannot keep payloads as `{word}`");
            self.problems.push(Problem::new(value.span(), message).help(help));
            return None;
        }
        Some(word == "digest")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::File;
    use crate::profile::text::TomlText;

    fn read(text: &str) -> Result<RetentionPolicy, String> {
        let text = TomlText::new(std::path::Path::new("profiles.toml"), text.to_owned());
        File::parse(text, false, &[]).map(|file| file.keeping).map_err(|error| error.full_message())
    }

    #[test]
    fn the_section_says_what_is_kept_and_for_how_long() {
        for (text, digests, days) in [
            ("", false, 90),
            ("[ledger]", false, 90),
            ("[ledger]\npayload = \"full\"\nkeep_days = 7", false, 7),
            ("ledger = { payload = \"digest\" }", true, 90),
            ("ledger.keep_days = 0", false, 0),
        ] {
            assert_eq!(read(text), Ok(RetentionPolicy { digests, days }), "{text}");
        }
    }

    #[test]
    fn what_it_cannot_mean_is_refused_with_the_nearest_that_it_can() {
        for (text, words) in [
            ("[ledger]\npayload = \"digests\"", "cannot keep payloads as `digests`"),
            ("[ledger]\nkeep_day = 7", "unknown key `keep_day` of `ledger`"),
            ("[ledger]\nkeep_days = -1", "keep_days"),
            ("ledger = 3", "`[ledger]`"),
            ("[ledgr]", "ledgr"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.contains(words), "{error}");
        }
    }
}
