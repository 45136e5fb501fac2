//! One message to many targets: lists, plans, and the engine that sends.
//!
//! A broadcast has two passes. The first reads the whole [list](targets), checks it, and puts the targets into batches. Nothing
//! is sent before the whole list is checked. The second pass is the [engine](run): it takes batches from the ledger, sends them
//! at the vendor's rate limit, and stores their outcomes. A [plan] or a resumed [job] begins with the second pass.

pub mod batches;
pub mod clerk;
pub mod halt;
pub mod job;
pub mod parts;
pub mod plan;
pub mod run;
pub mod tally;
pub mod targets;
