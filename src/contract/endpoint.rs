//! Where requests are sent.

use super::{Contract, CredentialKey};
use crate::account::{Account, ENDPOINT, variable};
use crate::error::{Error, ErrorKind, Result};
use crate::near::did_you_mean;
use crate::wire::{address_fault, unprintable};

/// Scheme, host and port (and folder, if the account's endpoint has one), without a slash at the end.
///
/// `role` is [`Operation::host`](crate::contract::Operation::host). If the account's endpoint is a URL, every role uses
/// it.
pub fn base_url(account: &Account, contract: &Contract, role: &str) -> Result<String> {
    let row = |name: &str, role: &str| {
        contract.endpoints.iter().find(|row| row.name == name && row.role == role)
    };
    let Some(endpoint) = account.endpoint.as_deref() else {
        let usual = if has_usual_endpoint(contract) { row("", role) } else { None };
        return usual.map(|row| row.base.to_owned()).ok_or_else(|| missing(account));
    };
    check_endpoint(endpoint, contract).map_err(|(message, help)| {
        let error = Error::new(ErrorKind::Profile, message);
        match help {
            Some(help) => error.help(help),
            None => error,
        }
    })?;
    if is_name(endpoint, contract) {
        // A data centre may have no separate host for a role.
        let row = row(endpoint, role).or_else(|| row("", role)).or_else(|| row(endpoint, ""));
        return row.map(|row| row.base.to_owned()).ok_or_else(|| missing(account));
    }
    Ok(endpoint.trim_end_matches('/').to_owned())
}

/// Whether a provider has an endpoint if a profile names none. A provider that each customer hosts has none: its rows
/// only show what an address looks like, and its endpoint is required.
pub(crate) fn has_usual_endpoint(contract: &Contract) -> bool {
    let required = |row: &CredentialKey| row.name == ENDPOINT && row.required;
    !contract.credentials.iter().any(required)
        && contract.endpoints.iter().any(|row| row.name.is_empty() && row.role.is_empty())
}

fn is_name(endpoint: &str, contract: &Contract) -> bool {
    !endpoint.is_empty() && contract.endpoints.iter().any(|row| row.name == endpoint)
}

/// What is wrong with an endpoint as written, and what to do about it.
pub(crate) fn check_endpoint(
    endpoint: &str,
    contract: &Contract,
) -> std::result::Result<(), (String, Option<String>)> {
    if is_name(endpoint, contract) {
        return Ok(());
    }
    if !endpoint.contains("://") {
        let mut names: Vec<&str> =
            contract.endpoints.iter().map(|row| row.name).filter(|name| !name.is_empty()).collect();
        names.dedup();
        let help = did_you_mean(endpoint, names.iter().copied()).unwrap_or_else(|| {
            match names.as_slice() {
                [] => format!("{} takes a URL, as http://HOST:PORT", contract.id),
                names => format!("{} has {}; or give a URL", contract.id, names.join(", ")),
            }
        });
        let message = if endpoint.is_empty() {
            "`endpoint` is empty".to_owned()
        } else if let Some(fault) = unprintable(endpoint) {
            format!("`endpoint` {fault}")
        } else {
            format!("`{endpoint}` is neither an endpoint of {} nor a URL", contract.id)
        };
        return Err((message, Some(help)));
    }
    // The address is not shown: it may hold a password.
    let Some(fault) = address_fault(endpoint) else { return Ok(()) };
    let help = if fault.contains("user name") {
        "credentials have keys of their own in a profile"
    } else {
        "give scheme, host and port: https://HOST:PORT"
    };
    Err((format!("`endpoint` {fault}"), Some(help.to_owned())))
}

fn missing(account: &Account) -> Error {
    let provider = &account.provider;
    let (message, help) = match &account.profile {
        Some(name) => (
            format!("profile `{name}` has no `endpoint`"),
            format!(
                "{provider} has no usual one: add `endpoint = \"http://HOST:PORT\"` to the profile"
            ),
        ),
        None => (
            format!("no `endpoint` of {provider} is given"),
            format!(
                "set {}=http://HOST:PORT, or make a profile with `herald profile init`",
                variable(provider, ENDPOINT)
            ),
        ),
    };
    Error::new(ErrorKind::Profile, message).help(help)
}
