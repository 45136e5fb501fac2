//! Files that herald relies on: who may change them, and which processes have a database open.
//!
//! [`rule`] is the rule, as values: the owner is the user or root, and neither group nor others may write.
//! [`TrustCheck`] applies it to existing files, by the open handle if there is one. [`DatabaseFile`] holds a database
//! open beside SQLite, and has locks that belong to the file itself, for all names under which it was opened.

mod check;
mod database;
mod lock;
#[cfg(any(unix, test))]
mod members;
pub mod rule;

pub use check::{TrustCheck, all_of, is_refused, make_private};
pub use database::{DatabaseFile, NameUse, OpenMode, side_files};
pub use lock::{LockAttempt, LockByte, LockState};
pub use rule::{OwnerAndMode, OwnerRule, TrustFault, TrustRule};
