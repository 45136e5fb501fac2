//! Payload files of a project, linted: which files, as which operations, and what is reported about each.

mod file;
mod mapping;
mod options;
mod other_tools;
mod part;
mod places;
mod reporter;
mod run;
mod settings;

pub use options::ValidateOptions;
pub use reporter::ReportOutput;
pub use run::ValidateRun;
