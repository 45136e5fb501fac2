//! The rules, for `explain` and `--allow`.

use crate::contract::{Rule, rules};

/// Every rule.
pub(super) static RULES: &[Rule] = rules! {
    "E01" error "the body is not one JSON object": "Every operation takes one JSON object; put the fields into one.";
    "E02" error "required field missing":
        "The server answers 251, fails, or takes a zero that was not meant. `null` counts as missing.";
    "E03" error "wrong JSON type":
        "Write strings in quotes and whole numbers without; numbers are 32 or 64 bit with sign. The server converts \
         some of this and fails on the rest.";
    "E04" error "required text empty": "The server answers 251; give the id.";
    "E05" error "id longer than 64 characters":
        "The server says success, then fails to write its history, whose columns end at 64 characters, and never finds the \
         message again.";
    "E06" error "not a message uid":
        "A uid is a whole number from 1 to 2^63-1 in plain digits, as the answer to a send gave it. The server reads every \
         other writing (`.0`, an exponent) through a double, and then names no message, or another one.";
    "E07" error "no such kind of conversation":
        "Use 0 for a private chat, 1 for a group, 2 for a chatroom, 3 for a channel.";
    "E08" error "not an id in a list of ids": "`null` makes the server fail with HTTP 500; list strings only.";
    "E09" error "value outside its set": "Use one of the documented numbers.";
    "E10" error "not base64":
        "The server's decoder takes the standard alphabet (`+` and `/`) without blanks, line breaks and `data:` prefix, \
         and answers HTTP 500 to anything else.";
    "E11" error "payload over 65536 units":
        "The texts count in UTF-16 units, `base64edData` in decoded bytes; above it the server answers 35. Shorten it, \
         or upload it as a file.";
    "E12" error "mention without users":
        "`mentionedType` 1 mentions whom `mentionedTarget` lists; 2 mentions everybody.";
    "T01" error "text without text": "The text belongs into `searchableContent`.";
    "T02" error "voice incomplete": "It needs `remoteMediaUrl`, and `content` with the text `{\"duration\":SECONDS}`.";
    "T03" error "image without address": "Put the address of the image into `remoteMediaUrl`.";
    "T04" error "location incomplete":
        "`content` is the text `{\"lat\":NUMBER,\"long\":NUMBER}`; the key is `long`, not `lng`.";
    "T05" error "file incomplete":
        "It needs its name in `searchableContent`, its size as digits in `content`, and `remoteMediaUrl`.";
    "T06" error "video incomplete":
        "It needs `remoteMediaUrl`, and `content` with the text `{\"d\":SECONDS,\"duration\":SECONDS}`.";
    "T07" error "sticker incomplete":
        "It needs `remoteMediaUrl`, and `base64edData` with base64 of `{\"x\":WIDTH,\"y\":HEIGHT}`.";
    "T08" error "link incomplete":
        "`base64edData` is base64 of `{\"d\":DIGEST,\"u\":URL,\"t\":THUMBNAIL}`, of which `u` must be there.";
    "T09" error "text without text": "The text belongs into `searchableContent`.";
    "T10" error "card incomplete":
        "It needs the id of what it shows in `content`, and base64 of a JSON object in `base64edData`.";
    "T11" error "composite without messages": "`base64edData` is base64 of an object with the list `ms`.";
    "T12" error "notice incomplete":
        "It needs its title in `pushContent`, and base64 of a JSON object (`{}` will do) in `base64edData`.";
    "T13" error "articles without the first": "`base64edData` is base64 of an object with the object `top`.";
    "T14" error "stream incomplete":
        "It needs the text so far in `searchableContent`, the stream's id in `content`, and `persistFlag` 4.";
    "T15" error "end of a stream incomplete":
        "It needs the whole text in `searchableContent` and the stream's id in `content`.";
    "T90" error "tip without text": "The line belongs into `content`.";
    "W01" warning "unknown field": "The server ignores it. Clients name some fields otherwise than the server.";
    "W02" warning "`persistFlag` missing":
        "The server takes 0, and clients neither show nor keep the message. Most types want 3.";
    "W03" warning "type not meant to be sent":
        "The server or the clients make it; an administrator who sends it confuses them.";
    "W04" warning "conversation that nobody reads": "The server takes kinds 4, 5 and 6 and delivers to nobody.";
    "W05" warning "empty list": "The server says success and does nothing.";
    "W06" warning "doubtful ids in a list":
        "Blank ids reach nobody, repeated ones count once, and a sender needs no copy of the own message.";
    "W07" warning "mention that mentions nobody":
        "`mentionedTarget` needs `mentionedType` 1, mentions work in groups, and only who gets the message sees one.";
    "W08" warning "undefined type below 1000": "Numbers below 1000 are the vendor's; own types start at 1000.";
    "W09" warning "update without operator": "Current documents require `operator`: who changes the message.";
    "W10" warning "doubtful time": "Times are milliseconds since 1970, and the start comes before the end.";
    "W11" warning "`conversationType` missing": "Servers read `conversationType`, documents say `type`; send both.";
    "W12" warning "payload over 65536 units":
        "`send` would refuse it. Nothing is known of this operation, and databases end at 65535 bytes.";
    "W13" warning "payload over 15 KB":
        "The documents recommend less, and databases may fail to keep it. Upload it as a file and send the address.";
    "W14" warning "uid of another time":
        "A uid holds the time of its message. This one is older than the product or lies ahead: probably made up.";
    "W15" warning "uid rounded by a tool":
        "Tools that read it as a double change its last digits; take it from the answer as text.";
    "W16" warning "recall of another kind of message":
        "A plain recall tells only the sender's devices of a multicast or broadcast; use the recall that belongs to it.";
    "W17" warning "transparent message for people":
        "`persistFlag` 4 is dropped for who is offline: no push, no history, gone after 10 s.";
    "W18" warning "unusual `persistFlag`": "Clients expect the flag that the documents give to the type.";
    "W19" warning "doubtful medium":
        "`mediaType` should fit the type, and clients must reach the address over http or https.";
    "W20" warning "private chat with oneself": "Sender and target are one user.";
    "W21" warning "doubtful sender or directed message":
        "Notices come from an account for notices, and `toUsers` does nothing in a chatroom.";
    "W22" warning "doubtful profile":
        "Set a secret of your own, name the administration port (18080 by default), and keep it off public networks.";
    "W23" warning "operation of the professional edition": "The community edition answers HTTP 500 with an empty body.";
    "W24" warning "doubtful `expireDuration`": "It counts seconds; 0 means never.";
    "W25" warning "uid as text": "The server takes it; herald itself writes the number.";
    "W26" warning "recommended part missing": "Clients, or older ones, show less without it.";
    "W27" warning "doubtful value": "Clients may not be able to show it.";
    "W28" warning "`line` missing": "The documents require it; the server takes 0.";
    "W29" warning "two kinds of conversation": "`type` and `conversationType` are one value under two names.";
    "W30" warning "chatroom without the administration's rights":
        "A community server answers 4 to a robot, or to `isUserMessage`, in a chatroom, and stores nothing.";
    "W31" warning "id longer than 64 bytes":
        "The documents say 64 bytes. The columns of a community server hold 64 characters.";
    "H01" hint "own type without push": "Users who are offline get no push without `pushContent` or `pushData`.";
    "H02" hint "no thumbnail":
        "Clients show an empty frame until the medium is loaded; put a small JPEG into `base64edData`.";
};
