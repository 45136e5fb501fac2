//! Tests of the whole vendor: tables of payloads, flags, replies and requests.

mod audience;
mod community;
mod compose;
mod follow_up;
mod lint;
mod sandbox;
mod search;
mod server;
mod uids;
mod waived;
mod wire;

use super::Wildfire;
use crate::account::{Account, Secret};
use crate::provider::kit::testing::json;
use crate::wire::Stamp;

/// A profile with these values.
fn account(values: &[(&str, &str)]) -> Account {
    let mut account = Account { provider: "wildfire".to_owned(), ..Account::default() };
    for (key, value) in values {
        match *key {
            "endpoint" => account.endpoint = Some((*value).to_owned()),
            "secret" => drop(account.secrets.insert((*key).to_owned(), Secret::new(*value))),
            _ => drop(account.values.insert((*key).to_owned(), (*value).to_owned())),
        }
    }
    account
}

fn stamp(timestamp: &str, nonce: &str) -> Stamp {
    Stamp { timestamp: timestamp.to_owned(), nonce: nonce.to_owned() }
}
