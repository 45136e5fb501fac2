//! Error codes: cause, fix, and whether the request may be sent again.

use crate::contract::{ErrorCode, error_codes};
use crate::outcome::Class;

/// Every code. The Node SDK hands some of them on under names of its own: `lib/utils.js` and every `api.json` of
/// rongcloud/server-sdk-nodejs, 2020-05-18.
pub(super) const ERRORS: &[ErrorCode] = error_codes! {
    "200" Success Done: "done", "Nothing is to be done.";
    "0" Success Done: "done, in words of the overseas API", "Nothing is to be done.";
    "10000" Success Done: "done, in words of the v2 API", "Nothing is to be done.";
    "1000" Server Ambiguous: "internal error; in some pages also bad parameters or too many package names",
        "Look up whether it went out, check the payload, and wait before sending again.";
    "1001" Credentials No: "the app secret does not fit the app key", "Compare both with the console.";
    // The check files of the SDKs for Java, Node and PHP have codes of their own, which the SDKs turn into 1002.
    "1002" Payload No of_one_target: "a parameter is missing or wrong", "Validate the payload.",
        in_sdks "20002" "in check files of SDKs, a wrong number of items",
            "20003" "in check files of SDKs, a text of the wrong length",
            "20004" "in check files of SDKs, a number out of its range",
            "20005" "in check files of SDKs, a parameter that is missing",
            "20006" "in check files of SDKs, a value of the wrong type",
            "20007" "in check files of SDKs, an invalid address";
    "1003" Payload No: "there is no POST data", "Check content type and method.";
    "1004" Credentials No: "the signature is wrong",
        "Check the app secret, the clock, and that the endpoint is the app's own data centre.",
        in_sdks "20000" "the Node SDK's name of 1004";
    "1005" Payload No of_one_target: "a parameter is too long", "Shorten it or split the list.";
    "1006" Credentials No: "the app is locked or deleted", "Look at the app in the console.";
    "1007" Credentials No: "the call is not allowed",
        "Check the list of allowed addresses in the console, and the method.";
    "1008" Throttle Wait(0): "a rate or quota is used up; in old documents also a service that is not enabled",
        "Wait: for pushes to everybody and broadcasts until the next hour or day.",
        in_sdks "20001" "the Node SDK's name of 1008; in check files of the SDKs for Java, Node and PHP a value of the wrong type, which they turn into 1002";
    "1009" Credentials No: "the service is not enabled", "Enable it in the console's advanced features.";
    "1010" Credentials No: "the service of allow lists is not enabled; in old documents the captcha of an SMS is wrong",
        "Enable it in the console.";
    "1011" Credentials No: "the service of block lists is not enabled; in old documents the quota of SMS is used up",
        "Enable it in the console.";
    "1012" State No: "a fault of the SMS service", "It has nothing to do with messages.";
    "1013" State No: "a fault of the SMS service", "It has nothing to do with messages.";
    "1014" State No: "a fault of the SMS service", "It has nothing to do with messages.";
    "1015" State No: "there is nothing to delete", "The log of that hour is not there, or no longer.";
    "1016" State No: "too many chat rooms are kept alive", "Release some of them.";
    "1017" State No: "a fault of the call service", "It has nothing to do with messages.";
    "1018" State No: "a fault of the call service", "It has nothing to do with messages.";
    "1019" State No: "too many sensitive words", "Remove some in the console.";
    "1050" Server Ambiguous: "the server timed out inside", "Look it up in the history before sending again.";
    "1501" Payload No: "a parameter has the wrong type", "Validate the payload.";
    "1502" Payload No: "too many items", "Split the list.";
    "1508" Payload No: "the body is too large", "Send fewer or smaller messages a call.";
    "2007" State No: "the plan has no room for more users", "In development there are 100; upgrade the plan.",
        in_sdks "10001" "the Node SDK's name of 2007";
    "400" State No of_one_target: "the user id does not exist", "Register the user with `token` first.";
    "404" Payload No: "there is no such path", "Check the endpoint.";
    "405" Payload No: "the method is not allowed; once the capacity of a group", "Every operation is a POST.";
};

/// Whether a code says that it was done.
pub(super) fn is_success(code: &str) -> bool {
    ERRORS.iter().any(|row| row.code == code && row.class == Class::Success)
}
