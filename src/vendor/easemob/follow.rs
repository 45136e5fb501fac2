use crate::error::{Error, Result};
use crate::vendor::{Draft, FollowUp};
pub(super) fn follow_up(_: &FollowUp<'_>) -> Result<Vec<Draft>> {
    Err(Error::usage("x"))
}
