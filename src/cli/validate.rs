//! `herald validate`: lints payload files, folders, NDJSON and stdin. Offline, without credentials.

use std::path::{Path, PathBuf};

use crate::contract::Severity;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::files::KeptFile;
use crate::lint::TOLD;
use crate::report::{Destination, FindingStyle, ReportWish, renderer};
use crate::send::kept_files::kept_files;
use crate::send::options::SendOptions;
use crate::validate::{BaselineOutput, ReportOutput, ValidateOptions, ValidateRun};

const EXAMPLES: &str = "\
Examples:
  echo '{\"platform\":\"all\",\"audience\":\"all\",\"notification\":{\"alert\":\"hello\"}}' > push.json
  herald validate --as jpush-v3/push push.json
  herald validate --as 'push*.json=jpush-v3/push' --exclude '**/package.json' --report sarif=herald.sarif .";

/// Flags of `validate`.
#[derive(Clone, Debug, clap::Args)]
#[command(before_help = EXAMPLES)]
pub(super) struct Args {
    /// Files and folders; `-` is stdin
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Operation of the payloads; repeatable
    ///
    /// PROVIDER/OPERATION is for every payload. PROVIDER leaves only its own operations to choose from. GLOB= before
    /// one of them is for the files that match, relative to the current folder; the last match counts. Without --as,
    /// `[[lint.files]]` in herald.toml says which operation a file is for (path = "jpush/**/*.json", as =
    /// "jpush-v3/push"); then the payload itself ({"$schema": "jpush-v3/push", ...}); then its keys.
    #[arg(long = "as", value_name = "[GLOB=]OPERATION")]
    pub scopes: Vec<String>,
    /// Leave out matching files of folders; repeatable
    ///
    /// GLOB has `*`, `**`, `?` and `[...]`, and is relative to the current folder. A file that you name is linted in
    /// any case. `exclude` in herald.toml does the same for everybody who works on the project.
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,
    /// Ignore this rule, as jpush-v2/V2-13; repeatable
    #[arg(long = "allow", value_name = "CODE")]
    pub allow: Vec<String>,
    /// Also write a report into this file; repeatable
    ///
    /// FORMAT is human, concise, json, ndjson, sarif, junit, github, gitlab or markdown. Example: --report
    /// sarif=herald.sarif
    #[arg(long = "report", value_name = "FORMAT=PATH")]
    pub reports: Vec<String>,
    /// Lowest severity that makes the run fail
    ///
    /// A run that fails ends with exit code 1. The default is fail_on in herald.toml, or error.
    #[arg(long, value_name = "SEVERITY", value_enum, hide_default_value = true)]
    pub fail_on: Option<FailOn>,
    /// Leave out the findings in this baseline
    ///
    /// Only new findings are shown, and only they make the run fail.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write all findings into this baseline
    ///
    /// For a repository that already has findings: run `--write-baseline herald.baseline` once, then `--baseline
    /// herald.baseline` every time. Entries stay right when lines move. A text that is not JSON stays an error.
    #[arg(long, value_name = "FILE")]
    pub write_baseline: Option<PathBuf>,
    /// Show at most this many findings, errors first; count the rest
    #[arg(long, value_name = "N", default_value_t = TOLD)]
    pub max_findings: usize,
    /// Also show how many findings each rule has
    #[arg(long)]
    pub statistics: bool,
    /// Follow named links into this folder too; repeatable
    ///
    /// A link that you name may lead anywhere in its repository, or in the current folder if there is none. A link
    /// inside a folder is never followed out of that folder.
    #[arg(long, value_name = "DIR")]
    pub allow_path: Vec<PathBuf>,
}

/// Values of `--fail-on`.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum FailOn {
    /// Errors
    Error,
    /// Errors and warnings
    Warning,
}

impl FailOn {
    fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
        }
    }
}

impl Default for Args {
    fn default() -> Self {
        Self {
            paths: Vec::new(),
            scopes: Vec::new(),
            exclude: Vec::new(),
            allow: Vec::new(),
            reports: Vec::new(),
            fail_on: None,
            baseline: None,
            write_baseline: None,
            max_findings: TOLD,
            statistics: false,
            allow_path: Vec::new(),
        }
    }
}

/// Runs the command: 0 without errors, 1 with errors, 3 if something could not be read; the highest of these.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    if args.paths.is_empty() {
        return Err(Error::usage("there is nothing to validate")
            .help("name files or folders, or `-` for stdin"));
    }
    let reports = ReportWish::parse_all(&args.reports)?;
    run_in(env, args, Path::new("."), || outputs(env, args, reports))
}

/// The same in a working folder; `outputs` are opened once the options are known to be right.
fn run_in(
    env: &Env,
    args: &Args,
    working: &Path,
    outputs: impl FnOnce() -> Result<Vec<ReportOutput>>,
) -> Result<Exit> {
    let options = ValidateOptions {
        scopes: args.scopes.clone(),
        provider: env.globals.provider.clone(),
        exclude: args.exclude.clone(),
        allow: args.allow.clone(),
        max_findings: args.max_findings,
        statistics: args.statistics,
        fail_on: args.fail_on.map(FailOn::severity),
        baseline: args.baseline.clone(),
        write_baseline: args.write_baseline.clone(),
    };
    let mut run = ValidateRun::new(env, &options, working)?;
    if let Some(path) = &args.write_baseline {
        run = run.write_baseline(BaselineOutput::open(path, &kept(env, args, path))?);
    }
    let mut run = run.write_to(outputs()?);
    run.paths(&args.paths, &args.allow_path);
    Ok(run.finish())
}

/// Names the file with the summary of a step:
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary>.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

fn outputs(env: &Env, args: &Args, reports: Vec<ReportWish>) -> Result<Vec<ReportOutput>> {
    let ui = env.ui;
    let step_summary = env.system.var_os(STEP_SUMMARY).map(PathBuf::from);
    let mut outputs = vec![ReportOutput {
        renderer: renderer(ui.format, ui.finding_style()),
        file: None,
        failed: false,
    }];
    for wish in reports {
        let mut kept = kept(env, args, &wish.path);
        kept.extend(args.baseline.iter().map(|path| ("the baseline", path.clone())));
        let renderer = renderer(wish.format, FindingStyle::default());
        let file = Some(Destination::open(wish, &kept, step_summary.as_deref())?);
        outputs.push(ReportOutput { renderer, file, failed: false });
    }
    Ok(outputs)
}

/// The files that nothing written to this path replaces.
fn kept(env: &Env, args: &Args, path: &Path) -> Vec<KeptFile> {
    let mut kept = kept_files(env, &SendOptions::default(), path);
    kept.extend(args.paths.iter().map(|path| ("a file that is linted", path.clone())));
    kept
}

#[cfg(test)]
mod tests;
