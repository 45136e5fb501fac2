//! Error codes: cause, cure, and whether the request may be sent again.

use crate::contract::{ErrorCode, Retry};
use crate::outcome::Class;
use crate::text::en;

const fn row(
    code: &'static str,
    meaning: &'static str,
    cure: &'static str,
    class: Class,
    retry: Retry,
) -> ErrorCode {
    ErrorCode {
        code,
        http: None,
        text: "",
        only: &[],
        meaning: en(meaning),
        cure: en(cure),
        class,
        retry,
    }
}

const fn no(
    code: &'static str,
    class: Class,
    meaning: &'static str,
    cure: &'static str,
) -> ErrorCode {
    row(code, meaning, cure, class, Retry::No)
}

/// Every code.
pub(super) const ERRORS: &[ErrorCode] = &[
    row("200", "done", "Nothing is to be done.", Class::Success, Retry::Done),
    row(
        "0",
        "done, in words of the overseas API",
        "Nothing is to be done.",
        Class::Success,
        Retry::Done,
    ),
    row(
        "10000",
        "done, in words of the v2 API",
        "Nothing is to be done.",
        Class::Success,
        Retry::Done,
    ),
    row(
        "1000",
        "internal error; in some pages also bad parameters or too many package names",
        "Look up whether it went out, check the payload, and wait before sending again.",
        Class::Server,
        Retry::Ambiguous,
    ),
    no(
        "1001",
        Class::Credentials,
        "the app secret does not fit the app key",
        "Compare both with the console.",
    ),
    no("1002", Class::Payload, "a parameter is missing or wrong", "Validate the payload."),
    no("1003", Class::Payload, "there is no POST data", "Check content type and method."),
    no(
        "1004",
        Class::Credentials,
        "the signature is wrong",
        "Check the app secret, the clock, and that the endpoint is the app's own data centre.",
    ),
    no("1005", Class::Payload, "a parameter is too long", "Shorten it or split the list."),
    no(
        "1006",
        Class::Credentials,
        "the app is locked or deleted",
        "Look at the app in the console.",
    ),
    no(
        "1007",
        Class::Credentials,
        "the call is not allowed",
        "Check the list of allowed addresses in the console, and the method.",
    ),
    row(
        "1008",
        "a rate or quota is used up; in old documents also a service that is not enabled",
        "Wait: for pushes to everybody and broadcasts until the next hour or day.",
        Class::Throttle,
        Retry::Wait(0),
    ),
    no(
        "1009",
        Class::Credentials,
        "the service is not enabled",
        "Enable it in the console's advanced features.",
    ),
    no(
        "1010",
        Class::Credentials,
        "the service of allow lists is not enabled",
        "Enable it in the console.",
    ),
    no(
        "1011",
        Class::Credentials,
        "the service of block lists is not enabled",
        "Enable it in the console.",
    ),
    no("1012", Class::State, "a fault of the SMS service", "It has nothing to do with messages."),
    no("1013", Class::State, "a fault of the SMS service", "It has nothing to do with messages."),
    no("1014", Class::State, "a fault of the SMS service", "It has nothing to do with messages."),
    no(
        "1015",
        Class::State,
        "there is nothing to delete",
        "The log of that hour is not there, or no longer.",
    ),
    no("1016", Class::State, "too many chat rooms are kept alive", "Release some of them."),
    no("1017", Class::State, "a fault of the call service", "It has nothing to do with messages."),
    no("1018", Class::State, "a fault of the call service", "It has nothing to do with messages."),
    no("1019", Class::State, "too many sensitive words", "Remove some in the console."),
    row(
        "1050",
        "the server timed out inside",
        "Look it up in the history before sending again.",
        Class::Server,
        Retry::Ambiguous,
    ),
    no("1501", Class::Payload, "a parameter has the wrong type", "Validate the payload."),
    no("1502", Class::Payload, "too many items", "Split the list."),
    no("1508", Class::Payload, "the body is too large", "Send fewer or smaller messages a call."),
    no(
        "2007",
        Class::State,
        "the plan has no room for more users",
        "In development there are 100; upgrade the plan.",
    ),
    no("400", Class::State, "the user id does not exist", "Register the user with `token` first."),
    no("404", Class::Payload, "there is no such path", "Check the endpoint."),
    no(
        "405",
        Class::Payload,
        "the method is not allowed; once the capacity of a group",
        "Every operation is a POST.",
    ),
];

/// Whether a code says that it was done.
pub(super) fn is_success(code: &str) -> bool {
    ERRORS.iter().any(|row| row.code == code && row.class == Class::Success)
}
