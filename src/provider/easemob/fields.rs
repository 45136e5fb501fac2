//! Rows that many operations share, and how strictly bodies are read.

use super::checks::{audience, host, size};
use super::ext;
use crate::contract::{
    Choice, Empties, Field, Kind, Limit, Null, Policy, Position, RuleId, Shape, Spelling, Test,
    TextForm, Unknown, choices, rows,
};
use crate::provider::kit::forms::{DIGITS, is_digits, moment};
use crate::text::en;

/// Native types only; only `null` counts as absent.
pub(super) const STRICT: Policy = Policy {
    null: Null::Remarked("Easemob may refuse it"),
    absent: Empties::NONE,
    digits: Spelling::Refuse,
    words: Spelling::Refuse,
    unknown: Unknown::Report("EM-W01"),
};

/// Where the vendor says that `null` is refused.
pub(super) const NO_NULL: Policy = Policy { null: Null::Wrong, ..STRICT };

/// A text that is not empty.
pub(super) const FILLED: &[Limit] = &[Limit::filled()];

/// A text.
pub(super) const fn text(name: &'static str, rule: RuleId, about: &'static str) -> Field {
    Field::new(name, Kind::Text, about).rule(rule)
}

/// A text that is not empty.
pub(super) const fn filled(name: &'static str, rule: RuleId, about: &'static str) -> Field {
    text(name, rule, about).limits(FILLED)
}

/// `true` or `false`.
pub(super) const fn boolean(name: &'static str, rule: RuleId, about: &'static str) -> Field {
    Field::new(name, Kind::BOOL, about).rule(rule)
}

/// A whole number of 64 bits.
pub(super) const fn long(name: &'static str, rule: RuleId, about: &'static str) -> Field {
    Field::new(name, Kind::I64, about).rule(rule)
}

fn is_user_id(text: &str) -> bool {
    let fits =
        |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'.' | b'-');
    (1..=64).contains(&text.len()) && text.bytes().all(fits)
}

fn has_no_upper_case(text: &str) -> bool {
    !text.chars().any(char::is_uppercase)
}

fn is_decimal(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    is_digits(whole) && is_digits(fraction)
}

fn is_environment(text: &str) -> bool {
    (1..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn is_label(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
    (1..=64).contains(&text.len()) && text.bytes().all(fits)
}

fn is_hour(text: &str) -> bool {
    let number = |range: std::ops::Range<usize>| text[range].parse::<i8>().ok();
    if text.len() != 10 || !is_digits(text) {
        return false;
    }
    let year = text[..4].parse::<i16>().unwrap_or_default();
    let date =
        number(4..6).zip(number(6..8)).and_then(|(m, d)| jiff::civil::Date::new(year, m, d).ok());
    date.is_some() && number(8..10).is_some_and(|hour| hour < 24)
}

fn is_moment(text: &str) -> bool {
    moment(text).is_some()
}

/// What user ids are registered as. Sends do not check it: a message to a misspelled id is lost without a word.
pub(super) static USER_ID: TextForm = TextForm {
    test: is_user_id,
    pattern: Some("^[a-z0-9_.\\-]{1,64}$"),
    words: en("1 to 64 lower-case letters, digits, `_`, `.` or `-`"),
};

/// Ids that the platform compares in lower case.
pub(super) static LOWER_CASE: TextForm =
    TextForm { test: has_no_upper_case, pattern: None, words: en("in lower case") };

/// Degrees.
pub(super) static DECIMAL: TextForm = TextForm {
    test: is_decimal,
    pattern: Some("^-?[0-9]+(\\.[0-9]+)?$"),
    words: en("decimal degrees, as 39.966"),
};

static ENVIRONMENT: TextForm = TextForm {
    test: is_environment,
    pattern: Some("^[A-Za-z0-9]{1,8}$"),
    words: en("1 to 8 letters or digits"),
};

/// Names of labels.
pub(super) static LABEL: TextForm = TextForm {
    test: is_label,
    pattern: Some("^[A-Za-z0-9_.\\-]{1,64}$"),
    words: en("1 to 64 letters, digits, `_`, `.` or `-`"),
};

/// An hour of history.
pub(super) static HOUR: TextForm =
    TextForm { test: is_hour, pattern: None, words: en("an hour as yyyyMMddHH, like 2026010500") };

/// A time of the server's clock.
pub(super) static MOMENT: TextForm =
    TextForm { test: is_moment, pattern: None, words: en("a time as yyyy-MM-dd HH:mm:ss") };

const USER_LIMITS: &[Limit] = &[Limit::filled(), Limit::form(&USER_ID).rule("EM-W12")];
const PLACE_LIMITS: &[Limit] = &[Limit::filled(), Limit::form(&DIGITS).rule("EM-W13")];

/// A user in a list.
pub(super) static USER_ITEM: Field = Field::item(Kind::Text).limits(USER_LIMITS).id();
/// A group or a room in a list.
pub(super) static PLACE_ITEM: Field = Field::item(Kind::Text).limits(PLACE_LIMITS).id();
/// A text in a list.
pub(super) static TEXT_ITEM: Field = Field::item(Kind::Text).limits(FILLED);

/// A user's id.
pub(super) const fn user(name: &'static str, rule: RuleId, about: &'static str) -> Field {
    text(name, rule, about).limits(USER_LIMITS).id()
}

/// The id of a group or a room.
pub(super) const fn place(name: &'static str, rule: RuleId, about: &'static str) -> Field {
    text(name, rule, about).limits(PLACE_LIMITS).id()
}

/// A user in the path.
pub(super) const USERNAME: Field =
    filled("username", "EM-66", "User id").position(Position::Path).id();

/// Who sends.
pub(super) const FROM: Field = filled("from", "EM-07", "Sender; any user id, it is not checked")
    .id()
    .default("admin")
    .recommended("EM-W17")
    .composed();

/// Where what the app adds stands: an object and nothing else.
pub(super) static WITH_EXT: Shape = Shape::of(rows! {
    ext::field("ext", "EM-08", "The app's own keys, and those of offline push that the platform reads")
        .sdk(&["extensions"]),
})
.checks(ext::CHECKS)
.policy(&NO_NULL);

/// Copies to the sender's other devices.
pub(super) const SYNC_DEVICE: Field =
    boolean("sync_device", "EM-10", "Also to the sender's own devices").default("false");

/// Only to who is online.
pub(super) const ROUTE: Field = Field::new(
    "routetype",
    Kind::Choice(
        choices! { "ROUTE_ONLINE": "only to receivers who are online; the others never get it" },
    ),
    "Whether receivers who are offline get it later",
)
.rule("EM-11")
.default("everybody gets it");

/// Receipts of group members.
pub(super) const GROUP_ACK: Field =
    boolean("need_group_ack", "EM-13", "Ask members for read receipts, kept 3 days")
        .default("false")
        .edition("read receipts of groups; groups of at most 200 members");

const LEVELS: &[Choice] = choices! { "high": "dropped last", "normal", "low": "dropped first" };

/// What a full chat room drops first.
pub(super) const LEVEL: Field =
    Field::new("chatroom_msg_level", Kind::Choice(LEVELS), "What a busy chat room drops first")
        .rule("EM-14")
        .default("normal");

const ENV_LIMITS: &[Limit] = &[Limit::form(&ENVIRONMENT)];
const ENV: Field = text("env", "EM-15", "Environment whose callback address is told")
    .limits(ENV_LIMITS)
    .edition("China 1 and 2; without a matching route there is no callback at all");

/// Users whose roaming history leaves the message out.
pub(super) const fn ignored(limits: &'static [Limit]) -> Field {
    Field::new(
        "roam_ignore_users",
        Kind::List(&TEXT_ITEM),
        "Users who will not find it in their roaming history",
    )
    .rule("EM-12")
    .limits(limits)
    .id()
}

/// What every message of the current generation may have.
pub(super) static COMMON: Shape = Shape::of(&[FROM, SYNC_DEVICE, ROUTE, ENV])
    .include(&[&WITH_EXT])
    .checks(&[
        host::ENVIRONMENT,
        host::OLD,
        audience::ONLINE_ONLY,
        size::FIVE_KB,
        size::NEAR_FIVE_KB,
    ])
    .ignores(&[audience::TYPE_IN_PATH])
    .near(&[("target", "to"), ("msg", "body"), ("fromUser", "from"), ("route_type", "routetype")]);

/// A receiver list without repetitions.
pub(super) const fn once(limit: Limit) -> [Limit; 2] {
    [limit, Limit::of(Test::Unique).rule("EM-W11")]
}
