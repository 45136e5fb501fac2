//! Files that must stay in the place where they were opened.
//!
//! A file that was moved, deleted or replaced still accepts writes, but no reader will find what was written.

use std::fmt;
use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A file as herald last saw it under its name.
#[derive(Debug)]
pub(crate) struct FileInPlace {
    path: PathBuf,
    identity: Identity,
    length: u64,
    written: Option<SystemTime>,
}

/// How a file has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlaceChange {
    /// No file has its name.
    Gone,
    /// Its name is now another file.
    Replaced,
    /// It is shorter than it was.
    CutShort,
}

impl fmt::Display for PlaceChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gone => "was moved or deleted",
            Self::Replaced => "was replaced",
            Self::CutShort => "was cut short",
        })
    }
}

/// Device and inode, if the system has them.
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(data: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt as _;
    (data.dev(), data.ino())
}

/// On other systems no process can remove or rename a file that SQLite has open.
#[cfg(not(unix))]
fn identity(_: &Metadata) -> Identity {
    (0, 0)
}

impl FileInPlace {
    /// The file that a path names at this moment.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        Ok(Self::with(path, &fs::metadata(path)?))
    }

    /// An open file, with its name.
    pub(crate) fn of_open(path: &Path, file: &File) -> io::Result<Self> {
        Ok(Self::with(path, &file.metadata()?))
    }

    fn with(path: &Path, data: &Metadata) -> Self {
        let (identity, written) = (identity(data), data.modified().ok());
        Self { path: path.to_owned(), identity, length: data.len(), written }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// How the file has changed; `None` if it is the same file in the same place, and no shorter than before.
    pub(crate) fn change(&self) -> io::Result<Option<PlaceChange>> {
        Ok(match fs::metadata(&self.path) {
            Ok(now) if identity(&now) != self.identity => Some(PlaceChange::Replaced),
            Ok(now) if now.len() < self.length => Some(PlaceChange::CutShort),
            Ok(_) => None,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Some(PlaceChange::Gone),
            Err(error) => return Err(error),
        })
    }

    /// Whether it has been written to since it was last measured.
    pub(crate) fn was_written(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|now| now.modified().ok() != self.written)
    }

    /// Records its length and its time of change.
    pub(crate) fn measure(&mut self) {
        if let Ok(now) = fs::metadata(&self.path) {
            self.length = now.len();
            self.written = now.modified().ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_longer_what_it_was_is_told_apart() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("file");
        let write = |text: &str| fs::write(&path, text).unwrap();
        write("some");
        let mut file = FileInPlace::of(&path).unwrap();
        assert_eq!(file.change().unwrap(), None);
        write("some more");
        assert_eq!(file.change().unwrap(), None);
        file.measure();
        write("some");
        assert_eq!(file.change().unwrap(), Some(PlaceChange::CutShort));
        write("some more");
        assert_eq!(file.change().unwrap(), None);
        #[cfg(unix)]
        {
            let other = folder.path().join("other");
            fs::copy(&path, &other).unwrap();
            fs::rename(&other, &path).unwrap();
            assert_eq!(file.change().unwrap(), Some(PlaceChange::Replaced));
        }
        fs::remove_file(&path).unwrap();
        assert_eq!(file.change().unwrap(), Some(PlaceChange::Gone));
    }
}
