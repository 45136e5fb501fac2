use super::*;
use crate::contract::Field;
use crate::document::Document;

const SEND: Shape = Shape::of(&[
    Field::new("sender", Kind::Text, "").required(),
    Field::new("conv", Kind::Any, "").required(),
    Field::new("payload", Kind::Any, "").required(),
    Field::new("toUsers", Kind::Any, "").sdk(&["receivers"]),
]);
const MULTICAST: Shape = Shape::of(&[
    Field::new("sender", Kind::Text, "").required().sdk(&["senderId"]),
    Field::new("targets", Kind::Any, "").required().sdk(&["userList"]),
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

fn root(text: &str) -> Document {
    Document::parse(text).expect("JSON")
}

fn names(identified: &Identified) -> String {
    identified.fits().map(|named| named.to_string()).collect::<Vec<_>>().join(" or ")
}

fn told(text: &str) -> String {
    match names(&identify(&BOTH, root(text).view())) {
        none if none.is_empty() => "?".to_owned(),
        names => names,
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
        // SDKs have other names, which each language writes in its own way.
        (r#"{"senderId":"a","userList":[],"payload":{}}"#,          "one/multicast"),
        (r#"{"SenderID":"a","user_list":[],"payload":{}}"#,         "one/multicast"),
        (r#"{"sender":"a","conv":{},"payload":{},"Receivers":[]}"#, "one/send"),
        (r#"{"senderId":"a","userList":[]}"#,                       "one/multicast"),
        // One word of an SDK's is a key of many documents.
        (r#"{"sender":"a","receivers":[]}"#,                        "?"),
        // The field itself tells more than an SDK's name for it.
        (r#"{"sender":"a","conv":{},"userList":[],"payload":{}}"#,  "one/send"),
        // The remaining keys fit both.
        (r#"{"sender":"a","payload":{}}"#,                          "one/send or one/multicast"),
        (r#"{"messageUid":1}"#,                                     "one/recall or one/delete"),
        // A key that is known by chance does not outweigh one that is not.
        (r#"{"messageUid":1,"private":true}"#,                      "?"),
        (r#"{"operator":1,"messageUidd":1}"#,                       "?"),
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
fn a_schema_names_an_operation_or_says_what_is_wrong_or_is_of_something_else() {
    let claim =
        |schema: &str| schema_claim(&BOTH, root(&format!(r#"{{"$schema":{schema}}}"#)).view());
    for name in [
        "one/send",
        "one/send.json",
        "urn:herald:one/send",
        "urn:herald:one/send#",
        "https://example.com/schemas/one/send",
        "https://example.com/schemas/one/send.json?v=1",
        "file:///home/a/one/send.json",
        "./schemas/one/send.schema.json",
        "../one/send",
        r"C:\\schemas\\one\\send.json",
    ] {
        let SchemaClaim::Operation(named) = claim(&format!("\"{name}\"")) else { panic!("{name}") };
        assert_eq!(named.to_string(), "one/send", "{name}");
    }
    for (schema, words, near) in [
        ("\"one/sent\"", "no operation of `one`", "did you mean `one/send`?"),
        ("\"urn:herald:one/sent\"", "no operation of `one`", "did you mean `one/send`?"),
        ("\"./schemas/one/sent.json\"", "no operation of `one`", "did you mean `one/send`?"),
        ("\"https://x.example/one/package.json\"", "no operation of `one`", "herald providers one"),
        ("\"oen/send\"", "the provider `oen`", "did you mean `one/send`?"),
        ("\"One/send\"", "the provider `One`", "did you mean `one/send`?"),
        ("\"urn:herald:oen/x\"", "the provider `oen`", "did you mean `one`?"),
        ("\"urn:herald:send\"", "the provider ``", "one, two"),
        ("\"nine/lives\"", "the provider `nine`", "one, two"),
        ("5", "must be a string", "PROVIDER/OPERATION"),
        ("null", "must be a string", "PROVIDER/OPERATION"),
        ("{}", "must be a string", "PROVIDER/OPERATION"),
    ] {
        let SchemaClaim::Fault { message, help } = claim(schema) else { panic!("{schema}") };
        assert!(message.contains(words), "{schema}: {message}");
        assert!(help.contains(near), "{schema}: {help}");
    }
    for name in [
        "https://json-schema.org/draft/2020-12/schema",
        "http://json-schema.org/draft-07/schema#",
        "https://example.com/package.json",
        "./node_modules/tool/schema.json",
        "nine/send.json",
        "./nine",
        "send",
        "",
    ] {
        assert_eq!(claim(&format!("\"{name}\"")), SchemaClaim::Foreign, "{name}");
    }
    for text in [r#"{"sender":"a"}"#, "[]", "7", r#"[{"$schema":"one/send"}]"#] {
        assert_eq!(schema_claim(&BOTH, root(text).view()), SchemaClaim::Absent, "{text}");
    }
}

#[test]
fn a_list_is_one_payload_only_where_a_body_is_such_a_list() {
    let one = |text: &str| {
        let document = Document::parse(text).expect("JSON");
        is_one_payload(&BOTH, document.view().as_array().expect("a list"))
    };
    assert!(one(r#"[{"username":"a","password":"b"},{"username":"c"}]"#));
    assert!(one(r#"[{"username":"a"}]"#));
    assert!(!one(r#"[{"sender":"a","conv":{},"payload":{}}]"#));
    assert!(!one(r#"[{"$schema":"urn:herald:one/send","username":"a"}]"#));
    assert!(!one("[]"));
    assert!(!one("[1]"));
}

#[test]
fn operations_of_one_group_are_one_and_its_principal_comes_first() {
    static GROUPED: Contract = Contract { groups: &[&["delete", "recall"]], ..ONE };
    let identified = identify(&[&GROUPED, &TWO], root(r#"{"messageUid":1}"#).view());
    let [group] = identified.groups.as_slice() else { panic!("{identified:?}") };
    assert_eq!(group.principal().to_string(), "one/delete");
    assert_eq!(names(&identified), "one/delete or one/recall");
    let identified = identify(&[&ONE], root(r#"{"messageUid":1}"#).view());
    assert_eq!(identified.groups.len(), 2, "they are in no group: {identified:?}");
}

#[test]
fn what_fits_nothing_comes_near_something_or_not() {
    let near = |text: &str| {
        let near = identify(&BOTH, root(text).view()).near;
        near.iter().map(Named::to_string).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(near(r#"{"messageUid":1,"private":true}"#), "one/recall one/delete");
    assert_eq!(near(r#"{"messageUid":1,"a":1,"b":2,"c":3}"#), "");
    assert_eq!(near(r#"{"messageUid":1}"#), "");
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
        [(r#"["a",7]"#, "three/names"), ("[7]", "three/rooms"), ("[true]", ""), ("[]", "")]
    {
        let document = root(text);
        let root = document.view();
        assert_eq!(names(&identify(&[&ONE, &THREE], root)), wanted, "{text}");
        let items = root.as_array().expect("a list");
        assert_eq!(is_one_payload(&[&ONE, &THREE], items), !wanted.is_empty(), "{text}");
        assert!(!is_one_payload(&BOTH, items), "{text}");
    }
}

#[test]
fn what_was_told_of_other_keys_or_providers_is_forgotten() {
    let mut memory = IdentifyCache::default();
    for text in [
        r#"{"sender":"a","conv":{},"payload":{}}"#,
        r#"{"sender":"b","conv":{},"payload":{}}"#,
        r#"{"sender":"b","conv":{}}"#,
        r#"{"sender":"a","targets":[],"payload":{}}"#,
        r#"[{"username":"a","password":"b"}]"#,
        r#"{"messageUid":1}"#,
    ] {
        for contracts in [&BOTH[..], &[&TWO], &[&ONE], &BOTH] {
            let document = root(text);
            let root = document.view();
            assert_eq!(*memory.identify(contracts, root), identify(contracts, root), "{text}");
        }
    }
}

#[test]
fn a_schema_may_have_blanks_around_it_and_names_an_operation() {
    let claim =
        |name: &str| schema_claim(&BOTH, root(&format!(r#"{{"$schema":"{name}"}}"#)).view());
    for name in [" one/send", "one/send ", "/one/send/", "urn:herald:one/send/"] {
        assert!(matches!(claim(name), SchemaClaim::Operation(_)), "{name}");
    }
    for name in ["one", " one ", "one/", "urn:herald:one"] {
        let SchemaClaim::Fault { message, .. } = claim(name) else { panic!("{name}") };
        assert_eq!(message, "`$schema` names `one` without an operation", "{name}");
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
