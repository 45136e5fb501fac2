//! What the server's codes mean, what to do, and whether the same request may go out again.

use crate::contract::{ErrorCode, Retry};
use crate::outcome::Class;
use crate::text::en;

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

const fn row(
    code: &'static str,
    class: Class,
    retry: Retry,
    meaning: &'static str,
    cure: &'static str,
) -> ErrorCode {
    let (meaning, cure) = (en(meaning), en(cure));
    ErrorCode { code, http: None, text: "", only: &[], meaning, cure, class, retry }
}

const fn on_http(http: u16, row: ErrorCode) -> ErrorCode {
    ErrorCode { http: Some(http), ..row }
}

/// A code that this API has in its table and never answers with.
const fn elsewhere(code: &'static str, meaning: &'static str) -> ErrorCode {
    row(
        code,
        Class::State,
        Retry::No,
        meaning,
        "It belongs to clients; report it with the server's log.",
    )
}

const fn state(code: &'static str, meaning: &'static str, cure: &'static str) -> ErrorCode {
    row(code, Class::State, Retry::No, meaning, cure)
}

/// Every code.
pub(super) static ERRORS: &[ErrorCode] = &[
    row("0", Class::Success, Retry::Done, "Done", "Nothing is left to do."),
    elsewhere("1", "A client's secret key does not match"),
    row(
        "2",
        Class::Payload,
        Retry::No,
        "The server could not decode the data",
        "Compare the versions of client and server.",
    ),
    row(
        "3",
        Class::Server,
        Retry::Wait(0),
        "A node of the cluster is missing",
        "Look at the cluster.",
    ),
    row(
        "4",
        Class::Server,
        Retry::Ambiguous,
        "Something failed inside the server, as when its clock is turned back",
        "Read the server's log; it may have gone out.",
    ),
    elsewhere("5", "Nothing was changed"),
    elsewhere("6", "A client's token is wrong"),
    elsewhere("7", "A client was logged out by another"),
    state("8", "The target is blocked", "Unblock the user, or send with all rights."),
    state(
        "9",
        "The sender is not in the group",
        "Add the sender to the group, or send with all rights.",
    ),
    row(
        "10",
        Class::Payload,
        Retry::No,
        "There is no message in the request",
        "Fill in the payload.",
    ),
    elsewhere("11", "The group is there already"),
    elsewhere("12", "The member is in the group already"),
    elsewhere("16", "A friend request was refused"),
    elsewhere("18", "A friend request was refused"),
    elsewhere("19", "A friend request was refused"),
    state("20", "The sender is not in the chatroom", "Join first, or send with all rights."),
    state("21", "The sender is not in the channel", "Subscribe first, or send with all rights."),
    row(
        "22",
        Class::Server,
        Retry::No,
        "The professional edition has no licence, or an expired one",
        "Renew the licence.",
    ),
    elsewhere("23", "The users are friends already"),
    state(
        "24",
        "Too late to take it back",
        "Use the administrator's `recall`, which has no limit.",
    ),
    row("25", Class::State, Retry::Wait(0), "Somebody else holds the lock", "Wait."),
    row("26", Class::State, Retry::Wait(0), "The lock is not yours", "Wait."),
    elsewhere("27", "A robot has no token"),
    elsewhere("28", "WebSocket is not configured"),
    elsewhere("30", "A client's clock is wrong"),
    row(
        "35",
        Class::Payload,
        Retry::No,
        "The message is over 65536 units",
        "Shorten it, or upload it and send the address.",
    ),
    elsewhere("60", "A conference refused it"),
    elsewhere("61", "A conference refused it"),
    elsewhere("70", "An application's token is wrong"),
    elsewhere("81", "A secret chat refused it"),
    elsewhere("82", "A secret chat refused it"),
    elsewhere("83", "A secret chat refused it"),
    elsewhere("84", "A secret chat refused it"),
    elsewhere("85", "A secret chat refused it"),
    elsewhere("86", "A secret chat refused it"),
    elsewhere("87", "A secret chat refused it"),
    elsewhere("90", "A conference refused it"),
    state("220", "The function is switched off", "Switch it on in the server's settings."),
    row("221", Class::Server, Retry::Wait(0), "The server is busy", "Wait."),
    row(
        "222",
        Class::Server,
        Retry::Ambiguous,
        "Done in part",
        "Some have it, and nothing says who; look who was left out.",
    ),
    elsewhere("225", "Another client of the user is in the chatroom"),
    state("236", "The channel does not exist", "Check `channel_id`."),
    row(
        "237",
        Class::Credentials,
        Retry::No,
        "The channel has no secret",
        "Give the channel a secret.",
    ),
    row("238", Class::State, Retry::Wait(0), "The user is not ready yet", "Wait."),
    row(
        "239",
        Class::Credentials,
        Retry::No,
        "The request is not signed, or a header of the signature is missing",
        "A proxy must hand on the headers `nonce`, `timestamp` and `sign` as they are written; \
         the timestamp is a whole number.",
    ),
    elsewhere("240", "The group is full"),
    state("241", "The group is muted", "Unmute the group, or send with all rights."),
    state("242", "The word filter refused it", "Reword it, or send with all rights."),
    row(
        "243",
        Class::Credentials,
        Retry::Resigned,
        "The signature is older than two hours",
        "Set the clock, and sign again.",
    ),
    row(
        "244",
        Class::Credentials,
        Retry::No,
        "The signature is wrong",
        "Check the secret, `http.admin.secret_key` on the server; the signature is lower-case hex.",
    ),
    state(
        "245",
        "The user is blocked, or (as the documents have it) there are more users than licensed",
        "Unblock the user, or look at the licence.",
    ),
    state(
        "246",
        "The target has the sender on its black list",
        "The target must take the sender off, or send with all rights.",
    ),
    state("247", "The sender is muted everywhere", "Unmute the sender."),
    row(
        "248",
        Class::Credentials,
        Retry::No,
        "No right to do this",
        "The type or the member is not allowed here; the administrator's API has all rights.",
    ),
    ErrorCode {
        only: &["channel-send"],
        ..state(
            "248",
            "No right to do this; with targets, one of them does not subscribe to the channel",
            "Leave out who does not subscribe: some servers refuse the whole list for one of them.",
        )
    },
    row(
        "249",
        Class::Server,
        Retry::Ambiguous,
        "The server's handler gave no answer within 5 s",
        "Look for the message with `get-one` or at a client before you send again.",
    ),
    row(
        "250",
        Class::Throttle,
        Retry::Wait(1),
        "Too many requests for the whole server",
        "Slow down; a second frees 1000 requests.",
    ),
    row(
        "251",
        Class::Payload,
        Retry::No,
        "A required field is missing or empty, or a value is out of range",
        "Lint the payload.",
    ),
    row(
        "252",
        Class::Server,
        Retry::Ambiguous,
        "The server goes on by itself",
        "Look for the message before you send again.",
    ),
    state(
        "253",
        "The message, group, channel or robot is not there",
        "Check the id; a transparent message is gone after 10 s.",
    ),
    row(
        "254",
        Class::Server,
        Retry::No,
        "This server does not implement it",
        "It needs another edition or a newer version.",
    ),
    row(
        "255",
        Class::Success,
        Retry::Done,
        "Done, with compressed content",
        "Only clients are answered so, never this API.",
    ),
    on_http(
        500,
        row(
            word::NOT_SERVED,
            Class::Server,
            Retry::No,
            "This server does not have that operation",
            "It is the community edition or too old, or the port is wrong: \
             administration is on 18080, robots and channels are on 80.",
        ),
    ),
    on_http(
        500,
        row(
            word::EXCEPTION,
            Class::Payload,
            Retry::No,
            "The server could not read the body, or missed a list in it",
            "Lint the payload; nothing was sent.",
        ),
    ),
    on_http(
        401,
        row(
            word::UNAUTHORIZED,
            Class::Credentials,
            Retry::No,
            "The signature was refused",
            "Check the secret and the clock.",
        ),
    ),
    on_http(
        413,
        row(
            word::TOO_LARGE,
            Class::Payload,
            Retry::No,
            "The body is over 100 MiB",
            "Send less at a time.",
        ),
    ),
    on_http(
        502,
        row(
            word::GATEWAY,
            Class::Server,
            Retry::Ambiguous,
            "A proxy got no answer from the server",
            "It may have gone out; look before you send again.",
        ),
    ),
    on_http(
        503,
        row(
            word::GATEWAY,
            Class::Server,
            Retry::Ambiguous,
            "A proxy got no answer from the server",
            "It may have gone out; look before you send again.",
        ),
    ),
    on_http(
        504,
        row(
            word::GATEWAY,
            Class::Server,
            Retry::Ambiguous,
            "A proxy got no answer from the server",
            "It may have gone out; look before you send again.",
        ),
    ),
    row(
        word::REFUSED,
        Class::Payload,
        Retry::No,
        "Something else than the WildfireChat server refused it",
        "Check the endpoint, and what stands before the server.",
    ),
    row(
        word::NO_CODE,
        Class::Server,
        Retry::Ambiguous,
        "An answer without a code, as from a proxy",
        "It may have gone out; check the endpoint, and what stands before the server.",
    ),
];
