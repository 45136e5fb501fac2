//! Files that herald relies on: who may change them, and who has a database open.
//!
//! [`rule`] is the rule, as values: the owner is the user or root, and neither group nor others may write. [`TrustCheck`]
//! applies it to files that are there, by the open handle where there is one. [`DatabaseFile`] holds a database open beside
//! SQLite, and carries locks that belong to the file itself, under whichever name it was opened.

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
