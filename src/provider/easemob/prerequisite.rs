//! What has to come before a call: an app token, and the file that a message refers to.

use super::CONTRACT;
use crate::provider::kit::wire::json;
use std::time::Duration;

use super::{reply, wire};
use crate::account::{Account, Secret};
use crate::contract::Auth;
use crate::document::Value;
use crate::error::{Error, ErrorKind, Result};
use crate::provider::kit::wire::host_of;
use crate::provider::kit::{object, operation};
use crate::provider::prerequisite::{Ask, LocalFile, MediaKind, Purpose, Upload, UploadPlace};
use crate::provider::{Call, Prerequisite, PrerequisiteResult, Uploading};
use crate::wire::Reply;

/// What stands for the uuid of a file that is not uploaded yet.
const STAND_IN: &str = "00000000-0000-0000-0000-000000000000";

/// What an upload's answer is known by: the address that messages give, and what opens it.
const URL: &str = "url";
const SECRET: &str = "share-secret";

/// Where a message refers to its file; broadcasts have everything in `msg`.
const NESTED: &[UploadPlace] = &[
    UploadPlace { at: "body/url", name: URL, required: true },
    UploadPlace { at: "body/secret", name: SECRET, required: false },
];
const FLAT: &[UploadPlace] = &[
    UploadPlace { at: "msg/url", name: URL, required: true },
    UploadPlace { at: "msg/secret", name: SECRET, required: false },
];

/// Beyond this a number of seconds is one of milliseconds, as one cluster for single customers gives them.
const YEAR: u64 = 366 * 24 * 60 * 60;

/// A token, for a call that bears one.
pub(super) fn prerequisite(call: &Call<'_>) -> Result<Option<Prerequisite>> {
    let account = call.account;
    if call.operation.auth != Auth::Bearer || account.secret("token").is_some() {
        return Ok(None);
    }
    if account.value("client_id").is_none() || account.secret("client_secret").is_none() {
        let message = "easemob needs `client_id` with `client_secret`, or a `token`";
        return Err(Error::new(ErrorKind::Secret, message)
            .help("the console shows the first two; herald fetches tokens with them"));
    }
    Ok(Some(Prerequisite {
        purpose: Purpose::Token("token"),
        operation: operation(&CONTRACT, "token"),
        // The request takes client id and secret from the account.
        ask: Ask::Call(Value::object()),
        stand_in: Vec::new(),
    }))
}

/// A file that a message refers to.
pub(super) fn attach(file: &LocalFile, kind: MediaKind, flat: bool) -> Upload {
    let places = if flat { FLAT } else { NESTED };
    Upload { file: file.clone(), kind, places: places.to_vec() }
}

/// The address of a file that is not there yet.
pub(super) fn stand_in(account: &Account) -> Result<Value> {
    Ok(format!("{}/chatfiles/{STAND_IN}", wire::app_base(account)?).into())
}

/// The upload of a file, until it has been made.
pub(super) fn upload(file: &Uploading<'_>) -> Result<Option<Prerequisite>> {
    if file.value(URL).is_some() {
        return Ok(None);
    }
    Ok(Some(Prerequisite {
        purpose: Purpose::Upload,
        operation: operation(&CONTRACT, "upload"),
        ask: Ask::Call(object([("file", file.file.part())])),
        stand_in: vec![(URL, stand_in(file.account)?)],
    }))
}

/// What a reply supplies.
pub(super) fn prerequisite_result(
    prerequisite: &Prerequisite,
    account: &Account,
    reply: &Reply,
) -> Option<PrerequisiteResult> {
    match prerequisite.purpose {
        Purpose::Token(_) => token(account, reply),
        Purpose::Upload => {
            let ids = reply::read(prerequisite.operation, reply, json(reply)).ids;
            let id = |name: &str| ids.iter().find(|(known, _)| known == name).map(|(_, id)| id);
            let uuid = id("uuid")?;
            let url = match id(URL) {
                Some(url) => url.clone(),
                None => format!("{}/chatfiles/{uuid}", wire::app_base(account).ok()?),
            };
            let secret = id(SECRET).map(|secret| (SECRET, secret.as_str().into()));
            Some(PrerequisiteResult::File([(URL, url.into())].into_iter().chain(secret).collect()))
        }
        Purpose::DedupeId { .. } | Purpose::UploadAddress => None,
    }
}

fn token(account: &Account, reply: &Reply) -> Option<PrerequisiteResult> {
    let body = json(reply)?;
    let object = body.as_object()?;
    let text = object.get("access_token")?.value.as_str().filter(|text| !text.is_empty())?;
    let number = object.get("expires_in").and_then(|node| node.value.as_integer());
    let number = number.and_then(|number| u64::try_from(number).ok());
    let milliseconds = counts_milliseconds(account);
    let lifetime = number.map(|number| match number {
        // It is good for ever.
        0 => Duration::MAX,
        _ if milliseconds || number > YEAR => Duration::from_millis(number),
        _ => Duration::from_secs(number),
    });
    Some(PrerequisiteResult::Token { token: Secret::new(text), lifetime })
}

/// Whether an account's cluster is the one that gives lifetimes in milliseconds.
fn counts_milliseconds(account: &Account) -> bool {
    wire::base_of(account, "").is_ok_and(|base| host_of(&base).starts_with("vip5"))
}
