//! One binary for all integration tests: a module per subject.

mod cases;
mod set;
mod vectors;
