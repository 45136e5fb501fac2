//! Tests that every store has to pass.

pub(in crate::ledger) mod conformance;
