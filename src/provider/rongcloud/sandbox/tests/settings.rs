//! Settings, and the history of ultra groups.

use super::{NOW, Sandbox, member};
use crate::document::Value;

/// A call that sets, its form, a call that reads, its form, and the members of that answer.
type SetAndGet<'a> = (&'a str, String, &'a str, String, &'a [(&'a str, &'a str)]);

#[test]
fn settings_are_kept_and_read_back() {
    let mut sandbox = Sandbox::default();
    let conversation = "conversationType=10&requestId=u1&targetId=g1&busChannel=c1";
    let of_type = "conversationType=1&requestId=u1";
    // What is set, and what is read from then on, with the members that tell it.
    #[rustfmt::skip]
    let table: &[SetAndGet<'_>] = &[
        ("/conversation/notification/set.json", format!("{conversation}&isMuted=1&unpushLevel=5"),
            "/conversation/notification/get.json", conversation.into(), &[("isMuted", "1"), ("unpushLevel", "5")]),
        ("/conversation/notification/set.json", format!("{conversation}&isMuted=0&unpushLevel=0"),
            "/conversation/notification/get.json", conversation.into(), &[("isMuted", "0")]),
        ("/conversation/type/notification/set.json", format!("{of_type}&unpushLevel=-1"),
            "/conversation/type/notification/get.json", of_type.into(), &[("unpushLevel", "-1"), ("isMuted", "-1")]),
        ("/ultragroup/notdisturb/set.json", "groupId=g1&busChannel=c1&unpushLevel=4".into(),
            "/ultragroup/notdisturb/get.json", "groupId=g1&busChannel=c1".into(),
            &[("groupId", "g1"), ("busChannel", "c1"), ("unpushLevel", "4")]),
        ("/user/blockPushPeriod/set.json", "userId=u1&startTime=22:00:00&period=600&level=5".into(),
            "/user/blockPushPeriod/get.json", "userId=u1".into(),
            &[("data/startTime", "22:00:00"), ("data/period", "600"), ("data/unPushLevel", "5")]),
        ("/user/blockPushPeriod/delete.json", "userId=u1".into(),
            "/user/blockPushPeriod/get.json", "userId=u1".into(), &[("data", "{}")]),
        ("/chatroom/message/priority/add.json", "objectName=RC:TxtMsg&objectName=RC:ImgMsg".into(),
            "/chatroom/message/priority/query.json", String::new(), &[("objectNames", r#"["RC:TxtMsg","RC:ImgMsg"]"#)]),
        ("/chatroom/message/priority/remove.json", "objectName=RC:TxtMsg".into(),
            "/chatroom/message/priority/query.json", String::new(), &[("objectNames", r#"["RC:ImgMsg"]"#)]),
        ("/chatroom/whitelist/add.json", "objectnames=App:Order".into(),
            "/chatroom/whitelist/query.json", String::new(),
            &[("objectNames", r#"["App:Order"]"#), ("whitlistMsgType", r#"["App:Order"]"#)]),
        ("/chatroom/whitelist/delete.json", "objectnames=App:Order".into(),
            "/chatroom/whitelist/query.json", String::new(), &[("objectNames", "[]")]),
        ("/chatroom/message/stopDistribution.json", "chatroomId=r1".into(),
            "/chatroom/message/resumeDistribution.json", "chatroomId=r1".into(), &[]),
        ("/conversation/top/set.json", "userId=u1&conversationType=1&targetId=u2&setTop=true".into(),
            "/user/tags/get.json", "userIds=u1&userIds=u2".into(), &[("result/u1", "[]"), ("result/u2", "[]")]),
    ];
    for (set, body, get, asked, wanted) in table {
        let (status, code, answer) = sandbox.form(set, body);
        assert_eq!((status, code.as_str()), (200, "200"), "{set} {body}: {answer:?}");
        let (status, code, answer) = sandbox.form(get, asked);
        assert_eq!((status, code.as_str()), (200, "200"), "{get} {asked}: {answer:?}");
        for (path, value) in *wanted {
            assert_eq!(member(&answer, path), *value, "{get} {asked}: {path}");
        }
    }
    sandbox.json("/user/tag/set.json", r#"{"userId":"u1","tags":["vip"]}"#);
    let (_, _, answer) = sandbox.form("/user/tags/get.json", "userIds=u1");
    assert_eq!(member(&answer, "result/u1"), r#"["vip"]"#);
    for (path, body) in [
        (
            "/user/conversation/tag/set.json",
            r#"{"userId":"u1","tags":[{"tagId":"t","tagName":"n"}]}"#,
        ),
        ("/user/conversation/tag/del.json", r#"{"userId":"u1","tagIds":["t"]}"#),
        (
            "/tag/conversation/set.json",
            r#"{"userId":"u1","tagId":"t","conversations":[{"targetId":"u2","conversationType":1}]}"#,
        ),
        (
            "/tag/conversation/del.json",
            r#"{"userId":"u1","tagId":"t","conversations":[{"targetId":"u2","conversationType":1}]}"#,
        ),
    ] {
        assert_eq!(sandbox.json(path, body).1, "200", "{path}");
    }
}

#[test]
fn settings_at_fault_are_refused_as_the_rules_say() {
    let mut sandbox = Sandbox::default();
    for batch in 0..4 {
        let names: Vec<String> = (0..5).map(|n| format!("objectName=App:T{batch}{n}")).collect();
        let (_, code, _) = sandbox.form("/chatroom/message/priority/add.json", &names.join("&"));
        assert_eq!(code, "200");
    }
    for (path, body, wanted) in [
        ("/chatroom/message/priority/add.json", "objectName=App:One", (400, "1005")),
        // One that is there already is not a further one.
        ("/chatroom/message/priority/add.json", "objectName=App:T00", (200, "200")),
        ("/chatroom/message/priority/add.json", "", (400, "1003")),
        ("/ultragroup/notdisturb/set.json", "groupId=g1&unpushLevel=3", (400, "1002")),
        ("/ultragroup/hismsg/query.json", "groupId=g1&startTime=1&endTime=2", (400, "1002")),
    ] {
        let (status, code, _) = sandbox.form(path, body);
        assert_eq!((status, code.as_str()), wanted, "{path} {body}");
    }
}

/// The ids of the messages in an answer.
fn uids(answer: &Value) -> Vec<String> {
    let ids = (0..4).map(|n| member(answer, &format!("data/{n}/msgUID")));
    ids.filter(|id| !id.is_empty()).collect()
}

#[test]
fn the_history_of_a_channel_is_told_oldest_first() {
    let mut sandbox = Sandbox::default();
    let send = |sandbox: &mut Sandbox, from: &str, channel: &str| {
        let body = format!(
            r#"{{"fromUserId":"{from}","toGroupIds":["g1"],{channel}"objectName":"RC:TxtMsg","content":"{{\"content\":\"hi\"}}"}}"#
        );
        let (_, _, answer) = sandbox.json("/message/ultragroup/publish.json", &body);
        sandbox.late += 1000;
        member(&answer, "messageUIDs/0/messageUID")
    };
    let in_channel = r#""busChannel":"c1","#;
    let ids: Vec<String> =
        ["a", "b", "a"].map(|from| send(&mut sandbox, from, in_channel)).to_vec();
    let elsewhere = send(&mut sandbox, "a", "");
    let mut ask = |body: String| sandbox.form("/ultragroup/hismsg/query.json", &body).2;
    let of = |channel: &str, start: i64, end: i64, rest: &str| {
        format!("groupId=g1&busChannel={channel}&startTime={start}&endTime={end}{rest}")
    };
    let all = ask(of("c1", NOW - 1, NOW + 9000, ""));
    assert_eq!(uids(&all), ids);
    assert_eq!(member(&all, "data/0/conversionType"), "10");
    // The start is not in the answer, the end is.
    assert_eq!(uids(&ask(of("c1", NOW, NOW + 1000, ""))), ids[1..2]);
    assert_eq!(uids(&ask(of("c1", NOW - 1, NOW + 9000, "&fromUserId=b"))), ids[1..2]);
    assert_eq!(uids(&ask(of("c1", NOW - 1, NOW + 9000, "&pageSize=2"))), ids[..2]);
    assert_eq!(uids(&ask(of("RCDefault", NOW - 1, NOW + 9000, ""))), [elsewhere]);
    for (rest, wanted) in [
        ("", &ids[..]),
        ("&prevNum=0&lastNum=0", &ids[1..2]),
        ("&prevNum=0", &ids[1..]),
        ("&prevNum=1&lastNum=0", &ids[..2]),
    ] {
        let body = format!("groupId=g1&busChannel=c1&msgUID={}{rest}", ids[1]);
        let (_, _, answer) = sandbox.form("/ultragroup/hismsg/msgid/query.json", &body);
        assert_eq!(uids(&answer), wanted, "{rest}");
    }
    let body = "groupId=g1&busChannel=c1&msgUID=none";
    assert!(uids(&sandbox.form("/ultragroup/hismsg/msgid/query.json", body).2).is_empty());
}
