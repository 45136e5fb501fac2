//! Files opened and written without following links by accident: the one place that opens inputs safely, and that puts
//! outputs into place.
//!
//! A payload folder, a `herald.toml` or an output folder can come from someone else: a pull request, or a folder that
//! others can write to. A link in it must not make herald print a file from elsewhere, nor write to one.

mod folder;
mod links;
mod output;
mod overwrite;

#[cfg(not(unix))]
#[path = "sys_other.rs"]
mod sys;
#[cfg(unix)]
#[path = "sys_unix.rs"]
mod sys;

use folder::FileSort;
pub use folder::{FolderHandle, OpenRefusal, open_exact, open_regular};
pub(crate) use links::GIT;
pub use links::{
    LinkFault, is_below, link_fault, names_descriptor, project_root, repository_root, resolve,
};
pub use output::{
    FileAccess, OutputFile, WriteThrough, append, make_folder, make_own_folder, write_in, write_own,
};
pub use overwrite::{KeptFile, OutputKind, first_line, is_same_file};
