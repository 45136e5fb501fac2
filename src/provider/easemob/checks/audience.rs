//! Who gets it: members without effect, members that mislead, quotas.

use crate::contract::{Check, Condition, CrossCheck, FindingSink, Ignored};
use crate::document::{At, ContainerView};

const fn without_effect(name: &'static str, message: &'static str) -> Check {
    Check::flag("EM-W08", Condition::Given(name), name, message)
}

/// `routetype` where it does nothing.
pub(in super::super) const NO_ROUTE: Check = without_effect(
    "routetype",
    "chat rooms know no `routetype`; who is not in the room gets nothing anyway",
);
/// `sync_device` where it does nothing.
pub(in super::super) const NO_SYNC: Check =
    without_effect("sync_device", "`sync_device` has no effect in chat rooms");
const fn ignored(name: &'static str, message: &'static str) -> Ignored {
    Ignored::new(name, "EM-W08", message)
}

/// `need_group_ack` where it does nothing.
pub(in super::super) const NO_ACK: Ignored =
    ignored("need_group_ack", "`need_group_ack` has an effect in groups alone");
/// `chatroom_msg_level` where it does nothing.
pub(in super::super) const NO_LEVEL: Ignored =
    ignored("chatroom_msg_level", "`chatroom_msg_level` has an effect in chat rooms alone");
/// `target_type` where it does nothing.
pub(in super::super) const NO_TARGET_TYPE: Ignored =
    ignored("target_type", "`target_type` has no effect here: the path says who gets it");

/// The same where no documents speak of it.
pub(in super::super) const TYPE_IN_PATH: Ignored = Ignored::new(
    "target_type",
    "EM-W01",
    "`target_type` is not a field here: the path says who gets it",
);

const fn for_members(message: &'static str) -> Ignored {
    Ignored::new("users", "EM-W01", message)
}

/// Members of a group where all of it gets the message.
pub(in super::super) const ALL_OF_GROUP: Ignored = for_members(
    "`users` is not a field here, and the WHOLE group gets it; `send-groups-targeted` takes `users`",
);
/// Members of a room where all of it gets the message.
pub(in super::super) const ALL_OF_ROOM: Ignored = for_members(
    "`users` is not a field here, and the WHOLE room gets it; `send-rooms-targeted` takes `users`",
);

const fn misleading(name: &'static str) -> Ignored {
    let message = "a broadcast ignores this, and goes to EVERYBODY";
    Ignored::new(name, "EM-W03", message)
}

/// Receivers in a broadcast.
pub(in super::super) const NO_TO: Ignored = misleading("to");
/// The same in the words of the old generation.
pub(in super::super) const NO_TARGET: Ignored = misleading("target");
/// Members in a broadcast.
pub(in super::super) const NO_USERS: Ignored = misleading("users");

static PUSHED: Condition = Condition::Any(&[
    Condition::Given("ext/em_apns_ext"),
    Condition::Given("ext/em_push_ext"),
    Condition::Given("ext/em_push_template"),
    Condition::Given("ext/em_push_filter"),
    Condition::Given("ext/em_android_push_ext"),
    Condition::Given("ext/em_harmony_push_ext"),
    Condition::Given("ext/em_force_notification"),
]);

/// Who is offline gets nothing at all, so there is nothing to push.
pub(in super::super) const ONLINE_ONLY: Check = Check {
    rule: "EM-W06",
    also: &[],
    test: CrossCheck::Flag {
        when: Condition::All(&[
            Condition::Given("routetype"),
            Condition::Not(&Condition::Not(&PUSHED)),
        ]),
        at: "routetype",
        message: "who is offline gets nothing at all, so the settings of offline push do nothing",
    },
};

/// More receivers in one list than a minute's quota has.
pub(in super::super) const QUOTA: Check =
    Check::function("EM-W20", "receivers against the quota of a minute", quota);

/// Messages to users a minute, one per receiver.
pub(in super::super) const PER_MINUTE: usize = 6000;

fn quota(at: At<'_>, sink: &mut FindingSink<'_>) {
    let to = at.get("to");
    let count = to.as_array().map_or(0, ContainerView::len);
    if count > PER_MINUTE {
        let minutes = count.div_ceil(PER_MINUTE);
        sink.report(
            "EM-W20",
            to,
            format!(
                "{count} receivers need {minutes} minutes: {PER_MINUTE} messages a minute go out"
            ),
        );
    }
}
