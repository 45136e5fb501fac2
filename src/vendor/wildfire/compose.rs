//! placeholder
use crate::error::Result;
use crate::vendor::{Draft, FollowUp, Intent};
pub(super) fn compose(_: &Intent<'_>) -> Result<Vec<Draft>> {
    Ok(vec![])
}
pub(super) fn follow_up(_: &FollowUp<'_>) -> Result<Vec<Draft>> {
    Ok(vec![])
}
