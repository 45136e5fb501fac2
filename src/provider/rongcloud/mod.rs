//! RongCloud: messages, pushes and broadcasts of its server API, form and JSON bodies, signed in headers.

mod checks;
mod compose;
mod content;
mod errors;
mod fields;
mod follow_up;
mod messages;
mod operations;
mod push;
mod rules;
mod sandbox;

mod wire;

#[cfg(test)]
mod tests;

use crate::account::Account;
use crate::contract::{Contract, CredentialKey, Operation, Repeatable, TargetKind, rows};
use crate::document::Value;
use crate::error::Result;
use crate::outcome::Reading;
use crate::provider::{Call, Draft, FollowUp, SendIntent, Signature, Vendor};
use crate::sandbox::Backend;
use crate::text::en;
use crate::wire::{Reply, Request};

/// The key of a profile, and the sandbox's switch, that says that the app recognises repeats by `msgRandom`.
const MSG_RANDOM: &str = "msg_random";

/// The vendor.
#[derive(Debug)]
pub struct RongCloud;

/// The rows.
static CONTRACT: Contract = Contract {
    id: "rongcloud",
    name: "RongCloud",
    about: en("Instant messaging and push: users, groups, chat rooms, ultra groups, everybody"),
    endpoints: wire::ENDPOINTS,
    credentials: rows! {
        CredentialKey { name: "app_key", secret: false, lasting: false, required: true,
            about: en("App Key of the console"), sandbox: "herald-sandbox", values: &[] },
        CredentialKey { name: "app_secret", secret: true, lasting: true, required: true,
            about: en("App Secret of the console"), sandbox: "herald-sandbox-secret", values: &[] },
        CredentialKey { name: MSG_RANDOM, secret: false, lasting: false, required: false,
            about: en("`on` where the app has msgRandom switched on: repeats within a minute are recognised then"),
            sandbox: "", values: &["on", "off"] },
    },
    policy: fields::JSON,
    codes: fields::CODES,
    rules: rules::RULES,
    operations: operations::OPERATIONS,
    types: messages::TYPES,
    errors: errors::ERRORS,
    default_target: TargetKind::User,
    // "Keep-alive: under 80 requests a connection": hosts and transport of the platform chat API.
    requests_per_connection: Some(79),
    source: "RongCloud v4 documentation of 2021-03-08, platform chat API of 2026, official server SDKs",
    ..Contract::BASE
};

impl Vendor for RongCloud {
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

    fn mint(&self, call: &Call<'_>) -> Option<(&'static str, Value)> {
        let Repeatable::Deduplicated { field, .. } = call.operation.repeat else { return None };
        let lacks = call.body.as_object()?.get(field).is_none();
        // Two messages of the same minute must never share it: the second would be taken for a repeat of the first.
        let number = |text: &str| text.parse::<u64>().unwrap_or_default() % 1_000_000_000;
        let id = number(&call.stamp.timestamp) * 1_000_000_000 + number(&call.stamp.nonce);
        (lacks && self.recognises_repeats(call.account))
            .then(|| (field, Value::number(id.to_string())))
    }

    /// Apps have it switched on one by one: elsewhere the field is taken, and nothing is recognised.
    fn recognises_repeats(&self, account: &Account) -> bool {
        account.value(MSG_RANDOM) == Some("on")
    }

    fn compose(&self, intent: &SendIntent<'_>) -> Result<Vec<Draft>> {
        compose::compose(intent)
    }

    fn follow_up(&self, ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
        follow_up::follow_up(ask)
    }

    fn backend(&self) -> Box<dyn Backend> {
        Box::new(sandbox::RongCloudServers)
    }
}
