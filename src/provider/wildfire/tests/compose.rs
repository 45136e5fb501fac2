use super::{Wildfire, account, json, stamp};
use crate::account::Account;
use crate::contract::{Context, Target, TargetKind, Verb};
use crate::document::{Document, Value};
use crate::error::Result;
use crate::lint::lint;
use crate::outcome::Sent;
use crate::provider::{
    Content, Draft, FollowUp, Intent, LocalFile, Media, MediaKind, Vendor as _, Wanted,
};
use crate::wire::Stamp;

fn target(text: &str) -> Target {
    let (kind, id) = text.split_once(':').unwrap_or(("user", text));
    Target::new(TargetKind::from_word(kind).expect("a kind"), id)
}

fn targets(texts: &[&str]) -> Wanted {
    Wanted::Targets(texts.iter().map(|text| target(text)).collect())
}

/// What a test asks for; everything else is as a plain `--text hi --from alice`.
struct Asked {
    account: Account,
    stamp: Stamp,
}

impl Asked {
    fn new(values: &[(&str, &str)]) -> Self {
        Self { account: account(values), stamp: stamp("1782353213880", "1") }
    }

    fn intent(&self, verb: Verb, audience: Wanted) -> Intent<'_> {
        Intent {
            verb,
            audience,
            from: Some("alice"),
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

const HI: &str = r#""payload":{"type":1,"searchableContent":"hi","persistFlag":3}"#;

#[test]
fn targets_decide_the_operation() {
    let send = |kind: u8, id: &str| {
        format!(
            r#"send {{"sender":"alice","conv":{{"type":{kind},"target":"{id}","line":0}},{HI}}}"#
        )
    };
    for (verb, to, wanted) in [
        (Verb::Send, &["bob"][..], vec![send(0, "bob")]),
        (Verb::Send, &["group:g1"], vec![send(1, "g1")]),
        (Verb::Send, &["room:r1"], vec![send(2, "r1")]),
        (Verb::Send, &["channel:c1"], vec![send(3, "c1")]),
        (Verb::Send, &["group:g1", "group:g2"], vec![send(1, "g1"), send(1, "g2")]),
        (
            Verb::Send,
            &["a", "b"],
            vec![format!(r#"multicast {{"sender":"alice","targets":["a","b"],"line":0,{HI}}}"#)],
        ),
        (
            Verb::Broadcast,
            &["a"],
            vec![format!(r#"multicast {{"sender":"alice","targets":["a"],"line":0,{HI}}}"#)],
        ),
        (
            Verb::Send,
            &["a", "group:g"],
            vec!["refused: `user:a` and `group:g` cannot share a command".to_owned()],
        ),
        (Verb::Send, &["tag:t"], vec!["refused: WildfireChat knows no tag".to_owned()]),
        (Verb::Send, &["a", "regid:t"], vec!["refused: WildfireChat knows no regid".to_owned()]),
        (Verb::Send, &[], vec!["refused: there is nobody to send to".to_owned()]),
    ] {
        let asked = Asked::new(&[]);
        assert_eq!(shown(Wildfire.compose(&asked.intent(verb, targets(to)))), wanted, "{to:?}");
    }
    let asked = Asked::new(&[]);
    let all = asked.intent(Verb::Broadcast, Wanted::Everybody);
    let wanted = format!(r#"broadcast {{"sender":"alice","line":0,{HI}}}"#);
    assert_eq!(shown(Wildfire.compose(&all)), [wanted]);
    let crowd: Vec<String> = (0..2001).map(|n| format!("u{n}")).collect();
    let crowd: Vec<&str> = crowd.iter().map(String::as_str).collect();
    let many = asked.intent(Verb::Broadcast, targets(&crowd));
    assert_eq!(Wildfire.compose(&many).expect("chunks").len(), 3);
}

#[test]
fn robots_and_channels_speak_for_themselves() {
    for (values, audience, wanted) in [
        (
            &[("robot_id", "r")][..],
            targets(&["a", "b"]),
            vec![
                format!(r#"robot-send {{"conv":{{"type":0,"target":"a","line":0}},{HI}}}"#),
                format!(r#"robot-send {{"conv":{{"type":0,"target":"b","line":0}},{HI}}}"#),
            ],
        ),
        (
            &[("robot_id", "r")],
            Wanted::Everybody,
            vec!["refused: a robot cannot write to everybody".to_owned()],
        ),
        (
            &[("channel_id", "c")],
            targets(&["a", "b"]),
            vec![format!(r#"channel-send {{"targets":["a","b"],{HI}}}"#)],
        ),
        (&[("channel_id", "c")], Wanted::Everybody, vec![format!("channel-send {{{HI}}}")]),
        (
            &[("channel_id", "c")],
            targets(&["group:g"]),
            vec!["refused: a channel writes to its subscribers alone".to_owned()],
        ),
        (
            &[("channel_id", "c"), ("robot_id", "r")],
            targets(&["a"]),
            vec!["refused: the profile has both `robot_id` and `channel_id`".to_owned()],
        ),
    ] {
        let asked = Asked::new(values);
        let intent = asked.intent(Verb::Send, audience);
        let drafts = Wildfire.compose(&intent);
        for draft in drafts.iter().flatten() {
            assert_eq!(draft.warnings.len(), 1, "a sender that is not sent is said");
        }
        assert_eq!(shown(drafts), wanted, "{values:?}");
    }
}

fn url(text: &str) -> Media {
    Media::Url(text.to_owned())
}

#[test]
fn content_becomes_the_type_of_the_table() {
    let place = |name: Option<&str>| Content::Location {
        latitude: "39.90".to_owned(),
        longitude: "116.3".to_owned(),
        name: name.map(str::to_owned),
    };
    let picture = "https://a.example/i.jpg";
    for (content, title, wanted, lost) in [
        (Content::Text("hi".into()), None, r#"{"type":1,"searchableContent":"hi","persistFlag":3}"#.to_owned(), 0),
        (Content::Text("hi".into()), Some("T"), r#"{"type":12,"pushContent":"T","content":"hi","base64edData":"e30=","persistFlag":3}"#.to_owned(), 0),
        (Content::Image(url(picture)), None, format!(r#"{{"type":3,"mediaType":1,"remoteMediaUrl":"{picture}","persistFlag":3}}"#), 0),
        (Content::Image(url(picture)), Some("T"), format!(r#"{{"type":3,"mediaType":1,"remoteMediaUrl":"{picture}","pushContent":"T","persistFlag":3}}"#), 1),
        (Content::Voice(url(picture)), None, format!(r#"{{"type":2,"mediaType":2,"remoteMediaUrl":"{picture}","persistFlag":3}}"#), 0),
        (Content::Video(url(picture)), None, format!(r#"{{"type":6,"mediaType":3,"remoteMediaUrl":"{picture}","persistFlag":3}}"#), 0),
        (Content::File(url("https://a.example/d/a%20b.pdf?x=/y")), None, r#"{"type":5,"searchableContent":"a b.pdf","mediaType":4,"remoteMediaUrl":"https://a.example/d/a%20b.pdf?x=/y","persistFlag":3}"#.to_owned(), 0),
        (place(Some("Beijing")), None, r#"{"type":4,"searchableContent":"Beijing","content":"{\"lat\":39.90,\"long\":116.3}","persistFlag":3}"#.to_owned(), 0),
        (place(None), None, r#"{"type":4,"searchableContent":"39.90,116.3","content":"{\"lat\":39.90,\"long\":116.3}","persistFlag":3}"#.to_owned(), 0),
        (Content::Command("refresh".into()), None, r#"{"type":1000,"content":"refresh","persistFlag":4}"#.to_owned(), 1),
    ] {
        let asked = Asked::new(&[]);
        let mut intent = asked.intent(Verb::Send, targets(&["bob"]));
        (intent.content, intent.title) = (Some(content), title);
        let drafts = Wildfire.compose(&intent).expect("a draft");
        let body = drafts[0].body.as_object().expect("an object");
        assert_eq!(body.get("payload").expect("a payload").value.to_compact(), wanted);
        assert_eq!(drafts[0].lost.len(), lost, "{wanted}");
    }
}

#[test]
fn a_local_file_is_sent_by_the_address_that_its_upload_will_give() {
    let asked = Asked::new(&[]);
    let file = LocalFile { name: "a b.pdf".to_owned(), size: 7, ..LocalFile::default() };
    let content = Some(Content::File(Media::File(file)));
    let intent = Intent { content, ..asked.intent(Verb::Send, targets(&["bob", "eve"])) };
    let drafts = Wildfire.compose(&intent).expect("a draft");
    let body = drafts[0].body.as_object().expect("an object");
    assert_eq!(
        body.get("payload").expect("a payload").value.to_compact(),
        r#"{"type":5,"searchableContent":"a b.pdf","content":"7","mediaType":4,"remoteMediaUrl":"https://upload.invalid/a%20b.pdf","persistFlag":3}"#
    );
    let upload = &drafts[0].uploads[0];
    assert_eq!(upload.kind, MediaKind::File);
    assert_eq!(
        (upload.places[0].at, upload.places[0].name),
        ("payload/remoteMediaUrl", "downloadUrl")
    );
}

#[test]
fn what_has_no_form_here_is_refused() {
    let asked = Asked::new(&[]);
    let plain = || asked.intent(Verb::Send, targets(&["bob"]));
    for (intent, message) in [
        (Intent { from: None, ..plain() }, "WildfireChat needs a sender"),
        (Intent { content: None, title: Some("T"), ..plain() }, "a title alone is no message"),
        (Intent { content: None, ..plain() }, "there is nothing to send"),
    ] {
        let error = Wildfire.compose(&intent).expect_err("a refusal");
        assert_eq!(error.to_string(), message);
        assert!(error.advice().is_some(), "{message} comes with advice");
    }
    for (to, instead) in [("tag:x", "--targets"), ("package:x", "--targets"), ("alias:x", "user")] {
        let error = Wildfire
            .compose(&asked.intent(Verb::Broadcast, targets(&[to])))
            .expect_err("WildfireChat has none");
        assert!(error.advice().is_some_and(|advice| advice.contains(instead)), "{to}");
    }
}

#[test]
fn types_extras_and_set_fields_find_their_place() {
    let asked = Asked::new(&[]);
    let extra = [("k".to_owned(), "v\"".to_owned())];
    let sets = ["sender".to_owned(), "payload.content".to_owned()];
    let intent = Intent {
        from: None,
        content: None,
        extra: &extra,
        sets: &sets,
        message_type: Wildfire.contract().message_type("tip"),
        ..asked.intent(Verb::Send, targets(&["bob"]))
    };
    assert_eq!(
        shown(Wildfire.compose(&intent)),
        [
            r#"send {"conv":{"type":0,"target":"bob","line":0},"payload":{"type":90,"extra":"{\"k\":\"v\\\"\"}","persistFlag":1}}"#
        ]
    );
}

fn sent(operation: &str, body: &str, sent_ms: i64) -> Sent {
    Sent {
        operation: operation.to_owned(),
        body: json(body),
        ids: Vec::new(),
        targets: Vec::new(),
        sent_ms,
    }
}

/// Asks about uid 7 in the middle of 2026.
fn follow(
    values: &[(&str, &str)],
    verb: Verb,
    sent: Option<&Sent>,
    from: Option<&str>,
    to: &[&str],
) -> Result<Vec<Draft>> {
    let asked = Asked::new(values);
    let to: Vec<Target> = to.iter().map(|text| target(text)).collect();
    let intent = asked.intent(Verb::Update, Wanted::Targets(Vec::new()));
    Wildfire.follow_up(&FollowUp {
        verb,
        ids: &["7".to_owned()],
        sent,
        from,
        to: &to,
        intent: (verb == Verb::Update).then_some(&intent),
        sets: &[],
        account: &asked.account,
        stamp: &asked.stamp,
    })
}

#[test]
fn the_ledger_decides_how_something_is_taken_back() {
    let now = 1_782_353_213_880;
    let one = sent("send", r#"{"sender":"alice","payload":{"type":1}}"#, now);
    let many = sent("multicast", r#"{"sender":"alice","targets":["a","b"],"payload":{}}"#, now);
    let all = sent("broadcast", r#"{"sender":"alice","payload":{}}"#, now);
    let community = &[("edition", "community")][..];
    let update = format!(r#"update {{"operator":"alice","messageUid":7,{HI},"distribute":1}}"#);
    let robot_update = format!(r#"robot-update {{"messageUid":7,{HI},"distribute":1}}"#);
    for (values, verb, sent, from, to, wanted) in [
        (
            &[][..],
            Verb::Recall,
            Some(&one),
            None,
            &[][..],
            r#"recall {"operator":"alice","messageUid":7}"#,
        ),
        (
            &[],
            Verb::Recall,
            Some(&one),
            Some("boss"),
            &[],
            r#"recall {"operator":"boss","messageUid":7}"#,
        ),
        (
            &[],
            Verb::Recall,
            None,
            Some("boss"),
            &[],
            r#"recall {"operator":"boss","messageUid":7}"#,
        ),
        (&[], Verb::Recall, None, None, &[], "refused: who does the recall is not said"),
        (
            &[],
            Verb::Recall,
            Some(&many),
            None,
            &[],
            r#"recall-multicast {"operator":"alice","messageUid":7,"receivers":["a","b"]}"#,
        ),
        (
            &[],
            Verb::Recall,
            Some(&many),
            None,
            &["b"],
            r#"recall-multicast {"operator":"alice","messageUid":7,"receivers":["b"]}"#,
        ),
        (
            &[],
            Verb::Recall,
            Some(&all),
            None,
            &[],
            r#"recall-broadcast {"operator":"alice","messageUid":7}"#,
        ),
        (
            community,
            Verb::Recall,
            Some(&all),
            None,
            &[],
            "refused: the community edition has no `recall-broadcast`",
        ),
        (
            &[("robot_id", "r")],
            Verb::Recall,
            Some(&one),
            None,
            &[],
            r#"robot-recall {"messageUid":7}"#,
        ),
        (
            &[("channel_id", "c")],
            Verb::Recall,
            None,
            None,
            &[],
            r#"channel-recall {"messageUid":7}"#,
        ),
        (&[], Verb::Update, Some(&one), None, &[], &update),
        (&[("robot_id", "r")], Verb::Update, None, None, &[], &robot_update),
        (
            &[("channel_id", "c")],
            Verb::Update,
            None,
            None,
            &[],
            "refused: a channel has no `update`",
        ),
        (
            community,
            Verb::Update,
            Some(&one),
            None,
            &[],
            "refused: the community edition has no `update`",
        ),
        (&[], Verb::Delete, Some(&one), None, &[], r#"delete {"messageUid":7}"#),
        (
            &[],
            Verb::Delete,
            Some(&many),
            None,
            &[],
            r#"delete-multicast {"operator":"alice","messageUid":7,"receivers":["a","b"]}"#,
        ),
        (
            &[],
            Verb::Delete,
            Some(&all),
            None,
            &[],
            r#"delete-broadcast {"operator":"alice","messageUid":7}"#,
        ),
        (
            community,
            Verb::Delete,
            Some(&one),
            None,
            &[],
            "refused: the community edition has no `delete`",
        ),
        (
            &[],
            Verb::Clear,
            None,
            Some("u"),
            &["group:g"],
            r#"clear-by-user {"userId":"u","conversation":{"type":1,"target":"g","line":0}}"#,
        ),
        (
            &[],
            Verb::Clear,
            None,
            None,
            &["group:g"],
            "refused: whose messages are to be cleared is not said",
        ),
        (&[], Verb::Get, None, None, &[], r#"get-one {"messageUid":7}"#),
        (&[], Verb::Status, None, None, &["u"], r#"delivery {"userId":"u"}"#),
        (
            &[],
            Verb::Status,
            None,
            Some("u"),
            &["group:g"],
            r#"conv-read {"userId":"u","type":1,"conversationType":1,"target":"g","line":0}"#,
        ),
        (&[], Verb::Status, None, None, &[], "refused: WildfireChat has no status by message"),
        (
            community,
            Verb::Status,
            None,
            None,
            &["u"],
            "refused: the community edition has no `delivery`",
        ),
    ] {
        let drafts = follow(values, verb, sent, from, to);
        if let Ok(drafts) = &drafts {
            for draft in drafts {
                assert_no_error(draft);
            }
        }
        assert_eq!(shown(drafts), [wanted], "{values:?} {verb:?} {from:?} {to:?}");
    }
}

/// herald never composes what its own linter refuses.
fn assert_no_error(draft: &Draft) {
    let document = Document::of(&draft.body);
    let findings = lint(Wildfire.contract(), draft.operation, &document, &Context::default());
    let errors: Vec<_> =
        findings.iter().filter(|f| f.severity() == crate::contract::Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn a_recall_that_may_come_too_late_or_too_short_says_so() {
    let now = 1_782_353_213_880;
    let command =
        |age: i64| sent("send", r#"{"sender":"a","payload":{"persistFlag":4}}"#, now - age);
    let text = |age: i64| sent("send", r#"{"sender":"a","payload":{"persistFlag":3}}"#, now - age);
    let many = sent("multicast", r#"{"sender":"a","targets":["a","b"],"payload":{}}"#, now);
    let robot = &[("robot_id", "r")][..];
    for (values, sent, to, warnings) in [
        (&[][..], command(11_000), &[][..], 1),
        (&[], command(9_000), &[], 0),
        (&[], text(900_000_000), &[], 0),
        (robot, text(121_000), &[], 1),
        (robot, text(119_000), &[], 0),
        (&[], many.clone(), &["a"], 1),
        (&[], many, &["a", "b"], 0),
    ] {
        let drafts = follow(values, Verb::Recall, Some(&sent), None, to).expect("a recall");
        assert_eq!(drafts[0].warnings.len(), warnings, "{values:?} {sent:?} {to:?}");
    }
}

#[test]
fn an_id_that_is_no_uid_is_refused() {
    let asked = Asked::new(&[]);
    for id in ["", "0", "-1", "1.5", "abc", "9223372036854775808"] {
        let ask = FollowUp {
            verb: Verb::Get,
            ids: &[id.to_owned()],
            sent: None,
            from: None,
            to: &[],
            intent: None,
            sets: &[],
            account: &asked.account,
            stamp: &asked.stamp,
        };
        assert!(Wildfire.follow_up(&ask).is_err(), "{id}");
    }
    let largest = Value::from(i64::MAX).to_compact();
    assert_eq!(largest, "9223372036854775807");
}
