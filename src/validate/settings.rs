//! The settings that apply to the files of a folder.

use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

use super::mapping::UsedProject;
use crate::contract::Contract;
use crate::error::{Error, Result};
use crate::lint::Waivers;
use crate::profile::{Project, ProjectNames, Projects};
use crate::provider;

/// The settings for some files.
pub(super) struct FileSettings {
    pub(super) project: UsedProject,
    /// The rules that are not reported: those of the command line and of the project.
    pub(super) waivers: Waivers,
}

/// The settings for a folder, or why they cannot be used.
pub(super) type FoundSettings = Rc<Result<FileSettings, String>>;

/// The settings of all projects in a run.
pub(super) struct SettingsCache {
    contracts: Vec<&'static Contract>,
    /// The rules that the command line ignores.
    waivers: Waivers,
    projects: Projects,
    /// Each file of settings once, by the address of what was read from it.
    known: HashMap<*const Result<Project>, FoundSettings>,
}

impl SettingsCache {
    /// `working` is the working folder, without links.
    pub(super) fn new(contracts: Vec<&'static Contract>, waivers: Waivers, working: &Path) -> Self {
        Self { contracts, waivers, projects: Projects::new(working), known: HashMap::new() }
    }

    /// The settings for the files of a folder, which is given without links. `complain` gets an error that was not
    /// reported before.
    pub(super) fn of(&mut self, folder: &Path, complain: &mut dyn FnMut(&Error)) -> FoundSettings {
        let contracts = &self.contracts;
        let why_not = |code: &str| match Waivers::check(code, contracts) {
            Ok(()) => Default::default(),
            Err(error) => (error.full_message(), error.advice().map(str::to_owned)),
        };
        let is_waivable = |code: &str| Waivers::is_waivable(code, contracts);
        let scope = |name: &str| provider::find_scope(name);
        let names = ProjectNames { is_waivable: &is_waivable, why_not: &why_not, scope: &scope };
        let project = self.projects.of(folder, names);
        if let Some(known) = self.known.get(&Rc::as_ptr(&project)) {
            return Rc::clone(known);
        }
        let settings = match &*project {
            Ok(project) => {
                let mut waivers = self.waivers.clone();
                waivers.add(project.allow.iter().cloned());
                Ok(FileSettings { project: UsedProject::new(project.clone()), waivers })
            }
            Err(error) => {
                complain(error);
                Err(error.full_message())
            }
        };
        let settings = Rc::new(settings);
        self.known.insert(Rc::as_ptr(&project), Rc::clone(&settings));
        settings
    }

    /// The rules that the command line ignores.
    pub(super) fn waivers(&self) -> &Waivers {
        &self.waivers
    }

    /// Patterns of the projects that match nothing, as messages.
    pub(super) fn unused(&self) -> Vec<String> {
        let mut unused = Vec::new();
        for settings in self.known.values().filter_map(|found| found.as_ref().as_ref().ok()) {
            let file = settings.project.path().map(|path| path.display().to_string());
            for (key, glob) in settings.project.unused() {
                let file = file.as_deref().unwrap_or_default();
                unused.push(format!("{file}: the {key} `{}` matches no file", glob.text()));
            }
        }
        unused.sort();
        unused
    }
}
