//! What the products of Jiguang have in common: the form of keys, HTTP Basic, hosts, and their servers' habits.

#[cfg(test)]
pub(super) mod guard;
#[cfg(test)]
pub(super) mod memory;
pub(super) mod wire;

use crate::provider::kit::object;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::account::Account;
use crate::contract::{CredentialKey, Rate, TextForm};
use crate::document::Value;
use crate::provider::Signature;
use crate::provider::mistakes::SignatureEncoding;
use crate::sandbox::{Answer, SandboxWorld};
use crate::text::en;
use crate::wire::{HIDDEN, Show, Written};

/// The form of AppKeys and master secrets.
pub(super) static KEY: TextForm = TextForm {
    test: is_key,
    pattern: Some("^[0-9A-Za-z]{24}$"),
    words: en("24 letters or digits"),
};

/// Whether a text has the form of an AppKey or a master secret.
pub(super) fn is_key(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The key of the app that the sandbox knows.
pub(super) const SANDBOX_KEY: &str = "sandbox00app00key0000001";
/// The master secret of that app.
pub(super) const SANDBOX_SECRET: &str = "sandbox00master00secret1";

/// The row of `app_key`.
pub(super) const fn app_key(about: &'static str) -> CredentialKey {
    CredentialKey::new("app_key", about).required().sandbox(SANDBOX_KEY)
}

/// The row of `master_secret`.
pub(super) const fn master_secret() -> CredentialKey {
    let about = "the app's master secret; the portal shows it beside the AppKey";
    CredentialKey::new("master_secret", about).required().secret().sandbox(SANDBOX_SECRET)
}

/// The value of `Authorization`: HTTP Basic of key and master secret, or `***` for what is not known.
pub(super) fn basic(user: Option<&str>, account: &Account) -> Written {
    let secret = account.secret("master_secret");
    let token = match (user, secret) {
        (Some(user), Some(secret)) => STANDARD.encode(format!("{user}:{}", secret.expose())),
        _ => HIDDEN.to_owned(),
    };
    Written::plain("Basic ").then_secret(token)
}

/// How HTTP Basic is made, for those who want to see its pieces.
pub(super) fn basic_signature(user: Option<&str>, account: &Account) -> Signature {
    let secret = account.secret("master_secret").map_or(HIDDEN, |secret| secret.expose());
    let header = basic(user, account);
    Signature {
        recipe: "HTTP Basic: base64 of app_key:master_secret",
        pieces: vec![
            ("app_key", Written::plain(user.unwrap_or(HIDDEN))),
            ("master_secret", Written::secret(secret)),
        ],
        encoding: Some(SignatureEncoding::Basic),
        value: Some(header.show(Show::Secrets)),
        case_matters: true,
        headers: vec![("Authorization", header)],
        ..Signature::default()
    }
}

/// The key and the secret that an `Authorization` header holds.
pub(super) fn read_basic(header: &str) -> Option<(String, String)> {
    let (scheme, token) = header.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(token.trim()).ok()?).ok()?;
    let (key, secret) = text.split_once(':')?;
    Some((key.to_owned(), secret.to_owned()))
}

/// A rate of the sandbox: a number of calls in each minute of the clock.
#[derive(Debug)]
pub(super) struct Meter {
    /// Its name in the store.
    pub(super) name: &'static str,
    /// The most calls.
    pub(super) per_minute: u64,
}

/// Where a call stands in its minute.
#[derive(Debug)]
pub(super) struct Count {
    limit: u64,
    used: u64,
    reset: i64,
}

/// How often an app may push to everybody.
pub(super) const PUSHES_TO_ALL: &[Rate] =
    &[Rate::calls(10, 86_400, "AppKey, pushes to everybody", "")];

/// The server's day is China's.
const CHINA_MS: i64 = 8 * 60 * 60_000;
const DAY_MS: i64 = 24 * 60 * 60_000;

/// Counts a push to everybody; `false` where the day has no room for it.
pub(super) fn count_to_all(world: &mut SandboxWorld<'_>) -> bool {
    let id = (world.now_ms + CHINA_MS).div_euclid(DAY_MS).to_string();
    let before = world.store.get("broadcasts", &id).and_then(|count| count.as_integer());
    let count = u64::try_from(before.unwrap_or_default()).unwrap_or_default() + 1;
    let has_room = PUSHES_TO_ALL.iter().all(|rate| count <= u64::from(rate.count));
    if has_room {
        world.store.put("broadcasts", &id, &Value::from(count));
    }
    has_room
}

const MINUTE_MS: i64 = 60_000;

impl Meter {
    /// Counts a call.
    pub(super) fn count(&self, world: &mut SandboxWorld<'_>) -> Count {
        let minute = world.now_ms.div_euclid(MINUTE_MS);
        let read = |record: &Value, name: &str| {
            record.as_object().and_then(|record| record.get(name)?.value.as_integer())
        };
        let before = world.store.get("rate", self.name);
        let before = before.filter(|record| read(record, "minute") == Some(i128::from(minute)));
        let used = before.and_then(|record| read(&record, "calls")).unwrap_or_default();
        let used = u64::try_from(used).unwrap_or_default() + 1;
        let record = object([("minute", minute.into()), ("calls", used.into())]);
        world.store.put("rate", self.name, &record);
        let reset = (MINUTE_MS - world.now_ms.rem_euclid(MINUTE_MS) + 999) / 1000;
        Count { limit: self.per_minute, used, reset }
    }
}

impl Count {
    /// Whether it is one call too many.
    pub(super) fn is_over(&self) -> bool {
        self.used > self.limit
    }

    /// The headers as real answers have them.
    pub(super) fn headers(&self) -> [(&'static str, String); 3] {
        [
            ("X-Rate-Limit-Limit", self.limit.to_string()),
            ("X-Rate-Limit-Remaining", self.limit.saturating_sub(self.used).to_string()),
            ("X-Rate-Limit-Reset", self.reset.to_string()),
        ]
    }
}

/// A refusal with an HTTP status of its own: `{"error":{"code","message"}}`.
pub(super) fn refuse(status: u16, code: u32, message: &str) -> Answer {
    let error = object([("code", u64::from(code).into()), ("message", message.into())]);
    Answer::json(status, &object([("error", error)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Secret;
    use crate::wire::Show;

    #[test]
    fn basic_of_published_pairs_is_what_the_documents_print() {
        for (key, secret, token) in [
            (
                "7d431e42dfa6a6d693ac2d04",
                "5e987ac6d2e04d95a9d8f0d1",
                "N2Q0MzFlNDJkZmE2YTZkNjkzYWMyZDA0OjVlOTg3YWM2ZDJlMDRkOTVhOWQ4ZjBkMQ==",
            ),
            (
                "dd1066407b044738b6479275",
                "2b38ce69b1de2a7fa95706ea",
                "ZGQxMDY2NDA3YjA0NDczOGI2NDc5Mjc1OjJiMzhjZTY5YjFkZTJhN2ZhOTU3MDZlYQ==",
            ),
            (
                "115cc609860982ede0e3bdd4",
                "2e2023ade697b989087dcc53",
                "MTE1Y2M2MDk4NjA5ODJlZGUwZTNiZGQ0OjJlMjAyM2FkZTY5N2I5ODkwODdkY2M1Mw==",
            ),
            // The documents print this one with a typo (`...MGVjNMM0MWJm...`).
            (
                "29ea851419f747be7b5785a0",
                "79f486970ec5c41bfe381bc3",
                "MjllYTg1MTQxOWY3NDdiZTdiNTc4NWEwOjc5ZjQ4Njk3MGVjNWM0MWJmZTM4MWJjMw==",
            ),
            (
                "group-e4c938578ee598be517a2243",
                "71d1dc4dae126674ed386b7b",
                "Z3JvdXAtZTRjOTM4NTc4ZWU1OThiZTUxN2EyMjQzOjcxZDFkYzRkYWUxMjY2NzRlZDM4NmI3Yg==",
            ),
        ] {
            let mut account = Account::default();
            account.secrets.insert("master_secret".to_owned(), Secret::new(secret));
            let header = basic(Some(key), &account);
            assert_eq!(header.show(Show::Secrets), format!("Basic {token}"));
            assert_eq!(header.show(Show::Redacted), "Basic ***");
            let read = read_basic(&header.show(Show::Secrets));
            assert_eq!(read, Some((key.to_owned(), secret.to_owned())));
        }
        assert_eq!(basic(None, &Account::default()).show(Show::Secrets), "Basic ***");
    }
}
