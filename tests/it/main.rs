//! One binary for all integration tests: a module per subject.

mod bad_input;
mod cases;
mod errands;
mod identify;
mod journey;
mod set;
mod support;
mod vectors;
