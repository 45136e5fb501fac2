mod misplaced;

use super::*;
use crate::contract::{
    Budget, BudgetPart, Case, Check, Choice, Codes, Condition, Contract, Empties, Field, InnerKind,
    Int, Kind, Length, Limit, Lit, MapOf, Null, Operation, Policy, Root, RowFault, Shape, Spelling,
    Test, TextForm, Unknown, Variant, Width, error, hint, warning,
};
use crate::text::en;

/// A small provider with one of everything, so that the walk is tested without a real vendor.
static TOY: Contract = Contract {
    id: "toy",
    name: "Toy",
    about: en("a provider that does not exist"),
    policy: Policy {
        null: Null::Remarked("the vendor may refuse it"),
        absent: Empties::TEXT,
        digits: Spelling::Refuse,
        words: Spelling::Refuse,
        unknown: Unknown::Report("W1"),
    },
    codes: Codes::by(&[
        (RowFault::Missing, "E1"),
        (RowFault::Type, "E2"),
        (RowFault::Set, "E3"),
        (RowFault::Range, "E3"),
        (RowFault::Length, "E4"),
        (RowFault::Empty, "E4"),
        (RowFault::Form, "E5"),
        (RowFault::Items, "E6"),
        (RowFault::Key, "E6"),
        (RowFault::Json, "E7"),
        (RowFault::Base64, "E8"),
    ]),
    rules: &[
        error("E1", "missing", ""),
        error("E2", "type", ""),
        error("E3", "set or range", ""),
        error("E4", "length", ""),
        error("E5", "form", ""),
        error("E6", "items", ""),
        error("E7", "json", ""),
        error("E8", "base64", ""),
        error("E9", "inner", ""),
        error("E10", "row", ""),
        error("E11", "together", ""),
        warning("W1", "unknown", ""),
        warning("W2", "soft", ""),
        warning("W3", "spelling", ""),
        hint("H1", "old", ""),
    ],
    ..Contract::BASE
};

const LETTERS: TextForm = TextForm {
    test: |text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase()),
    pattern: Some("^[a-z]+$"),
    words: en("lower-case letters"),
};
const COLOURS: &[Choice] =
    &[Choice::int(1, "red", en("")), Choice::int(2, "blue", en("retired")).remark("W2")];
const WORDS: &[Choice] = &[Choice::word("android", en("")), Choice::word("ios", en(""))];
const IDS: Field = Field::item(Kind::Text).limits(&[Limit::filled(), Limit::bytes(4).rule("E10")]);
const INSIDE: Shape =
    Shape::of(&[Field::new("n", Kind::I32, "").required(), Field::new("t", Kind::Text, "")])
        .unknown(Unknown::Ignore);
const LOUD: Shape =
    Shape::of(&[Field::new("volume", Kind::I32, "").required().sdk(&["loudness", "gain"])]);
const BODY: Shape = Shape::of(&[
    Field::new("name", Kind::Text, "").required().limits(&[
        Limit::filled(),
        Limit::chars(5),
        Limit::bytes(3).rule("W2"),
    ]),
    Field::new("count", Kind::I32, "").limits(&[Limit::range(0, 10)]),
    Field::new("id", Kind::Int(Int::new(Width::I64).digits(Spelling::Remark("W3"))), "")
        .rule("E10"),
    Field::new("colour", Kind::Choice(COLOURS), ""),
    Field::new("letters", Kind::Text, "").limits(&[Limit::form(&LETTERS)]),
    Field::new("ids", Kind::List(&IDS), "")
        .limits(&[Limit::items(1, 3), Limit::of(Test::Unique).rule("W2")]),
    Field::new("one", Kind::OneOrList(&IDS), ""),
    Field::new("platform", Kind::CommaText(&Field::item(Kind::Choice(WORDS))), ""),
    Field::new(
        "map",
        Kind::Map(&MapOf {
            value: Field::item(Kind::Text),
            reserved: &[Field::new("os", Kind::BOOL, "")],
        }),
        "",
    ),
    Field::new(
        "inner",
        Kind::JsonText(&InnerKind {
            kind: Kind::Object(&INSIDE),
            bare: true,
            codes: Codes::all("E9"),
        }),
        "",
    ),
    Field::new(
        "packed",
        Kind::Base64Json(&InnerKind {
            kind: Kind::Object(&INSIDE),
            bare: false,
            codes: Codes::all("E9"),
        }),
        "",
    ),
    Field::new("either", Kind::Union(&[Kind::Choice(WORDS), Kind::Object(&INSIDE)]), ""),
    Field::new("why", Kind::Text, "").required_if(&Condition::Is("colour", &[Lit::Int(1)])),
    Field::new("old", Kind::Text, "").deprecated("H1", "use `name`").aliases(&["ancient"]),
    Field::new("mood", Kind::Text, "").sdk(&["temper", "spiritLevel"]),
    Field::new("block", Kind::Object(&LOUD), "").null(Null::Wrong).cures(&[
        (RowFault::Null, en("the server fails on null")),
        (RowFault::Type, en("give an object with its volume")),
    ]),
    Field::new("silent", Kind::Text, "").null(Null::Absent),
])
.variants(&[Variant {
    by: "mood",
    cases: &[Case { is: &[Lit::Text("loud")], shape: &LOUD }],
    otherwise: None,
}])
.near(&[("label", "name")])
.checks(&[
    Check::budget(
        "E11",
        Budget {
            parts: &[BudgetPart::Text("name"), BudgetPart::Compact("inner")],
            max: Length::Bytes(20),
            at: "",
            what: "name and inner",
        },
    ),
    Check::flag(
        "W2",
        Condition::All(&[Condition::Given("letters"), Condition::Given("ids")]),
        "ids",
        "letters make ids void",
    ),
    Check::function("W2", "sender among the ids", |at, sink| {
        let name = at.get("name").as_str();
        for item in at.get("ids").items() {
            if item.as_str().is_some() && item.as_str() == name {
                sink.report("W2", item, "the name is among the ids");
            }
        }
    }),
]);
static OPERATION: Operation = Operation { id: "send", root: Root::Shape(&BODY), ..Operation::BASE };

/// Codes with pointers, the inner pointer after `>`.
fn findings(text: &str) -> Vec<String> {
    let document = Document::parse(text).expect("JSON");
    let found = lint(&TOY, &OPERATION, &document, &Context::default());
    found
        .iter()
        .map(|finding| {
            let inner = finding
                .place
                .inner_pointer
                .as_deref()
                .map(|inner| format!(">{inner}"))
                .unwrap_or_default();
            format!("{} {}{inner}", finding.code(), finding.place.pointer)
        })
        .collect()
}

#[test]
fn a_waived_rule_keeps_back_no_other() {
    #[rustfmt::skip]
    let table: &[(&str, &[&str], &[&str])] = &[
        // The first broken limit of a value hides the next ones.
        (r#"{"name":"abcdefgh"}"#,           &[],     &["toy/E4 /name"]),
        (r#"{"name":"abcdefgh"}"#,           &["E4"], &["toy/W2 /name"]),
        // Of a value of the wrong type, what can be measured is.
        (r#"{"name":"a","ids":[12345]}"#,    &[],     &["toy/E2 /ids/0"]),
        (r#"{"name":"a","ids":[12345]}"#,    &["E2"], &["toy/E10 /ids/0"]),
        (r#"{"name":"a","letters":7}"#,      &["E2"], &[]),
        // What is not an object has no members to miss.
        (r#"{"name":"a","either":7}"#,       &["E2"], &[]),
        // Digits choose as the number does.
        (r#"{"name":"a","colour":"1"}"#,     &[],     &["toy/E2 /colour"]),
        (r#"{"name":"a","colour":"1"}"#,     &["E2"], &["toy/E1 /why"]),
        (r#"{"name":"a","colour":9}"#,       &["E3"], &[]),
    ];
    for (text, allow, expected) in table {
        let codes: Vec<String> = allow.iter().map(|id| format!("toy/{id}")).collect();
        let waived = IgnoredRules::of(&codes, &[&TOY]).expect("rules");
        let document = Document::parse(*text).expect("JSON");
        let context = Context { waived: Some(&waived), ..Context::default() };
        let found = lint(&TOY, &OPERATION, &document, &context);
        let found: Vec<String> =
            found.iter().map(|one| format!("{} {}", one.code(), one.place.pointer)).collect();
        assert_eq!(found, *expected, "{text} with {allow:?}");
    }
}

#[test]
fn each_fault_is_one_finding_at_its_place() {
    #[rustfmt::skip]
    let table: &[(&str, &[&str])] = &[
        // Presence, null and what counts as absent.
        (r#"{"name":"a"}"#, &[]),
        (r#"{}"#, &["toy/E1 /name"]),
        (r#"{"name":null}"#, &["toy/E1 /name"]),
        (r#"{"name":""}"#, &["toy/E4 /name"]),
        (r#"{"name":"a","mood":null}"#, &["json/null /mood"]),
        (r#"{"name":"a","silent":null}"#, &[]),
        (r#"{"name":"a","block":null}"#, &["toy/E2 /block"]),
        (r#"{"name":"a","letters":""}"#, &[]),
        (r#"{"name":"a","colour":1}"#, &["toy/E1 /why"]),
        (r#"{"name":"a","colour":1,"why":"x"}"#, &[]),
        (r#"{"name":"a","mood":"loud"}"#, &["toy/E1 /volume"]),
        (r#"{"name":"a","volume":1}"#, &["toy/W1 /volume"]),
        // Types and spellings.
        (r#"{"name":7}"#, &["toy/E2 /name"]),
        (r#"{"name":"a","count":1.0}"#, &["json/integral-float /count"]),
        (r#"{"name":"a","count":1.5}"#, &["toy/E2 /count"]),
        (r#"{"name":"a","count":"1"}"#, &["toy/E2 /count"]),
        (r#"{"name":"a","count":2147483648}"#, &["toy/E2 /count"]),
        (r#"{"name":"a","count":99999999999999999999999999999999999999999}"#, &["toy/E2 /count"]),
        (r#"{"name":"a","count":11}"#, &["toy/E3 /count"]),
        (r#"{"name":"a","id":"12"}"#, &["toy/W3 /id"]),
        (r#"{"name":"a","id":"x"}"#, &["toy/E10 /id"]),
        (r#"{"name":"a","id":"9223372036854775808"}"#, &["toy/E10 /id"]),
        (r#"{"name":"a","colour":"2"}"#, &["toy/E2 /colour"]),
        (r#"{"name":"a","colour":3}"#, &["toy/E3 /colour"]),
        (r#"{"name":"a","colour":2}"#, &["toy/W2 /colour"]),
        // Lengths: if the hard limit is broken, only it is reported; otherwise the soft one.
        (r#"{"name":"abcd"}"#, &["toy/W2 /name"]),
        (r#"{"name":"你好"}"#, &["toy/W2 /name"]),
        (r#"{"name":"abcdef"}"#, &["toy/E4 /name"]),
        (r#"{"name":"a","letters":"aB"}"#, &["toy/E5 /letters"]),
        // Lists and maps.
        (r#"{"name":"a","ids":[]}"#, &["toy/E6 /ids"]),
        (r#"{"name":"a","ids":["b","c","d","e"]}"#, &["toy/E6 /ids"]),
        (r#"{"name":"a","ids":["b","b"]}"#, &["toy/W2 /ids"]),
        (r#"{"name":"a","ids":["b",null,3,"","12345"]}"#, &["toy/E6 /ids", "toy/E2 /ids/1", "toy/E2 /ids/2", "toy/E4 /ids/3", "toy/E10 /ids/4"]),
        (r#"{"name":"a","ids":["a"]}"#, &["toy/W2 /ids/0"]),
        (r#"{"name":"a","one":"b"}"#, &[]),
        (r#"{"name":"a","one":["b",1]}"#, &["toy/E2 /one/1"]),
        (r#"{"name":"a","one":1}"#, &["toy/E2 /one"]),
        (r#"{"name":"a","platform":"android,ios"}"#, &[]),
        (r#"{"name":"a","platform":"android,wp"}"#, &["toy/E3 /platform"]),
        (r#"{"name":"a","map":{"k":1,"os":"x"}}"#, &["toy/E2 /map/k", "toy/E2 /map/os"]),
        (r#"{"name":"a","either":"ios"}"#, &[]),
        (r#"{"name":"a","either":"wp"}"#, &["toy/E3 /either"]),
        (r#"{"name":"a","either":[]}"#, &["toy/E2 /either"]),
        (r#"{"name":"a","either":{"n":"x"}}"#, &["toy/E2 /either/n"]),
        // The content of strings.
        (r#"{"name":"a","inner":"{\"n\":1}"}"#, &[]),
        (r#"{"name":"a","inner":{"n":1}}"#, &[]),
        (r#"{"name":"a","inner":{"n":"x"}}"#, &["toy/E9 /inner/n"]),
        (r#"{"name":"a","inner":"{\"n\":"}"#, &["toy/E7 /inner"]),
        (r#"{"name":"a","inner":"[1]"}"#, &["toy/E7 /inner>"]),
        (r#"{"name":"a","inner":"{\"n\":\"x\"}"}"#, &["toy/E9 /inner>/n"]),
        (r#"{"name":"a","packed":"eyJuIjoxfQ=="}"#, &[]),
        (r#"{"name":"a","packed":"eyJuIjoxfQ"}"#, &[]),
        (r#"{"name":"a","packed":"e-_J"}"#, &["toy/E8 /packed"]),
        (r#"{"name":"a","packed":"eA=="}"#, &["toy/E7 /packed"]),
        (r#"{"name":"a","packed":"e30="}"#, &["toy/E9 /packed>/n"]),
        // Across fields.
        (r#"{"name":"a","inner":"{\"n\":1,\"t\":\"12345\"}"}"#, &[]),
        (r#"{"name":"a","inner":"{ \"n\": 1, \"t\": \"12345\" }"}"#, &[]),
        (r#"{"name":"ab","inner":"{\"n\":1,\"t\":\"12345\"}"}"#, &["toy/E11 "]),
        (r#"{"name":"a","letters":"b","ids":["c"]}"#, &["toy/W2 /ids"]),
        (r#"{"name":"a","ancient":"x"}"#, &["toy/H1 /ancient"]),
        // Other checks.
        (r#"{"name":"a","label":"x"}"#, &["toy/W1 /label"]),
        (r#"{"name":"a","name":"b"}"#, &["json/duplicate-key /name"]),
        (
            r#"{"name":"a","inner":"{\"n\":1,\"n\":2}"}"#,
            &["json/duplicate-key /inner>/n"],
        ),
        (
            r#"{"name":"a","inner":"{\"n\":\"x\",\"n\":\"y\"}"}"#,
            &["json/duplicate-key /inner>/n", "toy/E9 /inner>/n"],
        ),
        (r#"{"name":"a","packed":"eyJuIjoxLCJuIjoyfQ=="}"#, &["json/duplicate-key /packed>/n"]),
        (r#"{"name":"{\"n\":1,\"n\":2}"}"#, &["toy/E4 /name"]),
        (r#"{"name":"a","$schema":"urn:x"}"#, &[]),
        (r#"[{"name":"a"}]"#, &["json/not-an-object "]),
    ];
    for (text, wanted) in table {
        assert_eq!(findings(text), *wanted, "{text}");
    }
}

#[test]
fn findings_come_in_source_order() {
    let text = r#"{"zzz":1,"count":"x","name":7,"ids":["",2]}"#;
    assert_eq!(
        findings(text),
        ["toy/W1 /zzz", "toy/E2 /count", "toy/E2 /name", "toy/E4 /ids/0", "toy/E2 /ids/1"]
    );
}

#[test]
fn a_misspelled_required_key_is_named_at_the_missing_one() {
    let document = Document::parse(r#"{"nmae":"a"}"#).expect("JSON");
    let found = lint(&TOY, &OPERATION, &document, &Context::default());
    let missing = found.iter().find(|finding| finding.rule.id == "E1").expect("a missing name");
    assert_eq!(missing.help.as_deref(), Some("`nmae` is there; did you mean `name`?"));
    assert_eq!(found.len(), 1, "one fault is one finding: {found:?}");
}

/// Code, pointer and help of each finding about a payload.
fn advice(text: &str) -> Vec<String> {
    let document = Document::parse(text).expect("JSON");
    let found = lint(&TOY, &OPERATION, &document, &Context::default());
    let say = |finding: &Finding| {
        let help = finding.help.as_deref().unwrap_or_default();
        format!("{} {}: {help}", finding.rule.id, finding.place.pointer)
    };
    found.iter().map(say).collect()
}

#[test]
fn an_sdks_name_is_told_once_with_the_right_one() {
    #[rustfmt::skip]
    let table: &[(&str, &[&str])] = &[
        // A required field: the error at it is all that is said, in each language's spelling.
        (r#"{"name":"a","mood":"loud","loudness":1}"#,
            &["E1 /volume: `loudness` is the SDK's name: write `volume`"]),
        (r#"{"name":"a","mood":"loud","Loudness":1}"#,
            &["E1 /volume: `Loudness` is the SDK's name: write `volume`"]),
        (r#"{"name":"a","mood":"loud","gain":1}"#,
            &["E1 /volume: `gain` is the SDK's name: write `volume`"]),
        // An optional one: the member is unknown.
        (r#"{"name":"a","temper":"x"}"#, &["W1 /temper: `temper` is the SDK's name: write `mood`"]),
        (r#"{"name":"a","spirit_level":"x"}"#,
            &["W1 /spirit_level: `spirit_level` is the SDK's name: write `mood`"]),
        // The right one is there besides.
        (r#"{"name":"a","mood":"x","temper":"x"}"#,
            &["W1 /temper: `temper` is the SDK's name of `mood`, which is there"]),
        (r#"{"name":"a","mood":"loud","volume":1,"gain":1}"#,
            &["W1 /gain: `gain` is the SDK's name of `volume`, which is there"]),
        // Only where the variant has the field.
        (r#"{"name":"a","loudness":1}"#, &["W1 /loudness: "]),
        // A name that people confuse is named at the missing field alone, too.
        (r#"{"label":"a"}"#, &["E1 /name: `label` is there; did you mean `name`?"]),
        (r#"{"name":"a","label":"a"}"#, &["W1 /label: did you mean `name`?"]),
    ];
    for (text, wanted) in table {
        assert_eq!(advice(text), *wanted, "{text}");
    }
}

#[test]
fn a_fault_has_the_help_of_its_row_then_of_its_value_then_of_its_rule() {
    for (text, message, help) in [
        (
            r#"{"name":"a","mood":null}"#,
            "`mood` is null: the vendor may refuse it",
            Some("Few vendors say what they do with it; leave the field out."),
        ),
        (
            r#"{"name":"a","block":null}"#,
            "`block` must be an object, not null",
            Some("the server fails on null"),
        ),
        (
            r#"{"name":"a","block":[]}"#,
            "`block` must be an object, not a list",
            Some("give an object with its volume"),
        ),
        (
            r#"{"name":"a","map":[]}"#,
            "`map` must be an object, not a list",
            Some("write `{}` or leave it out: PHP writes [] for an empty array"),
        ),
        (r#"{"name":7}"#, "`name` must be a string, not 7", Some(r#"write it in quotes: `"7"`"#)),
        (
            r#"{"name":"a","ids":[7]}"#,
            "`ids[0]` must be a string, not 7",
            Some(r#"write it in quotes: `"7"`"#),
        ),
        (
            r#"{"name":"a","inner":{"n":"7"}}"#,
            "`n` must be a number without quotes, not \"7\"",
            Some("write it without quotes: `7`"),
        ),
        (r#"{"name":true}"#, "`name` must be a string, not true", None),
        (
            r#"{"name":"a","either":"wp"}"#,
            "`either` must be android or ios, or an object, not \"wp\"",
            None,
        ),
    ] {
        let document = Document::parse(text).expect("JSON");
        let found = lint(&TOY, &OPERATION, &document, &Context::default());
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!(
            (found[0].message.as_str(), found[0].help.as_deref()),
            (message, help),
            "{text}"
        );
    }
}

#[test]
fn lengths_count_what_their_unit_says() {
    for (text, bytes, chars, utf16, weighted) in
        [("abc", 3, 3, 3, 3), ("你好", 6, 2, 2, 4), ("👋", 4, 1, 2, 2), ("é", 2, 1, 1, 1)]
    {
        assert_eq!(Length::Bytes(0).measure(text), bytes, "{text}");
        assert_eq!(Length::Chars(0).measure(text), chars, "{text}");
        assert_eq!(Length::Utf16(0).measure(text), utf16, "{text}");
        assert_eq!(Length::Weighted(0).measure(text), weighted, "{text}");
    }
}
