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

use super::jiguang;
use super::{Call, Draft, FollowUp, SendIntent, Signature, Vendor};
use crate::contract::{
    Codes, Contract, Empties, Endpoint, Null, Operation, Policy, Spelling, TargetKind, Unknown,
};
use crate::error::Result;
use crate::outcome::Reading;
use crate::sandbox::Backend;
use crate::text::en;
use crate::wire::{Reply, Request};

/// JPush v2.
#[derive(Debug)]
pub struct JpushV2;

/// All rows.
pub(super) static CONTRACT: Contract = Contract {
    id: "jpush-v2",
    name: "JPush REST API v2",
    about: en("Jiguang's push service, the form API of 2013; retired in favour of v3"),
    endpoints: &[
        Endpoint { name: "", role: "", base: "https://api.jpush.cn", backup: None },
        Endpoint { name: "", role: "report", base: "https://report.jpush.cn", backup: None },
    ],
    credentials: &[
        jiguang::app_key("the app's AppKey; the portal shows it"),
        jiguang::master_secret(),
    ],
    policy: Policy {
        null: Null::Remarked,
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
    default_target: TargetKind::Alias,
    source: "JPush REST API v2 (docs.jiguang.cn, retired page), official clients v2.1 to v2.4",
    ..Contract::BASE
};

impl Vendor for JpushV2 {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn sign(&self, call: &Call<'_>) -> Result<Signature> {
        wire::sign(call)
    }

    fn request(&self, call: &Call<'_>) -> Result<Request> {
        wire::request(call)
    }

    fn read(&self, operation: &'static Operation, reply: &Reply) -> Reading {
        wire::read(operation, reply)
    }

    fn compose(&self, intent: &SendIntent<'_>) -> Result<Vec<Draft>> {
        compose::compose(intent)
    }

    fn follow_up(&self, ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
        follow_up::follow_up(ask)
    }

    fn backend(&self) -> Box<dyn Backend> {
        Box::new(sandbox::Server)
    }
}
