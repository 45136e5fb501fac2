//! Sections of a notification: one for the vendor's own channel, and one for each phone maker.
//!
//! Keys are those of the tables in `docs/push/push_notification_config.md` of `easemob/easemob-doc`. Its samples have other
//! types than its tables here and there, so only values that the page bounds have a type here. The push SDK has a section
//! for HarmonyOS, of which no page tells the keys.

use super::fields::{boolean, long, text};
use crate::contract::{
    Check, Condition, Field, FindingSink, Kind, Length, Limit, Lit, RuleId, Shape, TextForm,
    Unknown, choices, rows,
};
use crate::document::At;
use crate::near::did_you_mean;
use crate::text::en;

const SECTION: RuleId = "EM-102";
/// A setting that the maker ignores or shortens.
const SOFT: RuleId = "EM-W34";

const fn string(name: &'static str, limits: &'static [Limit], about: &'static str) -> Field {
    text(name, SECTION, about).limits(limits)
}

const fn int(name: &'static str, about: &'static str) -> Field {
    long(name, SECTION, about)
}

const fn object(name: &'static str, shape: &'static Shape, about: &'static str) -> Field {
    Field::new(name, Kind::Object(shape), about).rule(SECTION)
}

const fn any(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::Any, about)
}

/// What a section or a part of one may hold. Of other keys [`UNKNOWN_SETTINGS`] speaks.
const fn open(name: &'static str, fields: &'static [Field]) -> Shape {
    Shape::of(fields).named(name).unknown(Unknown::Ignore)
}

/// A value that shows something else, which is missing.
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
static OPEN_URL: Condition = Condition::Given("openUrl");
static OPEN_ACTION: Condition = Condition::Given("openAction");
static STYLE_TEXT: [Condition; 2] = needs("style", ONE, &BIG_TEXT);
static STYLE_PICTURE: [Condition; 2] = needs("style", TWO, &BIG_PICTURE);
static OPENS_URL: [Condition; 2] = needs("type", &[Lit::Int(1), Lit::Text("1")], &OPEN_URL);
static OPENS_ACTION: [Condition; 2] = needs("type", &[Lit::Int(2), Lit::Text("2")], &OPEN_ACTION);

/// A number; the page's own sample has it as text.
const TAP_TYPES: Kind = Kind::Union(&[
    Kind::I64,
    Kind::Choice(choices! {
        "0": "in the documents' table it is a number, 0" remark "EM-W38",
        "1": "in the documents' table it is a number, 1" remark "EM-W38",
        "2": "in the documents' table it is a number, 2" remark "EM-W38",
    }),
]);

static OPERATION: Shape = open(
    "operation",
    &[
        Field::new("type", TAP_TYPES, "0 opens the app, 1 an address, 2 an action of the app")
            .rule(SECTION),
        string("openUrl", &[], "Address"),
        string("openAction", &[], "Action"),
    ],
)
.checks(rows! {
    Check::flag(SOFT, Condition::All(&OPENS_URL), "openUrl", "`type` 1 opens `openUrl`, which is missing"),
    Check::flag(SOFT, Condition::All(&OPENS_ACTION), "openAction", "`type` 2 opens `openAction`, which is missing"),
});

/// The vendor's own channel.
pub(super) static EASEMOB: Shape = open("easemob", rows! {
    int("style", "1 a long text, 2 a picture"),
    string("bigTxt", &[], "The long text"),
    string("bigPicture", &[], "Address of the picture"),
    object("operation", &OPERATION, "What a tap does"),
    any("title", "Title"),
    any("content", "Text"),
    any("subTitle", "Second title, on iOS"),
    any("iconUrl", "Address of the icon"),
    any("needNotification", "false delivers it to the app without showing it"),
    any("badge", "Number on the icon"),
    any("channelId", "Channel of the notification, else `chat`"),
    any("channelName", "Name of a channel that is made"),
    any("channelLevel", "Level of a channel that is made: 0, 3 or 4"),
    any("autoCancel", "1 closes it when it is tapped"),
    any("expiresTime", "Until when it is shown, in milliseconds since 1970"),
    any("sound", "1 with sound"),
    any("vibrate", "1 with vibration"),
    any("id", "Number of the notification; the same one replaces it"),
})
.checks(rows! {
    Check::flag(SOFT, Condition::All(&STYLE_TEXT), "bigTxt", "`style` 1 shows `bigTxt`, which is missing"),
    Check::flag(SOFT, Condition::All(&STYLE_PICTURE), "bigPicture", "`style` 2 shows `bigPicture`, which is missing"),
});

/// Apple devices.
pub(super) static APNS: Shape = open(
    "apns",
    rows! {
        Field::new("priority", Kind::Choice(choices! { 5 "5": "saves the battery", 10 "10": "at once" }),
            "How urgent it is").rule(SECTION),
        Field::new("pushType", Kind::Choice(choices! { "background", "alert" }), "What it does on the device")
            .rule(SECTION),
        any("invalidationTime", "How long it is tried, in milliseconds"),
        any("collapseId", "Notifications with the same one are shown as one").replaces(),
        any("apnsId", "Id of the notification"),
        any("badge", "Number on the icon"),
        any("sound", "Sound file of the app"),
        any("mutableContent", "An extension of the app may change it"),
        any("contentAvailable", "Wakes the app in the background"),
        any("categoryName", "Category of actions"),
        any("threadId", "Notifications with the same one are grouped"),
        any("title", "Title"),
        any("subTitle", "Second title"),
        any("content", "Text"),
        any("titleLocKey", "Key of a translated title"),
        any("titleLocArgs", "Values for the translated title"),
        any("subTitleLocKey", "Key of a translated second title"),
        any("subTitleLocArgs", "Values for the translated second title"),
        any("bodyLocKey", "Key of a translated text"),
        any("bodyLocArgs", "Values for the translated text"),
        any("ext", "The app's own data"),
        any("launchImage", "File of the picture that is shown at the start"),
    },
);

/// Google's channel, old protocol.
pub(super) static FCM: Shape = open(
    "fcm",
    rows! {
        any("condition", "Expression that says who gets it"),
        any("collapseKey", "Notifications with the same one are sent as one").replaces(),
        any("priority", "`normal` or `high`"),
        any("timeToLive", "How long it is kept, in seconds; at most 4 weeks"),
        any("dryRun", "true sends nothing"),
        any("restrictedPackageName", "Package that the token must belong to"),
        any("data", "The app's own data"),
        any("notification", "What is shown"),
    },
);

/// Google's channel.
pub(super) static FCM_V1: Shape = open(
    "fcmV1",
    rows! {
        any("type", "`BOTH`, `DATA` or `NOTIFICATION`"),
        any("data", "The app's own data"),
        any("notification", "What is shown"),
        any("androidConfig", "Settings for Android"),
        any("webPushConfig", "Settings for browsers"),
        any("apnsConfig", "Settings for Apple devices"),
        any("options", "The app's own settings"),
        any("condition", "Expression that says who gets it"),
    },
);

static CALLBACK: Shape = open(
    "extra",
    rows! {
        string("callback", &[Limit::chars(128).rule(SOFT)], "Address of the receipt"),
        string("callbackParam", &[Limit::chars(64).rule(SOFT)], "Parameter of the receipt"),
    },
);

const SIXTY_FOUR: &[Limit] = &[Limit::chars(64).rule(SOFT)];

/// Vivo devices.
pub(super) static VIVO: Shape = open(
    "vivo",
    rows! {
        string("title", &[Limit::at_most(Length::Weighted(40))], "Title"),
        string("content", &[Limit::at_most(Length::Weighted(100))], "Text"),
        string("skipContent", &[Limit::chars(1000).rule(SOFT)], "What a tap opens"),
        int("notifyId", "Number of the notification").limits(&[Limit::range(1, 2_147_483_647).rule(SOFT)]),
        object("extra", &CALLBACK, "Receipts"),
        int("notifyType", "1 silent, 2 sound, 3 vibration, 4 both").limits(&[Limit::range(1, 4).rule(SOFT)]),
        int("timeToLive", "How long it is kept, in seconds"),
        boolean("sendOnline", SECTION, "Only to devices that are online now"),
        string("requestId", SIXTY_FOUR, "Id of the request"),
        string("profileId", SIXTY_FOUR, "Id of the user who is logged in on the device"),
        any("skipType", "What a tap does: 1 the app, 2 an address, 3 the app's own, 4 a screen"),
        any("networkType", "1 over Wi-Fi alone"),
        any("classification", "0 marketing, 1 system"),
        any("clientCustomMap", "The app's own data"),
        any("pushMode", "1 a test"),
        any("category", "Category, in upper case"),
    },
);

/// Xiaomi devices.
pub(super) static XIAOMI: Shape = open(
    "xiaomi",
    rows! {
        string("title", &[Limit::chars(50)], "Title"),
        string("description", &[Limit::chars(128)], "Text"),
        any("content", "Text, in the sample of the page"),
        any("restrictedPackageNames", "Packages"),
        any("passThrough", "1 delivers it to the app without showing it"),
        any("payload", "Content"),
        any("notifyType", "-1 everything, 1 sound, 2 vibration, 4 light"),
        any("timeToLive", "How long it is kept, in milliseconds"),
        any("timeToSend", "When it is sent, in milliseconds since 1970"),
        any("notifyId", "Number of the notification; the same one replaces it"),
        any("sound", "Sound of the app"),
        any("ticker", "Text that runs through the status bar"),
        any("notifyForeground", "0 shows it while the app is open, 1 does not"),
        any("notifyEffect", "What a tap does: 1 the app, 2 `intentUri`, 3 `webUri`"),
        any("intentUri", "Screen that a tap opens"),
        any("webUri", "Address that a tap opens"),
        any("flowControl", "Whether it is sent slowly"),
        any("jobkey", "Of notifications with the same one the first is shown"),
        any("callbackUrl", "Address of the receipt"),
        any("callbackParam", "Parameter of the receipt"),
        any("callbackType", "What there are receipts of"),
        any("locale", "Languages of devices that get it"),
        any("localeNotIn", "Languages of devices that do not get it"),
        any("model", "Models that get it"),
        any("modelNotIn", "Models that do not get it"),
        any("appVersion", "Versions of the app that get it"),
        any("appVersionNotIn", "Versions of the app that do not get it"),
        any("connpt", "`wifi`: over Wi-Fi alone"),
        any("onlySendOnce", "1: only to devices that are online now"),
        any("channelId", "Channel of the notification"),
    },
);

static IN_APP: Condition = Condition::Is("clickActionType", &[Lit::Int(1), Lit::Int(4)]);
static ON_WEB: Condition = Condition::Is("clickActionType", &[Lit::Int(2), Lit::Int(5)]);
const FIVE_HUNDRED: &[Limit] = &[Limit::filled(), Limit::chars(500)];

/// Oppo devices.
pub(super) static OPPO: Shape = open(
    "oppo",
    rows! {
        string("title", &[Limit::chars(32)], "Title"),
        string("content", &[Limit::chars(200)], "Text"),
        int("clickActionType", "What a tap does"),
        string("clickActionActivity", FIVE_HUNDRED, "Screen, for types 1 and 4").required_if(&IN_APP),
        string("clickActionUrl", FIVE_HUNDRED, "Address, for types 2 and 5").required_if(&ON_WEB),
        any("subTitle", "Second title"),
        any("channelId", "Channel of the notification"),
        any("appMessageId", "Of notifications with the same one the first is sent"),
        any("style", "1 usual, 2 long text, 3 picture"),
        any("actionParameters", "What the app or the page gets"),
        any("offLine", "Whether it is kept for devices that are offline"),
        any("offLineTtl", "How long it is kept, in seconds"),
        any("timeZone", "Time zone, as GMT+08:00"),
        any("callBackUrl", "Address of the receipt"),
        any("callBackParameter", "Parameter of the receipt"),
        any("showTtl", "How long it is shown, in seconds"),
        any("notifyId", "Number of the notification; the same one replaces it"),
    },
);

static EXPANDED: Condition = Condition::Is("noticeExpandType", ONE);

/// Meizu devices.
pub(super) static MEIZU: Shape = open(
    "meizu",
    rows! {
        string("title", &[Limit::chars(32)], "Title"),
        string("content", &[Limit::chars(100)], "Text"),
        int("noticeExpandType", "1 shows a longer text"),
        string("noticeExpandContent", &[], "The longer text").required_if(&EXPANDED),
        any("clickType", "What a tap does: 0 the app, 1 a screen, 2 an address, 3 the app's own"),
        any("url", "Address that a tap opens"),
        any("parameters", "Parameters"),
        any("activity", "Screen that a tap opens"),
        any("customAttribute", "The app's own data"),
        any("isOffLine", "Whether it is kept for devices that are offline"),
        any("validTime", "How long it is valid, in hours"),
        any("isSuspend", "Whether it floats over other apps"),
        any("isClearNoticeBar", "Whether it can be cleared"),
        any("isFixDisplay", "Whether it is shown at a fixed time"),
        any("fixStartDisplayDate", "When it is shown first"),
        any("fixEndDisplayDate", "When it is shown last"),
        any("vibrate", "With vibration"),
        any("lights", "With light"),
        any("sound", "With sound"),
        any("notifyKey", "Of notifications with the same one the last is shown"),
        any("callback", "Address of the receipt"),
        any("callbackParam", "Parameter of the receipt"),
        any("callbackType", "1 delivery, 2 tap, 3 both"),
    },
);

static URL_IN_CLICK: Condition = Condition::Is("type", TWO);

fn is_https(text: &str) -> bool {
    text.starts_with("https://")
}

static HTTPS: TextForm =
    TextForm { test: is_https, pattern: Some("^https://"), words: en("an https address") };

static CLICK: Shape = open(
    "clickAction",
    rows! {
        int("type", "1 the app's own, 2 an address, 3 the app"),
        string("url", &[Limit::form(&HTTPS).rule(SOFT).when(&URL_IN_CLICK)], "Address"),
        any("intent", "Screen, for type 1"),
        any("action", "Action, for type 1"),
    },
);

static BADGE: Shape = open(
    "badge",
    rows! {
        int("addNum", "What is added, 1 to 99").limits(&[Limit::range(1, 99).rule(SOFT)]),
        int("setNum", "The number, 0 to 99").limits(&[Limit::range(0, 99).rule(SOFT)]),
        any("badgeClass", "Screen whose icon has the number"),
    },
);

static ANYTHING: Field = Field::item(Kind::Any);

static HUAWEI_NOTICE: Shape = open(
    "notification",
    rows! {
        object("badge", &BADGE, "Number on the icon"),
        object("clickAction", &CLICK, "What a tap does"),
        Field::new("inboxContent", Kind::List(&ANYTHING), "Lines, at most 5").rule(SECTION)
            .limits(&[Limit::at_most_items(5).rule(SOFT)]),
        Field::new("buttons", Kind::List(&ANYTHING), "Buttons, at most 3").rule(SECTION)
            .limits(&[Limit::at_most_items(3).rule(SOFT)]),
        any("title", "Title"),
        any("body", "Text"),
        any("icon", "Icon of the app"),
        any("color", "Colour of the icon"),
        any("sound", "Sound of the app"),
        any("defaultSound", "The usual sound"),
        any("tag", "Notifications with the same one replace each other"),
        any("bodyLocKey", "Key of a translated text"),
        any("bodyLocArgs", "Values for the translated text"),
        any("titleLocKey", "Key of a translated title"),
        any("titleLocArgs", "Values for the translated title"),
        any("multiLangKey", "Texts in several languages"),
        any("channelId", "Channel of the notification"),
        any("notifySummary", "Summary"),
        any("image", "Address of the picture at the right"),
        any("style", "0 usual, 1 long text, 3 lines"),
        any("bigTitle", "Title of the long text"),
        any("bigBody", "The long text"),
        any("autoClear", "How long it is shown, in milliseconds"),
        any("notifyId", "Number of the notification; the same one replaces it"),
        any("group", "Of notifications with the same one one is shown"),
        any("autoCancel", "Whether a tap closes it"),
        any("when", "Time by which notifications are sorted"),
        any("importance", "`LOW` or `NORMAL`"),
        any("useDefaultVibrate", "The usual vibration"),
        any("useDefaultLight", "The usual light"),
        any("vibrateConfig", "Vibration"),
        any("visibility", "Whether it is shown on a locked screen"),
        any("lightSettings", "Light"),
        any("foregroundShow", "Whether it is shown while the app is open"),
    },
);

static HUAWEI_ANDROID: Shape = open(
    "android",
    rows! {
        object("notification", &HUAWEI_NOTICE, "The notification"),
        any("collapseKey", "Number of a group of kept messages"),
        any("urgency", "How urgent a message to the app is"),
        any("category", "What a message to the app is about"),
        any("ttl", "How long it is kept, in seconds"),
        any("biTag", "Label of a batch"),
        any("fastAppTargetType", "1 development, 2 production, of a quick app"),
        any("data", "The app's own data, instead of `message.data`"),
        any("receiptId", "Which receipt address is told"),
        any("targetUserType", "1 a test message"),
    },
);

static HUAWEI_MESSAGE: Shape = open(
    "message",
    rows! {
        object("android", &HUAWEI_ANDROID, "Settings for Android"),
        any("data", "The app's own data"),
        any("notification", "Title, text and picture"),
    },
)
.include(&[&HUAWEI_NOTICE]);

/// Huawei devices.
pub(super) static HUAWEI: Shape = open(
    "huawei",
    rows! {
        object("message", &HUAWEI_MESSAGE, "Message as Huawei documents it"),
        any("validateOnly", "true sends nothing"),
        any("review", "Results of a review by others"),
    },
)
.include(&[&HUAWEI_NOTICE]);

static BIG_TITLE: Condition = Condition::Given("bigTitle");
static BIG_BODY: Condition = Condition::Given("bigBody");
static HONOR_TITLE: [Condition; 2] = needs("style", ONE, &BIG_TITLE);
static HONOR_BODY: [Condition; 2] = needs("style", ONE, &BIG_BODY);

static HONOR_NOTICE: Shape = open("androidNotification", rows! {
    int("style", "1 shows a long text"),
    string("bigTitle", &[], "Title of the long text"),
    string("bigBody", &[], "The long text"),
    object("clickAction", &CLICK, "What a tap does"),
    object("badge", &BADGE, "Number on the icon"),
    object("badgeNotification", &BADGE, "Number on the icon"),
    any("title", "Title"),
    any("body", "Text"),
    any("image", "Address of the picture"),
    any("importance", "`LOW` or `NORMAL`"),
    any("when", "When it arrives"),
    any("buttons", "Buttons, at most 3"),
    any("notifyId", "Number of the notification; the same one replaces it"),
})
.checks(rows! {
    Check::flag(SOFT, Condition::All(&HONOR_TITLE), "bigTitle", "`style` 1 shows `bigTitle`, which is missing"),
    Check::flag(SOFT, Condition::All(&HONOR_BODY), "bigBody", "`style` 1 shows `bigBody`, which is missing"),
});

static HONOR_ANDROID: Shape = open(
    "androidConfig",
    rows! {
        object("androidNotification", &HONOR_NOTICE, "The notification"),
        any("ttl", "How long it is kept, in seconds"),
        any("biTag", "Label of a batch"),
        any("data", "The app's own data, instead of that beside `androidConfig`"),
    },
);

/// Honor devices.
pub(super) static HONOR: Shape = open(
    "honor",
    rows! {
        object("androidConfig", &HONOR_ANDROID, "Settings for Android"),
        any("data", "The app's own data"),
    },
)
.include(&[&HONOR_NOTICE]);

/// HarmonyOS devices.
pub(super) static HARMONY: Shape = open("harmonyOS", &[]);

/// Keys of sections that no page has. What happens to them is not documented: some are passed on as they are.
pub(super) const UNKNOWN_SETTINGS: Check =
    Check::function("EM-W01", "settings of sections that no document has", unknown_settings);

fn unknown_settings(at: At<'_>, sink: &mut FindingSink<'_>) {
    for (name, section) in at.members() {
        let shape = super::push::section_of(name).filter(|shape| !shape.all_fields().is_empty());
        if let Some(shape) = shape {
            unknown_in(shape, section, sink);
        }
    }
}

fn unknown_in(shape: &'static Shape, at: At<'_>, sink: &mut FindingSink<'_>) {
    let fields = shape.all_fields();
    for (key, value) in at.members() {
        match fields.iter().find(|field| field.name == key).map(|field| field.kind) {
            Some(Kind::Object(inner)) => unknown_in(inner, value, sink),
            Some(_) => {}
            None => {
                let message = format!("`{key}` is not a field of {} here", shape.name);
                let known = fields.iter().map(|field| field.name);
                let help = did_you_mean(key, known).unwrap_or_else(|| {
                    "The documents do not have it; whether it is passed on is not known.".to_owned()
                });
                sink.report_with_help("EM-W01", value, message, help);
            }
        }
    }
}
