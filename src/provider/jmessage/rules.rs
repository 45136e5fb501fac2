//! Every rule, as `explain` shows it.
//!
//! JM-16 and JM-20 are not among them, since they only say what is not checked: in a custom body nothing but its size,
//! in a protocol message not the size.

use crate::contract::{Rule, error, warning};

/// Every rule.
pub(super) static RULES: &[Rule] = &[
    error("JM-01", "version is missing or not 1", "Give the number 1, without quotes."),
    error("JM-02", "target_type is missing or unknown", "It is single, group or chatroom."),
    error(
        "JM-03",
        "target_id is missing or wrong",
        "A username of 4 to 128 bytes; for a group or a room its decimal id in a string.",
    ),
    error("JM-04", "from_type is missing or empty", "Give admin, on newer servers also user."),
    error(
        "JM-05",
        "from_id is missing or no username",
        "A username has 4 to 128 bytes: a letter or digit, then letters, digits, _ . @ -.",
    ),
    error(
        "JM-06",
        "msg_type is missing or unknown",
        "It is text, image, voice, file, video, location or custom.",
    ),
    error("JM-07", "msg_body is missing or no object", "Give an object, `{}` for an empty one."),
    error(
        "JM-08",
        "msg_body too large",
        "It may have 4096 bytes of compact JSON, keys and extras included.",
    ),
    error("JM-09", "text is missing or no string", "A text message has msg_body.text, a string."),
    error("JM-10", "extras is no object", "Give an object; what is in it is the app's."),
    error(
        "JM-11",
        "field of the image is missing or has another type",
        "media_id, media_crc32, width, height and fsize come with the answer of resource-upload.",
    ),
    error(
        "JM-12",
        "field of the voice is missing or has another type",
        "media_id, media_crc32 and fsize come with the answer of resource-upload, duration in seconds is yours to give.",
    ),
    error(
        "JM-13",
        "field of the file is missing or has another type",
        "media_id, media_crc32, fname and fsize come with the answer of resource-upload.",
    ),
    error(
        "JM-14",
        "field of the film is missing or has another type",
        "It needs the object video and duration in seconds; thumb needs all six of its fields.",
    ),
    error(
        "JM-15",
        "field of the location is missing or has another type",
        "latitude, longitude and scale are numbers, label (also sent as lable) is a string.",
    ),
    error(
        "JM-17",
        "display name or AppKey is wrong",
        "Names are strings; an AppKey has 24 letters or digits.",
    ),
    error(
        "JM-18",
        "no_offline or no_notification is not true or false",
        "Give true or false without quotes.",
    ),
    error("JM-19", "notification is wrong", "It is an object; title and alert in it are strings."),
    error("JM-21", "from_platform is unknown", "It is a, i, w, web or j."),
    error(
        "JM-22",
        "create_time is missing or no number",
        "A stored message has it, in seconds since 1970.",
    ),
    error("JM-30", "username is missing or wrong", "Give the username of who sent the message."),
    error("JM-31", "msgid is missing or has other than digits", "Give the msg_id of the answer."),
    error("JM-32", "type is missing or unknown", "It is image, file or voice; a film is a file."),
    error("JM-33", "file is missing or too large", "Give one file of at most 8 MiB."),
    error("JM-34", "mediaId is missing or empty", "Give the media_id of the upload's answer."),
    error(
        "JM-35",
        "field of the administrator is missing or wrong",
        "username by the rule for usernames, password of 4 to 128 bytes, nickname of at most 64.",
    ),
    error(
        "JM-36",
        "username is missing or wrong",
        "It has 4 to 128 bytes of letters, digits, _ . @ -.",
    ),
    error("JM-37", "no list of usernames", "Give a list of at least one username."),
    error("JM-38", "gid is missing or has other than digits", "Groups are named by their number."),
    error("JM-39", "no list of room ids", "Give a list of at least one id, as numbers."),
    error(
        "JM-40",
        "count or cursor is wrong",
        "The first page needs count, 1 to 1000; further ones the cursor, a string.",
    ),
    error(
        "JM-41",
        "begin_time or end_time is missing or wrong",
        "The first page needs both, as 2026-01-31 08:00:00.",
    ),
    error(
        "JM-42",
        "span of time is too wide or runs backwards",
        "end_time is at most 7 days after begin_time; ask for more in several calls.",
    ),
    error(
        "JM-43",
        "scope is wrong, or lacks what it needs",
        "all; user with username; group with gid; chatroom with chatroomid.",
    ),
    warning(
        "JM-W01",
        "sender whom the server may refuse",
        "It takes administrators, newer servers also users.",
    ),
    warning(
        "JM-W02",
        "msg_type and msg_body do not fit",
        "An object of your own is a message of type custom.",
    ),
    warning("JM-W03", "image or voice without format", "Some clients need it to show or play it."),
    warning(
        "JM-W04",
        "only one spelling of the label",
        "The documents have label and lable; send both, with the same text.",
    ),
    warning(
        "JM-W05",
        "field without effect in a chat room",
        "Rooms keep nothing for who is off line and show no notification; leave it out.",
    ),
    warning(
        "JM-W06",
        "notification that is not shown",
        "Take no_notification out, or the notification.",
    ),
    warning("JM-W07", "create_time is hardly in seconds", "Give 10 digits: seconds since 1970."),
    warning("JM-W08", "unknown key", "Nobody reads it; your own data belongs into extras."),
    warning(
        "JM-W09",
        "field of the stored form",
        "Leave it out; the server sets it when it stores the message.",
    ),
    warning(
        "JM-W10",
        "username of digits alone",
        "If it is the id of a group or a room, say so in target_type.",
    ),
    warning("JM-W11", "sender and target are the same", "Check who is meant."),
    warning("JM-W12", "empty text", "Clients show an empty bubble."),
    warning(
        "JM-W13",
        "checksum out of range",
        "It is a number without sign; add 4294967296 to a negative one.",
    ),
    warning(
        "JM-W14",
        "duration or coordinate that is hardly meant",
        "Durations are seconds up to a day, latitudes -90 to 90, longitudes -180 to 180.",
    ),
    warning(
        "JM-W15",
        "media_id of another kind",
        "Upload the file with the type that the message has; a film is a file.",
    ),
    warning(
        "JM-W16",
        "msg_body nearly full",
        "The limit is 4096 bytes, and what clients or herald add to extras counts, too.",
    ),
    warning(
        "JM-W17",
        "from_platform is missing",
        "The older document requires it; a message that a server sent has none.",
    ),
    warning(
        "JM-W18",
        "image of a format that is not documented",
        "jpg, bmp, gif and png are; convert it, or send it as a file.",
    ),
    warning("JM-W19", "withdrawal after more than 3 minutes", "The server refuses it (855001)."),
    warning("JM-W20", "line break in the nickname", "Clients show it on one line."),
];
