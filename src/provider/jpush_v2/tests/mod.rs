//! What the rows and rules say of payloads, what goes out and what comes back.

mod sandbox;
mod wire;

use super::{CONTRACT, JpushV2};
use crate::account::Account;
use crate::contract::{Audience, Context, Target, TargetKind, Verb};
use crate::document::Document;
use crate::lint::lint;
use crate::outcome::SentMessage;
use crate::provider::kit::testing::{
    self, changed, intent, json as value, rules_are_all_drawn, targets,
};
use crate::provider::{Content, FollowUp, Media, SendIntent, Vendor as _, WantedAudience};
use crate::wire::Stamp;

fn account(key: &str, secret: &str) -> Account {
    testing::account(&CONTRACT, &[("app_key", key), ("master_secret", secret)])
}

fn stamp() -> Stamp {
    testing::stamp("3320")
}

/// A push that has nothing to warn of but its generation, with members put over it.
fn push(changes: &str) -> String {
    let body = r#"{"sendno":3321,"receiver_type":3,"receiver_value":"a","msg_type":1,
        "msg_content":{"n_content":"Hi"},"platform":"android"}"#;
    changed(body, changes)
}

/// Rules and places of all findings; `/a#/b` is a place inside a string.
fn found(operation: &str, body: &str, account: Option<&Account>) -> Vec<(&'static str, String)> {
    let context = Context { account, ..Context::default() };
    testing::findings(&CONTRACT, operation, body, &context)
        .into_iter()
        .map(|finding| {
            let inner = finding.place.inner_pointer.map(|inner| format!("#{inner}"));
            (finding.rule.id, finding.place.pointer + &inner.unwrap_or_default())
        })
        .collect()
}

#[test]
fn every_rule_is_drawn_by_a_row_or_a_check() {
    // The table itself is in the file of the functions: what stands before them is left out.
    let functions =
        include_str!("../rules.rs").split_once("/// The names of a list").expect("a fn");
    let sources = [include_str!("../content.rs"), include_str!("../operations.rs"), functions.1];
    rules_are_all_drawn(&CONTRACT, "V2-", &sources, &[]);
}

#[test]
fn every_warning_and_hint_speaks_where_it_should_and_not_beside() {
    let custom = |rest: &str| {
        push(&format!(r#"{{"msg_type":2,"platform":"android","msg_content":{rest}}}"#))
    };
    let grey = |n: usize| custom(&format!(r#"{{"message":"{}"}}"#, "m".repeat(n)));
    for (rule, place, loud, silent) in [
        (
            "V2-W01",
            "/verification_code",
            push(r#"{"verification_code":"e6bd6ae007a6bb02a7da117026545697"}"#),
            push(r#"{"verification_code":"E6BD6AE007A6BB02A7DA117026545697"}"#),
        ),
        (
            "V2-W03",
            "/receiver_value",
            push(r#"{"receiver_type":2,"receiver_value":"game, oldman"}"#),
            push(r#"{"receiver_type":2,"receiver_value":"game,old man"}"#),
        ),
        (
            "V2-W03",
            "/platform",
            push(r#"{"platform":"android, winphone"}"#),
            push(r#"{"platform":"android,winphone"}"#),
        ),
        (
            "V2-W04",
            "/receiver_value",
            push(r#"{"receiver_value":"a,,b"}"#),
            push(r#"{"receiver_value":"a,b"}"#),
        ),
        (
            "V2-W04",
            "/receiver_value",
            push(r#"{"receiver_value":"a,b,a"}"#),
            push(r#"{"receiver_value":"a,b,A"}"#),
        ),
        ("V2-W05", "/platform", push(r#"{"platform":"android,winphone"}"#), push("{}")),
        (
            "V2-W06",
            "/receiver_value",
            push(r#"{"receiver_type":4}"#),
            push(r#"{"receiver_type":4,"receiver_value":""}"#),
        ),
        (
            "V2-W07",
            "/platform",
            push(r#"{"msg_type":2,"msg_content":{"message":"m"},"platform":"android,ios"}"#),
            custom(r#"{"message":"m"}"#),
        ),
        (
            "V2-W08",
            "/apns_production",
            push(r#"{"platform":"ios"}"#),
            push(r#"{"platform":"ios","apns_production":"0"}"#),
        ),
        (
            "V2-W08",
            "/apns_production",
            push(r#"{"platform":"ios","apns_production":""}"#),
            push(r#"{"platform":"android"}"#),
        ),
        (
            "V2-W09",
            "/msg_content/n_content",
            push(r#"{"msg_content":{"n_content":""}}"#),
            push(r#"{"msg_content":{"n_content":"","n_extras":{"ios":{"badge":1}}}}"#),
        ),
        (
            "V2-W10",
            "/msg_content/n_content",
            custom(r#"{"message":"m","n_content":"c"}"#),
            custom(r#"{"message":"m","title":"c"}"#),
        ),
        (
            "V2-W10",
            "/msg_content#/title",
            push(r#"{"msg_content":"{\"n_content\":\"c\",\"title\":\"t\"}"}"#),
            push(r#"{"msg_content":"{\"n_content\":\"c\",\"n_title\":\"t\"}"}"#),
        ),
        ("V2-W13", "/time_to_live", push(r#"{"time_to_live":"0"}"#), push(r#"{"time_to_live":1}"#)),
        (
            "V2-W14",
            "/apnsProduction",
            push(r#"{"apnsProduction":1}"#),
            push(r#"{"apns_production":1,"send_description":"None"}"#),
        ),
        (
            "V2-W15",
            "/msg_content/n_extras",
            push(r#"{"msg_content":{"n_content":"c","n_extras":[]}}"#),
            push(r#"{"msg_content":{"n_content":"c","n_extras":{}}}"#),
        ),
        (
            "V2-W15",
            "/msg_content/n_builder_id",
            push(r#"{"msg_content":{"n_content":"c","n_builder_id":""}}"#),
            push(r#"{"msg_content":{"n_content":"c","n_builder_id":"3"}}"#),
        ),
        (
            "V2-W15",
            "/msg_content/extras",
            custom(r#"{"message":"c","extras":[]}"#),
            custom(r#"{"message":"c","extras":{"k":[]}}"#),
        ),
        ("V2-W16", "/msg_content", grey(1000), grey(986)),
    ] {
        let told = (rule, place.to_owned());
        let loud_findings = found("push", &loud, None);
        assert!(loud_findings.contains(&told), "{rule} {loud}: {loud_findings:?}");
        assert!(loud_findings.iter().all(|(id, _)| id.starts_with("V2-W")), "{loud_findings:?}");
        let others = found("push", &silent, None);
        assert!(!others.contains(&told), "{rule} {silent}: {others:?}");
    }
    assert_eq!(found("push", &push("{}"), None), [("V2-W11", String::new())]);
    assert_eq!(found("received", r#"{"msg_ids":[1,"2"]}"#, None), []);
}

#[test]
fn digits_in_quotes_pass_where_they_are_the_bytes_of_the_number() {
    for (rule, field, wrong, right) in [
        ("V2-01", "sendno", r#""007""#, r#""7""#),
        ("V2-01", "sendno", r#""+7""#, "7"),
        ("V2-03", "receiver_type", r#""02""#, r#""2""#),
        ("V2-07", "msg_type", r#""01""#, r#""1""#),
        ("V2-19", "apns_production", r#""00""#, r#""0""#),
        ("V2-20", "time_to_live", r#""060""#, r#""60""#),
        ("V2-21", "override_msg_id", "1.5", "99999999999999999999"),
        ("V2-21", "override_msg_id", "-1", r#""99999999999999999999""#),
        ("V2-21", "override_msg_id", "1e3", r#""0900""#),
    ] {
        let errors = |text: &str| -> Vec<(&str, String)> {
            let body = push(&format!(r#"{{"{field}":{text}}}"#));
            found("push", &body, None).into_iter().filter(|(rule, _)| !rule.contains('W')).collect()
        };
        assert_eq!(errors(wrong), [(rule, format!("/{field}"))], "{field} {wrong}");
        assert_eq!(errors(right), [], "{field} {right}");
    }
    let asked = |ids: &str| found("received", &format!(r#"{{"msg_ids":{ids}}}"#), None);
    assert_eq!(asked(r#"[99999999999999999999,"1"]"#), []);
    assert_eq!(asked("[1.5]"), [("V2-30", "/msg_ids/0".to_owned())]);
}

#[test]
fn the_profile_is_looked_at_where_it_is_known() {
    let good = "5e987ac6d2e04d95a9d8f0d1";
    let seed = "71638202938228382811FCB1CB308ADC";
    for (secret, endpoint, wanted) in [
        (good, None, vec![]),
        (seed, None, vec!["V2-W02"]),
        (good, Some("https://api.jpush.cn"), vec![]),
        (good, Some("http://127.0.0.1:8080"), vec![]),
        (good, Some("http://localhost:8080/"), vec![]),
        (good, Some("http://[::1]:8080"), vec![]),
        (good, Some("http://LOCALHOST"), vec![]),
        (good, Some("http://vendor.localhost.:8080"), vec![]),
        (good, Some("http://[::ffff:127.0.0.1]"), vec![]),
        (good, Some("http://127.example.test"), vec!["V2-W12"]),
        (good, Some("http://localhost.example.test"), vec!["V2-W12"]),
        (good, Some("http://api.jpush.cn:8800"), vec!["V2-W12"]),
    ] {
        let mut account = account("7d431e42dfa6a6d693ac2d04", secret);
        account.endpoint = endpoint.map(str::to_owned);
        let mut rules: Vec<&str> =
            found("push", &push("{}"), Some(&account)).into_iter().map(|(id, _)| id).collect();
        rules.retain(|id| *id != "V2-W11");
        assert_eq!(rules, wanted, "{secret} {endpoint:?}");
    }
}

#[test]
fn a_code_is_compared_only_where_the_secret_is_known_and_the_parts_are_right() {
    let account = account("7d431e42dfa6a6d693ac2d04", "5e987ac6d2e04d95a9d8f0d1");
    let code = |changes: &str, account: Option<&Account>| {
        let findings = found("push", &push(changes), account);
        findings.iter().any(|(id, place)| *id == "V2-22" && place == "/verification_code")
    };
    let right =
        r#"{"receiver_value":"alias_api","verification_code":"DE3649B5C86E59882E245D83C975EFEA"}"#;
    let lower =
        r#"{"receiver_value":"alias_api","verification_code":"de3649b5c86e59882e245d83c975efea"}"#;
    let digits = r#"{"sendno":"3321","receiver_value":"alias_api","verification_code":"DE3649B5C86E59882E245D83C975EFEA"}"#;
    let wrong =
        r#"{"receiver_value":"alias_apj","verification_code":"DE3649B5C86E59882E245D83C975EFEA"}"#;
    let broken = r#"{"sendno":0,"receiver_value":"alias_apj","verification_code":"DE3649B5C86E59882E245D83C975EFEA"}"#;
    for (changes, found) in
        [(right, false), (lower, false), (digits, false), (wrong, true), (broken, false)]
    {
        assert_eq!(code(changes, Some(&account)), found, "{changes}");
        assert!(!code(changes, None), "{changes}");
    }
}

#[test]
fn faults_inside_a_string_say_where_they_are_in_it() {
    for (content, rule, place) in [
        (r#""{\"n_title\":\"News\"}""#, "V2-09", "/msg_content#/n_content"),
        (r#""{\"n_content\":\"c\",\"n_builder_id\":1001}""#, "V2-10", "/msg_content#/n_builder_id"),
        (r#""{\"n_content\":\"x\",\"n_extras\":[1]}""#, "V2-12", "/msg_content#/n_extras"),
        (r#""[\"Hello\"]""#, "V2-08", "/msg_content#"),
        (r#""Hello""#, "V2-08", "/msg_content"),
        (r#""""#, "V2-08", "/msg_content"),
        ("7", "V2-08", "/msg_content"),
    ] {
        let body = push(&format!(r#"{{"msg_content":{content}}}"#));
        let errors: Vec<_> = found("push", &body, None)
            .into_iter()
            .filter(|(id, _)| !id.starts_with("V2-W"))
            .collect();
        assert_eq!(errors, [(rule, place.to_owned())], "{content}");
    }
}

#[test]
fn a_field_that_is_there_is_no_misspelling_of_the_one_that_is_not() {
    let help = |changes: &str| {
        let operation = CONTRACT.operation("push").expect("an operation");
        let document = Document::parse(push(changes)).expect("JSON");
        let findings = lint(&CONTRACT, operation, &document, &Context::default());
        let found = findings.into_iter().find(|finding| finding.rule.id == "V2-04");
        found.and_then(|finding| finding.help).expect("help")
    };
    // `receiver_type` is near, and a field of its own.
    assert!(help(r#"{"receiver_value":""}"#).starts_with("Tags, aliases"));
    let typo = help(r#"{"receiver_value":"","reciever_value":"a"}"#);
    assert!(typo.contains("`reciever_value` is there"), "{typo}");
}

#[test]
fn sizes_count_bytes_of_the_texts_and_of_compact_extras() {
    // 73 Chinese characters and one letter are 220 bytes; `{}` adds its two, what counts as absent adds none.
    let text = format!("{}!", "推".repeat(73));
    for (rest, too_large) in [
        ("", false),
        (r#","n_title":"a title that does not count","n_builder_id":7"#, false),
        (r#","n_extras":[]"#, false),
        (r#","n_extras":{}"#, true),
    ] {
        let content = format!(r#"{{"n_content":"{text}"{rest}}}"#);
        let body = push(&format!(r#"{{"msg_content":{content}}}"#));
        let told = found("push", &body, None).contains(&("V2-13", "/msg_content".to_owned()));
        assert_eq!(told, too_large, "{rest}");
    }
    let custom = |n: usize| {
        let content = format!(r#"{{"message":"{}","extras":{{"k":"v"}}}}"#, "m".repeat(n));
        let body = push(&format!(r#"{{"msg_type":2,"msg_content":{content}}}"#));
        found("push", &body, None).into_iter().map(|(id, _)| id).collect::<Vec<_>>()
    };
    assert_eq!(custom(957), ["V2-W11"]);
    assert!(custom(980).contains(&"V2-W16") && !custom(980).contains(&"V2-16"));
    assert!(custom(992).contains(&"V2-16") && !custom(992).contains(&"V2-W16"));
}

#[test]
fn the_audience_is_read_by_receiver_type() {
    let of = |changes: &str| {
        let operation = CONTRACT.operation("push").expect("an operation");
        Audience::of(operation, &Document::parse(push(changes)).expect("JSON"))
    };
    let alias = |id: &str| Target::new(TargetKind::Alias, id);
    assert_eq!(of(r#"{"receiver_value":"a,b,a"}"#), Audience::Named(vec![alias("a"), alias("b")]));
    assert_eq!(
        of(r#"{"receiver_type":"2","receiver_value":"t"}"#),
        Audience::Class(vec![Target::new(TargetKind::Tag, "t")])
    );
    assert_eq!(
        of(r#"{"receiver_type":5,"receiver_value":"0900e8d85ef"}"#),
        Audience::Named(vec![Target::new(TargetKind::Regid, "0900e8d85ef")])
    );
    for everybody in [
        r#"{"receiver_type":4}"#,
        r#"{"receiver_value":""}"#,
        r#"{"receiver_value":","}"#,
        r#"{"receiver_type":9}"#,
        r#"{"receiver_value":["a"]}"#,
    ] {
        assert_eq!(of(everybody), Audience::Everybody, "{everybody}");
    }
}

#[test]
fn flags_become_pushes() {
    let (account, stamp) = (Account::default(), stamp());
    let extra = [("k".to_owned(), "v".to_owned())];
    let one = || targets(TargetKind::Alias, 2);
    let text = SendIntent {
        title: Some("T"),
        extra: &extra,
        from: Some("me"),
        ..intent(&account, &stamp, Verb::Broadcast, one())
    };
    let drafts = JpushV2.compose(&text).expect("a draft");
    assert_eq!(
        drafts[0].body.to_compact(),
        r#"{"sendno":3321,"receiver_type":3,"receiver_value":"x0,x1","msg_type":1,"msg_content":{"n_content":"hi","n_title":"T","n_extras":{"k":"v"}},"platform":"android,ios"}"#
    );
    assert_eq!((drafts[0].lost.len(), drafts[0].warnings.len()), (1, 1));

    let command = SendIntent {
        content: Some(Content::Command("sync".to_owned())),
        title: Some("T"),
        extra: &extra,
        ..intent(&account, &stamp, Verb::Broadcast, WantedAudience::Everybody)
    };
    assert_eq!(
        JpushV2.compose(&command).expect("a draft")[0].body.to_compact(),
        r#"{"sendno":3321,"receiver_type":4,"msg_type":2,"msg_content":{"message":"sync","title":"T","extras":{"k":"v"}},"platform":"android"}"#
    );

    let many = intent(&account, &stamp, Verb::Broadcast, targets(TargetKind::Regid, 2001));
    let drafts = JpushV2.compose(&many).expect("drafts");
    let sendnos: Vec<_> = drafts
        .iter()
        .map(|draft| draft.body.as_object().expect("an object").get("sendno").expect("there"))
        .map(|node| node.value.to_plain())
        .collect();
    assert_eq!(sendnos, ["3321", "3322", "3323"]);
    for draft in drafts {
        let errors = found("push", &draft.body.to_compact(), None);
        assert!(errors.iter().all(|(id, _)| id.starts_with("V2-W")), "{errors:?}");
    }
}

#[test]
fn what_jpush_does_not_have_is_refused_with_a_way_out() {
    let (account, stamp) = (Account::default(), stamp());
    let base = |audience| intent(&account, &stamp, Verb::Broadcast, audience);
    let one = || targets(TargetKind::Alias, 1);
    let url = || Media::Url("https://example.test/a.png".to_owned());
    let ios = [("ios".to_owned(), "1".to_owned())];
    let comma = WantedAudience::Targets(vec![Target::new(TargetKind::Alias, "a,b")]);
    let mixed = WantedAudience::Targets(vec![
        Target::new(TargetKind::Alias, "a"),
        Target::new(TargetKind::Regid, "b"),
    ]);
    for (why, intent) in [
        ("media", SendIntent { content: Some(Content::Image(url())), ..base(one()) }),
        ("no content", SendIntent { content: None, ..base(one()) }),
        ("title alone", SendIntent { content: None, title: Some("t"), ..base(one()) }),
        ("reserved key", SendIntent { extra: &ios, ..base(one()) }),
        ("user", base(targets(TargetKind::User, 1))),
        ("group", base(targets(TargetKind::Group, 1))),
        ("package", base(targets(TargetKind::Package, 1))),
        ("tag in send", SendIntent { verb: Verb::Send, ..base(targets(TargetKind::Tag, 1)) }),
        ("11 tags", base(targets(TargetKind::Tag, 11))),
        ("comma", base(comma)),
        ("mixed", base(mixed)),
        ("nobody", base(WantedAudience::Targets(Vec::new()))),
        ("update", SendIntent { verb: Verb::Update, ..base(one()) }),
        (
            "another type",
            SendIntent { message_type: CONTRACT.message_type("custom"), ..base(one()) },
        ),
    ] {
        let error = JpushV2.compose(&intent).expect_err(why);
        assert!(error.advice().is_some(), "{why}: {error}");
    }
    let ids: Vec<String> = (1..=101).map(|n: u32| n.to_string()).collect();
    let ask = |verb| FollowUp {
        verb,
        ids: &ids,
        sent: None,
        from: None,
        to: &[],
        intent: None,
        sets: &[],
        account: &account,
        stamp: &stamp,
    };
    let sent = SentMessage {
        operation: "push".to_owned(),
        body: value("{}"),
        ids: vec![("msg_id".to_owned(), "1".to_owned()), ("sendno".to_owned(), "2".to_owned())],
        targets: Vec::new(),
        sent_ms: 0,
    };
    let last = FollowUp { ids: &ids[..2], sent: Some(&sent), ..ask(Verb::Status) };
    let drafts = JpushV2.follow_up(&last).expect("a report");
    assert_eq!(drafts[0].body.to_compact(), r#"{"msg_ids":["1"]}"#);
    let none = FollowUp { ids: &ids[1..2], ..last };
    assert!(JpushV2.follow_up(&none).is_err(), "a sendno is no message");
    let drafts = JpushV2.follow_up(&ask(Verb::Status)).expect("two reports");
    assert_eq!(drafts.len(), 2);
    assert_eq!(drafts[1].body.to_compact(), r#"{"msg_ids":["101"]}"#);
    for verb in [Verb::Recall, Verb::Update, Verb::Delete, Verb::Clear, Verb::Get] {
        let error = JpushV2.follow_up(&ask(verb)).expect_err(verb.word());
        assert!(error.advice().is_some(), "{error}");
    }
}
