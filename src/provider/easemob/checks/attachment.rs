//! Addresses of attachments: clients read them only where the app's own store has them.

use crate::account::Account;
use crate::contract::{Check, FindingSink};
use crate::document::At;
use crate::provider::easemob::wire::app_base;
use crate::wire::is_loopback;

/// Addresses of the message's content.
pub(in super::super) const OF_THIS_APP: Check =
    Check::function("EM-W09", "addresses of attachments", of_this_app);

fn of_this_app(at: At<'_>, sink: &mut FindingSink<'_>) {
    let account = sink.context().account;
    for content in ["body", "msg"] {
        for name in ["url", "thumb"] {
            let place = at.get(content).get(name);
            let Some(objection) = place.as_str().and_then(|url| objection(url, account)) else {
                continue;
            };
            sink.report("EM-W09", place, format!("`{name}` {objection}"));
        }
    }
}

/// What is wrong with an address, if anything.
fn objection(url: &str, account: Option<&Account>) -> Option<String> {
    if account.is_some_and(|account| is_in_own_store(url, account)) {
        return None;
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        return Some("is no address: the upload's uuid stands behind {base}/chatfiles/".to_owned());
    };
    if scheme != "https" && !is_loopback(url) {
        return Some("should begin with https://".to_owned());
    }
    let parts: Vec<&str> = rest.split('/').collect();
    let [_, org, app, "chatfiles", uuid] = parts.as_slice() else {
        return Some("is not of the form https://HOST/ORG/APP/chatfiles/UUID".to_owned());
    };
    if uuid.is_empty() {
        return Some("has no uuid behind chatfiles/".to_owned());
    }
    let own = |key: &str, part: &str| {
        account.and_then(|account| account.value(key)).is_none_or(|own| own == part)
    };
    (!own("org", org) || !own("app", app)).then(|| format!("is a file of {org}#{app}, another app"))
}

/// Whether an address is one that an upload to this account's endpoint answers with. The endpoint may have a path, as
/// a mock server or a proxy has.
fn is_in_own_store(url: &str, account: &Account) -> bool {
    let base = app_base(account).ok();
    let file = base.and_then(|base| url.strip_prefix(&base)?.strip_prefix("/chatfiles/"));
    file.is_some_and(|uuid| !uuid.is_empty() && !uuid.contains('/'))
}
