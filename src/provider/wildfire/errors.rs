//! What the server's codes mean, what to do, and whether the same request may go out again.

use word::{EXCEPTION, GATEWAY, NO_CODE, NOT_SERVED, REFUSED, TOO_LARGE, UNAUTHORIZED};

use crate::contract::{Condition, ErrorCode, FIND_OUT, Lit, error_codes};

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

/// The fix of a code that this API has in its table and never answers with.
const CLIENTS: &str = "It belongs to clients; report it with the server's log.";

static IN_CHATROOM: Condition = Condition::Is("conv/type", &[Lit::Int(2)]);
static AS_USER: Condition = Condition::Is("isUserMessage", &[Lit::Bool(true), Lit::Text("true")]);
static AS_USER_IN_CHATROOM: Condition = Condition::All(&[AS_USER, IN_CHATROOM]);

/// Every code.
pub(super) static ERRORS: &[ErrorCode] = error_codes! {
    "0" Success Done: "Done", super::operations::QUEUED_WORDS;
    "1" State No: "A client's secret key does not match", CLIENTS;
    "2" Payload No: "The server could not decode the data", "Compare the versions of client and server.";
    "3" Server Wait(0): "A node of the cluster is missing", "Look at the cluster.";
    "4" Server Ambiguous: "Something failed inside the server, as when its clock is turned back",
        "Read the server's log; it may have gone out.";
    "4" ["robot-send"] @IN_CHATROOM State No: "A robot cannot speak in a chatroom; nothing is stored",
        "Send with a profile without `robot_id`, which has all rights.";
    "4" ["send"] @AS_USER_IN_CHATROOM State No:
        "With the sender's rights nobody can speak in a chatroom through this API; nothing is stored",
        "Send without `isUserMessage`, with all rights.";
    "5" State No: "Nothing was changed", CLIENTS;
    "6" State No: "A client's token is wrong", CLIENTS;
    "7" State No: "A client was logged out by another", CLIENTS;
    "8" State No of_one_target: "The target is blocked", "Unblock the user, or send with all rights.";
    "9" State No: "The sender is not in the group", "Add the sender to the group, or send with all rights.";
    "10" Payload No: "There is no message in the request", "Fill in the payload.";
    "10" ["robot-reply"] State No: "The message does not mention the robot",
        "A robot answers only a message that has it in `mentionedTarget`.";
    "11" State No: "The group is there already", CLIENTS;
    "12" State No: "The member is in the group already", CLIENTS;
    "16" State No: "A friend request was refused", CLIENTS;
    "18" State No: "A friend request was refused", CLIENTS;
    "19" State No: "A friend request was refused", CLIENTS;
    "20" State No: "A client's user is not in the chatroom",
        "It is the answer to clients; this API answers 4 to robots and to `isUserMessage` in a chatroom.";
    "21" State No: "The sender is not in the channel", "Subscribe first, or send with all rights.";
    "22" Server No: "The professional edition has no licence, or an expired one", "Renew the licence.";
    "23" State No: "The users are friends already", CLIENTS;
    "24" State No: "Too late to recall it", "Use the administrator's `recall`, which has no limit.";
    "24" ["robot-reply"] State No: "The message is older than 15 minutes", "Send a message of its own with `robot-send`.";
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
    "222" Server InPart: "Done in part", "Some have it, and nothing says who; look who was left out.";
    "225" State No: "Another client of the user is in the chatroom", CLIENTS;
    "236" State No: "The channel does not exist", "Check `channel_id`.";
    "237" Credentials No: "The channel has no secret", "Give the channel a secret.";
    "238" State Wait(0): "The user is not ready yet", "Wait.";
    "239" Credentials No: "The request is not signed, or a header of the signature is missing",
        "A proxy must hand on the headers `nonce`, `timestamp` and `sign` as they are written; the timestamp is a whole number.";
    "240" State No: "The group is full", CLIENTS;
    "241" State No: "The group is muted", "Unmute the group, or send with all rights.";
    "242" State No: "The word filter refused it (with `sensitive.filter.type` 0; as shipped, 2, it replaces the words)",
        "Reword it, or send with all rights.";
    "243" Credentials Resigned: "The signature is older than two hours", "Set the clock, and sign again.";
    "244" Credentials No: "The signature is wrong",
        "Check the secret: `http.admin.secret_key` on the server, or that of the robot or channel; the signature is lower-case \
         hex.";
    "245" State No: "The user is blocked, or (as the documents have it) there are more users than licensed",
        "Unblock the user, or look at the licence.";
    "246" State No of_one_target: "The target has the sender on its black list",
        "The target must take the sender off, or send with all rights.";
    "247" State No: "The sender is muted everywhere", "Unmute the sender.";
    "248" Credentials No: "No right to do this",
        "The server's setting `message.forbidden_client_send_types` lists the type, the member has no right here, or the \
         robot has no secret; the administrator's API has all rights.";
    "248" ["channel-send"] State No of_one_target:
        "No right to do this; with targets, one of them does not subscribe to the channel",
        "Leave out who does not subscribe: the whole call is refused for one of them.";
    "249" Server Ambiguous: "The server's handler gave no answer within 5 s", FIND_OUT;
    "250" Throttle Wait(1): "Too many requests for the whole server", "Slow down; a second frees 1000 requests.";
    "251" Payload No:
        "A required field is missing or empty, a conversation has a type outside 0 to 6, or `get-one` or `robot-reply` has no \
         uid above 0", "Lint the payload.";
    "251" ["upload-url", "robot-upload-url"] State No:
        "The server offers no upload",
        "This server keeps media itself and offers no upload through its API. Set `media.server.use_qiniu` to 1 on it";
    "252" Server Ambiguous: "The server goes on by itself", "Look for the message before you send again.";
    "253" State No:
        "The message, group, channel or robot is not there; on a recall also: the uid is missing or not above 0, or the \
         message is not the sender's own",
        "Check the id; a transparent message is gone after 10 s, and one whose sender or group has an id of over 64 \
         characters is never found.";
    "254" Server No: "This server does not implement it", "It needs another edition or a newer version.";
    "254" ["robot-reply"] State No: "The message is in neither a private chat nor a group, or not in a group of the robot's",
        "Answer with `robot-send`; `robot.mention_external_robot` lets robots answer in groups that they are not in.";
    "255" Success Done: "Done, with compressed content", "Only clients are answered so, never this API.";
    NOT_SERVED 500 ["upload-url", "robot-upload-url"] Server No: "This server has no address for uploads",
        "It is the community edition before 1.4.8 or too old, or the port is wrong: administration is on 18080, robots are on \
         80";
    NOT_SERVED 500 Server No: "This server does not have that operation",
        "It is the community edition or too old, or the port is wrong: administration is on 18080, robots and channels \
         are on 80.";
    NOT_SERVED 500 ["recall-broadcast"] Server No: "This server cannot recall a broadcast from everybody",
        "It is the community edition or too old: `recall ID --targets FILE` recalls it from the users whom FILE \
         names; the server lists its users at `/admin/user/all`.";
    NOT_SERVED 500 ["robot-recall", "channel-recall"] Server No:
        "This server has no recall for robots and channels: it is the community edition, or the port is wrong",
        "`recall UID --from SENDER --profile ADMINISTRATION` recalls it, with the administration's profile, at any age.";
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
