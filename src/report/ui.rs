//! The only code that writes to stdout and stderr.

use std::cell::RefCell;
use std::io::{self, IsTerminal as _, Write};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use dialoguer::console::Term;
use serde_json::{Value, json};

use super::fold::{crop, fold};
use super::phases::PHASES;
use super::{FindingStyle, escape, escape_lines};
use crate::contract::Severity;
use crate::error::Error;
use crate::exit::Exit;
use crate::redact::Redactor;
use crate::text::RepeatedFlags;

/// How results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Tables and sentences for people.
    #[default]
    Human,
    /// One line for each finding.
    Concise,
    /// One JSON document.
    Json,
    /// One JSON document on each line.
    Ndjson,
    /// SARIF 2.1.0, for findings.
    Sarif,
    /// JUnit XML, for findings.
    Junit,
    /// Workflow commands of GitHub Actions, for findings.
    Github,
    /// Code Quality report of GitLab, for findings.
    Gitlab,
    /// Tables in Markdown, for findings.
    Markdown,
}

impl Format {
    /// Every format with its word.
    pub const WORDS: [(&'static str, Self); 9] = [
        ("human", Self::Human),
        ("concise", Self::Concise),
        ("json", Self::Json),
        ("ndjson", Self::Ndjson),
        ("sarif", Self::Sarif),
        ("junit", Self::Junit),
        ("github", Self::Github),
        ("gitlab", Self::Gitlab),
        ("markdown", Self::Markdown),
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS.into_iter().find(|(_, format)| *format == self).map_or("", |(word, _)| word)
    }

    /// The format for a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.into_iter().find(|(known, _)| *known == word).map(|(_, format)| format)
    }
}

/// When colours are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// If `NO_COLOR` is not set, and the stream is a terminal that is not `TERM=dumb`, or `CLICOLOR_FORCE` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How much of a long list is buffered before it is written, in bytes.
const HELD: usize = 64 * 1024;

/// No terminal is treated as narrower than this, in columns.
const NARROWEST: usize = 20;

/// The columns before the text of a help: `  help: `.
const HELP: usize = 8;

/// The columns before the text of a phase.
const PHASE: usize = 9;

/// The indent of a line that continues a sentence, in columns.
pub(super) const HANG: usize = 2;

thread_local! {
    /// Hides the secrets of the running command on stderr and in errors on stdout.
    static REDACTOR: RefCell<Option<Rc<RefCell<Redactor>>>> = const { RefCell::new(None) };
    /// The flags of the running command that the commands which it suggests repeat.
    static REPEATED: RefCell<RepeatedFlags> = RefCell::default();
}

/// Whether a result could not be written although its reader was still there.
static WRITE_FAILED: AtomicBool = AtomicBool::new(false);

/// Where results and messages go.
#[derive(Clone, Copy, Debug)]
pub struct Ui {
    /// How results are written.
    pub format: Format,
    /// Whether results are coloured.
    pub color_out: bool,
    /// Whether messages on stderr are coloured.
    pub color_err: bool,
    /// Whether each phase is reported.
    pub verbose: bool,
    /// Whether warnings are suppressed; errors never are.
    pub quiet: bool,
    /// The most columns of the terminals according to the environment.
    columns: Option<usize>,
}

impl Ui {
    /// Chooses colours and width from the flag and the environment.
    pub fn new(
        format: Format,
        color: Color,
        verbose: bool,
        quiet: bool,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let set = |name: &str| env(name).is_some_and(|value| !value.is_empty());
        let forced = set("CLICOLOR_FORCE") && env("CLICOLOR_FORCE").as_deref() != Some("0");
        let decide = |terminal: bool| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if set("NO_COLOR") => false,
            Color::Auto if env("TERM").as_deref() == Some("dumb") => forced,
            Color::Auto => forced || terminal,
        };
        let columns = env("COLUMNS").and_then(|text| text.trim().parse().ok());
        Self {
            format,
            color_out: decide(io::stdout().is_terminal()),
            color_err: decide(io::stderr().is_terminal()),
            verbose,
            quiet,
            columns: columns.filter(|columns| *columns > 0),
        }
    }

    /// From now on, hides what the redactor knows, in all messages on stderr and in errors. Results are not changed:
    /// users request some of them with their secrets.
    pub fn redact_with(redactor: Rc<RefCell<Redactor>>) {
        REDACTOR.set(Some(redactor));
    }

    /// From now on, commands that are suggested repeat these flags.
    pub fn repeat_flags(flags: RepeatedFlags) {
        REPEATED.set(flags);
    }

    /// From now on, commands that are suggested stay in the sandbox, or do not.
    pub fn suggest_in_sandbox(stays: bool) {
        REPEATED.with_borrow_mut(|flags| flags.sandbox = stays);
    }

    /// The most columns of a result for people: those of the terminal, or fewer if the environment says so. A file or a
    /// pipe has no limit.
    pub(super) fn width(&self) -> Option<usize> {
        self.width_of(&Term::stdout(), io::stdout().is_terminal())
    }

    /// How findings look on stdout.
    pub fn finding_style(&self) -> FindingStyle {
        FindingStyle { color: self.color_out, width: self.width() }
    }

    /// The same for stderr.
    pub(super) fn width_err(&self) -> Option<usize> {
        self.width_of(&Term::stderr(), io::stderr().is_terminal())
    }

    fn width_of(&self, term: &Term, is_terminal: bool) -> Option<usize> {
        let wide = term.size_checked().map(|(_, columns)| usize::from(columns));
        let least = wide.into_iter().chain(self.columns).min();
        least.filter(|_| is_terminal).map(|wide| wide.max(NARROWEST))
    }

    /// Whether results are for machines.
    pub fn is_machine(&self) -> bool {
        self.format != Format::Human
    }

    /// Whether results are JSON.
    fn is_json(&self) -> bool {
        matches!(self.format, Format::Json | Format::Ndjson)
    }

    /// Writes a result and a line end. It is not an error if the reader has gone away: nothing depends on stdout.
    pub fn line(&self, text: &str) {
        self.raw(&format!("{text}\n"));
    }

    /// Writes a result for people, and a line end. The text is escaped, and folded to the width of the terminal.
    pub fn sentence(&self, text: &str) {
        self.line(&fold(&escape_lines(&completed(text)), self.width(), HANG));
    }

    /// Writes a result for people that is already escaped, folded to the width of the terminal. It may hold tables: their
    /// lines are not folded again.
    pub fn page(&self, text: &str) {
        self.raw(&fold(text, self.width(), HANG));
    }

    /// The same with lines in the place of a mark that are not folded.
    pub fn page_with(&self, text: &str, (mark, lines): (&str, &str)) {
        self.raw(&fold(text, self.width(), HANG).replace(mark, lines));
    }

    /// The same on stderr.
    pub fn page_beside_with(&self, text: &str, (mark, lines): (&str, &str)) {
        self.draw(&fold(text.trim_end(), self.width_err(), HANG).replace(mark, lines));
    }

    /// Writes a result unchanged. A full disk is reported once; see [`Ui::write_failed`].
    pub fn raw(&self, text: &str) {
        let mut out = io::stdout().lock();
        if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush())
            && error.kind() != io::ErrorKind::BrokenPipe
            && !WRITE_FAILED.swap(true, Ordering::Relaxed)
        {
            self.draw(&format!(
                "{} cannot write the result to stdout: {error}",
                self.paint("error:", "\u{1b}[1;31m")
            ));
        }
    }

    /// Whether a result of this process could not be written although its reader was still there: a full disk.
    pub fn write_failed() -> bool {
        WRITE_FAILED.load(Ordering::Relaxed)
    }

    /// Writes a JSON document, indented for `json` and on one line for `ndjson`.
    pub fn json(&self, document: &Value) {
        let text = match self.format {
            Format::Ndjson => document.to_string(),
            _ => format!("{document:#}"),
        };
        self.line(&text);
    }

    /// Writes a JSON document with one more member, a list that may be too long for memory: its items are written as
    /// they come. Indented for `json` and on one line for `ndjson`.
    pub fn json_with_list<E>(
        &self,
        document: &Value,
        name: &str,
        items: impl FnOnce(&mut dyn FnMut(&Value)) -> Result<(), E>,
    ) -> Result<(), E> {
        let is_line = self.format == Format::Ndjson;
        let (text, gap) =
            if is_line { (document.to_string(), "") } else { (format!("{document:#}"), "\n  ") };
        // One brace alone: the last member may be an object.
        let open = text.strip_suffix('}').unwrap_or(&text).trim_end();
        self.raw(&format!("{open},{gap}\"{name}\":{}[", if is_line { "" } else { " " }));
        let (mut held, mut is_first) = (String::new(), true);
        let done = items(&mut |item| {
            held.push_str(if std::mem::take(&mut is_first) { "" } else { "," });
            held.push_str(if is_line { "" } else { "\n    " });
            held.push_str(&item.to_string());
            if held.len() > HELD {
                self.raw(&std::mem::take(&mut held));
            }
        });
        let end = if is_line {
            "]}"
        } else if is_first {
            "]\n}"
        } else {
            "\n  ]\n}"
        };
        self.line(&format!("{held}{end}"));
        done
    }

    /// Writes a message on stderr, even with `-q`. The text is escaped, line by line, and folded to the width of the
    /// terminal.
    pub fn say(&self, text: &str) {
        self.draw(&fold(&hidden(&escape_lines(text)), self.width_err(), HANG));
    }

    /// Writes a message behind a coloured label on stderr. The text is escaped, and folded to the width of the terminal.
    /// Its other lines are indented by `indent` columns.
    fn labelled(&self, (label, style): (&str, &str), text: &str, indent: usize) {
        let word = label.trim_start();
        let own = if word.is_empty() { indent } else { label.len() - word.len() };
        let text = hidden(&format!("{label} {}", escape(text)));
        let folded = fold(&text, self.width_err(), indent.saturating_sub(own));
        match word.is_empty() {
            true => self.draw(&folded),
            false => self.draw(&folded.replacen(word, &self.paint(word, style), 1)),
        }
    }

    /// Writes a text on stderr that is already escaped, and may be coloured.
    pub(super) fn draw(&self, text: &str) {
        let text = hidden(text);
        let mut err = io::stderr().lock();
        let _ = writeln!(err, "{text}");
    }

    /// Asks a question on stderr; the user types the answer after it. The text is escaped.
    pub fn prompt(&self, text: &str) {
        let mut err = io::stderr().lock();
        let text = fold(&hidden(&escape_lines(text)), self.width_err(), HANG);
        let _ = write!(err, "{text}: ").and_then(|()| err.flush());
    }

    /// A warning on stderr, unless `-q` is set. The text is escaped, line by line.
    pub fn remark(&self, text: &str) {
        if !self.quiet {
            self.say(&completed(text));
        }
    }

    /// Says on stderr, unless `-q` is set, which profile a command uses whose line names none.
    pub fn tell_profile(&self, profile: Option<&str>) {
        let is_typed = REPEATED.with_borrow(|flags| flags.profile.is_some());
        if let Some(profile) = profile.filter(|_| !is_typed) {
            self.remark(&format!("profile: {profile}"));
        }
    }

    /// Says on stderr, unless `-q` is set, that the vendor's rate limit delays the next request for this time.
    pub fn waits(&self, time: Duration) {
        let seconds = time.as_millis().div_ceil(1000);
        self.remark(&format!("waiting {seconds} s: rate limit of the vendor"));
    }

    /// Says on stderr, unless `-q` is set, that a request goes out again after this time, and why.
    pub fn retries(&self, time: Duration, why: &str) {
        let tenths = time.as_millis().div_ceil(100);
        let part =
            if tenths.is_multiple_of(10) { String::new() } else { format!(".{}", tenths % 10) };
        self.remark(&format!("retrying in {}{part} s: {why}", tenths / 10));
    }

    /// A warning on stderr, unless `-q` is set. The text is escaped.
    pub fn warn(&self, text: &str) {
        if !self.quiet {
            self.labelled(("warning:", "\u{1b}[1;33m"), &completed(text), HANG);
        }
    }

    /// Whether phases are reported.
    pub fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// A phase on stderr, only with `-v`. The caller has redacted it; it is escaped here.
    pub fn phase(&self, name: &str, text: &str) {
        debug_assert!(PHASES.iter().any(|(known, _)| *known == name), "`{name}` has no meaning");
        if self.verbose {
            self.labelled((&format!("{name:>8}"), "\u{1b}[2m"), text, PHASE);
        }
    }

    /// An error with its advice: on stderr for people, and also on stdout in JSON modes, with `-q` there alone. `outcome`
    /// is what a command that sends came to.
    pub fn error(&self, error: &Error, outcome: Option<&str>) {
        if self.is_json() {
            let mut document = json!({ "version": 1 });
            if let Some(outcome) = outcome {
                document["outcome"] = outcome.into();
                document["sandbox"] = is_in_sandbox().into();
            }
            document["error"] = error_object(error, error.exit());
            if let Some((name, details)) = error.details() {
                document[*name] = hidden_within(details);
            }
            self.json(&document);
        }
        self.complain_beside(error);
    }

    /// An error that a document on stdout contains in JSON modes: on stderr, too, unless `-q` is set.
    pub fn complain_beside(&self, error: &Error) {
        if !self.is_document_enough() {
            self.complain(error);
        }
    }

    /// Whether a document on stdout is all that the user wants to see of an error.
    pub(super) fn is_document_enough(&self) -> bool {
        self.quiet && self.is_json()
    }

    /// An error with its advice on stderr, which no document contains.
    pub fn complain(&self, error: &Error) {
        self.labelled(("error:", "\u{1b}[1;31m"), &completed(&error.full_message()), HANG);
        if let Some(excerpt) = error.shown_excerpt() {
            self.draw(&crop(&escape_lines(excerpt), self.width_err()));
        }
        self.advise(error.advice());
    }

    /// A finding about what flags have composed, on stderr: errors always, others not with `-q`. A hint takes one line.
    pub(super) fn finding(&self, severity: Severity, code: &str, text: &str, help: Option<&str>) {
        let style = match severity {
            Severity::Hint => return self.remark(&format!("hint: {text} [{code}]")),
            Severity::Warning if self.quiet => return,
            Severity::Error if self.is_document_enough() => return,
            Severity::Warning => "\u{1b}[1;33m",
            Severity::Error => "\u{1b}[1;31m",
        };
        self.labelled((&format!("{}[{code}]:", severity.word()), style), text, HANG);
        self.advise(help);
    }

    /// The lines of an advice.
    fn advise(&self, help: Option<&str>) {
        for (index, line) in completed(help.unwrap_or_default()).lines().enumerate() {
            let label = if index == 0 { "  help:" } else { "       " };
            self.labelled((label, "\u{1b}[1;36m"), line, HELP);
        }
    }

    fn paint(&self, text: &str, style: &str) -> String {
        if self.color_err { format!("{style}{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// A text whose suggested commands repeat the flags of the running command. Everything that suggests a command goes through
/// here, once: a result of a table or of a document before it is put there, all messages within [`Ui`].
pub(crate) fn completed(text: &str) -> String {
    REPEATED.with_borrow(|flags| flags.complete(text))
}

/// Whether the running command stays in the sandbox, as far as is known by now.
fn is_in_sandbox() -> bool {
    REPEATED.with_borrow(|flags| flags.sandbox)
}

/// The same for a command without backticks.
pub(crate) fn completed_line(line: &str) -> String {
    REPEATED.with_borrow(|flags| flags.complete_line(line))
}

/// A text without the secrets of the running command.
fn hidden(text: &str) -> String {
    let mut text = text.to_owned();
    REDACTOR.with_borrow(|redactor| {
        if let Some(redactor) = redactor {
            redactor.borrow().hide(&mut text);
        }
    });
    text
}

fn hidden_within(value: &Value) -> Value {
    match value {
        Value::String(text) => hidden(text).into(),
        Value::Array(items) => items.iter().map(hidden_within).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), hidden_within(value))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}
/// An error in the form for machines, with the exit code of the command.
pub(crate) fn error_object(error: &Error, exit: Exit) -> Value {
    json!({
        "kind": error.kind().word(),
        "exit_code": exit.code(),
        "message": hidden(&completed(&error.full_message())),
        "help": error.advice().map(|help| hidden(&completed(help))),
    })
}
