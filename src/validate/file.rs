//! The documents in one file: recognised, linted and reported.

use std::path::Path;

use super::baseline;
use super::other_tools::is_of_another_tool;
use super::part::{DocumentPart, Settling, ambiguous, empty_list, parse, unrecognised};
use super::policy::FilePolicy;
use super::reporter::Reporter;
use crate::contract::identify::{Named, SCHEMA_KEY, SchemaClaim, schema_claim};
use crate::contract::{BoundedFindings, Context};
use crate::document::{Document, Node, Value};
use crate::input::Chunk;
use crate::lint::{PayloadHint, PayloadReading, Recogniser, broken};
use crate::provider;
use crate::redact::Redactor;
use crate::report::{FindingSource, ReportedPath, Ui};

/// What is known of a file that is linted.
pub(super) struct LintedFile<'a> {
    /// Its name in findings.
    pub(super) name: &'a ReportedPath,
    pub(super) hint: PayloadHint,
    /// Whether a mapping says what it is.
    pub(super) is_mapped: bool,
    pub(super) settling: Settling<'a>,
    pub(super) policy: FilePolicy<'a>,
}

impl LintedFile<'_> {
    /// Whether its name says that it is not a payload, and nothing else says that it is one.
    fn is_of_another_tool(&self) -> bool {
        let name = self.settling.path.and_then(Path::file_name).and_then(|name| name.to_str());
        !self.hint.is_payload
            && self.hint.operation.is_none()
            && name.is_some_and(is_of_another_tool)
    }

    /// Whether an unrecognised document is an error: the user said that it is a payload.
    fn is_expected(&self) -> bool {
        self.is_mapped || !self.settling.walked
    }
}

/// Lints files one after another.
pub(super) struct FileLinter {
    pub(super) ui: Ui,
    pub(super) recogniser: Recogniser,
    pub(super) context: Context<'static>,
    /// The most findings that are kept for a document.
    pub(super) most: usize,
    pub(super) reporter: Reporter,
}

impl FileLinter {
    /// Lints a piece of a file that is one JSON text.
    pub(super) fn chunk(&mut self, file: &LintedFile<'_>, chunk: &Chunk) {
        let redactor = &redactor(file.hint.operation.map(|(named, _)| named));
        let source =
            &FindingSource::new(&chunk.bytes, chunk.line, chunk.offset).redacted_by(redactor);
        let part = if chunk.is_line { format!("line {}", chunk.line) } else { String::new() };
        let whole = DocumentPart { part, source, base: 0 };
        let document = match parse(self.most, &chunk.bytes) {
            Ok(document) => document,
            // Some tools allow comments in their files.
            Err(_) if file.is_of_another_tool() => {
                return self.unrecognised(file, whole, (0, false), &[]);
            }
            Err(fault) => {
                let found = BoundedFindings::only(broken(&fault));
                let named = file.hint.operation.map(|(named, _)| named);
                return self.payload(file, whole, named, found);
            }
        };
        match &document.root().value {
            Value::Array(items)
                if !chunk.is_line && !self.recogniser.is_one_payload(items, &file.hint) =>
            {
                self.list(file, whole, &document, items);
            }
            _ => self.document(file, whole, &document),
        }
    }

    /// Lints the items of a list. If none of them is a payload, the list is one document that is none.
    fn list(
        &mut self,
        file: &LintedFile<'_>,
        whole: DocumentPart<'_>,
        document: &Document,
        items: &[Node],
    ) {
        if items.is_empty() && file.hint.operation.is_some() {
            let found = BoundedFindings::only(empty_list(document));
            return self.payload(file, whole, None, found);
        }
        let mut values = items.iter().map(|item| &item.value);
        if !values.any(|value| self.recogniser.may_be_payload(value, &file.hint)) {
            return self.unrecognised(file, whole, (document.root().span.start, false), &[]);
        }
        for (index, item) in items.iter().enumerate() {
            let (start, end) = (item.span.start, item.span.end);
            let payload = Document::parse_up_to(self.most, &document.text()[start..end]);
            let payload = payload.expect("an item of a valid list is valid");
            let part = format!("item {index}");
            self.document(file, DocumentPart { part, source: whole.source, base: start }, &payload);
        }
    }

    fn document(&mut self, file: &LintedFile<'_>, part: DocumentPart<'_>, document: &Document) {
        let root = document.root();
        if is_baseline(&root.value) {
            return self.reporter.left_out(file.name, "it is a baseline of herald".to_owned());
        }
        if file.is_of_another_tool()
            && let SchemaClaim::Absent | SchemaClaim::Foreign =
                schema_claim(&provider::contracts(), &root.value)
        {
            return self.unrecognised(file, part, (root.span.start, false), &[]);
        }
        let context = Context { waived: Some(file.policy.waivers), ..self.context };
        match self.recogniser.read(document, &file.hint, &context) {
            PayloadReading::Linted(linted) => {
                let (named, by) = (linted.named, linted.by.word());
                self.ui.phase("lint", &format!("{} as {named} ({by})", place(file, &part)));
                self.reporter.summary.add_read(&linted);
                self.payload(file, part, Some(named), linted.found);
            }
            PayloadReading::Ambiguous(level) => {
                let found = ambiguous(root.span.start, &level, &file.settling);
                self.payload(file, part, None, BoundedFindings::only(found));
            }
            PayloadReading::WrongSchema(finding) => {
                self.reporter.summary.unrecognised += 1;
                let found = BoundedFindings::only(finding);
                self.reporter.report(file.name, part, None, found, &file.policy);
            }
            PayloadReading::ForeignCodes(named) => {
                let reason = format!("its `$schema` says that it is for {named}");
                self.reporter.left_out(file.name, reason);
            }
            PayloadReading::Unrecognised(near) => {
                let object = root.value.as_object();
                let has_schema = object.is_some_and(|object| object.get(SCHEMA_KEY).is_some());
                self.unrecognised(file, part, (root.span.start, has_schema), &near);
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
        let found = BoundedFindings::only(found);
        self.reporter.report(file.name, part, None, found, &file.policy);
    }

    fn payload(
        &mut self,
        file: &LintedFile<'_>,
        part: DocumentPart<'_>,
        named: Option<Named>,
        found: BoundedFindings,
    ) {
        self.reporter.summary.payloads += 1;
        self.reporter.report(file.name, part, named, found, &file.policy);
    }
}

/// Whether a document is a baseline: it lies beside the payloads, and is none.
fn is_baseline(root: &Value) -> bool {
    let schema = root.as_object().and_then(|object| object.get(SCHEMA_KEY));
    schema.is_some_and(|node| node.value.as_str() == Some(baseline::SCHEMA))
}

/// Hides secrets in excerpts: members with names from any vendor, if the provider of the payload is unknown.
fn redactor(named: Option<Named>) -> Redactor {
    Redactor::new(named.map_or_else(provider::secret_names, |named| named.contract.secret_names()))
}

/// The name of a document in messages.
fn place(file: &LintedFile<'_>, part: &DocumentPart<'_>) -> String {
    match part.part.as_str() {
        "" => format!("`{}`", file.name),
        inner => format!("{inner} of `{}`", file.name),
    }
}
