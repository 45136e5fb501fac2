//! What the server's codes mean and what to do about them.

use crate::contract::{ErrorCode, FIND_OUT, error_codes};

/// Every documented code, then the HTTP statuses that come without one.
pub(super) static ERRORS: &[ErrorCode] = error_codes! {
    "0" Success Done: "accepted; delivery happens later", "keep the msg_id";
    "10" Server Ambiguous: "internal error", "report it to Jiguang, and find out before sending again";
    "1001" Payload No: "not a POST", "use POST";
    "1002" Payload No: "a required parameter is missing", "add it";
    "1003" Payload No: "a value is illegal, or there is no push to override",
        "correct it; override_msg_id works for a day";
    "1004" Credentials No: "verification_code is wrong",
        "check the master secret, the order of the parts, and that tags are hashed as UTF-8";
    "1005" Payload No: "the message is too big", "shorten it: 220 bytes for a notification, 1000 for a custom message";
    "1007" Payload No of_one_target: "receiver_value is illegal",
        "10 tags, 1000 aliases or 1000 RegistrationIDs at most, none of them empty";
    "1008" Credentials No: "app_key is illegal", "check the AppKey for stray blanks and the right app";
    "1010" Payload No: "msg_content is illegal", "check its JSON and its fields";
    "1011" State No: "nobody matches",
        "broadcast: no device has registered yet; tag or alias: no device has set it yet";
    "1012" Payload No: "a custom message to iOS", "name android in platform, or send a notification";
    "1013" Payload No: "wrong content type", "send application/x-www-form-urlencoded";
    "1014" Payload No: "sensitive words", "change the text";
    "1030" Server Ambiguous: "internal timeout", "wait, and find out before sending again";
    "2001" Throttle Wait(0): "rate limit", "wait for the number of seconds in X-Rate-Limit-Reset";
    "2002" Throttle Wait(0): "rate limit", "wait for the number of seconds in X-Rate-Limit-Reset";
    "2003" Credentials No: "not allowed to use this report", "ask Jiguang for the right";
    "2008" Throttle Wait(86_400): "more than 10 pushes to everybody today", "wait for the next day";
    "3001" Credentials No: "HTTP Basic failed on a report", "check AppKey and master secret";
    "3002" Payload No: "a parameter of a report call is wrong: msg_ids is missing, or a value has the wrong type",
        "name 1 to 100 message ids";
    "http-400" 400 Payload No: "the request is malformed", "correct it";
    "http-401" 401 Credentials No: "not authenticated", "check AppKey and master secret";
    "http-403" 403 Credentials No: "forbidden", "check the app's state in the portal";
    "http-404" 404 State No: "no such address", "check the endpoint";
    "http-405" 405 Payload No: "wrong method", "use the documented one";
    "http-410" 410 State No: "the service has been withdrawn", "move to jpush-v3";
    "http-429" 429 Throttle Wait(0): "rate limit", "wait for the number of seconds in X-Rate-Limit-Reset";
    "http-500" 500 Server Ambiguous: "internal error", FIND_OUT;
    "http-502" 502 Server Ambiguous: "bad gateway", FIND_OUT;
    "http-503" 503 Server Ambiguous: "service unavailable", FIND_OUT;
    "http-504" 504 Server Ambiguous: "gateway timeout", FIND_OUT;
};
