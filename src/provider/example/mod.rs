//! Example Chat, a vendor that does not exist: the template of a provider, which `docs/add-a-provider.md` explains.

mod compose;
mod errors;
mod follow_up;
mod operations;
mod rules;
mod sandbox;
#[cfg(test)]
mod tests;
mod wire;

use crate::contract::{Codes, Contract, CredentialKey, Endpoint, FindOut};
use crate::provider::kit::vendor::vendor;
use crate::text::en;

/// All rows.
pub(super) static CONTRACT: Contract = Contract {
    id: "example",
    name: "Example Chat",
    about: en("A vendor that does not exist, the template of a provider"),
    endpoints: &[Endpoint::new("", "", "https://api.chat.example")],
    credentials: &[
        CredentialKey::new("app_id", "the id of the app").required().sandbox("sandbox-app"),
        CredentialKey::new("key", "the app's key").required().secret().sandbox("sandbox-key"),
    ],
    codes: Codes::all("EX-03"),
    rules: rules::RULES,
    operations: operations::OPERATIONS,
    groups: &[&["status", "recall"]],
    errors: errors::ERRORS,
    find_out: &[FindOut::by_hand("look for it in the vendor's console")],
    source: "Example Chat, server API, version 1",
    ..Contract::BASE
};

vendor! {
    /// Example Chat.
    Example, sandbox::Server;
}
