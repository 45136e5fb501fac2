//! Error codes: cause, fix, and whether the request may be sent again.
//!
//! A code is the number `error_code` where the answer has one, else the word `error`; texts and HTTP status tell rows of
//! one word apart. Texts are the vendor's own, word for word, from the error tables of the pages of each call in
//! `easemob/easemob-doc` (`docs/rest`, `docs/push`, `docs/document/server-side`).

use super::operations::PUSH_QUEUED;
use crate::contract::{ErrorCode, error_codes};

const NEW_TOKEN: &str =
    "Get a new token, and check that host, org and app are those it was made for.";
const LINT: &str = "Validate the payload.";
const STREAM_OVER: &str = "Start a new stream message.";
const ENABLE: &str = "Switch it on in the console.";
const SALES: &str = "Ask the vendor to switch it on.";
const SHORTEN: &str = "Shorten it, and move data to a server of your own.";
const NO_SUCH_USER: &str = "Register the user, or ask with `autoCreateUser` true.";
const SLOW_USERS: &str = "Slow down: 6000 messages to users a minute.";
const SLOW_PLACES: &str = "Slow down: 20 messages a second to groups, 100 to rooms.";
const SPLIT: &str = "Split the list: 600 users, 3 groups, 10 chat rooms.";
const LOOK: &str = "Look whether it went out: history file, callback, or offline-status.";

/// Every code.
pub(super) const ERRORS: &[ErrorCode] = error_codes! {
    "ASYNC_SUCCESS" Success Done: "queued by the push service", PUSH_QUEUED;
    "json_parse" 400 Payload No: "the body is not JSON", LINT;
    "invalid_request_body" 400 Payload No: "the body is not JSON, or a field has another type", LINT;
    "illegal_argument" 400 "target_type must be provided" Payload No: "target_type is missing",
        "Give users, chatgroups or chatrooms.";
    "illegal_argument" 400 "target_type can only be" Payload No: "target_type is wrong",
        "Give users, chatgroups or chatrooms; a broadcast takes users alone.";
    "illegal_argument" 400 "from can't be empty" Payload No: "the sender is empty",
        "Name a sender, or leave the field out.";
    "illegal_argument" 400 "ext must be JSONObject" Payload No: "ext is no object",
        "Give an object, or leave the field out.";
    "illegal_argument" 400 "message is too large" Payload No: "the message is over the limit of its generation",
        SHORTEN;
    "illegal_argument" 400 "this is an invalid request" Payload No: "address, header or body is wrong",
        "Check endpoint, org and app.";
    "illegal_argument" 400 "new_msg is required" Payload No: "the edit has no new_msg", LINT;
    "illegal_argument" 400 "file must be provided" Payload No: "the upload has no part `file`", LINT;
    "illegal_argument" 400 "illegal arguments: appkey: …, time: " State Later:
        "there is no history file for this hour: wrong, too old, or not ready",
        "Ask for another hour; files come up to a day late and stay 3 days.";
    "illegal_argument" 400 "message body not allow empty" Payload No: "the import has no content",
        "Give `type` and `body`; an SDK sends `msg` instead of both.";
    "illegal_argument" 400 "type not allow empty" Payload No: "the import has no type", LINT;
    "illegal_argument" 400 "chatfile_ids size is too large" Payload No: "too many attachments", "Name at most 100.";
    "illegal_argument" 400 "lifetime must be either" Payload No: "the lifetime is unknown",
        "Give default, refresh or forever.";
    "illegal_argument" 400 "field … cannot be null" Payload No: "a field of the deletion is missing", LINT;
    "illegal_argument" 400 "client_id must be provided" Credentials No: "the client id is missing",
        "Set client_id in the profile.";
    "illegal_argument" 400 "client_secret must be provided" Credentials No: "the client secret is missing",
        "Set client_secret in the profile.";
    "illegal_argument" 400 "username […] is not legal" Payload No of_one_target: "the user cannot be registered by this name",
        "Give 1 to 64 lower-case letters, digits, `_`, `.` or `-`.";
    "illegal_argument" 400 "USERNAME_TOO_LONG" Payload No of_one_target: "the user cannot be registered: the name is too long",
        "Give at most 64 bytes.";
    "message_send_error" 400 "param type can't be empty" Payload No: "the message type is missing", LINT;
    "message_send_error" 400 "param users can't be empty" Payload No: "there are no members", "Name 1 to 20 members.";
    "message_send_error" 400 "param ext must be JSONObject" Payload No: "ext is no object",
        "Give an object, or leave the field out.";
    "message_send_error" 400 "params to's size can't exceed limit" Payload No: "too many receivers", SPLIT;
    "message_send_error" 400 "param to exceed limit" Payload No: "too many receivers", SPLIT;
    "message_send_error" 403 "message send reach limit" Throttle Wait(1): "the quota of messages a second is used up",
        SLOW_PLACES;
    "message_send_error" 403 "message send reach limit" ["send-users"] Throttle Wait(60):
        "the quota of messages a minute is used up", SLOW_USERS;
    "14001" = "param from can't be empty" Payload No: "the sender is empty", "Name a sender, or leave the field out.";
    "14002" = "param to can't be empty" Payload No: "there is no receiver, or too many",
        "Name 1 to 600 users, 1 to 3 groups or 1 to 10 chat rooms.";
    "14005" = "param body can't be empty" Payload No: "the content is empty", LINT;
    "14007" = "message is too large" Payload No: "content and ext take more than 5 KB", SHORTEN;
    "14030" = "param body.seq is illegal" Payload No: "the number of the chunk is missing or wrong",
        "Count from 0 in steps of 1.";
    "14031" = "can not find stream message by msgId" State No: "no stream has this msgId", STREAM_OVER;
    "14032" = "stream message total length exceeds limit" State No: "the stream took more than 128 KB", STREAM_OVER;
    "14033" = "stream message chunk interval timeout" State No:
        "more than 30 s lay between two chunks, which ended the stream", STREAM_OVER;
    "14034" = "stream message total timeout" State No: "the stream took more than 30 minutes", STREAM_OVER;
    "14035" = "stream message has already finished" State No: "the stream was finished before", STREAM_OVER;
    "14036" = "stream message from user mismatch" Payload No: "the sender is not that of the first chunk",
        "Keep it the same in every chunk.";
    "14037" = "stream message to user mismatch" Payload No: "the receiver is not that of the first chunk",
        "Keep it the same in every chunk.";
    "14038" = "stream message chunk seq too small" State No:
        "a chunk with this number or a later one has arrived before",
        "Go on with the next number: a repeated chunk is not shown twice.";
    "message_recall_error" 400 "param … can't be empty" Payload No: "a field of the recall is missing or empty", LINT;
    "message_recall_error" 400 "can't find msg to" State No: "the receiver is not the one that it went to",
        "Give the receiver of this message: each has an id of its own.";
    "message_recall_error" 403 "exceed recall time limit" State No: "the recall period is over",
        "Recall it with force true.";
    "message_recall_error" 403 "not_found msg" State No: "the message has expired or was recalled before",
        "Recall it with force true, if it is still to be seen.";
    "recalled" 200 "exceed recall time limit" State No: "the recall period is over", "Recall it with force true.";
    "recalled" 200 "not_found msg" State No: "the message has expired or was recalled before",
        "Recall it with force true, if it is still to be seen.";
    "recalled" 200 "can't find msg to" State No: "the receiver is not the one that it went to",
        "Give the receiver of this message: each has an id of its own.";
    "forbidden_op" 403 "message recall service is unopened" Credentials No: "recall is not switched on", ENABLE;
    "forbidden_op" 403 "message broadcast service is unopened" Credentials No: "broadcasts are not switched on", SALES;
    "forbidden_op" 403 "broadcast message limit exceeded" Throttle Wait(86_400): "the day's broadcasts are used up",
        "Wait for the next day of UTC.";
    "forbidden_op" 403 "online user broadcast limit exceeded" Throttle Wait(86_400): "the day's broadcasts are used up",
        "Wait for the next day of UTC.";
    "forbidden_op" 403 "chatroom broadcast limit exceeded" Throttle Wait(86_400): "the day's broadcasts are used up",
        "Wait for the next day of UTC.";
    // So the pages of 2023 and 2024 word the quota of messages.
    "forbidden_op" 403 "Forbidden for url: […/messages/users]" Throttle Wait(60):
        "the quota of messages a minute is used up", SLOW_USERS;
    "forbidden_op" 403 "Forbidden for url: […/messages/chatgroups]" Throttle Wait(1):
        "the quota of messages a second is used up", SLOW_PLACES;
    "forbidden_op" 403 "Forbidden for url: […/messages/chatrooms]" Throttle Wait(1):
        "the quota of messages a second is used up", SLOW_PLACES;
    "reach_limit" 429 Throttle Wait(1): "too many calls", "Slow down.";
    "http-429" 429 Throttle Wait(1): "too many calls", "Slow down.";
    "resource_limited" 429 State No: "a limit of the plan is reached", "Upgrade the plan, or remove users.";
    "message_rewrite_error" 400 "The message is of a type that is currently not supported for modification" State No:
        "this message cannot be edited", "Commands cannot; the type must be that of the stored message.";
    "message_rewrite_error" 401 "You are not authorized to edit this message" State No:
        "this user may not edit this message", "Check the id and the user; the token is not at fault.";
    "message_rewrite_error" 403 "The rewrite message feature is not open" Credentials No:
        "editing is not switched on", SALES;
    "message_rewrite_error" 403 "The message has reached its edit limit and cannot be modified further" State No:
        "it was edited 10 times", "Recall it, and send a new one.";
    "message_rewrite_error" 404 "The message is unavailable or has expired" State No: "the message is gone",
        "Send a new one.";
    "MessageUnavailableException" 404 State No: "the message is gone", "Send a new one.";
    "InvalidMessageIdException" 400 Payload No: "the message id is no number", "Give the id that the send gave.";
    "RewriteMessageInternalErrorException" 500 ["update"] Server Ambiguous: "the server failed while it edited",
        "Edit it again: the same text leads to the same message.";
    "concurrent_operation_error" 409 Throttle Wait(1): "somebody else did the same at this moment", "Do it again.";
    "file exceeding maximum limit" 413 Payload No: "the file is too large",
        "At most 10 MB, unless your contract says more.";
    "Request Entity Too Large" 413 Payload No: "the file or the request is too large",
        "At most 10 MB for files, 5 KB for messages.";
    "http-413" 413 Payload No: "the file or the request is too large", "At most 10 MB for files, 5 KB for messages.";
    "entity_not_found" 404 "file may not exists" State No: "there is no such file", "Upload it again.";
    "entity_not_found" 404 "User null not found" State No: "there is no such user", NO_SUCH_USER;
    "file_expired" 404 State No: "the file has expired", "Upload it again, and keep it with attachment-lifetime.";
    "storage_object_not_found" 404 State Later: "there is no history file for this hour",
        "Files come up to a day late and stay 3 days.";
    "service open exception" 400 "this appKey not open message roaming" Credentials No: "roaming is not switched on",
        SALES;
    "param exception" 400 "delete msg list limit can not greater than 50" Payload No:
        "too many messages in a deletion", "Name at most 50.";
    "Bad Request" 400 "Bad Request" ["delete-roaming"] Payload No: "a parameter of the query is missing",
        "With `peer` or `groupId`, give one of `msgIdList` and `delTime`.";
    "invalid_grant" 400 "client_id does not match" Credentials No: "the client id is wrong",
        "Compare it with the console.";
    "invalid_grant" 400 "client_secret does not match" Credentials No: "the client secret is wrong",
        "Compare it with the console.";
    "invalid_grant" 400 "invalid username or password" Credentials No: "user or password does not match",
        "Compare them with what the user was registered with.";
    "invalid_grant" 400 "user not activated" Credentials No: "the user is banned", "Unban the user first.";
    "invalid_grant" 404 "user not found" State No: "there is no such user", NO_SUCH_USER;
    "unauthorized" 401 Credentials Resigned: "there is no token, or it has expired", NEW_TOKEN;
    "auth_bad_access_token" 401 Credentials Resigned: "the token is malformed, or another app's", NEW_TOKEN;
    "http-401" 401 Credentials Resigned: "the token is refused", NEW_TOKEN;
    "organization_application_not_found" 404 Credentials No: "this data centre has no such app",
        "Check org, app and endpoint; `hosts` says where the app lives.";
    "service_resource_not_found" 404 State No: "the user in the path does not exist", "Check the user id.";
    "http-404" 404 "url is invalid" Payload No: "the push product has no such path", "Check endpoint, org and app.";
    "http-405" 405 Payload No: "the method is not served there", "It is a fault of herald's; please report it.";
    "web_application" 404 Payload No: "there is no such path", "Check endpoint, org and app.";
    "web_application" 415 Payload No: "the content type is not taken", "It must be application/json.";
    "web_application" 500 Server Ambiguous: "there is no such path, or the server failed",
        "Check endpoint, org and app.";
    "ServiceNotOpenException" 403 Credentials No: "the push product is not switched on", "Activate it in the console.";
    "LimitException" 403 Throttle Wait(300): "too many pushes, or too many tasks",
        "Wait up to 5 minutes: 3 tasks at once, 3 new ones in 5 minutes.";
    "ResourceNotFoundException" 400 "push label not exists of " State No: "there is no such label",
        "`label-list` has those that there are; `label-create` makes one.";
    "MessageException" 400 Payload No: "the notification is wrong", LINT;
    "IllegalArgumentException" 400 Payload No: "a parameter of the push product is wrong", LINT;
    "FAIL" 200 "bad device token" State No: "the phone maker does not take the device token",
        "The app must register for push again.";
    "FAIL" 200 "no push binding" State No: "the user has bound no device",
        "The app must log in and register for push first.";
    "FAIL" 200 "appUser not exists" State No: "there is no such user", "Check the user id.";
    "ERROR" 200 Server Ambiguous: "the phone maker did not answer in time", "It may have been delivered.";
    "http-408" 408 Server Ambiguous: "the server gave up waiting", LOOK;
    "http-500" 500 Server Ambiguous: "the server failed", LOOK;
    "http-502" 502 Server Ambiguous: "a gateway got no answer", LOOK;
    "http-503" 503 Server Ambiguous: "the server is busy or down", LOOK;
    "http-504" 504 Server Ambiguous: "a gateway waited too long", LOOK;
};

/// The vendor's words for a code that decides alone.
pub(super) fn words_of(code: &str) -> &'static str {
    ERRORS.iter().find(|row| row.code == code).map_or("", |row| row.words)
}

/// Whether a code has a row.
pub(super) fn is_known(code: &str) -> bool {
    ERRORS.iter().any(|row| row.code == code)
}
