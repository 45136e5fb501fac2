//! Broadcasts of many requests: planned as a whole, written down, sent batch by batch, told.
//!
//! Three commands lead here, and differ in where the batches come from: `broadcast` reads a list, `apply` a plan, and
//! `broadcast --resume` finds them in the ledger. From the ledger on all three are one ([`run`]).

pub(super) mod apart;
mod apply;
mod body_lint;
mod claims;
mod draft;
mod flags;
mod inspect;
mod intake;
mod judge;
mod lost;
mod place;
mod planner;
mod preview;
mod remaining;
mod results;
mod run;
mod secret_payload;
mod sent;
mod sheets;
mod source;
mod start;
mod tell;
mod totals;
mod unfilled;

pub(super) use apply::{ApplyArgs, apply};
pub(super) use flags::{JobArgs, planned_until_ms};
pub(super) use inspect::put_dedupe_id;
pub(super) use run::{attentive, resume};
pub(super) use sent::sent;
pub(super) use source::List;
pub(super) use start::{Start, broadcast, reads_stdin};
pub(super) use unfilled::unfilled;
