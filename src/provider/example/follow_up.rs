//! What can be done about a message that was sent.

use super::CONTRACT;
use crate::error::Result;
use crate::provider::kit::simple::by_id;
use crate::provider::{Draft, FollowUp};

/// A call for each id: `recall` and `status`, as the rows of the operations say.
pub(super) fn follow_up(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    by_id(&CONTRACT, ask, "message_id")
}
