//! Broadcasts of many requests: planned as a whole, written down, sent batch by batch, told.
//!
//! Three commands lead here, and differ in where the batches come from: `broadcast` reads a list, `apply` a plan, and
//! `broadcast --resume` finds them in the ledger. From the ledger on all three are one ([`run`]).

mod apply;
mod body_lint;
mod broadcast;
mod claims;
mod guard_input;
mod insert;
mod inspect;
mod lost;
mod message_templates;
pub mod options;
mod output_file;
pub(crate) mod output_path;
mod plan_writer;
mod planner;
mod preview;
mod remaining;
pub(crate) mod request_builder;
mod results;
mod resume;
mod run;
mod secret_payload;
mod settings;
mod start;
mod summary;
mod target_source;
mod totals;

pub use apply::apply;
pub use broadcast::broadcast;
pub(crate) use inspect::put_dedupe_id;
pub use options::{ApplyOptions, BroadcastOptions, JobOptions, ListOptions, RunOptions};
pub use resume::resume;
pub(crate) use settings::planned_until_ms;
