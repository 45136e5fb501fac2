//! A summary in Markdown, as `$GITHUB_STEP_SUMMARY` shows it.

use super::{
    FindingRecord, LeftOut, LintedPayload, Renderer, Summary, Trouble, TroublePlace, escape,
};
use crate::contract::Severity;

/// The first line of every report.
pub(super) const HEADING: &str = "## Payloads linted by herald";

/// The most bytes of rows: GitHub shows no step summary of more than 1 MiB.
const MAX_ROWS: usize = 900 << 10;

/// Findings as tables: errors first.
#[derive(Debug, Default)]
pub(super) struct Markdown {
    errors: Vec<String>,
    others: Vec<String>,
    left_out: Vec<String>,
}

impl Renderer for Markdown {
    fn payload(&mut self, linted: &LintedPayload<'_>) -> String {
        for record in &linted.records {
            let rows = match record.severity {
                Severity::Error => &mut self.errors,
                Severity::Warning | Severity::Hint => &mut self.others,
            };
            rows.push(row(record));
        }
        String::new()
    }

    fn trouble(&mut self, trouble: &Trouble<'_>) -> String {
        if trouble.places.is_empty() {
            self.left_out.push(format!("- {}\n", text(&trouble.error.full_message())));
        }
        for TroublePlace { file, line, column, message, .. } in &trouble.places {
            let place = format!("{}:{line}:{column}", file.in_repository());
            self.left_out.push(format!("- {}: {}\n", text(&place), text(message)));
        }
        String::new()
    }

    fn left_out(&mut self, left_out: &LeftOut) -> String {
        let (file, reason) = (text(&left_out.file.in_repository()), text(&left_out.reason));
        self.left_out.push(format!("- {file}: left out: {reason}\n"));
        String::new()
    }

    fn finish(&mut self, summary: &Summary) -> String {
        let mut out = format!("{HEADING}\n\n");
        let lines = summary.lines();
        lines.lines().for_each(|line| out.push_str(&format!("{}\n\n", text(line))));
        let rows: Vec<&String> = self.errors.iter().chain(&self.others).collect();
        let mut shown = 0;
        if !rows.is_empty() {
            out.push_str("| severity | place | rule | finding |\n|---|---|---|---|\n");
        }
        for row in &rows {
            if out.len() + row.len() > MAX_ROWS {
                break;
            }
            out.push_str(row);
            shown += 1;
        }
        if shown < rows.len() {
            out.push_str(&format!("\n{} more findings do not fit.\n", rows.len() - shown));
        }
        if let Some(statistics) = &summary.statistics {
            out.push_str("\n| findings | rule | about |\n|--:|---|---|\n");
            for count in statistics.sorted() {
                let (rule, title) = (text(&count.code), text(&count.title));
                out.push_str(&format!("| {} | {rule} | {title} |\n", count.count));
            }
        }
        if !self.left_out.is_empty() {
            out.push('\n');
            self.left_out.iter().for_each(|line| out.push_str(line));
        }
        out
    }
}

fn row(record: &FindingRecord) -> String {
    let FindingRecord { line, column, code, .. } = record;
    let place = format!("{}:{line}:{column}", record.file.in_repository());
    let mut about = text(&record.message);
    let pointers = record.pointers();
    if !pointers.is_empty() {
        about.push_str(&format!(" ({})", text(&pointers)));
    }
    for help in record.help.iter().flat_map(|help| help.lines()) {
        about.push_str(&format!("<br>{}", text(help)));
    }
    let word = record.severity.word();
    format!("| {word} | {} | {} | {about} |\n", text(&place), text(code))
}

/// Text that Markdown and HTML show as it is: files and vendors' messages must not make links, images or tables.
fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in escape(raw).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    // Without these, addresses become links.
    out.replace("://", "&#58;//").replace("www.", "www&#46;")
}

#[cfg(test)]
mod tests {
    use super::super::sample::rendered;
    use super::*;

    #[test]
    fn the_sample_looks_like_this() {
        insta::assert_snapshot!(rendered(&mut Markdown::default()), @r#"
        ## Payloads linted by herald

        3 files, 3 payloads for acme/send, 1 left out: 2 errors, 2 warnings, 1 hint

        | severity | place | rule | finding |
        |---|---|---|---|
        | error | broken, 1.json:1:8 | json/syntax | a comma stands before the closing bracket<br>take the comma out |
        | error | send.json:1:1 | acme/E02 | \`to\` is missing (/to)<br>add "to": a user's id |
        | warning | send.json:2:12 | acme/W07 | odd: \\u{1b}\[2J &lt;100%&gt; (/title) |
        | hint | send.json:2:45 | acme/H1 | \`n\` is 7 (/content → /n) |
        | warning | many.ndjson:7:9 | acme/W07 | odd (/user)<br>one<br>two |

        - other.json: left out: it is for another
        - cannot read \`gone.json\`
        - settings.toml:3:7: unknown key \`foo\`
        "#);
    }

    #[test]
    fn no_text_of_a_file_is_markup() {
        let shown = text("![a](https://x.example) <b> | `c` @team\n# d");
        assert!(
            !shown.contains("a](") && !shown.contains("<b>") && !shown.contains("://"),
            "{shown}"
        );
        assert!(!shown.contains('\n') && !shown.contains(" | ") && !shown.contains('@'), "{shown}");
    }
}
