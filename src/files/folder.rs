//! A folder that is held open: its files are found by name from there, even if the path changes.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::sys;

/// Why a file was not opened.
#[derive(Debug)]
pub enum OpenRefusal {
    /// It is a link, or a folder on its path is one.
    Link,
    /// It is a folder, a pipe, a socket or a device.
    NotAFile,
    /// The system refuses.
    System(io::Error),
}

impl From<io::Error> for OpenRefusal {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

/// Opens a regular file for reading, unless its path ends in a link. Links in the folders before it are followed.
pub fn open_regular(path: &Path) -> Result<File, OpenRefusal> {
    let Some(name) = path.file_name() else { return Err(OpenRefusal::NotAFile) };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    FolderHandle::open(folder.unwrap_or(Path::new(".")))?.open_file(Path::new(name))
}

/// Opens a regular file for reading by a path that was found to be without links: a link that has replaced a part of it
/// since then is not followed.
pub fn open_exact(path: &Path) -> Result<File, OpenRefusal> {
    match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) if path.is_absolute() => {
            let folder = FolderHandle::open_exact(folder.to_owned());
            let folder = folder.map_err(|error| match error.kind() {
                io::ErrorKind::NotADirectory => OpenRefusal::Link,
                _ => OpenRefusal::System(error),
            })?;
            folder.open_file(Path::new(name))
        }
        _ => open_regular(path),
    }
}

/// What a name in a folder stands for; a link is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileSort {
    Regular,
    Folder,
    Link,
    /// A pipe, a socket or a device.
    Other,
}

/// A folder that is held open. Files in it are opened, created and renamed without following a link, even if a link
/// replaces the file or folder between the check and the opening (a race).
#[derive(Debug)]
pub struct FolderHandle {
    path: PathBuf,
    held: sys::HeldFolder,
}

impl FolderHandle {
    /// Opens a folder. Links in `path` are followed: the caller has decided that they may be.
    pub fn open(path: &Path) -> io::Result<Self> {
        Self::open_exact(path.canonicalize()?)
    }

    /// Opens a folder by its path without links. A link that has replaced a part of it is not followed.
    pub fn open_exact(path: PathBuf) -> io::Result<Self> {
        let held = sys::hold(&path)?;
        Ok(Self { path, held })
    }

    /// Its path without links.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens a regular file below it for reading; `inside` is relative to the folder. Only a regular file is opened, so
    /// this does not wait for the writer of a pipe.
    pub fn open_file(&self, inside: &Path) -> Result<File, OpenRefusal> {
        let names = names(inside)?;
        let Some((name, folders)) = names.split_last() else { return Err(OpenRefusal::NotAFile) };
        let file = match folders {
            [] => sys::open_file(&self.held, name)?,
            _ => sys::open_file(&sys::descend(&self.held, folders)?, name)?,
        };
        if file.metadata()?.is_file() { Ok(file) } else { Err(OpenRefusal::NotAFile) }
    }

    /// Opens a folder in it, and creates it if it does not exist. A link in its place is refused.
    pub fn subfolder(&self, name: &OsStr) -> Result<Self, OpenRefusal> {
        sys::make_folder(&self.held, name)?;
        Ok(Self { path: self.path.join(name), held: sys::descend(&self.held, &[name])? })
    }

    /// What a name in it stands for, if it exists.
    pub(super) fn sort_of(&self, name: &OsStr) -> io::Result<Option<FileSort>> {
        sys::sort_of(&self.held, name)
    }

    /// Creates a new file in it and opens it for writing; `mode` is its permissions, if the system has them. Fails if
    /// the name exists, even as a link.
    pub(super) fn create_new(&self, name: &OsStr, mode: u32) -> io::Result<File> {
        sys::create_new(&self.held, name, mode)
    }

    /// Opens a file to append to it, and creates it if it does not exist. Does not wait for the reader of a pipe.
    pub(super) fn append(&self, name: &OsStr, mode: u32) -> Result<File, OpenRefusal> {
        sys::append(&self.held, name, mode)
    }

    /// Opens what is there for writing. Does not wait for the reader of a pipe.
    pub(super) fn open_to_write(&self, name: &OsStr) -> Result<File, OpenRefusal> {
        sys::open_to_write(&self.held, name)
    }

    /// Renames a file, and replaces another file or a link.
    pub(super) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        sys::rename(&self.held, from, to)
    }

    /// Removes a file.
    pub(super) fn remove(&self, name: &OsStr) -> io::Result<()> {
        sys::remove(&self.held, name)
    }

    /// Waits until the names in it are on disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        sys::sync(&self.held)
    }
}

/// The names of a path below a folder. `..` and absolute paths are errors.
fn names(inside: &Path) -> io::Result<Vec<&OsStr>> {
    let name = |part| match part {
        Component::Normal(name) => Some(Ok(name)),
        Component::CurDir => None,
        _ => Some(Err(io::Error::new(io::ErrorKind::InvalidInput, "the path leaves its folder"))),
    };
    inside.components().filter_map(name).collect()
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::io::Read as _;
    use std::os::unix::fs::symlink;

    use super::*;

    fn read(folder: &FolderHandle, inside: &str) -> Result<String, OpenRefusal> {
        let mut text = String::new();
        folder.open_file(Path::new(inside))?.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn only_regular_files_are_opened_and_no_link_on_the_way_is_followed() {
        let place = tempfile::tempdir().expect("a folder");
        let root = place.path().join("root");
        fs::create_dir_all(root.join("a/b")).expect("folders");
        fs::write(root.join("a/b/x"), "inside").expect("a file");
        fs::write(place.path().join("x"), "outside").expect("a file");
        symlink("../../../x", root.join("a/b/out")).expect("a link");
        symlink("x", root.join("a/b/in")).expect("a link");
        symlink("..", root.join("up")).expect("a link");
        symlink("self", root.join("self")).expect("a link");
        rustix::fs::mkfifoat(rustix::fs::CWD, root.join("pipe"), 0o600.into()).expect("a pipe");
        let folder = FolderHandle::open(&root).expect("a folder");
        assert_eq!(read(&folder, "./a/b/x").expect("a file"), "inside");
        for link in ["a/b/out", "a/b/in", "up/x", "up/root/a/b/x", "self"] {
            assert!(matches!(read(&folder, link), Err(OpenRefusal::Link)), "{link}");
        }
        for none in ["a", "pipe"] {
            assert!(matches!(read(&folder, none), Err(OpenRefusal::NotAFile)), "{none}");
        }
        for gone in ["b", "a/b/x/y", "../x", "/etc/passwd"] {
            assert!(matches!(read(&folder, gone), Err(OpenRefusal::System(_))), "{gone}");
        }
    }

    #[test]
    fn what_becomes_a_link_after_the_look_is_not_followed() {
        let place = tempfile::tempdir().expect("a folder");
        let root = place.path().join("root");
        fs::create_dir_all(root.join("sub")).expect("folders");
        fs::create_dir(place.path().join("other")).expect("a folder");
        fs::write(root.join("sub/x"), "inside").expect("a file");
        fs::write(place.path().join("other/x"), "outside").expect("a file");
        let folder = FolderHandle::open(&root).expect("a folder");
        fs::rename(root.join("sub"), root.join("moved")).expect("a folder");
        symlink("../other", root.join("sub")).expect("a link");
        assert!(matches!(read(&folder, "sub/x"), Err(OpenRefusal::Link)));
        // The folder itself is held: what takes over its path is another folder.
        fs::rename(&root, place.path().join("away")).expect("a folder");
        symlink("other", &root).expect("a link");
        assert_eq!(read(&folder, "moved/x").expect("a file"), "inside");
        // A path that had no links must not lead through one later.
        let found = place.path().canonicalize().expect("a folder").join("away/moved/x");
        assert!(open_exact(&found).is_ok());
        fs::rename(place.path().join("away"), place.path().join("again")).expect("a folder");
        symlink("again", place.path().join("away")).expect("a link");
        #[cfg(target_os = "linux")]
        assert!(matches!(open_exact(&found), Err(OpenRefusal::Link)));
        assert!(open_regular(&found).is_ok());
    }
}
