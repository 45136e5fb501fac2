//! herald composes, lints, signs, sends, broadcasts and recalls messages through the server APIs of Chinese push and
//! instant-messaging vendors.
//!
//! Everything flows one way: profile and flags or file → [`document`] with spans → [`lint`] → signed request ([`wire`]) →
//! ledger (intent) → [`net`] → [`outcome`] → ledger → report. What a vendor accepts is constant data ([`contract`]) in that
//! vendor's folder below [`provider`]; no other module names a vendor. The core has no clock, dice, environment or socket.
//!
//! From the ground up. Each module uses only those that are named before it; `tests/it/layers.rs` reads this table.
//!
//! | module | is |
//! |---|---|
//! | [`text`], [`near`], [`exit`], [`error`] | words for people, the nearest known name, exit codes, errors |
//! | `in_place`, [`files`], [`trust`], [`signals`] | files that are still the same, opened and written without following links; who may change them; what ends the process |
//! | [`document`], [`seal`] | JSON whose every value knows its bytes in the file; proof that nothing was changed |
//! | [`account`] | credentials and guards of one app, as plain values |
//! | [`wire`], [`outcome`] | a request and a reply as bytes; what became of it |
//! | [`contract`] | the language of the vendors' rows and their checks, and its folds: `--set`, schema, reference, identification, audience |
//! | [`redact`] | what of all that must not be shown or kept |
//! | [`lint`] | a document against a contract |
//! | [`input`], [`profile`] | payload files within bounds; profile files, and where credentials come from |
//! | [`net`], [`ledger`] | the only sockets, rate limits, retries; what was sent |
//! | [`template`] | texts that differ from one target to the next |
//! | [`sandbox`] | the vendors' stand-ins |
//! | [`provider`] | the boundary to the vendors, and a folder for each: begin there to add one |
//! | [`report`] | what users see, a file a format |
//! | [`guard`] | who may be reached |
//! | [`env`] | the clock, randomness, environment and folders of this machine, and the way to its user |
//! | [`send`] | the way of a request: composed, linted, guarded, written down, executed; begin there to use herald as a library |
//! | [`broadcast`] | one message to many: lists of targets, texts that differ, plans, jobs |
//! | [`cli`] | the commands: what was typed becomes calls into all of this |

pub mod account;
pub mod broadcast;
pub mod cli;
pub mod contract;
pub mod document;
pub mod env;
pub mod error;
pub mod exit;
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
pub mod wire;
