use super::{Wildfire, account, json};
use crate::contract::{Context, Severity};
use crate::document::Document;
use crate::lint::lint;
use crate::outcome::SentMessage;
use crate::provider::Vendor as _;

/// 2026-06-25, the day of the uids below.
const NOW: i64 = 1_782_353_213_880;

pub(super) fn found(operation: &str, body: &str, context: &Context<'_>) -> Vec<(String, String)> {
    let contract = Wildfire.contract();
    let operation = contract.operation(operation).expect("an operation");
    let document =
        Document::parse(body).unwrap_or_else(|fault| panic!("{body}: {}", fault.message));
    lint(contract, operation, &document, context)
        .into_iter()
        .map(|finding| (finding.rule.id.to_owned(), finding.place.pointer))
        .collect()
}

fn send(payload: &str) -> String {
    format!(
        r#"{{"sender":"alice","conv":{{"type":1,"target":"g1","line":0}},"payload":{payload}}}"#
    )
}

#[track_caller]
fn check(
    rule: &str,
    pointer: &str,
    operation: &str,
    fires: &str,
    silent: &str,
    context: &Context<'_>,
) {
    let hits = found(operation, fires, context);
    let wanted = (rule.to_owned(), pointer.to_owned());
    assert!(hits.contains(&wanted), "{rule} at {pointer} is not in {hits:?} for {fires}");
    let hits = found(operation, silent, context);
    assert!(hits.iter().all(|(id, _)| id != rule), "{rule} fires for {silent}: {hits:?}");
}

#[test]
fn each_remark_on_a_payload_fires_where_it_should_and_nowhere_else() {
    let fine = r#"{"type":1,"searchableContent":"hi","persistFlag":3}"#;
    let url = "https://media.example.com/a.jpg";
    let image = format!(
        r#"{{"type":3,"remoteMediaUrl":"{url}","persistFlag":3,"mediaType":1,"base64edData":"AA=="}}"#
    );
    let long = |n: usize| {
        format!(r#"{{"type":1,"persistFlag":3,"searchableContent":"{}"}}"#, "x".repeat(n))
    };
    for (rule, pointer, fires, silent) in [
        ("W01", "/payload/binaryContent", r#"{"type":1000,"binaryContent":"AA=="}"#, fine),
        ("W02", "/payload/persistFlag", r#"{"type":1,"searchableContent":"hi"}"#, fine),
        ("W02", "/payload/persistFlag", r#"{"type":90,"content":"x"}"#, r#"{"type":1000}"#),
        ("W03", "/payload/type", r#"{"type":104}"#, r#"{"type":20}"#),
        ("W03", "/payload/type", r#"{"type":413}"#, r#"{"type":418}"#),
        (
            "W07",
            "/payload/mentionedTarget",
            r#"{"type":1000,"mentionedTarget":["a"]}"#,
            r#"{"type":1000,"mentionedType":1,"mentionedTarget":["a"]}"#,
        ),
        ("W08", "/payload/type", r#"{"type":300}"#, r#"{"type":1300}"#),
        ("W13", "/payload", &long(15_400), &long(15_000)),
        (
            "W17",
            "/payload/persistFlag",
            r#"{"type":1,"searchableContent":"hi","persistFlag":4}"#,
            fine,
        ),
        (
            "W17",
            "/payload/persistFlag",
            r#"{"type":1000,"pushData":"x","persistFlag":4}"#,
            r#"{"type":1000,"persistFlag":4}"#,
        ),
        (
            "W18",
            "/payload/persistFlag",
            r#"{"type":90,"content":"x","persistFlag":4}"#,
            r#"{"type":90,"content":"x","persistFlag":1}"#,
        ),
        ("W19", "/payload/mediaType", &image.replace("\"mediaType\":1", "\"mediaType\":2"), &image),
        ("W19", "/payload/remoteMediaUrl", &image.replace("https", "ftp"), &image),
        (
            "W19",
            "/payload/remoteMediaUrl",
            &image.replace("media.example.com", "192.168.1.7:9000"),
            &image,
        ),
        (
            "W24",
            "/payload/expireDuration",
            r#"{"type":1000,"expireDuration":3600000}"#,
            r#"{"type":1000,"expireDuration":86400}"#,
        ),
        (
            "W24",
            "/payload/expireDuration",
            r#"{"type":1000,"expireDuration":-1}"#,
            r#"{"type":1000,"expireDuration":0}"#,
        ),
        (
            "W26",
            "/payload/searchableContent",
            r#"{"type":8,"base64edData":"eyJ1IjoieCJ9"}"#,
            r#"{"type":8,"base64edData":"eyJ1IjoieCJ9","searchableContent":"t"}"#,
        ),
        (
            "W26",
            "/payload/content",
            r#"{"type":12,"pushContent":"t","base64edData":"e30="}"#,
            r#"{"type":12,"pushContent":"t","base64edData":"e30=","content":"c"}"#,
        ),
        (
            "W26",
            "/payload/content",
            r#"{"type":6,"remoteMediaUrl":"http://a.example/v","content":"{\"duration\":1}"}"#,
            r#"{"type":6,"remoteMediaUrl":"http://a.example/v","content":"{\"duration\":1,\"d\":1}"}"#,
        ),
        (
            "W27",
            "/payload/content",
            r#"{"type":4,"content":"{\"lat\":116.3,\"long\":39.9}"}"#,
            r#"{"type":4,"content":"{\"lat\":39.9,\"long\":116.3}"}"#,
        ),
        (
            "W27",
            "/payload/base64edData",
            r#"{"type":10,"content":"u","base64edData":"eyJ0IjozfQ=="}"#,
            r#"{"type":10,"content":"u","base64edData":"eyJ0IjoxfQ=="}"#,
        ),
        (
            "H01",
            "/payload",
            r#"{"type":1000,"persistFlag":3}"#,
            r#"{"type":1000,"persistFlag":3,"pushContent":"x"}"#,
        ),
        ("H02", "/payload/base64edData", &image.replace("AA==", ""), &image),
    ] {
        check(rule, pointer, "send", &send(fires), &send(silent), &Context::default());
    }
}

#[test]
fn each_remark_on_a_body_fires_where_it_should_and_nowhere_else() {
    let text = r#""payload":{"type":1,"searchableContent":"hi","persistFlag":3}"#;
    let notice = r#""payload":{"type":1,"searchableContent":"【系统通知】hi","persistFlag":3}"#;
    let mention = r#""payload":{"type":1,"searchableContent":"hi","persistFlag":3,"mentionedType":1,"mentionedTarget":["u2"]}"#;
    let long = format!(
        r#""payload":{{"type":1,"persistFlag":3,"searchableContent":"{}"}}"#,
        "x".repeat(65_537)
    );
    let conv = |kind: u8, rest: &str| {
        format!(r#"{{"sender":"a","conv":{{"type":{kind},"target":"t"}},{rest}}}"#)
    };
    let many = |users: &str, rest: &str| format!(r#"{{"sender":"a","targets":{users},{rest}}}"#);
    let uid = |uid: &str| format!(r#"{{"messageUid":{uid}}}"#);
    let clear = |times: &str| {
        format!(r#"{{"userId":"u","conversation":{{"type":1,"target":"g"}}{times}}}"#)
    };
    let read = |types: &str| format!(r#"{{"userId":"u",{types}"target":"g"}}"#);
    let import = |time: &str| {
        format!(
            r#"{{"messages":[{{"sender":"a","conversation":{{"type":1,"target":"g"}},{text},"timestamp":{time}}}]}}"#
        )
    };
    let update = |operator: &str| {
        format!(r#"{{{operator}"messageUid":561233975322902529,{text},"distribute":1}}"#)
    };
    for (rule, pointer, operation, fires, silent) in [
        (
            "W01",
            "/conversation",
            "send",
            conv(1, &format!("{text},\"conversation\":{{}}")),
            conv(1, text),
        ),
        ("W01", "/fromTime", "clear-by-user", clear(",\"fromTime\":1"), clear("")),
        ("W04", "/conv/type", "send", conv(5, text), conv(3, text)),
        ("W05", "/targets", "multicast", many("[]", text), many("[\"b\"]", text)),
        ("W05", "/messages", "import", r#"{"messages":[]}"#.to_owned(), import("1700000000000")),
        ("W06", "/targets", "multicast", many("[\"b\",\"b\"]", text), many("[\"b\",\"c\"]", text)),
        ("W06", "/targets/1", "multicast", many("[\"b\",\" \"]", text), many("[\"b\"]", text)),
        ("W06", "/targets/0", "multicast", many("[\"a\"]", text), many("[\"b\"]", text)),
        ("W07", "/payload/mentionedType", "send", conv(0, mention), conv(1, mention)),
        (
            "W07",
            "/payload/mentionedType",
            "multicast",
            many("[\"b\"]", mention),
            many("[\"b\"]", text),
        ),
        (
            "W07",
            "/payload/mentionedTarget/0",
            "send",
            conv(1, &format!("{mention},\"toUsers\":[\"u1\"]")),
            conv(1, &format!("{mention},\"toUsers\":[\"u2\"]")),
        ),
        ("W09", "/operator", "update", update(""), update("\"operator\":\"a\",")),
        (
            "W10",
            "/startTime",
            "clear-by-user",
            clear(",\"startTime\":1609459200"),
            clear(",\"startTime\":1609459200000"),
        ),
        (
            "W10",
            "/startTime",
            "clear-by-user",
            clear(",\"startTime\":1700000000000,\"endTime\":1600000000000"),
            clear(",\"startTime\":1600000000000,\"endTime\":0"),
        ),
        ("W10", "/messages/0/timestamp", "import", import("1700000000"), import("1700000000000")),
        (
            "W11",
            "/conversationType",
            "conv-read",
            read("\"type\":1,"),
            read("\"conversationType\":1,"),
        ),
        ("W12", "/payload", "multicast", many("[\"b\"]", &long), many("[\"b\"]", text)),
        ("W14", "/messageUid", "get-one", uid("5323423532"), uid("561233975322902529")),
        ("W14", "/messageUid", "get-one", uid("901233975322902529"), uid("561233975322902529")),
        ("W15", "/messageUid", "get-one", uid("430843814853214336"), uid("430843814853214338")),
        (
            "W20",
            "/conv/target",
            "send",
            conv(0, text).replace("\"t\"", "\"a\""),
            conv(1, text).replace("\"t\"", "\"a\""),
        ),
        (
            "W20",
            "/messages/0/conversation/target",
            "import",
            import("1700000000000").replace(":1,\"target\":\"g\"", ":0,\"target\":\"a\""),
            import("1700000000000"),
        ),
        (
            "W21",
            "/sender",
            "send",
            conv(1, notice),
            conv(1, notice).replace("\"a\"", "\"system-1\""),
        ),
        (
            "W21",
            "/toUsers",
            "send",
            conv(2, &format!("{text},\"toUsers\":[\"u\"]")),
            conv(1, &format!("{text},\"toUsers\":[\"u\"]")),
        ),
        ("W25", "/messageUid", "get-one", uid("\"561233975322902529\""), uid("561233975322902529")),
        ("W28", "/line", "conv-read", read("\"type\":1,"), read("\"line\":0,\"type\":1,")),
        (
            "W29",
            "/conversationType",
            "conv-read",
            read("\"type\":1,\"conversationType\":0,"),
            read("\"type\":1,\"conversationType\":1,"),
        ),
    ] {
        let context = Context { now_ms: Some(NOW), ..Context::default() };
        check(rule, pointer, operation, &fires, &silent, &context);
    }
}

#[test]
fn a_plain_recall_of_a_multicast_is_remarked_on() {
    let body = r#"{"operator":"a","messageUid":561233975322902529}"#;
    let sent = |operation: &str| SentMessage {
        operation: operation.to_owned(),
        body: json("{}"),
        ids: Vec::new(),
        targets: Vec::new(),
        sent_ms: NOW,
    };
    for (operation, remarks) in [("multicast", true), ("broadcast", true), ("send", false)] {
        let sent = sent(operation);
        let context = Context { sent: Some(&sent), ..Context::default() };
        let found = found("recall", body, &context);
        assert_eq!(found.contains(&("W16".into(), "/messageUid".into())), remarks, "{operation}");
    }
    assert!(found("recall", body, &Context::default()).is_empty());
}

#[test]
fn a_careless_profile_is_remarked_on() {
    let body = send(r#"{"type":1,"searchableContent":"hi","persistFlag":3}"#);
    for (values, operation, remarks) in [
        (&[("secret", "123456")][..], "send", 1),
        (&[("secret", "better")], "send", 0),
        (&[("endpoint", "http://im.example.com:18080")], "send", 1),
        (&[("endpoint", "http://10.0.0.7:18080")], "send", 0),
        (&[("endpoint", "http://vendor.localhost.:18080")], "send", 0),
        (&[("endpoint", "http://127.0.0.1.example.com:18080")], "send", 1),
        (&[("endpoint", "http://10.0.0.7")], "send", 1),
        (&[("endpoint", "http://10.0.0.7:80")], "send", 1),
        (&[("endpoint", "http://10.0.0.7:80")], "robot-send", 0),
        (&[("endpoint", "https://im.example.com")], "send", 0),
        (&[("endpoint", "http://im.example.com"), ("secret", "123456")], "send", 3),
    ] {
        let account = account(values);
        let context = Context { account: Some(&account), ..Context::default() };
        let found = found(operation, &body, &context);
        let hits = found.iter().filter(|(rule, _)| rule == "W22").count();
        assert_eq!(hits, remarks, "{values:?} {operation}: {found:?}");
    }
}

#[test]
fn operations_of_the_professional_edition_are_remarked_on_for_the_community() {
    let body = r#"{"messageUid":561233975322902529}"#;
    for (edition, operation, remarks) in
        [("community", "delete", true), ("community", "get-one", false), ("pro", "delete", false)]
    {
        let account = account(&[("edition", edition)]);
        let context = Context { account: Some(&account), ..Context::default() };
        let found = found(operation, body, &context);
        assert_eq!(
            found.contains(&("W23".into(), String::new())),
            remarks,
            "{edition} {operation}"
        );
    }
}

/// What a part must hold is broken in every way that there is, and each way gives one finding of that type's rule.
#[test]
fn parts_of_message_types_break_under_their_own_rule() {
    for (rule, pointer, payload) in [
        ("T01", "searchableContent", r#"{"type":1,"searchableContent":null}"#),
        (
            "T02",
            "content",
            r#"{"type":2,"remoteMediaUrl":"http://a.example","content":"{\"duration\":\"7\"}"}"#,
        ),
        ("T02", "content", r#"{"type":2,"remoteMediaUrl":"http://a.example","content":"7"}"#),
        ("T02", "content", r#"{"type":2,"remoteMediaUrl":"http://a.example","content":"{"}"#),
        ("T03", "remoteMediaUrl", r#"{"type":3,"remoteMediaUrl":""}"#),
        ("T04", "content", r#"{"type":4,"content":"{\"lat\":1,\"lng\":2}"}"#),
        ("T04", "content", r#"{"type":4,"content":"{}"}"#),
        ("T04", "content", r#"{"type":4,"content":"{\"lat\":\"1\",\"long\":\"2\"}"}"#),
        (
            "T05",
            "content",
            r#"{"type":5,"searchableContent":"a","content":"1 KB","remoteMediaUrl":"http://a.example"}"#,
        ),
        (
            "T06",
            "content",
            r#"{"type":6,"remoteMediaUrl":"http://a.example","content":"{\"d\":3}"}"#,
        ),
        (
            "T07",
            "base64edData",
            r#"{"type":7,"remoteMediaUrl":"http://a.example","base64edData":"eyJ4IjoxfQ=="}"#,
        ),
        (
            "T07",
            "base64edData",
            r#"{"type":7,"remoteMediaUrl":"http://a.example","base64edData":"e30="}"#,
        ),
        (
            "T08",
            "base64edData",
            r#"{"type":8,"searchableContent":"t","base64edData":"eyJ1IjoiIn0="}"#,
        ),
        ("T08", "base64edData", r#"{"type":8,"searchableContent":"t","base64edData":"eHh4"}"#),
        ("T10", "base64edData", r#"{"type":10,"content":"u"}"#),
        ("T11", "base64edData", r#"{"type":11,"base64edData":"eyJtcyI6e319"}"#),
        ("T12", "base64edData", r#"{"type":12,"pushContent":"t","base64edData":"W10="}"#),
        ("T13", "base64edData", r#"{"type":13,"base64edData":"eyJ0b3AiOltdfQ=="}"#),
        (
            "T14",
            "persistFlag",
            r#"{"type":14,"searchableContent":"a","content":"s","persistFlag":3}"#,
        ),
        ("T15", "content", r#"{"type":15,"searchableContent":"a"}"#),
        ("T90", "content", r#"{"type":90,"content":""}"#),
        ("E03", "content", r#"{"type":2,"remoteMediaUrl":"http://a.example","content":7}"#),
        ("E10", "base64edData", r#"{"type":8,"base64edData":"data:image/png;base64,AA=="}"#),
    ] {
        let contract = Wildfire.contract();
        let operation = contract.operation("send").expect("send");
        let body = send(payload);
        let document = Document::parse(body).expect("JSON");
        let mut errors: Vec<_> = lint(contract, operation, &document, &Context::default())
            .into_iter()
            .filter(|finding| finding.severity() == Severity::Error)
            .map(|finding| (finding.rule.id, finding.place.pointer))
            .collect();
        // Each fault inside a text is told.
        errors.dedup();
        assert_eq!(errors, [(rule, format!("/payload/{pointer}"))], "{payload}");
    }
}

/// Digits in quotes where a number is due are one fault: no rule goes on as if they were the number.
#[test]
fn text_for_a_number_is_one_fault_and_nothing_follows_from_it() {
    let fine = send(r#"{"type":1,"searchableContent":"hi","persistFlag":3}"#);
    for (pointer, body) in [
        ("/payload/type", send(r#"{"type":"104"}"#)),
        ("/payload/type", send(r#"{"type":"300"}"#)),
        ("/payload/type", send(r#"{"type":"1000","persistFlag":3}"#)),
        (
            "/payload/type",
            send(r#"{"type":"3","remoteMediaUrl":"https://a.example.com/b","mediaType":2}"#),
        ),
        ("/payload/persistFlag", send(r#"{"type":90,"content":"x","persistFlag":"4"}"#)),
        (
            "/payload/mentionedType",
            send(
                r#"{"type":1,"searchableContent":"hi","persistFlag":3,"mentionedType":"2","mentionedTarget":["a"]}"#,
            ),
        ),
        ("/conv/type", fine.replace(r#""type":1,"target":"g1""#, r#""type":"0","target":"alice""#)),
    ] {
        let hits = found("send", &body, &Context::default());
        assert_eq!(hits, [("E03".to_owned(), pointer.to_owned())], "{body}");
    }
}

/// As Java's basic decoder, which the server uses.
#[test]
fn base64_is_taken_as_the_server_takes_it() {
    for (data, fine) in [
        ("", true),
        ("AA==", true),
        ("AA", true),
        ("AB==", true),
        ("AAA=", true),
        ("AAAA", true),
        ("AA=", false),
        ("A", false),
        ("A===", false),
        ("AA==AA==", false),
        ("AA AA", false),
        ("AAA\\n=", false),
        ("a-b_", false),
        ("data:image/png;base64,AAAA", false),
    ] {
        let body = send(&format!(r#"{{"type":1000,"persistFlag":1,"base64edData":"{data}"}}"#));
        let hits = found("send", &body, &Context::default());
        assert_eq!(hits.is_empty(), fine, "{data}: {hits:?}");
    }
}

#[test]
fn a_body_that_is_no_object_gets_a_rule_of_the_providers() {
    assert_eq!(found("send", "[]", &Context::default()), [("E01".to_owned(), String::new())]);
}
