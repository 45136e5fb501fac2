//! The documents in one file: recognised, linted and reported.

use std::path::Path;

use super::judge::{DocumentVerdict, Judge, JudgedFile, no_json};
use super::other_tools::is_of_another_tool;
use super::part::{
    DocumentPart, PartName, Settling, ambiguous, byte_order_mark, empty_list, own_report,
    unrecognised,
};
use super::policy::FilePolicy;
use super::reporter::Reporter;
use crate::contract::identify::Named;
use crate::contract::{BoundedFindings, Contract};
use crate::document::{ContainerView, Document, ValueView};
use crate::input::Chunk;
use crate::lint::{PayloadHint, PayloadReading, ReadBy, broken};
use crate::provider;
use crate::redact::Redactor;
use crate::report::{FindingSource, ReportedPath, Ui, is_report_document, is_report_text};

/// What is known of a file that is linted.
pub(super) struct LintedFile<'a> {
    /// Its name in findings.
    pub(super) name: &'a ReportedPath,
    pub(super) hint: PayloadHint,
    /// Whether a mapping says what it is.
    pub(super) is_mapped: bool,
    pub(super) settling: Settling<'a>,
    pub(super) policy: FilePolicy<'a>,
    /// Hides secrets in excerpts.
    pub(super) redactor: Redactor,
}

impl LintedFile<'_> {
    /// Whether its name says that it is not a payload, and nothing else says that it is one.
    fn is_of_another_tool(&self) -> bool {
        let name = || self.settling.path.and_then(Path::file_name).and_then(|name| name.to_str());
        !self.hint.is_payload
            && self.hint.operation.is_none()
            && name().is_some_and(is_of_another_tool)
    }

    /// What its documents are judged by. Errors are enough where the report shows no more findings.
    pub(super) fn judged(&self, reporter: &Reporter) -> JudgedFile<'_> {
        JudgedFile {
            hint: self.hint,
            is_of_another_tool: self.is_of_another_tool(),
            waivers: self.policy.waivers,
            only_errors: !reporter.has_room() && !self.policy.looks_at_each(),
        }
    }

    /// Whether an unrecognised document is an error: the user said that it is a payload.
    fn is_expected(&self) -> bool {
        self.is_mapped || !self.settling.walked
    }
}

/// Lints files one after another.
pub(super) struct FileLinter {
    pub(super) ui: Ui,
    pub(super) judge: Judge,
    pub(super) reporter: Reporter,
    /// The last file of which it was said that it is a report of herald: each line of one would say it again.
    last_report: Option<ReportedPath>,
}

impl FileLinter {
    /// Keeps `most` findings of each rule of a document.
    pub(super) fn new(ui: Ui, now_ms: i64, most: usize, reporter: Reporter) -> Self {
        Self { ui, judge: Judge::new(now_ms, most), reporter, last_report: None }
    }

    /// Lints a piece of a file that is one JSON text.
    pub(super) fn chunk(&mut self, file: &LintedFile<'_>, chunk: &Chunk) {
        let judged = file.judged(&self.reporter);
        if chunk.is_line {
            let verdict = self.judge.text(&judged, &chunk.bytes);
            return self.tell_chunk(file, chunk, verdict);
        }
        let document = match self.judge.parse(&chunk.bytes) {
            Ok(document) => document,
            Err(_) if is_report_text(&chunk.bytes) => {
                return self.tell_chunk(file, chunk, DocumentVerdict::OwnReport(0));
            }
            Err(fault) => return self.tell_chunk(file, chunk, no_json(&judged, fault)),
        };
        match document.view() {
            root if is_report_document(root) => {
                let start = document.span().start;
                self.tell_chunk(file, chunk, DocumentVerdict::OwnReport(start));
            }
            ValueView::Array(items) if !self.judge.recogniser.is_one_payload(items, &file.hint) => {
                let source = FindingSource::new(&chunk.bytes, chunk.line, chunk.offset)
                    .redacted_by(&file.redactor);
                let whole = DocumentPart { name: PartName::Only, source: &source, base: 0 };
                self.list(file, whole, &document, items);
            }
            _ => {
                let verdict = self.judge.document(&judged, &document);
                self.tell_chunk(file, chunk, verdict);
            }
        }
    }

    /// Reports what a piece of a file is.
    pub(super) fn tell_chunk(
        &mut self,
        file: &LintedFile<'_>,
        chunk: &Chunk,
        verdict: DocumentVerdict,
    ) {
        let source =
            &FindingSource::new(&chunk.bytes, chunk.line, chunk.offset).redacted_by(&file.redactor);
        let name = if chunk.is_line { PartName::Line(chunk.line) } else { PartName::Only };
        self.tell(file, DocumentPart { name, source, base: 0 }, verdict);
    }

    /// Lints the items of a list. If none of them is a payload, the list is one document that is none.
    fn list(
        &mut self,
        file: &LintedFile<'_>,
        whole: DocumentPart<'_>,
        document: &Document,
        items: ContainerView<'_>,
    ) {
        if items.is_empty() && file.hint.operation.is_some() {
            return self.report(file, whole, None, BoundedFindings::only(empty_list(document)));
        }
        let recogniser = &mut self.judge.recogniser;
        if !items.values().any(|value| recogniser.may_be_payload(value, &file.hint)) {
            return self.unrecognised(file, whole, (document.span().start, false), &[]);
        }
        if let Some(mark) = byte_order_mark(whole.source.bytes) {
            let DocumentPart { source, base, .. } = whole;
            let part = DocumentPart { name: PartName::Only, source, base };
            self.reporter.report(file.name, part, None, BoundedFindings::only(mark), &file.policy);
        }
        for (index, span) in items.spans().enumerate() {
            let judged = file.judged(&self.reporter);
            let verdict = self.judge.item(&judged, &document.text()[span.start..span.end]);
            let name = PartName::Item(index);
            let part = DocumentPart { name, source: whole.source, base: span.start };
            self.tell(file, part, verdict);
        }
    }

    /// Reports what a document is.
    fn tell(&mut self, file: &LintedFile<'_>, part: DocumentPart<'_>, verdict: DocumentVerdict) {
        let (reading, start, has_schema) = match verdict {
            DocumentVerdict::NoJson(fault) => {
                let found = BoundedFindings::only(broken(&fault));
                let named = file.hint.operation.map(|(named, _)| named);
                return self.report(file, part, named, found);
            }
            DocumentVerdict::OwnReport(start) => return self.own_report(file, part, start),
            DocumentVerdict::OfAnotherTool(start) => {
                return self.unrecognised(file, part, (start, false), &[]);
            }
            DocumentVerdict::Baseline => {
                return self.reporter.left_out(file.name, "it is a baseline of herald".to_owned());
            }
            DocumentVerdict::Read { reading, start, has_schema } => (reading, start, has_schema),
        };
        match reading {
            PayloadReading::Linted(linted) => {
                let (named, by) = (linted.named, linted.by.word());
                if self.ui.is_verbose() {
                    self.ui.phase("lint", &format!("{} as {named} ({by})", place(file, &part)));
                }
                self.reporter.summary.add_read(&linted);
                self.payload(file, part, Some(named), linted.found);
            }
            PayloadReading::Ambiguous(level) => {
                let found = ambiguous(start, &level, &file.settling);
                self.payload(file, part, None, BoundedFindings::only(found));
            }
            PayloadReading::WrongSchema(finding) => {
                self.reporter.summary.unrecognised += 1;
                self.report(file, part, None, BoundedFindings::only(finding));
            }
            PayloadReading::ForeignCodes(named, by) => {
                let reason = match by {
                    ReadBy::Schema => format!("its `$schema` says that it is for {named}"),
                    _ => format!("it is for {named}"),
                };
                self.reporter.left_out(file.name, reason);
                self.reporter.left_out_foreign = true;
            }
            PayloadReading::Unrecognised(near) => {
                self.unrecognised(file, part, (start, has_schema), &near);
            }
        }
    }

    fn unrecognised(
        &mut self,
        file: &LintedFile<'_>,
        part: DocumentPart<'_>,
        (start, has_schema): (usize, bool),
        near: &[Named],
    ) {
        self.reporter.summary.unrecognised += 1;
        let found = unrecognised(start, near, has_schema, file.is_expected(), &file.settling);
        self.report(file, part, None, BoundedFindings::only(found));
    }

    /// Reports once a file that it is a report of herald.
    fn own_report(&mut self, file: &LintedFile<'_>, part: DocumentPart<'_>, start: usize) {
        if self.last_report.as_ref() == Some(file.name) {
            return;
        }
        self.last_report = Some(file.name.clone());
        self.reporter.summary.unrecognised += 1;
        let found = own_report(start, &file.settling);
        self.report(file, part, None, BoundedFindings::only(found));
    }

    fn payload(
        &mut self,
        file: &LintedFile<'_>,
        part: DocumentPart<'_>,
        named: Option<Named>,
        found: BoundedFindings,
    ) {
        self.reporter.summary.payloads += 1;
        self.report(file, part, named, found);
    }

    /// Reports findings of a document, which may stand behind a byte order mark.
    fn report(
        &mut self,
        file: &LintedFile<'_>,
        part: DocumentPart<'_>,
        named: Option<Named>,
        mut found: BoundedFindings,
    ) {
        let mark = if part.base == 0 { byte_order_mark(part.source.bytes) } else { None };
        found.kept.splice(0..0, mark);
        self.reporter.report(file.name, part, named, found, &file.policy);
    }
}

/// Hides secrets in excerpts: members with names from any vendor, if the provider of the payload is unknown.
pub(super) fn redactor(hint: &PayloadHint) -> Redactor {
    let contract = hint.operation.map(|(named, _)| named.contract);
    Redactor::new(contract.map_or_else(provider::secret_names, Contract::secret_names))
}

/// The name of a document in messages.
fn place(file: &LintedFile<'_>, part: &DocumentPart<'_>) -> String {
    match part.name {
        PartName::Only => format!("`{}`", file.name),
        inner => format!("{inner} of `{}`", file.name),
    }
}
