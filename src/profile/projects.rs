//! Which settings apply to which files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::{Project, ProjectNames};
use crate::error::Result;
use crate::files::project_root;

/// The settings for folders, each file of settings read once.
///
/// For the files of a folder, the nearest `herald.toml` applies, from the folder up to the root of its repository. Outside
/// of a repository the search ends with the working folder, or with the folder itself if it is not below that.
#[derive(Debug)]
pub struct Projects {
    /// Without links.
    working: PathBuf,
    known: HashMap<PathBuf, Rc<Result<Project>>>,
}

impl Projects {
    /// For a process with this working folder, which is given without links.
    pub fn new(working: &Path) -> Self {
        Self { working: working.to_owned(), known: HashMap::new() }
    }

    /// The settings for the files of a folder, which is given without links; empty if there are none. An error says why
    /// they cannot be used.
    pub fn of(&mut self, folder: &Path, names: ProjectNames<'_>) -> Rc<Result<Project>> {
        if let Some(known) = self.known.get(folder) {
            return Rc::clone(known);
        }
        let root = project_root(folder, &self.working).unwrap_or(folder).to_owned();
        self.up_to(&root, folder, names)
    }

    fn up_to(
        &mut self,
        root: &Path,
        folder: &Path,
        names: ProjectNames<'_>,
    ) -> Rc<Result<Project>> {
        if let Some(known) = self.known.get(folder) {
            return Rc::clone(known);
        }
        let found = match Project::of_folder(folder, names) {
            Ok(Some(project)) => Rc::new(Ok(project)),
            Ok(None) => match folder.parent().filter(|_| folder != root) {
                Some(parent) => self.up_to(root, parent, names),
                None => Rc::new(Ok(Project::default())),
            },
            Err(error) => Rc::new(Err(error)),
        };
        self.known.insert(folder.to_owned(), Rc::clone(&found));
        found
    }
}
