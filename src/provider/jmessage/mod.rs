//! JMessage, Jiguang's instant messaging: the message protocol, version 1, and the REST calls that send and withdraw
//! messages, upload media and look things up.

mod bodies;
mod checks;
mod compose;
mod envelope;
mod errand;
mod errors;
mod follow_up;
mod forms;
mod operations;
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
};
use crate::error::Result;
use crate::outcome::Reading;
use crate::sandbox::Backend;
use crate::text::en;
use crate::wire::{Reply, Request};

/// JMessage.
#[derive(Debug)]
pub struct JMessage;

/// All rows.
pub(super) static CONTRACT: Contract = Contract {
    id: "jmessage",
    name: "JMessage",
    about: en("Jiguang's instant messaging: users, groups and chat rooms"),
    endpoints: &[
        Endpoint { name: "", role: "", base: "https://api.im.jpush.cn", backup: None },
        Endpoint { name: "", role: "report", base: "https://report.im.jpush.cn", backup: None },
    ],
    credentials: &[
        jiguang::app_key("the app's AppKey, the same as for JPush; the portal shows it"),
        jiguang::master_secret(),
    ],
    policy: Policy {
        null: Null::Remarked,
        absent: Empties::NONE,
        digits: Spelling::Refuse,
        words: Spelling::Refuse,
        unknown: Unknown::Report("JM-W08"),
    },
    codes: Codes::NONE,
    rules: rules::RULES,
    operations: operations::OPERATIONS,
    types: bodies::TYPES,
    errors: errors::ERRORS,
    default_target: TargetKind::User,
    source: "JMessage message protocol, IM REST API v1 and report v2 (docs.jiguang.cn, 2021-12), official server SDKs",
    ..Contract::BASE
};

impl Vendor for JMessage {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn sign(&self, call: &Call<'_>) -> Result<Signature> {
        Ok(jiguang::basic_signature(call.account.value("app_key"), call.account))
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

    fn upload(&self, file: &Uploading<'_>) -> Result<Option<Errand>> {
        Ok(errand::upload(file))
    }

    fn carry(&self, errand: &Errand, _: &Account, reply: &Reply) -> Option<Carry> {
        errand::carry(errand, reply)
    }

    fn measures(&self) -> bool {
        true
    }

    fn backend(&self) -> Box<dyn Backend> {
        Box::new(sandbox::Server)
    }
}
