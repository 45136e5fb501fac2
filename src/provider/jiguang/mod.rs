//! What the products of Jiguang have in common: the form of keys, HTTP Basic, hosts, and their servers' habits.

mod compose;
pub(super) mod wire;

pub(super) use compose::{AS_EXTRA, NO_SENDER, no_media, no_such_target, tag_in_send, tags_fit};

use crate::provider::kit::object;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::account::Account;
use crate::contract::{CredentialKey, ForeignCodes, Null, Rate, TextForm};
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

/// What is known of null in JPush's JSON: one server answer (`android`, HTTP 500), and no document.
pub(super) const JPUSH_NULL: Null = Null::Remarked("JPush may refuse it");

/// What to do about a code of a client SDK.
const IN_THE_APP: &str = "look for it in the app: no call of the server's API answers with it";
/// What to do about a code of calls that herald does not make.
const NOT_CALLED: &str = "herald does not make these calls: see the server's message";

/// Codes that people meet beside the push API, of both generations.
pub(super) static BESIDE_PUSH: &[ForeignCodes] = &[
    ForeignCodes::new(
        &[(6001, 6027)],
        "a code of the client SDKs, not of the server: an app could not set a tag, an alias or a phone number",
        IN_THE_APP,
        "Android and iOS SDK (docs.jiguang.cn, client error codes)",
    ),
    ForeignCodes::new(
        &[(-997, -994)],
        "a code of the client SDKs, not of the server: an app could not register, as without a network",
        IN_THE_APP,
        "Android and iOS SDK (docs.jiguang.cn, client error codes)",
    ),
    ForeignCodes::new(
        &[(1005, 1005), (1008, 1009)],
        "also a code of the client SDKs, where an app registers: package name and AppKey do not fit",
        IN_THE_APP,
        "Android and iOS SDK (docs.jiguang.cn, client error codes)",
    ),
    ForeignCodes::new(
        &[(7010, 7010)],
        "seen with HTTP 404 and `request api doesn't exist`, for a wrong path of the device API, and on no page: whether \
         other calls answer it, and with what meaning, is not known",
        "see the server's message, and check the path",
        "jpush/jpush-api-nodejs-client, issue 60",
    ),
    ForeignCodes::new(
        &[(7000, 7002), (7004, 7004), (7008, 7008), (7013, 7013), (7030, 7030)],
        "a code of the device API (tags and aliases), not of the push API",
        NOT_CALLED,
        "REST API v3, device",
    ),
    ForeignCodes::new(
        &[(8000, 8000), (8100, 8104), (8200, 8203), (8400, 8404)],
        "a code of the schedule API, not of the push API",
        NOT_CALLED,
        "REST API v3, schedules",
    ),
    ForeignCodes::new(
        &[(3004, 3005)],
        "a code of the user statistics, not of the report on messages",
        NOT_CALLED,
        "REST API v3, report (page of 2025-08-04)",
    ),
];

/// Codes that people meet beside JMessage's calls for messages.
pub(super) static BESIDE_MESSAGES: &[ForeignCodes] = &[
    ForeignCodes::new(
        &[(860_000, 872_999)],
        "a code of the client SDKs (Android, iOS), not of the server",
        IN_THE_APP,
        "JMessage Android and iOS SDK (docs.jiguang.cn, client error codes)",
    ),
    ForeignCodes::new(
        &[(880_000, 882_999)],
        "a code of the client SDK for web pages, not of the server's API",
        IN_THE_APP,
        "JMessage Web SDK (docs.jiguang.cn, client error codes)",
    ),
    ForeignCodes::new(
        &[
            (800_008, 800_008),
            (800_016, 800_016),
            (801_003, 801_007),
            (802_002, 802_002),
            (805_001, 805_006),
            (857_001, 857_003),
            (857_005, 857_006),
            (898_004, 898_004),
            (898_031, 898_031),
        ],
        "a code that the server gives to clients: login, friends, transparent commands",
        "see the server's message; no call for messages answers with it",
        "JMessage server error codes (docs.jiguang.cn)",
    ),
    ForeignCodes::new(
        &[
            (808_000, 819_999),
            (831_000, 836_999),
            (842_000, 843_999),
            (850_000, 853_999),
            (856_000, 856_999),
            (859_000, 859_999),
            (899_051, 899_053),
            (765_000, 765_999),
            (786_000, 787_999),
            (7_100_000, 7_100_099),
            (7_130_000, 7_139_999),
        ],
        "a code of the management of groups, friends, blacklists and chat rooms, not of messages",
        NOT_CALLED,
        "JMessage server error codes (docs.jiguang.cn)",
    ),
];

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
    if !world.counts_quotas() {
        return true;
    }
    let day = (world.now_ms + CHINA_MS).div_euclid(DAY_MS);
    let id = day.to_string();
    let before = world.store.get("broadcasts", &id).and_then(|count| count.as_integer());
    let count = u64::try_from(before.unwrap_or_default()).unwrap_or_default() + 1;
    let has_room = PUSHES_TO_ALL.iter().all(|rate| count <= u64::from(rate.count));
    if has_room {
        world.store.put("broadcasts", &id, &Value::from(count));
    } else {
        let limits: Vec<String> = PUSHES_TO_ALL.iter().map(|rate| rate.count.to_string()).collect();
        let quota = format!("{} pushes to everybody in a day of China", limits.join(", "));
        world.tell_quota(&quota, (day + 1) * DAY_MS - CHINA_MS);
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
        let used = match world.counts_quotas() {
            true => u64::try_from(used).unwrap_or_default() + 1,
            false => 1,
        };
        let record = object([("minute", minute.into()), ("calls", used.into())]);
        world.store.put("rate", self.name, &record);
        let reset = (MINUTE_MS - world.now_ms.rem_euclid(MINUTE_MS) + 999) / 1000;
        if used > self.per_minute {
            let quota = format!("{} calls in a minute", self.per_minute);
            world.tell_quota(&quota, (minute + 1) * MINUTE_MS);
        }
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
