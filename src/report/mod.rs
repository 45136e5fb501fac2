//! What users see: results on stdout, messages on stderr, one file for each format.

mod answer;
mod ask;
mod bar;
mod concise;
mod destination;
mod excerpt;
pub(crate) mod fold;
mod follow_up_mark;
mod github;
mod gitlab;
pub(crate) mod history_batches;
pub(crate) mod history_item;
mod human;
mod json;
mod junit;
pub(crate) mod kept_payload;
mod look_ups;
mod markdown;
mod ndjson;
pub(crate) mod page;
mod phases;
mod progress;
pub(crate) mod provider_matrix;
mod recall_advice;
mod recognise;
mod record;
mod reported_path;
mod rule_counts;
pub(crate) mod sandbox_log;
pub(crate) mod sandbox_requests;
mod sarif;
mod sent;
mod shown_body;
pub(crate) mod summary;
mod table;
mod time;
mod trouble;
mod ui;
mod uploaded;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use crate::contract::identify::Named;
use crate::contract::{Finding, Severity};
use crate::error::Error;
use crate::redact::Redactor;
use crate::text::{escape, escape_json, escape_lines};
pub use ask::Asker;
pub(crate) use bar::bar_style;
pub use destination::{Destination, ReportWish};
pub use follow_up_mark::{FollowUpMark, FollowUpMarks, SETTLED};
pub use human::FindingStyle;
pub use look_ups::LookUpProgress;
pub use phases::PHASES;
pub use progress::progress;
pub use recall_advice::{RecallAdvice, RecallName, SentSubject};
pub use recognise::{is_report_document, is_report_text};
pub use record::{FindingCounts, FindingRecord, FindingSource, LintedPayload};
pub use reported_path::{ReportedPath, plain_path};
pub use rule_counts::{RuleCount, RuleCounts};
pub use sandbox_requests::LOG_WORDS;
pub use sent::{
    Printed, SentReport, counted, failure, failure_in_words, grouped, lossless, marked,
    planned_of_many, sent, targets, time_span,
};
pub use summary::{LeftOut, ReadCount, Summary};
pub(crate) use table::listing;
pub use table::table;
pub use time::{LocalTime, time};
pub use trouble::{Trouble, TroublePlace};
pub use ui::{Color, Format, Ui};
pub(crate) use ui::{completed, completed_line, error_object};
pub use uploaded::uploaded;

/// A format of findings. Each call returns what must be written now. Formats that are one document return all of it at
/// the end; the others store nothing.
pub trait Renderer {
    /// The text of a finding for which the source is needed: the source is gone when the payload is rendered.
    fn draw(&self, _record: &FindingRecord, _source: &FindingSource<'_>) -> String {
        String::new()
    }

    /// Whether payloads without findings are part of the output.
    fn lists_payloads(&self) -> bool {
        false
    }

    /// A payload that was linted, with or without findings.
    fn payload(&mut self, linted: &LintedPayload<'_>) -> String;

    /// An error that prevented an input from being linted. It is on stderr in any case.
    fn trouble(&mut self, _trouble: &Trouble<'_>) -> String {
        String::new()
    }

    /// A file that was not linted, or of which a part was not.
    fn left_out(&mut self, _left_out: &LeftOut) -> String {
        String::new()
    }

    /// The error because of which an input could not be read. A finding about it has been rendered.
    fn unreadable(&mut self, _error: &Error) -> String {
        String::new()
    }

    /// The end.
    fn finish(&mut self, summary: &Summary) -> String;
}

/// The renderer of a format.
pub fn renderer(format: Format, style: FindingStyle) -> Box<dyn Renderer> {
    match format {
        Format::Human => Box::new(human::Human::new(style)),
        Format::Concise => Box::new(concise::Concise),
        Format::Json => Box::new(json::Json::default()),
        Format::Ndjson => Box::new(ndjson::NdjsonReport),
        Format::Sarif => Box::new(sarif::Sarif::default()),
        Format::Junit => Box::new(junit::Junit::default()),
        Format::Github => Box::new(github::Github::default()),
        Format::Gitlab => Box::new(gitlab::Gitlab::default()),
        Format::Markdown => Box::new(markdown::Markdown::default()),
    }
}

/// Reports the findings of a payload on stderr before it is sent, and returns them for machines. `name` is the file
/// that the body came from, or `(flags)` for a composed one; `text` is the source that the findings refer to. Its
/// excerpts show no secret.
///
/// Errors are always reported, other findings not with `-q`; a hint takes one line, without the place.
pub fn findings_for_send(
    ui: &Ui,
    name: &str,
    text: &[u8],
    operation: Option<Named>,
    findings: Vec<Finding>,
    redactor: &Redactor,
) -> Vec<FindingRecord> {
    let source = FindingSource::new(text, 1, 0).redacted_by(redactor);
    let file = ReportedPath::outside(name);
    let record = |finding| FindingRecord::new(finding, operation, &file, &source, 0);
    let records: Vec<FindingRecord> = findings.into_iter().map(record).collect();
    for record in &records {
        match record.severity {
            Severity::Hint => {
                ui.remark(&format!("hint: {} [{}]", record.message, record.code));
            }
            Severity::Warning if ui.quiet => {}
            Severity::Error if ui.is_document_enough() => {}
            Severity::Error | Severity::Warning => {
                let style = FindingStyle { color: ui.color_err, width: ui.width_err() };
                ui.draw(human::diagnostic(record, &source, style).trim_end());
            }
        }
    }
    records
}

/// The name of a payload that flags alone have composed, in findings.
pub const FLAGS: &str = "(flags)";

/// The same for a payload that was composed: it has no place in a file of the user's, so there is no excerpt. Each finding has
/// its message for people; those without one are told in another way.
pub fn composed_findings(
    ui: &Ui,
    name: &str,
    text: &[u8],
    operation: Named,
    findings: Vec<(Finding, Option<String>)>,
    redactor: &Redactor,
) -> Vec<FindingRecord> {
    let source = FindingSource::new(text, 1, 0).redacted_by(redactor);
    let file = ReportedPath::outside(name);
    let mut records = Vec::new();
    for (finding, message) in findings {
        let record = FindingRecord::new(finding, Some(operation), &file, &source, 0);
        if let Some(message) = message {
            let message = if name == FLAGS { message } else { format!("{name}: {message}") };
            ui.finding(record.severity, &record.code, &message, record.help.as_deref());
        }
        records.push(record);
    }
    records
}

/// Reports what was found in entries of a list on stderr: errors always, others not with `-q`.
pub fn entry_finding(ui: &Ui, severity: Severity, code: &str, message: &str, help: Option<&str>) {
    ui.finding(severity, code, message, help);
}
