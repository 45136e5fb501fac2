//! Easemob: messages of both REST generations, streams, broadcasts, recalls, files and instant push, by bearer token.

mod checks;
mod compose;
mod errand;
mod errors;
mod ext;
mod fields;
mod follow_up;
mod messages;
mod operations;
mod push;
mod reply;
mod rules;
mod sandbox;
mod wire;

#[cfg(test)]
mod tests;

use crate::account::Account;
use crate::contract::{Codes, Contract, CredentialKey, Operation, TargetKind, rows};
use crate::error::Result;
use crate::outcome::Reading;
use crate::provider::{
    Call, Carry, Draft, Errand, FollowUp, SendIntent, Signature, Uploading, Vendor,
};
use crate::sandbox::Backend;
use crate::text::{Text, en};
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
    CredentialKey {
        name,
        secret,
        lasting: secret,
        required,
        about: Text::en(about),
        sandbox,
        values: &[],
    }
}

/// The rows.
static CONTRACT: Contract = Contract {
    id: "easemob",
    name: "Easemob",
    about: en("Instant messaging and push: users, groups, chat rooms, labels, everybody"),
    endpoints: wire::ENDPOINTS,
    credentials: rows! {
        key("org", false, true, sandbox::ORG, "What stands before the # of the app key"),
        key("app", false, true, sandbox::APP, "What stands behind the # of the app key"),
        key("client_id", false, false, sandbox::CLIENT_ID,
            "Client ID of the console; with client_secret herald fetches tokens itself"),
        key("client_secret", true, false, sandbox::CLIENT_SECRET, "Client Secret of the console"),
        CredentialKey {
            // It expires, and the next one is another.
            lasting: false,
            ..key(
                "token",
                true,
                false,
                // The stand-in takes one, but asking for it is what a newcomer's first command does, too.
                "",
                "App token, instead of client_id and client_secret",
            )
        },
    },
    policy: fields::STRICT,
    codes: Codes::NONE,
    rules: rules::RULES,
    operations: operations::OPERATIONS,
    types: messages::TYPES,
    errors: errors::ERRORS,
    default_target: TargetKind::User,
    folds_ids: true,
    source: "Easemob message documentation of 2021-12-31, REST and push documentation of 2026, official server SDKs",
    ..Contract::BASE
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

    fn compose(&self, intent: &SendIntent<'_>) -> Result<Vec<Draft>> {
        compose::compose(intent)
    }

    fn follow_up(&self, ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
        follow_up::follow_up(ask)
    }

    fn errand(&self, call: &Call<'_>) -> Result<Option<Errand>> {
        errand::errand(call)
    }

    fn upload(&self, file: &Uploading<'_>) -> Result<Option<Errand>> {
        errand::upload(file)
    }

    fn carry(&self, errand: &Errand, account: &Account, reply: &Reply) -> Option<Carry> {
        errand::carry(errand, account, reply)
    }

    fn backend(&self) -> Box<dyn Backend> {
        Box::new(sandbox::EasemobServers)
    }
}
