//! What the server's codes mean, what to do, and whether the same request may go out again.

use word::{EXCEPTION, GATEWAY, NO_CODE, NOT_SERVED, REFUSED, TOO_LARGE, UNAUTHORIZED};

use crate::contract::{ErrorCode, error_codes};

/// Codes of herald's own for answers that carry none.
pub(super) mod word {
    /// HTTP 500 without a body: no such path or method.
    pub(in super::super) const NOT_SERVED: &str = "not-served";
    /// HTTP 500 with the text of a Java exception.
    pub(in super::super) const EXCEPTION: &str = "exception";
    /// HTTP 401 without a code.
    pub(in super::super) const UNAUTHORIZED: &str = "unauthorized";
    /// HTTP 413.
    pub(in super::super) const TOO_LARGE: &str = "body-too-large";
    /// HTTP 502, 503 and 504.
    pub(in super::super) const GATEWAY: &str = "gateway";
    /// HTTP 404 and 405: not this server at all.
    pub(in super::super) const REFUSED: &str = "not-this-server";
    /// Anything else without a code.
    pub(in super::super) const NO_CODE: &str = "no-code";
}

/// The cure of a code that this API has in its table and never answers with.
const CLIENTS: &str = "It belongs to clients; report it with the server's log.";

/// Every code.
pub(super) static ERRORS: &[ErrorCode] = error_codes! {
    "0" Success Done: "Done", "Nothing is left to do.";
    "1" State No: "A client's secret key does not match", CLIENTS;
    "2" Payload No: "The server could not decode the data", "Compare the versions of client and server.";
    "3" Server Wait(0): "A node of the cluster is missing", "Look at the cluster.";
    "4" Server Ambiguous: "Something failed inside the server, as when its clock is turned back",
        "Read the server's log; it may have gone out.";
    "5" State No: "Nothing was changed", CLIENTS;
    "6" State No: "A client's token is wrong", CLIENTS;
    "7" State No: "A client was logged out by another", CLIENTS;
    "8" State No: "The target is blocked", "Unblock the user, or send with all rights.";
    "9" State No: "The sender is not in the group", "Add the sender to the group, or send with all rights.";
    "10" Payload No: "There is no message in the request", "Fill in the payload.";
    "11" State No: "The group is there already", CLIENTS;
    "12" State No: "The member is in the group already", CLIENTS;
    "16" State No: "A friend request was refused", CLIENTS;
    "18" State No: "A friend request was refused", CLIENTS;
    "19" State No: "A friend request was refused", CLIENTS;
    "20" State No: "The sender is not in the chatroom", "Join first, or send with all rights.";
    "21" State No: "The sender is not in the channel", "Subscribe first, or send with all rights.";
    "22" Server No: "The professional edition has no licence, or an expired one", "Renew the licence.";
    "23" State No: "The users are friends already", CLIENTS;
    "24" State No: "Too late to take it back", "Use the administrator's `recall`, which has no limit.";
    "25" State Wait(0): "Somebody else holds the lock", "Wait.";
    "26" State Wait(0): "The lock is not yours", "Wait.";
    "27" State No: "A robot has no token", CLIENTS;
    "28" State No: "WebSocket is not configured", CLIENTS;
    "30" State No: "A client's clock is wrong", CLIENTS;
    "35" Payload No: "The message is over 65536 units", "Shorten it, or upload it and send the address.";
    "60" State No: "A conference refused it", CLIENTS;
    "61" State No: "A conference refused it", CLIENTS;
    "70" State No: "An application's token is wrong", CLIENTS;
    "81" State No: "A secret chat refused it", CLIENTS;
    "82" State No: "A secret chat refused it", CLIENTS;
    "83" State No: "A secret chat refused it", CLIENTS;
    "84" State No: "A secret chat refused it", CLIENTS;
    "85" State No: "A secret chat refused it", CLIENTS;
    "86" State No: "A secret chat refused it", CLIENTS;
    "87" State No: "A secret chat refused it", CLIENTS;
    "90" State No: "A conference refused it", CLIENTS;
    "220" State No: "The function is switched off", "Switch it on in the server's settings.";
    "221" Server Wait(0): "The server is busy", "Wait.";
    "222" Server Ambiguous: "Done in part", "Some have it, and nothing says who; look who was left out.";
    "225" State No: "Another client of the user is in the chatroom", CLIENTS;
    "236" State No: "The channel does not exist", "Check `channel_id`.";
    "237" Credentials No: "The channel has no secret", "Give the channel a secret.";
    "238" State Wait(0): "The user is not ready yet", "Wait.";
    "239" Credentials No: "The request is not signed, or a header of the signature is missing",
        "A proxy must hand on the headers `nonce`, `timestamp` and `sign` as they are written; the timestamp is a whole number.";
    "240" State No: "The group is full", CLIENTS;
    "241" State No: "The group is muted", "Unmute the group, or send with all rights.";
    "242" State No: "The word filter refused it", "Reword it, or send with all rights.";
    "243" Credentials Resigned: "The signature is older than two hours", "Set the clock, and sign again.";
    "244" Credentials No: "The signature is wrong",
        "Check the secret, `http.admin.secret_key` on the server; the signature is lower-case hex.";
    "245" State No: "The user is blocked, or (as the documents have it) there are more users than licensed",
        "Unblock the user, or look at the licence.";
    "246" State No: "The target has the sender on its black list",
        "The target must take the sender off, or send with all rights.";
    "247" State No: "The sender is muted everywhere", "Unmute the sender.";
    "248" Credentials No: "No right to do this",
        "The type or the member is not allowed here; the administrator's API has all rights.";
    "248" ["channel-send"] State No:
        "No right to do this; with targets, one of them does not subscribe to the channel",
        "Leave out who does not subscribe: some servers refuse the whole list for one of them.";
    "249" Server Ambiguous: "The server's handler gave no answer within 5 s",
        "`herald history resolve ID --check` looks for the message.";
    "250" Throttle Wait(1): "Too many requests for the whole server", "Slow down; a second frees 1000 requests.";
    "251" Payload No: "A required field is missing or empty, or a value is out of range", "Lint the payload.";
    "252" Server Ambiguous: "The server goes on by itself", "Look for the message before you send again.";
    "253" State No: "The message, group, channel or robot is not there",
        "Check the id; a transparent message is gone after 10 s.";
    "254" Server No: "This server does not implement it", "It needs another edition or a newer version.";
    "255" Success Done: "Done, with compressed content", "Only clients are answered so, never this API.";
    NOT_SERVED 500 Server No: "This server does not have that operation",
        "It is the community edition or too old, or the port is wrong: administration is on 18080, robots and channels \
         are on 80.";
    NOT_SERVED 500 ["recall-broadcast"] Server No: "This server cannot recall a broadcast from everybody",
        "It is the community edition or too old: `herald recall ID --targets FILE` recalls it from the users whom FILE \
         names; the server lists its users at `/admin/user/all`.";
    EXCEPTION 500 Payload No: "The server could not read the body, or missed a list in it",
        "Lint the payload; nothing was sent.";
    UNAUTHORIZED 401 Credentials No: "The signature was refused", "Check the secret and the clock.";
    TOO_LARGE 413 Payload No: "The body is over 100 MiB", "Send less at a time.";
    GATEWAY 502 Server Ambiguous: "A proxy got no answer from the server",
        "It may have gone out; look before you send again.";
    GATEWAY 503 Server Ambiguous: "A proxy got no answer from the server",
        "It may have gone out; look before you send again.";
    GATEWAY 504 Server Ambiguous: "A proxy got no answer from the server",
        "It may have gone out; look before you send again.";
    REFUSED Payload No: "Something else than the WildfireChat server refused it",
        "Check the endpoint, and what stands before the server.";
    NO_CODE Server Ambiguous: "An answer without a code, as from a proxy",
        "It may have gone out; check the endpoint, and what stands before the server.";
};
