//! Forms of texts and numbers.

use crate::contract::{Field, Kind, Limit, Test, TextForm, ValueCheck};
use crate::document::{At, ValueView};
use crate::provider::jiguang::is_key;
use crate::text::en;

/// The id of a message: digits, as text or as a number.
pub(super) const MESSAGE_ID: Kind = Kind::Union(&[Kind::Digits, Kind::U64_ID]);

/// Warnings on an id that a double cannot hold, where the server takes text as well.
pub(super) const EXACT_ID: Limit = exact(&ValueCheck {
    name: "text, or a number that every tool can hold",
    test: |at| beyond_a_double(at).map(|words| format!("{words}; a string is safe here")),
});

/// The same where only a number will do.
pub(super) const EXACT_NUMBER: Limit =
    exact(&ValueCheck { name: "a number that every tool can hold", test: beyond_a_double });

const fn exact(judge: &'static ValueCheck) -> Limit {
    Limit::of(Test::ValueCheck(judge)).rule("V3-W15")
}

fn beyond_a_double(at: At<'_>) -> Option<String> {
    let number = at.value()?.as_number()?;
    let safe = number.as_integer().is_some_and(|n| n.unsigned_abs() <= 1 << 53);
    (!safe).then(|| format!("{number} is more than a double can hold"))
}

/// Nothing twice in a list.
pub(super) const ONCE: Limit = Limit::of(Test::Unique).rule("V3-W13");

/// A list of message ids, as reports take them.
pub(super) static MESSAGE_ITEM: Field = Field::item(MESSAGE_ID).limits(&[EXACT_ID]);

/// `{appkey}-{anything}`.
pub(super) static CID: TextForm = TextForm {
    test: |text| text.split_once('-').is_some_and(|(key, tail)| is_key(key) && is_line(tail)),
    pattern: Some("^[0-9A-Za-z]{24}-.+$"),
    words: en("a cid: the AppKey, a hyphen and a UUID"),
};

/// `{appkey}-{uuid}`.
pub(super) static CID_UUID: TextForm = TextForm {
    test: |text| text.split_once('-').is_some_and(|(key, tail)| is_key(key) && is_uuid(tail)),
    pattern: Some("^[0-9A-Za-z]{24}-[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"),
    words: en("the AppKey, a hyphen and a UUID"),
};

fn is_line(text: &str) -> bool {
    !text.is_empty() && !text.contains(['\n', '\r', '\u{2028}', '\u{2029}'])
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// What tags and aliases are written with.
pub(super) static NAME: TextForm = TextForm {
    test: |text| text.chars().all(is_name),
    pattern: Some(r"^[0-9A-Za-z_@!#$&*+=.|\uFFE5\u00A5\u3400-\u9FFF\uF900-\uFAFF]*$"),
    words: en("made of letters, digits, _, Chinese and @ ! # $ & * + = . | ¥"),
};

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || "_@!#$&*+=.|\u{FFE5}\u{A5}".contains(c)
        || matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
}

/// A badge as text: a number, or a change of it.
pub(super) static BADGE: TextForm = TextForm {
    test: |text| {
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        text.is_empty() || (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    },
    pattern: Some("^([+-]?[0-9]+)?$"),
    words: en("N, +N or -N"),
};

/// Warnings on a badge beyond what is documented.
pub(super) const BADGE_RANGE: Limit =
    Limit::of(Test::ValueCheck(&ValueCheck { name: "a badge up to 99", test: large_badge }))
        .rule("V3-W05");

fn large_badge(at: At<'_>) -> Option<String> {
    let text = match at.value()? {
        ValueView::String(text) => text.trim_start_matches(['+', '-']).to_owned(),
        ValueView::Number(number) => number.to_string(),
        _ => return None,
    };
    let number: i128 = text.parse().ok()?;
    (!(0..=99).contains(&number)).then(|| format!("`badge` is documented from 0 to 99, not {text}"))
}

/// A moment.
pub(super) static TIME: TextForm = TextForm {
    test: |text| text.len() == 19 && is_time(text, "%Y-%m-%d %H:%M:%S"),
    // The calendar is more than a pattern can say.
    pattern: None,
    words: en("a time as 2026-01-31 08:00:00"),
};

/// A day.
pub(super) static DAY: TextForm = TextForm {
    test: |text| text.len() == 10 && jiff::civil::Date::strptime("%Y-%m-%d", text).is_ok(),
    pattern: None,
    words: en("a day as 2026-01-31"),
};

fn is_time(text: &str, format: &str) -> bool {
    jiff::civil::DateTime::strptime(format, text).is_ok()
}
