//! From the paths of the command line to files.

use std::collections::HashSet;
use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{DirEntry, Walk, WalkBuilder};

use super::Input;
use crate::error::{Error, Result};
use crate::files::{FolderHandle, GIT, LinkFault, is_below, link_fault, repository_root, resolve};

/// Endings of the names of payload files.
const ENDINGS: [&str; 3] = ["json", "ndjson", "jsonl"];

/// Files that say what a walk skips, and the largest size of one: all of it is read.
const IGNORE_FILES: [&str; 2] = [".gitignore", ".ignore"];
const MAX_IGNORE_FILE: u64 = 1 << 20;

/// What a path of the command line leads to.
#[derive(Debug)]
pub enum WalkItem {
    /// Something to read; `walked` if a walk found it, and the command line did not name it.
    Input {
        /// Where it is read from.
        input: Input,
        /// Whether a walk found it.
        walked: bool,
    },
    /// A link in a walked folder, which is not followed.
    Link(PathBuf, LinkFault),
    /// A pipe, a socket or a device in a walked folder, which is not opened.
    NotAFile(PathBuf),
    /// A payload file or a folder that the walk does not enter: it is hidden, or an ignore file says so.
    Skipped(PathBuf),
    /// A file or folder that cannot be read, or a folder in which there is nothing to read.
    Unreadable(PathBuf, Error),
}

/// The inputs behind a path of the command line, in order; a folder gives its payload files by name. Links that the
/// command line names are followed as [`resolve`] says; in a folder, a link is read only if it leads to a file that the
/// walk reads as well.
pub fn inputs(path: &Path, allowed: &[PathBuf]) -> Box<dyn Iterator<Item = WalkItem>> {
    let unreadable = |error| WalkItem::Unreadable(path.to_owned(), error);
    if path != Path::new("-") && path.is_dir() {
        match FolderWalk::new(path, allowed) {
            Ok(walk) => Box::new(walk),
            Err(error) => Box::new(std::iter::once(unreadable(error))),
        }
    } else {
        let input = Input::named(path, allowed);
        let item = input.map(|input| WalkItem::Input { input, walked: false });
        Box::new(std::iter::once(item.unwrap_or_else(unreadable)))
    }
}

/// What a walk reports besides its entries.
type WalkQueue = Arc<Mutex<Vec<WalkItem>>>;

/// The payload files below a folder, and a message for what is skipped. `.gitignore` is used with or without a
/// repository around it.
struct FolderWalk {
    named: PathBuf,
    root: Arc<FolderHandle>,
    walk: Walk,
    told: WalkQueue,
    /// The files of the walk by their paths below the folder; computed when a link needs them.
    files: Option<HashSet<PathBuf>>,
    /// The folders of the walk, and the entries that it came to, by their paths below the folder.
    folders: Vec<PathBuf>,
    seen: HashSet<PathBuf>,
    /// What the walk did not come to; computed at its end.
    beside: Vec<WalkItem>,
    looked_beside: bool,
    found: bool,
    ended: bool,
}

impl FolderWalk {
    fn new(named: &Path, allowed: &[PathBuf]) -> Result<Self> {
        let cannot = |why| cannot_read_folder(named).because(why);
        let found = resolve(named, allowed)?;
        let root = Arc::new(FolderHandle::open_exact(found).map_err(cannot)?);
        // The ignore files of the folders around it apply as well.
        let bounds = repository_root(root.path()).unwrap_or(Path::new("/"));
        for folder in root.path().ancestors().skip(1) {
            match ignore_file_fault(folder, folder, bounds) {
                Some(WalkItem::Link(path, fault)) => {
                    return Err(Error::input(format!(
                        "`{}` is a link that {}, and is not read",
                        path.display(),
                        fault.words()
                    ))
                    .help("put a file in its place"));
                }
                Some(WalkItem::Unreadable(_, error)) => return Err(error),
                _ => {}
            }
        }
        let told = WalkQueue::default();
        let walk = walk(&root, named, &told);
        Ok(Self {
            named: named.to_owned(),
            root,
            walk,
            told,
            files: None,
            folders: Vec::new(),
            seen: HashSet::new(),
            beside: Vec::new(),
            looked_beside: false,
            found: false,
            ended: false,
        })
    }

    /// How a linter treats an entry.
    fn entry(&mut self, entry: DirEntry) -> Option<WalkItem> {
        let kind = entry.file_type()?;
        let inside = entry.path().strip_prefix(self.root.path()).unwrap_or(entry.path());
        let shown = self.named.join(inside);
        if kind.is_dir() || kind.is_symlink() || holds_payloads(inside) {
            self.seen.insert(inside.to_owned());
        }
        if entry.depth() == 0 || kind.is_dir() {
            self.folders.push(inside.to_owned());
            None
        } else if kind.is_symlink() {
            self.link(entry.path(), shown)
        } else if !kind.is_file() {
            Some(WalkItem::NotAFile(shown))
        } else if holds_payloads(inside) {
            Some(self.input(inside.to_owned(), shown))
        } else {
            None
        }
    }

    /// A link is read if it leads to a file that the walk finds as well. A link to a folder inside is skipped: the walk
    /// reads that folder in its real place.
    fn link(&mut self, path: &Path, shown: PathBuf) -> Option<WalkItem> {
        let faulty = |shown, fault| Some(WalkItem::Link(shown, fault));
        let target = match path.canonicalize() {
            Ok(target) => target,
            Err(error) => return faulty(shown, link_fault(&error)),
        };
        if !is_below(&target, self.root.path()) {
            return faulty(shown, LinkFault::Outside);
        }
        let about = match target.symlink_metadata() {
            Ok(about) => about,
            Err(error) => return faulty(shown, link_fault(&error)),
        };
        if about.is_dir() {
            let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
            let is_circle = folder.is_none_or(|folder| folder.starts_with(&target));
            return if is_circle { faulty(shown, LinkFault::Circle) } else { None };
        }
        if !about.is_file() {
            return Some(WalkItem::NotAFile(shown));
        }
        if !holds_payloads(path) {
            return None;
        }
        let inside = target.strip_prefix(self.root.path()).unwrap_or(&target).to_owned();
        if self.files().contains(&inside) {
            // The walk reads it in its real place, if that has the name of a payload file.
            if holds_payloads(&inside) { None } else { Some(self.input(inside, shown)) }
        } else {
            faulty(shown, LinkFault::LeftOut)
        }
    }

    /// The payload files and folders beside those that the walk came to. git's own data is no part of a project.
    fn skipped(&self) -> Vec<WalkItem> {
        let mut skipped = Vec::new();
        for folder in &self.folders {
            let Ok(entries) = self.root.path().join(folder).read_dir() else { continue };
            for entry in entries.flatten() {
                let inside = folder.join(entry.file_name());
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                let matters = (is_folder && entry.file_name() != GIT) || holds_payloads(&inside);
                if matters && !self.seen.contains(&inside) {
                    skipped.push(self.named.join(inside));
                }
            }
        }
        skipped.sort_unstable_by(|one, other| other.cmp(one));
        skipped.into_iter().map(WalkItem::Skipped).collect()
    }

    fn input(&self, inside: PathBuf, shown: PathBuf) -> WalkItem {
        WalkItem::Input { input: Input::below(&self.root, inside, shown), walked: true }
    }

    /// An error of the walk with its path, in the words of the system.
    fn cannot_walk(&self, why: ignore::Error) -> WalkItem {
        let inside = match &why {
            ignore::Error::WithPath { path, .. } => path.strip_prefix(self.root.path()).ok(),
            _ => None,
        };
        let inside = inside.filter(|inside| !inside.as_os_str().is_empty());
        let path = inside.map_or_else(|| self.named.clone(), |inside| self.named.join(inside));
        let error = cannot_read_folder(&path);
        let Some(io) = why.io_error() else {
            return WalkItem::Unreadable(path, error.because(why));
        };
        let error = match io.kind() {
            ErrorKind::PermissionDenied => error.help("make it readable for you"),
            _ => error,
        };
        // The walk wraps the error of the system, and repeats the path.
        let inner = io.get_ref().and_then(|walk| walk.source()).map(ToString::to_string);
        let inner = anyhow::Error::msg(inner.unwrap_or_else(|| io.to_string()));
        WalkItem::Unreadable(path, error.because(inner))
    }

    /// Every file that the walk finds, whatever its ending.
    fn files(&mut self) -> &HashSet<PathBuf> {
        let (root, named) = (&self.root, &self.named);
        self.files.get_or_insert_with(|| {
            let entries = walk(root, named, &WalkQueue::default()).flatten();
            let files =
                entries.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
            let inside =
                |entry: DirEntry| Some(entry.path().strip_prefix(root.path()).ok()?.to_owned());
            files.filter_map(inside).collect()
        })
    }
}

impl Iterator for FolderWalk {
    type Item = WalkItem;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let told = self.told.lock().unwrap_or_else(PoisonError::into_inner).pop();
            if let Some(WalkItem::Link(path, _) | WalkItem::Unreadable(path, _)) = &told {
                let folder = path.parent().and_then(|folder| folder.strip_prefix(&self.named).ok());
                self.seen.extend(folder.map(Path::to_owned));
            }
            let next = match told {
                Some(told) => Some(told),
                None if self.ended => break,
                None => match self.walk.next() {
                    Some(Ok(entry)) => self.entry(entry),
                    Some(Err(why)) => Some(self.cannot_walk(why)),
                    None => {
                        self.ended = true;
                        None
                    }
                },
            };
            if next.is_some() {
                self.found = true;
                return next;
            }
        }
        if !std::mem::replace(&mut self.looked_beside, true) {
            self.beside = self.skipped();
        }
        if let Some(skipped) = self.beside.pop() {
            return Some(skipped);
        }
        if std::mem::replace(&mut self.found, true) {
            return None;
        }
        let message = format!("the folder `{}` holds no payload file", self.named.display());
        let help = "payload files end in .json, .ndjson or .jsonl; .gitignore is honoured";
        Some(WalkItem::Unreadable(self.named.clone(), Error::input(message).help(help)))
    }
}

/// A walk that enters no folder whose ignore file must not be read, and reports it.
fn walk(root: &FolderHandle, named: &Path, told: &WalkQueue) -> Walk {
    let mut builder = WalkBuilder::new(root.path());
    // What one machine alone ignores must not change a report: the ignore files of the folders count, and no others.
    builder.require_git(false).git_global(false).git_exclude(false).sort_by_file_name(Ord::cmp);
    let (bounds, named, queue) = (root.path().to_owned(), named.to_owned(), Arc::clone(told));
    let tell = move |folder: &Path| {
        let shown = named.join(folder.strip_prefix(&bounds).unwrap_or(folder));
        let fault = ignore_file_fault(folder, &shown, &bounds);
        let is_fine = fault.is_none();
        queue.lock().unwrap_or_else(PoisonError::into_inner).extend(fault);
        is_fine
    };
    // The filter is not called for the folder itself.
    if !tell(root.path()) {
        builder.max_depth(Some(0)).git_ignore(false).ignore(false);
    }
    builder.filter_entry(move |entry| {
        !entry.file_type().is_some_and(|kind| kind.is_dir()) || tell(entry.path())
    });
    builder.build()
}

/// Why the ignore files of a folder must not be read: a link out of `bounds`, not a regular file, or no end. `shown` is
/// the name of the folder in messages.
fn ignore_file_fault(folder: &Path, shown: &Path, bounds: &Path) -> Option<WalkItem> {
    IGNORE_FILES.into_iter().find_map(|name| {
        let (path, shown) = (folder.join(name), shown.join(name));
        let about = path.symlink_metadata().ok()?;
        if !about.is_symlink() {
            return unreadable_ignore_file(&shown, &about);
        }
        match path.canonicalize() {
            Err(error) => Some(WalkItem::Link(shown, link_fault(&error))),
            Ok(target) if is_below(&target, bounds) => {
                unreadable_ignore_file(&shown, &target.metadata().ok()?)
            }
            Ok(_) => Some(WalkItem::Link(shown, LinkFault::Outside)),
        }
    })
}

fn unreadable_ignore_file(path: &Path, about: &Metadata) -> Option<WalkItem> {
    let why = match about {
        about if about.is_dir() => return None,
        about if !about.is_file() => "is not a regular file",
        about if about.len() > MAX_IGNORE_FILE => "is larger than 1 MiB",
        _ => return None,
    };
    let error = Error::input(format!("`{}` {why}, and is not read", path.display()));
    let help = "without it a walk cannot tell what to leave out: the folder is not linted";
    Some(WalkItem::Unreadable(path.to_owned(), error.help(help)))
}

fn cannot_read_folder(folder: &Path) -> Error {
    Error::input(format!("cannot read the folder `{}`", folder.display()))
}

fn holds_payloads(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
    ENDINGS.iter().any(|known| ending == *known)
}

#[cfg(test)]
mod tests;
