use super::{Wildfire, account, stamp};
use crate::account::Account;
use crate::contract::{Target, TargetKind, Verb};
use crate::error::Result;
use crate::provider::{
    Content, Draft, LocalFile, Media, MediaKind, SendIntent, Vendor as _, WantedAudience,
};
use crate::wire::Stamp;

pub(super) fn target(text: &str) -> Target {
    let (kind, id) = text.split_once(':').unwrap_or(("user", text));
    Target::new(TargetKind::from_word(kind).expect("a kind"), id)
}

pub(super) fn targets(texts: &[&str]) -> WantedAudience {
    WantedAudience::Targets(texts.iter().map(|text| target(text)).collect())
}

/// What a test asks for; everything else is as a plain `--text hi --from alice`.
pub(super) struct Asked {
    pub(super) account: Account,
    pub(super) stamp: Stamp,
}

impl Asked {
    pub(super) fn new(values: &[(&str, &str)]) -> Self {
        Self { account: account(values), stamp: stamp("1782353213880", "1") }
    }

    pub(super) fn intent(&self, verb: Verb, audience: WantedAudience) -> SendIntent<'_> {
        SendIntent {
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

pub(super) fn shown(drafts: Result<Vec<Draft>>) -> Vec<String> {
    match drafts {
        Ok(drafts) => drafts
            .iter()
            .map(|draft| format!("{} {}", draft.operation.id, draft.body.to_compact()))
            .collect(),
        Err(error) => vec![format!("refused: {error}")],
    }
}

pub(super) const HI: &str = r#""payload":{"type":1,"searchableContent":"hi","persistFlag":3}"#;

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
        (Verb::Send, &[], vec!["refused: there is no target".to_owned()]),
    ] {
        let asked = Asked::new(&[]);
        assert_eq!(shown(Wildfire.compose(&asked.intent(verb, targets(to)))), wanted, "{to:?}");
    }
    let asked = Asked::new(&[]);
    let all = asked.intent(Verb::Broadcast, WantedAudience::Everybody);
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
            WantedAudience::Everybody,
            vec!["refused: a robot cannot write to everybody".to_owned()],
        ),
        (
            &[("channel_id", "c")],
            targets(&["a", "b"]),
            vec![format!(r#"channel-send {{"targets":["a","b"],{HI}}}"#)],
        ),
        (&[("channel_id", "c")], WantedAudience::Everybody, vec![format!("channel-send {{{HI}}}")]),
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
    let intent = SendIntent { content, ..asked.intent(Verb::Send, targets(&["bob", "eve"])) };
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
        (SendIntent { from: None, ..plain() }, "WildfireChat needs a sender"),
        (SendIntent { content: None, title: Some("T"), ..plain() }, "a title alone is no message"),
        (SendIntent { content: None, ..plain() }, "there is nothing to send"),
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
    let intent = SendIntent {
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
