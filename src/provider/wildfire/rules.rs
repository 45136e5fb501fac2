//! The rules, for `explain` and `--allow`.

use crate::contract::{Rule, error, hint, warning};

/// Every rule.
pub(super) static RULES: &[Rule] = &[
    error(
        "E01",
        "the body is not one JSON object",
        "Every operation takes one JSON object; put the fields into one.",
    ),
    error(
        "E02",
        "required field missing",
        "The server answers 251, fails, or takes a zero that was not meant. `null` counts as missing.",
    ),
    error(
        "E03",
        "wrong JSON type",
        "Write strings in quotes and whole numbers without; numbers are 32 or 64 bit with sign. The server converts \
         some of this and fails on the rest.",
    ),
    error("E04", "required text empty", "The server answers 251; give the id."),
    error(
        "E05",
        "id longer than 64 bytes",
        "The server says success and then fails to write its history: its columns end at 64.",
    ),
    error(
        "E06",
        "not a message uid",
        "A uid is a whole number from 1 to 2^63-1, as the answer to a send gave it.",
    ),
    error(
        "E07",
        "no such kind of conversation",
        "Use 0 for a private chat, 1 for a group, 2 for a chatroom, 3 for a channel.",
    ),
    error(
        "E08",
        "not an id in a list of ids",
        "`null` makes the server fail with HTTP 500; list strings only.",
    ),
    error("E09", "value outside its set", "Use one of the documented numbers."),
    error(
        "E10",
        "not base64",
        "The server's decoder takes the standard alphabet (`+` and `/`) without blanks, line breaks and `data:` prefix, \
         and answers HTTP 500 to anything else.",
    ),
    error(
        "E11",
        "payload over 65536 units",
        "The texts count in UTF-16 units, `base64edData` in decoded bytes; above it the server answers 35. Shorten it, \
         or upload it as a file.",
    ),
    error(
        "E12",
        "mention without users",
        "`mentionedType` 1 mentions whom `mentionedTarget` lists; 2 mentions everybody.",
    ),
    error("T01", "text without text", "The text belongs into `searchableContent`."),
    error(
        "T02",
        "voice incomplete",
        "It needs `remoteMediaUrl`, and `content` with the text `{\"duration\":SECONDS}`.",
    ),
    error("T03", "image without address", "Put the address of the image into `remoteMediaUrl`."),
    error(
        "T04",
        "location incomplete",
        "`content` is the text `{\"lat\":NUMBER,\"long\":NUMBER}`; the key is `long`, not `lng`.",
    ),
    error(
        "T05",
        "file incomplete",
        "It needs its name in `searchableContent`, its size as digits in `content`, and `remoteMediaUrl`.",
    ),
    error(
        "T06",
        "video incomplete",
        "It needs `remoteMediaUrl`, and `content` with the text `{\"d\":SECONDS,\"duration\":SECONDS}`.",
    ),
    error(
        "T07",
        "sticker incomplete",
        "It needs `remoteMediaUrl`, and `base64edData` with base64 of `{\"x\":WIDTH,\"y\":HEIGHT}`.",
    ),
    error(
        "T08",
        "link incomplete",
        "`base64edData` is base64 of `{\"d\":DIGEST,\"u\":URL,\"t\":THUMBNAIL}`, of which `u` must be there.",
    ),
    error("T09", "text without text", "The text belongs into `searchableContent`."),
    error(
        "T10",
        "card incomplete",
        "It needs the id of what it shows in `content`, and base64 of a JSON object in `base64edData`.",
    ),
    error(
        "T11",
        "composite without messages",
        "`base64edData` is base64 of an object with the list `ms`.",
    ),
    error(
        "T12",
        "notice incomplete",
        "It needs its title in `pushContent`, and base64 of a JSON object (`{}` will do) in `base64edData`.",
    ),
    error(
        "T13",
        "articles without the first",
        "`base64edData` is base64 of an object with the object `top`.",
    ),
    error(
        "T14",
        "stream incomplete",
        "It needs the text so far in `searchableContent`, the stream's id in `content`, and `persistFlag` 4.",
    ),
    error(
        "T15",
        "end of a stream incomplete",
        "It needs the whole text in `searchableContent` and the stream's id in `content`.",
    ),
    error("T90", "tip without text", "The line belongs into `content`."),
    warning(
        "W01",
        "unknown field",
        "The server ignores it. Clients name some fields otherwise than the server.",
    ),
    warning(
        "W02",
        "`persistFlag` missing",
        "The server takes 0, and clients neither show nor keep the message. Most types want 3.",
    ),
    warning(
        "W03",
        "type not meant to be sent",
        "The server or the clients make it; an administrator who sends it confuses them.",
    ),
    warning(
        "W04",
        "conversation that nobody reads",
        "The server takes kinds 4, 5 and 6 and delivers to nobody.",
    ),
    warning("W05", "empty list", "The server says success and does nothing."),
    warning(
        "W06",
        "doubtful ids in a list",
        "Blank ids reach nobody, repeated ones count once, and a sender needs no copy of the own message.",
    ),
    warning(
        "W07",
        "mention that mentions nobody",
        "`mentionedTarget` needs `mentionedType` 1, mentions work in groups, and only who gets the message sees one.",
    ),
    warning(
        "W08",
        "undefined type below 1000",
        "Numbers below 1000 are the vendor's; own types start at 1000.",
    ),
    warning(
        "W09",
        "update without operator",
        "Current documents require `operator`: who changes the message.",
    ),
    warning(
        "W10",
        "doubtful time",
        "Times are milliseconds since 1970, and the start comes before the end.",
    ),
    warning(
        "W11",
        "`conversationType` missing",
        "Servers read `conversationType`, documents say `type`; send both.",
    ),
    warning(
        "W12",
        "payload over 65536 units",
        "`send` would refuse it. Nothing is known of this operation, and databases end at 65535 bytes.",
    ),
    warning(
        "W13",
        "payload over 15 KB",
        "The documents recommend less, and databases may fail to keep it. Upload it as a file and send the address.",
    ),
    warning(
        "W14",
        "uid of another time",
        "A uid holds the time of its message. This one is older than the product or lies ahead: probably made up.",
    ),
    warning(
        "W15",
        "uid rounded by a tool",
        "Tools that read it as a double change its last digits; take it from the answer as text.",
    ),
    warning(
        "W16",
        "recall of another kind of message",
        "A plain recall tells only the sender's devices of a multicast or broadcast; use the recall that belongs to it.",
    ),
    warning(
        "W17",
        "transparent message for people",
        "`persistFlag` 4 is dropped for who is offline: no push, no history, gone after 10 s.",
    ),
    warning(
        "W18",
        "unusual `persistFlag`",
        "Clients expect the flag that the documents give to the type.",
    ),
    warning(
        "W19",
        "doubtful medium",
        "`mediaType` should fit the type, and clients must reach the address over http or https.",
    ),
    warning("W20", "private chat with oneself", "Sender and target are one user."),
    warning(
        "W21",
        "doubtful sender or directed message",
        "Notices come from an account for notices, and `toUsers` does nothing in a chatroom.",
    ),
    warning(
        "W22",
        "doubtful profile",
        "Set a secret of your own, name the administration port (18080 by default), and keep it off public networks.",
    ),
    warning(
        "W23",
        "operation of the professional edition",
        "The community edition answers HTTP 500 with an empty body.",
    ),
    warning("W24", "doubtful `expireDuration`", "It counts seconds; 0 means never."),
    warning("W25", "uid as text", "The server takes it; herald itself writes the number."),
    warning("W26", "recommended part missing", "Clients, or older ones, show less without it."),
    warning("W27", "doubtful value", "Clients may not be able to show it."),
    warning("W28", "`line` missing", "The documents require it; the server takes 0."),
    warning(
        "W29",
        "two kinds of conversation",
        "`type` and `conversationType` are one value under two names.",
    ),
    hint(
        "H01",
        "own type without push",
        "Users who are offline get no push without `pushContent` or `pushData`.",
    ),
    hint(
        "H02",
        "no thumbnail",
        "Clients show an empty frame until the medium is loaded; put a small JPEG into `base64edData`.",
    ),
];
