//! What an output may replace: no file that the command reads or keeps, and no file with other content.
//!
//! A mistyped `--report`, `--results` or `--plan` must not destroy a payload, a list or a profile. So every output that a
//! command line names states what it is, and the existing file in its place is examined before anything is written.

use std::fs::{self, File, Metadata};
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use super::FolderHandle;
use super::folder::OpenRefusal;
use crate::error::{Error, ErrorKind};

/// A file that a command reads or keeps: its name in messages, as `the ledger`, and its path.
pub type KeptFile = (&'static str, PathBuf);

/// What is written to a path that a command line names, and what it may replace there.
#[derive(Clone, Copy)]
pub struct OutputKind<'a> {
    /// Its name in messages, as `the report`.
    pub name: &'a str,
    /// What a file has in it that such an output replaces, as `report of herald`.
    pub content: &'a str,
    /// Whether a file that is not empty has that in it.
    pub is_own: &'a dyn Fn(File) -> bool,
    /// Files that are never replaced, whatever is in them.
    pub kept: &'a [KeptFile],
    /// The kind of the error about another file in its place.
    pub refusal: ErrorKind,
    /// What to do about an error.
    pub help: &'a str,
}

impl OutputKind<'_> {
    /// Fails where the path leads to one of the files that are never replaced, whatever its spelling. The content does
    /// not show this: such a file may be empty, or not exist yet.
    pub(super) fn check_kept(&self, path: &Path) -> Result<(), Error> {
        match self.kept.iter().find(|(_, kept)| is_same_file(path, kept)) {
            Some((what, _)) => Err(self.refused(path, &format!("is {what}"))),
            None => Ok(()),
        }
    }

    /// Fails where the file that is in its place now has other content. An empty file may be replaced.
    pub(super) fn check_before(
        &self,
        path: &Path,
        before: Option<io::Result<File>>,
    ) -> Result<(), Error> {
        let is_empty = |file: &File| file.metadata().is_ok_and(|about| about.len() == 0);
        match before {
            None => Ok(()),
            Some(Err(error)) => Err(self.refused(path, "cannot be read").because(error)),
            Some(Ok(file)) => match is_empty(&file) || (self.is_own)(file) {
                true => Ok(()),
                false => Err(self.refused(path, &format!("has no {} in it", self.content))),
            },
        }
    }

    /// Fails where a file in a folder that is held open has other content. `inside` is relative to the folder.
    pub fn check_in(&self, folder: &FolderHandle, inside: &Path) -> Result<(), Error> {
        let path = folder.path().join(inside);
        self.check_kept(&path)?;
        match folder.open_file(inside) {
            Ok(file) => self.check_before(&path, Some(Ok(file))),
            // The attempt to write says what is wrong with a link or a folder in its place.
            Err(OpenRefusal::Link | OpenRefusal::NotAFile) => Ok(()),
            Err(OpenRefusal::System(error)) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(OpenRefusal::System(error)) => self.check_before(&path, Some(Err(error))),
        }
    }

    /// The error about a folder in the place of the output, or a device where it has to be a file.
    pub fn not_regular(&self, path: &Path) -> Error {
        self.refused(path, "is no regular file")
    }

    /// The error where the output cannot be written.
    pub(super) fn cannot_write(&self, path: &Path, error: io::Error) -> Error {
        let error = match error.kind() {
            io::ErrorKind::IsADirectory => io::Error::other("it is no regular file"),
            _ => error,
        };
        Error::input(format!("cannot write {} `{}`", self.name, path.display()))
            .because(error)
            .help(self.help)
    }

    fn refused(&self, path: &Path, what: &str) -> Error {
        let (path, name) = (path.display(), self.name);
        Error::new(self.refusal, format!("`{path}` {what}, and would be replaced by {name}"))
            .help(self.help)
    }
}

/// The most bytes of a line that are read to recognise a file.
const MAX_LINE_BYTES: u64 = 1 << 20;

/// The first line of a file with its line end. If it is very long, its beginning; if it cannot be read, nothing.
pub fn first_line(file: impl io::Read) -> Vec<u8> {
    let mut line = Vec::new();
    let read = BufReader::new(file).take(MAX_LINE_BYTES).read_until(b'\n', &mut line);
    read.map_or_else(|_| Vec::new(), |_| line)
}

/// Whether two paths name the same regular file, even one that does not exist yet. Other files, such as pipes, cannot be
/// replaced. `-` is stdin.
pub fn is_same_file(one: &Path, other: &Path) -> bool {
    let other = if other == Path::new("-") { Path::new("/dev/stdin") } else { other };
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(of_one), Ok(of_other)) if of_one.is_file() && of_other.is_file() => {
            are_one_file(&of_one, &of_other, one, other)
        }
        (Err(_), Err(_)) => absolute(one).is_some_and(|one| Some(one) == absolute(other)),
        _ => false,
    }
}

#[cfg(unix)]
fn are_one_file(of_one: &Metadata, of_other: &Metadata, _: &Path, _: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (of_one.dev(), of_one.ino()) == (of_other.dev(), of_other.ino())
}

#[cfg(not(unix))]
fn are_one_file(_: &Metadata, _: &Metadata, one: &Path, other: &Path) -> bool {
    one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

/// The absolute path of a file that does not exist yet.
fn absolute(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let folder = path.parent()?;
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    Some(folder.join(path.file_name()?))
}
