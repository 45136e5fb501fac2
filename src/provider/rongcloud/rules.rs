//! Every rule: errors are what the vendor refuses or what cannot do what it says, warnings are legal and surely mistakes.

use crate::contract::{Rule, rules};

/// The rules, in the order of their ids.
pub(super) const RULES: &[Rule] = rules! {
    "E01" error "the body is not one JSON object":
        "Write the fields of the request as one object, those of a form too.";
    "E02" error "required field missing":
        "The vendor answers 1002. Letter case of names counts, and differs between operations.";
    "E03" error "wrong JSON type":
        "Lists are lists even of one item in JSON bodies, and a field that holds JSON as text must be a string." by_fault;
    "E04" error "required text empty":
        "Give it a value. A platform's own `alert` must not be empty: leave it out to fall back to the default." by_fault;
    "E05" error "id over 64 bytes": "Ids are counted in bytes of UTF-8.";
    "E06" error "too few or too many items": "Split the list into several calls." by_fault;
    "E07" error "value outside its set or range": "Take one of the documented values." by_fault;
    "E08" error "text too long": "Shorten it; the unit is in the message." by_fault;
    "E09" error "text of another form":
        "Hours of a log are YYYYMMDDHH; channels of ultra groups are letters and digits." by_fault;
    "E10" error "a string that should hold JSON does not": "Give JSON text, escaped once and never percent-encoded." by_fault;
    "E11" error "field missing inside the message": "Clients cannot show a message of this type without it.";
    "E12" error "wrong value inside the message": "Clients read another type, range or length there." by_fault;
    "E13" error "message type that begins with RC: and is in no source":
        "Letter case counts; types of the app's own must not begin with `RC:`.";
    "E14" error "content over 128 KB": "Put what is large on a server and send its address.";
    "E15" error "a platform without any text":
        "Give `notification.alert`, or an `alert` in the block of each platform.";
    "E16" error "template lists of unequal length": "Each recipient needs one entry, in the same order.";
    "E17" error "a mention without mentionedInfo":
        "Put `mentionedInfo` into the JSON of `content`, or leave `isMentioned` out.";
    "E18" error "message fields outside of message":
        "Put `content` and `objectName` into `message`: flat they are ignored, and the call is a push alone.";
    "E19" error "nobody is selected": "Name an audience; what the vendor makes of none is not documented.";
    "W01" warning "unknown field":
        "Another operation may have it; what the vendor does with it here is not documented.";
    "W02" warning "number or truth value as text": "Numbers and truth values stand without quotes, in lower case; ids of users are in quotes." by_fault;
    "W03" warning "everybody beside other selectors":
        "With `is_to_all` true everybody gets it, whatever else is there.";
    "W04" warning "no default alert": "Older versions require it; newer ones take the platforms' own texts.";
    "W05" warning "a selector without effect":
        "`userid` takes priority over tags, package and platform; `tagItems` takes priority over `tag` and `tag_or`.";
    "W06" warning "platform in upper case": "Every sample and SDK writes lower case.";
    "W07" warning "settings for a platform that is not named": "Name it in `platform`, or leave its block out.";
    "W08" warning "a message without notification":
        "Who is offline learns of it when the app is opened; most SDKs require a notification.";
    "W09" warning "push settings beside disablePush": "`disablePush` makes them void.";
    "W10" warning "key/values without expansion": "They are carried only with `expansion` true.";
    "W11" warning "a badge for several recipients": "`count` works only with one recipient.";
    "W12" warning "options that this group message cannot have":
        "`expansion`, `extraContent`, `disablePush` and `pushExt` work for one whole group.";
    "W13" warning "mentionedInfo without isMentioned": "Nobody is mentioned without `isMentioned` 1.";
    "W14" warning "mentioned user does not get the message": "Add the user to the recipients.";
    "W15" warning "placeholders and values do not match":
        "Keys of `values` carry braces: `{name}`; `pushContent` has a text for each recipient.";
    "W16" warning "picture without https": "Phone makers load pictures over https alone.";
    "W17" warning "name in another spelling":
        "Vendors are upper case in `pushExt` and lower case in `notification`; APNs names have hyphens.";
    "W18" warning "setting that needs a neighbour": "It has no effect alone.";
    "W19" warning "recall field without effect, or no sentTime":
        "Leave out what has no effect; give `sentTime`, which some documents require." by_fault;
    "W20" warning "ends of a query swapped or too far apart":
        "At most 14 days lie between. `startTime` is the later end, but for `ultragroup-hismsg-query` the earlier one.";
    "W21" warning "recipients doubled":
        "A repeated recipient counts twice; more than ten chat rooms are advised against.";
    "W22" warning "id with unusual characters or length": "Documented are letters, digits and `+ = - _`, 64 bytes." by_fault;
    "W23" warning "content near 128 KB":
        "It is over 128000 bytes; which of two readings of 128 KB the vendor has is not known.";
    "W24" warning "doubtful coordinates": "Latitude lies within 90 degrees, longitude within 180; write numbers." by_fault;
    "W25" warning "nonce over 18 characters": "Documented are at most 18.";
    "W26" warning "time in seconds": "Times in bodies are milliseconds since 1970.";
    "W27" warning "comma in a recipient": "Lists are JSON lists; commas are not split.";
    "W28" warning "type that only clients send": "What clients make of it when a server sends it is not documented.";
    "W29" warning "field missing or empty inside the message": "Clients expect it, though no document requires it.";
    "W30" warning "large thumbnail or voice": "Advised are 10 K of base64 for thumbnails, 60 K for voice." by_fault;
    "W31" warning "a sender of a push alone": "Nothing is sent from anybody; leave `fromuserid` out.";
    "W32" warning "percent-encoded content": "It arrives as it is; give the text itself.";
    "W33" warning "pushContent inside mentionedInfo": "The key is `mentionedContent`.";
    "H01" hint "a type that is not pushed by itself": "Give `pushContent` if who is offline should be pushed.";
    "H02" hint "deprecated": "Use what replaces it.";
    "H03" hint "a scarce call": "Twice an hour and three times a day, unless the console allows more.";
    "H04" hint "signature time in seconds": "Documented are milliseconds; both work.";
    "H05" hint "HarmonyOS as a platform": "Only the overseas product describes it.";
    "H06" hint "more than 20 pairs in a call": "Client SDKs allow 20.";
    "H07" hint "clearing a chat room": "Not every SDK knows this type here.";
    "H08" hint "option outside China": "Older documents say that it is not supported abroad.";
    "H09" hint "in use, but in no document": "Whether the vendor reads it is not known: test it, or leave it out.";
};
