//! Every rule: errors are what the vendor refuses or what cannot do what it says, the others are legal and doubtful.

use crate::contract::{Rule, rules};

/// The rules, in the order of their ids.
pub(super) const RULES: &[Rule] = rules! {
    "EM-01" error "target_type missing or wrong":
        "The old way sends to `users`, `chatgroups` or `chatrooms`; a broadcast to everybody says `users`.";
    "EM-02" error "target missing or wrong":
        "The old way takes a list of at most 600 ids, even for one; an import takes one id as text.";
    "EM-03" error "to missing or wrong":
        "A list of ids as text: at most 600 users, 3 groups or 10 chat rooms; a stream takes one id as text.";
    "EM-04" error "users missing or wrong": "Name 1 to 20 members.";
    "EM-05" error "the message's content missing or wrong":
        "The current generation has an object `body`, the old one and broadcasts an object `msg`.";
    "EM-06" error "message type missing or unknown":
        "There are txt, img, audio, video, file, loc, cmd and custom; combined messages cannot be sent over REST.";
    "EM-07" error "sender missing or wrong": "Give a user id, or leave it out for `admin`; an empty one is refused.";
    "EM-08" error "ext is no object": "Give an object, or leave it out; null is refused, too." by_fault;
    "EM-09" error "a key of ext that the platform reads has the wrong form":
        "The message would go out, and the option would silently do nothing.";
    "EM-10" error "sync_device is not true or false": "Write it without quotes.";
    "EM-11" error "routetype is not ROUTE_ONLINE": "That is its only value; leave it out to reach everybody.";
    "EM-12" error "roam_ignore_users missing or wrong": "A list of user ids, at most 20 in groups and rooms.";
    "EM-13" error "need_group_ack is not true or false": "Write it without quotes.";
    "EM-14" error "chatroom_msg_level is not high, normal or low": "Letter case counts.";
    "EM-15" error "env is not 1 to 8 letters or digits": "It names an environment of callbacks.";
    "EM-16" error "useMsgId is not true or false": "Write it without quotes.";
    "EM-20" error "wrong text message": "A text has `msg`, a string.";
    "EM-21" error "wrong picture message": "A picture needs `url`; sizes are numbers.";
    "EM-22" error "wrong voice message": "A voice needs `url`; `length` is a number of seconds.";
    "EM-23" error "wrong film message": "A film needs `url`; lengths are numbers.";
    "EM-24" error "wrong file message": "A file needs `url`.";
    "EM-25" error "wrong place message": "A place needs `lat`, `lng` and `addr`.";
    "EM-26" error "wrong command message": "A command needs `action`, a string; `param` holds plain values.";
    "EM-27" error "customEvent has another form": "1 to 32 letters, digits and `_ / . -`.";
    "EM-28" error "customExts has another form":
        "An object of at most 16 pairs, whose values are texts in the current generation.";
    "EM-30" error "message too large":
        "The vendor answers 14007, or `message is too large`. Move data to a server and send its address.";
    "EM-31" error "request too large": "The vendor answers 413. Send to fewer targets at once.";
    "EM-32" error "msg of a chunk missing, wrong or too long": "All chunks together take at most 131072 bytes.";
    "EM-33" error "seq missing or wrong": "Chunks count from 0 in steps of 1.";
    "EM-34" error "msgId of a stream missing or wrong":
        "Every chunk but the first names the id that the first one's answer gave.";
    "EM-35" error "wrong end of a stream": "`finish` is true or false, `finishReason` a number.";
    "EM-36" error "type of a stream unknown": "It is `text` or `markdown`.";
    "EM-40" error "msgs missing or wrong": "A list of 1 to 30 objects.";
    "EM-41" error "msg_id missing or wrong":
        "One id, as text: numbers of 19 digits lose their last ones in many programs.";
    "EM-42" error "receiver of a recall missing or wrong": "The user, group or room that the message went to.";
    "EM-43" error "chat_type missing or unknown": "It is `chat`, `groupchat` or `chatroom`.";
    "EM-44" error "force missing or wrong": "`false` recalls within the period, `true` at any age.";
    "EM-45" error "an option of a recall has the wrong type":
        "`from` and `recallMessageExtensionInfo` are texts, `sync_device` is true or false.";
    "EM-50" error "the message id of an edit is no number": "The vendor answers InvalidMessageIdException.";
    "EM-51" error "new_msg missing or wrong": "The vendor answers `new_msg is required`.";
    "EM-52" error "type of an edit missing or not editable":
        "The type of the stored message; commands cannot be edited.";
    "EM-53" error "the new text missing or wrong": "An edited text has `msg`, a string.";
    "EM-54" error "an option of an edit has the wrong type":
        "`new_ext` is an object, `is_combine_ext` true or false, `user` a text." by_fault;
    "EM-60" error "file missing, wrong or too large":
        "At most 10485760 bytes, unless the contract with the vendor says more.";
    "EM-61" error "an option of an upload has the wrong type":
        "`restrict-access` is true or false, sizes are whole numbers.";
    "EM-62" error "file_uuid missing or wrong": "The uuid that the upload's answer gave.";
    "EM-63" error "lifetime missing or unknown": "It is `default`, `refresh` or `forever`.";
    "EM-64" error "chatfile_ids missing or wrong": "1 to 100 uuids.";
    "EM-65" error "time is no hour": "Ten digits, yyyyMMddHH, that name a real hour.";
    "EM-66" error "username missing or wrong": "It is in the path.";
    "EM-67" error "msg_id missing or no number": "It is in the path.";
    "EM-72" error "msg_timestamp wrong": "Milliseconds from 1000 on.";
    "EM-73" error "an option of an import is not true or false": "Write it without quotes.";
    "EM-75" error "channel missing or wrong": "The other user, or the group.";
    "EM-76" error "type of conversation missing or unknown": "It is `chat` or `groupchat`.";
    "EM-77" error "delete_roam missing or wrong": "Say whether the messages on the server go too.";
    "EM-78" error "two conversations, or a wrong one":
        "`peer` for one to one, `groupId` for groups and rooms, neither for everything.";
    "EM-79" error "which messages go is not said, or twice":
        "With a conversation, exactly one of `msgIdList` (1 to 50) and `delTime`; without one, none.";
    "EM-80" error "grant_type missing or wrong": "`client_credentials` for an app token, `inherit` for a user's.";
    "EM-81" error "client id or secret missing": "Both are in the console.";
    "EM-82" error "ttl wrong": "Seconds, 0 or more.";
    "EM-83" error "username missing or empty": "Whose token it is.";
    "EM-84" error "autoCreateUser missing or wrong": "Say whether the user is registered if there is none.";
    "EM-90" error "targets missing or wrong": "A list of ids as text; at most 100 in push-single.";
    "EM-91" error "strategy unknown": "It is a number from 0 to 4.";
    "EM-92" error "pushMessage missing or wrong": "An object with title and content.";
    "EM-93" error "pushMsgId missing or wrong": "The number that push-message gave.";
    "EM-94" error "startDate has another form": "yyyy-MM-dd HH:mm:ss, a real time.";
    "EM-95" error "the id in the path missing or wrong": "A user id for pushes, a number for stored notifications.";
    "EM-96" error "title missing, blank or too long": "At most 32 units; a Chinese character counts 2.";
    "EM-97" error "content missing, blank or too long": "At most 100 units; a Chinese character counts 2.";
    "EM-98" error "subTitle wrong or too long": "At most 10 characters.";
    "EM-99" error "ext of a push wrong or too large": "An object of at most 10 pairs and 1024 characters of compact JSON." by_fault;
    "EM-100" error "config has another form": "`clickAction` holds texts, `badge` numbers." by_fault;
    "EM-101" error "a phone maker's section is no object": "Give an object, or leave it out." by_fault;
    "EM-102" error "a phone maker's section breaks that maker's limits": "The maker refuses the notification." by_fault;
    "EM-105" error "name of a label missing or wrong":
        "A new label has 1 to 64 letters, digits and `_ . -`; one of the console may have others. Letter case counts.";
    "EM-106" error "description of a label wrong or too long": "At most 255 characters.";
    "EM-107" error "usernames missing or wrong": "1 to 100 user ids.";
    "EM-108" error "page of a list wrong": "`limit` is 1 to 100, `cursor` a text.";
    "EM-W01" warning "unknown field": "The server ignores it.";
    "EM-W02" warning "size on which sources disagree": "Older pages refuse it with 413; keep requests small.";
    "EM-W03" warning "receivers in a broadcast":
        "They are ignored and the message goes to EVERYBODY; use `send-users`, `send-groups` or `send-rooms`.";
    "EM-W04" warning "a key of offline push beside em_apns_ext":
        "Put it into `em_apns_ext`; in `ext` itself nothing reads it.";
    "EM-W05" warning "push ignored and forced at once": "`em_ignore_notification` wins.";
    "EM-W06" warning "offline push for online receivers alone": "With ROUTE_ONLINE who is offline gets nothing at all.";
    "EM-W07" warning "push settings on a command": "Commands are never pushed.";
    "EM-W08" warning "field without effect here": "Leave it out.";
    "EM-W09" warning "attachment that is not in the app's store":
        "Upload it first; clients load attachments as https://{host}/{org}/{app}/chatfiles/{uuid}.";
    "EM-W10" warning "name in another spelling": "The server reads the documented one alone.";
    "EM-W11" warning "an id twice": "It gets one result and uses up the quota twice.";
    "EM-W12" warning "unusual user id":
        "The server does not check ids: a misspelled one gets a message id, but no user gets the message.";
    "EM-W13" warning "group or room id that is no number":
        "Ids of groups and rooms are digits; a user's id belongs into another operation.";
    "EM-W14" warning "doubtful coordinates": "Decimal degrees: latitude within 90, longitude within 180.";
    "EM-W15" warning "custom message without customEvent": "One official SDK refuses it.";
    "EM-W16" warning "empty text": "Clients show an empty bubble.";
    "EM-W17" hint "no sender": "Receivers see `admin`.";
    "EM-W18" warning "film without thumbnail": "The vendor makes none: upload one and give it as `thumb`.";
    "EM-W19" warning "targeted message to several groups or rooms":
        "Documents promise one; what happens with more is not documented.";
    "EM-W20" warning "more receivers than a minute's quota":
        "6000 messages a minute go out, one for each receiver; send them more slowly.";
    "EM-W21" warning "recall of what cannot be recalled":
        "The usual window is 2 minutes, `force` true ignores it; commands, broadcasts and pushes stay.";
    "EM-W22" warning "chat_type and receiver do not match": "The vendor answers `can't find msg to`.";
    "EM-W23" warning "odd chunk of a stream": "The first chunk has no id, and only the last one has a reason other than 0.";
    "EM-W24" warning "env outside China": "Callback environments exist in China 1 and China 2.";
    "EM-W25" warning "upper case in a directed template": "Ids are compared in lower case.";
    "EM-W26" warning "nested value in ext": "Old clients drop it; use plain values, or JSON as text.";
    "EM-W27" warning "push by the phone maker's channel alone":
        "Users without a device token are dropped silently; strategies 0 and 3 reach them.";
    "EM-W28" warning "a token for ever, or a secret in a file": "Give a ttl, and keep secrets in the profile.";
    "EM-W29" warning "edit that changes nothing": "Of attachments and places only `new_ext` can change.";
    "EM-W30" warning "message id as a number, or one that was rounded":
        "Programs that read it as a double change its last digits: take it from the answer as text, and write it as text \
         where the contract takes one.";
    "EM-W31" warning "secret or personal data in the text":
        "The text is moderated, stored and pushed; data of the app belongs into `ext`." hides;
    "EM-W32" warning "empty target": "What the old generation does with it is not documented.";
    "EM-W33" hint "deprecated": "Use what replaces it.";
    "EM-W34" warning "odd section of a phone maker": "The setting is ignored or shortened.";
    "EM-W35" warning "several labels": "Documents know one; one SDK takes the users who have all of them.";
    "EM-W36" hint "nearly too large": "Within 5 % of the limit, and the vendor does not say what exactly counts.";
    "EM-W37" warning "start outside the window": "The vendor takes 1 hour to 30 days ahead.";
    "EM-W38" hint "a number as text": "The documents' table has a number, their sample a text; write the number.";
};
