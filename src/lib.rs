//! herald composes, lints, signs, sends, broadcasts and recalls messages through the server APIs of Chinese push and
//! instant-messaging vendors.
//!
//! Data flows one way: profile and flags or file → [`document`] with spans → [`lint`] → guards → signed request
//! ([`wire`]) → ledger (intent) → [`net`] → [`outcome`] → ledger → report. What a vendor accepts is constant data ([`contract`]) in
//! its folder in [`provider`]; no other module names a vendor. The core has no clock, randomness, environment or
//! socket.
//!
//! Lowest layer first. Each module uses only the modules above it in the table; `tests/it/layers.rs` checks this table.
//!
//! | module | purpose |
//! |---|---|
//! | [`text`], [`near`], [`exit`], [`error`] | words for people, the nearest known name, exit codes, errors |
//! | `in_place`, [`files`], [`trust`], [`signals`] | files that are still the same, opened and written without following links; who may change them; signals that end herald |
//! | [`document`], [`seal`] | JSON in which every value knows its bytes in the file; proof that nothing was changed |
//! | [`account`] | credentials and guards of one app, as plain values |
//! | [`wire`], [`outcome`] | a request and a reply as bytes; the result of a request |
//! | [`contract`] | the language of the vendors' rows and their checks, and what is computed from them: `--set`, schema, reference, identification, audience |
//! | [`redact`] | which parts of all that must not be shown or kept |
//! | [`lint`] | a document against a contract |
//! | [`input`], [`profile`] | payload files with size limits; profile files, and where credentials come from |
//! | [`net`], [`ledger`] | requests and replies over the network, rate limits, retries; what was sent |
//! | [`template`] | texts that differ from target to target |
//! | [`sandbox`] | local replacements for the vendors' servers |
//! | [`provider`] | the boundary to the vendors, with one folder for each: start there to add one |
//! | [`report`] | what users see, one file for each format |
//! | [`guard`] | who may be reached |
//! | [`env`] | the clock, randomness, environment and folders of this machine, and the output to its user |
//! | [`validate`] | payload files of a project, linted: which files, as which operations |
//! | [`send`] | the path of a request: composed, linted, guarded, written to the ledger, executed; start there to use herald as a library |
//! | [`broadcast`] | one message to many targets: lists of targets, texts that differ, plans, jobs |
//! | [`explain`] | what each word means that herald prints |
//! | [`cli`] | the commands: they turn the command line into calls of all of this |
//!
//! [`env`]: mod@env

pub mod account;
pub mod broadcast;
pub mod cli;
pub mod contract;
pub mod document;
pub mod env;
pub mod error;
pub mod exit;
pub mod explain;
pub mod files;
pub mod guard;
mod in_place;
pub mod input;
pub mod ledger;
pub mod lint;
pub mod near;
pub mod net;
pub mod outcome;
pub mod profile;
pub mod provider;
pub mod redact;
pub mod report;
pub mod sandbox;
pub mod seal;
pub mod send;
pub mod signals;
pub mod template;
pub mod text;
pub mod trust;
pub mod validate;
pub mod wire;
