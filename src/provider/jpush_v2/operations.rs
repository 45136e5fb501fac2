//! The operations and their fields.

use super::{content, rules};
use crate::contract::{
    Acceptance, Audience, Auth, Batching, BodyForm, Check, Condition, Effect, Empties,
    EverybodyRates, Field, Kind, Limit, Lit, Operation, Position, Rate, Reach, Recall, Repeatable,
    Shape, Target, TargetKind, TextForm, Unknown, Verb, choices, operations, rows,
};
use crate::document::At;
use crate::provider::jiguang::{self, KEY};
use crate::provider::kit::forms::DIGITS;
use crate::text::en;
use crate::wire::Method;

/// The most tags, aliases and RegistrationIDs in one push.
pub(super) const MAX_TAGS: u32 = 10;
pub(super) const MAX_IDS: u32 = 1000;
/// The most ids in one report.
pub(super) const MAX_REPORT: u32 = 100;

/// Names that say who is reached by a push.
const AUDIENCE: &[&str] = &["receiver_type", "receiver_value"];

/// Every operation.
pub(super) static OPERATIONS: &[Operation] = operations! {
    "push": "send a notification or a custom message to tags, aliases, RegistrationIDs or everybody",
        Operation::BASE.at("/v2/push", &PUSH) =>
        method: Method::Post, body: BodyForm::Form, auth: Auth::Body, verbs: &[Verb::Send, Verb::Broadcast],
        effect: Effect::Sends, reach: Reach::Read(AUDIENCE, reach), audience: AUDIENCE,
        repeat: Repeatable::Duplicates, batch: Batching::of("receiver_value", MAX_IDS),
        rates: &[Rate::calls(600, 60, "AppKey, free plan", "push")],
        to_all: Some(EverybodyRates { when: TO_ALL, rates: jiguang::PUSHES_TO_ALL }),
        recall: Recall { operation: None, window: Some(86_400), note: en("a new push with override_msg_id replaces it for a day"), ..Recall::NOTHING },
        queued: Some(Acceptance::kept("`accepted` is queued: the push is delivered later, and `received` counts how many devices it \
            reached.")),
        content: "msg_content", volatile: &["sendno"], source: "REST API v2, Call Parameters";
    "received": "count what pushes of the last 10 days reached", Operation::BASE.at("/v2/received", &RECEIVED) =>
        method: Method::Get, host: "report", body: BodyForm::None, auth: Auth::Basic, verbs: &[Verb::Status],
        batch: Batching::of("msg_ids", MAX_REPORT), rates: &[Rate::calls(2400, 60, "AppKey, free plan", "report")],
        source: "REST API v2, Report";
};

static HEX32: TextForm = TextForm {
    test: |text| text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()),
    pattern: Some("^[0-9A-Fa-f]{32}$"),
    words: en("32 hexadecimal digits"),
};

const RECEIVER_TYPE: Kind = Kind::Choice(choices! {
    2 "tag": "devices with one of these tags",
    3 "alias": "devices under these aliases",
    4 "broadcast": "every device of the app",
    5 "registration_id": "these devices; Android SDK r1.6.0 or newer",
});

const PLATFORM: Field = Field::item(Kind::Choice(choices! {
    "android": "Android",
    "ios": "iOS",
    "winphone": "Windows Phone is retired" remark "V2-W05",
}));

/// A message id: text of digits, or the same digits as a number of any size.
const MESSAGE_ID: Kind = Kind::Union(&[Kind::Digits, Kind::NUMBER]);

const IN_DIGITS: &[Limit] = &[Limit::form(&DIGITS)];

/// Digits in quotes are as good as the number where they are the same bytes in the form.
const AS_NUMBER: Limit = Limit::form(&NO_MORE_THAN_DIGITS);

static NO_MORE_THAN_DIGITS: TextForm = TextForm {
    test: |text| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain && (digits.len() == 1 || !digits.starts_with('0'))
    },
    pattern: Some("^-?(0|[1-9][0-9]*)$"),
    words: en("a whole number without leading zeros"),
};

static TAGS: Condition = Condition::Is("receiver_type", &[Lit::Int(2)]);
static IDS: Condition = Condition::Is("receiver_type", &[Lit::Int(3), Lit::Int(5)]);
/// A push to everybody.
const TO_ALL: Condition = Condition::Is("receiver_type", &[Lit::Int(4)]);
static NAMED: Condition = Condition::Any(&[TAGS, IDS]);

static PUSH: Shape = Shape::of(rows! {
    Field::new("sendno", Kind::I64, "the caller's own number of this request; it is echoed").required().composed()
        .limits(&[Limit::range(1, u32::MAX as i128), AS_NUMBER]).absent(Empties::TEXT).rule("V2-01"),
    Field::new("app_key", Kind::Text, "the app; herald takes it from the profile").limits(&[Limit::form(&KEY)])
        .filled_in().rule("V2-02"),
    Field::new("receiver_type", RECEIVER_TYPE, "what receiver_value names").required().composed().limits(&[AS_NUMBER])
        .absent(Empties::TEXT).rule("V2-03"),
    Field::new("receiver_value", Kind::CommaText(&Field::item(Kind::Text).id()),
        "tags, aliases or RegistrationIDs, joined by commas without blanks").required_if(&NAMED).composed()
        .limits(&[Limit::at_most_items(MAX_TAGS).when(&TAGS).rule("V2-05"),
        Limit::at_most_items(MAX_IDS).when(&IDS).rule("V2-05")]).absent(Empties::TEXT).rule("V2-04"),
    Field::new(
        "verification_code",
        Kind::Text,
        "MD5 of sendno, receiver_type, receiver_value and master secret; herald computes it",
    )
    .limits(&[Limit::form(&HEX32)])
    .filled_in()
    // Good for any message to the same audience.
    .secret()
    .rule("V2-06"),
    Field::new("msg_type", content::MSG_TYPE, "what msg_content holds").required().composed().sdk(&["mes_type"]).limits(&[AS_NUMBER])
        .absent(Empties::TEXT).rule("V2-07"),
    Field::new("platform", Kind::CommaText(&PLATFORM), "platforms, joined by commas").required().composed()
        .absent(Empties::TEXT).rule("V2-17"),
    Field::new("apns_production", Kind::Choice(choices! { 0 "development": "the APNs development environment",
        1 "production": "the APNs production environment" }), "which APNs environment").limits(&[AS_NUMBER])
        .default("the app's setting in the portal").rule("V2-19"),
    Field::new("time_to_live", Kind::I64, "seconds to keep it for devices that are off-line")
        .limits(&[Limit::range(0, 864_000), AS_NUMBER]).default("86400, a day").rule("V2-20"),
    Field::new("override_msg_id", MESSAGE_ID, "msg_id of a push, at most a day old, to replace").limits(IN_DIGITS)
        .rule("V2-21").replaces(),
    Field::new("send_description", Kind::Any, "the caller's own note; nobody gets it")
        .source("Java client, commit 89c1734").sdk(&["senddes"]),
})
.named("a push")
.variants(&content::BY_TYPE)
.near(&[("apnsProduction", "apns_production")])
.unknown(Unknown::Report("V2-W14"))
.checks(rows! {
    Check::function("V2-W03", "blanks, repeats and gaps in receiver_value", rules::receivers).also(&["V2-W04"]),
    Check::flag("V2-W06",
        Condition::All(&[Condition::Is("receiver_type", &[Lit::Int(4)]), Condition::Given("receiver_value")]),
        "receiver_value", "a broadcast does not need `receiver_value`"),
    Check::function("V2-18", "Android for custom messages", rules::platforms).also(&["V2-W03", "V2-W07"]),
    Check::function("V2-W08", "an APNs environment for iOS", rules::environment),
    Check::function("V2-22", "verification_code fits", rules::code).also(&["V2-W01"]),
    Check::function("V2-W02", "the profile", rules::account).also(&["V2-W12"]),
    Check::flag("V2-W11", Condition::All(&[]), "", "REST API v2 is retired"),
    Check::flag("V2-W13", Condition::Is("time_to_live", &[Lit::Int(0)]), "time_to_live",
        "`time_to_live` is 0: nothing is kept for devices that are off-line"),
});

static RECEIVED: Shape = Shape::of(rows! {
    Field::new("msg_ids", Kind::List(&Field::item(MESSAGE_ID).limits(IN_DIGITS)),
        "message ids; joined by commas in the query").required().limits(&[Limit::items(1, MAX_REPORT)])
        .position(Position::Query).rule("V2-30"),
});

/// The audience of a push, by `receiver_type`.
fn reach(at: At<'_>) -> Option<Audience> {
    let kind = match at.get("receiver_type").as_integer()? {
        2 => TargetKind::Tag,
        3 => TargetKind::Alias,
        4 => return Some(Audience::Everybody),
        5 => TargetKind::Regid,
        _ => return None,
    };
    let names = rules::items(at.get("receiver_value").as_str()?);
    let targets: Vec<Target> =
        names.filter(|name| !name.is_empty()).map(|name| Target::new(kind, name)).collect();
    match kind {
        _ if targets.is_empty() => None,
        TargetKind::Tag => Some(Audience::Class(targets)),
        _ => Some(Audience::Named(targets)),
    }
}
