//! WildfireChat (野火IM): an instant-messaging server that its users run themselves, with an administration API.

mod checks;
mod compose;
mod content;
mod errors;
mod follow_up;
mod messages;
mod operations;
mod payload;
mod roots;
mod rules;
mod sandbox;
mod uid;
mod upload;
mod wire;

#[cfg(test)]
mod tests;

use super::{Call, Carry, Draft, Errand, FollowUp, SendIntent, Signature, Uploading, Vendor};
use crate::account::Account;
use crate::contract::{
    Codes, Contract, CredentialKey, Empties, Endpoint, Null, Operation, Policy, RowFault, Spelling,
    TargetKind, Unknown, rows,
};
use crate::error::Result;
use crate::outcome::Reading;
use crate::sandbox::Backend;
use crate::text::en;
use crate::wire::{Reply, Request};

/// WildfireChat.
#[derive(Debug)]
pub struct Wildfire;

impl Vendor for Wildfire {
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

    fn upload(&self, file: &Uploading<'_>) -> Result<Option<Errand>> {
        upload::next(file)
    }

    fn carry(&self, errand: &Errand, _: &Account, reply: &Reply) -> Option<Carry> {
        upload::carry(errand, reply)
    }

    fn backend(&self) -> Box<dyn Backend> {
        Box::new(sandbox::Server)
    }
}

static CONTRACT: Contract = Contract {
    id: "wildfire",
    name: "WildfireChat",
    about: en(
        "Messages of a WildfireChat server of your own, through its administration, robot and channel APIs",
    ),
    endpoints: &[
        Endpoint { name: "", role: "", base: "http://HOST:18080", backup: None },
        Endpoint { name: "", role: operations::PUBLIC, base: "http://HOST:80", backup: None },
    ],
    credentials: rows! {
        CredentialKey { name: "endpoint", secret: false, lasting: false, required: true,
            about: en("Address of the server's administration, as `http://im.example.com:18080` (`http.admin.port`)"),
            sandbox: "http://127.0.0.1:18080", values: &[] },
        CredentialKey { name: "secret", secret: true, lasting: true, required: true,
            about: en("`http.admin.secret_key` of the server; with `robot_id` or `channel_id` that one's secret"),
            sandbox: sandbox::SECRET, values: &[] },
        CredentialKey { name: "edition", secret: false, lasting: false, required: false,
            about: en("`community` or `pro`: which operations the server has"), sandbox: "",
            values: &["community", "pro"] },
        CredentialKey { name: "robot_id", secret: false, lasting: false, required: false,
            about: en("User id of the robot that speaks"), sandbox: "", values: &[] },
        CredentialKey { name: "channel_id", secret: false, lasting: false, required: false,
            about: en("Id of the channel that speaks"), sandbox: "", values: &[] },
    },
    policy: Policy {
        null: Null::Absent,
        absent: Empties::NONE,
        digits: Spelling::Refuse,
        words: Spelling::Refuse,
        unknown: Unknown::Report("W01"),
    },
    codes: Codes {
        all: Some("E03"),
        by: &[
            (RowFault::Missing, "E02"),
            (RowFault::Empty, "E04"),
            (RowFault::Length, "E05"),
            (RowFault::Set, "E09"),
            (RowFault::Base64, "E10"),
            (RowFault::Root, "E01"),
        ],
    },
    rules: rules::RULES,
    operations: operations::OPERATIONS,
    types: &messages::TYPES,
    errors: errors::ERRORS,
    default_target: TargetKind::User,
    source: "github.com/wildfirechat/docs (2026-06-22), im-server 1.2.4 and 1.4.9, server SDKs",
    ..Contract::BASE
};
