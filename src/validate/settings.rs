//! The settings that apply to the files of a folder.

use std::cell::Cell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use jiff::civil::Date;

use super::mapping::UsedProject;
use super::places::seen_from;
pub(super) use super::policy::FilePolicy;
use crate::contract::{Contract, Rule, Severity};
use crate::error::{Error, Result};
use crate::files::repository_root;
use crate::lint::IgnoredRules;
use crate::profile::{IgnoredFindings, PROJECT_FILE, Project, ProjectNames, Projects};
use crate::provider;

/// The settings for some files.
pub(super) struct FileSettings {
    pub(super) project: UsedProject,
    /// The rules that are not reported: those of the command line and of the project.
    pub(super) waivers: IgnoredRules,
    /// The least severity of a finding that makes the run fail.
    pub(super) fail_on: Severity,
    /// The severities that the project gives to rules, by their codes.
    severities: HashMap<String, Severity>,
    /// Which sections `[[lint.ignore]]` were about a finding.
    used_sections: Vec<Cell<bool>>,
}

impl FileSettings {
    fn new(project: &Project, waivers: &IgnoredRules, fail_on: Option<Severity>) -> Self {
        let mut waivers = waivers.clone();
        waivers.add(project.allow.iter().cloned());
        Self {
            waivers,
            fail_on: fail_on.or(project.fail_on).unwrap_or(Severity::Error),
            severities: project.severities.iter().cloned().collect(),
            used_sections: vec![Cell::new(false); project.ignores.len()],
            project: UsedProject::new(project.clone()),
        }
    }

    /// Whether the project gives severities to rules.
    pub(super) fn has_own_severities(&self) -> bool {
        !self.severities.is_empty()
    }

    /// The severity that the project gives to a rule.
    pub(super) fn severity(&self, space: &str, rule: &Rule) -> Option<Severity> {
        if self.severities.is_empty() {
            return None;
        }
        self.severities.get(&format!("{space}/{}", rule.id)).copied()
    }

    /// The sections `[[lint.ignore]]` that are about a file, by their numbers.
    pub(super) fn sections(&self, site: Option<&Path>) -> Vec<usize> {
        let Some(site) = site else { return Vec::new() };
        let all = self.project.ignores().iter().enumerate();
        all.filter(|(_, section)| section.path.matches(site)).map(|(number, _)| number).collect()
    }

    pub(super) fn section(&self, number: usize) -> &IgnoredFindings {
        &self.project.ignores()[number]
    }

    /// Notes that a section was about a finding.
    pub(super) fn use_section(&self, number: usize) {
        self.used_sections[number].set(true);
    }

    /// The sections `[[lint.ignore]]` that do nothing any more, as messages.
    fn idle_sections(&self, file: Option<&str>, today: Date) -> Vec<String> {
        let Some(file) = file else { return Vec::new() };
        let sections = self.project.ignores().iter().zip(&self.used_sections);
        let words = |(section, used): (&IgnoredFindings, &Cell<bool>)| {
            let IgnoredFindings { rule, line, .. } = section;
            let place = format!("{file}:{line}: the [[lint.ignore]] of `{rule}`");
            match section.until.filter(|_| section.has_ended(today)) {
                Some(until) => Some(format!("{place} ended on {until}")),
                None if used.get() => None,
                None => Some(format!("{place} in `{}` is about no finding", section.path.text())),
            }
        };
        sections.filter_map(words).collect()
    }
}

/// The error about a file of settings with the path as people see it from the working folder.
fn shown_error(error: &Error, working: &Path) -> Error {
    let mut faults = error.faults().to_vec();
    let path = faults.first().map(|fault| fault.path.clone()).unwrap_or_default();
    let seen = seen_from(working, &path).display().to_string();
    let renamed = |text: &str| match path.to_str() {
        Some(path) if !path.is_empty() => text.replace(path, &seen),
        _ => text.to_owned(),
    };
    let message = renamed(&error.full_message());
    for fault in &mut faults {
        fault.message = renamed(&fault.message);
        // What made the whole file unreadable is known to the error alone.
        if message.starts_with(&fault.message) {
            fault.message.clone_from(&message);
        }
    }
    let mut shown = Error::new(error.kind(), message).at(faults);
    if let Some(help) = error.advice() {
        shown = shown.help(renamed(help));
    }
    match error.shown_excerpt() {
        Some(excerpt) => shown.excerpt(excerpt),
        None => shown,
    }
}

/// Settings above the working folder that do not apply, because no repository reaches so far.
pub(super) fn unused_settings(working: &Path) -> Option<PathBuf> {
    if repository_root(working).is_some() {
        return None;
    }
    working.ancestors().skip(1).map(|folder| folder.join(PROJECT_FILE)).find(|path| path.is_file())
}

/// The settings for a folder, or why they cannot be used.
pub(super) type FoundSettings = Rc<Result<FileSettings, String>>;

/// The settings of all projects in a run.
pub(super) struct SettingsCache {
    contracts: Vec<&'static Contract>,
    /// The rules that the command line ignores.
    waivers: IgnoredRules,
    /// The least severity of a finding that makes the run fail, if the command line says so.
    fail_on: Option<Severity>,
    projects: Projects,
    /// The working folder, without links.
    working: PathBuf,
    /// Each file of settings once, by the address of what was read from it.
    known: HashMap<*const Result<Project>, FoundSettings>,
}

impl SettingsCache {
    /// `working` is the working folder, without links.
    pub(super) fn new(
        contracts: Vec<&'static Contract>,
        waivers: IgnoredRules,
        fail_on: Option<Severity>,
        working: &Path,
    ) -> Self {
        let (projects, working) = (Projects::new(working), working.to_owned());
        Self { contracts, waivers, fail_on, projects, working, known: HashMap::new() }
    }

    /// The settings for the files of a folder, which is given without links. `complain` gets an error that was not
    /// reported before.
    pub(super) fn of(&mut self, folder: &Path, complain: &mut dyn FnMut(&Error)) -> FoundSettings {
        let contracts = &self.contracts;
        let why_not = |code: &str| match IgnoredRules::check(code, contracts) {
            Ok(()) => Default::default(),
            Err(error) => (error.full_message(), error.advice().map(str::to_owned)),
        };
        let is_waivable = |code: &str| IgnoredRules::is_waivable(code, contracts);
        let scope = |name: &str| provider::find_scope(name);
        let names = ProjectNames { is_waivable: &is_waivable, why_not: &why_not, scope: &scope };
        let project = self.projects.of(folder, names);
        if let Some(known) = self.known.get(&Rc::as_ptr(&project)) {
            return Rc::clone(known);
        }
        let settings = match &*project {
            Ok(project) => Ok(FileSettings::new(project, &self.waivers, self.fail_on)),
            Err(error) => {
                let error = shown_error(error, &self.working);
                complain(&error);
                Err(error.full_message())
            }
        };
        let settings = Rc::new(settings);
        self.known.insert(Rc::as_ptr(&project), Rc::clone(&settings));
        settings
    }

    /// The policy for files whose settings cannot be used.
    pub(super) fn policy_without(&self, today: Date) -> FilePolicy<'_> {
        let fail_on = self.fail_on.unwrap_or(Severity::Error);
        FilePolicy::without_settings(&self.waivers, fail_on, today)
    }

    /// What of the projects does nothing, as messages: patterns that match no file, and accepted findings that are none.
    pub(super) fn unused(&self, today: Date) -> Vec<String> {
        let mut unused = Vec::new();
        for settings in self.known.values().filter_map(|found| found.as_ref().as_ref().ok()) {
            let file = settings.project.path().map(|path| seen_from(&self.working, path));
            let file = file.map(|path| path.display().to_string());
            for (key, glob) in settings.project.unused() {
                let file = file.as_deref().unwrap_or_default();
                unused.push(format!("{file}: the {key} `{}` matches no file", glob.text()));
            }
            unused.extend(settings.idle_sections(file.as_deref(), today));
        }
        unused.sort();
        unused
    }
}
