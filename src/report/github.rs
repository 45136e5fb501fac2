//! Workflow commands of GitHub Actions: annotations in the changed files of a pull request.

use super::concise::concise;
use super::{
    FindingRecord, LeftOut, LintedPayload, Renderer, Summary, Trouble, TroublePlace, counted,
    escape,
};
use crate::contract::Severity;

/// How many annotations of a kind GitHub shows for a step:
/// <https://docs.github.com/en/actions/reference/limits>.
const SHOWN: usize = 10;

/// Findings as workflow commands, errors first, and the summary for people as plain lines.
///
/// The log has no properties of a command: so each text begins with its place. Findings beyond what GitHub shows are plain
/// lines.
#[derive(Debug, Default)]
pub(super) struct Github {
    errors: Annotations,
    warnings: Annotations,
    notices: Annotations,
}

/// The findings of a kind.
#[derive(Debug, Default)]
struct Annotations {
    commands: String,
    /// The lines of those that GitHub would not show.
    more: String,
    count: usize,
}

impl Annotations {
    fn push(&mut self, record: &FindingRecord) {
        self.count += 1;
        if self.count <= SHOWN {
            self.commands.push_str(&command(record));
        } else {
            let word = record.severity.word();
            self.more.push_str(&format!("{word}: {}\n", concise(record)));
        }
    }
}

impl Renderer for Github {
    fn payload(&mut self, linted: &LintedPayload<'_>) -> String {
        for record in &linted.records {
            match record.severity {
                Severity::Error => self.errors.push(record),
                Severity::Warning => self.warnings.push(record),
                Severity::Hint => self.notices.push(record),
            }
        }
        String::new()
    }

    fn trouble(&mut self, trouble: &Trouble<'_>) -> String {
        let helped = |message: &str, help: Option<&str>| {
            data(&format!("{message}{}", help.map(|help| format!("\n{help}")).unwrap_or_default()))
        };
        if trouble.places.is_empty() {
            let text = helped(&trouble.error.full_message(), trouble.error.advice());
            return format!("::error title=herald::{text}\n");
        }
        let command = |place: &TroublePlace| {
            let TroublePlace { file, line, column, message, help } = place;
            let name = file.in_repository();
            let text = helped(&format!("{name}:{line}:{column}: {message}"), help.as_deref());
            let file = property(&name);
            format!("::error file={file},line={line},col={column},title=herald::{text}\n")
        };
        trouble.places.iter().map(command).collect()
    }

    fn left_out(&mut self, left_out: &LeftOut) -> String {
        let (file, reason) = (property(&left_out.file.in_repository()), data(&left_out.reason));
        format!("::notice file={file},title=herald::left out: {reason}\n")
    }

    fn finish(&mut self, summary: &Summary) -> String {
        let all = [&self.errors, &self.warnings, &self.notices];
        let mut out: String = all.iter().map(|kind| kind.commands.as_str()).collect();
        out.extend(all.iter().map(|kind| kind.more.as_str()));
        let more: usize = all.iter().map(|kind| kind.count.saturating_sub(SHOWN)).sum();
        if more > 0 {
            let (more, have) =
                (counted(more as u64, "finding"), if more == 1 { "has" } else { "have" });
            out.push_str(&format!(
                "{more} {have} no annotation: GitHub shows {SHOWN} errors, {SHOWN} warnings and {SHOWN} notices of a step\n"
            ));
        }
        out + &summary.statistics_lines() + &summary.lines()
    }
}

fn command(record: &FindingRecord) -> String {
    let level = match record.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "notice",
    };
    let (line, end_line) = (record.line, record.end_line);
    let name = record.file.in_repository();
    let file = property(&name);
    let mut place = format!("file={file},line={line},endLine={end_line}");
    // GitHub accepts columns only if both ends are on one line, and the last column belongs to the place.
    if line == end_line {
        let last = record.end_column.saturating_sub(1).max(record.column);
        place.push_str(&format!(",col={},endColumn={last}", record.column));
    }
    let mut text = format!("{name}:{line}:{}: {}", record.column, record.message);
    let pointers = record.pointers();
    if !pointers.is_empty() {
        text.push_str(&format!(" ({pointers})"));
    }
    let help = record.help.iter().map(|help| format!("\nhelp: {help}")).collect::<String>();
    format!("::{level} {place},title={}::{}\n", property(&record.code), data(&(text + &help)))
}

/// Text of a command: always one line.
fn data(text: &str) -> String {
    let lines: Vec<String> =
        text.split('\n').map(|line| escape(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

/// A property of a command, which ends at a comma, a colon or a line break. The runner decodes these five characters, so
/// that the name of a file stays the same: <https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts>.
fn property(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' | '\r' | '\n' | ':' | ',' => out.push_str(&format!("%{:02X}", u32::from(c))),
            '\t' => out.push(c),
            c => out.push_str(&escape(c.encode_utf8(&mut [0; 4]))),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::sample::rendered;
    use super::*;

    #[test]
    fn the_sample_looks_like_this() {
        insta::assert_snapshot!(rendered(&mut Github::default()), @r#"
        ::notice file=other.json,title=herald::left out: it is for another
        ::error title=herald::cannot read `gone.json`%0Acheck the path
        ::error file=settings.toml,line=3,col=7,title=herald::settings.toml:3:7: unknown key `foo`%0Adid you mean?
        ::error file=broken%2C 1.json,line=1,endLine=1,col=8,endColumn=8,title=json/syntax::broken, 1.json:1:8: a comma stands before the closing bracket%0Ahelp: take the comma out
        ::error file=send.json,line=1,endLine=1,col=1,endColumn=1,title=acme/E02::send.json:1:1: `to` is missing (/to)%0Ahelp: add "to": a user's id
        ::warning file=send.json,line=2,endLine=2,col=12,endColumn=22,title=acme/W07::send.json:2:12: odd: \u{1b}[2J <100%25> (/title)
        ::warning file=many.ndjson,line=7,endLine=7,col=9,endColumn=13,title=acme/W07::many.ndjson:7:9: odd (/user)%0Ahelp: one%0Atwo
        ::notice file=send.json,line=2,endLine=2,col=45,endColumn=45,title=acme/H1::send.json:2:45: `n` is 7 (/content → /n)
        3 files, 3 payloads for acme/send, 1 left out: 2 errors, 2 warnings, 1 hint
        "#);
    }
}
