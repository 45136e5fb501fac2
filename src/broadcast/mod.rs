//! One message to many: who is reached, what differs from one target to the next, and how all of it is sent.
//!
//! A broadcast has two passes. The first reads a [list](targets) to its end and makes batches of it, each of which fits a
//! [sheet]; nothing is sent before all of it is known to be good. The second is the [engine](run): it takes
//! batches from a journal, sends them at the vendor's pace, and writes down what became of them. A resumed job, and a [plan] that is carried out,
//! begin with the second pass.

pub mod abort;
mod canary;
pub mod counts;
pub mod engine;
pub mod job;
pub mod ledger_batches;
pub mod ledger_thread;
pub mod parts;
pub mod plan;
pub mod targets;
