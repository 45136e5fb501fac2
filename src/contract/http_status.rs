//! What HTTP statuses mean (RFC 9110), for every vendor: where its own table has no row for a status.

use super::{ErrorCode, error_codes};

/// Behind `http-`, as in the tables of vendors.
const PREFIX: &str = "http-";

/// What a status means; `None` for a number that is none, or that no final answer has.
pub fn http_status(status: u16) -> Option<&'static ErrorCode> {
    let of_class = || match status {
        300..=399 => Some("3xx"),
        400..=499 => Some("4xx"),
        500..=599 => Some("5xx"),
        _ => None,
    };
    let row = |name: &str| STATUSES.iter().find(|row| row.code.strip_prefix(PREFIX) == Some(name));
    row(&status.to_string()).or_else(|| row(of_class()?))
}

/// The status that a word names: `403`, `http-403`.
pub(super) fn status_of_word(word: &str) -> Option<u16> {
    let digits = word.strip_prefix(PREFIX).unwrap_or(word);
    let is_status = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_status)
}

/// The name of a status in tables: `http-403`.
pub(super) fn status_code(status: u16) -> String {
    format!("{PREFIX}{status}")
}

/// What to do about a status that leaves open what was done.
pub(crate) const FIND_OUT: &str = "find out whether it was done before you send it again";

static STATUSES: &[ErrorCode] = error_codes! {
    "http-200" Success Done: "the request was answered; the reply says what was done", "read the code in the reply, if there is one";
    "http-201" Success Done: "something was made", "read the reply";
    "http-202" Success Done: "it was taken, and is done later", "ask later what happened to it";
    "http-204" Success Done: "it was done; the reply is empty on purpose", "nothing is left to do";
    "http-3xx" State No: "the request belongs to another address",
        "herald follows no redirect: if the new address is the vendor's, set it as the endpoint";
    "http-302" Server Ambiguous: "the client is sent to another address, perhaps after the request was done", FIND_OUT;
    "http-303" Server Ambiguous: "the client is sent to another address, perhaps after the request was done", FIND_OUT;
    "http-4xx" Payload No: "the server refuses the request", "change the request; the reply may say what is wrong";
    "http-400" Payload No: "the request is malformed", "check the payload with `validate`";
    "http-401" Credentials No: "the credentials are missing or wrong",
        "check them with `herald profile check --online`";
    "http-402" State No: "something has to be paid first", "look at the account in the vendor's console";
    "http-403" Credentials No: "the server knows the request and refuses it: a right, a plan or a list of addresses",
        "check what the credentials may do";
    "http-404" State No: "the server has nothing at this address, or no such thing",
        "check the endpoint: this path is not served there";
    "http-405" Payload No: "the address does not take this method",
        "check the endpoint: this path is not served there";
    "http-407" Server Wait(0): "a proxy on this side of the vendor asks for credentials",
        "the proxy needs credentials; nothing reached the vendor";
    "http-408" Server Ambiguous: "the server gave up waiting for the request", FIND_OUT;
    "http-409" State No: "it does not fit the present state, as when it exists already", "look at what is there";
    "http-410" State No: "it was there and is withdrawn permanently", "look for what replaces it";
    "http-413" Payload No: "the request is too large",
        "the request is too large for the server or a proxy before it";
    "http-414" Payload No: "the address is too long", "ask for fewer ids in one call";
    "http-415" Payload No: "the server does not take this content type", "check the endpoint, and `--body` of `call`";
    "http-422" Payload No: "the server reads the request and cannot do what it says", "change the values";
    "http-429" Throttle Wait(0): "too many requests", "wait, and send more slowly";
    "http-451" State No: "it may not be served for legal reasons", "ask the vendor";
    "http-5xx" Server Ambiguous: "the server failed", FIND_OUT;
    "http-500" Server Ambiguous: "the server failed while it worked on the request", FIND_OUT;
    "http-502" Server Ambiguous: "a gateway got no good answer from the server behind it", FIND_OUT;
    "http-503" Server Ambiguous: "the server is overloaded or down", FIND_OUT;
    "http-504" Server Ambiguous: "a gateway waited too long for the server behind it", FIND_OUT;
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_final_status_has_a_meaning_and_no_other_number() {
        for status in (300..=599).chain([200, 201, 202, 204]) {
            let row = http_status(status).expect("a meaning");
            assert!(!row.meaning.is_empty() && !row.cure.is_empty(), "{status}");
        }
        for number in [0, 100, 199, 226, 253, 299, 600, 999] {
            assert!(http_status(number).is_none(), "{number}");
        }
    }

    #[test]
    fn a_word_of_three_digits_is_a_status() {
        for (word, status) in [("403", Some(403)), ("http-403", Some(403)), ("http-5xx", None)] {
            assert_eq!(status_of_word(word), status, "{word}");
        }
        for word in ["", "http-", "40", "4030", "+40", "http-+40", "４０３", "40x", "HTTP-403"] {
            assert_eq!(status_of_word(word), None, "{word}");
        }
    }
}
