//! What depends on where a request goes: hosts, data centres, quotas.

use crate::contract::{Check, FindingSink};
use crate::document::At;
use crate::provider::kit::is_filled;
use crate::provider::kit::wire::Region;
use crate::provider::kit::wire::host_of;
use crate::provider::rongcloud::wire;
use crate::wire::is_open;

/// Hosts that still answer and have a successor, and addresses without TLS.
pub(in crate::provider::rongcloud) const HOST: Check =
    Check::function("H02", "hosts of former days", host);

fn host(at: At<'_>, sink: &mut FindingSink<'_>) {
    let Some(endpoint) = sink.context().account.and_then(|account| account.endpoint.as_deref())
    else {
        return;
    };
    let host = host_of(endpoint);
    if let Some(today) = wire::successor(host) {
        let message = format!("the profile's endpoint is the old host `{host}`");
        sink.report_with_help("H02", at, message, format!("`{today}` replaces it"));
    } else if is_open(endpoint) {
        let message = format!("the profile's endpoint `{endpoint}` is without TLS");
        sink.report_with_help("H02", at, message, "write https://");
    }
}

/// Options that are documented for the data centre in China alone.
pub(in crate::provider::rongcloud) const ABROAD: Check =
    Check::function("H08", "options outside China", abroad);

fn abroad(at: At<'_>, sink: &mut FindingSink<'_>) {
    let endpoint = sink.context().account.and_then(|account| account.endpoint.as_deref());
    if endpoint.is_none_or(|endpoint| wire::region_of(endpoint) != Region::Abroad) {
        return;
    }
    for name in ["expansion", "disablePush", "pushExt"] {
        if is_filled(at.get(name)) {
            let message = format!("`{name}` was long not supported outside China; test it there");
            sink.report("H08", at.get(name), message);
        }
    }
}

/// Calls that are allowed only a few times.
pub(in crate::provider::rongcloud) const SCARCE: Check =
    Check::function("H03", "2 calls an hour, 3 a day", scarce);

fn scarce(at: At<'_>, sink: &mut FindingSink<'_>) {
    // Only who is about to send needs to be reminded: a check of files has no account.
    if sink.context().account.is_some() {
        sink.report(
            "H03",
            at,
            format!("`{}` can be called twice an hour and three times a day", sink.operation().id),
        );
    }
}
