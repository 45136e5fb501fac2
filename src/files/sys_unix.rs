//! System calls on names in a folder that is held open.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::OpenRefusal;
use super::folder::FileSort;

/// A folder that is held open.
pub(super) type HeldFolder = OwnedFd;

/// A folder is opened to find names in it, not to list it: on systems that know the difference, this needs no right to
/// read it.
#[cfg(target_os = "linux")]
const FOLDER: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(COMMON);
#[cfg(not(target_os = "linux"))]
const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(COMMON);

const COMMON: OFlags = OFlags::CLOEXEC.union(OFlags::NOFOLLOW);

/// Does not wait for the other end of a pipe, and does not make a terminal the controlling terminal of this process.
const AT_ONCE: OFlags = COMMON.union(OFlags::NONBLOCK).union(OFlags::NOCTTY);

/// Opens a folder by a path without links. A link that has replaced a part of it is not followed. On systems other than
/// Linux, this holds only for the last name: for more, herald would need the right to read every folder of the path.
pub(super) fn hold(path: &Path) -> io::Result<HeldFolder> {
    #[cfg(target_os = "linux")]
    if let Ok(inside) = path.strip_prefix("/") {
        let root = rustix::fs::openat(CWD, "/", FOLDER, Mode::empty())?;
        let names: Vec<&OsStr> = inside.iter().collect();
        return match names.as_slice() {
            [] => Ok(root),
            names => descend(&root, names).map_err(|refusal| match refusal {
                OpenRefusal::System(error) => error,
                _ => io::ErrorKind::NotADirectory.into(),
            }),
        };
    }
    Ok(rustix::fs::openat(CWD, path, FOLDER, Mode::empty())?)
}

/// Opens folders one inside the other.
pub(super) fn descend(from: &HeldFolder, names: &[&OsStr]) -> Result<HeldFolder, OpenRefusal> {
    let mut held: Option<HeldFolder> = None;
    for name in names {
        let at = held.as_ref().unwrap_or(from);
        held = Some(open(at, name, FOLDER, Mode::empty())?);
    }
    held.ok_or(OpenRefusal::NotAFile)
}

/// Opens a file for reading.
pub(super) fn open_file(folder: &HeldFolder, name: &OsStr) -> Result<File, OpenRefusal> {
    Ok(open(folder, name, OFlags::RDONLY | AT_ONCE, Mode::empty())?.into())
}

/// Opens what is there for writing. A pipe that no process reads fails at once.
pub(super) fn open_to_write(folder: &HeldFolder, name: &OsStr) -> Result<File, OpenRefusal> {
    let file = open(folder, name, OFlags::WRONLY | AT_ONCE, Mode::empty())?.into();
    waiting(&file)?;
    Ok(file)
}

/// Opens a file to append to it, and creates it if it does not exist.
pub(super) fn append(folder: &HeldFolder, name: &OsStr, mode: u32) -> Result<File, OpenRefusal> {
    let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE | AT_ONCE;
    let file = open(folder, name, flags, Mode::from_raw_mode(mode as _))?.into();
    waiting(&file)?;
    Ok(file)
}

/// What a name stands for.
pub(super) fn sort_of(folder: &HeldFolder, name: &OsStr) -> io::Result<Option<FileSort>> {
    match rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(found) => Ok(Some(match FileType::from_raw_mode(found.st_mode) {
            FileType::RegularFile => FileSort::Regular,
            FileType::Directory => FileSort::Folder,
            FileType::Symlink => FileSort::Link,
            _ => FileSort::Other,
        })),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Creates a new file and opens it for reading and writing.
pub(super) fn create_new(folder: &HeldFolder, name: &OsStr, mode: u32) -> io::Result<File> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | COMMON;
    Ok(rustix::fs::openat(folder, name, flags, Mode::from_raw_mode(mode as _))?.into())
}

/// Creates a folder if there is none.
pub(super) fn make_folder(folder: &HeldFolder, name: &OsStr) -> io::Result<()> {
    match rustix::fs::mkdirat(folder, name, Mode::from_raw_mode(0o777)) {
        Ok(()) | Err(Errno::EXIST) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Renames a file within the folder.
pub(super) fn rename(folder: &HeldFolder, from: &OsStr, to: &OsStr) -> io::Result<()> {
    Ok(rustix::fs::renameat(folder, from, folder, to)?)
}

/// Removes a file.
pub(super) fn remove(folder: &HeldFolder, name: &OsStr) -> io::Result<()> {
    Ok(rustix::fs::unlinkat(folder, name, AtFlags::empty())?)
}

/// Waits until the names in the folder are on disk.
pub(super) fn sync(folder: &HeldFolder) -> io::Result<()> {
    // The folder itself may be open for finding names only.
    let readable = OFlags::RDONLY | OFlags::DIRECTORY | COMMON;
    let opened = rustix::fs::openat(folder, ".", readable, Mode::empty())?;
    Ok(rustix::fs::fsync(opened)?)
}

/// Makes a file accessible to its owner only.
pub(super) fn narrow(file: &File) -> io::Result<()> {
    Ok(rustix::fs::fchmod(file, Mode::RUSR | Mode::WUSR)?)
}

/// Makes writes to a file wait, as usual.
pub(super) fn waiting(file: impl AsFd) -> io::Result<()> {
    let flags = rustix::fs::fcntl_getfl(&file)?;
    Ok(rustix::fs::fcntl_setfl(&file, flags - OFlags::NONBLOCK)?)
}

/// The error for links that lead in a circle.
pub(super) fn circle() -> io::Error {
    Errno::LOOP.into()
}

/// Whether an error says that links lead in a circle.
pub(super) fn is_circle(error: &io::Error) -> bool {
    error.raw_os_error() == Some(Errno::LOOP.raw_os_error())
}

/// Whether an error says that a pipe or socket has no reader.
pub(super) fn has_no_reader(error: &io::Error) -> bool {
    error.raw_os_error() == Some(Errno::NXIO.raw_os_error())
}

fn open(at: &HeldFolder, name: &OsStr, flags: OFlags, mode: Mode) -> Result<OwnedFd, OpenRefusal> {
    rustix::fs::openat(at, name, flags, mode).map_err(|error| match error {
        // Systems report a link differently, and some like a wrong folder: so the name is checked.
        Errno::LOOP | Errno::NOTDIR | Errno::MLINK if is_link(at, name) => OpenRefusal::Link,
        // A socket cannot be opened.
        Errno::NXIO if !flags.contains(OFlags::WRONLY) => OpenRefusal::NotAFile,
        error => OpenRefusal::System(error.into()),
    })
}

fn is_link(at: &HeldFolder, name: &OsStr) -> bool {
    matches!(sort_of(at, name), Ok(Some(FileSort::Link)))
}
