//! A provider that does not exist, with every kind of row, to test the code that reads rows.

use super::{
    Batching, Bools, Case, Check, Choice, Codes, Condition, Contract, CredentialKey, Effect,
    Empties, Endpoint, ErrorCode, Field, FileRules, FindOut, ForeignCodes, InnerKind, Kind, Length,
    Limit, Lit, MapOf, MessageType, Null, Operation, Policy, Reach, Recall, Retry, Root, RowFault,
    Rule, SdkCode, Shape, Spelling, TargetKind, Test, TextForm, Unknown, Variant, Verb, error,
    warning,
};
use crate::outcome::Class;
use crate::text::en;

pub(super) static CONTRACT: Contract = Contract {
    id: "sample",
    name: "Sample",
    about: en("A provider that does not exist."),
    endpoints: &[Endpoint { name: "", role: "", base: "https://api.example.com", backup: None }],
    credentials: &[CredentialKey {
        name: "app_key",
        secret: false,
        lasting: false,
        required: true,
        instead: "",
        operations: "",
        about: en("The app's key"),
        sandbox: "key",
        values: &[],
    }],
    policy: Policy {
        null: Null::Remarked("the sample may refuse it"),
        absent: Empties::TEXT,
        digits: Spelling::Remark("W01"),
        words: Spelling::Refuse,
        unknown: Unknown::Report("E04"),
    },
    codes: Codes::by(&[
        (RowFault::Missing, "E01"),
        (RowFault::Type, "E02"),
        (RowFault::Empty, "E03"),
        (RowFault::Set, "E03"),
        (RowFault::Range, "E03"),
        (RowFault::Length, "E03"),
        (RowFault::Form, "E03"),
        (RowFault::Items, "E03"),
        (RowFault::Key, "E03"),
        (RowFault::Json, "E03"),
        (RowFault::Base64, "E03"),
        (RowFault::File, "E03"),
    ]),
    rules: RULES,
    operations: &[SEND, UPLOAD, BATCH],
    groups: &[],
    types: TYPES,
    errors: &[ErrorCode {
        code: "1001",
        http: None,
        text: "",
        words: "",
        only: &[],
        when: None,
        meaning: en("The target does not exist."),
        cure: en("Name one that does."),
        class: Class::State,
        retry: Retry::No,
        of_one_target: true,
        sdk_codes: &[SdkCode::new("9001", "the name of 1001 in an SDK")],
    }],
    elsewhere: &[ForeignCodes::new(
        &[(6001, 6009)],
        "a code of the sample's clients",
        "look into the client",
        "the sample's documents",
    )],
    find_out: &[FindOut::by_hand("ask the sample")],
    default_target: TargetKind::User,
    folds_ids: false,
    refusals_have_ids: false,
    sandbox_roles: &[],
    switches: &[],
    requests_per_connection: None,
    overrun: &[],
    source: "Nowhere",
};

static RULES: &[Rule] = &[
    error("E01", "required field missing", "Set it."),
    error("E02", "wrong type", "Give the type that is expected."),
    error("E03", "bad value", "Give one that is allowed."),
    error("E04", "unknown field", "Remove it."),
    error("E05", "too many at once", "Name one of them."),
    warning("W01", "digits in a string", "Write a number."),
    warning("W03", "known wrong name", "Use the right one."),
    warning("W02", "long title", "Phones cut it."),
];

const SEND: Operation = Operation {
    id: "send",
    about: en("Send a message"),
    path: "/send",
    root: Root::Shape(&Shape {
        checks: &[
            Check::count("E05", &["group", "room"], 0, 1, "room"),
            Check::flag(
                "E05",
                Condition::All(&[
                    Condition::Given("room"),
                    Condition::Is("silent", &[Lit::Bool(true)]),
                ]),
                "silent",
                "`silent` does not go with `room`",
            ),
        ],
        ..Shape::of(SEND_FIELDS).near_as("W03", &[("from", "sender")])
    }),
    verbs: &[Verb::Send],
    effect: Effect::Sends,
    reach: Reach::Field(TargetKind::User, "to"),
    recall: Recall::never("It cannot be recalled."),
    content: "/payload",
    source: "Sample API, Send",
    batch: Some(Batching { field: "to", cap: Some(3) }),
    ..Operation::BASE
};

const ID: Field = Field::item(Kind::Text).limits(&[Limit::filled()]);
const SILENT: &Condition = &Condition::Is("silent", &[Lit::Bool(true)]);

const SEND_FIELDS: &[Field] = &[
    Field::new("sender", Kind::Text, "Who sends")
        .required()
        .sdk(&["fromUser"])
        .limits(&[Limit::filled(), Limit::bytes(8)]),
    Field::new("to", Kind::OneOrList(&ID), "Whom").required().limits(&[Limit::items(1, 3)]),
    Field::new("tags", Kind::List(&ID), "Labels").limits(&[Limit::at_most_items(2)]),
    Field::new("platform", Kind::CommaText(&PLATFORM), "Where it is shown"),
    Field::new("line", Kind::I32, "The line").limits(&[Limit::range(0, 9)]).default("0"),
    Field::new("ratio", Kind::NUMBER, "A ratio"),
    Field::new("silent", Kind::BOOL, "Whether it makes no sound"),
    Field::new("loud", Kind::Bool(LOUD), "Whether it makes more"),
    Field::new("group", Kind::Text, "A group"),
    Field::new("room", Kind::Text, "A room").required_if(SILENT),
    Field::new("number", Kind::Digits, "Digits"),
    Field::new("title", Kind::Text, "A title")
        .aliases(&["heading"])
        .limits(&[Limit::chars(6), Limit::chars(4).rule("W02")]),
    Field::new("audience", Kind::Union(WHOM), "Who gets it"),
    Field::new("priority", Kind::Open(&[Choice::int(1, "high", en("at once"))]), "How urgent"),
    Field::new("extra", Kind::Map(&EXTRA), "The app's own data"),
    Field::new("mention", Kind::JsonText(&MENTION), "Who is mentioned"),
    Field::new("inner", Kind::JsonText(&BARE), "Text or object"),
    Field::new("blob", Kind::Base64, "Bytes"),
    Field::new("sealed", Kind::Base64Json(&MENTION), "An object in base64"),
    Field::new("any", Kind::Any, "Anything"),
    Field::new("hex", Kind::Text, "Hex digits").limits(&[Limit::form(&HEX)]),
    Field::new("payload", Kind::Object(&PAYLOAD), "The message").required(),
];

const LOUD: Bools =
    Bools { text: Spelling::Accept, cased: Spelling::Remark("W01"), one: Spelling::Accept };
const PLATFORM: Field =
    Field::item(Kind::Choice(&[Choice::word("ios", en("")), Choice::word("android", en(""))]));
const ALL: Kind = Kind::Choice(&[Choice::word("all", en("everybody"))]);
const WHOM: &[Kind] = &[ALL, Kind::Object(&AUDIENCE)];
static AUDIENCE: Shape = Shape::of(&[Field::new("tag", Kind::List(&ID), "Tags")]);
static EXTRA: MapOf = MapOf {
    value: Field::item(Kind::Text),
    reserved: &[Field::new("badge", Kind::U32, "The badge")],
};
static MENTION: InnerKind = InnerKind { kind: Kind::Object(&WHO), bare: false, codes: Codes::NONE };
static BARE: InnerKind = InnerKind { kind: Kind::Object(&WHO), bare: true, codes: Codes::NONE };
static WHO: Shape = Shape::of(&[
    Field::new("type", Kind::I32, "1 all, 2 some").required(),
    Field::new("userIdList", Kind::List(&ID), "Some"),
])
.named("Mention");
const HEX: TextForm = TextForm {
    test: |text| text.bytes().all(|b| b.is_ascii_hexdigit()),
    pattern: Some("^[0-9A-Fa-f]*$"),
    words: en("hex digits"),
};

const TYPE: &[Choice] =
    &[Choice::int(1, "text", en("a text")), Choice::int(2, "place", en("a place"))];

static PAYLOAD: Shape = Shape::of(&[
    Field::new("type", Kind::Choice(TYPE), "The type").required(),
    Field::new("content", Kind::Text, "Free"),
    Field::new("push", Kind::Object(&PUSH), "What the phone shows"),
])
.named("Payload")
.variants(&[Variant {
    by: "type",
    cases: &[Case { is: &[Lit::Int(1)], shape: &TEXT }, Case { is: &[Lit::Int(2)], shape: &PLACE }],
    otherwise: None,
}]);

static PUSH: Shape = Shape::of(&[
    Field::new("badge-count", Kind::I32, "The badge"),
    Field::new("level", Kind::FLAG01, "The level"),
]);

static TEXT: Shape = Shape::of(&[Field::new("text", Kind::Text, "The words")
    .required()
    .limits(&[Limit::at_most(Length::Utf16(20))])]);

static PLACE: Shape = Shape::of(&[
    Field::new("latitude", Kind::NUMBER, "Degrees")
        .required()
        .limits(&[Limit::of(Test::Between(-90.0, 90.0))]),
    Field::new("content", Kind::JsonText(&MENTION), "More"),
]);

static TYPES: &[MessageType] = &[
    MessageType {
        id: "text",
        wire: Lit::Int(1),
        about: en("Words"),
        content: Some(Kind::Object(&TEXT)),
        facts: "stored, counted",
        by_hand: true,
        flag: "--text",
        source: "Sample API, Types",
    },
    MessageType {
        id: "place",
        wire: Lit::Int(2),
        about: en("A place"),
        content: Some(Kind::Object(&PLACE)),
        facts: "",
        by_hand: true,
        flag: "--location",
        source: "Sample API, Types",
    },
];

const UPLOAD: Operation = Operation {
    id: "upload",
    about: en("Upload a file"),
    path: "/upload",
    root: Root::Shape(&Shape::of(&[Field::new(
        "file",
        Kind::File(&FileRules { max_bytes: 10, endings: &["txt"], max_name: None }),
        "The file",
    )
    .required()])),
    verbs: &[Verb::Upload],
    effect: Effect::Manages,
    source: "Sample API, Upload",
    ..Operation::BASE
};

const BATCH: Operation = Operation {
    id: "batch",
    about: en("Look several up"),
    path: "/batch",
    root: Root::Value(&Field::new("", Kind::List(&ID), "Ids").limits(&[Limit::items(1, 2)])),
    verbs: &[Verb::Get],
    source: "Sample API, Batch",
    ..Operation::BASE
};
