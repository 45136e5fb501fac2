//! One run over files and folders: which of them are linted, and as what.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::file::{FileLinter, LintedFile, redactor};
use super::mapping::{FileMapping, FilePlan};
use super::part::{DocumentPart, PartName, Settling, own_report, unopened_file};
use super::places::{FilePlaces, FoundFile};
use super::reporter::{ReportOutput, Reporter};
use super::settings::{FilePolicy, FileSettings, FoundSettings, SettingsCache, unused_settings};
use crate::contract::{BoundedFindings, Finding};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::input::{Input, InputFault, WalkItem, inputs, payloads};
use crate::lint::IgnoredRules;
use crate::provider;
use crate::report::{FindingSource, LeftOut, Trouble, TroublePlace};
use crate::validate::{BaselineOutput, ValidateOptions};

/// A run over payload files.
pub struct ValidateRun {
    mapping: FileMapping,
    settings: SettingsCache,
    linter: FileLinter,
    places: FilePlaces,
    /// The files of the baseline, which are not linted.
    baselines: HashSet<PathBuf>,
    today: Date,
    /// Where this run writes its reports: what lies there now is the report of an earlier run.
    reports: HashSet<PathBuf>,
    /// The files that the command line names: walks leave them to their names.
    named: HashSet<PathBuf>,
    seen: HashMap<PathBuf, FileFate>,
    /// What walks did not come to because it is hidden or ignored.
    skipped: HashSet<PathBuf>,
    /// Whether a file that the command line names was left out, or a part of it.
    left_out_named: bool,
}

/// The outcome for a file.
#[derive(Clone, Copy)]
enum FileFate {
    /// A walk left it out because of a pattern.
    Excluded,
    /// The report has it.
    Kept,
}

/// What tells a file from others, whatever the spelling of its path, and whether a link leads to it or not.
fn key_of(file: &FoundFile) -> PathBuf {
    match &file.site {
        Some(site) if site.is_symlink() => site.canonicalize().unwrap_or_else(|_| site.clone()),
        Some(site) => site.clone(),
        None => PathBuf::from(file.name.name()),
    }
}

/// More findings of a payload than people accept one by one, within the bound of their text.
const MANY: usize = usize::MAX - 1;

/// The day of a time in milliseconds since 1970, in UTC: it is the same on all machines of a team.
fn day_of(now_ms: i64) -> Date {
    let moment = Timestamp::from_millisecond(now_ms).unwrap_or_default();
    TimeZone::UTC.to_datetime(moment).date()
}

impl ValidateRun {
    /// A run that writes nothing yet. `working` is the folder to which patterns are relative, and from which herald looks
    /// for the settings of what is not in a folder.
    ///
    /// An option that names nothing is a usage error.
    pub fn new(env: &Env, options: &ValidateOptions, working: &Path) -> Result<Self> {
        let contracts = provider::contracts();
        let waivers = IgnoredRules::of(&options.allow, &contracts)?;
        let working = working.canonicalize().unwrap_or_else(|_| working.to_owned());
        let today = day_of(env.system.now_ms());
        if let Some(file) = unused_settings(&working) {
            env.ui.remark(&format!(
                "`{}` is not used: outside of a repository, settings above the working folder do not apply",
                file.display()
            ));
        }
        let mut places = FilePlaces::new(&working);
        let baselines: Vec<&PathBuf> =
            options.baseline.iter().chain(&options.write_baseline).collect();
        // A baseline needs all findings, and not only as many as are shown.
        let most = if baselines.is_empty() { options.max_findings } else { MANY };
        let mut reporter = Reporter::new(env.ui, options.max_findings);
        reporter.summary.statistics = options.statistics.then(Default::default);
        if let Some(path) = &options.baseline {
            reporter.baseline.read(path, &contracts)?;
        }
        Ok(Self {
            today,
            baselines: baselines.into_iter().map(|path| places.site(path)).collect(),
            mapping: FileMapping::parse(options, &working)?,
            settings: SettingsCache::new(contracts.clone(), waivers, options.fail_on, &working),
            linter: FileLinter::new(env.ui, env.system.now_ms(), most, reporter),
            places,
            reports: HashSet::new(),
            named: HashSet::new(),
            seen: HashMap::new(),
            skipped: HashSet::new(),
            left_out_named: false,
        })
    }

    /// The same run, writing to these outputs.
    #[must_use]
    pub fn write_to(mut self, outputs: Vec<ReportOutput>) -> Self {
        let files = outputs.iter().filter_map(|output| output.file.as_ref());
        self.reports = files.map(|file| self.places.site(file.path())).collect();
        self.linter.reporter.outputs = outputs;
        self
    }

    /// The same run, which writes its findings as a baseline.
    #[must_use]
    pub fn write_baseline(mut self, output: BaselineOutput) -> Self {
        self.linter.reporter.baseline.write_to(output);
        self
    }

    /// Lints files, the files of folders, and stdin. Links that are named may lead into the folders `allowed`.
    ///
    /// A file counts once, however often and however it is named. One that is named and in a folder counts as named.
    pub fn paths(&mut self, paths: &[PathBuf], allowed: &[PathBuf]) {
        let files = paths.iter().filter(|path| !path.is_dir());
        self.named = files.map(|path| self.places.site(path)).collect();
        paths.iter().for_each(|path| self.path(path, allowed));
    }

    fn path(&mut self, path: &Path, allowed: &[PathBuf]) {
        let mut kept = 0;
        let mut excluded = 0;
        for item in inputs(path, allowed) {
            let walked = match &item {
                WalkItem::Input { walked, .. } => *walked,
                WalkItem::Link(..) | WalkItem::NotAFile(_) | WalkItem::Skipped(_) => true,
                WalkItem::Unreadable(unreadable, _) => unreadable != path,
            };
            let file = self.places.of(&item);
            let key = key_of(&file);
            if let WalkItem::Skipped(path) = &item {
                if !self.named.contains(&key) && self.skipped.insert(key) {
                    self.linter.ui.phase("skip", &format!("`{}`", path.display()));
                    self.linter.reporter.summary.skipped += 1;
                }
                continue;
            }
            match self.seen.get(&key) {
                Some(FileFate::Excluded) => excluded += 1,
                Some(FileFate::Kept) => kept += 1,
                None if walked && self.named.contains(&key) => kept += 1,
                None => {
                    let fate = self.item(item, walked, &file);
                    match fate {
                        FileFate::Excluded => excluded += 1,
                        FileFate::Kept => kept += 1,
                    }
                    self.seen.insert(key, fate);
                }
            }
        }
        if kept > 0 || excluded == 0 {
            return;
        }
        let folder = self.places.file(path);
        if self.seen.insert(key_of(&folder), FileFate::Kept).is_none() {
            let message = format!("every payload file in `{}` is excluded", path.display());
            let error = Error::input(message).help("name a file to lint it anyway");
            let working = self.places.working().to_owned();
            let found = self.settings.of(&working, &mut |_| {});
            self.unreadable(&folder, &error, &found);
        }
    }

    fn item(&mut self, item: WalkItem, walked: bool, file: &FoundFile) -> FileFate {
        let FoundFile { site, name } = file;
        if site.as_ref().is_some_and(|site| self.baselines.contains(site)) {
            return FileFate::Kept;
        }
        let is_report = site.as_ref().is_some_and(|site| self.reports.contains(site));
        let working = self.places.working().to_owned();
        let folder = site.as_deref().and_then(Path::parent).unwrap_or(&working);
        let (reporter, places) = (&mut self.linter.reporter, &mut self.places);
        let found = self.settings.of(folder, &mut |error| {
            let name = &mut |path: &Path| places.settings_file(path);
            reporter.trouble(&Trouble::with_places(error, name));
        });
        if let (Some(site), Ok(settings)) = (site, &*found)
            && self.mapping.excludes(site, &settings.project)
        {
            if walked {
                self.linter.ui.phase("exclude", &format!("`{}`", site.display()));
                self.linter.reporter.summary.excluded += 1;
                return FileFate::Excluded;
            }
            let words =
                format!("`{name}` is named, so it is linted although a pattern excludes it");
            self.linter.ui.remark(&words);
        }
        match (item, &*found) {
            (WalkItem::Unreadable(_, error), _) => self.unreadable(file, &error, &found),
            (WalkItem::Link(_, fault), _) => self.link(file, fault.words(), &found),
            (WalkItem::NotAFile(_), _) => self.not_a_file(file, &found),
            (WalkItem::Skipped(_), _) => {}
            (WalkItem::Input { .. }, _) if is_report => self.old_report(file, &found),
            (WalkItem::Input { .. }, Err(reason)) => {
                self.linter.reporter.left_out(name, reason.clone());
            }
            (WalkItem::Input { input, walked }, Ok(settings)) => {
                match self.input(file, &input, walked, settings) {
                    Ok(()) => {}
                    Err(InputFault::Link) if walked => {
                        self.link(file, "took the place of a file", &found);
                    }
                    Err(InputFault::NotAFile) if walked => self.not_a_file(file, &found),
                    Err(fault) => self.unreadable(file, &input.error(fault), &found),
                }
            }
        }
        FileFate::Kept
    }

    fn input(
        &mut self,
        file: &FoundFile,
        input: &Input,
        walked: bool,
        settings: &FileSettings,
    ) -> Result<(), InputFault> {
        let FoundFile { site, name } = file;
        let site = site.as_deref();
        let (hint, is_mapped) = match self.mapping.plan(site, &settings.project) {
            FilePlan::Lint { hint, is_mapped } => (hint, is_mapped),
            FilePlan::LeaveOut(reason) => {
                self.linter.reporter.left_out(name, reason);
                self.linter.reporter.left_out_foreign = true;
                return Ok(());
            }
        };
        let before = self.linter.reporter.summary.left_out;
        let folder = settings.project.folder().unwrap_or(self.places.working());
        let path = site.map(|site| site.strip_prefix(folder).unwrap_or(site));
        let settling = Settling { path, walked };
        let policy = FilePolicy::of(settings, site, self.today);
        let redactor = redactor(&hint);
        let file = LintedFile { name, hint, is_mapped, settling, policy, redactor };
        let mut opened = false;
        let result = self.linter.pieces(&file, |see| {
            payloads(input, &mut |chunk| {
                opened = true;
                see(chunk);
            })
        });
        let summary = &mut self.linter.reporter.summary;
        summary.files += usize::from(opened);
        self.left_out_named |= !walked && summary.left_out > before;
        result
    }

    /// A link in a folder, which was not followed. The message shows its target as the link states it.
    fn link(&mut self, file: &FoundFile, fault: &str, found: &FoundSettings) {
        let target = file.site.as_deref().and_then(|site| site.read_link().ok());
        let target = target.map(|target| format!("to `{}` ", target.display())).unwrap_or_default();
        let message = format!("a link {target}that {fault}; it was not opened");
        self.about_file(file, unopened_file("link", message, None), found);
    }

    /// A file that a report of this run replaces.
    fn old_report(&mut self, file: &FoundFile, found: &FoundSettings) {
        self.linter.reporter.summary.unrecognised += 1;
        let settling = Settling { path: None, walked: true };
        self.about_file(file, own_report(0, &settling), found);
    }

    fn not_a_file(&mut self, file: &FoundFile, found: &FoundSettings) {
        let message = "a pipe, socket or device, which was not opened".to_owned();
        self.about_file(file, unopened_file("not-a-file", message, None), found);
    }

    fn unreadable(&mut self, file: &FoundFile, error: &Error, found: &FoundSettings) {
        let help = error.advice().map(str::to_owned);
        let finding = unopened_file("unreadable", error.full_message(), help);
        self.about_file(file, finding, found);
        self.linter.reporter.unreadable(error);
    }

    /// A finding about a whole file that was not read.
    fn about_file(
        &mut self,
        FoundFile { site, name }: &FoundFile,
        finding: Finding,
        found: &FoundSettings,
    ) {
        let source = &FindingSource::new(b"", 1, 0);
        let part = DocumentPart { name: PartName::Only, source, base: 0 };
        let site = site.as_deref();
        let policy = match &**found {
            Ok(settings) => FilePolicy::of(settings, site, self.today),
            Err(_) => self.settings.policy_without(self.today),
        };
        let findings = BoundedFindings::only(finding);
        self.linter.reporter.report(name, part, None, findings, &policy);
    }

    /// Ends the run: 0 without errors, 1 with errors, 3 if something could not be read.
    pub fn finish(mut self) -> Exit {
        let unused = self.mapping.unused().map(|flag| format!("`{flag}` matches no file"));
        for warning in unused.chain(self.settings.unused(self.today)) {
            self.linter.ui.warn(&warning);
        }
        let summary = &self.linter.reporter.summary;
        let linted = summary.payloads + summary.unrecognised + summary.found();
        let is_foreign = self.linter.reporter.left_out_foreign;
        if (self.left_out_named || is_foreign) && linted == 0 {
            let message = "nothing was linted: what was named is left out".to_owned();
            let help = "the report says why; check --as, --provider and herald.toml".to_owned();
            let error = Error::input(message.clone()).help(help.clone());
            let place = |left_out: &LeftOut| {
                let (file, message, help) =
                    (left_out.file.clone(), message.clone(), Some(help.clone()));
                TroublePlace { file, line: 1, column: 1, message, help }
            };
            let places = summary.left_out_files.first().map(place).into_iter().collect();
            self.linter.reporter.trouble(&Trouble { error: &error, places });
        }
        self.linter.reporter.finish()
    }
}
