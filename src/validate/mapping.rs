//! Which files the command line and the project's settings say are what.

use std::cell::Cell;
use std::path::Path;

use crate::contract::Contract;
use crate::contract::identify::{Named, OperationScope};
use crate::error::{Error, Result};
use crate::input::PathGlob;
use crate::lint::{PayloadHint, ReadBy};
use crate::profile::{IgnoredFindings, Project};
use crate::provider;
use crate::validate::ValidateOptions;

/// A pattern of the command line, and whether a file matched it.
struct FlagGlob {
    glob: PathGlob,
    used: Cell<bool>,
}

impl FlagGlob {
    fn new(flag: &str, text: &str, working: &Path) -> Result<Self> {
        let glob = PathGlob::new(text, working).map_err(|why| {
            Error::usage(format!("`{flag} {text}`: {why}"))
                .help("patterns have `*`, `**`, `?` and `[…]`, as in `jpush/**/*.json`")
        })?;
        Ok(Self { glob, used: Cell::new(false) })
    }

    /// Whether it excludes a file, or a folder that the file is in.
    fn covers(&self, site: &Path) -> bool {
        let covers = self.glob.covers(site);
        self.used.set(self.used.get() || covers);
        covers
    }

    fn matches(&self, site: &Path) -> bool {
        let matches = self.glob.matches(site);
        self.used.set(self.used.get() || matches);
        matches
    }
}

/// What the command line says about files.
pub(super) struct FileMapping {
    globs: Vec<(FlagGlob, OperationScope)>,
    /// The operation of `--as`.
    named: Option<Named>,
    /// The only provider, and whether `--as` says so.
    only: Option<(&'static Contract, bool)>,
    exclude: Vec<FlagGlob>,
}

/// What is to be done with a file.
pub(super) enum FilePlan {
    /// It is linted; `is_mapped` is whether a mapping says what it is.
    Lint { hint: PayloadHint, is_mapped: bool },
    /// It is not, for this reason.
    LeaveOut(String),
}

impl FileMapping {
    /// Reads the options; patterns are relative to the working folder, which is given without links. What names nothing
    /// is a usage error.
    pub(super) fn parse(options: &ValidateOptions, working: &Path) -> Result<Self> {
        let mut only = match &options.provider {
            Some(provider) => Some((provider::find(provider)?.contract(), false)),
            None => None,
        };
        let (mut globs, mut whole) = (Vec::new(), None);
        for text in &options.scopes {
            match text.rsplit_once('=') {
                Some((glob, scope)) => {
                    let scope = provider::find_scope(scope)?;
                    globs.push((FlagGlob::new("--as", glob, working)?, scope));
                }
                // Of several, the last one applies.
                None => whole = Some(provider::find_scope(text)?),
            }
        }
        if let (Some((contract, _)), Some(scope)) = (only, whole)
            && contract.id != scope.contract().id
        {
            let message = format!("`--as {scope}` is nothing of `--provider {}`", contract.id);
            return Err(Error::usage(message).help("leave one of them out"));
        }
        let named = match whole {
            Some(OperationScope::Operation(named)) => Some(named),
            Some(OperationScope::Provider(contract)) => {
                only = Some((contract, true));
                None
            }
            None => None,
        };
        let exclude = options.exclude.iter();
        let exclude: Result<Vec<FlagGlob>> =
            exclude.map(|text| FlagGlob::new("--exclude", text, working)).collect();
        Ok(Self { globs, named, only, exclude: exclude? })
    }

    /// Whether walks leave a file out.
    pub(super) fn excludes(&self, site: &Path, project: &UsedProject) -> bool {
        // Every pattern is asked, here too.
        let flags = self.exclude.iter().filter(|glob| glob.covers(site)).count();
        flags + project.excludes(site) > 0
    }

    /// What is to be done with a file; without a place in a folder, as stdin, no pattern matches it.
    pub(super) fn plan(&self, site: Option<&Path>, project: &UsedProject) -> FilePlan {
        let site = site.unwrap_or(Path::new(""));
        // Every pattern is asked, so that those without any file are known.
        let matches = self.globs.iter().map(|(glob, scope)| glob.matches(site).then_some(*scope));
        let by_glob = matches.fold(None, |last, scope| scope.or(last));
        let by_glob = by_glob.map(|scope| (scope, ReadBy::As));
        let named = self.named.map(|named| (OperationScope::Operation(named), ReadBy::As));
        let by_project = project.scope(site).map(|scope| (scope, ReadBy::Config));
        let mut hint = PayloadHint {
            operation: None,
            provider: self.only.map(|(contract, _)| contract),
            only_narrows: true,
            is_payload: self.only.is_some_and(|(_, is_as)| is_as),
        };
        let mut mapped: Option<(OperationScope, ReadBy)> = None;
        for (scope, by) in by_glob.into_iter().chain(named).chain(by_project) {
            let fits = mapped.is_none_or(|(first, _)| first.contract().id == scope.contract().id);
            if !fits {
                continue;
            }
            mapped = Some((scope, by));
            if let OperationScope::Operation(named) = scope {
                hint.operation = Some((named, by));
                break;
            }
        }
        let Some((scope, by)) = mapped else {
            return FilePlan::Lint { hint, is_mapped: false };
        };
        match self.only {
            Some((only, _)) if only.id != scope.contract().id => {
                let source = if by == ReadBy::As { "--as" } else { "herald.toml" };
                FilePlan::LeaveOut(format!("{source} says that it is for {scope}, not {}", only.id))
            }
            _ => {
                hint.provider = Some(scope.contract());
                hint.only_narrows = false;
                hint.is_payload = true;
                FilePlan::Lint { hint, is_mapped: true }
            }
        }
    }

    /// The patterns of the command line that no file matched, with their flags.
    pub(super) fn unused(&self) -> impl Iterator<Item = String> {
        let mapped = self.globs.iter().filter(|(glob, _)| !glob.used.get());
        let mapped = mapped.map(|(glob, scope)| format!("--as {}={scope}", glob.glob.text()));
        let exclude = self.exclude.iter().filter(|glob| !glob.used.get());
        mapped.chain(exclude.map(|glob| format!("--exclude {}", glob.glob.text())))
    }
}

/// The settings of a project, and which of their patterns a file matched.
#[derive(Debug)]
pub(super) struct UsedProject {
    project: Project,
    exclude: Vec<Cell<bool>>,
    files: Vec<Cell<bool>>,
}

impl UsedProject {
    pub(super) fn new(project: Project) -> Self {
        let unused = |count| vec![Cell::new(false); count];
        let (exclude, files) = (unused(project.exclude.len()), unused(project.files.len()));
        Self { project, exclude, files }
    }

    /// The folder of the settings, if there are any.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.project.path.as_deref()?.parent()
    }

    /// How many patterns of `exclude` a file matches.
    fn excludes(&self, site: &Path) -> usize {
        let all = self.project.exclude.iter().zip(&self.exclude);
        all.filter(|(glob, _)| glob.covers(site)).map(|(_, used)| used.set(true)).count()
    }

    /// What the last of the patterns that match says.
    fn scope(&self, site: &Path) -> Option<OperationScope> {
        let mut last = None;
        for ((glob, scope), used) in self.project.files.iter().zip(&self.files) {
            if glob.matches(site) {
                used.set(true);
                last = Some(*scope);
            }
        }
        last
    }

    /// The patterns that no file matched, of the run and in the project's folder.
    pub(super) fn unused(&self) -> Vec<(&'static str, &PathGlob)> {
        let exclude = self.project.exclude.iter().zip(&self.exclude);
        let exclude = exclude.filter(|(_, used)| !used.get()).map(|(glob, _)| ("exclude", glob));
        let files = self.project.files.iter().zip(&self.files);
        let files = files.filter(|(_, used)| !used.get()).map(|((glob, _), _)| ("path", glob));
        exclude.chain(files).filter(|(_, glob)| !glob.has_match()).collect()
    }

    /// The findings that the project has accepted.
    pub(super) fn ignores(&self) -> &[IgnoredFindings] {
        &self.project.ignores
    }

    /// The file of the settings, for messages.
    pub(super) fn path(&self) -> Option<&Path> {
        self.project.path.as_deref()
    }
}
