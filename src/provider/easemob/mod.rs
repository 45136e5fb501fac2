//! Easemob: messages of both REST generations, streams, broadcasts, recalls, files and instant push, by bearer token.

mod checks;
mod compose;
mod errors;
mod ext;
mod fields;
mod follow_up;
mod makers;
mod messages;
mod operations;
mod prerequisite;
mod push;
mod reply;
mod rules;
mod sandbox;
mod wire;

#[cfg(test)]
mod tests;

use crate::account::Account;
use crate::contract::{
    Codes, Contract, CredentialKey, EACH_OPERATION, FindOut, SandboxRole, SandboxSwitch,
    SwitchValues, TargetKind, rows,
};
use crate::document::Value;
use crate::error::Result;
use crate::provider::kit::vendor::vendor;
use crate::provider::{Call, CredentialProbe, Prerequisite, PrerequisiteResult, Uploading, kit};
use crate::text::en;
use crate::wire::Reply;

/// The rows.
static CONTRACT: Contract = Contract {
    id: "easemob",
    name: "Easemob",
    about: en("Instant messaging and push: users, groups, chat rooms, labels, everybody"),
    endpoints: wire::ENDPOINTS,
    credentials: rows! {
        CredentialKey::new("org", "What stands before the # of the app key").required().sandbox(sandbox::ORG),
        CredentialKey::new("app", "What stands behind the # of the app key").required().sandbox(sandbox::APP),
        CredentialKey::new("client_id", "Client ID of the console; with client_secret herald fetches tokens itself")
            .or("token").sandbox(sandbox::CLIENT_ID),
        CredentialKey::new("client_secret", "Client Secret of the console").or("token").secret()
            .sandbox(sandbox::CLIENT_SECRET),
        // It expires, and the next one is another. The mock server takes one, but a new user's first command also asks.
        CredentialKey::new("token", "App token, instead of client_id and client_secret").secret().passing(),
    },
    policy: fields::STRICT,
    codes: Codes::NONE,
    rules: rules::RULES,
    operations: operations::OPERATIONS,
    groups: operations::GROUPS,
    types: messages::TYPES,
    errors: errors::ERRORS,
    find_out: rows! {
        FindOut::by_hand("look for the push in the console").only(&[
            "push-sync",
            "push-async",
            "push-single",
            "push-list",
            "push-label",
            "push-task",
            "push-task-broadcast",
        ]),
        FindOut::by("call easemob/history --set time={yyyyMMddHH}",
            "gives the address of the file with all messages of that hour, which comes up to a day late"),
    },
    default_target: TargetKind::User,
    folds_ids: true,
    sandbox_roles: &[SandboxRole {
        name: "token",
        values: &[("token", sandbox::TOKEN)],
        without: &["client_id", "client_secret"],
    }],
    switches: rows! {
        SandboxSwitch::new("window", SwitchValues::Number("seconds", &[]), "120",
            "How long a message can be recalled"),
        SandboxSwitch::new("online", SwitchValues::Words(&["off", "on"]), "off",
            "`on` has every receiver online: messages are delivered at once"),
        SandboxSwitch::new("pushStatus", SwitchValues::Words(&["SUCCESS", "ASYNC_SUCCESS", "FAIL", "ERROR"]), "",
            "What pushes come to; without it what is usual for the call"),
        SandboxSwitch::new("ids", SwitchValues::Words(&["real", "small"]), "real",
            "`small` gives numbers below 2^53 for tasks and push messages, which JavaScript does not round"),
        SandboxSwitch::new(EACH_OPERATION, SwitchValues::Words(&["off", "on"]), "on",
            "`off` takes the service of this operation away, in the vendor's words"),
    },
    source: "Easemob message documentation of 2021-12-31, REST and push documentation of 2026, official server SDKs",
    ..Contract::BASE
};

vendor! {
    /// The vendor.
    Easemob, sandbox::EasemobServers;

    fn probe(&self, account: &Account) -> Result<Option<CredentialProbe>> {
        if account.secret("token").is_none() {
            return Ok(Some(kit::probe(&CONTRACT, "token", Value::object(), &[])));
        }
        // Whether there is such a user does not matter.
        let body = kit::object([("username", "herald-check".into())]);
        let proofs = &["service_resource_not_found"];
        Ok(Some(kit::probe(&CONTRACT, "offline-count", body, proofs)))
    }

    fn base(&self, call: &Call<'_>) -> Result<String> {
        wire::base_of(call.account, call.operation.host)
    }

    fn prerequisite(&self, call: &Call<'_>) -> Result<Option<Prerequisite>> {
        prerequisite::prerequisite(call)
    }

    fn upload(&self, file: &Uploading<'_>) -> Result<Option<Prerequisite>> {
        prerequisite::upload(file)
    }

    fn prerequisite_result(&self, prerequisite: &Prerequisite, account: &Account, reply: &Reply) -> Option<PrerequisiteResult> {
        prerequisite::prerequisite_result(prerequisite, account, reply)
    }
}
