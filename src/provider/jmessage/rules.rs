//! Every rule, as `explain` shows it.
//!
//! JM-16 and JM-20 are not among them, since they only say what is not checked: everything but the size of a custom
//! body, and the size of a protocol message.

use crate::contract::{Rule, rules};

/// Every rule.
pub(super) static RULES: &[Rule] = rules! {
    "JM-01" error "version is missing or not 1": "Give the number 1, without quotes.";
    "JM-02" error "target_type is missing or unknown": "It is single, group or chatroom.";
    "JM-03" error "target_id is missing or wrong":
        "A username of 4 to 128 bytes; for a group or a room its decimal id in a string.";
    "JM-04" error "from_type is missing or empty": "Give admin, on newer servers also user.";
    "JM-05" error "from_id is missing or no username":
        "A username has 4 to 128 bytes: a letter or digit, then letters, digits, _ . @ -.";
    "JM-06" error "msg_type is missing or unknown": "It is text, image, voice, file, video, location or custom.";
    "JM-07" error "msg_body is missing or no object": "Give an object, `{}` for an empty one.";
    "JM-08" error "msg_body too large": "It may have 4096 bytes of compact JSON, keys and extras included.";
    "JM-09" error "text is missing or no string": "A text message has msg_body.text, a string.";
    "JM-10" error "extras is no object": "Give an object; what is in it is the app's.";
    "JM-11" error "field of the image is missing or has another type":
        "media_id, media_crc32, width, height and fsize come with the answer of resource-upload.";
    "JM-12" error "field of the voice is missing or has another type":
        "media_id, media_crc32 and fsize come with the answer of resource-upload, duration in seconds is yours to give.";
    "JM-13" error "field of the file is missing or has another type":
        "media_id, media_crc32, fname and fsize come with the answer of resource-upload.";
    "JM-14" error "field of the film is missing or has another type":
        "It needs the object video and duration in seconds; thumb needs all six of its fields.";
    "JM-15" error "field of the location is missing or has another type":
        "latitude, longitude and scale are numbers, label (also sent as lable) is a string.";
    "JM-17" error "display name or AppKey is wrong": "Names are strings; an AppKey has 24 letters or digits.";
    "JM-18" error "no_offline or no_notification is not true or false": "Give true or false without quotes.";
    "JM-19" error "notification is wrong": "It is an object; title and alert in it are strings.";
    "JM-21" error "from_platform is unknown": "It is a, i, w, web or j.";
    "JM-22" error "create_time is missing or no number": "A stored message has it, in seconds since 1970.";
    "JM-30" error "username is missing or wrong": "Give the username of who sent the message.";
    "JM-31" error "msgid is missing or has other than digits": "Give the msg_id of the answer.";
    "JM-32" error "type is missing or unknown": "It is image, file or voice; a film is a file.";
    "JM-33" error "file is missing or too large": "Give one file of at most 8 MiB.";
    "JM-34" error "mediaId is missing or empty": "Give the media_id of the upload's answer.";
    "JM-35" error "field of the administrator is missing or wrong":
        "username by the rule for usernames, password of 4 to 128 bytes, nickname of at most 64.";
    "JM-36" error "username is missing or wrong": "It has 4 to 128 bytes of letters, digits, _ . @ -.";
    "JM-37" error "no list of usernames": "Give a list of at least one username.";
    "JM-38" error "gid is missing or has other than digits": "Groups are named by their number.";
    "JM-39" error "no list of room ids": "Give a list of at least one id, as numbers.";
    "JM-40" error "count or cursor is wrong":
        "The first page needs count, 1 to 1000; further ones the cursor, a string.";
    "JM-41" error "begin_time or end_time is missing or wrong": "The first page needs both, as 2026-01-31 08:00:00.";
    "JM-42" error "span of time is too wide or runs backwards":
        "end_time is at most 7 days after begin_time; ask for more in several calls.";
    "JM-43" error "scope is wrong, or lacks what it needs":
        "all; user with username; group with gid; chatroom with chatroomid.";
    "JM-W01" warning "sender whom the server may refuse": "It takes administrators, newer servers also users.";
    "JM-W02" warning "msg_type and msg_body do not fit": "An object of your own is a message of type custom.";
    "JM-W03" warning "image or voice without format": "Some clients need it to show or play it.";
    "JM-W04" warning "only one spelling of the label":
        "The documents have label and lable; send both, with the same text.";
    "JM-W05" warning "field without effect in a chat room":
        "Rooms keep nothing for who is off line and show no notification; leave it out.";
    "JM-W06" warning "notification that is not shown": "Take no_notification out, or the notification.";
    "JM-W07" warning "create_time is hardly in seconds": "Give 10 digits: seconds since 1970.";
    "JM-W08" warning "unknown key": "The server does not read it; your own data belongs into extras.";
    "JM-W09" warning "field of the stored form": "Leave it out; the server sets it when it stores the message.";
    "JM-W10" warning "username of digits alone": "If it is the id of a group or a room, say so in target_type.";
    "JM-W11" warning "sender and target are the same": "Check who is meant.";
    "JM-W12" warning "empty text": "Clients show an empty bubble.";
    "JM-W13" warning "checksum out of range": "It is a number without sign; add 4294967296 to a negative one.";
    "JM-W14" warning "duration or coordinate that is hardly meant":
        "Durations are seconds up to a day, latitudes -90 to 90, longitudes -180 to 180.";
    "JM-W15" warning "media_id of another kind":
        "Upload the file with the type that the message has; a film is a file.";
    "JM-W16" warning "msg_body nearly full":
        "The limit is 4096 bytes, and what clients or herald add to extras counts, too.";
    "JM-W17" warning "from_platform is missing":
        "The older document requires it; a message that a server sent has none.";
    "JM-W18" warning "image of a format that is not documented":
        "jpg, bmp, gif and png are; convert it, or send it as a file.";
    "JM-W19" warning "withdrawal after more than 3 minutes": "The server refuses it (855001).";
    "JM-W20" warning "line break in the nickname": "Clients show it on one line.";
};
