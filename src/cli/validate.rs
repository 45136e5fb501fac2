//! `herald validate`: lints payload files, folders, NDJSON and stdin. Offline, without credentials.

use std::path::{Path, PathBuf};

use crate::broadcast::job::results_path::is_same_file;
use crate::contract::identify::{Identified, IdentifyCache, Named, is_one_payload};
use crate::contract::{BoundedFindings, Context, Contract, Finding, Root, json_rules};
use crate::document::{Document, Node, ParseFault, Place, Value};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::input::{Chunk, Input, InputFault, WalkItem, inputs, payloads};
use crate::lint::{TOLD, Waivers, broken, lint_up_to, repeated_keys, unopened};
use crate::profile::{Project, Waivable};
use crate::provider;
use crate::redact::Redactor;
use crate::report::{
    Destination, FindingCounts, FindingRecord, FindingSource, LintedPayload, Renderer, Summary, Ui,
    renderer,
};

const EXAMPLES: &str = "\
Examples:
  herald validate payloads/
  herald validate --as rongcloud/push push.json
  herald validate --report sarif=herald.sarif payloads/ more.ndjson";

/// Flags of `validate`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Name files and folders; `-` is stdin
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Take every payload as one for this operation
    ///
    /// Without it, the keys of a payload tell which operation it is for, or its `$schema` does.
    #[arg(long = "as", value_name = "PROVIDER/OPERATION")]
    pub operation: Option<String>,
    /// Waive a rule by its code, as jpush-v2/V2-13; repeatable
    #[arg(long = "allow", value_name = "CODE")]
    pub allow: Vec<String>,
    /// Write a report to a file beside the normal output; repeatable
    ///
    /// Formats: human, json, ndjson, sarif, junit, github, gitlab. Example: --report sarif=herald.sarif
    #[arg(long = "report", value_name = "FORMAT=PATH")]
    pub reports: Vec<String>,
    /// Show no more findings than this in each output; the others are counted
    #[arg(long, value_name = "N", default_value_t = TOLD)]
    pub max_findings: usize,
    /// Follow links that are named here into this folder, too; repeatable
    ///
    /// A link that is named is followed as far as its repository reaches, or the current folder where there is none. A link
    /// in a folder that is walked is never followed out of that folder.
    #[arg(long, value_name = "DIR")]
    pub allow_path: Vec<PathBuf>,
}

impl Default for Args {
    fn default() -> Self {
        Self {
            paths: Vec::new(),
            operation: None,
            allow: Vec::new(),
            reports: Vec::new(),
            max_findings: TOLD,
            allow_path: Vec::new(),
        }
    }
}

/// Runs the command: 0 without errors, 1 with errors, 2 if herald cannot tell which operation a payload is for, 3 if
/// something could not be read; the highest of these.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    if args.paths.is_empty() {
        return Err(Error::usage("there is nothing to validate")
            .help("name files or folders, or `-` for stdin"));
    }
    let mut run = ValidateRun::new(env, args, Path::new("."))?;
    run.inputs(args);
    Ok(run.finish())
}

/// A format and its destination.
struct ReportOutput {
    renderer: Box<dyn Renderer>,
    /// The file of a report; `None` for the normal output.
    file: Option<Destination>,
}

fn outputs(ui: Ui, reports: &[String], inputs: &[PathBuf]) -> Result<Vec<ReportOutput>> {
    let mut outputs =
        vec![ReportOutput { renderer: renderer(ui.format, ui.color_out), file: None }];
    for text in reports {
        let file = Destination::open(text)?;
        if inputs.iter().any(|input| is_same_file(file.path(), input)) {
            let path = file.path().display();
            return Err(Error::usage(format!("`{path}` is read, and the report would replace it"))
                .help("give the report a file of its own"));
        }
        let taken =
            |output: &ReportOutput| output.file.as_ref().is_some_and(|f| f.path() == file.path());
        if outputs.iter().any(taken) {
            let path = file.path().display();
            return Err(Error::usage(format!("two reports go to `{path}`"))
                .help("give each a file of its own"));
        }
        outputs.push(ReportOutput { renderer: renderer(file.format(), false), file: Some(file) });
    }
    Ok(outputs)
}

/// One run over all inputs. A payload is dropped once it is reported, except by formats that are one document.
struct ValidateRun {
    ui: Ui,
    contracts: Vec<&'static Contract>,
    /// The operation of `--as`.
    named: Option<Named>,
    memory: IdentifyCache,
    waivers: Waivers,
    context: Context<'static>,
    outputs: Vec<ReportOutput>,
    summary: Summary,
    /// The most findings that are shown, and how many were shown so far.
    max_findings: usize,
    told: usize,
    worst: Exit,
}

/// A part of an input, and the payload in it.
struct InputPiece<'a> {
    file: &'a str,
    /// Its name within the file, if it is not the only payload.
    part: String,
    source: &'a FindingSource<'a>,
    /// The byte of the part at which the payload begins.
    base: usize,
}

impl InputPiece<'_> {
    /// Its name in messages.
    fn name(&self) -> String {
        match self.part.as_str() {
            "" => format!("`{}`", self.file),
            part => format!("{part} of `{}`", self.file),
        }
    }
}

/// Payloads of one input for which no operation was found: the first, and how many more.
#[derive(Default)]
struct Strangers {
    first: Option<Error>,
    more: usize,
}

impl Strangers {
    fn add(&mut self, error: Error) {
        match self.first {
            Some(_) => self.more += 1,
            None => self.first = Some(error),
        }
    }

    /// One error for all of them: a long file must not repeat it line by line.
    fn into_error(self) -> Option<Error> {
        let first = self.first?;
        if self.more == 0 {
            return Some(first);
        }
        let more = format!("{} (and {} more like it)", first.full_message(), self.more);
        Some(Error::new(first.kind(), more).help(first.advice().unwrap_or_default()))
    }
}

impl ValidateRun {
    /// `folder` is where herald looks for the project's settings.
    fn new(env: &Env, args: &Args, folder: &Path) -> Result<Self> {
        let all: Vec<&'static Contract> =
            provider::ALL.iter().map(|vendor| vendor.contract()).collect();
        let named = match &args.operation {
            Some(name) => {
                let (vendor, operation) = provider::find_operation(name)?;
                Some(Named { contract: vendor.contract(), operation })
            }
            None => None,
        };
        let mut waivers = Waivers::of(&args.allow, &all)?;
        waivers.add(project(folder, &all)?.allow);
        Ok(Self {
            ui: env.ui,
            waivers,
            contracts: match &env.globals.provider {
                Some(provider) => vec![provider::find(provider)?.contract()],
                None => all,
            },
            named,
            memory: IdentifyCache::default(),
            context: Context { now_ms: Some(env.system.now_ms()), ..Context::default() },
            outputs: outputs(env.ui, &args.reports, &args.paths)?,
            summary: Summary::default(),
            max_findings: args.max_findings,
            told: 0,
            worst: Exit::Done,
        })
    }

    fn inputs(&mut self, args: &Args) {
        for found in inputs(&args.paths, &args.allow_path) {
            match found {
                Ok(WalkItem::Input { input, walked }) => self.input(&input, walked),
                Ok(WalkItem::Link(path, fault)) => {
                    self.link(&path.display().to_string(), fault.words())
                }
                Ok(WalkItem::NotAFile(path)) => self.not_a_file(&path.display().to_string()),
                Err(error) => self.trouble(&error),
            }
        }
    }

    fn input(&mut self, input: &Input, walked: bool) {
        let file = input.name();
        let mut strangers = Strangers::default();
        let mut opened = false;
        let result = payloads(input, &mut |chunk| {
            opened = true;
            self.chunk(&file, &chunk, &mut strangers);
        });
        self.summary.files += usize::from(opened);
        if let Some(error) = strangers.into_error() {
            self.trouble(&error);
        }
        match result {
            Ok(()) => {}
            Err(InputFault::Link) if walked => self.link(&file, "took the place of a file"),
            Err(InputFault::NotAFile) if walked => self.not_a_file(&file),
            Err(fault) => self.trouble(&input.error(fault)),
        }
    }

    /// A link in a folder, which was not followed. The message shows its target as the link states it.
    fn link(&mut self, file: &str, fault: &str) {
        let target = Path::new(file).read_link();
        let target = target.map(|target| format!("to `{}` ", target.display())).unwrap_or_default();
        self.unopened(file, "link", format!("a link {target}that {fault}; it was not opened"));
    }

    fn not_a_file(&mut self, file: &str) {
        self.unopened(file, "not-a-file", "not a regular file; it was not opened".to_owned());
    }

    /// A finding about a file that was not opened.
    fn unopened(&mut self, file: &str, rule: &str, message: String) {
        let rule = json_rules::find(rule).expect("the table has this row");
        let source = &FindingSource::new(b"", 1, 0);
        let piece = InputPiece { file, part: String::new(), source, base: 0 };
        self.report(piece, None, BoundedFindings::only(unopened(rule, message)));
    }

    fn chunk(&mut self, file: &str, chunk: &Chunk, strangers: &mut Strangers) {
        let redactor = &self.redactor();
        let source =
            &FindingSource::new(&chunk.bytes, chunk.line, chunk.offset).redacted_by(redactor);
        let part = if chunk.is_line { format!("line {}", chunk.line) } else { String::new() };
        let whole = InputPiece { file, part, source, base: 0 };
        let document = match parse(self.max_findings, &chunk.bytes) {
            Ok(document) => document,
            Err(fault) => {
                return self.payload_report(
                    whole,
                    self.named,
                    BoundedFindings::only(broken(&fault)),
                );
            }
        };
        match &document.root().value {
            Value::Array(items) if !chunk.is_line && !self.is_one_payload(items) => {
                if items.is_empty() {
                    let finding = no_object(&document, "a list without payloads");
                    return self.payload_report(whole, None, BoundedFindings::only(finding));
                }
                for (index, item) in items.iter().enumerate() {
                    let (start, end) = (item.span.start, item.span.end);
                    let text = &document.text()[start..end];
                    let payload = Document::parse_up_to(self.max_findings, text);
                    let payload = payload.expect("an item of a valid list is valid");
                    let part = format!("item {index}");
                    self.payload(
                        &payload,
                        InputPiece { file, part, source, base: start },
                        strangers,
                    );
                }
            }
            _ => self.payload(&document, whole, strangers),
        }
    }

    /// Hides secrets in excerpts: members with names from any vendor, if the provider of the payload is unknown.
    fn redactor(&self) -> Redactor {
        Redactor::new(
            self.named.map_or_else(provider::secret_names, |named| named.contract.secret_names()),
        )
    }

    fn is_one_payload(&self, items: &[Node]) -> bool {
        match self.named {
            Some(named) => matches!(named.operation.root, Root::Value(_)),
            None => is_one_payload(&self.contracts, items),
        }
    }

    fn payload(&mut self, document: &Document, piece: InputPiece<'_>, strangers: &mut Strangers) {
        match self.operation(document, &piece) {
            Ok(Some(named)) => {
                self.ui.phase("lint", &format!("{} as {named}", piece.name()));
                let (contract, operation) = (named.contract, named.operation);
                let found =
                    lint_up_to(self.max_findings, contract, operation, document, &self.context);
                self.payload_report(piece, Some(named), found);
            }
            Ok(None) => {
                let kind = document.root().value.kind_name();
                self.payload_report(piece, None, BoundedFindings::only(no_object(document, kind)));
            }
            Err(error) => {
                strangers.add(error);
                // Rules for every document apply to this one as well.
                let found = repeated_keys(self.max_findings, document);
                if !found.kept.is_empty() || document.more_repeated() > 0 {
                    self.payload_report(piece, None, found);
                }
            }
        }
    }

    /// The operation that a payload is for; `None` if no operation has such a body.
    fn operation(&mut self, document: &Document, piece: &InputPiece<'_>) -> Result<Option<Named>> {
        if self.named.is_some() {
            return Ok(self.named);
        }
        let root = &document.root().value;
        let identified = self.memory.identify(&self.contracts, root).map_err(|error| {
            let message = format!("{}: {}", piece.name(), error.full_message());
            Error::new(error.kind(), message).help(error.advice().unwrap_or_default())
        })?;
        match identified {
            Identified::Unknown if !matches!(root, Value::Object(_)) => Ok(None),
            other => other.or_ask(&piece.name()).map(Some),
        }
    }

    fn payload_report(
        &mut self,
        piece: InputPiece<'_>,
        named: Option<Named>,
        found: BoundedFindings,
    ) {
        self.summary.payloads += 1;
        self.report(piece, named, found);
    }

    /// Shows findings up to the limit, and counts the others.
    fn report(&mut self, piece: InputPiece<'_>, operation: Option<Named>, found: BoundedFindings) {
        let InputPiece { file, part, source, base } = piece;
        let mut records = Vec::new();
        let mut hidden = FindingCounts::default();
        for finding in found.kept.into_iter().filter(|finding| !self.waivers.cover(finding)) {
            if self.told < self.max_findings {
                self.told += 1;
                records.push(FindingRecord::new(finding, operation, file, source, base));
            } else {
                hidden.add(finding.severity(), 1);
            }
        }
        for more in found.more.iter().filter(|more| !self.waivers.covers(more.space, more.rule)) {
            hidden.add(more.rule.severity, more.count);
        }
        self.summary.add(&records, hidden);
        let linted = LintedPayload { file, part, source, operation, records, hidden };
        self.write(|renderer| renderer.payload(&linted));
    }

    /// An error that prevented a payload or an input from being linted; the others continue.
    fn trouble(&mut self, error: &Error) {
        self.ui.complain(error);
        self.note(error.exit());
        self.write(|renderer| renderer.trouble(error));
    }

    /// Writes to every output. A report that can no longer be written is reported once, and closed.
    fn write(&mut self, mut text: impl FnMut(&mut dyn Renderer) -> String) {
        let ui = self.ui;
        let mut failed = Vec::new();
        self.outputs.retain_mut(|output| {
            let text = text(&mut *output.renderer);
            let written = match &mut output.file {
                _ if text.is_empty() => Ok(()),
                Some(file) => file.write(&text),
                None => {
                    ui.raw(&text);
                    Ok(())
                }
            };
            written.map_err(|error| failed.push(error)).is_ok()
        });
        for error in failed {
            self.ui.complain(&error);
            self.note(error.exit());
        }
    }

    fn note(&mut self, exit: Exit) {
        if exit.code() > self.worst.code() {
            self.worst = exit;
        }
    }

    fn finish(mut self) -> Exit {
        if self.summary.errors > 0 {
            self.note(Exit::Findings);
        }
        let summary = self.summary;
        // The summary for people contains it; other outputs have no line for it.
        let hidden = summary.hidden_words().filter(|_| self.ui.is_machine());
        hidden.iter().for_each(|words| self.ui.warn(words));
        self.write(|renderer| renderer.finish(&summary));
        for file in std::mem::take(&mut self.outputs).into_iter().filter_map(|out| out.file) {
            if let Err(error) = file.finish() {
                self.ui.complain(&error);
                self.note(error.exit());
            }
        }
        self.worst
    }
}

/// The lint settings of the project's `herald.toml`.
fn project(folder: &Path, contracts: &[&'static Contract]) -> Result<Project> {
    let why_not = |code: &str| match Waivers::check(code, contracts) {
        Ok(()) => Default::default(),
        Err(error) => (error.full_message(), error.advice().map(str::to_owned)),
    };
    let is = |code: &str| Waivers::is_waivable(code, contracts);
    Project::find(folder, Waivable { is: &is, why_not: &why_not })
}

/// Parses bytes as a document. They are copied, because an excerpt may be shown even if they are not a document.
fn parse(most: usize, bytes: &[u8]) -> Result<Document, ParseFault> {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.starts_with('\u{feff}') => Document::parse_up_to(most, text),
        _ => Document::from_bytes(bytes.to_vec()),
    }
}

fn no_object(document: &Document, found: &str) -> Finding {
    let rule = json_rules::find("not-an-object").expect("the table has this row");
    Finding {
        space: json_rules::SPACE,
        rule,
        message: format!("the body must be one JSON object, not {found}"),
        help: Some(rule.cure.to_string()),
        place: Place { pointer: String::new(), inner_pointer: None, span: document.root().span },
    }
}

#[cfg(test)]
mod tests;
