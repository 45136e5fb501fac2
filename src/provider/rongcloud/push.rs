//! What notifications say: the blocks of `/push*.json`, and the same settings inside `pushExt`.

use super::fields::{BY_SDKS, IN_USE, INNER, INNER_CODES, flag, text};
use crate::contract::{
    Check, Condition, Empties, Field, InnerKind, Kind, Limit, MapOf, Policy, Shape, Test, TextForm,
    Unknown, ValueCheck, choices, rows,
};
use crate::document::At;
use crate::text::en;

/// Inside `pushExt` an unknown name is a typing error, not the app's own data.
const SETTINGS: Policy = Policy { unknown: Unknown::Report("W01"), ..INNER };

static HTTPS: TextForm = TextForm {
    test: |text| text.get(..8).is_some_and(|head| head.eq_ignore_ascii_case("https://")),
    pattern: Some("^[Hh][Tt][Tt][Pp][Ss]://"),
    words: en("an address that begins with https://"),
};

const OVER_TLS: &[Limit] = &[Limit::form(&HTTPS).rule("W16")];

const fn picture(name: &'static str) -> Field {
    text(name, "Address of a picture, https").limits(OVER_TLS)
}

const CHANNEL_ID: Field = text("channelId", "Channel of the phone maker or of Android");
const CATEGORY: Field = text("category", "Category of the message, as the phone maker names it");
const IMPORTANCE: Field = Field::new(
    "importance",
    Kind::Choice(choices! { "NORMAL": "with sound and banner", "LOW": "quietly" }),
    "How loud it is",
);
const CLASSIFICATION: Field = Field::new(
    "classification",
    Kind::Choice(choices! { "0": "operation (marketing)", "1": "system (about the user)" }),
    "What sort of message it is",
);
const NOTIFY_LEVEL: Field = Field::new(
    "notify_level",
    Kind::Choice(choices! {
        1 "list": "in the list",
        2 "lock-screen": "also on the lock screen",
        16 "banner": "also as a banner",
    }),
    "How prominent it is; needs `category`",
);
const INTERRUPTION: Field = Field::new(
    "interruption-level",
    Kind::Choice(choices! { "passive", "active", "time-sensitive", "critical" }),
    "How much it interrupts",
)
.default("active");
const THREAD: Field = text("thread-id", "Group of notifications");
const COLLAPSE: Field =
    text("apns-collapse-id", "A later one with the same id replaces this one").replaces();
const RICH_MEDIA: Field =
    text("richMediaUri", "Address of a picture, sound or film; with `category`");
const LARGE_ICON: Field = text("large_icon_uri", "Address of an icon")
    .deprecated("H02", "Xiaomi no longer honours it; leave it out");

static HUAWEI: Shape = Shape::of(&[CHANNEL_ID, IMPORTANCE, picture("image"), CATEGORY]);
static HONOR: Shape = Shape::of(&[IMPORTANCE, picture("image")]);
static XIAOMI: Shape = Shape::of(&[CHANNEL_ID, LARGE_ICON]);
static OPPO: Shape = Shape::of(&[CHANNEL_ID, CATEGORY, NOTIFY_LEVEL]).checks(rows! {
    Check::flag("W18",
        Condition::All(&[Condition::Given("notify_level"), Condition::Not(&Condition::Given("category"))]),
        "notify_level", "`notify_level` has no effect without `category`"),
});
const UNDESCRIBED: &[Limit] = &[IN_USE];
static XIAOMI_IN_PUSH_EXT: Shape = Shape::of(&[
    CHANNEL_ID,
    LARGE_ICON,
    text("templateId", "Message template at Xiaomi").limits(UNDESCRIBED),
]);
static OPPO_IN_PUSH_EXT: Shape = Shape::of(&[
    CHANNEL_ID,
    CATEGORY.limits(UNDESCRIBED),
    Field::new("notifyLevel", Kind::Any, "How prominent it is").limits(UNDESCRIBED),
]);
static VIVO: Shape = Shape::of(&[CLASSIFICATION, CATEGORY]).checks(rows! {
    Check::flag("W18",
        Condition::All(&[Condition::Given("category"), Condition::Not(&Condition::Given("classification"))]),
        "category", "`category` needs `classification` beside it"),
});
static FCM: Shape =
    Shape::of(&[CHANNEL_ID, text("collapse_key", "Collapse key").replaces(), picture("imageUrl")]);
static OHOS: Shape = Shape::of(&[CATEGORY, picture("image")]);
static APNS: Shape = Shape::of(&[
    THREAD,
    COLLAPSE,
    RICH_MEDIA,
    INTERRUPTION,
    text("category", "Category that shows rich media").limits(UNDESCRIBED),
])
.near_as("W17", &[("threadId", "thread-id"), ("apnsCollapseId", "apns-collapse-id")]);

const fn block(name: &'static str, shape: &'static Shape) -> Field {
    Field::new(name, Kind::Object(shape), "Settings of this phone maker or system")
}

static EXTRAS_OF: MapOf = MapOf { value: Field::new("key", Kind::Any, ""), reserved: &[] };
const EXTRAS: Field = Field::new("extras", Kind::Map(&EXTRAS_OF), "The app's own data");

/// A platform's own text: an empty one does not fall back to the default, so it is not a way to leave it out.
const ALERT: Field = text("alert", "Text on this system; overrides the default")
    .absent(Empties::NONE)
    .limits(&[Limit::filled()]);

/// Settings of iOS.
static IOS: Shape = Shape::of(&[
    flag("contentAvailable", "Silent push").default("0"),
    Field::new("badge", Kind::I64, "Number on the icon; 0 or less clears it, absent leaves it")
        .limits(&[Limit::of(Test::Range(None, Some(9999)))]),
    text("category", "Category that shows rich media"),
    RICH_MEDIA,
    THREAD,
    COLLAPSE,
    INTERRUPTION,
    EXTRAS,
])
.near_as("W17", &[("threadId", "thread-id"), ("apnsCollapseId", "apns-collapse-id")])
.checks(rows! {
    Check::flag("W18",
        Condition::All(&[Condition::Given("richMediaUri"), Condition::Not(&Condition::Given("category"))]),
        "richMediaUri", "`richMediaUri` needs `category` beside it"),
});

/// Settings of Android.
static ANDROID: Shape = Shape::of(&[
    block("hw", &HUAWEI),
    block("honor", &HONOR),
    block("mi", &XIAOMI),
    block("oppo", &OPPO),
    block("vivo", &VIVO),
    block("fcm", &FCM),
    EXTRAS,
])
.near_as(
    "W17",
    &[
        ("HW", "hw"),
        ("Hw", "hw"),
        ("HONOR", "honor"),
        ("Honor", "honor"),
        ("MI", "mi"),
        ("Mi", "mi"),
        ("OPPO", "oppo"),
        ("Oppo", "oppo"),
        ("VIVO", "vivo"),
        ("Vivo", "vivo"),
        ("FCM", "fcm"),
        ("Fcm", "fcm"),
    ],
);

/// Settings of HarmonyOS.
static HARMONY: Shape = Shape::of(&[block("ohos", &OHOS), EXTRAS])
    .near_as("W17", &[("OHOS", "ohos"), ("Ohos", "ohos")]);

static IOS_WITH_TEXT: Shape =
    Shape::of(&[ALERT, text("title", "Title on iOS 8.2 and later")]).include(&[&IOS]);
static ANDROID_WITH_TEXT: Shape = Shape::of(&[ALERT]).include(&[&ANDROID]);
static HARMONY_WITH_TEXT: Shape = Shape::of(&[ALERT]).include(&[&HARMONY]);

const TITLE: Field = text("title", "Title").limits(&[Limit::chars(50)]);
const FORCE: Field =
    flag("forceShowPushContent", "Show the text even where the user hides details").default("0");

/// The notification of `push` and `push-custom`.
pub(super) static NOTIFICATION: Shape = Shape::of(&[
    text("alert", "Default text, for systems without a text of their own").composed(),
    TITLE,
    FORCE,
    Field::new("ios", Kind::Object(&IOS_WITH_TEXT), "Settings of iOS"),
    Field::new("android", Kind::Object(&ANDROID_WITH_TEXT), "Settings of Android"),
    Field::new("harmonyOS", Kind::Object(&HARMONY_WITH_TEXT), "Settings of HarmonyOS"),
])
.named("notification")
.near(&[("pushContent", "alert"), ("harmonyos", "harmonyOS"), ("iOS", "ios")]);

/// The notification of `push-user`, whose text has another name.
pub(super) static USER_NOTIFICATION: Shape = Shape::of(&[
    text("pushContent", "Text").limits(&[Limit::filled()]).required(),
    TITLE,
    FORCE,
    Field::new("ios", Kind::Object(&IOS), "Settings of iOS"),
    Field::new("android", Kind::Object(&ANDROID), "Settings of Android"),
    Field::new("harmonyOS", Kind::Object(&HARMONY), "Settings of HarmonyOS"),
])
.named("notification")
.near(&[("alert", "pushContent"), ("harmonyos", "harmonyOS"), ("iOS", "ios")]);

static CONFIG: Shape = Shape::of(&[
    block("HW", &HUAWEI),
    block("HONOR", &HONOR),
    block("MI", &XIAOMI_IN_PUSH_EXT),
    block("OPPO", &OPPO_IN_PUSH_EXT),
    block("VIVO", &VIVO),
    block("APNs", &APNS),
    block("FCM", &FCM),
    block("OHOS", &OHOS),
])
.near_as(
    "W17",
    &[
        ("hw", "HW"),
        ("Hw", "HW"),
        ("honor", "HONOR"),
        ("Honor", "HONOR"),
        ("mi", "MI"),
        ("Mi", "MI"),
        ("oppo", "OPPO"),
        ("Oppo", "OPPO"),
        ("vivo", "VIVO"),
        ("Vivo", "VIVO"),
        ("apns", "APNs"),
        ("APNS", "APNs"),
        ("Apns", "APNs"),
        ("fcm", "FCM"),
        ("Fcm", "FCM"),
        ("ohos", "OHOS"),
        ("Ohos", "OHOS"),
    ],
);
static CONFIG_ITEM: Field = Field::item(Kind::Object(&CONFIG));
static PUSH_EXT_SHAPE: Shape = Shape::of(&[
    TITLE,
    text("templateId", "Push template of the console"),
    FORCE,
    Field::new("pushConfigs", Kind::List(&CONFIG_ITEM), "One phone maker an item, upper case"),
    text("pushId", "Id of the push, in the Java SDK's own example").limits(BY_SDKS),
])
.named("pushExt")
.policy(&SETTINGS);

/// What the text of `pushExt` holds.
pub(super) static PUSH_EXT: InnerKind =
    InnerKind { kind: Kind::Object(&PUSH_EXT_SHAPE), bare: false, codes: INNER_CODES };

/// The text of one recipient of a template; an empty one is none.
static PUSH_EXT_ITEM: Field = Field::item(Kind::JsonText(&PUSH_EXT)).absent(Empties::TEXT);

const TEXT_OR_TEXTS: &[Kind] = &[Kind::JsonText(&PUSH_EXT), Kind::List(&PUSH_EXT_ITEM)];

/// `pushExt` of a template: one text, as branch v4 of rongcloud/server-sdk-go writes, or one for each recipient, as
/// `TemplateMessage` of rongcloud/server-sdk-java. Which of both the server honours is not known.
pub(super) const TEMPLATE_PUSH_EXT: Field = Field::new(
    "pushExt",
    Kind::Union(TEXT_OR_TEXTS),
    "Title and phone makers' settings of the push: one text, or one for each recipient",
);

/// The systems that a push can name, in the spelling that the vendor's samples use.
static PLATFORM: Field = Field::item(Kind::Open(choices! {
    "ios",
    "android",
    "HarmonyOS": "only the overseas product describes it as a platform; it counts as one" remark "H05",
}))
.limits(rows! {
    Limit::of(Test::ValueCheck(&ValueCheck { name: "the name of a platform", test: unknown_platform })).rule("E07"),
    Limit::of(Test::ValueCheck(&ValueCheck { name: "in lower case", test: cased_platform })).rule("W06"),
});

/// Lower-case names of the systems. Blocks of a notification spell them like this, except `harmonyOS`.
pub(super) const PLATFORMS: [&str; 3] = ["ios", "android", "harmonyos"];

fn unknown_platform(at: At<'_>) -> Option<String> {
    let name = at.as_str()?;
    let known = PLATFORMS.iter().any(|known| known.eq_ignore_ascii_case(name));
    (!known).then(|| format!("`{name}` is no platform; there are `ios` and `android`"))
}

fn cased_platform(at: At<'_>) -> Option<String> {
    let name = at.as_str()?;
    let right = ["ios", "android", "HarmonyOS"]
        .into_iter()
        .find(|right| right.eq_ignore_ascii_case(name))?;
    (right != name).then(|| format!("`{name}` is written `{right}` in every sample"))
}

/// The systems that are meant.
pub(super) const PLATFORM_FIELD: Field = Field::new(
    "platform",
    Kind::List(&PLATFORM),
    "Systems: at least one of `ios`, `android`; no effect beside `audience.userid`",
)
.limits(&[Limit::of(Test::Items(Some(1), None))])
.required()
.composed();

/// Everybody or not.
pub(super) const IS_TO_ALL: Field =
    Field::new("is_to_all", Kind::BOOL, "Everybody; makes every other selector void")
        .required()
        .composed();

/// Whether a message stands beside the notification.
pub(super) const WITH_MESSAGE: Condition = Condition::Given("message");
/// Whether the call is a push alone: no message, not even one that was written flat by mistake.
pub(super) const PUSH_ALONE: Condition = Condition::All(&[
    Condition::Not(&Condition::Given("message")),
    Condition::Not(&Condition::Given("content")),
    Condition::Not(&Condition::Given("objectName")),
]);
