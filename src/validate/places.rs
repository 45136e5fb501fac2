//! Where files are, whatever their spelling, and how reports name them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::files::{project_root, repository_root};
use crate::input::WalkItem;
use crate::report::{ReportedPath, plain_path};

/// What a path leads to.
pub(super) struct FoundFile {
    /// Its path without links, except the last name; `None` if it is in no folder.
    pub(super) site: Option<PathBuf>,
    /// Its name in reports.
    pub(super) name: ReportedPath,
}

/// The places of the files of a run.
pub(super) struct FilePlaces {
    /// The working folder, without links.
    working: PathBuf,
    /// Folders as they were named, without links.
    folders: HashMap<PathBuf, PathBuf>,
    /// The roots of the repositories of folders without links.
    roots: HashMap<PathBuf, Option<PathBuf>>,
}

impl FilePlaces {
    /// For a process with this working folder, which is given without links.
    pub(super) fn new(working: &Path) -> Self {
        let working = working.to_owned();
        Self { working, folders: HashMap::new(), roots: HashMap::new() }
    }

    /// The working folder, without links.
    pub(super) fn working(&self) -> &Path {
        &self.working
    }

    /// What an item is.
    pub(super) fn of(&mut self, item: &WalkItem) -> FoundFile {
        match item {
            WalkItem::Input { input, .. } => match input.path() {
                Some(path) => self.file(path),
                None => FoundFile { site: None, name: ReportedPath::outside(&input.name()) },
            },
            WalkItem::Link(path, _)
            | WalkItem::NotAFile(path)
            | WalkItem::Skipped(path)
            | WalkItem::Unreadable(path, _) => self.file(path),
        }
    }

    /// What a path is.
    pub(super) fn file(&mut self, path: &Path) -> FoundFile {
        let site = self.site(path);
        let plain = plain_path(path);
        // A `..` after a link leads elsewhere than its letters.
        let name = if self.site(&plain) == site { plain } else { site.clone() };
        let folder = site.parent().unwrap_or(&site).to_owned();
        let root = self.root(&folder);
        FoundFile { name: ReportedPath::new(&name, &site, root.as_deref()), site: Some(site) }
    }

    /// The name of a file of settings, which is given without links.
    pub(super) fn settings_file(&mut self, site: &Path) -> ReportedPath {
        let root = self.root(site.parent().unwrap_or(site));
        ReportedPath::new(&seen_from(&self.working, site), site, root.as_deref())
    }

    /// A path without links, except its last name.
    pub(super) fn site(&mut self, path: &Path) -> PathBuf {
        match (path.parent(), path.file_name()) {
            (Some(folder), Some(name)) => self.folder(folder).join(name),
            _ => self.folder(path).to_owned(),
        }
    }

    fn folder(&mut self, named: &Path) -> &Path {
        let working = &self.working;
        self.folders.entry(named.to_owned()).or_insert_with(|| {
            let whole = working.join(named);
            whole.canonicalize().unwrap_or(whole)
        })
    }

    /// The root of the repository of files in a folder: the repository of the run, if they are in it, so that one in
    /// another has the path that a checkout of both gives it.
    fn root(&mut self, folder: &Path) -> Option<PathBuf> {
        let working = &self.working;
        let find = || {
            let run = repository_root(working).filter(|root| folder.starts_with(root));
            run.or_else(|| project_root(folder, working)).map(Path::to_owned)
        };
        self.roots.entry(folder.to_owned()).or_insert_with(find).clone()
    }
}

/// A file as people see it from the working folder; both are given without links. One that is neither below that folder nor
/// in one above it keeps its path.
pub(super) fn seen_from(working: &Path, file: &Path) -> PathBuf {
    if let Ok(inside) = file.strip_prefix(working) {
        return inside.to_owned();
    }
    let below = file.parent().and_then(|folder| working.strip_prefix(folder).ok());
    match (below, file.file_name()) {
        (Some(below), Some(name)) => below.iter().map(|_| "..").collect::<PathBuf>().join(name),
        _ => file.to_owned(),
    }
}
