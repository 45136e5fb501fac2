//! What the server's codes mean and what to do about them.

use crate::contract::{ErrorCode, Retry};
use crate::outcome::Class;
use crate::text::Text;

/// Every documented code, then the HTTP statuses that come without one.
pub(super) static ERRORS: &[ErrorCode] = &[
    row("10", "internal error of the report", "ask again", Class::Server, Retry::Ambiguous),
    row(
        "1000",
        "internal error",
        "send again with the same cid; without one, ask the report first",
        Class::Server,
        Retry::Ambiguous,
    ),
    row("1001", "wrong method", "use the documented one", Class::Payload, Retry::No),
    row("1002", "a parameter is missing", "add it", Class::Payload, Retry::No),
    row(
        "1003",
        "a value is illegal: also an empty tag, alias or id, and an unknown override_msg_id",
        "correct it",
        Class::Payload,
        Retry::No,
    ),
    row(
        "1004",
        "authentication failed",
        "check AppKey and master secret, and the colon between them",
        Class::Credentials,
        Retry::No,
    ),
    row(
        "1005",
        "too big",
        "shorten it: 4000 bytes for Android, 2000 for iOS",
        Class::Payload,
        Retry::No,
    ),
    row(
        "1008",
        "the AppKey is illegal",
        "check it for stray blanks, and for the right app",
        Class::Credentials,
        Retry::No,
    ),
    row(
        "1009",
        "a key that is not allowed in the push object",
        "rename it, or move it into extras",
        Class::Payload,
        Retry::No,
    ),
    row(
        "1011",
        "nobody matches, or all have been inactive for 255 days",
        "check the audience and the SDK's integration; on iOS apns_production",
        Class::State,
        Retry::No,
    ),
    row(
        "1012",
        "a quota is used up: paced pushes, or ospush without the vendor's quota",
        "wait, or choose another distribution",
        Class::Throttle,
        Retry::Wait(0),
    ),
    row("1020", "https is needed", "use https://", Class::Payload, Retry::No),
    row(
        "1030",
        "internal timeout",
        "send again with the same cid; without one, ask the report first",
        Class::Server,
        Retry::Ambiguous,
    ),
    row(
        "1035",
        "active_push is misused",
        "use it with a notification alone, without big_push_duration",
        Class::Payload,
        Retry::No,
    ),
    row(
        "1105",
        "key pair of the wrong kind for the file API",
        "use the app's own key, not the developer's",
        Class::Credentials,
        Retry::No,
    ),
    row(
        "2001",
        "rate limit",
        "wait for the number of seconds in X-Rate-Limit-Reset",
        Class::Throttle,
        Retry::Wait(0),
    ),
    row(
        "2002",
        "rate limit",
        "wait for the number of seconds in X-Rate-Limit-Reset",
        Class::Throttle,
        Retry::Wait(0),
    ),
    row(
        "2003",
        "the AppKey is blocked, or may not use this call",
        "ask Jiguang",
        Class::Credentials,
        Retry::No,
    ),
    row(
        "2004",
        "the caller's address is not in the app's whitelist",
        "add it in the portal",
        Class::Credentials,
        Retry::No,
    ),
    row(
        "2005",
        "an unreasonable volume to users",
        "review what is sent to whom",
        Class::State,
        Retry::No,
    ),
    row(
        "2006",
        "for VIP plans only",
        "use another operation, or the VIP plan",
        Class::Credentials,
        Retry::No,
    ),
    row(
        "2007",
        "the API is not granted",
        "it needs a contract with Jiguang",
        Class::Credentials,
        Retry::No,
    ),
    row(
        "2008",
        "more than 10 pushes to everybody today",
        "wait for the next day",
        Class::Throttle,
        Retry::Wait(86_400),
    ),
    row(
        "3001",
        "HTTP Basic failed on a report",
        "check AppKey and master secret",
        Class::Credentials,
        Retry::No,
    ),
    row("3002", "msg_ids is missing", "name 1 to 100 message ids", Class::Payload, Retry::No),
    status("http-400", 400, "the request is malformed", "correct it", Class::Payload, Retry::No),
    status(
        "http-401",
        401,
        "not authenticated",
        "check AppKey and master secret",
        Class::Credentials,
        Retry::No,
    ),
    status(
        "http-403",
        403,
        "forbidden",
        "check the app's plan and state in the portal",
        Class::Credentials,
        Retry::No,
    ),
    status("http-404", 404, "no such address", "check the endpoint", Class::State, Retry::No),
    status("http-405", 405, "wrong method", "use the documented one", Class::Payload, Retry::No),
    status(
        "http-410",
        410,
        "the service has been withdrawn",
        "look for what replaces it",
        Class::State,
        Retry::No,
    ),
    status(
        "http-429",
        429,
        "rate limit",
        "wait for the number of seconds in X-Rate-Limit-Reset",
        Class::Throttle,
        Retry::Wait(0),
    ),
    status(
        "http-500",
        500,
        "internal error",
        "send again with the same cid; without one, ask the report first",
        Class::Server,
        Retry::Ambiguous,
    ),
    status(
        "http-502",
        502,
        "bad gateway",
        "send again with the same cid; without one, ask the report first",
        Class::Server,
        Retry::Ambiguous,
    ),
    status(
        "http-503",
        503,
        "service unavailable",
        "send again with the same cid; without one, ask the report first",
        Class::Server,
        Retry::Ambiguous,
    ),
    status(
        "http-504",
        504,
        "gateway timeout",
        "send again with the same cid; without one, ask the report first",
        Class::Server,
        Retry::Ambiguous,
    ),
];

const fn row(
    code: &'static str,
    meaning: &'static str,
    cure: &'static str,
    class: Class,
    retry: Retry,
) -> ErrorCode {
    let (meaning, cure) = (Text::en(meaning), Text::en(cure));
    ErrorCode { code, http: None, text: "", only: &[], meaning, cure, class, retry }
}

/// A status without a code of the server's own, as from a proxy in between.
const fn status(
    code: &'static str,
    http: u16,
    meaning: &'static str,
    cure: &'static str,
    class: Class,
    retry: Retry,
) -> ErrorCode {
    ErrorCode { http: Some(http), ..row(code, meaning, cure, class, retry) }
}
