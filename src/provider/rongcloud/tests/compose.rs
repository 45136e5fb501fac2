//! Flags and what they become.

mod follow;

use std::path::PathBuf;

use super::CONTRACT;
use crate::account::Account;
use crate::contract::{Context, Severity, Target, TargetKind, Verb};
use crate::document::Document;
use crate::lint::lint;
use crate::outcome::SentMessage;
use crate::provider::rongcloud::RongCloud;
use crate::provider::{
    Content, Draft, FollowUp, LocalFile, Media, SendIntent, Vendor as _, WantedAudience,
};
use crate::wire::Stamp;

/// What a test changes of an intent.
struct Ask {
    verb: Verb,
    audience: WantedAudience,
    from: Option<&'static str>,
    content: Option<Content>,
    title: Option<&'static str>,
    extra: Vec<(String, String)>,
    message_type: Option<&'static str>,
    sets: Vec<String>,
}

impl Ask {
    fn to(targets: &[&str], content: Content) -> Self {
        let target = |text: &&str| {
            let (kind, id) = text.split_once(':').expect("KIND:ID");
            Target::new(TargetKind::from_word(kind).expect("a kind"), id)
        };
        Self {
            verb: Verb::Broadcast,
            audience: WantedAudience::Targets(targets.iter().map(target).collect()),
            from: Some("u1"),
            content: Some(content),
            title: None,
            extra: Vec::new(),
            message_type: None,
            sets: Vec::new(),
        }
    }

    fn intent<R>(&self, use_it: impl FnOnce(&SendIntent<'_>) -> R) -> R {
        let account = Account::default();
        let stamp = Stamp { timestamp: "1".to_owned(), nonce: "1".to_owned() };
        use_it(&SendIntent {
            verb: self.verb,
            audience: self.audience.clone(),
            from: self.from,
            content: self.content.clone(),
            title: self.title,
            extra: &self.extra,
            message_type: self.message_type.and_then(|name| CONTRACT.message_type(name)),
            sets: &self.sets,
            account: &account,
            stamp: &stamp,
        })
    }

    fn drafts(&self) -> crate::error::Result<Vec<Draft>> {
        self.intent(|intent| RongCloud.compose(intent))
    }

    /// Operation and body of the only draft.
    fn one(&self) -> (String, String) {
        let drafts = self.drafts().expect("drafts");
        let [draft] = drafts.as_slice() else { panic!("{drafts:?}") };
        (draft.operation.id.to_owned(), draft.body.to_compact())
    }

    /// Message and advice of the refusal.
    fn refusal(&self) -> String {
        let error = self.drafts().expect_err("a refusal");
        format!("{}; {}", error.full_message(), error.advice().unwrap_or_default())
    }
}

fn text(text: &str) -> Content {
    Content::Text(text.to_owned())
}

fn url(address: &str) -> Media {
    Media::Url(address.to_owned())
}

#[test]
fn each_content_flag_becomes_its_type() {
    let place = |name: Option<&str>| Content::Location {
        latitude: "39.90".to_owned(),
        longitude: "+116".to_owned(),
        name: name.map(str::to_owned),
    };
    for (content, name, inner) in [
        (text("hi \"you\""), "RC:TxtMsg", r#"{"content":"hi \"you\""}"#),
        (Content::Image(url("https://x/a.jpg")), "RC:ImgMsg", r#"{"imageUri":"https://x/a.jpg"}"#),
        (
            Content::Voice(url("https://x/a.aac")),
            "RC:HQVCMsg",
            r#"{"remoteUrl":"https://x/a.aac"}"#,
        ),
        (
            Content::Video(url("https://x/v/a.mp4?t=1/2")),
            "RC:SightMsg",
            r#"{"sightUrl":"https://x/v/a.mp4?t=1/2","name":"a.mp4"}"#,
        ),
        (
            Content::File(url("https://x/a.b.txt#p")),
            "RC:FileMsg",
            r#"{"name":"a.b.txt","type":"txt","fileUrl":"https://x/a.b.txt#p"}"#,
        ),
        (
            Content::File(url("https://x")),
            "RC:FileMsg",
            r#"{"name":"","type":"","fileUrl":"https://x"}"#,
        ),
        (place(Some("Park")), "RC:LBSMsg", r#"{"latitude":39.90,"longitude":116,"poi":"Park"}"#),
        (place(None), "RC:LBSMsg", r#"{"latitude":39.90,"longitude":116,"poi":"39.90,+116"}"#),
        (Content::Command("go".to_owned()), "RC:CmdMsg", r#"{"name":"go"}"#),
    ] {
        let drafts = Ask::to(&["user:u2"], content).drafts().expect("drafts");
        let body = drafts[0].body.as_object().expect("an object");
        assert_eq!(body.get("objectName").expect("a type").value.as_str(), Some(name));
        assert_eq!(body.get("content").expect("a content").value.as_str(), Some(inner), "{name}");
    }
}

#[test]
fn audiences_choose_the_operation() {
    let content = r#""objectName":"RC:TxtMsg","content":"{\"content\":\"hi\"}""#;
    let push = |audience: &str| {
        format!(
            r#"{{"platform":["ios","android"],"fromuserid":"u1","audience":{audience},"message":{{{content}}},"notification":{{"alert":"hi"}}}}"#
        )
    };
    for (targets, operation, body) in [
        (
            vec!["user:a", "user:b"],
            "send-private",
            format!(r#"{{"fromUserId":"u1","toUserId":["a","b"],{content}}}"#),
        ),
        (
            vec!["group:g"],
            "send-group",
            format!(r#"{{"fromUserId":"u1","toGroupId":["g"],{content}}}"#),
        ),
        (
            vec!["room:r"],
            "send-chatroom",
            format!(r#"{{"fromUserId":"u1","toChatroomId":["r"],{content}}}"#),
        ),
        (
            vec!["channel:c"],
            "send-ultragroup",
            format!(r#"{{"fromUserId":"u1","toGroupIds":["c"],{content}}}"#),
        ),
        (vec!["tag:a", "tag:b"], "push", push(r#"{"is_to_all":false,"tag_or":["a","b"]}"#)),
        (
            vec!["package:x.y", "tag:a"],
            "push",
            push(r#"{"is_to_all":false,"packageName":"x.y","tag_or":["a"]}"#),
        ),
    ] {
        assert_eq!(Ask::to(&targets, text("hi")).one(), (operation.to_owned(), body));
    }
    let everybody = Ask { audience: WantedAudience::Everybody, ..Ask::to(&[], text("hi")) };
    assert_eq!(everybody.one(), ("push".to_owned(), push(r#"{"is_to_all":true}"#)));
    let all_tags = Ask { sets: vec!["audience.tag".to_owned()], ..Ask::to(&["tag:a"], text("hi")) };
    assert_eq!(all_tags.one().1, push(r#"{"is_to_all":false}"#));
}

#[test]
fn what_herald_composes_lints_clean_of_errors() {
    for targets in
        [vec!["user:a"], vec!["group:g"], vec!["room:r"], vec!["channel:c"], vec!["tag:t"]]
    {
        let ask = Ask {
            title: Some("T"),
            extra: vec![("k".into(), "v".into())],
            ..Ask::to(&targets, text("hi"))
        };
        for draft in ask.drafts().expect("drafts") {
            let document = Document::of(&draft.body);
            let findings = lint(&CONTRACT, draft.operation, &document, &Context::default());
            let errors = findings.iter().any(|finding| finding.severity() == Severity::Error);
            assert!(!errors, "{targets:?}: {findings:?}");
        }
    }
}

#[test]
fn lists_are_cut_at_the_vendors_limits() {
    let ids = |kind: &str, n: usize| (0..n).map(|i| format!("{kind}:{i}")).collect::<Vec<_>>();
    for (kind, n, title, sizes) in [
        ("user", 2001, None, vec![1000, 1000, 1]),
        ("group", 4, None, vec![3, 1]),
        ("group", 2, Some("T"), vec![1, 1]),
        ("channel", 4, Some("T"), vec![3, 1]),
        ("room", 11, None, vec![10, 1]),
    ] {
        let ids = ids(kind, n);
        let targets: Vec<&str> = ids.iter().map(String::as_str).collect();
        let ask = Ask { title, ..Ask::to(&targets, text("hi")) };
        let found: Vec<usize> = ask
            .drafts()
            .expect("drafts")
            .iter()
            .map(|draft| {
                let document = Document::of(&draft.body);
                crate::contract::Audience::of(draft.operation, &document).count().expect("a count")
            })
            .collect();
        assert_eq!(found, sizes, "{kind}");
    }
}

#[test]
fn titles_and_pairs_go_where_there_is_a_place_for_them() {
    let ask = |targets: &[&str]| Ask {
        title: Some("T"),
        extra: vec![("k".into(), "v".into())],
        ..Ask::to(targets, text("hi"))
    };
    let (_, private) = ask(&["user:a"]).one();
    assert!(private.ends_with(r#""pushExt":"{\"title\":\"T\"}"}"#), "{private}");
    assert!(private.contains(r#"\"extra\":\"{\\\"k\\\":\\\"v\\\"}\""#), "{private}");
    assert!(ask(&["tag:a"]).one().1.ends_with(r#""notification":{"title":"T","alert":"hi"}}"#));
    let room = ask(&["room:a"]).drafts().expect("drafts");
    assert_eq!(room[0].lost.len(), 1);
    assert!(!room[0].body.to_compact().contains("pushExt"));
}

#[test]
fn the_text_of_a_push_is_that_of_its_type() {
    let alert = |content: Content| {
        let (_, body) = Ask::to(&["tag:a"], content).one();
        body.split_once(r#""alert":""#).map(|(_, rest)| rest.trim_end_matches("\"}}").to_owned())
    };
    assert_eq!(alert(Content::Image(url("https://x"))).as_deref(), Some("[图片]"));
    assert_eq!(alert(Content::File(url("https://x/1.txt"))).as_deref(), Some("[文件] 1.txt"));
    let command = || Ask::to(&["tag:a"], Content::Command("go".to_owned()));
    assert!(command().refusal().contains("--set notification.alert"));
    let set = Ask { sets: vec!["notification.alert".to_owned()], ..command() };
    assert!(set.one().1.ends_with(r#""notification":{}}"#));
}

#[test]
fn a_type_by_name_leaves_its_fields_to_set() {
    let ask = |name: &'static str| Ask {
        message_type: Some(name),
        content: None,
        ..Ask::to(&["user:a"], text(""))
    };
    let wanted = r#"{"fromUserId":"u1","toUserId":["a"],"objectName":"RC:LBSMsg","content":"{}"}"#;
    assert_eq!(ask("location").one().1, wanted);
    assert_eq!(ask("RC:LBSMsg").one().1, wanted);
    assert_eq!(ask("custom").one().1, r#"{"fromUserId":"u1","toUserId":["a"]}"#);
    let extra = Ask { extra: vec![("k".into(), "v".into())], ..ask("custom") };
    assert!(extra.refusal().contains("--extra"));
    let both = Ask { content: Some(text("hi")), ..ask("location") };
    assert!(both.refusal().contains("--text"));
}

#[test]
fn what_cannot_be_had_is_refused_with_the_way_out() {
    let tags: Vec<String> = (0..21).map(|i| format!("tag:{i}")).collect();
    let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
    let local = Content::Image(Media::File(LocalFile {
        path: PathBuf::from("photo.jpg"),
        ..LocalFile::default()
    }));
    let command = Content::Command("go".to_owned());
    for (ask, words) in [
        (Ask::to(&[], text("hi")), "--to"),
        (Ask::to(&["alias:a"], text("hi")), "alias"),
        (Ask::to(&["user:a", "regid:b"], text("hi")), "registration ids"),
        (Ask::to(&["user:a", "group:b"], text("hi")), "one kind"),
        (Ask::to(&["tag:a", "user:b"], text("hi")), "one kind"),
        (Ask::to(&["package:a", "package:b"], text("hi")), "one package"),
        (Ask::to(&tags, text("hi")), "20 tags"),
        (Ask { verb: Verb::Send, ..Ask::to(&["tag:a"], text("hi")) }, "broadcast"),
        (Ask::to(&["user:a"], local), "--image URL"),
        (
            Ask { extra: vec![("k".into(), "v".into())], ..Ask::to(&["user:a"], command) },
            "--set data",
        ),
    ] {
        let refusal = ask.refusal();
        assert!(refusal.contains(words), "{refusal}");
    }
}
