//! One binary for all integration tests: a module per subject.

mod attempts;
mod bad_input;
mod books;
mod broadcast;
mod cases;
mod errands;
mod foreign;
mod generated;
mod guards;
mod history;
mod identify;
mod journey;
mod live;
mod outcomes;
mod payloads;
mod plans;
mod proxy;
#[cfg(target_os = "linux")]
mod questions;
mod rates;
mod readme;
mod results;
mod sandbox;
mod set;
#[cfg(unix)]
mod stress;
mod support;
mod vectors;
