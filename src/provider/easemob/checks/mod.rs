//! What spans fields, and what depends on the account, the clock or the ledger.

pub(super) mod attachment;
pub(super) mod audience;
pub(super) mod follow;
pub(super) mod host;
pub(super) mod push_keys;
pub(super) mod secrets;
pub(super) mod size;
