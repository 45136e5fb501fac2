//! Where results go: a file that is opened once, before there is a job, so that nothing waits for it afterwards.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::results::Results;
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
        let end = self.file.seek(SeekFrom::Current(0))?;
        self.file.set_len(end)
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
        Ok(_) if is_result(&line) => Ok(()),
        Ok(_) => Err(refused("has no results in it")),
    }
}

/// Whether a line, of whatever bytes, is one that [`Results`] writes.
fn is_result(line: &[u8]) -> bool {
    serde_json::from_slice::<Json>(line).is_ok_and(|line| {
        ["target", "outcome", "operation"].iter().all(|name| line[*name].is_string())
    })
}

fn cannot(path: &Path, error: io::Error) -> Error {
    Error::input(format!("cannot write the results to `{}`", path.display()))
        .because(error)
        .help("nothing was sent; name a file in a folder that can be written")
}
