//! One binary for all integration tests: a module per subject.

mod attempts;
mod bad_input;
mod books;
mod broadcast;
mod cases;
mod curl;
mod errands;
mod foreign;
mod generated;
mod guards;
mod history;
mod identify;
mod invisible;
mod journey;
mod live;
mod outcomes;
mod payloads;
mod plans;
mod proxy;
#[cfg(target_os = "linux")]
mod questions;
mod readme;
mod results;
mod sandbox;
mod secret_jobs;
mod secret_rows;
mod secrets;
mod set;
#[cfg(unix)]
mod stress;
mod support;
mod vectors;
