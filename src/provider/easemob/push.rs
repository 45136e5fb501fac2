//! The notification of the instant-push product, with a section for each phone maker.

use super::fields::{long, text};
use crate::contract::{
    Check, Choice, Condition, Field, Kind, Length, Limit, Lit, MapOf, RuleId, Shape, Test, Unknown,
    choices, rows,
};
use crate::text::en;

static FREE: MapOf = MapOf { value: Field::new("{key}", Kind::Any, ""), reserved: &[] };

static CLICK: Shape = Shape::of(&[
    text("url", "EM-100", "Address that a tap opens"),
    text("action", "EM-100", "Action that a tap starts; not on iOS"),
    text("activity", "EM-100", "Screen that a tap opens; not on iOS"),
])
.named("clickAction");

static BADGE: Shape = Shape::of(&[
    long("addNum", "EM-100", "What is added to the number on the icon"),
    long("setNum", "EM-100", "The number on the icon"),
    text("activity", "EM-100", "Screen whose icon has the number"),
])
.named("badge");

static CONFIG: Shape = Shape::of(&[
    Field::new("clickAction", Kind::Object(&CLICK), "What a tap does").rule("EM-100"),
    Field::new("badge", Kind::Object(&BADGE), "Number on the icon").rule("EM-100"),
])
.named("config");

const SECTION: RuleId = "EM-102";

const fn most(name: &'static str, limits: &'static [Limit], about: &'static str) -> Field {
    text(name, SECTION, about).limits(limits)
}

const fn int(name: &'static str, about: &'static str) -> Field {
    long(name, SECTION, about)
}

const fn section(name: &'static str, shape: &'static Shape, about: &'static str) -> Field {
    Field::new(name, Kind::Object(shape), about).rule("EM-101")
}

/// A section where only some members are described.
const fn open(name: &'static str, fields: &'static [Field]) -> Shape {
    Shape::of(fields).named(name).unknown(Unknown::Ignore)
}

const fn needs(
    path: &'static str,
    value: &'static [Lit],
    missing: &'static Condition,
) -> [Condition; 2] {
    [Condition::Is(path, value), Condition::Not(missing)]
}

const ONE: &[Lit] = &[Lit::Int(1)];
const TWO: &[Lit] = &[Lit::Int(2)];

static BIG_TEXT: Condition = Condition::Given("bigTxt");
static BIG_PICTURE: Condition = Condition::Given("bigPicture");
static OPEN_URL: Condition = Condition::Given("operation/openUrl");
static OPEN_ACTION: Condition = Condition::Given("operation/openAction");
static STYLE_TEXT: [Condition; 2] = needs("style", ONE, &BIG_TEXT);
static STYLE_PICTURE: [Condition; 2] = needs("style", TWO, &BIG_PICTURE);
static OPENS_URL: [Condition; 2] = needs("operation/type", ONE, &OPEN_URL);
static OPENS_ACTION: [Condition; 2] = needs("operation/type", TWO, &OPEN_ACTION);

static OPERATION: Shape = open(
    "operation",
    &[
        int("type", "1 opens an address, 2 an action of the app"),
        text("openUrl", SECTION, "Address"),
        text("openAction", SECTION, "Action"),
    ],
);

static EASEMOB: Shape = open(
    "easemob",
    &[
        int("style", "1 a long text, 2 a picture"),
        text("bigTxt", SECTION, "The long text"),
        text("bigPicture", SECTION, "Address of the picture"),
        Field::new("operation", Kind::Object(&OPERATION), "What a tap does").rule(SECTION),
    ],
)
.checks(rows! {
    Check::flag("EM-W34", Condition::All(&STYLE_TEXT), "bigTxt", "`style` 1 shows `bigTxt`, which is missing"),
    Check::flag("EM-W34", Condition::All(&STYLE_PICTURE), "bigPicture",
        "`style` 2 shows `bigPicture`, which is missing"),
    Check::flag("EM-W34", Condition::All(&OPENS_URL), "operation/openUrl",
        "`type` 1 opens `openUrl`, which is missing"),
    Check::flag("EM-W34", Condition::All(&OPENS_ACTION), "operation/openAction",
        "`type` 2 opens `openAction`, which is missing"),
});

static CALLBACK: Shape = open(
    "extra",
    &[
        text("callback", SECTION, "Address of the receipt")
            .limits(&[Limit::chars(128).rule("EM-W34")]),
        text("callbackParam", SECTION, "Parameter of the receipt")
            .limits(&[Limit::chars(64).rule("EM-W34")]),
    ],
);

static VIVO: Shape = open(
    "vivo",
    &[
        most("title", &[Limit::at_most(Length::Weighted(40))], "Title"),
        most("content", &[Limit::at_most(Length::Weighted(100))], "Text"),
        text("skipContent", SECTION, "What a tap opens")
            .limits(&[Limit::chars(1000).rule("EM-W34")]),
        int("notifyId", "Number of the notification")
            .limits(&[Limit::range(1, 2_147_483_647).rule("EM-W34")]),
        Field::new("extra", Kind::Object(&CALLBACK), "Receipts").rule(SECTION),
    ],
);

static XIAOMI: Shape = open(
    "xiaomi",
    &[
        most("title", &[Limit::chars(50)], "Title"),
        most("description", &[Limit::chars(128)], "Text"),
    ],
);

static IN_APP: Condition = Condition::Is("clickActionType", &[Lit::Int(1), Lit::Int(4)]);
static ON_WEB: Condition = Condition::Is("clickActionType", &[Lit::Int(2), Lit::Int(5)]);
const FIVE_HUNDRED: &[Limit] = &[Limit::filled(), Limit::chars(500)];

static OPPO: Shape = open(
    "oppo",
    &[
        most("title", &[Limit::chars(32)], "Title"),
        most("content", &[Limit::chars(200)], "Text"),
        int("clickActionType", "What a tap does"),
        most("clickActionActivity", FIVE_HUNDRED, "Screen, for types 1 and 4").required_if(&IN_APP),
        most("clickActionUrl", FIVE_HUNDRED, "Address, for types 2 and 5").required_if(&ON_WEB),
    ],
);

static EXPANDED: Condition = Condition::Is("noticeExpandType", ONE);

static MEIZU: Shape = open(
    "meizu",
    &[
        most("title", &[Limit::chars(32)], "Title"),
        most("content", &[Limit::chars(100)], "Text"),
        int("noticeExpandType", "1 shows a longer text"),
        text("noticeExpandContent", SECTION, "The longer text").required_if(&EXPANDED),
    ],
);

static APNS: Shape = open(
    "apns",
    &[
        Field::new(
            "priority",
            Kind::Choice(choices! { 5 "5": "saves the battery", 10 "10": "at once" }),
            "How urgent it is",
        )
        .rule(SECTION),
        Field::new(
            "pushType",
            Kind::Choice(choices! { "background", "alert" }),
            "What it does on the device",
        )
        .rule(SECTION),
    ],
);

static URL_IN_CLICK: Condition = Condition::Is("type", TWO);
fn is_https(text: &str) -> bool {
    text.starts_with("https://")
}
static HTTPS: crate::contract::TextForm = crate::contract::TextForm {
    test: is_https,
    pattern: Some("^https://"),
    words: en("an https address"),
};

static MAKER_CLICK: Shape = open(
    "clickAction",
    &[
        int("type", "2 opens an address"),
        text("url", SECTION, "Address")
            .limits(&[Limit::form(&HTTPS).rule("EM-W34").when(&URL_IN_CLICK)]),
    ],
);

static MAKER_BADGE: Shape = open(
    "badge",
    &[
        int("addNum", "What is added, 1 to 99").limits(&[Limit::range(1, 99).rule("EM-W34")]),
        int("setNum", "The number, 0 to 99").limits(&[Limit::range(0, 99).rule("EM-W34")]),
    ],
);

static ANYTHING: Field = Field::item(Kind::Any);
const FIVE: &[Limit] = &[Limit::at_most_items(5).rule("EM-W34")];
const THREE: &[Limit] = &[Limit::at_most_items(3).rule("EM-W34")];

static HUAWEI_NOTICE: Shape = open(
    "androidNotification",
    &[
        Field::new("badge", Kind::Object(&MAKER_BADGE), "Number on the icon").rule(SECTION),
        Field::new("clickAction", Kind::Object(&MAKER_CLICK), "What a tap does").rule(SECTION),
        Field::new("inboxContent", Kind::List(&ANYTHING), "Lines, at most 5")
            .rule(SECTION)
            .limits(FIVE),
        Field::new("buttons", Kind::List(&ANYTHING), "Buttons, at most 3")
            .rule(SECTION)
            .limits(THREE),
    ],
);

static HUAWEI: Shape = open(
    "huawei",
    &[Field::new("message", Kind::Object(&HUAWEI_MESSAGE), "Message as Huawei documents it")
        .rule(SECTION)],
)
.include(&[&HUAWEI_NOTICE]);

static HUAWEI_MESSAGE: Shape = open(
    "message",
    &[Field::new("android", Kind::Object(&HUAWEI_ANDROID), "Settings for Android").rule(SECTION)],
)
.include(&[&HUAWEI_NOTICE]);

static HUAWEI_ANDROID: Shape = open(
    "android",
    &[Field::new("notification", Kind::Object(&HUAWEI_NOTICE), "The notification").rule(SECTION)],
);

static BIG_TITLE: Condition = Condition::Given("bigTitle");
static BIG_BODY: Condition = Condition::Given("bigBody");
static HONOR_TITLE: [Condition; 2] = needs("style", ONE, &BIG_TITLE);
static HONOR_BODY: [Condition; 2] = needs("style", ONE, &BIG_BODY);

static HONOR: Shape = open(
    "honor",
    &[
        int("style", "1 shows a long text"),
        text("bigTitle", SECTION, "Title of the long text"),
        text("bigBody", SECTION, "The long text"),
        Field::new("clickAction", Kind::Object(&MAKER_CLICK), "What a tap does").rule(SECTION),
        Field::new("badge", Kind::Object(&MAKER_BADGE), "Number on the icon").rule(SECTION),
    ],
)
.checks(rows! {
    Check::flag("EM-W34", Condition::All(&HONOR_TITLE), "bigTitle", "`style` 1 shows `bigTitle`, which is missing"),
    Check::flag("EM-W34", Condition::All(&HONOR_BODY), "bigBody", "`style` 1 shows `bigBody`, which is missing"),
});

static OTHER: Shape = open("section", &[]);

/// The notification.
pub(super) static PUSH_MESSAGE: Shape = Shape::of(rows! {
    text("title", "EM-96", "Title").limits(&[Limit::of(Test::NotBlank), Limit::at_most(Length::Weighted(32))])
        .required().composed(),
    text("content", "EM-97", "Text").limits(&[Limit::of(Test::NotBlank), Limit::at_most(Length::Weighted(100))])
        .required().composed(),
    text("subTitle", "EM-98", "Second title, on iOS").limits(&[Limit::chars(10)]),
    Field::new("ext", Kind::Map(&FREE), "The app's own keys: at most 10, 1024 characters together").rule("EM-99")
        .limits(&[Limit::at_most_items(10), Limit::chars(1024)]).composed(),
    Field::new("config", Kind::Object(&CONFIG), "What a tap does, and the number on the icon").rule("EM-100"),
    section("easemob", &EASEMOB, "For the vendor's own channel"),
    section("apns", &APNS, "For Apple devices"),
    section("fcm", &OTHER, "For Google's channel, old protocol"),
    section("fcmV1", &OTHER, "For Google's channel"),
    section("huawei", &HUAWEI, "For Huawei devices"),
    section("honor", &HONOR, "For Honor devices"),
    section("meizu", &MEIZU, "For Meizu devices"),
    section("oppo", &OPPO, "For Oppo devices"),
    section("vivo", &VIVO, "For vivo devices"),
    section("xiaomi", &XIAOMI, "For Xiaomi devices"),
    section("harmonyOS", &OTHER, "For HarmonyOS devices"),
})
.named("pushMessage")
.near_as("EM-W10", &[("sub_title", "subTitle"), ("subtitle", "subTitle")]);

const STRATEGIES: &[Choice] = choices! {
    0 "vendor-first": "the phone maker's channel first, then Easemob's",
    1 "easemob-only": "Easemob's channel alone",
    2 "vendor-only": "the phone maker's channel alone; users without a device token get nothing, and nobody is told" remark "EM-W27",
    3 "online-easemob": "who is online by Easemob, the others by the phone maker",
    4 "easemob-online": "Easemob's channel, only who is online",
};

/// Which channels are used.
pub(super) const STRATEGY: Field =
    Field::new("strategy", Kind::Choice(STRATEGIES), "Which channels are used")
        .rule("EM-91")
        .default("2")
        .recommended("EM-W27");

/// The field.
pub(super) const PUSH_FIELD: Field =
    Field::new("pushMessage", Kind::Object(&PUSH_MESSAGE), "The notification")
        .rule("EM-92")
        .required()
        .composed();
