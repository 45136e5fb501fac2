//! Where the audience of every row is read.

use super::*;
use crate::contract::Contract;

fn contracts() -> impl Iterator<Item = &'static Contract> {
    crate::provider::ALL.iter().map(|vendor| vendor.contract())
}

/// Where a row's audience is read.
fn place(reach: &Reach) -> String {
    let all =
        |all: &[Reach], between: &str| all.iter().map(place).collect::<Vec<_>>().join(between);
    match reach {
        Reach::Unsaid => "cannot be named".to_owned(),
        Reach::ForeignCodes(why) => (*why).to_owned(),
        Reach::Own => "the app's own".to_owned(),
        Reach::Everybody => "everybody".to_owned(),
        Reach::Field(kind, path) | Reach::Listed(kind, path) => format!("{path} ({kind})"),
        Reach::Fields(fields) => {
            let one = |(kind, path): &(TargetKind, &str)| format!("{path} ({kind})");
            fields.iter().map(one).collect::<Vec<_>>().join(" or ")
        }
        Reach::Read(paths, _) => paths.join(", "),
        Reach::Message(paths) => format!("by the ledger: {}", paths.join(", ")),
        Reach::KnownMessage(paths) => {
            format!("by the ledger, where it knows: {}", paths.join(", "))
        }
        Reach::FirstOf(each) => all(each, "; else "),
        Reach::AllOf(each) => all(each, "; and "),
    }
}

#[test]
fn every_row_that_destroys_or_changes_says_where_its_audience_is_read() {
    let rows = contracts().flat_map(|contract| {
        contract.operations.iter().map(move |operation| (contract.id, operation))
    });
    let changing = rows.filter(|(_, row)| matches!(row.effect, Effect::Destroys | Effect::Manages));
    let found: Vec<(String, String)> =
        changing.map(|(id, row)| (format!("{id}/{}", row.id), place(&row.reach))).collect();
    let mut found: Vec<(&str, &str)> =
        found.iter().map(|(name, place)| (name.as_str(), place.as_str())).collect();
    found.sort_unstable();
    // A provider that is not in the list has to name an audience in each row.
    let provider = |name: &str| name.split('/').next().map(str::to_owned);
    let is_listed =
        |row: &&(&str, &str)| PLACES.iter().any(|(name, _)| provider(name) == provider(row.0));
    let (listed, others): (Vec<_>, Vec<_>) = found.iter().partition(is_listed);
    assert_eq!(listed, PLACES);
    let unsaid: Vec<_> = others.iter().filter(|(_, place)| *place == "cannot be named").collect();
    assert!(unsaid.is_empty(), "{unsaid:?}");
}

/// Where the audience of each row is read.
const PLACES: &[(&str, &str)] = &[
    ("easemob/attachment-lifetime", "cannot be named"),
    ("easemob/delete-conversation", "username (user)"),
    ("easemob/delete-roaming", "username (user)"),
    ("easemob/label-create", "the app's own"),
    ("easemob/label-delete", "name (tag)"),
    ("easemob/label-users-add", "usernames (user)"),
    ("easemob/label-users-remove", "usernames (user)"),
    ("easemob/push-message", "the app's own"),
    ("easemob/recall", "chat_type, to; and by the ledger, where it knows: msg_id"),
    ("easemob/recall-batch", ALL_RECALLED),
    ("easemob/recall-legacy", ALL_RECALLED),
    ("easemob/token", "the app's own"),
    ("easemob/token-user", "the app's own"),
    ("easemob/update", "by the ledger: msg_id"),
    ("easemob/upload", "the app's own"),
    ("jmessage/register-admin", "the app's own"),
    ("jmessage/resource-upload", "the app's own"),
    ("jmessage/retract", "by the ledger: msgid"),
    ("jpush-v3/file-delete", "cannot be named"),
    ("jpush-v3/file-upload", "the app's own"),
    ("jpush-v3/recall", "by the ledger: msg_id"),
    ("rongcloud/chatroom-message-priority-add", "the app's own"),
    ("rongcloud/chatroom-message-priority-remove", "the app's own"),
    ("rongcloud/chatroom-message-resume-distribution", "chatroomId (room)"),
    ("rongcloud/chatroom-message-stop-distribution", "chatroomId (room)"),
    ("rongcloud/chatroom-whitelist-add", "the app's own"),
    ("rongcloud/chatroom-whitelist-delete", "the app's own"),
    ("rongcloud/conversation-notification-set", "requestId (user)"),
    ("rongcloud/conversation-top-set", "userId (user)"),
    ("rongcloud/conversation-type-notification-set", "requestId (user)"),
    ("rongcloud/expansion-delete", OF_CONVERSATION),
    ("rongcloud/expansion-set", OF_CONVERSATION),
    ("rongcloud/history-clean", "fromUserId (user)"),
    ("rongcloud/history-log-delete", "everybody"),
    ("rongcloud/modify-group", "groupId (group); and by the ledger, where it knows: msgUID"),
    ("rongcloud/modify-private", "targetId (user); and by the ledger, where it knows: msgUID"),
    ("rongcloud/modify-ultragroup", OF_ULTRA_GROUP),
    (
        "rongcloud/recall",
        "conversationType, targetId; and by the ledger, where it knows: messageUID",
    ),
    ("rongcloud/recall-broadcast", "by the ledger: messageUID"),
    ("rongcloud/tag-batch-set", "userIds (user)"),
    ("rongcloud/tag-conversation-del", "userId (user)"),
    ("rongcloud/tag-conversation-set", "userId (user)"),
    ("rongcloud/tag-set", "userId (user)"),
    ("rongcloud/token", "the app's own"),
    ("rongcloud/ultragroup-expansion-delete", OF_ULTRA_GROUP),
    ("rongcloud/ultragroup-expansion-set", OF_ULTRA_GROUP),
    ("rongcloud/ultragroup-notdisturb-set", "groupId (channel)"),
    ("rongcloud/user-block-push-period-delete", "userId (user)"),
    ("rongcloud/user-block-push-period-set", "userId (user)"),
    ("rongcloud/user-conversation-tag-del", "userId (user)"),
    ("rongcloud/user-conversation-tag-set", "userId (user)"),
    ("wildfire/channel-recall", "by the ledger: messageUid"),
    ("wildfire/clear-by-user", "cannot be named"),
    ("wildfire/delete", "by the ledger: messageUid"),
    ("wildfire/delete-broadcast", "by the ledger: messageUid"),
    ("wildfire/delete-conversation", "userId (user)"),
    ("wildfire/delete-multicast", "receivers (user); and by the ledger: messageUid"),
    (
        "wildfire/import",
        "messages/*/conversation/type, messages/*/conversation/target, messages/*/receivers",
    ),
    ("wildfire/recall", "by the ledger: messageUid"),
    ("wildfire/recall-broadcast", "by the ledger: messageUid"),
    ("wildfire/recall-multicast", "receivers (user); and by the ledger: messageUid"),
    ("wildfire/robot-recall", "by the ledger: messageUid"),
    ("wildfire/robot-update", "by the ledger: messageUid"),
    ("wildfire/robot-upload-url", "the app's own"),
    ("wildfire/update", "by the ledger: messageUid"),
    ("wildfire/upload-url", "the app's own"),
];

const ALL_RECALLED: &str = "msgs/*/chat_type, msgs/*/to; and by the ledger, where it knows: msgs/*/msg_id; \
     else by the ledger: msgs/*/msg_id";
const OF_CONVERSATION: &str =
    "conversationType, targetId; and by the ledger, where it knows: msgUID";
const OF_ULTRA_GROUP: &str = "groupId (channel); and by the ledger, where it knows: msgUID";

#[test]
fn no_row_that_sends_leaves_its_audience_open() {
    for contract in contracts() {
        for row in contract.operations.iter().filter(|row| row.effect == Effect::Sends) {
            let is_said = !matches!(row.reach, Reach::Unsaid | Reach::Own);
            assert!(is_said && !row.reach.names_messages(), "{}/{}", contract.id, row.id);
        }
    }
}

/// Bodies that vendors take, with their operations.
pub(super) fn corpus() -> Vec<(&'static Operation, Document)> {
    let files = [
        include_str!("../../../../tests/cases/easemob.jsonl"),
        include_str!("../../../../tests/cases/jmessage.jsonl"),
        include_str!("../../../../tests/cases/jpush.jsonl"),
        include_str!("../../../../tests/cases/rongcloud.jsonl"),
        include_str!("../../../../tests/cases/wildfire.jsonl"),
    ];
    let cases = files.into_iter().flat_map(str::lines).filter_map(|line| {
        let case: serde_json::Value = serde_json::from_str(line).expect("a case");
        let word = |key: &str| case[key].as_str().expect("a word").to_owned();
        let name = format!("{}/{}", word("provider"), word("operation"));
        (word("expect") == "accept").then(|| (name, case["body"].to_string()))
    });
    let more = [
        ("jpush-v3/group-push", r#"{"audience":{"tag":["a"]}}"#),
        (
            "rongcloud/push-custom",
            r#"{"audience":{"is_to_all":false,"tagItems":[{"tags":["a"],"isNot":false}]}}"#,
        ),
        ("wildfire/channel-send", r#"{"targets":["a"]}"#),
        ("wildfire/import", r#"{"messages":[{"conversation":{"type":0,"target":"a"}}]}"#),
    ];
    let more = more.into_iter().map(|(name, body)| (name.to_owned(), body.to_owned()));
    let read = |(name, body): (String, String)| {
        let (_, operation) = crate::provider::find_operation(&name).expect("an operation");
        (operation, Document::parse(body).expect("JSON"))
    };
    cases.chain(more).map(read).collect()
}

/// Whether a path lies on one of the paths of a row, or is the beginning of one.
fn is_along(asked: &str, paths: &[&str]) -> bool {
    paths.iter().any(|path| {
        let mut names = path.split('/');
        asked.split('/').all(|one| names.next().is_some_and(|name| name == "*" || name == one))
    })
}

/// A function must read only what its row names: near names are looked for only at the named paths.
#[test]
fn functions_read_what_their_rows_name_and_nothing_else() {
    let mut read = 0;
    for (operation, body) in corpus() {
        let mut all = vec![operation.reach];
        while let Some(reach) = all.pop() {
            if let Reach::FirstOf(inner) | Reach::AllOf(inner) = reach {
                all.extend(inner);
            }
            let Reach::Read(paths, function) = reach else { continue };
            let trail = Trail::new(&body);
            function(trail.root());
            for way in trail.asked() {
                // For a list of ids, its path means its items.
                let way = way.trim_end_matches("/*");
                assert!(is_along(way, paths), "{} reads {way}: {}", operation.id, body.text());
                read += 1;
            }
        }
    }
    assert!(read > 100, "{read}");
}

#[test]
fn each_name_of_an_audience_is_known_to_all_rows_of_its_provider() {
    for contract in contracts() {
        let mut names: Vec<&str> = Vec::new();
        for row in contract.operations.iter().filter(|row| row.effect == Effect::Sends) {
            row.reach.each_path(&mut |path| names.extend(path.split('/')));
        }
        for row in contract.operations.iter().filter(|row| row.effect != Effect::Reads) {
            let mut has_paths = false;
            row.reach.each_path(&mut |_| has_paths = true);
            for name in names.iter().filter(|name| has_paths && **name != "*") {
                assert!(row.audience.contains(name), "{}/{} lacks {name}", contract.id, row.id);
            }
        }
    }
}
