//! Error codes: cause, cure, and whether the request may be sent again.
//!
//! A code is the number `error_code` where the answer has one, else the word `error`; texts and HTTP status tell rows of
//! one word apart.

use crate::contract::{ErrorCode, Retry};
use crate::outcome::Class;
use crate::text::en;

/// A row for a word, with the status and the beginning of the text that it comes with.
const fn row(
    code: &'static str,
    http: u16,
    text: &'static str,
    class: Class,
    retry: Retry,
    meaning: &'static str,
    cure: &'static str,
) -> ErrorCode {
    let http = if http == 0 { None } else { Some(http) };
    ErrorCode { code, http, text, only: &[], meaning: en(meaning), cure: en(cure), class, retry }
}

const fn payload(
    code: &'static str,
    http: u16,
    text: &'static str,
    meaning: &'static str,
    cure: &'static str,
) -> ErrorCode {
    row(code, http, text, Class::Payload, Retry::No, meaning, cure)
}

const fn argument(text: &'static str, meaning: &'static str, cure: &'static str) -> ErrorCode {
    payload("illegal_argument", 400, text, meaning, cure)
}

const fn state(
    code: &'static str,
    http: u16,
    text: &'static str,
    meaning: &'static str,
    cure: &'static str,
) -> ErrorCode {
    row(code, http, text, Class::State, Retry::No, meaning, cure)
}

const fn right(
    code: &'static str,
    http: u16,
    text: &'static str,
    meaning: &'static str,
    cure: &'static str,
) -> ErrorCode {
    row(code, http, text, Class::Credentials, Retry::No, meaning, cure)
}

const fn throttle(
    code: &'static str,
    http: u16,
    text: &'static str,
    seconds: u32,
    meaning: &'static str,
    cure: &'static str,
) -> ErrorCode {
    row(code, http, text, Class::Throttle, Retry::Wait(seconds), meaning, cure)
}

const fn doubt(code: &'static str, http: u16, meaning: &'static str) -> ErrorCode {
    row(code, http, "", Class::Server, Retry::Ambiguous, meaning, LOOK)
}

const fn token(code: &'static str, text: &'static str, meaning: &'static str) -> ErrorCode {
    row(code, 401, text, Class::Credentials, Retry::Resigned, meaning, NEW_TOKEN)
}

const NEW_TOKEN: &str =
    "Get a new token, and check that host, org and app are those it was made for.";
const LINT: &str = "Validate the payload.";
const STREAM_OVER: &str = "Start a new stream message.";
const ENABLE: &str = "Switch it on in the console.";
const SALES: &str = "Ask the vendor to switch it on.";
const SHORTEN: &str = "Shorten it, and move data to a server of your own.";
const LOOK: &str = "Look whether it went out: history file, callback, or offline-status.";

/// Every code.
pub(super) const ERRORS: &[ErrorCode] = &[
    payload("json_parse", 400, "", "the body is not JSON", LINT),
    payload(
        "invalid_request_body",
        400,
        "",
        "the body is not JSON, or a field has another type",
        LINT,
    ),
    argument("", "a parameter is wrong", LINT),
    argument(
        "target_type",
        "target_type is missing or wrong",
        "Give users, chatgroups or chatrooms.",
    ),
    argument(
        "from can't be empty",
        "the sender is empty",
        "Name a sender, or leave the field out.",
    ),
    argument("ext must be", "ext is no object", "Give an object, or leave the field out."),
    argument("message is too large", "the message is over the limit of its generation", SHORTEN),
    argument(
        "this is an invalid request",
        "address, header or body is wrong",
        "Check endpoint, org and app.",
    ),
    argument("new_msg is required", "the edit has no new_msg", LINT),
    argument("file must be provided", "the upload has no part `file`", LINT),
    state(
        "illegal_argument",
        400,
        "illegal arguments: appkey",
        "there is no history file for this hour: wrong, too old, or not ready",
        "Ask for another hour; files come up to a day late and stay 3 days.",
    ),
    argument(
        "message body not allow empty",
        "the import has no content",
        "Give `type` and `body`; an SDK sends `msg` instead of both.",
    ),
    argument("type not allow empty", "the import has no type", LINT),
    argument("chatfile_ids size", "too many attachments", "Name at most 100."),
    argument("lifetime must be", "the lifetime is unknown", "Give default, refresh or forever."),
    argument("field ", "a field of the deletion is missing", LINT),
    right(
        "illegal_argument",
        400,
        "client_id must be provided",
        "the client id is missing",
        "Set client_id in the profile.",
    ),
    right(
        "illegal_argument",
        400,
        "client_secret must be provided",
        "the client secret is missing",
        "Set client_secret in the profile.",
    ),
    payload("message_send_error", 400, "", "a field of the message is missing or wrong", LINT),
    payload(
        "message_send_error",
        400,
        "params to's size can't exceed limit",
        "too many receivers",
        "Split the list: 600 users, 3 groups, 10 chat rooms.",
    ),
    payload(
        "message_send_error",
        400,
        "param to exceed limit",
        "too many receivers",
        "Split the list: 600 users, 3 groups, 10 chat rooms.",
    ),
    payload(
        "message_send_error",
        400,
        "message is too large",
        "content and ext take more than 5 KB",
        SHORTEN,
    ),
    throttle(
        "message_send_error",
        403,
        "message send reach limit",
        1,
        "the quota of messages a second is used up",
        "Slow down: 20 messages a second to groups, 100 to rooms.",
    ),
    ErrorCode {
        only: &["send-users"],
        ..throttle(
            "message_send_error",
            403,
            "message send reach limit",
            60,
            "the quota of messages a minute is used up",
            "Slow down: 6000 messages to users a minute.",
        )
    },
    payload("14001", 0, "", "the sender is empty", "Name a sender, or leave the field out."),
    payload(
        "14002",
        0,
        "",
        "there is no receiver, or too many",
        "Name 1 to 600 users, 1 to 3 groups or 1 to 10 chat rooms.",
    ),
    payload("14005", 0, "", "the content is empty", LINT),
    payload("14007", 0, "", "content and ext take more than 5 KB", SHORTEN),
    payload("14030", 0, "", "the number of the chunk is wrong", "Count from 0 in steps of 1."),
    state("14031", 0, "", "no stream has this msgId", STREAM_OVER),
    state("14032", 0, "", "the stream took more than 128 KB", STREAM_OVER),
    state(
        "14033",
        0,
        "",
        "more than 30 s lay between two chunks, which ended the stream",
        STREAM_OVER,
    ),
    state("14034", 0, "", "the stream took more than 30 minutes", STREAM_OVER),
    state("14035", 0, "", "the stream was finished before", STREAM_OVER),
    payload(
        "14036",
        0,
        "",
        "the sender is not that of the first chunk",
        "Keep it the same in every chunk.",
    ),
    payload(
        "14037",
        0,
        "",
        "the receiver is not that of the first chunk",
        "Keep it the same in every chunk.",
    ),
    state(
        "14038",
        0,
        "",
        "a chunk with this number or a later one has arrived before",
        "Go on with the next number: a repeated chunk is not shown twice.",
    ),
    payload("message_recall_error", 400, "", "a field of the recall is missing or wrong", LINT),
    state(
        "message_recall_error",
        400,
        "can't find msg to",
        "the receiver is not the one that it went to",
        "Give the receiver of this message: each has an id of its own.",
    ),
    state(
        "message_recall_error",
        403,
        "exceed recall time limit",
        "the recall period is over",
        "Recall it with force true.",
    ),
    state(
        "message_recall_error",
        403,
        "not_found msg",
        "the message has expired or was recalled before",
        "Recall it with force true, if it is still to be seen.",
    ),
    state(
        "recalled",
        200,
        "",
        "a message was not recalled",
        "Check id, receiver and kind of conversation; force true ignores the period.",
    ),
    right("forbidden_op", 403, "", "a service is not open", SALES),
    right(
        "forbidden_op",
        403,
        "message recall service is unopened",
        "recall is not switched on",
        ENABLE,
    ),
    right(
        "forbidden_op",
        403,
        "message broadcast service is unopened",
        "broadcasts are not switched on",
        SALES,
    ),
    throttle(
        "forbidden_op",
        403,
        "broadcast message limit exceeded",
        86_400,
        "the day's broadcasts are used up",
        "Wait for the next day of UTC.",
    ),
    throttle(
        "forbidden_op",
        403,
        "online user broadcast limit exceeded",
        86_400,
        "the day's broadcasts are used up",
        "Wait for the next day of UTC.",
    ),
    throttle(
        "forbidden_op",
        403,
        "chatroom broadcast limit exceeded",
        86_400,
        "the day's broadcasts are used up",
        "Wait for the next day of UTC.",
    ),
    throttle("reach_limit", 429, "", 1, "too many calls", "Slow down."),
    throttle("http-429", 429, "", 1, "too many calls", "Slow down."),
    state(
        "resource_limited",
        429,
        "",
        "a limit of the plan is reached",
        "Upgrade the plan, or remove users.",
    ),
    state(
        "message_rewrite_error",
        400,
        "",
        "this message cannot be edited",
        "Commands cannot; the type must be that of the stored message.",
    ),
    state(
        "message_rewrite_error",
        401,
        "",
        "this user may not edit this message",
        "Check the id and the user; the token is not at fault.",
    ),
    right(
        "message_rewrite_error",
        403,
        "The rewrite message feature is not open",
        "editing is not switched on",
        SALES,
    ),
    state(
        "message_rewrite_error",
        403,
        "edit limit reached",
        "it was edited 10 times",
        "Recall it, and send a new one.",
    ),
    state("message_rewrite_error", 404, "", "the message is gone", "Send a new one."),
    state("MessageUnavailableException", 404, "", "the message is gone", "Send a new one."),
    payload(
        "InvalidMessageIdException",
        400,
        "",
        "the message id is no number",
        "Give the id that the send gave.",
    ),
    row(
        "RewriteMessageInternalErrorException",
        500,
        "",
        Class::Server,
        Retry::Ambiguous,
        "the server failed while it edited",
        "Edit it again: the same text leads to the same message.",
    ),
    throttle(
        "concurrent_operation_error",
        409,
        "",
        1,
        "somebody else did the same at this moment",
        "Do it again.",
    ),
    payload(
        "file exceeding maximum limit",
        413,
        "",
        "the file is too large",
        "At most 10 MB, unless your contract says more.",
    ),
    payload(
        "Request Entity Too Large",
        413,
        "",
        "the file or the request is too large",
        "At most 10 MB for files, 5 KB for messages.",
    ),
    payload(
        "http-413",
        413,
        "",
        "the file or the request is too large",
        "At most 10 MB for files, 5 KB for messages.",
    ),
    state("entity_not_found", 404, "", "there is no such file", "Upload it again."),
    state(
        "file_expired",
        404,
        "",
        "the file has expired",
        "Upload it again, and keep it with attachment-lifetime.",
    ),
    state(
        "storage_object_not_found",
        404,
        "",
        "there is no history file for this hour",
        "Files come up to a day late and stay 3 days.",
    ),
    right("service open exception", 400, "", "roaming is not switched on", SALES),
    payload("param exception", 400, "", "too many messages in a deletion", "Name at most 50."),
    right(
        "invalid_grant",
        400,
        "",
        "client id, secret or password does not match",
        "Compare them with the console.",
    ),
    token("unauthorized", "", "there is no token, or it has expired"),
    token("auth_bad_access_token", "", "the token is malformed, or another app's"),
    token("http-401", "", "the token is refused"),
    right(
        "organization_application_not_found",
        404,
        "",
        "this data centre has no such app",
        "Check org, app and endpoint; `hosts` says where the app lives.",
    ),
    state(
        "service_resource_not_found",
        404,
        "",
        "the user in the path does not exist",
        "Check the user id.",
    ),
    payload(
        "http-405",
        405,
        "",
        "the method is not served there",
        "It is a fault of herald's; please report it.",
    ),
    payload("web_application", 404, "", "there is no such path", "Check endpoint, org and app."),
    payload(
        "web_application",
        415,
        "",
        "the content type is not taken",
        "It must be application/json.",
    ),
    row(
        "web_application",
        500,
        "",
        Class::Server,
        Retry::Ambiguous,
        "there is no such path, or the server failed",
        "Check endpoint, org and app.",
    ),
    right(
        "ServiceNotOpenException",
        403,
        "",
        "the push product is not switched on",
        "Activate it in the console.",
    ),
    throttle(
        "LimitException",
        403,
        "",
        300,
        "too many pushes, or too many tasks",
        "Wait up to 5 minutes: 3 tasks at once, 3 new ones in 5 minutes.",
    ),
    payload("MessageException", 400, "", "the notification is wrong", LINT),
    payload("IllegalArgumentException", 400, "", "the notification is wrong", LINT),
    state(
        "FAIL",
        200,
        "",
        "the notification was not delivered",
        "Check that the user has a device token of this maker, and the certificates of the console.",
    ),
    state(
        "FAIL",
        200,
        "no push binding",
        "the user has bound no device",
        "The app must log in and register for push first.",
    ),
    state("FAIL", 200, "appUser not exists", "there is no such user", "Check the user id."),
    row(
        "ERROR",
        200,
        "",
        Class::Server,
        Retry::Ambiguous,
        "the phone maker did not answer in time",
        "It may have been delivered.",
    ),
    doubt("http-408", 408, "the server gave up waiting"),
    doubt("http-500", 500, "the server failed"),
    doubt("http-502", 502, "a gateway got no answer"),
    doubt("http-503", 503, "the server is busy or down"),
    doubt("http-504", 504, "a gateway waited too long"),
];

/// Whether a code has a row.
pub(super) fn is_known(code: &str) -> bool {
    ERRORS.iter().any(|row| row.code == code)
}
