//! How an output is put into place: completely or not at all, and never through a link.

use std::ffi::{OsStr, OsString};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::Arc;

use super::links::resolve_for_output;
use super::overwrite::OutputKind;
use super::{FileSort, FolderHandle, OpenRefusal, names_descriptor, sys};
use crate::error::Error;

/// Who can read an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileAccess {
    /// Its owner: it contains people, messages or secrets.
    Private,
    /// The users that the umask allows.
    Shared,
}

impl FileAccess {
    const fn mode(self) -> u32 {
        match self {
            Self::Private => 0o600,
            Self::Shared => 0o666,
        }
    }
}

/// Whether an output has to survive a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteThrough {
    /// It is on disk before the command continues.
    Yes,
    /// It can be created again.
    No,
}

/// A file that is written under another name in the same folder, and put into place with [`OutputFile::publish`]. If it
/// is never published, it leaves nothing behind. Devices, pipes and open files of the process are written to directly.
#[derive(Debug)]
pub struct OutputFile {
    file: File,
    draft: Option<HiddenDraft>,
}

/// Where a file is before it is put into place.
#[derive(Debug)]
struct HiddenDraft {
    folder: Arc<FolderHandle>,
    name: OsString,
    draft: OsString,
    published: bool,
}

impl OutputFile {
    /// Opens an output that a command line names. Refused are: a file in its place that this kind of output does not
    /// replace; a link in its place, even a broken one; a folder that a link out of the repository leads to; a pipe that
    /// no process reads. It never waits for a reader.
    pub fn open(path: &Path, access: FileAccess, kind: &OutputKind<'_>) -> Result<Self, Error> {
        kind.check_kept(path)?;
        let output =
            Self::open_named(path, access).map_err(|error| kind.cannot_write(path, error))?;
        kind.check_before(path, output.before())?;
        Ok(output)
    }

    fn open_named(path: &Path, access: FileAccess) -> io::Result<Self> {
        if names_descriptor(path) {
            return Ok(Self { file: open_descriptor(path)?, draft: None });
        }
        let (folder, name) = split(path)?;
        Self::open_in(&Arc::new(named_folder(folder)?), name, access)
    }

    /// Opens an output in a folder that is held open.
    fn open_in(folder: &Arc<FolderHandle>, name: &OsStr, access: FileAccess) -> io::Result<Self> {
        match folder.sort_of(name)? {
            None | Some(FileSort::Regular) => Self::draft(folder, name, access),
            Some(FileSort::Link) => Err(is_a_link()),
            Some(FileSort::Folder) => Err(ErrorKind::IsADirectory.into()),
            Some(FileSort::Other) => {
                let file = folder.open_to_write(name).map_err(refused)?;
                Ok(Self { file, draft: None })
            }
        }
    }

    fn draft(folder: &Arc<FolderHandle>, name: &OsStr, access: FileAccess) -> io::Result<Self> {
        let (file, draft) = create_draft(folder, access)?;
        let folder = Arc::clone(folder);
        Ok(Self {
            file,
            draft: Some(HiddenDraft { folder, name: name.to_owned(), draft, published: false }),
        })
    }

    /// The file that is written to.
    pub fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Whether it is put into place as a whole; otherwise what is written is visible at once.
    pub fn is_whole(&self) -> bool {
        self.draft.is_some()
    }

    /// The current file in its place: `None` if there is none, or if it is not a file.
    pub fn before(&self) -> Option<io::Result<File>> {
        let draft = self.draft.as_ref()?;
        match draft.folder.open_file(Path::new(&draft.name)) {
            Ok(file) => Some(Ok(file)),
            Err(OpenRefusal::System(error)) if error.kind() == ErrorKind::NotFound => None,
            Err(refusal) => Some(Err(refused(refusal))),
        }
    }

    /// Puts it into place. It can still be written to; readers then see it grow.
    pub fn publish(&mut self, through: WriteThrough) -> io::Result<()> {
        let Some(draft) = self.draft.as_mut().filter(|draft| !draft.published) else {
            return Ok(());
        };
        if through == WriteThrough::Yes {
            self.file.sync_all()?;
        }
        draft.folder.rename(&draft.draft, &draft.name)?;
        draft.published = true;
        if through == WriteThrough::Yes { draft.folder.sync() } else { Ok(()) }
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for HiddenDraft {
    fn drop(&mut self) {
        if !self.published {
            let _ = self.folder.remove(&self.draft);
        }
    }
}

/// Writes a whole file of herald's into herald's own folder, which is created if necessary. The folder's path may
/// contain links; the file itself must not be a link.
pub fn write_own(path: &Path, bytes: &[u8], through: WriteThrough) -> io::Result<()> {
    let (folder, name) = split(path)?;
    let folder = Arc::new(make_own_folder(folder)?);
    let mut output = OutputFile::open_in(&folder, name, FileAccess::Private)?;
    output.write_all(bytes)?;
    output.publish(through)
}

/// Writes a whole file into a folder that is held open.
pub fn write_in(
    folder: &Arc<FolderHandle>,
    name: &OsStr,
    bytes: &[u8],
    access: FileAccess,
) -> io::Result<()> {
    let mut output = OutputFile::open_in(folder, name, access)?;
    output.write_all(bytes)?;
    output.publish(WriteThrough::No)
}

/// Creates, if necessary, a folder that only its owner can enter, with those above it, and holds it open.
pub fn make_own_folder(path: &Path) -> io::Result<FolderHandle> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    FolderHandle::open(path)
}

/// Creates, if necessary, a folder for output that a command line names, and holds it open. A folder that a link out of
/// the repository leads to is refused.
pub fn make_folder(path: &Path) -> io::Result<FolderHandle> {
    // Before anything is created: the existing part of the path decides where the rest would be.
    resolve_for_output(path)?;
    std::fs::create_dir_all(path)?;
    named_folder(path)
}

/// Opens a file that a command line names to append to it; if it is private, only its owner can read it from then on. A file
/// with other content is refused, and a link is not followed.
pub fn append(path: &Path, access: FileAccess, kind: &OutputKind<'_>) -> Result<File, Error> {
    kind.check_kept(path)?;
    let failed = |error| kind.cannot_write(path, error);
    if names_descriptor(path) {
        return open_descriptor(path).map_err(failed);
    }
    let (folder, name) = split(path).map_err(failed)?;
    let folder = named_folder(folder).map_err(failed)?;
    kind.check_in(&folder, Path::new(name))?;
    append_in(&folder, name, access).map_err(failed)
}

fn append_in(folder: &FolderHandle, name: &OsStr, access: FileAccess) -> io::Result<File> {
    let file = folder.append(name, access.mode()).map_err(refused)?;
    if access == FileAccess::Private && file.metadata()?.is_file() {
        sys::narrow(&file)?;
    }
    Ok(file)
}

/// A folder for output that a command line names.
fn named_folder(path: &Path) -> io::Result<FolderHandle> {
    FolderHandle::open_exact(resolve_for_output(path)?.ok_or(ErrorKind::NotFound)?)
}

/// The folder of a path, and the name in it.
fn split(path: &Path) -> io::Result<(&Path, &OsStr)> {
    let Some(name) = path.file_name() else { return Err(ErrorKind::IsADirectory.into()) };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    Ok((folder.unwrap_or(Path::new(".")), name))
}

/// A new file under an unused name.
fn create_draft(folder: &FolderHandle, access: FileAccess) -> io::Result<(File, OsString)> {
    let name = OsString::from(format!(".herald-{}.tmp", uuid::Uuid::now_v7().simple()));
    Ok((folder.create_new(&name, access.mode())?, name))
}

/// Opens an open file of the process a second time.
fn open_descriptor(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default(),
    );
    let file = options.open(path).map_err(explained)?;
    sys::waiting(&file)?;
    Ok(file)
}

fn is_a_link() -> io::Error {
    io::Error::other("it is a link, and nothing is written through links")
}

fn refused(refusal: OpenRefusal) -> io::Error {
    match refusal {
        OpenRefusal::Link => is_a_link(),
        OpenRefusal::NotAFile => ErrorKind::IsADirectory.into(),
        OpenRefusal::System(error) => explained(error),
    }
}

/// For a pipe without a reader, the system's error is "no such device": this one says what is wrong.
fn explained(error: io::Error) -> io::Error {
    if sys::has_no_reader(&error) { io::Error::other("no process reads from it") } else { error }
}
