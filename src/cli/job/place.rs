//! Where results go: a file that is opened once, before there is a job, so that nothing waits for it afterwards.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::results::Results;
use crate::broadcast::targets::SKIPPED;
use crate::error::{Error, Result};

/// A line of results is shorter.
const MAX_LINE: u64 = 1 << 20;

/// A file that results can be written to. What is in it stays until they begin.
#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
    file: File,
}

impl Place {
    /// Opens it. Refuses what cannot be written, and what has something else in it than results. A pipe waits here for
    /// whoever reads it: signals still end the process.
    pub(super) fn open(path: &Path) -> Result<Self> {
        keep_others(path)?;
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(path);
        let file = file.map_err(|error| cannot(path, error))?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// Begins the results of a new job, behind the entries that were left out of its list.
    pub(super) fn begin(mut self, skipped: &[String]) -> Result<Results> {
        self.cut().map_err(|error| cannot(&self.path, error))?;
        self.results(skipped)
    }

    /// Begins the results of a job anew that goes on. Of what is there the entries stay that were left out of its list,
    /// since nothing else tells them. They stand first, and are never away, whenever this process may be killed.
    pub(super) fn go_on(self) -> Result<Results> {
        let skipped = self.skipped().map_err(|error| cannot(&self.path, error))?;
        self.results(&skipped)
    }

    fn results(mut self, first: &[String]) -> Result<Results> {
        let copy = self.file.try_clone().map_err(|error| cannot(&self.path, error))?;
        let results = Results::new(self.path.display().to_string(), copy, first);
        self.cut().map_err(|error| cannot(&self.path, error))?;
        Ok(results)
    }

    /// Takes off what is behind the place that was written up to. A pipe and a terminal have nothing there.
    fn cut(&mut self) -> io::Result<()> {
        if !self.file.metadata()?.is_file() {
            return Ok(());
        }
        let end = self.file.stream_position()?;
        self.file.set_len(end)
    }

    /// The lines of entries that were left out of a list.
    fn skipped(&self) -> io::Result<Vec<String>> {
        let mut skipped = Vec::new();
        let about = self.file.metadata()?;
        if !about.is_file() || about.len() == 0 {
            return Ok(skipped);
        }
        for line in BufReader::new(File::open(&self.path)?).split(b'\n') {
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
fn keep_others(path: &Path) -> Result<()> {
    let is_file = std::fs::metadata(path).is_ok_and(|about| about.is_file() && about.len() > 0);
    if !is_file {
        return Ok(());
    }
    let refused = |what: &str| {
        Error::usage(format!("`{}` {what}, and would be replaced", path.display()))
            .help("name a new file for --results")
    };
    let mut line = Vec::new();
    let read = File::open(path)
        .and_then(|file| BufReader::new(file).take(MAX_LINE).read_until(b'\n', &mut line));
    match read {
        Err(error) => Err(refused("cannot be read").because(error)),
        Ok(_) if outcome(&line).is_some() => Ok(()),
        Ok(_) => Err(refused("has no results in it")),
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
