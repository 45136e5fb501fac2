//! JPush, REST API v3: JSON under HTTP Basic, with target files, batches, groups and reports.

mod audience;
mod checks;
mod compose;
mod errand;
mod errors;
mod follow_up;
mod forms;
mod notification;
mod operations;
mod options;
mod push;
mod rules;
mod sandbox;
mod wire;

#[cfg(test)]
mod tests;

use super::jiguang;
use super::{Call, Carry, Draft, Errand, FollowUp, SendIntent, Signature, Uploading, Vendor};
use crate::account::Account;
use crate::contract::{
    Codes, Contract, Empties, Endpoint, Null, Operation, Policy, Spelling, TargetKind, Unknown,
    rows,
};
use crate::error::Result;
use crate::outcome::Reading;
use crate::sandbox::Backend;
use crate::text::en;
use crate::wire::{Reply, Request};

/// JPush v3.
#[derive(Debug)]
pub struct JpushV3;

/// All rows.
pub(super) static CONTRACT: Contract = Contract {
    id: "jpush-v3",
    name: "JPush REST API v3",
    about: en("Jiguang's push service, the current JSON API"),
    endpoints: rows! {
        Endpoint { name: "", role: "", base: "https://api.jpush.cn", backup: None },
        Endpoint { name: "", role: "report", base: "https://report.jpush.cn", backup: None },
        Endpoint { name: "beijing", role: "", base: "https://bjapi.push.jiguang.cn", backup: None },
        Endpoint { name: "beijing", role: "report", base: "https://bjapi.push.jiguang.cn/v3/report", backup: None },
    },
    credentials: &[
        jiguang::app_key("the app's AppKey; for group-push the group's key, without `group-`"),
        jiguang::master_secret(),
    ],
    policy: Policy {
        null: Null::Remarked,
        absent: Empties::NONE,
        digits: Spelling::Refuse,
        words: Spelling::Refuse,
        unknown: Unknown::Ignore,
    },
    codes: Codes::NONE,
    rules: rules::RULES,
    operations: operations::OPERATIONS,
    types: operations::TYPES,
    errors: errors::ERRORS,
    default_target: TargetKind::Alias,
    source: "JPush REST API v3 (docs.jiguang.cn), official server SDKs up to 2026-01",
    ..Contract::BASE
};

impl Vendor for JpushV3 {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn sign(&self, call: &Call<'_>) -> Result<Signature> {
        Ok(wire::sign(call))
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

    fn errand(&self, call: &Call<'_>) -> Result<Option<Errand>> {
        Ok(errand::errand(call))
    }

    fn upload(&self, file: &Uploading<'_>) -> Result<Option<Errand>> {
        errand::upload(file)
    }

    fn carry(&self, errand: &Errand, _: &Account, reply: &Reply) -> Option<Carry> {
        errand::carry(errand, reply)
    }

    fn backend(&self) -> Box<dyn Backend> {
        Box::new(sandbox::Server)
    }
}
