//! Every rule: errors are what the vendor refuses or what cannot do what it says, warnings are legal and surely mistakes.

use crate::contract::{Rule, error, hint, warning};

/// The rules, in the order of their ids.
pub(super) const RULES: &[Rule] = &[
    error(
        "E01",
        "the body is not one JSON object",
        "Write the fields of the request as one object, those of a form too.",
    ),
    error(
        "E02",
        "required field missing",
        "The vendor answers 1002. Letter case of names counts, and differs between operations.",
    ),
    error(
        "E03",
        "wrong JSON type",
        "Lists are lists even of one item in JSON bodies, and a field that holds JSON as text must be a string.",
    ),
    error(
        "E04",
        "required text empty",
        "Give it a value. A platform's own `alert` must not be empty: leave it out to fall back to the default.",
    ),
    error("E05", "id over 64 bytes", "Ids are counted in bytes of UTF-8."),
    error("E06", "too few or too many items", "Split the list into several calls."),
    error("E07", "value outside its set or range", "Take one of the documented values."),
    error("E08", "text too long", "Shorten it; the unit stands in the message."),
    error(
        "E09",
        "text of another form",
        "Hours of a log are YYYYMMDDHH; channels of ultra groups are letters and digits.",
    ),
    error(
        "E10",
        "a string that should hold JSON does not",
        "Give JSON text, escaped once and never percent-encoded.",
    ),
    error(
        "E11",
        "field missing inside the message",
        "Clients cannot show a message of this type without it.",
    ),
    error(
        "E12",
        "wrong value inside the message",
        "Clients read another type, range or length there.",
    ),
    error(
        "E13",
        "unknown message type that begins with RC:",
        "Letter case counts; types of the app's own must not begin with `RC:`.",
    ),
    error("E14", "content over 128 KB", "Put what is large on a server and send its address."),
    error(
        "E15",
        "a platform without any text",
        "Give `notification.alert`, or an `alert` in the block of each platform.",
    ),
    error(
        "E16",
        "template lists of unequal length",
        "Each recipient needs one entry, in the same order.",
    ),
    error(
        "E17",
        "a mention without mentionedInfo",
        "Put `mentionedInfo` into the JSON of `content`, or leave `isMentioned` out.",
    ),
    error(
        "E18",
        "message fields outside of message",
        "Put `content` and `objectName` into `message`: flat they are ignored, and the call is a push alone.",
    ),
    error(
        "E19",
        "nobody is selected",
        "Name an audience; what the vendor makes of none is not documented.",
    ),
    warning("W01", "unknown field", "The vendor ignores it; another operation may have it."),
    warning(
        "W02",
        "number or truth value as text",
        "Write it without quotes, in lower case; ids of users are strings.",
    ),
    warning(
        "W03",
        "everybody beside other selectors",
        "With `is_to_all` true everybody gets it, whatever else is there.",
    ),
    warning(
        "W04",
        "no default alert",
        "Older versions require it; newer ones take the platforms' own texts.",
    ),
    warning(
        "W05",
        "a selector without effect",
        "`userid` beats tags, package and platform; `tagItems` beats `tag` and `tag_or`.",
    ),
    warning("W06", "platform in upper case", "Every sample and SDK writes lower case."),
    warning(
        "W07",
        "settings for a platform that is not named",
        "Name it in `platform`, or leave its block out.",
    ),
    warning(
        "W08",
        "a message without notification",
        "Who is offline learns of it when the app is opened; most SDKs require a notification.",
    ),
    warning("W09", "push settings beside disablePush", "`disablePush` makes them void."),
    warning("W10", "key/values without expansion", "They are carried only with `expansion` true."),
    warning("W11", "a badge for several recipients", "`count` works only with one recipient."),
    warning(
        "W12",
        "options that this group message cannot have",
        "`expansion`, `extraContent`, `disablePush` and `pushExt` work for one whole group.",
    ),
    warning(
        "W13",
        "mentionedInfo without isMentioned",
        "Nobody is mentioned without `isMentioned` 1.",
    ),
    warning("W14", "mentioned user does not get the message", "Add the user to the recipients."),
    warning(
        "W15",
        "placeholders and values do not match",
        "Keys of `values` carry braces: `{name}`; `pushContent` has a text for each recipient.",
    ),
    warning("W16", "picture without https", "Phone makers load pictures over https alone."),
    warning(
        "W17",
        "name in another spelling",
        "Vendors are upper case in `pushExt` and lower case in `notification`; APNs names have hyphens.",
    ),
    warning("W18", "setting that needs a neighbour", "It has no effect alone."),
    warning(
        "W19",
        "recall field without effect, or no sentTime",
        "Some documents require `sentTime`; `busChannel` is for ultra groups alone.",
    ),
    warning(
        "W20",
        "ends of a query swapped or too far apart",
        "`startTime` is the later end; at most 14 days lie between.",
    ),
    warning(
        "W21",
        "recipients doubled",
        "A repeated recipient counts twice; more than ten chat rooms are advised against.",
    ),
    warning(
        "W22",
        "id with unusual characters or length",
        "Documented are letters, digits and `+ = - _`, 64 bytes.",
    ),
    warning(
        "W23",
        "content near 128 KB",
        "It is over 128000 bytes; which of two readings of 128 KB the vendor has is not known.",
    ),
    warning(
        "W24",
        "doubtful coordinates",
        "Latitude lies within 90 degrees, longitude within 180; write numbers.",
    ),
    warning("W25", "nonce over 18 characters", "Documented are at most 18."),
    warning("W26", "time in seconds", "Times in bodies are milliseconds since 1970."),
    warning("W27", "comma in a recipient", "Lists are JSON lists; commas are not split."),
    warning(
        "W28",
        "type that only clients send",
        "What clients make of it when a server sends it is not documented.",
    ),
    warning(
        "W29",
        "field missing or empty inside the message",
        "Clients expect it, though no document requires it.",
    ),
    warning(
        "W30",
        "large thumbnail or voice",
        "Advised are 10 K of base64 for thumbnails, 60 K for voice.",
    ),
    warning(
        "W31",
        "a sender of a push alone",
        "Nothing is sent from anybody; leave `fromuserid` out.",
    ),
    warning("W32", "percent-encoded content", "It arrives as it is; give the text itself."),
    warning("W33", "pushContent inside mentionedInfo", "The key is `mentionedContent`."),
    hint(
        "H01",
        "a type that is not pushed by itself",
        "Give `pushContent` if who is offline should be pushed.",
    ),
    hint("H02", "deprecated", "Use what replaces it."),
    hint(
        "H03",
        "a scarce call",
        "Twice an hour and three times a day, unless the console allows more.",
    ),
    hint("H04", "signature time in seconds", "Documented are milliseconds; both work."),
    hint("H05", "HarmonyOS as a platform", "Only the overseas product describes it."),
    hint("H06", "more than 20 pairs in a call", "Client SDKs allow 20."),
    hint("H07", "clearing a chat room", "Not every SDK knows this type here."),
    hint("H08", "option outside China", "Older documents say that it is not supported abroad."),
];
