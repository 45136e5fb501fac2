//! The signature, the finished request, and what a reply says.

use super::CONTRACT;
use crate::contract::Operation;
use crate::document::Value;
use crate::error::Result;
use crate::outcome::Reading;
use crate::provider::kit::simple::{json_request, read_coded};
use crate::provider::kit::wire::bearer;
use crate::provider::{Call, Signature};
use crate::wire::{Reply, Request};

/// Nothing is hashed: the key itself travels.
pub(super) fn sign(call: &Call<'_>) -> Result<Signature> {
    Ok(bearer(call.account, "key", "nothing is signed: the key travels as a bearer token"))
}

/// The finished request.
pub(super) fn request(call: &Call<'_>) -> Result<Request> {
    json_request(call, &CONTRACT, sign(call)?)
}

/// What a reply says: `{"code", "message", "message_id"}`.
pub(super) fn read(operation: &'static Operation, reply: &Reply, body: Option<Value>) -> Reading {
    read_coded(operation, reply, body, "code", "message", &["message_id"])
}
