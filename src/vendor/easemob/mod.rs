//! Easemob: messages of both REST generations, streams, broadcasts, recalls, files and instant push, by bearer token.

mod checks;
mod compose;
mod errors;
mod ext;
mod fields;
mod follow;
mod messages;
mod operations;
mod push;
mod reply;
mod rules;
mod sandbox;
pub mod token;
mod wire;

#[cfg(test)]
mod tests;

use crate::contract::{Codes, Contract, CredentialKey, Operation, TargetKind};
use crate::error::Result;
use crate::sandbox::Backend;
use crate::text::{Text, en};
use crate::vendor::{Call, Draft, FollowUp, Intent, Reading, Signature, Vendor};
use crate::wire::{Reply, Request};

/// The vendor.
#[derive(Debug)]
pub struct Easemob;

const fn key(
    name: &'static str,
    secret: bool,
    required: bool,
    sandbox: &'static str,
    about: &'static str,
) -> CredentialKey {
    CredentialKey { name, secret, required, about: Text::en(about), sandbox }
}

/// The rows.
static CONTRACT: Contract = Contract {
    id: "easemob",
    name: "Easemob",
    about: en("Instant messaging and push: users, groups, chat rooms, labels, everybody"),
    endpoints: wire::ENDPOINTS,
    credentials: &[
        key("org", false, true, sandbox::ORG, "What stands before the # of the app key"),
        key("app", false, true, sandbox::APP, "What stands behind the # of the app key"),
        key("client_id", false, false, sandbox::CLIENT_ID, "Client ID of the console, for tokens"),
        key("client_secret", true, false, sandbox::CLIENT_SECRET, "Client Secret of the console"),
        key(
            "token",
            true,
            true,
            sandbox::TOKEN,
            "App token, as POST /token gives it for client_id and client_secret",
        ),
    ],
    policy: fields::STRICT,
    codes: Codes::NONE,
    rules: rules::RULES,
    operations: operations::OPERATIONS,
    types: messages::TYPES,
    errors: errors::ERRORS,
    default_target: TargetKind::User,
    source: "Easemob message documentation of 2021-12-31, REST and push documentation of 2026, official server SDKs",
};

impl Vendor for Easemob {
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
        reply::read(operation, reply)
    }

    fn compose(&self, intent: &Intent<'_>) -> Result<Vec<Draft>> {
        compose::compose(intent)
    }

    fn follow_up(&self, ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
        follow::follow_up(ask)
    }

    fn backend(&self) -> Box<dyn Backend> {
        Box::new(sandbox::EasemobServers)
    }
}
