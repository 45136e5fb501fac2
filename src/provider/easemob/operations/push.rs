//! The instant-push product: notifications, tasks, labels.

use super::{batch, calls, get, json, never, sends};
use crate::contract::{
    Counted, Effect, Field, Int, Kind, Limit, Operation, Position, Rate, Reach, Recall, Repeatable,
    Shape, TargetKind, Test, Verb, Width,
};
use crate::provider::easemob::checks::follow;
use crate::provider::easemob::fields::{
    DIGITS, LABEL, MOMENT, TEXT_ITEM, USER_ITEM, USERNAME, long, once, text,
};
use crate::provider::easemob::push::{PUSH_FIELD, PUSH_MESSAGE, STRATEGY};
use crate::text::en;
use crate::wire::Method;

const EDITION: &str = "instant-push product";
const NO_RECALL: Recall = never("a notification is on its way when it is accepted");

/// A sending call of the product.
const fn pushes(of: Operation) -> Operation {
    Operation { recall: NO_RECALL, edition: EDITION, ..sends(of) }
}

const fn tasks(per_second: u32) -> [Rate; 3] {
    [
        calls(per_second, 1),
        Rate {
            count: 3,
            seconds: 300,
            counted: Counted::Calls,
            scope: "app key, all tasks together",
            pool: "push tasks",
        },
        Rate {
            count: 3,
            seconds: 1,
            counted: Counted::Alive,
            scope: "app key, running tasks",
            pool: "running push tasks",
        },
    ]
}

const MOMENTS: &[Limit] = &[Limit::form(&MOMENT)];
const START: Field =
    text("startDate", "EM-94", "When it begins, by the server's clock: 1 hour to 30 days ahead")
        .limits(MOMENTS)
        .default("now");

const TARGET: Field =
    text("target", "EM-95", "User id").limits(&[Limit::filled()]).position(Position::Path);

static ONE: Shape = Shape::of(&[TARGET, STRATEGY, PUSH_FIELD]);

/// Whom the path names; a body that was copied from a page has nobody yet.
const TO_ONE: Reach = Reach::Field(TargetKind::User, "target");

/// `push-sync`
pub(super) const PUSH_SYNC: Operation = Operation {
    about: en("Push a notification to a user and wait for the phone maker's answer"),
    verbs: &[Verb::Call],
    reach: TO_ONE,
    rates: &[calls(1, 1)],
    ..pushes(json("push-sync", "/{org}/{app}/push/sync/{target}", &ONE))
};

/// `push-async`
pub(super) const PUSH_ASYNC: Operation = Operation {
    about: en("Push a notification to a user, queued"),
    verbs: &[Verb::Call],
    reach: TO_ONE,
    ..pushes(json("push-async", "/{org}/{app}/push/async/{target}", &ONE))
};

const fn listed(item: &'static Field, limits: &'static [Limit], about: &'static str) -> Field {
    Field::new("targets", Kind::List(item), about)
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

/// `push-single`
pub(super) const PUSH_SINGLE: Operation = Operation {
    about: en("Push a notification to up to 100 users, queued"),
    verbs: &[Verb::Call],
    reach: Reach::Field(TargetKind::User, "targets"),
    batch: batch("targets", 100),
    rates: &[calls(10, 1)],
    ..pushes(json("push-single", "/{org}/{app}/push/single", &MANY))
};

static LISTED: Shape = Shape::of(&[
    listed(&USER_ITEM, &once(Limit::of(Test::Items(Some(1), None))), "Users"),
    STRATEGY,
    PUSH_FIELD,
    START,
])
.checks(&[follow::SCHEDULE]);

/// `push-list`
pub(super) const PUSH_LIST: Operation = Operation {
    about: en("Push a notification to users, as a task"),
    verbs: &[Verb::Call],
    reach: Reach::Field(TargetKind::User, "targets"),
    rates: &tasks(10),
    source: "official push SDK",
    ..pushes(json("push-list", "/{org}/{app}/push/list", &LISTED))
};

static LABELLED: Shape = Shape::of(&[
    listed(
        &TEXT_ITEM,
        &[
            Limit::of(Test::Items(Some(1), None)),
            Limit::of(Test::Items(None, Some(1))).rule("EM-W35"),
            Limit::of(Test::Unique).rule("EM-W11"),
        ],
        "The label",
    ),
    STRATEGY,
    PUSH_FIELD,
    START,
])
.checks(&[follow::SCHEDULE]);

/// `push-label`
pub(super) const PUSH_LABEL: Operation = Operation {
    about: en("Push a notification to all users with a label, as a task"),
    verbs: &[Verb::Broadcast],
    reach: Reach::Field(TargetKind::Tag, "targets"),
    rates: &tasks(10),
    ..pushes(json("push-label", "/{org}/{app}/push/list/label", &LABELLED))
};

static EVERYBODY: Shape = Shape::of(&[STRATEGY, PUSH_FIELD, START]).checks(&[follow::SCHEDULE]);

/// `push-task`
pub(super) const PUSH_TASK: Operation = Operation {
    about: en("Push a notification to all users, as a task"),
    verbs: &[Verb::Call],
    reach: Reach::Everybody,
    rates: &tasks(1),
    ..pushes(json("push-task", "/{org}/{app}/push/task", &EVERYBODY))
};

static STORED: Shape = Shape::of(&[
    Field::new("pushMsgId", Kind::Int(Int::new(Width::U64)), "Number that push-message gave")
        .rule("EM-93")
        .required(),
    STRATEGY,
]);

/// `push-task-broadcast`
pub(super) const PUSH_TASK_BROADCAST: Operation = Operation {
    about: en("Push a stored notification to all users, as a task"),
    verbs: &[Verb::Call],
    reach: Reach::Everybody,
    rates: &tasks(1),
    ..pushes(json("push-task-broadcast", "/{org}/{app}/push/task/broadcast", &STORED))
};

/// What changes settings of the product.
const fn manages(of: Operation) -> Operation {
    Operation { effect: Effect::Manages, verbs: &[Verb::Call], edition: EDITION, ..of }
}

/// `push-message`
pub(super) const PUSH_MESSAGE_CREATE: Operation = Operation {
    about: en("Store a notification to push later"),
    reach: Reach::Own,
    repeat: Repeatable::Duplicates,
    rates: &[calls(1, 1)],
    ..manages(json("push-message", "/{org}/{app}/push/message", &PUSH_MESSAGE))
};

static STORED_ID: Shape = Shape::of(&[text("messageId", "EM-95", "Number that push-message gave")
    .limits(&[Limit::form(&DIGITS)])
    .position(Position::Path)
    .required()]);

/// `push-message-get`
pub(super) const PUSH_MESSAGE_GET: Operation = Operation {
    about: en("Read a stored notification"),
    verbs: &[Verb::Call],
    rates: &[calls(1, 1)],
    edition: EDITION,
    ..get("push-message-get", "/{org}/{app}/push/message/{messageId}", &STORED_ID)
};

const NAMES: &[Limit] = &[Limit::form(&LABEL)];
const NAME: Field = text("name", "EM-105", "Name of the label, case-sensitive").limits(NAMES);
const IN_PATH: Field = NAME.position(Position::Path);

static LABEL_NEW: Shape = Shape::of(&[
    NAME.required(),
    text("description", "EM-106", "What it stands for").limits(&[Limit::chars(255)]),
]);

/// `label-create`
pub(super) const LABEL_CREATE: Operation = Operation {
    about: en("Create a label, at most 100 an app"),
    // A new label has no users yet.
    reach: Reach::Own,
    rates: &[calls(10, 1)],
    ..manages(json("label-create", "/{org}/{app}/push/label", &LABEL_NEW))
};

static LABEL_ONE: Shape = Shape::of(&[IN_PATH.required()]);

/// `label-get`
pub(super) const LABEL_GET: Operation = Operation {
    about: en("Read a label"),
    verbs: &[Verb::Call],
    rates: &[calls(10, 1)],
    edition: EDITION,
    ..get("label-get", "/{org}/{app}/push/label/{name}", &LABEL_ONE)
};

const LIMIT: Field = long("limit", "EM-108", "The most entries of a page")
    .limits(&[Limit::range(1, 100)])
    .default("100")
    .position(Position::Query);
const CURSOR: Field =
    text("cursor", "EM-108", "Where the page before ended").position(Position::Query);

static PAGE: Shape = Shape::of(&[LIMIT, CURSOR]);

/// `label-list`
pub(super) const LABEL_LIST: Operation = Operation {
    about: en("List the labels"),
    verbs: &[Verb::Call],
    rates: &[calls(10, 1)],
    edition: EDITION,
    ..get("label-list", "/{org}/{app}/push/label", &PAGE)
};

/// `label-delete`
pub(super) const LABEL_DELETE: Operation = Operation {
    about: en("Delete a label; its users stay"),
    reach: Reach::Field(TargetKind::Tag, "name"),
    rates: &[calls(10, 1)],
    method: Method::Delete,
    ..manages(get("label-delete", "/{org}/{app}/push/label/{name}", &LABEL_ONE))
};

static LABEL_USERS: Shape = Shape::of(&[
    IN_PATH,
    Field::new("usernames", Kind::List(&USER_ITEM), "Users, at most 100")
        .rule("EM-107")
        .limits(&[Limit::items(1, 100)])
        .required(),
]);

/// `label-users-add`
pub(super) const LABEL_USERS_ADD: Operation = Operation {
    about: en("Give a label to users"),
    reach: Reach::Field(TargetKind::User, "usernames"),
    rates: &[calls(30, 1)],
    batch: batch("usernames", 100),
    ..manages(json("label-users-add", "/{org}/{app}/push/label/{name}/user", &LABEL_USERS))
};

/// `label-users-remove`
pub(super) const LABEL_USERS_REMOVE: Operation = Operation {
    about: en("Take a label from users"),
    reach: Reach::Field(TargetKind::User, "usernames"),
    rates: &[calls(30, 1)],
    batch: batch("usernames", 100),
    method: Method::Delete,
    ..manages(json("label-users-remove", "/{org}/{app}/push/label/{name}/user", &LABEL_USERS))
};

static LABEL_PAGE: Shape = Shape::of(&[IN_PATH.required()]).include(&[&PAGE]);

/// `label-users-list`
pub(super) const LABEL_USERS_LIST: Operation = Operation {
    about: en("List the users with a label"),
    verbs: &[Verb::Call],
    rates: &[calls(30, 1)],
    edition: EDITION,
    ..get("label-users-list", "/{org}/{app}/push/label/{name}/user", &LABEL_PAGE)
};

static LABEL_USER: Shape = Shape::of(&[IN_PATH.required(), USERNAME.required()]);

/// `label-user-get`
pub(super) const LABEL_USER_GET: Operation = Operation {
    about: en("Ask whether a user has a label"),
    verbs: &[Verb::Call],
    rates: &[calls(30, 1)],
    edition: EDITION,
    ..get("label-user-get", "/{org}/{app}/push/label/{name}/user/{username}", &LABEL_USER)
};
