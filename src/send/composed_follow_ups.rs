//! What follows up on messages, as it was composed.

use crate::contract::Verb;
use crate::report::SentReport;
use crate::send::app::App;
use crate::send::compose::Composed;
use crate::send::earlier_follow_ups::EarlierFollowUps;
use crate::send::followed::Followed;
use crate::send::other_follow_ups::FollowUpLook;

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
    /// What they are about, and what there was before `followed` was looked up.
    pub(crate) look: FollowUpLook,
    /// What was done with these before.
    pub(crate) followed: Followed,
    /// What is left out because of that.
    pub(crate) earlier: EarlierFollowUps,
    /// Whether some of those who got it are named, and not all are meant.
    pub(crate) is_narrowed: bool,
    /// What the ledger keeps no payload of.
    pub(crate) bodiless: Option<String>,
}
