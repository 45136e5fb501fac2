//! One line for each finding, as compilers print it: editors and scripts read it.

use super::{
    FindingRecord, LeftOut, LintedPayload, Renderer, Summary, Trouble, TroublePlace, escape,
};

/// Findings as `path:line:col: code message`, and the summary for people.
#[derive(Debug)]
pub(super) struct Concise;

impl Renderer for Concise {
    fn payload(&mut self, linted: &LintedPayload<'_>) -> String {
        linted.records.iter().map(|record| concise(record) + "\n").collect()
    }

    fn trouble(&mut self, trouble: &Trouble<'_>) -> String {
        let line = |place: &TroublePlace| {
            let TroublePlace { file, line, column, message, .. } = place;
            format!("{}:{line}:{column}: {}\n", escape(file.name()), escape(message))
        };
        trouble.places.iter().map(line).collect()
    }

    fn left_out(&mut self, left_out: &LeftOut) -> String {
        format!("{}: left out: {}\n", escape(left_out.file.name()), escape(&left_out.reason))
    }

    fn finish(&mut self, summary: &Summary) -> String {
        summary.statistics_lines() + &summary.lines()
    }
}

/// `send.json:2:12: acme/W07 odd text (/title)`
pub(super) fn concise(record: &FindingRecord) -> String {
    let FindingRecord { file, line, column, code, message, .. } = record;
    let pointers = record.pointers();
    let place =
        if pointers.is_empty() { String::new() } else { format!(" ({})", escape(&pointers)) };
    format!("{}:{line}:{column}: {code} {}{place}", escape(file.name()), escape(message))
}

#[cfg(test)]
mod tests {
    use super::super::sample::rendered;
    use super::*;

    #[test]
    fn the_sample_looks_like_this() {
        insta::assert_snapshot!(rendered(&mut Concise), @r#"
        ./broken, 1.json:1:8: json/syntax a comma stands before the closing bracket
        send.json:1:1: acme/E02 `to` is missing (/to)
        send.json:2:12: acme/W07 odd: \u{1b}[2J <100%> (/title)
        send.json:2:45: acme/H1 `n` is 7 (/content → /n)
        many.ndjson:7:9: acme/W07 odd (/user)
        other.json: left out: it is for another
        settings.toml:3:7: unknown key `foo`
        3 files, 3 payloads for acme/send, 1 left out: 2 errors, 2 warnings, 1 hint
        "#);
    }
}
