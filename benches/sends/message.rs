//! The requests that all contestants send.

use std::time::{SystemTime, UNIX_EPOCH};

use sha1::{Digest as _, Sha1};

/// How long each body is.
pub(crate) const BODY_BYTES: usize = 365;

/// How many requests are on their way at a time.
pub(crate) const IN_FLIGHT: usize = 64;

/// Where requests go, below the address of the server.
pub(crate) const PATH: &str = "/admin/message/send";

/// What signs them.
pub(crate) const SECRET: &str = "123456";

/// An id of 32 bytes.
pub(crate) fn target(number: u64) -> String {
    format!("user-{number:027}")
}

/// A body for a target.
pub(crate) fn body(target: &str) -> String {
    let around = |text: &str| {
        format!(
            r#"{{"sender":"alice","conv":{{"type":0,"target":"{target}","line":0}},"payload":{{"type":1,"searchableContent":"{text}","persistFlag":3}}}}"#
        )
    };
    let text = "x".repeat(BODY_BYTES - around("").len() - (32 - target.len()));
    around(&text)
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Nonce, timestamp and signature.
pub(crate) fn sign(number: u64) -> [String; 3] {
    let (nonce, timestamp) = (number.to_string(), now_ms().to_string());
    let hash = Sha1::digest(format!("{nonce}|{SECRET}|{timestamp}"));
    let hex = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    [nonce, timestamp, hex]
}
