//! What a run over payload files is asked to do.

use std::path::PathBuf;

use crate::contract::Severity;

/// How files are linted.
#[derive(Clone, Debug, Default)]
pub struct ValidateOptions {
    /// Which files are payloads for what: `PROVIDER/OPERATION`, `PROVIDER`, or one of them after `GLOB=`.
    pub scopes: Vec<String>,
    /// The only provider whose payloads are linted.
    pub provider: Option<String>,
    /// Patterns of files that walks leave out.
    pub exclude: Vec<String>,
    /// Codes of rules that are ignored.
    pub allow: Vec<String>,
    /// The most findings that are shown in each output.
    pub max_findings: usize,
    /// Whether it is reported how many findings each rule has.
    pub statistics: bool,
    /// The least severity of a finding that makes the run fail; `None`: what the project says, or an error.
    pub fail_on: Option<Severity>,
    /// Findings that a repository had before, which do not make the run fail.
    pub baseline: Option<PathBuf>,
    /// Where the findings of this run are written as a baseline.
    pub write_baseline: Option<PathBuf>,
}
