//! Checks that concern several files of this folder.

mod compose;
mod ids;
mod pages;
mod rules;
mod sandbox;
mod wire;

use super::CONTRACT;
use crate::account::{Account, Secret};
use crate::contract::{Context, Finding};
use crate::provider::kit::testing::{self, json};
use crate::wire::Stamp;

fn findings(operation: &str, body: &str, context: &Context<'_>) -> Vec<Finding> {
    testing::findings(&CONTRACT, operation, body, context)
}

/// An account of the sandbox's app at a data centre.
fn account(endpoint: &str) -> Account {
    let mut account = Account {
        provider: "easemob".to_owned(),
        endpoint: Some(endpoint.to_owned()).filter(|endpoint| !endpoint.is_empty()),
        ..Account::default()
    };
    account.values.insert("org".to_owned(), "acme".to_owned());
    account.values.insert("app".to_owned(), "demo".to_owned());
    account
}

fn with_token(mut account: Account, token: &str) -> Account {
    account.secrets.insert("token".to_owned(), Secret::new(token.to_owned()));
    account
}

fn stamp() -> Stamp {
    Stamp { timestamp: "1767225600000".to_owned(), nonce: "1".to_owned() }
}
