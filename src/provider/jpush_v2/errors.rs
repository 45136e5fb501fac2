//! What the server's codes mean and what to do about them.

use crate::contract::{ErrorCode, Retry};
use crate::outcome::Class;
use crate::text::Text;

/// Every documented code, then the HTTP statuses that come without one.
pub(super) static ERRORS: &[ErrorCode] = &[
    row("0", "accepted; delivery happens later", "keep the msg_id", Class::Success, Retry::Done),
    row(
        "10",
        "internal error",
        "report it to Jiguang; ask the report before sending again",
        Class::Server,
        Retry::Ambiguous,
    ),
    row("1001", "not a POST", "use POST", Class::Payload, Retry::No),
    row("1002", "a required parameter is missing", "add it", Class::Payload, Retry::No),
    row(
        "1003",
        "a value is illegal, or there is no push to override",
        "correct it; override_msg_id works for a day",
        Class::Payload,
        Retry::No,
    ),
    row(
        "1004",
        "verification_code is wrong",
        "check the master secret, the order of the parts, and that tags are hashed as UTF-8",
        Class::Credentials,
        Retry::No,
    ),
    row(
        "1005",
        "the message is too big",
        "shorten it: 220 bytes for a notification, 1000 for a custom message",
        Class::Payload,
        Retry::No,
    ),
    row(
        "1007",
        "receiver_value is illegal",
        "10 tags, 1000 aliases or 1000 RegistrationIDs at most, none of them empty",
        Class::Payload,
        Retry::No,
    ),
    row(
        "1008",
        "app_key is illegal",
        "check the AppKey for stray blanks and the right app",
        Class::Credentials,
        Retry::No,
    ),
    row(
        "1010",
        "msg_content is illegal",
        "check its JSON and its fields",
        Class::Payload,
        Retry::No,
    ),
    row(
        "1011",
        "nobody matches",
        "broadcast: no device has registered yet; tag or alias: no device has set it yet",
        Class::State,
        Retry::No,
    ),
    row(
        "1012",
        "a custom message to iOS",
        "name android in platform, or send a notification",
        Class::Payload,
        Retry::No,
    ),
    row(
        "1013",
        "wrong content type",
        "send application/x-www-form-urlencoded",
        Class::Payload,
        Retry::No,
    ),
    row("1014", "sensitive words", "change the text", Class::Payload, Retry::No),
    row(
        "1030",
        "internal timeout",
        "wait, and ask the report before sending again",
        Class::Server,
        Retry::Ambiguous,
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
        "not allowed to use this report",
        "ask Jiguang for the right",
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
        "check the app's state in the portal",
        Class::Credentials,
        Retry::No,
    ),
    status("http-404", 404, "no such address", "check the endpoint", Class::State, Retry::No),
    status("http-405", 405, "wrong method", "use the documented one", Class::Payload, Retry::No),
    status(
        "http-410",
        410,
        "the service has been withdrawn",
        "move to jpush-v3",
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
        "ask the report before sending again",
        Class::Server,
        Retry::Ambiguous,
    ),
    status(
        "http-502",
        502,
        "bad gateway",
        "ask the report before sending again",
        Class::Server,
        Retry::Ambiguous,
    ),
    status(
        "http-503",
        503,
        "service unavailable",
        "ask the report before sending again",
        Class::Server,
        Retry::Ambiguous,
    ),
    status(
        "http-504",
        504,
        "gateway timeout",
        "ask the report before sending again",
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
