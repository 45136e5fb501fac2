//! JPush, REST API v3: JSON under HTTP Basic, with target files, batches, groups and reports.

mod audience;
mod checks;
mod compose;
mod errors;
mod follow_up;
mod forms;
mod makers;
mod notification;
mod operations;
mod options;
mod prerequisite;
mod push;
mod rules;
mod sandbox;
mod wire;

#[cfg(test)]
mod tests;

use super::jiguang;
use super::{Call, Prerequisite, PrerequisiteResult, Uploading};
use crate::account::Account;
use crate::contract::{
    Codes, Contract, Empties, Endpoint, FindOut, Policy, SandboxRole, SandboxSwitch, Spelling,
    SwitchValues, TargetKind, Unknown, rows,
};
use crate::error::Result;
use crate::provider::kit::vendor::vendor;
use crate::text::en;
use crate::wire::Reply;

/// All rows.
pub(super) static CONTRACT: Contract = Contract {
    id: "jpush-v3",
    name: "JPush REST API v3",
    about: en("Jiguang's push service, the current JSON API"),
    endpoints: rows! {
        Endpoint::new("", "", "https://api.jpush.cn"),
        Endpoint::new("", "report", "https://report.jpush.cn"),
        Endpoint::new("beijing", "", "https://bjapi.push.jiguang.cn"),
        Endpoint::new("beijing", "report", "https://bjapi.push.jiguang.cn/v3/report"),
    },
    credentials: &[
        jiguang::app_key("the app's AppKey; for group-push the group's key, without `group-`"),
        jiguang::master_secret(),
    ],
    policy: Policy {
        null: jiguang::JPUSH_NULL,
        absent: Empties::NONE,
        digits: Spelling::Refuse,
        words: Spelling::Refuse,
        unknown: Unknown::Ignore,
    },
    codes: Codes::NONE,
    rules: rules::RULES,
    operations: operations::OPERATIONS,
    groups: operations::GROUPS,
    types: operations::TYPES,
    errors: errors::ERRORS,
    elsewhere: jiguang::BESIDE_PUSH,
    find_out: &[FindOut::by_hand("look for it in the push history of the console")],
    default_target: TargetKind::Alias,
    // Seen with 1011.
    refusals_have_ids: true,
    // A group's key is another, but the sandbox's has the same digits.
    sandbox_roles: &[SandboxRole { name: "group", values: &[], without: &[] }],
    switches: rows! {
        SandboxSwitch::new("plan", SwitchValues::Words(&["free", "vip"]), "vip",
            "`free` refuses what is for VIP plans (2006) or has to be granted (2007)"),
    },
    source: "JPush REST API v3 (docs.jiguang.cn), official server SDKs up to 2026-01",
    ..Contract::BASE
};

vendor! {
    /// JPush v3.
    JpushV3, sandbox::Server;

    fn prerequisite(&self, call: &Call<'_>) -> Result<Option<Prerequisite>> {
        Ok(prerequisite::prerequisite(call))
    }

    fn upload(&self, file: &Uploading<'_>) -> Result<Option<Prerequisite>> {
        prerequisite::upload(file)
    }

    fn prerequisite_result(&self, prerequisite: &Prerequisite, _: &Account, reply: &Reply) -> Option<PrerequisiteResult> {
        prerequisite::prerequisite_result(prerequisite, reply)
    }
}
