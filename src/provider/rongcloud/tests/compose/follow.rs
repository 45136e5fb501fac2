//! Follow-ups: recalls, updates, reads of what was sent.

use super::*;

fn sent(
    operation: &str,
    body: &str,
    targets: &[(&str, Option<&str>)],
    ids: &[(&str, &str)],
) -> SentMessage {
    let own = |text: &str| text.to_owned();
    SentMessage {
        operation: own(operation),
        body: Document::parse(body).expect("JSON").into_value(),
        ids: ids.iter().map(|(name, id)| (own(name), own(id))).collect(),
        targets: targets.iter().map(|(target, id)| (own(target), id.map(own))).collect(),
        sent_ms: 1_700_000_000_000,
    }
}

fn follow(
    verb: Verb,
    ids: &[&str],
    sent: Option<&SentMessage>,
    to: &[Target],
    new: Option<&Ask>,
) -> crate::error::Result<Vec<String>> {
    let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    let account = Account::default();
    let stamp = Stamp { timestamp: "1".to_owned(), nonce: "1".to_owned() };
    let run = |intent: Option<&SendIntent<'_>>| {
        let from = if sent.is_some() { None } else { Some("u1") };
        let ask = FollowUp {
            verb,
            ids: &ids,
            sent,
            from,
            to,
            intent,
            sets: &[],
            account: &account,
            stamp: &stamp,
        };
        let drafts = RongCloud.follow_up(&ask)?;
        let show = |draft: &Draft| {
            let warned = if draft.warnings.is_empty() { "" } else { " !" };
            let remarked = if draft.remarks.is_empty() { "" } else { " ?" };
            format!("{} {}{warned}{remarked}", draft.operation.id, draft.body.to_compact())
        };
        Ok(drafts.iter().map(show).collect())
    };
    match new {
        Some(new) => new.intent(|intent| run(Some(intent))),
        None => run(None),
    }
}

#[test]
fn a_recall_takes_what_it_needs_from_the_ledger() {
    let two = sent(
        "send-private",
        r#"{"fromUserId":"a","toUserId":["b","c"]}"#,
        &[("b", Some("X")), ("user:c", Some("Y"))],
        &[],
    );
    let of = |target: &str, id: &str| {
        format!(
            r#"recall {{"fromUserId":"a","conversationType":1,"targetId":"{target}","messageUID":"{id}","sentTime":1700000000000}}"#
        )
    };
    assert_eq!(
        follow(Verb::Recall, &[], Some(&two), &[], None).expect("drafts"),
        [of("b", "X"), of("c", "Y")]
    );
    assert_eq!(
        follow(Verb::Recall, &["Y"], Some(&two), &[], None).expect("drafts"),
        [of("c", "Y")]
    );

    let ultra = sent(
        "send-ultragroup",
        r#"{"fromUserId":"a","toGroupIds":["g"],"busChannel":"n"}"#,
        &[],
        &[("messageUID", "X")],
    );
    assert_eq!(
        follow(Verb::Recall, &[], Some(&ultra), &[], None).expect("drafts"),
        [
            r#"recall {"fromUserId":"a","conversationType":10,"targetId":"g","messageUID":"X","sentTime":1700000000000,"busChannel":"n"}"#
        ]
    );
    for (operation, kind) in
        [("send-group", 3), ("send-chatroom", 4), ("send-system", 6), ("send-private-stream", 1)]
    {
        let sent = sent(operation, r#"{"fromUserId":"a"}"#, &[("t", Some("X"))], &[]);
        let drafts = follow(Verb::Recall, &[], Some(&sent), &[], None).expect("drafts");
        assert!(
            drafts[0].contains(&format!(r#""conversationType":{kind},"targetId":"t""#)),
            "{drafts:?}"
        );
    }
    let to = [Target::new(TargetKind::Group, "g")];
    assert_eq!(
        follow(Verb::Recall, &["X"], None, &to, None).expect("drafts"),
        [r#"recall {"fromUserId":"u1","conversationType":3,"targetId":"g","messageUID":"X"}"#]
    );
}

#[test]
fn broadcasts_have_a_recall_of_their_own_or_none() {
    let undo = r#"recall-broadcast {"fromUserId":"a","messageUID":"X","sentTime":1700000000000}"#;
    for (operation, body, remark) in [
        ("broadcast", r#"{"fromUserId":"a"}"#, ""),
        ("push", r#"{"fromuserid":"a","audience":{"is_to_all":false,"tag":["t"]}}"#, ""),
        ("push", r#"{"fromuserid":"a","audience":{"is_to_all":true}}"#, " !"),
        ("push", r#"{"fromuserid":"a","audience":{"is_to_all":false,"userid":["u"]}}"#, " !"),
    ] {
        let sent = sent(operation, body, &[], &[("id", "p"), ("messageUID", "X")]);
        assert_eq!(
            follow(Verb::Recall, &[], Some(&sent), &[], None).expect("drafts"),
            [format!("{undo}{remark}")]
        );
        // The ledger hands over every id, that of the push too, which is not a message's.
        assert_eq!(
            follow(Verb::Recall, &["p", "X"], Some(&sent), &[], None).expect("drafts").len(),
            1
        );
    }
    for operation in [
        "push",
        "push-user",
        "push-custom",
        "broadcast-online",
        "broadcast-chatroom",
        "send-private-status",
        "send-group-status",
    ] {
        let sent = sent(operation, "{}", &[], &[("id", "p")]);
        for ids in [&[][..], &["p"]] {
            assert!(follow(Verb::Recall, ids, Some(&sent), &[], None).is_err(), "{operation}");
        }
    }
}

#[test]
fn an_update_goes_to_the_call_of_its_conversation_and_keeps_the_type() {
    let new = Ask::to(&[], text("ho"));
    let body = |target: &str| {
        format!(
            r#"{{"fromUserId":"a",{target},"msgUID":"X","objectName":"RC:TxtMsg","content":"{{\"content\":\"ho\"}}"}}"#
        )
    };
    for (operation, wanted) in [
        ("send-private", format!("modify-private {}", body(r#""targetId":"t""#))),
        ("send-group", format!("modify-group {}", body(r#""groupId":"t""#))),
        (
            "send-ultragroup",
            format!(
                "modify-ultragroup {}",
                body(r#""groupId":"t""#).replace(r#""objectName":"RC:TxtMsg","#, "")
            ),
        ),
    ] {
        let sent = sent(
            operation,
            r#"{"fromUserId":"a","objectName":"RC:TxtMsg"}"#,
            &[("t", Some("X"))],
            &[],
        );
        assert_eq!(
            follow(Verb::Update, &[], Some(&sent), &[], Some(&new)).expect("drafts"),
            [wanted]
        );
    }
    let image = sent(
        "send-private",
        r#"{"fromUserId":"a","objectName":"RC:ImgMsg"}"#,
        &[("t", Some("X"))],
        &[],
    );
    assert!(follow(Verb::Update, &[], Some(&image), &[], Some(&new)).is_err());
    let room = sent("send-chatroom", r#"{"fromUserId":"a"}"#, &[("t", Some("X"))], &[]);
    assert!(follow(Verb::Update, &[], Some(&room), &[], Some(&new)).is_err());
}

#[test]
fn messages_are_read_by_id_or_around_their_time_and_histories_cleared() {
    let ultra = sent(
        "send-ultragroup",
        r#"{"fromUserId":"a","busChannel":"n"}"#,
        &[("g", Some("X")), ("h", Some("Y"))],
        &[],
    );
    assert_eq!(
        follow(Verb::Get, &[], Some(&ultra), &[], None).expect("drafts"),
        [
            r#"ultragroup-msg-get {"groupId":"g","msgs":"[{\"msgUID\":\"X\",\"busChannel\":\"n\"}]"} !"#,
            r#"ultragroup-msg-get {"groupId":"h","msgs":"[{\"msgUID\":\"Y\",\"busChannel\":\"n\"}]"} !"#,
        ]
    );
    let group = sent("send-group", r#"{"fromUserId":"a"}"#, &[("g", Some("X"))], &[]);
    assert_eq!(
        follow(Verb::Get, &[], Some(&group), &[], None).expect("drafts"),
        [
            r#"history-query-group {"userId":"a","targetId":"g","startTime":1700000060000,"endTime":1699999940000,"includeStart":true,"pageSize":100} ?"#
        ]
    );
    let to = [Target::new(TargetKind::User, "u2")];
    assert_eq!(
        follow(Verb::Clear, &[], None, &to, None).expect("drafts"),
        [r#"history-clean {"conversationType":1,"fromUserId":"u1","targetId":"u2"}"#]
    );
    assert!(
        follow(Verb::Clear, &[], None, &[Target::new(TargetKind::Channel, "c")], None).is_err()
    );
    for verb in [Verb::Delete, Verb::Status] {
        assert!(follow(verb, &["X"], Some(&group), &[], None).is_err());
    }
}
