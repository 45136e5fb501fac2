//! Flags become pushes.

use super::super::{CONTRACT, JpushV3};
use super::{is_error, plain, stamp};
use crate::account::Account;
use crate::contract::{Target, TargetKind, Verb};
use crate::provider::kit::testing::{intent, targets};
use crate::provider::{Content, FollowUp, Media, SendIntent, Vendor as _, WantedAudience};

#[test]
fn neutral_content_and_targets_become_the_documented_body() {
    let (account, stamp) = (Account::default(), stamp());
    let extra = [("k".to_owned(), "v".to_owned())];
    let base = |audience| intent(&account, &stamp, Verb::Broadcast, audience);
    let one = |kind| targets(kind, 1);
    for (intent, wanted, lost) in [
        (
            base(one(TargetKind::Alias)),
            r#"{"platform":"all","audience":{"alias":["x0"]},"notification":{"alert":"hi"}}"#,
            0,
        ),
        (
            SendIntent { title: Some("T"), extra: &extra, ..base(one(TargetKind::Regid)) },
            r#"{"platform":"all","audience":{"registration_id":["x0"]},"notification":{"alert":"hi","android":{"title":"T","extras":{"k":"v"}},"ios":{"alert":{"title":"T","body":"hi"},"extras":{"k":"v"}},"hmos":{"title":"T","extras":{"k":"v"}}}}"#,
            2,
        ),
        (
            SendIntent {
                content: Some(Content::Command("sync".to_owned())),
                title: Some("T"),
                extra: &extra,
                ..base(one(TargetKind::Tag))
            },
            r#"{"platform":"all","audience":{"tag":["x0"]},"message":{"msg_content":"sync","title":"T","extras":{"k":"v"}}}"#,
            1,
        ),
        (
            base(WantedAudience::Everybody),
            r#"{"platform":"all","audience":"all","notification":{"alert":"hi"}}"#,
            0,
        ),
        (
            SendIntent {
                content: None,
                message_type: CONTRACT.message_type("live-activity"),
                ..base(one(TargetKind::Regid))
            },
            r#"{"platform":"all","audience":{"registration_id":["x0"]}}"#,
            0,
        ),
    ] {
        let drafts = JpushV3.compose(&intent).expect("a draft");
        assert_eq!(drafts.len(), 1);
        assert_eq!(drafts[0].body.to_compact(), wanted);
        assert_eq!(drafts[0].lost.len(), lost, "{wanted}");
    }
    let drafts = JpushV3.compose(&base(targets(TargetKind::Alias, 2001))).expect("drafts");
    assert_eq!(drafts.len(), 3);
    for draft in drafts {
        let findings = plain("push", &draft.body.to_compact());
        assert!(!findings.iter().any(|(id, _)| is_error(id)), "{findings:?}");
    }
    let from = SendIntent { from: Some("me"), ..base(WantedAudience::Everybody) };
    assert_eq!(JpushV3.compose(&from).expect("a draft")[0].warnings.len(), 1);
}

#[test]
fn what_jpush_does_not_have_is_refused_with_a_way_out() {
    let (account, stamp) = (Account::default(), stamp());
    let base = |audience| intent(&account, &stamp, Verb::Broadcast, audience);
    let one = || targets(TargetKind::Alias, 1);
    let url = || Media::Url("https://example.test/a.png".to_owned());
    let extra = [("k".to_owned(), "v".to_owned())];
    let mixed = WantedAudience::Targets(vec![
        Target::new(TargetKind::Alias, "a"),
        Target::new(TargetKind::Tag, "b"),
    ]);
    for (why, intent) in [
        ("image", SendIntent { content: Some(Content::Image(url())), ..base(one()) }),
        ("voice", SendIntent { content: Some(Content::Voice(url())), ..base(one()) }),
        ("no content", SendIntent { content: None, ..base(one()) }),
        ("title alone", SendIntent { content: None, title: Some("t"), ..base(one()) }),
        ("extra alone", SendIntent { content: None, extra: &extra, ..base(one()) }),
        ("user", base(targets(TargetKind::User, 1))),
        ("room", base(targets(TargetKind::Room, 1))),
        ("package", base(targets(TargetKind::Package, 1))),
        ("tag in send", SendIntent { verb: Verb::Send, ..base(targets(TargetKind::Tag, 1)) }),
        ("21 tags", base(targets(TargetKind::Tag, 21))),
        ("mixed", base(mixed)),
        ("nobody", base(WantedAudience::Targets(Vec::new()))),
        ("update", SendIntent { verb: Verb::Update, ..base(one()) }),
        (
            "another type",
            SendIntent { message_type: CONTRACT.message_type("message"), ..base(one()) },
        ),
    ] {
        let error = JpushV3.compose(&intent).expect_err(why);
        assert!(error.advice().is_some(), "{why}: {error}");
    }
}

#[test]
fn recall_and_status_ask_the_right_operation() {
    let (account, stamp) = (Account::default(), stamp());
    let ids: Vec<String> = (1..=101).map(|n: u32| n.to_string()).collect();
    let devices: Vec<Target> =
        (0..1001).map(|n| Target::new(TargetKind::Regid, format!("r{n}"))).collect();
    let base = FollowUp {
        verb: Verb::Status,
        ids: &ids,
        sent: None,
        from: None,
        to: &[],
        intent: None,
        sets: &[],
        account: &account,
        stamp: &stamp,
    };
    let of = |ask: &FollowUp<'_>| {
        let drafts = JpushV3.follow_up(ask).expect("drafts");
        for draft in &drafts {
            let findings = plain(draft.operation.id, &draft.body.to_compact());
            assert!(findings.is_empty(), "{findings:?}");
        }
        (drafts.len(), drafts[0].operation.id, drafts.last().expect("one").body.to_compact())
    };
    assert_eq!(of(&base), (2, "received-detail", r#"{"msg_ids":["101"]}"#.to_owned()));
    let recall = FollowUp { verb: Verb::Recall, ..base.clone() };
    assert_eq!(of(&recall), (101, "recall", r#"{"msg_id":"101"}"#.to_owned()));
    let devices = FollowUp { ids: &ids[..2], to: &devices, ..base.clone() };
    assert_eq!(
        of(&devices),
        (4, "status", r#"{"msg_id":2,"registration_ids":["r1000"]}"#.to_owned())
    );
    // Digit by digit, beyond what a double holds; what is not an id goes on as it is, for lint to tell.
    for (id, wanted) in [
        ("29273455998601743", r#"{"msg_id":29273455998601743,"registration_ids":["r0"]}"#),
        ("18446744073709551615", r#"{"msg_id":18446744073709551615,"registration_ids":["r0"]}"#),
        ("0", r#"{"msg_id":0,"registration_ids":["r0"]}"#),
        ("007", r#"{"msg_id":"007","registration_ids":["r0"]}"#),
        ("1e3", r#"{"msg_id":"1e3","registration_ids":["r0"]}"#),
        ("-1", r#"{"msg_id":"-1","registration_ids":["r0"]}"#),
    ] {
        let ids = [id.to_owned()];
        let first = [Target::new(TargetKind::Regid, "r0")];
        let ask = FollowUp { ids: &ids, to: &first, ..base.clone() };
        let drafts = JpushV3.follow_up(&ask).expect("drafts");
        assert_eq!(drafts[0].body.to_compact(), wanted);
    }
    let alias = [Target::new(TargetKind::Alias, "a")];
    assert!(JpushV3.follow_up(&FollowUp { to: &alias, ..base.clone() }).is_err());
    for verb in [Verb::Update, Verb::Delete, Verb::Clear, Verb::Get] {
        let error = JpushV3.follow_up(&FollowUp { verb, ..base.clone() }).expect_err("none");
        assert!(error.advice().is_some(), "{error}");
    }
}
