//! Opens the file for `--results` before there is a job, so that a job does not fail because of it later.

use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use uuid::Uuid;

use crate::broadcast::job::results::ResultsWriter;
use crate::broadcast::targets::SKIPPED_OUTCOME;
use crate::error::{Error, ErrorKind, Result};
use crate::files::{FileAccess, KeptFile, OutputFile, OutputKind, WriteThrough, first_line};

/// A file for results. An existing file with its name is replaced when the results begin.
#[derive(Debug)]
pub(crate) struct ResultsFile {
    path: PathBuf,
    output: OutputFile,
    /// Whether the job goes to the sandbox.
    sandbox: bool,
}

impl ResultsFile {
    /// Opens the file for a new job, or for the one that is resumed. Fails where it cannot be written, has other content than results, is a link, is a pipe without a
    /// reader, is one of the files that the command reads or keeps, or has what another job wrote.
    pub(crate) fn open(
        path: &Path,
        kept: &[KeptFile],
        resumed: Option<Uuid>,
        sandbox: bool,
    ) -> Result<Self> {
        let kind = OutputKind {
            name: "the results",
            content: "results",
            is_own: &|file| outcome(&first_line(file)).is_some(),
            kept,
            refusal: ErrorKind::Usage,
            help: "nothing was sent; name a new file for --results, in a folder that can be written",
        };
        let output = OutputFile::open(path, FileAccess::Private, &kind)?;
        let file = Self { path: path.to_owned(), output, sandbox };
        file.check_writer(resumed)?;
        Ok(file)
    }

    /// Fails where the file has results of another job: no other file has those of entries that were left out.
    fn check_writer(&self, resumed: Option<Uuid>) -> Result<()> {
        let Some(before) = self.output.before() else { return Ok(()) };
        let before = before.map_err(|error| results_error(&self.path, error))?;
        let mut lines = BufReader::new(before).lines().map_while(Result::ok);
        let Some(other) = lines.find_map(|line| writer(&line)) else { return Ok(()) };
        if resumed.is_some_and(|job| job.to_string() == other) {
            return Ok(());
        }
        let path = self.path.display();
        let message = format!("`{path}` has the results of another job ({other})");
        Err(Error::usage(message).help("nothing was sent; name a new file for --results"))
    }

    /// Begins the results of a job that is resumed. The lines of entries that were left out of the list stay, because the
    /// ledger does not have them.
    pub(crate) fn resume(self, job: Uuid) -> Result<ResultsWriter> {
        let skipped = self.skipped().map_err(|error| results_error(&self.path, error))?;
        self.begin(job, &skipped)
    }

    /// Begins the results with the lines of entries that were left out of the list. The file replaces the existing one when
    /// it has these lines. So they are on the disk at any time, also when this process is killed.
    pub(crate) fn begin(mut self, job: Uuid, skipped: &[String]) -> Result<ResultsWriter> {
        let copy =
            self.output.file().try_clone().map_err(|error| results_error(&self.path, error))?;
        let name = self.path.display().to_string();
        let results = ResultsWriter::new(name, copy, skipped, (job, self.sandbox));
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

/// The outcome in a line, if [`ResultsWriter`] writes such lines.
fn outcome(line: &[u8]) -> Option<String> {
    let line: Json = serde_json::from_slice(line).ok()?;
    let text = |name: &str| line[name].as_str().map(str::to_owned);
    text("target").and(text("operation")).and(text("outcome"))
}

/// The job that wrote a line about a target that it had. Lines about entries that were left out name none.
fn writer(line: &str) -> Option<String> {
    let line: Json = serde_json::from_str(line).ok()?;
    line["job"].as_str().map(str::to_owned)
}

fn results_error(path: &Path, error: io::Error) -> Error {
    Error::input(format!("cannot write the results to `{}`", path.display()))
        .because(error)
        .help("nothing was sent; name a file in a folder that can be written")
}
