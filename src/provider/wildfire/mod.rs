//! WildfireChat (野火IM): an instant-messaging server that its users run themselves, with an administration API.

mod checks;
mod compose;
mod content;
mod errors;
mod follow_up;
mod messages;
mod operations;
mod payload;
mod roots;
mod rules;
mod sandbox;
mod search;
mod uid;
mod upload;
mod wire;

#[cfg(test)]
mod tests;

use super::{CredentialProbe, Draft, IdSearch, Prerequisite, PrerequisiteResult, Uploading};
use crate::account::Account;
use crate::contract::{
    CheckedBy, Codes, Contract, CredentialKey, Empties, Endpoint, FindOut, Null, Policy, RowFault,
    SandboxRole, SandboxSwitch, Spelling, SwitchValues, TargetKind, Unknown, rows,
};
use crate::error::Result;
use crate::provider::kit::vendor::vendor;
use crate::text::en;
use crate::wire::Reply;

vendor! {
    /// WildfireChat.
    Wildfire, sandbox::Server;

    fn base(&self, call: &crate::provider::Call<'_>) -> Result<String> {
        wire::base(call)
    }

    fn refuses(&self, draft: &Draft, account: &Account) -> Result<()> {
        compose::refuse_chatroom(draft, account)
    }

    fn probe(&self, account: &Account) -> Result<Option<CredentialProbe>> {
        wire::probe(account).map(Some)
    }

    fn upload(&self, file: &Uploading<'_>) -> Result<Option<Prerequisite>> {
        upload::next(file)
    }

    fn prerequisite_result(&self, prerequisite: &Prerequisite, _: &Account, reply: &Reply) -> Option<PrerequisiteResult> {
        upload::prerequisite_result(prerequisite, reply)
    }

    fn id_search(&self) -> Option<&'static IdSearch> {
        Some(&search::SEARCH)
    }
}

static CONTRACT: Contract = Contract {
    id: "wildfire",
    name: "WildfireChat",
    about: en(
        "Messages of a WildfireChat server of your own, through its administration, robot and channel APIs",
    ),
    endpoints: &[
        Endpoint::new("", "", "http://HOST:18080"),
        Endpoint::new("", operations::PUBLIC, "http://HOST:80"),
    ],
    credentials: rows! {
        CredentialKey::new("endpoint",
            "Address of the server's administration, as `http://im.example.com:18080` (`http.admin.port`)").required(),
        CredentialKey::new("secret",
            "`http.admin.secret_key` of the server; with `robot_id` or `channel_id` that one's secret").required()
            .secret().sandbox(sandbox::SECRET),
        CredentialKey::new("edition", "`community` or `pro`: which operations the server has")
            .values(&["community", "pro"]),
        CredentialKey::new("robot_id", "User id of the robot that speaks").for_operations("robot-"),
        CredentialKey::new("channel_id", "Id of the channel that speaks").for_operations("channel-"),
    },
    policy: Policy {
        null: Null::Absent,
        absent: Empties::NONE,
        digits: Spelling::Refuse,
        words: Spelling::Refuse,
        unknown: Unknown::Report("W01"),
    },
    codes: Codes {
        all: Some("E03"),
        by: &[
            (RowFault::Missing, "E02"),
            (RowFault::Empty, "E04"),
            (RowFault::Length, "E05"),
            (RowFault::Set, "E09"),
            (RowFault::Base64, "E10"),
            (RowFault::Root, "E01"),
        ],
    },
    rules: rules::RULES,
    operations: operations::OPERATIONS,
    groups: operations::GROUPS,
    types: &messages::TYPES,
    errors: errors::ERRORS,
    find_out: rows! {
        FindOut::by_check(CheckedBy::Sender, "looks for it at the server, and settles it where it is found")
            .only(&["send", "multicast", "broadcast"]),
        FindOut::by_check(CheckedBy::Other("ADMINISTRATION"),
            "looks for it with the profile of the server's administration, and settles it where it is found")
            .only(&["robot-send", "channel-send"]),
        // An answer names no conversation, and a further publication is no new message.
        FindOut::by_hand("herald cannot look for it, so ask one of those it was for"),
    },
    default_target: TargetKind::User,
    sandbox_roles: &[
        SandboxRole { name: "robot", values: &[("robot_id", "robot")], without: &[] },
        SandboxRole { name: "channel", values: &[("channel_id", "channel")], without: &[] },
    ],
    switches: rows! {
        SandboxSwitch::new("edition", SwitchValues::Words(&["community", "pro"]), "pro",
            "`community` serves only the operations of the community edition"),
        SandboxSwitch::new("ids", SwitchValues::Words(&["real", "small"]), "real",
            "`small` gives message numbers below 2^53, which JavaScript does not round"),
        SandboxSwitch::new("lose", SwitchValues::Number("messages", &[]), "0",
            "Of this many messages that are taken, one is answered with 249 as on a server that is overrun; 0: none"),
        SandboxSwitch::new("mention_external_robot", SwitchValues::Words(&["true", "false"]), "true",
            "`false` lets robots answer in groups alone, as the server's setting of this name"),
        SandboxSwitch::new("use_qiniu", SwitchValues::Words(&["0", "1"]), "0",
            "`1` has uploads go to Qiniu, as the server's setting `media.server.use_qiniu`"),
    },
    // A handler that took longer than 5 s.
    overrun: &["249"],
    source: "github.com/wildfirechat/docs (2026-06-22), im-server 1.2.4, 1.4.8 and 1.4.9, server SDKs",
    ..Contract::BASE
};
