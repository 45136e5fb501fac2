use proptest::prelude::*;

use super::sample::{at, operation};
use super::*;
use crate::contract::json_rules;
use crate::document::{Place, Span};
use crate::redact::Redactor;

/// What each format writes for one finding at a range of a text.
fn written(format: Format, bytes: &[u8], stretch: (usize, usize), message: &str) -> String {
    let source = FindingSource::new(bytes, 1, 0);
    let records = vec![at(stretch.0, stretch.0 + stretch.1, message, &source)];
    let mut summary = Summary::default();
    summary.payloads += 1;
    summary.count("acme", records[0].rule, records[0].severity, 1);
    let operation = Some(operation());
    let (file, part, hidden) =
        (&ReportedPath::outside("a.json"), String::new(), FindingCounts::default());
    let mut renderer = renderer(format, FindingStyle::default());
    let drawn = records.iter().map(|record| renderer.draw(record, &source)).collect();
    let linted = LintedPayload { file, part, operation, records, drawn, hidden };
    renderer.payload(&linted) + &renderer.finish(&summary)
}

#[test]
fn findings_of_a_composed_payload_look_like_those_of_a_file() {
    let ui = Ui::new(Format::Human, Color::Never, false, true, &|_| None);
    let text = r#"{"to":""}"#.as_bytes();
    let place = Place { pointer: "/to".to_owned(), inner_pointer: None, span: Span::new(6, 8) };
    let rule = json_rules::find("null").expect("a rule");
    let finding = Finding { space: "json", rule, message: "odd".to_owned(), help: None, place };
    let redactor = Redactor::new(operation().contract.secret_names());
    let records =
        findings_for_send(&ui, "(flags)", text, Some(operation()), vec![finding], &redactor);
    let shown =
        human::diagnostic(&records[0], &FindingSource::new(text, 1, 0), FindingStyle::default());
    insta::assert_snapshot!(shown, @r#"
    warning[json/null]: odd
     --> (flags):1:7
      |
    1 | {"to":""}
      |       ^^ /to
    "#);
}

#[test]
fn every_format_is_found_by_its_word() {
    for (word, format) in Format::WORDS {
        assert_eq!(Format::from_word(word), Some(format));
    }
    assert_eq!(Format::from_word("xml"), None);
}

proptest! {
    #[test]
    fn no_text_breaks_a_format(bytes in proptest::collection::vec(any::<u8>(), 0..60), start in 0usize..70, len in 0usize..70, message in ".*") {
        for format in [Format::Json, Format::Sarif, Format::Gitlab] {
            let text = written(format, &bytes, (start, len), &message);
            prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{}", text);
        }
        for line in written(Format::Ndjson, &bytes, (start, len), &message).lines() {
            prop_assert_eq!(&serde_json::from_str::<serde_json::Value>(line).expect("JSON")["version"], 1);
        }
        // The finding and the summary.
        prop_assert_eq!(written(Format::Github, &bytes, (start, len), &message).lines().count(), 2);
        let xml = written(Format::Junit, &bytes, (start, len), &message);
        prop_assert!(xml.chars().all(|c| c == '\n' || !c.is_control()));
    }
}
