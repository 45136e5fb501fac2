//! Where payloads come from: files, folders, NDJSON and stdin, each read within bounds.

mod payload;
mod walk;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

pub use payload::{Chunk, payloads};
pub use walk::inputs;

use crate::error::{Error, Result};

/// The most bytes of a payload, and of a file that is read at once. Vendors' own limits lie far below.
pub const MAX_BYTES: u64 = 64 << 20;

/// Something that payloads are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
}

impl Input {
    /// What `-` and paths stand for.
    pub fn of(path: &Path) -> Self {
        if path == Path::new("-") { Self::Stdin } else { Self::File(path.to_owned()) }
    }

    /// What it is called in findings and messages.
    pub fn name(&self) -> String {
        match self {
            Self::Stdin => "(stdin)".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// Whether it is a file that is read without waiting for anybody.
    pub fn is_regular(&self) -> bool {
        matches!(self, Self::File(path) if path.metadata().is_ok_and(|about| about.is_file()))
    }

    /// All of its bytes.
    pub fn read(&self) -> Result<Vec<u8>> {
        self.read_up_to(MAX_BYTES)
    }

    /// A stream of them, for lists of any length.
    pub fn stream(&self) -> Result<Box<dyn Read>> {
        self.open(u64::MAX)
    }

    fn read_up_to(&self, max: u64) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open(max)?.take(max + 1).read_to_end(&mut bytes).map_err(|why| self.broken(why))?;
        if bytes.len() as u64 > max { Err(self.too_large(max)) } else { Ok(bytes) }
    }

    /// Opens it. A file that is known to be larger than `max` is refused before anything of it is read.
    fn open(&self, max: u64) -> Result<Box<dyn Read>> {
        let Self::File(path) = self else { return Ok(Box::new(io::stdin().lock())) };
        let file = File::open(path).map_err(|why| self.broken(why))?;
        let facts = file.metadata().map_err(|why| self.broken(why))?;
        if facts.is_dir() {
            return Err(Error::input(format!("`{}` is a folder, not a file", self.name()))
                .help("name a file in it"));
        }
        if facts.is_file() && facts.len() > max {
            return Err(self.too_large(max));
        }
        Ok(Box::new(file))
    }

    fn broken(&self, why: io::Error) -> Error {
        let error = Error::input(format!("cannot read `{}`", self.name()));
        let error = match why.kind() {
            io::ErrorKind::NotFound => error.help("check the path; `-` is stdin"),
            io::ErrorKind::PermissionDenied => error.help("make it readable for you"),
            _ => error,
        };
        error.because(why)
    }

    fn too_large(&self, max: u64) -> Error {
        let message = format!("`{}` is larger than {}", self.name(), size(max));
        Error::input(message).help(
            "no payload is that large; many payloads go into an .ndjson file, one a line, of any size",
        )
    }
}

fn size(bytes: u64) -> String {
    if bytes >= 1 << 20 { format!("{} MiB", bytes >> 20) } else { format!("{bytes} bytes") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    #[test]
    fn what_cannot_be_read_is_one_error_with_the_way_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let large = folder.path().join("large.json");
        File::create(&large).and_then(|file| file.set_len(1 << 30)).expect("a sparse file");
        let table = [
            (folder.path().join("none.json"), "cannot read"),
            (folder.path().to_owned(), "is a folder"),
            (large, "larger than 64 MiB"),
        ];
        for (path, words) in table {
            let error = Input::of(&path).read().expect_err(words);
            assert!(error.full_message().contains(words), "{}", error.full_message());
            assert!(error.advice().is_some(), "{words}");
            assert_eq!(error.exit(), Exit::Input);
        }
    }

    #[test]
    fn a_pipe_that_does_not_say_its_size_is_cut_off_at_the_limit() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.json");
        std::fs::write(&path, "12345678").expect("a file");
        let input = Input::File(path);
        assert_eq!(input.read_up_to(8).expect("fits"), b"12345678");
        assert!(input.read_up_to(7).is_err());
    }
}
