//! Rows that many operations share, and how strictly bodies are read.

use super::checks::{message, place};
use super::messages::CONTENT_BY_NAME;
use super::push::PUSH_EXT;
use crate::contract::{
    Bools, Codes, Condition, Empties, Field, InnerKind, Int, Kind, Limit, MapOf, Null, Policy,
    Position, RowFault, Shape, Spelling, Test, TextForm, Unknown, ValueCheck, Width, choices, rows,
};
use crate::document::{At, ValueView};
use crate::text::en;

/// JSON bodies: native numbers and booleans, their text is warned of; empty optional values count as absent.
pub(super) const JSON: Policy = Policy {
    null: Null::Absent,
    absent: Empties::ALL,
    digits: Spelling::Remark("W02"),
    words: Spelling::Remark("W02"),
    unknown: Unknown::Report("W01"),
};

/// Form bodies: everything travels as text, so numbers and words are as good as native values.
pub(super) const FORM: Policy =
    Policy { digits: Spelling::Accept, words: Spelling::Accept, ..JSON };

/// JSON inside a string: undescribed members are kept and delivered.
pub(super) const INNER: Policy = Policy { unknown: Unknown::Ignore, ..JSON };

/// Which rule a fault gets in a body.
pub(super) const CODES: Codes = Codes::by(&[
    (RowFault::Root, "E01"),
    (RowFault::Missing, "E02"),
    (RowFault::Type, "E03"),
    (RowFault::File, "E03"),
    (RowFault::Empty, "E04"),
    (RowFault::Items, "E06"),
    (RowFault::Set, "E07"),
    (RowFault::Range, "E07"),
    (RowFault::Length, "E08"),
    (RowFault::Form, "E09"),
    (RowFault::Json, "E10"),
    (RowFault::Key, "E12"),
    (RowFault::Base64, "E12"),
]);

/// Which rule a fault gets inside a string that holds JSON.
pub(super) const INNER_CODES: Codes = Codes { all: Some("E12"), by: &[(RowFault::Missing, "E11")] };

/// A whole number of 64 bits whose digits may stand in a string, wherever it is.
pub(super) const LOOSE_INT: Kind = Kind::Int(Int::new(Width::I64).digits(Spelling::Accept));

/// A boolean of a form: `True` of Python's SDK passes with a warning.
const FORM_BOOL: Kind = Kind::Bool(Bools {
    text: Spelling::Policy,
    cased: Spelling::Remark("W02"),
    one: Spelling::Refuse,
});

static OF_SDKS: ValueCheck = ValueCheck { name: "in no document", test: of_sdks };
static OF_SENDERS: ValueCheck = ValueCheck { name: "in no document", test: of_senders };

fn of_sdks(at: At<'_>) -> Option<String> {
    Some(format!("official SDKs send `{}` here, and no document describes it", at.key()))
}

fn of_senders(at: At<'_>) -> Option<String> {
    Some(format!("`{}` is in use here, and no document describes it", at.key()))
}

/// Warnings on a field that official SDKs send and no document describes.
pub(super) const SENT_BY_SDKS: Limit = Limit::of(Test::ValueCheck(&OF_SDKS)).rule("H09");
/// Warnings on a field that is in use and that no document describes.
pub(super) const IN_USE: Limit = Limit::of(Test::ValueCheck(&OF_SENDERS)).rule("H09");
/// A field that has no other limit.
pub(super) const BY_SDKS: &[Limit] = &[SENT_BY_SDKS];

/// A text that must not be empty.
pub(super) const FILLED: &[Limit] = &[Limit::filled()];

/// Letters, digits and `+ = - _`: what ids are made of.
pub(super) static ID_CHARACTERS: TextForm = TextForm {
    test: is_id,
    pattern: Some("^[A-Za-z0-9+=_-]*$"),
    words: en("letters, digits and + = - _"),
};

fn is_id(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+=-_".contains(&byte))
}

const ID_LIMITS: &[Limit] =
    &[Limit::filled(), Limit::bytes(64), Limit::form(&ID_CHARACTERS).rule("W22")];

/// The id of a user: at most 64 bytes of UTF-8.
pub(super) const fn user(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::Text, about).limits(ID_LIMITS).codes(&[(RowFault::Length, "E05")]).id()
}

/// The id of a user, group or conversation.
pub(super) const fn id(name: &'static str, about: &'static str) -> Field {
    user(name, about).required()
}

const MESSAGE_ID_LIMITS: &[Limit] = &[Limit::filled(), Limit::bytes(64)];

/// The id of a message: at most 64 bytes, of characters that the vendor chose.
pub(super) const fn message_id(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::Text, about)
        .limits(MESSAGE_ID_LIMITS)
        .codes(&[(RowFault::Length, "E05")])
        .required()
}

static COMMA: ValueCheck = ValueCheck { name: "one id, without a comma", test: comma };

fn comma(at: At<'_>) -> Option<String> {
    at.as_str().filter(|text| text.contains(',')).map(|text| {
        format!("`{text}` reads like several ids; give a list, each goes out as a pair of its own")
    })
}

/// An item of a list of users.
static USER_ITEM: Field = Field::item(Kind::Text)
    .id()
    .limits(&[
        Limit::filled(),
        Limit::bytes(64),
        Limit::of(Test::ValueCheck(&COMMA)).rule("W27"),
        Limit::form(&ID_CHARACTERS).rule("W22"),
    ])
    .codes(&[(RowFault::Length, "E05")]);

/// An item of a list of groups or rooms: their length is not documented as an error.
static PLACE_ITEM: Field = Field::item(Kind::Text).limits(PLACE_LIMITS).id();

/// What a group or room that a message is sent to is limited to.
pub(super) const PLACE_LIMITS: &[Limit] = &[
    Limit::filled(),
    Limit::bytes(64).rule("W22"),
    Limit::of(Test::ValueCheck(&COMMA)).rule("W27"),
    Limit::form(&ID_CHARACTERS).rule("W22"),
];

static NUMBER_ID: ValueCheck = ValueCheck { name: "a string, not a number", test: number_id };

fn number_id(at: At<'_>) -> Option<String> {
    at.value()?.as_number().map(|number| format!("the id {number} should be a string"))
}

/// A recipient of a template: PHP's SDK sends ids that look like numbers as numbers.
static TEMPLATE_ITEM: Field = Field::item(Kind::Union(&[Kind::Text, Kind::I64_ID]))
    .id()
    .limits(&[
        Limit::filled(),
        Limit::bytes(64),
        Limit::of(Test::ValueCheck(&NUMBER_ID)).rule("W02"),
        Limit::of(Test::ValueCheck(&COMMA)).rule("W27"),
        Limit::form(&ID_CHARACTERS).rule("W22"),
    ])
    .codes(&[(RowFault::Length, "E05")]);

/// Users of a form: one bare text, or a list whose items become repeated keys.
pub(super) const FORM_USERS: Kind = Kind::OneOrList(&USER_ITEM);
/// Groups or rooms of a form.
pub(super) const FORM_PLACES: Kind = Kind::OneOrList(&PLACE_ITEM);
/// Users of a JSON body.
pub(super) const USERS: Kind = Kind::List(&USER_ITEM);
/// Groups of a JSON body.
pub(super) const PLACES: Kind = Kind::List(&PLACE_ITEM);
/// Recipients of a template.
pub(super) const TEMPLATE_USERS: Kind = Kind::List(&TEMPLATE_ITEM);

/// A text of any length.
pub(super) const fn text(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::Text, about)
}

/// A number that is only 0 or 1.
pub(super) const fn flag(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::FLAG01, about)
}

/// A boolean of a JSON body.
pub(super) const fn boolean(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::BOOL, about).default("false")
}

/// A boolean of a form.
pub(super) const fn form_boolean(name: &'static str, about: &'static str) -> Field {
    Field::new(name, FORM_BOOL, about).default("false")
}

static SECONDS: ValueCheck = ValueCheck { name: "milliseconds, not seconds", test: seconds };

fn seconds(at: At<'_>) -> Option<String> {
    let n = at.as_integer()?;
    (1_000_000_000..=9_999_999_999)
        .contains(&n)
        .then(|| format!("{n} has ten digits, as seconds have; milliseconds are expected"))
}

const NOT_SECONDS: &[Limit] = &[Limit::of(Test::ValueCheck(&SECONDS)).rule("W26")];

/// A time in milliseconds since 1970.
pub(super) const fn millis(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::I64, about).limits(NOT_SECONDS)
}

/// Whose message it is.
pub(super) const FROM: Field = id("fromUserId", "User id of the sender, who must have had a token")
    .composed()
    .sdk(&["senderId"]);

/// The message's type.
pub(super) const OBJECT_NAME: Field = Field::new(
    "objectName",
    Kind::Open(super::messages::OBJECT_NAMES),
    "Message type; names of the app's own must not begin with `RC:`",
)
.limits(&[Limit::filled(), Limit::chars(32)])
.required()
.composed();

/// What all JSON texts with a message's content are limited to: 128 KB, read once as 131072 and once as 128000 bytes.
pub(super) const CONTENT_LIMITS: &[Limit] =
    &[Limit::bytes(131_072).rule("E14"), Limit::bytes(128_000).rule("W23")];

/// Sender, type and content: every message has these.
pub(super) static MESSAGE: Shape = Shape::of(&[FROM, OBJECT_NAME])
    .variants(CONTENT_BY_NAME)
    .checks(&[message::NAMES, message::MENTIONED, message::PERCENT, message::RECIPIENTS])
    .near(&[
        ("fromuserid", "fromUserId"),
        ("messageType", "objectName"),
        ("msgContent", "content"),
    ]);

/// Nonce and time of a request: herald makes them, a payload may name them.
pub(super) static HEADERS: Shape = Shape::of(rows! {
    text("Nonce", "Random text that is hashed into the signature; at most 18 characters")
        .limits(&[Limit::chars(18).rule("W25")]).position(Position::Header).filled_in(),
    Field::new("Timestamp", LOOSE_INT, "Unix time in milliseconds that is hashed, as it is written")
        .limits(&[Limit::of(Test::ValueCheck(&SECONDS)).rule("H04")]).position(Position::Header).filled_in(),
})
.checks(&[place::HOST]);

/// Text of the push.
pub(super) const PUSH_CONTENT: Field = text(
    "pushContent",
    "Text of the push; types of the app's own are pushed only where it is given",
);
/// Data of the push.
pub(super) const PUSH_DATA: Field =
    text("pushData", "Data of the push: `appData` on iOS, `pushData` on Android");
/// Settings of phone makers.
pub(super) const PUSH_EXT_FIELD: Field = Field::new(
    "pushExt",
    Kind::JsonText(&PUSH_EXT),
    "Title and phone makers' settings of the push",
);
/// Server-side history.
pub(super) const PERSISTED: Field =
    flag("isPersisted", "Keep it in the cloud history").default("1");
/// Unread counter.
pub(super) const COUNTED: Field = flag("isCounted", "Count it as unread").default("1");
/// Echo to the sender.
pub(super) const INCLUDE_SENDER: Field =
    flag("isIncludeSender", "The sender's own online devices get it, too").default("0");
/// Silent push on iOS.
pub(super) const CONTENT_AVAILABLE: Field =
    flag("contentAvailable", "iOS: silent push").default("0");
/// Read receipts.
pub(super) const READ_RECEIPT: Field =
    flag("needReadReceipt", "Ask for read receipts").default("0");
/// Block lists.
pub(super) const VERIFY_BLACKLIST: Field =
    flag("verifyBlacklist", "Drop it where the recipient has blocked the sender").default("0");
/// Dedupe id.
pub(super) const RANDOM: Field =
    Field::new("msgRandom", Kind::I64_ID, "Dedupe id: the same value within a minute is refused")
        .edition("a feature that is switched on by ticket");
/// Mentions.
pub(super) const MENTIONED: Field =
    flag("isMentioned", "Mention members; the content then holds `mentionedInfo`").default("0");
/// A channel inside a conversation.
pub(super) const CHANNEL: Field = text("busChannel", "Channel inside the conversation").id();

static CHANNEL_FORM: TextForm = TextForm {
    test: |text| text.bytes().all(|byte| byte.is_ascii_alphanumeric()),
    pattern: Some("^[A-Za-z0-9]*$"),
    words: en("letters and digits"),
};

static TO_ULTRA_GROUP: Condition =
    Condition::Is("conversationType", &[crate::contract::Lit::Int(10)]);

const CHANNEL_LIMITS: &[Limit] = &[Limit::chars(20), Limit::form(&CHANNEL_FORM)];
const RECALL_CHANNEL_LIMITS: &[Limit] =
    &[Limit::chars(20).when(&TO_ULTRA_GROUP), Limit::form(&CHANNEL_FORM).when(&TO_ULTRA_GROUP)];

/// A channel of an ultra group.
pub(super) const ULTRA_CHANNEL: Field = text("busChannel", "Channel of the ultra group")
    .limits(CHANNEL_LIMITS)
    .default("RCDefault")
    .id();
/// A channel in a recall, which is of an ultra group only with that type of conversation.
pub(super) const RECALL_CHANNEL: Field =
    text("busChannel", "Channel of the ultra group, exactly where the send had one")
        .limits(RECALL_CHANNEL_LIMITS)
        .id();

/// Key/values of a message, as text.
pub(super) static PAIRS: InnerKind =
    InnerKind { kind: Kind::Map(&PAIR_MAP), bare: false, codes: INNER_CODES };

/// Key/values of a message: keys are checked by a function, which can point at a single pair.
pub(super) static PAIR_MAP: MapOf = MapOf {
    value: Field::new("key", Kind::Text, "").limits(&[Limit::chars(4096)]).rule("E12"),
    reserved: &[],
};

/// Key/values that a message carries.
pub(super) const EXTRA_CONTENT: Field = Field::new(
    "extraContent",
    Kind::JsonText(&PAIRS),
    "Key/values that the message carries; at most 100 pairs, keys of 32 characters, values of 4096",
);

/// Private and group conversations.
pub(super) const PRIVATE_OR_GROUP: Kind = Kind::Choice(choices! { 1 "private", 3 "group" });

/// The audience of push by tags: 20 of them, each of 40 bytes.
pub(super) static TAG: Field = Field::item(Kind::Text).limits(&[Limit::bytes(40)]).id();

/// A list of texts.
pub(super) static TEXT_ITEM: Field = Field::item(Kind::Text);

/// Whether a flag of a body is set, in any of its spellings.
pub(super) fn is_on(at: At<'_>) -> bool {
    at.as_integer() == Some(1) || truth(at) == Some(true)
}

/// A boolean in any of its spellings.
pub(super) fn truth(at: At<'_>) -> Option<bool> {
    match at.value()? {
        ValueView::Bool(value) => Some(value),
        ValueView::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        ValueView::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// The texts of a bare text or a list of them; what is not a text is left out.
pub(super) fn texts<'a>(at: At<'a>) -> Vec<(At<'a>, String)> {
    let one = |at: At<'a>| match at.value()? {
        ValueView::String(text) => Some((at, text.to_owned())),
        ValueView::Number(number) => Some((at, number.to_string())),
        _ => None,
    };
    match at.as_array() {
        Some(_) => at.items().filter_map(one).collect(),
        None => one(at).into_iter().collect(),
    }
}

/// Fields of a push that form operations share.
pub(super) static PUSHED: Shape =
    Shape::of(&[PUSH_CONTENT, PUSH_DATA, PUSH_EXT_FIELD, CONTENT_AVAILABLE])
        .checks(&[message::PUSHED, place::ABROAD]);
