//! What follows up on messages, as it was composed.

use std::collections::HashSet;

use uuid::Uuid;

use crate::contract::Verb;
use crate::report::SentReport;
use crate::send::app::App;
use crate::send::compose::Composed;
use crate::send::earlier::Earlier;
use crate::send::followed::Followed;

/// Requests that follow up on messages, before they are linted.
pub(crate) struct ComposedFollowUps {
    /// The profile that sent the messages.
    pub(crate) app: App,
    pub(crate) verb: Verb,
    pub(crate) composed: Vec<Composed>,
    /// What no request can be made for.
    pub(crate) aside: Vec<SentReport>,
    /// Whether stdin was read.
    pub(crate) stdin_used: bool,
    /// The entries and jobs that they are about.
    pub(crate) about: Vec<Uuid>,
    /// What was done with these before.
    pub(crate) followed: Followed,
    /// Jobs of the same command on which no process worked before `followed` was looked up.
    pub(crate) idle: HashSet<Uuid>,
    /// What is left out because of that.
    pub(crate) earlier: Earlier,
    /// Whether some of those who got it are named, and not all are meant.
    pub(crate) is_narrowed: bool,
    /// What the ledger keeps no payload of.
    pub(crate) bodiless: Option<String>,
}
