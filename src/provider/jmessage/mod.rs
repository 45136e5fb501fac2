//! JMessage, Jiguang's instant messaging: the message protocol, version 1, and the REST calls that send and withdraw
//! messages, upload media and look things up.

mod bodies;
mod checks;
mod compose;
mod envelope;
mod errors;
mod follow_up;
mod forms;
mod operations;
mod prerequisite;
mod rules;
mod sandbox;
mod wire;

#[cfg(test)]
mod tests;

use super::jiguang;
use super::{CredentialProbe, Prerequisite, PrerequisiteResult, Uploading};
use crate::account::Account;
use crate::contract::{
    Codes, Contract, Empties, Endpoint, FindOut, Null, Policy, Spelling, TargetKind, Unknown,
};
use crate::error::Result;
use crate::provider::kit;
use crate::provider::kit::vendor::vendor;
use crate::text::en;
use crate::wire::Reply;

/// All rows.
pub(super) static CONTRACT: Contract = Contract {
    id: "jmessage",
    name: "JMessage",
    about: en("Jiguang's instant messaging: users, groups and chat rooms"),
    endpoints: &[
        Endpoint::new("", "", "https://api.im.jpush.cn"),
        Endpoint::new("", "report", "https://report.im.jpush.cn"),
    ],
    credentials: &[
        jiguang::app_key("the app's AppKey, the same as for JPush; the portal shows it"),
        jiguang::master_secret(),
    ],
    policy: Policy {
        null: Null::Remarked("JMessage may refuse it"),
        absent: Empties::NONE,
        digits: Spelling::Refuse,
        words: Spelling::Refuse,
        unknown: Unknown::Report("JM-W08"),
    },
    codes: Codes::NONE,
    rules: rules::RULES,
    operations: operations::OPERATIONS,
    groups: operations::GROUPS,
    types: bodies::TYPES,
    errors: errors::ERRORS,
    elsewhere: jiguang::BESIDE_MESSAGES,
    find_out: &[FindOut::by(
        "call jmessage/history --set scope=all --set count:=1000 \
            --set 'begin_time={yyyy-MM-dd HH:mm:ss}' --set 'end_time={yyyy-MM-dd HH:mm:ss}'",
        "reads all messages of that time, which is China's",
    )],
    default_target: TargetKind::User,
    source: "JMessage message protocol, IM REST API v1 and report v2 (docs.jiguang.cn, 2021-12), official server SDKs",
    ..Contract::BASE
};

vendor! {
    /// JMessage.
    JMessage, sandbox::Server;

    fn probe(&self, _: &Account) -> Result<Option<CredentialProbe>> {
        // Whether there is such a user does not matter.
        let body = kit::object([("username", "herald-check".into())]);
        Ok(Some(kit::probe(&CONTRACT, "user-get", body, &["899002", "898002"])))
    }

    fn upload(&self, file: &Uploading<'_>) -> Result<Option<Prerequisite>> {
        Ok(prerequisite::upload(file))
    }

    fn prerequisite_result(&self, prerequisite: &Prerequisite, _: &Account, reply: &Reply) -> Option<PrerequisiteResult> {
        prerequisite::prerequisite_result(prerequisite, reply)
    }

    fn measures(&self) -> bool {
        true
    }
}
