//! Flags become messages, and what follows up on them.

use super::super::{CONTRACT, JMessage};
use super::{is_error, message, plain, stamp, value};
use crate::account::Account;
use crate::contract::{Target, TargetKind, Verb};
use crate::error::{Error, Result};
use crate::outcome::SentMessage;
use crate::provider::prerequisite::Ask;
use crate::provider::{
    Content, Draft, FollowUp, LocalFile, Media, MediaKind, PrerequisiteResult, SendIntent,
    Uploading, Vendor as _, WantedAudience,
};
use crate::wire::Reply;

/// What flags ask for.
struct Flags<'a> {
    to: WantedAudience,
    from: Option<&'a str>,
    content: Option<Content>,
    title: Option<&'a str>,
    extra: &'a [(String, String)],
    kind: Option<&'a str>,
    sets: &'a [String],
}

impl Flags<'_> {
    fn text(to: &[(TargetKind, &str)]) -> Self {
        let targets = to.iter().map(|(kind, id)| Target::new(*kind, *id)).collect();
        Self {
            to: WantedAudience::Targets(targets),
            from: Some("fang"),
            content: Some(Content::Text("hi".to_owned())),
            title: None,
            extra: &[],
            kind: None,
            sets: &[],
        }
    }

    fn with(content: Content) -> Self {
        Self { content: Some(content), ..Self::text(&[(TargetKind::User, "javen")]) }
    }

    fn compose(self) -> Result<Vec<Draft>> {
        let (account, stamp) = (Account::default(), stamp());
        JMessage.compose(&SendIntent {
            verb: Verb::Send,
            audience: self.to,
            from: self.from,
            content: self.content,
            title: self.title,
            extra: self.extra,
            message_type: self.kind.and_then(|kind| CONTRACT.message_type(kind)),
            sets: self.sets,
            account: &account,
            stamp: &stamp,
        })
    }

    fn bodies(self) -> Vec<String> {
        let drafts = self.compose().expect("drafts");
        assert!(drafts.iter().all(|draft| draft.operation.id == "send"));
        drafts.iter().map(|draft| draft.body.to_compact()).collect()
    }
}

fn words(error: &Error) -> String {
    format!("{error} {:?}", error)
}

#[test]
fn each_target_gets_a_message_of_its_own_in_the_order_given() {
    for (kind, word) in
        [(TargetKind::User, "single"), (TargetKind::Group, "group"), (TargetKind::Room, "chatroom")]
    {
        let bodies = Flags::text(&[(kind, "7002"), (kind, "7001")]).bodies();
        let wanted = ["7002", "7001"].map(|id| {
            format!(
                r#"{{"version":1,"target_type":"{word}","target_id":"{id}","from_type":"admin","from_id":"fang","msg_type":"text","msg_body":{{"text":"hi"}}}}"#
            )
        });
        assert_eq!(bodies, wanted);
    }
}

#[test]
fn neutral_content_becomes_the_documented_body_which_lints_clean() {
    let place = |name: Option<&str>| Content::Location {
        latitude: "22.540".to_owned(),
        longitude: "-114".to_owned(),
        name: name.map(str::to_owned),
    };
    for (content, tail) in [
        (
            place(Some("Shenzhen")),
            r#""msg_type":"location","msg_body":{"latitude":22.540,"longitude":-114,"scale":15,"label":"Shenzhen","lable":"Shenzhen"}}"#,
        ),
        (
            place(None),
            r#""msg_type":"location","msg_body":{"latitude":22.540,"longitude":-114,"scale":15,"label":"22.540,-114","lable":"22.540,-114"}}"#,
        ),
        (
            Content::Command("refresh".to_owned()),
            r#""msg_type":"custom","msg_body":{"command":"refresh"},"no_notification":true}"#,
        ),
    ] {
        let bodies = Flags::with(content).bodies();
        assert!(bodies[0].ends_with(tail), "{} for {tail}", bodies[0]);
        assert_eq!(plain("send", &bodies[0]), [], "{}", bodies[0]);
    }
}

#[test]
fn title_and_extra_land_where_they_are_seen_and_what_is_lost_is_said() {
    let extra = [("k".to_owned(), "1".to_owned())];
    let flags =
        Flags { title: Some("t"), extra: &extra, ..Flags::text(&[(TargetKind::User, "javen")]) };
    let drafts = flags.compose().expect("drafts");
    assert!(drafts[0].body.to_compact().ends_with(
        r#""msg_body":{"text":"hi","extras":{"k":"1"}},"notification":{"title":"t","alert":"hi"}}"#
    ));
    assert_eq!(drafts[0].lost.len(), 1);

    let flags = Flags { title: Some("t"), ..Flags::text(&[(TargetKind::Room, "1")]) };
    let drafts = flags.compose().expect("drafts");
    assert!(!drafts[0].body.to_compact().contains("notification"));
    assert!(drafts[0].lost[0].contains("--title"));

    let flags = Flags { title: Some("t"), ..Flags::with(Content::Command("c".to_owned())) };
    let body = flags.bodies().remove(0);
    assert!(body.ends_with(r#""notification":{"title":"t"}}"#), "{body}");
    let flags = Flags {
        to: Flags::text(&[(TargetKind::Room, "1")]).to,
        ..Flags::with(Content::Command("c".to_owned()))
    };
    assert!(!flags.bodies()[0].contains("no_notification"));
}

#[test]
fn a_type_leaves_its_fields_to_set() {
    let sets = ["media_id".to_owned()];
    let flags = Flags {
        content: None,
        kind: Some("image"),
        sets: &sets,
        ..Flags::text(&[(TargetKind::User, "javen")])
    };
    assert!(flags.bodies()[0].ends_with(r#""msg_type":"image","msg_body":{}}"#));
    let flags = Flags { content: None, sets: &sets, ..Flags::text(&[(TargetKind::User, "javen")]) };
    assert!(!flags.bodies()[0].contains("msg_type"));
    let sets = ["from_id".to_owned()];
    let flags = Flags { from: None, sets: &sets, ..Flags::text(&[(TargetKind::User, "javen")]) };
    assert!(!flags.bodies()[0].contains("from_id"));
}

#[test]
fn what_there_is_no_way_for_is_refused_with_the_way_that_there_is() {
    let user = || Flags::text(&[(TargetKind::User, "javen")]);
    let url = || Media::Url("https://x.example/a.jpg".to_owned());
    for (flags, help) in [
        (Flags { from: None, ..user() }, "--from"),
        (Flags { to: WantedAudience::Everybody, ..user() }, "group:ID"),
        (Flags { to: WantedAudience::Targets(Vec::new()), ..user() }, "--to"),
        (Flags::text(&[(TargetKind::User, "javen"), (TargetKind::Room, "1")]), "by itself"),
        (Flags::text(&[(TargetKind::Alias, "a")]), "jpush-v3"),
        (Flags::text(&[(TargetKind::Tag, "a")]), "jpush-v3"),
        (Flags::text(&[(TargetKind::Regid, "a")]), "jpush-v3"),
        (Flags::text(&[(TargetKind::Channel, "a")]), "room"),
        (Flags::text(&[(TargetKind::Package, "a")]), "room"),
        (Flags::with(Content::Image(url())), "download it"),
        (Flags::with(Content::Voice(url())), "media_id"),
        (Flags::with(Content::Video(url())), "video.media_id"),
        (Flags::with(Content::Image(url())), "--type image"),
        (Flags { content: None, ..user() }, "--text"),
        (Flags { content: None, title: Some("t"), ..user() }, "--text"),
        (Flags { kind: Some("image"), ..user() }, "--type"),
    ] {
        let error = flags.compose().expect_err(help);
        assert!(words(&error).contains(help), "{help} is not in {}", words(&error));
    }
}

fn picture() -> LocalFile {
    LocalFile {
        path: "pics/a.jpg".into(),
        name: "a.jpg".to_owned(),
        size: 11,
        crc32: Some(7),
        pixels: Some((720, 1280)),
    }
}

#[test]
fn a_local_file_is_described_by_what_herald_measures_until_it_is_uploaded() {
    let file = || Media::File(picture());
    for (content, wanted, places) in [
        (
            Content::Image(file()),
            r#""image","msg_body":{"media_id":"qiniu/image/MEDIA_ID","media_crc32":7,"fsize":11,"format":"jpg","width":720,"height":1280}}"#,
            7,
        ),
        (
            Content::Voice(file()),
            r#""voice","msg_body":{"media_id":"qiniu/voice/MEDIA_ID","media_crc32":7,"fsize":11,"format":"jpg"}}"#,
            5,
        ),
        (
            Content::File(file()),
            r#""file","msg_body":{"media_id":"qiniu/file/MEDIA_ID","media_crc32":7,"fsize":11,"fname":"a.jpg"}}"#,
            4,
        ),
        (
            Content::Video(file()),
            r#""video","msg_body":{"video":{"media_id":"qiniu/file/MEDIA_ID","media_crc32":7,"fsize":11,"fname":"a.jpg"}}}"#,
            4,
        ),
    ] {
        let flags = Flags::with(content);
        let draft = &flags.compose().expect("a draft")[0];
        let body = draft.body.to_compact();
        assert!(body.ends_with(wanted), "{body}");
        let upload = &draft.uploads[0];
        assert_eq!(upload.places.len(), places, "{wanted}");
        assert!(upload.places.iter().any(|place| place.required && place.name == "media_id"));
    }
}

#[test]
fn an_upload_says_what_it_is_and_its_answer_what_the_message_needs() {
    let (file, account, stamp) = (picture(), Account::default(), stamp());
    let brought = Vec::new();
    for (kind, word) in [
        (MediaKind::Image, "image"),
        (MediaKind::Voice, "voice"),
        (MediaKind::Video, "file"),
        (MediaKind::File, "file"),
    ] {
        let ask =
            Uploading { file: &file, kind, brought: &brought, account: &account, stamp: &stamp };
        let prerequisite = JMessage.upload(&ask).expect("no fault").expect("an upload");
        let Ask::Call(body) = &prerequisite.ask else { panic!("a call") };
        let part = r#""filename":{"path":"pics/a.jpg","name":"a.jpg"}"#;
        assert_eq!(body.to_compact(), format!(r#"{{"type":"{word}",{part}}}"#));
        let reply = Reply {
            status: 200,
            body: br#"{"media_id":"qiniu/x/1","media_crc32":8,"width":1,"hash":null,"odd":2}"#
                .to_vec(),
            ..Reply::default()
        };
        let carried = JMessage.prerequisite_result(&prerequisite, &account, &reply);
        let Some(PrerequisiteResult::File(values)) = carried else {
            panic!("what is known of the file")
        };
        let names: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["media_id", "media_crc32", "width"]);
        let ask = Uploading { brought: &values, ..ask };
        assert!(JMessage.upload(&ask).expect("no fault").is_none(), "it has arrived");
    }
}

/// A message that the ledger knows.
fn sent(changes: &str) -> SentMessage {
    SentMessage {
        operation: "send".to_owned(),
        body: value(&message(changes)),
        ids: vec![("msg_id".to_owned(), "43143728109".to_owned())],
        targets: Vec::new(),
        sent_ms: 1_699_999_900_000,
    }
}

fn follow(
    verb: Verb,
    ids: &[&str],
    sent: Option<&SentMessage>,
    from: Option<&str>,
) -> Result<Vec<Draft>> {
    let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    let (account, stamp) = (Account::default(), stamp());
    JMessage.follow_up(&FollowUp {
        verb,
        ids: &ids,
        sent,
        from,
        to: &[],
        intent: None,
        sets: &[],
        account: &account,
        stamp: &stamp,
    })
}

#[test]
fn a_recall_names_the_sender_of_the_ledger_else_that_of_the_flag() {
    let known = sent("{}");
    for (ids, sent, from, wanted) in [
        (&[][..], Some(&known), None, r#"{"username":"fang","msgid":"43143728109"}"#),
        (&["5"], Some(&known), Some("other"), r#"{"username":"fang","msgid":"5"}"#),
        (&["5"], None, Some("other"), r#"{"username":"other","msgid":"5"}"#),
    ] {
        let drafts = follow(Verb::Recall, ids, sent, from).expect("a draft");
        assert_eq!(drafts[0].operation.id, "retract");
        assert_eq!(drafts[0].body.to_compact(), wanted);
        assert_eq!(plain("retract", wanted), []);
    }
    assert!(follow(Verb::Recall, &["5"], None, None).is_err());
    assert!(follow(Verb::Recall, &[], None, Some("fang")).is_err());
    let upload = SentMessage { operation: "resource-upload".to_owned(), ..sent("{}") };
    assert!(follow(Verb::Recall, &[], Some(&upload), Some("fang")).is_err());
}

#[test]
fn a_message_is_found_by_its_conversation_around_its_time() {
    for (changes, who) in [
        ("{}", r#""scope":"user","username":"javen""#),
        (r#"{"target_type":"group","target_id":"7"}"#, r#""scope":"group","gid":"7""#),
        (r#"{"target_type":"chatroom","target_id":"7"}"#, r#""scope":"chatroom","chatroomid":"7""#),
    ] {
        let drafts = follow(Verb::Get, &[], Some(&sent(changes)), None).expect("a draft");
        let body = drafts[0].body.to_compact();
        // 1699999900 is 22:11:40 in UTC, and 06:11:40 of the next day in China.
        let wanted = format!(
            r#"{{{who},"count":1000,"begin_time":"2023-11-15 06:06:40","end_time":"2023-11-15 06:16:40"}}"#
        );
        assert_eq!(body, wanted);
        assert!(drafts[0].remarks[0].contains("43143728109"));
        assert!(plain("history", &body).iter().all(|(rule, _)| !is_error(rule)));
    }
    assert!(follow(Verb::Get, &["5"], None, None).is_err());
    let old = SentMessage { sent_ms: 1_600_000_000_000, ..sent("{}") };
    assert!(follow(Verb::Get, &[], Some(&old), None).is_err());
    for verb in [Verb::Update, Verb::Delete, Verb::Clear, Verb::Status] {
        assert!(follow(verb, &["5"], Some(&sent("{}")), None).is_err(), "{}", verb.word());
    }
}
