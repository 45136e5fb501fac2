//! Pushes: with a message that lands in the system conversation, or alone.

use super::{SENDS, calls, json, scarce};
use crate::contract::{
    Audience, Batching, Condition, Field, Kind, Limit, Rate, Reach, Recall, RecallLimit,
    Repeatable, Shape, Target, TargetKind, Test, Verb, audience, choices, operations, rows,
};
use crate::document::At;
use crate::provider::kit::is_filled;
use crate::provider::rongcloud::checks::audience::{PARTS, SELECTION};
use crate::provider::rongcloud::checks::message;
use crate::provider::rongcloud::fields::{
    HEADERS, OBJECT_NAME, TAG, USERS, boolean, text, truth, user,
};
use crate::provider::rongcloud::messages::CONTENT_BY_NAME;
use crate::provider::rongcloud::push::{
    IS_TO_ALL, NOTIFICATION, PLATFORM_FIELD, PUSH_ALONE, USER_NOTIFICATION, WITH_MESSAGE,
};
use crate::text::en;

const TAGS_LIMIT: &[Limit] = &[Limit::at_most_items(20)];
const TAGS: Field =
    Field::new("tag", Kind::List(&TAG), "Users who have all of these tags").limits(TAGS_LIMIT);
const TAGS_OR: Field = Field::new("tag_or", Kind::List(&TAG), "Users who have any of these tags")
    .limits(TAGS_LIMIT)
    .composed();
const PACKAGE: Field =
    text("packageName", "Users of this app package; and-ed with tags").composed().id();

static AUDIENCE: Shape = Shape::of(&[
    IS_TO_ALL,
    Field::new("userid", USERS, "These users; takes priority over tags, package and platform")
        .limits(&[Limit::at_most_items(1000)]),
    TAGS,
    TAGS_OR,
    PACKAGE,
])
.named("audience")
.near(&[("userId", "userid"), ("isToAll", "is_to_all"), ("tagOr", "tag_or")])
.checks(&[SELECTION]);

static MESSAGE: Shape = Shape::of(&[
    OBJECT_NAME,
    boolean("disableUpdateLastMsg", "Do not show it as the conversation's last message"),
])
.named("message")
.variants(CONTENT_BY_NAME)
.checks(&[message::NAMES, message::MENTIONED, message::PERCENT]);

static PUSH_SHAPE: Shape = Shape::of(rows! {
    PLATFORM_FIELD,
    user("fromuserid", "User id of the sender; lower case, unlike elsewhere").required_if(&WITH_MESSAGE).composed(),
    Field::new("audience", Kind::Object(&AUDIENCE), "Which user it is for").required().composed(),
    Field::new("message", Kind::Object(&MESSAGE), "The message for the system conversation; without it, a push alone")
        .composed(),
    Field::new("notification", Kind::Object(&NOTIFICATION), "What is pushed").required_if(&PUSH_ALONE).composed(),
})
.include(&[&HEADERS])
.near(&[("fromUserId", "fromuserid"), ("content", "message"), ("objectName", "message")])
.checks(PARTS);

const SELECTED: &[&str] = &[
    "audience/is_to_all",
    "audience/userid",
    "audience/packageName",
    "audience/tag",
    "audience/tag_or",
];

/// The audience by the vendor's precedence: everybody, users, then package and tags. Without a clear `false` for
/// everybody nothing is certain.
fn push_reach(root: At<'_>) -> Option<Audience> {
    let at = root.get("audience");
    if truth(at.get("is_to_all"))? {
        return Some(Audience::Everybody);
    }
    if is_filled(at.get("userid")) {
        return audience::named(TargetKind::User, at.get("userid"));
    }
    class(at, &[])
}

/// Package and tags, and the tags of an expression.
fn class<'a>(at: At<'a>, more: &[At<'a>]) -> Option<Audience> {
    let mut all: Vec<Target> = Vec::new();
    let named = [
        (TargetKind::Package, at.get("packageName")),
        (TargetKind::Tag, at.get("tag")),
        (TargetKind::Tag, at.get("tag_or")),
    ];
    let more = more.iter().map(|tags| (TargetKind::Tag, *tags));
    for (kind, at) in named.into_iter().chain(more).filter(|(_, at)| is_filled(*at)) {
        all.extend_from_slice(audience::named(kind, at)?.targets());
    }
    (!all.is_empty()).then_some(Audience::Class(all))
}

static USER_SHAPE: Shape = Shape::of(rows! {
    Field::new("userIds", USERS, "Which users it is for, at most 100").limits(&[Limit::items(1, 100)]).required(),
    Field::new("notification", Kind::Object(&USER_NOTIFICATION), "What is pushed").required(),
})
.include(&[&HEADERS])
.checks(&[message::RECIPIENTS]);

const OPERATOR: Kind = Kind::Choice(choices! { "AND", "OR" });

static TAG_ITEM: Shape = Shape::of(rows! {
    Field::new("tags", Kind::List(&TAG), "Tags").limits(&[Limit::of(Test::Items(Some(1), None))]).required(),
    boolean("isNot", "Users without them"),
    Field::new("tagsOperator", OPERATOR, "How the tags go together").default("OR"),
    Field::new("itemsOperator", OPERATOR, "How it goes with the item before; the first one's has no effect")
        .default("OR"),
});
static TAG_ITEM_FIELD: Field = Field::item(Kind::Object(&TAG_ITEM));

static CUSTOM_AUDIENCE: Shape = Shape::of(rows! {
    IS_TO_ALL,
    TAGS,
    TAGS_OR,
    PACKAGE,
    Field::new("tagItems", Kind::List(&TAG_ITEM_FIELD), "Tag expression; overrides `tag` and `tag_or`"),
})
.named("audience")
.near(&[("isToAll", "is_to_all"), ("tagOr", "tag_or")])
.checks(&[SELECTION]);

static CUSTOM_SHAPE: Shape = Shape::of(&[
    PLATFORM_FIELD,
    Field::new("audience", Kind::Object(&CUSTOM_AUDIENCE), "Which user it is for").required(),
    Field::new("notification", Kind::Object(&NOTIFICATION), "What is pushed").required(),
])
.include(&[&HEADERS])
.checks(&[crate::provider::rongcloud::checks::audience::ALERTS]);

const SELECTED_BY_EXPRESSION: &[&str] = &[
    "audience/is_to_all",
    "audience/packageName",
    "audience/tag",
    "audience/tag_or",
    "audience/tagItems/*/tags",
    "audience/tagItems/*/isNot",
];

/// As [`push_reach`]; who lacks a tag can be anyone.
fn custom_reach(root: At<'_>) -> Option<Audience> {
    let at = root.get("audience");
    if truth(at.get("is_to_all"))? {
        return Some(Audience::Everybody);
    }
    let items: Vec<At<'_>> = at.get("tagItems").items().collect();
    if items
        .iter()
        .any(|item| is_filled(item.get("isNot")) && truth(item.get("isNot")) != Some(false))
    {
        return None;
    }
    let tags: Vec<At<'_>> = items.iter().map(|item| item.get("tags")).collect();
    class(at, &tags)
}

/// A push without a message leaves nothing that could be recalled.
const ALONE: &[RecallLimit] = &[RecallLimit {
    when: Condition::Not(&Condition::Given("message")),
    window: None,
    why: en("a push alone leaves no message"),
}];

operations! {
    PUSH = "push": "Send a system message and push by package, tags, users or to everybody; or a push alone",
        json("/push.json", &PUSH_SHAPE) =>
        verbs: &[Verb::Broadcast], effect: SENDS.effect, reach: Reach::Read(SELECTED, push_reach),
        repeat: Repeatable::Duplicates, rates: &scarce("push"),
        recall: Recall::by("recall-broadcast", None, "by users and to everybody the vendor does not say").limited(ALONE),
        content: "message/content", sender: "fromuserid",
        edition: "free in development; in production the IM commercial plan and the switch for broadcast messages and push",
        source: "RongCloud v4 documentation, push by app package";
    PUSH_USER = "push-user": "Push to named users, without a message", json("/push/user.json", &USER_SHAPE) =>
        verbs: &[Verb::Broadcast], effect: SENDS.effect, reach: Reach::Field(TargetKind::User, "userIds"),
        repeat: Repeatable::Duplicates, batch: Batching::of("userIds", 100),
        rates: &[Rate::targets(100, 1, "app, by target user", "")], recall: Recall::never("a push alone leaves no message"),
        edition: "switch for push";
    PUSH_CUSTOM = "push-custom": "Push by tag expressions, without a message",
        json("/push/custom.json", &CUSTOM_SHAPE) =>
        verbs: &[Verb::Broadcast], effect: SENDS.effect, reach: Reach::Read(SELECTED_BY_EXPRESSION, custom_reach),
        repeat: Repeatable::Duplicates, rates: &[calls(20, 3600), calls(100, 86_400)],
        recall: Recall::never("a push alone leaves no message"), edition: "Push Plus, paid";
}
