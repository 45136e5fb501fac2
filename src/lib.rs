//! herald composes, lints, signs, sends, broadcasts and recalls messages through the server APIs of Chinese push and
//! instant-messaging vendors.
//!
//! Everything flows one way: profile and flags or file → [`document`] with spans → [`lint`] → signed request ([`wire`]) →
//! ledger (intent) → [`net`] → [`outcome`] → ledger → report. What a vendor accepts is constant data ([`contract`]) in that
//! vendor's folder below [`vendor`]; no other module names a vendor. The core has no clock, dice, environment or socket.

pub mod cli;
pub mod contract;
pub mod document;
pub mod error;
pub mod exit;
pub mod guard;
pub mod input;
pub mod ledger;
pub mod lint;
pub mod near;
pub mod net;
pub mod outcome;
pub mod profile;
pub mod report;
pub mod sandbox;
pub mod text;
pub mod vendor;
pub mod wire;
