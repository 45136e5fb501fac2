//! Profiles: who sends, where to, and how carefully.
//!
//! Two steps from written to meant: [`File`] is what the file says, with the place of everything; [`Chosen::resolve`] makes
//! an [`Account`] of it, and of the sources that it names. Only the account reaches the core.

mod account;
mod choose;
mod command;
mod endpoint;
mod excerpt;
mod file;
mod hours;
mod keeping;
mod project;
mod quiet;
mod resolve;
mod secret;
mod source;
mod store;
mod text;

#[cfg(test)]
pub(crate) mod tests;

pub use account::{Account, Guards, Mode};
pub use choose::{Chosen, Wish, World, choose, find, profiles_path, read_profiles};
pub(crate) use command::split_words;
pub use endpoint::base_url;
pub(crate) use endpoint::{check as check_endpoint, has_usual as has_usual_endpoint};
pub(crate) use file::ENDPOINT;
pub use file::{COMMON, Entry, File, Profile};
pub use hours::QuietHours;
pub use keeping::Keeping;
pub use project::{Project, Waivable};
pub use resolve::{Lack, Origin, Resolved, Secrets, sandbox_account, variable};
pub use secret::Secret;
pub use source::Source;
pub use store::{NewProfile, add};
