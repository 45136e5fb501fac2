//! What the server's codes mean and what to do about them.

use crate::contract::{ErrorCode, error_codes};

/// Every documented code, then the HTTP statuses that come without one.
pub(super) static ERRORS: &[ErrorCode] = error_codes! {
    "10" Server Ambiguous: "internal error of the report", "ask again";
    "1000" Server Ambiguous: "internal error", "send again with the same cid; without one, find out first";
    "1001" Payload No: "wrong method", "use the documented one";
    "1002" Payload No: "a parameter is missing", "add it";
    "1003" Payload No of_one_target: "a value is illegal: also an empty tag, alias or id, an invalid registration_id, and an unknown \
        override_msg_id", "correct it; a registration_id comes from the app's own SDK and AppKey";
    "1004" Credentials No: "authentication failed", "check AppKey and master secret, and the colon between them";
    "1005" Payload No: "too big", "shorten it: 4000 bytes for Android, 2000 for iOS";
    "1008" Credentials No: "the AppKey is illegal", "check it for stray blanks, and for the right app";
    "1009" Payload No: "a key that is not allowed in the push object", "rename it, or move it into extras";
    "1011" State No: "nobody matches, or all have been inactive for 255 days; of a group push also: it went to another data \
        centre than the app's",
        "check the audience and the SDK's integration; on iOS apns_production; send a group push to the host of the app's \
         own data centre";
    "1012" Throttle Wait(0): "a quota is used up: rate-limited pushes, or ospush without the maker's quota",
        "wait, or choose another distribution; without VIP, at most 30 % of a push's users of makers' channels get it by \
         them (docs.jiguang.cn, android_3rd_qps, 2025-04-07)";
    "1020" Payload No: "https is needed", "use https://";
    "1030" Server Ambiguous: "internal timeout", "send again with the same cid; without one, find out first";
    "1035" Payload No: "active_push is misused", "use it with a notification alone, without big_push_duration";
    "1105" Credentials No: "the right for group file push was not granted to this key pair (file page, 2022-07-22)",
        "have it granted (VIP), or use the app's own key";
    "2001" Throttle Wait(0): "rate limit", "wait for the number of seconds in X-Rate-Limit-Reset";
    "2002" Throttle Wait(0): "rate limit", "wait for the number of seconds in X-Rate-Limit-Reset";
    "2003" Credentials No: "the AppKey is blocked, or may not use this call", "ask Jiguang";
    "2004" Credentials No: "the caller's address is not in the app's whitelist", "add it in the portal";
    "2005" State No: "an unreasonable volume to users", "review what is sent to whom";
    "2006" Credentials No: "for VIP plans only", "use another operation, or the VIP plan";
    "2007" Credentials No: "the API is not granted", "it needs a contract with Jiguang";
    "2008" Throttle Wait(86_400): "more than 10 pushes to everybody today", "wait for the next day";
    "3001" Credentials No: "HTTP Basic failed on a report", "check AppKey and master secret";
    "3002" Payload No: "a parameter of a report call is wrong: msg_ids is missing, a value has the wrong type (msg_id as \
        text in `status`), or the body is no JSON",
        "name 1 to 100 message ids; in `status` give msg_id as a number, in a body of JSON";
    "http-400" 400 Payload No: "the request is malformed", "correct it";
    "http-401" 401 Credentials No: "not authenticated", "check AppKey and master secret";
    "http-403" 403 Credentials No: "forbidden", "check the app's plan and state in the portal";
    "http-404" 404 State No: "no such address", "check the endpoint";
    "http-405" 405 Payload No: "wrong method", "use the documented one";
    "http-410" 410 State No: "the service has been withdrawn", "look for what replaces it";
    "http-429" 429 Throttle Wait(0): "rate limit", "wait for the number of seconds in X-Rate-Limit-Reset";
    "http-500" 500 Server Ambiguous: "internal error",
        "send again with the same cid; without one, find out first";
    "http-502" 502 Server Ambiguous: "bad gateway", "send again with the same cid; without one, find out first";
    "http-503" 503 Server Ambiguous: "service unavailable",
        "send again with the same cid; without one, find out first";
    "http-504" 504 Server Ambiguous: "gateway timeout",
        "send again with the same cid; without one, find out first";
};
