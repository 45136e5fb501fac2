//! The same for systems on which a folder cannot be held open: paths, checked just before they are used.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::OpenRefusal;
use super::folder::FileSort;

/// The path of a folder.
pub(super) type HeldFolder = PathBuf;

/// Takes a folder by its path.
pub(super) fn hold(path: &Path) -> io::Result<HeldFolder> {
    if fs::metadata(path)?.is_dir() {
        Ok(path.to_owned())
    } else {
        Err(io::ErrorKind::NotADirectory.into())
    }
}

/// Opens folders one inside the other.
pub(super) fn descend(from: &HeldFolder, names: &[&OsStr]) -> Result<HeldFolder, OpenRefusal> {
    let mut held = from.clone();
    for name in names {
        held.push(name);
        no_link(&held)?;
    }
    Ok(held)
}

/// Opens a file for reading.
pub(super) fn open_file(folder: &HeldFolder, name: &OsStr) -> Result<File, OpenRefusal> {
    let path = folder.join(name);
    no_link(&path)?;
    if fs::metadata(&path)?.is_file() { Ok(File::open(path)?) } else { Err(OpenRefusal::NotAFile) }
}

/// Opens what is there for writing.
pub(super) fn open_to_write(folder: &HeldFolder, name: &OsStr) -> Result<File, OpenRefusal> {
    let path = folder.join(name);
    no_link(&path)?;
    Ok(OpenOptions::new().write(true).open(path)?)
}

/// Opens a file to append to it, and creates it if it does not exist.
pub(super) fn append(folder: &HeldFolder, name: &OsStr, _mode: u32) -> Result<File, OpenRefusal> {
    let path = folder.join(name);
    if path.symlink_metadata().is_ok_and(|about| about.is_symlink()) {
        return Err(OpenRefusal::Link);
    }
    Ok(OpenOptions::new().append(true).create(true).open(path)?)
}

/// What a name stands for.
pub(super) fn sort_of(folder: &HeldFolder, name: &OsStr) -> io::Result<Option<FileSort>> {
    match fs::symlink_metadata(folder.join(name)) {
        Ok(about) if about.is_symlink() => Ok(Some(FileSort::Link)),
        Ok(about) if about.is_file() => Ok(Some(FileSort::Regular)),
        Ok(about) if about.is_dir() => Ok(Some(FileSort::Folder)),
        Ok(_) => Ok(Some(FileSort::Other)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Creates a new file and opens it for reading and writing.
pub(super) fn create_new(folder: &HeldFolder, name: &OsStr, _mode: u32) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create_new(true).open(folder.join(name))
}

/// Creates a folder if there is none.
pub(super) fn make_folder(folder: &HeldFolder, name: &OsStr) -> io::Result<()> {
    match fs::create_dir(folder.join(name)) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Renames a file within the folder.
pub(super) fn rename(folder: &HeldFolder, from: &OsStr, to: &OsStr) -> io::Result<()> {
    fs::rename(folder.join(from), folder.join(to))
}

/// Removes a file.
pub(super) fn remove(folder: &HeldFolder, name: &OsStr) -> io::Result<()> {
    fs::remove_file(folder.join(name))
}

/// The system itself writes names to disk.
pub(super) fn sync(_folder: &HeldFolder) -> io::Result<()> {
    Ok(())
}

/// Files are as private as the folder that contains them.
pub(super) fn narrow(_file: &File) -> io::Result<()> {
    Ok(())
}

/// Writes already wait.
pub(super) fn waiting(_file: &File) -> io::Result<()> {
    Ok(())
}

/// The error for links that lead in a circle.
pub(super) fn circle() -> io::Error {
    io::Error::other(CIRCLE)
}

/// Whether an error says that links lead in a circle.
pub(super) fn is_circle(error: &io::Error) -> bool {
    error.to_string() == CIRCLE
}

const CIRCLE: &str = "links lead in a circle";

/// Whether an error says that a pipe has no reader.
pub(super) fn has_no_reader(_error: &io::Error) -> bool {
    false
}

fn no_link(path: &Path) -> Result<(), OpenRefusal> {
    if fs::symlink_metadata(path)?.is_symlink() { Err(OpenRefusal::Link) } else { Ok(()) }
}
