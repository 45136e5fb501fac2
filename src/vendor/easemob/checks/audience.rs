//! Who gets it: members without effect, members that mislead, quotas.

use crate::contract::{Check, CrossCheck, When};
use crate::document::At;
use crate::lint::Sink;

const fn without_effect(name: &'static str, message: &'static str) -> Check {
    Check::flag("EM-W08", When::Given(name), name, message)
}

/// `routetype` where it does nothing.
pub(in super::super) const NO_ROUTE: Check = without_effect(
    "routetype",
    "chat rooms know no `routetype`; who is not in the room gets nothing anyway",
);
/// `sync_device` where it does nothing.
pub(in super::super) const NO_SYNC: Check =
    without_effect("sync_device", "`sync_device` has no effect in chat rooms");
/// `need_group_ack` where it does nothing.
pub(in super::super) const NO_ACK: Check =
    without_effect("need_group_ack", "`need_group_ack` has an effect in groups alone");
/// `chatroom_msg_level` where it does nothing.
pub(in super::super) const NO_LEVEL: Check =
    without_effect("chatroom_msg_level", "`chatroom_msg_level` has an effect in chat rooms alone");
/// `target_type` where it does nothing.
pub(in super::super) const NO_TARGET_TYPE: Check =
    without_effect("target_type", "`target_type` has no effect here: the path says who gets it");

const fn ignored(name: &'static str) -> Check {
    Check {
        rule: "EM-W03",
        also: &[],
        test: CrossCheck::Flag {
            when: When::Given(name),
            at: name,
            message: "a broadcast ignores this, and goes to EVERYBODY",
        },
    }
}

/// A list of receivers in a broadcast.
pub(in super::super) const BROADCASTS: [Check; 3] =
    [ignored("to"), ignored("target"), ignored("users")];

static PUSHED: When = When::Any(&[
    When::Given("ext/em_apns_ext"),
    When::Given("ext/em_push_ext"),
    When::Given("ext/em_push_template"),
    When::Given("ext/em_push_filter"),
    When::Given("ext/em_android_push_ext"),
    When::Given("ext/em_harmony_push_ext"),
    When::Given("ext/em_force_notification"),
]);

/// Who is offline gets nothing at all, so there is nothing to push.
pub(in super::super) const ONLINE_ONLY: Check = Check {
    rule: "EM-W06",
    also: &[],
    test: CrossCheck::Flag {
        when: When::All(&[When::Given("routetype"), When::Not(&When::Not(&PUSHED))]),
        at: "routetype",
        message: "who is offline gets nothing at all, so the settings of offline push do nothing",
    },
};

/// More receivers in one list than a minute's quota has.
pub(in super::super) const QUOTA: Check =
    Check::function("EM-W20", "receivers against the quota of a minute", quota);

/// Messages to users a minute, one per receiver.
pub(in super::super) const PER_MINUTE: usize = 6000;

fn quota(at: At<'_>, sink: &mut Sink<'_>) {
    let to = at.get("to");
    let count = to.as_array().map_or(0, <[_]>::len);
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
