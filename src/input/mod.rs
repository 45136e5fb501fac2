//! Where payloads come from: files, folders, NDJSON and stdin, each read with a size limit.

mod path_glob;
mod payload;
mod walk;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use path_glob::PathGlob;
pub use payload::{BYTE_ORDER_MARK, Chunk, payloads};
pub use walk::{WalkItem, inputs};

use crate::error::{Error, Result};
use crate::files::{FolderHandle, OpenRefusal, names_descriptor, resolve};

/// The most bytes of a payload, and of a file that is read at once. Vendors' limits are far lower.
pub const MAX_BYTES: u64 = 64 << 20;

/// A source of payloads.
#[derive(Clone, Debug)]
pub enum Input {
    /// Standard input.
    Stdin,
    /// An open file of the process, by name: `/dev/stdin`, or what a shell puts in place of `<(...)`.
    Descriptor(PathBuf),
    /// A regular file.
    File(FilePlace),
}

/// A file, with the folder in which it is opened without following links.
#[derive(Clone, Debug)]
pub struct FilePlace {
    folder: Arc<FolderHandle>,
    inside: PathBuf,
    /// The path as the user named it.
    name: PathBuf,
}

/// Why an input gave nothing, or not everything.
#[derive(Debug)]
pub enum InputFault {
    /// It is a link, or has become one: it was not opened.
    Link,
    /// It is not, or is no longer, a regular file: it was not opened.
    NotAFile,
    /// It cannot be read.
    Unreadable(Error),
}

impl Input {
    /// What `-` and paths of a command line stand for.
    ///
    /// A link is followed within its repository, and into the folders `allowed`. Anything but a regular file is
    /// refused: a pipe would wait for a writer that may never come, and a device may have no end.
    pub fn named(path: &Path, allowed: &[PathBuf]) -> Result<Self> {
        if path == Path::new("-") {
            return Ok(Self::Stdin);
        }
        if names_descriptor(path) {
            return Ok(Self::Descriptor(path.to_owned()));
        }
        let cannot =
            |error| Error::input(format!("cannot read `{}`", path.display())).because(error);
        let found = resolve(path, allowed)?;
        let (Some(folder), Some(name), false) = (found.parent(), found.file_name(), found.is_dir())
        else {
            return Err(Error::input(format!("`{}` is a folder, not a file", path.display()))
                .help("name a file in it"));
        };
        let folder = Arc::new(FolderHandle::open_exact(folder.to_owned()).map_err(cannot)?);
        Ok(Self::below(&folder, name.into(), path.to_owned()))
    }

    /// A file below a folder that is held open; `name` is its name in findings and messages.
    fn below(folder: &Arc<FolderHandle>, inside: PathBuf, name: PathBuf) -> Self {
        Self::File(FilePlace { folder: Arc::clone(folder), inside, name })
    }

    /// Its name in findings and messages.
    pub fn name(&self) -> String {
        match self {
            Self::Stdin => "(stdin)".to_owned(),
            Self::Descriptor(path) | Self::File(FilePlace { name: path, .. }) => {
                path.display().to_string()
            }
        }
    }

    /// The path of a file, as the user named it; `None` for stdin and other open files of the process.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Stdin | Self::Descriptor(_) => None,
            Self::File(place) => Some(&place.name),
        }
    }

    /// Whether it is a file that is read without waiting for another process.
    pub fn is_regular(&self) -> bool {
        match self {
            Self::Stdin => false,
            Self::Descriptor(path) => path.metadata().is_ok_and(|about| about.is_file()),
            Self::File(_) => true,
        }
    }

    /// All of its bytes.
    pub fn read(&self) -> Result<Vec<u8>> {
        self.read_up_to(MAX_BYTES).map_err(|fault| self.error(fault))
    }

    /// A stream of its bytes, for lists of any length.
    pub fn stream(&self) -> Result<Box<dyn Read>> {
        self.open(u64::MAX).map(|(stream, _)| stream).map_err(|fault| self.error(fault))
    }

    /// A fault of an input that a command line names, as an error.
    pub fn error(&self, fault: InputFault) -> Error {
        match fault {
            InputFault::Link => {
                Error::input(format!("`{}` has become a link, and was not opened", self.name()))
                    .help("another process changes the folder; retry when that has ended")
            }
            InputFault::NotAFile => {
                Error::input(format!("`{}` is not a regular file", self.name()))
                    .help("name a file; what another program writes comes over a pipe to `-`")
            }
            InputFault::Unreadable(error) => error,
        }
    }

    fn read_up_to(&self, max: u64) -> Result<Vec<u8>, InputFault> {
        let (stream, size) = self.open(max)?;
        // One more byte, in which the end of the file is seen.
        let mut bytes = Vec::with_capacity(size.map_or(0, |size| size + 1));
        stream.take(max + 1).read_to_end(&mut bytes).map_err(|why| self.broken(why))?;
        if bytes.len() as u64 > max { Err(self.too_large(max)) } else { Ok(bytes) }
    }

    /// Opens it, and tells the size of a file in bytes. A file that is known to be larger than `max` is refused before any
    /// of it is read.
    fn open(&self, max: u64) -> Result<(Box<dyn Read>, Option<usize>), InputFault> {
        let file = match self {
            Self::Stdin => return Ok((Box::new(io::stdin().lock()), None)),
            Self::Descriptor(path) => File::open(path).map_err(|why| self.broken(why))?,
            Self::File(place) => {
                place.folder.open_file(&place.inside).map_err(|refusal| match refusal {
                    OpenRefusal::Link => InputFault::Link,
                    OpenRefusal::NotAFile => InputFault::NotAFile,
                    OpenRefusal::System(why) => self.broken(why),
                })?
            }
        };
        let facts = file.metadata().map_err(|why| self.broken(why))?;
        if facts.is_file() && facts.len() > max {
            return Err(self.too_large(max));
        }
        let size = usize::try_from(facts.len()).ok().filter(|_| facts.is_file());
        Ok((Box::new(file), size))
    }

    fn broken(&self, why: io::Error) -> InputFault {
        let error = Error::input(format!("cannot read `{}`", self.name()));
        let error = match why.kind() {
            io::ErrorKind::NotFound => error.help("check the path; `-` is stdin"),
            io::ErrorKind::PermissionDenied => error.help("make it readable for you"),
            _ => error,
        };
        InputFault::Unreadable(error.because(why))
    }

    fn too_large(&self, max: u64) -> InputFault {
        let message = format!("`{}` is larger than {}", self.name(), size(max));
        InputFault::Unreadable(Error::input(message).help(
            "no payload is that large; many payloads go into an .ndjson file, one a line, of any size",
        ))
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
            #[cfg(unix)]
            (PathBuf::from("/dev/zero"), "not a regular file"),
        ];
        for (path, words) in table {
            let read = Input::named(&path, &[]).and_then(|input| input.read());
            let error = read.expect_err(words);
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
        let input = Input::named(&path, &[]).expect("a file");
        assert_eq!(input.read_up_to(8).expect("fits"), b"12345678");
        assert!(input.read_up_to(7).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_becomes_a_link_before_it_is_opened_is_not_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.json");
        std::fs::write(&path, "{}").expect("a file");
        let input = Input::named(&path, &[]).expect("a file");
        std::fs::remove_file(&path).expect("removed");
        std::os::unix::fs::symlink("/etc/passwd", &path).expect("a link");
        assert!(matches!(input.read_up_to(99), Err(InputFault::Link)));
        assert!(input.read().expect_err("a link").full_message().contains("become a link"));
        assert!(input.stream().is_err());
    }
}
