//! One run over files and folders: which of them are linted, and as what.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::file::{FileLinter, LintedFile};
use super::mapping::{FileMapping, FilePlan};
use super::part::{DocumentPart, Settling};
use super::reporter::{ReportOutput, Reporter};
use super::settings::{FileSettings, FoundSettings, SettingsCache};
use crate::contract::{BoundedFindings, Context, json_rules};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::input::{Input, InputFault, WalkItem, inputs, payloads};
use crate::lint::{Recogniser, Waivers, unopened};
use crate::provider;
use crate::report::FindingSource;
use crate::validate::ValidateOptions;

/// A run over payload files.
pub struct ValidateRun {
    mapping: FileMapping,
    settings: SettingsCache,
    linter: FileLinter,
    /// The working folder, without links.
    working: PathBuf,
    /// Folders as they were named, without links.
    folders: HashMap<PathBuf, PathBuf>,
}

impl ValidateRun {
    /// A run that writes nothing yet. `working` is the folder to which patterns are relative, and from which herald looks
    /// for the settings of what is not in a folder.
    ///
    /// An option that names nothing is a usage error.
    pub fn new(env: &Env, options: &ValidateOptions, working: &Path) -> Result<Self> {
        let contracts = provider::contracts();
        let waivers = Waivers::of(&options.allow, &contracts)?;
        let working = working.canonicalize().unwrap_or_else(|_| working.to_owned());
        let most = options.max_findings;
        Ok(Self {
            mapping: FileMapping::parse(options, &working)?,
            settings: SettingsCache::new(contracts.clone(), waivers, &working),
            linter: FileLinter {
                ui: env.ui,
                recogniser: Recogniser::new(contracts, most),
                context: Context { now_ms: Some(env.system.now_ms()), ..Context::default() },
                most,
                reporter: Reporter::new(env.ui, most),
            },
            working,
            folders: HashMap::new(),
        })
    }

    /// The same run, writing to these outputs.
    #[must_use]
    pub fn write_to(mut self, outputs: Vec<ReportOutput>) -> Self {
        self.linter.reporter.outputs = outputs;
        self
    }

    /// Lints a file, the files of a folder, or stdin. Links that are named may lead into the folders `allowed`.
    pub fn path(&mut self, path: &Path, allowed: &[PathBuf]) {
        let mut kept = 0;
        let mut excluded = 0;
        for item in inputs(path, allowed) {
            let walked = match &item {
                WalkItem::Input { walked, .. } => *walked,
                WalkItem::Link(..) | WalkItem::NotAFile(_) => true,
                WalkItem::Unreadable(unreadable, _) => unreadable != path,
            };
            let site = self.site_of(&item);
            let folder = site.as_deref().and_then(Path::parent).unwrap_or(&self.working).to_owned();
            let reporter = &mut self.linter.reporter;
            let found = self.settings.of(&folder, &mut |error| reporter.trouble(error));
            if walked
                && let (Some(site), Ok(settings)) = (&site, &*found)
                && self.mapping.excludes(site, &settings.project)
            {
                self.linter.ui.phase("exclude", &format!("`{}`", site.display()));
                self.linter.reporter.summary.excluded += 1;
                excluded += 1;
                continue;
            }
            kept += 1;
            self.item(item, site.as_deref(), &found);
        }
        if kept == 0 && excluded > 0 {
            let message = format!("every payload file in `{}` is excluded", path.display());
            let error = Error::input(message).help("name a file to lint it all the same");
            let folder = self.working.clone();
            let found = self.settings.of(&folder, &mut |_| {});
            self.unreadable(&path.display().to_string(), &error, &found);
        }
    }

    /// The place of an item without links, but for itself; `None` if it is in no folder.
    fn site_of(&mut self, item: &WalkItem) -> Option<PathBuf> {
        let path = match item {
            WalkItem::Input { input, .. } => input.path()?,
            WalkItem::Link(path, _) | WalkItem::NotAFile(path) | WalkItem::Unreadable(path, _) => {
                path
            }
        };
        let named = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let named = named.unwrap_or(Path::new("."));
        let folder = match self.folders.get(named) {
            Some(folder) => folder.clone(),
            None => {
                let whole = self.working.join(named);
                let folder = whole.canonicalize().unwrap_or(whole);
                self.folders.insert(named.to_owned(), folder.clone());
                folder
            }
        };
        Some(path.file_name().map_or_else(|| folder.clone(), |name| folder.join(name)))
    }

    fn item(&mut self, item: WalkItem, site: Option<&Path>, found: &FoundSettings) {
        let shown = |path: &Path| path.display().to_string();
        match (item, &**found) {
            (WalkItem::Unreadable(path, error), _) => self.unreadable(&shown(&path), &error, found),
            (WalkItem::Link(path, fault), _) => self.link(&shown(&path), fault.words(), found),
            (WalkItem::NotAFile(path), _) => self.not_a_file(&shown(&path), found),
            (WalkItem::Input { input, .. }, Err(reason)) => {
                self.linter.reporter.left_out(&input.name(), reason.clone());
            }
            (WalkItem::Input { input, walked }, Ok(settings)) => {
                let name = input.name();
                match self.input(&name, &input, walked, site, settings) {
                    Ok(()) => {}
                    Err(InputFault::Link) if walked => {
                        self.link(&name, "took the place of a file", found);
                    }
                    Err(InputFault::NotAFile) if walked => self.not_a_file(&name, found),
                    Err(fault) => self.unreadable(&name, &input.error(fault), found),
                }
            }
        }
    }

    fn input(
        &mut self,
        name: &str,
        input: &Input,
        walked: bool,
        site: Option<&Path>,
        settings: &FileSettings,
    ) -> Result<(), InputFault> {
        let (hint, is_mapped) = match self.mapping.plan(site, &settings.project) {
            FilePlan::Lint { hint, is_mapped } => (hint, is_mapped),
            FilePlan::LeaveOut(reason) => {
                self.linter.reporter.left_out(name, reason);
                return Ok(());
            }
        };
        let folder = settings.project.folder().unwrap_or(&self.working);
        let path = site.map(|site| site.strip_prefix(folder).unwrap_or(site));
        let settling = Settling { path, walked };
        let waivers = &settings.waivers;
        let file = LintedFile { name, hint, is_mapped, settling, waivers };
        let mut opened = false;
        let linter = &mut self.linter;
        let result = payloads(input, &mut |chunk| {
            opened = true;
            linter.chunk(&file, &chunk);
        });
        self.linter.reporter.summary.files += usize::from(opened);
        result
    }

    /// A link in a folder, which was not followed. The message shows its target as the link states it.
    fn link(&mut self, file: &str, fault: &str, found: &FoundSettings) {
        let target = Path::new(file).read_link();
        let target = target.map(|target| format!("to `{}` ", target.display())).unwrap_or_default();
        let message = format!("a link {target}that {fault}; it was not opened");
        self.about_file(file, "link", message, None, found);
    }

    fn not_a_file(&mut self, file: &str, found: &FoundSettings) {
        let message = "not a regular file; it was not opened".to_owned();
        self.about_file(file, "not-a-file", message, None, found);
    }

    fn unreadable(&mut self, file: &str, error: &Error, found: &FoundSettings) {
        let help = error.advice().map(str::to_owned);
        self.about_file(file, "unreadable", error.full_message(), help, found);
        self.linter.reporter.unreadable(error);
    }

    /// A finding about a whole file that was not read.
    fn about_file(
        &mut self,
        file: &str,
        rule: &str,
        message: String,
        help: Option<String>,
        found: &FoundSettings,
    ) {
        let rule = json_rules::find(rule).expect("the table has this row");
        let source = &FindingSource::new(b"", 1, 0);
        let part = DocumentPart { part: String::new(), source, base: 0 };
        let mut finding = unopened(rule, message);
        finding.help = help.or(finding.help);
        let waivers = match &**found {
            Ok(settings) => &settings.waivers,
            Err(_) => self.settings.waivers(),
        };
        let findings = BoundedFindings::only(finding);
        self.linter.reporter.report(file, part, None, findings, waivers);
    }

    /// Ends the run: 0 without errors, 1 with errors, 3 if something could not be read.
    pub fn finish(self) -> Exit {
        let unused = self.mapping.unused().map(|flag| format!("`{flag}` matches no file"));
        for warning in unused.chain(self.settings.unused()) {
            self.linter.ui.warn(&warning);
        }
        self.linter.reporter.finish()
    }
}
