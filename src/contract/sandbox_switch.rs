//! Switches of the mock servers. Flags, help, `explain` and the reference are made from these rows.

use crate::contract::Contract;
use crate::near::did_you_mean;
use crate::text::times::ago;
use crate::text::{Text, en};

/// The key of a row that stands for the ids of all operations of its provider.
pub const EACH_OPERATION: &str = "OPERATION";

/// The key of the row for quotas and rates.
pub const QUOTA: &str = "quota";

/// The key of the row for the time.
pub const CLOCK: &str = "clock";

/// Something that a mock server can do in another way.
#[derive(Debug)]
pub struct SandboxSwitch {
    /// The key, as `edition`; [`EACH_OPERATION`] for the id of any operation.
    pub key: &'static str,
    /// The values that it can have.
    pub values: SwitchValues,
    /// What holds without it.
    pub default: &'static str,
    /// What it does.
    pub about: Text,
}

/// The values of a switch.
#[derive(Clone, Copy, Debug)]
pub enum SwitchValues {
    /// One of these words.
    Words(&'static [&'static str]),
    /// A whole number from 0 of this unit, or one of these words.
    Number(&'static str, &'static [&'static str]),
    /// How far ahead or back: `+3h`, `-1d`.
    Offset,
}

/// The switches that every provider has.
pub const COMMON_SWITCHES: &[SandboxSwitch] = &[
    SandboxSwitch {
        key: QUOTA,
        values: SwitchValues::Words(&["off", "on"]),
        default: "on",
        about: en(
            "`off` counts nothing: no rates, no daily or hourly quotas, no limits of what is kept at a time",
        ),
    },
    SandboxSwitch {
        key: CLOCK,
        values: SwitchValues::Offset,
        default: "+0s",
        about: en(
            "Moves the time by which everything is judged: windows of quotas, of recalls and of edits, lifetimes of \
             tokens and cids, the age of signatures",
        ),
    },
];

impl SandboxSwitch {
    /// A switch.
    pub const fn new(
        key: &'static str,
        values: SwitchValues,
        default: &'static str,
        about: &'static str,
    ) -> Self {
        Self { key, values, default, about: en(about) }
    }

    /// Why a value is none of this switch: what to write instead.
    pub fn fault(&self, value: &str) -> Option<String> {
        let is_word = |words: &[&str]| words.contains(&value);
        let fits = match self.values {
            SwitchValues::Words(words) => is_word(words),
            SwitchValues::Number(_, words) => is_word(words) || value.parse::<u32>().is_ok(),
            SwitchValues::Offset => offset_ms(value).is_some(),
        };
        let words = match self.values {
            SwitchValues::Words(words) | SwitchValues::Number(_, words) => words,
            SwitchValues::Offset => &[],
        };
        (!fits).then(|| {
            did_you_mean(value, words.iter().copied())
                .unwrap_or_else(|| format!("it takes {}", self.values.words()))
        })
    }
}

impl SwitchValues {
    /// The values in words.
    pub fn words(self) -> String {
        match self {
            Self::Words(words) => words.join(", "),
            Self::Number(unit, []) => format!("a number of {unit}"),
            Self::Number(unit, words) => format!("a number of {unit}, {}", words.join(", ")),
            Self::Offset => "a length of time with its sign, as +3h or -1d".to_owned(),
        }
    }
}

/// How many milliseconds `+3h` or `-1d` is.
pub fn offset_ms(text: &str) -> Option<i64> {
    let (sign, span) = match text.strip_prefix('-') {
        Some(span) => (-1, span),
        None => (1, text.strip_prefix('+')?),
    };
    ago(span).ok().map(|length| sign * length)
}

impl Contract {
    /// Every switch of the provider's mock server.
    pub fn sandbox_switches(&self) -> impl Iterator<Item = &'static SandboxSwitch> + use<> {
        COMMON_SWITCHES.iter().chain(self.switches)
    }

    /// The switch with a key, which may be the id of an operation.
    pub fn sandbox_switch(&self, key: &str) -> Option<&'static SandboxSwitch> {
        let is_operation = self.operation(key).is_some();
        self.sandbox_switches().find(|row| match row.key {
            EACH_OPERATION => is_operation,
            own => own == key,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_the_row() {
        let number = SwitchValues::Number("seconds", &["off"]);
        for (values, right, wrong) in [
            (SwitchValues::Words(&["on", "off"]), &["on", "off"][..], &["of", "ON", ""][..]),
            (number, &["0", "300", "off"], &["-1", "abc", "1.5", "1s", ""]),
            (
                SwitchValues::Offset,
                &["+3h", "-1d", "+1d12h", "-90s", "+0s"],
                &["3h", "1", "+", "+x", "--1d", "+-1d"],
            ),
        ] {
            let row = SandboxSwitch::new("key", values, "", "about");
            for value in right {
                assert_eq!(row.fault(value), None, "{value}");
            }
            for value in wrong {
                assert!(row.fault(value).is_some(), "{value}");
            }
        }
    }

    #[test]
    fn an_offset_has_its_sign() {
        assert_eq!(offset_ms("+1d12h"), Some(129_600_000));
        assert_eq!(offset_ms("-90s"), Some(-90_000));
    }
}
