//! What a job may be called.

use super::look_up::{DIGITS_TO_CHANGE, part_of_id};
use crate::text::{is_blank, is_invisible};

/// Why a new job cannot have a name; `None` where it can.
///
/// Commands take the name of a job, an id of the ledger, a part of one, or a vendor's id in the same place. So a name must
/// not look like an id: a command would act on something else than what the id stands for. It must not look like a flag
/// either, and must be what it shows.
pub fn job_name_fault(name: &str) -> Option<String> {
    let text = name.trim();
    let hidden = name.chars().find(|c| c.is_control() || is_invisible(*c));
    if name.is_empty() || is_blank(name) && hidden.is_none() {
        Some("a name is expected, and this is empty".to_owned())
    } else if let Some(c) = hidden {
        let code = u32::from(c);
        Some(format!("a name is one line of visible characters, and this has U+{code:04X}"))
    } else if text.starts_with('-') {
        Some("a name that begins with `-` would be taken for a flag".to_owned())
    } else if text.bytes().all(|byte| byte.is_ascii_digit()) {
        Some("a name of digits alone would be taken for a vendor's id".to_owned())
    } else if part_of_id(text, DIGITS_TO_CHANGE).is_some() {
        Some("a name of hexadecimal digits alone would be taken for an id of the ledger".to_owned())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_id_and_no_flag_and_shows_what_it_is() {
        for (name, why) in [
            ("", "empty"),
            ("  ", "empty"),
            ("\u{3000}", "empty"),
            ("\n", "U+000A"),
            ("\u{200b}", "U+200B"),
            ("spring\nsale", "U+000A"),
            ("spring\r", "U+000D"),
            ("a\u{85}b", "U+0085"),
            ("a\u{2028}b", "U+2028"),
            ("a\u{1b}[2Jb", "U+001B"),
            ("a\u{202e}b", "U+202E"),
            ("a\u{feff}", "U+FEFF"),
            ("-", "a flag"),
            ("-x", "a flag"),
            ("--yes", "a flag"),
            (" --yes", "a flag"),
            ("-123456", "a flag"),
            ("7", "a vendor's id"),
            ("589975459754704897", "a vendor's id"),
            (" 42 ", "a vendor's id"),
            ("d6e67ceb", "of the ledger"),
            ("D6E67CEB", "of the ledger"),
            ("decade", "of the ledger"),
            ("2026-11-30", "of the ledger"),
            ("01990000-0000-7000-8000-0123456789ab", "of the ledger"),
            ("019900000000700080000123456789ab", "of the ledger"),
        ] {
            let told = job_name_fault(name);
            assert!(told.as_ref().is_some_and(|told| told.contains(why)), "{name:?}: {told:?}");
        }
        for name in [
            "j",
            "spring",
            "cafe",
            "a-1",
            "2026-w48",
            "day 30",
            "recall-d6e67ceb",
            "春节 活动",
            "v1.2",
            "sale🎉",
        ] {
            assert_eq!(job_name_fault(name), None, "{name}");
        }
    }
}
