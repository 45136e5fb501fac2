//! What the server's codes mean and what to do about them.

use crate::contract::{ErrorCode, error_codes};

/// The fix of a fault of what herald does not call.
const NOT_FOR_SENDING: &str = "not for sending: see the server's message";

/// Codes of sending and of what herald calls, then the HTTP statuses that come without one. Codes of group, friend and
/// client management are not among them: the server's own message is shown for those.
pub(super) static ERRORS: &[ErrorCode] = error_codes! {
    "899000" Server Ambiguous: "internal error", "look into `history` before sending again";
    "898000" Server Ambiguous: "internal error", "look into `history` before sending again";
    "899001" State No: "the user exists already", "fine where it is yours";
    "898001" State No: "the user exists already", "fine where it is yours";
    "899002" State No: "there is no such user: target_id or from_id",
        "register it, or check its spelling and the AppKey";
    "898002" State No: "there is no such user: target_id or from_id",
        "register it, or check its spelling and the AppKey";
    "899003" Payload No: "a parameter is invalid", "check the payload with `validate`";
    "898003" Payload No: "a parameter is invalid", "check the payload with `validate`";
    "899006" State No: "there is no such group", "look it up with `group-get`";
    "898006" State No: "there is no such group", "look it up with `group-get`";
    "899007" Credentials No: "no credentials came with the request", "set app_key and master_secret";
    "898007" Credentials No: "no credentials came with the request", "set app_key and master_secret";
    "899008" Credentials No: "authentication failed", "check AppKey and master secret: the pair of the same app";
    "898008" Credentials No: "authentication failed", "check AppKey and master secret: the pair of the same app";
    "899009" Credentials No: "there is no such AppKey", "check it";
    "898009" Credentials No: "there is no such AppKey", "check it";
    "898010" Credentials No: "the token of a client has expired", "have the client log in again";
    "899011" State No: "a user is in the group already", "leave it out of the list";
    "899012" State No: "the group has no room for more members", "make another group, or a larger one by contract";
    "899013" Payload No: "the list has more than 500 users", "split it";
    "899014" State No: "the user is no member of the group", "look at its members";
    "899015" State No: "the user is in as many groups as are allowed", "have it leave one";
    "899016" Credentials No: "from_id may not send: it is no administrator",
        "register one with `register-admin`, or set from_type";
    "899017" State No: "the user is on the blacklist already", "nothing is left to do";
    "899018" State No: "the user is not on the blacklist", "nothing is left to do";
    "899019" State No: "a user cannot be put on its own blacklist", "leave it out";
    "899020" Credentials No: "calls across apps are not allowed", "ask Jiguang for a contract";
    "899021" State No: "the target is of another app, and the call does not work across apps",
        "set target_appkey, or use the calls across apps";
    "898011" State No: "the target is of another app, and the call does not work across apps",
        "set target_appkey, or use the calls across apps";
    "899030" Server Ambiguous: "the server is busy and timed out", "wait, and look into `history` before sending again";
    "898030" Server Ambiguous: "the server is busy and timed out", "wait, and look into `history` before sending again";
    "899043" State No: "a fault of do-not-disturb or friends", NOT_FOR_SENDING;
    "899044" State No: "a fault of do-not-disturb or friends", NOT_FOR_SENDING;
    "899045" State No: "a fault of do-not-disturb or friends", NOT_FOR_SENDING;
    "899046" State No: "a fault of do-not-disturb or friends", NOT_FOR_SENDING;
    "899047" State No: "a fault of do-not-disturb or friends", NOT_FOR_SENDING;
    "899048" State No: "a fault of do-not-disturb or friends", NOT_FOR_SENDING;
    "899049" State No: "a fault of do-not-disturb or friends", NOT_FOR_SENDING;
    "899050" State No: "a fault of do-not-disturb or friends", NOT_FOR_SENDING;
    "899070" State No: "a fault of friends", NOT_FOR_SENDING;
    "899071" State No: "a fault of friends", NOT_FOR_SENDING;
    "899081" State No: "there is no such chat room", "look it up with `chatroom-get`";
    "899082" State No: "the user is not in the chat room", "have it enter";
    "800003" Credentials No: "there is no such AppKey", "check it";
    "800005" Credentials No: "the AppKey is unknown or another one", "check app_key and target_appkey";
    "800006" State No: "there is no such user", "register it, or check its spelling and the AppKey";
    "800014" Credentials No: "AppKey and user do not belong together", "check app_key and target_appkey";
    "800009" Server Ambiguous: "fault of the system while sending", "look into `history` before sending again";
    "803001" Server Ambiguous: "fault of the system while sending", "look into `history` before sending again";
    "803002" Server Ambiguous: "fault of the system while sending", "look into `history` before sending again";
    "800012" State No: "the sender has never logged in", "have it log in once";
    "800013" State No: "the sender is logged out", "have it log in";
    "800017" Throttle Wait(0): "too frequent", "wait a minute";
    "803010" Throttle Wait(0): "too frequent", "wait a minute";
    "800018" State No: "there is no such group", "look it up with `group-get`";
    "803004" State No: "there is no such group", "look it up with `group-get`";
    "800019" State No: "the sender is not in the group", "add it, or send as an administrator";
    "803005" State No: "the sender is not in the group", "add it, or send as an administrator";
    "800020" State No: "the sender lacks the right, or target and kind do not fit", "check target_type and target_id";
    "803006" State No: "the sender lacks the right, or target and kind do not fit", "check target_type and target_id";
    "803003" State No: "the target does not exist", "register it, or check its spelling";
    "803007" Payload No: "the message is too long", "shorten msg_body to 4096 bytes";
    "847004" Payload No: "the message to the room is too long", "shorten msg_body to 4096 bytes";
    "803008" State No: "the target has put the sender on its blacklist", "nothing: it does not want these messages";
    "803009" Payload No: "a sensitive word, which the message names", "change the text";
    "803011" Payload No: "the content is malformed", "check the payload with `validate`";
    "847005" Payload No: "the content of the message to the room is malformed",
        "check the payload with `validate`";
    "803012" State No: "the sender is silenced", "lift it, or send as another one";
    "847002" State No: "the sender is silenced in the room", "lift it, or send as another one";
    "847001" State No: "the sender is not in the room", "have it enter, or send as an administrator";
    "847003" State No: "there is no such room", "look it up with `chatroom-get`";
    "855001" State No: "recalled too late: more than 3 minutes after sending", "it can no longer be recalled";
    "855002" State No: "recalled by another user than the sender", "give the sender's username";
    "855003" State No: "there is no such message", "check the id";
    "855004" State Done: "recalled before", "nothing is left to do";
    "857004" Payload No: "the transparent command is too long", "not for messages sent by REST";
    "http-401" 401 Credentials No: "authentication failed", "check AppKey and master secret";
    "http-429" 429 Throttle Wait(0): "rate limit", "wait for the number of seconds in X-Rate-Limit-Reset";
    "http-500" 500 Server Ambiguous: "internal error", "look into `history` before sending again";
    "http-502" 502 Server Ambiguous: "bad gateway", "look into `history` before sending again";
    "http-503" 503 Server Ambiguous: "service unavailable", "look into `history` before sending again";
    "http-504" 504 Server Ambiguous: "gateway timeout", "look into `history` before sending again";
};
