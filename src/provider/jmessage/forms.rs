//! Forms of texts and numbers, and the warnings about values that are legal and doubtful.

use crate::contract::{Kind, Length, Limit, Test, TextForm, ValueCheck, rows};
use crate::document::{At, ValueView};
use crate::provider::kit::forms::moment;
use crate::text::en;

/// Ids in paths and queries: digits, as text or as a number.
pub(super) const ID: Kind = Kind::Union(&[Kind::Digits, Kind::U64_ID]);

/// The fewest and the most bytes of usernames and passwords.
pub(super) const AT_LEAST: Limit = Limit::of(Test::AtLeast(Length::Bytes(4)));
pub(super) const AT_MOST: Limit = Limit::bytes(128);

/// What a username has to be.
pub(super) const USERNAME: &[Limit] = &[AT_LEAST, AT_MOST, Limit::form(&NAME)];

/// The same in a target, where digits alone are suspicious.
pub(super) const TARGET_NAME: &[Limit] = rows! {
    AT_LEAST,
    AT_MOST,
    Limit::form(&NAME),
    Limit::of(Test::ValueCheck(&ValueCheck { name: "a username, no group id", test: all_digits })).rule("JM-W10"),
};

/// What usernames are written with.
pub(super) static NAME: TextForm = TextForm {
    test: |text| {
        text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.@-".contains(&b))
    },
    pattern: Some("^[A-Za-z0-9][A-Za-z0-9_.@-]*$"),
    words: en("a letter or digit, then letters, digits, _ . @ -"),
};

fn all_digits(at: At<'_>) -> Option<String> {
    let text = at.as_str()?;
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| format!("`{text}` is all digits: perhaps the id of a group or a room"))
}

/// A nickname is one line.
pub(super) static ONE_LINE: TextForm = TextForm {
    test: |text| !text.contains(['\n', '\r']),
    pattern: Some("^[^\\n\\r]*$"),
    words: en("one line"),
};

/// A moment.
pub(super) static TIME: TextForm = TextForm {
    test: |text| moment(text).is_some(),
    // The calendar is more than a pattern can say.
    pattern: None,
    words: en("a time as 2026-01-31 08:00:00"),
};

/// A checksum is a number without sign.
pub(super) const CRC32: Limit =
    Limit::of(Test::Range(Some(0), Some(u32::MAX as i128))).rule("JM-W13");

/// Degrees that are on the globe.
pub(super) const LATITUDE: Limit = Limit::of(Test::Between(-90.0, 90.0)).rule("JM-W14");
/// The same for the longitude.
pub(super) const LONGITUDE: Limit = Limit::of(Test::Between(-180.0, 180.0)).rule("JM-W14");

/// A duration that a recording can have.
pub(super) const DURATION: Limit = Limit::of(Test::ValueCheck(&ValueCheck {
    name: "above 0 s, at most a day",
    test: odd_duration,
}))
.rule("JM-W14");

fn odd_duration(at: At<'_>) -> Option<String> {
    let seconds = at.value()?.as_number()?.as_f64();
    let plausible = seconds > 0.0 && seconds <= 86_400.0;
    (!plausible).then(|| format!("a duration of {seconds} s is hardly meant; it counts seconds"))
}

/// A time in seconds since 1970, not in milliseconds.
pub(super) const SECONDS: Limit =
    Limit::of(Test::ValueCheck(&ValueCheck { name: "10 digits of seconds", test: odd_time }))
        .rule("JM-W07");

fn odd_time(at: At<'_>) -> Option<String> {
    let number = at.value()?.as_number()?;
    if (1e9..1e10).contains(&number.as_f64()) {
        return None;
    }
    let digits = number.as_str().bytes().filter(u8::is_ascii_digit).count();
    let guess = if digits == 13 { "; 13 digits are milliseconds" } else { "" };
    Some(format!("`create_time` counts seconds, and {number} is no time of these decades{guess}"))
}

/// Media of a kind, as the upload names them: `qiniu/KIND/...`.
pub(super) const IMAGE_ID: Limit = media(&ValueCheck {
    name: "the media_id of an image",
    test: |at| of_another_kind(at, "image"),
});
/// The same for voices.
pub(super) const VOICE_ID: Limit =
    media(&ValueCheck { name: "the media_id of a voice", test: |at| of_another_kind(at, "voice") });
/// The same for files.
pub(super) const FILE_ID: Limit =
    media(&ValueCheck { name: "the media_id of a file", test: |at| of_another_kind(at, "file") });

const fn media(judge: &'static ValueCheck) -> Limit {
    Limit::of(Test::ValueCheck(judge)).rule("JM-W15")
}

fn of_another_kind(at: At<'_>, wanted: &str) -> Option<String> {
    let ValueView::String(text) = at.value()? else { return None };
    let kind = text.strip_prefix("qiniu/")?.split('/').next()?;
    let other = ["image", "voice", "file"].contains(&kind) && kind != wanted;
    other.then(|| format!("the id says `{kind}`, and this wants one of type `{wanted}`"))
}
