//! Checks that concern several files of this folder.

mod compose;
mod helps;
mod rules;
mod sdks_and_kits;
mod settings;
mod wire;

use super::CONTRACT;
use crate::account::Account;
use crate::contract::{
    Audience, BodyForm, Context, Field, Finding, Kind, Lit, Operation, Severity, Test, TextForm,
};
use crate::document::{Document, Value};
use crate::lint::lint;
use crate::outcome::Class;
use crate::provider::kit::testing;

fn findings(operation: &str, body: &str, context: &Context<'_>) -> Vec<Finding> {
    testing::findings(&CONTRACT, operation, body, context)
}

fn ids(operation: &str, body: &str) -> Vec<&'static str> {
    let account = Account::default();
    let context = Context { account: Some(&account), ..Context::default() };
    findings(operation, body, &context).iter().map(|finding| finding.rule.id).collect()
}

fn account(endpoint: &str) -> Account {
    Account { endpoint: Some(endpoint.to_owned()), ..Account::default() }
}

const PRIVATE: &str = r#"{"fromUserId":"u1","toUserId":["u2"],"objectName":"RC:TxtMsg","content":"{\"content\":\"hi\"}""#;
const GROUP: &str = r#"{"fromUserId":"u1","toGroupId":["g1"],"objectName":"RC:TxtMsg","content":"{\"content\":\"hi\"}""#;
const RECALL: &str =
    r#"{"fromUserId":"u1","targetId":"u2","messageUID":"5FGT-7VA9","conversationType":1"#;
const QUERY: &str = r#"{"userId":"u1","targetId":"u2","includeStart":true"#;
const TEMPLATE: &str = r#"{"fromUserId":"u1","objectName":"RC:TxtMsg","toUserId":["u2"],"content":"{\"content\":\"hi {c}\"}""#;

fn push(platform: &str, audience: &str, rest: &str) -> String {
    format!(r#"{{"platform":{platform},"audience":{audience},{rest}}}"#)
}

fn push_alone(rest: &str) -> String {
    push(r#"["ios","android"]"#, r#"{"is_to_all":false,"packageName":"x.y"}"#, rest)
}

fn with(start: &str, rest: &str) -> String {
    let comma = if rest.is_empty() { "" } else { "," };
    format!("{start}{comma}{rest}}}")
}

fn message(name: &str, content: &str) -> String {
    let content = Value::from(content).to_compact();
    format!(
        r#"{{"fromUserId":"u1","toUserId":["u2"],"objectName":"{name}","content":{content},"pushContent":"p"}}"#
    )
}

#[test]
fn what_depends_on_the_endpoint_is_said_only_where_it_is_known() {
    let body = with(PRIVATE, r#""expansion":true"#);
    for (endpoint, wanted) in [
        ("cn", ""),
        ("sg", "H08"),
        ("sg-b", "H08"),
        ("https://api-b.us-light-api.com", "H08"),
        ("https://api-b.rong-api.com", ""),
        ("https://api-cn.ronghub.com", "H02"),
        ("http://api.rong-api.com", "H02"),
        ("http://127.0.0.1:8080", ""),
        ("http://[::1]:8080", ""),
        ("http://LOCALHOST", ""),
        ("http://vendor.localhost.:8080", ""),
        ("http://127.evil.example", "H02"),
        ("http://localhost.evil.example", "H02"),
        ("https://api-sg01.ronghub.com", "H02 H08"),
    ] {
        let account = account(endpoint);
        let context = Context { account: Some(&account), ..Context::default() };
        let mut found: Vec<&str> =
            findings("send-private", &body, &context).iter().map(|f| f.rule.id).collect();
        found.sort_unstable();
        assert_eq!(found.join(" "), wanted, "{endpoint}");
    }
    let offline =
        findings("push", &push_alone(r#""notification":{"alert":"a"}"#), &Context::default());
    assert!(offline.is_empty(), "{offline:?}");
}

#[test]
fn a_fault_inside_a_string_is_shown_inside() {
    for (operation, body, pointer, inner) in [
        ("send-private", message("RC:ImgMsg", r#"{"content":"AAAA"}"#), "/content", Some("/imageUri")),
        ("send-private", message("RC:TxtMsg", "[]"), "/content", Some("")),
        ("send-private", message("RC:TxtMsg", "{\"content\":"), "/content", None),
        (
            "expansion-set",
            r#"{"msgUID":"m","userId":"u","conversationType":1,"targetId":"t","extraKeyVal":"{\"类型\":\"3\"}"}"#.to_owned(),
            "/extraKeyVal",
            Some("/类型"),
        ),
        (
            "send-private",
            with(PRIVATE, r#""pushExt":"{\"pushConfigs\":[{\"HW\":{\"importance\":\"MID\"}}]}""#),
            "/pushExt",
            Some("/pushConfigs/0/HW/importance"),
        ),
        ("send-group", with(GROUP, r#""isMentioned":1"#), "/content", Some("/mentionedInfo")),
        ("ultragroup-msg-get", r#"{"groupId":"g","msgs":"[{}]"}"#.to_owned(), "/msgs", Some("/0/msgUID")),
    ] {
        let found = findings(operation, &body, &Context::default());
        let errors: Vec<&Finding> =
            found.iter().filter(|finding| finding.severity() == Severity::Error).collect();
        let [error] = errors.as_slice() else { panic!("{body}: {errors:?}") };
        assert_eq!(error.place.pointer, pointer, "{body}");
        assert_eq!(error.place.inner_pointer.as_deref(), inner, "{body}");
    }
}

#[test]
fn percent_encoded_json_is_named_as_such() {
    let body = message("RC:TxtMsg", "%7B%22content%22%3A%22hi%22%7D");
    let found = findings("send-private", &body, &Context::default());
    let help = found[0].help.as_deref().expect("a help");
    assert!(help.contains("percent-encoded"), "{help}");
}

#[test]
fn a_near_miss_of_a_required_name_is_named() {
    for (operation, body, typed) in [
        (
            "push",
            push_alone(
                r#""fromUserId":"u","message":{"objectName":"a:b","content":"c"},"notification":{"alert":"a"}"#,
            ),
            "fromUserId",
        ),
        ("send-private", with(PRIVATE, "").replace("fromUserId", "fromuserid"), "fromuserid"),
        (
            "modify-private",
            r#"{"fromUserId":"u","targetId":"t","messageUID":"m","content":"c"}"#.to_owned(),
            "messageUID",
        ),
    ] {
        let found = findings(operation, &body, &Context::default());
        let missing = found.iter().find(|finding| finding.rule.id == "E02").expect("E02");
        assert!(
            missing.help.as_deref().unwrap_or_default().contains(typed),
            "{operation}: {missing:?}"
        );
    }
}

#[test]
fn a_stream_needs_its_type_first_and_its_id_later() {
    let chunk = |content: &str| {
        format!(
            r#"{{"fromUserId":"b","toUserId":"u","objectName":"RC:StreamMsg","content":{content}}}"#
        )
    };
    for (content, pointer) in [
        (r#"{"content":"a","seq":1,"complete":false}"#, Some("/content/type")),
        (r#"{"content":"a","seq":1,"complete":false,"type":"text"}"#, None),
        (r#"{"content":"a","seq":2,"complete":false}"#, Some("/content/messageUID")),
        (r#"{"content":"a","seq":2,"complete":true,"messageUID":"m"}"#, None),
        (r#"{"content":"a","seq":0,"complete":true}"#, Some("/content/seq")),
    ] {
        let found = findings("send-private-stream", &chunk(content), &Context::default());
        let pointers: Vec<&str> = found.iter().map(|f| f.place.pointer.as_str()).collect();
        assert_eq!(pointers, pointer.into_iter().collect::<Vec<_>>(), "{content}");
    }
    let large =
        format!(r#"{{"content":"{}","seq":1,"complete":true,"type":"t"}}"#, "a".repeat(131_072));
    let found = findings("send-private-stream", &chunk(&large), &Context::default());
    assert_eq!(found.iter().map(|f| f.rule.id).collect::<Vec<_>>(), ["E14"]);
}

#[test]
fn the_rows_are_whole_and_in_order() {
    let operations: Vec<&str> = CONTRACT.operations.iter().map(|row| row.id).collect();
    assert_eq!(operations.len(), 64);
    assert!(operations.is_sorted(), "{operations:?}");
    let forms = CONTRACT.operations.iter().filter(|row| row.body == BodyForm::Form).count();
    assert_eq!(forms, 46);
    assert_eq!(CONTRACT.types.len(), 26);
    assert_eq!(CONTRACT.rules.len(), 19 + 33 + 9);
    for operation in CONTRACT.operations {
        assert!(!operation.about.is_empty(), "{}", operation.id);
        if let Some(undo) = operation.recall.operation {
            assert!(CONTRACT.operation(undo).is_some(), "{}", operation.id);
        }
        let fields = operation.shape().expect("an object").all_fields();
        if let Some(batch) = operation.batch {
            assert!(fields.iter().any(|field| field.name == batch.field), "{}", operation.id);
        }
    }
    for row in CONTRACT.types.iter().filter(|row| row.content.is_some()) {
        let Lit::Text(name) = row.wire else { panic!("{}", row.id) };
        assert!(super::messages::OBJECT_NAMES.iter().any(|choice| choice.name == name), "{name}");
    }
    for (index, row) in CONTRACT.errors.iter().enumerate() {
        assert!(
            CONTRACT.errors[..index].iter().all(|before| before.code != row.code),
            "{}",
            row.code
        );
        assert_eq!(row.class == Class::Success, super::errors::is_success(row.code));
    }
}

#[test]
fn codes_that_sdks_hand_on_lead_to_the_servers_own() {
    use crate::contract::reference::candidates;
    for (code, server) in
        [("20000", "1004"), ("20001", "1008"), ("10001", "2007"), ("20005", "1002")]
    {
        let page = |code: &str| {
            let found = candidates(&[&CONTRACT], &format!("rongcloud/{code}"));
            found.first().expect("a known code").page()
        };
        assert_eq!(page(code).name, format!("rongcloud/{code}"));
        assert!(page(code).about.ends_with(&page(server).about), "{}", page(code).about);
        assert_eq!(page(code).facts, page(server).facts, "{code}");
        assert!(!CONTRACT.errors.iter().any(|row| row.code == code), "no server sends {code}");
    }
}

/// The contents that the vendor's page of 2021 prints, with what is elided there filled in.
#[test]
fn the_samples_of_the_documentation_are_clean() {
    let user = r#""user":{"id":"4242","name":"Robin","portrait":"http://example.com/p1.png","extra":"extra"},"extra":"""#;
    for (name, content) in [
        ("RC:TxtMsg", format!(r#"{{"content":"Hello world!",{user}}}"#)),
        ("RC:ImgMsg", format!(r#"{{"content":"bhZPzJXimRwrtvc=","imageUri":"http://p1.cdn.com/fds78ruhi.jpg",{user}}}"#)),
        ("RC:GIFMsg", format!(r#"{{"gifDataSize":34563,"height":246,"localPath":"/var/mobile/.../GIF_53","remoteUrl":"https://rongcloud-image.cn.ronghub.com/image_jpe64562665566.jpg","width":263,{user}}}"#)),
        ("RC:HQVCMsg", format!(r#"{{"localPath":"/9j/4AAQSkZ/2wBaSiimB//9k=","remoteUrl":"http://p1.cdn.com/fds78ruhi.aac","duration":7,{user}}}"#)),
        ("RC:FileMsg", format!(r#"{{"name":"file.txt","size":190184,"type":"txt","fileUrl":"http://www.demo.com/am.ind",{user}}}"#)),
        ("RC:SightMsg", format!(r#"{{"sightUrl":"http://rongcloud...com/video...","content":"/9j/4AAQSkZ/2wBhDSaSiimB//9k","duration":2,"size":734320,"name":"video_xx.mp4",{user}}}"#)),
        ("RC:LBSMsg", format!(r#"{{"content":"bhZPzJXimRwrtvc=","latitude":39.9139,"longitude":116.3917,"poi":"北京云中融信网络科技有限公司",{user}}}"#)),
        ("RC:InfoNtf", r#"{"message":"请在聊天中注意人身财产安全","extra":""}"#.to_owned()),
        ("RC:ProfileNtf", r#"{"operation":"Update","data":"{\"nickname\":\"韩梅梅\", \"hometown\":\"beijing\"}","extra":""}"#.to_owned()),
        ("RC:ContactNtf", r#"{"operation":"Request","sourceUserId":"123","targetUserId":"456","message":"我是小艾,能加一下好友吗?","extra":""}"#.to_owned()),
        ("RC:CmdMsg", r#"{"name":"AtPerson","data":"{\"sourceId\":\"9527\"}"}"#.to_owned()),
    ] {
        let found = findings("send-private", &message(name, &content), &Context::default());
        assert!(found.is_empty(), "{name}: {found:?}");
    }
    let push = r#"{ "platform":["ios","android"], "fromuserid": "fromuseId1", "audience":{ "packageName":"xxx.rong.xxx", "is_to_all":false }, "message": { "content": "{\"content\":\"1111\",\"extra\":\"aa\"}", "objectName": "RC:TxtMsg" }, "notification":{ "alert":"this is a push", "ios": {"alert": "override alert","extras": {"id": "1","name": "2"}}, "android": {"alert": "override alert","extras": {"id": "1","name": "2"}} } }"#;
    assert!(findings("push", push, &Context::default()).is_empty());
}

/// Values of every JSON type, right ones and wrong ones.
const ODDITIES: [&str; 16] = [
    "null",
    "true",
    "0",
    "1",
    "-7",
    "1.5",
    "1e3",
    r#""""#,
    r#""x""#,
    r#""12""#,
    r#""True""#,
    r#""{\"a\":1}""#,
    "[]",
    "[1]",
    r#"[{"a":[]}]"#,
    r#"{"a":{}}"#,
];

#[test]
fn no_value_of_any_field_is_too_odd_for_the_rules() {
    let check = |operation: &'static Operation, body: &str| {
        let document = Document::parse(body).expect("JSON");
        lint(&CONTRACT, operation, &document, &Context::default());
        Audience::of(operation, &document);
    };
    for operation in CONTRACT.operations {
        for field in operation.shape().expect("an object").all_fields() {
            for odd in ODDITIES {
                check(
                    operation,
                    &format!(r#"{{"objectName":"RC:TxtMsg","{}":{odd}}}"#, field.name),
                );
                for inner in objects(&field.kind) {
                    let name = (field.name, inner.name);
                    check(operation, &format!(r#"{{"{}":{{"{}":{odd}}}}}"#, name.0, name.1));
                }
            }
        }
    }
    let send = CONTRACT.operation("send-group").expect("an operation");
    for row in CONTRACT.types {
        let (Lit::Text(name), Some(content)) = (row.wire, &row.content) else { continue };
        for field in objects(content) {
            for odd in ODDITIES {
                let content = Value::from(format!(r#"{{"{}":{odd}}}"#, field.name)).to_compact();
                check(
                    send,
                    &format!(r#"{{"objectName":"{name}","isMentioned":1,"content":{content}}}"#),
                );
            }
        }
    }
}

/// The fields of an object, none of anything else.
fn objects(kind: &Kind) -> Vec<&'static Field> {
    match kind {
        Kind::Object(shape) => shape.all_fields(),
        _ => Vec::new(),
    }
}

/// Every form that a text of these fields must have.
fn forms(fields: &[&'static Field], out: &mut Vec<&'static TextForm>) {
    for field in fields {
        for limit in field.limits {
            if let Test::Form(form) = limit.test {
                out.push(form);
            }
        }
        match &field.kind {
            Kind::Object(shape) => forms(&shape.all_fields(), out),
            Kind::List(item) | Kind::OneOrList(item) => forms(&[item], out),
            Kind::JsonText(inner) => forms(&objects(&inner.kind), out),
            _ => {}
        }
    }
}

#[test]
fn forms_and_their_patterns_say_the_same() {
    let mut found = Vec::new();
    for operation in CONTRACT.operations {
        forms(&operation.shape().expect("an object").all_fields(), &mut found);
    }
    assert!(found.iter().any(|form| form.words.to_string().contains("YYYYMMDDHH")));
    assert!(found.iter().any(|form| form.words.to_string().contains("https")));
    for form in found {
        let schema = serde_json::json!({ "pattern": form.pattern.expect("a pattern") });
        let pattern = jsonschema::validator_for(&schema).expect("a schema");
        for text in [
            "",
            "aZ09",
            "a+=-_",
            "a b",
            "é",
            "a.b",
            "2026070109",
            "2026130109",
            "2026003100",
            "2026123124",
            "2026123123",
            "202607010",
            "20260701099",
            "２０２６０７０１０９",
            "https://x/y",
            "HTTPS://x",
            "http://x",
            "https:/",
            "xhttps://x",
        ] {
            let text_fits = pattern.is_valid(&serde_json::Value::from(text));
            assert_eq!((form.test)(text), text_fits, "{} {text}", form.words);
        }
    }
}
