//! JPush, REST API v2: a form with an MD5 code in it. Retired upstream; what still runs on it needs checking most.

mod compose;
mod content;
mod errors;
mod follow_up;
mod operations;
mod rules;
mod sandbox;
mod wire;

#[cfg(test)]
mod tests;

use super::CredentialProbe;
use super::jiguang;
use crate::account::Account;
use crate::contract::{
    Codes, Contract, Empties, Endpoint, FindOut, Null, Policy, Spelling, TargetKind, Unknown,
};
use crate::error::Result;
use crate::provider::kit;
use crate::provider::kit::vendor::vendor;
use crate::text::en;

/// All rows.
pub(super) static CONTRACT: Contract = Contract {
    id: "jpush-v2",
    name: "JPush REST API v2",
    about: en("Jiguang's push service, the form API of 2013; retired in favour of v3"),
    endpoints: &[
        Endpoint::new("", "", "https://api.jpush.cn"),
        Endpoint::new("", "report", "https://report.jpush.cn"),
    ],
    credentials: &[
        jiguang::app_key("the app's AppKey; the portal shows it"),
        jiguang::master_secret(),
    ],
    policy: Policy {
        null: Null::Remarked("herald leaves it out of the form"),
        // Clients send `receiver_value=` and `override_msg_id=` for nothing.
        absent: Empties::TEXT,
        // A number and its digits are the same bytes in a form.
        digits: Spelling::Accept,
        words: Spelling::Refuse,
        unknown: Unknown::Ignore,
    },
    codes: Codes::NONE,
    rules: rules::RULES,
    operations: operations::OPERATIONS,
    types: content::TYPES,
    errors: errors::ERRORS,
    elsewhere: jiguang::BESIDE_PUSH,
    find_out: &[FindOut::by_hand("look for it in the push history of the console")],
    default_target: TargetKind::Alias,
    source: "JPush REST API v2 (docs.jiguang.cn, retired page), official clients v2.1 to v2.4",
    ..Contract::BASE
};

vendor! {
    /// JPush v2.
    JpushV2, sandbox::Server;

    fn probe(&self, _: &Account) -> Result<Option<CredentialProbe>> {
        // Of a message that there is not the report has nothing to tell.
        let body = kit::object([("msg_ids", vec!["1"].into())]);
        Ok(Some(kit::probe(&CONTRACT, "received", body, &[])))
    }
}
