//! Flags and the payloads made from them, and what follows up on something sent.

use std::path::PathBuf;

use super::{account, json, stamp};
use crate::account::Account;
use crate::contract::{Context, Target, TargetKind, Verb};
use crate::document::{Document, Value};
use crate::error::Result;
use crate::lint::lint;
use crate::outcome::SentMessage;
use crate::provider::easemob::{CONTRACT, Easemob};
use crate::provider::prerequisite::{Ask, BroughtValues, value};
use crate::provider::{
    Content, Draft, FollowUp, LocalFile, Media, PrerequisiteResult, SendIntent, Uploading,
    Vendor as _, WantedAudience,
};
use crate::wire::{Reply, Stamp};

fn target(text: &str) -> Target {
    let (kind, id) = text.split_once(':').unwrap_or(("user", text));
    Target::new(TargetKind::from_word(kind).expect("a kind"), id)
}

struct Asked {
    account: Account,
    stamp: Stamp,
}

impl Asked {
    fn new() -> Self {
        Self { account: account("china-2"), stamp: stamp() }
    }

    /// What a plain `--text hi --from a` asks for.
    fn intent(&self, verb: Verb, to: &[&str]) -> SendIntent<'_> {
        SendIntent {
            verb,
            audience: WantedAudience::Targets(to.iter().map(|text| target(text)).collect()),
            from: Some("a"),
            content: Some(Content::Text("hi".to_owned())),
            title: None,
            extra: &[],
            message_type: None,
            sets: &[],
            account: &self.account,
            stamp: &self.stamp,
        }
    }
}

fn shown(drafts: Result<Vec<Draft>>) -> Vec<String> {
    match drafts {
        Ok(drafts) => drafts
            .iter()
            .map(|draft| format!("{} {}", draft.operation.id, draft.body.to_compact()))
            .collect(),
        Err(error) => vec![format!("refused: {error}")],
    }
}

const HI: &str = r#""type":"txt","body":{"msg":"hi"}"#;

#[test]
fn targets_decide_the_operation() {
    let asked = Asked::new();
    for (verb, to, wanted) in [
        (
            Verb::Send,
            &["bob", "eve"][..],
            vec![format!(r#"send-users {{"from":"a","to":["bob","eve"],{HI}}}"#)],
        ),
        (
            Verb::Send,
            &["group:1", "group:2", "group:3", "group:4"],
            vec![
                format!(r#"send-groups {{"from":"a","to":["1","2","3"],{HI}}}"#),
                format!(r#"send-groups {{"from":"a","to":["4"],{HI}}}"#),
            ],
        ),
        (Verb::Send, &["room:1"], vec![format!(r#"send-rooms {{"from":"a","to":["1"],{HI}}}"#)]),
        (
            Verb::Send,
            &["bob", "group:1"],
            vec!["refused: one command sends to targets of one kind".to_owned()],
        ),
        (
            Verb::Send,
            &["alias:x"],
            vec![
                "refused: easemob knows no channels, aliases, registration ids or packages"
                    .to_owned(),
            ],
        ),
        (
            Verb::Send,
            &["tag:x"],
            vec!["refused: labels are reached by `broadcast` alone".to_owned()],
        ),
        (
            Verb::Broadcast,
            &["tag:x", "tag:y"],
            vec!["refused: a push goes to one label".to_owned()],
        ),
        (Verb::Broadcast, &["tag:x"], vec!["refused: a push to a label needs --title".to_owned()]),
        (Verb::Send, &[], vec!["refused: there is no audience".to_owned()]),
    ] {
        assert_eq!(shown(Easemob.compose(&asked.intent(verb, to))), wanted, "{to:?}");
    }
    let sets = ["users".to_owned()];
    let targeted = SendIntent { sets: &sets, ..asked.intent(Verb::Send, &["group:1"]) };
    assert_eq!(
        shown(Easemob.compose(&targeted))[0].split(' ').next(),
        Some("send-groups-targeted")
    );
    let two = SendIntent { sets: &sets, ..asked.intent(Verb::Send, &["room:1", "room:2"]) };
    assert_eq!(shown(Easemob.compose(&two)), ["refused: members are those of one group or room"]);
    let all =
        SendIntent { audience: WantedAudience::Everybody, ..asked.intent(Verb::Broadcast, &[]) };
    assert_eq!(
        shown(Easemob.compose(&all)),
        [r#"broadcast-all {"target_type":"users","msg":{"type":"txt","msg":"hi"},"from":"a"}"#]
    );
}

#[test]
fn a_label_gets_a_notification() {
    let asked = Asked::new();
    let extra = [("k".to_owned(), "v".to_owned())];
    let push = SendIntent {
        title: Some("t"),
        extra: &extra,
        ..asked.intent(Verb::Broadcast, &["tag:vip"])
    };
    let drafts = Easemob.compose(&push).expect("drafts");
    assert_eq!(drafts[0].warnings.len(), 1, "no sender");
    assert_eq!(
        shown(Ok(drafts)),
        [
            r#"push-label {"targets":["vip"],"pushMessage":{"title":"t","content":"hi","ext":{"k":"v"}}}"#
        ]
    );
}

#[test]
fn content_becomes_the_vendors_own() {
    let asked = Asked::new();
    let url = || Media::Url("https://a31.easemob.com/acme/demo/chatfiles/1?x=y".to_owned());
    let media = r#"{"url":"https://a31.easemob.com/acme/demo/chatfiles/1?x=y","filename":"1"}"#;
    for (content, wanted) in [
        (Content::Image(url()), format!(r#""type":"img","body":{media}"#)),
        (Content::Voice(url()), format!(r#""type":"audio","body":{media}"#)),
        (Content::Video(url()), format!(r#""type":"video","body":{media}"#)),
        (Content::File(url()), format!(r#""type":"file","body":{media}"#)),
        (
            Content::Location { latitude: "39.9".into(), longitude: "116.30".into(), name: None },
            r#""type":"loc","body":{"lat":"39.9","lng":"116.30","addr":"39.9,116.30"}"#.to_owned(),
        ),
        (Content::Command("go".into()), r#""type":"cmd","body":{"action":"go"}"#.to_owned()),
    ] {
        let intent = SendIntent { content: Some(content), ..asked.intent(Verb::Send, &["bob"]) };
        let drafts = Easemob.compose(&intent).expect("drafts");
        let body = drafts[0].body.to_compact();
        assert_eq!(body, format!(r#"{{"from":"a","to":["bob"],{wanted}}}"#));
        let context = Context { account: Some(&asked.account), ..Context::default() };
        let document = Document::of(&drafts[0].body);
        let found = lint(&CONTRACT, drafts[0].operation, &document, &context);
        // What flags cannot give is named, and is not an error.
        assert!(found.iter().all(|finding| finding.rule.id == "EM-W18"), "{found:?}");
    }
}

#[test]
fn title_and_extra_go_into_ext() {
    let asked = Asked::new();
    let extra = [("k".to_owned(), "v".to_owned())];
    let intent =
        SendIntent { title: Some("t"), extra: &extra, ..asked.intent(Verb::Send, &["bob"]) };
    let drafts = Easemob.compose(&intent).expect("drafts");
    assert!(drafts[0].lost[0].contains("offline push only"));
    assert!(drafts[0].body.to_compact().ends_with(
        r#""ext":{"k":"v","em_apns_ext":{"em_push_title":"t"},"em_push_ext":{"title":"t"}}}"#
    ));
    let command = SendIntent { content: Some(Content::Command("x".into())), ..intent };
    let drafts = Easemob.compose(&command).expect("drafts");
    let found =
        lint(&CONTRACT, drafts[0].operation, &Document::of(&drafts[0].body), &Context::default());
    assert!(found.iter().all(|finding| finding.rule.id == "EM-W07") && !found.is_empty());
}

#[test]
fn a_local_file_is_uploaded_before_its_message() {
    let asked = Asked::new();
    let file = LocalFile {
        path: PathBuf::from("pics/a.jpg"),
        name: "a.jpg".to_owned(),
        size: 7,
        ..LocalFile::default()
    };
    let content = Some(Content::Video(Media::File(file)));
    let intent = SendIntent { content, ..asked.intent(Verb::Send, &["bob"]) };
    let draft = &Easemob.compose(&intent).expect("drafts")[0];
    let body = draft.body.to_compact();
    assert!(body.contains("/chatfiles/00000000-0000-0000-0000-000000000000"), "{body}");
    assert!(body.contains(r#""filename":"a.jpg","file_length":7"#), "{body}");
    let upload = &draft.uploads[0];
    let places: Vec<&str> = upload.places.iter().map(|place| place.at).collect();
    assert_eq!(places, ["body/url", "body/secret"]);

    let mut brought = Vec::new();
    let next = |brought: &BroughtValues| {
        let (account, stamp) = (&asked.account, &asked.stamp);
        let uploading =
            Uploading { file: &upload.file, kind: upload.kind, brought, account, stamp };
        Easemob.upload(&uploading).expect("no fault")
    };
    let prerequisite = next(&brought).expect("the upload");
    assert_eq!(prerequisite.operation.id, "upload");
    let Ask::Call(part) = &prerequisite.ask else { panic!("a call") };
    assert_eq!(part.to_compact(), r#"{"file":{"path":"pics/a.jpg","name":"a.jpg"}}"#);
    let found = lint(&CONTRACT, prerequisite.operation, &Document::of(part), &Context::default());
    assert!(found.is_empty(), "{found:?}");
    let reply = Reply {
        status: 200,
        body: br#"{"uri":"https://h.example/o/a/chatfiles","entities":[{"uuid":"u-1","share-secret":"s"}]}"#.to_vec(),
        ..Reply::default()
    };
    let carried = Easemob.prerequisite_result(&prerequisite, &asked.account, &reply);
    let Some(PrerequisiteResult::File(values)) = carried else {
        panic!("what is known of the file")
    };
    brought.extend(values);
    let url = value(&brought, "url").and_then(Value::as_str);
    assert_eq!(url, Some("https://h.example/o/a/chatfiles/u-1"));
    assert_eq!(value(&brought, "share-secret").and_then(Value::as_str), Some("s"));
    assert!(next(&brought).is_none(), "it has arrived");
}

fn sent(operation: &str, body: &str, targets: &[(&str, &str)]) -> SentMessage {
    SentMessage {
        operation: operation.to_owned(),
        body: json(body),
        ids: Vec::new(),
        targets: targets
            .iter()
            .map(|(to, id)| ((*to).to_owned(), Some((*id).to_owned())))
            .collect(),
        sent_ms: 0,
    }
}

/// What follows up, as `operation body` lines.
fn follow(
    verb: Verb,
    ids: &[&str],
    sent: Option<&SentMessage>,
    to: &[&str],
    from: Option<&str>,
    sets: &[&str],
) -> Vec<String> {
    let asked = Asked::new();
    let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    let to: Vec<Target> = to.iter().map(|text| target(text)).collect();
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    let intent = asked.intent(Verb::Update, &[]);
    shown(Easemob.follow_up(&FollowUp {
        verb,
        ids: &ids,
        sent,
        from,
        to: &to,
        intent: (verb == Verb::Update).then_some(&intent),
        sets: &sets,
        account: &asked.account,
        stamp: &asked.stamp,
    }))
}

#[test]
fn a_recall_names_receiver_and_kind() {
    let one = r#"{"msg_id":"11","to":"bob","chat_type":"chat","from":"a","force":false}"#;
    let two = one.replace("11", "12").replace("bob", "eve");
    let users = sent(
        "send-users",
        r#"{"from":"a","to":["bob","eve"],"type":"txt"}"#,
        &[("user:bob", "11"), ("eve", "12")],
    );
    assert_eq!(
        follow(Verb::Recall, &[], Some(&users), &[], None, &[]),
        [format!(r#"recall-batch {{"msgs":[{one},{two}]}}"#)]
    );
    assert_eq!(
        follow(Verb::Recall, &["11"], Some(&users), &[], None, &[]),
        [format!("recall {one}")]
    );
    assert_eq!(
        follow(Verb::Recall, &[], Some(&users), &[], None, &["force"]),
        [format!("recall {one}"), format!("recall {two}")]
    );
    assert_eq!(
        follow(Verb::Recall, &["9"], None, &["room:7"], None, &[]),
        [r#"recall {"msg_id":"9","to":"7","chat_type":"chatroom","force":false}"#]
    );
    let many: Vec<String> = (0..31).map(|n| n.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(follow(Verb::Recall, &many, None, &["group:7"], None, &[]).len(), 2);
    for (sent, why) in [
        (sent("broadcast-all", "{}", &[]), "recall of `broadcast-all` is not possible"),
        (sent("push-label", "{}", &[]), "recall of `push-label` is not possible"),
        (
            sent("send-users", r#"{"type":"cmd","to":["b"]}"#, &[("b", "1")]),
            "recall of `send-users` is not possible: commands",
        ),
        (
            sent("send", r#"{"target_type":"users","target":["b"]}"#, &[]),
            "the ledger has no message id",
        ),
    ] {
        let found = follow(Verb::Recall, &[], Some(&sent), &[], None, &[]);
        assert!(found[0].starts_with(&format!("refused: {why}")), "{found:?}");
    }
    assert!(
        follow(Verb::Recall, &["9"], None, &[], None, &[])[0]
            .starts_with("refused: easemob needs the receiver")
    );
}

#[test]
fn what_follows_up_finds_its_operation() {
    let user = sent("send-users", r#"{"from":"a","to":["bob"],"type":"txt"}"#, &[("bob", "11")]);
    let group = sent("send-groups", r#"{"from":"a","to":["7"],"type":"img"}"#, &[("7", "12")]);
    assert_eq!(
        follow(Verb::Update, &[], Some(&user), &[], None, &[]),
        [r#"update {"msg_id":"11","new_msg":{"type":"txt","msg":"hi"},"user":"a"}"#]
    );
    assert_eq!(
        follow(Verb::Update, &["5"], None, &[], None, &[]),
        [r#"update {"msg_id":"5","new_msg":{"type":"txt","msg":"hi"}}"#]
    );
    assert_eq!(
        follow(Verb::Update, &[], Some(&group), &[], None, &[]),
        ["refused: the message is `img` and cannot become a text"]
    );
    assert_eq!(
        follow(Verb::Status, &[], Some(&user), &[], None, &[]),
        [r#"offline-status {"username":"bob","msg_id":"11"}"#]
    );
    assert_eq!(
        follow(Verb::Status, &[], Some(&group), &[], None, &[]),
        ["refused: the state of delivery is that of one user"]
    );
    assert_eq!(
        follow(Verb::Status, &[], Some(&group), &["eve"], None, &[]),
        [r#"offline-status {"username":"eve","msg_id":"12"}"#]
    );
    assert_eq!(
        follow(Verb::Delete, &[], Some(&user), &[], None, &[]),
        [r#"delete-roaming {"username":"a","peer":"bob","msgIdList":["11"]}"#]
    );
    assert_eq!(
        follow(Verb::Delete, &[], Some(&user), &[], Some("bob"), &[]),
        [r#"delete-roaming {"username":"bob","peer":"a","msgIdList":["11"]}"#]
    );
    assert_eq!(
        follow(Verb::Delete, &[], Some(&group), &[], None, &[]),
        [r#"delete-roaming {"username":"a","groupId":"7","msgIdList":["12"]}"#]
    );
    assert_eq!(
        follow(Verb::Delete, &[], None, &["group:7"], Some("a"), &["channel"]),
        [r#"delete-conversation {"username":"a","type":"groupchat"}"#]
    );
    for verb in [Verb::Get, Verb::Clear] {
        assert!(follow(verb, &["1"], None, &[], None, &[])[0].starts_with("refused: easemob"));
    }
}
