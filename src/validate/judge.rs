//! What the documents of a file are: read, recognised and linted, before anything is reported. Lines of one file are
//! judged on several threads.

use super::baseline;
use super::part::parse;
use crate::contract::Context;
use crate::contract::identify::{SCHEMA_KEY, SchemaClaim, schema_claim};
use crate::document::{Document, ParseFault, ValueView};
use crate::lint::{IgnoredRules, PayloadHint, PayloadReading, Recogniser};
use crate::provider;
use crate::report::is_report_document;

/// What documents of a file are judged by.
#[derive(Clone, Copy)]
pub(super) struct JudgedFile<'a> {
    pub(super) hint: PayloadHint,
    /// Whether its name says that it is not a payload, and nothing else says that it is one.
    pub(super) is_of_another_tool: bool,
    /// The rules that are not reported.
    pub(super) waivers: &'a IgnoredRules,
    /// Whether findings that are no errors are only counted.
    pub(super) only_errors: bool,
}

/// What a document is.
pub(super) enum DocumentVerdict {
    /// A text that is not JSON.
    NoJson(ParseFault),
    /// A document of another tool, with the byte at which it begins: some of them allow comments in their files.
    OfAnotherTool(usize),
    /// A baseline, which lies beside the payloads, and is none.
    Baseline,
    /// A report of herald, or a line of one, with the byte at which it begins.
    OwnReport(usize),
    /// What lint says.
    Read {
        reading: PayloadReading,
        /// The byte at which it begins.
        start: usize,
        has_schema: bool,
    },
}

/// Judges documents one after another. Its memory is used again.
pub(super) struct Judge {
    pub(super) recogniser: Recogniser,
    now_ms: i64,
    /// The most findings that are kept for a document.
    most: usize,
    document: Document,
}

impl Judge {
    pub(super) fn new(now_ms: i64, most: usize) -> Self {
        let recogniser = Recogniser::new(provider::contracts(), most);
        Self { recogniser, now_ms, most, document: Document::default() }
    }

    /// Another one, for a thread.
    pub(super) fn again(&self) -> impl FnOnce() -> Self + Send + use<> {
        let (now_ms, most) = (self.now_ms, self.most);
        move || Self::new(now_ms, most)
    }

    /// Judges a text that is one document.
    pub(super) fn text(&mut self, file: &JudgedFile<'_>, bytes: &[u8]) -> DocumentVerdict {
        match parse(&mut self.document, self.most, bytes) {
            Ok(()) => judge(&mut self.recogniser, self.now_ms, file, &self.document),
            Err(fault) => no_json(file, fault),
        }
    }

    /// Parses a text that can be a list of documents.
    pub(super) fn parse(&self, bytes: &[u8]) -> Result<Document, ParseFault> {
        let mut document = Document::default();
        parse(&mut document, self.most, bytes).map(|()| document)
    }

    /// Judges an item of a list, which is valid JSON.
    pub(super) fn item(&mut self, file: &JudgedFile<'_>, text: &str) -> DocumentVerdict {
        self.text(file, text.as_bytes())
    }

    /// Judges a document.
    pub(super) fn document(
        &mut self,
        file: &JudgedFile<'_>,
        document: &Document,
    ) -> DocumentVerdict {
        judge(&mut self.recogniser, self.now_ms, file, document)
    }
}

/// Judges a document.
fn judge(
    recogniser: &mut Recogniser,
    now_ms: i64,
    file: &JudgedFile<'_>,
    document: &Document,
) -> DocumentVerdict {
    let (root, start) = (document.view(), document.span().start);
    let schema = root.as_object().and_then(|object| object.get(SCHEMA_KEY));
    if schema.and_then(ValueView::as_str) == Some(baseline::SCHEMA) {
        return DocumentVerdict::Baseline;
    }
    if is_report_document(root) {
        return DocumentVerdict::OwnReport(start);
    }
    if file.is_of_another_tool
        && let SchemaClaim::Absent | SchemaClaim::Foreign =
            schema_claim(&provider::contracts(), root)
    {
        return DocumentVerdict::OfAnotherTool(start);
    }
    let context =
        Context { waived: Some(file.waivers), now_ms: Some(now_ms), ..Context::default() };
    recogniser.keep_only_errors(file.only_errors);
    let reading = recogniser.read(document, &file.hint, &context);
    DocumentVerdict::Read { reading, start, has_schema: schema.is_some() }
}

/// What a text is that is not JSON.
pub(super) fn no_json(file: &JudgedFile<'_>, fault: ParseFault) -> DocumentVerdict {
    match file.is_of_another_tool {
        true => DocumentVerdict::OfAnotherTool(0),
        false => DocumentVerdict::NoJson(fault),
    }
}
