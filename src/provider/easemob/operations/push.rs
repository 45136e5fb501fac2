//! The instant-push product: notifications, tasks, labels.

use super::{calls, get, json, sends};
use crate::contract::{
    Acceptance, Batching, Effect, Field, Kind, Limit, Operation, Position, Rate, Reach, Recall,
    Repeatable, Shape, TargetKind, Test, Verb, operations, rows,
};
use crate::provider::easemob::checks::follow;
use crate::provider::easemob::fields::{
    FILLED, LABEL, MOMENT, TEXT_ITEM, USER_ITEM, USERNAME, long, once, text,
};
use crate::provider::easemob::push::{PUSH_FIELD, PUSH_MESSAGE, STRATEGY};
use crate::provider::kit::forms::{DIGITS, ROUNDED};
use crate::wire::Method;

const EDITION: &str = "instant-push product";
const NO_RECALL: Recall = Recall::never("a notification is on its way when it is accepted");

/// A sending call of the product.
const fn pushes(of: Operation) -> Operation {
    Operation { recall: NO_RECALL, edition: EDITION, ..sends(of) }
}

const fn tasks(per_second: u32) -> [Rate; 3] {
    [
        calls(per_second, 1),
        Rate::calls(3, 300, "app key, all tasks together", "push tasks"),
        Rate::alive(3, 1, "app key, running tasks", "running push tasks"),
    ]
}

const MOMENTS: &[Limit] = &[Limit::form(&MOMENT)];
const START: Field =
    text("startDate", "EM-94", "When it begins, by the server's clock: 1 hour to 30 days ahead")
        .limits(MOMENTS)
        .default("now");

const TARGET: Field =
    text("target", "EM-95", "User id").limits(&[Limit::filled()]).position(Position::Path).id();

static ONE: Shape = Shape::of(&[TARGET, STRATEGY, PUSH_FIELD]);

/// The user that the path names; a body that was copied from a page has none yet.
const TO_ONE: Reach = Reach::Field(TargetKind::User, "target");

const fn listed(item: &'static Field, limits: &'static [Limit], about: &'static str) -> Field {
    Field::new("targets", Kind::List(item), about)
        .id()
        .rule("EM-90")
        .limits(limits)
        .required()
        .composed()
}

static MANY: Shape = Shape::of(&[
    listed(&USER_ITEM, &once(Limit::items(1, 100)), "Users, at most 100"),
    STRATEGY,
    PUSH_FIELD,
]);

static LISTED: Shape = Shape::of(&[
    listed(&USER_ITEM, &once(Limit::of(Test::Items(Some(1), None))), "Users"),
    STRATEGY,
    PUSH_FIELD,
    START,
])
.checks(&[follow::SCHEDULE]);

static LABELLED: Shape = Shape::of(rows! {
    listed(&TEXT_ITEM, &[Limit::of(Test::Items(Some(1), None)), Limit::of(Test::Items(None, Some(1))).rule("EM-W35"),
        Limit::of(Test::Unique).rule("EM-W11")], "The label"),
    STRATEGY,
    PUSH_FIELD,
    START,
})
.checks(&[follow::SCHEDULE]);

static EVERYBODY: Shape = Shape::of(&[STRATEGY, PUSH_FIELD, START]).checks(&[follow::SCHEDULE]);

static STORED: Shape = Shape::of(rows! {
    Field::new("pushMsgId", Kind::U64_ID, "Number that push-message gave").rule("EM-93").required()
        .limits(&[ROUNDED.rule("EM-W30")]),
    STRATEGY,
});

/// What `ASYNC_SUCCESS` and the id of a task are worth.
pub(in crate::provider::easemob) const PUSH_QUEUED: &str = "`accepted` (`ASYNC_SUCCESS`, or the id of a task) is queued: whether it was delivered is not said.";
const QUEUED: Option<Acceptance> = Some(Acceptance::kept(PUSH_QUEUED));

/// What changes settings of the product.
const fn manages(of: Operation) -> Operation {
    Operation { effect: Effect::Manages, verbs: &[Verb::Call], edition: EDITION, ..of }
}

static STORED_ID: Shape = Shape::of(&[text("messageId", "EM-95", "Number that push-message gave")
    .limits(&[Limit::form(&DIGITS)])
    .position(Position::Path)
    .required()]);

const NAME: Field = text("name", "EM-105", "Name of the label, case-sensitive").id();
/// The name of a label that there is. Those made in the console may have other characters than the API gives to new ones.
const IN_PATH: Field = NAME.limits(FILLED).position(Position::Path);

static LABEL_NEW: Shape = Shape::of(&[
    NAME.limits(&[Limit::form(&LABEL)]).required(),
    text("description", "EM-106", "What it stands for").limits(&[Limit::chars(255)]),
]);

static LABEL_ONE: Shape = Shape::of(&[IN_PATH.required()]);

const LIMIT: Field = long("limit", "EM-108", "The most entries of a page")
    .limits(&[Limit::range(1, 100)])
    .default("100")
    .position(Position::Query);
const CURSOR: Field =
    text("cursor", "EM-108", "Where the page before ended").position(Position::Query);

static PAGE: Shape = Shape::of(&[LIMIT, CURSOR]);

static LABEL_USERS: Shape = Shape::of(rows! {
    IN_PATH,
    Field::new("usernames", Kind::List(&USER_ITEM), "Users, at most 100").rule("EM-107")
        .limits(&[Limit::items(1, 100)]).required(),
});

static LABEL_PAGE: Shape = Shape::of(&[IN_PATH.required()]).include(&[&PAGE]);

static LABEL_USER: Shape = Shape::of(&[IN_PATH.required(), USERNAME.required()]);

operations! {
    PUSH_SYNC = "push-sync": "Push a notification to a user and wait for the phone maker's answer",
        pushes(json("/{org}/{app}/push/sync/{target}", &ONE)) =>
        verbs: &[Verb::Call], reach: TO_ONE, rates: &[calls(1, 1)];
    PUSH_ASYNC = "push-async": "Push a notification to a user, queued",
        pushes(json("/{org}/{app}/push/async/{target}", &ONE)) =>
        verbs: &[Verb::Call], reach: TO_ONE, queued: QUEUED;
    PUSH_SINGLE = "push-single": "Push a notification to up to 100 users, queued",
        pushes(json("/{org}/{app}/push/single", &MANY)) =>
        verbs: &[Verb::Call], reach: Reach::Field(TargetKind::User, "targets"), batch: Batching::of("targets", 100),
        rates: &[calls(10, 1)], queued: QUEUED;
    PUSH_LIST = "push-list": "Push a notification to users, as a task",
        pushes(json("/{org}/{app}/push/list", &LISTED)) =>
        verbs: &[Verb::Call], reach: Reach::Field(TargetKind::User, "targets"), rates: &tasks(10),
        source: "official push SDK", queued: QUEUED;
    PUSH_LABEL = "push-label": "Push a notification to all users with a label, as a task",
        pushes(json("/{org}/{app}/push/list/label", &LABELLED)) =>
        verbs: &[Verb::Broadcast], reach: Reach::Field(TargetKind::Tag, "targets"), rates: &tasks(10),
        queued: QUEUED;
    PUSH_TASK = "push-task": "Push a notification to all users, as a task",
        pushes(json("/{org}/{app}/push/task", &EVERYBODY)) =>
        verbs: &[Verb::Call], reach: Reach::Everybody, rates: &tasks(1), queued: QUEUED;
    PUSH_TASK_BROADCAST = "push-task-broadcast": "Push a stored notification to all users, as a task",
        pushes(json("/{org}/{app}/push/task/broadcast", &STORED)) =>
        verbs: &[Verb::Call], reach: Reach::Everybody, rates: &tasks(1), queued: QUEUED;
    PUSH_MESSAGE_CREATE = "push-message": "Store a notification to push later",
        manages(json("/{org}/{app}/push/message", &PUSH_MESSAGE)) =>
        reach: Reach::Own, repeat: Repeatable::Duplicates, rates: &[calls(1, 1)];
    PUSH_MESSAGE_GET = "push-message-get": "Read a stored notification",
        get("/{org}/{app}/push/message/{messageId}", &STORED_ID) =>
        verbs: &[Verb::Call], rates: &[calls(1, 1)], edition: EDITION;
    LABEL_CREATE = "label-create": "Create a label, at most 100 an app; a label has at most 20 000 users",
        manages(json("/{org}/{app}/push/label", &LABEL_NEW)) =>
        // A new label has no users yet.
        reach: Reach::Own, rates: &[calls(10, 1)];
    LABEL_GET = "label-get": "Read a label", get("/{org}/{app}/push/label/{name}", &LABEL_ONE) =>
        verbs: &[Verb::Call], rates: &[calls(10, 1)], edition: EDITION;
    LABEL_LIST = "label-list": "List the labels", get("/{org}/{app}/push/label", &PAGE) =>
        verbs: &[Verb::Call], rates: &[calls(10, 1)], edition: EDITION;
    LABEL_DELETE = "label-delete": "Delete a label; its users stay",
        manages(get("/{org}/{app}/push/label/{name}", &LABEL_ONE)) =>
        reach: Reach::Field(TargetKind::Tag, "name"), rates: &[calls(10, 1)], method: Method::Delete;
    LABEL_USERS_ADD = "label-users-add": "Give a label to users",
        manages(json("/{org}/{app}/push/label/{name}/user", &LABEL_USERS)) =>
        reach: Reach::Field(TargetKind::User, "usernames"), rates: &[calls(30, 1)], batch: Batching::of("usernames", 100);
    LABEL_USERS_REMOVE = "label-users-remove": "Take a label from users",
        manages(json("/{org}/{app}/push/label/{name}/user", &LABEL_USERS)) =>
        reach: Reach::Field(TargetKind::User, "usernames"), rates: &[calls(30, 1)], batch: Batching::of("usernames", 100),
        method: Method::Delete;
    LABEL_USERS_LIST = "label-users-list": "List the users with a label",
        get("/{org}/{app}/push/label/{name}/user", &LABEL_PAGE) =>
        verbs: &[Verb::Call], rates: &[calls(30, 1)], edition: EDITION;
    LABEL_USER_GET = "label-user-get": "Ask whether a user has a label",
        get("/{org}/{app}/push/label/{name}/user/{username}", &LABEL_USER) =>
        verbs: &[Verb::Call], rates: &[calls(30, 1)], edition: EDITION;
}
