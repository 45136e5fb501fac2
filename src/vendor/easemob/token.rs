//! App tokens: the request that asks for one, and what its answer says. Fetching and keeping them is not done here.

use std::time::Duration;

use super::{CONTRACT, wire};
use crate::document::{Document, Value};
use crate::error::Result;
use crate::profile::{Account, Secret};
use crate::vendor::{Call, Vendor as _};
use crate::wire::{Reply, Request, Stamp};

/// A token as the vendor gave it.
#[derive(Clone, Debug)]
pub struct Token {
    /// What goes behind `Bearer`.
    pub secret: Secret,
    /// How long it is good for; `None` for ever.
    pub valid_for: Option<Duration>,
}

/// The request for a token of an account, or `None` where it has no client id and secret to ask with.
///
/// The token belongs to host, app and client id: whoever keeps it must tell them apart by [`cache_key`].
pub fn token_request(account: &Account, stamp: &Stamp) -> Result<Option<Request>> {
    if account.value("client_id").is_none() || account.secret("client_secret").is_none() {
        return Ok(None);
    }
    // The request takes both from the account.
    let body = Value::object();
    let operation = CONTRACT.operation("token").expect("the table has the operation");
    let call = Call { operation, body: &body, account, stamp };
    super::Easemob.request(&call).map(Some)
}

/// What a token is kept under: it is good for one host, one app and one client.
pub fn cache_key(account: &Account) -> Result<String> {
    let id = account.value("client_id").unwrap_or_default();
    Ok(format!("{} {id}", wire::app_base(account)?))
}

/// The token in an answer; `None` where it holds none, and [`Vendor::read`](crate::vendor::Vendor::read) says why.
pub fn read_token(reply: &Reply, base: &str) -> Option<Token> {
    let body = Document::from_bytes(reply.body.clone()).ok()?.into_value();
    let object = body.as_object()?;
    let text = object.get("access_token")?.value.as_str().filter(|text| !text.is_empty())?;
    let lifetime = object.get("expires_in").and_then(|node| node.value.as_integer());
    let lifetime = lifetime.and_then(|n| u64::try_from(n).ok()).filter(|n| *n > 0);
    Some(Token {
        secret: Secret::new(text.to_owned()),
        valid_for: lifetime.map(|n| {
            if counts_milliseconds(base) {
                Duration::from_millis(n)
            } else {
                Duration::from_secs(n)
            }
        }),
    })
}

/// One cluster for single customers gives lifetimes in milliseconds.
fn counts_milliseconds(base: &str) -> bool {
    wire::host_of(base).starts_with("vip5")
}
