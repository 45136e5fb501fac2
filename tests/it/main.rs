//! One binary for all integration tests: a module per subject.

mod bad_input;
mod cases;
mod foreign;
mod identify;
mod journey;
mod readme;
mod set;
mod support;
mod vectors;
