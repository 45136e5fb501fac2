//! Profiles: who sends, to where, and how carefully.
//!
//! Two steps from text to meaning: [`File`] is what the file says, with the place of everything; [`ChosenAccount::resolve`]
//! turns it, and the sources that it names, into an [`Account`](crate::account::Account). Only the account reaches the
//! core.

mod choose;
mod command;
mod defaults;
mod draft;
mod excerpt;
mod faulty;
mod file;
mod keeping;
mod name;
mod project;
mod projects;
mod quiet;
mod resolve;
mod source;
mod state;
mod store;
mod text;
mod variables;

#[cfg(test)]
pub(crate) mod tests;

pub use choose::{
    ChosenAccount, NO_PROVIDER, ProfileFlags, ProfileWorld, ProviderSource, choose, find,
    profiles_path, read_profiles,
};
pub(crate) use command::split_words;
pub(crate) use defaults::{DEFAULT_ROOTS, forbids_default};
pub use draft::{AnswerFault, ProfileDraft, endpoint_words, names_in, template};
pub use faulty::FaultyProfile;
pub use file::{COMMON, File, Profile, ProfileEntry};
pub use keeping::RetentionPolicy;
pub use project::{IgnoredFindings, PROJECT_FILE, Project, ProjectNames};
pub use projects::Projects;
pub use resolve::{MissingKey, Origin, ResolvedAccount, Secrets, sandbox_account};
pub use source::ValueSource;
pub use state::ProfileState;
pub use store::{MakeDefault, NewProfile, SettingValue, add, default_line};
pub use variables::unknown_variables;
