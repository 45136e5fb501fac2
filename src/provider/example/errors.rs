//! What the server's codes mean, and whether the same request may be sent again.

use crate::contract::{ErrorCode, error_codes};

/// Every documented code.
pub(super) static ERRORS: &[ErrorCode] = error_codes! {
    "0" Success Done: "accepted", "keep the message_id";
    "1000" 404 Payload No: "no such address or method", "check the endpoint";
    "1001" 400 Payload No: "the request is wrong", "correct it";
    "1002" 401 Credentials No: "the key is wrong", "check the key";
    "1003" 404 State No: "there is no such message", "check the id: messages are kept for 10 days";
    "http-500" 500 Server Ambiguous: "internal error", "look for the message before you send again";
};
