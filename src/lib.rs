//! herald composes, lints, signs, sends, broadcasts and recalls messages through the server APIs of Chinese push and
//! instant-messaging vendors.
//!
//! Everything flows one way: profile and flags or file → [`document`] with spans → [`lint`] → signed request ([`wire`]) →
//! ledger (intent) → [`net`] → [`outcome`] → ledger → report. What a vendor accepts is constant data ([`contract`]) in that
//! vendor's folder below [`provider`]; no other module names a vendor. The core has no clock, dice, environment or socket.
//!
//! From the ground up:
//!
//! | module | is |
//! |---|---|
//! | [`text`], [`near`], [`exit`], [`error`], [`signals`] | words for people, the nearest known name, exit codes, what ends a command, and the process |
//! | [`files`] | files opened and written without following links |
//! | [`document`] | JSON whose every value knows its bytes in the file |
//! | [`contract`] | the language of the vendors' rows, and its folds: `--set`, schema, reference, identification, audience |
//! | [`lint`] | a document against a contract |
//! | [`wire`], [`outcome`], [`seal`] | a request and a reply as bytes; what became of it; proof that nothing was changed |
//! | [`redact`] | what of all that must not be shown or kept |
//! | [`provider`] | the boundary to the vendors, and a folder for each: begin there to add one |
//! | [`trust`] | who may change the files that herald relies on, and who has a database open |
//! | [`input`], [`profile`] | payload files within bounds; credentials, and where they come from |
//! | [`guard`], [`ledger`], [`net`], [`sandbox`] | who may be reached; what was sent; the only sockets; the vendors' stand-ins |
//! | [`broadcast`] | lists of targets, and texts that differ from one target to the next |
//! | [`report`] | what users see, a file a format |
//! | [`cli`] | the commands: what was typed becomes calls into all of this |

pub mod broadcast;
pub mod cli;
pub mod contract;
pub mod document;
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
pub mod signals;
pub mod text;
pub mod trust;
pub mod wire;
