//! Who gets a push.

use super::checks;
use super::forms::{NAME, ONCE};
use crate::contract::{
    Audience, Check, Empties, Field, Kind, Limit, Policy, RowFault, Shape, Spelling, Target,
    TargetKind, Test, Unknown, choices, rows,
};
use crate::document::{At, ContainerView};
use crate::provider::jiguang::JPUSH_NULL;

/// Everybody, or those that the keys of an object have in common.
pub(super) const AUDIENCE: Kind =
    Kind::Union(&[Kind::Choice(choices! { "all": "everybody" }), Kind::Object(&KEYS)]);

/// The most tags in a list.
pub(super) const MAX_TAGS: u32 = 20;
/// The most aliases or registration ids in a list.
pub(super) const MAX_IDS: u32 = 1000;

/// An empty list is as good as none.
static LISTS: Policy = Policy {
    null: JPUSH_NULL,
    absent: Empties::LIST,
    digits: Spelling::Refuse,
    words: Spelling::Refuse,
    unknown: Unknown::Report("V3-04"),
};

/// A tag or an alias. The length is looked at before the characters.
static ITEM: Field = Field::item(Kind::Text).limits(&[
    Limit::filled(),
    Limit::bytes(40).rule("V3-07"),
    Limit::form(&NAME).rule("V3-08"),
]);
static ID: Field = Field::item(Kind::Text).limits(&[Limit::filled()]);

const fn list(
    name: &'static str,
    item: &'static Field,
    limits: &'static [Limit],
    about: &'static str,
) -> Field {
    Field::new(name, Kind::List(item), about)
        .id()
        .limits(limits)
        .rule("V3-06")
        .codes(&[(RowFault::Items, "V3-05")])
}

const TAGS: &[Limit] = &[Limit::at_most_items(MAX_TAGS), ONCE];
const IDS: &[Limit] = &[Limit::at_most_items(MAX_IDS), ONCE];
const ONE: &[Limit] = &[Limit::at_most_items(1)];

static KEYS: Shape = Shape::of(rows! {
    list("tag", &ITEM, TAGS, "devices with one of these tags").composed().sdk(&["tagOrList"]),
    list("tag_and", &ITEM, TAGS, "devices with all of these tags").sdk(&["tagAndList"]),
    list("tag_not", &ITEM, TAGS, "devices with none of these tags").sdk(&["tagNotList"]),
    list("alias", &ITEM, IDS, "devices under these aliases").composed().sdk(&["aliasList"]),
    list("registration_id", &ID, IDS, "these devices").composed().sdk(&["registrationIdList"]),
    list("segment", &ID, ONE, "a segment made in the portal").sdk(&["segmentList", "segmentId"]),
    list("abtest", &ID, ONE, "an A/B test made in the portal").sdk(&["abTestList"]),
    Field::new("live_activity_id", Kind::Text, "a live activity; excludes every other key").id()
        .limits(&[Limit::of(Test::Filled)]).rule("V3-09"),
    Field::new("file", Kind::Any, "a file of targets, in push-file alone"),
})
.named("the audience")
.policy(&LISTS)
.checks(&[
    Check::function("V3-09", "live_activity_id alone", checks::live_alone),
    Check::function("V3-10", "no file of targets", checks::no_file),
    Check::function("V3-03", "somebody in the audience", checks::somebody),
    Check::function("V3-W13", "no tag asked for and excluded", checks::contradiction),
]);

/// The audience of a push to a file of targets.
pub(super) static FILE: Shape = Shape::of(rows! {
    Field::new("file", Kind::Object(&Shape::of(&[Field::new("file_id", Kind::Text,
        "what the upload returned").required().limits(&[Limit::filled()])])), "a file of targets").required(),
})
.named("the audience of push-file")
.rule("V3-10")
.unknown(Unknown::Report("V3-10"));

/// What [`reach`] reads.
pub(super) const KEYS_READ: &[&str] = &[
    "audience/registration_id",
    "audience/alias",
    "audience/tag",
    "audience/tag_and",
    "audience/tag_not",
    "audience/segment",
    "audience/abtest",
    "audience/live_activity_id",
    "audience/file",
];

/// The targets of an audience; `None` where they are not known.
pub(super) fn reach(at: At<'_>) -> Option<Audience> {
    let audience = at.get("audience");
    if audience.as_str() == Some("all") {
        return Some(Audience::Everybody);
    }
    let known = |key: &str| KEYS.fields.iter().any(|field| field.name == key);
    if audience.members().any(|(key, _)| !known(key)) {
        return None;
    }
    // Keys are joined with AND: names bound the audience, whatever stands beside them, and so do tags.
    for (key, kind) in [
        ("registration_id", TargetKind::Regid),
        ("alias", TargetKind::Alias),
        ("tag", TargetKind::Tag),
        ("tag_and", TargetKind::Tag),
    ] {
        let items = audience.get(key);
        if items.as_array().is_none_or(ContainerView::is_empty) {
            continue;
        }
        let names = items.items().map(|item| item.as_str().filter(|name| !name.is_empty()));
        let targets = names.map(|name| Some(Target::new(kind, name?))).collect::<Option<_>>()?;
        return Some(match kind {
            TargetKind::Tag => Audience::Class(targets),
            _ => Audience::Named(targets),
        });
    }
    None
}

/// What [`batch_regid`] and [`batch_alias`] read.
pub(super) const TARGETS_READ: &[&str] = &["pushlist/*/target"];

/// The targets of a batch of this kind.
fn batch(at: At<'_>, kind: TargetKind) -> Option<Audience> {
    let entries = at.get("pushlist");
    let name = |entry: At<'_>| Some(entry.get("target").as_str()?.to_owned());
    let targets = entries
        .members()
        .map(|(_, entry)| name(entry).filter(|name| !name.is_empty()))
        .map(|name| Some(Target::new(kind, name?)))
        .collect::<Option<Vec<_>>>()?;
    Some(Audience::Named(targets))
}

/// The targets of a batch of registration ids.
pub(super) fn batch_regid(at: At<'_>) -> Option<Audience> {
    batch(at, TargetKind::Regid)
}

/// The targets of a batch of aliases.
pub(super) fn batch_alias(at: At<'_>) -> Option<Audience> {
    batch(at, TargetKind::Alias)
}
