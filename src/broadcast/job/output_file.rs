//! Where results go: a file that is opened once, before there is a job, so that nothing waits for it afterwards.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::broadcast::job::results::Results;
use crate::broadcast::targets::SKIPPED;
use crate::error::{Error, Result};
use crate::files::{FileAccess, OutputFile, WriteThrough};

/// A line of results is shorter.
const MAX_LINE: u64 = 1 << 20;

/// A file that results can be written to. What is there under its name stays until they begin.
#[derive(Debug)]
pub(crate) struct ResultsFile {
    path: PathBuf,
    output: OutputFile,
}

impl ResultsFile {
    /// Opens it. Refuses what cannot be written, what has something else in it than results, a link, and a pipe that
    /// no process reads.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let output = OutputFile::open(path, FileAccess::Private);
        let output = output.map_err(|error| cannot(path, error))?;
        if let Some(before) = output.before() {
            keep_others(path, before)?;
        }
        Ok(Self { path: path.to_owned(), output })
    }

    /// Begins the results of a new job, behind the entries that were left out of its list.
    pub(crate) fn begin(self, skipped: &[String]) -> Result<Results> {
        self.results(skipped)
    }

    /// Begins the results of a job anew that goes on. Of what is there the entries stay that were left out of its list,
    /// since nothing else tells them. They stand first, and are never away, whenever this process may be killed.
    pub(crate) fn go_on(self) -> Result<Results> {
        let skipped = self.skipped().map_err(|error| cannot(&self.path, error))?;
        self.results(&skipped)
    }

    /// Begins them with these lines: the file takes the place of the one before when they are in it, and grows there, so
    /// that what is known is in it whenever this process may be killed.
    fn results(mut self, first: &[String]) -> Result<Results> {
        let copy = self.output.file().try_clone().map_err(|error| cannot(&self.path, error))?;
        let results = Results::new(self.path.display().to_string(), copy, first);
        let published = self.output.publish(WriteThrough::No);
        published.map_err(|error| cannot(&self.path, error))?;
        Ok(results)
    }

    /// The lines of entries that were left out of a list.
    fn skipped(&self) -> io::Result<Vec<String>> {
        let mut skipped = Vec::new();
        let Some(before) = self.output.before() else { return Ok(skipped) };
        for line in BufReader::new(before?).split(b'\n') {
            let line = line?;
            // Nearly none is one, and to read each as JSON takes long.
            let may_be = line.windows(SKIPPED.len()).any(|word| word == SKIPPED.as_bytes());
            if may_be && outcome(&line).is_some_and(|outcome| outcome == SKIPPED) {
                skipped.extend(String::from_utf8(line));
            }
        }
        Ok(skipped)
    }
}

/// Refuses to replace a file that has something else in it than results.
fn keep_others(path: &Path, before: io::Result<File>) -> Result<()> {
    let refused = |what: &str| {
        Error::usage(format!("`{}` {what}, and would be replaced", path.display()))
            .help("name a new file for --results")
    };
    let mut line = Vec::new();
    let read = before.and_then(|file| {
        BufReader::new(file).take(MAX_LINE).read_until(b'\n', &mut line).map(drop)
    });
    match read {
        Err(error) => Err(refused("cannot be read").because(error)),
        Ok(()) if line.is_empty() || outcome(&line).is_some() => Ok(()),
        Ok(()) => Err(refused("has no results in it")),
    }
}

/// The outcome in a line, of whatever bytes, where it is one that [`Results`] writes.
fn outcome(line: &[u8]) -> Option<String> {
    let line: Json = serde_json::from_slice(line).ok()?;
    let text = |name: &str| line[name].as_str().map(str::to_owned);
    text("target").and(text("operation")).and(text("outcome"))
}

fn cannot(path: &Path, error: io::Error) -> Error {
    Error::input(format!("cannot write the results to `{}`", path.display()))
        .because(error)
        .help("nothing was sent; name a file in a folder that can be written")
}
