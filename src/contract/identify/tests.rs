use super::*;
use crate::contract::Field;
use crate::document::Document;

const SEND: Shape = Shape::of(&[
    Field::new("sender", Kind::Text, "").required(),
    Field::new("conv", Kind::Any, "").required(),
    Field::new("payload", Kind::Any, "").required(),
    Field::new("toUsers", Kind::Any, ""),
]);
const MULTICAST: Shape = Shape::of(&[
    Field::new("sender", Kind::Text, "").required(),
    Field::new("targets", Kind::Any, "").required(),
    Field::new("payload", Kind::Any, "").required(),
]);
const BY_ID: Shape = Shape::of(&[Field::new("messageUid", Kind::Any, "").required()]);
const USER: Field = Field::item(Kind::Object(&Shape::of(&[
    Field::new("username", Kind::Text, "").required(),
    Field::new("password", Kind::Text, "").required(),
])));
const USERS: Field = Field::item(Kind::List(&USER));

static ONE: Contract = contract(
    "one",
    &[
        Operation { id: "send", root: Root::Shape(&SEND), ..Operation::BASE },
        Operation { id: "multicast", root: Root::Shape(&MULTICAST), ..Operation::BASE },
        Operation { id: "recall", root: Root::Shape(&BY_ID), ..Operation::BASE },
        Operation { id: "delete", root: Root::Shape(&BY_ID), ..Operation::BASE },
        Operation { id: "ping", ..Operation::BASE },
    ],
);
static TWO: Contract =
    contract("two", &[Operation { id: "users-add", root: Root::Value(&USERS), ..Operation::BASE }]);
static BOTH: [&Contract; 2] = [&ONE, &TWO];

const fn contract(id: &'static str, operations: &'static [Operation]) -> Contract {
    Contract { id, operations, ..Contract::BASE }
}

fn told(text: &str) -> String {
    let document = Document::parse(text).expect("JSON");
    match identify(&BOTH, &document.root().value) {
        Ok(Identified::One(named)) => named.to_string(),
        Ok(Identified::Several(several)) => {
            several.iter().map(Named::to_string).collect::<Vec<_>>().join(" or ")
        }
        Ok(Identified::Unknown) => "?".to_owned(),
        Err(error) => error.full_message(),
    }
}

#[test]
fn keys_tell_the_operation_and_so_do_nearly_right_ones() {
    #[rustfmt::skip]
    let table = [
        (r#"{"sender":"a","conv":{},"payload":{}}"#,                "one/send"),
        (r#"{"sender":"a","targets":[],"payload":{}}"#,             "one/multicast"),
        // One field is missing, one is unknown, one is misspelled.
        (r#"{"conv":{},"payload":{}}"#,                             "one/send"),
        (r#"{"sender":"a","conv":{},"payload":{},"x-trace":"1"}"#,  "one/send"),
        (r#"{"sender":"a","convv":{},"payload":{}}"#,               "one/send"),
        (r#"{"sender":"a","target":[],"payload":{}}"#,              "one/multicast"),
        // The remaining keys fit both.
        (r#"{"sender":"a","payload":{}}"#,                          "one/send or one/multicast"),
        (r#"{"messageUid":1}"#,                                     "one/recall or one/delete"),
        // No key is known.
        (r#"{}"#,                                                   "?"),
        (r#"{"hello":"world"}"#,                                    "?"),
        (r#"{"sender":1,"a":1,"b":2,"c":3}"#,                       "?"),
        (r#"7"#,                                                    "?"),
        (r#"[{"username":"a","password":"b"}]"#,                    "two/users-add"),
    ];
    for (text, wanted) in table {
        assert_eq!(told(text), wanted, "{text}");
    }
}

#[test]
fn a_schema_of_ours_decides_and_a_strange_one_says_nothing() {
    let with = |schema: &str| {
        told(&format!(r#"{{"$schema":"{schema}","sender":"a","targets":[],"payload":{{}}}}"#))
    };
    for name in [
        "urn:herald:one/send",
        "urn:herald:one/send#",
        "https://example.com/schemas/one/send.json",
        "./schemas/one/send.schema.json",
    ] {
        assert_eq!(with(name), "one/send", "{name}");
    }
    for name in ["https://json-schema.org/draft/2020-12/schema", "nine/send.json", "one/send", ""] {
        assert_eq!(with(name), "one/multicast", "{name}");
    }
    assert!(
        with("urn:herald:one/sent").contains("no operation"),
        "{}",
        with("urn:herald:one/sent")
    );
    assert!(with("urn:herald:oen/send").contains("not known"));
}

#[test]
fn a_list_is_one_payload_only_where_a_body_is_such_a_list() {
    let one = |text: &str| {
        let document = Document::parse(text).expect("JSON");
        is_one_payload(&BOTH, document.root().value.as_array().expect("a list"))
    };
    assert!(one(r#"[{"username":"a","password":"b"},{"username":"c"}]"#));
    assert!(one(r#"[{"username":"a"}]"#));
    assert!(!one(r#"[{"sender":"a","conv":{},"payload":{}}]"#));
    assert!(!one(r#"[{"$schema":"urn:herald:one/send","username":"a"}]"#));
    assert!(!one("[]"));
    assert!(!one("[1]"));
}

#[test]
fn the_question_names_the_candidates_and_the_flag() {
    let document = Document::parse(r#"{"messageUid":1}"#).expect("JSON");
    let identified = identify(&BOTH, &document.root().value).expect("no schema");
    let error = identified.or_ask("`a.json`").expect_err("two fit");
    assert_eq!(
        error.full_message(),
        "`a.json` fits more than one operation: one/recall and one/delete"
    );
    assert_eq!(error.advice(), Some("say which with --as, as in `--as one/recall`"));
    let none = Identified::Unknown.or_ask("`a.json`").expect_err("none fits");
    assert!(none.advice().is_some_and(|help| help.contains("--as")));
}

#[test]
fn a_list_of_bare_values_is_told_by_their_type() {
    const NAMES: Field = Field::item(Kind::List(&Field::item(Kind::Text)));
    const ROOMS: Field = Field::item(Kind::List(&Field::item(Kind::I64)));
    static THREE: Contract = contract(
        "three",
        &[
            Operation { id: "names", root: Root::Value(&NAMES), ..Operation::BASE },
            Operation { id: "rooms", root: Root::Value(&ROOMS), ..Operation::BASE },
        ],
    );
    for (text, wanted) in
        [(r#"["a",7]"#, Some("names")), ("[7]", Some("rooms")), ("[true]", None), ("[]", None)]
    {
        let document = Document::parse(text).expect("JSON");
        let root = &document.root().value;
        let found = match identify(&[&ONE, &THREE], root).expect("no schema is named") {
            Identified::One(named) => Some(named.operation.id),
            _ => None,
        };
        assert_eq!(found, wanted, "{text}");
        let items = root.as_array().expect("a list");
        assert_eq!(is_one_payload(&[&ONE, &THREE], items), wanted.is_some(), "{text}");
        assert!(!is_one_payload(&BOTH, items), "{text}");
    }
}

#[test]
fn what_was_told_of_other_keys_is_forgotten() {
    let mut memory = IdentifyCache::default();
    let mut told_of = |text: &str| {
        let document = Document::parse(text).expect("JSON");
        memory.identify(&BOTH, &document.root().value).expect("no strange schema")
    };
    for text in [
        r#"{"sender":"a","conv":{},"payload":{}}"#,
        r#"{"sender":"b","conv":{},"payload":{}}"#,
        r#"{"sender":"b","conv":{}}"#,
        r#"{"sender":"a","targets":[],"payload":{}}"#,
        r#"{"sender":"a","targets":[],"payload":{},"$schema":"urn:herald:one/send"}"#,
        r#"[{"username":"a","password":"b"}]"#,
        r#"{"messageUid":1}"#,
    ] {
        let document = Document::parse(text).expect("JSON");
        assert_eq!(told_of(text), identify(&BOTH, &document.root().value).expect("none"), "{text}");
    }
}

#[test]
fn what_editors_need_is_taken_off_before_sending() {
    let mut body =
        Document::parse(r#"{"$schema":"urn:herald:one/send","a":1}"#).expect("JSON").into_value();
    take_schema_off(&mut body);
    assert_eq!(body.to_compact(), r#"{"a":1}"#);
}

#[test]
fn a_payload_with_very_many_keys_or_a_huge_one_takes_no_time() {
    let many: Vec<String> = (0..200_000).map(|n| format!("\"sender{n}\":1")).collect();
    assert_eq!(told(&format!("{{{}}}", many.join(","))), "?");
    let huge = "payload".repeat(500_000);
    let text = format!(r#"{{"sender":"a","conv":1,"payload":1,"{huge}":1}}"#);
    assert_eq!(told(&text), "one/send");
}
