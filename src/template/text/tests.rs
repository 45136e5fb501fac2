use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use proptest::prelude::*;

use crate::document::Document;
use crate::template::text::*;

fn value(text: &str) -> Value {
    Document::parse(text).expect("JSON").into_value()
}

fn render(template: &Template, value: &str) -> String {
    let one = |name: &str| (name == "x").then_some(value);
    template.render(&one).expect("a value").to_compact()
}

#[test]
fn a_value_goes_into_every_text_and_breaks_no_json_around_it() {
    let table = [
        (r#"{"text":"Hi {{x}}!"}"#, r#"{"text":"Hi \"\\\n!"}"#),
        (r#"{"text":"{{ x }}{{x}}"}"#, r#"{"text":"\"\\\n\"\\\n"}"#),
        (r#"["{{x}}",1.0,{"a":null}]"#, r#"["\"\\\n",1.0,{"a":null}]"#),
        // Around the changes, the inner text stays as it was written.
        (
            r#"{"content":"{ \"n\" : 1.0, \"t\":\"{{x}}\" }"}"#,
            r#"{"content":"{ \"n\" : 1.0, \"t\":\"\\\"\\\\\\n\" }"}"#,
        ),
        (
            r#"{"a":"{\"b\":\"[\\\"{{x}}\\\"]\"}"}"#,
            r#"{"a":"{\"b\":\"[\\\"\\\\\\\"\\\\\\\\\\\\n\\\"]\"}"}"#,
        ),
        // Escapes do not hide a variable.
        (r#"{"a":"{\"b\":\"\\u007b{x}}\"}"}"#, r#"{"a":"{\"b\":\"\\\"\\\\\\n\"}"}"#),
        (r#"["[Notice] {{x}}"]"#, r#"["[Notice] \"\\\n"]"#),
        (r#"["{{{x}}}"]"#, r#"["{\"\\\n}"]"#),
        // Literal braces, also inside of others; two backslashes are one in front of a value.
        (r#"["\\{{x}} {{x}}"]"#, r#"["{{x}} \"\\\n"]"#),
        (r#"["\\{{{{x}}}} \\\\{{x}}"]"#, r#"["{{\"\\\n}} \\\"\\\n"]"#),
        (r#"{"a":"{\"b\":\"\\\\{{x}} {{x}}\"}"}"#, r#"{"a":"{\"b\":\"{{x}} \\\"\\\\\\n\"}"}"#),
    ];
    for (body, rendered) in table {
        let template = Template::parse(&value(body));
        assert_eq!(template.names(), ["x"], "{body}");
        assert_eq!(render(&template, "\"\\\n"), rendered, "{body}");
        assert!(template.suspicious().is_empty(), "{:?}", template.suspicious());
    }
}

#[test]
fn json_in_base64_is_written_anew_with_its_padding_or_without() {
    for (inner, padded) in [(r#"{"t":"{{x}}"}"#, true), (r#"{"t":"{{x}} "}"#, false)] {
        let encoded = if padded { STANDARD.encode(inner) } else { STANDARD_NO_PAD.encode(inner) };
        let body = value(&format!(r#"{{"payload":"{encoded}"}}"#));
        let template = Template::parse(&body);
        assert_eq!(template.names(), ["x"]);
        let rendered = value(&render(&template, "\"q\""));
        let text = rendered.as_object().and_then(|it| it.get("payload")).expect("a payload");
        let text = text.value.as_str().expect("a text");
        let expected = inner.replace("{{x}}", "\\\"q\\\"");
        let same =
            if padded { STANDARD.encode(expected) } else { STANDARD_NO_PAD.encode(expected) };
        assert_eq!(text, same);
    }
}

#[test]
fn a_missing_value_is_told_with_its_place() {
    let body = value(r#"{"list":[{"a/b":"{\"t\":[\"{{who}}\"]}"}],"plain":"{{other}}"}"#);
    let template = Template::parse(&body);
    assert_eq!(template.names(), ["who", "other"]);
    let missing = template.render(&|_| None).expect_err("no value");
    assert_eq!(missing.0.name, "who");
    let place = PayloadPlace { pointer: "/list/0/a~1b".into(), inner_pointer: Some("/t/0".into()) };
    assert_eq!(missing.0.spot, place);
    assert_eq!(
        missing.to_string(),
        "there is no value for `{{who}}` at /list/0/a~1b, inside at /t/0"
    );
    let places: Vec<String> = template.uses().iter().map(|used| used.spot.to_string()).collect();
    assert_eq!(places, ["/list/0/a~1b, inside at /t/0", "/plain"]);
    let deep = Template::parse(&value(r#"["[\"[\\\"{{x}}\\\"]\"]"]"#));
    assert_eq!(deep.uses()[0].spot.to_string(), "/0, inside at /0");
    assert_eq!(Error::from(missing).kind(), crate::error::ErrorKind::Input);
}

#[test]
fn what_only_looks_like_a_variable_stays_and_is_told() {
    for (body, suspicious) in [
        (r#"["{{"]"#, &["{{"] as &[&str]),
        (r#"["a {{name"]"#, &["{{name"]),
        (r#"["{{name} you"]"#, &["{{name} you"]),
        (r#"["{{}} {{ }}"]"#, &["{{}}", "{{ }}"]),
        (r#"{"{{key}}":1}"#, &["{{key}}"]),
        (r#"["{\"{{key}}\":1}"]"#, &["{{key}}"]),
        (r#"["{a} {} }} { {"]"#, &[]),
    ] {
        let body = value(body);
        let template = Template::parse(&body);
        let names: Vec<&str> = template.suspicious().iter().map(|it| &*it.text).collect();
        assert_eq!(names, suspicious, "{body:?}");
        assert!(template.is_plain());
        let none = template.render(&|_| None).expect("no variables");
        assert_eq!(none.to_compact(), body.to_compact());
    }
    // This would be JSON only with the value in it: herald cannot know how to escape the value there.
    let template = Template::parse(&value(r#"["{\"age\":{{x}}}", "{{a {{x}}"]"#));
    let names: Vec<&str> = template.suspicious().iter().map(|it| &*it.text).collect();
    assert_eq!(names, ["{{x}}", "{{a "]);
    let why: Vec<BraceFault> = template.suspicious().iter().map(|it| it.why).collect();
    assert_eq!(why, [BraceFault::Json, BraceFault::Braces]);
    let key = Template::parse(&value(r#"{"{{k}}":1}"#));
    assert_eq!(key.suspicious()[0].why, BraceFault::Key);
    assert_eq!(render(&template, "7"), r#"["{\"age\":7}","{{a 7"]"#);
}

#[test]
fn a_name_is_any_text_in_braces_without_the_blanks_around_it() {
    for (name, reads) in [
        ("name", true),
        ("姓名", true),
        ("user_id", true),
        ("a-b.c", true),
        ("2", true),
        ("First Name", true),
        ("name | upper", false),
        ("#if name", false),
        ("Price (€)", false),
    ] {
        let template = Template::parse(&Value::from(format!("{{{{ {name}\t}}}}")));
        assert_eq!(template.names(), [name]);
        assert_eq!(reads_as_name(name), reads, "{name}");
    }
}

#[test]
fn literal_braces_are_written_without_their_backslash() {
    let body = value(r#"["\\{{name}}",{"a":"{\"b\":\"\\\\{{\"}"}]"#);
    let template = Template::parse(&body);
    assert!(!template.is_plain() && template.names().is_empty());
    let rendered = template.render(&|_| None).expect("no variables").to_compact();
    assert_eq!(rendered, r#"["{{name}}",{"a":"{\"b\":\"{{\"}"}]"#);
}

/// A text at some depth: in the payload, in JSON inside a string, or in JSON in base64.
fn wrapped(text: &str, levels: &[u8]) -> Value {
    let mut inner = Value::from(text);
    for level in levels {
        let mut object = Value::object();
        let members = object.as_object_mut().expect("an object");
        members.set("before", Value::number("1.50"));
        members.set("in", inner);
        members.set("after", "no {braces}");
        inner = match level {
            0 => object,
            1 => Value::from(object.to_compact()),
            2 => Value::from(STANDARD.encode(object.to_compact())),
            _ => Value::Array(vec![Node::bare(Value::Null), Node::bare(object)]),
        };
    }
    inner
}

/// The text that [`wrapped`] put there.
fn unwrapped(value: &Value, levels: &[u8]) -> String {
    let Some((level, rest)) = levels.split_last() else {
        return value.as_str().expect("a text").to_owned();
    };
    let within = match (level, value) {
        (0, object) => object.clone(),
        (1, Value::String(text)) => text.json().expect("JSON").root().value.clone(),
        (2, Value::String(text)) => {
            text.base64_json().expect("base64").expect("JSON").root().value.clone()
        }
        (_, list) => list.as_array().expect("a list")[1].value.clone(),
    };
    let members = within.as_object().expect("an object");
    assert_eq!(members.get("after").and_then(|node| node.value.as_str()), Some("no {braces}"));
    unwrapped(&members.get("in").expect("there").value, rest)
}

proptest! {
    #[test]
    fn a_rendered_value_is_read_back_as_it_was_at_every_depth(
        levels in prop::collection::vec(0u8..4, 0..5),
        // Without a backslash at its end, which would belong to the braces.
        before in "([a-z你\"\\\\\n ]{0,5}[a-z你\"\n ])?",
        put in "[a-z你\"\\\\\n\u{0}{}x]{0,12}|\\{\\{[xy]\\}\\}|.*",
    ) {
        // A letter first, so that the text itself is not JSON.
        let body = wrapped(&format!("t{before}{{{{x}}}}/{{{{ y }}}}"), &levels);
        let template = Template::parse(&body);
        prop_assert_eq!(template.names(), ["x", "y"]);
        let rendered = template.render(&|name| Some(if name == "x" { &*put } else { "{{x}}" })).expect("values");
        // Through its text, as it is sent.
        let rendered = value(&rendered.to_compact());
        prop_assert_eq!(unwrapped(&rendered, &levels), format!("t{before}{put}/{{{{x}}}}"));
    }

    #[test]
    fn without_variables_nothing_changes(
        levels in prop::collection::vec(0u8..4, 0..5),
        text in "[a-z{} \"\\\\]{0,12}",
    ) {
        let body = wrapped(&text, &levels);
        let template = Template::parse(&body);
        if template.is_plain() {
            prop_assert_eq!(template.render(&|_| None).expect("none").to_compact(), body.to_compact());
        } else if template.names().is_empty() {
            let rendered = template.render(&|_| None).expect("none").to_compact();
            prop_assert!(rendered.len() < body.to_compact().len());
        } else {
            prop_assert!(template.render(&|_| None).is_err());
        }
    }
}

/// A text as a template writes it, so that it goes out as it is.
fn escaped(text: &str) -> String {
    let mut parts = text.split("{{").peekable();
    let mut written = String::new();
    while let Some(part) = parts.next() {
        written.push_str(part);
        if parts.peek().is_some() {
            let slashes = part.bytes().rev().take_while(|byte| *byte == b'\\').count();
            written.push_str(&"\\".repeat(slashes));
            written.push_str("\\{{");
        }
    }
    written
}

#[test]
fn more_than_three_opening_braces_are_no_variable() {
    for (text, odd) in [
        ("{{{{x}}}}", "{{{{x}}}}"),
        ("a {{{{x}} b", "{{{{x}}"),
        ("{{{{{x}}}}}", "{{{{{x}}}}}"),
        ("{{{{", "{{{{"),
        ("{{{{x", "{{{{"),
    ] {
        let template = Template::parse(&Value::from(text));
        let found: Vec<&str> = template.suspicious().iter().map(|odd| odd.text.as_str()).collect();
        assert_eq!((found, template.names().len()), (vec![odd], 0), "{text}");
    }
}

proptest! {
    /// Whatever a text holds: escaped it goes out as it is, and a value beside it stays a value.
    #[test]
    fn an_escaped_text_goes_out_as_it_is(text in r"[\\{}a ]{0,12}") {
        let template = Template::parse(&Value::from(escaped(&text)));
        prop_assert!(template.names().is_empty() && template.suspicious().is_empty(), "{template:?}");
        let rendered = template.render(&|_| None).expect("no variables");
        prop_assert_eq!(rendered.as_str(), Some(text.as_str()));
    }
}
