//! JUnit XML: one suite for each file, one case for each payload; errors fail the case, other findings are its output.

use std::fmt::Write as _;

use super::{
    FindingRecord, LeftOut, LintedPayload, Renderer, Summary, Trouble, TroublePlace, counted,
    escape,
};
use crate::contract::Severity;
use crate::text::is_invisible;

/// Findings as JUnit XML.
#[derive(Debug, Default)]
pub(super) struct Junit {
    suites: Vec<Suite>,
}

#[derive(Debug)]
struct Suite {
    name: String,
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    cases: String,
}

impl Renderer for Junit {
    fn lists_payloads(&self) -> bool {
        true
    }

    fn payload(&mut self, linted: &LintedPayload<'_>) -> String {
        let errors: Vec<&FindingRecord> = linted.records.iter().filter(|r| is_error(r)).collect();
        let others: Vec<&FindingRecord> = linted.records.iter().filter(|r| !is_error(r)).collect();
        let name = if linted.part.is_empty() { "payload" } else { &linted.part };
        let mut body = String::new();
        let hidden = linted.hidden.errors;
        if let Some(first) = errors.first() {
            let (message, code) = (attribute(&first.message), attribute(&first.code));
            let text = xml(&lines(&errors));
            let _ = writeln!(
                body,
                "      <failure message=\"{message}\" type=\"{code}\">{text}</failure>"
            );
        } else if hidden > 0 {
            let errors = counted(hidden as u64, "error");
            let _ = writeln!(body, "      <failure message=\"{errors}, not shown\"/>");
        }
        if !others.is_empty() {
            let _ = writeln!(body, "      <system-out>{}</system-out>", xml(&lines(&others)));
        }
        let suite = self.suite(linted.file.name());
        suite.tests += 1;
        suite.failures += usize::from(!errors.is_empty() || hidden > 0);
        suite.case(name, &body);
        String::new()
    }

    fn trouble(&mut self, trouble: &Trouble<'_>) -> String {
        let kind = trouble.error.kind().word();
        let mut add = |name: &str, case: &str, message: &str, help: Option<&str>| {
            let (message, help) = (attribute(message), xml(help.unwrap_or_default()));
            let suite = self.suite(name);
            suite.tests += 1;
            suite.errors += 1;
            let body =
                format!("      <error message=\"{message}\" type=\"{kind}\">{help}</error>\n");
            suite.case(case, &body);
        };
        if trouble.places.is_empty() {
            add("herald", "input", &trouble.error.full_message(), trouble.error.advice());
        }
        for TroublePlace { file, line, column, message, help } in &trouble.places {
            let text = format!("{}:{line}:{column}: {message}", file.name());
            add(file.name(), &format!("line {line}"), &text, help.as_deref());
        }
        String::new()
    }

    fn left_out(&mut self, left_out: &LeftOut) -> String {
        let reason = attribute(&left_out.reason);
        let suite = self.suite(left_out.file.name());
        suite.tests += 1;
        suite.skipped += 1;
        suite.case("payload", &format!("      <skipped message=\"{reason}\"/>\n"));
        String::new()
    }

    fn finish(&mut self, _: &Summary) -> String {
        let sum = |count: fn(&Suite) -> usize| self.suites.iter().map(count).sum::<usize>();
        let (tests, failures) = (sum(|suite| suite.tests), sum(|suite| suite.failures));
        let errors = sum(|suite| suite.errors);
        let mut out = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"herald\" tests=\"{tests}\" \
             failures=\"{failures}\" errors=\"{errors}\">\n"
        );
        for Suite { name, tests, failures, errors, skipped, cases } in &self.suites {
            let name = attribute(name);
            let skipped = match skipped {
                0 => String::new(),
                skipped => format!(" skipped=\"{skipped}\""),
            };
            let _ = write!(
                out,
                "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"{skipped}>\n\
                 {cases}  </testsuite>\n"
            );
        }
        out.push_str("</testsuites>\n");
        out
    }
}

impl Junit {
    /// The suite of a file; the payloads of a file come in sequence.
    fn suite(&mut self, name: &str) -> &mut Suite {
        if self.suites.last().is_none_or(|suite| suite.name != name) {
            let name = name.to_owned();
            self.suites.push(Suite {
                name,
                tests: 0,
                failures: 0,
                errors: 0,
                skipped: 0,
                cases: String::new(),
            });
        }
        self.suites.last_mut().expect("one was just pushed")
    }
}

impl Suite {
    fn case(&mut self, name: &str, body: &str) {
        let (name, class) = (attribute(name), attribute(&self.name));
        let _ = if body.is_empty() {
            writeln!(self.cases, "    <testcase name=\"{name}\" classname=\"{class}\"/>")
        } else {
            writeln!(
                self.cases,
                "    <testcase name=\"{name}\" classname=\"{class}\">\n{body}    </testcase>"
            )
        };
    }
}

fn is_error(record: &FindingRecord) -> bool {
    record.severity == Severity::Error
}

/// One line for each finding: `a.json:3:7: error[wildfire/E02]: … (/conv/type)`, with its help below.
fn lines(records: &[&FindingRecord]) -> String {
    let mut out = String::new();
    for record in records {
        let FindingRecord { file, line, column, code, message, .. } = record;
        let word = record.severity.word();
        let (file, message) = (escape(file.name()), escape(message));
        let _ = write!(out, "\n{file}:{line}:{column}: {word}[{code}]: {message}");
        let pointers = record.pointers();
        if !pointers.is_empty() {
            let _ = write!(out, " ({})", escape(&pointers));
        }
        for line in record.help.iter().flat_map(|help| help.lines()) {
            let _ = write!(out, "\n  help: {}", escape(line));
        }
    }
    out.push('\n');
    out
}

/// Text of an attribute: a name with a line break must not start a new line in a log, and a reader of XML turns each blank
/// that is not a reference into a space.
fn attribute(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(['\n', '\r', '\t']) {
        let plain = piece.trim_end_matches(['\n', '\r', '\t']);
        out.push_str(&xml(plain));
        piece[plain.len()..].bytes().for_each(|blank| out.push_str(&format!("&#{blank};")));
    }
    out
}

/// Text of an element. Characters that XML 1.0 cannot contain even as a reference, and invisible ones, are escaped.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push('\n'),
            '\t' => out.push(' '),
            c if c.is_control() || is_invisible(c) || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                out.extend(c.escape_unicode());
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::sample::rendered;
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_shown_escaped() {
        assert_eq!(
            xml("a<b>&\"\u{1}\u{fffe}\u{1b}\u{200b}"),
            "a&lt;b&gt;&amp;&quot;\\u{1}\\u{fffe}\\u{1b}\\u{200b}"
        );
        assert_eq!(attribute("a\n::error::b\r\t\n<"), "a&#10;::error::b&#13;&#9;&#10;&lt;");
    }

    #[test]
    fn the_sample_looks_like_this() {
        insta::assert_snapshot!(rendered(&mut Junit::default()), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="herald" tests="7" failures="2" errors="2">
          <testsuite name="./broken, 1.json" tests="1" failures="1" errors="0">
            <testcase name="payload" classname="./broken, 1.json">
              <failure message="a comma stands before the closing bracket" type="json/syntax">
        ./broken, 1.json:1:8: error[json/syntax]: a comma stands before the closing bracket
          help: take the comma out
        </failure>
            </testcase>
          </testsuite>
          <testsuite name="send.json" tests="1" failures="1" errors="0">
            <testcase name="payload" classname="send.json">
              <failure message="`to` is missing" type="acme/E02">
        send.json:1:1: error[acme/E02]: `to` is missing (/to)
          help: add &quot;to&quot;: a user's id
        </failure>
              <system-out>
        send.json:2:12: warning[acme/W07]: odd: \u{1b}[2J &lt;100%&gt; (/title)
        send.json:2:45: hint[acme/H1]: `n` is 7 (/content → /n)
        </system-out>
            </testcase>
          </testsuite>
          <testsuite name="many.ndjson" tests="2" failures="0" errors="0">
            <testcase name="line 1" classname="many.ndjson"/>
            <testcase name="line 7" classname="many.ndjson">
              <system-out>
        many.ndjson:7:9: warning[acme/W07]: odd (/user)
          help: one
          help: two
        </system-out>
            </testcase>
          </testsuite>
          <testsuite name="other.json" tests="1" failures="0" errors="0" skipped="1">
            <testcase name="payload" classname="other.json">
              <skipped message="it is for another"/>
            </testcase>
          </testsuite>
          <testsuite name="herald" tests="1" failures="0" errors="1">
            <testcase name="input" classname="herald">
              <error message="cannot read `gone.json`" type="input">check the path</error>
            </testcase>
          </testsuite>
          <testsuite name="settings.toml" tests="1" failures="0" errors="1">
            <testcase name="line 3" classname="settings.toml">
              <error message="settings.toml:3:7: unknown key `foo`" type="input">did you mean?</error>
            </testcase>
          </testsuite>
        </testsuites>
        "#);
    }
}
