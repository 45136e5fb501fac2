//! Broadcasts that are killed, unplugged, interrupted, starved and left without an answer: the real binary against the
//! served sandbox, or against servers that are worse.
//!
//! Each test runs in a short form. `HERALD_LONG=1` runs the long one: a thousand kills over 100,000 targets, the power
//! lost at every write of a job of 500 requests, 200 interruptions. It takes the better part of an hour.

mod damage;
mod files;
mod hole;
mod keys;
mod kill;
mod list;
#[cfg(target_os = "linux")]
mod names;
mod pipe;
mod power;
mod rig;
mod server;
mod signal;
mod stop;
mod storage;

/// Whether the long form is asked for.
fn is_long() -> bool {
    std::env::var_os("HERALD_LONG").is_some_and(|value| value == "1")
}
