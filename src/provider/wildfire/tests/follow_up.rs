//! Recalls, updates and deletions of what was sent.

use super::compose::{Asked, HI, shown, target};
use super::{Wildfire, json};
use crate::contract::{Context, Target, Verb};
use crate::document::{Document, Value};
use crate::error::Result;
use crate::lint::lint;
use crate::outcome::SentMessage;
use crate::provider::{Draft, FollowUp, Vendor as _, WantedAudience};

fn sent(operation: &str, body: &str, sent_ms: i64) -> SentMessage {
    SentMessage {
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
    sent: Option<&SentMessage>,
    from: Option<&str>,
    to: &[&str],
) -> Result<Vec<Draft>> {
    let asked = Asked::new(values);
    let to: Vec<Target> = to.iter().map(|text| target(text)).collect();
    let intent = asked.intent(Verb::Update, WantedAudience::Targets(Vec::new()));
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
            community,
            Verb::Recall,
            Some(&all),
            None,
            &["a", "b"],
            r#"recall-multicast {"operator":"alice","messageUid":7,"receivers":["a","b"]}"#,
        ),
        (
            &[],
            Verb::Recall,
            Some(&all),
            Some("boss"),
            &["a"],
            r#"recall-multicast {"operator":"boss","messageUid":7,"receivers":["a"]}"#,
        ),
        (
            &[("edition", "pro")],
            Verb::Recall,
            Some(&all),
            None,
            &["a"],
            "refused: `recall-broadcast` recalls it from everybody",
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
    let all = sent("broadcast", r#"{"sender":"a","payload":{}}"#, now);
    let robot = &[("robot_id", "r")][..];
    for (values, sent, to, warnings) in [
        (&[][..], command(11_000), &[][..], 1),
        (&[], command(9_000), &[], 0),
        (&[], text(900_000_000), &[], 0),
        (robot, text(121_000), &[], 1),
        (robot, text(119_000), &[], 0),
        (&[], many.clone(), &["a"], 1),
        (&[], many, &["a", "b"], 0),
        (&[("edition", "community")], all, &["a"], 1),
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
