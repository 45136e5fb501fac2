//! One message to many targets: lists, plans, and the engine that sends.
//!
//! A broadcast has two passes. The first reads the whole [list](targets), checks it, and puts the targets into batches.
//! Nothing is sent before the whole list is checked. The second pass is the [engine]: it takes batches from the ledger,
//! sends them at the vendor's rate limit, and stores their outcomes. A [plan] or a resumed [job] begins with the second
//! pass.

pub mod abort;
mod canary;
pub mod counts;
pub mod engine;
pub mod job;
pub mod ledger_batches;
pub mod ledger_thread;
pub mod plan;
pub mod ports;
pub mod targets;
