//! A baseline: the findings that a repository had when it began to use herald, so that only new ones make a run fail.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::contract::{Contract, Finding};
use crate::document::{At, Document, Trail};
use crate::error::{Error, ErrorKind, Result};
use crate::files::{FileAccess, KeptFile, OutputFile, OutputKind, WriteThrough};
use crate::input::Input;
use crate::lint::IgnoredRules;
use crate::report::{FindingSource, ReportedPath, counted};

/// What a baseline says that it is, under `$schema`.
pub(super) const SCHEMA: &str = "urn:herald:baseline";

/// The version of the format.
const VERSION: i128 = 1;

/// What tells a finding from others, wherever lines have moved to: indexes of lists are left out, because items are
/// added and removed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct BaselineKey {
    file: String,
    code: String,
    pointer: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    inner_pointer: String,
    message: String,
}

/// An entry of the file.
#[derive(Serialize)]
struct BaselineEntry<'a> {
    #[serde(flatten)]
    key: &'a BaselineKey,
    count: u64,
}

#[derive(Serialize)]
struct BaselineFile<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: i128,
    findings: Vec<BaselineEntry<'a>>,
}

/// A baseline that is read, one that is written, or both.
#[derive(Debug, Default)]
pub(super) struct Baseline {
    /// How many more findings of each kind are known. `None`: nothing is read.
    known: Option<(PathBuf, BTreeMap<BaselineKey, u64>)>,
    written: Option<BaselineOutput>,
}

/// A baseline that is written.
#[derive(Debug)]
pub struct BaselineOutput {
    path: PathBuf,
    file: OutputFile,
    findings: BTreeMap<BaselineKey, u64>,
}

impl BaselineOutput {
    /// Opens the file, so that an unwritable path is reported before anything else is done. It replaces an older baseline,
    /// an empty file, and nothing else; none of the files `kept`.
    pub fn open(path: &Path, kept: &[KeptFile]) -> Result<Self> {
        let kind = OutputKind {
            name: "the baseline",
            content: "baseline of herald",
            is_own: &|file| {
                serde_json::from_reader(file).is_ok_and(|head: BaselineHead| head.is_one())
            },
            kept,
            refusal: ErrorKind::Input,
            help: "name a new file in a folder that exists and can be written",
        };
        let file = OutputFile::open(path, FileAccess::Shared, &kind)?;
        Ok(Self { path: path.to_owned(), file, findings: BTreeMap::new() })
    }
}

impl Baseline {
    /// Reads a baseline. What is not one, or names a rule that does not exist, is an error at its place.
    pub(super) fn read(&mut self, path: &Path, contracts: &[&'static Contract]) -> Result<()> {
        let bytes = Input::named(path, &[])?.read()?;
        let reader = BaselineReader { path, source: FindingSource::new(&bytes, 1, 0), contracts };
        let known = reader.entries(&bytes)?;
        self.known = Some((path.to_owned(), known));
        Ok(())
    }

    /// Writes what is found to this file, too.
    pub(super) fn write_to(&mut self, output: BaselineOutput) {
        self.written = Some(output);
    }

    /// Whether findings are compared or written.
    pub(super) fn is_used(&self) -> bool {
        self.known.is_some() || self.written.is_some()
    }

    /// Whether a finding of a file is known, or is written and so known from now on.
    pub(super) fn covers(&mut self, file: &ReportedPath, finding: &Finding) -> bool {
        if self.known.is_none() && self.written.is_none() || !is_coverable(finding) {
            return false;
        }
        let key = BaselineKey::of(file, finding);
        let is_known = match self.known.as_mut().and_then(|(_, known)| known.get_mut(&key)) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        };
        match &mut self.written {
            Some(output) => {
                *output.findings.entry(key).or_default() += 1;
                true
            }
            None => is_known,
        }
    }

    /// Puts the written file into place, and says what happened, line by line.
    pub(super) fn finish(self) -> Result<Vec<String>> {
        let mut lines = Vec::new();
        if let Some((path, known)) = &self.known {
            let gone: u64 = known.values().sum();
            if gone > 0 && self.written.is_none() {
                let path = path.display();
                lines.push(format!(
                    "{gone} of the findings in `{path}` are there no more; `--write-baseline {path}` takes them out"
                ));
            }
        }
        if let Some(BaselineOutput { path, mut file, findings: written }) = self.written {
            let findings = written.iter().map(|(key, count)| BaselineEntry { key, count: *count });
            let document =
                BaselineFile { schema: SCHEMA, version: VERSION, findings: findings.collect() };
            let text = serde_json::to_string_pretty(&document).expect("structs of texts") + "\n";
            let done = std::io::Write::write_all(&mut file, text.as_bytes())
                .and_then(|()| file.publish(WriteThrough::No));
            done.map_err(|why| {
                Error::input(format!("cannot write the baseline `{}`", path.display())).because(why)
            })?;
            let count: u64 = written.values().sum();
            let (findings, are) =
                (counted(count, "finding"), if count == 1 { "is" } else { "are" });
            lines.push(format!("{findings} {are} in the baseline `{}`", path.display()));
        }
        Ok(lines)
    }
}

/// What is not a payload, or cannot be linted, stays an error: nothing is known of what it would draw.
fn is_coverable(finding: &Finding) -> bool {
    !IgnoredRules::is_never_waived(&finding.code())
}

impl BaselineKey {
    fn of(file: &ReportedPath, finding: &Finding) -> Self {
        let inner = finding.place.inner_pointer.as_deref().unwrap_or_default();
        Self {
            file: file.in_repository(),
            code: finding.code(),
            pointer: without_indexes(&finding.place.pointer),
            inner_pointer: without_indexes(inner),
            message: without_brackets(&finding.message),
        }
    }
}

/// A pointer in which `*` stands for each index.
fn without_indexes(pointer: &str) -> String {
    let is_index = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit());
    let names = pointer.split('/').map(|name| if is_index(name) { "*" } else { name });
    names.collect::<Vec<_>>().join("/")
}

/// A message in which `[*]` stands for each index in brackets.
fn without_brackets(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    while let Some((before, after)) = rest.split_once('[') {
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        out.push_str(before);
        rest = match after[digits..].strip_prefix(']') {
            Some(behind) if digits > 0 => {
                out.push_str("[*]");
                behind
            }
            _ => {
                out.push('[');
                after
            }
        };
    }
    out + rest
}

/// The members by which a file is known to be a baseline.
#[derive(serde::Deserialize)]
struct BaselineHead {
    #[serde(rename = "$schema")]
    schema: String,
}

impl BaselineHead {
    fn is_one(&self) -> bool {
        self.schema == SCHEMA
    }
}

struct BaselineReader<'a> {
    path: &'a Path,
    source: FindingSource<'a>,
    contracts: &'a [&'static Contract],
}

impl BaselineReader<'_> {
    fn entries(&self, bytes: &[u8]) -> Result<BTreeMap<BaselineKey, u64>> {
        let document = Document::from_bytes(bytes.to_vec())
            .map_err(|fault| self.error(fault.span.start, &fault.message, None))?;
        let trail = Trail::new(&document);
        let root = trail.root();
        if root.get("$schema").as_str() != Some(SCHEMA) {
            return Err(self.wrong(root, "it is not a baseline of herald"));
        }
        if root.get("version").as_integer() != Some(VERSION) {
            return Err(self.wrong(root.get("version"), "this version of a baseline is not known"));
        }
        let mut known = BTreeMap::new();
        for entry in root.get("findings").items() {
            let count = entry.get("count").as_integer().and_then(|count| u64::try_from(count).ok());
            let Some(count) = count else {
                return Err(self.wrong(entry, "an entry has a `count`, a whole number"));
            };
            let text = |name| match entry.get(name).as_str() {
                Some(text) => Ok(text.to_owned()),
                None => Err(self.wrong(entry, &format!("an entry has a `{name}`, a string"))),
            };
            let code = text("code")?;
            if let Err(error) = IgnoredRules::check(&code, self.contracts) {
                let help = error.advice().map(str::to_owned);
                let start = entry.get("code").place().span.start;
                return Err(self.error(start, &error.full_message(), help));
            }
            let inner_pointer = entry.get("inner_pointer").as_str().unwrap_or_default().to_owned();
            let (file, pointer, message) = (text("file")?, text("pointer")?, text("message")?);
            let key = BaselineKey { file, code, pointer, inner_pointer, message };
            *known.entry(key).or_insert(0) += count;
        }
        Ok(known)
    }

    fn wrong(&self, at: At<'_>, message: &str) -> Error {
        let help = "herald writes one with `validate --write-baseline FILE PATH`".to_owned();
        self.error(at.place().span.start, message, Some(help))
    }

    fn error(&self, byte: usize, message: &str, help: Option<String>) -> Error {
        let (line, column) = self.source.position(byte);
        let error = Error::input(format!("{}:{line}:{column}: {message}", self.path.display()));
        match help {
            Some(help) => error.help(help),
            None => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_do_not_tell_findings_apart() {
        assert_eq!(without_indexes("/to/12/id/7x"), "/to/*/id/7x");
        assert_eq!(without_indexes(""), "");
        assert_eq!(
            without_brackets("`to[3]` is [a] list [] of [12"),
            "`to[*]` is [a] list [] of [12"
        );
    }
}
