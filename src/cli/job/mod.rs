//! Broadcasts of many requests: planned as a whole, written down, sent batch by batch, told.
//!
//! Three commands lead here, and differ in where the batches come from: `broadcast` reads a list, `apply` a plan, and
//! `broadcast --resume` finds them in the ledger. From the ledger on all three are one ([`run`]).

mod apart;
mod apply;
mod draft;
mod flags;
mod intake;
mod judge;
mod place;
mod planner;
mod preview;
mod results;
mod run;
mod secret_payload;
mod sheets;
mod source;
mod start;
mod tell;
mod unfilled;

pub(super) use apply::{ApplyArgs, apply};
pub(super) use flags::{JobArgs, planned_until_ms};
pub(super) use run::{attentive, resume, sent};
pub(super) use source::List;
pub(super) use start::{Start, broadcast, reads_stdin};
pub(super) use unfilled::unfilled;
