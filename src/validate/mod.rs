//! Payload files of a project, linted: which files, as which operations, and what is reported about each.

mod baseline;
mod file;
mod init;
mod judge;
mod lines;
mod mapping;
mod options;
mod other_tools;
mod part;
mod places;
mod policy;
mod queue;
mod reporter;
mod run;
mod settings;
mod settings_text;

pub use baseline::BaselineOutput;
pub use init::FolderSettings;
pub use options::ValidateOptions;
pub use reporter::ReportOutput;
pub use run::ValidateRun;
