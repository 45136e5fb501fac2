//! A project's `herald.toml`: lint settings that all who work on the project share. It never holds a secret.

mod rules;

use std::collections::HashSet;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::excerpt::CredentialNames;
use super::text::{Problem, TOLD, TomlText, read_toml, type_name};
use crate::contract::Severity;
use crate::contract::identify::OperationScope;
use crate::error::{Error, ErrorKind, Result, TextFault};
use crate::files::{FolderHandle, OpenRefusal};
use crate::input::PathGlob;
use crate::near::did_you_mean;

pub use rules::IgnoredFindings;

/// Name of the file with a project's settings.
pub const PROJECT_FILE: &str = "herald.toml";

/// Parts of names that only credentials have.
const SECRETIVE: [&str; 7] =
    ["secret", "token", "password", "passwd", "credential", "app_key", "client_id"];

/// The most patterns of each kind: every file is compared with all of them.
const MAX_PATTERNS: usize = 1000;

/// Settings of a project.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// The file that contains them, if there is one.
    pub path: Option<PathBuf>,
    /// Codes of ignored rules, such as `jpush-v2/V2-W05`.
    pub allow: Vec<String>,
    /// Files that a walk leaves out.
    pub exclude: Vec<PathGlob>,
    /// Which files are payloads for what. Of several that match a file, the last one applies.
    pub files: Vec<(PathGlob, OperationScope)>,
    /// The least severity of a finding that makes a run fail, if the project says so.
    pub fail_on: Option<Severity>,
    /// The severity with which findings of a rule are reported, by its code. Rules that are `off` are in `allow`.
    pub severities: Vec<(String, Severity)>,
    /// Findings that the project has accepted at some places.
    pub ignores: Vec<IgnoredFindings>,
}

/// The names that settings can contain.
#[derive(Clone, Copy)]
pub struct ProjectNames<'a> {
    /// Whether a code can be ignored. A file can name very many codes, so this must be fast.
    pub is_waivable: &'a dyn Fn(&str) -> bool,
    /// Why a code cannot be ignored, and what to do.
    pub why_not: &'a dyn Fn(&str) -> (String, Option<String>),
    /// What `PROVIDER` or `PROVIDER/OPERATION` names.
    pub scope: &'a dyn Fn(&str) -> Result<OperationScope>,
}

impl Project {
    /// The settings in the file of a folder, which is given without links; `None` if it has no such file.
    pub fn of_folder(folder: &Path, names: ProjectNames<'_>) -> Result<Option<Self>> {
        let path = folder.join(PROJECT_FILE);
        let opened = FolderHandle::open_exact(folder.to_owned()).map_err(OpenRefusal::System);
        match opened.and_then(|folder| folder.open_file(PROJECT_FILE.as_ref())) {
            Ok(file) => {
                let text = read_toml(file).map_err(|error| cannot_read(&path).because(error))?;
                Self::parse(&TomlText::new(path, text), names).map(Some)
            }
            Err(OpenRefusal::System(error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(refusal) => Err(refused(&path, refusal)),
        }
    }

    fn parse(text: &TomlText, names: ProjectNames<'_>) -> Result<Self> {
        let folder = text.path().parent().unwrap_or(Path::new(""));
        let mut reader = ProjectReader {
            names,
            folder,
            project: Self { path: Some(text.path().to_owned()), ..Self::default() },
            problems: Vec::new(),
            latest: 0,
            more: 0,
            line_of: &|byte| text.line_of(byte),
        };
        match text.parse() {
            Ok(root) => {
                no_credentials(root.get_ref(), &mut reader.problems);
                reader.root(root.get_ref());
            }
            Err(faults) => (reader.problems, reader.more) = faults,
        }
        if reader.problems.is_empty() {
            return Ok(reader.project);
        }
        let names = CredentialNames { secret: &SECRETIVE, public: &[] };
        Err(text.error(ErrorKind::Input, reader.problems, reader.more, names))
    }
}

fn cannot_read(path: &Path) -> Error {
    whole_file(path, format!("cannot read {}", path.display()))
}

/// An error about a file as a whole.
fn whole_file(path: &Path, message: String) -> Error {
    let (path, help) = (path.to_owned(), None);
    let fault = TextFault { path, line: 1, column: 1, message: message.clone(), help };
    Error::new(ErrorKind::Input, message).at(vec![fault])
}

/// Settings come from a regular file. A link could lead to any file, and the error message would show parts of it.
fn refused(path: &Path, refusal: OpenRefusal) -> Error {
    let what = match refusal {
        OpenRefusal::Link => "is a link, and settings are not read through links",
        OpenRefusal::NotAFile => "is not a regular file",
        OpenRefusal::System(error) => return cannot_read(path).because(error),
    };
    whole_file(path, format!("{} {what}", path.display()))
        .help("put a file with the settings in its place")
}

fn is_secretive(name: &str) -> bool {
    let name = name.to_lowercase().replace('-', "_");
    SECRETIVE.iter().any(|part| name.contains(part))
}

/// Refuses everything that looks like a credential, at any depth: the file is shared.
fn no_credentials(table: &DeTable<'_>, problems: &mut Vec<Problem>) {
    for (key, value) in table {
        let name = key.get_ref();
        if is_secretive(name) {
            let help = "credentials belong into a profile: `herald profile init`".to_owned();
            problems.push(
                Problem::new(
                    key.span(),
                    format!("`{name}` is a credential, and {PROJECT_FILE} never holds one"),
                )
                .help(help),
            );
            continue;
        }
        match value.get_ref() {
            DeValue::Table(inner) => no_credentials(inner, problems),
            DeValue::Array(items) => {
                for item in items.iter() {
                    if let DeValue::Table(inner) = item.get_ref() {
                        no_credentials(inner, problems);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Reads the settings, and notes what is wrong with them.
struct ProjectReader<'a> {
    names: ProjectNames<'a>,
    /// The folder of the file: patterns are relative to it.
    folder: &'a Path,
    project: Project,
    problems: Vec<Problem>,
    /// The place of the last of them in the file.
    latest: usize,
    /// How many faults are counted but not reported: to find what was meant takes time.
    more: usize,
    /// The line of a byte of the file, from 1.
    line_of: &'a dyn Fn(usize) -> usize,
}

impl ProjectReader<'_> {
    fn root(&mut self, root: &DeTable<'_>) {
        for (key, value) in root {
            match value.get_ref() {
                DeValue::Table(lint) if key.get_ref() == "lint" => self.lint(lint),
                _ if key.get_ref() == "lint" => {
                    self.wrong_type("lint", value, "a section [lint]");
                }
                _ => self.unknown(key, &["lint"], "the file has one section, [lint]"),
            }
        }
    }

    fn lint(&mut self, lint: &DeTable<'_>) {
        for (key, value) in lint {
            match key.get_ref().as_ref() {
                "allow" => self.allow(value),
                "exclude" => self.exclude(value),
                "files" => self.files(value),
                "fail_on" => self.fail_on(value),
                "severity" => self.severities(value),
                "ignore" => self.ignores(value),
                _ => {
                    let keys = ["allow", "exclude", "files", "fail_on", "severity", "ignore"];
                    let all = format!("[lint] has the keys `{}`", keys.join("`, `"));
                    self.unknown(key, &keys, &all);
                }
            }
        }
    }

    fn allow(&mut self, value: &Spanned<DeValue<'_>>) {
        let DeValue::Array(items) = value.get_ref() else {
            return self.wrong_type("allow", value, "a list of codes");
        };
        let mut seen: HashSet<&str> = HashSet::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::String(code) if (self.names.is_waivable)(code) => {
                    if seen.insert(code) {
                        self.project.allow.push(code.to_string());
                    }
                }
                DeValue::String(code) => self.no_such_rule(code, item.span()),
                _ => self.wrong_type("allow", item, "a list of codes in quotes"),
            }
        }
    }

    fn no_such_rule(&mut self, code: &str, span: Range<usize>) {
        self.problem(span.clone(), |reader| {
            let (message, help) = (reader.names.why_not)(code);
            Problem::new(span, message).help(help)
        });
    }

    fn exclude(&mut self, value: &Spanned<DeValue<'_>>) {
        let DeValue::Array(items) = value.get_ref() else {
            return self.wrong_type("exclude", value, "a list of patterns");
        };
        if !self.are_few("exclude", value, items.len()) {
            return;
        }
        for item in items.iter() {
            if let Some(glob) = self.glob("exclude", item) {
                self.project.exclude.push(glob);
            }
        }
    }

    fn files(&mut self, value: &Spanned<DeValue<'_>>) {
        let DeValue::Array(entries) = value.get_ref() else {
            return self.wrong_type("files", value, "a list of sections [[lint.files]]");
        };
        if !self.are_few("files", value, entries.len()) {
            return;
        }
        for entry in entries.iter() {
            match entry.get_ref() {
                DeValue::Table(table) => self.file(entry, table),
                _ => self.wrong_type("files", entry, "a section [[lint.files]]"),
            }
        }
    }

    fn file(&mut self, entry: &Spanned<DeValue<'_>>, table: &DeTable<'_>) {
        let (mut path, mut scope, before) = (None, None, self.problems.len());
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "path" => path = self.glob("path", value),
                "as" => scope = self.scope(value),
                _ => self.unknown(
                    key,
                    &["path", "as"],
                    "[[lint.files]] has the keys `path` and `as`",
                ),
            }
        }
        match (path, scope) {
            (Some(path), Some(scope)) => self.project.files.push((path, scope)),
            // What is there and wrong has been reported.
            _ if self.problems.len() > before => {}
            (path, _) => {
                let lacks = if path.is_none() { "path" } else { "as" };
                self.problem(entry.span(), |_| {
                    Problem::new(entry.span(), format!("the section has no `{lacks}`"))
                        .help("it says which files are what: `path` and `as`".to_owned())
                });
            }
        }
    }

    fn glob(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<PathGlob> {
        let DeValue::String(text) = value.get_ref() else {
            self.wrong_type(key, value, "a pattern in quotes");
            return None;
        };
        let glob = PathGlob::new(text, self.folder);
        glob.map_err(|why| self.problem(value.span(), |_| Problem::new(value.span(), why))).ok()
    }

    fn scope(&mut self, value: &Spanned<DeValue<'_>>) -> Option<OperationScope> {
        let DeValue::String(text) = value.get_ref() else {
            self.wrong_type("as", value, "PROVIDER/OPERATION or PROVIDER in quotes");
            return None;
        };
        let scope = (self.names.scope)(text);
        scope
            .map_err(|error| {
                self.problem(value.span(), |_| {
                    Problem::new(value.span(), error.full_message())
                        .help(error.advice().map(str::to_owned))
                });
            })
            .ok()
    }

    fn are_few(&mut self, key: &str, value: &Spanned<DeValue<'_>>, count: usize) -> bool {
        if count > MAX_PATTERNS {
            let message = format!("`{key}` has {count} patterns, and at most {MAX_PATTERNS} work");
            self.problem(value.span(), |_| Problem::new(value.span(), message));
        }
        count <= MAX_PATTERNS
    }

    fn wrong_type(&mut self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let found = type_name(value.get_ref());
        let message = format!("`{key}` is {found}, and should be {wanted}");
        self.problem(value.span(), |_| Problem::new(value.span(), message));
    }

    fn unknown(&mut self, key: &Spanned<DeString<'_>>, known: &[&str], all: &str) {
        let name = key.get_ref();
        if !is_secretive(name) {
            self.problem(key.span(), |_| {
                let help =
                    did_you_mean(name, known.iter().copied()).unwrap_or_else(|| all.to_owned());
                Problem::new(key.span(), format!("unknown key `{name}`")).help(help)
            });
        }
    }

    /// Notes a fault. After the first ones, faults are only counted.
    fn problem(&mut self, span: Range<usize>, problem: impl FnOnce(&Self) -> Problem) {
        // The first faults of the file are reported, and keys do not come in its order.
        if self.problems.len() < TOLD || span.start < self.latest {
            self.latest = self.latest.max(span.start);
            let problem = problem(self);
            self.problems.push(problem);
        } else {
            self.more += 1;
        }
    }
}

#[cfg(test)]
mod tests;
