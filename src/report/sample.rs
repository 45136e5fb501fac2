//! The same findings for the tests of every renderer: a broken file, NDJSON with Chinese text, a fault inside a string.

use std::path::Path;

use super::{
    FindingCounts, FindingRecord, FindingSource, LeftOut, LintedPayload, Renderer, ReportedPath,
    Summary, Trouble, TroublePlace, plain_path,
};
use crate::contract::identify::Named;
use crate::contract::{BoundedFindings, Contract, Finding, Operation, Rule, error, hint, warning};
use crate::document::{Document, Place, Span, Trail};
use crate::error::Error;
use crate::lint::{LintedAs, ReadBy, broken};

static MISSING: Rule = error("E02", "required field missing", "Add the field.");
static ODD: Rule = warning("W07", "odd text", "");
static NOTE: Rule = hint("H1", "worth knowing", "");

static CONTRACT: Contract = Contract {
    id: "acme",
    name: "Acme",
    operations: &[Operation { id: "send", ..Operation::BASE }],
    ..Contract::BASE
};

/// The operation of the sample.
pub(super) fn operation() -> Named {
    Named { contract: &CONTRACT, operation: &CONTRACT.operations[0] }
}

fn finding(
    text: &str,
    path: &str,
    rule: &'static Rule,
    message: &str,
    help: Option<&str>,
) -> Finding {
    let document = Document::parse(text).expect("JSON");
    let place = Trail::new(&document).root().find(path).place();
    Finding {
        space: "acme",
        rule,
        message: message.to_owned(),
        help: help.map(str::to_owned),
        place,
    }
}

const SEND: &str = "{\n  \"title\": \"你好 👋 \u{1b}[2J\", \"content\": \"{\\\"n\\\": 7}\"\n}\n";
const LINE: &str = r#"{"user":"王小明","body":"x"}"#;

/// A finding at bytes of a source.
pub(super) fn at(
    start: usize,
    end: usize,
    message: &str,
    source: &FindingSource<'_>,
) -> FindingRecord {
    let span = Span::new(start, end);
    let place = Place { pointer: "/a".to_owned(), inner_pointer: None, span };
    let message = message.to_owned();
    let finding = Finding { space: "acme", rule: &ODD, message, help: None, place };
    FindingRecord::new(finding, Some(operation()), &ReportedPath::outside("a.json"), source, 0)
}

/// All that a renderer writes for the sample.
pub(super) fn rendered(renderer: &mut dyn Renderer) -> String {
    let mut out = String::new();
    let mut summary = Summary { files: 3, ..Summary::default() };

    let mut see =
        |file: &str, part: &str, text: &str, line: usize, offset: usize, findings: Vec<Finding>| {
            let source = FindingSource::new(text.as_bytes(), line, offset);
            let site = Path::new("/repository").join(plain_path(Path::new(file)));
            let file = &ReportedPath::new(Path::new(file), &site, Some(Path::new("/repository")));
            let operation = findings.iter().all(|one| one.space == "acme").then(operation);
            let record = |finding| FindingRecord::new(finding, operation, file, &source, 0);
            let records: Vec<FindingRecord> = findings.into_iter().map(record).collect();
            summary.payloads += usize::from(operation.is_some());
            if let Some(named) = operation {
                let (by, also) = (ReadBy::Keys, Vec::new());
                let found = BoundedFindings::new(0);
                summary.add_read(&LintedAs { named, by, also, reaches_everybody: false, found });
            }
            records.iter().for_each(|one| summary.count("acme", one.rule, one.severity, 1));
            let part = part.to_owned();
            let drawn = records.iter().map(|record| renderer.draw(record, &source)).collect();
            let hidden = FindingCounts::default();
            let linted = LintedPayload { file, part, operation, records, drawn, hidden };
            out.push_str(&renderer.payload(&linted));
        };

    let fault = Document::parse("{\"a\": 1,}").expect_err("a comma too many");
    see("./broken, 1.json", "", "{\"a\": 1,}", 1, 0, vec![broken(&fault)]);
    // A control character is invalid inside a JSON string; the places are those of the text without it.
    let plain = SEND.replace('\u{1b}', "?");
    let send = vec![
        finding(&plain, "to", &MISSING, "`to` is missing", Some("add \"to\": a user's id")),
        finding(&plain, "title", &ODD, "odd: \u{1b}[2J <100%>", None),
        finding(&plain, "content/n", &NOTE, "`n` is 7", None),
    ];
    see("send.json", "", SEND, 1, 0, send);
    see("many.ndjson", "line 1", LINE, 1, 0, vec![]);
    see(
        "many.ndjson",
        "line 7",
        LINE,
        7,
        300,
        vec![finding(LINE, "user", &ODD, "odd", Some("one\ntwo"))],
    );

    let (file, reason) = (ReportedPath::outside("other.json"), "it is for another".to_owned());
    let left_out = LeftOut { file, reason };
    out.push_str(&renderer.left_out(&left_out));
    summary.left_out = 1;
    summary.left_out_files.push(left_out);
    let error = Error::input("cannot read `gone.json`").help("check the path");
    out.push_str(&renderer.trouble(&Trouble::new(&error)));
    let error = Error::input("settings.toml:3:7: unknown key `foo`").help("line 3: did you mean?");
    let place = TroublePlace {
        file: ReportedPath::outside("settings.toml"),
        line: 3,
        column: 7,
        message: "unknown key `foo`".to_owned(),
        help: Some("did you mean?".to_owned()),
    };
    out.push_str(&renderer.trouble(&Trouble { error: &error, places: vec![place] }));
    out.push_str(&renderer.finish(&summary));
    out
}
