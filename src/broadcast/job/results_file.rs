//! Opens the file for `--results` before there is a job, so that a job does not fail because of it later.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::broadcast::job::results::ResultsWriter;
use crate::broadcast::targets::SKIPPED_OUTCOME;
use crate::error::{Error, Result};
use crate::files::{FileAccess, OutputFile, WriteThrough};

/// The most bytes of the first line that are read. A line of results is shorter.
const MAX_LINE_BYTES: u64 = 1 << 20;

/// A file for results. An existing file with its name is replaced when the results begin.
#[derive(Debug)]
pub(crate) struct ResultsFile {
    path: PathBuf,
    output: OutputFile,
}

impl ResultsFile {
    /// Opens the file. Fails where it cannot be written, has other content than results, is a link, or is a pipe without a
    /// reader.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let output = OutputFile::open(path, FileAccess::Private);
        let output = output.map_err(|error| results_error(path, error))?;
        if let Some(before) = output.before() {
            check_replaceable_results(path, before)?;
        }
        Ok(Self { path: path.to_owned(), output })
    }

    /// Begins the results of a job that is resumed. The lines of entries that were left out of the list stay, because the
    /// ledger does not have them.
    pub(crate) fn resume(self) -> Result<ResultsWriter> {
        let skipped = self.skipped().map_err(|error| results_error(&self.path, error))?;
        self.begin(&skipped)
    }

    /// Begins the results with the lines of entries that were left out of the list. The file replaces the existing one when
    /// it has these lines. So they are on the disk at any time, also when this process is killed.
    pub(crate) fn begin(mut self, skipped: &[String]) -> Result<ResultsWriter> {
        let copy =
            self.output.file().try_clone().map_err(|error| results_error(&self.path, error))?;
        let results = ResultsWriter::new(self.path.display().to_string(), copy, skipped);
        let published = self.output.publish(WriteThrough::No);
        published.map_err(|error| results_error(&self.path, error))?;
        Ok(results)
    }

    /// The lines in the existing file of entries that were left out of the list.
    fn skipped(&self) -> io::Result<Vec<String>> {
        let mut skipped = Vec::new();
        let Some(before) = self.output.before() else { return Ok(skipped) };
        for line in BufReader::new(before?).split(b'\n') {
            let line = line?;
            // Parsing each line as JSON is slow, and few lines are about such entries. So look for the word first.
            let word = SKIPPED_OUTCOME.as_bytes();
            let may_be = line.windows(word.len()).any(|window| window == word);
            if may_be && outcome(&line).is_some_and(|outcome| outcome == SKIPPED_OUTCOME) {
                skipped.extend(String::from_utf8(line));
            }
        }
        Ok(skipped)
    }
}

/// Fails where an existing file has other content than results.
fn check_replaceable_results(path: &Path, before: io::Result<File>) -> Result<()> {
    let refused = |what: &str| {
        Error::usage(format!("`{}` {what}, and would be replaced", path.display()))
            .help("name a new file for --results")
    };
    let mut line = Vec::new();
    let read = before.and_then(|file| {
        BufReader::new(file).take(MAX_LINE_BYTES).read_until(b'\n', &mut line).map(drop)
    });
    match read {
        Err(error) => Err(refused("cannot be read").because(error)),
        Ok(()) if line.is_empty() || outcome(&line).is_some() => Ok(()),
        Ok(()) => Err(refused("has no results in it")),
    }
}

/// The outcome in a line, if [`ResultsWriter`] writes such lines.
fn outcome(line: &[u8]) -> Option<String> {
    let line: Json = serde_json::from_slice(line).ok()?;
    let text = |name: &str| line[name].as_str().map(str::to_owned);
    text("target").and(text("operation")).and(text("outcome"))
}

fn results_error(path: &Path, error: io::Error) -> Error {
    Error::input(format!("cannot write the results to `{}`", path.display()))
        .because(error)
        .help("nothing was sent; name a file in a folder that can be written")
}
