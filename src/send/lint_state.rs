//! Local files of a command before anything is sent: their uploads are linted with the payloads, and printed with them.

use std::cell::RefCell;
use std::collections::HashSet;

use serde_json::json;

use crate::contract::identify::Named;
use crate::contract::{Context, Contract, Finding, Operation, Severity};
use crate::document::Document;
use crate::error::{Error, ErrorKind, Result};
use crate::lint::{self, IgnoredRules};
use crate::provider::prerequisite::{Ask, BroughtValues};
use crate::provider::{Call, Prerequisite, Upload, Uploading};
use crate::report::{self, FindingRecord, Ui};
use crate::send::app::SharedRedactor;
use crate::send::compose::Composed;
use crate::send::context::SendContext;
use crate::send::flag_words::{FlagWords, WordedPayload};
use crate::send::origins::{LintSource, Origins};
use crate::send::prerequisites::MAX_PREREQUISITES;
use crate::wire::Request;

/// What lint has found so far in the payloads of a command.
pub(crate) struct LintState<'a> {
    pub(crate) ui: &'a Ui,
    pub(crate) contract: &'static Contract,
    pub(crate) waived: IgnoredRules,
    pub(crate) errors: usize,
    pub(crate) records: Vec<FindingRecord>,
    /// The first error, for the message that ends the command.
    first: Option<String>,
    /// Errors of the command line or the profile, not of a payload: flags that are missing, ids that cannot be ones.
    wrong: Vec<Error>,
    /// What is said once for all requests of a command: codes of rules and warnings.
    said: RefCell<HashSet<String>>,
    /// Hides secrets in excerpts.
    pub(crate) redactor: SharedRedactor,
}

impl<'a> LintState<'a> {
    /// Nothing was linted yet, and the rules that `--allow` names are ignored.
    pub(crate) fn of(context: &SendContext<'a>) -> Result<Self> {
        let contract = context.app.vendor.contract();
        Ok(Self {
            ui: &context.env.ui,
            contract,
            waived: IgnoredRules::of(&context.sending.allow, &[contract])?,
            errors: 0,
            records: Vec::new(),
            first: None,
            wrong: Vec::new(),
            said: RefCell::default(),
            redactor: context.app.redactor.clone(),
        })
    }

    /// A warning of the vendor's folder about a payload, unless a finding or another payload has said the same.
    pub(crate) fn remark(&self, text: &str) {
        if self.said.borrow_mut().insert(text.to_owned()) {
            self.ui.warn(text);
        }
    }

    /// Lints one payload and shows what there is to say about it.
    pub(crate) fn one(
        &mut self,
        operation: &'static Operation,
        document: &Document,
        source: LintSource<'_>,
        context: &Context<'_>,
    ) {
        let waived = self.waived.clone();
        let context = Context { waived: Some(&waived), ..*context };
        let found = lint::lint_up_to(lint::TOLD, self.contract, operation, document, &context);
        if let Some(file) = &source.origins.file {
            let slips = lint::slips(operation, document, &found.kept);
            slips.iter().for_each(|slip| self.remark(&format!("{}: {slip}", file.name)));
        }
        self.show(operation, document, source, found.kept, &context);
        for more in found.more.iter().filter(|more| more.count > 0) {
            let is_error = more.rule.severity == Severity::Error;
            self.errors += if is_error { more.count } else { 0 };
            self.ui.remark(&format!("{} more of {}/{}", more.count, more.space, more.rule.id));
        }
    }

    /// Shows what was found in a payload; the context is that in which it was linted.
    pub(crate) fn show(
        &mut self,
        operation: &'static Operation,
        document: &Document,
        source: LintSource<'_>,
        found: Vec<Finding>,
        context: &Context<'_>,
    ) {
        let named = Named { contract: self.contract, operation };
        self.errors += found.iter().filter(|finding| finding.severity() == Severity::Error).count();
        let origins = source.origins;
        let payload = WordedPayload { contract: self.contract, operation, document, origins };
        let (in_file, found) = payload.in_file(found, context);
        self.show_in_file(named, origins, in_file);
        self.show_own(&payload, &found);
        self.show_in_words(&payload, source.name, found);
    }

    /// Shows findings at their places in the user's file.
    fn show_in_file(&mut self, named: Named, origins: &Origins, found: Vec<Finding>) {
        let Some(file) = &origins.file else { return };
        let (text, redactor) = (file.text.as_bytes(), &self.redactor.borrow());
        let told =
            report::findings_for_send(self.ui, &file.name, text, Some(named), found, redactor);
        let mut errors = told.iter().filter(|record| record.severity == Severity::Error);
        let first = || errors.next().map(|record| format!("{}: {}", record.code, record.message));
        self.first = self.first.take().or_else(first);
        self.records.extend(told);
    }

    /// Tells the findings of herald's own making, a line for each rule.
    fn show_own(&self, payload: &WordedPayload<'_>, found: &[Finding]) {
        for one in payload.own_findings(found) {
            let mut said = self.said.borrow_mut();
            let is_told = one.messages.iter().all(|message| said.contains(message));
            said.extend(one.messages);
            if said.insert(one.code) && !is_told {
                match one.severity {
                    Severity::Hint => self.ui.remark(&format!("hint: {}", one.line)),
                    Severity::Warning | Severity::Error => self.ui.warn(&one.line),
                }
            }
        }
    }

    /// Shows findings in the words of the flags, keys and fields that the payload was made of.
    fn show_in_words(&mut self, payload: &WordedPayload<'_>, name: &str, found: Vec<Finding>) {
        let named = Named { contract: self.contract, operation: payload.operation };
        let (text, redactor) = (payload.document.text().as_bytes(), &self.redactor.borrow());
        let mut told = Vec::new();
        for mut finding in found {
            if payload.is_own(&finding) {
                told.push((finding, None));
                continue;
            }
            let FlagWords { message, help, error } = payload.words(&finding);
            finding.help = help;
            if finding.severity() == Severity::Error {
                self.first.get_or_insert_with(|| format!("{}: {message}", finding.code()));
            }
            told.push((finding, error.is_none().then_some(message)));
            self.wrong.extend(error);
        }
        let told = report::composed_findings(self.ui, name, text, named, told, redactor);
        self.records.extend(told);
    }

    /// An error where a payload has any.
    pub(crate) fn result(&mut self) -> Result<()> {
        let Some(more) = self.errors.checked_sub(1) else { return Ok(()) };
        if let Some(error) = self.wrong_usage() {
            return Err(error.with("findings", json!(self.records)));
        }
        let first = self.first.as_deref().unwrap_or("the payload has errors");
        let more = match more {
            0 => String::new(),
            more => format!(" (and {})", report::counted(more as u64, "more error")),
        };
        let message = format!("{first}{more}; nothing was sent");
        Err(Error::new(ErrorKind::Lint, message)
            .help("fix it, or ignore a single rule with --allow CODE")
            .with("findings", json!(self.records)))
    }

    /// The error about the command line or the profile, if there is any. Each fault is a line of its own.
    fn wrong_usage(&mut self) -> Option<Error> {
        let mut told: Vec<Error> = Vec::new();
        for error in self.wrong.drain(..) {
            // Several requests of one command have the same fault.
            if !told.iter().any(|known| known.to_string() == error.to_string()) {
                told.push(error);
            }
        }
        let last = told.pop()?;
        if !self.ui.is_machine() {
            told.iter().for_each(|error| self.ui.complain(error));
            return Some(last);
        }
        let messages: Vec<String> = told.iter().chain([&last]).map(Error::to_string).collect();
        let error = Error::new(last.kind(), messages.join("; "));
        Some(match last.advice() {
            Some(help) => error.help(help),
            None => error,
        })
    }
}

/// Lints a call that uploads a file.
pub(crate) fn lint_upload(
    prerequisite: &Prerequisite,
    upload: &Upload,
    context: &Context<'_>,
    linted: &mut LintState<'_>,
) {
    let Ask::Call(body) = &prerequisite.ask else { return };
    let file = &upload.file;
    let sizes = [(file.path.to_string_lossy().into_owned(), file.size)];
    let context = Context { sizes: &sizes, ..*context };
    let origin = format!("(upload of {})", file.name);
    let source = LintSource { name: &origin, origins: &Origins::of_sets() };
    linted.one(prerequisite.operation, &Document::of(body), source, &context);
}

impl SendContext<'_> {
    /// Lints what uploads of the payloads' files would call.
    pub(crate) fn lint_uploads(
        &self,
        composed: &[Composed],
        context: &Context<'_>,
        linted: &mut LintState<'_>,
    ) -> Result<()> {
        let uploads: Vec<&Upload> = composed.iter().flat_map(|one| &one.draft.uploads).collect();
        for upload in distinct(&uploads) {
            for prerequisite in self.planned(upload)? {
                lint_upload(&prerequisite, upload, context, linted);
            }
        }
        Ok(())
    }

    /// The requests that would upload files, each file once.
    pub(crate) fn planned_uploads(&self, uploads: &[&Upload]) -> Result<Vec<Request>> {
        let mut requests = Vec::new();
        for upload in distinct(uploads) {
            for prerequisite in self.planned(upload)? {
                requests.push(self.planned_request(&prerequisite)?);
            }
        }
        Ok(requests)
    }

    /// The prerequisites of a file, with placeholders for what answers would tell.
    pub(crate) fn planned(&self, upload: &Upload) -> Result<Vec<Prerequisite>> {
        let (stamp, mut brought) = (self.stamp(), BroughtValues::new());
        let mut prerequisites = Vec::new();
        while prerequisites.len() < MAX_PREREQUISITES {
            let (file, kind, account) = (&upload.file, upload.kind, &self.app.account);
            let ask = Uploading { file, kind, brought: &brought, account, stamp: &stamp };
            let Some(prerequisite) = self.app.vendor.upload(&ask)? else { break };
            brought.extend(prerequisite.stand_in.iter().cloned());
            prerequisites.push(prerequisite);
        }
        Ok(prerequisites)
    }

    /// The request of a prerequisite as it would go out.
    pub(crate) fn planned_request(&self, prerequisite: &Prerequisite) -> Result<Request> {
        let stamp = self.stamp();
        match &prerequisite.ask {
            Ask::Raw(request) => Ok(self.marked(request.as_ref().clone())),
            Ask::Call(body) => {
                let (operation, account) = (prerequisite.operation, &self.app.account);
                self.app.redactor.borrow_mut().learn(body);
                let call = Call { operation, body, account, stamp: &stamp };
                self.app.vendor.request(&call).map(|request| self.marked(request))
            }
        }
    }
}

/// Each file once, in the order in which they come.
fn distinct<'u>(uploads: &[&'u Upload]) -> Vec<&'u Upload> {
    let mut distinct: Vec<&Upload> = Vec::new();
    for upload in uploads {
        let same =
            |other: &&Upload| other.file.path == upload.file.path && other.kind == upload.kind;
        if !distinct.iter().any(same) {
            distinct.push(upload);
        }
    }
    distinct
}
